"""Text and arithmetic: constants are computed, shapes are kept, taints pass through."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Sequence
from typing import Any

from codeguard.flow.frame import Frame
from codeguard.flow.state import OTHER, State, item_key
from codeguard.flow.values import (
    FIXED,
    MAX_CONSTS,
    Taints,
    Value,
    constant,
    fresh_id,
    glue,
    neutralise,
    same_const,
    step,
    union,
)
from codeguard.knowledge.flow.model import NUMBER_SAFE

MAX_TEXT = 1 << 16
_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "//": operator.floordiv,
    "%": operator.mod, "&": operator.and_, "|": operator.or_, "^": operator.xor, "<<": operator.lshift,
    ">>": operator.rshift,
}  # fmt: skip
_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operator.eq, "!=": operator.ne, "<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge,
    "in": lambda a, b: a in b, "not in": lambda a, b: a not in b, "is": lambda a, b: a is b or same_const(a, b),
    "is not": lambda a, b: not (a is b or same_const(a, b)),
}  # fmt: skip
PERCENT = re.compile(r"%(?:\((\w+)\))?[-#0 +]*[\d*]*(?:\.[\d*]+)?([diouxXeEfFgGcrsa%])")
BRACES = re.compile(r"\{\{|\}\}|\{([^{}!:]*)(?:!\w)?(?::([^{}]*))?\}")
NUMERIC_CONVERSIONS = frozenset("diouxXeEfFgG")
NUMERIC_SPEC = re.compile(r"^[^a-zA-Z%]*[bdoxXnceEfFgG%]$")


def compute(function: Callable[..., Any], *values: Value) -> tuple[Any, ...] | None:
    """The results for every combination of constants; None where one is unknown, or there are too many."""
    if not values or any(v.consts is None for v in values):
        return None
    combinations: list[tuple[Any, ...]] = [()]
    for value in values:
        combinations = [(*c, k) for c in combinations for k in value.consts or ()]
        if len(combinations) > MAX_CONSTS:
            return None
    out: list[Any] = []
    for combination in combinations:
        try:
            result = function(*combination)
        except Exception:  # noqa: BLE001 - whatever the program would raise there, no value comes of it
            return None
        if isinstance(result, (str, bytes, list, tuple)) and len(result) > MAX_TEXT:
            return None
        if isinstance(result, int) and result.bit_length() > 4096:
            return None
        if not any(same_const(result, known) for known in out):
            out.append(result)
    return tuple(out)


def _bounded(op: str, a: Value, b: Value) -> bool:
    """False where computing could cost more than it is worth (`'a' * 10**9`, `1 << 10**9`)."""
    if op not in {"*", "<<"}:
        return True
    sizes = [c for v in (a, b) for c in v.consts or () if isinstance(c, int)]
    return all(abs(size) <= 4096 for size in sizes) or (
        op == "*" and all(isinstance(c, (int, float)) for v in (a, b) for c in v.consts or ())
    )


def operate(op: str, at: int, left: Value, right: Value, state: State, frame: Frame) -> Value:
    """`left op right`."""
    if op in _OPERATORS and _bounded(op, left, right):
        consts = compute(_OPERATORS[op], left, right)
        if consts is not None and len(consts) == 1:
            return constant(consts[0])
        if consts is not None:
            return Value(fresh_id(), consts=consts, type=f"builtins.{type(consts[0]).__name__}")
    taints = union(
        step(state.taints(left), frame.module, at, "", left.id),
        step(state.everything(right), frame.module, at, "", right.id),
    )
    if op == "+":
        shape = glue((left, right))
        text = "builtins.str" if "builtins.str" in {left.type, right.type} else left.type or right.type
        cell = None
        if left.cell is not None or right.cell is not None:
            cell = state.new_cell({})
            made = Value(fresh_id(), cell=cell)
            for side in (left, right):
                for key, item in state.contents(side).items():
                    state.put(made, OTHER if key == OTHER or side is right else key, item, weak=side is right)
        return Value(fresh_id(), _begun(left, taints), type=text, shape=shape, cell=cell)
    if op == "*" and not taints and left.consts is not None and left.type == "builtins.str":
        return Value(fresh_id(), type=FIXED)
    if op == "*" and left.cell is not None:  # so many times the same items
        made = Value(fresh_id(), taints, type=left.type, cell=state.new_cell({}))
        for item in state.contents(left).values():
            state.put(made, OTHER, item)
        return made
    if op == "%" and left.type in {"builtins.str", "builtins.bytes"}:
        return percent(at, left, right, state, frame)
    if op == "/" and left.type and left.type.startswith(("pathlib.", "<resolved path>")):
        same = right.facts(frozenset({"path"})) if right.taints and not left.taints else left.same
        return Value(fresh_id(), taints, type="pathlib.Path", shape=glue((left, constant("/"), right)), same=same)
    if (
        op in {"-", "*", "/", "//", "**", "<<", ">>", "%"}
        and left.type != "builtins.str"
        and right.type != "builtins.str"
    ):
        return Value(fresh_id(), taints, type=left.type if left.type == right.type else None)
    return Value(fresh_id(), taints)


def compare(op: str, left: Value, right: Value, state: State) -> tuple[bool, ...] | None:
    """The constants that a comparison can be; contents of known containers included."""
    if right.consts is None and op in {"in", "not in"} and left.single:
        held = state.contents(right)
        if (
            held
            and OTHER not in held
            and right.type in {"builtins.dict", "builtins.list", "builtins.set", "builtins.tuple"}
        ):
            if right.type == "builtins.dict":
                found = item_key(left.only()) in held
            else:
                values = list(held.values())
                if not all(v.single for v in values):
                    return None
                found = any(same_const(v.only(), left.only()) for v in values)
            return (found if op == "in" else not found,)
        return None
    if op not in _COMPARISONS:
        return None
    return compute(_COMPARISONS[op], left, right)


def formatted(at: int, parts: Sequence[tuple[Value, str]], state: State, frame: Frame) -> Value:
    """An f-string of these parts, each with its conversion or format specification."""
    out: list[Value] = []
    taints = []
    for value, spec in parts:
        piece = value
        own = step(state.everything(value, 1), frame.module, at, "is formatted into a string", value.id)
        if spec and NUMERIC_SPEC.match(spec):
            own = neutralise(own, NUMBER_SAFE)
            piece = Value(fresh_id(), own)
        elif value.consts is not None and not value.single:
            piece = Value(value.id, value.taints, value.consts)
        out.append(as_text(piece))
        taints.append(own)
    if all(p.single for p in out):
        return constant("".join(str(p.only()) for p in out))
    consts = _texts(out)
    every = _begun(out[0], union(*taints)) if out else union(*taints)
    return Value(fresh_id(), every, consts=consts, type="builtins.str", shape=glue(out))


def _begun(first: Value, taints: Taints) -> Taints:
    """The taints of a text that begins with `first`: after a constant, nothing can make it an option or a formula."""
    if not taints or not first.single or not isinstance(first.only(), str) or not first.only():
        return taints
    start = first.only()[0]
    return neutralise(taints, frozenset({"argv", "csv"})) if start not in "=+-@" else taints


def _texts(parts: Sequence[Value]) -> tuple[Any, ...] | None:
    return compute(lambda *a: "".join(str(x) for x in a), *parts) if 0 < len(parts) <= 12 else None


def as_text(value: Value) -> Value:
    """`str(value)` for shapes: a known number becomes its digits."""
    if value.single and not isinstance(value.only(), str) and isinstance(value.only(), (int, float, bool, type(None))):
        return constant(str(value.only()))
    return value


def percent(at: int, template: Value, argument: Value, state: State, frame: Frame) -> Value:
    """`template % argument`."""
    items: list[Value] | None = None
    if template.single and isinstance(template.only(), str):
        if argument.type == "builtins.tuple" and argument.cell is not None:
            held = state.contents(argument)
            items = [held[k] for k in (item_key(n) for n in range(len(held))) if k in held]
        elif argument.type != "builtins.dict":
            items = [argument]
        parts: list[tuple[Value, str]] = []
        last = number = 0
        for match in PERCENT.finditer(template.only()):
            parts.append((constant(template.only()[last : match.start()]), ""))
            last = match.end()
            if match[2] == "%":
                parts.append((constant("%"), ""))
                continue
            value = state.get(argument, item_key(match[1])) if match[1] else None
            if value is None and items is not None and number < len(items):
                value = items[number]
            number += 1
            spec = "d" if match[2] in NUMERIC_CONVERSIONS else ""
            parts.append((value if value is not None else argument, spec))
        parts.append((constant(template.only()[last:]), ""))
        return formatted(at, parts, state, frame)
    taints = union(
        step(state.taints(template), frame.module, at, "", template.id),
        step(state.everything(argument), frame.module, at, "is formatted into a string", argument.id),
    )
    return Value(fresh_id(), taints, type="builtins.str")


def braces(
    at: int, template: Value, args: Sequence[Value], named: dict[str, Value], state: State, frame: Frame
) -> Value:
    """`template.format(*args, **named)`."""
    if not (template.single and isinstance(template.only(), str)):
        every = [*args, *named.values()]
        taints = [step(state.everything(v), frame.module, at, "is formatted into a string", v.id) for v in every]
        return Value(
            fresh_id(),
            union(step(state.taints(template), frame.module, at, "", template.id), *taints),
            type="builtins.str",
        )
    parts: list[tuple[Value, str]] = []
    last = number = 0
    text = template.only()
    for match in BRACES.finditer(text):
        parts.append((constant(text[last : match.start()]), ""))
        last = match.end()
        if match[0] in {"{{", "}}"}:
            parts.append((constant(match[0][0]), ""))
            continue
        field = re.split(r"[.\[]", match[1])[0]
        if not field:
            value = args[number] if number < len(args) else None
            number += 1
        elif field.isdigit():
            value = args[int(field)] if int(field) < len(args) else None
        else:
            value = named.get(field)
        if value is None:
            value = Value(fresh_id(), union(*(state.everything(v) for v in (*args, *named.values()))))
        parts.append((value, match[2] or ""))
    parts.append((constant(text[last:]), ""))
    return formatted(at, parts, state, frame)
