"""A class tells `pickle` to run a command or code when it is loaded, as a poisoned model file does.

`__reduce__` names a function that `pickle.loads` calls: one that runs commands or code turns data, a model or a cache
into a program.  Files of such objects are made for one purpose.  See CWE-506, CWE-502 and MITRE ATLAS AML.T0018.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls, resolved
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.knowledge.malicious import running
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

HOOKS = {"__reduce__", "__reduce_ex__", "reducer_override"}
HOOK_WORDS = ("__reduce", "reducer_override", "__setstate__", "dispatch_table", "copyreg", "copy_reg")
MAX_HOPS = 4
# What a function of the file that rebuilds an object has no use for.
COMMANDS = running.SHELL_TEXT_CALLS | {
    "builtins.exec",
    "builtins.eval",
    "subprocess.Popen",
    "subprocess.run",
    "subprocess.call",
    "subprocess.check_call",
    "subprocess.check_output",
}
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
    """Report hooks that return a runner, registrations of such hooks, and pickled bytes that name one."""
    hooked = any(word in unit.text for word in HOOK_WORDS)
    for function in unit.nodes(cst.FunctionDef) if hooked else ():
        if function.name.value in HOOKS:
            yield from _hook(function, unit)
        elif function.name.value == "__setstate__" and unit.class_of(function) is not None:
            yield from _state(function, unit)
    for hook, place in _registered(unit) if hooked else ():
        if next(iter(_hook(hook, unit)), None) is not None:
            yield Hit(place, "This has `pickle` write a command or code that runs in whoever loads what is pickled")
    for node in (*unit.nodes(cst.SimpleString), *unit.nodes(cst.BinaryOperation)):
        if isinstance(node, cst.SimpleString):
            raw = len(node.value) > 12 and node.value[0] in "bBrR" and "b" in node.prefix.lower()
            value = string_value(node) if raw else None
        else:
            above = unit.parent(node)
            value = None if isinstance(above, cst.BinaryOperation) or not _of_bytes(node) else value_of(node, unit)
        if isinstance(value, bytes) and OPCODES.search(value):
            yield Hit(node, "These pickled bytes run a command or code in whoever loads them")
    for call in (*unit.calls.get("tensorflow.keras.layers.Lambda", ()), *unit.calls.get("keras.layers.Lambda", ())):
        layer = unit.fact(reach).local(call.args[0].value) if call.args else None
        if layer is not None and any(
            isinstance(p, cst.Call) and resolved(p.func, unit) in RUNNERS for p in descend(layer)
        ):
            yield Hit(call, "This layer runs a command or code in whoever loads the model")


def _of_bytes(node: cst.BaseExpression) -> bool:
    left = node
    while isinstance(left, cst.BinaryOperation):
        left = left.left
    return isinstance(left, cst.SimpleString) and "b" in left.prefix.lower()


def _registered(unit: Unit) -> Iterator[tuple[cst.FunctionDef | cst.Lambda, cst.CSTNode]]:
    """The functions that say how objects are pickled without being methods of their class, with where that is said."""
    flow = unit.fact(reach)
    for name in ("copyreg.pickle", "copy_reg.pickle"):
        for call in unit.calls.get(name, ()):
            hook = flow.local(call.args[1].value) if len(call.args) >= 2 else None
            if hook is not None:
                yield hook, call
    for assign in unit.nodes(cst.Assign):
        for item in assign.targets:
            target = item.target
            named = isinstance(target, cst.Attribute) and target.attr.value in HOOKS
            table = isinstance(target, cst.Subscript) and (unit.name(target.value) or "").endswith("dispatch_table")
            hook = flow.local(assign.value) if named or table else None
            if hook is not None:
                yield hook, assign
    for call in unit.calls.get("builtins.type", ()):
        space = call.args[2].value if len(call.args) == 3 else None
        for element in space.elements if isinstance(space, cst.Dict) else ():
            if isinstance(element, cst.DictElement) and isinstance(element.key, cst.SimpleString):
                hook = flow.local(element.value) if string_value(element.key) in HOOKS else None
                if hook is not None:
                    yield hook, call


def _hook(function: cst.FunctionDef | cst.Lambda, unit: Unit) -> Iterator[Hit]:
    if isinstance(function, cst.Lambda):
        returned: list[tuple[cst.CSTNode, cst.BaseExpression]] = [(function, function.body)]
    else:
        returned = [
            (part, part.value)
            for part in descend(function.body)
            if isinstance(part, cst.Return) and part.value is not None
        ]
    for place, value in returned:
        for name in _called(value, unit, 0):
            yield Hit(
                place,
                f"Whoever loads a pickle of this class runs `{name.removeprefix('builtins.')}` with what stands here",
            )
            break


def _called(value: cst.BaseExpression, unit: Unit, hops: int) -> Iterator[str]:
    """The runners that the value of a hook makes loading call."""
    if hops > MAX_HOPS:
        return
    if isinstance(value, cst.IfExp):
        yield from _called(value.body, unit, hops + 1)
        yield from _called(value.orelse, unit, hops + 1)
    elif isinstance(value, cst.Name):
        for binding in unit.scopes.look_up(value.value, value):
            if binding.kind == "assign" and binding.value is not None:
                yield from _called(binding.value, unit, hops + 1)
    elif isinstance(value, cst.Tuple) and value.elements:
        yield from _runner(value.elements[0].value, unit, 0)


def _runner(node: cst.BaseExpression, unit: Unit, hops: int) -> Iterator[str]:
    """The runner that an expression is, also one of several, behind `partial`, or in a function of the file."""
    if hops > MAX_HOPS:
        return
    if isinstance(node, cst.IfExp):
        yield from _runner(node.body, unit, hops + 1)
        yield from _runner(node.orelse, unit, hops + 1)
        return
    name = resolved(node, unit)
    if name in RUNNERS:
        yield name
    elif isinstance(node, cst.Call) and node.args and unit.name(node.func) == "functools.partial":
        yield from _runner(node.args[0].value, unit, hops + 1)
    elif isinstance(node, cst.Name):
        for binding in unit.scopes.look_up(node.value, node):
            bound = _part(binding.node, node.value) if binding.kind == "unpack" else binding.value
            if binding.kind in {"assign", "unpack"} and bound is not None:
                yield from _runner(bound, unit, hops + 1)
        local = unit.fact(reach).local(node)
        for part in descend(local.body) if local is not None else ():
            inner = resolved(part.func, unit) if isinstance(part, cst.Call) else None
            if inner in COMMANDS:
                yield inner


def _part(assign: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """What a name takes of `a, b = x, y`."""
    if not isinstance(assign, cst.Assign) or not isinstance(assign.value, (cst.Tuple, cst.List)):
        return None
    for item in assign.targets:
        if isinstance(item.target, (cst.Tuple, cst.List)):
            for target, value in zip(item.target.elements, assign.value.elements, strict=False):
                if isinstance(target.value, cst.Name) and target.value.value == name:
                    return value.value
    return None


def _state(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """A `__setstate__` that gives a shell, or Python, what the pickle holds."""
    params = {p.name.value for p in function.params.params[1:]}
    known = unit.fact(calls)
    for part in descend(function.body):
        if not isinstance(part, cst.Call) or not part.args:
            continue
        name = known.name_of.get(id(part), "")
        shell = unit.arg(part, None, "shell")
        runs = name in running.SHELL_TEXT_CALLS | {"builtins.exec", "builtins.eval"} or (
            name in running.PROCESS_CALLS and isinstance(shell, cst.Name) and shell.value == "True"
        )
        if runs and any(isinstance(n, cst.Name) and n.value in params | {"self"} for n in descend(part.args[0].value)):
            yield Hit(
                part,
                f"Whoever loads a pickle of this class runs `{name.removeprefix('builtins.')}` with what the pickle holds",
            )


CHECK = Check(
    id="CGM024",
    behaviour="run code in whoever loads a pickle or a model of it",
    name="pickle-payload",
    severity=Severity.CRITICAL,
    confidence=Confidence.HIGH,
    cwe=(506, 502),
    find=find,
    fix="Remove the hook, and delete the files that were written with it.",
    bad=(
        Bad(
            "import copyreg, os\n\nclass A:\n    pass\n\ndef reduce(a):\n    return os.system, ('id',)\n\ncopyreg.pickle(A, reduce)  # finding\n"
        ),
        Bad(
            "class A:\n    def __reduce_ex__(self, protocol):\n        text = 'import os'\n        return (__builtins__['exec'] if isinstance(__builtins__, dict) else exec, (text,))  # finding\n"
        ),
        Bad(
            "import os\n\ndef rebuild(command):\n    os.system(command)\n\nclass A:\n    def __reduce__(self):\n        return rebuild, ('id',)  # finding\n"
        ),
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
        Good("import copyreg\n\nclass A:\n    pass\n\ndef reduce(a):\n    return A, ()\n\ncopyreg.pickle(A, reduce)\n"),
        Good(
            "import subprocess\n\nclass Pool:\n    def __setstate__(self, state):\n        self.__dict__.update(state)\n        self.process = subprocess.Popen(['worker'])\n"
        ),
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
