"""Untrusted XML in a parser that resolves or expands entities.

A document can name files and addresses that the parser then reads (external entities), or entities that grow to
gigabytes.  Parse with `defusedxml`, or with `lxml.etree.XMLParser(resolve_entities=False, no_network=True)`.  See
CWE-611, CWE-776 and the warnings in Python's `xml` documentation.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS213",
    name="untrusted-xml-with-entities",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(611, 776),
    aliases=(
        "bandit:B313",
        "bandit:B314",
        "bandit:B317",
        "bandit:B318",
        "bandit:B319",
        "ruff:S314",
        "ruff:S317",
        "ruff:S318",
        "ruff:S319",
        "ruff:S320",
    ),
    flow=Flow(
        kinds=("xxe",),
        harm="whoever controls it can read files or exhaust the memory",
    ),
    fix="Parse it with `defusedxml`, or with a parser that resolves no entities.",
    bad=(
        Bad("""\
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.post("/import")
def load():
    parser = etree.XMLParser(resolve_entities=True)
    tree = etree.fromstring(request.data, parser)  # finding
    return {"tag": tree.tag}
"""),
    ),
    good=(
        Good("""\
from flask import Flask, request
from lxml import etree

app = Flask(__name__)


@app.post("/import")
def load():
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return {"tag": etree.fromstring(request.data, parser).tag}
"""),
        Good("""\
from defusedxml.ElementTree import fromstring
from flask import Flask, request

app = Flask(__name__)


@app.post("/import")
def load():
    return {"tag": fromstring(request.data).tag}
"""),
    ),
)
