"""Library functions that a row of a table cannot describe: containers, text building, tests, indirection."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from codeguard.flow import patterns
from codeguard.flow.expressions import iterate
from codeguard.flow.guards import prefix_facts
from codeguard.flow.state import OTHER, attr_key, item_key
from codeguard.flow.strings import braces, compute
from codeguard.flow.values import Callee, Value, constant, fresh_id, glue, join, neutralise, step, union
from codeguard.knowledge.flow.model import ALL_KINDS, NUMBER_SAFE

if TYPE_CHECKING:
    from codeguard.flow.calls import Site

Special = Callable[["Site"], "Value | None"]
_NUMBERS = {"int", "float", "bool", "complex"}
_TESTS = {"isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"}
_SAME_TEXT = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "capitalize", "encode", "decode",
              "removeprefix", "removesuffix", "expandtabs", "swapcase"}  # fmt: skip


def _fact(value: Value, kinds: frozenset[str]) -> Value:
    return Value(fresh_id(), type="builtins.bool", when_true=value.facts(kinds))


def _isinstance(site: Site) -> Value | None:
    value, types = site.arg(0), site.arg(1)
    if value is None or types is None:
        return None
    callees = [types.ref] if types.ref else [v.ref for v in site.state.contents(types).values()]
    names = {c.name.rpartition(".")[2] for c in callees if c is not None}
    if names and names <= _NUMBERS | {"UUID", "date", "datetime", "Decimal"}:
        return _fact(value, NUMBER_SAFE)
    if value.type == "ast.AST":
        facts = value.facts(frozenset({"code"}))
        if "Call" in names:  # these are refused
            return Value(fresh_id(), type="builtins.bool", when_false=facts)
        if names and not names & {"Import", "ImportFrom", "Attribute", "AST"}:  # only these are let through
            return Value(fresh_id(), type="builtins.bool", when_true=facts)
    return Value(fresh_id(), type="builtins.bool")


def _all_any(site: Site) -> Value | None:
    value = site.arg(0)
    item = site.state.any_item(value) if value is not None else None
    if item is None:
        return Value(fresh_id(), type="builtins.bool")
    every = site.name.endswith("all")
    facts = item.when_true if every else item.when_false
    return Value(
        fresh_id(), type="builtins.bool", when_true=facts if every else None, when_false=None if every else facts
    )


def _text_test(site: Site) -> Value | None:
    if site.receiver is None:
        return None
    known = compute(lambda s: getattr(s, _method(site))(), site.receiver)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    return _fact(site.receiver, ALL_KINDS - {"size"})


def _method(site: Site) -> str:
    return site.name.rpartition(".")[2]


def _same_text(site: Site) -> Value | None:
    receiver = site.receiver
    if receiver is None:
        return None
    known = compute(lambda s, *a: getattr(s, _method(site))(*a), receiver, *site.args) if not site.named else None
    if known is not None:
        return constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known, type=receiver.type)
    taints = step(site.state.taints(receiver), site.frame.module, site.at, "", receiver.id)
    type_ = "builtins.bytes" if _method(site) == "encode" else "builtins.str"
    same = {receiver.id: ALL_KINDS, **(receiver.same or {})} if receiver.taints else None
    return Value(fresh_id(), taints, type=type_, shape=receiver.shape, same=same)


def _starts(site: Site) -> Value | None:
    value, prefix = site.receiver, site.arg(0)
    if value is None or prefix is None:
        return None
    known = compute(lambda s, p: s.startswith(p), value, prefix)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    given = [c for c in prefix.consts or () for c in (c if isinstance(c, tuple) else (c,)) if isinstance(c, str)]
    resolved = value.type == "<resolved path>" and _base(prefix, site)
    facts = prefix_facts(value, tuple(given), resolved=resolved)
    if given and all(g in {"'", '"'} for g in given):
        return _fact(value, frozenset({"quoted-start"}))
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


def _ends(site: Site) -> Value | None:
    value, suffix = site.receiver, site.arg(0)
    if value is None or suffix is None:
        return None
    known = compute(lambda s, p: s.endswith(p), value, suffix)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.bool")
    if suffix.consts is not None and all(c in {"'", '"'} for c in suffix.consts):
        return _fact(value, frozenset({"quoted-end"}))
    return _fact(value, frozenset({"upload"}) if not site.state.everything(suffix) else frozenset())


def _format(site: Site) -> Value | None:
    if site.receiver is None:
        return None
    return braces(site.at, site.receiver, site.args, site.named, site.state, site.frame)


def _str_join(site: Site) -> Value | None:
    receiver, items = site.receiver, site.arg(0)
    if receiver is None or items is None:
        return None
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
    return Value(fresh_id(), taints, type="builtins.str")


def _replace(site: Site) -> Value | None:
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


def _split(site: Site) -> Value | None:
    receiver = site.receiver
    if receiver is None:
        return None
    known = (
        compute(lambda s, *a: tuple(getattr(s, _method(site))(*a)), receiver, *site.args) if not site.named else None
    )
    if known is not None and len(known) == 1:
        return Value(fresh_id(), consts=known, type="builtins.list")
    taints = step(site.state.taints(receiver), site.frame.module, site.at, "", receiver.id)
    same = {receiver.id: frozenset({"upload"})} if receiver.taints else None
    part = Value(fresh_id(), taints, type="builtins.str", same=same)
    return Value(fresh_id(), taints, type="builtins.list", cell=site.state.new_cell({OTHER: part}))


def _dict_get(site: Site) -> Value | None:
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


def _add_item(site: Site) -> Value | None:
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
    from codeguard.flow import ir  # noqa: PLC0415

    func = site.expr.func
    if isinstance(func, ir.Attr) and isinstance(func.base, ir.Name) and site.receiver is not None:
        taints = union(site.state.taints(site.receiver), site.state.everything(item))
        receiver = site.receiver
        site.state.env[func.base.id] = Value(fresh_id(), taints, type=receiver.type, ref=receiver.ref)


def _pop(site: Site) -> Value | None:
    receiver, key = site.receiver, site.arg(0)
    if receiver is None or receiver.cell is None:
        return None
    held = dict(site.state.contents(receiver))
    numbered = all(isinstance(k, tuple) and k[:2] == ("item", "int") for k in held)
    if not held or not numbered or site.frame.loops:
        return _dict_get(site) if key is not None else site.state.any_item(receiver)
    items = [held[item_key(n)] for n in range(len(held)) if item_key(n) in held]
    if len(items) != len(held):
        return site.state.any_item(receiver)
    index = key.only() if key is not None and key.single else -1
    try:
        taken = items.pop(index)
    except (IndexError, TypeError):
        return site.state.any_item(receiver)
    site.state.heap[receiver.cell] = {item_key(n): v for n, v in enumerate(items)}
    return taken


def _update(site: Site) -> Value | None:
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


def _items(site: Site) -> Value | None:
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


def _container(site: Site) -> Value | None:
    """`list(x)`, `dict(x)`, `set(x)`, `tuple(x)`, `sorted(x)`: the same contents."""
    kind = {"sorted": "list", "reversed": "list", "frozenset": "set"}.get(_method(site), _method(site))
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


def _computed(function: Callable[..., Any]) -> Special:
    """A builtin of constants that is computed; None (the table's row) for others."""

    def special(site: Site) -> Value | None:
        if site.named or not site.args:
            return None
        known = compute(function, *site.args)
        return None if known is None else (constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known))

    return special


