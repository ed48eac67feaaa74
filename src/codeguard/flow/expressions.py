"""Expressions: the value of each, with what evaluating it does to the state."""

# every kind of expression is evaluated by the same signature
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import TYPE_CHECKING, Any

from codeguard.flow import ir
from codeguard.flow.frame import Frame
from codeguard.flow.state import OTHER, State, attr_key, item_key
from codeguard.flow.strings import compare, compute, formatted, operate
from codeguard.flow.values import (
    UNKNOWN,
    Callee,
    Value,
    constant,
    fresh_id,
    join,
    library,
    step,
    union,
    unknown,
)
from codeguard.knowledge.flow.model import NUMBER_SAFE

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


def evaluate(expr: ir.Expr, state: State, frame: Frame, analysis: Analysis) -> Value:
    """The value of an expression."""
    return _EVALUATE[expr.__class__](expr, state, frame, analysis)  # type: ignore[no-any-return]


def truth(value: Value) -> bool | None:
    """Whether a value is true, where its constants tell."""
    if value.consts is None:
        return None
    answers = {bool(c) for c in value.consts}
    return answers.pop() if len(answers) == 1 else None


def iterate(value: Value, state: State) -> Value:
    """One of the things that iterating gives, whichever."""
    if value.single and isinstance(value.only(), (tuple, list)):
        held = value.only()
        if held and len(held) <= 12:
            return Value(fresh_id(), consts=tuple(held), type=f"builtins.{type(held[0]).__name__}")
        return UNKNOWN
    if value.type == "builtins.dict":
        keys = [k[2] for k in state.contents(value) if isinstance(k, tuple) and k[0] == "item"]
        if keys and OTHER not in state.contents(value) and len(keys) <= 12:
            return Value(fresh_id(), consts=tuple(keys))
        return Value(fresh_id(), state.taints(value))
    item = state.any_item(value)
    taints = step(state.taints(value), "", 0, "", value.id)
    if item is None:
        return Value(fresh_id(), taints)
    if not taints:
        return item
    return Value(item.id, union(item.taints, taints), item.consts, item.type, item.cell, item.shape, item.ref)


def _name(e: ir.Name, state: State, frame: Frame, analysis: Analysis) -> Value:
    found = state.env.get(e.id)
    if found is not None:
        return found
    if e.id in frame.closure:
        return frame.closure[e.id]
    if e.id in frame.function.locals and frame.number != 0:
        return UNKNOWN
    return analysis.global_name(e, frame)


def _const(e: ir.Const, state: State, frame: Frame, analysis: Analysis) -> Value:
    if isinstance(e.value, list):
        return Value(fresh_id(), consts=(tuple(e.value),), type="builtins.list")
    return constant(e.value)


def _attr(e: ir.Attr, state: State, frame: Frame, analysis: Analysis) -> Value:
    base = evaluate(e.base, state, frame, analysis)
    held = state.contents(base).get(attr_key(e.attr))
    if held is not None:
        return held
    return part(base, attr_key(e.attr), analysis.attribute(e, base, state, frame), state)


def part(base: Value, key: Any, value: Value, state: State) -> Value:
    """What is read from an untrusted value of unknown contents: the same, when it is read again.

    Else a test of `data["name"]` would say nothing of the next `data["name"]`.
    """
    if base.cell is not None or not base.taints or (value.ref is not None and value.ref.kind != "library"):
        return value
    held = state.heap.get(base.id)
    if held is not None and key in held:
        return held[key]
    state.heap[base.id] = {**(held or {}), key: value}
    return value


