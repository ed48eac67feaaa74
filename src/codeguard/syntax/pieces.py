"""A text in pieces, where it is too much as a whole: its statements, and the small calls in what is too large for one.

Nothing here parses: statements are found by brackets, quotes and line ends alone, so that no nesting, length or number
of them is too much.  A piece is a small text of its own, led by the file's imports, that says where each of its lines
stands in the file.  What holds a call comes first: padding does not delay it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate

from codeguard.model import Span
from codeguard.syntax.logical import LogicalLine, logical_lines

GROUP = 30_000  # code points of statements that make a piece
STATEMENT = 10_000  # code points of one statement that is read whole
HEADER = 20_000  # code points of imports that lead every piece
CALL = 2_000  # code points of a call that is read out of a larger statement
CALLS = 2_000  # how many different calls are read out of one statement
BATCH = 200  # calls that make a piece

# No alternative can match where a part of another's match begins, so that the time is linear in the text.
_TOKEN = re.compile(
    r"'''(?:[^'\\]|\\.|'(?!''))*'''|\"\"\"(?:[^\"\\]|\\.|\"(?!\"\"))*\"\"\""
    r"|'(?:[^'\\\n]|\\.)*'|\"(?:[^\"\\\n]|\\.)*\"|#[^\n]*"
    r"|(?<![\w.])[^\W\d][\w.]*[ \t]{0,9}\(|[(\[{]|[)\]}]",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a file as a text of its own: line n of it is the file's line `lines[n - 1]`.

    `columns` are what precedes these lines' text in the file, where anything does.  `code` is False for a statement
    that is too large to be parsed: only its text can be looked at.
    """

    text: str
    lines: tuple[int, ...]
    columns: tuple[int, ...] = ()
    code: bool = True

    def span(self, span: Span) -> Span:
        """Where a span of this text stands in the file."""
        start, end = self._place(span.start_line, span.start_col), self._place(span.end_line, span.end_col)
        return Span(*start, *max(start, end))

    def _place(self, line: int, column: int) -> tuple[int, int]:
        index = min(max(line, 1), len(self.lines)) - 1
        return self.lines[index], column + (self.columns[index] if self.columns else 0)


def pieces(text: str) -> Iterator[Piece]:
    """All of the text that holds code: statements with calls, then the calls in huge statements, then the rest."""
    lines = text.split("\n")
    ends = list(accumulate(len(line) + 1 for line in lines))
    statements = logical_lines(lines)
    header = _header(lines, statements, ends)
    groups, huge = _grouped(statements, ends)
    shown = [(a, b, any("(" in line for line in lines[a:b])) for a, b in groups]
    yield from (_of_lines(lines, a, b, header) for a, b, calls in shown if calls)
    for statement in huge:
        whole = "\n".join(lines[statement.start : statement.end])
        yield from _of_calls(whole, statement.start, lines, header)
        yield Piece(whole, tuple(range(statement.start + 1, statement.end + 1)), code=False)
    yield from (_of_lines(lines, a, b, header) for a, b, calls in shown if not calls)


def _size(ends: list[int], start: int, end: int) -> int:
    return ends[end - 1] - (ends[start - 1] if start else 0)


def _header(lines: list[str], statements: Iterable[LogicalLine], ends: list[int]) -> tuple[int, ...]:
    """The indices of the lines of imports at the top level, as many as lead every piece."""
    found: list[int] = []
    size = 0
    for one in statements:
        if one.indent == 0 and lines[one.start].startswith(("import ", "from ")):
            size += _size(ends, one.start, one.end)
            if size > HEADER:
                break
            found += range(one.start, one.end)
    return tuple(found)


def _grouped(statements: Iterable[LogicalLine], ends: list[int]) -> tuple[list[tuple[int, int]], list[LogicalLine]]:
    """Ranges of lines (0-based, end exclusive) that are worth a piece each, and the statements that are too large."""
    groups: list[tuple[int, int]] = []
    huge: list[LogicalLine] = []
    first = last = -1
    for one in statements:
        if _size(ends, one.start, one.end) > STATEMENT:
            huge.append(one)
            if first >= 0:
                groups.append((first, last))
            first = -1
            continue
        if first >= 0:
            size = _size(ends, first, one.end)
            # A fragment that begins inside a block is read as well, but one that begins at the top level is better.
            if size > GROUP or (one.indent == 0 and size > GROUP // 2):
                groups.append((first, last))
                first = -1
        if first < 0:
            first = one.start
        last = one.end
    if first >= 0:
        groups.append((first, last))
    return groups, huge


def _of_lines(lines: list[str], start: int, end: int, header: tuple[int, ...]) -> Piece:
    numbers = [*(n for n in header if n < start), *range(start, end)]
    return Piece("\n".join(lines[n] for n in numbers) + "\n", tuple(n + 1 for n in numbers))


def _of_calls(text: str, first: int, lines: list[str], header: tuple[int, ...]) -> Iterator[Piece]:
    """The small calls of a statement that begins on the line of index `first`."""
    starts = [0, *(match.end() for match in re.finditer("\n", text))]
    above = [n for n in header if n < first]
    batch: list[tuple[int, int]] = []
    seen: set[str] = set()

    def piece() -> Piece:
        texts, numbers, columns = [lines[n] for n in above], [n + 1 for n in above], [0] * len(above)
        for start, end in batch:
            line = bisect_right(starts, start)
            within = text[start:end].split("\n")
            texts += within
            numbers += range(first + line, first + line + len(within))
            columns += [start - starts[line - 1], *[0] * (len(within) - 1)]
        return Piece("\n".join(texts) + "\n", tuple(numbers), tuple(columns))

    for start, end in small_calls(text):
        call = text[start:end]
        if call in seen:
            continue
        seen.add(call)
        batch.append((start, end))
        if len(batch) == BATCH:
            yield piece()
            batch = []
        if len(seen) == CALLS:
            break
    if batch:
        yield piece()


def small_calls(text: str) -> list[tuple[int, int]]:
    """Offsets of the outermost calls of a name that are no longer than `CALL`, in order; never raises."""
    found: list[tuple[int, int]] = []
    open_at: list[int] = []  # where the name before each open bracket starts; -1 for a bracket without one
    for token in _TOKEN.finditer(text):
        last = text[token.end() - 1]
        if last in "([{" and token[0][0] not in "'\"#":
            open_at.append(token.start() if len(token[0]) > 1 else -1)
        elif last in ")]}" and len(token[0]) == 1 and open_at:
            start = open_at.pop()
            if start >= 0 and token.end() - start <= CALL:
                while found and found[-1][0] > start:
                    found.pop()
                found.append((start, token.end()))
    return found
