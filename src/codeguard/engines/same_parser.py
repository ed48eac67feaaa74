"""What Ruff's and ty's messages have in common: both speak for one parser."""

from __future__ import annotations

import re

from codeguard.engines.process import Ending
from codeguard.model import FailureKind

# It reads newer syntax than its target has, says so and goes on.
NEWER_SYNTAX = re.compile(r"\(syntax was (?:added|removed) in Python")
PROBLEMS = {"invalid-syntax": FailureKind.UNPARSABLE, "panic": FailureKind.CRASH}
"""What kept it from reading a file, by the code of its message."""

KINDS = {
    Ending.EXITED: FailureKind.CRASH,
    Ending.TIMED_OUT: FailureKind.TIMEOUT,
    Ending.TOO_MUCH_OUTPUT: FailureKind.LIMIT,
}
"""What became of a file that a call did not survive."""