def _sub(e: ir.Sub, state: State, frame: Frame, analysis: Analysis) -> Value:
    base = evaluate(e.base, state, frame, analysis)
    if isinstance(e.index, ir.Slice):
        bounds = [
            evaluate(b, state, frame, analysis) if b is not None else constant(None)
            for b in (e.index.lower, e.index.upper)
        ]
        consts = compute(lambda b, lo, hi: b[lo:hi], base, *bounds)
        if consts is not None:
            return Value(fresh_id(), consts=consts, type=base.type)
        taints = step(state.everything(base, 1), frame.module, e.at, "", base.id)
        inner = [b.consts for b in bounds] == [(1,), (-1,)] and base.taints
        same = {base.id: frozenset({"quoted-inner"})} if inner else None
        return Value(fresh_id(), taints, type=base.type, cell=base.cell, same=same)
    index = evaluate(e.index, state, frame, analysis)
    consts = compute(lambda b, i: b[i], base, index)
    if consts is not None:
        return constant(consts[0]) if len(consts) == 1 else Value(fresh_id(), consts=consts)
    found = analysis.subscript(e, base, index, state, frame)
    if found is not None:
        return found
    if base.cell is not None:
        if index.consts is not None:
            items = [state.get(base, item_key(c)) for c in index.consts]
            known = [i for i in items if i is not None]
            if known:
                return reduce(join, known)
        elif (item := state.any_item(base)) is not None:
            return item  # whatever the key, the result is one of what is held
        if not state.taints(base) and OTHER not in state.contents(base) and state.contents(base):
            return unknown()
    taints = step(state.taints(base), frame.module, e.at, "", base.id)
    made = Value(fresh_id(), taints, ref=_item_ref(base))
    return part(base, item_key(index.only()), made, state) if index.single else made


def _item_ref(base: Value) -> Callee | None:
    return Callee("library", base.ref.name + "[]") if base.ref is not None and base.ref.kind == "library" else None


def _slice(e: ir.Slice, state: State, frame: Frame, analysis: Analysis) -> Value:
    return UNKNOWN


def _call(e: ir.Call, state: State, frame: Frame, analysis: Analysis) -> Value:
    return analysis.call(e, state, frame)


def _bin(e: ir.Bin, state: State, frame: Frame, analysis: Analysis) -> Value:
    chain: list[ir.Bin] = []
    left: Any = e
    while isinstance(left, ir.Bin):
        chain.append(left)
        left = left.left
    value = evaluate(left, state, frame, analysis)
    for link in reversed(chain):
        right = evaluate(link.right, state, frame, analysis)
        if link.op == "*" and (right.taints or value.taints):
            analysis.repeated(link.at, value, right, state, frame)
        value = operate(link.op, link.at, value, right, state, frame)
    if value.shape is not None and len(value.shape) > 1:
        analysis.verdicts.built(e.at, value, state, frame)
    return value


def _bool(e: ir.Bool, state: State, frame: Frame, analysis: Analysis) -> Value:
    from codeguard.flow.guards import assume  # noqa: PLC0415 - the two need each other

    left = evaluate(e.left, state, frame, analysis)
    known = truth(left)
    if known is not None and known is (e.op == "or"):
        return left
    after = assume(e.left, left, e.op == "and", state.copy(), frame, analysis)
    if after is None:
        return left
    right = evaluate(e.right, after, frame, analysis)
    state.adopt(after)
    if known is not None:
        return right
    value = join(left, right) if e.op == "or" else right
    facts_l, facts_r = (left.when_true, right.when_true) if e.op == "and" else (left.when_false, right.when_false)
    both: dict[int, frozenset[str]] = {}
    for facts in (facts_l, facts_r):
        for key, kinds in (facts or {}).items():
            both[key] = both.get(key, frozenset()) | kinds
    one_l, one_r = (left.when_false, right.when_false) if e.op == "and" else (left.when_true, right.when_true)
    either = {k: one_l[k] & one_r[k] for k in one_l.keys() & one_r.keys()} if one_l and one_r else None
    when_true, when_false = (both or None, either) if e.op == "and" else (either, both or None)
    taints = union(state.taints(left), after.taints(right)) if e.op == "or" else after.taints(right)
    return Value(value.id, taints, value.consts, value.type, value.cell, value.shape, value.ref, when_true, when_false)


