"""Statements: how the state changes from one to the next, and where paths part, meet and end."""

# every kind of statement is run by the same signature
# ruff: noqa: ARG001

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from codeguard.flow import ir
from codeguard.flow.expressions import evaluate, iterate, truth
from codeguard.flow.frame import Frame, Loop
from codeguard.flow.guards import assume
from codeguard.flow.state import OTHER, State, attr_key, item_key, join_states
from codeguard.flow.strings import operate
from codeguard.flow.values import UNKNOWN, Callee, Value, constant, fresh_id, join, union, unknown

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis

LOOP_TURNS = 2  # a value needs one turn to enter a loop's variable, and one to come round

# Calls that do not return.
ENDS = frozenset(
    {
        "sys.exit", "os._exit", "os.abort", "builtins.exit", "builtins.quit", "flask.abort", "abort",
        "werkzeug.exceptions.abort", "bottle.abort", "pytest.fail", "pytest.skip", "sanic.exceptions.abort",
    }
)  # fmt: skip


def run_block(block: Iterable[ir.Stmt], state: State | None, frame: Frame, analysis: Analysis) -> State | None:
    """The state after a block, or None where no path comes out of it."""
    for statement in block:
        if state is None or not analysis.spend():
            return state
        state = _RUN[type(statement)](statement, state, frame, analysis)
        if state is not None and frame.raised:
            frame.raised[-1].append(state.copy())
    return state


def _assign(s: ir.Assign, state: State, frame: Frame, analysis: Analysis) -> State | None:
    value = evaluate(s.value, state, frame, analysis)
    for target in s.targets:
        store(target, value, state, frame, analysis)
    return state


def store(target: ir.Expr, value: Value, state: State, frame: Frame, analysis: Analysis) -> None:
    """Bind a target to a value."""
    if isinstance(target, ir.Name):
        state.env[target.id] = value
        if target.id in frame.globals:
            analysis.set_global(frame.module, target.id, value)
    elif isinstance(target, ir.Attr):
        owner = evaluate(target.base, state, frame, analysis)
        analysis.store_attribute(target, owner, value, state, frame)
        state.put(owner, attr_key(target.attr), value)
        _forget(owner, attr_key(target.attr), value, state)
    elif isinstance(target, ir.Sub):
        owner = evaluate(target.base, state, frame, analysis)
        index = evaluate(target.index, state, frame, analysis)
        analysis.store_item(target, owner, index, value, state, frame)
        state.put(owner, item_key(index.only()) if index.single else OTHER, value)
        _forget(owner, item_key(index.only()) if index.single else OTHER, value, state)
        if owner.cell is None and value.taints and isinstance(target.base, ir.Name):
            taints = union(state.taints(owner), state.taints(value))
            state.env[target.base.id] = Value(fresh_id(), taints, type=owner.type, ref=owner.ref)
    elif isinstance(target, ir.Seq):
        unpack(target.items, value, state, frame, analysis)
    elif isinstance(target, ir.Star):
        store(target.value, iterate(value, state), state, frame, analysis)


def _forget(owner: Value, key: Any, value: Value, state: State) -> None:
    """What was read from a value of unknown contents before is no longer there."""
    if owner.cell is None and owner.id in state.heap:
        state.heap[owner.id] = {} if key == OTHER else {**state.heap[owner.id], key: value}


def unpack(targets: tuple[ir.Expr, ...], value: Value, state: State, frame: Frame, analysis: Analysis) -> None:
    """Bind several targets to the items of a value."""
    starred = any(isinstance(t, ir.Star) for t in targets)
    for number, target in enumerate(targets):
        item = None if starred else state.get(value, item_key(number))
        if item is None and not starred and value.single and isinstance(value.consts[0], (tuple, list, str)):  # type: ignore[index]
            held: Any = value.consts[0]  # type: ignore[index]
            item = constant(held[number]) if number < len(held) else None
        store(target, item if item is not None else iterate(value, state), state, frame, analysis)


def _aug(s: ir.Aug, state: State, frame: Frame, analysis: Analysis) -> State | None:
    old = evaluate(s.target, state, frame, analysis)
    more = evaluate(s.value, state, frame, analysis)
    if s.op == "+" and old.cell is not None:  # a list takes up another's items
        item = iterate(more, state)
        state.put(old, OTHER, item)
        return state
    store(s.target, operate(s.op, s.at, old, more, state, frame), state, frame, analysis)
    return state


