"""A umask that lets every user of the machine write to what the program creates.

`os.umask(0)` takes away what protects all later files and folders: `open` and `mkdir` leave it to the umask who may
write.  Others can then change what the program reads or runs.  Use 0o077, or 0o022.  See CWE-732 and CWE-276.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body_of, is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

OTHERS_WRITE = 0o002


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `os.umask` with a value that lets others write, unless it is put back or the process becomes a daemon."""
    value = unit.constant(unit.arg(call, 0))
    if value is None or type(value.value) is not int or value.value & OTHERS_WRITE or is_test(unit, call):
        return
    around = [unit.name(c.func) for c in body_of(unit, call).calls]
    # A daemon clears the mask and gives each file a mode of its own.
    if around.count("os.umask") == 1 and not {"os.setsid", "os.fork"} & set(around):
        yield Hit(call, "after this every new file and folder may be written by all users of the machine")


CHECK = Check(
    id="CGS046",
    name="umask-open-to-everyone",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(732, 276),
    hints=("umask",),
    calls=("os.umask",),
    find=find,
    fix="Use `os.umask(0o077)`.",
    bad=(
        Bad("import os\n\ndef prepare(path):\n    os.umask(0)  # finding\n    os.mkdir(path)\n"),
        Bad("from os import umask\n\numask(0o000)  # finding\n"),
    ),
    good=(
        Good("import os\n\ndef prepare(path):\n    os.umask(0o077)\n    os.mkdir(path)\n"),
        Good("import os\n\ndef mask():\n    current = os.umask(0)\n    os.umask(current)\n    return current\n"),
        Good("import os\n\ndef daemon():\n    os.setsid()\n    os.umask(0)\n"),
    ),
    misses=(
        Miss(
            "import os\n\nMASKS = {'open': 0}\nos.umask(MASKS['open'])  # finding\n",
            why="values in containers are not followed",
        ),
    ),
)
