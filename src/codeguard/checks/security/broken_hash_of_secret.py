"""MD5 or SHA-1 for a token, a key, a signature or a stored secret.

MD5 and SHA-1 are fast and broken: what goes into such a token (a user name, a salt, the time) can be found by trying,
and two inputs with one hash can be made.  Make tokens with `secrets.token_urlsafe()`, sign with HMAC-SHA-256.
Checksums, cache keys and ETags are left alone.  See CWE-328 and NIST SP 800-131A.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import assigned_name, body, is_test
from codeguard.checks.security._words import is_password, listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

RESULT = listed("token secret password passwd pw pwd signature sig session sid csrf xsrf auth activation apikey otp")
INPUT = listed("secret token password passwd pw pwd salt apikey nonce")
HARMLESS = listed(
    "cache etag checksum file filename path url id fingerprint version gravatar avatar content body data name"
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report `md5` and `sha1` whose result, or what is hashed, is called a secret."""
    for name in ("md5", "sha1"):
        for call in unit.calls.get(f"hashlib.{name}", ()):
            off = unit.constant(unit.arg(call, None, "usedforsecurity"))
            if (off is not None and off.value is False) or is_test(unit, call):
                continue
            what = _secret(unit, call)
            if what:
                yield Hit(call, f"{name.upper()} is broken, and `{what}` hangs on it")


def _secret(unit: Unit, call: cst.Call) -> str:
    result = assigned_name(unit, call)
    parts = set(words(result))
    if HARMLESS & parts:
        return ""
    if RESULT & parts:
        return result
    for arg in call.args:
        for name in body(unit, arg.value).names:
            if is_password(name.value) or (INPUT & set(words(name.value)) and not HARMLESS & set(words(name.value))):
                return name.value
    return ""


CHECK = Check(
    id="CGS050",
    name="broken-hash-of-secret",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(328, 327, 916),
    aliases=("bandit:B324", "ruff:S324", "bandit:B303", "ruff:S303"),
    hints=("md5", "sha1"),
    find=find,
    fix="Make tokens with `secrets.token_urlsafe()`, sign with HMAC-SHA-256, store passwords with argon2.",
    bad=(
        Bad(
            "import hashlib\n\ndef register(salt, name):\n    activation_key = hashlib.sha1(salt + name).hexdigest()  # finding\n    return activation_key\n"
        ),
        Bad("import hashlib\n\nuser = {'secret': hashlib.md5(b'abc').hexdigest()}  # finding\n"),
        Bad("import hashlib\n\ndef hash_pw(text):\n    return hashlib.md5(text.encode()).hexdigest()  # finding\n"),
    ),
    good=(
        Good("import hashlib\n\ndef register(salt, name):\n    return hashlib.sha256(salt + name).hexdigest()\n"),
        Good("import hashlib\n\ndef checksum(data):\n    return hashlib.md5(data).hexdigest()\n"),
        Good(
            "import hashlib\n\ndef page(token):\n    cache_key = hashlib.md5(token).hexdigest()\n    return cache_key\n"
        ),
        Good("import hashlib\n\ndef sign(token):\n    return hashlib.md5(token, usedforsecurity=False).hexdigest()\n"),
    ),
    misses=(
        Miss(
            "import hashlib\n\ndef make(secret):\n    h = hashlib.md5()  # finding\n    h.update(secret)\n    return h.hexdigest()\n",
            why="`update` is not followed",
        ),
    ),
)
