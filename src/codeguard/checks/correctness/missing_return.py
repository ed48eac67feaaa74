"""A function that gives a value falls off its end on some path, and gives None there.

The value is computed and dropped: a last `return` is missing, stands in one branch only, or became a bare expression
as in other languages.  Not every fall is reported, since None is often meant: the annotation must exclude it, or the
last statement must compute something that nothing reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._classes import decorator_names
from codeguard.checks.correctness._control import NEXT, lenient_paths
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._placeholders import is_elided
from codeguard.checks.correctness._shape import (
    LOOPS,
    body_of,
    is_damaged,
    is_generator,
    is_none,
    last_word,
    names_in,
    own_nodes,
    returns_value,
    small_statements,
    uses_of,
    within,
)  # fmt: skip
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit

OPEN_ENDED = {
    "None",
    "Any",
    "Optional",
    "object",
    "NoReturn",
    "Never",
    "Awaitable",
    "Incomplete",
    "Self",
    "Union",
    "TypeGuard",
    "Generator",
    "Iterator",
    "AsyncIterator",
    "Iterable",
    "AsyncGenerator",
    "AsyncIterable",
}
NEEDED_BY_PYTHON = frozenset(
    [
        "__str__",
        "__repr__",
        "__len__",
        "__hash__",
        "__bool__",
        "__iter__",
        "__contains__",
        "__int__",
        "__float__",
        "__format__",
        "__index__",
        "__next__",
    ]
)
LOST = (
    cst.Name,
    cst.BinaryOperation,
    cst.Comparison,
    cst.List,
    cst.ListComp,
    cst.Dict,
    cst.DictComp,
    cst.SetComp,
    cst.FormattedString,
    cst.Tuple,
    cst.IfExp,
)
RETURNS_SECTION = re.compile(
    r"^[ \t]*(?::returns?:[ \t]*(?!None|nothing)\w|Returns:?[ \t]*\n[ \t]*(?:-{3,}[ \t]*\n)?[ \t]*(?!None|nothing|Nothing)\w)",
    re.MULTILINE,
)
FRESH = (cst.List, cst.ListComp, cst.Dict, cst.DictComp, cst.Set, cst.SetComp)
CHANGES = {"append", "extend", "add", "update", "insert", "remove", "discard", "sort", "reverse", "clear"}


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report the statement after which the function ends without its value."""
    body = body_of(function)
    if not body or not unit.fact(lenient_paths).block(function.body) & NEXT:
        return
    if (
        all(isinstance(part, (cst.Pass, cst.Raise)) or _is_ellipsis(part) for part in body)
        or function.name.value == "__init__"
    ):
        return
    falls = list(_falls(function.body, unit))
    why = _why(function, body, falls, unit)
    if (
        why is None
        or is_generator(function, unit)
        or is_damaged(function, unit)
        or is_elided(function, unit)
        or {"overload", "abstractmethod"} & set(decorator_names(function))
    ):
        return
    place, reason = why
    yield Hit(place, f"`{function.name.value}` ends here without `return`, so callers get None: {reason}")


def _is_ellipsis(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.Ellipsis)


def _falls(body: cst.BaseSuite, unit: Unit) -> Iterator[cst.CSTNode]:
    """The last statements after which control leaves a block at its end, branches looked into."""
    last = list(small_statements(body.body))[-1]
    part: cst.CSTNode | None = last
    if not isinstance(last, cst.If):
        yield last
        return
    while isinstance(part, cst.If):
        if unit.fact(lenient_paths).block(part.body) & NEXT:
            yield from _falls(part.body, unit)
        part = part.orelse
    if part is None:
        yield last
    elif isinstance(part, cst.Else) and unit.fact(lenient_paths).block(part.body) & NEXT:
        yield from _falls(part.body, unit)


