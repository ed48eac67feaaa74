"""Untrusted data in a log line, line ends and all.

A line end in the data starts a line of its own, which looks as if the program had written it.  Remove line ends, log
with `%r`, or write structured logs.  See CWE-117.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS214",
    name="untrusted-data-in-log",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(117,),
    aliases=(),
    flow=Flow(
        kinds=("log",),
        harm="whoever controls it can forge lines of the log",
        parameter=None,
        stored=None,
    ),
    fix="Remove line ends, or log with `%r`.",
    bad=(
        Bad("""\
import logging
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    logging.warning("failed login of " + request.form["user"])  # finding
    return {"ok": False}
"""),
    ),
    good=(
        Good("""\
import logging
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    logging.warning("failed login of " + request.form["user"].replace("\\n", " ").replace("\\r", " "))
    return {"ok": False}
"""),
        Good("""\
import logging
from flask import Flask, request

app = Flask(__name__)


@app.post("/login")
def login():
    logging.warning("failed login of user %d", int(request.form["user"]))
    return {"ok": False}
"""),
    ),
)
