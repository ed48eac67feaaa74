"""The places of a file that hold values: names by their scope, attributes of `self`, and constant texts."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.checks.malicious._when import methods
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

Key = tuple[object, ...]
MAX_LOOKED_AT = 400
BOUND_WHOLE = {"assign", "augment", "walrus", "loop", "with"}


class Keys:
    """The places that the expressions of one file read and write."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[int, Key | None] = {}

    def key(self, node: cst.Name) -> Key | None:
        """The place of a name, which its scope makes; None for what imports, functions and classes bind, and builtins."""
        known = self._known.get(id(node), ())
        if known != ():
            return known
        scope = start = self._unit.scopes.at(node)
        key: Key | None = None
        while scope is not None:
            if (
                node.value in scope.bindings
                and (not scope.is_class or scope is start)
                and node.value not in scope.global_names
            ):
                kinds = {b.kind for b in scope.bindings[node.value]}
                key = None if kinds <= {"import", "function", "class"} else (id(scope.node), node.value)
                break
            if scope.parent is None:
                break
            scope = scope.parent
        self._known[id(node)] = key
        return key

    def targets(self, target: cst.CSTNode) -> Iterator[Key]:
        """The places that an assignment to this target writes."""
        if isinstance(target, cst.Name):
            key = self.key(target)
            if key is not None:
                yield key
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                yield from self.targets(element.value)
        elif isinstance(target, cst.StarredElement):
            yield from self.targets(target.value)
        elif isinstance(target, cst.Attribute):
            if isinstance(target.value, cst.Name) and self._unit.names.owner(target.value) is not None:
                yield ("attribute", target.attr.value)
            else:
                yield from self.targets(target.value)
        elif isinstance(target, cst.Subscript):
            yield from self.targets(target.value)

    def roots(self, node: cst.CSTNode) -> set[Key]:
        """The names and constant texts that an expression is made of."""
        found: set[Key] = set()
        for part in descend(node):
            if isinstance(part, (cst.SimpleString, cst.ConcatenatedString)):
                text = string_value(part)
                if text and len(text) >= 3:
                    found.add(("text", text))
            elif isinstance(part, cst.Name):
                key = self.key(part)
                if key is not None:
                    found.add(key)
        return found

    def constants(self, node: cst.CSTNode) -> list[str]:
        """The constant texts in an expression and in what its names are bound to (three steps deep)."""
        found: list[str] = []
        seen: set[int] = set()
        stack: list[tuple[cst.CSTNode, int]] = [(node, 0)]
        while stack and len(seen) < MAX_LOOKED_AT:
            top, hops = stack.pop()
            if id(top) in seen:
                continue
            seen.add(id(top))
            whole = (
                value_of(top, self._unit)
                if isinstance(top, cst.BaseExpression) and not isinstance(top, (cst.Name, cst.SimpleString))
                else None
            )
            if isinstance(whole, (str, bytes)):
                found.append(text_of(whole) or "")
                continue
            for part in descend(top):
                if isinstance(part, (cst.SimpleString, cst.ConcatenatedString)):
                    found.append(text_of(string_value(part)) or "")
                elif isinstance(part, cst.FormattedString):
                    found.append(
                        "".join(p.value if isinstance(p, cst.FormattedStringText) else "{}" for p in part.parts)
                    )
                elif isinstance(part, cst.Name) and hops < 3:
                    bindings = self._unit.scopes.look_up(part.value, part)
                    stack += [(b.value, hops + 1) for b in bindings if b.kind in BOUND_WHOLE and b.value is not None]
        return [text for text in found if text]

    def local(self, func: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """The function of this file that an expression refers to, where there is only one."""
        if isinstance(func, cst.Lambda):
            return func
        if isinstance(func, cst.Name):
            bindings = self._unit.scopes.look_up(func.value, func)
            if len(bindings) == 1:
                node = bindings[0].node if bindings[0].kind == "function" else bindings[0].value
                return (
                    node
                    if isinstance(node, (cst.FunctionDef, cst.Lambda)) and bindings[0].kind in {"function", "assign"}
                    else None
                )
        elif isinstance(func, cst.Attribute):
            named = methods(self._unit).get(func.attr.value, [])
            if len(named) == 1:
                base = func.value
                mine = isinstance(base, cst.Name) and self._unit.names.owner(base) is not None
                if mine or (self._unit.name(base) or "").startswith("<local>."):
                    return named[0]
        return None


def params_of(function: cst.FunctionDef | cst.Lambda | None) -> list[cst.Param]:
    """The parameters of a function by position and by keyword."""
    return (
        []
        if function is None
        else [*function.params.posonly_params, *function.params.params, *function.params.kwonly_params]
    )
