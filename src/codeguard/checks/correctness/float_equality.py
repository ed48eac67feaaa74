"""A computed float is compared for equality with a decimal fraction: `price * qty == 19.99`.

Most decimal fractions have no exact binary form, so the comparison fails for values that look equal
(`0.1 + 0.2 != 0.3`).  Use `math.isclose`, or `decimal.Decimal` and integers for money.  Source: the Python tutorial,
"Floating-Point Arithmetic: Issues and Limitations"; CWE-1339.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal

ARITHMETIC = (cst.Add, cst.Subtract, cst.Multiply, cst.Divide)


def find(node: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report `==` or `!=` between arithmetic and a fraction that no float holds exactly."""
    left = node.left
    for target in node.comparisons:
        right = target.comparator
        if isinstance(target.operator, (cst.Equal, cst.NotEqual)):
            for fraction, other in ((left, right), (right, left)):
                known = literal(fraction)
                if (
                    known is not None
                    and isinstance(known.value, float)
                    and _is_inexact(fraction, known.value)
                    and _is_computed(other)
                ):
                    if not within(node, unit, cst.Assert, until=(cst.FunctionDef,)):
                        yield Hit(
                            node, f"`{text(other)}` is a rounded float and hardly ever equals {text(fraction)} exactly"
                        )
                    return
        left = right


def _is_inexact(node: cst.BaseExpression, value: float) -> bool:
    """Whether the decimal that is written differs from the float that it becomes."""
    if not isinstance(node, cst.Float):
        return value != int(value) if abs(value) < 2**53 else False
    try:
        return Fraction(node.value.replace("_", "")) != Fraction(value)
    except (ValueError, OverflowError):
        return False


def _is_computed(node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "sum":
        return True
    return isinstance(node, cst.BinaryOperation) and isinstance(node.operator, ARITHMETIC)


CHECK = Check(
    id="CGC022",
    name="float-equality",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(1339, 682),
    aliases=("ruff:RUF069",),
    hints=("==", "!="),
    nodes=(cst.Comparison,),
    find=find,
    fix="Use `math.isclose`, or `decimal.Decimal` for money.",
    bad=(
        Bad("def paid(price, quantity):\n    return price * quantity == 19.99  # finding\n"),
        Bad("if 0.1 + 0.2 == 0.3:  # finding\n    print('equal')\n"),
        Bad("def full(parts):\n    if sum(parts) != 99.9:  # finding\n        raise ValueError(parts)\n"),
    ),
    good=(
        Good("import math\n\ndef paid(price, quantity):\n    return math.isclose(price * quantity, 19.99)\n"),
        Good("def half(x):\n    return x / 2 == 0.5 or x * 2 == 3.0\n"),
        Good("def zero(x):\n    return x == 0.1\n"),
        Good("def f(x):\n    return round(x * 3, 2) == 0.3\n"),
    ),
    misses=(
        Miss(
            "def paid(total):\n    return total == 19.99  # finding\n", why="a plain variable may hold that very float"
        ),
    ),
)
