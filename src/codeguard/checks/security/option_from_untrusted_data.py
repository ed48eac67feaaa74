"""Untrusted data that a program may take for one of its options.

Without a shell nothing can add a command, but an argument that begins with `-` is an option, and many programs have
options that run another program or write a file: `git clone --upload-pack=...`, `curl -o`, `tar --to-command`,
`ssh -oProxyCommand=...`.  Put `--` before what is data, or refuse a leading `-`.  See CWE-88.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good, Miss
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS218",
    name="option-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(88,),
    flow=Flow(
        kinds=("argv",),
        harm="where it begins with `-` it is an option, which can run programs or write files",
        stored=None,
    ),
    fix='Put `"--"` before it in the list, or refuse what begins with `-`.',
    bad=(
        Bad("""\
import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.post("/mirror")
def mirror():
    subprocess.run(["git", "clone", request.form["url"], "copy"], check=True)  # finding
    return "done"
"""),
        Bad("""\
import subprocess


def fetch(address):
    return subprocess.check_output(["curl", "--silent", "https://files.example.invalid", address])  # finding
"""),
    ),
    good=(
        Good("""\
import subprocess
from flask import Flask, request

app = Flask(__name__)


@app.post("/mirror")
def mirror():
    subprocess.run(["git", "clone", "--", request.form["url"], "copy"], check=True)
    return "done"
"""),
        Good("""\
import subprocess


def fetch(address):
    if address.startswith("-"):
        raise ValueError("no address")
    return subprocess.check_output(["git", "clone", address])
"""),
        Good("""\
import subprocess


def fetch(name, limit):
    return subprocess.check_output(["curl", "--max-time", limit, f"https://files.example.invalid/{name}"])
"""),
        Good("""\
import subprocess


def show(name):
    return subprocess.check_output(["cat", name])
"""),
    ),
    misses=(
        Miss(
            """\
import subprocess


def fetch(tool, address):
    subprocess.run(["/usr/bin/env", "git", "clone", address])  # finding
""",
            why="`env` is taken for the program",
        ),
    ),
)
