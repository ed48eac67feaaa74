"""Untrusted data in the path of a file.

`..` and absolute paths lead out of the folder that was meant, to any file that the program can reach.  Resolve the
path and test that it lies below the folder (`is_relative_to`), or keep only the last part of the name
(`werkzeug.utils.secure_filename`).  See CWE-22.
"""

from __future__ import annotations

from codeguard.checks._api import Bad, Check, Flow, Good
from codeguard.model import Confidence, Severity

CHECK = Check(
    id="CGS202",
    name="path-from-untrusted-data",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(22,),
    aliases=("bandit:B202", "ruff:S202"),
    flow=Flow(
        kinds=("path",),
        harm="whoever controls it can reach other files",
    ),
    fix="Resolve the path and test that it lies below the folder that is meant.",
    bad=(
        Bad("""\
import os
from flask import Flask, request, send_file

app = Flask(__name__)


@app.get("/file")
def file():
    return send_file(os.path.join("/srv/files", request.args["name"]))  # finding
"""),
        Bad("""\
from pathlib import Path

BASE = Path("/srv/files")


def read(name):
    return (BASE / name).read_text()  # finding
"""),
    ),
    good=(
        Good("""\
from pathlib import Path

BASE = Path("/srv/files").resolve()


def read(name):
    path = (BASE / name).resolve()
    if not path.is_relative_to(BASE):
        raise ValueError("outside")
    return path.read_text()
"""),
        Good("""\
import os
from flask import Flask, request, send_file
from werkzeug.utils import secure_filename

app = Flask(__name__)


@app.get("/file")
def file():
    return send_file(os.path.join("/srv/files", secure_filename(request.args["name"])))
"""),
        Good("""\
import os


def read(name):
    base = os.path.realpath("/srv/files")
    path = os.path.realpath(os.path.join(base, name))
    if os.path.commonpath([base, path]) != base:
        raise PermissionError(name)
    with open(path) as file:
        return file.read()
"""),
    ),
)
