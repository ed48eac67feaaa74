import os
import secrets

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.middleware.sessions import SessionMiddleware

KEY = "published-key"
app = FastAPI()

app.add_middleware(SessionMiddleware, secret_key="change-me", https_only=True)  # finding
app.add_middleware(SessionMiddleware, secret_key=KEY)  # finding
one = Middleware(SessionMiddleware, secret_key="change-me")  # finding
two = SessionMiddleware(app, secret_key="change-me")  # finding

app.add_middleware(SessionMiddleware, secret_key=os.environ["SESSION_KEY"])
app.add_middleware(SessionMiddleware, secret_key=secrets.token_urlsafe(32), session_cookie="sid")
three = Middleware(SessionMiddleware, secret_key=os.environ["SESSION_KEY"])
