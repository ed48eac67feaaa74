"""A permission that only an `assert` checks.

`python -O` leaves every `assert` out, and with it this check: everybody is let in.  Raise `PermissionError`, or answer
403, from an `if`.  See CWE-617 and the reference of the `assert` statement.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.checks.security._words import listed
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

RIGHTS = listed("""
    is_admin is_superuser is_staff is_authenticated is_authorized is_logged_in has_permission has_perm has_role
    has_access can_access can_edit can_delete is_owner check_password verify_password compare_digest
    verify_signature check_permission user_has_permission isAdmin isAuthenticated isAuthorized hasPermission
    """)


def find(node: cst.Assert, unit: Unit) -> Iterator[Hit]:
    """Report an `assert` that asks for a right, outside of tests."""
    asked = next((n.value for n in body(unit, node.test).names if n.value in RIGHTS), None)
    if asked is not None and function_around(unit, node) is not None and not is_test(unit, node):
        yield Hit(node, f"`python -O` leaves out this `assert`, so without `{asked}` everybody is let in")


CHECK = Check(
    id="CGS040",
    name="permission-by-assert",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(617, 862),
    aliases=("bandit:B101", "ruff:S101"),
    hints=("assert",),
    nodes=(cst.Assert,),
    find=find,
    fix="Raise `PermissionError` from an `if`.",
    bad=(
        Bad("def remove(user, item):\n    assert user.is_admin  # finding\n    item.delete()\n"),
        Bad(
            "import hmac\n\ndef accept(a, b):\n    assert hmac.compare_digest(a, b), 'bad signature'  # finding\n    return a\n"
        ),
    ),
    good=(
        Good("def remove(user, item):\n    if not user.is_admin:\n        raise PermissionError\n    item.delete()\n"),
        Good("def test_admin(user):\n    assert user.is_admin\n"),
        Good("def area(width):\n    assert width > 0\n    return width * width\n"),
    ),
    misses=(
        Miss(
            "def remove(user, item):\n    assert user.role == 'admin'  # finding\n    item.delete()\n",
            why="roles have many names",
        ),
    ),
)
