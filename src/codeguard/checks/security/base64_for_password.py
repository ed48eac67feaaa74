"""A password that is stored as Base64.

Base64 is a spelling, not a secret: whoever sees the stored text reads the password.  Store a salted slow hash
(`argon2`, `bcrypt`, `hashlib.scrypt`) and compare with its verifier.  See CWE-261 and CWE-522.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import last_word
from codeguard.checks.security._words import is_password
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

CODECS = frozenset(
    f"base64.{n}"
    for n in (
        "b64decode",
        "b64encode",
        "b32decode",
        "b32encode",
        "b16decode",
        "b85decode",
        "urlsafe_b64decode",
        "standard_b64decode",
        "decodestring",
    )
)


def find(node: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report `b64decode(stored) == password`, either side first."""
    if len(node.comparisons) != 1 or not isinstance(node.comparisons[0].operator, (cst.Equal, cst.NotEqual)):
        return
    sides = node.left, node.comparisons[0].comparator
    for coded, other in (sides, sides[::-1]):
        if is_password(last_word(other)) and _is_coded(unit, coded):
            yield Hit(
                node,
                f"`{last_word(other)}` is compared with Base64 text: whoever sees what is stored reads the password",
            )
            return


def _is_coded(unit: Unit, node: cst.BaseExpression) -> bool:
    name = unit.name(node) or ""
    return any(name.startswith(f"{codec}()") for codec in CODECS)


CHECK = Check(
    id="CGS033",
    name="base64-for-password",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(261, 522, 256),
    hints=("base64",),
    nodes=(cst.Comparison,),
    find=find,
    fix="Store a salted slow hash and compare with its verifier.",
    bad=(
        Bad("import base64\n\ndef check(row, password):\n    return base64.b64decode(row[0]) == password  # finding\n"),
        Bad(
            "import base64\n\ndef check(row, password):\n    plain = base64.b64decode(row[0]).decode()\n    return password == plain  # finding\n"
        ),
    ),
    good=(
        Good(
            "from argon2 import PasswordHasher\n\ndef check(row, password):\n    return PasswordHasher().verify(row[0], password)\n"
        ),
        Good("import base64\n\ndef check(row, name):\n    return base64.b64decode(row[0]) == name\n"),
        Good(
            "import base64\n\ndef header(user, password):\n    return base64.b64encode(f'{user}:{password}'.encode())\n"
        ),
    ),
    misses=(
        Miss(
            "import base64\n\ndef save(db, password):\n    db.store(base64.b64encode(password))  # finding\n",
            why="HTTP's Basic scheme does the same on purpose",
        ),
    ),
)
