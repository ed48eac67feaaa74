"""Which functions can matter: those that may come to a sink, by themselves or through what they call.

Everything else need not be interpreted for its own sake; most of a large program is such.  The test errs towards
"matters": calls are matched by name alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import lru_cache

from codeguard.flow import ir
from codeguard.flow.evidence import RUNS_COMMANDS
from codeguard.knowledge.flow.model import Library

Key = tuple[str, int]

# Methods that everything has: a function of the project of such a name is only meant where `self` or a module says so.
COMMON = frozenset(
    {
        "get", "set", "add", "pop", "items", "keys", "values", "update", "append", "extend", "insert", "remove",
        "clear", "copy", "join", "split", "strip", "replace", "format", "encode", "decode", "read", "write",
        "close", "open", "send", "run", "start", "stop", "lower", "upper", "index", "count", "sort", "find",
        "match", "search", "group", "startswith", "endswith", "exists", "name", "setdefault", "flush", "next",
        "seek", "tell", "readline",
    }
)  # fmt: skip


ROUTE_DECORATORS = frozenset(
    {"route", "get", "post", "put", "delete", "patch", "options", "head", "websocket", "api_route"}
)


def relevant(modules: Mapping[str, ir.ModuleIR], facts: Library, deep: int) -> dict[Key, int]:
    """The functions that are worth a run of their own, and a visit when they are called with nothing untrusted.

    Each with the calls that lie between it and a sink at least; `deep` is how many calls are followed.
    """
    words, typed = _words(facts, modules)
    setting: dict[tuple[str, int], list[Key]] = {}  # of each class, the methods that give its objects attributes
    by_name: defaultdict[str, list[Key]] = defaultdict(list)
    by_attribute: defaultdict[str, list[Key]] = defaultdict(list)
    todo: list[Key] = []
    for path, module in modules.items():
        own = _of_types(typed, module)
        for number, function in enumerate(module.functions):
            key = (path, number)
            for mention in function.mentions:
                last = mention.rpartition(".")[2]
                if mention[0] == "." or (mention.startswith("<self>") and last in COMMON):
                    if mention[0] != "." or last not in COMMON:
                        by_attribute[last].append(key)
                elif "()" not in mention:
                    by_name[last].append(key)
            if (
                not words.isdisjoint(function.mentions)
                or not own.isdisjoint(function.mentions)
                or function.texts
                or any(_runs_commands(mention) for mention in function.mentions)
                or is_page(function)
            ):
                todo.append(key)
    found: dict[Key, int] = {}
    callers: list[Key] = []
    calls = 0
    while todo or (callers and calls < deep):
        if not todo:
            todo, callers, calls = callers, [], calls + 1
        key = todo.pop()
        if key in found:
            continue
        found[key] = calls
        path, number = key
        module = modules[path]
        function = module.functions[number]
        if function.parent is not None:
            todo.append((path, function.parent))
        name = function.name
        if function.owner is not None:
            cls = module.classes[function.owner]
            where = (path, function.owner)
            if where not in setting:
                setting[where] = [(path, n) for n in cls.methods.values() if _sets(module.functions[n])]
                todo += setting[where]
            if name.startswith("__"):
                callers += by_name.get(cls.name, ())
        else:
            callers += by_name.get(name, ())
        callers += by_attribute.get(name, ())
    return found


def is_page(function: ir.Function) -> bool:
    """True for a function that a web framework calls by a route: what it returns is a page."""
    return any(decorated_by(d) in ROUTE_DECORATORS for d in function.decorators)


def decorated_by(decorator: ir.Decorator) -> str:
    """The last part of a decorator's name (`route` of `@app.route("/")`)."""
    expr = decorator.expr.func if isinstance(decorator.expr, ir.Call) else decorator.expr
    if isinstance(expr, ir.Attr):
        return expr.attr
    return expr.id if isinstance(expr, ir.Name) else ""


def _head(name: str) -> str:
    """The first two parts of a dotted name: a module, or a name in one."""
    return ".".join(name.replace("()", "").split(".")[:2])


def _takes_requests(facts: Library, modules: Mapping[str, ir.ModuleIR], imported: set[str]) -> bool:
    """True where something in the project may come straight from an attacker: a request, a socket, a model's answer."""
    names = [name for name, source in facts.attributes.items() if source.trust == 0]
    names += [name for name, row in facts.calls.items() if row.source is not None and row.source.trust == 0]
    sources = {_head(name.removeprefix("<param>")) for name in names if not name.startswith(("?", "<request>", "<exc"))}
    if not sources.isdisjoint(imported):
        return True
    functions = (function for module in modules.values() for function in module.functions)
    return any(is_page(f) or any(p.name in {"request", "req"} for p in f.params) for f in functions)


@lru_cache(maxsize=4096)
def _runs_commands(mention: str) -> bool:
    return mention[0] == "." and RUNS_COMMANDS.search(mention[1:]) is not None


def _of_types(typed: Mapping[str, set[str]], module: ir.ModuleIR) -> set[str]:
    """The methods that are sinks of objects whose library the module mentions."""
    if not typed:
        return set()
    roots = {mention.partition(".")[0] for function in module.functions for mention in function.mentions}
    return {f".{method}" for method, libraries in typed.items() if not libraries.isdisjoint(roots)}


def _words(facts: Library, modules: Mapping[str, ir.ModuleIR]) -> tuple[set[str], dict[str, set[str]]]:
    """What a function that holds a sink must mention, one of these; and common method names with their libraries.

    Everything has a `get`: only where `requests` is mentioned, too, may it be the one of its sessions.
    """
    imported = {
        _head(target)
        for module in modules.values()
        for function in module.functions
        for target in function.mentions
        if not target.startswith((".", "<", "builtins."))
    }
    typed: defaultdict[str, set[str]] = defaultdict(set)
    words = {"urllib.parse.urljoin", ".geturl"}  # what they give counts where it is returned (see `evidence`)
    roots = {name.partition(".")[0] for name in imported}
    web = _takes_requests(facts, modules, imported)
    for name, row in facts.calls.items():
        if not row.sinks or (not web and all(sink.min_trust == 0 for sink in row.sinks)):
            continue
        if all(sink.incidental for sink in row.sinks):
            continue
        plain = name.removesuffix("=").removesuffix("[]")
        if plain.startswith("?"):
            words.add(f".{plain.rpartition('.')[2]}" if "." in plain else plain[1:])
        elif "()" in plain or plain.startswith("<"):
            root = plain.partition(".")[0]
            if plain.startswith("<") or root in roots:
                method = plain.rpartition(".")[2]
                if method in COMMON and not plain.startswith("<"):
                    typed[method].add(root)
                else:
                    words.add(f".{method}")
        else:
            words.add(plain)
    return words, typed


def _sets(function: ir.Function) -> bool:
    return function.name in {"__init__", "__post_init__", "__new__", "setUp"} or any(
        isinstance(s, ir.Assign) and any(isinstance(t, ir.Attr) for t in s.targets) for s in _flat(function.body)
    )


def _flat(body: Iterable[ir.Stmt]) -> Iterable[ir.Stmt]:
    stack = list(body)
    while stack:
        statement = stack.pop()
        yield statement
        if isinstance(statement, ir.If):
            stack += [*statement.then, *statement.other]
        elif isinstance(statement, (ir.Try, ir.With, ir.For, ir.While)):
            stack += statement.body


def statements_in(body: Iterable[ir.Stmt]) -> int:
    """How many statements a block holds, those in `if`, `try`, `with` and loops included."""
    return sum(1 for _ in _flat(body))
