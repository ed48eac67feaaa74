"""Which of the versions that were read a declared constraint admits.

Source: PEP 440, "Version specifiers"; pre-releases, local versions and epochs are not told apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_CLAUSE = re.compile(r"\s*(===|==|~=|!=|<=|>=|<|>|\^|~)?\s*v?(\d+(?:\.\d+)*)(\.\*)?")
Version = tuple[int, ...]


def version(text: str) -> Version:
    """The release numbers of a version, trailing zeros left out."""
    numbers = [int(part) for part in re.findall(r"\d+", re.split(r"[^\d.]", text, maxsplit=1)[0])]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return tuple(numbers)


def bounds(constraint: str) -> tuple[Version | None, Version | None]:
    """The lowest version that a constraint admits, and the lowest above all that it admits; None for no bound.

    `==1.26.4` gives (1, 26, 4) and (1, 26, 4, 1); what is written in another way than PEP 440's or Poetry's bounds
    nothing.
    """
    low: Version | None = None
    high: Version | None = None
    for clause in constraint.split(","):
        match = _CLAUSE.match(clause)
        if match is None:
            continue
        operator, numbers, any_below = match[1] or "==", tuple(int(n) for n in match[2].split(".")), match[3]
        least = most = None
        if operator in {"==", "==="}:
            least, most = numbers, _next(numbers) if any_below else (*_padded(numbers), 1)
        elif operator == "~=":
            least, most = numbers, _next(numbers[:-1] or numbers)
        elif operator == "~":
            least, most = numbers, _next(numbers[:2])
        elif operator == "^":
            significant = next((at for at, n in enumerate(numbers) if n), len(numbers) - 1)
            least, most = numbers, _next(numbers[: significant + 1])
        elif operator in {">=", ">"}:
            least = numbers
        elif operator == "<":
            most = numbers
        elif operator == "<=":
            most = (*_padded(numbers), 1)
        low = least if least is not None and (low is None or least > low) else low
        high = most if most is not None and (high is None or most < high) else high
    return low, high


def _padded(numbers: Version) -> Version:
    return (*numbers, *(0,) * (3 - len(numbers)))


def _next(numbers: Version) -> Version:
    return (*numbers[:-1], numbers[-1] + 1)


def within(constraint: str, read: Sequence[str]) -> int:
    """The mask of the versions read that a constraint admits."""
    low, high = bounds(constraint)
    mask = 0
    for at, one in enumerate(version(text) for text in read):
        if (low is None or one >= _bare(low)) and (high is None or one < _bare(high)):
            mask |= 1 << at
    return mask


def admitted(constraint: str, read: Sequence[str]) -> int | None:
    """The mask of the versions read that stand for what a constraint admits; None where it bounds nothing.

    Those within the bounds count, and the read neighbours outside them: what lies between two read versions may have
    the names of either.
    """
    low, high = bounds(constraint)
    if low is None and high is None:
        return None
    mask = within(constraint, read)
    every = [version(text) for text in read]
    below = [at for at, one in enumerate(every) if low is not None and one < _bare(low)]
    above = [at for at, one in enumerate(every) if high is not None and one >= _bare(high)]
    exact = low is not None and _bare(low) in every
    if below and not exact:
        mask |= 1 << below[-1]
    if above and not mask & ~(1 << below[-1] if below else 0):  # nothing read lies within
        mask |= 1 << above[0]
    return mask or 1 << (len(every) - 1)


def _bare(numbers: Version) -> Version:
    return version(".".join(map(str, numbers)))
