"""A list of fields that may be changed, defined and never looked at.

Somebody wrote down which fields a client may set and forgot to test it, so the client sets any (`is_admin`, `price`).
Copy only the fields of the list.  See CWE-915.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._unread import HINTS, unread_lists
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

OF = frozenset({"fields", "attributes", "attrs", "keys", "properties", "columns", "field"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a list of what is allowed that no function of the file reads."""
    for name, node in unread_lists(unit, OF):
        yield Hit(node, f"`{name}` is defined but never read, so clients can set any field")


CHECK = Check(
    id="CGS017",
    name="allowed-fields-never-used",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    cwe=(915,),
    hints=HINTS,
    find=find,
    fix="Compare the value with the list before it is used.",
    bad=(
        Bad("""\
PERMITTED_FIELDS = ["price", "stock"]  # finding

def edit(item: dict, details: dict):
    item.update(details)
    return item
"""),
        Bad(
            'ALLOWED_COLUMNS = ("a", "b")  # finding\n\ndef set_all(row, new):\n    for key in new:\n        row[key] = new[key]\n'
        ),
    ),
    good=(
        Good("""\
PERMITTED_FIELDS = ["price", "stock"]

def edit(item: dict, details: dict):
    for key, value in details.items():
        if key in PERMITTED_FIELDS:
            item[key] = value
    return item
"""),
        Good('VALID_FIELDS = ("a", "b")\nPERMITTED_FIELDS = ("a",)\n'),
        Good('REQUIRED_FIELDS = ["a"]\n\ndef f(x):\n    return x\n'),
    ),
    misses=(
        Miss(
            "from .base import app\n\nALLOWED_FIELDS = ['a']  # finding\n\ndef act(x):\n    return app(x)\n",
            why="a file that belongs to a package may be read by its other files",
        ),
    ),
)
