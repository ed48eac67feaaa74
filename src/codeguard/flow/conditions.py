"""Conditions of sinks: what else must be so of a call for its argument to be dangerous."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from codeguard.flow.state import attr_key, item_key

if TYPE_CHECKING:
    from codeguard.flow.site import Site


def _true(site: Site, name: str) -> bool:
    value = site.named.get(name)
    return value is not None and value.consts is not None and any(bool(c) for c in value.consts)


def _shell(site: Site) -> bool:
    value = site.named.get("shell")
    return value is not None and (value.consts is None or any(bool(c) for c in value.consts))


def _no_shell(site: Site) -> bool:
    return not _shell(site)


def _database(site: Site) -> bool:
    """Not a method of something that is known to be no database (a thread pool's or a command's `execute`)."""
    receiver = site.receiver
    type_ = receiver.type if receiver is not None else None
    return type_ is None or not type_.startswith(("concurrent.", "subprocess.", "builtins."))


def _write_mode(site: Site) -> bool:
    mode = site.arg(1, "mode")
    return (
        mode is not None
        and mode.consts is not None
        and any(isinstance(c, str) and set(c) & set("wax+") for c in mode.consts)
    )


def _unsafe_yaml(site: Site) -> bool:
    loader = site.arg(1, "Loader")
    if loader is None:
        return True
    name = loader.ref.name if loader.ref is not None else ""
    return name.rpartition(".")[2] in {
        "Loader",
        "UnsafeLoader",
        "FullLoader",
        "CLoader",
        "CUnsafeLoader",
        "CFullLoader",
    }


def _resolves_entities(site: Site) -> bool:
    """lxml: the default parser resolves entities before 5.0, and a parser that turns it off is safe."""
    parser = site.arg(1, "parser")
    return parser is None or parser.type != "<safe xml parser>"


def _sax_entities(site: Site) -> bool:
    """The parsers of the standard library: one that is given, and was not told to resolve entities, does not."""
    parser = site.arg(1, "parser")
    parser = parser if parser is not None else site.receiver
    if parser is None or parser.type != "<sax parser>":
        return True
    on = site.state.contents(parser).get(attr_key("resolves"))
    return on is not None and on.consts != (False,)


def _own_sax_parser(site: Site) -> bool:
    """`parser.parse(x)` of a parser that was told to resolve entities."""
    return site.receiver is not None and site.receiver.type == "<sax parser>" and _sax_entities(site)


def _below(site: Site) -> bool:
    """A path that is put together below some folder."""
    path = site.arg(0, "path") if site.name.startswith("os.") else site.receiver
    return path is not None and path.shape is not None and len(path.shape) > 1


def _not_sandboxed(site: Site) -> bool:
    return site.receiver is None or not (site.receiver.type or "").endswith("SandboxedEnvironment")


def _xpath_text(site: Site) -> bool:
    """A path that is put together with a test in it: `find` of a text has none."""
    path = site.arg(0, "path", "match")
    pieces = path.shape if path is not None and path.shape is not None else ()
    return len(pieces) > 1 and any(isinstance(piece, str) and "[" in piece for piece in pieces)


def _weights(site: Site) -> bool:
    value = site.named.get("weights_only")
    return value is None or value.consts == (False,)


def _pickled(site: Site) -> bool:
    return _true(site, "allow_pickle")


def _not_json(site: Site) -> bool:
    """A response whose type is said to be something else than a page shows no page."""
    kind = site.named.get("mimetype") or site.named.get("content_type") or site.named.get("media_type")
    if kind is None or kind.consts is None:
        return True
    return any(isinstance(c, str) and "html" in c for c in kind.consts)


def _no_filter(site: Site) -> bool:
    return "filter" not in site.named


def _dynamic_table(site: Site) -> bool:
    """A dictionary of the program's own names (`globals()`, `vars()`)."""
    receiver = site.receiver
    return (
        receiver is not None
        and receiver.ref is not None
        and receiver.ref.name in {"builtins.globals()", "builtins.vars()", "builtins.locals()"}
    )


def _has_args(site: Site) -> bool:
    return bool(site.args or site.named)


def _first_constant(site: Site) -> bool:
    first = site.arg(0)
    return first is not None and first.single


def _non_empty_list(site: Site) -> bool:
    first = site.arg(0, "args")
    return first is not None and first.cell is not None and item_key(0) in site.state.contents(first)


CONDITIONS: Mapping[str, Callable[[Site], bool]] = {
    "shell": _shell,
    "no_shell": _no_shell,
    "database": _database,
    "write_mode": _write_mode,
    "unsafe_yaml": _unsafe_yaml,
    "resolves_entities": _resolves_entities,
    "sax_entities": _sax_entities,
    "own_sax_parser": _own_sax_parser,
    "below": _below,
    "not_sandboxed": _not_sandboxed,
    "xpath_text": _xpath_text,
    "weights": _weights,
    "pickled": _pickled,
    "not_json": _not_json,
    "no_filter": _no_filter,
    "dynamic_table": _dynamic_table,
    "has_args": _has_args,
    "first_constant": _first_constant,
    "non_empty_list": _non_empty_list,
}
