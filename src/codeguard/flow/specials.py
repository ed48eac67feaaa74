"""Library functions that a row of a table cannot describe: containers, text building, tests, indirection."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from codeguard.flow import buffers
from codeguard.flow.containers import (
    add_item,
    all_or_any,
    config_get,
    config_set,
    container,
    dict_get,
    enumerated,
    holder,
    item_views,
    popped,
    updated,
    zipped,
)
from codeguard.flow.expressions import iterate
from codeguard.flow.matching import compiled, matched, substituted
from codeguard.flow.paths import (
    common_path,
    is_below,
    path_join,
    path_joined,
    path_of,
    relative_to,
    resolved,
)
from codeguard.flow.state import OTHER, attr_key, item_key
from codeguard.flow.strings import compute
from codeguard.flow.text_methods import (
    ends_with,
    formatted_text,
    joined_text,
    replaced,
    same_text,
    split_text,
    starts_with,
    text_test,
)
from codeguard.flow.values import Callee, Value, constant, fact, fresh_id, neutralise, step, union
from codeguard.knowledge.flow.model import ALL_KINDS, NUMBER_SAFE

if TYPE_CHECKING:
    from codeguard.flow.site import Site, Special

_NUMBERS = {"int", "float", "bool", "complex"}
_TESTS = {"isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isidentifier"}
_SAME_TEXT = {"strip", "lstrip", "rstrip", "lower", "upper", "casefold", "title", "capitalize", "encode", "decode",
              "removeprefix", "removesuffix", "expandtabs", "swapcase"}  # fmt: skip


def _isinstance(site: Site) -> Value | None:
    value, types = site.arg(0), site.arg(1)
    if value is None or types is None:
        return None
    callees = [types.ref] if types.ref else [v.ref for v in site.state.contents(types).values()]
    names = {c.name.rpartition(".")[2] for c in callees if c is not None}
    if names and names <= _NUMBERS | {"UUID", "date", "datetime", "Decimal"}:
        return fact(value, NUMBER_SAFE)
    if value.type == "ast.AST":
        facts = value.facts(frozenset({"code"}))
        if "Call" in names:  # these are refused
            return Value(fresh_id(), type="builtins.bool", when_false=facts)
        if names and not names & {"Import", "ImportFrom", "Attribute", "AST"}:  # only these are let through
            return Value(fresh_id(), type="builtins.bool", when_true=facts)
    return Value(fresh_id(), type="builtins.bool")


def _computed(function: Callable[..., Any]) -> Special:
    """A builtin of constants that is computed; None (the table's row) for others."""

    def special(site: Site) -> Value | None:
        if site.named or not site.args:
            return None
        known = compute(function, *site.args)
        return None if known is None else (constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known))

    return special


def _least(site: Site) -> Value | None:
    """`min(x, 100)`: no larger than the constant."""
    known = compute(min, *site.args) if site.args and not site.named else None
    if known is not None:
        return constant(known[0]) if len(known) == 1 else Value(fresh_id(), consts=known)
    taints = union(*(step(site.state.everything(v), site.frame.module, site.at, "", v.id) for v in site.args))
    if len(site.args) > 1 and any(not site.state.everything(v) for v in site.args):
        taints = neutralise(taints, frozenset({"size"}))
    return Value(fresh_id(), taints)


def _len(site: Site) -> Value | None:
    value = site.arg(0)
    if value is None:
        return None
    known = compute(len, value)
    if known is not None:
        return Value(fresh_id(), consts=known, type="builtins.int")
    taints = neutralise(step(site.state.taints(value), site.frame.module, site.at, "", value.id), ALL_KINDS)
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
        from codeguard.flow.project_calls import invoke  # noqa: PLC0415 - the two need each other

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
        if site.method in {"hexdigest", "digest"}
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
    if site.method == "parse":
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


@cache
def specials() -> dict[str, Special]:
    """Special functions by the name under which calls are looked up."""
    table: dict[str, Special] = {
        "builtins.isinstance": _isinstance,
        "builtins.all": all_or_any,
        "builtins.any": all_or_any,
        "builtins.len": _len,
        "builtins.getattr": _getattr,
        "builtins.setattr": _setattr,
        "builtins.super": _superclass,
        "builtins.type": _type_of,
        "builtins.enumerate": enumerated,
        "builtins.zip": zipped,
        "builtins.map": _called_with(0),
        "builtins.int": _computed(int),
        "builtins.str": _computed(str),
        "builtins.bool": _computed(bool),
        "builtins.min": _least,
        "builtins.max": _computed(max),
        "builtins.chr": _computed(chr),
        "builtins.ord": _computed(ord),
        "functools.partial": _partial,
        "threading.Thread": _called_with("target", "args"),
        "multiprocessing.Process": _called_with("target", "args"),
        "asyncio.to_thread": _called_with(0, "rest"),
        "?.submit": _called_with(0, "rest"),
        "re.match": matched,
        "re.fullmatch": matched,
        "re.search": matched,
        "re.compile": compiled,
        "re.sub": substituted,
        "re.Pattern().match": matched,
        "re.Pattern().fullmatch": matched,
        "re.Pattern().search": matched,
        "re.Pattern().sub": substituted,
        "os.path.join": path_join,
        "posixpath.join": path_join,
        "os.path.realpath": resolved,
        "os.path.abspath": resolved,
        "os.path.normpath": resolved,
        "os.path.commonpath": common_path,
        "os.path.commonprefix": common_path,
        "pathlib.Path": path_of,
        "pathlib.PurePath": path_of,
        "pathlib.PosixPath": path_of,
        "urllib.parse.urlparse": _parsed_url,
        "urllib.parse.urlsplit": _parsed_url,
        "urlparse.urlparse": _parsed_url,
        "configparser.ConfigParser": holder("configparser.ConfigParser"),
        "configparser.ConfigParser().set": config_set,
        "configparser.ConfigParser().get": config_get,
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
        "?.resolve": resolved,
        "?.absolute": resolved,
        "?.is_relative_to": is_below,
        "?.relative_to": relative_to,
        "?.joinpath": path_joined,
        "?.format": formatted_text,
        "builtins.str().format": formatted_text,
        "?.join": joined_text,
        "?.replace": replaced,
        "?.startswith": starts_with,
        "?.endswith": ends_with,
        "?.get": dict_get,
        "?.setdefault": dict_get,
        "?.pop": popped,
        "?.update": updated,
    }
    table.update(buffers.specials())
    table.update({f"?.{name}": text_test for name in _TESTS})
    table.update({f"?.{name}": same_text for name in _SAME_TEXT})
    table.update({f"?.{name}": split_text for name in ("split", "rsplit", "splitlines", "partition", "rpartition")})
    table.update({f"?.{name}": item_views for name in ("items", "keys", "values")})
    table.update({f"?.{name}": add_item for name in ("append", "add", "extend", "insert", "appendleft")})
    table.update(
        {f"builtins.{name}": container for name in ("list", "dict", "set", "tuple", "sorted", "frozenset", "reversed")}
    )
    return table
