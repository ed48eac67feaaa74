"""A value of the `random` module that a session or a cookie is recognised by.

`random`, and NumPy's generators, are made for simulations: from a few outputs the following ones can be computed, and
with them the value that another visitor's browser holds.  `secrets.token_urlsafe()` and `random.SystemRandom` cannot
be predicted.  See CWE-330 and the warning in the documentation of `random`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import Body, body_of, last_word, taking_call
from codeguard.checks.security._randomness import random_calls
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

KEPT = ("session", "cookie")


def find(unit: Unit) -> Iterator[Hit]:
    """Report a call of `random` whose value is stored in a session or cookie, or compared with one."""
    for call, name in random_calls(unit):
        variable = _variable(unit, call)
        body = body_of(unit, call)
        where = _stored_directly(unit, call) or (variable and _kept(unit, body, variable))
        if where:
            yield Hit(call, f"`{name}` is predictable, and {where} relies on its value: it can be guessed")


def _variable(unit: Unit, call: cst.Call) -> str:
    """The local name that gets the call's value, through conversions, or an empty text."""
    statement = unit.statement_of(call)
    if isinstance(statement, cst.Assign) and len(statement.targets) == 1:
        target = statement.targets[0].target
        return target.value if isinstance(target, cst.Name) else ""
    return ""


def _stored_directly(unit: Unit, call: cst.Call) -> str:
    statement = unit.statement_of(call)
    if isinstance(statement, cst.Assign):
        return next((w for t in statement.targets if (w := _session_slot(t.target))), "")
    taker = taking_call(unit, call)
    return _cookie_call(taker) if taker is not None else ""


def _session_slot(target: cst.CSTNode) -> str:
    """`session` for a target such as `session["id"]`, unless the key says that it is no identity."""
    if not isinstance(target, cst.Subscript):
        return ""
    base = last_word(target.value)
    return f"`{base}`" if any(word in base.lower() for word in KEPT) else ""


def _cookie_call(call: cst.Call) -> str:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in {"set_cookie", "set_signed_cookie"}:
        return "a cookie"
    return ""


def _kept(unit: Unit, body: Body, variable: str) -> str:
    for name in body.names:
        if name.value != variable:
            continue
        above = unit.parent(name)
        if isinstance(above, cst.Assign) and above.value is name:
            slot = next((w for t in above.targets if (w := _session_slot(t.target))), "")
            if slot:
                return slot
        taker = taking_call(unit, name)
        if taker is not None and (found := _cookie_call(taker)):
            return found
    return ""


CHECK = Check(
    id="CGS002",
    name="predictable-random-in-session",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(330, 338),
    aliases=("bandit:B311", "ruff:S311"),
    hints=("random",),
    find=find,
    fix="Use `secrets.token_urlsafe()`.",
    bad=(
        Bad("""\
import random
from flask import session

def login(user):
    value = str(random.getrandbits(32))  # finding
    session[user] = value
"""),
        Bad("""\
import random

def remember(response):
    response.set_cookie("remember", str(random.random()))  # finding
    number = random.randint(0, 2**32)  # finding
    response.set_cookie("id", number)
"""),
    ),
    good=(
        Good("""\
import secrets
from flask import session

def login(user):
    value = secrets.token_urlsafe(32)
    session[user] = value
"""),
        Good("""\
import random

def shuffle(items):
    value = random.random()
    items[0] = value
"""),
        Good("""\
import random
from flask import session

generator = random.SystemRandom()

def login(user):
    value = generator.getrandbits(128)
    session[user] = value
"""),
    ),
    misses=(
        Miss(
            "import random\n\ndef number():\n    return random.random()  # finding\n\n"
            "def login(session):\n    session['id'] = number()\n",
            why="values are not followed between functions",
        ),
    ),
)
