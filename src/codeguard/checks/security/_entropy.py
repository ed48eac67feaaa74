"""Whether a literal looks like a generated secret: its characters, and how evenly they are spread."""

from __future__ import annotations

import math
import re
from collections import Counter

SHORTEST = 16
_SHAPE = re.compile(r"[A-Za-z0-9+/_\-=.]+")
_WORDS = re.compile(r"[a-z]{4,}|[A-Z][a-z]{3,}")
_PLACEHOLDER = re.compile(
    r"(?i)your|example|sample|dummy|placeholder|change|replace|insert|todo|xxx|\.\.\.|<|>|\{|\}|test|fake|secret|passw|"
    r"abcdef|123456|redacted|token|key"
)


def entropy(text: str) -> float:
    """Shannon entropy in bits a character; 0 for an empty text."""
    total = len(text)
    return -sum(n / total * math.log2(n / total) for n in Counter(text).values()) if total else 0.0


def is_generated(text: str) -> bool:
    """True for a text that nobody would write by hand: long, without words, letters and digits mixed evenly."""
    if len(text) < SHORTEST or not _SHAPE.fullmatch(text) or _PLACEHOLDER.search(text):
        return False
    if not (any(c.isdigit() for c in text) and any(c.isalpha() for c in text)):
        return False
    words = sum(len(word) for word in _WORDS.findall(text))
    hexadecimal = re.fullmatch(r"[0-9a-f]+|[0-9A-F]+", text) is not None
    return entropy(text) >= (3.0 if hexadecimal else 3.5) and (hexadecimal or words * 2 < len(text))


def is_chosen(text: str) -> bool:
    """True for a text that reads like a password that somebody chose: one word, letters mixed with digits, no example."""
    if not 8 <= len(text) <= 64 or any(c.isspace() for c in text) or _PLACEHOLDER.search(text) or "/" in text:
        return False
    return any(c.isdigit() for c in text) and sum(c.isalpha() for c in text) >= 3 and len(set(text)) >= 6
