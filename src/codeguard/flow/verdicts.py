"""What is known of every sink that was passed: what reaches it, or why nothing does."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from codeguard.flow import evidence, ir
from codeguard.flow.frame import Frame
from codeguard.flow.narrowing import narrowed
from codeguard.flow.state import State
from codeguard.flow.values import FIXED, Label, Taint, Taints, Value
from codeguard.knowledge.flow.model import Sink
from codeguard.model import Span

# Kinds of sink where even a value of which nothing is known is worth a look: it should be shown to be safe.
OPEN_KINDS = frozenset({"code", "shell", "deser"})
PICKLED = "<pickled>"
KNOWN_TEXTS = frozenset({FIXED, "<quoted>", "builtins.int", "builtins.float", "builtins.bool", "uuid.UUID",
                         "datetime.datetime", "datetime.date"})  # fmt: skip
NAMES_FOLLOW = re.compile(
    r"(?i)\b(?:from|into|update|table|join|index|database|on|as|references|view|schema)\s+[\"`\[]?$|\.$"
)


@dataclass(frozen=True, slots=True)
class Reached:
    """Untrusted data at a sink: where (module path and ordinal), what was called, which label, and how it got there."""

    module: str
    at: int
    sink: Sink
    called: str
    label: Label
    taint: Taint
    function: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A sink that nothing untrusted reaches: the call's module path and ordinal, its kind and CWEs, and why."""

    module: str
    at: int
    kind: str
    cwe: tuple[int, ...]
    why: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A `Judged` with its place."""

    path: str
    span: Span
    kind: str
    why: frozenset[str]


@dataclass(slots=True)
class Verdicts:
    """What is known of every sink that was passed: `reached` or why not, by module, ordinal of the call, and kind."""

    found: dict[tuple[str, int, str], Reached] = field(default_factory=dict)
    why_not: dict[tuple[str, int, str], set[str]] = field(default_factory=dict)
    cwes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    dead: dict[str, set[int]] = field(default_factory=dict)
    alive: dict[str, set[int]] = field(default_factory=dict)

    def judge(self, sink: Sink, at: int, called: str, value: Value, taints: Taints, frame: Frame) -> None:
        """Note what reaches a sink, or why nothing does."""
        key = (frame.module, at, sink.kind)
        self.cwes.setdefault(sink.kind, sink.cwe)
        live = {
            label: t
            for label, t in taints.items()
            if sink.kind not in t.neutral
            and not (sink.kind == "redirect" and t.neutral >= {"rooted", "one-slash"})
            and label.trust <= sink.min_trust
            and (label.kind == "exception") is (sink.kind == "expose")
        }
        if not live and not taints and _open(sink, value):
            label = Label("unknown", frame.module, at, "a value of unknown origin", 2)
            live = {label: Taint()}
        if not live:
            known = self.why_not.setdefault(key, set())
            if value.consts is not None:
                known.add("constant")
            elif taints:
                known.add("made safe")
            else:
                known.add("unknown")
            return
        every = [Reached(frame.module, at, sink, called, label, live[label], frame.function.qualname) for label in live]
        reached = min(every, key=lambda one: (*_rank(one), one.label.at))
        best = self.found.get(key)
        if best is None or _rank(reached) < _rank(best):
            self.found[key] = reached

    def built(self, at: int, value: Value, state: State, frame: Frame) -> None:
        """A text has been put together that is an SQL statement: note what of it is untrusted.

        Other engines report the text, and not the call that it goes to.
        """
        if not evidence.is_sql(value):
            return
        _, taints = narrowed(evidence.TEXT_SQL, value, state)
        live = any("sql" not in taint.neutral for taint in taints.values())
        why = (
            "untrusted"
            if live
            else "constant"
            if value.consts is not None
            else "made safe"
            if value.taints
            else "unknown"
        )
        self.why_not.setdefault((frame.module, at, "sql"), set()).add(why)

    def unreachable(self, block: tuple[ir.Stmt, ...], frame: Frame) -> None:
        """Constants show that a block never runs."""
        dead = self.dead.setdefault(frame.module, set())
        for statement in block:
            dead.add(statement.at)

    def reachable(self, block: tuple[ir.Stmt, ...], frame: Frame) -> None:
        """A block that constants have shown never to run elsewhere may run here."""
        self.alive.setdefault(frame.module, set()).update(statement.at for statement in block)

    def reached(self) -> list[Reached]:
        """Every sink that untrusted data reaches."""
        return list(self.found.values())

    def judged(self) -> list[Judged]:
        """Every sink that was passed and that nothing untrusted reaches."""
        found = self.found
        sinks = [
            Judged(*key, self.cwes.get(key[2], ()), frozenset(why))
            for key, why in self.why_not.items()
            if key not in found
        ]
        dead = [
            Judged(path, at, "", (), frozenset({"unreachable"}))
            for path, ats in self.dead.items()
            for at in ats - self.alive.get(path, set())
        ]
        return sinks + dead


def _open(sink: Sink, value: Value) -> bool:
    """True where nothing is known of a value, and the sink asks that it be shown to be safe."""
    if sink.kind == "sql":
        return evidence.is_sql(value) and _unknown_value(value)
    return sink.kind in OPEN_KINDS and not sink.part and _unknown(value) and value.type != PICKLED


def _unknown_value(statement: Value) -> bool:
    """True where a hole of which nothing is known takes the place of a value; names cannot be parameters."""
    before = ""
    for piece in statement.shape or ():
        if isinstance(piece, str):
            before = piece
        elif _unknown_text(piece) and not NAMES_FOLLOW.search(before):
            return True
    return False


def _unknown(value: Value) -> bool:
    return value.consts is None and not value.taints


def _unknown_text(value: Value) -> bool:
    """True for a hole of which nothing is known: no number, no constant by its name, nothing made of constants."""
    if not _unknown(value) or value.type in KNOWN_TEXTS:
        return False
    name = value.ref.name.rpartition(".")[2] if value.ref is not None else ""
    return not (name.isupper() and len(name) > 1)


def _rank(reached: Reached) -> tuple[int, bool, int]:
    """The source that speaks for a sink: the one nearest to an attacker; a private function's own parameter last."""
    name = reached.label.function.rpartition(".")[2]
    private = reached.label.kind == "param" and name.startswith("_") and not name.startswith("__")
    return reached.label.trust, private, reached.taint.trace.length if reached.taint.trace else 0
