"""A name that the library has in other versions only: `collections.Mapping`, `DataFrame.append`.

With the versions that the project declares, or where it declares none with those of the last years, the line fails.
Models learn from code that was written for older ones.  Use what took its place, or declare a version that has it.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_names import Fault, problems, told_removed, told_too_new
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each name that the versions in question no longer have, or do not have yet."""
    for problem in unit.fact(problems):
        if problem.fault is Fault.REMOVED:
            yield Hit(problem.node, told_removed(problem))
        elif problem.fault is Fault.TOO_NEW:
            yield Hit(
                problem.node, told_too_new(problem), fix="Raise the lowest declared version, or do without the name."
            )


CHECK = Check(
    id="CGC093",
    name="library-name-of-other-version",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ty:unresolved-attribute", "ty:unresolved-import"),
    hints=("import",),
    find=find,
    fix="Use what took the name's place.",
    bad=(
        Bad("import collections\n\n\ndef f(x):\n    return isinstance(x, collections.Mapping)  # finding\n"),
        Bad("from collections import Iterable  # finding\n"),
        Bad("import base64\nbase64.decodestring(b'')  # finding\n"),
        Bad("import numpy as np\nx = np.float(1)  # finding\n"),
    ),
    good=(
        Good("import collections.abc\n\n\ndef f(x):\n    return isinstance(x, collections.abc.Mapping)\n"),
        Good(
            "try:\n    from collections.abc import Iterable\nexcept ImportError:\n    from collections import Iterable\n"
        ),
        Good("import base64\nbase64.decodebytes(b'')\n"),
        Good("import numpy as np\nx = np.float64(1)\n"),
    ),
)
