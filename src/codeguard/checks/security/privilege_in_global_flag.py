"""A login that is remembered in a global variable.

A module has one such variable for all visitors: after the first login everybody is logged in, and other requests of the
same moment are too.  Keep it in the visitor's session.  See CWE-454, CWE-488 and CWE-284.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

STATE = frozenset(
    {"admin", "authenticated", "authorized", "authorised", "loggedin", "logged", "login", "superuser", "auth"}
)
USER = frozenset({"user", "username", "uid", "account"})
CREDENTIALS = frozenset({"request", "password", "passwd", "pwd", "username", "credentials", "token"})


def find(node: cst.Assign, unit: Unit) -> Iterator[Hit]:
    """Report `global X; X = True` where X speaks of rights, in a function that looks at a request or a password."""
    target = node.targets[0].target
    value = unit.constant(node.value)
    if not isinstance(target, cst.Name) or value is None or value.value is not True:
        return
    parts = set(words(target.value))
    if not STATE & parts or {"required", "enabled", "use", "disable", "allow"} & parts:
        return
    function = function_around(unit, node)
    if function is None or target.value not in unit.scopes.at(node).global_names or is_test(unit, node):
        return
    if CREDENTIALS & {n.value for n in body(unit, function).names}:
        yield Hit(
            node, f"`{target.value}` is one variable for all visitors: after one login everybody has these rights"
        )


CHECK = Check(
    id="CGS021",
    name="privilege-in-global-flag",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(454, 488, 284),
    hints=("global ",),
    nodes=(cst.Assign,),
    find=find,
    fix="Keep it in the visitor's session.",
    bad=(
        Bad("""\
IS_ADMIN = False

def login(request):
    global IS_ADMIN
    if check(request):
        IS_ADMIN = True  # finding
"""),
        Bad("""\
def sign_in(username, password):
    global logged_in
    if known(username, password):
        logged_in = True  # finding
    return logged_in
"""),
    ),
    good=(
        Good(
            "from flask import session\n\ndef login(request):\n    if check(request):\n        session['admin'] = True\n"
        ),
        Good("READY = False\n\ndef start(request):\n    global READY\n    READY = True\n"),
        Good("def login(request):\n    is_admin = True\n    return is_admin and check(request)\n"),
    ),
)
