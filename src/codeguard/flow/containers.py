"""Lists, dictionaries and what is like them: what goes in, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.flow import ir
from codeguard.flow.expressions import iterate
from codeguard.flow.state import OTHER, item_key
from codeguard.flow.values import Value, constant, fresh_id, join, union

if TYPE_CHECKING:
    from codeguard.flow.site import Site, Special


def all_or_any(site: Site) -> Value | None:
    """`all` and `any`: what holds of each item."""
    value = site.arg(0)
    item = site.state.any_item(value) if value is not None else None
    if item is None:
        return Value(fresh_id(), type="builtins.bool")
    every = site.name.endswith("all")
    facts = item.when_true if every else item.when_false
    return Value(
        fresh_id(), type="builtins.bool", when_true=facts if every else None, when_false=None if every else facts
    )


def dict_get(site: Site) -> Value | None:
    """`get` and `setdefault`."""
    receiver, key, fallback = site.receiver, site.arg(0), site.arg(1, "default")
    if receiver is None or receiver.cell is None or key is None:
        return None
    found: Value | None = None
    if key.consts is not None:
        for const in key.consts:
            item = site.state.get(receiver, item_key(const))
            if item is not None:
                found = item if found is None else join(found, item)
    else:
        found = site.state.any_item(receiver)
    fallback = fallback if fallback is not None else constant(None)
    if found is None:
        return fallback if not receiver.taints else None
    if key.single and item_key(key.only()) in site.state.contents(receiver):
        return found
    return join(found, fallback)


def add_item(site: Site) -> Value | None:
    """`append`, `add`, `insert`, `extend`."""
    receiver, item = site.receiver, site.arg(1) if site.name.endswith("insert") else site.arg(0)
    if receiver is None or item is None:
        return None
    if receiver.cell is not None:
        held = site.state.contents(receiver)
        numbered = all(isinstance(k, tuple) and k[:2] == ("item", "int") for k in held)
        if site.name.endswith("append") and numbered and not site.frame.loops and len(held) < 12:
            site.state.put(receiver, item_key(len(held)), item)
        elif site.name.endswith("extend"):
            site.state.put(receiver, OTHER, iterate(item, site.state))
        else:
            site.state.put(receiver, OTHER, item)
    elif item.taints:
        _taint_variable(site, item)
    return constant(None)


def _taint_variable(site: Site, item: Value) -> None:
    """A method put untrusted data into an object of which nothing is known but its variable."""
    func = site.expr.func
    if isinstance(func, ir.Attr) and isinstance(func.base, ir.Name) and site.receiver is not None:
        taints = union(site.state.taints(site.receiver), site.state.everything(item))
        receiver = site.receiver
        site.state.env[func.base.id] = Value(fresh_id(), taints, type=receiver.type, ref=receiver.ref)


def popped(site: Site) -> Value | None:
    """`pop`."""
    receiver, key = site.receiver, site.arg(0)
    if receiver is None or receiver.cell is None:
        return None
    held = dict(site.state.contents(receiver))
    numbered = all(isinstance(k, tuple) and k[:2] == ("item", "int") for k in held)
    if not held or not numbered or site.frame.loops:
        return dict_get(site) if key is not None else site.state.any_item(receiver)
    items = [held[item_key(n)] for n in range(len(held)) if item_key(n) in held]
    if len(items) != len(held):
        return site.state.any_item(receiver)
    index = key.only() if key is not None and key.single else -1
    try:
        taken: Value = items.pop(index)
    except (IndexError, TypeError):
        return site.state.any_item(receiver)
    site.state.heap[receiver.cell] = {item_key(n): v for n, v in enumerate(items)}
    return taken


def updated(site: Site) -> Value | None:
    """`update`."""
    receiver, other = site.receiver, site.arg(0)
    if receiver is None:
        return None
    for name, value in site.named.items():
        site.state.put(receiver, OTHER if name == "**" else item_key(name), value)
    if other is not None:
        for key, value in site.state.contents(other).items():
            site.state.put(receiver, key, value)
        if other.taints:
            site.state.put(receiver, OTHER, Value(fresh_id(), site.state.taints(other)))
    return constant(None)


def item_views(site: Site) -> Value | None:
    """`items`, `keys`, `values`."""
    receiver = site.receiver
    if receiver is None:
        return None
    if receiver.cell is None:
        return None
    value = site.state.any_item(receiver)
    keys = [k[2] for k in site.state.contents(receiver) if isinstance(k, tuple) and k[0] == "item"]
    key = (
        Value(fresh_id(), consts=tuple(keys))
        if keys and OTHER not in site.state.contents(receiver) and len(keys) <= 12
        else (Value(fresh_id(), site.state.taints(receiver)))
    )
    if site.name.endswith("keys"):
        one = key
    elif site.name.endswith("values"):
        one = value if value is not None else Value(fresh_id(), site.state.taints(receiver))
    else:
        cell = site.state.new_cell({item_key(0): key, item_key(1): value if value is not None else key})
        one = Value(fresh_id(), type="builtins.tuple", cell=cell)
    return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: one}))


def container(site: Site) -> Value | None:
    """`list(x)`, `dict(x)`, `set(x)`, `tuple(x)`, `sorted(x)`: the same contents."""
    kind = {"sorted": "list", "reversed": "list", "frozenset": "set"}.get(site.method, site.method)
    source = site.arg(0)
    made = Value(fresh_id(), type=f"builtins.{kind}", cell=site.state.new_cell({}))
    if source is not None:
        if source.single and isinstance(source.only(), (tuple, list)) and kind == "list":
            for number, item in enumerate(source.only()[:32]):
                site.state.put(made, item_key(number), constant(item))
        for key, value in site.state.contents(source).items():
            site.state.put(made, key, value)
        if source.taints:
            site.state.put(made, OTHER, Value(fresh_id(), site.state.taints(source)))
    for name, value in site.named.items():
        site.state.put(made, OTHER if name == "**" else item_key(name), value)
    return made


def enumerated(site: Site) -> Value | None:
    """`enumerate`."""
    source = site.arg(0)
    if source is None:
        return None
    item = iterate(source, site.state)
    pair = Value(
        fresh_id(),
        type="builtins.tuple",
        cell=site.state.new_cell({item_key(0): Value(fresh_id(), type="builtins.int"), item_key(1): item}),
    )
    return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: pair}))


def zipped(site: Site) -> Value | None:
    """`zip`."""
    items = {item_key(n): iterate(v, site.state) for n, v in enumerate(site.args)}
    pair = Value(fresh_id(), type="builtins.tuple", cell=site.state.new_cell(items))
    return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: pair}))


def config_set(site: Site) -> Value | None:
    """`config.set(section, key, value)` of configparser."""
    receiver, section, key, value = site.receiver, site.arg(0), site.arg(1), site.arg(2)
    if receiver is None or receiver.cell is None or section is None or key is None or value is None:
        return None
    site.state.put(receiver, item_key((section.only(), key.only())) if section.single and key.single else OTHER, value)
    return constant(None)


def config_get(site: Site) -> Value | None:
    """`config.get(section, key)` of configparser."""
    receiver, section, key = site.receiver, site.arg(0), site.arg(1)
    if receiver is None or receiver.cell is None or section is None or key is None:
        return None
    if section.single and key.single:
        return site.state.get(receiver, item_key((section.only(), key.only())))
    return site.state.any_item(receiver)


def holder(type_: str) -> Special:
    """A constructor of an object whose contents are followed."""
    return lambda site: Value(
        fresh_id(), union(*(site.state.everything(v) for v in site.every())), type=type_, cell=site.state.new_cell({})
    )
