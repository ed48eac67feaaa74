"""A handler for every exception answers with a constant, as if the failure were a result.

The caller cannot tell "not found" from "the code is wrong": a misspelt name, a missing file and a lost connection all
become `None`, `False` or an empty list.  Catch what is expected, and log the rest.  Well-kept code does it too where
the answer is all that counts, so this is for the strict profile.  Source: CWE-396.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word, small_statements
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal


def find(handler: cst.ExceptHandler, unit: Unit) -> Iterator[Hit]:
    """Report a broad handler whose whole body is the return of a constant."""
    broad = handler.type is None or last_word(handler.type) in {"Exception", "BaseException"}
    body = list(small_statements(handler.body.body))
    if not broad or len(body) != 1 or not isinstance(body[0], cst.Return):
        return
    value = body[0].value
    constant = value is None or literal(value) is not None or (isinstance(value, cst.Dict) and not value.elements)
    if constant:
        yield Hit(handler, "Every failure becomes a constant answer here: callers cannot tell that anything went wrong")


CHECK = Check(
    id="CGC055",
    name="broad-except-hides-failure",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(396, 390),
    aliases=("ruff:BLE001", "ruff:E722"),
    profile=Profile.STRICT,
    nodes=(cst.ExceptHandler,),
    find=find,
    fix="Catch the exceptions that mean this answer, and log or raise the others.",
    bad=(
        Bad(
            "def load(path):\n    try:\n        return read(path)\n    except Exception:  # finding\n        return None\n"
        ),
        Bad(
            "def works():\n    try:\n        connect()\n        return True\n    except:  # finding\n        return False\n"
        ),
    ),
    good=(
        Good(
            "def load(path):\n    try:\n        return read(path)\n    except FileNotFoundError:\n        return None\n"
        ),
        Good(
            "def load(path):\n    try:\n        return read(path)\n    except Exception as error:\n        log.warning('not read: %s', error)\n        return None\n"
        ),
        Good(
            "def load(path):\n    try:\n        return read(path)\n    except Exception as error:\n        return error\n"
        ),
    ),
    misses=(
        Miss(
            "def load(path):\n    data = {}\n    try:\n        data = read(path)\n    except Exception:  # finding\n        data = {}\n    return data\n",
            why="assignments of a fallback are not followed",
        ),
    ),
)
