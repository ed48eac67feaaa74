"""A built-in function is named where its result is meant: the call's parentheses are missing.

A function is always true, and never equal to a value: `return any` gives the function `any`, `if ready or all:` is
always true.  Reported where the text shows that a value was meant: as an operand of `and`, `or`, `not`, of a comparison
or of arithmetic, as a condition, and as the result of a function that elsewhere gives a bool, a number or a text.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import own_nodes
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Functions whose result is a value; types (`int`, `str`) are values in their own right, and compared as such.
FUNCTIONS = frozenset(
    (
        "any",
        "all",
        "sum",
        "len",
        "min",
        "max",
        "abs",
        "round",
        "sorted",
        "input",
        "print",
        "open",
        "next",
        "iter",
        "hasattr",
    )
)
Place = cst.BooleanOperation | cst.UnaryOperation | cst.BinaryOperation | cst.If | cst.While | cst.Return
GIVEN = frozenset(("bool", "int", "float", "str"))


def find(node: Place, unit: Unit) -> Iterator[Hit]:
    """Report a built-in function in the place of a value."""
    for name in _values(node):
        if isinstance(name, cst.Name) and name.value in FUNCTIONS and unit.name(name) == f"builtins.{name.value}":
            if isinstance(node, cst.BooleanOperation) and not _is_tested(node, unit):
                continue
            if isinstance(node, cst.Return) and not _others_give_values(node, unit):
                continue
            yield Hit(
                name,
                f"`{name.value}` is the function itself, not its result: the call is missing, and this is always true",
            )


def _values(node: Place) -> tuple[cst.BaseExpression | None, ...]:
    """What stands in a node where only a value makes sense."""
    if isinstance(node, cst.BooleanOperation):
        return (node.right,)  # `key or len` chooses between functions, but for a condition
    if isinstance(node, cst.UnaryOperation):
        return (node.expression,) if isinstance(node.operator, cst.Not) else ()
    if isinstance(node, cst.BinaryOperation):
        return (node.left, node.right) if not isinstance(node.operator, cst.BitOr) else ()
    return (node.value,) if isinstance(node, cst.Return) else (node.test,)


def _is_tested(node: cst.BooleanOperation, unit: Unit) -> bool:
    """Whether the outcome is one of truth: another operand is a comparison, a negation, or the whole is a condition."""
    left: cst.CSTNode = node.left
    if isinstance(left, (cst.Comparison, cst.BooleanOperation)) or (
        isinstance(left, cst.UnaryOperation) and isinstance(left.operator, cst.Not)
    ):
        return True
    above = unit.parent(node)
    return isinstance(above, (cst.If, cst.While)) and above.test is node


def _others_give_values(node: cst.Return, unit: Unit) -> bool:
    """Whether every other `return` of the function gives a bool, a number or a text."""
    function = unit.function_of(node)
    if not isinstance(function, cst.FunctionDef):
        return False
    others = [n.value for n in own_nodes(function) if isinstance(n, cst.Return) and n is not node]
    return bool(others) and all(value is not None and unit.fact(kinds).of(value) in GIVEN for value in others)


CHECK = Check(
    id="CGC064",
    name="function-for-its-result",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(480,),
    nodes=(cst.BooleanOperation, cst.UnaryOperation, cst.BinaryOperation, cst.If, cst.While, cst.Return),
    find=find,
    fix="Call the function.",
    bad=(
        Bad("def ready(parts):\n    if not parts:\n        return False\n    return any  # finding\n"),
        Bad("def busy(n, waiting):\n    return n == 0 or (\n        any)  # finding\n"),
        Bad("def f(rows):\n    if len:  # finding\n        return rows\n"),
        Bad("def f(rows):\n    return 2 * len  # finding\n"),
    ),
    good=(
        Good("def ready(parts):\n    if not parts:\n        return False\n    return any(parts)\n"),
        Good("def choose(name):\n    if name == 'max':\n        return max\n    return min\n"),
        Good("def f(rows, key=None):\n    return sorted(rows, key=key or len)\n"),
        Good("def f(any):\n    return any or 1\n"),
        Good("def f(t):\n    return t is str or t == int or any is t\n"),
        Good("def f(all):\n    if all:\n        return 1\n"),
    ),
    misses=(
        Miss("def f(rows):\n    n = len  # finding\n    return n + 1\n", why="a function may be given another name"),
    ),
)
