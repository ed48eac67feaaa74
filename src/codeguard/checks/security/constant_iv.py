"""An initialisation vector or nonce that is the same for every message.

With the same key and IV equal messages encrypt alike, and in CTR and GCM mode two messages reveal each other and, in
GCM, the key that authenticates them.  Take a fresh one for each message: `os.urandom(16)`, and send it along.  See
CWE-329, CWE-1204 and NIST SP 800-38A, appendix C.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import function_around, is_test, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

CIPHERS = tuple(
    f"{root}.Cipher.{name}.new"
    for root in ("Crypto", "Cryptodome")
    for name in ("AES", "DES3", "Blowfish", "ChaCha20", "Salsa20")
)
MODES = tuple(
    f"cryptography.hazmat.primitives.ciphers.modes.{name}" for name in ("CBC", "CTR", "GCM", "OFB", "CFB", "CFB8")
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report an IV that is built from constants alone."""
    name = unit.name(call.func) or ""
    if name in MODES:
        vector = unit.arg(call, 0, "initialization_vector" if not name.endswith(("CTR",)) else "nonce")
    else:
        mode = last_word(unit.arg(call, 1, "mode"))
        if mode == "MODE_ECB":
            return
        vector = unit.arg(call, 2, "iv") or unit.arg(call, None, "IV") or unit.arg(call, None, "nonce")
    if vector is not None and not is_test(unit, call) and _is_constant(unit, vector, 0):
        yield Hit(vector, "this IV is the same for every message, so equal messages encrypt alike")


def _is_constant(unit: Unit, node: cst.BaseExpression, depth: int) -> bool:
    """True for bytes that no call but a conversion of constants takes part in."""
    if unit.constant(node) is not None:
        return unit.constant(node).value is not None  # type: ignore[union-attr]
    if depth > 6:
        return False
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Multiply, cst.Add)):
        sides = node.left, node.right
        return all(_is_constant(unit, side, depth + 1) or last_word(side) == "block_size" for side in sides) and any(
            _is_constant(unit, side, depth + 1) for side in sides
        )
    if isinstance(node, cst.Call):
        if unit.name(node.func) in {"builtins.bytes", "builtins.bytearray", "builtins.bytes.fromhex"}:
            return bool(node.args) and all(
                _is_constant(unit, a.value, depth + 1) or last_word(a.value) == "block_size" for a in node.args
            )
        if isinstance(node.func, cst.Attribute) and node.func.attr.value in {"encode", "to_bytes", "ljust", "zfill"}:
            return _is_constant(unit, node.func.value, depth + 1)
        return False
    if isinstance(node, cst.Subscript):
        return _is_constant(unit, node.value, depth + 1)
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        function = function_around(unit, node)
        return (
            len(bindings) == 1
            and function is not None
            and bindings[0].kind == "assign"
            and bindings[0].value is not None
            and _is_constant(unit, bindings[0].value, depth + 1)
        )
    return False


CHECK = Check(
    id="CGS023",
    name="constant-iv",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(329, 1204, 323),
    hints=("Crypto", "cryptography", "AES", "modes"),
    calls=(*CIPHERS, *MODES, "AES.new"),
    find=find,
    fix="Take a fresh one for each message: `os.urandom(16)`.",
    bad=(
        Bad("""\
from Crypto.Cipher import AES

def encrypt(data, key):
    vector = b"x" * AES.block_size
    return AES.new(key, AES.MODE_CBC, vector).encrypt(data)  # finding
"""),
        Bad("""\
from cryptography.hazmat.primitives.ciphers import modes

def mode():
    return modes.CBC(bytes(16))  # finding
"""),
    ),
    good=(
        Good("""\
import os
from Crypto.Cipher import AES

def encrypt(data, key):
    vector = os.urandom(AES.block_size)
    return vector + AES.new(key, AES.MODE_CBC, vector).encrypt(data)
"""),
        Good("""\
from Crypto.Cipher import AES

def decrypt(data, key):
    return AES.new(key, AES.MODE_CBC, data[:16]).decrypt(data[16:])
"""),
        Good(
            "from Crypto.Cipher import AES\n\ndef encrypt(data, key):\n    return AES.new(key, AES.MODE_EAX).encrypt(data)\n"
        ),
    ),
    misses=(
        Miss(
            "from Crypto.Cipher import AES\n\nclass Box:\n    vector = b'0' * 16\n\n    def encrypt(self, data, key):\n"
            "        return AES.new(key, AES.MODE_CBC, self.vector).encrypt(data)  # finding\n",
            why="attributes of a class are not followed",
        ),
    ),
)
