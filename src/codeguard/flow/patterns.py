"""Regular expressions as guards: which characters a matched text can hold, and what it is therefore safe for."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import Any

try:
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser as parser  # type: ignore[attr-defined]
except ImportError:  # Python 3.10
    import sre_constants as sre
    import sre_parse as parser

ALPHABET = frozenset(map(chr, range(128)))

# The characters that make a text dangerous for each kind of sink; without all of them it is data.
DANGEROUS: dict[str, frozenset[str]] = {
    "quote'": frozenset("'"),
    'quote"': frozenset('"'),
    "sql": frozenset("'\";()= \t\n\r\\*/#"),
    "nosql": frozenset("'\"{}$;()[] "),
    "shell": frozenset(";|&$`<>(){}[]!\n\r'\"\\ \t*?~#"),
    "argv": frozenset(" -"),
    "path": frozenset("/\\"),
    "upload": frozenset("/\\"),
    "code": frozenset("().[]'\"=\n"),
    "template": frozenset("{}%"),
    "html": frozenset("<>\"'&"),
    "deser": frozenset(),
    "ldap": frozenset("*()\\\0"),
    "xpath": frozenset("'\"[]()/=| "),
    "xml": frozenset("<>&\"'"),
    "log": frozenset("\r\n"),
    "header": frozenset("\r\n"),
    "mail": frozenset("\r\n"),
    "regex": frozenset("\\.^$*+?{}[]|()"),
    "reflect": frozenset("_."),
    "csv": frozenset("=+-@"),
    "format": frozenset("{}"),
    "redirect": frozenset("/:\\"),
    "ssrf": frozenset("/:@."),
}


@lru_cache(maxsize=1024)
def safe_kinds(pattern: str, flags: int, *, whole: bool, start: bool) -> frozenset[str]:
    """The kinds that a text is safe for if it matches.

    `whole`: the match must cover the text (`fullmatch`); `start`: it begins at its start (`match`).  Without either,
    and for a pattern that is not anchored, a match says nothing about the rest of the text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError, ValueError):
        return frozenset()
    items = list(tree)
    anchored_start = whole or start or (bool(items) and _is_at(items[0], (sre.AT_BEGINNING, sre.AT_BEGINNING_STRING)))
    anchored_end = whole or (bool(items) and _is_at(items[-1], (sre.AT_END, sre.AT_END_STRING)))
    if not anchored_start:
        return frozenset()
    if tree.state.flags & re.MULTILINE and not whole:
        return frozenset()
    if not anchored_end:
        return _fixed_origin(items)
    chars = _characters(items)
    first = next((item for item in items if item[0] is not sre.AT), None)
    needed = first is not None and not (first[0] in (sre.MAX_REPEAT, sre.MIN_REPEAT) and first[1][0] == 0)
    begins = {"argv", "csv"} if needed and not DANGEROUS["csv"] & _characters([first]) else set()
    kinds = {kind for kind, bad in DANGEROUS.items() if bad and not bad & chars}
    if not any(c.isalpha() for c in chars) and DANGEROUS["code"] & chars <= {"\n", "(", ")", ".", "="}:
        kinds.add("code")  # arithmetic
    return frozenset(kinds) | begins | _fixed_origin(items)


def _fixed_origin(items: list[Any]) -> frozenset[str]:
    """A pattern that pins the host of a URL: what comes before the slash after the host is one of a few texts.

    `^https://a\\.example/`, `^(https?://)?(www|beta)\\.example\\.com/.*$`.
    """
    prefixes = [""]
    for code, argument in items:
        if code is sre.AT:
            continue
        texts = _texts(code, argument)
        if texts is None:
            break
        prefixes = [prefix + text for prefix in prefixes for text in texts][:MAX_TEXTS]
        if all(HOST.match(prefix) for prefix in prefixes):
            return frozenset({"ssrf", "redirect"})
    return frozenset()


HOST = re.compile(r"(?:https?://)?[\w-]+(?:\.[\w-]+)+(?::\d+)?/")
MAX_TEXTS = 64


