"""Untrusted data in the source of a template.

A template engine runs the expressions in its source: `{{ ... }}` reaches Python's objects and, through them, the
system.  Keep the source fixed and pass data as variables of the template.  See CWE-1336.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS204",
    name="template-from-untrusted-data",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(1336, 94),
    aliases=("bandit:B701", "bandit:B702"),
    flow=Flow(
        kinds=("template",),
        harm="whoever controls it can run code in the template engine",
    ),
    fix="Pass the data as a variable of a fixed template.",
    bad=(
        Bad("""\
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template_string("<p>Hello " + request.args["name"] + "</p>")  # finding
"""),
        Bad("""\
from jinja2 import Environment


def render(source, values):
    return Environment(autoescape=True).from_string(source).render(values)  # finding
"""),
    ),
    good=(
        Good("""\
from flask import Flask, render_template_string, request

app = Flask(__name__)


@app.get("/hello")
def hello():
    return render_template_string("<p>Hello {{ name }}</p>", name=request.args["name"])
"""),
        Good("""\
from jinja2 import Environment

PAGE = Environment(autoescape=True).from_string("<p>{{ text }}</p>")


def render(text):
    return PAGE.render(text=text)
"""),
    ),
)
