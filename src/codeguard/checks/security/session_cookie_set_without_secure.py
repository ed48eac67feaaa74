"""A session's cookie that is set without `secure`.

Browsers send it over plain HTTP too, where everyone on the way can read it and take over the session.  Set
`secure=True, httponly=True, samesite="Lax"`.  See CWE-614.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SESSION = listed("session sessionid sess sid auth token jwt login remember credential credentials")
RANDOM = ("secrets.token", "uuid.uuid4", "jwt.encode", "os.urandom")


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `set_cookie` without `secure`, of a name that says session or a value that is a fresh token."""
    if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "set_cookie") or unit.has_unpacking(call):
        return
    secure = unit.arg(call, 5, "secure")
    if secure is not None or is_test(unit, call):
        return
    key, value = unit.arg(call, 0, "key"), unit.arg(call, 1, "value")
    if value is None:
        return
    constant = unit.constant(key)
    name = constant.value if constant is not None and isinstance(constant.value, str) else ""
    fresh = (unit.name(value) or "").startswith(RANDOM)
    if SESSION & set(words(name)) or fresh or {"session", "token"} & set(words(last_word(value))):
        yield Hit(call, f"the cookie `{name or last_word(value)}` is also sent over plain HTTP, where it can be read")


CHECK = Check(
    id="CGS031",
    name="session-cookie-set-without-secure",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(614, 319),
    hints=("set_cookie",),
    nodes=(cst.Call,),
    find=find,
    fix='Set `secure=True, httponly=True, samesite="Lax"`.',
    bad=(
        Bad("def login(response, sid):\n    response.set_cookie('sessionID', sid)  # finding\n    return response\n"),
        Bad(
            "import secrets\n\ndef login(response):\n    response.set_cookie('x', secrets.token_urlsafe(16), httponly=True)  # finding\n"
        ),
    ),
    good=(
        Good(
            "def login(response, sid):\n    response.set_cookie('sessionID', sid, secure=True, httponly=True, samesite='Lax')\n"
        ),
        Good("def theme(response, name):\n    response.set_cookie('theme', name)\n"),
        Good("def login(response, sid, options):\n    response.set_cookie('session', sid, **options)\n"),
    ),
    misses=(
        Miss(
            "def login(response, value):\n    response.headers['Set-Cookie'] = 'session=' + value  # finding\n",
            why="headers that are written by hand are not read",
        ),
    ),
)
