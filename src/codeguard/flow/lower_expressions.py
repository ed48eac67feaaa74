"""Expressions in the flow solver's compact form (`ir`)."""

# one method for each kind of node
# ruff: noqa: D102

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any

import libcst as cst

from codeguard.flow import ir
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal, string_value
from codeguard.syntax.walk import children

BINARY = {
    "Add": "+", "Subtract": "-", "Multiply": "*", "Divide": "/", "FloorDivide": "//", "Modulo": "%", "Power": "**",
    "LeftShift": "<<", "RightShift": ">>", "BitOr": "|", "BitAnd": "&", "BitXor": "^", "MatrixMultiply": "@",
}  # fmt: skip
COMPARE = {
    "Equal": "==", "NotEqual": "!=", "LessThan": "<", "LessThanEqual": "<=", "GreaterThan": ">",
    "GreaterThanEqual": ">=", "Is": "is", "IsNot": "is not", "In": "in", "NotIn": "not in",
}  # fmt: skip
# Texts by which a function without a known sink may still matter (see `evidence`).
TEXT = re.compile(
    r"(?i)\bselect\b[^;]*\bfrom\b|\b(?:insert into|update \S+ set|delete from)\b"
    r"|\b(?:drop|create|alter) (?:table|user|database)\b"
    r"|<(?:html|body|div|span|p|h[1-6]|a|li|td|b|title|script|img|input|form)[\s>]"
)
UNARY = {"Not": "not", "Minus": "-", "Plus": "+", "BitInvert": "~"}
MAX_DEPTH = 400  # deeper expressions and blocks are opaque to the flow analysis; the checks by table still see them


