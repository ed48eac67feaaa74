"""A size, a count or a delay that a request chooses without a limit.

One request for a thousand million items, or for an hour of sleep, takes the memory or the worker from all others.
Refuse numbers above a limit, or cut them with `min`.  See CWE-770 and CWE-400.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS221",
    name="size-from-request",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(770, 400),
    flow=Flow(
        kinds=("size",),
        harm="without a limit, one request can use up the memory or the time of the server",
        parameter=None,
        stored=None,
    ),
    fix="Refuse numbers above a limit, or cut them with `min`.",
    bad=(
        Bad("""\
from flask import Flask, request

app = Flask(__name__)


@app.get("/stars")
def stars():
    return {"text": "*" * int(request.args["n"])}  # finding
"""),
        Bad("""\
import time
from fastapi import FastAPI

app = FastAPI()


@app.get("/wait/{seconds}")
def wait(seconds: int):
    time.sleep(seconds)  # finding
    return {}
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request

app = Flask(__name__)


@app.get("/stars")
def stars():
    return {"text": "*" * min(int(request.args["n"]), 100)}
"""),
        Good("""\
from flask import Flask, abort, request

app = Flask(__name__)


@app.get("/stars")
def stars():
    n = int(request.args["n"])
    if n > 100:
        abort(400)
    return {"rows": [i for i in range(n)]}
"""),
        Good("""\
from fastapi import FastAPI, Query

app = FastAPI()


@app.get("/stars")
def stars(n: int = Query(10, le=100)):
    return {"text": "*" * n}
"""),
        Good("""\
def stars(n):
    return "*" * n
"""),
    ),
)
