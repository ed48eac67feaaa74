"""A name of a builtin function is bound to a value, and then called as if it were the builtin.

After `list = [1, 2]` the call `list(x)` raises TypeError: the name is no function any more.  In a function the
assignment makes the name local, so that a call before it raises UnboundLocalError.  Choose another name.
Source: the Python reference, "Naming and binding".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.names import BUILTINS
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit

ORDERED = (cst.LessThan, cst.GreaterThan, cst.LessThanEqual, cst.GreaterThanEqual)
FUNCTIONS = frozenset(name for name in BUILTINS if name[:1].islower()) - {
    "exit",
    "quit",
    "copyright",
    "credits",
    "license",
    "help",
}


def find(unit: Unit) -> Iterator[Hit]:
    """Report calls of builtins' names where every binding of the name is a value that cannot be called."""
    hidden = [
        (scope, name) for scope in unit.scopes.all() for name in FUNCTIONS & scope.bindings.keys() if not scope.is_class
    ]
    if not hidden:
        return
    values = {id(scope.bindings[name]): (scope, name) for scope, name in hidden}
    for call in unit.nodes(cst.Call):
        if not isinstance(call.func, cst.Name) or call.func.value not in FUNCTIONS:
            continue
        bindings = unit.scopes.look_up(call.func.value, call.func)
        if id(bindings) not in values:
            continue
        scope, name = values[id(bindings)]
        if all(_is_value(b, call, unit) for b in bindings):
            own = any(b.value is call for b in bindings)
            if own and len(bindings) == 1 and scope is unit.scopes.module:
                continue  # `max = max(a, b)` at the top: the builtin is there still
            if scope is unit.scopes.module and unit.scopes.at(call) is scope and _stands_before(call, bindings, unit):
                continue
            why = (
                "it is a local variable here, and has no value yet"
                if own
                else "here it is a variable that holds a value"
            )
            yield Hit(call, f"`{name}` is not the builtin: {why}, so this call fails")


def _is_value(binding: Binding, call: cst.Call, unit: Unit) -> bool:
    """Whether a binding holds something that cannot be called."""
    if binding.kind in {"assign", "walrus"}:
        if binding.value is call or (
            isinstance(binding.value, cst.Subscript) and _is_measured(binding.name, call, unit)
        ):
            return True
        kind = unit.fact(kinds).of(binding.value)
        return kind not in {None, "function", "NoneType"}
    if binding.kind == "loop":
        value = binding.value
        if unit.fact(kinds).of(value) in {"range", "str", "bytes"} or value is None:
            return True
        texts = isinstance(value, cst.Call) and last_word(value.func) in {"splitlines", "readlines", "split"}
        return texts or unit.fact(kinds).gives_texts(value) or _is_measured(binding.name, call, unit)
    if binding.kind == "param":
        return _gives_value(binding, unit)
    if binding.kind == "unpack":
        parts = binding.value.elements if isinstance(binding.value, cst.Tuple) else ()
        return bool(parts) and all(
            unit.fact(kinds).of(part.value) not in {None, "function", "NoneType"} for part in parts
        )
    return binding.kind == "augment"


def _is_measured(name: str, call: cst.Call, unit: Unit) -> bool:
    """Whether the function also compares the variable for order, or calculates with it: it holds a number or text."""
    function = unit.function_of(call)
    root = function.body if isinstance(function, cst.FunctionDef) else unit.module
    for node in uses_of(name, root, unit):
        parent = unit.parent(node)
        if isinstance(parent, cst.BinaryOperation) and not isinstance(parent.operator, cst.BitOr):
            return True
        if isinstance(parent, cst.AugAssign) and parent.value is node:
            return True
        if isinstance(parent, cst.Comparison) and isinstance(parent.comparisons[0].operator, ORDERED):
            return True
        if isinstance(parent, cst.ComparisonTarget) and isinstance(parent.operator, ORDERED):
            return True
    return False


def _gives_value(binding: Binding, unit: Unit) -> bool:
    """Whether a parameter is annotated as, or defaults to, a number, a text or a collection."""
    node = binding.node
    if not isinstance(node, cst.Param):
        return False
    if node.annotation is not None:
        return unit.name(node.annotation.annotation) in {
            f"builtins.{kind}" for kind in ("str", "int", "float", "bool", "bytes", "list", "dict", "set", "tuple")
        }
    return node.default is not None and unit.fact(kinds).of(node.default) in {"str", "int", "float", "bool"}


def _stands_before(call: cst.Call, bindings: list[Binding], unit: Unit) -> bool:
    """Whether module code calls the builtin before it hides it."""
    return unit.positions.offsets(call)[0] < min(unit.positions.offsets(b.node)[0] for b in bindings)


CHECK = Check(
    id="CGC021",
    name="shadowed-builtin-called",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ruff:F823",),
    find=find,
    fix="Give the variable a name that no builtin has.",
    bad=(
        Bad("list = [1, 2]\nprint(list('ab'))  # finding\n"),
        Bad("def f(a, b):\n    max = max(a, b)  # finding\n    return max\n"),
        Bad("def f(xs):\n    sum = 0\n    for x in xs:\n        sum += x\n    return sum(xs)  # finding\n"),
        Bad("def f(text):\n    for str in text.splitlines():\n        print(str(1), str)  # finding\n"),
        Bad(
            "def f(xs):\n    max = xs[0]\n    for x in xs:\n        if x > max:\n            max = xs[1]\n    return max(xs)  # finding\n"
        ),
        Bad("def f(id: int, xs, max=3):\n    return id(xs)  # finding\n"),
        Bad("str = 'a'\n\n\ndef f(x):\n    return str(x)  # finding\n"),
    ),
    good=(
        Good("items = [1, 2]\nprint(list('ab'))\n"),
        Good("def f(list):\n    return list('ab')\n"),
        Good("def f(xs, key=None, max=None):\n    for filter in xs:\n        xs = filter(xs)\n    return max(xs)\n"),
        Good("def f(print=print):\n    print('x')\n"),
        Good("total = sum([1])\nsum = 3\n"),
        Good("class A:\n    id = 1\n\n    def f(self):\n        return id(self)\n"),
        Good("if old:\n    input = raw_input\ninput('x')\n"),
    ),
    misses=(Miss("def f(dict):\n    return dict(a=1)  # finding\n", why="a parameter may be a function"),),
)
