"""Untrusted data as a regular expression.

A short pattern such as `(a+)+$` takes hours on a short text and stops the program.  Escape it with `re.escape`, or
search with `in`.  See CWE-1333.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS212",
    name="regular-expression-from-untrusted-data",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(1333, 730, 400),
    aliases=(),
    flow=Flow(
        kinds=("regex",),
        harm="whoever controls it can make the search run for hours",
        parameter=None,
        stored=None,
    ),
    fix="Escape it with `re.escape`, or use a plain text search.",
    bad=(
        Bad("""\
import re
from flask import Flask, request

app = Flask(__name__)


@app.get("/search")
def search():
    found = re.findall(request.args["pattern"], "some text")  # finding
    return {"found": len(found)}
"""),
    ),
    good=(
        Good("""\
import re
from flask import Flask, request

app = Flask(__name__)


@app.get("/search")
def search():
    return {"found": len(re.findall(re.escape(request.args["word"]), "some text"))}
"""),
        Good("""\
import re
from flask import Flask, request

app = Flask(__name__)


@app.get("/search")
def search():
    return {"found": bool(re.fullmatch(r"[a-z]+", request.args["word"]))}
"""),
    ),
)
