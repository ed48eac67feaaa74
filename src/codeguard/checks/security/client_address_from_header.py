"""A decision that hangs on the address in a header that the client writes.

`X-Forwarded-For` holds what the sender put there; a proxy only adds to it.  So `127.0.0.1` in it proves nothing.  Use
the address of the connection (`request.remote_addr`), and let the server's proxy settings fill it.  See CWE-348 and
CWE-290.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

HEADER = re.compile(r"(?i)(http[_-])?x[_-](forwarded[_-]for|real[_-]ip|client[_-]ip)|true-client-ip|client-ip")
ADDRESS = re.compile(r"(\d{1,3}\.){1,3}(\d{1,3})?|localhost|::1")


def find(comparison: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report a comparison of such a header's value with an address."""
    sides = [comparison.left, *(t.comparator for t in comparison.comparisons)]
    if len(sides) != 2 or not any(_is_address(unit, side) for side in sides):
        return
    if any(_is_header(unit, side, 0) for side in sides) and not is_test(unit, comparison):
        yield Hit(comparison, "the client itself writes this header, so it can claim any address")


def _is_address(unit: Unit, node: cst.BaseExpression) -> bool:
    if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        return bool(node.elements) and all(_is_address(unit, e.value) for e in node.elements)
    constant = unit.constant(node)
    return constant is not None and isinstance(constant.value, str) and ADDRESS.fullmatch(constant.value) is not None


def _is_header(unit: Unit, node: cst.BaseExpression, depth: int) -> bool:
    if isinstance(node, cst.Name) and depth < 3:
        return any(
            b.kind == "assign" and b.value is not None and _is_header(unit, b.value, depth + 1)
            for b in unit.scopes.look_up(node.value, node)
        )
    if not isinstance(node, (cst.Call, cst.Subscript)):
        return False
    return any(isinstance(n, cst.SimpleString) and HEADER.fullmatch(n.raw_value) for n in descend(node))


CHECK = Check(
    id="CGS037",
    name="client-address-from-header",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(348, 290),
    hints=("orwarded", "ORWARDED", "real-ip", "Real-IP", "REAL_IP", "lient-ip", "lient-IP", "CLIENT_IP"),
    nodes=(cst.Comparison,),
    find=find,
    fix="Use the address of the connection (`request.remote_addr`).",
    bad=(
        Bad("""\
from flask import request

def is_local():
    address = request.headers.get("X-Forwarded-For")
    return address == "127.0.0.1"  # finding
"""),
        Bad(
            "def check(request):\n    if request.META['HTTP_X_REAL_IP'] in ('127.0.0.1', '::1'):  # finding\n        return True\n"
        ),
    ),
    good=(
        Good("from flask import request\n\ndef is_local():\n    return request.remote_addr == '127.0.0.1'\n"),
        Good("def show(request):\n    return request.headers.get('X-Forwarded-For')\n"),
        Good("def scheme(request):\n    return request.headers.get('X-Forwarded-Proto') == 'https'\n"),
    ),
    misses=(
        Miss(
            "import ipaddress\n\ndef check(request):\n    return ipaddress.ip_address(request.headers['X-Real-IP']).is_private  # finding\n",
            why="only comparisons with an address are looked at",
        ),
    ),
)
