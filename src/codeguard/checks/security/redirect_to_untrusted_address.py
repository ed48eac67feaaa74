"""A redirect to an address that untrusted data decides.

A link to a trusted site then leads to any other, which asks for the password again.  Redirect only to paths of the own
site (no scheme, no host), or to a list of known addresses.  See CWE-601.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS208",
    name="redirect-to-untrusted-address",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(601,),
    aliases=(),
    flow=Flow(
        kinds=("redirect",),
        harm="whoever controls it can send visitors to any site",
    ),
    fix="Redirect only where the address has no scheme and no host, or to a known list.",
    bad=(
        Bad("""\
from flask import Flask, redirect, request

app = Flask(__name__)


@app.get("/login")
def login():
    return redirect(request.args.get("next", "/"))  # finding
"""),
        Bad("""\
from django.http import HttpResponseRedirect


def login(request):
    target = request.GET["next"]
    return HttpResponseRedirect(target)  # finding
"""),
    ),
    good=(
        Good("""\
from flask import Flask, redirect, request, url_for
from urllib.parse import urlparse

app = Flask(__name__)


@app.get("/login")
def login():
    target = request.args.get("next", "/")
    parts = urlparse(target)
    if parts.scheme or parts.netloc:
        target = url_for("index")
    return redirect(target)
"""),
        Good("""\
from flask import Flask, redirect, request

app = Flask(__name__)


@app.get("/search")
def search():
    return redirect("/results?q=" + request.args["q"])
"""),
        Good("""\
from flask import Flask, redirect, request

PAGES = {"home": "/", "help": "/help"}
app = Flask(__name__)


@app.get("/go")
def go():
    return redirect(PAGES.get(request.args["page"], "/"))
"""),
    ),
)
