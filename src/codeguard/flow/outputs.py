"""Stores and returns that are sinks: a header that is set, a page that is returned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.flow import evidence, ir
from codeguard.flow.frame import Frame
from codeguard.flow.narrowing import narrowed
from codeguard.flow.parameters import is_route
from codeguard.flow.state import State, item_key
from codeguard.flow.values import (
    Value,
)

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


def stored(
    at: int, owner: Value, attr: str | None, index: Value | None, value: Value, state: State, frame: Frame,
    analysis: Analysis,
) -> None:  # fmt: skip
    """`owner.attr = value` or `owner[index] = value` where the tables have a sink for it."""
    names = []
    if owner.ref is not None and owner.ref.kind == "library":
        names.append(owner.ref.name)
    if owner.type is not None:
        names.append(f"{owner.type}()")
    suffix = "[]=" if attr is None else f".{attr}="
    last = names[0].rpartition(".")[2] if names else ""
    row = analysis.library.call(*(f"{name}{suffix}" for name in names), f"?.{last}{suffix}", f"?{suffix}")
    if row is None:
        return
    where = str(index.only()).lower() if index is not None and index.single else ""
    if where == "location" and any(sink.kind == "header" for sink in row.sinks):
        implied("<location>", at, value, state, frame, analysis)
        return
    for sink in row.sinks:
        judged = index if "index" in sink.args and index is not None else value
        analysis.verdicts.judge(sink, at, names[0] if names else "", judged, state.everything(judged), frame)


def implied(name: str, at: int, value: Value, state: State, frame: Frame, analysis: Analysis) -> None:
    """Judge a value at what is a sink without a call, by the name of its row."""
    row = analysis.library.calls.get(name)
    for sink in row.sinks if row is not None else ():
        judged, taints = narrowed(sink, value, state)
        analysis.verdicts.judge(sink, at, name, judged, taints, frame)


def returned(s: ir.Return, value: Value, state: State, frame: Frame, analysis: Analysis) -> None:
    """What a route handler returns as text is an HTML page."""
    if frame.depth or frame.number == 0:
        return
    if not is_route(frame.function):
        sink = evidence.returned(value)
        if sink is not None:
            judged, taints = narrowed(sink, value, state)
            analysis.verdicts.judge(sink, s.at, "return", judged, taints, frame)
        return
    if isinstance(s.value, ir.Call) and (s.value.ref or "").startswith("<local>"):
        callee = analysis.resolve_local(s.value, frame)
        if callee is not None and is_route(callee):
            return  # that handler's own page
    row = analysis.library.calls.get("<return>")
    if row is None:
        return
    parts = [value]
    if value.type == "builtins.tuple" and value.cell is not None:
        first = state.get(value, item_key(0))
        parts = [first] if first is not None else []
    for page in parts:
        if page.cell is not None or (page.type not in {None, "builtins.str"} and not page.shape):
            continue
        if page.shape is None and page.type != "builtins.str":
            continue
        for sink in row.sinks:
            analysis.verdicts.judge(sink, s.at, "return", page, state.everything(page, 1), frame)
