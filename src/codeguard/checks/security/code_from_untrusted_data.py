"""Untrusted data that is run as code.

`eval`, `exec` and `compile` run whatever the text says, with all rights of the program; removing builtins does not hold
anybody back.  Parse the data instead (`ast.literal_eval`, `json.loads`), or look the wanted operation up in a
dictionary.  See CWE-95.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS203",
    name="code-from-untrusted-data",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(95, 94),
    aliases=("bandit:B307", "bandit:B102", "ruff:S307", "ruff:S102"),
    flow=Flow(
        kinds=("code",),
        harm="whoever controls it can run code",
    ),
    fix="Use `ast.literal_eval` for values, or look operations up in a dictionary.",
    bad=(
        Bad("""\
from flask import Flask, request

app = Flask(__name__)


@app.post("/calc")
def calc():
    return str(eval(request.form["expression"]))  # finding
"""),
        Bad("""\
def compute(formula, x):
    return eval(formula)  # finding
"""),
    ),
    good=(
        Good("""\
import ast


def value(text):
    return ast.literal_eval(text)
"""),
        Good("""\
OPERATORS = {"add": "a + b", "sub": "a - b"}


def compute(name, a, b):
    return eval(OPERATORS[name])
"""),
        Good("""\
import json
from flask import Flask, request

app = Flask(__name__)


@app.post("/calc")
def calc():
    return str(json.loads(request.data)["total"] + 1)
"""),
    ),
)
