"""A code frame: the lines around a span, with the span marked, fitted to a width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codeguard.report.escape import visible
from codeguard.report.layout import ELLIPSIS, cells, cut, head, tail

if TYPE_CHECKING:
    from codeguard.model import Span
    from codeguard.report.lines import Lines

_TAB = "    "
_SHOWN_AT_EACH_END = 3  # lines of a span longer than twice this and one


@dataclass(frozen=True, slots=True)
class Row:
    """One row: a line of code (`number`), or a row of marks or of left-out lines (`number` is 0).

    `before`, `inside` and `after` are visible text; `inside` is what the span covers.
    """

    number: int
    before: str
    inside: str = ""
    after: str = ""


def frame(lines: Lines, span: Span, width: int, context: int = 2) -> list[Row]:
    """The rows of a frame, each at most `width` cells wide.

    A span of one line is marked by carets below it; of a longer one the first and last line are, and the middle of a
    very long one is left out.  Blank lines at the ends of the context are dropped.
    """
    first = min(max(span.start_line, 1), len(lines))
    last = min(max(span.end_line, first), len(lines))
    if last > first and span.end_col == 0:
        last -= 1  # the span ends with the line end before
    rows = [_plain(lines, number, width) for number in _context(lines, first - context, first - 1, leading=True)]
    for number in range(first, last + 1):
        gap = last - first > 2 * _SHOWN_AT_EACH_END
        if gap and first + _SHOWN_AT_EACH_END <= number <= last - _SHOWN_AT_EACH_END:
            if number == first + _SHOWN_AT_EACH_END:
                rows.append(Row(0, cut(f"⋮ {last - first + 1 - 2 * _SHOWN_AT_EACH_END} lines", width)))
            continue
        row = _marked(lines.line(number), number, span, width)
        rows.append(row)
        if number in (first, last):
            rows.append(Row(0, " " * cells(row.before), "^" * max(cells(row.inside), 1)))
    rows += [_plain(lines, number, width) for number in _context(lines, last + 1, last + context, leading=False)]
    return rows


def _context(lines: Lines, first: int, last: int, *, leading: bool) -> list[int]:
    numbers = [number for number in range(first, last + 1) if 1 <= number <= len(lines)]
    edge = 0 if leading else -1
    while numbers and not lines.line(numbers[edge]).strip():
        numbers.pop(edge)
    return numbers


def _plain(lines: Lines, number: int, width: int) -> Row:
    return Row(number, cut(_shown(lines.line(number)[: 4 * width]), width))


def _shown(text: str) -> str:
    return visible(text.replace("\t", _TAB))


def _marked(line: str, number: int, span: Span, width: int) -> Row:
    """A line of the span, cut so that the start of what the span covers can be seen."""
    start = min(span.start_col if number == span.start_line else len(line) - len(line.lstrip()), len(line))
    end = min(max(span.end_col if number == span.end_line else len(line.rstrip()), start), len(line))
    before = _shown(line[max(0, start - 4 * width) : start])
    inside = _shown(line[start : min(end, start + 4 * width)])
    after = _shown(line[end : end + 4 * width])
    if cells(before) + max(cells(inside) + cells(after), 1) <= width:
        return Row(number, before, inside, after)
    left, right = cells(before), cells(after)
    most = width - 2  # an ellipsis may be needed at each end
    if left <= width // 2 and (cells(inside) > most or number != span.start_line):
        most = width - left - min(right, 1)  # it cannot be shown whole, or need not be: keep the indentation
    inside = cut(inside, max(most, 1))
    room = width - max(cells(inside), 1)
    if left + right > room:
        left = min(left, max(room * 2 // 3, room - right))
        right = min(right, room - left)
    if left < cells(before):
        before = (ELLIPSIS + tail(before, left - 1)) if left else ""
    if right < cells(after):
        after = (head(after, right - 1) + ELLIPSIS) if right else ""
    return Row(number, before, inside, after)
