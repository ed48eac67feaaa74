"""What a file writes where: each call that writes to, appends to, copies over or empties a path."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._labels import Labels
from codeguard.checks.malicious._passing import COPIERS
from codeguard.checks.malicious._reach import reach
from codeguard.syntax.unit import Unit

MAX_HOPS = 4
MODE = re.compile(r"^[rwax]\+?[bt]?\+?$")


@dataclass(frozen=True, slots=True)
class Write:
    """One write: the call, the constant texts of the path and of what is written, and the labels of both."""

    call: cst.Call
    path: tuple[str, ...]
    content: tuple[str, ...]
    path_labels: Labels
    content_labels: Labels
    mode: str
    target: cst.BaseExpression
    value: cst.BaseExpression | None

    @property
    def where(self) -> str:
        """The path's constant texts as one."""
        return "/".join(self.path)


def writes(unit: Unit) -> tuple[Write, ...]:
    """Every write of the file (to be asked through `unit.fact(writes)`)."""
    return tuple(_writes(unit))


def _writes(unit: Unit) -> Iterator[Write]:
    known = unit.fact(calls)
    for method in ("write", "writelines", "write_text", "write_bytes", "truncate"):
        for call in known.by_method.get(method, ()):
            if not isinstance(call.func, cst.Attribute):
                continue
            value = call.args[0].value if call.args else None
            for target, mode in _targets(call.func.value, unit, method):
                yield _write(call, target, value, mode, unit)
    for name, call in known.of(
        {"builtins.print", "json.dump", "pickle.dump", "plistlib.dump", "yaml.dump", "yaml.safe_dump"}
    ):
        stream = unit.arg(call, None, "file") if name == "builtins.print" else unit.arg(call, 1, "fp")
        if stream is not None and call.args:
            for target, mode in _targets(stream, unit, "write"):
                yield _write(call, target, call.args[0].value, mode, unit)
    for name in COPIERS | {"os.symlink"}:
        for call in known.by_name.get(name, ()):
            if len(call.args) >= 2:
                yield _write(call, call.args[1].value, call.args[0].value, "copy", unit)
    for method in ("rename", "replace", "symlink_to"):
        for call in known.by_method.get(method, ()):
            if (
                len(call.args) == 1
                and isinstance(call.func, cst.Attribute)
                and known.name_of.get(id(call), "").startswith("pathlib.")
            ):
                yield _write(call, call.args[0].value, call.func.value, "copy", unit)


def _write(
    call: cst.Call, target: cst.BaseExpression, value: cst.BaseExpression | None, mode: str, unit: Unit
) -> Write:
    flow = unit.fact(reach)
    content = flow.constants(value) if value is not None else []
    return Write(
        call,
        tuple(flow.constants(target)),
        tuple(content),
        flow.labels(target),
        flow.labels(value),
        mode,
        target,
        value,
    )


def _targets(
    node: cst.BaseExpression, unit: Unit, method: str, hops: int = 0
) -> Iterator[tuple[cst.BaseExpression, str]]:
    """The paths behind a file object or a `Path`, each with the mode it is opened in."""
    if hops > MAX_HOPS:
        return
    if method in {"write_text", "write_bytes"}:
        yield node, "w"
        return
    if isinstance(node, cst.Call):
        name = unit.fact(calls).name_of.get(id(node), "")
        if name in {"builtins.open", "os.fdopen", "gzip.open", "os.open"} and node.args:
            yield node.args[0].value, _mode(unit.arg(node, 1, "mode"), unit)
        elif isinstance(node.func, cst.Attribute) and node.func.attr.value == "open":
            remote = unit.arg(node, 1, None)  # `sftp.open(path, mode)`: the object is no path
            if remote is not None and MODE.match(_mode(remote, unit)) and _mode(remote, unit) != "r":
                yield node.args[0].value, _mode(remote, unit)
            else:
                yield node.func.value, _mode(unit.arg(node, 0, "mode"), unit)
    elif isinstance(node, cst.Name):
        for binding in unit.scopes.look_up(node.value, node):
            if binding.kind in {"assign", "with", "walrus"} and binding.value is not None:
                yield from _targets(binding.value, unit, method, hops + 1)


def _mode(node: cst.BaseExpression | None, unit: Unit) -> str:
    """The mode that a file is opened in; of several, one that writes; `r` where the text does not tell."""
    if node is None:
        return "r"
    if isinstance(node, cst.SimpleString):
        return node.value.strip("'\"")
    modes = sorted(text for text in unit.fact(reach).constants(node) if MODE.match(text))
    return next((mode for mode in modes if mode[0] != "r"), "r")
