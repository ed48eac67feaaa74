"""A database login without a password, or with one of the first that anybody tries.

Whoever reaches the port is in.  Give the account a long random password and read it from the environment or a secret
store.  See CWE-521 and CWE-258.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.checks.security._words import is_password, listed
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

FIRST_TRIED = listed(
    "password passw0rd password1 password123 root admin admin123 123456 12345678 123456789 1234 12345 qwerty letmein changeme secret test toor postgres mysql sa"
)
DATABASE = re.compile(
    r"(mysql|pymysql|mysqldb|psycopg2?|mariadb|cx_oracle|oracledb|pymssql|pyodbc|aiomysql|asyncpg)\b", re.IGNORECASE
)
URL = re.compile(
    r"(postgres(ql)?|mysql|mariadb|mssql|oracle)(\+\w+)?://([\w.%-]+):([^@/\s:]*)@(?!localhost|127\.0\.0\.1)",
    re.IGNORECASE,
)
USER_KEYS = frozenset({"user", "username", "uid", "login"})
PLACE_KEYS = frozenset({"host", "engine", "server", "hostname"})
OWN_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report dictionaries with a user, a place and an empty or common password; such connect calls; such URLs."""
    for node in unit.nodes(cst.Dict):
        yield from _dictionary(unit, node)
    for call in unit.nodes(cst.Call):
        yield from _connect(unit, call)
    for text in unit.nodes(cst.SimpleString):
        match = URL.match(text.raw_value) if "://" in text.value else None
        if match and not is_test(unit, text) and (not match[5] or match[5].lower() in FIRST_TRIED):
            yield Hit(text, f"the account `{match[4]}` of this database has {_described(match[5])}")


def _dictionary(unit: Unit, node: cst.Dict) -> Iterator[Hit]:
    known = {
        key.lower(): element
        for element in node.elements
        if isinstance(element, cst.DictElement) and isinstance(key := _text(unit, element.key), str)
    }
    if not (USER_KEYS & known.keys() and PLACE_KEYS & known.keys()):
        return
    for key, element in known.items():
        value = _text(unit, element.value)
        if (
            is_password(key)
            and value is not None
            and (not value or value.lower() in FIRST_TRIED)
            and not is_test(unit, node)
        ):
            yield Hit(element.value, f"this database account has {_described(value)}")


def _connect(unit: Unit, call: cst.Call) -> Iterator[Hit]:
    if last_word(call.func).lower() not in {"connect", "create_pool", "connection"}:
        return
    if not DATABASE.match(unit.name(call.func) or ""):
        return
    host = unit.arg(call, 0, "host") or unit.arg(call, None, "server")
    if host is not None and _text(unit, host) in OWN_MACHINE:
        return  # the port is not reachable from elsewhere
    for arg in call.args:
        if arg.keyword is not None and is_password(arg.keyword.value):
            value = _text(unit, arg.value)
            if value is not None and (not value or value.lower() in FIRST_TRIED) and not is_test(unit, call):
                yield Hit(arg.value, f"this database account has {_described(value)}")


def _text(unit: Unit, node: cst.BaseExpression) -> str | None:
    constant = unit.constant(node)
    return constant.value if constant is not None and isinstance(constant.value, str) else None


def _described(password: str) -> str:
    return "a password that anybody tries first" if password else "no password"


CHECK = Check(
    id="CGS030",
    name="database-without-password",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(521, 258, 1391),
    find=find,
    hints=("pass", "PASS", "Pass", "pwd", "PWD", "://"),
    fix="Give the account a random password and read it from the environment.",
    bad=(
        Bad("""\
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "USER": "shop",
        "PASSWORD": "",  # finding
        "HOST": "db.example.invalid",
    }
}
"""),
        Bad(
            "import pymysql\n\ndef connect():\n    return pymysql.connect(host='db', user='root', password='root')  # finding\n"
        ),
        Bad("URI = 'postgresql://user:@example.invalid/shop'  # finding\n"),
    ),
    good=(
        Good("""\
import os

DATABASES = {"default": {"USER": "shop", "PASSWORD": os.environ["DB_PASSWORD"], "HOST": "db.example.invalid"}}
"""),
        Good("FORM = {'user': '', 'password': ''}\n"),
        Good("URI = 'postgresql://user:%s@example.invalid/shop'\n"),
    ),
)
