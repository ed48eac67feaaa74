"""What the code around a finding of Ruff's says of it: a look at the text, where Ruff's message does not tell.

A file may hold a finding on every line, so that what needs the whole text is asked once a file.
"""

from __future__ import annotations

import re
from functools import lru_cache

from codeguard.engines.source_context import may_hold_more_names

# The start of a statement that gives one name its value: `file =`, `self.file: IO[str] =`.
_TARGET = re.compile(r"\s*((?:self\.)?[^\W\d]\w*)\s*(?::[^=]+)?=(?!=)")
# A name as it is closed: used as a context manager, returned to somebody who may close it, or closed.
_NAME = r"((?:self\.)?[^\W\d]\w*)"
_CLOSED = re.compile(rf"\b(?:with\s+(?:\w+\()*|return\s+|enter_context\(){_NAME}|(?<![\w.]){_NAME}\.close\b")


def variant_of(code: str, text: str, line: str) -> str:
    """The variant of a rule's code that holds for a finding on that line of the text; the code where there is none."""
    if code == "F821" and may_hold_more_names(text):
        return "F821-fragment"
    if code == "SIM115" and is_closed_by_hand(text, line):
        return "SIM115-closed"
    return code


def is_closed_by_hand(text: str, line: str) -> bool:
    """True where what the line assigns is closed somewhere in the text, used as a context manager, or returned."""
    target = _TARGET.match(line)
    return target is not None and target[1] in _closed_in(text)


@lru_cache(maxsize=1)
def _closed_in(text: str) -> frozenset[str]:
    return frozenset(found[1] or found[2] for found in _CLOSED.finditer(text))
