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
MAX_TABLES = 2
BOUND_WHOLE = {"assign", "augment", "walrus", "loop", "with"}
STORES = {"append", "extend", "update", "setdefault", "insert", "add"}
TABLE_LOOKUPS = (cst.Subscript, cst.Call)


class Keys:
    """The places that the expressions of one file read and write."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._known: dict[int, Key | None] = {}
        self._stored: dict[Key, list[cst.BaseExpression]] | None = None

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
                if self._unit.scopes.at(target).is_class:
                    yield ("attribute", target.value)
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
        """The names, attributes of `self` and constant texts that an expression is made of."""
        found: set[Key] = set()
        owners: set[int] = set()
        for part in descend(node):
            if isinstance(part, (cst.SimpleString, cst.ConcatenatedString)):
                text = string_value(part)
                if text and len(text) >= 3:
                    found.add(("text", text))
            elif isinstance(part, cst.Attribute):
                if isinstance(part.value, cst.Name) and self._unit.names.owner(part.value) is not None:
                    owners.add(id(part.value))
                    found.add(("attribute", part.attr.value))
            elif isinstance(part, cst.Name) and id(part) not in owners:
                key = self.key(part)
                if key is not None:
                    found.add(key)
        return found

    def constants(self, node: cst.CSTNode) -> list[str]:
        """The constant texts in an expression, in what its names are bound to and in what is stored there.

        Three steps deep.
        """
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
                    key = self.key(part)
                    stack += [(value, hops + 1) for value in (self.stored(key) if key is not None else ())]
                elif isinstance(part, cst.Attribute) and hops < 3:
                    stack += [(value, hops + 1) for value in self.attribute_values(part)]
        return [text for text in found if text]

    def stored(self, key: Key) -> list[cst.BaseExpression]:
        """What the file puts into the list or dictionary at a place: `x["k"] = value`, `x.append(value)`."""
        if self._stored is None:
            self._stored = {}
            for assign in self._unit.nodes(cst.Assign):
                for item in assign.targets:
                    if isinstance(item.target, cst.Subscript):
                        self._store(item.target, assign.value)
            for call in self._unit.nodes(cst.Call):
                if isinstance(call.func, cst.Attribute) and call.func.attr.value in STORES:
                    for arg in call.args:
                        self._store(call.func.value, arg.value)
        return self._stored.get(key, [])

    def _store(self, target: cst.BaseExpression, value: cst.BaseExpression) -> None:
        while isinstance(target, (cst.Subscript, cst.Call, cst.Attribute)):
            target = target.func if isinstance(target, cst.Call) else target.value
        key = self.key(target) if isinstance(target, cst.Name) else None
        if key is not None and self._stored is not None:
            self._stored.setdefault(key, []).append(value)

    def attribute_values(self, node: cst.Attribute) -> list[cst.BaseExpression]:
        """What the file binds to the attribute that `self.x` or `Class.x` reads: in methods and in the class."""
        unit = self._unit
        if not isinstance(node.value, cst.Name):
            return []
        found = [value for value in unit.names.attribute_values(node) if value is not None]
        owner = unit.names.owner(node.value) or self._class(node.value)
        if owner is not None:
            bindings = unit.scopes.of(owner).bindings.get(node.attr.value, [])
            found += [b.value for b in bindings if b.kind == "assign" and b.value is not None]
        return found

    def class_of(self, func: cst.CSTNode) -> cst.FunctionDef | None:
        """The `__init__` of the class of this file that an expression refers to."""
        cls = self._class(func) if isinstance(func, cst.Name) else None
        if cls is None:
            return None
        bindings = self._unit.scopes.of(cls).bindings.get("__init__", [])
        made = bindings[0].node if len(bindings) == 1 else None
        return made if isinstance(made, cst.FunctionDef) else None

    def _class(self, node: cst.Name) -> cst.ClassDef | None:
        bindings = self._unit.scopes.look_up(node.value, node)
        only = bindings[0].node if len(bindings) == 1 else None
        return only if isinstance(only, cst.ClassDef) else None

    def functions(self, func: cst.CSTNode, hops: int = 0) -> list[cst.FunctionDef | cst.Lambda]:
        """The functions of this file that an expression may refer to, also by a look-up in a table of them."""
        one = self.local(func)
        if one is not None:
            return [one]
        table: cst.BaseExpression | None = None
        others: list[cst.FunctionDef | cst.Lambda] = []
        if isinstance(func, cst.Subscript):
            table = func.value
        elif isinstance(func, cst.Call) and isinstance(func.func, cst.Attribute) and func.func.attr.value == "get":
            table = func.func.value
            others = [f for a in func.args[1:] for f in self.functions(a.value, hops + 1)] if hops < MAX_TABLES else []
        elif isinstance(func, cst.Name) and hops < MAX_TABLES:
            bindings = self._unit.scopes.look_up(func.value, func)
            if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, TABLE_LOOKUPS):
                return self.functions(bindings[0].value, hops + 1)
        if isinstance(table, cst.Name):
            for binding in self._unit.scopes.look_up(table.value, table):
                if binding.kind == "assign" and isinstance(binding.value, cst.Dict):
                    others += [f for e in binding.value.elements if (f := self.local(e.value)) is not None]
        elif isinstance(table, cst.Attribute):
            dicts = [value for value in self.attribute_values(table) if isinstance(value, cst.Dict)]
            others += [f for d in dicts for e in d.elements if (f := self.local(e.value)) is not None]
        return others

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
