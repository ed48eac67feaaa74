"""Characters that nobody sees stand in the code: in names, as hidden text, as terminal controls.

Two names that look alike are two variables; text in tag characters or variation selectors is read by a model or a
decoder and by nobody else; a line separator or an escape sequence shows other lines than those that run.  Write such
characters as escapes where a program needs them.  Emoji sequences and joiners of scripts that join are left alone.
See CWE-506, CWE-1007, UTS #39 and UTS #51.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._text import Text, Token, inner, text
from codeguard.knowledge.malicious import characters
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report the first such place of each line."""
    plain = unit.original.isascii() and "\x1b" not in unit.original and "\x08" not in unit.original
    if plain or not characters.ANY_ODD.search(unit.original):
        return
    whole = unit.fact(text)
    told: set[int] = set()
    for at, length, message, sure in _places(whole):
        line = whole.line(at)
        if line not in told:
            told.add(line)
            yield Hit(
                whole.span(at, at + length),
                message,
                confidence=None if sure else Confidence.MEDIUM,
                severity=None if sure else Severity.MEDIUM,
            )


def _places(whole: Text) -> Iterator[tuple[int, int, str, bool]]:
    code = whole.whole
    flags = [m.span() for m in characters.FLAG_SEQUENCE.finditer(code)]
    for match in characters.TAGS.finditer(code):
        if not any(a <= match.start() < b for a, b in flags):
            spelt = "".join(chr(ord(c) - 0xE0000) for c in match.group() if 0xE0020 <= ord(c) < 0xE007F)
            yield (
                match.start(),
                len(match.group()),
                f"Invisible tag characters spell `{spelt[:60]}` here, for a model and not for a reader",
                True,
            )
    for match in characters.SELECTORS.finditer(code):
        yield (
            match.start(),
            len(match.group()),
            f"A run of {len(match.group())} invisible variation selectors carries hidden data",
            True,
        )
    for match in characters.PRIVATE_RUN.finditer(code):
        yield (
            match.start(),
            len(match.group()),
            f"A run of {len(match.group())} private-use characters, which show as nothing or as boxes, carries hidden data",
            False,
        )
    for match in characters.INVISIBLE_RUN.finditer(code):
        token = whole.at(match.start())
        if not (token is not None and _table(token)):
            yield (
                match.start(),
                len(match.group()),
                f"A run of {len(match.group())} invisible characters carries hidden data",
                True,
            )
    for match in characters.INVISIBLE.finditer(code):
        yield from _single(whole, match.start(), match.group())
    for match in characters.LINE_BREAKS.finditer(code):
        token = whole.at(match.start())
        if token is not None and token.kind == "comment":
            yield (
                match.start(),
                1,
                "A line separator in this comment makes an editor show a line of code that is none",
                True,
            )
    for match in characters.TERMINAL.finditer(code):
        token = whole.at(match.start())
        if token is None or token.kind == "comment" or not _table(token):
            yield (
                match.start(),
                len(match.group()),
                "A control sequence of the terminal stands in the text: what is shown is not what runs",
                False,
            )


def _single(whole: Text, at: int, char: str) -> Iterator[tuple[int, int, str, bool]]:
    token = whole.at(at)
    name = f"U+{ord(char):04X}"
    if at == 0 and char == "\ufeff":
        return
    if token is None or token.kind == "name":
        yield (
            at,
            1,
            f"The invisible character {name} stands in a name or between the parts of the code: names that look alike are not the same",
            True,
        )
        return
    before, after = whole.whole[at - 1 : at], whole.whole[at + 1 : at + 2]
    if _table(token) or characters.JOINING.match(before) or characters.JOINING.match(after):
        return
    if (
        before.isascii()
        and before.isalnum()
        and (after in {'"', "'"} or (after.isascii() and after.isalnum()))
        and token.kind == "string"
        and " " not in inner(token)
    ):
        yield (
            at,
            1,
            f"The invisible character {name} stands inside a word of this string, which is not equal to what it looks like",
            False,
        )


def _table(token: Token) -> bool:
    """A string that holds little but such characters: a table of them."""
    return (token.kind == "string" and sum(c.isalnum() and c.isascii() for c in inner(token)) < 2) or (
        token.kind == "string" and "[" in token.text[:4]
    )


CHECK = Check(
    id="CGM021",
    behaviour="hold text that nobody sees",
    name="invisible-character",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 1007),
    aliases=("ruff:PLE2510", "ruff:PLE2513", "ruff:PLE2515"),
    find=find,
    fix="Remove the characters, or write them as escapes.",
    bad=(
        Bad(
            "def role(u):\n    admin\u3164 = u.get('x', True)  # finding\n    admin = u.get('admin', False)\n    return 'root' if admin\u3164 else 'user'  # finding\n"
        ),
        Bad("NOTE = 'Thanks!\U000e0069\U000e0067\U000e006e'  # finding\n"),
        Bad("DATA = 'ok\ufe01\ufe02\ufe03\ufe0d\ufe04'  # finding\n"),
        Bad("if role == 'adm\u200bin':  # finding\n    grant()\n"),
        Bad("KEY = 'abc\u200b\u200c\u200b\u200b\u200c\u200c'  # finding\n"),
        Bad("x = 1  # all good\u2028y = 2  # finding\n"),
    ),
    good=(
        Good(
            "FAMILY = '\U0001f468\u200d\U0001f469\u200d\U0001f467'\nHEART = '\u2764\ufe0f'\nFLAG = '\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f'\n"
        ),
        Good("import re\nZW = re.compile('[\\u200b\\u200c\\u200d\\u2060\\ufeff]')\n"),
        Good("ZERO_WIDTH = '\u200b\u200c\u200d\u2060'\n"),
        Good("TEXT = '\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645'\n"),
        Good("'''A long word: hyphen\u00adation.'''\n"),
    ),
    misses=(
        Miss(
            "TEXT = 'two words with one\u200b in between'  # finding\n",
            why="a single blank without width in prose is taken for a typesetter's",
        ),
    ),
)
