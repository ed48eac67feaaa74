"""How a regular expression can fail slowly: an analysis of the parsed pattern.

A backtracking matcher (CPython's `re`) tries every way to split a text over the repetitions of a pattern.  Where one
text can be split over a repetition of repetitions in many ways, and something behind it can fail, the ways double with
each character (exponential).  Where two repetitions of overlapping characters follow each other, the time grows with
the square of the length (polynomial).  See Davis et al., "The Impact of Regular Expression Denial of Service", 2018.
"""

from __future__ import annotations

import importlib
import re
import sys
import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Literal

_parser: Any = importlib.import_module("re._parser" if sys.version_info >= (3, 11) else "sre_parse")

Verdict = Literal["exponential", "polynomial"]
Characters = frozenset[int]
MANY = 20  # a repetition bounded by fewer than this costs little
LONGEST = 1_000  # characters of a pattern that is looked at
_OTHER = 256  # stands for every character beyond Latin-1
_ALL = frozenset(range(_OTHER + 1))
_DIGIT = frozenset(range(48, 58))
_WORD = frozenset(i for i in range(_OTHER) if chr(i).isalnum()) | {95, _OTHER}
_SPACE = frozenset(i for i in range(_OTHER) if chr(i).isspace())
_CATEGORIES = {
    "CATEGORY_DIGIT": _DIGIT,
    "CATEGORY_NOT_DIGIT": _ALL - _DIGIT,
    "CATEGORY_WORD": _WORD,
    "CATEGORY_NOT_WORD": _ALL - _WORD,
    "CATEGORY_SPACE": _SPACE,
    "CATEGORY_NOT_SPACE": _ALL - _SPACE,
}


@lru_cache(maxsize=1024)
def verdict(pattern: str | bytes, flags: int = 0, *, whole: bool = False) -> Verdict | None:
    """How badly the pattern can fail; None where it cannot, or is no pattern.  `whole`: it must match the whole text."""
    if len(pattern) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = _parser.parse(pattern, flags)
    except (re.error, OverflowError, RecursionError, ValueError, IndexError):
        return None
    looker = _Looker(dotall=bool(tree.state.flags & re.DOTALL))
    try:
        looker.sequence(list(tree), fails=whole)
    except RecursionError:
        return None
    return "exponential" if looker.exponential else "polynomial" if looker.polynomial else None


