"""Both sides of a comparison, or of an `and` or `or`, are the same expression.

The outcome is always the same: one side is a slip for something else, often `other` for `self`.  `x != x`, the test
for NaN, is left alone where it may be one; so are tests of an object's own equality.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

IMPURE = (cst.Await, cst.Yield, cst.NamedExpr, cst.Lambda)
# Attributes that may well be a float, and so NaN.
NUMERIC = {
    "value",
    "val",
    "x",
    "y",
    "z",
    "w",
    "real",
    "imag",
    "number",
    "result",
    "data",
    "score",
    "mean",
    "std",
    "min",
    "max",
    "n",
}


def find(node: cst.Comparison | cst.BooleanOperation, unit: Unit) -> Iterator[Hit]:
    """Report a pair of neighbours that are the same."""
    if isinstance(node, cst.Comparison):
        left = node.left
        for target in node.comparisons:
            if _same(left, target.comparator) and not _is_meant(target.operator, left, unit):
                shown = text(left)
                yield Hit(node, f"`{shown}` is compared with itself: the outcome is always the same")
            left = target.comparator
    elif _same(node.left, node.right) and not isinstance(node.left, cst.Name):
        yield Hit(node, f"Both sides of this condition are `{text(node.left)}`: the second changes nothing")


def _same(left: cst.BaseExpression, right: cst.BaseExpression) -> bool:
    if left.__class__ is not right.__class__ or isinstance(
        left, (cst.Integer, cst.Float, cst.SimpleString, cst.Ellipsis)
    ):
        return False
    if isinstance(left, cst.Attribute) and left.attr.value != right.attr.value:  # type: ignore[attr-defined]
        return False
    if isinstance(left, cst.Name) and (left.value != right.value or left.value in {"True", "False", "None"}):  # type: ignore[attr-defined]
        return False
    for part in descend(left):
        if isinstance(part, IMPURE) or (isinstance(part, cst.Call) and (part is left or part.args)):
            return False  # two calls may give two things; `a.root().name` is read as one
    return text(left) == text(right)


def _is_meant(operator: cst.BaseCompOp, side: cst.BaseExpression, unit: Unit) -> bool:
    """Whether the comparison may be a test for NaN, or of equality itself."""
    function = unit.function_of(side)
    if isinstance(function, cst.FunctionDef) and function.name.value.startswith(("test", "assert", "check")):
        return True
    if isinstance(operator, (cst.Equal, cst.NotEqual)):
        if isinstance(side, cst.Attribute):
            return isinstance(operator, cst.NotEqual) and side.attr.value in NUMERIC
        return not (isinstance(side, cst.Name) and isinstance(function, cst.FunctionDef)) or _may_be_nan(
            side, function, unit
        )
    return within(side, unit, cst.Assert, until=(cst.FunctionDef,)) and isinstance(side, cst.Name)


def _may_be_nan(side: cst.Name, function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a name can hold NaN, as far as the function tells: it says so, or what it does is arithmetic.

    A name that is also compared, called or indexed as no number is, or that stands in the branch of a chain about it,
    is none.
    """
    kind = unit.fact(kinds).of(side)
    if kind is not None:
        return kind in {"float", "complex"}
    if len(side.value) == 1 or side.value in NUMERIC or "nan" in unit.source(function).lower():
        return True
    test = next(
        (a for a in unit.ancestors(side) if isinstance(a, (cst.If, cst.While, cst.IfExp, cst.FunctionDef))), None
    )
    return not isinstance(test, (cst.If, cst.While))


CHECK = Check(
    id="CGC013",
    name="comparison-with-itself",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(570, 571),
    aliases=("ruff:PLR0124", "ruff:SIM220", "ruff:SIM221"),
    nodes=(cst.Comparison, cst.BooleanOperation),
    find=find,
    fix="Compare with what was meant.",
    bad=(
        Bad(
            "class P:\n    def __eq__(self, other):\n        return self.x == other.x and self.y == self.y  # finding\n"
        ),
        Bad("def f(axis, ndim):\n    if axis < -ndim or axis >= axis:  # finding\n        raise ValueError(axis)\n"),
        Bad("def f(a, b):\n    if a.kind is a.kind:  # finding\n        return b\n"),
        Bad("def f(node):\n    if node.root().name == node.root().name:  # finding\n        return node\n"),
        Bad("def f(x):\n    return x.ready and x.ready  # finding\n"),
        Bad(
            "def f(level):\n    if level == 9:\n        return 2\n    elif level == level:  # finding\n        return 4\n"
        ),
        Bad("def f(close, close_2):\n    if close != close:  # finding\n        return False\n"),
    ),
    good=(
        Good("class P:\n    def __eq__(self, other):\n        return self.x == other.x and self.y == other.y\n"),
        Good("def is_nan(x):\n    return x != x\n"),
        Good("def f(value):\n    if value != value:\n        return 'missing'\n"),
        Good("def f(price):\n    if price != price:  # NaN\n        return 'missing'\n"),
        Good("def f(price):\n    missing = price != price\n    return missing\n"),
        Good("def test_equality(p):\n    assert p == p\n"),
        Good("def f(q):\n    return q.get() == q.get()\n"),
        Good("def f(a):\n    return a[0] == a[1] and 1 == 1\n"),
    ),
    misses=(Miss("def f(size):\n    return size == size  # finding\n", why="a plain name may be tested for NaN"),),
)
