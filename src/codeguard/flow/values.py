"""Abstract values: what may be in a variable, where it came from, and what has been done to make it safe.

A value is immutable.  What a list, dictionary or object holds lives in the state's heap (see `state`), so that aliases
see each other's changes.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

MAX_CONSTS = 12
MAX_LABELS = 12
MAX_PIECES = 24
MAX_VIA = 10
MAX_STEPS = 14

FIXED = "<fixed text>"
"""The type of a text that is made of constants only, whichever and however many."""

_ids = itertools.count(1)


def fresh_id() -> int:
    """An identity for a new value: copies of a value share it, values derived from it have their own."""
    return next(_ids)


def with_taints(value: Value, taints: Taints) -> Value:
    """The same value with other taints; `_replace` is several times slower, and this is the commonest."""
    if taints is value.taints:
        return value
    return Value(
        value.id, taints, value.consts, value.type, value.cell, value.shape, value.ref, value.when_true,
        value.when_false, value.same,
    )  # fmt: skip


class Label(NamedTuple):
    """Where untrusted data enters: its kind (`request`, `param`, `env`, ...), place, and words for people.

    `trust` is how far it is from an attacker: 0 is in the attacker's hands, 1 plausible (a parameter), 2 second-order
    (a database row, a file), 3 local (environment, command line).
    """

    kind: str
    path: str
    at: int
    text: str
    trust: int
    function: str = ""
    param: str = ""


class Link(NamedTuple):
    """One step of a trace; `before` is the step before it."""

    path: str
    at: int
    text: str
    before: Link | None
    length: int


class Taint(NamedTuple):
    """How one label reached a value: the kinds of sink it is safe for, the values it passed through, and the steps."""

    neutral: frozenset[str] = frozenset()
    via: tuple[int, ...] = ()
    trace: Link | None = None


Taints = Mapping[Label, Taint]
NO_TAINTS: Taints = {}


class Value(NamedTuple):
    """One abstract value.

    `consts`: every value it can have, if these are known constants.  `type`: the dotted name of its class, if known.
    `cell`: its contents in the heap.  `shape`: its text as constant pieces and holes.  `ref`: what it names, a
    `Callee`.  `when_true`, `when_false`: what is known safe (value id -> kinds) where this value is tested and is so.
    `same`: the values that it stands for in a test, and for which kinds (a resolved path for the path as given).
    """

    id: int
    taints: Taints = NO_TAINTS
    consts: tuple[Any, ...] | None = None
    type: str | None = None
    cell: int | None = None
    shape: tuple[str | Value, ...] | None = None
    ref: Callee | None = None
    when_true: Mapping[int, frozenset[str]] | None = None
    when_false: Mapping[int, frozenset[str]] | None = None
    same: Mapping[int, frozenset[str]] | None = None

    def facts(self, kinds: frozenset[str]) -> dict[int, frozenset[str]]:
        """What is known where this value is found safe for `kinds`: it, and what it stands for, is."""
        out = {self.id: kinds}
        for key, limit in (self.same or {}).items():
            if kinds & limit:
                out[key] = kinds & limit
        return out

    @property
    def tainted(self) -> bool:
        """True where any untrusted data is in it."""
        return bool(self.taints)

    def only(self) -> Any:
        """Its one constant value; raises ValueError where it is not just one."""
        if self.consts is None or len(self.consts) != 1:
            raise ValueError("not one constant")
        return self.consts[0]

    @property
    def single(self) -> bool:
        """True where it is known to be one constant."""
        return self.consts is not None and len(self.consts) == 1


class Callee(NamedTuple):
    """Something that can be called.

    Its kind is `function` or `class` of the project (`module` path and `number`), `bound` (a function with its
    `receiver`), `library` (a dotted name), `partial` (`inner` with `args` already given).
    """

    kind: str
    name: str = ""
    module: str = ""
    number: int = -1
    receiver: Value | None = None
    inner: Callee | None = None
    args: tuple[Any, ...] = ()


UNKNOWN = Value(0)


def unknown(taints: Taints = NO_TAINTS, type_: str | None = None) -> Value:
    """A value of which only taints and class are known."""
    return Value(fresh_id(), taints, type=type_)


def constant(value: Any) -> Value:
    """A known constant."""
    type_ = type(value)
    name = _CONSTANT_TYPES.get(type_) or f"builtins.{type_.__name__}"
    return Value(next(_ids), NO_TAINTS, (value,), name, None, (value,) if isinstance(value, str) else None)


_CONSTANT_TYPES = {type_: f"builtins.{type_.__name__}" for type_ in (str, int, bool, bytes, float, type(None))}


def fact(value: Value, kinds: frozenset[str]) -> Value:
    """The answer of a test that, where it is true, shows a value to be safe for kinds of sink."""
    return Value(fresh_id(), type="builtins.bool", when_true=value.facts(kinds))


def library(name: str) -> Value:
    """A name of a library."""
    return Value(fresh_id(), ref=Callee("library", name))


def same_const(a: Any, b: Any) -> bool:
    """Equality that tells `1` from `True` and `1.0`."""
    return type(a) is type(b) and bool(a == b)


def step(taints: Taints, path: str, at: int, text: str, through: int = 0) -> Taints:
    """The taints after one more step; `through` is the value that they passed through."""
    if not taints:
        return NO_TAINTS
    out = {}
    for label, taint in taints.items():
        neutral, via, trace = taint
        if text and (trace is None or trace.at != at or trace.path != path):
            length = trace.length + 1 if trace else 1
            trace = trace if length > MAX_STEPS else Link(path, at, text, trace, length)
        if through and through not in via:
            via = (*via[1 - MAX_VIA :], through)
        out[label] = taint if via is taint.via and trace is taint.trace else Taint(neutral, via, trace)
    return out


def neutralise(taints: Taints, kinds: frozenset[str]) -> Taints:
    """The taints, safe for more kinds of sink."""
    if not kinds or not taints:
        return taints
    return {label: Taint(taint.neutral | kinds, taint.via, taint.trace) for label, taint in taints.items()}


def union(*many: Taints) -> Taints:
    """What is in any of them; a label in several is as safe as in the least safe."""
    first: Taints = NO_TAINTS
    out: dict[Label, Taint] | None = None
    for taints in many:
        if not taints or taints is first:
            continue
        if not first:
            first = taints
            continue
        if out is None:
            out = dict(first)
        for label, taint in taints.items():
            known = out.get(label)
            if known is None:
                if len(out) < MAX_LABELS:
                    out[label] = taint
            elif known is not taint:
                neutral, via, trace = known
                other, way, _ = taint
                if via != way:
                    via = tuple([v for v in via if v in way])
                elif neutral == other:
                    continue
                if neutral != other:
                    trace = trace if len(neutral) <= len(other) else taint.trace
                    neutral &= other
                out[label] = Taint(neutral, via, trace)
    return first if out is None else out


def join(a: Value, b: Value) -> Value:
    """A value that is one of the two."""
    if a is b or (a.id == b.id and a == b):
        return a
    consts: tuple[Any, ...] | None = None
    if a.consts is not None and b.consts is not None:
        consts = a.consts + tuple(c for c in b.consts if not any(same_const(c, d) for d in a.consts))
        if len(consts) > MAX_CONSTS:
            consts = None
    shape = a.shape if a.shape == b.shape else None
    return Value(
        a.id if a.id == b.id else fresh_id(),
        union(_own(a), _own(b)),
        consts,
        a.type if a.type == b.type else (a.type or b.type if _is_none(a) or _is_none(b) else None),
        a.cell if a.cell == b.cell else (a.cell or b.cell if _is_none(a) or _is_none(b) else None),
        shape,
        a.ref if a.ref == b.ref else (a.ref or b.ref if _is_none(a) or _is_none(b) else None),
        _both(a.when_true, b.when_true),
        _both(a.when_false, b.when_false),
    )


def _own(value: Value) -> Taints:
    """Its taints, having passed through it: a joined value has an id of its own."""
    if not value.taints:
        return NO_TAINTS
    return {
        label: taint
        if value.id in taint.via
        else Taint(taint.neutral, (*taint.via[1 - MAX_VIA :], value.id), taint.trace)
        for label, taint in value.taints.items()
    }


def _is_none(value: Value) -> bool:
    return value.consts == (None,)


def _both(
    a: Mapping[int, frozenset[str]] | None, b: Mapping[int, frozenset[str]] | None
) -> Mapping[int, frozenset[str]] | None:
    if not a or not b:
        return None
    return {key: a[key] & b[key] for key in a.keys() & b.keys()} or None


def pieces(value: Value) -> tuple[str | Value, ...]:
    """Its text as pieces: its shape, or itself as one hole."""
    if value.shape is not None:
        return value.shape
    if value.single and isinstance(value.consts[0], str):  # type: ignore[index]
        return (value.consts[0],)  # type: ignore[index]
    return (value,)


def glue(parts: Iterable[Value]) -> tuple[str | Value, ...] | None:
    """The shape of a concatenation; None where it grows too long to be worth keeping."""
    out: list[str | Value] = []
    for part in parts:
        for piece in pieces(part):
            if isinstance(piece, str) and out and isinstance(out[-1], str):
                out[-1] += piece
            elif piece != "":
                out.append(piece)
            if len(out) > MAX_PIECES:
                return None
    return tuple(out)
