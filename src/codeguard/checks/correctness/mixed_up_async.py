"""`with`, `for` or `await` is used without `async` where it is needed, or with it where it is not.

An asynchronous context manager has no `__enter__`, an asynchronous generator no `__iter__`, and the result of a plain
function cannot be awaited: each raises TypeError or AttributeError.  Source: PEP 492 and PEP 525.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._classes import Class, classes, decorator_names
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import is_generator, returns_value, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

ASYNC_ONLY = {
    "aiohttp.ClientSession",
    "httpx.AsyncClient",
    "asyncio.Lock",
    "asyncio.Semaphore",
    "asyncio.Condition",
    "asyncio.timeout",
    "asyncio.TaskGroup",
    "aiofiles.open",
    "aiosqlite.connect",
    "anyio.create_task_group",
}
SYNC_ONLY = {
    "builtins.open",
    "threading.Lock",
    "threading.RLock",
    "requests.Session",
    "sqlite3.connect",
    "tempfile.TemporaryDirectory",
    "tempfile.NamedTemporaryFile",
    "zipfile.ZipFile",
    "contextlib.suppress",
    "httpx.Client",
}
NOT_AWAITABLE = {
    "time.sleep",
    "builtins.print",
    "builtins.open",
    "json.loads",
    "json.dumps",
    "builtins.len",
    "os.remove",
    "os.listdir",
    "requests.get",
    "requests.post",
    "builtins.input",
    "subprocess.run",
    "random.random",
}


def find(node: cst.With | cst.For | cst.Await, unit: Unit) -> Iterator[Hit]:
    """Report the statement whose kind does not fit what it is given."""
    if isinstance(node, cst.With):
        for item in node.items:
            why = _with(item.item, unit, asynchronous=node.asynchronous is not None)
            if why:
                yield Hit(item.item, why)
    elif isinstance(node, cst.For):
        why = _for(node.iter, unit, asynchronous=node.asynchronous is not None)
        if why:
            yield Hit(node.iter, why)
    elif isinstance(node.expression, cst.Call):
        why = _await(node.expression, unit)
        if why:
            yield Hit(node, why)


def _with(item: cst.BaseExpression, unit: Unit, *, asynchronous: bool) -> str:
    if not isinstance(item, cst.Call):
        return ""
    shown = text(item.func)
    needed = f"`{shown}` is an asynchronous context manager: it needs `async with`"
    refused = f"`{shown}` is no asynchronous context manager: it needs a plain `with`"
    name = unit.name(item.func)
    if not asynchronous and name in ASYNC_ONLY:
        return needed
    if asynchronous and name in SYNC_ONLY:
        return refused
    function = _function(item.func, unit)
    if function is not None:
        marks = decorator_names(function)
        if marks == ["asynccontextmanager"] and not asynchronous:
            return needed
        return refused if marks == ["contextmanager"] and asynchronous else ""
    cls = unit.fact(classes).local(item.func)
    if cls is None or not cls.complete or cls.node.decorators:
        return ""
    if not asynchronous and _has(cls, "__aenter__", unit) and not _has(cls, "__enter__", unit):
        return needed
    return refused if asynchronous and _has(cls, "__enter__", unit) and not _has(cls, "__aenter__", unit) else ""


def _for(iterable: cst.BaseExpression, unit: Unit, *, asynchronous: bool) -> str:
    if asynchronous:
        kind = unit.fact(kinds).of(iterable)
        return (
            f"A {kind} is no asynchronous iterable: it needs a plain `for`"
            if kind in {"list", "dict", "set", "tuple", "str", "range"}
            else ""
        )
    target = unit.fact(callables).target(iterable) if isinstance(iterable, cst.Call) else None
    if target is None or target.function is None or target.function.decorators:
        return ""
    made = target.function.asynchronous is not None and is_generator(target.function, unit)
    return f"`{target.name}` is an asynchronous generator: it needs `async for`" if made else ""


def _await(call: cst.Call, unit: Unit) -> str:
    name = unit.name(call.func)
    if name in NOT_AWAITABLE:
        return f"`{name.removeprefix('builtins.')}` is a plain function: its result cannot be awaited"
    target = unit.fact(callables).target(call)
    function = target.function if target is not None else None
    if target is None or function is None or function.decorators or function.asynchronous is not None:
        return ""
    if is_generator(function, unit) or returns_value(function, unit) or function.name.value == "__init__":
        return ""
    body = function.body.body
    if all(
        isinstance(s, cst.SimpleStatementLine)
        and isinstance(s.body[0], (cst.Pass, cst.Raise, cst.Expr))
        and len(body) < 2
        for s in body
    ):
        return ""  # a hook or a placeholder may become one
    return f"`{target.name}` is a plain function that returns nothing: its result cannot be awaited"


def _function(func: cst.BaseExpression, unit: Unit) -> cst.FunctionDef | None:
    """The one function of the file that an expression names, whatever its decorators."""
    if isinstance(func, cst.Name):
        bindings = unit.scopes.look_up(func.value, func)
        node = bindings[0].node if len(bindings) == 1 else None
        return node if isinstance(node, cst.FunctionDef) else None
    if isinstance(func, cst.Attribute):
        owner, _ = unit.fact(callables).receiver(func.value)
        return None if owner is None else unit.fact(classes).method(owner, func.attr.value)
    return None


def _has(cls: Class, name: str, unit: Unit) -> bool:
    return any(unit.fact(classes).methods(member, name) for member in cls.line())


CHECK = Check(
    id="CGC037",
    name="mixed-up-async",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=(
        "ty:invalid-await",
        "ty:invalid-context-manager.coroutine",
    ),
    hints=("async", "await"),
    nodes=(cst.With, cst.For, cst.Await),
    find=find,
    fix="Add or remove `async` or `await`, as the object needs it.",
    bad=(
        Bad(
            "import aiohttp\n\nasync def f(url):\n    with aiohttp.ClientSession() as s:  # finding\n        return s\n"
        ),
        Bad(
            "async def numbers():\n    yield 1\n\n\nasync def main():\n    for n in numbers():  # finding\n        print(n)\n"
        ),
        Bad("import time\n\nasync def f():\n    await time.sleep(1)  # finding\n"),
        Bad(
            "class Pool:\n    async def __aenter__(self):\n        return self\n\n    async def __aexit__(self, *a):\n        pass\n\n\nasync def f():\n    with Pool() as p:  # finding\n        return p\n"
        ),
        Bad("def save(x):\n    y = x\n    print(y)\n\n\nasync def f():\n    await save(1)  # finding\n"),
        Bad("async def f(path):\n    async with open(path) as fh:  # finding\n        return fh.read()\n"),
        Bad("async def f():\n    async for x in [1, 2]:  # finding\n        print(x)\n"),
    ),
    good=(
        Good("import aiohttp\n\nasync def f(url):\n    async with aiohttp.ClientSession() as s:\n        return s\n"),
        Good(
            "async def numbers():\n    yield 1\n\n\nasync def main():\n    async for n in numbers():\n        print(n)\n"
        ),
        Good(
            "import asyncio\n\nasync def f(path):\n    await asyncio.sleep(1)\n    with open(path) as fh:\n        return fh.read()\n"
        ),
        Good("def save(x):\n    return other(x)\n\n\nasync def f():\n    await save(1)\n"),
        Good("class Base:\n    def hook(self):\n        pass\n\n    async def run(self):\n        await self.hook()\n"),
    ),
    misses=(
        Miss(
            "from lib import pool\n\nasync def f():\n    with pool() as p:  # finding\n        return p\n",
            why="what `lib.pool` gives is unknown",
        ),
    ),
)
