"""Untrusted data in a shell command.

A shell reads `;`, `|`, `$(...)` and quotes in what it is given, so that data becomes more commands.  Start the program
without a shell, with a list of arguments (`subprocess.run(["ls", name])`), or quote with `shlex.quote`.  See CWE-78 and
the security considerations of Python's `subprocess`.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS201",
    name="shell-command-from-untrusted-data",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(78,),
    aliases=("bandit:B602", "bandit:B605", "bandit:B604", "ruff:S602", "ruff:S604", "ruff:S605"),
    flow=Flow(
        kinds=("shell",),
        harm="whoever controls it can run commands",
    ),
    fix="Pass a list of arguments without `shell=True`, or quote with `shlex.quote`.",
    bad=(
        Bad("""\
import os
from flask import Flask, request

app = Flask(__name__)


@app.get("/ping")
def ping():
    os.system("ping -c 1 " + request.args["host"])  # finding
    return "done"
"""),
        Bad("""\
import subprocess


class Runner:
    def __init__(self, command):
        self.command = command

    def run(self):
        return subprocess.run(self.command, shell=True)  # finding
"""),
    ),
    good=(
        Good("""\
import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.get("/ping")
def ping():
    subprocess.run(["ping", "-c", "1", "--", request.args["host"]])
    return "done"
"""),
        Good("""\
import os
import shlex


def show(name):
    os.system(f"ls -l {shlex.quote(name)}")
"""),
        Good("""\
import os

ACTIONS = {"start": "service web start", "stop": "service web stop"}


def act(name):
    os.system(ACTIONS[name])
"""),
    ),
)
