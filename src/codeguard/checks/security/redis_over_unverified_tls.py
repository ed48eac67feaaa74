"""A Redis connection over TLS that does not check who answers.

redis-py before version 6 did not compare the host name with the certificate unless `ssl_check_hostname=True` was
given, so any valid certificate was good enough to receive the password.  `ssl_cert_reqs=None` and `"none"` check
nothing in any version.  See CWE-297 and CWE-295, and the changes of redis-py 6.0.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SAYS = ("ssl_check_hostname", "ssl_context", "ssl_ca_certs", "ssl_ca_data", "ssl_ca_path", "ssl_cert_reqs")
NAMES = tuple(
    f"{prefix}.{name}"
    for prefix in ("redis", "redis.asyncio", "redis.client", "redis.cluster")
    for name in ("Redis", "StrictRedis", "RedisCluster")
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a client with `ssl=True` that says nothing of certificates, or that says not to check them."""
    if unit.has_unpacking(call):
        return
    switched = unit.constant(unit.arg(call, None, "ssl"))
    if switched is None or switched.value is not True:
        return
    required = unit.arg(call, None, "ssl_cert_reqs")
    value = unit.constant(required)
    if required is not None and (
        (unit.name(required) or "").endswith("CERT_NONE") or (value is not None and value.value in {None, "none", 0})
    ):
        yield Hit(call, "this connection checks no certificate, so anyone on the way can pose as the server")
    elif all(unit.arg(call, None, name) is None for name in SAYS):
        yield Hit(
            call,
            "TLS to Redis without `ssl_check_hostname=True`: before redis-py 6 any valid certificate can pose as the server",
            confidence=Confidence.LOW,
        )


CHECK = Check(
    id="CGS004",
    name="redis-over-unverified-tls",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(295, 297),
    hints=("redis",),
    calls=NAMES,
    find=find,
    fix="Pass `ssl_cert_reqs='required'` and `ssl_check_hostname=True`.",
    bad=(
        Bad("""\
import redis

def connect(host, password):
    return redis.Redis(host=host, password=password, ssl=True)  # finding
"""),
        Bad("import redis\n\nclient = redis.Redis(ssl=True, ssl_cert_reqs=None)  # finding\n"),
    ),
    good=(
        Good("""\
import redis

def connect(host, password):
    return redis.Redis(host=host, password=password, ssl=True, ssl_check_hostname=True, ssl_cert_reqs="required")
"""),
        Good("import redis\n\nclient = redis.Redis(host='127.0.0.1')\n"),
        Good("import redis\n\ndef connect(options):\n    return redis.Redis(ssl=True, **options)\n"),
    ),
)