def _len(site: Site) -> Value | None:
    value = site.arg(0)
    if value is None:
        return None
    known = compute(len, value)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.int")
    taints = neutralise(step(site.state.taints(value), site.frame.module, site.at, "", value.id), NUMBER_SAFE)
    return Value(fresh_id(), taints, type="builtins.int", same={value.id: frozenset({"size"})})


def _getattr(site: Site) -> Value | None:
    owner, name = site.arg(0), site.arg(1)
    if owner is None or name is None or not name.single:
        return None
    held = site.state.contents(owner).get(attr_key(str(name.only())))
    if held is not None:
        return held
    if owner.ref is not None and owner.ref.kind == "library":
        return site.analysis.named(f"{owner.ref.name}.{name.only()}", site.frame.module, site.at)
    return None


def _setattr(site: Site) -> Value | None:
    owner, name, value = site.arg(0), site.arg(1), site.arg(2)
    if owner is not None and name is not None and value is not None and name.single:
        site.state.put(owner, attr_key(str(name.only())), value)
    return None


def _partial(site: Site) -> Value | None:
    function = site.arg(0)
    if function is None or function.ref is None:
        return None
    inner = function.ref
    return Value(fresh_id(), ref=Callee("partial", inner=inner, args=(tuple(site.args[1:]), dict(site.named))))