def _expression(s: ir.ExprStmt, state: State, frame: Frame, analysis: Analysis) -> State | None:
    call = s.value.value if isinstance(s.value, ir.Await) else s.value
    frame.statement = call
    value = evaluate(s.value, state, frame, analysis)
    frame.statement = None
    if isinstance(call, ir.Call):
        if call.ref in ENDS or value.type == "typing.NoReturn":
            return None
        if value.when_true is None and value.when_false is None:
            return state
    return state


def _return(s: ir.Return, state: State, frame: Frame, analysis: Analysis) -> State | None:
    value = evaluate(s.value, state, frame, analysis) if s.value is not None else constant(None)
    analysis.returned(s, value, state, frame)
    frame.returns.append((value, state))
    return None


def _raise(s: ir.Raise, state: State, frame: Frame, analysis: Analysis) -> State | None:
    if s.value is not None:
        evaluate(s.value, state, frame, analysis)
    return None


def _leave(s: ir.Leave, state: State, frame: Frame, analysis: Analysis) -> State | None:
    if frame.loops:
        loop = frame.loops[-1]
        (loop.breaks if s.kind == "break" else loop.continues).append(state)
    return None


def _if(s: ir.If, state: State, frame: Frame, analysis: Analysis) -> State | None:
    test = evaluate(s.test, state, frame, analysis)
    known = truth(test)
    then = None if known is False else assume(s.test, test, True, state.copy(), frame, analysis)  # noqa: FBT003
    other = None if known is True else assume(s.test, test, False, state, frame, analysis)  # noqa: FBT003
    if known is False:
        analysis.verdicts.unreachable(s.then, frame)
    elif known is True:
        analysis.verdicts.unreachable(s.other, frame)
    if then is not None:
        analysis.verdicts.reachable(s.then, frame)
    if other is not None:
        analysis.verdicts.reachable(s.other, frame)
    after_then = run_block(s.then, then, frame, analysis)
    after_other = run_block(s.other, other, frame, analysis)
    return join_states(after_then, after_other)


def _while(s: ir.While, state: State, frame: Frame, analysis: Analysis) -> State | None:
    out: State | None = None
    current: State | None = state
    for _ in range(LOOP_TURNS):
        if current is None:
            break
        test = evaluate(s.test, current, frame, analysis)
        known = truth(test)
        if known is not True:
            out = join_states(out, assume(s.test, test, False, current.copy(), frame, analysis))  # noqa: FBT003
        if known is False:
            break
        entered = assume(s.test, test, True, current.copy(), frame, analysis)  # noqa: FBT003
        end, breaks = _turn(s.body, entered, frame, analysis)
        for state_ in breaks:
            out = join_states(out, state_)
        current = join_states(current, end)
    if truth(evaluate(s.test, current, frame, analysis)) is not True if current is not None else False:
        out = join_states(out, current)
    return run_block(s.other, out, frame, analysis) if s.other else out


def _turn(
    body: tuple[ir.Stmt, ...], state: State | None, frame: Frame, analysis: Analysis
) -> tuple[State | None, list[State]]:
    """One turn of a loop: the state at its end (`continue` included), and those in which it was broken off."""
    loop = Loop()
    frame.loops.append(loop)
    end = run_block(body, state, frame, analysis)
    frame.loops.pop()
    for again in loop.continues:
        end = join_states(end, again)
    return end, loop.breaks


def _for(s: ir.For, state: State, frame: Frame, analysis: Analysis) -> State | None:
    source = evaluate(s.iter, state, frame, analysis)
    analysis.loop_over(s, source, state, frame)
    out: State | None = state
    tested: frozenset[str] | None = None
    for _ in range(LOOP_TURNS):
        entered = (out or state).copy()
        item = iterate(source, entered)
        before = entered.safe.get(item.id, frozenset())
        store(s.target, item, entered, frame, analysis)
        end, breaks = _turn(s.body, entered, frame, analysis)
        if breaks:
            tested = frozenset()
        elif end is not None and item.taints:
            learnt = end.safe.get(item.id, frozenset()) - before
            tested = learnt if tested is None else tested & learnt
        out = join_states(out, end)
        for broken in breaks:
            out = join_states(out, broken)
    if tested and out is not None:  # every item was tested: what holds of each holds of the whole
        held = state.any_item(source)
        for one in (source, *((held,) if held is not None else ())):
            out.learn(one.facts(tested))
    return run_block(s.other, out, frame, analysis) if s.other else out


