"""A relative import names a module that the package does not have.

`from .helpers import load` fails with ModuleNotFoundError where the package has no `helpers`.  Looked at is what lies
on the disk beside the file, in regular packages (with an `__init__.py`) only: extension modules, files that a build
makes of templates, and folders count.  Names that builds usually make (`_version`, `x_pb2`) and imports that may fail
are not looked at.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import is_guarded
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import dotted
from codeguard.syntax.unit import Unit

_GENERATED = ("_pb2", "_pb2_grpc", "_rc", "_ui", "_ext")
# Packages whose modules an import hook brings in from elsewhere.
_VENDORED = frozenset(("extern", "externals", "vendor", "vendored", "packages", "moves"))


def find(node: cst.ImportFrom, unit: Unit) -> Iterator[Hit]:
    """Report relative imports of what is not there."""
    if not node.relative or node.module is None:
        return
    name = _missing(dotted(node.module) or "", len(node.relative), unit)
    if name is not None and not is_guarded(node, unit):
        yield Hit(node.module, f"The package has no module `{name}`: this import fails")


def _missing(module: str, dots: int, unit: Unit) -> str | None:
    """The part of the name that is not there; None where the module is, or where that cannot be said."""
    stem = posixpath.basename(unit.path).partition(".")[0]
    folder = posixpath.dirname(unit.path)
    if stem not in (unit.project.names_in(folder) or ()):
        return None  # not a file on the disk
    for _ in range(dots - 1):
        folder = posixpath.join(folder, "..")
    for name in module.split("."):
        names = unit.project.names_in(folder)
        if not names or "__init__" not in names or name.startswith("_") or name == "version":
            return None
        if name.endswith(_GENERATED) or posixpath.basename(folder) in _VENDORED:
            return None
        if name not in names:
            return name
        folder = posixpath.join(folder, name)
    return None


CHECK = Check(
    id="CGC086",
    name="relative-import-of-nothing",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    nodes=(cst.ImportFrom,),
    find=find,
    fix="Import a module that the package has, or add the one that is missing.",
    bad=(
        Bad("from .helper import load  # finding\n", beside=("helpers", "core")),
        Bad("from . import core\nfrom .cores.errors import Broken  # finding\n", beside=("core",)),
    ),
    good=(
        Good("from .helpers import load\nfrom .core.errors import Broken\n", beside=("helpers", "core")),
        Good("from . import helpers\nfrom ..core.errors import Broken\nfrom .a_pb2 import A\n", beside=("a",)),
        Good("try:\n    from .fast import load\nexcept ImportError:\n    load = None\n", beside=("slow",)),
    ),
    misses=(Miss("from .helpers import load  # finding\n", why="without the package's files nothing can be said"),),
)