def _called_with(function_at: int | str, args_at: int | str | None = None) -> Special:
    """`map(f, xs)`, `Thread(target=f, args=(...))`: a function that is called with what else is given."""

    def special(site: Site) -> Value | None:
        from codeguard.flow.calls import invoke  # noqa: PLC0415 - the two need each other

        function = site.arg(function_at)
        if function is None or function.ref is None or function.ref.kind not in {"function", "bound"}:
            return None
        if args_at is None:
            given = [iterate(v, site.state) for v in site.args[1:]]
        elif args_at == "rest":
            given = list(site.args[1:])
        else:
            packed = site.arg(args_at)
            held = site.state.contents(packed) if packed is not None else {}
            given = [held[item_key(n)] for n in range(len(held)) if item_key(n) in held]
        returned = invoke(function.ref, given, {}, site.at, site.state, site.frame, site.analysis)
        if args_at is None:
            return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: returned}))
        return returned if args_at == "rest" else None

    return special


def _pattern_of(site: Site) -> tuple[str, int, Value | None]:
    """The pattern, its flags, and the text it is applied to; an empty pattern where it is not known."""
    receiver = site.receiver
    if receiver is not None and receiver.type == "re.Pattern" and receiver.cell is not None:
        pattern = site.state.contents(receiver).get(attr_key("pattern"))
        flags = site.state.contents(receiver).get(attr_key("flags"))
        text = site.arg(0, "string")
    else:
        pattern, text, flags = site.arg(0, "pattern"), site.arg(1, "string"), site.arg(2, "flags")
    if pattern is None or not pattern.single or not isinstance(pattern.only(), str):
        return "", 0, text
    number = flags.only() if flags is not None and flags.single and isinstance(flags.only(), int) else 0
    return pattern.only(), number, text


def _match(site: Site) -> Value | None:
    pattern, flags, text = _pattern_of(site)
    if text is None or not pattern:
        return None
    method = _method(site)
    kinds = patterns.safe_kinds(pattern, flags, whole=method == "fullmatch", start=method == "match")
    taints = step(site.state.taints(text), site.frame.module, site.at, "", text.id)
    facts = text.facts(kinds) if kinds and text.taints else None
    return Value(fresh_id(), neutralise(taints, kinds), type="re.Match", when_true=facts)


def _compile(site: Site) -> Value | None:
    pattern, flags = site.arg(0, "pattern"), site.arg(1, "flags")
    contents = {attr_key("pattern"): pattern} if pattern is not None else {}
    if flags is not None:
        contents[attr_key("flags")] = flags
    taints = site.state.taints(pattern) if pattern is not None else {}
    return Value(fresh_id(), taints, type="re.Pattern", cell=site.state.new_cell(contents))


def _sub(site: Site) -> Value | None:
    receiver = site.receiver
    if receiver is not None and receiver.type == "re.Pattern":
        pattern = site.state.contents(receiver).get(attr_key("pattern"))
        new, text = site.arg(0, "repl"), site.arg(1, "string")
    else:
        pattern, new, text = site.arg(0, "pattern"), site.arg(1, "repl"), site.arg(2, "string")
    if text is None:
        return None
    taints = step(site.state.taints(text), site.frame.module, site.at, "passes through `re.sub`", text.id)
    if new is not None:
        taints = union(taints, site.state.taints(new))
    if pattern is not None and pattern.single and isinstance(pattern.only(), str) and new is not None and new.single:
        replacement = new.only()
        if isinstance(replacement, str) and re.fullmatch(r"[\w-]?", replacement):
            taints = neutralise(taints, patterns.removed_kinds(pattern.only()))
    return Value(fresh_id(), taints, type="builtins.str")