def _why(
    function: cst.FunctionDef, body: list[cst.CSTNode], falls: list[cst.CSTNode], unit: Unit
) -> tuple[cst.CSTNode, str] | None:
    last = body[-1]
    if not isinstance(falls[-1], LOOPS) and _excludes_none(function, unit):  # a search loop may always find
        return falls[-1], "its annotation promises a value"
    gives = returns_value(function, unit)
    if not gives and len(body) > 1 and not isinstance(last, cst.Raise) and (need := _needed_value(function, unit)):
        return falls[-1], need
    if gives and isinstance(last, cst.Pass) and len(body) > 1:
        return last, "other paths return a value, and `pass` stands where this one ends"
    for fall in falls:
        if gives and isinstance(fall, cst.Expr) and _drops(fall.value, unit):
            return fall, "this computes a value and drops it, while other paths return one"
        if isinstance(fall, cst.Expr) and isinstance(fall.value, LOST) and not _shows(function, unit):
            return fall, "this computes a value and drops it"
        if gives and (name := _dead_store(fall, function, unit)):
            return fall, f"`{name}` is set and never read, while other paths return a value"
    if gives:
        return None
    if not _only_computes(function, unit):
        return None
    if name := _lost_collection(function, unit):
        return falls[-1], f"`{name}` is built and never read"
    if name := _unused_inner(function, unit):
        return falls[-1], f"the inner function `{name}` is never used"
    if _documented(function) and _computes(body):
        return falls[-1], "its docstring says that it returns a value"
    return None


def _needed_value(function: cst.FunctionDef, unit: Unit) -> str:
    """Who calls the method and uses what it gives: Python itself, or a framework; empty where nobody is known to."""
    owner = unit.class_of(function)
    if owner is None or unit.scopes.at(function).node is not owner:
        return ""
    name = function.name.value
    if name in NEEDED_BY_PYTHON and not function.decorators:
        return "Python itself needs its value"
    bases = {unit.name(base.value) for base in owner.bases}
    if name == "forward" and bases & {"torch.nn.Module", "torch.nn.modules.module.Module"}:
        return "calling the module gives what `forward` returns"
    return ""


