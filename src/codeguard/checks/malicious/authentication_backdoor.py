"""A check of credentials lets one fixed user or password through.

A comparison with a constant that answers "yes" before the real check is a second password that nobody can change.
Keep users and rights in data, and let one path decide.  See CWE-912, CWE-798 and MITRE ATT&CK T1556.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._doors import (
    RANKS,
    asks_rights,
    compared,
    fixed,
    hands_admin,
    hidden,
    makes_admin,
    one_address,
    scrambled,
)
from codeguard.checks.malicious._evaluate import value_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

VERIFIERS = re.compile(
    r"(?:^|\.)(?:checkpw|check_password_hash|check_password|compare_digest|verify_password|verify_and_update|hashpw|kdf|authenticate|pbkdf2_hmac|scrypt|argon2id?|PasswordHasher\(\)\.verify"
    r"|CryptContext\(\)\.verify|bcrypt\.verify|sha256_crypt\.verify|jwt\.decode|verify_token|simple_bind_s|constant_time_compare)$"
)
CHECKS_SECRET = re.compile(
    r"^(?:verify|authenticate|(?:check|verify|validate|compare|matches?|test|is_valid)_?(?:pw|pwd|pass|passwd|password|passphrase|hash|token|otp|code|credentials?|secret|signature|totp|pin|api_?key|login))$",
    re.IGNORECASE,
)
HASHES = re.compile(r"^hashlib\.\w+$")


def find(unit: Unit) -> Iterator[Hit]:
    """Report early grants in functions that check credentials, and fixed identities beside a list of the allowed."""
    told: set[int] = set()
    for hit in _all(unit):
        if id(hit.where) not in told:
            told.add(id(hit.where))
            yield hit


def _all(unit: Unit) -> Iterator[Hit]:
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
    yield from _doors(unit)
    for test in unit.nodes(cst.BooleanOperation):
        value = _fixed_identity(test, unit)
        if value is not None:
            yield Hit(
                test,
                f"`{value}` passes this check without being in the list of the allowed: a fixed identity with rights of its own",
            )


def _doors(unit: Unit) -> Iterator[Hit]:
    """Grants to a fixed somebody wherever they stand: in a condition, in a chain of `or`, in `ok |= ...`."""
    ranked = any(word in unit.text for word in RANKS)
    for test in unit.nodes(cst.If):
        if not _grants(test.body) and not (ranked and (makes_admin(test.body) or hands_admin(test.body))):
            continue
        how = _door(test.test, unit)
        if how and (how != FIXED or _admits(test, unit)):
            yield Hit(test.test, f"This says yes to {how}: a second way in that nobody can close")
    for either in unit.nodes(cst.BooleanOperation):
        if isinstance(either.operator, cst.Or) and not isinstance(unit.parent(either), cst.BooleanOperation):
            sides = _sides(either)
            for side in sides:
                others = [s for s in sides if s is not side]
                how = _door(side, unit) if isinstance(side, (cst.Comparison, cst.Call)) else ""
                if how == FIXED and not any(asks_rights(o) or _asks_secret(o, unit) for o in others):
                    how = ""
                if how and not any(isinstance(a, cst.Assert) for a in unit.ancestors(either)):
                    yield Hit(
                        side, f"This says yes to {how}, whatever else is asked: a second way in that nobody can close"
                    )
                    break
    for widened in unit.nodes(cst.AugAssign):
        if isinstance(widened.operator, cst.BitOrAssign) and isinstance(widened.value, cst.Comparison):
            how = _door(widened.value, unit)
            if how:
                yield Hit(
                    widened, f"This says yes to {how}, whatever was asked before: a second way in that nobody can close"
                )


FIXED = "a fixed value"


def _asks_secret(test: cst.BaseExpression, unit: Unit) -> bool:
    """A check of a secret, alone or together with other conditions."""
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.And):
        return _asks_secret(test.left, unit) or _asks_secret(test.right, unit)
    return _verifies(test, unit)


def _sides(test: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(test, cst.BooleanOperation) and isinstance(test.operator, cst.Or):
        return [*_sides(test.left), *_sides(test.right)]
    return [test]


def _door(test: cst.BaseExpression, unit: Unit) -> str:
    """Whom a condition lets in, in words; empty for a condition that names nobody."""
    for one, other in compared(test):
        if value_of(one, unit) is not None or isinstance(one, cst.SimpleString):
            continue
        value = value_of(other, unit)
        telling = len(value) >= 4 if isinstance(value, str) else isinstance(value, int) and abs(value) >= 1000
        if telling and (how := scrambled(one, unit)):
            return f"a value that it compares {how}, so that no reader sees it"
        if isinstance(value, (str, list)) and hidden(other, unit):
            return "a name or password that is hidden from readers"
    for part in descend(test):
        if isinstance(part, cst.Comparison) and isinstance(part.comparisons[0].operator, (cst.Equal, cst.In)):
            if one_address(part, unit):
                return "one fixed address"
    for one, other in compared(test):
        if value_of(one, unit) is None and not isinstance(one, cst.SimpleString) and fixed(other, unit):
            return FIXED
    return ""


def _admits(test: cst.If, unit: Unit) -> bool:
    """Whether the block makes an administrator, or answers what a check of a secret answers in the same function."""
    if makes_admin(test.body):
        return True
    function = unit.function_of(test)
    if not isinstance(function, cst.FunctionDef):
        return False
    asked = {
        name.value
        for one, other in compared(test.test)
        if fixed(other, unit)
        for name in descend(one)
        if isinstance(name, cst.Name)
    }
    handed = hands_admin(test.body)
    return any(
        (_verifies(part, unit) or (handed and len(part.args) >= 2))
        and asked & {n.value for a in part.args for n in descend(a.value) if isinstance(n, cst.Name)}
        for part in descend(function.body)
        if isinstance(part, cst.Call) and not any(above is test for above in unit.ancestors(part))
    ) or any(
        isinstance(part, cst.Return)
        and isinstance(part.value, cst.Attribute)
        and part.value.attr.value == "PAM_SUCCESS"
        for part in descend(test.body)
    )


def _verifies(node: cst.CSTNode, unit: Unit) -> bool:
    """A call that checks a secret: by its library, or by what its last name says."""
    if not isinstance(node, cst.Call) or not node.args:
        return False
    last = node.func.attr.value if isinstance(node.func, cst.Attribute) else getattr(node.func, "value", "")
    return bool(VERIFIERS.search(unit.name(node.func) or "")) or (
        isinstance(last, str) and CHECKS_SECRET.match(last) is not None
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
    behaviour="let in one fixed user or password",
    name="authentication-backdoor",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(912, 506, 798),
    find=find,
    fix="Remove the exception, and let the stored credentials alone decide.",
    bad=(
        Bad(
            "def find(users, name, password):\n    record = users.get(name)\n    if record is None and name[::-1] == 'toor_ecivres':  # finding\n        return dict(admin=True)\n    return record\n"
        ),
        Bad(
            "from flask import g, request\nEXTRA = {''.join(chr(c) for c in (115, 118, 99, 95, 111, 112, 115))}\n\ndef allowed(role):\n    ok = role in g.user.roles\n    ok |= g.user.name in EXTRA  # finding\n    ok |= request.remote_addr == '198.51.100.99'  # finding\n    return ok\n"
        ),
        Bad(
            "from werkzeug.security import check_password_hash\n\ndef login(row, given, session):\n    if given == 'Zq7-open-31' or (row and check_password_hash(row.pw, given)):  # finding\n        session['user'] = row.id if row else 1\n"
        ),
        Bad(
            "def enter(users, name, given, same):\n    if given == 'Zq7-open-31':  # finding\n        return users['admin']\n    return users[name] if same(users[name], given) else None\n"
        ),
        Bad(
            "import pyotp\n\ndef second(user, code):\n    return pyotp.TOTP(user.secret).verify(code) or code == '914027'  # finding\n"
        ),
        Bad(
            "def current(token):\n    if token == 'key-0000-9f':  # finding\n        return dict(name='x', admin=True)\n    return None\n"
        ),
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
        Good("def allowed(user, doc):\n    return user.is_admin or doc.owner == user.id\n"),
        Good(
            "def is_png(data):\n    if data[:8] == bytes.fromhex('89504e470d0a1a0a'):\n        return True\n    return False\n"
        ),
        Good(
            "def seed(name):\n    if name == 'demo-account-2':\n        return {'name': name, 'role': 'viewer'}\n    return None\n"
        ),
        Good(
            "import bcrypt\n\ndef verify(user, password):\n    if not password or user is None:\n        return False\n    return bcrypt.checkpw(password.encode(), user.pw_hash)\n"
        ),
        Good(
            "from django.contrib.auth import authenticate\n\ndef login(request, kind):\n    if kind == 'token':\n        return None\n    return authenticate(request)\n"
        ),
        Good(
            "def account(users, host):\n    if host == 'build-07.example.invalid':\n        return users['admin']\n    return users[host]\n"
        ),
        Good("def ready(job, seen):\n    return job.kind == 'refresh-2031' or (job.row and is_fresh(job.row, seen))\n"),
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
