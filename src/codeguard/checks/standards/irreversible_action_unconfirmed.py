"""A function destroys data for good, and nothing lets the caller rehearse or confirm it.

Automation that an assistant writes is run by people who have not read it.  What cannot be undone (a tree removed, a
table dropped, a bucket emptied) deserves a dry run, a confirmation, or at least a parameter that has to be given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit

REHEARSAL = re.compile(r"dry_?run|confirm|force|yes|assume_yes|really|i_know|prompt|approve|interactive", re.IGNORECASE)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the call where its argument is not constant, and its function has no parameter or name that asks."""
    target = unit.arg(call, 0, "path")
    if target is None or unit.constant(target) is not None or (unit.name(target) or "").startswith("tempfile."):
        return
    function = unit.function_of(call)
    if not isinstance(function, cst.FunctionDef):
        return
    names = (node.value for node in unit.nodes(cst.Name) if unit.function_of(node) is function)
    if any(REHEARSAL.search(name) for name in names):
        return
    name = unit.name(call.func)
    yield Hit(call, f"`{name}` destroys for good, and `{function.name.value}` can be neither rehearsed nor confirmed")


CHECK = Check(
    id="CGT002",
    name="irreversible-action-unconfirmed",
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    calls=("shutil.rmtree", "os.removedirs"),
    find=find,
    profile=Profile.AUDIT,
    fix="Add a dry run or a confirmation, and make the destructive way the one that has to be asked for.",
    bad=(
        Bad("import shutil\n\ndef clean(folder):\n    shutil.rmtree(folder)  # finding\n"),
        Bad(
            "import shutil\nfrom pathlib import Path\n\ndef reset(name):\n    shutil.rmtree(Path('/data') / name)  # finding\n"
        ),
    ),
    good=(
        Good("import shutil\n\ndef clean(folder, dry_run=True):\n    if not dry_run:\n        shutil.rmtree(folder)\n"),
        Good("import shutil\n\ndef clean():\n    shutil.rmtree('build')\n"),
        Good(
            "import shutil\nimport tempfile\n\ndef work():\n    folder = tempfile.mkdtemp()\n    shutil.rmtree(folder)\n"
        ),
    ),
)
