"""An import asks a library for a name or module that it does not have: `from requests import get_json`.

The import raises ImportError, so nothing after it runs.  Models invent such names by analogy.  What a library has is
read from its sources and stubs, in several versions, and only a name that none of them has is reported; the library
need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_names import Fault, problems, told
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each imported name that no version read has."""
    for problem in unit.fact(problems):
        if problem.imported and problem.fault is Fault.INVENTED:
            yield Hit(problem.node, told(problem, "importing it raises ImportError"))


CHECK = Check(
    id="CGC090",
    name="unknown-library-import",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ty:unresolved-import",),
    hints=("import",),
    find=find,
    fix="Import the name that the library documents.",
    bad=(
        Bad("from requests import get_json  # finding\n"),
        Bad("from collections import defaultdicts  # finding\n"),
        Bad("import os.utilities  # finding\n"),
        Bad("from json.helpers import dumps  # finding\n"),
        Bad("from flask import Flask, json_response  # finding\n"),
    ),
    good=(
        Good("from requests import get, Session\n"),
        Good("from collections import defaultdict\n"),
        Good("import os.path\nimport xml.dom.minidom\n"),
        Good("try:\n    from json import decode\nexcept ImportError:\n    from json import loads as decode\n"),
        Good("from .requests import get_json\n"),
        Good("from requests.packages.urllib3.exceptions import InsecureRequestWarning\n"),
        Good("from unheard_of import anything\n"),
    ),
)
