"""A module of a library is asked for a name that it does not have: `np.make_array`, `os.get_env`.

Reading it raises AttributeError when the line runs.  Models invent such names by analogy with other libraries.  What
a library has is read from its sources and stubs, in several versions, and only a name that none of them has is
reported; the library need not be installed.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_names import Fault, problems, told
from codeguard.knowledge.apis.lookup import Kind
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report each name of a module that no version read has."""
    for problem in unit.fact(problems):
        if not problem.imported and problem.fault is Fault.INVENTED and problem.owner.kind is Kind.MODULE:
            yield Hit(problem.node, told(problem, "this raises AttributeError"))


CHECK = Check(
    id="CGC091",
    name="unknown-library-attribute",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ty:unresolved-attribute",),
    hints=("import",),
    find=find,
    fix="Use the name that the library documents.",
    bad=(
        Bad("import numpy as np\nx = np.make_array([1])  # finding\n"),
        Bad("import os\nkey = os.get_env('KEY')  # finding\n"),
        Bad("import requests\nr = requests.fetch('https://example.invalid')  # finding\n"),
        Bad("import typing as t\n\n\ndef f(x: t.Anything):  # finding\n    return x\n"),
    ),
    good=(
        Good("import numpy as np\nx = np.array([1])\ny = np.linalg.norm(x)\n"),
        Good("import os\nkey = os.getenv('KEY')\nif hasattr(os, 'getrandom'):\n    os.getrandom(4)\n"),
        Good("import os\n\nos.get_env = os.getenv\nos.get_env('KEY')\n"),
        Good("import os\ntry:\n    os.get_env('KEY')\nexcept AttributeError:\n    pass\n"),
        Good("import sys\nif sys.version_info < (3,):\n    sys.maxint_limit\n"),
        Good("def f(os):\n    return os.get_env('KEY')\n"),
    ),
)
