"""Regular expressions: which text they are applied to, and what their answer says of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeguard.flow import patterns
from codeguard.flow.state import attr_key
from codeguard.flow.values import Value, fresh_id, neutralise, step, union

if TYPE_CHECKING:
    from codeguard.flow.site import Site


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


def matched(site: Site) -> Value | None:
    """`re.match` and its kin: what a text that matches is safe for."""
    pattern, flags, text = _pattern_of(site)
    if text is None or not pattern:
        return None
    method = site.method
    kinds = patterns.safe_kinds(pattern, flags, whole=method == "fullmatch", start=method == "match")
    taints = step(site.state.taints(text), site.frame.module, site.at, "", text.id)
    facts = text.facts(kinds) if kinds and text.taints else None
    return Value(fresh_id(), neutralise(taints, kinds), type="re.Match", when_true=facts)


def compiled(site: Site) -> Value | None:
    """`re.compile`."""
    pattern, flags = site.arg(0, "pattern"), site.arg(1, "flags")
    contents = {attr_key("pattern"): pattern} if pattern is not None else {}
    if flags is not None:
        contents[attr_key("flags")] = flags
    taints = site.state.taints(pattern) if pattern is not None else {}
    return Value(fresh_id(), taints, type="re.Pattern", cell=site.state.new_cell(contents))


def substituted(site: Site) -> Value | None:
    """`re.sub`: some replacements make a text safe."""
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
