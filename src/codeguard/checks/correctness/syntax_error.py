"""The file does not parse, so nothing in it can run.

Importing or running it raises SyntaxError before its first line does anything.  Chat text around the code and a text
that was cut off have checks of their own; this one reports what neither explains, at the place that the parser names.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._broken import breakage
from codeguard.model import Confidence, Severity, Span
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report the first problem that neither chat text nor a missing end explains."""
    if unit.problem is None:
        return
    problem = unit.fact(breakage).problem
    if problem is not None:
        end = max(len(unit.original_line(problem.line)), problem.column + 1)
        where = Span(problem.line, problem.column, problem.line, end)
        yield Hit(where, f"The file does not parse ({problem.message}), so importing or running it raises SyntaxError")


CHECK = Check(
    id="CGC001",
    name="syntax-error",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ruff:invalid-syntax",),
    find=find,
    fix="Correct the statement so that the file parses.",
    bad=(
        Bad("def f(x):\n    if x = 1:  # finding\n        return x\n    return 0\n"),
        Bad("def f(x):\n    return x +* 2  # finding\n\n\nprint(f(1))\n"),
        Bad("total = 1\nprint 'total', total  # finding\ntotal += 1\n"),
    ),
    good=(
        Good("def f(x):\n    if (y := x) == 1:\n        return y\n    return 0\n"),
        Good("match command:\n    case ['go', where]:\n        print(where)\n"),
        Good("```python\nprint('chat text has its own check')\n```\n"),
        Good("def f(x):\n    return g(x, [1, 2\n"),
    ),
    misses=(
        Miss("def f():\n    x = 1 = 2\n    y = = 3\n    z = 4  # finding\n", why="only the first problem is told"),
    ),
)
