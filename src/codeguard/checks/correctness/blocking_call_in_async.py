"""A coroutine makes a blocking call, directly or through a plain function of the file.

While `time.sleep` or `requests.get` waits, the event loop stands still, and every other task with it.  Use the
asynchronous counterpart (`asyncio.sleep`, an asynchronous client), or `asyncio.to_thread`.  Source: the asyncio
documentation, "Running Blocking Code".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.knowledge.blocking import BLOCKING, BLOCKING_CLIENTS, WAITING_METHODS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a blocking call in a coroutine, and the call of a function of the file that makes one first thing."""
    function = unit.function_of(call)
    if (
        not isinstance(function, cst.FunctionDef)
        or function.asynchronous is None
        or isinstance(unit.parent(call), cst.Await)
    ):
        return
    name = unit.name(call.func)
    if name is not None and (name in BLOCKING or _asks_server(name) or _waits_for_thread(name)):
        yield Hit(call, f"`{name.removeprefix('builtins.')}` stops the whole event loop while it waits")
        return
    target = unit.fact(callables).target(call) if isinstance(call.func, (cst.Name, cst.Attribute)) else None
    if (
        target is None
        or target.function is None
        or target.function.asynchronous is not None
        or target.function.decorators
    ):
        return
    waits = unit.fact(waiting).get(id(target.function))
    if waits:
        yield Hit(call, f"`{target.name}` calls `{waits}`, which stops the whole event loop while it waits")


def _asks_server(name: str) -> bool:
    """Whether a call is one of a client that waits for its server's answer."""
    return name.startswith(BLOCKING_CLIENTS) and name.rpartition(".")[2] in WAITING_METHODS


def _waits_for_thread(name: str) -> bool:
    """Whether a call waits for the result of a pool's job: its `result()` blocks, unlike that of asyncio's futures."""
    return name in {
        f"{pool}().submit().result"
        for module in ("concurrent.futures", "concurrent.futures.thread", "concurrent.futures.process")
        for pool in (f"{module}.ThreadPoolExecutor", f"{module}.ProcessPoolExecutor")
    } or name in {"queue.Queue().join", "asyncio.run_coroutine_threadsafe().result"}


def waiting(unit: Unit) -> dict[int, str]:
    """By `id`: the plain functions of the file whose own body blocks, with what does; ask through `unit.fact(waiting)`."""
    found: dict[int, str] = {}
    for name in BLOCKING & unit.calls.keys():
        for call in unit.calls[name]:
            function = unit.function_of(call)
            if isinstance(function, cst.FunctionDef) and function.asynchronous is None:
                found.setdefault(id(function), name.removeprefix("builtins."))
    return found


CHECK = Check(
    id="CGC008",
    name="blocking-call-in-async",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=(
        "ruff:ASYNC210",
        "ruff:ASYNC212",
        "ruff:ASYNC220",
        "ruff:ASYNC221",
        "ruff:ASYNC222",
        "ruff:ASYNC250",
        "ruff:ASYNC251",
    ),
    hints=("async def",),
    nodes=(cst.Call,),
    find=find,
    fix="Await the asynchronous counterpart, or run the call in `asyncio.to_thread`.",
    bad=(
        Bad("import time\n\nasync def f():\n    time.sleep(2)  # finding\n"),
        Bad("import redis\n\ncache = redis.Redis()\n\n\nasync def f(key):\n    return cache.get(key)  # finding\n"),
        Bad(
            "from concurrent.futures import ThreadPoolExecutor\n\npool = ThreadPoolExecutor()\n\n\nasync def f(x):\n    job = pool.submit(work, x)\n    return job.result()  # finding\n"
        ),
        Bad("import requests\n\nasync def send(url, rows):\n    requests.post(url, json=rows, timeout=5)  # finding\n"),
        Bad(
            "import subprocess\n\ndef build():\n    subprocess.run(['make'], check=True)\n\n\nasync def main():\n    build()  # finding\n"
        ),
    ),
    good=(
        Good("import asyncio\n\nasync def f():\n    await asyncio.sleep(2)\n"),
        Good(
            "import asyncio, time\n\nasync def f():\n    await asyncio.to_thread(time.sleep, 2)\n    await asyncio.get_running_loop().run_in_executor(None, lambda: time.sleep(1))\n"
        ),
        Good(
            "import redis.asyncio as redis\n\ncache = redis.Redis()\n\n\nasync def f(key):\n    return await cache.get(key)\n"
        ),
        Good("import time\n\ndef f():\n    time.sleep(2)\n"),
        Good(
            "import httpx\n\nasync def f(url):\n    async with httpx.AsyncClient() as c:\n        return await c.get(url)\n"
        ),
    ),
    misses=(
        Miss(
            "import helper\n\nasync def f():\n    helper.wait()  # finding\n",
            why="functions of other files are not known",
        ),
    ),
)
