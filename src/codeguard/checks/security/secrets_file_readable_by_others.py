"""A file for passwords or keys that is created with the default permissions.

With the usual umask `open(path, "w")` makes a file that every user of the machine can read.  Create it for its owner
alone: `os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)`, or an `opener` that does so, or set the mode with
`os.chmod` (a moment too late, but better).  See CWE-732 and CWE-276.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import Body, body, body_of, function_around, is_test, last_word
from codeguard.checks.security._words import is_secret, listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

GUARDS = frozenset({"chmod", "fchmod", "umask", "set_permissions", "icacls", "encrypt", "fdopen", "st_mode"})
KEYS = listed("credential credentials cred creds secret secrets token tokens password passwords")


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `open` for writing of a path that is called secret, or in whose block a secret is written."""
    mode = unit.constant(unit.arg(call, 1, "mode"))
    if mode is None or not isinstance(mode.value, str) or not {"w", "a", "x"} & set(mode.value):
        return
    if unit.arg(call, 7, "opener") is not None or not call.args or is_test(unit, call):
        return
    inside = body_of(unit, call)
    if _guarded(inside):
        return
    path = last_word(call.args[0].value)
    if _is_secret_path(path):
        yield Hit(call, f"`{path}` is created readable by every user of the machine: set mode 0o600")
        return
    secret = _written(unit, call)
    if secret:
        yield Hit(call, f"`{secret}` is written to a file that every user of the machine can read: set mode 0o600")


def _guarded(inside: Body) -> bool:
    return any(last_word(c.func) in GUARDS for c in inside.calls) or any(
        a.attr.value in GUARDS for a in inside.attributes
    )


def _speaks_of_secrets(name: str) -> bool:
    parts = words(name)
    pairs = set(pairwise(parts))
    return bool(KEYS & set(parts)) or bool({("api", "key"), ("api", "keys"), ("secure", "key")} & pairs)


def _is_secret_path(name: str) -> bool:
    return _speaks_of_secrets(name) and bool({"file", "path", "filepath", "filename", "store"} & set(words(name)))


def _written(unit: Unit, call: cst.Call) -> str:
    """The secret that the `with` block of this `open` writes as it is, or an empty text."""
    item = unit.parent(call)
    block = unit.parent(item) if isinstance(item, cst.WithItem) else None
    if not isinstance(block, cst.With) or function_around(unit, call) is None:
        return ""
    for write in body(unit, block.body).calls:
        if not (
            isinstance(write.func, cst.Attribute) and write.func.attr.value in {"write", "writelines"} and write.args
        ):
            continue
        for name in body(unit, write.args[0].value).names:
            above = unit.parent(name)
            passed = isinstance(above, cst.Arg) and unit.parent(above) is not write
            if not (passed or isinstance(above, cst.Attribute)) and (
                is_secret(name.value) or _speaks_of_secrets(_iterated(unit, name))
            ):
                return name.value
    return ""


def _iterated(unit: Unit, name: cst.Name) -> str:
    """The name of the collection that a loop takes `name` from, or an empty text."""
    for binding in unit.scopes.look_up(name.value, name):
        source = binding.value
        if binding.kind == "loop" and isinstance(source, cst.Call) and isinstance(source.func, cst.Attribute):
            return last_word(source.func.value)
        if binding.kind == "loop":
            return last_word(source)
    return ""


CHECK = Check(
    id="CGS020",
    name="secrets-file-readable-by-others",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(732, 276, 312),
    hints=("open(",),
    calls=("builtins.open",),
    find=find,
    fix="Create the file with mode 0o600: `os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)`.",
    bad=(
        Bad("""\
def save(credentials_path, items):
    with open(credentials_path, "w") as file:  # finding
        for key, value in items:
            file.write(f"{key}={value}")
"""),
        Bad("""\
def save(path, user, password):
    with open(path, "a") as file:  # finding
        file.write(user + ":" + password)
"""),
    ),
    good=(
        Good("""\
import os

def save(credentials_path, items):
    with open(credentials_path, "w") as file:
        file.writelines(items)
    os.chmod(credentials_path, 0o600)
"""),
        Good("""\
import os

def opener(path, flags):
    return os.open(path, flags, 0o600)

def save(path, password):
    with open(path, "w", opener=opener) as file:
        file.write(password)
"""),
        Good("def save(path, password):\n    with open(path, 'w') as file:\n        file.write(hash_of(password))\n"),
        Good(
            "def read(credentials_path):\n    with open(credentials_path, 'r') as file:\n        return file.read()\n"
        ),
    ),
    misses=(
        Miss(
            "def save(path, password):\n    file = open(path, 'w')  # finding\n    file.write(password)\n",
            why="only `with` blocks are followed",
        ),
    ),
)
