"""Rights that a header of the request gives.

The client writes its headers: whoever sends `X-User-Role: admin` is one.  Take rights from a session or a verified
token.  Only behind a proxy that removes such headers from what comes in can they be believed.  See CWE-290 and CWE-287.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

HEADER = re.compile(r"(?i)(http_)?x[_-]([a-z]+[_-])*(role|roles|is[_-]admin|admin|authenticated|permissions)")


def find(unit: Unit) -> Iterator[Hit]:
    """Report the value of such a header where it is stored, given on or compared, not where it is only asked for."""
    for text in unit.nodes(cst.SimpleString):
        if not HEADER.fullmatch(text.raw_value):
            continue
        reading = _reading(unit, text)
        if reading is None or is_test(unit, text) or isinstance(unit.parent(reading), cst.If):
            continue
        yield Hit(reading, f"the client writes `{text.raw_value}` itself, so it can give itself any rights")


def _reading(unit: Unit, text: cst.SimpleString) -> cst.CSTNode | None:
    """`headers[...]` or `headers.get(...)` around the name, or None."""
    for above in unit.ancestors(text):
        if isinstance(above, cst.Subscript):
            return above if last_word(above.value) in {"headers", "META", "environ"} else None
        if isinstance(above, cst.Call):
            func = above.func
            owner = last_word(func.value) if isinstance(func, cst.Attribute) and func.attr.value == "get" else ""
            return above if owner in {"headers", "META"} and above.args[0].value is text else None
        if isinstance(above, cst.BaseSmallStatement):
            return None
    return None


CHECK = Check(
    id="CGS057",
    name="role-from-client-header",
    severity=Severity.HIGH,
    confidence=Confidence.LOW,
    cwe=(290, 287),
    hints=("headers", "META"),
    find=find,
    fix="Take rights from a session or a verified token.",
    bad=(
        Bad("def authenticate(request, g):\n    g.role = request.headers['X-User-Role']  # finding\n"),
        Bad("def is_admin(request):\n    return request.META.get('HTTP_X_ADMIN') == '1'  # finding\n"),
    ),
    good=(
        Good("def authenticate(session, g):\n    g.role = session['role']\n"),
        Good("def key(request):\n    return request.headers.get('X-Admin-Key')\n"),
        Good("def call(client):\n    return client.get('/', headers={'X-User-Role': 'admin'})\n"),
    ),
    misses=(
        Miss(
            "def role(x_user_role: str = Header()):\n    return x_user_role  # finding\n",
            why="headers that a framework hands over as parameters are not known",
        ),
    ),
)
