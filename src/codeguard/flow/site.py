"""One call into a library, as the functions that know it see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codeguard.flow import ir
from codeguard.flow.frame import Frame
from codeguard.flow.state import State
from codeguard.flow.values import (
    Value,
)

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

    @property
    def method(self) -> str:
        """The last part of the name of what is called."""
        return self.name.rpartition(".")[2]

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


Special = Callable[[Site], Value | None]
