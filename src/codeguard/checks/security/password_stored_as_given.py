"""A password that is written to the database as it was given.

Whoever reads the table, a backup of it or a log of the statements has every user's password, here and wherever they
use it again.  Store a salted slow hash (argon2, bcrypt, `hashlib.scrypt`).  See CWE-256 and CWE-522.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.checks.security._words import is_password
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

WRITES = re.compile(
    r"\s*(insert\s+into|update|replace\s+into)\b[^;]*\b(password|passwd|pwd|pass)\b", re.IGNORECASE | re.DOTALL
)
HASHING = re.compile(r"hash|crypt|pbkdf|scrypt|argon|digest|make_password|encrypt|sha\d|md5|hmac", re.IGNORECASE)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `execute` of an INSERT or UPDATE of a password column with a raw password among its values."""
    if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "execute" and len(call.args) >= 2):
        return
    statement = unit.constant(call.args[0].value)
    if statement is None or not isinstance(statement.value, str) or not WRITES.match(statement.value):
        return
    function = function_around(unit, call)
    if function is None or is_test(unit, call) or any(HASHING.search(n.value) for n in body(unit, function).names):
        return
    for name in body(unit, call.args[1].value).names:
        if is_password(name.value) and not isinstance(unit.parent(name), cst.Attribute):
            yield Hit(name, f"`{name.value}` is stored as it was given: whoever reads the table has it")
            return


CHECK = Check(
    id="CGS045",
    name="password-stored-as-given",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(256, 522, 312),
    hints=("execute",),
    nodes=(cst.Call,),
    find=find,
    fix="Store a salted slow hash: `argon2.PasswordHasher().hash(password)`.",
    bad=(
        Bad(
            "def add(db, name, password):\n    db.execute('INSERT INTO users (name, password) VALUES (?, ?)', (name, password))  # finding\n"
        ),
        Bad(
            "SQL = 'UPDATE users SET passwd = %s WHERE id = %s'\n\ndef change(cursor, uid, new_password):\n    cursor.execute(SQL, [new_password, uid])  # finding\n"
        ),
    ),
    good=(
        Good(
            "def add(db, name, password):\n    stored = hasher.hash(password)\n    db.execute('INSERT INTO users (name, password) VALUES (?, ?)', (name, stored))\n"
        ),
        Good(
            "def find(db, name, password):\n    return db.execute('SELECT password FROM users WHERE name = ?', (name,))\n"
        ),
        Good(
            "def add(db, name, password_hash):\n    db.execute('INSERT INTO users (name, password) VALUES (?, ?)', (name, password_hash))\n"
        ),
    ),
    misses=(
        Miss(
            "def add(session, name, password):\n    session.add(User(name=name, password=password))  # finding\n",
            why="a model may hash in its setter",
        ),
    ),
)
