"""The code looks for debuggers, virtual machines or sandboxes and behaves only where there are none.

Code that does the same everywhere has no use for the answer: it is asked to hide from whoever analyses it.  One such
question can be a feature (fewer workers in a container, a progress bar off in CI); several in one decision, or a
debugger that ends the program, are not.  See CWE-506 and MITRE ATT&CK T1497, T1622.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._reach import reach
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

MACHINE = re.compile(
    r"vbox|virtualbox|vmware|qemu|\bxen\b|hyper-?v|parallels|vmtools|vmsrvc|vboxservice|sandboxie|sbiedll|VBoxGuest|vmmouse|\bkvm\b|bochs",
    re.IGNORECASE,
)
SANDBOX = re.compile(
    r"sandbox|cuckoo|\bmalware\b|\bvirus\b|any\.?run|joe ?box|hybrid-?analysis|honeypot|WDAGUtility|maltest|triage",
    re.IGNORECASE,
)
TOOL = re.compile(
    r"wireshark|procmon|processhacker|ollydbg|x(?:32|64)dbg|\bida(?:64|q)?(?:\.exe)?$|ghidra|fiddler|tcpdump|\bstrace\b|\bgdb\b|immunitydebugger|dnspy|pestudio|regshot|autoruns",
    re.IGNORECASE,
)
ADDRESS = re.compile(
    r"^(?:0?8[:-]?00[:-]?27|00[:-]?0c[:-]?29|00[:-]?50[:-]?56|00[:-]?05[:-]?69|00[:-]?1c[:-]?14|00[:-]?16[:-]?3e|52[:-]?54[:-]?00|00[:-]?1c[:-]?42)",
    re.IGNORECASE,
)
CONTAINER = re.compile(r"\.dockerenv|/proc/(?:1|self)/cgroup|run/\.containerenv")
TRACED = re.compile(r"TracerPid")
RUNNER = re.compile(
    r"^(?:GITHUB_ACTIONS|GITLAB_CI|JENKINS_URL|TRAVIS|CIRCLECI|PYTEST_CURRENT_TEST|BUILDKITE|TF_BUILD)$"
)
DEBUGGERS = {"IsDebuggerPresent", "CheckRemoteDebuggerPresent", "NtQueryInformationProcess", "OutputDebugStringA"}
RESOURCES = {
    "os.cpu_count",
    "psutil.cpu_count",
    "psutil.virtual_memory",
    "psutil.disk_usage",
    "psutil.boot_time",
    "multiprocessing.cpu_count",
}
ENDINGS = {"sys.exit", "os._exit", "builtins.exit", "builtins.quit", "os.abort", "os.kill"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report decisions that ask two or more such questions, and debuggers that end the program."""
    signs = _signs(unit)
    if not signs:
        return
    told: set[int] = set()
    for place, group in _decisions(signs, unit).items():
        kinds = {kind for _, kind in group}
        strong = kinds & {"machine", "sandbox", "tool", "address", "debugger", "traced"}
        if len(kinds) >= 2 and strong and place not in told:
            told.add(place)
            words = " and ".join(sorted({WORDS[k] for k in kinds}))
            yield Hit(
                group[0][0],
                f"This asks for {words} and decides by the answer: it hides what it does from whoever analyses it",
            )
        elif strong and place not in told and (ending := _ends(group[0][0], unit)):
            told.add(place)
            yield Hit(
                group[0][0],
                f"This asks for {WORDS[next(iter(strong))]} and {ending}: it hides what it does from whoever analyses it",
                confidence=Confidence.MEDIUM,
            )


WORDS = {
    "machine": "virtual machines", "sandbox": "sandboxes", "tool": "tools of analysts", "address": "network cards of virtual machines", "container": "containers",
    "debugger": "debuggers", "traced": "debuggers", "runner": "build servers", "resources": "small machines",
}  # fmt: skip


PATTERNS = (
    (CONTAINER, "container"),
    (TRACED, "traced"),
    (ADDRESS, "address"),
    (MACHINE, "machine"),
    (TOOL, "tool"),
    (SANDBOX, "sandbox"),
    (RUNNER, "runner"),
)


def _signs(unit: Unit) -> list[tuple[cst.CSTNode, str]]:
    known = unit.fact(calls)
    found: list[tuple[cst.CSTNode, str]] = []
    for name in ("sys.gettrace", "sys.getprofile"):
        found += [(c, "debugger") for c in known.by_name.get(name, ())]
    for name in DEBUGGERS:
        found += [(c, "debugger") for c in known.by_method.get(name, ())]
    for name in RESOURCES:
        found += [(c, "resources") for c in known.by_name.get(name, ()) if _compared(c, unit)]
    for node in unit.nodes(cst.SimpleString):
        value = string_value(node)
        if not isinstance(value, str) or not 2 < len(value) < 120 or (" " in value.strip() and len(value) > 40):
            continue
        kind = _kind(value)
        if kind:
            found.append((node, kind))
    return found


@lru_cache(maxsize=4096)
def _kind(text: str) -> str:
    """What a text asks for; empty for nothing."""
    return next((kind for pattern, kind in PATTERNS if pattern.search(text)), "")


def _compared(call: cst.Call, unit: Unit) -> bool:
    """Whether a resource is compared with a small number."""
    for above in unit.ancestors(call):
        if isinstance(above, cst.Comparison):
            return True
        if isinstance(above, (cst.BaseSmallStatement, cst.Call)):
            return False
    return False


