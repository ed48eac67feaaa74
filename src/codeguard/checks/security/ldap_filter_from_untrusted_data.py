"""Untrusted data in an LDAP filter or name.

`*`, `(` and `)` in the data change what the filter finds, so that a login can match any user.  Escape it with
`ldap.filter.escape_filter_chars` or `ldap3.utils.conv.escape_filter_chars`.  See CWE-90 and RFC 4515.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS209",
    name="ldap-filter-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(90,),
    aliases=(),
    flow=Flow(
        kinds=("ldap",),
        harm="whoever controls it can change what is found",
    ),
    fix="Escape it with `escape_filter_chars`.",
    bad=(
        Bad("""\
import ldap
from flask import Flask, request

app = Flask(__name__)


@app.get("/user")
def user():
    server = ldap.initialize("ldap://127.0.0.1")
    found = server.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={request.args['uid']})")  # finding
    return {"found": len(found)}
"""),
    ),
    good=(
        Good("""\
import ldap
from ldap.filter import escape_filter_chars
from flask import Flask, request

app = Flask(__name__)


@app.get("/user")
def user():
    server = ldap.initialize("ldap://127.0.0.1")
    uid = escape_filter_chars(request.args["uid"])
    return {"found": len(server.search_s("dc=example", ldap.SCOPE_SUBTREE, f"(uid={uid})"))}
"""),
        Good("""\
import ldap


def everyone():
    server = ldap.initialize("ldap://127.0.0.1")
    return server.search_s("dc=example", ldap.SCOPE_SUBTREE, "(uid=*)")
"""),
    ),
)
