"""A pyOpenSSL context that checks no certificate.

A new `OpenSSL.SSL.Context` has `VERIFY_NONE`: it accepts any certificate until `set_verify` says otherwise, and never
compares the host name by itself.  Use `ssl.create_default_context()`, or call `set_verify(SSL.VERIFY_PEER, callback)`
with trusted roots.  See CWE-295 and pyOpenSSL's documentation of `Context.set_verify`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SET_UP = frozenset(
    {"set_verify", "use_certificate", "use_certificate_file", "use_certificate_chain_file", "use_privatekey"}
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a context in a file that neither verifies a peer nor serves with a certificate of its own."""
    if is_test(unit, call) or any(a.attr.value in SET_UP for a in unit.nodes(cst.Attribute)):
        return
    yield Hit(call, "a new pyOpenSSL context checks no certificate, and nothing here calls `set_verify`")


CHECK = Check(
    id="CGS060",
    name="openssl-context-without-verify",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(295,),
    hints=("OpenSSL",),
    calls=("OpenSSL.SSL.Context",),
    find=find,
    fix="Use `ssl.create_default_context()`, or call `set_verify(SSL.VERIFY_PEER, callback)`.",
    bad=(
        Bad("from OpenSSL import SSL\n\ndef context():\n    return SSL.Context(SSL.TLSv1_2_METHOD)  # finding\n"),
        Bad(
            "import OpenSSL\n\nctx = OpenSSL.SSL.Context(OpenSSL.SSL.TLS_CLIENT_METHOD)  # finding\nctx.set_options(0)\n"
        ),
    ),
    good=(
        Good(
            "from OpenSSL import SSL\n\ndef context(check):\n    ctx = SSL.Context(SSL.TLS_METHOD)\n    ctx.set_verify(SSL.VERIFY_PEER, check)\n    return ctx\n"
        ),
        Good(
            "from OpenSSL import SSL\n\ndef server(path):\n    ctx = SSL.Context(SSL.TLS_METHOD)\n    ctx.use_certificate_file(path)\n    return ctx\n"
        ),
        Good("import ssl\n\ndef context():\n    return ssl.create_default_context()\n"),
    ),
    misses=(
        Miss(
            "from OpenSSL import SSL\n\ndef a(check):\n    SSL.Context(SSL.TLS_METHOD).set_verify(1, check)\n\ndef b():\n    return SSL.Context(SSL.TLS_METHOD)  # finding\n",
            why="one `set_verify` answers for the file",
        ),
    ),
)
