"""Where a file's comments stand, without the offsets of its nodes, which cost a third of a parse.

One regular expression passes over strings and comments.  Its strings must be those of the tree, each in its place:
where they are not (quotes inside the braces of an f-string, as PEP 701 allows them), the answer is None, and the
caller pays for the offsets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice
from typing import Any

import libcst as cst

from codeguard.syntax.walk import descend

# Loops unrolled, so that each character is looked at once; a prefix changes nothing of where a string ends.
_TOKEN = re.compile(
    r"#[^\n]*"
    r'|"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*"""'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*'''"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*"'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'",
    re.DOTALL,
)
_FORMATTED = tuple(cls for name in ("FormattedString", "TemplatedString") if (cls := getattr(cst, name, None)))


def comments_of(text: str, tables: Mapping[type[cst.CSTNode], list[Any]]) -> tuple[tuple[int, str], ...] | None:
    """Each comment's offset (code points) and text, from `#` on, in source order; None where one cannot be sure."""
    if "#" not in text:
        return ()
    comments: list[tuple[int, str]] = []
    strings: list[str] = []
    for match in _TOKEN.finditer(text):
        token = match.group()
        if token[0] == "#":
            comments.append((match.start(), token))
        else:
            strings.append(token)
    return tuple(comments) if _are_those_of(strings, tables) else None


def _are_those_of(strings: list[str], tables: Mapping[type[cst.CSTNode], list[Any]]) -> bool:
    """Whether these are the file's strings: plain ones by their text, formatted ones by the quote that opens them."""
    plain = tables.get(cst.SimpleString, [])
    formatted = [node for cls in _FORMATTED for node in tables.get(cls, ())]
    if not formatted:
        return strings == [_bare(node.value) for node in plain]
    inside = {id(below) for node in formatted for below in islice(descend(node), 1, None)}
    expected = iter([_bare(node.value) for node in plain if id(node) not in inside])
    opening = [_bare(node.start) for node in formatted if id(node) not in inside]
    wanted, left = next(expected, None), len(opening)
    for string in strings:
        if string == wanted:
            wanted = next(expected, None)
        elif left:
            left -= 1
        else:
            return False
    return wanted is None and not left


def _bare(literal: str) -> str:
    return literal.lstrip("rbfutRBFUT")
