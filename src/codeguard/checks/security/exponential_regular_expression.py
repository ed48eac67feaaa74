"""A regular expression that takes exponential time to fail.

In `(\\w+\\s?)*$` a text of n letters can be split over the two repetitions in 2^n ways, and the matcher tries them all
before it gives up: thirty characters keep a processor busy for minutes.  Write the repetition once (`[\\w\\s]*$`), give
it a bound, or make its parts end in a character that they do not contain.  See CWE-1333.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._backtracking import verdict
from codeguard.checks.security._patterns import HINTS, Written, patterns
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

MATCHING = frozenset({"match", "search", "fullmatch", "findall", "finditer", "sub", "split"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report such a pattern: where a text meets it, if the file does that, else where it is written."""
    for written in patterns(unit):
        if verdict(written.pattern, written.flags, whole=written.whole) != "exponential":
            continue
        uses = _uses(unit, written)
        for place in uses or (written.node,):
            yield Hit(
                place,
                "nested repetitions in this pattern can split one text in exponentially many ways, so a short text hangs it",
            )


def _uses(unit: Unit, written: Written) -> list[cst.Call]:
    """The calls that match a text with a pattern that the module compiles to a name."""
    statement = unit.parent(written.call)
    if written.function != "re.compile" or not isinstance(statement, cst.Assign):
        return []
    target = statement.targets[0].target
    if not isinstance(target, cst.Name) or unit.scopes.at(statement) is not unit.scopes.module:
        return []
    return [
        call
        for call in unit.nodes(cst.Call)
        if isinstance(call.func, cst.Attribute)
        and isinstance(call.func.value, cst.Name)
        and call.func.value.value == target.value
        and call.func.attr.value in MATCHING
        and call.args
        and unit.constant(call.args[-1].value) is None
    ]


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
        Bad(
            "import re\n\nNAME = re.compile(r'^([a-z0-9]+-?)+$')\n\ndef ok(text):\n    return NAME.match(text)  # finding\n"
        ),
        Bad("import re\n\nWORDS = re.compile(r'^(\\w+\\s?)*$')  # finding\n"),
        Bad("import re\n\ndef is_path(text):\n    return re.match(r'/([\\w.-]*)*/?$', text)  # finding\n"),
        Bad("import re\n\ndef quoted(text):\n    return re.fullmatch(r'(\\w+|-)*', text)  # finding\n"),
        Bad("import re\n\nPATTERN = r'^(x+x+)+y'\n\ndef hit(text):\n    return re.search(PATTERN, text)  # finding\n"),
    ),
    good=(
        Good(
            "import re\n\nNAME = re.compile(r'^[a-z0-9]+(-[a-z0-9]+)*$')\n\ndef ok(text):\n    return NAME.match(text)\n"
        ),
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
