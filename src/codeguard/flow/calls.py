"""Calls: into the project they are followed, of libraries they do what the tables say, of others taints pass."""

# rows and special functions share signatures
# ruff: noqa: ARG001

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

from codeguard.flow import evidence, ir
from codeguard.flow.conditions import CONDITIONS
from codeguard.flow.expressions import evaluate, iterate, part
from codeguard.flow.frame import Frame
from codeguard.flow.relevance import ROUTE_DECORATORS, decorated_by
from codeguard.flow.state import OTHER, Contents, State, attr_key, item_key, join_states
from codeguard.flow.values import (
    UNKNOWN,
    Callee,
    Label,
    Link,
    Taint,
    Taints,
    Value,
    constant,
    fresh_id,
    join,
    neutralise,
    step,
    union,
    unknown,
    with_taints,
)
from codeguard.knowledge.flow.model import ALL_KINDS, NUMBER_SAFE, Call, Sink, Source

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


@dataclass(slots=True)
class Site:
    """One call as the special functions see it."""

    expr: ir.Call
    name: str
    args: list[Value]
    named: dict[str, Value]
    receiver: Value | None
    state: State
    frame: Frame
    analysis: Analysis
    unpacked: bool = False

    @property
    def at(self) -> int:
        """The call's ordinal."""
        return self.expr.at

    def arg(self, *places: int | str) -> Value | None:
        """The argument at the first of these positions or keywords that the call gives."""
        for place in places:
            if isinstance(place, int):
                if place < len(self.args):
                    return self.args[place]
            elif place in self.named:
                return self.named[place]
        return None

    def every(self) -> list[Value]:
        """All arguments."""
        return [*self.args, *self.named.values()]


# -- parameters of root functions


def bind_root(function: ir.Function, owner: Value | None, state: State, path: str, analysis: Analysis) -> None:
    """Give a root function's parameters what the outside world may put there."""
    route = is_route(function, analysis)
    for number, param in enumerate(function.params):
        first = (
            number == 0 and owner is not None and not any(d.ref == "builtins.staticmethod" for d in function.decorators)
        )
        if first:
            state.env[param.name] = owner if owner is not None else UNKNOWN
            continue
        state.env[param.name] = _outside(param, function, route, path, state, analysis)


def _outside(
    param: ir.Param,
    function: ir.Function,
    route: bool,  # noqa: FBT001
    path: str,
    state: State,
    analysis: Analysis,
) -> Value:
    annotation = param.annotation
    if annotation is not None:
        row = analysis.library.attributes.get(f"<param>{annotation}")
        if row is not None:
            return analysis.sourced(row, path, param.at, row.type) if row.kind else Value(fresh_id(), type=row.type)
        found = analysis.resolve(annotation, path).ref
        if found is not None and found.kind == "class" and not route:
            from codeguard.flow.analysis import class_type  # noqa: PLC0415

            type_ = class_type(found.module, found.number)
            contents = analysis.class_env(found.module, found.number)
            cell = state.new_cell({attr_key(k): v for k, v in contents.items()})
            return Value(fresh_id(), _param_taint(param, function, path, 1), type=type_, cell=cell)
    if param.name in {"self", "cls"} and param is function.params[0]:  # a method without its class
        return Value(fresh_id(), cell=state.new_cell())
    if isinstance(param.default, ir.Call) and (param.default.ref or "").rpartition(".")[2] in {
        "Depends",
        "Security",
        "inject",
    }:
        return UNKNOWN
    if param.name in {"request", "req"} and annotation is None and not route and function.owner is None:
        row = analysis.library.attributes.get("<param>request")
        if row is not None:
            return Value(fresh_id(), type=row.type)
    taints = _param_taint(param, function, path, 0 if route else 1)
    if annotation in _NUMBERS:
        taints = neutralise(taints, NUMBER_SAFE)
    if param.kind:
        value = Value(fresh_id(), taints)
        type_ = "builtins.tuple" if param.kind == "*" else "builtins.dict"
        return Value(fresh_id(), taints, type=type_, cell=state.new_cell({OTHER: value}))
    plain = annotation if annotation in {"builtins.str", "builtins.bytes", "builtins.int", "pathlib.Path"} else None
    return Value(fresh_id(), taints, type=plain)


_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool", "uuid.UUID", "datetime.datetime",
                      "datetime.date",
                      "decimal.Decimal", "pydantic.PositiveInt"})  # fmt: skip


