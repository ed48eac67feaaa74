"""An import names a package that does not exist, and is spelt almost like one that does.

Language models misremember names, and whoever registers the name that they make up is installed by everybody who runs
the suggested `pip install` ("slopsquatting").  Write the name that is meant.  Known are the standard library, the
15,000 most downloaded distributions, and whatever the project has, declares or has installed; an import that may fail
(`try`, a condition on what is installed) is not looked at.  See CWE-1357 and MITRE ATT&CK T1195.001.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import unknown
from codeguard.knowledge import packages
from codeguard.knowledge.packages.curated import PYTHON2
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report unknown packages that have a known neighbour."""
    for one in unit.fact(unknown):
        if one.root in PYTHON2 or packages.imported_as(one.root) or packages.looks_own(one.module):
            continue
        near = packages.near(one.root)
        if near is not None:
            yield Hit(
                one.node,
                f"There is no known package `{one.root}`; it looks like `{near}`, and whoever registers the wrong name is run",
                fix=f"Import `{near}` if that is meant.",
            )


CHECK = Check(
    id="CGC080",
    name="misspelt-import",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(1357,),
    aliases=("CGM026",),
    find=find,
    fix="Write the name of the package that is meant.",
    bad=(
        Bad("import fast_api  # finding\n\napp = fast_api.FastAPI()\n"),
        Bad("from sqlalchmey import create_engine  # finding\n"),
        Bad("import colections  # finding\n"),
    ),
    good=(
        Good("import fastapi, sqlalchemy, collections\n"),
        Good("try:\n    import sqlalchmey\nexcept ImportError:\n    sqlalchmey = None\n"),
        Good("from .fast_api import router\nimport PIL, cv2, sklearn, yaml, bs4, dotenv, jwt, Crypto\n"),
    ),
    misses=(Miss("import jsn  # finding\n", why="a slip in a name of less than five letters is near to too much"),),
)
