import os

from fastapi import FastAPI
from starlette.applications import Starlette

app = FastAPI(title="shop", debug=True)  # finding
old = Starlette(debug=True, routes=[])  # finding
app.debug = True  # finding

safe = FastAPI(title="shop")
settled = FastAPI(debug=False)
chosen = FastAPI(debug=os.environ.get("DEBUG") == "1")
quiet = Starlette(routes=[])


def configure(options):
    options.debug = True
    return options