def _path_join(site: Site) -> Value | None:
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
    return Value(fresh_id(), taints, type="builtins.str", shape=glue(parts))


def _resolved(site: Site) -> Value | None:
    """`os.path.realpath(x)`, `Path(x).resolve()`: the path that tests of where it lies can be made on."""
    value = site.receiver if site.name.endswith(("resolve", "absolute")) else site.arg(0)
    if value is None:
        return None
    taints = step(site.state.everything(value, 1), site.frame.module, site.at, "", value.id)
    same = (
        {value.id: frozenset({"path"}), **{k: v & {"path"} for k, v in (value.same or {}).items()}} if taints else None
    )
    return Value(fresh_id(), taints, type="<resolved path>", same=same)


def _base(value: Value, site: Site) -> bool:
    """True for a folder that decides where paths may lie: trusted, or given by whoever calls the function."""
    return all(label.trust for label in site.state.everything(value))


def _is_below(site: Site) -> Value | None:
    """`path.is_relative_to(base)`: a guard where the path is resolved."""
    value, base = site.receiver, site.arg(0)
    if value is None or base is None or not _base(base, site):
        return None
    return (
        _fact(value, frozenset({"path"}))
        if value.type == "<resolved path>"
        else Value(fresh_id(), type="builtins.bool")
    )


def _relative_to(site: Site) -> Value | None:
    """`path.relative_to(base)` raises where the path does not lie below."""
    value, base = site.receiver, site.arg(0)
    if value is None or base is None:
        return None
    if value.type == "<resolved path>" and _base(base, site):
        site.state.learn(value.facts(frozenset({"path"})))
    return Value(fresh_id(), site.state.taints(value), type="pathlib.Path")


def _common(site: Site) -> Value | None:
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


def _path_of(site: Site) -> Value | None:
    """`Path(a, b)`, `PurePath(a)`: a path of these parts."""
    made = _path_join(site)
    if made is None:
        return None
    same = (
        {site.args[0].id: ALL_KINDS, **(site.args[0].same or {})}
        if len(site.args) == 1 and site.args[0].taints
        else None
    )
    return Value(made.id, made.taints, type="pathlib.Path", shape=made.shape, same=same)


def _path_joined(site: Site) -> Value | None:
    receiver = site.receiver
    if receiver is None:
        return None
    parts = [receiver, *site.args]
    taints = union(
        *(step(site.state.taints(v), site.frame.module, site.at, "is joined into a path", v.id) for v in parts)
    )
    return Value(fresh_id(), taints, type="pathlib.Path")


def _parsed_url(site: Site) -> Value | None:
    value = site.arg(0)
    if value is None:
        return None
    taints = step(site.state.taints(value), site.frame.module, site.at, "", value.id)
    same = {value.id: frozenset({"ssrf", "redirect"}), **(value.same or {})} if taints else None
    return Value(fresh_id(), taints, type="urllib.parse.ParseResult", same=same)


def _xml_parser(site: Site) -> Value | None:
    """`lxml.etree.XMLParser(...)`: safe where it resolves no entities."""
    given = site.arg("resolve_entities")
    safe = given is not None and given.consts is not None and not any(given.consts)
    return Value(fresh_id(), type="<safe xml parser>" if safe else "lxml.etree.XMLParser")


def _sax_parser(site: Site) -> Value | None:
    """`xml.sax.make_parser()`: it reads external entities only where its feature is switched on."""
    return Value(fresh_id(), type="<sax parser>", cell=site.state.new_cell({}))


def _sax_feature(site: Site) -> Value | None:
    feature, wanted = site.arg(0, "name"), site.arg(1, "state")
    if site.receiver is None or site.receiver.type != "<sax parser>" or feature is None:
        return None
    name = str(feature.only()) if feature.single else feature.ref.name if feature.ref is not None else ""
    if "external-general" in name or name.endswith("feature_external_ges"):
        on = wanted is None or wanted.consts is None or any(wanted.consts)
        site.state.put(site.receiver, attr_key("resolves"), constant(on))
    return constant(None)