def _param_taint(param: ir.Param, function: ir.Function, path: str, trust: int) -> Taints:
    name = function.qualname or function.name
    kind, text = (
        ("request", f"the route parameter `{param.name}`")
        if trust == 0
        else ("param", f"the parameter `{param.name}` of `{name}`")
    )
    label = Label(kind, path, param.at, text, trust, name, param.name)
    return {label: Taint(frozenset(), (), Link(path, param.at, f"{text} may hold anything", None, 1))}


def is_route(function: ir.Function, analysis: Analysis) -> bool:
    """True for a function that a web framework calls with parts of a request."""
    for decorator in function.decorators:
        if decorated_by(decorator) in ROUTE_DECORATORS:
            call = decorator.expr
            first = call.args[0].value if isinstance(call, ir.Call) and call.args else None
            if isinstance(first, ir.Const) and isinstance(first.value, str) and first.value.startswith("/"):
                return True
    return False


def fixed_path(function: ir.Function) -> str | None:
    """The path that a route function answers to, where it is one without placeholders."""
    paths = set()
    for decorator in function.decorators:
        call = decorator.expr
        if decorated_by(decorator) in ROUTE_DECORATORS and isinstance(call, ir.Call) and call.args:
            first = call.args[0].value
            paths.add(first.value if isinstance(first, ir.Const) and isinstance(first.value, str) else "<")
    return paths.pop() if len(paths) == 1 and not any(set(p) & set("<{*:") for p in paths) else None


# -- calls


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
        inner = replace(target, ref=callee.inner)
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
        if special is not None:
            if row is not None:
                check_sinks(row, site)
            value = special(site)
            if value is not None:
                return value
            break
    if row is not None:
        check_sinks(row, site)
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
            site.analysis.judge(sink, site.at, f"?.{name}", judged, taints, site.frame)


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


def check_sinks(row: Call, site: Site) -> None:
    """Judge every sink of a library call."""
    for sink in row.sinks:
        if sink.when and not CONDITIONS[sink.when](site):
            continue
        values = [site.receiver] if sink.receiver and site.receiver is not None else _sink_values(sink, site)
        for value in values:
            judged, taints = narrowed(sink, value, site.state)
            site.analysis.judge(sink, site.at, site.name, judged, taints, site.frame)


def _sink_values(sink: Sink, site: Site) -> list[Value]:
    if "*" in sink.args:
        return site.every()
    value = site.arg(*sink.args)
    if value is None and "**" in site.named and any(isinstance(a, str) for a in sink.args):
        value = site.named["**"]
    return [value] if value is not None else []


def narrowed(sink: Sink, value: Value, state: State) -> tuple[Value, Taints]:
    """The part of a value that decides for this sink, and its taints."""
    if sink.part == "program":
        first = state.get(value, item_key(0)) if value.cell is not None else None
        if first is not None:
            return first, state.everything(first, 1)
        return value, state.everything(value)
    if sink.part == "shell" and value.cell is not None:
        # a list whose program is a shell: what follows `-c` is a command line
        first, second, third = (state.get(value, item_key(n)) for n in range(3))
        program = first.only() if first is not None and first.single else None
        flag = second.only() if second is not None and second.single else None
        if (
            isinstance(program, str)
            and program.rpartition("/")[2] in SHELLS
            and flag in {"-c", "/c", "/C", "-lc"}
            and third is not None
        ):
            return third, state.everything(third, 1)
        return (first, state.everything(first, 1)) if first is not None else (value, {})
    if sink.part == "start":
        return value, _start_taints(value, state)
    if sink.part == "page" and value.type == "builtins.tuple" and value.cell is not None:
        first = state.get(value, item_key(0))
        return (first, state.everything(first)) if first is not None else (value, {})
    if sink.kind == "path":
        return value, _path_taints(value, state)
    if sink.kind in WHOLE and _given_whole(value):
        return value, {label: t for label, t in state.everything(value).items() if label.kind != "param"}
    if sink.kind in QUOTING and value.shape is not None:
        return value, _quoted_taints(value, state)
    taints = state.everything(value)
    if sink.kind == "code":
        whole = frozenset({"quoted-start", "quoted-end", "quoted-inner"})  # the data is one string literal
        taints = {label: t for label, t in taints.items() if not whole <= t.neutral}
    return value, taints


