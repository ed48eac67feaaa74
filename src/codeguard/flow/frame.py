"""One run of one function: what the interpreter carries besides the state."""

from __future__ import annotations

from dataclasses import dataclass, field

from codeguard.flow import ir
from codeguard.flow.state import State
from codeguard.flow.values import Value


@dataclass(slots=True)
class Loop:
    """States in which a loop was left or begun again."""

    breaks: list[State] = field(default_factory=list)
    continues: list[State] = field(default_factory=list)


@dataclass(slots=True)
class Frame:
    """One run.

    `returns` holds each returned value with the state it was returned in; `raised` the states in which a `try`
    that is open may have been left; `depth` counts the calls from the root.
    """

    module: str
    number: int
    function: ir.Function
    depth: int = 0
    owner: Value | None = None
    closure: dict[str, Value] = field(default_factory=dict)
    returns: list[tuple[Value, State]] = field(default_factory=list)
    yields: list[Value] = field(default_factory=list)
    loops: list[Loop] = field(default_factory=list)
    raised: list[list[State]] = field(default_factory=list)
    statement: ir.Expr | None = None  # the call that is a statement by itself, while it is evaluated
    globals: set[str] = field(default_factory=set)