def _try(s: ir.Try, state: State, frame: Frame, analysis: Analysis) -> State | None:
    frame.raised.append([state.copy()])
    end = run_block(s.body, state, frame, analysis)
    reached = frame.raised.pop()
    end = run_block(s.other, end, frame, analysis) if s.other else end
    entry: State | None = None
    for point in _thinned(reached):
        entry = join_states(entry, point)
    out = end
    for handler in s.handlers:
        inside = entry.copy() if entry is not None else None
        if inside is not None and handler.name:
            inside.env[handler.name] = analysis.caught(handler, frame)
        out = join_states(out, run_block(handler.body, inside, frame, analysis))
    if s.final:
        out = (
            run_block(s.final, out if out is not None else entry, frame, analysis)
            if out is not None
            else (run_block(s.final, entry.copy() if entry is not None else None, frame, analysis) and None)
        )
    return out


def _thinned(states: list[State], most: int = 6) -> list[State]:
    """Some of the points at which a block may be left: the first, the last and a few between."""
    if len(states) <= most:
        return states
    stride = max(len(states) // (most - 1), 1)
    return [*states[:-1:stride], states[-1]]


def _with(s: ir.With, state: State, frame: Frame, analysis: Analysis) -> State | None:
    for item, target in s.items:
        value = evaluate(item, state, frame, analysis)
        entered = analysis.entered(item, value, state, frame)
        if target is not None:
            store(target, entered, state, frame, analysis)
    return run_block(s.body, state, frame, analysis)


def _match(s: ir.Match, state: State, frame: Frame, analysis: Analysis) -> State | None:
    subject = evaluate(s.subject, state, frame, analysis)
    out: State | None = None
    exhausted = False
    for case in s.cases:
        inside = state.copy()
        taken = analysis.matched(subject, case.values, inside)
        if not taken:
            continue
        for name in case.binds:
            inside.env[name] = subject if case.values is None else constant(case.values[0])
        entered: State | None = inside
        if case.guard is not None:
            test = evaluate(case.guard, inside, frame, analysis)
            entered = assume(case.guard, test, True, inside, frame, analysis)  # noqa: FBT003
        exhausted = exhausted or (case.values is None and case.guard is None and len(case.binds) <= 1)
        out = join_states(out, run_block(case.body, entered, frame, analysis))
    return out if exhausted else join_states(out, state)


def _del(s: ir.Del, state: State, frame: Frame, analysis: Analysis) -> State | None:
    for target in s.targets:
        if isinstance(target, ir.Name):
            state.env.pop(target.id, None)
        else:
            evaluate(target, state, frame, analysis)
    return state


def _assert(s: ir.Assert, state: State, frame: Frame, analysis: Analysis) -> State | None:
    test = evaluate(s.test, state, frame, analysis)
    return None if truth(test) is False else assume(s.test, test, True, state, frame, analysis)  # noqa: FBT003


def _define(s: ir.Define, state: State, frame: Frame, analysis: Analysis) -> State | None:
    kind, number = ("function", s.function) if s.function is not None else ("class", s.cls)
    callee = Callee(kind, s.name, frame.module, number if number is not None else -1)
    state.env[s.name] = analysis.defined(callee, Value(fresh_id(), ref=callee), state, frame)
    return state


def _import(s: ir.Import, state: State, frame: Frame, analysis: Analysis) -> State | None:
    for local, target in s.names:
        state.env[local] = analysis.resolve(target, frame.module)
    return state


def _global(s: ir.Global, state: State, frame: Frame, analysis: Analysis) -> State | None:
    frame.globals.update(s.names)
    return state


_RUN: dict[type[Any], Any] = {
    ir.Assign: _assign,
    ir.Aug: _aug,
    ir.ExprStmt: _expression,
    ir.Return: _return,
    ir.Raise: _raise,
    ir.Leave: _leave,
    ir.If: _if,
    ir.While: _while,
    ir.For: _for,
    ir.Try: _try,
    ir.With: _with,
    ir.Match: _match,
    ir.Del: _del,
    ir.Assert: _assert,
    ir.Define: _define,
    ir.Import: _import,
    ir.Global: _global,
}

__all__ = ["UNKNOWN", "join", "run_block", "store", "unknown"]
