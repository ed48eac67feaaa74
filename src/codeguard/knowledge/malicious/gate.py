"""Patterns over whole files, tried only where a word stands that they cannot match without.

A case-blind regular expression with many alternatives reads a text at some 10 MB a second; looking for a word in it is
a hundred times faster, and nearly all files hold none of the words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BEFORE, _AFTER = 300, 900  # more than any bounded pattern reaches from its word


# What `re.IGNORECASE` takes for a letter of ASCII; of them, U+0130 is the only one whose lower case is longer.
_ALSO = str.maketrans({"\u017f": "s", "\u0131": "i", "\u0130": "i", "\u212a": "k"})


def folded(text: str) -> str:
    """The text as case-blind patterns see it: those take a long s for s and a dotless i for i.  Its length is the same."""
    return text.lower() if text.isascii() else text.translate(_ALSO).lower()


@dataclass(frozen=True, slots=True)
class Gated:
    """A pattern and the words (in lower case) of which every match holds at least one.

    `near`: no match reaches far from its word, so that only the text around the words need be read.
    """

    pattern: re.Pattern[str]
    words: tuple[str, ...]
    near: bool = False

    def search(self, text: str) -> re.Match[str] | None:
        """As `re.Pattern.search`."""
        low = folded(text)
        if not self.near or len(text) <= _AFTER:
            return self.pattern.search(text) if any(word in low for word in self.words) else None
        for start, end in self._windows(low):
            found = self.pattern.search(text, start, end)
            if found:
                return found
        return None

    def _windows(self, low: str) -> list[tuple[int, int]]:
        """The stretches around the words, in order, those that overlap as one; they begin and end with lines."""
        places = []
        for word in self.words:
            at = low.find(word)
            while at >= 0:
                places.append(at)
                at = low.find(word, at + _BEFORE // 2)  # what lies between is in the window all the same
        merged: list[tuple[int, int]] = []
        for at in sorted(places):
            start = low.rfind("\n", 0, max(at - _BEFORE, 0)) + 1
            end = low.find("\n", at + _AFTER)
            end = len(low) if end < 0 else end
            if merged and start <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(merged[-1][1], end))
            else:
                merged.append((start, end))
        return merged
