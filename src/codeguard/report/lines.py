r"""A text by its lines, counted as CPython counts them: `\n`, `\r\n` and `\r` end a line, nothing else does."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codeguard.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Lines:
    """A text, and where each of its lines starts and ends (code points; the ends exclude the line end itself)."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """The lines of `text`; there is always at least one, and one more after a final line end."""
        breaks = [match.span() for match in _LINE_END.finditer(text)]
        return cls(text, (0, *(end for _, end in breaks)), (*(start for start, _ in breaks), len(text)))

    def __len__(self) -> int:
        return len(self.starts)

    def line(self, number: int) -> str:
        """Line `number` (1-based) without its line end; empty where there is no such line."""
        return self.text[self.starts[number - 1] : self.ends[number - 1]] if 1 <= number <= len(self.starts) else ""

    def offset(self, number: int, column: int) -> int:
        """The place of a line (1-based) and column (0-based) in the text; what lies outside is moved to the edge."""
        if number < 1:
            return 0
        if number > len(self.starts):
            return len(self.text)
        return min(self.starts[number - 1] + max(column, 0), self.ends[number - 1])

    def range(self, span: Span) -> tuple[int, int]:
        """The start and end of `span` in the text, the end exclusive and never before the start."""
        start = self.offset(span.start_line, span.start_col)
        return start, max(start, self.offset(span.end_line, span.end_col))

    def slice(self, span: Span) -> str:
        """The text of `span`."""
        start, end = self.range(span)
        return self.text[start:end]
