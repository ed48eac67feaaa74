"""A Markdown fence or the prose of a chat stands in the file, which therefore does not parse.

A model's answer was saved whole: the fences around the code and the sentences before and after it are no Python.
Save only what stands between the fences.  Fences in docstrings, strings and comments are text and stay silent.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._broken import breakage
from codeguard.model import Confidence, Severity, Span
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each run of chat text once, at its first line."""
    if unit.problem is None:
        return
    for block in unit.fact(breakage).chat:
        if block.silent:
            continue
        line = unit.original_line(block.start)
        where = Span(block.start, len(line) - len(line.lstrip()), block.start, len(line.rstrip()))
        if block.fence:
            yield Hit(where, f"The Markdown fence `{block.fence}` is no Python, so the file does not parse")
        else:
            yield Hit(where, "This sentence is no Python, so the file does not parse")


CHECK = Check(
    id="CGC002",
    name="markdown-fence-in-code",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Keep only the code: remove the fences and the sentences around it.",
    bad=(
        Bad("```python  # finding\ndef f():\n    return 1\n```\n"),
        Bad("Here is the function that you asked for:  # finding\n\n```python\ndef f():\n    return 1\n```\n"),
        Bad("```  # finding\nprint(1)\n```\n\nThis code prints the number one and returns.  # finding\n"),
        Bad(
            "import os\n\n\ndef f():\n    return os.getcwd()\n\n\nNote that this needs Python 3.10 or newer.  # finding\n"
        ),
        Bad("def f():\n    return 1\n```  # finding\n"),
    ),
    good=(
        Good('"""Usage:\n\n```python\nf()\n```\n"""\n\n\ndef f():\n    return 1\n'),
        Good("# ```python\n# f()\n# ```\nTEXT = '''\n```\ncode\n```\n'''\n"),
        Good("def f():\n    return 1\n"),
    ),
    misses=(
        Miss("Sure!  # finding\n\ndef f():\n    return 1\n", why="one word is no sentence: it may be broken code"),
    ),
)
