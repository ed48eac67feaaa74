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
from codeguard.model import Confidence, Severity
from codeguard.syntax.names import BUILTINS
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit

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
        if binding.value is call:
            return True
        kind = unit.fact(kinds).of(binding.value)
        return kind not in {None, "function", "NoneType"}
    if binding.kind == "loop":
        return unit.fact(kinds).of(binding.value) in {"range", "str", "bytes"}
    return binding.kind == "augment"


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
        Bad("str = 'a'\n\n\ndef f(x):\n    return str(x)  # finding\n"),
    ),
    good=(
        Good("items = [1, 2]\nprint(list('ab'))\n"),
        Good("def f(list):\n    return list('ab')\n"),
        Good("def f(print=print):\n    print('x')\n"),
        Good("total = sum([1])\nsum = 3\n"),
        Good("class A:\n    id = 1\n\n    def f(self):\n        return id(self)\n"),
        Good("if old:\n    input = raw_input\ninput('x')\n"),
    ),
    misses=(Miss("def f(dict):\n    return dict(a=1)  # finding\n", why="a parameter may be a function"),),
)
