"""`yaml.load` with a loader that can build any Python object.

PyYAML's default, `Loader`, `UnsafeLoader` and `FullLoader` construct objects that the document names, and with them
run code that its author chose.  `yaml.safe_load`, or `Loader=yaml.SafeLoader`, reads plain data only.  See CWE-502
and the warning in PyYAML's documentation of `yaml.load`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

UNSAFE = {"Loader", "UnsafeLoader", "FullLoader", "CLoader", "CUnsafeLoader", "CFullLoader"}


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the call unless its loader is a safe one, or one that the file defines itself."""
    loader = unit.arg(call, 1, "Loader")
    if loader is None:
        if not unit.has_unpacking(call):
            yield Hit(call, "`yaml.load` without a safe loader lets the document run code of its author's choice")
        return
    name = unit.name(loader) or ""
    if name.startswith("yaml.") and name.rpartition(".")[2] in UNSAFE:
        yield Hit(call, f"`{name}` builds any object that the document names, and runs code with it")


CHECK = Check(
    id="CGS001",
    name="unsafe-yaml-load",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(502,),
    aliases=("bandit:B506", "ruff:S506"),
    hints=("yaml",),
    calls=("yaml.load", "yaml.load_all"),
    find=find,
    fix="Use `yaml.safe_load`, or pass `Loader=yaml.SafeLoader`.",
    bad=(
        Bad("import yaml\n\ndef read(text):\n    return yaml.load(text)  # finding\n"),
        Bad("from yaml import load, Loader\n\nload(open('x'), Loader=Loader)  # finding\n"),
        Bad("import yaml as y\ny.load_all(s, y.FullLoader)  # finding\n"),
    ),
    good=(
        Good("import yaml\n\ndef read(text):\n    return yaml.safe_load(text)\n"),
        Good("import yaml\nyaml.load(text, Loader=yaml.SafeLoader)\n"),
        Good("from yaml import CSafeLoader, load\nload(text, CSafeLoader)\n"),
        Good("import yaml\n\nclass Strict(yaml.SafeLoader):\n    pass\n\nyaml.load(text, Loader=Strict)\n"),
    ),
    misses=(
        Miss(
            "import yaml\nloaders = [yaml.Loader]\nyaml.load(d, loaders[0])  # finding\n",
            why="values in containers are not followed",
        ),
    ),
)
