"""An import names a module that the standard library does not have.

`import os.pathlib` fails with ModuleNotFoundError: `os` has no such module.  Import the module that does exist.  Source:
the library folders of Python 3.8 to 3.13 and typeshed's table of versions.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import imports, is_guarded
from codeguard.knowledge import packages
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Packages whose modules are many, or made at build time.
_OPEN = frozenset(("test", "idlelib", "turtledemo", "encodings", "lib2to3"))


def find(unit: Unit) -> Iterator[Hit]:
    """Report the imports of modules below a standard one that has no such module."""
    for one in unit.fact(imports):
        if "." not in one.module or not packages.is_standard(one.root) or one.root in _OPEN:
            continue
        if one.module in packages.standard_modules():
            continue
        if unit.project.shadows(one.root, unit.path) or is_guarded(one.node, unit):
            continue
        missing = _first_missing(one.module)
        above, _, name = missing.rpartition(".")
        top = packages.standard_modules().get(name)
        meant = f"; import `{name}`" if top is not None and name not in {"", above} else ""
        what = "a package without" if above in packages.standard_packages() else "a module, not a package with"
        yield Hit(
            one.node, f"There is no module `{missing}`: `{above}` is {what} a `{name}`, and the import fails{meant}"
        )


def _first_missing(module: str) -> str:
    parts = module.split(".")
    known = packages.standard_modules()
    return next(name for length in range(1, len(parts) + 1) if (name := ".".join(parts[:length])) not in known)


CHECK = Check(
    id="CGC082",
    name="unknown-standard-module",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Import a module that the standard library has.",
    bad=(
        Bad("import os.pathlib  # finding\n"),
        Bad("from functools.extras import curry  # finding\n"),
        Bad("import email.mime.texts  # finding\nimport email.mime.text\n"),
    ),
    good=(
        Good("import os.path, collections.abc, concurrent.futures.thread, xml.parsers.expat.errors\n"),
        Good("import importlib.metadata, unittest.mock, logging.handlers, encodings.idna, distutils.command.build\n"),
        Good("try:\n    from asyncio.compat import run\nexcept ImportError:\n    from asyncio import run\n"),
        Good("from .os.pathlib import Path\nimport test.support.os_helper\n"),
    ),
    misses=(Miss("import os\n\nos.pathlib.Path()  # finding\n", why="an attribute, not an import"),),
)
