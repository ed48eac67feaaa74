"""A key length that is too short, behind a name or as a default.

RSA and DSA keys below 2048 bits can be computed from their public half by whoever has the means; AES keys are derived
from fewer bytes than they need in the same way.  Use 2048 bits at least, better 3072.  See CWE-326 and NIST SP
800-131A.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

MODULES = frozenset({"RSA", "DSA", "rsa", "dsa"})
METHODS = frozenset({"generate", "generate_private_key", "newkeys", "gen_key"})
ENOUGH = 2048


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a key generation whose size is a parameter with a short default, or a variable of a short value."""
    func = call.func
    if not isinstance(func, cst.Attribute) or func.attr.value not in METHODS:
        return
    owner = last_word(func.value)
    if not any(owner.endswith(module) for module in MODULES) or is_test(unit, call):
        return
    size = unit.arg(call, None, "key_size") or unit.arg(call, None, "bits") or unit.arg(call, None, "nbits")
    if size is None:
        size = unit.arg(call, 1 if func.attr.value == "generate_private_key" and owner == "rsa" else 0)
    bits = _bits(unit, size)
    if bits is not None and 256 < bits < ENOUGH:
        yield Hit(call, f"a key of {bits} bits is too short: its private half can be computed from the public one")


def _bits(unit: Unit, node: cst.BaseExpression | None) -> int | None:
    constant = unit.constant(node)
    if constant is None and isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and isinstance(bindings[0].node, cst.Param):
            constant = unit.constant(bindings[0].node.default)
    return constant.value if constant is not None and type(constant.value) is int else None


CHECK = Check(
    id="CGS029",
    name="short-key-by-default",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(326,),
    aliases=("bandit:B505", "ruff:S505"),
    hints=("RSA", "DSA", "rsa", "dsa"),
    nodes=(cst.Call,),
    find=find,
    fix="Use 2048 bits at least, better 3072.",
    bad=(
        Bad("from Crypto.PublicKey import RSA\n\ndef make(size=1024):\n    return RSA.generate(size)  # finding\n"),
        Bad("""\
from cryptography.hazmat.primitives.asymmetric import rsa

BITS = 512 * 2

def make():
    return rsa.generate_private_key(65537, BITS)  # finding
"""),
    ),
    good=(
        Good("from Crypto.PublicKey import RSA\n\ndef make(size=3072):\n    return RSA.generate(size)\n"),
        Good("from Crypto.PublicKey import RSA\n\ndef make(size):\n    return RSA.generate(size)\n"),
        Good("def make(pages, size=1024):\n    return pages.generate(size)\n"),
    ),
    misses=(
        Miss(
            "from Crypto.PublicKey import RSA\n\nSIZES = {'small': 1024}\nRSA.generate(SIZES['small'])  # finding\n",
            why="values in containers are not followed",
        ),
    ),
)
