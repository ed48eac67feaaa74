import html
from uuid import UUID

from fastapi import FastAPI
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.requests import Request

app = FastAPI()
COLOURS = {"red", "blue"}


@app.get("/hello")
async def hello(name: str = "you"):
    return HTMLResponse(f"<h1>Hello {name}</h1>")  # finding


@app.get("/search", response_class=HTMLResponse)
def search(q: str):
    page = "<p>Nothing found for " + q + "</p>"
    return page  # finding


@app.post("/comment")
async def comment(text: str):
    return HTMLResponse(content="<p>{}</p>".format(text), status_code=201)  # finding


async def homepage(request: Request):
    name = request.query_params["name"]
    return HTMLResponse("<h1>Hello %s</h1>" % name)  # finding


@app.get("/safe/hello")
async def safe_hello(name: str):
    return HTMLResponse(f"<h1>Hello {html.escape(name)}</h1>")


@app.get("/safe/item")
async def safe_item(number: int, key: UUID):
    return HTMLResponse(f"<h1>Item {number} {key}</h1>")


@app.get("/safe/json")
async def safe_json(name: str):
    return JSONResponse({"message": f"Hello {name}"})


@app.get("/safe/colour")
async def safe_colour(colour: str):
    if colour not in COLOURS:
        return HTMLResponse("unknown colour", 400)
    return HTMLResponse(f"<body class='{colour}'></body>")


@app.get("/safe/fixed", response_class=HTMLResponse)
async def safe_fixed(name: str):
    return "<h1>Hello</h1>"


@app.get("/safe/stored")
async def safe_stored(name: str):
    page = render(name)
    return HTMLResponse(page)


def render(name):
    return html.escape(name)
