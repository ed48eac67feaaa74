"""A regular expression that takes quadratic time, or worse, to fail.

Two neighbouring repetitions that accept the same characters (`\\d+E?\\d+$`) can share a text in as many ways as it has
characters.  A long text, of a request body say, then takes seconds.  Make the repetitions differ, give them bounds, or
limit the length of the text before.  See CWE-1333.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._backtracking import verdict
from codeguard.checks.security._patterns import HINTS, patterns
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report a constant pattern with neighbouring repetitions of overlapping characters."""
    for written in patterns(unit):
        if verdict(written.pattern, written.flags, whole=written.whole) == "polynomial":
            yield Hit(
                written.node,
                "neighbouring repetitions in this pattern accept the same characters, so a long text takes quadratic time",
            )


CHECK = Check(
    id="CGS007",
    name="polynomial-regular-expression",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(1333, 400),
    hints=HINTS,
    profile=Profile.STRICT,
    find=find,
    fix="Make the repetitions accept different characters, or bound them.",
    bad=(
        Bad("import re\n\nNUMBER = re.compile(r'^0\\.\\d+E?\\d+$')  # finding\n"),
        Bad("import re\n\ndef trim(text):\n    return re.sub(r'\\s*\\s+;', ';', text)  # finding\n"),
    ),
    good=(
        Good("import re\n\nNUMBER = re.compile(r'^0\\.\\d+(E\\d+)?$')\n"),
        Good("import re\n\nPAIR = re.compile(r'^\\w+=\\d+$')\n"),
        Good("import re\n\nNUMBER = re.compile(r'^\\d{1,9}E?\\d{1,9}$')\n"),
    ),
)