def _excludes_none(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether the return annotation cannot mean None, for a function that runs: no stub, protocol or coroutine maker."""
    if function.returns is None:
        return False
    note = function.returns.annotation
    word = last_word(note)
    if (
        not isinstance(note, (cst.Name, cst.Attribute, cst.Subscript))
        or word in OPEN_ENDED
        or len(word) <= 2
        or word.endswith(("T", "T_co", "Type", "OrNone"))
    ):
        return False
    if isinstance(note, (cst.Name, cst.Attribute)) and not (
        word[:1].islower() or word in {"List", "Dict", "Set", "Tuple", "DataFrame", "Series", "Path", "Decimal"}
    ):
        local = unit.scopes.look_up(word, note)  # an alias may hold None
        if not local or any(b.kind not in {"class", "import"} for b in local):
            return False
    return not within(function, unit, cst.If, until=(cst.ClassDef, cst.FunctionDef)) or returns_value(function, unit)


def _drops(value: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a statement only computes: a call of a builtin or of the file's own function that gives a value."""
    if isinstance(value, LOST):
        return True
    call = value.expression if isinstance(value, cst.Await) else value
    if not isinstance(call, cst.Call):
        return False
    kind = unit.fact(kinds).of(call)
    if kind is not None and unit.name(call.func) != "builtins.input":
        return kind != "NoneType"
    target = unit.fact(callables).target(call)
    if (
        target is None
        or target.function is None
        or (target.function.asynchronous is not None) != isinstance(value, cst.Await)
    ):
        return False
    return (
        not unit.fact(lenient_paths).block(target.function.body) & NEXT
        and returns_value(target.function, unit)
        and not is_generator(target.function, unit)
    )


def _shows(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a bare expression is meant to be one: in tests, or under something that may raise."""
    return function.name.value.startswith("test") or within(function, unit, cst.With, cst.Try)


def _dead_store(statement: cst.CSTNode, function: cst.FunctionDef, unit: Unit) -> str:
    """The local variable that a last statement sets and that nothing in the function reads; empty for none."""
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
    elif isinstance(statement, (cst.AugAssign, cst.AnnAssign)) and statement.value is not None:
        target = statement.target
    else:
        return ""
    if not isinstance(target, cst.Name) or target.value.startswith("_") or is_none(statement.value):
        return ""
    scope = unit.scopes.of(function)
    if target.value not in scope.bindings or target.value in scope.global_names | scope.nonlocal_names:
        return ""
    reads = [n for n in uses_of(target.value, function.body, unit) if n is not target]
    inside = {id(n) for n in names_in(statement)}
    return "" if any(id(n) not in inside and not _is_target(n, unit) for n in reads) else target.value


def _is_target(name: cst.Name, unit: Unit) -> bool:
    parent = unit.parent(name)
    return isinstance(parent, cst.AssignTarget) or (
        isinstance(parent, (cst.AnnAssign, cst.AugAssign)) and parent.target is name
    )


def _lost_collection(function: cst.FunctionDef, unit: Unit) -> str:
    """A new collection or text that the function binds to a local name, changes, and never reads."""
    scope = unit.scopes.of(function)
    for name, bindings in scope.bindings.items():
        if name.startswith("_") or name in scope.global_names | scope.nonlocal_names or not _is_fresh(bindings[0]):
            continue
        if any(b.kind not in {"assign", "augment"} for b in bindings):
            continue
        changed = False
        for node in uses_of(name, function.body, unit):
            if _is_target(node, unit):
                changed = changed or isinstance(unit.parent(node), cst.AugAssign)
            elif _changes(node, unit):
                changed = True
            else:
                break
        else:
            if changed:
                return name
    return ""


def _is_fresh(binding: Binding) -> bool:
    """Whether a binding makes an object that nothing else holds."""
    node, value = binding.node, binding.value
    if not isinstance(node, cst.Assign) or len(node.targets) != 1:
        return False
    if isinstance(value, cst.Call):
        return last_word(value.func) in {"copy", "list", "dict", "set", "sorted"}
    return isinstance(value, FRESH) or (isinstance(value, cst.SimpleString) and value.evaluated_value == "")


def _changes(name: cst.Name, unit: Unit) -> bool:
    """Whether a name stands in `x.append(...)` or `x[k] = ...` as a statement of its own."""
    parent = unit.parent(name)
    if isinstance(parent, cst.Subscript) and parent.value is name:
        return isinstance(unit.parent(parent), cst.AssignTarget)
    call = unit.parent(parent) if isinstance(parent, cst.Attribute) and parent.attr.value in CHANGES else None
    return isinstance(call, cst.Call) and call.func is parent and isinstance(unit.parent(call), cst.Expr)


def _unused_inner(function: cst.FunctionDef, unit: Unit) -> str:
    """A function defined in `function` that nothing names and no decorator takes; empty for none."""
    for name, bindings in unit.scopes.of(function).bindings.items():
        inner = bindings[0].node
        if (
            bindings[0].kind == "function"
            and isinstance(inner, cst.FunctionDef)
            and not inner.decorators
            and len(bindings) == 1
        ):
            if not any(n is not inner.name for n in uses_of(name, function.body, unit)):
                return name
    return ""


def _only_computes(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether all that the function does is done to its own variables: without a result it does nothing at all."""
    local = unit.scopes.of(function).bindings
    for node in own_nodes(function):
        if isinstance(node, cst.Expr) and not isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString)):
            call = node.value.expression if isinstance(node.value, cst.Await) else node.value
            func = call.func if isinstance(call, cst.Call) else None
            owner = func.value if isinstance(func, cst.Attribute) else None
            made = isinstance(owner, cst.Name) and owner.value in local and local[owner.value][0].kind != "param"
            logs = isinstance(owner, cst.Name) and "log" in owner.value.lower()
            if func is not None and not made and not logs:
                return False
        if isinstance(node, (cst.AssignTarget, cst.AugAssign, cst.Del)):
            owner = node.target
            while isinstance(owner, (cst.Attribute, cst.Subscript)):
                owner = owner.value
            if owner is not node.target and not (
                isinstance(owner, cst.Name) and owner.value in local and local[owner.value][0].kind != "param"
            ):
                return False
        if isinstance(node, (cst.Global, cst.Nonlocal)):
            return False
    return True


