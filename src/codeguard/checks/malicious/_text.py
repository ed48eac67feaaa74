"""The text of a file in coarse tokens: strings, comments and names, also where it does not parse.

What hides in text hides from parsers too, so these checks read the file's own text.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from codeguard.model import Span
from codeguard.syntax.unit import Unit

# The loops are unrolled, so that each character is looked at once.
TOKEN = re.compile(
    r"(?P<string>[rbfutRBFUT]{0,2}(?:"
    r'"""[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*(?:"""|\Z)'
    r"|'''[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*(?:'''|\Z)"
    r'|"[^"\\\n]*(?:\\.[^"\\\n]*)*(?:"|$)'
    r"|'[^'\\\n]*(?:\\.[^'\\\n]*)*(?:'|$)))"
    r"|(?P<comment>#[^\n]*)|(?P<name>[^\W\d]\w*)",
    re.DOTALL | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Token:
    """A string, comment or name: its kind, where it starts, and its text."""

    kind: str
    start: int
    text: str

    @property
    def end(self) -> int:
        """The offset after it."""
        return self.start + len(self.text)


@dataclass(frozen=True, slots=True)
class Text:
    """A file's own text, its tokens in order, and the offsets of its lines."""

    whole: str
    tokens: tuple[Token, ...]
    starts: tuple[int, ...]
    lines: tuple[int, ...]

    def at(self, offset: int) -> Token | None:
        """The token that holds a character."""
        index = bisect_right(self.starts, offset) - 1
        if index >= 0 and self.tokens[index].end > offset:
            return self.tokens[index]
        return None

    def span(self, start: int, end: int) -> Span:
        """The span of a stretch of text."""
        first, last = bisect_right(self.lines, start), bisect_right(self.lines, end)
        return Span(first, start - self.lines[first - 1], last, end - self.lines[last - 1])

    def line(self, offset: int) -> int:
        """The 1-based line of an offset."""
        return bisect_right(self.lines, offset)


def text(unit: Unit) -> Text:
    """The text of a unit (to be asked through `unit.fact(text)`)."""
    whole = unit.original
    tokens = tuple(_tokens(whole))
    lines, at = [0], whole.find("\n")
    while at >= 0:
        lines.append(at + 1)
        at = whole.find("\n", at + 1)
    return Text(whole, tokens, tuple(t.start for t in tokens), tuple(lines))


def _tokens(whole: str) -> Iterator[Token]:
    for match in TOKEN.finditer(whole):
        yield Token(match.lastgroup or "", match.start(), match.group())


def inner(token: Token) -> str:
    """A string's text without prefix and quotes (escapes as written), a comment's without `#`."""
    if token.kind == "comment":
        return token.text.lstrip("#").strip()
    return token.text.lstrip("rbfutRBFUT").strip("'\"")
