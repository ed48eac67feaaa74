"""Untrusted data in the header of a response.

A line end in the data ends the header, and what follows is a header, or the body, of the attacker's choice; frameworks
that refuse line ends still let the data choose the value.  Remove line ends or choose from a list.  See CWE-113.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS215",
    name="untrusted-data-in-header",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(113, 93),
    aliases=(),
    flow=Flow(
        kinds=("header",),
        harm="whoever controls it can add headers or forge the answer",
        parameter=None,
        stored=None,
    ),
    fix="Remove line ends, or choose the value from a list.",
    bad=(
        Bad("""\
from flask import Flask, make_response, request

app = Flask(__name__)


@app.get("/lang")
def lang():
    answer = make_response("ok")
    answer.headers["Content-Language"] = request.args["lang"]  # finding
    return answer
"""),
    ),
    good=(
        Good("""\
from flask import Flask, make_response, request

app = Flask(__name__)


@app.get("/lang")
def lang():
    answer = make_response("ok")
    lang = request.args["lang"]
    answer.headers["Content-Language"] = lang if lang in {"en", "de"} else "en"
    return answer
"""),
        Good("""\
from flask import Flask, make_response

app = Flask(__name__)


@app.get("/lang")
def lang():
    answer = make_response("ok")
    answer.headers["Content-Language"] = "en"
    return answer
"""),
    ),
)
