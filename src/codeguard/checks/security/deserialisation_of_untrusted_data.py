"""Untrusted data that is unpickled, or loaded by another format that can hold code.

`pickle`, `marshal`, `dill`, `jsonpickle` and unsafe YAML loaders build objects and call functions that the data names.
Use a format that holds only data (JSON, `yaml.safe_load`), or test a signature before.  See CWE-502.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS206",
    name="deserialisation-of-untrusted-data",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(502,),
    aliases=("bandit:B301", "bandit:B302", "bandit:B506", "bandit:B614", "ruff:S301", "ruff:S302", "ruff:S506"),
    flow=Flow(
        kinds=("deser",),
        harm="whoever controls it can run code",
    ),
    fix="Use JSON or `yaml.safe_load`.",
    bad=(
        Bad("""\
import base64
import pickle
from flask import Flask, request

app = Flask(__name__)


@app.get("/cart")
def cart():
    items = pickle.loads(base64.b64decode(request.cookies["cart"]))  # finding
    return str(len(items))
"""),
        Bad("""\
import pickle


def restore(data):
    return pickle.loads(data)  # finding
"""),
    ),
    good=(
        Good("""\
import json
from flask import Flask, request

app = Flask(__name__)


@app.get("/cart")
def cart():
    return str(len(json.loads(request.cookies["cart"])))
"""),
        Good("""\
import yaml


def read(text):
    return yaml.safe_load(text)
"""),
        Good("""\
import pickle


def copy_of(thing):
    return pickle.loads(pickle.dumps([1, 2, 3]))
"""),
    ),
)
