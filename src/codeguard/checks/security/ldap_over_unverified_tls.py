"""An `ldap3` connection that is encrypted but checks no certificate.

`ldap3.Server(..., use_ssl=True)` without `tls=`, and `ldap3.Tls()` without `validate=`, accept any certificate
(`ssl.CERT_NONE` is their default), so whoever stands on the way reads the bind password.  Pass
`tls=Tls(validate=ssl.CERT_REQUIRED)`.  See CWE-295 and the documentation of ldap3, "SSL and TLS".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

TLS_POSITION, VALIDATE_POSITION, USE_SSL_POSITION = 5, 2, 2


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a `Server` with TLS but no `tls`, and a `Tls` that does not say what to check."""
    if unit.has_unpacking(call):
        return
    if (unit.name(call.func) or "").endswith("Tls"):
        validate = unit.arg(call, VALIDATE_POSITION, "validate")
        value = unit.constant(validate)
        if validate is None or (unit.name(validate) or "").endswith("CERT_NONE") or (value and value.value == 0):
            yield Hit(call, "this `Tls` checks no certificate, so anyone on the way can pose as the directory")
        return
    switched = unit.constant(unit.arg(call, USE_SSL_POSITION, "use_ssl"))
    host = unit.constant(unit.arg(call, 0, "host"))
    secure = (switched is not None and switched.value is True) or (
        host is not None and isinstance(host.value, str) and host.value.lower().startswith("ldaps://")
    )
    if secure and unit.arg(call, TLS_POSITION, "tls") is None:
        yield Hit(
            call, "`ldap3.Server` with TLS but without `tls=` accepts any certificate, so its password can be read"
        )


CHECK = Check(
    id="CGS003",
    name="ldap-over-unverified-tls",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(295,),
    hints=("ldap3",),
    calls=("ldap3.Server", "ldap3.core.server.Server", "ldap3.Tls", "ldap3.core.tls.Tls"),
    find=find,
    fix="Pass `tls=Tls(validate=ssl.CERT_REQUIRED)`.",
    bad=(
        Bad("""\
from ldap3 import Server

def directory(host):
    return Server(host, port=636, use_ssl=True)  # finding
"""),
        Bad("""\
import ldap3

server = ldap3.Server("ldaps://ldap.example.invalid")  # finding
other = ldap3.Server("ldap.example.invalid", use_ssl=True, tls=ldap3.Tls())  # finding
"""),
    ),
    good=(
        Good("""\
import ssl
from ldap3 import Server, Tls

def directory(host):
    return Server(host, use_ssl=True, tls=Tls(validate=ssl.CERT_REQUIRED))
"""),
        Good("""\
from ldap3 import Server

def directory(host, context):
    return Server(host, port=636, use_ssl=True, tls=context)
"""),
        Good("from ldap3 import Server\n\nserver = Server('127.0.0.1', use_ssl=False)\n"),
    ),
)
