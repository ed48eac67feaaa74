"""Methods of text: what they tell, what their result is, and what they make safe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.flow.expressions import iterate
from codeguard.flow.guards import prefix_facts
from codeguard.flow.paths import base_folder
from codeguard.flow.state import OTHER, item_key
from codeguard.flow.strings import braces, compute
from codeguard.flow.values import FIXED, Value, constant, fact, fresh_id, glue, neutralise, step, union
from codeguard.knowledge.flow.model import ALL_KINDS

if TYPE_CHECKING:
    from codeguard.flow.site import Site


def text_test(site: Site) -> Value | None:
    """`isdigit` and its kin: a constant, or what a true answer shows."""
    if site.receiver is None:
        return None
    known = compute(lambda s: getattr(s, site.method)(), site.receiver)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    return fact(site.receiver, ALL_KINDS - {"size"})


def same_text(site: Site) -> Value | None:
    """`strip`, `lower` and such: the same text to a test."""
    receiver = site.receiver
    if receiver is None:
        return None
    known = compute(lambda s, *a: getattr(s, site.method)(*a), receiver, *site.args) if not site.named else None
    if known is not None:
        return constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known, type=receiver.type)
    taints = step(site.state.taints(receiver), site.frame.module, site.at, "", receiver.id)
    type_ = "builtins.bytes" if site.method == "encode" else "builtins.str"
    same = {receiver.id: ALL_KINDS, **(receiver.same or {})} if receiver.taints else None
    return Value(fresh_id(), taints, type=type_, shape=receiver.shape, same=same)


def starts_with(site: Site) -> Value | None:
    """`startswith`."""
    value, prefix = site.receiver, site.arg(0)
    if value is None or prefix is None:
        return None
    known = compute(lambda s, p: s.startswith(p), value, prefix)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    given = [c for c in prefix.consts or () for c in (c if isinstance(c, tuple) else (c,)) if isinstance(c, str)]
    resolved = value.type == "<resolved path>" and base_folder(prefix, site)
    facts = prefix_facts(value, tuple(given), resolved=resolved)
    if given and all(g in {"'", '"'} for g in given):
        return fact(value, frozenset({"quoted-start"}))
    if "-" in given and not facts:
        return Value(fresh_id(), type="builtins.bool", when_false=value.facts(frozenset({"argv", "csv"})))
    if "=" in given and not facts:
        return Value(fresh_id(), type="builtins.bool", when_false=value.facts(frozenset({"csv"})))
    if given == ["/"]:
        return Value(
            fresh_id(),
            type="builtins.bool",
            when_true=value.facts(frozenset({"rooted"})),
            when_false=value.facts(frozenset({"path"})),
        )
    if any(g.startswith("//") for g in given):
        return Value(fresh_id(), type="builtins.bool", when_false=value.facts(frozenset({"one-slash"})))
    bad = value.facts(frozenset({"path"})) if given and all(g in {"/", "\\"} for g in given) else None
    when_false = bad if bad and not resolved else None
    return Value(fresh_id(), type="builtins.bool", when_true=facts or None, when_false=when_false)


def ends_with(site: Site) -> Value | None:
    """`endswith`."""
    value, suffix = site.receiver, site.arg(0)
    if value is None or suffix is None:
        return None
    known = compute(lambda s, p: s.endswith(p), value, suffix)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    if suffix.consts is not None and all(c in {"'", '"'} for c in suffix.consts):
        return fact(value, frozenset({"quoted-end"}))
    return fact(value, frozenset({"upload"}) if not site.state.everything(suffix) else frozenset())


def formatted_text(site: Site) -> Value | None:
    """`format`."""
    if site.receiver is None:
        return None
    return braces(site.at, site.receiver, site.args, site.named, site.state, site.frame)


def joined_text(site: Site) -> Value | None:
    """`join`."""
    receiver, items = site.receiver, site.arg(0)
    return joined(site, receiver, items) if receiver is not None and items is not None else None


def joined(site: Site, receiver: Value, items: Value) -> Value:
    """The text of the items that a value holds, with the receiver between them."""
    held = site.state.contents(items)
    ordered = [held[item_key(n)] for n in range(len(held)) if item_key(n) in held]
    if ordered and len(ordered) == len(held):
        consts = compute(lambda sep, *parts: sep.join(parts), receiver, *ordered)
        if consts is not None:
            return constant(consts[0]) if len(consts) == 1 else Value(fresh_id(), consts=consts, type="builtins.str")
        parts: list[Value] = []
        for number, part in enumerate(ordered):
            parts += [receiver] if number else []
            parts.append(part)
        taints = union(
            *(step(site.state.taints(p), site.frame.module, site.at, "is joined into a string", p.id) for p in parts)
        )
        return Value(fresh_id(), taints, type="builtins.str", shape=glue(parts))
    consts = compute(lambda sep, parts: sep.join(parts), receiver, items)
    if consts is not None:
        return constant(consts[0])
    item = iterate(items, site.state)
    taints = union(
        step(site.state.everything(items), site.frame.module, site.at, "is joined into a string", items.id),
        step(site.state.taints(item), site.frame.module, site.at, "is joined into a string", item.id),
    )
    fixed = not taints and receiver.consts is not None and (item.consts is not None or item.type == FIXED)
    return Value(fresh_id(), taints, type=FIXED if fixed else "builtins.str")


def replaced(site: Site) -> Value | None:
    """`replace`: some replacements make a text safe."""
    receiver = site.receiver
    old, new = site.arg(0, "old"), site.arg(1, "new")
    if receiver is None:
        return None
    known = compute(lambda s, *a: s.replace(*a), receiver, *site.args) if site.args else None
    if known is not None:
        return constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known, type="builtins.str")
    taints = union(
        *(step(site.state.taints(v), site.frame.module, site.at, "", v.id) for v in (receiver, *site.every()))
    )
    cleaned: set[str] = set()
    if old is not None and old.single and new is not None and new.single:
        before, after = old.only(), new.only()
        if before in {"\n", "\r", "\r\n"} and after not in {"\n", "\r", "\r\n"}:
            cleaned |= {"log", "header", "mail"}
        if before in {"<", "&"} and isinstance(after, str) and after.startswith("&"):
            cleaned |= {"html", "xml"} if before == "<" else set()
        if before in {"'", '"'} and isinstance(after, str) and (before not in after or after in {"''", '""', "\\'"}):
            cleaned.add(f"quote{before}")
        if before in {"/", "\\"} and after in {"", "_", "-"}:
            cleaned |= {"path", "upload"} if before == "/" else set()
    return Value(fresh_id(), neutralise(taints, frozenset(cleaned)), type="builtins.str")


def split_text(site: Site) -> Value | None:
    """`split`, `partition` and such."""
    receiver = site.receiver
    if receiver is None:
        return None
    known = compute(lambda s, *a: tuple(getattr(s, site.method)(*a)), receiver, *site.args) if not site.named else None
    if known is not None and len(known) == 1:
        return Value(fresh_id(), consts=known, type="builtins.list")
    taints = step(site.state.taints(receiver), site.frame.module, site.at, "", receiver.id)
    same = {receiver.id: frozenset({"upload"})} if receiver.taints else None
    part = Value(fresh_id(), taints, type="builtins.str", same=same)
    return Value(fresh_id(), taints, type="builtins.list", cell=site.state.new_cell({OTHER: part}))
