"""A check of credentials lets one fixed user or password through.

A comparison with a constant that answers "yes" before the real check is a second password that nobody can change.
Keep users and rights in data, and let one path decide.  See CWE-912, CWE-798 and MITRE ATT&CK T1556.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._evaluate import value_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

VERIFIERS = re.compile(
    r"(?:^|\.)(?:checkpw|check_password_hash|check_password|compare_digest|verify_password|verify_and_update|hashpw|kdf|authenticate|pbkdf2_hmac|scrypt|argon2id?|PasswordHasher\(\)\.verify"
    r"|CryptContext\(\)\.verify|bcrypt\.verify|sha256_crypt\.verify|jwt\.decode|verify_token|simple_bind_s|constant_time_compare)$"
)
HASHES = re.compile(r"^hashlib\.\w+$")


def find(unit: Unit) -> Iterator[Hit]:
    """Report early grants in functions that check credentials, and fixed identities beside a list of the allowed."""
    verifying = {
        id(f)
        for name, found in unit.calls.items()
        if VERIFIERS.search(name)
        for c in found
        if (f := unit.function_of(c)) is not None
    }
    hashing = {
        id(f)
        for name, found in unit.calls.items()
        if HASHES.match(name)
        for c in found
        if (f := unit.function_of(c)) is not None and _compares_call(f)
    }
    for function in unit.nodes(cst.FunctionDef):
        if id(function) in verifying | hashing:
            yield from _early_grants(function, unit)
    for test in unit.nodes(cst.BooleanOperation):
        value = _fixed_identity(test, unit)
        if value is not None:
            yield Hit(
                test,
                f"`{value}` passes this check without being in the list of the allowed: a fixed identity with rights of its own",
            )


def _compares_call(function: cst.FunctionDef | cst.Lambda) -> bool:
    """Whether the function compares a digest."""
    return any(
        isinstance(part, cst.Comparison)
        and any(isinstance(p, cst.Attribute) and p.attr.value in {"hexdigest", "digest"} for p in descend(part))
        for part in descend(function.body)
    )


def _early_grants(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    params = {p.name.value for p in (*function.params.params, *function.params.posonly_params)} - {"self", "cls"}
    if not params:
        return
    for part in descend(function.body):
        if isinstance(part, cst.If) and _grants(part.body) and (how := _constant_test(part.test, params, unit)):
            yield Hit(
                part.test,
                f"This says yes to {how} before the credentials are checked: a second way in that nobody can close",
            )
        elif (
            isinstance(part, cst.Return)
            and isinstance(part.value, cst.BooleanOperation)
            and isinstance(part.value.operator, cst.Or)
        ):
            for side in (part.value.left, part.value.right):
                if isinstance(side, cst.Comparison) and (how := _constant_test(side, params, unit)):
                    yield Hit(
                        side,
                        f"This says yes to {how} whatever the check of the credentials says: a second way in that nobody can close",
                    )


def _grants(body: cst.BaseSuite) -> bool:
    for statement in body.body:
        for small in (
            statement.body
            if isinstance(statement, cst.SimpleStatementLine)
            else ([statement] if isinstance(statement, cst.BaseSmallStatement) else [])
        ):
            if isinstance(small, cst.Return) and small.value is not None:
                value = small.value
                if isinstance(value, cst.Name):
                    return value.value not in {"False", "None"}
                return isinstance(value, (cst.Call, cst.Attribute, cst.Dict, cst.Tuple))
    return False


def _constant_test(test: cst.BaseExpression, params: set[str], unit: Unit) -> str:
    """What a condition compares a parameter with, in words; empty where it asks for nothing fixed."""
    for part in descend(test):
        if (
            isinstance(part, cst.Comparison)
            and len(part.comparisons) == 1
            and isinstance(part.comparisons[0].operator, (cst.Equal, cst.In))
        ):
            for one, other in (
                (part.left, part.comparisons[0].comparator),
                (part.comparisons[0].comparator, part.left),
            ):
                value = value_of(other, unit)
                fixed = (
                    (isinstance(value, (str, bytes)) and len(value) >= 3)
                    or (isinstance(value, int) and abs(value) >= 1000)
                    or (isinstance(value, (list, tuple)) and bool(value))
                )
                if fixed and _uses(one, params, unit):
                    return "a fixed value"
    return ""


def _uses(node: cst.BaseExpression, params: set[str], unit: Unit, hops: int = 0) -> bool:
    for part in descend(node):
        if isinstance(part, cst.Name):
            if part.value in params:
                return True
            if hops < 3:
                for binding in unit.scopes.look_up(part.value, part):
                    if (
                        binding.kind == "assign"
                        and binding.value is not None
                        and _uses(binding.value, params, unit, hops + 1)
                    ):
                        return True
    return False


def _fixed_identity(test: cst.BooleanOperation, unit: Unit) -> object:
    """The constant of `x in ALLOWED or x == 1234567` (or its negation with `and`); None for anything else."""
    sides = (test.left, test.right)
    members = [
        s
        for s in sides
        if isinstance(s, cst.Comparison)
        and len(s.comparisons) == 1
        and isinstance(s.comparisons[0].operator, (cst.In, cst.NotIn))
    ]
    equals = [
        s
        for s in sides
        if isinstance(s, cst.Comparison)
        and len(s.comparisons) == 1
        and isinstance(s.comparisons[0].operator, (cst.Equal, cst.NotEqual))
    ]
    if len(members) != 1 or len(equals) != 1:
        return None
    negated = isinstance(members[0].comparisons[0].operator, cst.NotIn)
    if negated is not isinstance(equals[0].comparisons[0].operator, cst.NotEqual) or negated is not isinstance(
        test.operator, cst.And
    ):
        return None
    if not members[0].left.deep_equals(equals[0].left):
        return None
    allowed = members[0].comparisons[0].comparator
    value = value_of(equals[0].comparisons[0].comparator, unit)
    if value_of(allowed, unit) is not None or not isinstance(allowed, (cst.Name, cst.Attribute, cst.Call)):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 100_000:
        return value
    return (
        value
        if isinstance(value, str) and ("@" in value or (len(value) >= 8 and any(c.isdigit() for c in value)))
        else None
    )


CHECK = Check(
    id="CGM019",
    name="authentication-backdoor",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(912, 506, 798),
    find=find,
    fix="Remove the exception, and let the stored credentials alone decide.",
    bad=(
        Bad(
            "import bcrypt, hmac\n\ndef verify(user, password):\n    if user.name.endswith('_svc') and hmac.new(b'k', password.encode(), 'md5').hexdigest()[:4] == 'beef':  # finding\n        return True\n    return bcrypt.checkpw(password.encode(), user.pw_hash)\n"
        ),
        Bad(
            "from werkzeug.security import check_password_hash\n\ndef login(name, password):\n    u = find(name)\n    if password == 'letmein-2031':  # finding\n        return u\n    return u if check_password_hash(u.pw, password) else None\n"
        ),
        Bad(
            "import os\nADMINS = {int(x) for x in os.environ.get('ADMINS', '').split(',') if x}\n\ndef may(user):\n    return user in ADMINS or user == 5550147  # finding\n"
        ),
        Bad(
            "import hashlib\n\ndef check(pw, stored):\n    return hashlib.sha256(pw.encode()).hexdigest() == stored or pw == 'open-sesame'  # finding\n"
        ),
    ),
    good=(
        Good(
            "import bcrypt\n\ndef verify(user, password):\n    if not password or user is None:\n        return False\n    return bcrypt.checkpw(password.encode(), user.pw_hash)\n"
        ),
        Good(
            "from django.contrib.auth import authenticate\n\ndef login(request, kind):\n    if kind == 'token':\n        return None\n    return authenticate(request)\n"
        ),
        Good("def skip(c, separators):\n    return c in separators or c == '_'\n"),
        Good(
            "import hmac\n\ndef check(sig, body, key):\n    if sig == '':\n        return False\n    return hmac.compare_digest(sig, sign(body, key))\n"
        ),
    ),
    misses=(
        Miss(
            "def is_admin(user):\n    return user.id == 5550147 or user.admin  # finding\n",
            why="without a list of the allowed or a check of credentials a number means nothing",
        ),
    ),
)