def _compared(site: Site) -> Value | None:
    """`hmac.compare_digest(a, b)`: where they are equal, the data that was signed is what it was."""
    facts: dict[int, frozenset[str]] = {}
    for value in site.args:
        facts.update(value.facts(ALL_KINDS))
    return Value(fresh_id(), type="builtins.bool", when_true=facts)


def _digested(site: Site) -> Value | None:
    """A digest stands for its data in comparisons."""
    value = (
        site.receiver
        if _method(site) in {"hexdigest", "digest"}
        else site.arg(1, "msg")
        if site.name.endswith("new")
        else site.arg(0)
    )
    if value is None or not value.taints:
        return None
    taints = neutralise(step(site.state.taints(value), site.frame.module, site.at, "", value.id), ALL_KINDS)
    return Value(fresh_id(), taints, type="<digest>", same={value.id: ALL_KINDS, **(value.same or {})})


def _joined_url(site: Site) -> Value | None:
    """`urljoin(base, x)`: an absolute `x` replaces the base."""
    value = site.arg(1, "url")
    if value is None:
        return None
    taints = step(
        site.state.taints(value), site.frame.module, site.at, "can replace the whole address in `urljoin`", value.id
    )
    same = {value.id: frozenset({"ssrf", "redirect"}), **(value.same or {})} if taints else None
    return Value(fresh_id(), taints, type="<joined url>", same=same)


def _url_again(site: Site) -> Value | None:
    """`urlparse(x).geturl()`: the address as it came."""
    receiver = site.receiver
    if receiver is None or receiver.type != "urllib.parse.ParseResult":
        return None
    taints = step(site.state.taints(receiver), site.frame.module, site.at, "", receiver.id)
    return Value(fresh_id(), taints, type="<url again>", same=receiver.same)


def _parsed_code(site: Site) -> Value | None:
    """`ast.parse(x)`: tests of the tree are tests of the text; `ast.walk` gives nodes that stand for it."""
    value = site.arg(0, "source", "node")
    if value is None:
        return None
    taints = step(site.state.taints(value), site.frame.module, site.at, "", value.id)
    same = {value.id: frozenset({"code"}), **(value.same or {})} if taints else None
    if _method(site) == "parse":
        return Value(fresh_id(), taints, type="ast.AST", same=same)
    node = Value(fresh_id(), taints, type="ast.AST", same=same)
    return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: node}))


def _environment(site: Site) -> Value | None:
    """`jinja2.Environment(...)`: it escapes only where it is told to."""
    given = site.arg("autoescape")
    raw = given is None or (given.consts is not None and not any(given.consts))
    return Value(fresh_id(), type="<raw environment>" if raw and "**" not in site.named else "jinja2.Environment")


def _superclass(site: Site) -> Value | None:
    """`super()`: the object itself; methods are looked up from its class, which is near enough."""
    return site.frame.owner if not site.args else None


def _type_of(site: Site) -> Value | None:
    return Value(fresh_id(), type="builtins.type") if len(site.args) == 1 else None


def _enumerate(site: Site) -> Value | None:
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


def _zip(site: Site) -> Value | None:
    items = {item_key(n): iterate(v, site.state) for n, v in enumerate(site.args)}
    pair = Value(fresh_id(), type="builtins.tuple", cell=site.state.new_cell(items))
    return Value(fresh_id(), type="builtins.list", cell=site.state.new_cell({OTHER: pair}))


def _config_set(site: Site) -> Value | None:
    """`config.set(section, key, value)` of configparser."""
    receiver, section, key, value = site.receiver, site.arg(0), site.arg(1), site.arg(2)
    if receiver is None or receiver.cell is None or section is None or key is None or value is None:
        return None
    site.state.put(receiver, item_key((section.only(), key.only())) if section.single and key.single else OTHER, value)
    return constant(None)


def _config_get(site: Site) -> Value | None:
    receiver, section, key = site.receiver, site.arg(0), site.arg(1)
    if receiver is None or receiver.cell is None or section is None or key is None:
        return None
    if section.single and key.single:
        return site.state.get(receiver, item_key((section.only(), key.only())))
    return site.state.any_item(receiver)


