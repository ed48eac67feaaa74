"""Untrusted data in an XPath expression.

A quote in the data ends the value, and the rest changes what the expression finds.  Pass it as a variable
(`tree.xpath("//user[@name=$name]", name=name)`).  See CWE-643.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS210",
    name="xpath-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(643,),
    aliases=(),
    flow=Flow(
        kinds=("xpath",),
        harm="whoever controls it can change what is found",
    ),
    fix="Pass it as a variable of the expression.",
    bad=(
        Bad("""\
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.get("/user")
def user():
    tree = etree.parse("users.xml")
    found = tree.xpath("//user[@name='" + request.args["name"] + "']")  # finding
    return {"found": len(found)}
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.get("/user")
def user():
    tree = etree.parse("users.xml")
    return {"found": len(tree.xpath("//user[@name=$name]", name=request.args["name"]))}
"""),
        Good("""\
from lxml import etree


def users(path="//user"):
    return etree.parse("users.xml").xpath("//user")
"""),
    ),
)
