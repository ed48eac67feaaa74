"""A list of allowed hosts that the file defines and never looks at.

Somebody wrote down where requests and redirects may go and forgot to test it, so they go anywhere.  Compare the parsed
host (`urllib.parse.urlsplit(url).hostname`) with the list.  See CWE-601 and CWE-918.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._unread import HINTS, unread_lists
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

OF = frozenset({"domains", "hosts", "origins", "urls", "domain", "redirects"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a list of what is allowed that no function of the file reads."""
    for name, node in unread_lists(unit, OF):
        yield Hit(node, f"`{name}` is defined but never read, so every address is accepted")


CHECK = Check(
    id="CGS013",
    name="allowed-hosts-never-used",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    cwe=(
        601,
        918,
    ),
    hints=HINTS,
    find=find,
    fix="Compare the value with the list before it is used.",
    bad=(
        Bad("""\
import requests

ALLOWED_DOMAINS = ["api.example.invalid"]  # finding

def fetch(url):
    return requests.get(url, timeout=5)
"""),
        Bad('TRUSTED_HOSTS = {"example.invalid"}  # finding\n\ndef go(url):\n    return redirect(url)\n'),
    ),
    good=(
        Good("""\
from urllib.parse import urlsplit

ALLOWED_DOMAINS = ["api.example.invalid"]

def fetch(url):
    if urlsplit(url).hostname not in ALLOWED_DOMAINS:
        raise ValueError(url)
    return get(url)
"""),
        Good('ALLOWED_HOSTS = ["example.invalid"]\n\ndef root():\n    return "/"\n'),
        Good('TRUSTED_HOSTS = {"example.invalid"}\n__all__ = ["TRUSTED_HOSTS"]\n\ndef f():\n    return 1\n'),
    ),
    misses=(
        Miss(
            "from .base import app\n\nALLOWED_DOMAINS = ['a']  # finding\n\ndef act(x):\n    return app(x)\n",
            why="a file that belongs to a package may be read by its other files",
        ),
    ),
)