class ExpressionLowering(ABC):
    """What lowering carries along, and how expressions are lowered; `nodes` holds the node of each ordinal."""

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.nodes: list[cst.CSTNode] = []
        self.depth = 0
        self.generator = False
        self.mentions: set[str] = set()
        self.texts = False

    @abstractmethod
    def define_function(self, node: cst.FunctionDef | cst.Lambda, name: str) -> int:
        """Lower a function; its number."""

    def at(self, node: cst.CSTNode) -> int:
        """A new ordinal, for this node."""
        self.nodes.append(node)
        return len(self.nodes) - 1

    def expr(self, node: cst.CSTNode) -> ir.Expr:
        """An expression; what there is no form for is an unknown value of what it is made from."""
        known = literal(node) if isinstance(node, _LITERAL) else None
        if known is not None:
            if isinstance(known.value, str) and TEXT.search(known.value):
                self.texts = True
            return ir.Const(self.at(node), known.value)
        handler = _EXPRESSIONS.get(type(node))
        if handler is None:
            return ir.Seq(self.at(node), "unknown", tuple(self.expr(c) for c in self.inner(node)))
        self.depth += 1
        try:
            if self.depth > MAX_DEPTH:
                return ir.Seq(self.at(node), "unknown", ())
            return handler(self, node)
        finally:
            self.depth -= 1

    @staticmethod
    def inner(node: cst.CSTNode) -> list[cst.CSTNode]:
        return [c for c in children(node) if isinstance(c, cst.BaseExpression)]

    def name(self, node: cst.Name) -> ir.Expr:
        ref = self.unit.name(node)
        if ref is not None:
            self.mentions.add(ref)
        return ir.Name(self.at(node), node.value, ref)

    def attribute(self, node: cst.Attribute) -> ir.Expr:
        base = self.expr(node.value)
        ref = self.unit.name(node)
        if ref is not None:
            self.mentions.add(ref)
        self.mentions.add(f".{node.attr.value}")
        if isinstance(node.value, cst.Name) and node.value.value in {"self", "cls"}:
            self.mentions.add(f"<self>.{node.attr.value}")
        return ir.Attr(self.at(node), base, node.attr.value, ref)

    def subscript(self, node: cst.Subscript) -> ir.Expr:
        base = self.expr(node.value)
        parts: list[ir.Expr] = []
        for element in node.slice:
            index = element.slice
            if isinstance(index, cst.Index):
                parts.append(self.expr(index.value))
            elif isinstance(index, cst.Slice):
                lower = self.expr(index.lower) if index.lower is not None else None
                upper = self.expr(index.upper) if index.upper is not None else None
                parts.append(ir.Slice(self.at(index), lower, upper))
        at = self.at(node)
        return ir.Sub(at, base, parts[0] if len(parts) == 1 else ir.Seq(at, "tuple", tuple(parts)))

    def call(self, node: cst.Call) -> ir.Expr:
        func = self.expr(node.func)
        args = tuple(ir.Arg(a.star, a.keyword.value if a.keyword else None, self.expr(a.value)) for a in node.args)
        return ir.Call(self.at(node), func, args, self.unit.name(node.func))

    def binary(self, node: cst.BinaryOperation) -> ir.Expr:
        chain: list[cst.BinaryOperation] = []  # left-deep chains of `+` are long in real code: no recursion for them
        left: cst.BaseExpression = node
        while isinstance(left, cst.BinaryOperation):
            chain.append(left)
            left = left.left
        value = self.expr(left)
        for step in reversed(chain):
            value = ir.Bin(self.at(step), BINARY.get(type(step.operator).__name__, "?"), value, self.expr(step.right))
        return value

    def boolean(self, node: cst.BooleanOperation) -> ir.Expr:
        left = self.expr(node.left)
        operator = "and" if isinstance(node.operator, cst.And) else "or"
        return ir.Bool(self.at(node), operator, left, self.expr(node.right))

    def unary(self, node: cst.UnaryOperation) -> ir.Expr:
        return ir.Unary(self.at(node), UNARY.get(type(node.operator).__name__, "?"), self.expr(node.expression))

    def comparison(self, node: cst.Comparison) -> ir.Expr:
        left = self.expr(node.left)
        rest = [(COMPARE.get(type(c.operator).__name__, "?"), self.expr(c.comparator)) for c in node.comparisons]
        return ir.Compare(self.at(node), left, tuple(rest))

    def if_exp(self, node: cst.IfExp) -> ir.Expr:
        return ir.IfExp(self.at(node), self.expr(node.test), self.expr(node.body), self.expr(node.orelse))

    def formatted(self, node: cst.CSTNode) -> ir.Expr:
        parts: list[tuple[ir.Expr, str]] = []
        stack: list[cst.CSTNode] = [node]
        raw = False  # of the f-string whose parts come next
        while stack:
            part = stack.pop()
            if isinstance(part, cst.ConcatenatedString):
                stack += [part.right, part.left]
            elif isinstance(part, (cst.FormattedString, _TEMPLATED)):
                raw = "r" in part.start.lower()
                stack += list(part.parts)[::-1]
            elif isinstance(part, cst.SimpleString):
                parts.append((ir.Const(self.at(part), string_value(part)), ""))
            elif isinstance(part, _TEXTS):
                text = _unescaped(part.value, raw)
                self.texts = self.texts or TEXT.search(text) is not None
                parts.append((ir.Const(self.at(part), text), ""))
            elif isinstance(part, _HOLES):
                spec = "".join(s.value for s in part.format_spec or () if isinstance(s, _TEXTS))
                parts.append((self.expr(part.expression), part.conversion or spec or ""))
        return ir.Join(self.at(node), tuple(parts))

    def sequence(self, node: cst.Tuple | cst.List | cst.Set) -> ir.Expr:
        kind = type(node).__name__.lower()
        items: list[ir.Expr] = []
        for element in node.elements:
            value = self.expr(element.value)
            items.append(ir.Star(value.at, value) if isinstance(element, cst.StarredElement) else value)
        return ir.Seq(self.at(node), kind, tuple(items))

    def starred(self, node: cst.StarredElement) -> ir.Expr:
        return ir.Star(self.at(node), self.expr(node.value))

    def dict_(self, node: cst.Dict) -> ir.Expr:
        items: list[tuple[ir.Expr | None, ir.Expr]] = []
        for element in node.elements:
            if isinstance(element, cst.DictElement):
                if isinstance(element.key, cst.SimpleString) and element.key.raw_value == "role":
                    self.texts = True
                items.append((self.expr(element.key), self.expr(element.value)))
            else:
                items.append((None, self.expr(element.value)))
        return ir.Dict(self.at(node), tuple(items))

    def comprehension(self, node: cst.CSTNode) -> ir.Expr:
        generators = []
        step: cst.CompFor | None = node.for_in  # type: ignore[attr-defined]
        while step is not None:
            source = self.expr(step.iter)
            target = self.expr(step.target)
            generators.append(ir.Generator(target, source, tuple(self.expr(i.test) for i in step.ifs)))
            step = step.inner_for_in
        key = self.expr(node.key) if isinstance(node, cst.DictComp) else None
        value = self.expr(node.value if isinstance(node, cst.DictComp) else node.elt)  # type: ignore[attr-defined]
        kind = {"ListComp": "list", "SetComp": "set", "DictComp": "dict"}.get(type(node).__name__, "generator")
        return ir.Comp(self.at(node), kind, key, value, tuple(generators))

    def lambda_(self, node: cst.Lambda) -> ir.Expr:
        return ir.Lambda(self.at(node), self.define_function(node, "<lambda>"))

    def await_(self, node: cst.Await) -> ir.Expr:
        return ir.Await(self.at(node), self.expr(node.expression))

    def yield_(self, node: cst.Yield) -> ir.Expr:
        self.generator = True
        delegates = isinstance(node.value, cst.From)
        value = node.value.item if isinstance(node.value, cst.From) else node.value
        return ir.Yield(self.at(node), self.expr(value) if value is not None else None, delegates)

    def walrus(self, node: cst.NamedExpr) -> ir.Expr:
        value = self.expr(node.value)
        return ir.Walrus(self.at(node), node.target.value if isinstance(node.target, cst.Name) else "", value)


