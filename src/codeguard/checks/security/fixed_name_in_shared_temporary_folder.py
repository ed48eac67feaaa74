"""A file in the shared temporary folder with a name that everybody knows.

Another user of the machine can put a link or a file there first, and so choose what is overwritten, read or run.  Use
`tempfile.NamedTemporaryFile`, `mkstemp` or `TemporaryDirectory`.  See CWE-377 and CWE-379.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import function_around, is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

FOLDERS = ("/tmp/", "/var/tmp/", "/dev/shm/")  # noqa: S108 - what is looked for


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `open` for writing of a constant path in such a folder, in a function."""
    path, mode = unit.constant(unit.arg(call, 0, "file")), unit.constant(unit.arg(call, 1, "mode"))
    if path is None or mode is None or not isinstance(path.value, str) or not isinstance(mode.value, str):
        return
    if not path.value.startswith(FOLDERS) or path.value.count("/") > 2 + path.value.startswith(FOLDERS[1:]):
        return
    if {"w", "a"} & set(mode.value) and function_around(unit, call) is not None and not is_test(unit, call):
        yield Hit(call, f"`{path.value}` is a name that everybody knows: another user can put a link there first")


CHECK = Check(
    id="CGS053",
    name="fixed-name-in-shared-temporary-folder",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(377, 379),
    aliases=("bandit:B108", "ruff:S108"),
    hints=FOLDERS,
    calls=("builtins.open",),
    find=find,
    fix="Use `tempfile.NamedTemporaryFile` or `tempfile.mkstemp`.",
    bad=(
        Bad(
            "def install(data):\n    path = '/tmp/update.run'\n    with open(path, 'wb') as file:  # finding\n        file.write(data)\n"
        ),
        Bad("def log(line):\n    open('/var/tmp/app.log', 'a').write(line)  # finding\n"),
    ),
    good=(
        Good(
            "import tempfile\n\ndef install(data):\n    with tempfile.NamedTemporaryFile() as file:\n        file.write(data)\n"
        ),
        Good("def read():\n    return open('/tmp/app.log', 'r').read()\n"),
        Good("def test_log():\n    open('/tmp/app.log', 'w').close()\n"),
    ),
    misses=(
        Miss(
            "import os\n\ndef log(line):\n    open(f'/tmp/app-{os.getpid()}', 'a').write(line)  # finding\n",
            why="only constant names are looked at",
        ),
    ),
)
