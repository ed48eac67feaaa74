"""A class tells `pickle` to run a command or code when it is loaded, as a poisoned model file does.

`__reduce__` names a function that `pickle.loads` calls: one that runs commands or code turns data, a model or a cache
into a program.  Files of such objects are made for one purpose.  See CWE-506, CWE-502 and MITRE ATLAS AML.T0018.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import resolved
from codeguard.checks.malicious._reach import reach
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

HOOKS = {"__reduce__", "__reduce_ex__"}
STATE = {"__setstate__", "__getstate__", "__getnewargs__"}
RUNNERS = (
    running.RUN_CALLS
    | running.EXEC_CALLS
    | {
        "builtins.__import__",
        "runpy.run_code",
        "runpy.run_module",
        "importlib.import_module",
        "webbrowser.open",
        "urllib.request.urlopen",
        "shutil.rmtree",
        "os.remove",
    }
)
OPCODES = re.compile(
    rb"c(?:os|posix|nt|subprocess|builtins|__builtin__|runpy|pty|commands)\n(?:system|popen|Popen|exec|eval|call|run|check_output|__import__|_run_code|spawn)\n|\x8c.(?:os|posix|nt|builtins|subprocess)\x94?\x8c.(?:system|exec|eval|Popen|popen)"
)


def find(unit: Unit) -> Iterator[Hit]:
    """Report hooks that return a runner, and pickled bytes that name one."""
    for function in unit.nodes(cst.FunctionDef):
        if function.name.value in HOOKS:
            yield from _hook(function, unit)
    for node in unit.nodes(cst.SimpleString):
        if "b" in node.prefix.lower() and len(node.value) > 12:
            value = string_value(node)
            if isinstance(value, bytes) and OPCODES.search(value):
                yield Hit(node, "These pickled bytes run a command or code in whoever loads them")
    for call in (*unit.calls.get("tensorflow.keras.layers.Lambda", ()), *unit.calls.get("keras.layers.Lambda", ())):
        layer = unit.fact(reach).local(call.args[0].value) if call.args else None
        if layer is not None and any(
            isinstance(p, cst.Call) and resolved(p.func, unit) in RUNNERS for p in descend(layer)
        ):
            yield Hit(call, "This layer runs a command or code in whoever loads the model")


def _hook(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    for part in descend(function.body):
        if not isinstance(part, cst.Return) or part.value is None:
            continue
        value = part.value
        if isinstance(value, cst.Name):
            bound = [
                b.value for b in unit.scopes.look_up(value.value, value) if b.kind == "assign" and b.value is not None
            ]
            value = bound[0] if bound else value
        if isinstance(value, cst.Tuple) and value.elements:
            name = resolved(value.elements[0].value, unit)
            if name in RUNNERS:
                yield Hit(
                    part,
                    f"Whoever loads a pickle of this class runs `{name.removeprefix('builtins.')}` with what stands here",
                )


CHECK = Check(
    id="CGM024",
    name="pickle-payload",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 502),
    find=find,
    fix="Remove the hook, and delete the files that were written with it.",
    bad=(
        Bad(
            "import os, pickle\n\nclass W:\n    def __reduce__(self):\n        return (os.system, ('id',))  # finding\n\npickle.dump({'w': W()}, open('m.bin', 'wb'))\n"
        ),
        Bad(
            "class W:\n    def __reduce_ex__(self, protocol):\n        code = 'import os'\n        return exec, (code,)  # finding\n"
        ),
        Bad("BLOB = b\"cos\\nsystem\\n(S'id'\\ntR.\"  # finding\n"),
        Bad(
            "import subprocess\n\nclass W:\n    def __reduce__(self):\n        out = (subprocess.Popen, (['sh'],))\n        return out  # finding\n"
        ),
    ),
    good=(
        Good(
            "import pickle\n\nclass Conn:\n    def __init__(self, dsn):\n        self.dsn = dsn\n\n    def __reduce__(self):\n        return (Conn, (self.dsn,))\n"
        ),
        Good("class A:\n    def __reduce__(self):\n        return type(self), (), self.__dict__\n"),
        Good(
            "import importlib\n\ndef _load(name):\n    return importlib.import_module(name)\n\nclass M:\n    def __reduce__(self):\n        return _load, (self.name,)\n"
        ),
    ),
    misses=(
        Miss(
            "from runner import go\n\nclass W:\n    def __reduce__(self):\n        return go, ('id',)  # finding\n",
            why="a function of another file is not known to run things",
        ),
    ),
)
