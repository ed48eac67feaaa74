"""An import names a package that nobody knows.

One in five packages that language models suggest does not exist, and a name that is made up again and again is one
that an attacker can register.  Look the name up before you install it; import what does exist.  Known are the standard
library, the 15,000 most downloaded distributions, modules of systems and applications that run Python, and whatever
the project has, declares or has installed.  A module name that applications give their own modules (`utils`,
`my_models`) is not looked at, nor an import that may fail.  See CWE-1357.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import Imported, unknown
from codeguard.knowledge import packages
from codeguard.knowledge.packages.curated import PYTHON2
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report unknown packages that are near to nothing known."""
    reported = set()
    for one in unit.fact(unknown):
        if one.root in reported or one.root in PYTHON2 or packages.looks_own(one.module):
            continue
        if packages.imported_as(one.root) or packages.near(one.root) is not None:
            continue
        reported.add(one.root)
        weak = _may_be_elsewhere(one, unit)
        yield Hit(
            one.node,
            f"No package `{one.root}` is known, nor does the project have or declare one: the import fails unless it is installed",
            severity=Severity.LOW if weak else None,
            confidence=Confidence.LOW if weak else None,
        )


def _may_be_elsewhere(one: Imported, unit: Unit) -> bool:
    """True where the package could be an application's own, or installed by a declaration that could not be read."""
    if unit.project.unknown or "sys.path" in unit.text or one.root != one.root.lower():
        return True
    beside = unit.project.names_in(posixpath.dirname(unit.path)) or ()
    if "__init__" in beside and unit.function_of(one.node) is not None:
        return True  # how a package imports what only some of its users install
    # An application is a package of modules under one word; what models make up has a telling name: `numpy_fast_io`.
    return "." in one.module and "_" not in one.root


CHECK = Check(
    id="CGC081",
    name="unknown-package",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(1357,),
    find=find,
    fix="Use a package that exists, or declare the one that is meant in the project's dependencies.",
    bad=(
        Bad("import numpy_turbo_utils  # finding\n\nx = numpy_turbo_utils.fast_mean([1, 2])\n"),
        Bad("from pandas_smart_client.frames import SmartFrame  # finding\n"),
        Bad("def load(path):\n    import parquet_easy_magic  # finding\n    return parquet_easy_magic.load(path)\n"),
    ),
    good=(
        Good("import numpy, google.cloud.storage, win32api, mpl_toolkits.mplot3d, pkg_resources, six.moves\n"),
        Good(
            "from utils.db import connect\nfrom my_models import User\nimport config\nfrom shop.models import Order\n"
        ),
        Good(
            "import contextlib\nfrom typing import TYPE_CHECKING\n\nwith contextlib.suppress(ImportError):\n"
            "    import quickest_json_ever\nif TYPE_CHECKING:\n    from numpy_turbo_utils import Thing\n"
        ),
        Good("import pytest\n\npytest.importorskip('numpy_turbo_utils')\nimport numpy_turbo_utils\n"),
        Good("from .numpy_turbo_utils import mean\n"),
    ),
    misses=(Miss("import helper_utils  # finding\n", why="it may well be a module of the application"),),
)
