"""Directional controls in the text make code look other than it is.

The controls of Unicode's bidirectional algorithm reorder what a reader sees and change nothing for Python: a comment
seems to end, a condition seems to hold, a string seems to contain code.  Write them as escapes (`"\\u202e"`) where a
program needs them.  Text that runs right to left needs none of the overrides, and closes what it opens.  See
CVE-2021-42574, CWE-1007 and UAX #9.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._text import Text, inner, text
from codeguard.knowledge.malicious import characters
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each line whose controls are overrides, are left open, or enclose no right-to-left text."""
    if unit.original.isascii() or not characters.BIDI.search(unit.original):
        return
    whole = unit.fact(text)
    for number, start in enumerate(whole.lines, 1):
        end = whole.lines[number] - 1 if number < len(whole.lines) else len(whole.whole)
        line = whole.whole[start:end]
        match = characters.BIDI.search(line)
        if match is None:
            continue
        problem = _problem(line, start, whole)
        if problem:
            yield Hit(
                whole.span(start + match.start(), start + match.end()),
                f"{problem}, so that this line is not what it looks like",
            )


def _problem(line: str, start: int, whole: Text) -> str:
    """What is wrong with a line's controls; empty where nothing is."""
    stack: list[str] = []
    closed_badly = False
    for at, char in enumerate(line):
        if char not in characters.OPENS and char not in characters.CLOSES:
            continue
        token = whole.at(start + at)
        if token is None or token.kind == "name":
            return "A directional control stands between the parts of the code"
        if token.kind == "string" and not characters.BIDI.sub("", inner(token)).strip(" -,;|"):
            continue  # a table of the characters themselves
        if char in characters.OVERRIDES:
            return "A directional override reverses text"
        if char in characters.OPENS:
            stack.append(characters.OPENS[char])
        elif stack and stack[-1] == char:
            stack.pop()
        else:
            closed_badly = True
    if stack or closed_badly:
        return "Directional controls are opened and not closed"
    if not characters.RIGHT_TO_LEFT.search(line) and any(
        c in characters.OPENS and not _table(whole, start + at) for at, c in enumerate(line)
    ):
        return "Directional controls stand around text that needs none"
    return ""


def _table(whole: Text, offset: int) -> bool:
    token = whole.at(offset)
    return token is not None and token.kind == "string" and not characters.BIDI.sub("", inner(token)).strip(" -,;|")


CHECK = Check(
    id="CGM020",
    behaviour="show other code than it runs",
    name="bidirectional-control",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 1007),
    aliases=("bandit:B613", "ruff:PLE2502"),
    find=find,
    fix="Remove the controls, or write them as escapes.",
    bad=(
        Bad(
            "def is_admin(user):\n    level = 'user'\n    if level != 'user\u202e \u2066# check if admin\u2069 \u2066':  # finding\n        return True\n"
        ),
        Bad(
            "def pay(user):\n    '''Only staff. \u202e\u2066 if not user.staff: return \u2069 \u2066'''  # finding\n    transfer(user)\n"
        ),
        Bad("x = 1 #\u202b checked \u202c  # finding\n"),
    ),
    good=(
        Good("GREETINGS = {'he': '\u05e9\u05dc\u05d5\u05dd', 'ar': '\u0645\u0631\u062d\u0628\u0627'}\n"),
        Good(
            "BIDI = '\\u202a\\u202b\\u202e\\u2066'\n\ndef strip(s):\n    return ''.join(c for c in s if c not in BIDI)\n"
        ),
        Good("TITLE = '\u2067\u05e9\u05dc\u05d5\u05dd (v2)\u2069'\n"),
        Good("CONTROLS = ['\u202a', '\u202e', '\u2066']\n"),
    ),
    misses=(
        Miss(
            "TITLE = '\u2067\u05e9\u05dc\u05d5\u05dd if admin: \u2069'  # finding\n",
            why="closed controls around right-to-left text are taken for what they are meant for",
        ),
    ),
)
