"""MD5 or SHA-1, where nothing says that no security hangs on it.

Two texts with one MD5 are made in seconds, with one SHA-1 for the price of a few graphics cards, so that neither shows
that a file, a document or a certificate is the one that was meant.  Use SHA-256 or BLAKE2; where only accidents matter
(a cache key, a bucket), say so: `hashlib.md5(data, usedforsecurity=False)`.
See CWE-328, RFC 6151 and NIST SP 800-131A.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

BROKEN = {
    "hashlib.md5": "MD5",
    "hashlib.sha1": "SHA-1",
    "hashlib.md4": "MD4",
    "md5.new": "MD5",
    "md5.md5": "MD5",
    "sha.new": "SHA-1",
    "Crypto.Hash.MD5.new": "MD5",
    "Crypto.Hash.SHA.new": "SHA-1",
    "Crypto.Hash.SHA1.new": "SHA-1",
    "Crypto.Hash.MD4.new": "MD4",
    "Crypto.Hash.MD2.new": "MD2",
    "Cryptodome.Hash.MD5.new": "MD5",
    "Cryptodome.Hash.SHA1.new": "SHA-1",
    "cryptography.hazmat.primitives.hashes.MD5": "MD5",
    "cryptography.hazmat.primitives.hashes.SHA1": "SHA-1",
}
NAMED = {"md5": "MD5", "sha1": "SHA-1", "sha-1": "SHA-1", "md4": "MD4"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report calls that make a broken hash, by its own name or by one that is passed."""
    for name, shown in BROKEN.items():
        for call in unit.calls.get(name, ()):
            if not _harmless(unit, call):
                yield Hit(call, f"{shown} is broken: two texts with the same hash can be made")
    for call in unit.calls.get("hashlib.new", ()):
        known = unit.constant(unit.arg(call, 0, "name"))
        shown = NAMED.get(str(known.value).lower(), "") if known is not None else ""
        if shown and not _harmless(unit, call):
            yield Hit(call, f"{shown} is broken: two texts with the same hash can be made")


def _harmless(unit: Unit, call: cst.Call) -> bool:
    """True where the call says that no security hangs on it, or hands on what says so."""
    said = unit.arg(call, None, "usedforsecurity")
    if said is None:
        return False
    known = unit.constant(said)
    return known is None or known.value is False


CHECK = Check(
    id="CGS062",
    name="broken-hash",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(328, 327),
    aliases=("bandit:B324", "ruff:S324", "bandit:B303", "ruff:S303"),
    hints=("md5", "MD5", "sha1", "SHA1", "md4", "MD4", "MD2", "sha.new", "SHA.new", "sha-1", "SHA-1"),
    find=find,
    fix="Use `hashlib.sha256` or `hashlib.blake2b`, or say `usedforsecurity=False` where only accidents matter.",
    bad=(
        Bad("import hashlib\n\ndef checksum(data):\n    return hashlib.md5(data).hexdigest()  # finding\n"),
        Bad(
            "from hashlib import sha1\n\ndef verify(data, expected):\n    return sha1(data).hexdigest() == expected  # finding\n"
        ),
        Bad("import hashlib\n\nh = hashlib.new('SHA1')  # finding\n"),
        Bad("from Crypto.Hash import MD5\n\nh = MD5.new()  # finding\n"),
    ),
    good=(
        Good("import hashlib\n\ndef checksum(data):\n    return hashlib.sha256(data).hexdigest()\n"),
        Good(
            "import hashlib\n\ndef cache_key(name):\n    return hashlib.md5(name, usedforsecurity=False).hexdigest()\n"
        ),
        Good("import hashlib\n\ndef digest(kind, data):\n    return hashlib.new(kind, data)\n"),
        Good("import hashlib\n\ndef etag(data, **options):\n    return hashlib.new('sha256', data).hexdigest()\n"),
    ),
    misses=(
        Miss(
            "import hashlib\n\ndef digest(data, make=hashlib.md5):  # finding\n    return make(data).hexdigest()\n",
            why="a default is no call",
        ),
    ),
)
