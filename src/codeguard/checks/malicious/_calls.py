"""What is called, indirection included: `__import__("os").system`, `getattr(os, "sys" + "tem")`, `vars(os)["system"]`.

`calls` is the table that the checks of this group look things up in: as `Unit.calls`, but with the names behind
`getattr`, `__import__`, `import_module`, `__dict__`, `vars` and `globals` worked out, and whether it took that.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

import libcst as cst

from codeguard.syntax.unit import Unit

INDIRECT = re.compile(
    r"functools\.partial\(\)|getattr|__import__|import_module|__dict__|vars\(|globals\(|locals\(|__builtins__|__getattribute__|sys\.modules"
)
IMPORTERS = {
    "builtins.__import__",
    "importlib.import_module",
    "importlib.__import__",
    "builtins.__builtins__.__import__",
}
NAMESPACES = {"builtins.globals()", "builtins.locals()", "builtins.vars()"}
BUILTIN_SPACES = {"__builtins__", "builtins.__builtins__", "__builtins__.__dict__", "builtins.__dict__"}
MAX_HOPS = 12
SAME = {
    "urllib.request.Request": "urllib.request.Request",
    "_io.open": "builtins.open",
    "io.open": "builtins.open",
    "codecs.open": "builtins.open",
}


@dataclass(slots=True)
class Called:
    """Calls by full name and by last part of the name; `indirect` holds the ids of those found through indirection."""

    by_name: dict[str, list[cst.Call]] = field(default_factory=dict)
    by_method: dict[str, list[cst.Call]] = field(default_factory=dict)
    name_of: dict[int, str] = field(default_factory=dict)
    indirect: set[int] = field(default_factory=set)

    def of(self, names: Container[str]) -> Iterator[tuple[str, cst.Call]]:
        """Every call of one of these names, in the order in which the file first calls each."""
        for name, found in self.by_name.items():
            if name in names:
                for call in found:
                    yield name, call


def calls(unit: Unit) -> Called:
    """The table (to be asked through `unit.fact(calls)`)."""
    found = Called()
    hidden = INDIRECT.search(unit.text) is not None
    for call in unit.nodes(cst.Call):
        name = unit.name(call.func)
        if hidden and (name is None or INDIRECT.search(name) or isinstance(call.func, (cst.Subscript, cst.Call))):
            deeper = resolved(call.func, unit)
            if deeper is not None and deeper != name:
                name = deeper
                found.indirect.add(id(call))
        if isinstance(call.func, cst.Attribute):
            found.by_method.setdefault(call.func.attr.value, []).append(call)
        if name is not None:
            name = SAME.get(name, name)
            found.by_name.setdefault(name, []).append(call)
            found.name_of[id(call)] = name
    return found


def resolved(node: cst.CSTNode, unit: Unit, hops: int = 0) -> str | None:
    """The dotted name of what an expression refers to, through every constant indirection."""
    plain = unit.name(node)
    if hops > MAX_HOPS or (plain is not None and not INDIRECT.search(plain) and not isinstance(node, cst.Call)):
        return plain
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and bindings[0].kind in {"assign", "walrus"} and bindings[0].value is not None:
            return resolved(bindings[0].value, unit, hops + 1)
        return plain
    if isinstance(node, cst.Attribute):
        base = resolved(node.value, unit, hops + 1)
        return plain if base is None else _joined(base, node.attr.value)
    if isinstance(node, cst.Subscript):
        return _item(node, unit, hops) or plain
    if isinstance(node, cst.Call):
        return _call(node, unit, hops) or plain
    if isinstance(node, cst.NamedExpr):
        return resolved(node.value, unit, hops + 1)
    return plain


def _joined(base: str, attribute: str) -> str:
    if attribute == "__dict__":
        return base
    if base in BUILTIN_SPACES:
        return f"builtins.{attribute}"
    return f"{base}.{attribute}"


def _call(node: cst.Call, unit: Unit, hops: int) -> str | None:
    func = resolved(node.func, unit, hops + 1)
    if func == "functools.partial" and node.args:
        return resolved(node.args[0].value, unit, hops + 1)
    if func == "builtins.getattr" and len(node.args) >= 2:
        base, attribute = resolved(node.args[0].value, unit, hops + 1), _text(node.args[1].value, unit)
        return _joined(base, attribute) if base and attribute else None
    if func is not None and func.endswith(".__getattribute__") and node.args:
        attribute = _text(node.args[-1].value, unit)
        return _joined(func.removesuffix(".__getattribute__"), attribute) if attribute else None
    if func in IMPORTERS and node.args:
        module = _text(node.args[0].value, unit)
        if module is None:
            return None
        return module.partition(".")[0] if func.endswith("__import__") and len(node.args) < 4 else module
    if func == "builtins.vars" and len(node.args) == 1:
        return resolved(node.args[0].value, unit, hops + 1)
    return None if func is None else f"{func}()"


def _item(node: cst.Subscript, unit: Unit, hops: int) -> str | None:
    part = node.slice[0].slice if len(node.slice) == 1 else None
    if not isinstance(part, cst.Index):
        return None
    base = resolved(node.value, unit, hops + 1)
    key = _text(part.value, unit)
    if base is None or key is None:
        return None
    if base == "sys.modules":
        return key
    if base in NAMESPACES:
        return "builtins.__builtins__" if key == "__builtins__" else key
    if isinstance(node.value, cst.Attribute) and node.value.attr.value == "__dict__":
        return _joined(base, key)
    if base in BUILTIN_SPACES or base == "builtins" or (isinstance(node.value, cst.Call) and base and "()" not in base):
        return _joined(base, key)
    return None


def _text(node: cst.BaseExpression, unit: Unit) -> str | None:
    from codeguard.checks.malicious._evaluate import value_of  # noqa: PLC0415 - evaluation asks for names in turn

    value = value_of(node, unit)
    return value if isinstance(value, str) else None
