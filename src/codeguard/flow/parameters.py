"""The parameters of functions that nobody calls: what the outside world may put there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.flow import ir
from codeguard.flow.classes import class_type
from codeguard.flow.relevance import ROUTE_DECORATORS, decorated_by
from codeguard.flow.state import OTHER, State, attr_key
from codeguard.flow.values import (
    UNKNOWN,
    Label,
    Link,
    Taint,
    Taints,
    Value,
    fresh_id,
    neutralise,
)
from codeguard.knowledge.flow.model import NUMBER_SAFE

if TYPE_CHECKING:
    from codeguard.flow.analysis import Analysis


def bind_root(function: ir.Function, owner: Value | None, state: State, path: str, analysis: Analysis) -> None:
    """Give a root function's parameters what the outside world may put there."""
    route = is_route(function)
    for number, param in enumerate(function.params):
        first = (
            number == 0 and owner is not None and not any(d.ref == "builtins.staticmethod" for d in function.decorators)
        )
        if first:
            state.env[param.name] = owner if owner is not None else UNKNOWN
            continue
        state.env[param.name] = _outside(param, function, route, path, state, analysis)


def _outside(
    param: ir.Param,
    function: ir.Function,
    route: bool,  # noqa: FBT001
    path: str,
    state: State,
    analysis: Analysis,
) -> Value:
    annotation = param.annotation
    if annotation is not None:
        row = analysis.library.attributes.get(f"<param>{annotation}")
        if row is not None:
            return analysis.sourced(row, path, param.at, row.type) if row.kind else Value(fresh_id(), type=row.type)
        found = analysis.resolve(annotation, path).ref
        if found is not None and found.kind == "class" and not route:
            type_ = class_type(found.module, found.number)
            contents = analysis.class_env(found.module, found.number)
            cell = state.new_cell({attr_key(k): v for k, v in contents.items()})
            return Value(fresh_id(), _param_taint(param, function, path, 1), type=type_, cell=cell)
    if param.name in {"self", "cls"} and param is function.params[0]:  # a method without its class
        return Value(fresh_id(), cell=state.new_cell())
    if isinstance(param.default, ir.Call) and (param.default.ref or "").rpartition(".")[2] in {
        "Depends",
        "Security",
        "inject",
    }:
        return UNKNOWN
    if param.name in {"request", "req"} and annotation is None and not route and function.owner is None:
        row = analysis.library.attributes.get("<param>request")
        if row is not None:
            return Value(fresh_id(), type=row.type)
    taints = _param_taint(param, function, path, 0 if route else 1)
    if annotation in _NUMBERS:
        taints = neutralise(taints, NUMBER_SAFE)
    if isinstance(param.default, ir.Call) and any(arg.name in {"le", "lt"} for arg in param.default.args):
        taints = neutralise(taints, frozenset({"size"}))  # `Query(le=100)`
    if param.kind:
        value = Value(fresh_id(), taints)
        type_ = "builtins.tuple" if param.kind == "*" else "builtins.dict"
        return Value(fresh_id(), taints, type=type_, cell=state.new_cell({OTHER: value}))
    plain = annotation if annotation in {"builtins.str", "builtins.bytes", "builtins.int", "pathlib.Path"} else None
    return Value(fresh_id(), taints, type=plain)


_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool", "uuid.UUID", "datetime.datetime",
                      "datetime.date",
                      "decimal.Decimal", "pydantic.PositiveInt"})  # fmt: skip


def _param_taint(param: ir.Param, function: ir.Function, path: str, trust: int) -> Taints:
    name = function.qualname or function.name
    kind, text = (
        ("request", f"the route parameter `{param.name}`")
        if trust == 0
        else ("param", f"the parameter `{param.name}` of `{name}`")
    )
    label = Label(kind, path, param.at, text, trust, name, param.name)
    return {label: Taint(frozenset(), (), Link(path, param.at, f"{text} may hold anything", None, 1))}


def is_route(function: ir.Function) -> bool:
    """True for a function that a web framework calls with parts of a request."""
    for decorator in function.decorators:
        if decorated_by(decorator) in ROUTE_DECORATORS:
            call = decorator.expr
            first = call.args[0].value if isinstance(call, ir.Call) and call.args else None
            if isinstance(first, ir.Const) and isinstance(first.value, str) and first.value.startswith("/"):
                return True
    return False


def fixed_path(function: ir.Function) -> str | None:
    """The path that a route function answers to, where it is one without placeholders."""
    paths = set()
    for decorator in function.decorators:
        call = decorator.expr
        if decorated_by(decorator) in ROUTE_DECORATORS and isinstance(call, ir.Call) and call.args:
            first = call.args[0].value
            paths.add(first.value if isinstance(first, ir.Const) and isinstance(first.value, str) else "<")
    return paths.pop() if len(paths) == 1 and not any(set(p) & set("<{*:") for p in paths) else None
