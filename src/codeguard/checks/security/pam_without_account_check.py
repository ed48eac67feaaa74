"""A PAM login that asks whether the password is right but not whether the account may log in.

`pam_authenticate` succeeds for expired and locked accounts too; `pam_acct_mgmt` is the call that refuses them.  Call it
after a successful `pam_authenticate`, and let its answer decide.  See CWE-285 and pam_acct_mgmt(3).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report calls of `pam_authenticate` in a file that never calls `pam_acct_mgmt`."""
    calls = [(call, last_word(call.func)) for call in unit.nodes(cst.Call)]
    if any(name in {"pam_acct_mgmt", "acct_mgmt"} for _, name in calls):
        return
    for call, name in calls:
        if name == "pam_authenticate":
            yield Hit(
                call, "`pam_authenticate` succeeds for expired and locked accounts: nothing here calls `pam_acct_mgmt`"
            )


CHECK = Check(
    id="CGS041",
    name="pam-without-account-check",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(285, 287),
    hints=("pam_authenticate",),
    find=find,
    fix="Call `pam_acct_mgmt` after a successful `pam_authenticate`.",
    bad=(
        Bad("def login(handle):\n    return pam_authenticate(handle, 0) == 0  # finding\n"),
        Bad(
            "from ctypes import CDLL\n\nlibpam = CDLL('libpam.so')\n\ndef login(handle):\n    status = libpam.pam_authenticate(handle, 0)  # finding\n    return not status\n"
        ),
    ),
    good=(
        Good("def login(handle):\n    return pam_authenticate(handle, 0) == 0 and pam_acct_mgmt(handle, 0) == 0\n"),
        Good("def login(user, password):\n    return pam.pam().authenticate(user, password)\n"),
        Good("from ctypes import CDLL\n\nauthenticate = CDLL('libpam.so').pam_authenticate\n"),
    ),
    misses=(
        Miss(
            "def login(handle):\n    ok = pam_authenticate(handle, 0) == 0  # finding\n    pam_acct_mgmt(handle, 0)\n    return ok\n",
            why="whether the answer is looked at is not followed",
        ),
    ),
)