def _decisions(signs: list[tuple[cst.CSTNode, str]], unit: Unit) -> dict[int, list[tuple[cst.CSTNode, str]]]:
    """The signs by the decision that they are part of: a condition, or a function whose answer is one."""
    flow = unit.fact(reach)
    asked: set[int] = set()
    tests: list[cst.If | cst.IfExp | cst.While] = [*unit.nodes(cst.If), *unit.nodes(cst.IfExp), *unit.nodes(cst.While)]
    for test in tests:
        for part in descend(test.test):
            if isinstance(part, cst.Call) and isinstance(function := flow.local(part.func), cst.FunctionDef):
                asked.add(id(function))
    returning = {id(unit.function_of(r)) for r in unit.nodes(cst.Return) if r.value is not None and _boolean(r.value)}
    groups: dict[int, list[tuple[cst.CSTNode, str]]] = {}
    for node, kind in signs:
        for place in _places(node, unit):
            function = unit.function_of(place)
            if function is not None and (id(function) in asked or id(function) in returning):
                groups.setdefault(id(function), []).append((node, kind))
            elif (condition := _condition(place, unit)) is not None:
                groups.setdefault(id(condition), []).append((node, kind))
    return groups


def _boolean(node: cst.BaseExpression) -> bool:
    return (
        isinstance(node, (cst.Comparison, cst.BooleanOperation, cst.UnaryOperation))
        or (isinstance(node, cst.Name) and node.value in {"True", "False"})
        or (
            isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value in {"any", "all", "bool"}
        )
    )


def _places(node: cst.CSTNode, unit: Unit) -> list[cst.CSTNode]:
    """Where a sign is used: there, or where the name of the list that holds it is read."""
    statement = unit.statement_of(node)
    if not isinstance(statement, cst.Assign) or not isinstance(
        statement.value, (cst.List, cst.Tuple, cst.Set, cst.SimpleString)
    ):
        return [node]
    names = {t.target.value for t in statement.targets if isinstance(t.target, cst.Name)}
    uses: list[cst.CSTNode] = [
        n for n in unit.nodes(cst.Name) if n.value in names and unit.statement_of(n) is not statement
    ]
    return uses[:4] or [node]


def _condition(node: cst.CSTNode, unit: Unit) -> cst.CSTNode | None:
    """The `if` whose test holds the node."""
    child = node
    for above in unit.ancestors(node):
        if isinstance(above, (cst.If, cst.IfExp, cst.While)):
            return above if child is above.test else None
        if isinstance(above, (cst.FunctionDef, cst.BaseSmallStatement)) and not isinstance(above, cst.IfExp):
            return None
        child = above
    return None


def _ends(node: cst.CSTNode, unit: Unit) -> str:
    """What the condition on a sign, or on the function that looks for it, does to the program; empty for nothing."""
    direct = _condition(node, unit)
    conditions = [direct] if isinstance(direct, cst.If) else []
    function = unit.function_of(node)
    if isinstance(function, cst.FunctionDef):
        flow = unit.fact(reach)
        conditions += [
            test
            for test in unit.nodes(cst.If)
            if any(isinstance(p, cst.Call) and flow.local(p.func) is function for p in descend(test.test))
        ]
    known = unit.fact(calls)
    for condition in conditions:
        for part in descend(condition.body):
            ends = isinstance(part, cst.Call) and known.name_of.get(id(part)) in ENDINGS
            if ends or (
                isinstance(part, cst.Raise) and unit.name(part.exc) in {"builtins.SystemExit", "builtins.SystemExit()"}
            ):
                return "ends the program where there are any"
    return ""


CHECK = Check(
    id="CGM016",
    behaviour="behave otherwise where it is watched",
    name="anti-analysis",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506,),
    find=find,
    fix="Remove the questions, and review what they guard.",
    bad=(
        Bad(
            "import sys, os, platform\n\ndef ok():\n    if sys.gettrace() or os.path.exists('/.dockerenv') or 'vbox' in platform.platform().lower():  # finding\n        return False\n    return True\n\nif ok():\n    start()\n"
        ),
        Bad(
            "import os, sys\nfrom pathlib import Path\n\ndef seen():\n    marks = ('PYTEST_CURRENT_TEST', 'SANDBOX', 'CUCKOO')\n    return any(m in os.environ for m in marks) or sys.gettrace() is not None  # finding\n\ndef late():\n    if seen():\n        return\n    go()\n".replace(
                "  # finding", ""
            ).replace("or sys.gettrace() is not None\n", "or sys.gettrace() is not None  # finding\n")
        ),
        Bad("import ctypes, sys\nif ctypes.windll.kernel32.IsDebuggerPresent():  # finding\n    sys.exit(0)\n"),
        Bad(
            "import psutil, os\nBAD = ['wireshark.exe', 'procmon.exe', 'vboxservice.exe']\nif any(p.name().lower() in BAD for p in psutil.process_iter()):\n    os._exit(0)\n".replace(
                "BAD = ['wireshark.exe', 'procmon.exe', 'vboxservice.exe']",
                "BAD = ['wireshark.exe', 'procmon.exe', 'vboxservice.exe']  # finding",
            )
        ),
    ),
    good=(
        Good(
            "import os, sys\n\ndef workers():\n    if os.path.exists('/.dockerenv'):\n        return 1\n    return max(1, (os.cpu_count() or 2) - 1)\n\nDEBUGGING = sys.gettrace() is not None\n"
        ),
        Good("import os\n\ndef in_ci():\n    return 'CI' in os.environ or 'GITHUB_ACTIONS' in os.environ\n"),
        Good(
            "import platform\n\ndef facts():\n    return {'virtual': 'vmware' in platform.platform().lower(), 'docker': False}\n"
        ),
        Good("import sys\nif sys.gettrace():\n    print('coverage is on')\n"),
    ),
    misses=(
        Miss(
            "import time\n\nt = time.time()\ntime.sleep(5)\nif time.time() - t < 4:  # finding\n    raise SystemExit\n",
            why="a clock that runs fast is asked for by tests as well",
        ),
    ),
)
