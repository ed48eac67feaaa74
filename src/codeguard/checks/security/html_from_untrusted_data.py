"""Untrusted data in an HTML page without escaping.

`<script>` in the data runs in the visitor's browser, with the visitor's session.  Escape it (`markupsafe.escape`,
`html.escape`), or render a template that escapes by itself.  See CWE-79.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS205",
    name="html-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(79,),
    aliases=("bandit:B703", "bandit:B308", "bandit:B704", "ruff:S308", "ruff:S704"),
    flow=Flow(
        kinds=("html",),
        harm="whoever controls it can run scripts in the browsers of others",
    ),
    fix="Escape it, or render a template that escapes by itself.",
    bad=(
        Bad("""\
from flask import Flask, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return f"<p>Hello {request.args['name']}</p>"  # finding
"""),
        Bad("""\
from django.http import HttpResponse


def hello(request):
    name = request.GET.get("name", "")
    return HttpResponse("<p>Hello " + name + "</p>")  # finding
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request
from markupsafe import escape

app = Flask(__name__)


@app.get("/hello")
def hello():
    return f"<p>Hello {escape(request.args['name'])}</p>"
"""),
        Good("""\
from flask import Flask, render_template, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template("hello.html", name=request.args["name"])
"""),
        Good("""\
from flask import Flask, jsonify, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return jsonify(name=request.args["name"])
"""),
    ),
)
