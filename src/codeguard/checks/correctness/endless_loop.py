"""A `while` loop whose condition nothing in the loop can change, and that nothing leaves.

The condition compares local variables that the body never binds again, so the loop never ends.  The step, such as
`i += 1`, is missing or changes another variable.  Source: CWE-835.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import NUMBERS, kinds
from codeguard.checks.correctness._shape import names_in
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

LEAVES = (cst.Break, cst.Return, cst.Raise, cst.Yield, cst.Await)
PLAIN = (
    cst.Name,
    cst.Integer,
    cst.Float,
    cst.SimpleString,
    cst.Comparison,
    cst.ComparisonTarget,
    cst.BooleanOperation,
    cst.UnaryOperation,
    cst.BinaryOperation,
)
CHANGES = {
    "append",
    "pop",
    "popleft",
    "remove",
    "clear",
    "add",
    "discard",
    "extend",
    "update",
    "insert",
    "appendleft",
    "popitem",
}


def find(loop: cst.While, unit: Unit) -> Iterator[Hit]:
    """Report a loop whose condition is as true after a turn as before it."""
    names = _condition(loop.test, unit)
    function = unit.function_of(loop)
    if not names or isinstance(function, cst.Lambda) or not all(_is_fixed(n, function, unit) for n in names):
        return
    for node in descend(loop.body):
        if isinstance(node, LEAVES):
            return
        if isinstance(node, cst.Name) and node.value in names and _may_change(node, unit):
            return
        if isinstance(node, cst.Call) and unit.name(node.func) in {
            "sys.exit",
            "builtins.exit",
            "builtins.quit",
            "os._exit",
            "os.abort",
        }:
            return
    shown = ", ".join(f"`{name}`" for name in sorted(names))
    yield Hit(loop.test, f"The loop never changes {shown}, and nothing leaves it: once entered it never ends")


def _condition(test: cst.BaseExpression, unit: Unit) -> set[str]:
    """The variables of a condition made of names, numbers and comparisons alone; empty for any other condition."""
    operators = (cst.BaseCompOp, cst.BaseBooleanOp, cst.BaseUnaryOp, cst.BaseBinaryOp)
    if any(not isinstance(node, (*PLAIN, *operators)) for node in descend(test)):
        return set()
    names = {n.value for n in names_in(test)}
    return set() if names & {"True", "False", "None"} else names


def _is_fixed(name: str, function: cst.FunctionDef | None, unit: Unit) -> bool:
    """Whether a variable is the function's (or a script's) own, not shared with inner ones, and a number or text."""
    scope = unit.scopes.module if function is None else unit.scopes.of(function)
    bindings = scope.bindings.get(name, [])
    if not bindings or name in scope.global_names | scope.nonlocal_names:
        return False
    if any(name in inner.nonlocal_names | inner.global_names for inner in unit.scopes.all()):
        return False
    for binding in bindings:
        kind = unit.fact(kinds).of(binding.value) if binding.kind in {"assign", "augment"} else None
        if kind not in {*NUMBERS, "str"} and binding.kind != "param":
            return False
    return True


def _may_change(name: cst.Name, unit: Unit) -> bool:
    """Whether a use may give the variable another value, or change the object that it holds."""
    parent = unit.parent(name)
    if isinstance(parent, cst.Arg) and unit.fact(kinds).of(name) in {*NUMBERS, "str"}:
        return False  # no call can change a number or a text
    if isinstance(parent, (cst.Attribute, cst.Arg, cst.Subscript, cst.StarredElement)):
        return not isinstance(parent, cst.Attribute) or parent.value is name
    if isinstance(
        parent, (cst.Comparison, cst.ComparisonTarget, cst.BinaryOperation, cst.FormattedStringExpression, cst.Index)
    ):
        return False
    return not isinstance(parent, (cst.If, cst.BooleanOperation, cst.UnaryOperation, cst.Return)) and not _is_read(
        parent, name
    )


def _is_read(parent: cst.CSTNode | None, name: cst.Name) -> bool:
    return isinstance(parent, (cst.Assign, cst.AnnAssign, cst.AugAssign)) and parent.value is name


CHECK = Check(
    id="CGC042",
    name="endless-loop",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(835,),
    hints=("while",),
    nodes=(cst.While,),
    find=find,
    fix="Change the variable of the condition in the loop.",
    bad=(
        Bad("def f(xs):\n    i = 0\n    while i < 10:  # finding\n        print(xs[i])\n"),
        Bad("i = 0\nwhile i < 10:  # finding\n    print(i)\n"),
        Bad("def f(n):\n    i, total = 0, 0\n    j = 0\n    while j < n:  # finding\n        total += j\n"),
    ),
    good=(
        Good("def f(xs):\n    i = 0\n    while i < 10:\n        print(xs[i])\n        i += 1\n"),
        Good("def f(n):\n    i = 0\n    while i < n:\n        if ready():\n            break\n"),
        Good(
            "running = 1\n\n\ndef stop():\n    global running\n    running = 0\n\n\nwhile running == 1:\n    print(1)\n"
        ),
        Good("def f(n):\n    while n:\n        n = step(n)\n"),
        Good("def f(box):\n    while box:\n        box.pop()\n"),
        Good("def f(n):\n    i = 0\n    while i < n:\n        for i in range(n):\n            print(i)\n"),
    ),
    misses=(
        Miss(
            "def f(box):\n    while box.left > 0:  # finding\n        print(box)\n",
            why="an attribute may change by itself",
        ),
    ),
)
