from fastapi import FastAPI
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from starlette.middleware import Middleware

app = FastAPI()

app.add_middleware(TrustedHostMiddleware, allowed_hosts=["*"])  # finding
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com", "*"])  # finding
one = Middleware(TrustedHostMiddleware, allowed_hosts=["*"])  # finding

app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com"])
app.add_middleware(TrustedHostMiddleware, allowed_hosts=["example.com", "*.example.com"])
two = Middleware(TrustedHostMiddleware, allowed_hosts=["example.com"])
