"""Code inside the code: constant text that a file runs as Python, decoded, and judged by the checks of this group.

Nothing is run.  A layer is parsed like a file; what it holds in turn is its next layer, to a fixed depth and size.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks._api import Check, Hit, run
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.checks.malicious._shell import commands
from codeguard.knowledge.malicious import running
from codeguard.model import Category, Confidence, Profile, Severity
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit

MAX_LAYERS = 8
MAX_LAYER_SIZE = 200_000
MAX_PER_UNIT = 40
# A test of a parser (`"-" * 100_000 + "4"`), not code: it would cost the memory and the time that the file has.
STRESS = re.compile(r"(.)\1{1999}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Layer:
    """Constant text that a call runs: its text, and whether it was encoded (else it stands there in plain sight)."""

    call: cst.Call
    text: str
    encoded: bool


def layers(unit: Unit) -> tuple[Layer, ...]:
    """The constant texts that the unit runs as Python (to be asked through `unit.fact(layers)`)."""
    return tuple(_layers(unit))


def _layers(unit: Unit) -> Iterator[Layer]:
    count = 0
    for _name, call in unit.fact(calls).of(running.EXEC_CALLS):
        if call.args and count < MAX_PER_UNIT:
            text = text_of(value_of(_inner(call.args[0].value, unit), unit))
            if text and len(text) <= MAX_LAYER_SIZE and not STRESS.search(text):
                count += 1
                yield Layer(call, text, computed(call.args[0].value, unit))
    for command in unit.fact(commands):
        for flag, word in zip(command.argv, command.argv[1:], strict=False):
            if flag == "-c" and ("python" in command.argv[0]) and len(word) <= MAX_LAYER_SIZE and count < MAX_PER_UNIT:
                count += 1
                yield Layer(command.call, word, encoded=False)


def _inner(node: cst.BaseExpression, unit: Unit) -> cst.BaseExpression:
    """The source that `compile(source, ...)` is given, for `exec(compile(...))`."""
    if isinstance(node, cst.Call) and node.args and unit.name(node.func) == "builtins.compile":
        return node.args[0].value
    return node


def computed(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """Whether a constant is put together or decoded, rather than written down."""
    if isinstance(node, cst.Name) and hops < 4:
        bindings = unit.scopes.look_up(node.value, node)
        return len(bindings) == 1 and bindings[0].value is not None and computed(bindings[0].value, unit, hops + 1)
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"strip", "format", "lstrip", "rstrip", "encode"}
    ):
        return computed(node.func.value, unit, hops + 1)
    if (
        isinstance(node, cst.Call)
        and node.args
        and unit.name(node.func) in {"builtins.compile", "textwrap.dedent", "inspect.cleandoc"}
    ):
        return computed(node.args[0].value, unit, hops + 1)
    return isinstance(node, (cst.Call, cst.Subscript, cst.BinaryOperation, cst.IfExp))


def judged(text: str, checks: tuple[Check, ...]) -> list[tuple[Check, Hit]]:
    """What the checks find in a text and in the layers below it, the worst first."""
    found: list[tuple[Check, Hit]] = []
    waiting = [(text, 0)]
    while waiting:
        code, depth = waiting.pop()
        unit = parse("<layer>", code)
        for check in checks:
            found += [(check, hit) for hit in run(check, unit)]
        if depth < MAX_LAYERS:
            waiting += [(layer.text, depth + 1) for layer in unit.fact(layers)][:MAX_LAYERS]
    return sorted(found, key=lambda pair: -_severity(*pair))


def of_this_group(but: str) -> tuple[Check, ...]:
    """The checks of this group in the default profile, but one."""
    from codeguard.checks import load  # noqa: PLC0415 - the registry imports the checks

    return tuple(
        c
        for c in load()
        if c.category is Category.MALICIOUS and c.id != but and c.flow is None and c.profile is Profile.DEFAULT
    )


def _severity(check: Check, hit: Hit) -> int:
    severity: Severity = check.severity if hit.severity is None else hit.severity
    confidence: Confidence = check.confidence if hit.confidence is None else hit.confidence
    return severity * 4 + confidence


def shown(text: str, limit: int = 80) -> str:
    """The start of a text on one line, for a message: printable characters only."""
    line = " ".join(text.split())
    line = "".join(c if c.isprintable() else "?" for c in line)
    return line if len(line) <= limit else line[: limit - 3] + "..."
