"""A comment stands where code must be: "rest of the code remains the same".

A model that edits a file often writes only what it changed and stands a comment in for the rest; saved as it is, that
code is gone.  The same goes for comments that ask the reader to write the code.  Put the code itself there.  The
check knows such comments by their whole text: a comment that merely mentions the rest of something is silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._placeholders import elisions
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report every comment that stands for code."""
    for span, says in unit.fact(elisions).values():
        yield Hit(span, f'The comment "{says}" stands where code must be: what it stands for is not in this file')


CHECK = Check(
    id="CGC004",
    name="elided-code",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    find=find,
    fix="Put the code that the comment stands for in its place.",
    bad=(
        Bad("def f(x):\n    y = x + 1\n    # ... rest of the code remains the same ...  # finding\n"),
        Bad("class A:\n    def f(self):\n        return 1\n\n    # existing methods unchanged  # finding\n"),
        Bad("import os\n\n# ... (existing code) ...  # finding\n\ndef f():\n    return os.sep\n"),
        Bad(
            "def f(kind):\n    if kind == 1:\n        return 'a'\n    # ... and so on for the remaining cases  # finding\n"
        ),
        Bad("def f(x):\n    y = x * 2\n    # your code here  # finding\n\n\nf(1)\n"),
        Bad(
            "def f(rows):\n    for row in rows:\n        # Add your cleaning logic here  # finding\n        pass\n    return rows\n"
        ),
        Bad("def f(x):\n    a = g(x)\n    # implementation omitted for brevity  # finding\n    return a\n"),
    ),
    good=(
        Good("def f(x):\n    # The rest of the code assumes a positive number.\n    return abs(x)\n"),
        Good("def f(x):\n    # other imports happen when the plugin is loaded\n    return x\n"),
        Good("def f(x):\n    # First the names ...\n    # ... and then the rest of the methods.\n    return x\n"),
        Good("TEXT = '''\n# ... rest of the code ...\n'''\n"),
        Good("def f(x):\n    # your code here\n    return x * 2\n"),
        Good("def f(x):\n    y = x  # same as before\n    return y\n"),
        Good("class A:\n    # Other methods\n\n    def f(self):\n        return 1\n"),
    ),
    misses=(
        Miss(
            "def f(x):\n    # (I left the parsing as you had it)  # finding\n    return x\n",
            why="free wording is not understood",
        ),
    ),
)
