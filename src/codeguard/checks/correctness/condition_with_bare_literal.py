"""A condition such as `x == "a" or "b"`: the text on its own is always true.

`or` does not distribute over `==`: Python reads `(x == "a") or "b"`, which holds for every `x`.  Write
`x in ("a", "b")`, or repeat the comparison.  Source: the Python reference, "Boolean operations".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal

COMPARES = (cst.Equal, cst.NotEqual, cst.In, cst.NotIn, cst.Is, cst.IsNot)


def find(node: cst.BooleanOperation, unit: Unit) -> Iterator[Hit]:
    """Report a literal that stands beside a comparison in a condition."""
    literal_side, other = node.right, node.left
    known = literal(literal_side)
    if known is None or not isinstance(known.value, (str, bytes, int, float)) or isinstance(literal_side, cst.Name):
        return
    while isinstance(other, cst.BooleanOperation):
        other = other.right
    if not isinstance(other, cst.Comparison) or not any(isinstance(t.operator, COMPARES) for t in other.comparisons):
        return
    compared = other.comparisons[0].comparator
    if literal(compared) is None or not _is_condition(node, unit):
        return
    always = "true" if known.value else "false"
    yield Hit(
        literal_side,
        f"`{text(literal_side)}` is not compared with `{text(other.left)}`: on its own it is always {always}",
    )


def _is_condition(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether only the truth of the whole expression counts, or it is the value of a function that tells."""
    child, parent = node, unit.parent(node)
    while isinstance(parent, (cst.BooleanOperation, cst.UnaryOperation)):
        child, parent = parent, unit.parent(parent)
    if isinstance(parent, (cst.If, cst.While, cst.Assert, cst.IfExp)):
        return parent.test is child
    return isinstance(parent, (cst.CompIf, cst.Return))


CHECK = Check(
    id="CGC048",
    name="condition-with-bare-literal",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(571,),
    aliases=("ruff:SIM222", "ruff:SIM223"),
    hints=(" or ", " and "),
    nodes=(cst.BooleanOperation,),
    find=find,
    fix="Write `x in (a, b)`, or compare with each value.",
    bad=(
        Bad("def f(x):\n    if x == 'a' or 'b':  # finding\n        return 1\n"),
        Bad("def f(x):\n    while x != 1 and 2:  # finding\n        x += 1\n"),
        Bad("def f(x):\n    return x == 'yes' or 'y' or 'ok'  # finding\n"),
    ),
    good=(
        Good("def f(x):\n    if x == 'a' or x == 'b':\n        return 1\n"),
        Good("def f(x):\n    name = x or 'default'\n    if x in ('a', 'b') or name:\n        return name\n"),
        Good("def f(x):\n    return x.name or 'unknown'\n"),
        Good("def f(x):\n    label = x == 1 and 'one' or 'many'\n    return label\n"),
        Good("def f(x):\n    if x == 'a' and True:\n        return 1\n"),
    ),
    misses=(Miss("B = 'b'\nif x == 'a' or B:  # finding\n    pass\n", why="names may be meant as they stand"),),
)
