import uvicorn
from mcp.server.fastmcp import FastMCP

from shop.auth import provider

one = FastMCP("files", host="0.0.0.0", port=8000)  # finding
two = FastMCP("mail")
two.settings.host = "0.0.0.0"  # finding
two.run(transport="streamable-http", host="0.0.0.0")  # finding

three = FastMCP("files", host="127.0.0.1")
four = FastMCP("files", host="0.0.0.0", auth=provider)
four.run(transport="streamable-http", host="0.0.0.0")
three.settings.host = "127.0.0.1"
three.run(transport="stdio")


def serve(app):
    uvicorn.run(app, host="0.0.0.0")
