"""A request to an address that untrusted data decides.

The program can be made to ask machines that only it can reach: cloud metadata, internal services, itself.  Compare the
host of the address with a list of allowed ones, and refuse private addresses after resolution.  See CWE-918.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS207",
    name="request-to-untrusted-address",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(918,),
    aliases=("bandit:B310", "ruff:S310"),
    flow=Flow(
        kinds=("ssrf",),
        harm="whoever controls it can reach machines that only this program can reach",
    ),
    fix="Compare the host with a list of allowed ones before the request.",
    bad=(
        Bad("""\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.get("/fetch")
def fetch():
    answer = requests.get(request.args["url"])  # finding
    return {"size": len(answer.content)}
"""),
        Bad("""\
import urllib.request
from flask import Flask, request

app = Flask(__name__)


@app.get("/fetch")
def fetch():
    host = request.args.get("host")
    with urllib.request.urlopen(f"http://{host}/status") as answer:  # finding
        return {"size": len(answer.read())}
"""),
    ),
    good=(
        Good("""\
import requests
from flask import Flask, abort, request
from urllib.parse import urlparse

ALLOWED = {"images.example.invalid", "files.example.invalid"}
app = Flask(__name__)


@app.get("/fetch")
def fetch():
    url = request.args["url"]
    if urlparse(url).hostname not in ALLOWED:
        abort(400)
    return {"size": len(requests.get(url).content)}
"""),
        Good("""\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.get("/fetch")
def fetch():
    answer = requests.get("https://api.example.invalid/search", params={"q": request.args["q"]})
    return {"size": len(answer.content)}
"""),
        Good("""\
import requests
from flask import Flask, request

app = Flask(__name__)


@app.get("/fetch")
def fetch():
    return {"size": len(requests.get(f"https://api.example.invalid/items/{request.args['id']}").content)}
"""),
    ),
)