# A parameter that is the whole filter is what the function is for: whoever calls it writes filters.
WHOLE = frozenset({"ldap", "xpath"})


def _given_whole(value: Value) -> bool:
    return value.shape is None or not any(isinstance(piece, str) and piece.strip() for piece in value.shape)


QUOTING = frozenset({"sql", "xpath"})


def _path_taints(value: Value, state: State) -> Taints:
    """For paths: a parameter that is the whole path, or its start, is what the function is for; below it is not."""
    taints = state.everything(value)
    if not any(label.kind == "param" for label in taints):
        return taints
    below = union(*(state.everything(p, 1) for p in (value.shape or ())[1:] if not isinstance(p, str)))
    return {label: t for label, t in taints.items() if label.kind != "param" or label in below}


def _quoted_taints(value: Value, state: State) -> Taints:
    """For statements: taints that can leave their place; what stands in quotes and holds no such quote cannot."""
    found: list[Taints] = []
    quote = ""
    for piece in value.shape or ():
        if isinstance(piece, str):
            for char in piece:
                if char in "'\"" and (not quote or char == quote):
                    quote = "" if quote else char
        else:
            taints = state.everything(piece, 1)
            mark = f"quote{quote}"
            found.append({label: t for label, t in taints.items() if not (quote and mark in t.neutral)})
    return union(*found)


SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "cmd", "cmd.exe", "powershell", "pwsh", "powershell.exe"})


def _start_taints(value: Value, state: State) -> Taints:
    """For URLs: taints that can change where it leads; what comes after `scheme://host/` cannot."""
    if value.shape is None:
        return state.everything(value)
    prefix = ""
    found: list[Taints] = []
    for piece in value.shape:
        if isinstance(piece, str):
            prefix += piece
        elif piece.single:
            prefix += str(piece.only())
        else:
            rest = prefix.partition("://")[2] if "://" in prefix else prefix
            if ("://" in prefix and "/" in rest) or ("://" in prefix and "?" in rest):
                break
            if prefix.startswith("/") and not prefix.startswith("//") and len(prefix) > 1:
                break
            taints = state.everything(piece, 1)
            found.append(taints)
            if not taints:
                break  # an unknown but trusted start (a configured base address) decides where it leads
    return union(*found)


def passed_through(site: Site, target: Value) -> Value:
    """The result of an unknown call: whatever went in may come out."""
    taints = [step(site.state.everything(v, 2), site.frame.module, site.at, "", v.id) for v in site.every()]
    if site.receiver is not None:
        taints.append(step(site.state.taints(site.receiver), site.frame.module, site.at, "", site.receiver.id))
    elif target.taints:
        taints.append(site.state.taints(target))
    name = site.name
    ref = Callee("library", name + "()") if name and not name.startswith("?") else None
    type_ = name if name and not name.startswith("?") and "()" not in name else None
    return Value(fresh_id(), union(*taints), type=type_, ref=ref)


def _call_back(site: Site) -> None:
    """A function of the project given to something unknown is called by it, with whatever."""
    for value in site.every():
        if value.ref is not None and value.ref.kind in {"function", "bound"}:
            site.analysis.note_callback(value.ref)


def result(
    row: Call, at: int, name: str, args: Sequence[Value], receiver: Value | None, state: State, frame: Frame,
    analysis: Analysis, named: dict[str, Value] | None = None,
) -> Value:  # fmt: skip
    """What a library call returns, by its row."""
    named = named or {}
    if row.source is not None:
        return analysis.sourced(row.source, frame.module, at, row.returns)
    if row.passes is None:
        inputs = [*args, *named.values()] + ([receiver] if receiver is not None else [])
    else:
        inputs = []
        for place in row.passes:
            if place == "self":
                inputs += [receiver] if receiver is not None else []
            elif isinstance(place, int):
                inputs += [args[place]] if place < len(args) else []
            elif place in named:
                inputs.append(named[place])
    text = f"passes through `{name.removeprefix('?.').removeprefix('builtins.')}`" if inputs else ""
    taints = union(*(step(state.everything(v, 2), frame.module, at, text, v.id) for v in inputs))
    if row.reveals:
        taints = {label: replace(taint, neutral=frozenset()) for label, taint in taints.items()}
    if row.cleans:
        taints = neutralise(taints, row.cleans)
    for place in row.fills:
        source = args[place] if isinstance(place, int) and place < len(args) else named.get(str(place))
        if source is not None and receiver is not None:
            state.put(receiver, OTHER, source)
    same: dict[int, frozenset[str]] | None = None
    if row.keeps:
        kept = (
            receiver
            if receiver is not None and (row.passes is None or "self" in row.passes)
            else (args[0] if args else None)
        )
        if kept is not None and kept.taints:
            same = {kept.id: ALL_KINDS, **(kept.same or {})}
    returns = row.returns
    if row.keeps and args and args[0].type == "<resolved path>":
        returns = args[0].type  # as text it can be tested for where it lies all the same
    return Value(fresh_id(), taints, type=returns, ref=_result_ref(name), same=same)


