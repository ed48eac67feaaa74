"""Untrusted data as a whole NoSQL query, or as code in one.

A JSON body can hold `{"$ne": null}` where a text was meant, and then every document matches; `$where` runs JavaScript.
Build the query from fields of known type (`{"name": str(value)}`).  See CWE-943.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS211",
    name="nosql-query-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(943,),
    aliases=(),
    flow=Flow(
        kinds=("nosql",),
        harm="whoever controls it can change what is found",
    ),
    fix="Build the query from fields that are converted to text or numbers.",
    bad=(
        Bad("""\
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users


@app.post("/login")
def login():
    user = users.find_one(request.get_json())  # finding
    return {"ok": user is not None}
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request
from pymongo import MongoClient

app = Flask(__name__)
users = MongoClient().shop.users


@app.post("/login")
def login():
    user = users.find_one({"name": str(request.get_json()["name"])})
    return {"ok": user is not None}
"""),
        Good("""\
from pymongo import MongoClient


def first():
    return MongoClient().shop.users.find_one({"name": "admin"})
"""),
    ),
)
