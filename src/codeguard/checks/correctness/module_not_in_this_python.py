"""An import names a module that the standard library no longer has, or does not have yet.

`distutils`, `imp`, `asyncore` and others left with Python 3.12, `cgi`, `crypt`, `telnetlib` and more with 3.13
(PEP 594, PEP 632); `tomllib` came with 3.11.  Which Python counts is what the project says (`requires-python`, or the
setting `python`); where nobody says, what the newest versions lack is reported with less weight.  An import that may
fail, and a module that a declared back-port brings back, are not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import Imported, imports, is_guarded
from codeguard.knowledge import packages
from codeguard.knowledge.packages.curated import BACK_PORTS, REPLACED_BY
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report imports of modules that some Python which the project admits does not have."""
    for one in unit.fact(imports):
        first, last = _versions(one.module)
        if (first is None and last is None) or one.root.startswith("_"):
            continue
        hit = _removed(one, last, unit) if last is not None else _too_new(one, first, unit)
        if hit is None or unit.project.shadows(one.root, unit.path) or is_guarded(one.node, unit):
            continue
        ports = (*BACK_PORTS.get(one.root, ()), f"standard-{one.root}", f"backports-{one.root}")
        if not any(map(unit.project.declares, ports)):
            yield hit


def _versions(module: str) -> tuple[packages.Version | None, packages.Version | None]:
    known = packages.standard_modules()
    while module:
        if module in known:
            return known[module]
        module = module.rpartition(".")[0]
    return None, None


def _removed(one: Imported, last: packages.Version, unit: Unit) -> Hit | None:
    low, high = unit.project.python
    gone = f"3.{last[1] + 1}"
    use = f"; use {REPLACED_BY[one.root]}" if one.root in REPLACED_BY else ""
    text = f"`{one.module}` left the standard library with Python {gone}"
    if low is not None and low > last:
        return Hit(one.node, f"{text}, and this project needs at least 3.{low[1]}: the import fails{use}")
    if high is not None and high <= last:
        return None
    # Several supported versions have it, and setuptools brings its own `distutils`: the project may know.
    weak = last >= (3, 12) or one.root == "distutils"
    return Hit(
        one.node,
        f"{text}: the import fails there{use}",
        severity=Severity.LOW if weak else Severity.MEDIUM,
        confidence=Confidence.LOW if weak else Confidence.MEDIUM,
    )


def _too_new(one: Imported, first: packages.Version | None, unit: Unit) -> Hit | None:
    low = unit.project.python[0]
    if first is None or low is None or low >= first:
        return None
    return Hit(
        one.node,
        f"`{one.module}` came with Python 3.{first[1]}, and this project admits 3.{low[1]}: the import fails there",
        severity=Severity.MEDIUM,
    )


CHECK = Check(
    id="CGC083",
    name="module-not-in-this-python",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Use what replaces the module, or guard the import by version.",
    bad=(
        Bad("import imp  # finding\n\nimp.reload(x)\n"),
        Bad("from distutils.util import strtobool  # finding\n"),
        Bad("import asyncore, socket  # finding\n"),
        Bad("import telnetlib  # finding\n"),
    ),
    good=(
        Good("import importlib, shutil, sysconfig, tomllib\n"),
        Good("try:\n    from distutils.util import strtobool\nexcept ImportError:\n    strtobool = None\n"),
        Good("import sys\n\nif sys.version_info < (3, 12):\n    import imp\nelse:\n    import importlib\n"),
        Good("from .imp import thing\nfrom setuptools._distutils import util\n"),
    ),
    misses=(Miss("imp = __import__('imp')  # finding\n", why="only import statements are looked at"),),
)