def _result_ref(name: str) -> Callee | None:
    return Callee("library", f"{name}()") if name and not name.startswith("?") and len(name) < 200 else None


# -- attributes


def attribute(
    e: ir.Attr, base: Value, state: State, frame: Frame, analysis: Analysis, *, called: bool = False
) -> Value:
    """`base.attr`, where the base does not hold it itself; `called`: it is about to be called."""
    from codeguard.flow.analysis import class_of, class_type, is_project  # noqa: PLC0415

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
        row = analysis.library.fields.get(e.attr) if base.taints else None
        if row is not None:
            value = result(row, e.at, e.attr, [], base, state, frame, analysis)
            if e.attr in {"netloc", "hostname"}:  # a URL without a host stays on its site
                value = replace(value, when_false=value.facts(frozenset({"redirect", "ssrf"})))
            return value
    taints = step(state.taints(base), frame.module, e.at, "", base.id)
    return Value(fresh_id(), taints, ref=Callee("library", names[0]) if names else None)


# WTForms and Django: what a form holds is what the visitor sent.
FORM_DATA = re.compile(r"Form\(\)(?:\.\w+)?\.(?:data|cleaned_data)$")
FORM = Source("request", "the form's data")


# -- calls into the project


def invoke(
    callee: Callee, args: list[Value], named: dict[str, Value], at: int, state: State, frame: Frame, analysis: Analysis
) -> Value:
    """Interpret a function of the project with these arguments; its effects go to `state`."""
    key = (callee.module, callee.number)
    function = analysis.modules[callee.module].functions[callee.number]
    given = [callee.receiver, *args] if callee.receiver is not None else list(args)
    if frame.depth >= analysis.max_calls or key in analysis.stack or not analysis.spend():
        taints = union(*(step(state.everything(v, 2), frame.module, at, "", v.id) for v in (*args, *named.values())))
        return unknown(taints)
    clean = _signature(key, given, named, state)
    if clean is not None and clean in analysis.clean:
        return _again(analysis.clean[clean], state)
    if clean is None and key not in analysis.relevant and (frame.depth >= SHALLOW or analysis.size(key) > SMALL):
        return unknown(
            union(*(step(state.everything(v, 2), frame.module, at, "", v.id) for v in (*args, *named.values())))
        )
    known_cells = set(state.heap) if clean is not None else set()
    closure = state.env if _inner(function, frame, callee.module) else analysis.closure_of(callee.module, function)
    inner = Frame(callee.module, callee.number, function, frame.depth + 1, callee.receiver, closure)
    bound: dict[str, Value] = {}
    _bind(function, given, named, bound, inner, at, state, frame, analysis)
    before = state.safe
    start = State(bound, dict(state.heap), dict(state.safe), state.base)
    analysis.stack.append(key)
    from codeguard.flow.statements import run_block  # noqa: PLC0415 - the two need each other

    end = run_block(function.body, start, inner, analysis)
    analysis.stack.pop()
    if end is not None:
        inner.returns.append((constant(None), end))
    value = _outcome(inner, function, before, at, state, frame, analysis)
    if clean is not None:
        _remember(clean, value, given, known_cells, state, analysis)
    return value


# A function that comes to no sink is only followed for what it does to untrusted data on the way, where it is small.
SHALLOW = 3
SMALL = 40


class Clean(NamedTuple):
    """What a call with nothing untrusted gave; `kept` holds what its signature refers to by identity."""

    value: Value
    contents: dict[int, Contents]
    kept: tuple[Contents, ...]