def _documented(function: cst.FunctionDef) -> bool:
    doc = function.get_docstring()
    return doc is not None and RETURNS_SECTION.search(doc) is not None


def _computes(body: list[cst.CSTNode]) -> bool:
    """Whether a body does more than call one thing or wait for a subclass."""
    return len(body) > 1 and not isinstance(body[-1], cst.Raise)


CHECK = Check(
    id="CGC011",
    name="missing-return",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(394,),
    aliases=("ruff:RET503", "ty:invalid-implicit-return"),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Return the value on this path too, or `return None` where that is meant.",
    bad=(
        Bad("def size(x) -> int:\n    if x:\n        return len(x)\n    print('empty')  # finding\n"),
        Bad(
            "def grade(n):\n    if n > 90:\n        return 'A'\n    elif n > 80:\n        return 'B'\n    else:\n        result = 'C'  # finding\n"
        ),
        Bad("def squares(xs):\n    out = []\n    for x in xs:  # finding\n        out.append(x * x)\n"),
        Bad("def wrap(f):\n    def inner(x):  # finding\n        return f(x)\n"),
        Bad("class A:\n    def __str__(self):\n        text = self.name\n        print(text)  # finding\n"),
        Bad(
            "from torch import nn\n\nclass Net(nn.Module):\n    def forward(self, x):\n        x = self.a(x)\n        x = self.b(x)  # finding\n"
        ),
        Bad("def add(a, b):\n    a + b  # finding\n"),
        Bad("def f(xs):\n    if not xs:\n        return []\n    sorted(xs)  # finding\n"),
        Bad("def f(x):\n    if x is None:\n        return 0\n    y = x * 2\n    pass  # finding\n"),
        Bad(
            'def load(path):\n    """Load it.\n\n    Returns:\n        The lines.\n    """\n    with open(path) as f:  # finding\n        lines = f.readlines()\n    lines.sort()\n'.replace(
                "  # finding", "", 1
            ).replace("lines.sort()", "lines.sort()  # finding")
        ),
    ),
    good=(
        Good("def size(x) -> int:\n    if x:\n        return len(x)\n    return 0\n"),
        Good("def find(xs, y):\n    for x in xs:\n        if x == y:\n            return x\n"),
        Good("def f(x) -> int:\n    while True:\n        if x():\n            return 1\n"),
        Good("def f(x) -> int | None:\n    if x:\n        return 1\n"),
        Good(
            "def f(kind) -> str:\n    match kind:\n        case Kind.A:\n            return 'a'\n        case Kind.B:\n            return 'b'\n"
        ),
        Good(
            "def f(x) -> int:\n    try:\n        return int(x)\n    except ValueError:\n        sys.exit('no number')\n"
        ),
        Good("def f(out):\n    seen = []\n    for x in out:\n        seen.append(x)\n    out.extend(seen)\n"),
        Good("def start(self):\n    env = self.env = {}\n    env['a'] = 1\n"),
        Good("def route(app):\n    @app.get('/')\n    def index():\n        return 'x'\n"),
        Good("def numbers() -> int:\n    yield 1\n"),
    ),
    misses=(
        Miss(
            "def f(x):\n    if x > 0:\n        return 1\n    elif x < 0:\n        return -1  # finding\n",
            why="None may be meant for what is left",
        ),
    ),
)
