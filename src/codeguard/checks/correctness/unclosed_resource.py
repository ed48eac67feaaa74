"""A file, socket, connection or session is opened and never closed.

What was written may not reach the disk, and descriptors and connections run out in a program that lives longer.  Use
`with`, or close it in `finally`.  An object that is returned, stored, or handed to something that may keep it is not
reported.  Source: the Python tutorial, "Methods of File Objects"; CWE-772.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._classes import decorator_names
from codeguard.checks.correctness._shape import is_damaged, is_generator, small_statements, uses_of
from codeguard.knowledge.resources import BORROWERS, CLOSERS, OPENERS
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

# What reads a whole file at once: the file object is gone with the expression.
READS = {"read", "readlines", "readline", "write", "writelines", "fetchall", "read_text"}
PASSED_ON = {
    "json.load",
    "pickle.load",
    "yaml.safe_load",
    "yaml.load",
    "csv.reader",
    "csv.DictReader",
    "json.dump",
    "pickle.dump",
    "builtins.list",
    "toml.load",
    "tomllib.load",
    "yaml.dump",
}


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report an opening call whose object nothing closes and nobody else gets."""
    what = OPENERS.get(unit.name(call.func) or "")
    if what is None or is_damaged(call, unit):
        return
    holder: cst.CSTNode = call
    parent = unit.parent(call)
    if isinstance(parent, cst.Await):
        holder, parent = parent, unit.parent(parent)
    if what in {"file", "archive"} and (used := _used_at_once(holder, parent, unit)):
        yield Hit(call, f"The file that is opened here for {used} is never closed", severity=Severity.LOW)
        return
    name = _bound_name(parent, holder)
    if name is None:
        return
    function = unit.function_of(call)
    if not isinstance(function, cst.FunctionDef):
        return
    scope = unit.scopes.of(function)
    if (
        not all(_opens(b, unit) for b in scope.bindings.get(name, ()))
        or name in scope.global_names | scope.nonlocal_names
    ):
        return
    shares = {"contextmanager", "asynccontextmanager", "fixture"} & set(decorator_names(function))
    if all(_borrows(use, unit, shares=bool(shares), depth=0) for use in uses_of(name, function.body, unit)):
        verb = "gives out" if shares else "uses"
        yield Hit(call, f"The {what} `{name}` is never closed: the function {verb} it and drops it")
    elif (early := _early_way_out(name, call, function, unit)) is not None:
        yield Hit(call, f"The {what} `{name}` stays open where line {unit.line_of(early)} returns before the `close`")


def _early_way_out(name: str, call: cst.Call, function: cst.FunctionDef, unit: Unit) -> cst.Return | None:
    """A `return` between the opening and the one `close()`, both statements of the function's own block."""
    closes: list[cst.CSTNode] = []
    for use in uses_of(name, function.body, unit):
        parent = unit.parent(use)
        outer = unit.parent(parent) if isinstance(parent, cst.Attribute) and parent.attr.value == "close" else None
        if outer is not None:
            closes.append(unit.statement_of(outer))
        elif not _borrows(use, unit, shares=False, depth=0) or isinstance(
            parent, (cst.Comparison, cst.UnaryOperation, cst.If, cst.BooleanOperation)
        ):
            return None
    statements = list(small_statements(function.body.body))
    places = [i for i, s in enumerate(statements) if any(s is c for c in closes) and isinstance(s, cst.Expr)]
    start = next((i for i, s in enumerate(statements) if s is unit.statement_of(call)), None)
    if len(closes) != 1 or len(places) != 1 or start is None or is_generator(function, unit):
        return None
    for statement in statements[start + 1 : places[0]]:
        for node in descend(statement, into=lambda n: not isinstance(n, (cst.FunctionDef, cst.Lambda))):
            if isinstance(node, cst.Return):
                return node
    return None


def _used_at_once(holder: cst.CSTNode, parent: cst.CSTNode | None, unit: Unit) -> str:
    """How an opening expression is used up where it stands; empty where it is not."""
    if isinstance(parent, cst.Attribute) and parent.attr.value in READS and isinstance(unit.parent(parent), cst.Call):
        return f"`.{parent.attr.value}()`"
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is holder:
        return "a loop"
    if isinstance(parent, cst.Arg):
        outer = unit.parent(parent)
        name = unit.name(outer.func) if isinstance(outer, cst.Call) else None
        return f"`{name.removeprefix('builtins.')}`" if name in PASSED_ON else ""
    return ""


def _bound_name(parent: cst.CSTNode | None, holder: cst.CSTNode) -> str | None:
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0].target, cst.Name):
        return parent.targets[0].target.value
    if (
        isinstance(parent, (cst.AnnAssign, cst.NamedExpr))
        and isinstance(parent.target, cst.Name)
        and parent.value is holder
    ):
        return parent.target.value
    return None


def _opens(binding: Binding, unit: Unit) -> bool:
    """Whether a binding of the name opens something too, so that no other object hides behind it."""
    value = binding.value.expression if isinstance(binding.value, cst.Await) else binding.value
    return (
        binding.kind in {"assign", "with", "walrus"}
        and isinstance(value, cst.Call)
        and unit.name(value.func) in OPENERS
    )