def _signature(key: tuple[str, int], given: list[Value], named: dict[str, Value], state: State) -> Any:
    """What decides a call's outcome, where nothing untrusted goes in; None where something does."""
    parts: list[Any] = [key]
    for name, value in [*enumerate(given), *named.items()]:
        if state.everything(value, 2):
            return None
        ref = value.ref[:4] if value.ref is not None else None
        parts.append((name, value.consts, value.type, ref, id(state.held(value.cell)) if value.cell else 0))
    try:
        hash(tuple(parts))
    except TypeError:
        return None
    return tuple(parts)


def _remember(key: Any, value: Value, given: list[Value], cells: set[int], state: State, analysis: Analysis) -> None:
    """Keep a call's outcome, where it left what it was given as it was and its result is all its own."""
    contents: dict[int, Contents] = {}
    todo = [value]
    while todo:
        one = todo.pop()
        if one.cell is None or one.cell in contents:
            continue
        if one.cell in cells or one.cell in state.base or len(contents) > 40:
            return
        contents[one.cell] = state.held(one.cell)
        todo += contents[one.cell].values()
    kept = tuple(state.held(v.cell) for v in given if v.cell is not None)
    wanted = [part[4] for part in key[1:] if part[4]]
    if len(wanted) == len(kept) and any(id(k) != w for k, w in zip(kept, wanted, strict=True)):
        return
    analysis.clean[key] = Clean(replace(value, when_true=None, when_false=None), contents, kept)


def _again(clean: Clean, state: State) -> Value:
    """A remembered outcome, its containers made anew."""
    if not clean.contents:
        return clean.value
    cells = {old: fresh_id() for old in clean.contents}

    def moved(value: Value) -> Value:
        return replace(value, cell=cells[value.cell]) if value.cell in cells else value

    for old, held in clean.contents.items():
        state.heap[cells[old]] = {key: moved(item) for key, item in held.items()}
    return moved(clean.value)


def _inner(function: ir.Function, frame: Frame, module: str) -> bool:
    return module == frame.module and function.parent not in {None, 0} and function.parent == frame.number


def _bind(
    function: ir.Function, given: list[Value], named: dict[str, Value], bound: dict[str, Value], inner: Frame, at: int,
    state: State, frame: Frame, analysis: Analysis,
) -> None:  # fmt: skip
    rest = list(given)
    left = dict(named)
    spread = left.pop("**", None)
    for param in function.params:
        value: Value | None = None
        if param.kind == "*":
            value = Value(
                fresh_id(), type="builtins.tuple", cell=state.new_cell({item_key(n): v for n, v in enumerate(rest)})
            )
            rest = []
        elif param.kind == "**":
            value = Value(
                fresh_id(), type="builtins.dict", cell=state.new_cell({item_key(k): v for k, v in left.items()})
            )
        elif param.name in left:
            value = left.pop(param.name)
        elif rest and not param.keyword_only:
            value = rest.pop(0)
        elif spread is not None:
            value = spread
        elif param.default is not None:
            value = evaluate(
                param.default,
                State({}, state.heap, {}, state.base),
                Frame(inner.module, 0, analysis.modules[inner.module].functions[0]),
                analysis,
            )
        if value is None:
            value = UNKNOWN
        analysis.note_passed(inner, param.name, value, state, frame)
        if value.taints:
            text = f"is passed to `{function.name}` as `{param.name}`"
            value = with_taints(value, step(state.taints(value), frame.module, at, text))
        bound[param.name] = value


def _outcome(
    inner: Frame, function: ir.Function, before: dict[int, frozenset[str]], at: int, state: State, frame: Frame,
    analysis: Analysis,
) -> Value:  # fmt: skip
    if not inner.returns:
        return Value(fresh_id(), type="typing.NoReturn")
    merged: State | None = None
    for _, one in inner.returns:
        merged = join_states(merged, State({}, one.heap, one.safe, one.base))
    if merged is not None:
        state.heap.update(merged.heap)
        state.learn(merged.safe)
    if function.is_generator or inner.yields:
        made = Value(fresh_id(), type="builtins.list", cell=state.new_cell({}))
        for item in inner.yields:
            state.put(made, OTHER, item)
        return made
    value: Value | None = None
    true: list[dict[int, frozenset[str]]] = []
    false: list[dict[int, frozenset[str]]] = []
    for returned, one in inner.returns:
        fixed = with_taints(returned, one.taints(returned))
        value = fixed if value is None else join(value, fixed)
        learnt = {
            k: kinds - before.get(k, frozenset()) for k, kinds in one.safe.items() if kinds - before.get(k, frozenset())
        }
        answers = None if returned.consts is None else {bool(c) for c in returned.consts}
        if answers != {False}:
            true.append(_more(learnt, returned.when_true))
        if answers != {True}:
            false.append(_more(learnt, returned.when_false))
    assert value is not None  # noqa: S101 - there is at least one return
    return replace(value, when_true=_common(true), when_false=_common(false))


