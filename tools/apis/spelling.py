"""How Python's trees spell names, parameters and types, and how the data of the API oracle spells them."""

from __future__ import annotations

import ast
import re

IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*\Z")
LITERAL = (ast.List, ast.Tuple, ast.Set, ast.BinOp)


def last_name(node: ast.AST | None) -> str:
    """`c` of `a.b.c`, `a.c(x)` and `c[int]`; empty for anything else."""
    while isinstance(node, (ast.Call, ast.Subscript)):
        node = node.func if isinstance(node, ast.Call) else node.value
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def dotted(node: ast.AST | None) -> str:
    """`a.b.c` for a chain of names, else empty."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        return ".".join([node.id, *reversed(parts)])
    return ""


def texts_in(node: ast.AST) -> list[str]:
    """The texts that stand anywhere in a node."""
    return [n.value for n in ast.walk(node) if isinstance(n, ast.Constant) and isinstance(n.value, str)]


def signature_of(args: ast.arguments, *, drop: int = 0, unpacked: list[str] | None = None) -> str:
    """Parameters as text: `a,b=,/,*,c,d=,+,^`: `=` has a default, `/` and `*` as in Python, `+` *args, `^` **kwargs.

    `unpacked` are the keywords that `**kwargs` stands for (PEP 692).  The first `drop` positional parameters are left
    out (`self`).  A parameter whose name starts with two underscores is positional only, as in stubs (PEP 484).
    """
    every = [*args.posonlyargs, *args.args]
    defaults = [False] * (len(every) - len(args.defaults)) + [True] * len(args.defaults)
    only = len(args.posonlyargs)
    while only < len(every) and every[only].arg.startswith("__") and not every[only].arg.endswith("__"):
        only += 1
    parts: list[str] = []
    for at, (arg, default) in enumerate(zip(every, defaults, strict=True)):
        if at >= drop:
            parts.append(arg.arg + ("=" if default else ""))
            if at == only - 1:
                parts.append("/")
    if args.vararg:
        parts.append("+")
    elif args.kwonlyargs:
        parts.append("*")
    parts += [a.arg + ("" if d is None else "=") for a, d in zip(args.kwonlyargs, args.kw_defaults, strict=True)]
    if unpacked is not None:
        parts += [*([] if args.vararg or args.kwonlyargs else ["*"]), *(f"{name}=" for name in unpacked)]
    elif args.kwarg:
        parts.append("^")
    if drop and not every and not args.vararg:
        return "+,^"  # a method without parameters: not what it seems
    return ",".join(parts)


def annotation(node: ast.expr | None) -> str:
    """The one class that an annotation names, optional ones included; "~" for Self; empty where there is none."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            node = ast.parse(node.value.strip(), mode="eval").body
        except SyntaxError:
            return ""
    if isinstance(node, ast.Constant):
        return ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [s for s in (node.left, node.right) if not (isinstance(s, ast.Constant) and s.value is None)]
        return annotation(sides[0]) if len(sides) == 1 else ""
    if isinstance(node, ast.Subscript):
        outer = last_name(node.value)
        if outer in {"Optional", "Annotated", "Final", "Required", "NotRequired", "ClassVar"}:
            inner = node.slice
            return annotation(inner.elts[0] if isinstance(inner, ast.Tuple) and inner.elts else inner)
        if outer == "Union":
            sides = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
            sides = [s for s in sides if not (isinstance(s, ast.Constant) and s.value is None)]
            return annotation(sides[0]) if len(sides) == 1 else ""
        return "" if outer in {"Literal", "Callable", "Type", "type"} else dotted(node.value)
    if isinstance(node, (ast.Name, ast.Attribute)):
        if last_name(node) == "LiteralString":
            return "str"
        return "~" if last_name(node) == "Self" else dotted(node)
    return ""
