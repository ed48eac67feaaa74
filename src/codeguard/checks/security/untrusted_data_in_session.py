"""Untrusted data that is stored in the session as it comes.

What stands in the session is taken for checked by the rest of the program: a role, an account, a key.  Check the value
before it is stored, and never let the data choose the key.  See CWE-501.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS216",
    name="untrusted-data-in-session",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(501,),
    aliases=(),
    flow=Flow(
        kinds=("trust",),
        harm="code that trusts the session then trusts its sender",
        parameter=None,
        stored=None,
    ),
    fix="Check the value before it is stored.",
    bad=(
        Bad("""\
from flask import Flask, request, session

app = Flask(__name__)


@app.post("/role")
def role():
    session[request.form["key"]] = "1"  # finding
    return {"ok": True}
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request, session

app = Flask(__name__)


@app.post("/theme")
def theme():
    session["theme"] = "dark" if request.form["theme"] == "dark" else "light"
    return {"ok": True}
"""),
        Good("""\
from flask import Flask, session

app = Flask(__name__)


@app.post("/visit")
def visit():
    session["visited"] = True
    return {"ok": True}
"""),
    ),
)
