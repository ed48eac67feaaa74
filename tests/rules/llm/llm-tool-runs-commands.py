import os
import shlex
import subprocess

from agents import Agent, function_tool
from langchain_core.tools import tool
from mcp.server.fastmcp import FastMCP

mcp = FastMCP("ops")
ALLOWED = {"uptime", "date"}


@tool
def shell(command: str) -> str:
    """Run a command."""
    return subprocess.check_output(command, shell=True, text=True)  # finding


@mcp.tool()
def ping(host: str) -> str:
    command = f"ping -c 1 {host}"
    return os.popen(command).read()  # finding


@function_tool
async def calculate(expression: str) -> str:
    return str(eval(expression))  # finding


@mcp.tool()
def run_program(command: str) -> str:
    return subprocess.run(shlex.split(command), capture_output=True, text=True).stdout  # finding


def run_line(line):
    os.system(line)  # finding


agent = Agent(name="ops", tools=[run_line, shell])


@tool
def disk_usage() -> str:
    return subprocess.check_output(["df", "-h"], text=True)


@mcp.tool()
def search(word: str) -> str:
    return subprocess.check_output(["grep", "-F", "--", word, "log.txt"], text=True)


@tool
def run_listed(command: str) -> str:
    if command not in ALLOWED:
        raise ValueError(command)
    return subprocess.check_output(command, shell=True, text=True)


@tool
def run_confirmed(command: str) -> str:
    if input(f"Run {command}? ") != "yes":
        return "refused"
    return subprocess.check_output(command, shell=True, text=True)


@mcp.tool()
def ping_quoted(host: str) -> str:
    return str(os.system(f"ping -c 1 {shlex.quote(host)}"))


@staticmethod
def not_a_tool(command):
    return subprocess.check_output(command, text=True)