def _holder(type_: str) -> Special:
    """A constructor of an object whose contents are followed."""
    return lambda site: Value(
        fresh_id(), union(*(site.state.everything(v) for v in site.every())), type=type_, cell=site.state.new_cell({})
    )


@cache
def specials() -> dict[str, Special]:
    """Special functions by the name under which calls are looked up."""
    table: dict[str, Special] = {
        "builtins.isinstance": _isinstance,
        "builtins.all": _all_any,
        "builtins.any": _all_any,
        "builtins.len": _len,
        "builtins.getattr": _getattr,
        "builtins.setattr": _setattr,
        "builtins.super": _superclass,
        "builtins.type": _type_of,
        "builtins.enumerate": _enumerate,
        "builtins.zip": _zip,
        "builtins.map": _called_with(0),
        "builtins.int": _computed(int),
        "builtins.str": _computed(str),
        "builtins.bool": _computed(bool),
        "builtins.min": _computed(min),
        "builtins.max": _computed(max),
        "builtins.chr": _computed(chr),
        "builtins.ord": _computed(ord),
        "functools.partial": _partial,
        "threading.Thread": _called_with("target", "args"),
        "multiprocessing.Process": _called_with("target", "args"),
        "asyncio.to_thread": _called_with(0, "rest"),
        "?.submit": _called_with(0, "rest"),
        "re.match": _match,
        "re.fullmatch": _match,
        "re.search": _match,
        "re.compile": _compile,
        "re.sub": _sub,
        "re.Pattern().match": _match,
        "re.Pattern().fullmatch": _match,
        "re.Pattern().search": _match,
        "re.Pattern().sub": _sub,
        "os.path.join": _path_join,
        "posixpath.join": _path_join,
        "os.path.realpath": _resolved,
        "os.path.abspath": _resolved,
        "os.path.normpath": _resolved,
        "os.path.commonpath": _common,
        "os.path.commonprefix": _common,
        "pathlib.Path": _path_of,
        "pathlib.PurePath": _path_of,
        "pathlib.PosixPath": _path_of,
        "urllib.parse.urlparse": _parsed_url,
        "urllib.parse.urlsplit": _parsed_url,
        "urlparse.urlparse": _parsed_url,
        "configparser.ConfigParser": _holder("configparser.ConfigParser"),
        "configparser.ConfigParser().set": _config_set,
        "configparser.ConfigParser().get": _config_get,
        "lxml.etree.XMLParser": _xml_parser,
        "xml.sax.make_parser": _sax_parser,
        "?.setFeature": _sax_feature,
        "hmac.compare_digest": _compared,
        "secrets.compare_digest": _compared,
        **{
            f"hashlib.{name}": _digested
            for name in ("sha256", "sha512", "sha384", "sha1", "md5", "blake2b", "sha3_256")
        },
        "hmac.new": _digested,
        "hmac.digest": _digested,
        "?.hexdigest": _digested,
        "?.digest": _digested,
        "jinja2.Environment": _environment,
        "urllib.parse.urljoin": _joined_url,
        "?.geturl": _url_again,
        "ast.parse": _parsed_code,
        "ast.walk": _parsed_code,
        "?.resolve": _resolved,
        "?.absolute": _resolved,
        "?.is_relative_to": _is_below,
        "?.relative_to": _relative_to,
        "?.joinpath": _path_joined,
        "?.format": _format,
        "builtins.str().format": _format,
        "?.join": _str_join,
        "?.replace": _replace,
        "?.startswith": _starts,
        "?.endswith": _ends,
        "?.get": _dict_get,
        "?.setdefault": _dict_get,
        "?.pop": _pop,
        "?.update": _update,
    }
    table.update({f"?.{name}": _text_test for name in _TESTS})
    table.update({f"?.{name}": _same_text for name in _SAME_TEXT})
    table.update({f"?.{name}": _split for name in ("split", "rsplit", "splitlines", "partition", "rpartition")})
    table.update({f"?.{name}": _items for name in ("items", "keys", "values")})
    table.update({f"?.{name}": _add_item for name in ("append", "add", "extend", "insert", "appendleft")})
    table.update(
        {f"builtins.{name}": _container for name in ("list", "dict", "set", "tuple", "sorted", "frozenset", "reversed")}
    )
    return table
