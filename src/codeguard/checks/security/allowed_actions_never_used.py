"""A list of allowed commands, roles or types that the file defines and never looks at.

Somebody wrote down the rule and forgot to apply it, so nothing is refused.  Compare the value with the list before it
is used.  See CWE-862 and CWE-20.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._unread import HINTS, unread_lists
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit

OF = frozenset({"commands", "actions", "operations", "roles", "users", "extensions", "methods", "paths", "tables"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a list of what is allowed that no function of the file reads."""
    for name, node in unread_lists(unit, OF):
        yield Hit(node, f"`{name}` is defined but never read, so nothing is refused")


CHECK = Check(
    id="CGS018",
    name="allowed-actions-never-used",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    cwe=(
        862,
        20,
    ),
    profile=Profile.STRICT,
    hints=HINTS,
    find=find,
    fix="Compare the value with the list before it is used.",
    bad=(
        Bad("""\
import subprocess

ALLOWED_COMMANDS = ["ls", "date"]  # finding

def run(name):
    return subprocess.run([name], check=True)
"""),
        Bad('PERMITTED_ROLES = {"admin"}  # finding\n\ndef remove(user, items):\n    items.clear()\n'),
    ),
    good=(
        Good("""\
import subprocess

ALLOWED_COMMANDS = ["ls", "date"]

def run(name):
    if name not in ALLOWED_COMMANDS:
        raise ValueError(name)
    return subprocess.run([name], check=True)
"""),
        Good('ALLOWED_EXTENSIONS = {"png"}\n\ndef f():\n    return 1\n'),
        Good('from .base import run\n\nALLOWED_COMMANDS = ["ls"]\n\ndef f():\n    return run()\n'),
    ),
    misses=(
        Miss(
            "from .base import app\n\nALLOWED_COMMANDS = ['a']  # finding\n\ndef act(x):\n    return app(x)\n",
            why="a file that belongs to a package may be read by its other files",
        ),
    ),
)
