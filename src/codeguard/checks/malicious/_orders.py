"""What comes in from whoever may ask: a web request's parts, a message of a chat, a line of a served connection."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious._calls import Called
from codeguard.checks.malicious._keys import Key, Keys, params_of
from codeguard.knowledge.malicious import channels
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value


def handled(unit: Unit, keys: Keys, called: Called) -> Iterator[Key]:
    """The parameters in which a framework hands a request or a message to a function of the file."""
    for function in unit.nodes(cst.FunctionDef):
        if function.decorators and any(_registers(d.decorator, unit) for d in function.decorators):
            yield from _params(function)
    for name, call in called.of(channels.REGISTERS):
        for arg in call.args if name else ():
            yield from _params(keys.local(arg.value))
    for method in sorted(channels.REGISTER_METHODS):
        for call in called.by_method.get(method, ()):
            for arg in call.args:
                yield from _params(keys.local(arg.value))
    for given in unit.nodes(cst.Arg):
        if given.keyword is not None and given.keyword.value in channels.CALLBACKS:
            yield from _params(keys.local(given.value))
    for assign in unit.nodes(cst.Assign):
        for item in assign.targets:
            if isinstance(item.target, cst.Attribute) and item.target.attr.value in channels.CALLBACKS:
                yield from _params(keys.local(assign.value))


def _params(function: cst.FunctionDef | cst.Lambda | None) -> Iterator[Key]:
    if function is not None:
        yield from ((id(function), p.name.value) for p in params_of(function) if p.name.value not in {"self", "cls"})


def _registers(decorator: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a decorator makes a function the handler of a route of a web application, or of the messages of a chat."""
    func = decorator.func if isinstance(decorator, cst.Call) else decorator
    if not isinstance(func, cst.Attribute):
        return False
    method = func.attr.value
    if method in channels.ROUTES and isinstance(decorator, cst.Call) and decorator.args:
        path = string_value(decorator.args[0].value) if isinstance(decorator.args[0].value, cst.SimpleString) else None
        return isinstance(path, str) and path.startswith("/")
    return method in channels.MESSAGE_DECORATORS and (unit.name(func) or "").startswith(channels.CHATS)


def carried(node: cst.Attribute, name: str, unit: Unit) -> bool:
    """Whether an attribute is a part of a request: of a library's object, or of the handler that a class is."""
    if name and f"{name}.".startswith(channels.REQUESTS) and name.count(".") >= 2:
        return True
    attribute = node.attr.value
    if not isinstance(node.value, cst.Name):
        return False
    if attribute in channels.HANDLED:
        owner = unit.names.owner(node.value)
        return owner is not None and any((unit.name(base.value) or "") in channels.HANDLERS for base in owner.bases)
    if attribute in channels.DJANGO:
        return any(b.kind == "param" for b in unit.scopes.look_up(node.value.value, node.value))
    return False