def _texts(code: Any, argument: Any) -> list[str] | None:
    """Every text that a part of a pattern matches; None where these are many."""
    if code is sre.LITERAL:
        return [chr(argument)]
    if code is sre.SUBPATTERN:
        return _sequence(argument[-1])
    if code is sre.BRANCH:
        out: list[str] = []
        for branch in argument[1]:
            texts = _sequence(branch)
            if texts is None:
                return None
            out += texts
        return out[:MAX_TEXTS]
    if code in (sre.MAX_REPEAT, sre.MIN_REPEAT) and argument[:2] == (0, 1):
        texts = _sequence(argument[2])
        return None if texts is None else ["", *texts]
    return None


def _sequence(items: Any) -> list[str] | None:
    out = [""]
    for code, argument in items:
        texts = _texts(code, argument)
        if texts is None:
            return None
        out = [prefix + text for prefix in out for text in texts][:MAX_TEXTS]
    return out


def _is_at(item: Any, places: tuple[Any, ...]) -> bool:
    return item[0] is sre.AT and item[1] in places


_CATEGORIES = {
    sre.CATEGORY_DIGIT: frozenset("0123456789"),
    sre.CATEGORY_SPACE: frozenset(" \t\n\r\f\v"),
    sre.CATEGORY_WORD: frozenset(c for c in ALPHABET if c.isalnum() or c == "_"),
}
_NEGATED = {
    sre.CATEGORY_NOT_DIGIT: sre.CATEGORY_DIGIT,
    sre.CATEGORY_NOT_SPACE: sre.CATEGORY_SPACE,
    sre.CATEGORY_NOT_WORD: sre.CATEGORY_WORD,
}


def _category(code: Any) -> frozenset[str]:
    if code in _CATEGORIES:
        return _CATEGORIES[code]
    return ALPHABET - _CATEGORIES[_NEGATED[code]] if code in _NEGATED else ALPHABET


def _characters(items: Any) -> frozenset[str]:
    """The ASCII characters that any text matched by these items can hold."""
    out: frozenset[str] = frozenset()
    for code, argument in items:
        if code is sre.LITERAL:
            out |= {chr(argument)}
        elif code in (sre.NOT_LITERAL, sre.ANY):
            out |= ALPHABET - {chr(argument)} if code is sre.NOT_LITERAL else ALPHABET - {"\n"}
        elif code is sre.IN:
            out |= _class(argument)
        elif code is sre.BRANCH:
            for branch in argument[1]:
                out |= _characters(branch)
        elif code is sre.SUBPATTERN:
            out |= _characters(argument[-1])
        elif code in (sre.MAX_REPEAT, sre.MIN_REPEAT) or str(code) == "POSSESSIVE_REPEAT":
            out |= _characters(argument[2])
        elif str(code) == "ATOMIC_GROUP":
            out |= _characters(argument)
        elif code in (sre.AT, sre.ASSERT, sre.ASSERT_NOT, sre.GROUPREF):
            continue
        else:
            return ALPHABET
    return out


def _class(items: Any) -> frozenset[str]:
    out: frozenset[str] = frozenset()
    negate = False
    for code, argument in items:
        if code is sre.NEGATE:
            negate = True
        elif code is sre.LITERAL:
            out |= {chr(argument)}
        elif code is sre.RANGE:
            out |= {chr(c) for c in range(argument[0], min(argument[1], 127) + 1)}
        elif code is sre.CATEGORY:
            out |= _category(argument)
        else:
            return ALPHABET
    return ALPHABET - out if negate else out


@lru_cache(maxsize=256)
def removed_kinds(pattern: str) -> frozenset[str]:
    """The kinds that a text is safe for once every match of `pattern` is deleted from it (`re.sub(pattern, "", x)`)."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            items = list(parser.parse(pattern))
    except (re.error, RecursionError, OverflowError, ValueError):
        return frozenset()
    if len(items) == 1 and items[0][0] in (sre.MAX_REPEAT, sre.MIN_REPEAT) and items[0][1][0] <= 1:
        items = list(items[0][1][2])
    if len(items) != 1 or items[0][0] not in (sre.IN, sre.LITERAL, sre.NOT_LITERAL):
        return frozenset()
    gone = _characters(items)
    return frozenset(kind for kind, bad in DANGEROUS.items() if bad and bad <= gone)
