"""A command installs a package whose name is spelt almost like that of a popular one.

`pip install reqeusts` installs whatever somebody has registered under the wrong name, and runs it at once.  Language
models write such names into set-up code.  Write the name that is meant.  Looked at are commands that the program starts
(`subprocess`, `os.system`) and that it spells out; what the project declares is not.  See CWE-1357 and MITRE ATT&CK
T1195.001.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.knowledge import packages
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

STARTERS = (
    "os.system",
    "os.popen",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
    "subprocess.Popen",
    "subprocess.getoutput",
    "subprocess.getstatusoutput",
    "asyncio.create_subprocess_shell",
    "pip.main",
    "pip._internal.main",
)
_NAME = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)(?:\[[^\]]*\])?(?:[=<>!~;@].*)?")
# Options of `pip install` that take the next word.
_WITH_VALUE = frozenset(
    ("-r", "-c", "-e", "-t", "-i", "-f", "--requirement", "--constraint", "--editable", "--target", "--index-url")
)
_ENDS = frozenset(("&&", "||", ";", "|", "&"))


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the misspelt names in an install command."""
    words = _words(unit.arg(call, 0, "args"), unit)
    if "install" not in words or not any(word.rpartition("/")[2].startswith("pip") for word in words):
        return
    skip = False
    for word in words[words.index("install") + 1 :]:
        if word in _ENDS:
            return
        named = None if skip or word.startswith("-") else _NAME.fullmatch(word.strip("'\""))
        skip = word in _WITH_VALUE
        if named is None or unit.project.declares(named[1]):
            continue
        near = packages.near_distribution(named[1])
        if near is not None:
            yield Hit(
                call,
                f"This installs `{named[1]}`, which is no known package but looks like `{near}`: what it runs is up to whoever registered it",
                fix=f"Install `{near}` if that is meant.",
            )


def _words(command: cst.BaseExpression | None, unit: Unit) -> list[str]:
    """The words of a command, as far as they are spelt out; a part that is computed is an empty word."""
    if isinstance(command, (cst.List, cst.Tuple)):
        return [_text(element.value, unit) for element in command.elements]
    return _text(command, unit).split()


def _text(node: cst.BaseExpression | None, unit: Unit) -> str:
    constant = unit.constant(node)
    return constant.value if constant is not None and isinstance(constant.value, str) else ""


CHECK = Check(
    id="CGC087",
    name="misspelt-distribution-installed",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(1357,),
    aliases=("CGM026",),
    hints=("install",),
    calls=STARTERS,
    find=find,
    fix="Write the name of the package that is meant.",
    bad=(
        Bad('import os\n\nos.system("pip install sqlalchmey==2.0")  # finding\n'),
        Bad(
            "import subprocess, sys\n\n"
            'subprocess.check_call([sys.executable, "-m", "pip", "install", "-q", "huggingface-hubb"])  # finding\n'
        ),
    ),
    good=(
        Good('import os\n\nos.system("pip install sqlalchemy==2.0 huggingface_hub Flask.SQLAlchemy")\n'),
        Good('import subprocess\n\nsubprocess.run(["pip", "install", "-r", "reqeusts.txt", name])\n'),
        Good('import os\n\nos.system("apt-get install sqlalchmey")\nos.system("pip install -e . && sqlalchmey")\n'),
    ),
    misses=(Miss('print("pip install sqlalchmey")  # finding\n', why="a text that only tells people what to type"),),
)
