"""Histories of shells or logs of logins are emptied: someone is not to see what was done.

Logs are rotated by the system, and a shell's history belongs to its user.  See CWE-506, CWE-778 and MITRE ATT&CK T1070.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import destruction, stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report commands that clear traces, and removals and emptyings of such files."""
    for command in unit.fact(commands):
        if destruction.TRACES.search(command.text):
            yield Hit(command.call, "This command clears histories or logs, so that nobody sees what was done")
    if not stores.HISTORY.search(unit.text):
        return
    for write in unit.fact(writes):
        texts = [text for text in write.path if stores.HISTORY.search(text)]
        empties = write.mode.startswith(("w", "r+")) and (
            write.value is None or value_of(write.value, unit) in ("", b"")
        )
        if texts and empties:
            yield Hit(write.call, f"This empties `{texts[0]}`, so that nobody sees what was done")
    known = unit.fact(calls)
    removers = [
        (call, call.args[0].value) for _, call in known.of(destruction.FILE_CALLS | destruction.TREE_CALLS) if call.args
    ]
    removers += [(c, c.func.value) for c in known.by_method.get("unlink", ()) if isinstance(c.func, cst.Attribute)]
    for call, target in removers:
        texts = [
            text
            for text in unit.fact(reach).constants(target)
            if (stores.HISTORY.search(text) and not text.rstrip("/").startswith("/var/log/"))
            or text.rstrip("/").endswith(("/var/log", "wtmp", "auth.log", "lastlog"))
        ]
        if texts:
            yield Hit(call, f"This deletes `{texts[0]}`, so that nobody sees what was done")


CHECK = Check(
    id="CGM013",
    name="trace-removal",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(506, 778),
    find=find,
    fix="Leave logs to the system and a history to its user.",
    bad=(
        Bad(
            "from pathlib import Path\nhome = Path('/home/a')\nfor p in (home / '.bash_history', Path('/var/log/wtmp')):\n    if p.exists():\n        p.write_bytes(b'')  # finding\n"
        ),
        Bad("import os\nos.remove(os.path.expanduser('~/.bash_history'))  # finding\n"),
        Bad("import os\nos.system('history -c; wevtutil cl System')  # finding\n"),
    ),
    good=(
        Good(
            "from pathlib import Path\n\ndef log(text):\n    with Path('/var/log/demo/app.log').open('a') as f:\n        f.write(text)\n"
        ),
        Good("import os, readline\nreadline.write_history_file(os.path.expanduser('~/.python_history'))\n"),
        Good(
            "import os\n\ndef rotate(folder):\n    for n in os.listdir(folder):\n        os.remove(os.path.join(folder, n))\n"
        ),
    ),
    misses=(
        Miss(
            "import shutil\nshutil.move('/home/a/.bash_history', '/dev/null')  # finding\n",
            why="moves are taken for back-ups",
        ),
    ),
)