_TEXTS: tuple[type[Any], ...] = (cst.FormattedStringText,)
_HOLES: tuple[type[Any], ...] = (cst.FormattedStringExpression,)
_TEMPLATED: type[Any] = getattr(cst, "TemplatedString", cst.FormattedString)
if hasattr(cst, "TemplatedString"):
    _TEXTS += (cst.TemplatedStringText,)
    _HOLES += (cst.TemplatedStringExpression,)
_LITERAL = (cst.Name, cst.SimpleString, cst.ConcatenatedString, cst.FormattedString, cst.Integer, cst.Float,
            cst.Imaginary, cst.Ellipsis, cst.UnaryOperation)  # fmt: skip

_EXPRESSIONS: dict[type[cst.CSTNode], Callable[[ExpressionLowering, Any], ir.Expr]] = {
    cst.Name: ExpressionLowering.name,
    cst.Attribute: ExpressionLowering.attribute,
    cst.Subscript: ExpressionLowering.subscript,
    cst.Call: ExpressionLowering.call,
    cst.BinaryOperation: ExpressionLowering.binary,
    cst.BooleanOperation: ExpressionLowering.boolean,
    cst.UnaryOperation: ExpressionLowering.unary,
    cst.Comparison: ExpressionLowering.comparison,
    cst.IfExp: ExpressionLowering.if_exp,
    cst.FormattedString: ExpressionLowering.formatted,
    cst.ConcatenatedString: ExpressionLowering.formatted,
    cst.Tuple: ExpressionLowering.sequence,
    cst.List: ExpressionLowering.sequence,
    cst.Set: ExpressionLowering.sequence,
    cst.StarredElement: ExpressionLowering.starred,
    cst.Dict: ExpressionLowering.dict_,
    cst.ListComp: ExpressionLowering.comprehension,
    cst.SetComp: ExpressionLowering.comprehension,
    cst.DictComp: ExpressionLowering.comprehension,
    cst.GeneratorExp: ExpressionLowering.comprehension,
    cst.Lambda: ExpressionLowering.lambda_,
    cst.Await: ExpressionLowering.await_,
    cst.Yield: ExpressionLowering.yield_,
    cst.NamedExpr: ExpressionLowering.walrus,
}
if hasattr(cst, "TemplatedString"):
    _EXPRESSIONS[cst.TemplatedString] = ExpressionLowering.formatted


def _unescaped(text: str, raw: bool) -> str:  # noqa: FBT001
    """A piece of an f-string as the program sees it."""
    text = text.replace("{{", "{").replace("}}", "}")
    if raw or "\\" not in text:
        return text
    try:
        return text.encode("latin-1", "backslashreplace").decode("unicode_escape")
    except UnicodeDecodeError:  # `\N{...}` and broken escapes
        return text
