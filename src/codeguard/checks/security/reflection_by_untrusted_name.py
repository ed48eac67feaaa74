"""Untrusted data as the name of what is imported or looked up.

The data chooses which module is loaded, or which attribute is read and called: `__class__`, `os`, `delete_all`.  Look
the name up in a dictionary of what is allowed.  See CWE-470.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS217",
    name="reflection-by-untrusted-name",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(470,),
    aliases=(),
    flow=Flow(
        kinds=("reflect",),
        harm="whoever controls it can reach code that was not meant",
        parameter=None,
        stored=None,
    ),
    fix="Look the name up in a dictionary of what is allowed.",
    bad=(
        Bad("""\
import importlib
from flask import Flask, request

app = Flask(__name__)


@app.get("/plugin")
def plugin():
    module = importlib.import_module(request.args["name"])  # finding
    return {"name": module.__name__}
"""),
        Bad("""\
from flask import Flask, request
from shop import actions

app = Flask(__name__)


@app.get("/act")
def act():
    return getattr(actions, request.args["action"])()  # finding
"""),
    ),
    good=(
        Good("""\
import importlib
from flask import Flask, request

PLUGINS = {"pdf": "shop.plugins.pdf", "csv": "shop.plugins.csv"}
app = Flask(__name__)


@app.get("/plugin")
def plugin():
    return {"name": importlib.import_module(PLUGINS[request.args["name"]]).__name__}
"""),
        Good("""\
def value(settings, name):
    return getattr(settings, name, None)
"""),
    ),
)
