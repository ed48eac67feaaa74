"""A coroutine is made and never awaited, so what it should do never happens.

Calling an `async def` function only makes a coroutine object.  Thrown away it does nothing; tested it is always true;
used as a value it raises TypeError or AttributeError.  Write `await` before the call, or hand the coroutine to
`asyncio.gather` or `create_task`.  Source: PEP 492; the asyncio documentation, "Coroutines".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._shape import is_generator, last_word, text, uses_of
from codeguard.knowledge.coroutines import COROUTINE_METHODS, COROUTINES, MODEL_CLIENTS, MODEL_METHODS, MONGO_METHODS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Calls that need a value, not a promise of one.
CONSUMERS = frozenset(
    {"builtins." + name for name in ("len", "str", "int", "float", "list", "dict", "set", "tuple", "sum", "min", "max", "sorted", "any", "all", "bool", "print", "repr", "enumerate", "zip", "iter", "next", "round", "abs", "range", "reversed")}
    | {"json.dumps", "json.loads"}
)  # fmt: skip
# What handlers of aiohttp, Starlette and FastAPI await on the request that they get.
REQUEST_METHODS = {"json", "post", "text", "read", "form", "body", "multipart"}
FRAMEWORKS = re.compile(r"^[ \t]*(?:from|import)[ \t]+(?:aiohttp|starlette|fastapi)\b", re.MULTILINE)
COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.GeneratorExp)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call that makes a coroutine which nothing can await any more."""
    parent = unit.parent(call)
    if isinstance(parent, cst.Await):
        return
    if isinstance(parent, cst.Return) and _is_in_executor(call) and _in_coroutine(call, unit):
        yield Hit(
            call, f"`{text(call.func)}` gives a future and is not awaited: the caller's own `await` gives that future"
        )
        return
    made = _coroutine(call, unit)
    if not made:
        return
    use = _use(call, parent, unit)
    if use:
        yield Hit(call, f"`{made}` is a coroutine function and its call is not awaited: {use}")


def _is_in_executor(call: cst.Call) -> bool:
    return isinstance(call.func, cst.Attribute) and call.func.attr.value == "run_in_executor"


def _coroutine(call: cst.Call, unit: Unit) -> str:
    """The name of the coroutine function that is called; empty where it is none, or unknown."""
    if not isinstance(call.func, (cst.Name, cst.Attribute)):
        return ""
    target = unit.fact(callables).target(call)
    if target is not None:
        function = target.function
        plain = function is not None and function.asynchronous is not None and not function.decorators
        return target.name if plain and function is not None and not is_generator(function, unit) else ""
    name = unit.name(call.func)
    if name is not None and (name in COROUTINES or _asks_server(name)):
        return name
    if not isinstance(call.func, cst.Attribute) or not _in_coroutine(call, unit):
        return ""
    word = call.func.attr.value
    if (
        isinstance(call.func.value, cst.Name)
        and unit.names.owner(call.func.value) is not None
        and word in unit.fact(coroutine_methods)
    ):
        return text(call.func)
    if word in REQUEST_METHODS and _is_request(call.func.value, unit):
        return text(call.func)
    # A method that this file awaits elsewhere on the same object is a coroutine function here too.
    if word in COROUTINE_METHODS or text(call.func) in unit.fact(awaited):
        return text(call.func)
    return ""


def _asks_server(name: str) -> bool:
    """Whether a method of an asynchronous client, told by what made the client, is a coroutine function."""
    word = name.rpartition(".")[2]
    if name.startswith(MODEL_CLIENTS):
        return word in MODEL_METHODS
    return name.startswith("motor.motor_asyncio.AsyncIOMotorClient()") and word in MONGO_METHODS


