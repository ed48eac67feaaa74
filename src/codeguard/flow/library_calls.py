"""Calls of libraries: their sinks are judged, and their result is what the tables say."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeguard.flow.conditions import CONDITIONS
from codeguard.flow.frame import Frame
from codeguard.flow.narrowing import narrowed
from codeguard.flow.state import OTHER, State
from codeguard.flow.values import (
    Callee,
    Value,
    fresh_id,
    neutralise,
    step,
    union,
)
from codeguard.knowledge.flow.model import ALL_KINDS, Call, Sink

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis
    from codeguard.flow.site import Site


def check_sinks(row: Call, site: Site) -> None:
    """Judge every sink of a library call."""
    for sink in row.sinks:
        if sink.when and not CONDITIONS[sink.when](site):
            continue
        values = [site.receiver] if sink.receiver and site.receiver is not None else _sink_values(sink, site)
        for value in values:
            judged, taints = narrowed(sink, value, site.state)
            site.analysis.verdicts.judge(sink, site.at, site.name, judged, taints, site.frame)


def _sink_values(sink: Sink, site: Site) -> list[Value]:
    if "*" in sink.args:
        return site.every()
    value = site.arg(*sink.args)
    if value is None and "**" in site.named and any(isinstance(a, str) for a in sink.args):
        value = site.named["**"]
    return [value] if value is not None else []


def passed_through(site: Site, target: Value) -> Value:
    """The result of an unknown call: whatever went in may come out."""
    taints = [step(site.state.everything(v, 2), site.frame.module, site.at, "", v.id) for v in site.every()]
    if site.receiver is not None:
        taints.append(step(site.state.taints(site.receiver), site.frame.module, site.at, "", site.receiver.id))
    elif target.taints:
        taints.append(site.state.taints(target))
    name = site.name
    ref = Callee("library", name + "()") if name and not name.startswith("?") else None
    type_ = name if name and not name.startswith("?") and "()" not in name else None
    return Value(fresh_id(), union(*taints), type=type_, ref=ref)


def result(
    row: Call, at: int, name: str, args: Sequence[Value], receiver: Value | None, state: State, frame: Frame,
    analysis: Analysis, named: dict[str, Value] | None = None,
) -> Value:  # fmt: skip
    """What a library call returns, by its row."""
    named = named or {}
    if row.source is not None:
        return analysis.sourced(row.source, frame.module, at, row.returns)
    if row.passes is None:
        inputs = [*args, *named.values()] + ([receiver] if receiver is not None else [])
    else:
        inputs = []
        for place in row.passes:
            if place == "self":
                inputs += [receiver] if receiver is not None else []
            elif isinstance(place, int):
                inputs += [args[place]] if place < len(args) else []
            elif place in named:
                inputs.append(named[place])
    text = f"passes through `{name.removeprefix('?.').removeprefix('builtins.')}`" if inputs else ""
    taints = union(*(step(state.everything(v, 2), frame.module, at, text, v.id) for v in inputs))
    if row.reveals:
        taints = {label: taint._replace(neutral=frozenset()) for label, taint in taints.items()}
    if row.cleans:
        taints = neutralise(taints, row.cleans)
    for place in row.fills:
        source = args[place] if isinstance(place, int) and place < len(args) else named.get(str(place))
        if source is not None and receiver is not None:
            state.put(receiver, OTHER, source)
    same: dict[int, frozenset[str]] | None = None
    if row.keeps:
        kept = (
            receiver
            if receiver is not None and (row.passes is None or "self" in row.passes)
            else (args[0] if args else None)
        )
        if kept is not None and kept.taints:
            same = {kept.id: ALL_KINDS, **(kept.same or {})}
    returns = row.returns
    if row.keeps and args and args[0].type == "<resolved path>":
        returns = args[0].type  # as text it can be tested for where it lies all the same
    return Value(fresh_id(), taints, type=returns, ref=_result_ref(name), same=same)


def _result_ref(name: str) -> Callee | None:
    return Callee("library", f"{name}()") if name and not name.startswith("?") and len(name) < 200 else None
