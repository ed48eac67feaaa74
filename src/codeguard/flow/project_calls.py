"""Calls into the project: a function is interpreted with the values that it is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from codeguard.flow import ir
from codeguard.flow.classes import class_type
from codeguard.flow.expressions import evaluate
from codeguard.flow.frame import Frame
from codeguard.flow.state import OTHER, Contents, State, attr_key, item_key, join_states
from codeguard.flow.values import (
    UNKNOWN,
    Callee,
    Value,
    constant,
    fresh_id,
    join,
    step,
    union,
    unknown,
    with_taints,
)

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis
    from codeguard.flow.site import Site


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
    reaches = frame.depth + 1 + analysis.relevant.get(key, analysis.max_calls) <= analysis.max_calls
    if clean is None and not reaches and analysis.size(key) > (SMALL if frame.depth < SHALLOW else TINY):
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
    value = _outcome(inner, function, before, state)
    if clean is not None:
        _remember(clean, value, given, known_cells, state, analysis)
    return value


# A function that comes to no sink within the calls that are left is only followed where it is small, for what it does
# to untrusted data on the way.
SHALLOW = 3
SMALL = 40
TINY = 6  # at any depth: validators and converters stand at the end of the longest chains


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
    analysis.clean[key] = Clean(value._replace(when_true=None, when_false=None), contents, kept)


def _again(clean: Clean, state: State) -> Value:
    """A remembered outcome, its containers made anew."""
    if not clean.contents:
        return clean.value
    cells = {old: fresh_id() for old in clean.contents}

    def moved(value: Value) -> Value:
        return value._replace(cell=cells[value.cell]) if value.cell in cells else value

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


def _outcome(inner: Frame, function: ir.Function, before: dict[int, frozenset[str]], state: State) -> Value:
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
    return value._replace(when_true=_common(true), when_false=_common(false))


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
    return made._replace(taints=taints) if taints else made
