"""The token that requests must carry, defined and never looked at.

Without the comparison a page of another site can send requests with a visitor's cookies.  Compare the token of the
request with it, by `hmac.compare_digest`, before anything changes.  See CWE-352.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._unread import unread
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

EXPECTED = frozenset({"expected", "csrf", "xsrf"})
TOKEN = frozenset({"token", "tokens", "signature", "signatures"})
ABOUT = frozenset({"name", "header", "field", "cookie", "key", "length", "age", "expiry", "path", "url"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a constant that holds the expected token of requests and that no function of the file reads."""
    for name, node, _ in unread(unit):
        parts = set(words(name))
        if EXPECTED & parts and TOKEN & parts and not ABOUT & parts:
            yield Hit(node, f"`{name}` is defined but never compared, so requests are accepted without it")


CHECK = Check(
    id="CGS019",
    name="request-token-never-compared",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(352,),
    hints=("EXPECTED", "CSRF", "XSRF"),
    find=find,
    fix="Compare the token of the request with `hmac.compare_digest`.",
    bad=(
        Bad("""\
EXPECTED_CSRF_TOKEN = load_token()  # finding

def change_mail(request, users):
    users[request["id"]] = request["mail"]
"""),
        Bad("XSRF_TOKEN = 'abc'  # finding\n\ndef post(request):\n    return save(request)\n"),
    ),
    good=(
        Good("""\
import hmac

EXPECTED_CSRF_TOKEN = load_token()

def change_mail(request, users):
    if not hmac.compare_digest(request["token"], EXPECTED_CSRF_TOKEN):
        raise PermissionError
    users[request["id"]] = request["mail"]
"""),
        Good("CSRF_TOKEN_NAME = 'token'\n\ndef f():\n    return 1\n"),
        Good("CSRF_TOKEN = 'abc'\n"),
    ),
    misses=(
        Miss(
            "CSRF_TOKEN = make()  # finding\n\ndef post(request):\n    log(CSRF_TOKEN)\n    return save(request)\n",
            why="any use counts as a comparison",
        ),
    ),
)
