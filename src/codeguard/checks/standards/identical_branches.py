"""The two branches of an `if` are the same.

Generated code often keeps the shape of a decision whose content was lost: whatever the condition, the same statements
run.  Either a branch is wrong, or the condition is not needed.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(node: cst.If, unit: Unit) -> Iterator[Hit]:
    """Report an `if` whose `else` repeats its body; a lone `pass` or `...` says that nothing is to be done."""
    if not isinstance(node.orelse, cst.Else) or len(node.body.body) != len(node.orelse.body.body):
        return
    if all(_does_nothing(statement) for statement in node.body.body):
        return
    pairs = zip(node.body.body, node.orelse.body.body, strict=True)
    if all(one.deep_equals(two) for one, two in pairs):
        yield Hit(node, "Both branches of this `if` are the same, so its condition decides nothing")


def _does_nothing(statement: cst.CSTNode) -> bool:
    return isinstance(statement, cst.SimpleStatementLine) and all(isinstance(s, cst.Pass) for s in statement.body)


CHECK = Check(
    id="CGT003",
    name="identical-branches",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    nodes=(cst.If,),
    find=find,
    fix="Keep the statements once, or mend the branch that should differ.",
    bad=(
        Bad("def f(x):\n    if x:  # finding\n        return 1\n    else:\n        return 1\n"),
        Bad("if a == 1:\n    go()\nelif a == 2:  # finding\n    stop(a)\nelse:\n    stop(a)\n"),
    ),
    good=(
        Good("def f(x):\n    if x:\n        return 1\n    else:\n        return 2\n"),
        Good("if x:\n    pass\nelse:\n    pass\n"),
        Good("if a == 1:\n    go()\nelif a == 2:\n    go()\nelse:\n    stop()\n"),
    ),
)
