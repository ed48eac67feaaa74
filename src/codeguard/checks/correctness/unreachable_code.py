"""Code follows a statement that control never gets past: `return`, `raise`, an endless loop.

What stands there never runs: usually a line is indented wrongly, or left over from an edit.  Move it before the
statement, or remove it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._control import EXIT_WORDS, NEXT, strict_paths
from codeguard.checks.correctness._shape import is_damaged, last_word, small_statements
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

JUMPS = (cst.Return, cst.Raise, cst.Break, cst.Continue)
NAMES = {cst.Return: "return", cst.Raise: "raise", cst.Break: "break", cst.Continue: "continue"}


def find(block: cst.IndentedBlock | cst.Module, unit: Unit) -> Iterator[Hit]:
    """Report the first statement of a block that cannot be reached."""
    if len(block.body) < 2 and not (
        block.body and isinstance(block.body[0], cst.SimpleStatementLine) and len(block.body[0].body) > 1
    ):
        return
    paths = unit.fact(strict_paths)
    statements = list(small_statements(block.body))
    for index, statement in enumerate(statements[:-1]):
        if paths.statement(statement) & NEXT:
            continue
        after = statements[index + 1 :]
        if not _is_deliberate(statement, after) and not is_damaged(block, unit):
            yield Hit(after[0], f"This never runs: {_reason(statement)} before it")
        return


def _reason(statement: cst.CSTNode) -> str:
    if isinstance(statement, JUMPS):
        return f"`{NAMES[type(statement)]}` ends the block"
    if isinstance(statement, cst.While):
        return "the endless loop stands"
    if isinstance(statement, cst.Expr):
        return "the call never returns"
    if isinstance(statement, cst.Assert):
        return "the assertion always fails"
    return "every way through the statement leaves the block"


def _is_deliberate(cause: cst.CSTNode, after: Sequence[cst.CSTNode]) -> bool:
    """A `yield` that makes a generator of the function, or one last statement for type checkers and readers."""
    if any(isinstance(node, cst.Yield) for statement in after for node in descend(statement)):
        return True
    last = after[0]
    if len(after) > 1 or isinstance(last, cst.Pass):
        return isinstance(last, cst.Pass)
    if isinstance(last, (cst.Break, cst.Continue)) or (isinstance(last, cst.Return) and last.value is None):
        return True
    if isinstance(last, cst.Expr) and isinstance(last.value, cst.Call):
        return bool(EXIT_WORDS.match(last_word(last.value.func)))
    if isinstance(last, (cst.Raise, cst.Assert)):
        return True
    if isinstance(cause, cst.While) and isinstance(last, cst.Return) and isinstance(last.value, cst.Name):
        return last.value.value in {"None", "True", "False"}  # what the loop has gathered is meant to get out
    return isinstance(last, cst.Return) and not isinstance(cause, (cst.Return, cst.Break, cst.Continue))


CHECK = Check(
    id="CGC009",
    name="unreachable-code",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(561,),
    nodes=(cst.IndentedBlock, cst.Module),
    find=find,
    fix="Move the code before the statement that ends the block, or remove it.",
    bad=(
        Bad("def f(x):\n    return x + 1\n    print(x)  # finding\n"),
        Bad("def poll():\n    while True:\n        work()\n    log('stopped')  # finding\n"),
        Bad(
            "def f(x):\n    if x:\n        raise ValueError(x)\n    else:\n        return 1\n    x += 1  # finding\n    return x\n"
        ),
        Bad("import sys\n\ndef main():\n    sys.exit(1)\n    clean_up()  # finding\n    return 1\n"),
        Bad("def f(conn):\n    with conn:\n        return conn.run()\n    conn.close()  # finding\n"),
        Bad("for x in y:\n    continue\n    print(x)  # finding\n"),
    ),
    good=(
        Good("def f(x):\n    print(x)\n    return x + 1\n"),
        Good("def empty():\n    return\n    yield\n"),
        Good("def poll():\n    while True:\n        if done():\n            break\n    log('stopped')\n"),
        Good(
            "from contextlib import suppress\n\ndef f(d):\n    with suppress(KeyError):\n        return d['a']\n    return None\n"
        ),
        Good("def f(x):\n    try:\n        return int(x)\n    except ValueError:\n        pass\n    return 0\n"),
        Good("def f(kind):\n    while True:\n        work()\n    raise AssertionError('unreachable')\n"),
        Good("def f(x):\n    for y in x:\n        return y\n    return None\n"),
    ),
    misses=(
        Miss(
            "def f(x):\n    if x or not x:\n        return 1\n    print(x)  # finding\n",
            why="conditions are not evaluated",
        ),
    ),
)
