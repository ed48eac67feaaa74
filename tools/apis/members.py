"""What instances of a class have beyond its body: attributes of `self`, and constructors that decorators write."""

from __future__ import annotations

import ast

from apis.model import Class, Function, Variable
from apis.spelling import annotation, dotted, last_name

# What these set, the class set before: they restore or copy an instance.
RESTORING = {"__setstate__", "__copy__", "__deepcopy__", "__reduce__", "copy", "clone", "_copy", "_clone"}


def own_attributes(method: ast.FunctionDef | ast.AsyncFunctionDef, out: Class) -> None:
    """Add what a method stores on its first parameter; a class is opaque where names are stored that are not told."""
    if method.name in RESTORING:
        return
    first = [*method.args.posonlyargs, *method.args.args][:1]
    if not first:
        return
    own = first[0].arg
    for node in ast.walk(method):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            if isinstance(node.value, ast.Name) and node.value.id in {own, "cls", "self"}:
                out.members.setdefault(node.attr, Variable())
        elif isinstance(node, ast.Call):
            called = last_name(node.func)
            on_self = bool(node.args) and isinstance(node.args[0], ast.Name) and node.args[0].id in {own, "cls"}
            if called in {"setattr", "vars", "__setattr__"} and (on_self or called == "__setattr__"):
                constant = node.args[1 if on_self else 0] if len(node.args) > 1 else None
                if isinstance(constant, ast.Constant) and isinstance(constant.value, str):
                    out.members.setdefault(constant.value, Variable())
                else:
                    out.opaque = True
            elif isinstance(node.func, ast.Attribute) and dotted(node.func).startswith(f"{own}.__dict__."):
                out.opaque = True
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if dotted(target) == f"{own}.__dict__" or (
                    isinstance(target, ast.Subscript) and dotted(target.value) == f"{own}.__dict__"
                ):
                    out.opaque = True
                if dotted(target) == f"{own}.__class__":
                    out.opaque = True
            if len(node.targets) == 1 and isinstance(node.targets[0], ast.Attribute):
                _typed(node.targets[0], node.value, own, out)
        elif isinstance(node, ast.AnnAssign) and dotted(node.target).startswith(f"{own}."):
            name = dotted(node.target)[len(own) + 1 :]
            if isinstance(out.members.get(name), Variable):
                out.members[name] = Variable(annotation(node.annotation))


def _typed(target: ast.Attribute, value: ast.expr, own: str, out: Class) -> None:
    """`self.x = Name(...)` gives `x` that type, unless another assignment disagrees."""
    if not (isinstance(target.value, ast.Name) and target.value.id == own):
        return
    found = dotted(value.func) + "()" if isinstance(value, ast.Call) and dotted(value.func) else "?"
    known = out.members.get(target.attr)
    if known is None or (isinstance(known, Variable) and known.type in {"", found} and known.type != "?"):
        out.members[target.attr] = Variable(found)
    elif isinstance(known, Variable) and known.type.endswith(("()", "?")):
        out.members[target.attr] = Variable("?")


def generated_constructor(node: ast.ClassDef, out: Class) -> None:
    """The constructor that a NamedTuple has, and a plain dataclass without bases."""
    marks = [dotted(d) for d in node.decorator_list]
    is_tuple = [last_name(b) for b in node.bases] == ["NamedTuple"]
    if not is_tuple and not (marks in (["dataclass"], ["dataclasses.dataclass"]) and not node.bases):
        return
    fields = [s for s in node.body if isinstance(s, ast.AnnAssign) and isinstance(s.target, ast.Name)]
    if any(
        isinstance(f.value, ast.Call) or last_name(f.annotation) in {"ClassVar", "InitVar", "KW_ONLY"} for f in fields
    ):
        return
    text = ",".join(f.target.id + ("" if f.value is None else "=") for f in fields if isinstance(f.target, ast.Name))
    name = "__new__" if is_tuple else "__init__"
    if name not in out.members:
        out.members[name] = Function("k" if is_tuple else "m", (text,), "~" if is_tuple else "")
        out.plain_constructor = True
