"""An import names a module that only Python 2 had.

`urllib2`, `ConfigParser`, `StringIO` and others got new names in Python 3.0; under the old ones they cannot be imported.
Write the new name.  An import that may fail, as in code for both, is not looked at.  Source: PEP 3108.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._imports import asks_for, imports, is_guarded, is_of_project
from codeguard.knowledge.packages.curated import PYTHON2
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report imports of modules by their names of Python 2."""
    for one in unit.fact(imports):
        if one.root not in PYTHON2 or is_of_project(one.module, unit):
            continue
        if is_guarded(one.node, unit, one.root) or asks_for(one.root, unit):
            continue
        new = PYTHON2[one.root]
        yield Hit(
            one.node,
            f"`{one.root}` is a module of Python 2: in Python 3 it is `{new}`, and this import fails",
            fix=f"Import `{new}`.",
        )


CHECK = Check(
    id="CGC084",
    name="python2-module",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    find=find,
    fix="Import the module by its name in Python 3.",
    bad=(
        Bad("import urllib2  # finding\n\nprint(urllib2.urlopen(u).read())\n"),
        Bad("from ConfigParser import SafeConfigParser  # finding\n"),
        Bad("import json, cPickle as pickle  # finding\n"),
    ),
    good=(
        Good("import urllib.request, configparser, queue, io\n"),
        Good("try:\n    import urllib2\nexcept ImportError:\n    import urllib.request as urllib2\n"),
        Good("import six\n\nif six.PY2:\n    import Queue\nelse:\n    import queue as Queue\n"),
        Good("from six.moves import urllib, configparser\nfrom .Queue import Queue\n"),
    ),
    misses=(
        Miss("from urllib import urlencode  # finding\n", why="names in modules that both have are not looked at"),
    ),
)
