"""A token of so few random bytes that it can be tried out.

Eight bytes and fewer are within reach of somebody who may try often, or who holds many accounts' tokens at once.  Leave
the argument out: the default of `secrets` (32 bytes) is enough.  See CWE-331, CWE-334 and the documentation of
`secrets`, "How many bytes should tokens use?".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import assigned_name, is_test
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SECRET = listed("token session sessionid reset secret key apikey csrf auth cookie invitation password nonce")
ENOUGH = 12


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `secrets.token_*` and `os.urandom` with few bytes, where the result is called a token or a key."""
    size = unit.constant(unit.arg(call, 0, "nbytes"))
    if size is None or type(size.value) is not int or not 0 < size.value < ENOUGH or is_test(unit, call):
        return
    name = assigned_name(unit, call)
    if SECRET & set(words(name)) and not {"id", "name", "salt", "suffix", "prefix"} & set(words(name)):
        yield Hit(call, f"`{name}` has {8 * size.value} random bits: few enough to be tried out")


CHECK = Check(
    id="CGS043",
    name="short-token",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(331, 334),
    hints=("token_", "urandom"),
    calls=("secrets.token_hex", "secrets.token_urlsafe", "secrets.token_bytes", "os.urandom"),
    find=find,
    fix="Leave the number out: 32 bytes are the default.",
    bad=(
        Bad(
            "import secrets\n\ndef make():\n    reset_token = secrets.token_hex(4)  # finding\n    return reset_token\n"
        ),
        Bad("import os\n\nkeys = {'session': os.urandom(8).hex()}  # finding\n"),
    ),
    good=(
        Good("import secrets\n\ndef make():\n    reset_token = secrets.token_hex(16)\n    return reset_token\n"),
        Good("import secrets\n\nname_suffix = secrets.token_hex(4)\n"),
        Good("import secrets\n\ndef make(n):\n    token = secrets.token_hex(n)\n    return token\n"),
    ),
    misses=(
        Miss(
            "import secrets\n\ndef make():\n    code = secrets.token_hex(2)  # finding\n    return code\n",
            why="a code may be typed by a person and expire soon",
        ),
    ),
)