def _is_request(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether an expression is the parameter of a handler in which these frameworks pass the request."""
    if not isinstance(node, cst.Name) or node.value not in {"request", "req"}:
        return False
    bindings = unit.scopes.look_up(node.value, node)
    return (
        len(bindings) == 1 and bindings[0].kind == "param" and bindings[0].value is None and unit.fact(_uses_framework)
    )


def _uses_framework(unit: Unit) -> bool:
    return FRAMEWORKS.search(unit.text) is not None


def awaited(unit: Unit) -> frozenset[str]:
    """The methods that the file awaits, as `self.stream.read`; ask through `unit.fact(awaited)`."""
    found = set()
    for node in unit.nodes(cst.Await):
        call = node.expression
        if isinstance(call, cst.Call) and isinstance(call.func, cst.Attribute) and not _is_wrapped(call):
            found.add(text(call.func))
    return frozenset(found)


def coroutine_methods(unit: Unit) -> frozenset[str]:
    """Names of methods that every class of the file which has them defines as coroutine functions."""
    plain: set[str] = set()
    asynchronous: set[str] = set()
    for function in unit.nodes(cst.FunctionDef):
        if unit.scopes.at(function).is_class:
            made = function.asynchronous is not None and not function.decorators and not is_generator(function, unit)
            (asynchronous if made else plain).add(function.name.value)
    return frozenset(asynchronous - plain)


def _is_wrapped(call: cst.Call) -> bool:
    """Whether what is awaited may be a plain function's own answer, such as a future or a task."""
    return last_word(call.func) in {
        "get",
        "submit",
        "run_in_executor",
        "create_task",
        "ensure_future",
        "gather",
        "result",
    }


def _in_coroutine(node: cst.CSTNode, unit: Unit) -> bool:
    function = unit.function_of(node)
    return isinstance(function, cst.FunctionDef) and function.asynchronous is not None


def _use(call: cst.Call, parent: cst.CSTNode | None, unit: Unit) -> str:
    """What goes wrong with the coroutine where it is used; empty where it may still be awaited."""
    if isinstance(parent, cst.Expr):
        return "it never runs"
    if isinstance(parent, cst.Return) and _in_coroutine(call, unit):
        certain = _is_own(call, unit) or last_word(call.func) in COROUTINE_METHODS
        return "the caller's own `await` gives a coroutine" if certain else ""
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        target = (
            parent.targets[0].target
            if isinstance(parent, cst.Assign) and len(parent.targets) == 1
            else getattr(parent, "target", None)
        )
        return (
            _use_of_name(target, call, unit)
            if isinstance(target, cst.Name)
            else "a coroutine cannot be unpacked"
            if isinstance(target, cst.Tuple)
            else ""
        )
    if isinstance(parent, COMPREHENSIONS) and parent.elt is call:
        return _use_of_many(parent, unit)
    return _wrong_use(call, parent, unit)


def _is_own(call: cst.Call, unit: Unit) -> bool:
    """Whether the function that returns the coroutine is awaited once like any other, in this file."""
    function = unit.function_of(call)
    return (
        isinstance(function, cst.FunctionDef)
        and not function.decorators
        and unit.fact(callables).target(call) is not None
    )


def _wrong_use(node: cst.CSTNode, parent: cst.CSTNode | None, unit: Unit) -> str:
    """What a direct use of a coroutine as a value leads to; empty for a use that hands it on."""
    if isinstance(parent, cst.Attribute):
        return (
            ""
            if parent.attr.value in {"__await__", "close", "send", "throw", "cr_frame", "add_done_callback"}
            else "a coroutine has no such attribute"
        )
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return "a coroutine cannot be indexed"
    if isinstance(parent, (cst.If, cst.While, cst.Assert, cst.IfExp)) and parent.test is node:
        return "a coroutine is always true"
    if isinstance(parent, cst.UnaryOperation) and isinstance(parent.operator, cst.Not):
        return "a coroutine is always true"
    if isinstance(parent, cst.BooleanOperation) and parent.left is node:
        return "a coroutine is always true"
    if isinstance(parent, cst.BinaryOperation):
        return "a coroutine is no operand"
    if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
        return "a coroutine is compared in place of its result"
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
        return "a coroutine cannot be iterated over"
    if isinstance(parent, cst.FormattedStringExpression):
        return "the text shows a coroutine object"
    if isinstance(parent, cst.Arg):
        outer = unit.parent(parent)
        name = unit.name(outer.func) if isinstance(outer, cst.Call) else None
        if name in CONSUMERS:
            return f"`{name.removeprefix('builtins.')}` gets a coroutine in place of its result"
    return ""


def _use_of_name(target: cst.Name, call: cst.Call, unit: Unit) -> str:
    """As `_use`, for a coroutine that is bound to a name: one right use of the name, and it is left alone."""
    function = unit.function_of(call)
    bindings = unit.scopes.look_up(target.value, target)
    if any(isinstance(b.value, cst.Await) and text(b.value.expression) == text(call) for b in bindings):
        return f"elsewhere `{target.value}` is what `await` gives"
    if not isinstance(function, cst.FunctionDef) or len(bindings) != 1:
        return ""
    worst = ""
    for name in uses_of(target.value, function.body, unit):
        if name is target:
            continue
        parent = unit.parent(name)
        wrong = _wrong_use(name, parent, unit)
        if not wrong:
            return ""
        worst = worst or wrong
    return worst


def _use_of_many(comprehension: cst.CSTNode, unit: Unit) -> str:
    """Whether coroutines collected by a comprehension are joined, summed or measured, and never awaited."""
    parent = unit.parent(comprehension)
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0].target, cst.Name):
        target = parent.targets[0].target
        function = unit.function_of(comprehension)
        if not isinstance(function, cst.FunctionDef) or len(unit.scopes.look_up(target.value, target)) != 1:
            return ""
        uses = [n for n in uses_of(target.value, function.body, unit) if n is not target]
        found = [_taken(n, unit) for n in uses]
        return found[0] if found and all(found) else ""
    return _taken(comprehension, unit)


