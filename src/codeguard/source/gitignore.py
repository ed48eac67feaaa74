"""`.gitignore` patterns (gitignore(5)), matched in time linear in pattern and path.

The patterns come from the scanned tree, so they are hostile input: a translation to plain regular expressions, as
libraries do it, backtracks for a minute over one name of 250 characters and the pattern `*a*a*a*a*ab`.  Here every
run between two stars is matched at its first possible place and never reconsidered, which loses no match; the
look-ahead with a back reference that says so is how the standard library's `fnmatch` does it, too.

The caller walks folders from the top and never enters an ignored one, so a pattern is only ever asked about an entry
itself, not about what lies below it: that is Git's own algorithm, and why `!kept` under an ignored folder is dead.
"""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass

from codeguard.source.read import read_regular

# A file beyond these is not obeyed: then more is scanned, not less.  Real ones have a tenth of it.
MAX_BYTES = 128 * 1024
MAX_WILDCARDS = 1000
_MAX_PATTERN = 1000
_WILDCARD = re.compile(r"[*?\[\\]")
_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "cntrl": "\\x00-\\x1f\\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": "!-/:-@\\[-`{-~",
    "space": " \\t-\\r",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
}
_STARS = re.compile(r"\*\*+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One line: `expression` matches a base name or, if `anchored`, a path relative to the file's own folder.

    `literal` is what it matches where it has no wildcard.
    """

    expression: str
    literal: str | None
    negated: bool
    folders_only: bool
    anchored: bool


class IgnoreRules:
    """The patterns of one file, for the entries below `base` (an absolute folder).

    Raises `ValueError` for more than `MAX_WILDCARDS` patterns with wildcards.
    """

    __slots__ = ("_base_length", "_compiled", "_literals", "_patterns")

    def __init__(self, base: str, text: str) -> None:
        self._base_length = len(base) + (not base.endswith("/"))
        groups = itertools.count()
        self._patterns = [pattern for line in text.split("\n") if (pattern := _parse(line, groups))]
        if sum(pattern.literal is None for pattern in self._patterns) > MAX_WILDCARDS:
            raise ValueError(f"more than {MAX_WILDCARDS:,} patterns with wildcards")
        self._compiled: dict[tuple[bool, bool], re.Pattern[str]] = {}
        self._literals: dict[tuple[bool, bool, str], int] = {}
        for place, pattern in enumerate(self._patterns):
            if pattern.literal is not None:
                self._literals[True, pattern.anchored, pattern.literal] = place
                if not pattern.folders_only:
                    self._literals[False, pattern.anchored, pattern.literal] = place

    def ignores(self, path: str, name: str, *, folder: bool) -> bool | None:
        """Whether the last matching pattern ignores an entry (absolute path and base name); None if none matches."""
        last = max(
            self._last_match(name, folder=folder, anchored=False),
            self._last_match(path[self._base_length :], folder=folder, anchored=True),
        )
        return None if last < 0 else not self._patterns[last].negated

    def _last_match(self, subject: str, *, folder: bool, anchored: bool) -> int:
        """The place in the file of the last matching pattern of a kind, or -1."""
        literal = self._literals.get((folder, anchored, subject), -1)
        expression = self._compiled.get((folder, anchored)) or self._compile(folder=folder, anchored=anchored)
        found = expression.fullmatch(subject)
        return max(literal, int(found.lastgroup[1:])) if found and found.lastgroup else literal

    def _compile(self, *, folder: bool, anchored: bool) -> re.Pattern[str]:
        """All patterns of a kind as one expression, the last first, since the first alternative that matches wins."""
        alternatives = [
            f"(?P<p{place}>{pattern.expression})"
            for place, pattern in enumerate(self._patterns)
            if pattern.literal is None and pattern.anchored == anchored and (folder or not pattern.folders_only)
        ]
        expression = re.compile("|".join(reversed(alternatives)) or "(?!)", re.DOTALL)
        self._compiled[folder, anchored] = expression
        return expression


def load_rules(file: str, base: str) -> IgnoreRules | None:
    """The rules in a file; None where there is none, none that Git would read (a link, a FIFO), or too much of it."""
    try:
        data = read_regular(file, MAX_BYTES)
        return None if data is None else IgnoreRules(base, os.fsdecode(data.removeprefix(b"\xef\xbb\xbf")))
    except (OSError, ValueError):
        return None


def _parse(line: str, groups: Iterator[int]) -> Pattern | None:
    """The pattern of a line; None for a blank line, a comment and a pattern that can match nothing."""
    if line.startswith("#") or len(line) > _MAX_PATTERN:
        return None
    line = _without_trailing_spaces(line.removesuffix("\r"))
    negated = line.startswith("!")
    line = line.removeprefix("!")
    folders_only = line.endswith("/")
    line = line.removesuffix("/")
    anchored = "/" in line
    try:
        segments = _split(line.removeprefix("/"))
        expression = _path(segments, groups) if anchored else _segment(line, groups)
    except ValueError:
        return None
    literal = None if _WILDCARD.search(line) else line.removeprefix("/")
    return Pattern(expression, literal, negated, folders_only, anchored) if all(segments) else None


def _without_trailing_spaces(line: str) -> str:
    """The line without the spaces at its end; one that a backslash quotes stays."""
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if backslashes % 2 and len(kept) < len(line) else kept


def _split(pattern: str) -> list[str]:
    """The components of a pattern; a slash in a bracket separates none.  Raises ValueError for an unclosed bracket."""
    segments, start, at = [], 0, 0
    while at < len(pattern):
        if pattern[at] == "[":
            at = _bracket(pattern, at + 1)[1]
            continue
        quoted = pattern[at] == "\\"
        if pattern.startswith("/", at + quoted):
            segments.append(pattern[start:at])
            start = at + quoted + 1
        at += quoted + 1
    return [*segments, pattern[start:]]


def _path(segments: list[str], groups: Iterator[int]) -> str:
    """The expression of an anchored pattern; `**` is any number of folders, at the end all that is below."""
    blocks: list[list[str]] = [[]]
    for segment in segments:
        if _STARS.fullmatch(segment):
            blocks.append([])
        else:
            blocks[-1].append(_segment(segment, groups))
    expression = ""
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        body = "/".join(block) + ("/" if block and not last else "")
        if number == 0:
            expression = body
        elif last:
            expression += f"(?:[^/]+/)*{body}" if block else ".+"
        elif block:
            expression += _first_place("(?:[^/]+/)*?", body, groups)
    return expression


def _segment(segment: str, groups: Iterator[int]) -> str:
    """The expression of one component of a path.  Raises ValueError for a pattern that matches nothing."""
    runs, at = [""], 0
    while at < len(segment):
        char = segment[at]
        at += 1
        if char == "*":
            runs.append("")
        elif char == "?":
            runs[-1] += "[^/]"
        elif char == "[":
            expression, at = _bracket(segment, at)
            runs[-1] += expression
        elif char == "\\":
            if at == len(segment):
                raise ValueError("a backslash ends the pattern")
            runs[-1] += re.escape(segment[at])
            at += 1
        else:
            runs[-1] += re.escape(char)
    if len(runs) == 1:
        return runs[0]
    middle = "".join(_first_place("[^/]*?", run, groups) for run in runs[1:-1] if run)
    return f"{runs[0]}{middle}[^/]*{runs[-1]}"


def _first_place(skip: str, body: str, groups: Iterator[int]) -> str:
    """`body` after as little of `skip` as possible, never reconsidered (an atomic group; Python 3.10 has none)."""
    name = f"g{next(groups)}"
    return f"(?=(?P<{name}>{skip}{body}))(?P={name})"


def _bracket(segment: str, at: int) -> tuple[str, int]:
    """The expression of a bracket whose inside starts at `at`, and the place after it.

    Raises ValueError where the bracket is not closed; such a pattern matches nothing.
    """
    negated = segment[at : at + 1] in ("!", "^")
    at += negated
    content, first = "", True
    while first or segment[at : at + 1] != "]":
        first = False
        if segment.startswith("[:", at) and (end := segment.find(":]", at)) >= 0:
            content += _posix_class(segment[at + 2 : end])
            at = end + 2
            continue
        low, at = _bracket_char(segment, at)
        high = low
        if segment[at : at + 1] == "-" and segment[at + 1 : at + 2] not in ("]", ""):
            high, at = _bracket_char(segment, at + 1)
        if low <= high:
            content += f"{re.escape(low)}-{re.escape(high)}"
    if not content:
        return ("[^/]" if negated else "(?!)"), at + 1
    return f"(?!/)[{'^' * negated}{content}]", at + 1


def _bracket_char(segment: str, at: int) -> tuple[str, int]:
    at += segment[at : at + 1] == "\\"
    if at >= len(segment):
        raise ValueError("an unclosed bracket")
    return segment[at], at + 1


def _posix_class(name: str) -> str:
    if name not in _POSIX_CLASSES:
        raise ValueError("an unknown character class")
    return _POSIX_CLASSES[name]
