"""A whole disk, system or home folder is deleted or overwritten.

No program means to lose `/`, `~`, the documents of its user or a disk: this destroys data, by intent or by mistake,
wherever it runs.  Delete what the program made, below a folder of its own.  See CWE-506 and MITRE ATT&CK T1485,
T1561, T1490.
"""

from __future__ import annotations

from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._destroy import removals
from codeguard.checks.malicious._when import when
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

EARLY = {"install": ", while the package is installed", "import": ", as soon as the module is imported"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report removals whose target nobody means to lose."""
    for removal in unit.fact(removals):
        if removal.fatal:
            yield Hit(
                removal.call, f"This {removal.what}{EARLY.get(when(removal.call, unit), '')}: what is there is lost"
            )


CHECK = Check(
    id="CGM012",
    behaviour="destroy files or disks",
    name="destruction",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506,),
    find=find,
    fix="Delete only what the program has made itself.",
    bad=(
        Bad(
            "import os\n\ndef blank(path):\n    with open(path, 'r+b') as f:\n        f.write(bytes(512))  # finding\n\nfor base in ('./', '/'):\n    for root, _, files in os.walk(base):\n        for name in files:\n            blank(os.path.join(root, name))\n"
        ),
        Bad(
            "import os\nfor root, _, names in os.walk('/home'):\n    for name in names:\n        with open(os.path.join(root, name), 'wb') as out:\n            out.write(os.urandom(4096))  # finding\n"
        ),
        Bad("import os\nos.system(\"find / -name '*.bak' | xargs shred -u\")  # finding\n"),
        Bad(
            "import pymongo\nclient = pymongo.MongoClient('mongodb://db.example.invalid')\nfor name in client.list_database_names():\n    client.drop_database(name)  # finding\n"
        ),
        Bad("import shutil\n\ndef cleanup():\n    shutil.rmtree('/', ignore_errors=True)  # finding\n"),
        Bad(
            "import os, pathlib, sys\n\ndef end(ok):\n    if not ok:\n        for d in ('~/Documents', '~/Pictures'):\n            os.system('rm -rf ' + d + ' >/dev/null 2>&1')  # finding\n"
        ),
        Bad(
            "import os\nfor root, _, files in os.walk(os.path.expanduser('~')):\n    for n in files:\n        os.remove(os.path.join(root, n))  # finding\n"
        ),
        Bad("import os\nwhile True:\n    os.fork()  # finding\n"),
        Bad("with open('/dev/sda', 'wb') as d:\n    d.write(b'\\0' * 512)  # finding\n"),
        Bad("import subprocess\nsubprocess.run(['vssadmin', 'delete', 'shadows', '/all', '/quiet'])  # finding\n"),
        Bad("import shutil, pathlib\nshutil.rmtree(pathlib.Path.home() / 'Documents')  # finding\n"),
    ),
    good=(
        Good(
            "import os\n\ndef stamp(path):\n    with open(path, 'r+b') as f:\n        f.write(b'v2')\n\nfor base in ('./out', './build'):\n    for root, _, files in os.walk(base):\n        for name in files:\n            stamp(os.path.join(root, name))\n"
        ),
        Good(
            "def reset(con):\n    for (name,) in con.execute(\"SELECT name FROM sqlite_master WHERE type='table'\"):\n        con.execute(f'DROP TABLE {name}')\n"
        ),
        Good("import os\nos.system(\"find build -name '*.o' | xargs rm -f\")\n"),
        Good(
            "import contextlib, shutil, tempfile\n\n@contextlib.contextmanager\ndef scratch():\n    d = tempfile.mkdtemp()\n    try:\n        yield d\n    finally:\n        shutil.rmtree(d, ignore_errors=True)\n"
        ),
        Good(
            "import os\n\ndef spawn(n):\n    for _ in range(n):\n        if os.fork() == 0:\n            os._exit(0)\n"
        ),
        Good(
            "import shutil, pathlib\n\ndef uninstall():\n    shutil.rmtree(pathlib.Path.home() / '.cache' / 'demo', ignore_errors=True)\n"
        ),
        Good("import os\nos.system('rm -rf build dist *.egg-info ~/.cache/demo')\n"),
    ),
    misses=(
        Miss(
            "import shutil, sys\nshutil.rmtree(sys.prefix)  # finding\n",
            why="only whole systems, homes and personal folders are known",
        ),
    ),
)
