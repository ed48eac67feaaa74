"""Constants: what an expression is worth where the text alone decides it."""

from __future__ import annotations

import ast
import operator as op
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import libcst as cst

# Evaluating a literal must not cost more than reading it: `9**9**9` and `'a' * 10**9` are left alone.
MAX_POWER_BITS = 256
MAX_LENGTH = 1 << 20
_LONG = ('"""', "'''")


@dataclass(frozen=True, slots=True)
class Constant:
    """A known value; wrapped, so that a known None differs from "unknown" (which is None)."""

    value: Any


def string_value(node: cst.CSTNode) -> str | bytes | None:
    """The value of a plain or implicitly concatenated string or bytes literal without placeholders, else None."""
    parts: list[str | bytes] = []
    stack: list[cst.CSTNode] = [node]
    while stack:
        part = stack.pop()
        if isinstance(part, cst.ConcatenatedString):
            stack += [part.right, part.left]
        elif isinstance(part, cst.SimpleString):
            literal = part.value
            if "\\" not in literal and literal[0] in "\"'":  # most are worth what stands between their quotes
                quotes = 3 if literal[:3] in _LONG and len(literal) > 5 else 1
                parts.append(literal[quotes:-quotes])
                continue
            try:
                parts.append(ast.literal_eval(literal))
            except (SyntaxError, ValueError, MemoryError, RecursionError):
                return None
        elif isinstance(part, cst.FormattedString) and all(isinstance(p, cst.FormattedStringText) for p in part.parts):
            text = "".join(p.value for p in part.parts if isinstance(p, cst.FormattedStringText))
            parts.append(text.replace("{{", "{").replace("}}", "}") if "\\" not in text or "r" in part.prefix else text)
        else:
            return None
    if all(isinstance(p, str) for p in parts):
        return "".join(p for p in parts if isinstance(p, str))
    if all(isinstance(p, bytes) for p in parts):
        return b"".join(p for p in parts if isinstance(p, bytes))
    return None


def number_value(node: cst.CSTNode) -> int | float | complex | None:
    """The value of a numeric literal, else None (a decimal of more than 4,300 digits included: CPython refuses it)."""
    if isinstance(node, (cst.Integer, cst.Float, cst.Imaginary)):
        try:
            value = ast.literal_eval(node.value)
        except (SyntaxError, ValueError, MemoryError):
            return None
        return value if isinstance(value, (int, float, complex)) else None
    return None


_SINGLETONS = {"True": True, "False": False, "None": None}


def literal(node: cst.CSTNode) -> Constant | None:
    """The constant that a literal expression is worth, arithmetic on literals included; None where it is not one."""
    if isinstance(node, cst.Name):
        return Constant(_SINGLETONS[node.value]) if node.value in _SINGLETONS else None
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString)):
        text = string_value(node)
        return None if text is None else Constant(text)
    if isinstance(node, (cst.Integer, cst.Float, cst.Imaginary)):
        number = number_value(node)
        return None if number is None else Constant(number)
    if isinstance(node, cst.Ellipsis):
        return Constant(...)
    if isinstance(node, cst.UnaryOperation):
        return _unary(node.operator, literal(node.expression))
    if isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        items = [literal(e.value) if isinstance(e, cst.Element) else None for e in node.elements]
        if all(i is not None for i in items):
            values = tuple(i.value for i in items if i is not None)
            return Constant(values if isinstance(node, cst.Tuple) else list(values))
        return None
    if isinstance(node, cst.BinaryOperation):
        return binary(node.operator, literal(node.left), literal(node.right))
    return None


def _unary(operator: cst.BaseUnaryOp, inner: Constant | None) -> Constant | None:
    if inner is None:
        return None
    value = inner.value
    if isinstance(operator, cst.Not):
        return Constant(not value)
    if isinstance(value, (int, float, complex)):
        if isinstance(operator, cst.Minus):
            return Constant(-value)
        if isinstance(operator, cst.Plus):
            return Constant(+value)
        if isinstance(operator, cst.BitInvert) and isinstance(value, int):
            return Constant(~value)
    return None


def binary(operator: cst.BaseBinaryOp, left: Constant | None, right: Constant | None) -> Constant | None:
    """The worth of `left operator right` for known sides of matching plain types; bounded in size."""
    if left is None or right is None:
        return None
    a: Any = left.value
    b: Any = right.value
    try:
        if isinstance(a, (str, bytes)) and type(a) is type(b) and isinstance(operator, cst.Add):
            return Constant(op.add(a, b)) if len(a) + len(b) <= MAX_LENGTH else None
        if isinstance(a, (str, bytes)) and isinstance(b, int) and isinstance(operator, cst.Multiply):
            return Constant(a * b) if len(a) * max(b, 0) <= MAX_LENGTH else None
        if isinstance(a, (int, float)) and isinstance(b, (int, float)):
            return _arithmetic(operator, a, b)
    except (ArithmeticError, ValueError, TypeError, MemoryError):
        return None
    return None


def _arithmetic(operator: cst.BaseBinaryOp, a: Any, b: Any) -> Constant | None:
    integers = isinstance(a, int) and isinstance(b, int)
    if isinstance(operator, cst.Power):
        small = integers and 0 <= b <= 1024 and abs(a).bit_length() * b <= MAX_POWER_BITS * 64
        return Constant(a**b) if small else None
    if isinstance(operator, cst.LeftShift):
        return Constant(a << b) if integers and 0 <= b <= 4096 else None
    operation = _ARITHMETIC.get(type(operator)) or (_BITS.get(type(operator)) if integers else None)
    return Constant(operation(a, b)) if operation else None


_ARITHMETIC: dict[type[cst.BaseBinaryOp], Callable[[Any, Any], Any]] = {
    cst.Add: op.add,
    cst.Subtract: op.sub,
    cst.Multiply: op.mul,
    cst.Divide: op.truediv,
    cst.FloorDivide: op.floordiv,
    cst.Modulo: op.mod,
}
_BITS: dict[type[cst.BaseBinaryOp], Callable[[Any, Any], Any]] = {
    cst.BitOr: op.or_,
    cst.BitAnd: op.and_,
    cst.BitXor: op.xor,
    cst.RightShift: op.rshift,
}