def _unary(e: ir.Unary, state: State, frame: Frame, analysis: Analysis) -> Value:
    value = evaluate(e.value, state, frame, analysis)
    if e.op == "not":
        known = truth(value)
        consts = None if known is None else (not known,)
        return Value(
            fresh_id(), consts=consts, type="builtins.bool", when_true=value.when_false, when_false=value.when_true
        )
    consts = compute({"-": lambda v: -v, "+": lambda v: +v, "~": lambda v: ~v}.get(e.op, lambda v: v), value)
    if consts is not None:
        return Value(fresh_id(), consts=consts, type=value.type)
    return Value(fresh_id(), state.taints(value), type=value.type)


def _compare(e: ir.Compare, state: State, frame: Frame, analysis: Analysis) -> Value:
    from codeguard.flow.guards import comparison_facts  # noqa: PLC0415 - the two need each other

    left = evaluate(e.left, state, frame, analysis)
    consts: tuple[bool, ...] | None = (True,)
    true: dict[int, frozenset[str]] = {}
    false: dict[int, frozenset[str]] | None = {}
    for op, operand in e.rest:
        right = evaluate(operand, state, frame, analysis)
        answer = compare(op, left, right, state)
        consts = None if consts is None or answer is None else tuple({bool(a) and c for a in answer for c in consts})
        good, bad = comparison_facts(op, left, right, state, e, frame, analysis)
        true.update(good)
        false = bad if len(e.rest) == 1 else None
        left = right
    return Value(fresh_id(), consts=consts, type="builtins.bool", when_true=true or None, when_false=false or None)


def _if_exp(e: ir.IfExp, state: State, frame: Frame, analysis: Analysis) -> Value:
    from codeguard.flow.guards import assume  # noqa: PLC0415 - the two need each other

    test = evaluate(e.test, state, frame, analysis)
    known = truth(test)
    values = []
    for wanted, branch in ((True, e.then), (False, e.other)):
        if known is not None and known is not wanted:
            continue
        inside = assume(e.test, test, wanted, state.copy(), frame, analysis)
        if inside is None:
            continue
        value = evaluate(branch, inside, frame, analysis)
        state.adopt(inside)
        values.append(
            Value(value.id, inside.taints(value), value.consts, value.type, value.cell, value.shape, value.ref)
        )
    if not values:
        return UNKNOWN
    return values[0] if len(values) == 1 else join(values[0], values[1])


def _join(e: ir.Join, state: State, frame: Frame, analysis: Analysis) -> Value:
    parts = [(evaluate(part, state, frame, analysis), spec) for part, spec in e.parts]
    value = formatted(e.at, parts, state, frame)
    if value.shape is not None and len(value.shape) > 1:
        analysis.verdicts.built(e.at, value, state, frame)
    return value


def _seq(e: ir.Seq, state: State, frame: Frame, analysis: Analysis) -> Value:
    values = [(isinstance(i, ir.Star), evaluate(i, state, frame, analysis)) for i in e.items]
    if e.kind == "unknown":
        return unknown(union(*(state.taints(v) for _, v in values)))
    kind = f"builtins.{e.kind}"
    if e.kind == "tuple" and values and all(not s and v.single for s, v in values):
        return Value(fresh_id(), consts=(tuple(v.only() for _, v in values),), type=kind)
    made = Value(fresh_id(), type=kind, cell=state.new_cell({}))
    for number, (starred, value) in enumerate(values):
        if starred:
            state.put(made, OTHER, iterate(value, state))
        else:
            state.put(made, item_key(number), value)
    return made


def _star(e: ir.Star, state: State, frame: Frame, analysis: Analysis) -> Value:
    return evaluate(e.value, state, frame, analysis)


def _dict(e: ir.Dict, state: State, frame: Frame, analysis: Analysis) -> Value:
    made = Value(fresh_id(), type="builtins.dict", cell=state.new_cell({}))
    for key, item in e.items:
        value = evaluate(item, state, frame, analysis)
        if key is None:
            for held_key, held in state.contents(value).items():
                state.put(made, held_key, held)
            if value.taints:
                state.put(made, OTHER, Value(fresh_id(), state.taints(value)))
        else:
            name = evaluate(key, state, frame, analysis)
            state.put(made, item_key(name.only()) if name.single else OTHER, value)
    analysis.instructed(e.at, made, state, frame)
    return made


