"""What a name says of its value: the words of an identifier, and whether they speak of a secret.

A name is evidence, not proof; a check that relies on one says so in its confidence.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


def listed(text: str) -> frozenset[str]:
    """The words of a text, as a set: how the tables of words here are written."""
    return frozenset(text.split())


PASSWORD = frozenset({"password", "passwd", "passwort", "passphrase", "passcode", "pwd", "psw", "passwords"})
# "pass" and "pw" are a password only beside the word of whose it is: `db_pass`, not `first_pass`.
_OWNERS = listed("""
    user db admin root login mysql smtp my ftp email mail account actual typed given stored entered correct expected
    current service mqtt broker redis rabbit amqp imap ldap sftp ssh wifi
    """)

SECRET = PASSWORD | frozenset({"secret", "secrets", "token", "apikey", "credential", "credentials", "privkey"})
_SECRET_PAIRS = (
    ("api", "key"),
    ("private", "key"),
    ("secret", "key"),
    ("access", "key"),
    ("signing", "key"),
    ("encryption", "key"),
    ("auth", "key"),
    ("session", "id"),
    ("session", "key"),
)
# Beside these words a secret's name speaks of something about the secret: `token_type`, `password_field`, `max_tokens`.
_ABOUT = listed("""
    count counts num number len length max min size limit type types name names index idx pos position kind url uri
    path file files filename dir field fields label prompt help hint text title message msg error errors policy rule
    rules validator validators regex pattern form template view page reset changed change expired expires expiry ttl
    lifetime age valid invalid required enabled disabled strength score min max env var header column table param
    parameter class func function callback generator factory manager backend store provider format id ids prefix
    suffix list set map dict cls iter stream kwargs args re rx hash hashed hasher digest encrypted is has use no
    """)


@lru_cache(maxsize=8192)
def words(name: str) -> tuple[str, ...]:
    """The lower-case words of an identifier: `userPassword_2` has user, password and 2."""
    return tuple(part.lower() for part in _PART.findall(name))


@lru_cache(maxsize=8192)
def is_password(name: str) -> bool:
    """True for a name that holds a password itself, not something about one."""
    parts = words(name)
    if not parts or _ABOUT & set(parts):
        return False
    if PASSWORD & set(parts):
        return True
    return len(parts) > 1 and parts[-1] in {"pass", "pw", "pword"} and bool(_OWNERS & set(parts[:-1]))


@lru_cache(maxsize=8192)
def is_secret(name: str) -> bool:
    """True for a name that holds a password, a key, a token or another credential itself."""
    parts = words(name)
    if is_password(name):
        return True
    pairs = set(pairwise(parts))
    if any(pair in pairs for pair in _SECRET_PAIRS):
        return not _ABOUT & set(parts) - {"id"}
    return bool(SECRET & set(parts)) and not _ABOUT & set(parts)
