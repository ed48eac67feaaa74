from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.middleware.sessions import SessionMiddleware

from shop.settings import KEY, OPTIONS, PRODUCTION

app = FastAPI()

app.add_middleware(SessionMiddleware, secret_key=KEY)  # finding
app.add_middleware(SessionMiddleware, secret_key=KEY, https_only=False, max_age=600)  # finding
one = Middleware(SessionMiddleware, secret_key=KEY)  # finding

app.add_middleware(SessionMiddleware, secret_key=KEY, https_only=True)
app.add_middleware(SessionMiddleware, secret_key=KEY, https_only=PRODUCTION)
app.add_middleware(SessionMiddleware, **OPTIONS)
app.add_middleware(GZipMiddleware, minimum_size=1000)
two = Middleware(SessionMiddleware, secret_key=KEY, https_only=True, same_site="strict")
