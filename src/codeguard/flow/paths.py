"""Paths: how they are joined and resolved, and the tests of where they lie."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from codeguard.flow.strings import compute
from codeguard.flow.values import Value, constant, fact, fresh_id, glue, step, union
from codeguard.knowledge.flow.model import ALL_KINDS

if TYPE_CHECKING:
    from codeguard.flow.site import Site


def path_join(site: Site) -> Value | None:
    """`os.path.join`."""
    known = compute(lambda *a: "/".join(str(x) for x in a), *site.args) if site.args else None
    if known is not None:
        return constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known, type="builtins.str")
    taints = union(
        *(step(site.state.taints(v), site.frame.module, site.at, "is joined into a path", v.id) for v in site.args)
    )
    parts: list[Value] = []
    for number, part in enumerate(site.args):
        parts += [constant("/")] if number else []
        parts.append(part)
    return Value(fresh_id(), taints, type="builtins.str", shape=glue(parts), same=stands_for(site.args))


def stands_for(parts: Sequence[Value]) -> dict[int, frozenset[str]] | None:
    """What a joined path stands for in tests of where it lies: its only untrusted part."""
    untrusted = [part for part in parts if part.taints]
    if len(untrusted) != 1:
        return None
    return untrusted[0].facts(frozenset({"path"}))


def resolved(site: Site) -> Value | None:
    """`os.path.realpath(x)`, `Path(x).resolve()`: the path that tests of where it lies can be made on."""
    value = site.receiver if site.name.endswith(("resolve", "absolute")) else site.arg(0)
    if value is None:
        return None
    taints = step(site.state.everything(value, 1), site.frame.module, site.at, "", value.id)
    same = (
        {value.id: frozenset({"path"}), **{k: v & {"path"} for k, v in (value.same or {}).items()}} if taints else None
    )
    return Value(fresh_id(), taints, type="<resolved path>", same=same)


def base_folder(value: Value, site: Site) -> bool:
    """True for a folder that decides where paths may lie: trusted, or given by whoever calls the function."""
    return all(label.trust for label in site.state.everything(value))


def is_below(site: Site) -> Value | None:
    """`path.is_relative_to(base)`: a guard where the path is resolved."""
    value, base = site.receiver, site.arg(0)
    if value is None or base is None or not base_folder(base, site):
        return None
    return (
        fact(value, frozenset({"path"})) if value.type == "<resolved path>" else Value(fresh_id(), type="builtins.bool")
    )


def relative_to(site: Site) -> Value | None:
    """`path.relative_to(base)` raises where the path does not lie below."""
    value, base = site.receiver, site.arg(0)
    if value is None or base is None:
        return None
    if value.type == "<resolved path>" and base_folder(base, site):
        site.state.learn(value.facts(frozenset({"path"})))
    return Value(fresh_id(), site.state.taints(value), type="pathlib.Path")


def common_path(site: Site) -> Value | None:
    """`os.path.commonpath([base, x])` stands for `x` in a comparison with the base."""
    held = site.arg(0)
    if held is None:
        return None
    same: dict[int, frozenset[str]] = {}
    taints = []
    values = list(site.state.contents(held).values()) or [held]
    for value in values:
        if value.taints:
            same[value.id] = frozenset({"path"})
            same.update({k: v & {"path"} for k, v in (value.same or {}).items()})
            taints.append(step(site.state.taints(value), site.frame.module, site.at, "", value.id))
    return Value(fresh_id(), union(*taints), type="builtins.str", same=same or None)


def path_of(site: Site) -> Value | None:
    """`Path(a, b)`, `PurePath(a)`: a path of these parts."""
    made = path_join(site)
    if made is None:
        return None
    same = (
        {site.args[0].id: ALL_KINDS, **(site.args[0].same or {})}
        if len(site.args) == 1 and site.args[0].taints
        else made.same
    )
    return Value(made.id, made.taints, type="pathlib.Path", shape=made.shape, same=same)


def path_joined(site: Site) -> Value | None:
    """`joinpath`."""
    receiver = site.receiver
    if receiver is None:
        return None
    parts = [receiver, *site.args]
    taints = union(
        *(step(site.state.taints(v), site.frame.module, site.at, "is joined into a path", v.id) for v in parts)
    )
    return Value(fresh_id(), taints, type="pathlib.Path", same=stands_for(parts))