def _borrows(name: cst.Name, unit: Unit, *, shares: bool, depth: int) -> bool:
    """Whether one use of the object leaves it open and in this function's hands."""
    parent = unit.parent(name)
    if isinstance(
        parent, (cst.AssignTarget, cst.Comparison, cst.UnaryOperation, cst.If, cst.While, cst.BooleanOperation)
    ):
        return True
    if isinstance(parent, (cst.AnnAssign, cst.NamedExpr)):
        return parent.target is name
    if isinstance(parent, cst.Attribute):
        return parent.attr.value not in CLOSERS and not _is_taken(parent, unit)
    if isinstance(parent, (cst.For, cst.CompFor)):
        return parent.iter is name
    if isinstance(parent, cst.Yield):
        return shares
    if isinstance(parent, cst.Arg):
        return _is_borrowed(parent, unit, depth)
    if isinstance(parent, cst.WithItem):
        # `with connection:` is a transaction in DB-API modules; it leaves the connection open.
        return False
    return isinstance(parent, (cst.Subscript, cst.FormattedStringExpression))


def _is_taken(attribute: cst.Attribute, unit: Unit) -> bool:
    """Whether a bound method leaves the function without being called: it keeps the object."""
    outer = unit.parent(attribute)
    return not (isinstance(outer, cst.Call) and outer.func is attribute) and isinstance(
        outer, (cst.Arg, cst.Return, cst.Assign, cst.Element)
    )


def _is_borrowed(arg: cst.Arg, unit: Unit, depth: int) -> bool:
    """Whether a call only uses the object: a known one, or a function of the file that neither closes nor keeps it."""
    call = unit.parent(arg)
    if not isinstance(call, cst.Call):
        return False
    if (unit.name(call.func) or "") in BORROWERS:
        return True
    target = unit.fact(callables).target(call)
    if target is None or target.function is None or depth > 1 or arg.star:
        return False
    position = next(i for i, a in enumerate(call.args) if a is arg)
    names = target.signature.positional
    wanted = arg.keyword.value if arg.keyword is not None else names[position] if position < len(names) else ""
    function = target.function
    if wanted not in unit.scopes.of(function).bindings or len(unit.scopes.of(function).bindings[wanted]) != 1:
        return False
    return all(_borrows(use, unit, shares=False, depth=depth + 1) for use in uses_of(wanted, function.body, unit))


CHECK = Check(
    id="CGC016",
    name="unclosed-resource",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(772, 404),
    aliases=("ruff:SIM115",),
    calls=tuple(OPENERS),
    find=find,
    fix="Open it in a `with` block, or close it in `finally`.",
    bad=(
        Bad("import json\n\ndef load(path):\n    fh = open(path)  # finding\n    return json.load(fh)\n"),
        Bad(
            "import sqlite3\n\ndef names(db):\n    conn = sqlite3.connect(db)  # finding\n    return [r[0] for r in conn.execute('SELECT name FROM t')]\n"
        ),
        Bad("def save(path, text):\n    out = open(path, 'w')  # finding\n    out.write(text)\n"),
        Bad(
            "def first(path, word):\n    fh = open(path)  # finding\n    for line in fh:\n        if word in line:\n            return line\n    fh.close()\n    return None\n"
        ),
        Bad("SCHEMA = open('schema.sql').read()  # finding\n"),
        Bad(
            "import aiohttp\n\nasync def probe(url):\n    session = aiohttp.ClientSession()  # finding\n    return await session.get(url)\n"
        ),
        Bad(
            "def parse(f):\n    return [line.strip() for line in f]\n\n\ndef load(path):\n    fh = open(path)  # finding\n    return parse(fh)\n"
        ),
        Bad(
            "from contextlib import contextmanager\n\n@contextmanager\ndef opened(path):\n    f = open(path)  # finding\n    yield f\n"
        ),
    ),
    good=(
        Good("import json\n\ndef load(path):\n    with open(path) as fh:\n        return json.load(fh)\n"),
        Good(
            "def load(path):\n    fh = open(path)\n    try:\n        return fh.read()\n    finally:\n        fh.close()\n"
        ),
        Good(
            "def first(path, word):\n    if not word:\n        return None\n    fh = open(path)\n    found = [line for line in fh if word in line]\n    fh.close()\n    return found\n"
        ),
        Good("def opened(path):\n    fh = open(path)\n    fh.readline()\n    return fh\n"),
        Good("class Log:\n    def start(self, path):\n        fh = open(path)\n        self.fh = fh\n"),
        Good("import csv, io\n\ndef f(sock):\n    fh = open(sock)\n    return io.TextIOWrapper(fh)\n"),
        Good("def use(f):\n    f.close()\n\n\ndef load(path):\n    fh = open(path)\n    use(fh)\n"),
        Good(
            "from contextlib import closing\nimport sqlite3\n\ndef f(db):\n    conn = sqlite3.connect(db)\n    with closing(conn):\n        return conn.execute('SELECT 1')\n"
        ),
        Good("def f(stack, path):\n    fh = open(path)\n    stack.callback(fh.close)\n    return fh.read()\n"),
    ),
    misses=(
        Miss(
            "def f(path):\n    fh = open(path)  # finding\n    if not fh.read(1):\n        raise ValueError(path)\n    fh.close()\n    return 1\n",
            why="exceptions on the way to the `close` are not followed",
        ),
    ),
)
