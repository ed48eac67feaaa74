"""A name that the newest version of the library lacks, where nothing says which version is used.

With a fresh install the line fails; with the version that the code was written for it works.  Say in the project's
requirements which versions it needs, or use what took the name's place, which older versions mostly have too.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_names import Fault, problems, told_removed
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each name that the newest version read no longer has."""
    for problem in unit.fact(problems):
        if problem.fault is Fault.PERHAPS_REMOVED:
            yield Hit(problem.node, told_removed(problem))


CHECK = Check(
    id="CGC094",
    name="perhaps-removed-library-name",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    aliases=("ty:unresolved-attribute", "ty:unresolved-import"),
    hints=("import",),
    profile=Profile.STRICT,
    find=find,
    fix="Use what took the name's place, or declare the versions that still have it.",
    bad=(
        Bad("import numpy as np\nx = np.Inf  # finding\n"),
        Bad("from jinja2 import Markup  # finding\n"),
    ),
    good=(
        Good("import numpy as np\nx = np.inf\n"),
        Good("from markupsafe import Markup\n"),
        Good("try:\n    from jinja2 import Markup\nexcept ImportError:\n    from markupsafe import Markup\n"),
    ),
)
