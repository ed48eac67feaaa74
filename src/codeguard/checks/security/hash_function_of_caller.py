"""A hash algorithm that the caller names, tested against nothing but what exists.

`hashlib.algorithms_available` holds MD5, SHA-1 and whatever else OpenSSL knows, so being in it says nothing of
strength.  Test the name against a list of the algorithms that are good enough.  See CWE-327 and CWE-328.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, parameters
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SECURITY = listed("password passwd secret token signature sign sec auth credential salt")
KEYED = frozenset({"hmac.new", "hashlib.pbkdf2_hmac"})
EXISTING = frozenset({"algorithms_available", "algorithms_guaranteed"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report `hashlib.new`, `hmac.new` and `getattr(hashlib, ...)` with a parameter that no list of strong ones holds."""
    for name, position, keyword in (
        ("hashlib.new", 0, "name"),
        ("builtins.getattr", 1, None),
        ("hmac.new", 2, "digestmod"),
        ("hashlib.pbkdf2_hmac", 0, "hash_name"),
    ):
        for call in unit.calls.get(name, ()):
            if name == "builtins.getattr" and not (call.args and unit.name(call.args[0].value) == "hashlib"):
                continue
            algorithm = unit.arg(call, position, keyword)
            if isinstance(algorithm, cst.Name) and _is_free(unit, call, algorithm):
                yield Hit(
                    call, f"`{algorithm.value}` may be MD5 or SHA-1: it is tested against no list of strong algorithms"
                )


def _is_free(unit: Unit, call: cst.Call, name: cst.Name) -> bool:
    """True for a parameter without a default that is compared with nothing, or with what exists only."""
    function = function_around(unit, call)
    if function is None:
        return False
    param = next((p for p in parameters(function) if isinstance(p.name, cst.Name) and p.name.value == name.value), None)
    if param is None or param.default is not None or len(unit.scopes.look_up(name.value, name)) != 1:
        return False
    existing = False
    for comparison in body(unit, function).comparisons:
        if all(n.value != name.value for n in body(unit, comparison).names):
            continue
        if not any(a.attr.value in EXISTING for a in body(unit, comparison).attributes):
            return False
        existing = True
    return existing or unit.name(call.func) in KEYED or _for_security(function)


def _for_security(function: cst.FunctionDef) -> bool:
    """True where the function's name or a parameter's says that security hangs on the hash; a checksum's may be weak."""
    names = [function.name.value, *(p.name.value for p in parameters(function) if isinstance(p.name, cst.Name))]
    return any(SECURITY & set(words(name)) for name in names)


CHECK = Check(
    id="CGS035",
    name="hash-function-of-caller",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(327, 328),
    hints=("hashlib",),
    find=find,
    fix="Test the name against a list of strong algorithms.",
    bad=(
        Bad("""\
import hashlib

def digest(name: str, data: bytes):
    if name not in hashlib.algorithms_available:
        raise ValueError(name)
    return hashlib.new(name, data).digest()  # finding
"""),
        Bad(
            "import hashlib\n\ndef hash_password(name, password):\n    return getattr(hashlib, name)(password).digest()  # finding\n"
        ),
    ),
    good=(
        Good("import hashlib\n\ndef checksum(name, data):\n    return hashlib.new(name, data).hexdigest()\n"),
        Good("""\
import hashlib

STRONG = {"sha256", "sha512"}

def digest(name: str, data: bytes):
    if name not in STRONG:
        raise ValueError(name)
    return hashlib.new(name, data).digest()
"""),
        Good("import hashlib\n\ndef digest(data, name='sha256'):\n    return hashlib.new(name, data).digest()\n"),
        Good("import hashlib\n\ndef digest(data):\n    return hashlib.new('sha256', data).digest()\n"),
    ),
    misses=(
        Miss(
            "import hashlib\n\ndef sign(name, data):\n    if name == '':\n        raise ValueError\n    return hashlib.new(name, data)  # finding\n",
            why="any comparison counts as a test of strength",
        ),
    ),
)
