r"""Positions as other programs count them, turned into codeguard's own (see `model.Span`) and back.

Bandit and Semgrep count UTF-8 bytes, Ruff code points; some start at 0, some at 1, and some are wrong.  Every engine
converts here, once, and what it reports is clamped into the text, so that no report format meets a span that points
outside the file.  Lines end as CPython ends them: at `\n`, `\r\n` and `\r`, and nowhere else (`str.splitlines` also
ends them at form feeds, `\x1c` to `\x1e`, `\x85`, U+2028 and U+2029).
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass

from codeguard.model import Span

_LINE_END = re.compile(r"\r\n|\n|\r")
QUOTED = 1_000  # code points; a snippet is no longer
_CONTINUES = frozenset(range(0x80, 0xC0))  # bytes of UTF-8 that start no code point


def points_of(line: str, byte: int) -> int:
    """The code points of `line` that start before its UTF-8 byte `byte` (0-based); at most the line's length.

    A byte inside of a code point counts as that code point's end.
    """
    if byte <= 0 or line.isascii():
        return min(max(byte, 0), len(line))
    head = line.encode("utf-8", "surrogatepass")[:byte]
    return sum(value not in _CONTINUES for value in head)


def bytes_of(line: str, point: int) -> int:
    """The UTF-8 bytes that the first `point` code points of `line` take (the whole line's where it is shorter)."""
    return len(line[: max(point, 0)].encode("utf-8", "surrogatepass"))


def quoted(line: str, column: int) -> str:
    """What a finding at a column quotes: the line without its indentation, of a very long one what is around it."""
    if len(line) > QUOTED:
        start = max(column - QUOTED // 4, 0)
        line = line[start : start + QUOTED]
    return line.strip()


@dataclass(frozen=True, slots=True)
class Lines:
    """A text cut into its lines, without their ends; there is always at least one."""

    texts: tuple[str, ...]
    starts: tuple[int, ...]  # where in the text each line starts, in code points

    @classmethod
    def of(cls, text: str) -> Lines:
        """Cut `text` as CPython does."""
        texts, starts, start = [], [0], 0
        for end in _LINE_END.finditer(text):
            texts.append(text[start : end.start()])
            start = end.end()
            starts.append(start)
        return cls((*texts, text[start:]), tuple(starts))

    def line(self, number: int) -> str:
        """The line of that 1-based number; empty where there is none."""
        return self.texts[number - 1] if 1 <= number <= len(self.texts) else ""

    def snippet(self, span: Span) -> str:
        """What a finding quotes: the line that the span starts in, without its indentation."""
        return quoted(self.line(span.start_line), span.start_col)

    def span(self, start_line: int, start_col: int, end_line: int, end_col: int) -> Span:
        """The span of 1-based lines and 0-based code points, clamped: within the text, not ended before it began."""
        start = self._inside(start_line, start_col)
        return Span(*start, *max(start, self._inside(end_line, end_col)))

    def span_of_bytes(self, start_line: int, start_byte: int, end_line: int, end_byte: int) -> Span:
        """The same for columns that are 0-based UTF-8 bytes."""
        start = points_of(self.line(start_line), start_byte)
        return self.span(start_line, start, end_line, points_of(self.line(end_line), end_byte))

    def span_at(self, offset: int, length: int) -> Span:
        """The span of `length` code points from `offset` on, both counted in the whole text, line ends included."""
        return self.span(*self._position(offset), *self._position(offset + length))

    def _position(self, offset: int) -> tuple[int, int]:
        number = bisect_right(self.starts, max(offset, 0))
        return number, max(offset, 0) - self.starts[number - 1]

    def _inside(self, number: int, column: int) -> tuple[int, int]:
        if number < 1:
            return 1, 0
        if number > len(self.texts):
            return len(self.texts), len(self.texts[-1])
        return number, min(max(column, 0), len(self.texts[number - 1]))