def _comp(e: ir.Comp, state: State, frame: Frame, analysis: Analysis) -> Value:
    from codeguard.flow.guards import assume  # noqa: PLC0415 - the two need each other
    from codeguard.flow.statements import store  # noqa: PLC0415

    inside: State | None = state.copy()
    kind = "builtins.list" if e.kind == "generator" else f"builtins.{e.kind}"
    wholes: list[tuple[Value, Value, Value | None]] = []
    for generator in e.generators:
        if inside is None:
            break
        source = evaluate(generator.iter, inside, frame, analysis)
        item = iterate(source, inside)
        wholes.append((item, source, state.any_item(source)))
        store(generator.target, item, inside, frame, analysis)
        for condition in generator.ifs:
            if inside is None:
                break
            test = evaluate(condition, inside, frame, analysis)
            inside = assume(condition, test, True, inside, frame, analysis)  # noqa: FBT003
    made = Value(fresh_id(), type=kind, cell=state.new_cell({}))
    if inside is None:
        return made
    if e.key is not None:
        evaluate(e.key, inside, frame, analysis)
    item = evaluate(e.value, inside, frame, analysis)
    state.adopt(inside)
    fixed = Value(
        item.id, inside.taints(item), item.consts, item.type, item.cell, item.shape, item.ref,
        _of_wholes(item.when_true, wholes), _of_wholes(item.when_false, wholes),
    )  # fmt: skip
    state.put(made, OTHER, fixed)
    return made


def _of_wholes(
    facts: Mapping[int, frozenset[str]] | None, wholes: list[tuple[Value, Value, Value | None]]
) -> dict[int, frozenset[str]] | None:
    """Facts of the items of a comprehension, with what follows for what they are items of, where all have them."""
    if not facts:
        return None
    out = dict(facts)
    for item, *sources in wholes:
        if item.id in facts:
            for source in sources:
                if source is not None:
                    out.update(source.facts(facts[item.id]))
    return out


def _lambda(e: ir.Lambda, state: State, frame: Frame, analysis: Analysis) -> Value:
    return Value(fresh_id(), ref=Callee("function", "<lambda>", frame.module, e.function))


def _await(e: ir.Await, state: State, frame: Frame, analysis: Analysis) -> Value:
    return evaluate(e.value, state, frame, analysis)


def _yield(e: ir.Yield, state: State, frame: Frame, analysis: Analysis) -> Value:
    if e.value is not None:
        value = evaluate(e.value, state, frame, analysis)
        fixed = Value(
            value.id, state.everything(value, 1), value.consts, value.type, value.cell, value.shape, value.ref
        )
        frame.yields.append(iterate(fixed, state) if e.delegates else fixed)
    return UNKNOWN


def _walrus(e: ir.Walrus, state: State, frame: Frame, analysis: Analysis) -> Value:
    value = evaluate(e.value, state, frame, analysis)
    state.env[e.name] = value
    return value


_EVALUATE: dict[type[Any], Any] = {
    ir.Name: _name,
    ir.Const: _const,
    ir.Attr: _attr,
    ir.Sub: _sub,
    ir.Slice: _slice,
    ir.Call: _call,
    ir.Bin: _bin,
    ir.Bool: _bool,
    ir.Unary: _unary,
    ir.Compare: _compare,
    ir.IfExp: _if_exp,
    ir.Join: _join,
    ir.Seq: _seq,
    ir.Star: _star,
    ir.Dict: _dict,
    ir.Comp: _comp,
    ir.Lambda: _lambda,
    ir.Await: _await,
    ir.Yield: _yield,
    ir.Walrus: _walrus,
}

__all__ = ["NUMBER_SAFE", "evaluate", "iterate", "library", "truth"]
