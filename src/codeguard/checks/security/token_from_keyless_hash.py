"""A token or signature that is a plain hash of what everybody knows.

Whoever knows the address or the number can compute the same hash, and with it the token of any other user.  Use
`hmac.new(key, ...)` with a secret key, or a random token that is stored.  See CWE-345 and CWE-340.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import assigned_name, body, is_test
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

FAST = ("md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_256", "blake2b", "blake2s")
TOKEN = listed("token signature sig mac")
# What makes the hash more than a hash of known things: a key, randomness, or a token that is itself secret.
SECRET = listed(
    "key secret salt token random urandom uuid uuid4 nonce password passwd secrets pepper seed settings digest"
)
KNOWN = listed("email mail user username name id uid account phone address")


def find(unit: Unit) -> Iterator[Hit]:
    """Report a hash called a token whose input is named for known things and for no secret."""
    for name in FAST:
        for call in unit.calls.get(f"hashlib.{name}", ()):
            token = assigned_name(unit, call)
            parts = set(words(token))
            if not TOKEN & parts or {"hash", "hashed", "digest", "cache", "key"} & parts or is_test(unit, call):
                continue
            used = {word for arg in call.args for n in body(unit, arg.value).names for word in words(n.value)}
            if KNOWN & used and not SECRET & used and unit.arg(call, None, "key") is None:
                yield Hit(call, f"`{token}` is a hash without a key, so whoever knows what is hashed can make it")


CHECK = Check(
    id="CGS055",
    name="token-from-keyless-hash",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(345, 340),
    hints=("hashlib",),
    find=find,
    fix="Use `hmac.new(key, message, hashlib.sha256)` with a secret key.",
    bad=(
        Bad(
            "import hashlib\n\ndef link(email):\n    token = hashlib.md5(email.encode()).hexdigest()  # finding\n    return f'/out?t={token}'\n"
        ),
        Bad(
            "import hashlib\n\ndef reset(user_id):\n    return {'reset_token': hashlib.sha256(str(user_id).encode()).hexdigest()}  # finding\n"
        ),
    ),
    good=(
        Good(
            "import hashlib\nimport hmac\n\ndef link(key, email):\n    token = hmac.new(key, email.encode(), hashlib.sha256).hexdigest()\n    return token\n"
        ),
        Good(
            "import hashlib\n\ndef stored(token):\n    token_hash = hashlib.sha256(token.encode()).hexdigest()\n    return token_hash\n"
        ),
        Good(
            "import hashlib\n\ndef link(email, secret):\n    token = hashlib.sha256(f'{email}{secret}'.encode()).hexdigest()\n    return token\n"
        ),
    ),
    misses=(
        Miss(
            "import hashlib\n\ndef link(email):\n    h = hashlib.sha256()  # finding\n    h.update(email)\n    token = h.hexdigest()\n    return token\n",
            why="`update` is not followed",
        ),
    ),
)
