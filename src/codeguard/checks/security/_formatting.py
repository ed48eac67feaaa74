"""Texts that are built from a constant frame and values: `%`, `format`, f-strings and `+`, seen alike."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass

import libcst as cst

from codeguard.syntax.unit import Unit

HOLE = "\0"
"""Stands in `Built.frame` for a value."""


@dataclass(frozen=True, slots=True)
class Built:
    """A built text: the expression, its constant text with `HOLE` for each value, and the values in that order."""

    node: cst.BaseExpression
    frame: str
    values: tuple[cst.BaseExpression, ...]


def built(unit: Unit, node: cst.CSTNode) -> Built | None:
    """How `node` is built, where it is a text with at least one value in it."""
    if isinstance(node, cst.FormattedString):
        return _f_string(node)
    if isinstance(node, cst.Call):
        return _format(unit, node)
    if isinstance(node, cst.BinaryOperation):
        if isinstance(node.operator, cst.Modulo):
            return _percent(unit, node)
        if isinstance(node.operator, cst.Add):
            return _sum(unit, node)
    return None


def _f_string(node: cst.FormattedString) -> Built | None:
    frame, values = "", []
    for part in node.parts:
        if isinstance(part, cst.FormattedStringText):
            frame += part.value
        elif isinstance(part, cst.FormattedStringExpression):
            if part.conversion == "r" or part.format_spec:
                return None
            frame += HOLE
            values.append(part.expression)
    return Built(node, frame, tuple(values)) if values else None


def _format(unit: Unit, call: cst.Call) -> Built | None:
    if not (isinstance(call.func, cst.Attribute) and call.func.attr.value == "format" and call.args):
        return None
    template = unit.constant(call.func.value)
    if template is None or not isinstance(template.value, str) or any(a.star for a in call.args):
        return None
    positional = [a.value for a in call.args if a.keyword is None]
    named = {a.keyword.value: a.value for a in call.args if a.keyword is not None}
    frame, values, count = "", [], 0
    try:
        for text, field, spec, _ in string.Formatter().parse(template.value):
            frame += text
            if field is None:
                continue
            if spec or "." in field or "[" in field:
                return None
            key = field or str(count)
            count += not field
            value = positional[int(key)] if key.isdigit() and int(key) < len(positional) else named.get(key)
            if value is None:
                return None
            frame += HOLE
            values.append(value)
    except ValueError:
        return None
    return Built(call, frame, tuple(values)) if values else None


def _percent(unit: Unit, node: cst.BinaryOperation) -> Built | None:
    template = unit.constant(node.left)
    if template is None or not isinstance(template.value, str):
        return None
    pieces = re.split(r"%s", template.value)
    values = [e.value for e in node.right.elements] if isinstance(node.right, cst.Tuple) else [node.right]
    if "%" in "".join(pieces).replace("%%", "") or len(pieces) - 1 != len(values):
        return None
    return Built(node, HOLE.join(pieces), tuple(values))


def _sum(unit: Unit, node: cst.BinaryOperation) -> Built | None:
    frame = ""
    values: list[cst.BaseExpression] = []
    parts: list[cst.BaseExpression] = []
    step: cst.BaseExpression = node
    while isinstance(step, cst.BinaryOperation) and isinstance(step.operator, cst.Add):
        parts.append(step.right)
        step = step.left
    for part in [step, *reversed(parts)]:
        constant = unit.constant(part)
        if constant is not None and isinstance(constant.value, str):
            frame += constant.value
        elif isinstance(part, cst.FormattedString) and (inner := _f_string(part)) is not None:
            frame += inner.frame
            values += inner.values
        else:
            frame += HOLE
            values.append(part)
    return Built(node, frame, tuple(values)) if values and frame.strip(HOLE) else None
