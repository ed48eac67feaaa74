"""Untrusted data in a cell of a CSV file.

A spreadsheet program takes a cell that begins with `=`, `+`, `-` or `@` for a formula: it can fetch addresses with what
the sheet holds, or, after a click, start programs.  Put an apostrophe before such cells.  See CWE-1236.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS220",
    name="formula-in-spreadsheet-cell",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(1236,),
    flow=Flow(
        kinds=("csv",),
        harm="a spreadsheet program takes it for a formula where it begins with `=`, `+`, `-` or `@`",
        parameter=None,
        stored=None,
    ),
    fix="Put an apostrophe before a cell that begins with `=`, `+`, `-` or `@`.",
    bad=(
        Bad("""\
import csv
from flask import Flask, request

app = Flask(__name__)


@app.post("/export")
def export():
    with open("names.csv", "a", newline="") as file:
        csv.writer(file).writerow([1, request.form["name"]])  # finding
    return "done"
"""),
        Bad("""\
import csv
from flask import Flask, request

app = Flask(__name__)


@app.post("/export")
def export():
    with open("names.csv", "a", newline="") as file:
        writer = csv.DictWriter(file, ["name"])
        writer.writerow({"name": request.json["name"]})  # finding
    return "done"
"""),
    ),
    good=(
        Good("""\
import csv
from flask import Flask, request

app = Flask(__name__)


@app.post("/export")
def export():
    name = request.form["name"]
    with open("names.csv", "a", newline="") as file:
        csv.writer(file).writerow([1, "'" + name])
    return "done"
"""),
        Good("""\
import csv
from flask import Flask, request

app = Flask(__name__)


def plain(text):
    return "'" + text if text.startswith(("=", "+", "-", "@")) else text


@app.post("/export")
def export():
    with open("names.csv", "a", newline="") as file:
        csv.writer(file).writerow([1, plain(request.form["name"])])
    return "done"
"""),
        Good("""\
import csv
from flask import Flask, request

app = Flask(__name__)


@app.post("/export")
def export():
    with open("counts.csv", "a", newline="") as file:
        csv.writer(file).writerow([int(request.form["count"])])
    return "done"
"""),
    ),
)