class _Looker:
    """One walk over a parsed pattern; what it saw is in its two flags."""

    def __init__(self, *, dotall: bool) -> None:
        self.exponential = False
        self.polynomial = False
        self._dot = _ALL if dotall else _ALL - {10}

    def sequence(self, items: Sequence[Any], *, fails: bool) -> None:
        """Look at a concatenation; `fails` says whether what follows it can fail."""
        items = _flat(items)
        failing = self._can_fail(items, fails=fails)
        for index, item in enumerate(items):
            behind = failing[index + 1]
            op, argument = _name(item), item[1]
            if op in {"MAX_REPEAT", "MIN_REPEAT"}:
                low, high, body = argument
                many = _is_many(high)
                if many and behind and self._ambiguous(list(body)):
                    self.exponential = True
                if many and behind and not self.polynomial and self._neighbour(items, index):
                    self.polynomial = True
                self.sequence(list(body), fails=behind or (many and low > 1))
            elif op == "BRANCH":
                for branch in argument[1]:
                    self.sequence(list(branch), fails=behind)
            elif op in {"ASSERT", "ASSERT_NOT"}:
                self.sequence(list(argument[1]), fails=False)

    def _can_fail(self, items: Sequence[Any], *, fails: bool) -> list[bool]:
        """For each place in the sequence, whether what stands from there on can fail; one place past its end included."""
        failing = [fails]  # from the last place to the first; `free`: the same, after a `.*` that finds an end always
        free = [False]
        for item in reversed(items):
            op, after, after_free = _name(item), failing[-1], free[-1]
            if op == "AT":
                boundary = "BOUNDARY" in str(item[1])
                failing.append(after or boundary or str(item[1]).startswith("AT_END"))
                free.append(after_free or boundary)
            elif op in _REPEATS and item[1][0] == 0:
                dot = self._characters(item) == self._dot
                failing.append(after_free if dot else after)
                free.append(after_free)
            else:
                must = op in {"ASSERT", "ASSERT_NOT"} or not self._nullable(item)
                failing.append(after or must)
                free.append(after_free or must)
        return failing[::-1]

    def _nullable(self, item: Any) -> bool:
        op, argument = _name(item), item[1]
        if op in {"MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"}:
            return argument[0] == 0 or all(map(self._nullable, _flat(list(argument[2]))))
        if op == "BRANCH":
            return any(all(map(self._nullable, _flat(list(branch)))) for branch in argument[1])
        return op in {"AT", "ASSERT", "ASSERT_NOT", "GROUPREF", "GROUPREF_EXISTS"}

    def _characters(self, item: Any) -> Characters | None:
        """The characters of an item that matches exactly one, or of a repetition of such an item."""
        op, argument = _name(item), item[1]
        if op == "LITERAL":
            return frozenset({min(argument, _OTHER)})
        if op == "NOT_LITERAL":
            return _ALL - {min(argument, _OTHER)} if argument < _OTHER else _ALL
        if op == "ANY":
            return self._dot
        if op == "IN":
            return _of_class(argument)
        if op in {"MAX_REPEAT", "MIN_REPEAT"}:
            body = _flat(list(argument[2]))
            return self._characters(body[0]) if len(body) == 1 else None
        if op == "BRANCH":
            found: Characters = frozenset()
            for branch in argument[1]:
                flat = _flat(list(branch))
                one = self._characters(flat[0]) if len(flat) == 1 and _name(flat[0]) not in _REPEATS else None
                if one is None:
                    return None
                found |= one
            return found
        return None

    def _ambiguous(self, body: Sequence[Any]) -> bool:
        """True where one text can be split over repetitions of `body` in several ways."""
        flat = _flat(body)
        if len(flat) == 1 and _name(flat[0]) == "BRANCH":
            branches = [_flat(list(branch)) for branch in flat[0][1][1]]
            singles = [
                c for b in branches if len(b) == 1 and _name(b[0]) not in _REPEATS and (c := self._characters(b[0]))
            ]
            seen: set[int] = set()
            for characters in singles:
                if seen & characters:
                    return True
                seen |= characters
            return any(self._repeats_itself(branch) for branch in branches)
        return self._repeats_itself(flat)

    def _repeats_itself(self, items: Sequence[Any]) -> bool:
        """True for an inner repetition whose characters the rest of the sequence can match too, or may leave out."""
        for index, item in enumerate(items):
            if _name(item) not in _REPEATS or not _is_many(item[1][1]):
                continue
            characters = self._characters(item)
            if characters and all(self._within(other, characters) for n, other in enumerate(items) if n != index):
                return True
        return False

    def _within(self, item: Any, characters: Characters) -> bool:
        if self._nullable(item):
            return _name(item) != "AT"
        own = self._characters(item)
        return own is not None and bool(own & characters)

    def _neighbour(self, items: Sequence[Any], index: int) -> bool:
        """True where a later repetition, with nothing mandatory and different between, shares characters."""
        own = self._characters(items[index])
        for item in items[index + 1 :] if own else ():
            other = self._characters(item)
            if other is not None and own is not None and not other & own and not self._nullable(item):
                return False
            if other is None and not self._nullable(item):
                return False
            if _name(item) in _REPEATS and _is_many(item[1][1]) and other and own and other & own:
                return True
        return False


_REPEATS = frozenset({"MAX_REPEAT", "MIN_REPEAT"})


def _name(item: Any) -> str:
    return str(item[0])


def _is_many(high: Any) -> bool:
    return str(high) == "MAXREPEAT" or int(high) >= MANY


def _flat(items: Sequence[Any]) -> list[Any]:
    """The items with groups replaced by what they hold."""
    out: list[Any] = []
    for item in items:
        if _name(item) == "SUBPATTERN":
            out += _flat(list(item[1][3]))
        else:
            out.append(item)
    return out


def _of_class(items: Sequence[Any]) -> Characters:
    found: set[int] = set()
    negated = False
    for op, argument in items:
        name = str(op)
        if name == "NEGATE":
            negated = True
        elif name == "LITERAL":
            found.add(min(argument, _OTHER))
        elif name == "RANGE":
            low, high = argument
            found.update(range(min(low, _OTHER), min(high, _OTHER) + 1))
        elif name == "CATEGORY":
            found |= _CATEGORIES.get(str(argument), _ALL)
    return _ALL - found if negated else frozenset(found)
