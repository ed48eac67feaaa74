"""Logical lines of text that may be broken: where statements start and end, by brackets and quotes alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

# A line that starts so, no deeper than the statement before it, begins a statement even inside an open bracket: the
# bracket was never closed.
STATEMENT = re.compile(
    r"(?:def|class|import|return|raise|while|with|try|assert|async[ \t]+def|@\w)\b|from[ \t]+[\w.]+[ \t]+import\b"
    r"|(?:if|for|elif|else|except|finally)\b[^#\n]*:[ \t]*(?:#.*)?$"
)
TOKEN = re.compile(r"#[^\n]*|\"\"\"|'''|\"|'|[(\[{]|[)\]}]|\\$")
STRING_END = {
    '"': re.compile(r'(?:[^"\\]|\\.)*?"'),
    "'": re.compile(r"(?:[^'\\]|\\.)*?'"),
    '"""': re.compile(r'(?:[^\\]|\\.)*?"""'),
    "'''": re.compile(r"(?:[^\\]|\\.)*?'''"),
}


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """A statement's lines: 0-based index of the first, index after the last, and its margin (leading white space)."""

    start: int
    end: int
    margin: str

    @property
    def indent(self) -> int:
        """Length of the margin."""
        return len(self.margin)


@dataclass(slots=True)
class _State:
    depth: int = 0
    quote: str = ""
    continued: bool = False

    @property
    def open(self) -> bool:
        return bool(self.depth or self.quote or self.continued)


def _scan(line: str, state: _State) -> None:
    """Advance the state over one physical line."""
    at = 0
    state.continued = False
    if state.quote:
        end = STRING_END[state.quote].match(line)
        if end is None:
            if len(state.quote) == 1 and not line.endswith("\\"):
                state.quote = ""  # an unterminated plain string ends with its line
            return
        at, state.quote = end.end(), ""
    while (token := TOKEN.search(line, at)) is not None:
        text, at = token.group(), token.end()
        if text[0] == "#":
            return
        if text in STRING_END:
            end = STRING_END[text].match(line, at)
            if end is None:
                if len(text) == 3 or line.endswith("\\"):
                    state.quote = text
                return
            at = end.end()
        elif text in "([{":
            state.depth += 1
        elif text in ")]}":
            state.depth = max(state.depth - 1, 0)
        elif text == "\\":
            state.continued = True


def logical_lines(lines: list[str]) -> list[LogicalLine]:
    """The logical lines, blank lines and comments between them left out; never raises."""
    found: list[LogicalLine] = []
    state = _State()
    start, margin = -1, ""
    for number, line in enumerate(lines):
        stripped = line.lstrip(" \t\f")
        if start >= 0 and state.open and not state.quote:
            indent = len(line) - len(stripped)
            if indent <= len(margin) and STATEMENT.match(stripped):
                found.append(LogicalLine(start, number, margin))
                start, state = -1, _State()
        if start < 0:
            if not stripped or stripped[0] == "#":
                continue
            start, margin = number, line[: len(line) - len(stripped)]
        _scan(line, state)
        if not state.open:
            found.append(LogicalLine(start, number + 1, margin))
            start = -1
    if start >= 0:
        found.append(LogicalLine(start, len(lines), margin))
    return found


def depth_exceeds(text: str, limit: int) -> int | None:
    """The 1-based line on which brackets nest deeper than `limit`, or indentation does by half of that; else None."""
    brackets = text.count("(") + text.count("[") + text.count("{")
    deepest_margin = limit // 2  # each level of indentation is at least one column
    if brackets <= limit and " " * deepest_margin not in text and "\t" * 2 not in text:
        return None
    margins: list[int] = [0]
    state = _State()
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.lstrip(" \t\f")
        if not state.open and stripped and stripped[0] != "#":
            margin = len(line) - len(stripped)
            while margins[-1] > margin:
                margins.pop()
            if margin > margins[-1]:
                margins.append(margin)
            if len(margins) > deepest_margin:
                return number
        if len(stripped) > limit and _peak(line, state) > limit:
            return number
        _scan(line, state)
        if state.depth > limit:
            return number
    return None


def _peak(line: str, state: _State) -> int:
    """The deepest bracket level that one line reaches; strings on it are not looked into."""
    depth = peak = state.depth
    at = 0
    while (token := TOKEN.search(line, at)) is not None:
        text, at = token.group(), token.end()
        if text[0] == "#":
            break
        if text in STRING_END:
            end = STRING_END[text].match(line, at)
            if end is None:
                break
            at = end.end()
        elif text in "([{":
            depth += 1
            peak = max(peak, depth)
        elif text in ")]}":
            depth -= 1
    return peak


def lines_in_strings(lines: list[str]) -> frozenset[int]:
    """The 0-based numbers of lines that begin inside a triple-quoted string; what they hold is text, not code."""
    inside: set[int] = set()
    state = _State()
    for number, line in enumerate(lines):
        if len(state.quote) == 3:
            inside.add(number)
        _scan(line, state)
    return frozenset(inside)
