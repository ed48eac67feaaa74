"""A regular expression that takes exponential time to fail.

In `(\\w+\\s?)*$` a text of n letters can be split over the two repetitions in 2^n ways, and the matcher tries them all
before it gives up: thirty characters keep a processor busy for minutes.  Write the repetition once (`[\\w\\s]*$`), give
it a bound, or make its parts end in a character that they do not contain.  See CWE-1333.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._backtracking import verdict
from codeguard.checks.security._patterns import HINTS, patterns
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report a constant pattern whose repetitions are nested so that one text can be split in many ways."""
    for written in patterns(unit):
        if verdict(written.pattern, written.flags, whole=written.whole) == "exponential":
            yield Hit(
                written.node,
                "nested repetitions in this pattern can split one text in exponentially many ways, so a short text hangs it",
            )


CHECK = Check(
    id="CGS006",
    name="exponential-regular-expression",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(1333, 400),
    hints=HINTS,
    find=find,
    fix="Write the repetition once, or give it a bound.",
    bad=(
        Bad("import re\n\nWORDS = re.compile(r'^(\\w+\\s?)*$')  # finding\n"),
        Bad("import re\n\ndef is_path(text):\n    return re.match(r'/([\\w.-]*)*/?$', text)  # finding\n"),
        Bad("import re\n\ndef quoted(text):\n    return re.fullmatch(r'(\\w+|-)*', text)  # finding\n"),
        Bad("import re\n\nPATTERN = r'^(x+x+)+y'\n\ndef hit(text):\n    return re.search(PATTERN, text)  # finding\n"),
    ),
    good=(
        Good("import re\n\nWORDS = re.compile(r'^[\\w\\s]*$')\n"),
        Good("import re\n\nHOST = re.compile(r'^([a-z0-9-]+\\.)+[a-z]{2,}$')\n"),
        Good("import re\n\nPATH = re.compile(r'([/\\w .-]{0,300})/?$')\n"),
        Good('import re\n\nSTRING = re.compile(r\'"(?:[^"\\\\]|\\\\.)*"\')\n'),
        Good("import re\n\nPREFIX = re.compile(r'(\\w+)*')\n"),
    ),
    misses=(
        Miss(
            "import re\n\nre.compile(r'^(ab|a|b)*$')  # finding\n",
            why="alternatives of different length are not compared",
        ),
    ),
)
