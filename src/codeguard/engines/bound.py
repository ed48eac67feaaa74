"""How much of one file is too much: code to be read in a bearable time, findings of one rule to be reported."""

from __future__ import annotations

from collections import Counter

from codeguard.model import Failure, FailureKind

PER_RULE = 1_000
"""Findings of one rule in one file that are reported: a hostile file would fill memory and reports with more."""

MARKS_A_SECOND = 25_000
"""More separators of tokens than any engine reads in a second: in ten, some 60,000 lines as people write them."""

_MARKS = "\n(,.=;[+-:"


def too_much(text: str, seconds: float) -> bool:
    """True for a text that no engine reads as a whole in so many seconds; a huge string in it does not count."""
    limit = MARKS_A_SECOND * seconds
    return len(text) > limit and sum(text.count(mark) for mark in _MARKS) > limit


class Bound:
    """Counts one engine's findings; what it does not admit is told by `failures`, never left out without a word."""

    def __init__(self, engine: str) -> None:
        self._engine = engine
        self._counts: Counter[tuple[str, str]] = Counter()

    def admits(self, path: str, rule: str) -> bool:
        """True for the first `PER_RULE` findings of a rule in a file."""
        self._counts[path, rule] += 1
        return self._counts[path, rule] <= PER_RULE

    def failures(self) -> list[Failure]:
        """What was not admitted: no reason to call a scan incomplete, since what is wrong with the file is told."""
        return [
            beyond(self._engine, path, rule, count) for (path, rule), count in self._counts.items() if count > PER_RULE
        ]


def beyond(engine: str, path: str, rule: str, count: int) -> Failure:
    """The note that only the first `PER_RULE` of `count` findings of a rule in a file are reported."""
    detail = f"only the first {PER_RULE:,} of {count:,} findings of {rule} in this file are reported"
    return Failure(path, engine, FailureKind.LIMIT, detail, fatal=False)
