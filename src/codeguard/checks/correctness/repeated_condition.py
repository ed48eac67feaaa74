"""A branch of an `if` chain has the same condition as one before it, so it never runs.

The chain was copied and the condition not changed: what the branch was for never happens.  Correct the condition, or
remove the branch.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

IMPURE = (cst.Call, cst.Await, cst.NamedExpr, cst.Yield, cst.Lambda)


def find(node: cst.If, unit: Unit) -> Iterator[Hit]:
    """Report each `elif` whose condition stands before it in the same chain."""
    above = unit.parent(node)
    if not isinstance(node.orelse, cst.If) or (isinstance(above, cst.If) and above.orelse is node):
        return
    seen: set[str] = set()
    part: cst.If | cst.Else | None = node
    while isinstance(part, cst.If):
        if not any(isinstance(n, IMPURE) and not _is_pure_call(n) for n in descend(part.test)):
            shown = text(part.test)
            if shown in seen:
                yield Hit(part.test, f"`{shown}` was asked before in this chain, so this branch never runs")
            seen.add(shown)
        part = part.orelse


def _is_pure_call(node: cst.CSTNode) -> bool:
    if not isinstance(node, cst.Call):
        return False
    name = node.func.attr.value if isinstance(node.func, cst.Attribute) else getattr(node.func, "value", "")
    return name in {
        "isinstance",
        "len",
        "startswith",
        "endswith",
        "isdigit",
        "lower",
        "upper",
        "strip",
        "issubclass",
        "hasattr",
        "callable",
    }


CHECK = Check(
    id="CGC049",
    name="repeated-condition",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(561,),
    hints=("elif",),
    nodes=(cst.If,),
    find=find,
    fix="Give the branch its own condition, or remove it.",
    bad=(
        Bad(
            "def f(x):\n    if x == 1:\n        return 'a'\n    elif x == 2:\n        return 'b'\n    elif x == 1:  # finding\n        return 'c'\n"
        ),
        Bad(
            "def f(x):\n    if isinstance(x, int):\n        return 1\n    elif isinstance(x,  int):  # finding\n        return 2\n"
        ),
    ),
    good=(
        Good("def f(x):\n    if x == 1:\n        return 'a'\n    elif x == 2:\n        return 'b'\n"),
        Good("def f(q):\n    if q.get():\n        return 1\n    elif q.get():\n        return 2\n"),
        Good("def f(x):\n    if x:\n        return 1\n    if x:\n        return 2\n"),
    ),
    misses=(
        Miss(
            "def f(x):\n    if x > 1:\n        return 1\n    elif x > 2:  # finding\n        return 2\n",
            why="ranges are not compared",
        ),
    ),
)
