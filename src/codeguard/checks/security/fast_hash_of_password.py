"""A password that is hashed by one round of a hash made to be fast.

A graphics card tries billions of SHA-256 or MD5 hashes a second, with a salt or without, so most passwords of a stolen
table are known within days.  Use a hash made for passwords: argon2, bcrypt, `hashlib.scrypt`, or
`hashlib.pbkdf2_hmac` with 600,000 rounds.  See CWE-916, CWE-328 and the OWASP Password Storage Cheat Sheet.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import assigned_name, body_of, is_test
from codeguard.checks.security._words import is_password
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "sha3_512", "blake2b", "blake2s")
SLOW = frozenset({"pbkdf2_hmac", "scrypt", "hashpw", "PasswordHasher", "checkpw", "PBKDF2HMAC", "argon2", "bcrypt"})
# The first characters of a hash select a file or a range of leaked ones; they are no stored password.
LOOKUPS = frozenset({"prefix", "suffix", "key", "cache_key", "range"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a fast hash of a value that is called a password, or of a sum or text that holds one."""
    for name in FAST:
        for call in unit.calls.get(f"hashlib.{name}", ()):
            data = unit.arg(call, 0, "string")
            if data is None:
                continue
            password = _password(data)
            if not password or is_test(unit, call) or assigned_name(unit, call) in LOOKUPS:
                continue
            if not any(n.value in SLOW for n in body_of(unit, call).names):
                yield Hit(
                    call, f"`{password}` is hashed by one round of {name.upper()}, of which billions are tried a second"
                )


def _password(data: cst.BaseExpression) -> str:
    """The name of a password in an expression that passes its text on, or an empty text."""
    for node in descend(data, into=lambda n: not isinstance(n, (cst.Subscript, cst.Comparison, cst.IfExp))):
        if isinstance(node, cst.Name) and is_password(node.value):
            return node.value
    return ""


CHECK = Check(
    id="CGS042",
    name="fast-hash-of-password",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(916, 327, 328),
    aliases=("bandit:B324", "ruff:S324"),
    hints=("hashlib",),
    find=find,
    fix="Use argon2, bcrypt or `hashlib.scrypt`.",
    bad=(
        Bad(
            "import hashlib\n\ndef stored(password, salt):\n    return hashlib.sha256(password.encode() + salt.encode()).hexdigest()  # finding\n"
        ),
        Bad(
            "import hashlib\n\ndef check(user, passwd):\n    return user.hash == hashlib.md5(f'{user.salt}{passwd}'.encode()).hexdigest()  # finding\n"
        ),
    ),
    good=(
        Good(
            "import hashlib\n\ndef stored(password, salt):\n    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)\n"
        ),
        Good("import hashlib\n\ndef etag(content):\n    return hashlib.sha256(content).hexdigest()\n"),
        Good(
            "import hashlib\nimport bcrypt\n\ndef stored(password):\n    return bcrypt.hashpw(hashlib.sha256(password).digest(), bcrypt.gensalt())\n"
        ),
    ),
    misses=(
        Miss(
            "import hashlib\n\ndef stored(secret_word):\n    return hashlib.sha256(secret_word).hexdigest()  # finding\n",
            why="the name does not say password",
        ),
    ),
)