def _taken(node: cst.CSTNode, unit: Unit) -> str:
    arg = unit.parent(node)
    outer = unit.parent(arg) if isinstance(arg, cst.Arg) else None
    if isinstance(outer, cst.Call):
        name = unit.name(outer.func) or ""
        if name.endswith("str().join") or name in {
            "builtins.sum",
            "builtins.max",
            "builtins.min",
            "builtins.sorted",
            "builtins.print",
            "json.dumps",
        }:
            return "coroutines are used in place of their results"
    return ""


CHECK = Check(
    id="CGC007",
    name="missing-await",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(252,),
    aliases=("ruff:ASYNC105", "ty:unused-awaitable"),
    hints=("async", "asyncio"),
    nodes=(cst.Call,),
    find=find,
    fix="Write `await` before the call.",
    bad=(
        Bad(
            "import asyncio\n\nasync def read(path):\n    loop = asyncio.get_running_loop()\n    return loop.run_in_executor(None, path.read_text)  # finding\n"
        ),
        Bad("async def save(x):\n    print(x)\n\n\nasync def main():\n    save(1)  # finding\n"),
        Bad(
            "async def is_free(room):\n    return True\n\n\nasync def book(room):\n    free = is_free(room)  # finding\n    if free:\n        return room\n"
        ),
        Bad(
            "from openai import AsyncOpenAI\n\nclient = AsyncOpenAI()\n\n\nasync def ask(text):\n    answer = client.responses.create(input=text)  # finding\n    return answer.output_text\n"
        ),
        Bad(
            "import aiohttp\n\nasync def f(url):\n    async with aiohttp.ClientSession() as session:\n        async with session.get(url) as response:\n            data = response.json()  # finding\n            return data['x']\n"
        ),
        Bad("import asyncio\n\nasync def main():\n    asyncio.sleep(1)  # finding\n"),
        Bad(
            "from sqlalchemy.ext.asyncio import AsyncSession\n\nasync def cancel(session: AsyncSession):\n    session.commit()  # finding\n"
        ),
        Bad(
            "async def one(t):\n    return t\n\n\nasync def every(texts):\n    parts = [one(t) for t in texts]  # finding\n    return ', '.join(parts)\n"
        ),
        Bad(
            "class A:\n    async def load(self):\n        return {}\n\n    async def show(self):\n        return self.load()['x']  # finding\n"
        ),
        Bad(
            "from aiohttp import web\n\nasync def create(request):\n    data = request.json()  # finding\n    return web.Response(text=data['url'])\n"
        ),
        Bad(
            "async def f(request):\n    first = await request.json()\n    return first\n\n\nasync def g(request):\n    data = request.json()  # finding\n    return data['x']\n"
        ),
    ),
    good=(
        Good(
            "import asyncio\n\ndef read(loop, path):\n    return loop.run_in_executor(None, path.read_text)\n\n\nasync def main(loop, path):\n    return await loop.run_in_executor(None, path.read_text)\n"
        ),
        Good(
            "from openai import AsyncOpenAI\n\nclient = AsyncOpenAI()\n\n\nasync def ask(text):\n    async with client.responses.stream(input=text) as parts:\n        job = client.responses.create(input=text)\n        return await job, parts\n"
        ),
        Good("async def save(x):\n    print(x)\n\n\nasync def main():\n    await save(1)\n"),
        Good(
            "import asyncio\n\nasync def one(t):\n    return t\n\n\nasync def every(texts):\n    jobs = [one(t) for t in texts]\n    task = asyncio.create_task(one(1))\n    return await asyncio.gather(*jobs, task)\n"
        ),
        Good("async def save(x):\n    print(x)\n\n\ndef start():\n    return save(1)\n\n\ncoroutine = save(2)\n"),
        Good(
            "async def numbers():\n    yield 1\n\n\nasync def main():\n    async for n in numbers():\n        print(n)\n"
        ),
        Good(
            "async def one(t):\n    return t\n\n\nasync def main(run):\n    job = one(1)\n    if job:\n        run(job)\n"
        ),
        Good("@app.task\nasync def save(x):\n    print(x)\n\n\nasync def main():\n    save(1)\n"),
    ),
    misses=(
        Miss(
            "async def load():\n    return 1\n\n\nasync def main(box):\n    box.value = load()  # finding\n    print(box.value + 1)\n",
            why="attributes of objects are not followed",
        ),
    ),
)
