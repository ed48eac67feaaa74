"""Calls: into the project they are followed, of libraries they do what the tables say, of others taints pass."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeguard.flow import evidence, ir
from codeguard.flow.attributes import attribute
from codeguard.flow.expressions import evaluate, iterate, part
from codeguard.flow.frame import Frame
from codeguard.flow.library_calls import check_sinks, passed_through, result
from codeguard.flow.narrowing import narrowed
from codeguard.flow.project_calls import instantiate, invoke
from codeguard.flow.site import Site
from codeguard.flow.state import OTHER, State, attr_key, item_key
from codeguard.flow.values import (
    Value,
    fresh_id,
)
from codeguard.knowledge.flow.model import ALL_KINDS

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


def call(e: ir.Call, state: State, frame: Frame, analysis: Analysis) -> Value:
    """The result of a call, its sinks judged."""
    receiver: Value | None = None
    if isinstance(e.func, ir.Attr):
        receiver = evaluate(e.func.base, state, frame, analysis)
        held = state.contents(receiver).get(attr_key(e.func.attr))
        target = held if held is not None else attribute(e.func, receiver, state, frame, analysis, called=True)
    else:
        target = evaluate(e.func, state, frame, analysis)
    args: list[Value] = []
    named: dict[str, Value] = {}
    unpacked = False
    for arg in e.args:
        value = evaluate(arg.value, state, frame, analysis)
        if arg.star == "*":
            unpacked = True
            held_items = state.contents(value)
            known = [held_items[item_key(n)] for n in range(len(held_items)) if item_key(n) in held_items]
            args += known if known and len(known) == len(held_items) else [iterate(value, state)]
        elif arg.star == "**":
            unpacked = True
            for key, item in state.contents(value).items():
                if isinstance(key, tuple) and key[0] == "item":
                    named[str(key[2])] = item
            if state.taints(value) or OTHER in state.contents(value):
                named["**"] = Value(fresh_id(), state.everything(value))
        elif arg.name is not None:
            named[arg.name] = value
        else:
            args.append(value)
    site = Site(e, "", args, named, receiver, state, frame, analysis, unpacked)
    return apply(target, site)


def apply(target: Value, site: Site) -> Value:
    """Call a value with a site's arguments."""
    callee = target.ref
    if callee is not None and callee.kind == "partial":
        given, names = callee.args
        inner = target._replace(ref=callee.inner)
        merged = Site(
            site.expr, "", [*given, *site.args], {**names, **site.named}, None, site.state, site.frame, site.analysis
        )
        return apply(inner, merged)
    if callee is not None and callee.kind in {"function", "bound"}:
        return invoke(callee, site.args, site.named, site.at, site.state, site.frame, site.analysis)
    if callee is not None and callee.kind == "class":
        return instantiate(callee, site)
    names = names_of_call(target, site)
    site.name = names[0] if names else ""
    row = site.analysis.library.call(*names)
    for name in names:
        special = site.analysis.specials.get(name)
        if special is not None and not (name[0] == "?" and _is_module(site.receiver)):
            if row is not None:
                check_sinks(row, site)
            value = special(site)
            if value is not None:
                return value
            break
    if row is not None:
        check_sinks(row, site)
        if row is site.analysis.library.calls.get(names[-1]) and names[-1][0] == "?":
            _by_evidence(site)  # any object's method of this name
        return result(
            row, site.at, site.name, site.args, site.receiver, site.state, site.frame, site.analysis, site.named
        )
    _call_back(site)
    _by_evidence(site)
    _validated(site)
    if site.name.endswith(".get") and site.receiver is not None and site.args and site.args[0].single:
        key = item_key(site.args[0].only())
        return part(site.receiver, key, passed_through(site, target), site.state)
    return passed_through(site, target)


def _is_module(receiver: Value | None) -> bool:
    """True for the name of a library: its `split` is a function of its own, and no text's method."""
    return (
        receiver is not None
        and receiver.ref is not None
        and receiver.ref.kind == "library"
        and "()" not in receiver.ref.name
        and receiver.type is None
        and receiver.cell is None
        and not receiver.taints
    )


def _validated(site: Site) -> None:
    """A function that nobody knows, whose name says that it checks, and whose result nobody takes: it raises."""
    func = site.expr.func
    name = func.attr if isinstance(func, ir.Attr) else func.id if isinstance(func, ir.Name) else ""
    if site.frame.statement is site.expr and VALIDATOR.match(name):
        for value in site.args[:1]:
            if value.taints and value.cell is None:
                site.state.learn({value.id: ALL_KINDS})


VALIDATOR = re.compile(r"_*(?:validate|check|verify|ensure|assert|require|sanitize|guard)(?:$|[_A-Z])")


def _by_evidence(site: Site) -> None:
    """Judge an unknown function by the text that it is given."""
    func = site.expr.func
    name = func.attr if isinstance(func, ir.Attr) else func.id if isinstance(func, ir.Name) else ""
    for value in site.args[:2]:
        sink = evidence.given(name, value) if value.shape is not None else None
        if sink is not None:
            judged, taints = narrowed(sink, value, site.state)
            site.analysis.verdicts.judge(sink, site.at, f"?.{name}", judged, taints, site.frame)


def names_of_call(target: Value, site: Site) -> list[str]:
    """The names under which the tables may know what is called, the surest first."""
    names: list[str] = []
    callee = target.ref
    if callee is not None and callee.kind == "library":
        names.append(callee.name)
    if isinstance(site.expr.func, ir.Attr):
        attr = site.expr.func.attr
        receiver = site.receiver
        if receiver is not None and receiver.type is not None:
            names.append(f"{receiver.type}().{attr}")
            names += [f"{base}().{attr}" for base in site.analysis.bases(receiver.type)]
        if site.expr.ref is not None and not site.expr.ref.startswith("<local>") and callee is None:
            names.append(site.expr.ref)
        names.append(f"?.{attr}")
    elif site.expr.ref is not None and callee is None and not site.expr.ref.startswith("<local>"):
        names.append(site.expr.ref)
    return names


def _call_back(site: Site) -> None:
    """A function of the project given to something unknown is called by it, with whatever."""
    for value in site.every():
        if value.ref is not None and value.ref.kind in {"function", "bound"}:
            site.analysis.note_callback(value.ref)
