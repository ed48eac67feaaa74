"""A `for` loop over a range changes its own variable to repeat or skip a turn.

The next turn takes the next number from the range, whatever the body did to the variable: `i -= 1` repeats nothing
and `i += 2` skips nothing.  Use a `while` loop.  Source: the Python reference, "The for statement".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word, names_in, small_statements, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend


def find(loop: cst.For, unit: Unit) -> Iterator[Hit]:
    """Report a change of the range's variable that nothing in the same turn reads."""
    if (
        not isinstance(loop.target, cst.Name)
        or not isinstance(loop.iter, cst.Call)
        or last_word(loop.iter.func) != "range"
        or not isinstance(loop.iter.func, cst.Name)
    ):
        return
    name = loop.target.value
    for node in descend(loop.body, into=lambda n: not isinstance(n, (cst.FunctionDef, cst.Lambda, cst.ClassDef))):
        if (
            isinstance(node, cst.AugAssign)
            and isinstance(node.target, cst.Name)
            and node.target.value == name
            and not _is_read_after(node, loop, unit)
        ):
            yield Hit(node, f"This changes nothing: the next turn of the loop takes the next number for `{name}`")


def _is_read_after(node: cst.AugAssign, loop: cst.For, unit: Unit) -> bool:
    """Whether the new value can be read: by what follows in the same turn, in an inner loop, or after the loop."""
    name = loop.target.value if isinstance(loop.target, cst.Name) else ""
    child: cst.CSTNode = node
    for above in unit.ancestors(node):
        if above is loop:
            break
        if isinstance(above, (cst.While, cst.For)):
            return True
        if isinstance(above, (cst.IndentedBlock, cst.SimpleStatementLine, cst.SimpleStatementSuite)):
            at = next((i for i, s in enumerate(above.body) if s is child), 0)
            for statement in small_statements(above.body[at + 1 :]):
                if isinstance(statement, (cst.Break, cst.Return, cst.Raise)):
                    return True
                if any(n.value == name for n in names_in(statement)):
                    return True
                if isinstance(statement, cst.Continue):
                    return False
        child = above
    function = unit.function_of(loop)
    after = unit.positions.offsets(loop)[1]
    root = function.body if isinstance(function, cst.FunctionDef) else unit.module
    return any(
        unit.positions.offsets(n)[0] >= after
        for n in uses_of(name, root, unit)
        if not isinstance(unit.parent(n), cst.For)
    )


CHECK = Check(
    id="CGC057",
    name="loop-variable-set-in-vain",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=("ruff:PLW2901",),
    hints=("range(",),
    nodes=(cst.For,),
    find=find,
    fix="Write the loop with `while`, and step the variable by hand.",
    bad=(
        Bad(
            "def f(s):\n    for i in range(len(s)):\n        if s[i] == 'x':\n            s = s[:i] + s[i + 1:]\n            i -= 1  # finding\n    return s\n"
        ),
        Bad("for i in range(10):\n    print(i)\n    if i % 3 == 0:\n        i += 2  # finding\n"),
    ),
    good=(
        Good("def f(s):\n    i = 0\n    while i < len(s):\n        i += 2\n    return s\n"),
        Good("for i in range(10):\n    i += 1\n    print(i)\n"),
        Good("for i in range(10):\n    while i > 3:\n        i -= 1\n"),
    ),
    misses=(
        Miss(
            "for i in range(10):\n    print(i)\n    i = i + 1  # finding\n",
            why="plain assignments are often new values",
        ),
    ),
)
