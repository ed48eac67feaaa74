"""A loop whose body always leaves it in the first turn.

The `return` or `break` is usually indented one level too deep, or stands in both branches of an `if`: only the first
item is ever looked at.  Move it out of the loop or under its condition.  `for x in xs: return x`, the idiom for the
first item, is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._control import BREAK, CONTINUE, NEXT, RETURN, always_true, strict_paths
from codeguard.checks.correctness._shape import is_damaged, names_in, small_statements
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(loop: cst.For | cst.While, unit: Unit) -> Iterator[Hit]:
    """Report the statement that ends the first turn."""
    paths = unit.fact(strict_paths)
    ways = paths.block(loop.body)
    if ways & (NEXT | CONTINUE) or not ways & (RETURN | BREAK):
        return
    statements = list(small_statements(loop.body.body))
    last = next((s for s in statements if not paths.statement(s) & NEXT), statements[-1])
    if isinstance(last, cst.Raise) or is_damaged(loop, unit):
        return
    if isinstance(loop, cst.While):
        # `while True: ... break` is a block to break out of; `while x: return y` is an `if`.
        if always_true(loop.test) or len(statements) == 1 or loop.orelse is not None:
            return
    elif loop.asynchronous is not None or _takes_first(loop, statements, last):
        return
    yield Hit(
        last,
        f"The loop ends here in its first turn: {'its later items are never looked at' if isinstance(loop, cst.For) else 'it never repeats'}",
    )


def _takes_first(loop: cst.For, statements: list[cst.CSTNode], last: cst.CSTNode) -> bool:
    """Whether the loop is there to get at the first item: it uses that item right away, without any condition."""
    if len(statements) == 1:
        return not isinstance(last, (cst.If, cst.With, cst.For, cst.While, cst.Match))
    if isinstance(last, cst.Break):
        return len(statements) <= 2 or loop.orelse is not None
    if not isinstance(last, cst.Return) or last.value is None:
        return False
    targets = {n.value for n in names_in(loop.target)}
    simple = all(isinstance(s, (cst.Assign, cst.AnnAssign, cst.Del)) for s in statements[:-1])
    return simple and len(statements) <= 3 and any(n.value in targets for n in names_in(last.value))


CHECK = Check(
    id="CGC010",
    name="loop-ends-in-first-turn",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    nodes=(cst.For, cst.While),
    find=find,
    fix="Move the statement out of the loop, or under the condition that it belongs to.",
    bad=(
        Bad("def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n        return s  # finding\n"),
        Bad(
            "def has(xs, y):\n    for x in xs:\n        if x == y:  # finding\n            return True\n        else:\n            return False\n"
        ),
        Bad("def f(xs):\n    for x in xs:\n        work(x)\n        log(x)\n        break  # finding\n"),
        Bad("def f(n):\n    while n > 0:\n        n -= 1\n        return n  # finding\n"),
    ),
    good=(
        Good("def total(xs):\n    s = 0\n    for x in xs:\n        s += x\n    return s\n"),
        Good("def first(xs):\n    for x in xs:\n        return x\n    return None\n"),
        Good("def first(rows):\n    for row in rows:\n        name = row[0]\n        return name, row\n"),
        Good("def f():\n    while True:\n        if a():\n            break\n        b()\n        break\n"),
        Good(
            "def f(xs):\n    for x in xs:\n        try:\n            return int(x)\n        except ValueError:\n            continue\n"
        ),
        Good("def f(bad):\n    for name in bad:\n        raise KeyError(name)\n"),
        Good("def f(xs):\n    for x in xs:\n        if x:\n            return x\n"),
    ),
    misses=(
        Miss(
            "def f(xs):\n    for x in xs:\n        y = g(x)\n        return y + x  # finding\n",
            why="it may want the first item only",
        ),
    ),
)
