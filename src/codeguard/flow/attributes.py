"""Attributes: of modules and classes of the project, and of libraries what the tables say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeguard.flow import ir
from codeguard.flow.classes import class_of, class_type, is_project
from codeguard.flow.frame import Frame
from codeguard.flow.library_calls import result
from codeguard.flow.project_calls import invoke
from codeguard.flow.state import State
from codeguard.flow.values import (
    Callee,
    Value,
    fresh_id,
    step,
)
from codeguard.knowledge.flow.model import Source

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


def attribute(
    e: ir.Attr, base: Value, state: State, frame: Frame, analysis: Analysis, *, called: bool = False
) -> Value:
    """`base.attr`, where the base does not hold it itself; `called`: it is about to be called."""
    ref = base.ref
    if ref is not None and ref.kind == "module":
        value = analysis.module_member(ref.module, e.attr)
        if value is not None:
            return value
    if ref is not None and ref.kind == "class":
        type_ = class_type(ref.module, ref.number)
        method = analysis.method(type_, e.attr)
        if method is not None:
            return Value(fresh_id(), ref=Callee("function", e.attr, *method))
        held = analysis.class_env(ref.module, ref.number).get(e.attr)
        if held is not None:
            return held
    if base.type is not None and is_project(base.type):
        method = analysis.method(base.type, e.attr)
        if method is not None:
            bound = Callee("bound", e.attr, *method, receiver=base)
            decorators = {d.ref for d in analysis.modules[method[0]].functions[method[1]].decorators}
            if "builtins.property" in decorators or "functools.cached_property" in decorators:
                return invoke(bound, [], {}, e.at, state, frame, analysis)
            if "builtins.staticmethod" in decorators:
                return Value(fresh_id(), ref=Callee("function", e.attr, *method))
            return Value(fresh_id(), ref=bound)
        path, number = class_of(base.type)
        held = analysis.class_env(path, number).get(e.attr) if path in analysis.modules else None
        if held is not None:
            return held
    names = []
    if ref is not None and ref.kind == "library":
        names.append(f"{ref.name}.{e.attr}")
        own = analysis.project_name(names[0], frame.module)
        if own is not None:
            return own
    if base.type is not None and not is_project(base.type):
        names.append(f"{base.type}().{e.attr}")
    elif base.type is not None:
        names += [f"{b}().{e.attr}" for b in analysis.bases(base.type)]
    if e.ref is not None and ref is None and not base.taints and not e.ref.startswith("<local>"):
        names.append(e.ref)
    for name in names:
        source = analysis.library.attributes.get(name)
        if source is not None:
            key = f"\0{name}"  # the same each time that it is read: what is learned of it stays
            if key not in state.env:
                state.env[key] = analysis.sourced(source, frame.module, e.at, source.type)
            return state.env[key]
    if names and "Form()" in names[0] and FORM_DATA.search(names[0]):
        return analysis.sourced(FORM, frame.module, e.at)
    if not called:
        fields = analysis.library.fields
        row = (fields.get(f"{base.type}().{e.attr}") or fields.get(e.attr)) if base.taints else None
        if row is not None:
            value = result(row, e.at, e.attr, [], base, state, frame, analysis)
            if e.attr in {"netloc", "hostname"}:  # a URL without a host stays on its site
                value = value._replace(when_false=value.facts(frozenset({"redirect", "ssrf"})))
            return value
    taints = step(state.taints(base), frame.module, e.at, "", base.id)
    return Value(fresh_id(), taints, ref=Callee("library", names[0]) if names else None)


# WTForms and Django: what a form holds is what the visitor sent.
FORM_DATA = re.compile(r"Form\(\)(?:\.\w+)?\.(?:data|cleaned_data)$")
FORM = Source("request", "the form's data")
