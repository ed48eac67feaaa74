r"""Lines as CPython counts them, and the way between offsets and positions.

Python ends a line at `\n`, `\r\n` and a lone `\r` and nowhere else (Language Reference, 2.1.2).  `str.splitlines`
also ends one at form feeds, U+0085, U+2028 and five more, which shifts every later line number: nothing in codeguard
may use it on source text.
"""

from __future__ import annotations

import re
from bisect import bisect_right

from codeguard.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


def normalise_newlines(text: str) -> str:
    r"""The text with every line end as `\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def split_lines(text: str) -> list[str]:
    """The lines without their ends; a final line end starts no further line, so the empty text has none."""
    lines = normalise_newlines(text).split("\n")
    if not lines[-1]:
        lines.pop()
    return lines


def count_lines(text: str) -> int:
    """`len(split_lines(text))`, without building the list."""
    text = normalise_newlines(text)
    return text.count("\n") + (not text.endswith("\n") and text != "")


class LineIndex:
    """Offsets (0-based code points) to positions (1-based line, 0-based column in code points) and back, in O(log n).

    A position outside the text is moved to the nearest one inside: foreign engines report columns one past the end.
    """

    __slots__ = ("_starts", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts = [0, *(end.end() for end in _LINE_END.finditer(text))]

    def __len__(self) -> int:
        """How many lines have a start, the empty one after a final line end included."""
        return len(self._starts)

    def position(self, offset: int) -> tuple[int, int]:
        """The line and column of an offset."""
        offset = min(max(offset, 0), len(self._text))
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1]

    def offset(self, line: int, col: int) -> int:
        """The offset of a line and column; a column past the line's text gives the end of that text."""
        if line < 1:
            return 0
        if line > len(self._starts):
            return len(self._text)
        start = self._starts[line - 1]
        return min(start + max(col, 0), start + len(self.line(line)))

    def line(self, number: int) -> str:
        """The text of a line without its end; empty where there is no such line."""
        if not 1 <= number <= len(self._starts):
            return ""
        start = self._starts[number - 1]
        if number == len(self._starts):
            return self._text[start:]
        end = self._starts[number] - 1
        return self._text[start : end - (self._text[end - 1 : end + 1] == "\r\n")]

    def span(self, start: int, end: int) -> Span:
        """The span between two offsets, the end exclusive."""
        return Span(*self.position(start), *self.position(end))
