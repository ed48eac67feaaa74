"""Ruff's rules of security (read from Ruff 0.17.6): Bandit's, under the same judgement, and a few of its own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from codeguard.knowledge.foreign import bandit
from codeguard.knowledge.foreign.rows import rule
from codeguard.knowledge.foreign.same import SHARED
from codeguard.model import Confidence, Profile, Rule

# Where Ruff sees less than Bandit does, it is less sure.
LESS_SURE: Mapping[str, Profile] = {
    "S321": Profile.AUDIT,  # any name of `ftplib`, `FTP_TLS` among them
    "S608": Profile.STRICT,  # text that is never executed, too
}

SECURITY = """
DJ006        modelform-exclude               M/M S 915      A form takes every field but the listed ones
DJ007        modelform-all-fields            M/M S 915      A form takes every field of its model
"""

# Right-to-left marks are legitimate in text; our own check tells them from an attack.
MALICIOUS = """
PLE2502      bidi-control                    H/L S 1007,838 The text may be shown in another order than it runs
PLE2510      raw-backspace                   M/L S 150      A control character stands in the text
PLE2512      raw-substitute                  M/L S 150      A control character stands in the text
PLE2513      raw-escape                      M/L S 150      A control character stands in the text
PLE2514      raw-nul                         M/L S 150      A control character stands in the text
PLE2515      raw-zero-width-space            M/L S 1007     An invisible character stands in the text
RUF001       look-alike-in-text              L/L A 1007     A letter looks like another one
RUF002       look-alike-in-docstring         L/L A 1007     A letter looks like another one
RUF003       look-alike-in-comment           L/L A 1007     A letter looks like another one
"""


def shared() -> Iterator[Rule]:
    """Ruff's versions of Bandit's rules."""
    for number in SHARED:
        theirs, code = bandit.rules()[f"bandit:B{number}"], f"S{number}"
        yield rule(
            "ruff",
            code,
            name=theirs.name,
            summary=theirs.summary,
            category=theirs.category,
            severity=theirs.severity,
            confidence=Confidence.LOW if code in LESS_SURE else theirs.confidence,
            profile=LESS_SURE.get(code, theirs.profile),
            cwe=theirs.cwe,
        )
