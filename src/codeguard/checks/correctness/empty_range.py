"""A `range` that is always empty: it counts down without a negative step, or up with one.

The loop never runs: `range(10, 0)` gives nothing.  Write `range(10, 0, -1)`.  Source: the Python documentation,
"Ranges".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a range whose bounds and step, as far as they are written there, leave nothing."""
    if (
        not 2 <= len(call.args) <= 3
        or any(a.keyword or a.star for a in call.args)
        or within(call, unit, cst.Assert, cst.Comparison)
    ):
        return
    start, stop = call.args[0].value, call.args[1].value
    step = 1
    if len(call.args) == 3:
        known = literal(call.args[2].value)
        if known is None or type(known.value) is not int:
            return
        step = known.value
    if step == 0:
        yield Hit(call, "`range` with step 0 raises ValueError")
        return
    first, last = _bound(start), _bound(stop)
    if first is None or last is None:
        return
    (sized_first, first_offset), (sized_last, last_offset) = first, last
    empty: bool
    if not sized_first and not sized_last:
        empty = first_offset > last_offset if step > 0 else first_offset < last_offset
    elif sized_first and sized_last:
        return
    else:
        # `len(x) - 1` up to 0, or 0 down to `len(x)`: empty but for the shortest sequences
        empty = (step > 0 and last_offset <= 0) if sized_first else (step < 0 and first_offset <= 0)
    if empty:
        missing = "a negative step" if step > 0 else "a positive step"
        yield Hit(
            call,
            f"`range({text(start)}, {text(stop)}{', ' + str(step) if len(call.args) == 3 else ''})` is empty: it needs {missing}",
        )


def _bound(node: cst.BaseExpression) -> tuple[str, int] | None:
    """(`x`, k) for `len(x) + k`, ("", k) for the integer k; None for anything else."""
    known = literal(node)
    if known is not None:
        return ("", known.value) if type(known.value) is int else None
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value == "len"
        and len(node.args) == 1
    ):
        return text(node.args[0].value), 0
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Subtract)):
        left, right = _bound(node.left), literal(node.right)
        if left is not None and right is not None and type(right.value) is int:
            return left[0], left[1] + (right.value if isinstance(node.operator, cst.Add) else -right.value)
    return None


CHECK = Check(
    id="CGC044",
    name="empty-range",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(1164,),
    calls=("builtins.range",),
    find=find,
    fix="Give the range a step in the direction that it counts, or swap its bounds.",
    bad=(
        Bad("for n in range(10, 0):  # finding\n    print(n)\n"),
        Bad("def f(xs):\n    for i in range(len(xs) - 1, 0):  # finding\n        print(xs[i])\n"),
        Bad("for n in range(0, 10, -1):  # finding\n    print(n)\n"),
        Bad("print(list(range(1, 5, 0)))  # finding\n"),
    ),
    good=(
        Good("for n in range(10, 0, -1):\n    print(n)\n"),
        Good("def f(xs, n):\n    for i in range(len(xs) - 1, -1, -1):\n        print(xs[i], range(n, 0))\n"),
        Good("assert list(range(3, 0)) == []\nprint(range(0, 0))\n"),
    ),
    misses=(
        Miss(
            "low, high = 9, 1\nfor n in range(low, high):  # finding\n    print(n)\n", why="variables are not followed"
        ),
    ),
)
