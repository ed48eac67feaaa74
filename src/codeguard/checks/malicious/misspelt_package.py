"""A package is named almost like a popular one: a misspelling, or a trap laid for it.

Names one slip away from popular ones are registered to be installed by mistake; what they run on installation is up
to whoever registered them.  Write the name that is meant.  A relative import or a module of the project is not
looked at.  See CWE-506, CWE-1357 and MITRE ATT&CK T1195.001.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import SETUP
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious.packages import NEIGHBOURS, POPULAR
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import dotted
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

STANDARD = frozenset(sys.stdlib_module_names)
REQUIREMENT = re.compile(r"^\s*([A-Za-z][\w.-]+?)\s*(?:\[|[=<>!~;@]|$)")
REQUIREMENTS_FILE = re.compile(r"requirements[\w-]*\.(?:txt|in)$|constraints\.txt$")
IMPORTERS = {"importlib.import_module", "importlib.__import__", "builtins.__import__", "pkg_resources.require"}
PIP = {"pip.main", "pip._internal.main", "pip._internal.cli.main.main", "pip._internal.main.main"}
INSTALL = re.compile(r"\bpip[\d.]*\s+install\b(.*)", re.DOTALL)


def find(unit: Unit) -> Iterator[Hit]:
    """Report imports and requirements of such names."""
    for node in unit.nodes(cst.Import):
        for alias in node.names:
            yield from _report(dotted(alias.name) or "", alias, "import")
    for source in unit.nodes(cst.ImportFrom):
        if not source.relative and source.module is not None:
            yield from _report(dotted(source.module) or "", source.module, "import")
    for name in SETUP:
        for call in unit.calls.get(name, ()):
            for arg in call.args:
                if arg.keyword is not None and arg.keyword.value in {
                    "install_requires",
                    "setup_requires",
                    "extras_require",
                    "tests_require",
                }:
                    for text in unit.fact(reach).constants(arg.value):
                        match = REQUIREMENT.match(text)
                        yield from _report(match.group(1) if match else "", arg, "requirement")
    told: set[tuple[str, int]] = set()
    for text, where, how in _by_text(unit):
        parts = REQUIREMENT.match(text) if not text.startswith("-") else None
        name = parts.group(1) if parts else ""
        if name and (name, id(where)) not in told:
            told.add((name, id(where)))
            yield from _report(name, where, how)


def _by_text(unit: Unit) -> Iterator[tuple[str, cst.CSTNode, str]]:
    """The names of packages in texts: what is installed, imported by its name, or listed as a requirement."""
    known = unit.fact(calls)
    if "install" in unit.text:
        for command in unit.fact(commands):
            match = INSTALL.search(command.text)
            if match is None:
                continue
            yield from ((word, command.call, "requirement") for word in match.group(1).split())
            yield from ((text, place, "requirement") for word in command.words for text, place in _handed(word, unit))
        for _, call in known.of(PIP):
            for text in unit.fact(reach).constants(call.args[0].value) if call.args else ():
                yield text, call, "requirement"
    for _, call in known.of(IMPORTERS):
        if call.args:
            value = call.args[0].value
            yield from ((text, call, "import") for text in unit.fact(reach).constants(value))
            yield from ((text, place, "import") for text, place in _handed(value, unit))
    if "requirements" in unit.text:
        for write in unit.fact(writes):
            if REQUIREMENTS_FILE.search(write.where):
                yield from ((line, write.call, "requirement") for text in write.content for line in text.split("\n"))


def _handed(node: cst.BaseExpression, unit: Unit) -> Iterator[tuple[str, cst.CSTNode]]:
    """The texts that callers hand over in the parameters of an expression, each with the call that does."""
    flow = unit.fact(reach)
    for part in descend(node):
        if not isinstance(part, cst.Name):
            continue
        bindings = unit.scopes.look_up(part.value, part)
        function = unit.function_of(part)
        if not any(b.kind == "param" for b in bindings) or not isinstance(function, cst.FunctionDef):
            continue
        for call in unit.nodes(cst.Call):
            if (
                isinstance(call.func, cst.Name)
                and call.func.value == function.name.value
                and flow.local(call.func) is function
            ):
                yield from ((text, call) for arg in call.args for text in flow.constants(arg.value))


def _report(full: str, where: cst.CSTNode, how: str) -> Iterator[Hit]:
    name = full.partition(".")[0].lower().replace("-", "_")
    near = meant(name)
    if near:
        yield Hit(
            where,
            f"This {how} names `{name}`, one slip away from `{near}`: what a package of that name runs is up to whoever registered it",
        )


@lru_cache(maxsize=4096)
def meant(name: str) -> str | None:
    """The popular package that a name is one slip away from; None for a known name or one that is close to none."""
    if len(name) < 5 or name in POPULAR or name in NEIGHBOURS or name in STANDARD or name.startswith("_"):
        return None
    for candidate in sorted(_slips(name)):
        if candidate in POPULAR and len(candidate) >= 5:
            return candidate
    return None


def _slips(name: str) -> set[str]:
    """The names from which one slip leads here: a letter doubled, added, dropped, exchanged or swapped with the next."""
    letters = "abcdefghijklmnopqrstuvwxyz0123456789_"
    parts = [(name[:i], name[i:]) for i in range(len(name) + 1)]
    swapped = {a + b[1] + b[0] + b[2:] for a, b in parts if len(b) > 1}
    dropped = {a + b[1:] for a, b in parts if b and len(name) > 5}
    added = {a + c + b for a, b in parts for c in letters}
    changed = {a + c + b[1:] for a, b in parts if b and len(name) > 5 for c in letters}
    digits = {name.replace("0", "o").replace("1", "l").replace("3", "e"), name.replace("5", "s")}
    affixes = (
        {name.removeprefix("python_"), name.removeprefix("py_"), name.removesuffix("_python"), name.removesuffix("_py")}
        if len(name) > 9
        else set()
    )
    plain = {
        s
        for s in dropped
        if not (name.endswith("s") and s == name[:-1]) and not (name[-1].isdigit() and s == name[:-1])
    }
    return (swapped | plain | added | changed | digits | affixes) - {name}


CHECK = Check(
    id="CGM026",
    behaviour="use a package whose name is a trap or a misspelling",
    name="misspelt-package",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(506, 1357),
    find=find,
    fix="Write the name of the package that is meant.",
    bad=(
        Bad(
            "import importlib, os\n\ndef need(name):\n    try:\n        return importlib.import_module(name)\n    except ImportError:\n        os.system('pip install --quiet %s' % name)\n        return importlib.import_module(name)\n\nyaml = need('pyymal')  # finding\n"
        ),
        Bad("import reqeusts  # finding\n\ndef get(u):\n    return reqeusts.get(u, timeout=3).text\n"),
        Bad("from urlib3 import PoolManager  # finding\n"),
        Bad("from setuptools import setup\nsetup(name='a', install_requires=['numpyy>=1', 'pandas'])  # finding\n"),
        Bad(
            "import os\nos.system('pip install colourama')\nos.system('pip install python-dateutill')  # finding\n".replace(
                "colourama')", "colourama')  # finding"
            )
        ),
    ),
    good=(
        Good(
            "import importlib\n\ndef plug(name):\n    return importlib.import_module(f'demo.plugins.{name}')\n\nplug('redis')\n"
        ),
        Good("import requests_cache, httpx\nimport pandas as pd\n"),
        Good("from ._reqs import helper\nfrom .requets import shim\n"),
        Good("import attr, request, pandera, json, select, secrets\n"),
    ),
    misses=(Miss("import requests_http  # finding\n", why="names that add a word are not told from real extensions"),),
)
