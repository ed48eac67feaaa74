"""The text stops in the middle of a statement: the rest of the code is missing.

A model's answer that reaches its length limit ends wherever it is: in an open bracket or string, in half a statement,
or after the head of a block.  Ask for the rest; what was meant cannot be guessed.  The check reports a file that
would parse if only something followed its last line.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._broken import breakage
from codeguard.model import Confidence, Severity, Span
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report the last line of a text that lacks its end."""
    if unit.problem is None:
        return
    cut = unit.fact(breakage).cut
    if cut is not None:
        line = unit.original_line(cut.line)
        where = Span(cut.line, len(line) - len(line.lstrip()), cut.line, len(line.rstrip()))
        yield Hit(where, f"The text stops here without {cut.missing}, so the file does not parse and code is missing")


CHECK = Check(
    id="CGC003",
    name="truncated-output",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Have the rest of the file written; do not close the statement by guesswork.",
    bad=(
        Bad("def f(x):\n    return g(x, [1, 2  # finding\n"),
        Bad('def f(x):\n    """Say what this is\n    and how it  # finding\n'),
        Bad("def f(x):\n    if x and x[1]  # finding\n"),
        Bad("class A:\n    def f(self):\n        return 1\n\n    def g(self):  # finding\n"),
        Bad("def f(x):\n    try:\n        return int(x)\n    except Val  # finding\n"),
        Bad("def f(x):\n    try:\n        y = int(x)\n        return y  # finding\n"),
        Bad("import os\n\n\n@decorate  # finding\n"),
        Bad("def f(x):\n    return f'{x  # finding\n"),
    ),
    good=(
        Good("def f(x):\n    return g(x, [1, 2])\n"),
        Good("def f(x):\n    y = g(x, [1, 2\n    return y\n"),
        Good("def f(x): ...\n"),
        Good("def f(x):\n    return x y\n"),
    ),
    misses=(Miss("def f(x):\n    total = g(x)\n    retur  # finding\n", why="half a word is a valid name"),),
)
