import os
import shutil
from pathlib import Path

from agents import Agent
from langchain_core.tools import tool
from langgraph.types import interrupt
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("files")
WORK = Path("/srv/work")


@tool
def delete_folder(path: str) -> str:
    """Delete a folder."""
    shutil.rmtree(path)  # finding
    return "deleted"


@mcp.tool()
def delete_file(path: str) -> str:
    if os.path.exists(path):
        os.remove(path)  # finding
    return "deleted"


@mcp.tool()
async def delete_path(path: str) -> None:
    Path(path).unlink()  # finding


def clean(folder):
    shutil.rmtree(os.path.join("/srv", folder))  # finding


agent = Agent(name="files", tools=[clean])


@mcp.tool()
def delete_inside(name: str) -> None:
    path = (WORK / name).resolve()
    if not path.is_relative_to(WORK):
        raise ValueError(name)
    path.unlink()


@tool
def delete_confirmed(path: str) -> str:
    if input(f"Delete {path}? ") != "yes":
        return "kept"
    shutil.rmtree(path)
    return "deleted"


@tool
def delete_approved(path: str) -> str:
    answer = interrupt({"delete": path})
    if answer == "yes":
        shutil.rmtree(path)
    return "done"


@mcp.tool()
def clear_cache() -> None:
    shutil.rmtree("/srv/work/cache")


@mcp.tool()
def read(path: str) -> str:
    return Path(path).read_text()


def helper(path):
    shutil.rmtree(path)
