"""A SAX parser that is told to fetch external entities.

A document can then name local files and addresses inside the network, and their content comes back in the answer.
Leave the feature off (the default since Python 3.7.1), or parse with defusedxml.  See CWE-611.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body_of, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

URIS = (
    "http://xml.org/sax/features/external-general-entities",
    "http://xml.org/sax/features/external-parameter-entities",
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `setFeature` of an external feature with a value that is true."""
    if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "setFeature" and len(call.args) == 2):
        return
    feature, value = call.args[0].value, unit.constant(call.args[1].value)
    constant = unit.constant(feature)
    external = last_word(feature).startswith("feature_external") or (constant is not None and constant.value in URIS)
    if external and value is not None and value.value and not _reads_request(unit, call):
        yield Hit(call, "this parser fetches what a document names: local files and addresses inside the network")


def _reads_request(unit: Unit, call: cst.Call) -> bool:
    """True where the function reads a request: there the data flow knows whether the document is of a stranger."""
    return any(name.value == "request" for name in body_of(unit, call).names)


CHECK = Check(
    id="CGS039",
    name="sax-fetches-external-entities",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(611,),
    aliases=("bandit:B317", "ruff:S317"),
    hints=("setFeature",),
    nodes=(cst.Call,),
    find=find,
    fix="Leave the feature off, or parse with defusedxml.",
    bad=(
        Bad(
            "import xml.sax\nfrom xml.sax.handler import feature_external_ges\n\nparser = xml.sax.make_parser()\nparser.setFeature(feature_external_ges, 1)  # finding\n"
        ),
        Bad(
            "def read(parser):\n    parser.setFeature('http://xml.org/sax/features/external-general-entities', True)  # finding\n"
        ),
    ),
    good=(
        Good(
            "import xml.sax\nfrom xml.sax.handler import feature_external_ges\n\nparser = xml.sax.make_parser()\nparser.setFeature(feature_external_ges, False)\n"
        ),
        Good(
            "def read(parser, on):\n    parser.setFeature('http://xml.org/sax/features/external-general-entities', on)\n"
        ),
        Good("def read(parser, feature_namespaces):\n    parser.setFeature(feature_namespaces, True)\n"),
    ),
    misses=(
        Miss(
            "OPTIONS = {'external': True}\n\ndef read(parser, feature_external_ges):\n    parser.setFeature(feature_external_ges, OPTIONS['external'])  # finding\n",
            why="values in containers are not followed",
        ),
    ),
)
