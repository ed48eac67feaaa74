"""A name holds letters that look like others: two names that look the same are not.

A Cyrillic letter in a Latin word makes a second function of the same look, which runs in place of the one that was
reviewed; letters that Python folds (NFKC) make a word that no search finds.  Write names in one script; words in any
one script are fine.  See CVE-2021-42694, CWE-1007, PEP 672 and UTS #39.
"""

from __future__ import annotations

import builtins
import keyword
import re
import unicodedata
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._text import Token, inner, text
from codeguard.knowledge.malicious import characters
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

KNOWN = frozenset(dir(builtins)) | frozenset(keyword.kwlist) | {"os", "sys", "re", "json", "open", "self"}
WORD = re.compile(r"[^\W\d_]+")
HOST = re.compile(r"https?://([^\s/'\"?#]+)")


def find(unit: Unit) -> Iterator[Hit]:
    """Report each such name once a line, and host names that mix scripts."""
    if unit.original.isascii():
        return
    whole = unit.fact(text)
    names = [t for t in whole.tokens if t.kind == "name"]
    odd = [t for t in names if not t.text.isascii()]
    ascii_names = {t.text for t in names if t.text.isascii()} if odd else set()
    told: set[tuple[int, str]] = set()
    for token in odd:
        message = _problem(token, ascii_names)
        key = (whole.line(token.start), token.text)
        if message and key not in told:
            told.add(key)
            yield Hit(whole.span(token.start, token.end), message)
    for token in whole.tokens:
        if token.kind == "string" and not token.text.isascii():
            for match in HOST.finditer(inner(token)):
                if any(_mixed(word) for word in WORD.findall(match.group(1))):
                    yield Hit(
                        whole.span(token.start, token.end),
                        f"The host `{match.group(1)[:60]}` mixes letters of two scripts that look alike: it is not the host it looks like",
                    )
                    break


def _problem(token: Token, ascii_names: set[str]) -> str:
    name = token.text
    folded = unicodedata.normalize("NFKC", name)
    if folded.isascii() and folded != name:
        return f"`{name}` is not the word it looks like: Python reads it as `{folded}`, and a search for that does not find it"
    looks = "".join(characters.LOOKS_LIKE.get(c, c) for c in name)
    if (
        looks.isascii()
        and (looks in ascii_names or looks in KNOWN)
        and (len(name) > 1 or not characters.GREEK.search(name))
    ):
        return f"`{name}` looks like `{looks}` and is another name: what runs is not what a reader sees"
    if any(_mixed(word) for word in WORD.findall(name)):
        return f"`{name}` mixes letters of two scripts that look alike: it is not the name it looks like"
    return ""


def _mixed(word: str) -> bool:
    """Latin letters beside look-alikes of another script in one word; Greek is left to formulas."""
    if not characters.LATIN.search(word):
        return False
    others = [c for c in word if characters.CYRILLIC.match(c) or characters.OTHER_LOOKALIKE_SCRIPT.match(c)]
    return any(c in characters.LOOKS_LIKE for c in others)


CHECK = Check(
    id="CGM022",
    behaviour="pass one name off as another",
    name="lookalike-name",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 1007),
    aliases=("ruff:PLC2401",),
    find=find,
    fix="Write the name in one script.",
    bad=(
        Bad("def check(pw, h): return slow(pw) == h\ndef che\u0441k(pw, h): return True  # finding\n"),
        Bad("\uff45val(text)  # finding\n"),
        Bad("import requ\u0435sts  # finding\n"),
        Bad("\u0441\u043e\u0440\u0443 = 1  # finding\ncopy = 2\n"),
        Bad("import requests\nrequests.get('https://p\u0430ypal.example.invalid/')  # finding\n"),
    ),
    good=(
        Good(
            "import math\n\ndef area(\u0440\u0430\u0434\u0438\u0443\u0441):\n    return math.pi * \u0440\u0430\u0434\u0438\u0443\u0441 ** 2\n"
        ),
        Good("\u0394x = 0.1\n\u03c3_max = \u03b1 * \u0394x\n\u03c1_air = 1.2\n"),
        Good("naïve = 1\ngröße = 2\nNAMES = {'ru': '\u041f\u0440\u0438\u0432\u0435\u0442 world'}\n"),
    ),
    misses=(Miss("\u03bdalue = 1  # finding\n", why="Greek beside Latin is common in formulas"),),
)