def _more(one: dict[int, frozenset[str]], two: Any) -> dict[int, frozenset[str]]:
    out = dict(one)
    for key, kinds in (two or {}).items():
        out[key] = out.get(key, frozenset()) | kinds
    return out


def _common(many: list[dict[int, frozenset[str]]]) -> dict[int, frozenset[str]] | None:
    if not many:
        return None
    keys = set(many[0])
    for one in many[1:]:
        keys &= set(one)
    out = {}
    for key in keys:
        kinds = many[0][key]
        for one in many[1:]:
            kinds &= one[key]
        if kinds:
            out[key] = kinds
    return out or None


def instantiate(callee: Callee, site: Site) -> Value:
    """An object of a class of the project."""
    from codeguard.flow.analysis import class_type  # noqa: PLC0415

    type_ = class_type(callee.module, callee.number)
    contents = {attr_key(k): v for k, v in site.analysis.class_env(callee.module, callee.number).items()}
    made = Value(fresh_id(), type=type_, cell=site.state.new_cell(contents))
    init = site.analysis.method(type_, "__init__")
    if init is not None:
        invoke(
            Callee("bound", "__init__", *init, receiver=made),
            site.args,
            site.named,
            site.at,
            site.state,
            site.frame,
            site.analysis,
        )
        return made
    bases = site.analysis.bases(type_)
    enum = any(b.rpartition(".")[2] in {"Enum", "IntEnum", "StrEnum"} for b in bases)
    if enum:
        return made  # only members come out: a lookup that fails raises
    for name, value in site.named.items():
        site.state.put(made, attr_key(name), value)
    taints = union(*(site.state.everything(v, 2) for v in site.args))
    return replace(made, taints=taints) if taints else made


# -- stores and returns that are sinks


def stored(
    at: int, owner: Value, attr: str | None, index: Value | None, value: Value, state: State, frame: Frame,
    analysis: Analysis,
) -> None:  # fmt: skip
    """`owner.attr = value` or `owner[index] = value` where the tables have a sink for it."""
    names = []
    if owner.ref is not None and owner.ref.kind == "library":
        names.append(owner.ref.name)
    if owner.type is not None:
        names.append(f"{owner.type}()")
    suffix = "[]=" if attr is None else f".{attr}="
    last = names[0].rpartition(".")[2] if names else ""
    row = analysis.library.call(*(f"{name}{suffix}" for name in names), f"?.{last}{suffix}", f"?{suffix}")
    if row is None:
        return
    for sink in row.sinks:
        judged = index if "index" in sink.args and index is not None else value
        analysis.judge(sink, at, names[0] if names else "", judged, state.everything(judged), frame)


def returned(s: ir.Return, value: Value, state: State, frame: Frame, analysis: Analysis) -> None:
    """What a route handler returns as text is an HTML page."""
    if frame.depth or frame.number == 0:
        return
    if not is_route(frame.function, analysis):
        sink = evidence.returned(value)
        if sink is not None:
            judged, taints = narrowed(sink, value, state)
            analysis.judge(sink, s.at, "return", judged, taints, frame)
        return
    if isinstance(s.value, ir.Call) and (s.value.ref or "").startswith("<local>"):
        callee = analysis.resolve_local(s.value, frame)
        if callee is not None and is_route(callee, analysis):
            return  # that handler's own page
    row = analysis.library.calls.get("<return>")
    if row is None:
        return
    parts = [value]
    if value.type == "builtins.tuple" and value.cell is not None:
        first = state.get(value, item_key(0))
        parts = [first] if first is not None else []
    for page in parts:
        if page.cell is not None or (page.type not in {None, "builtins.str"} and not page.shape):
            continue
        if page.shape is None and page.type != "builtins.str":
            continue
        for sink in row.sinks:
            analysis.judge(sink, s.at, "return", page, state.everything(page, 1), frame)
