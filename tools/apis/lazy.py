"""The names that modules make only when they are asked for: a module's `__getattr__`, and lazy import tables."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any, TypeGuard

from apis.model import Alias, Module, Variable
from apis.spelling import IDENTIFIER, last_name, texts_in

# A module's `__getattr__` may hand the name that it is asked for to these: they report it, or it was looked up before.
HARMLESS = {
    "AttributeError", "ImportError", "DeprecationWarning", "FutureWarning", "warn", "_warn", "warn_deprecated",
    "warn_external", "deprecate", "print", "repr", "str", "format", "get", "import_module", "__import__", "type",
    "startswith", "endswith", "isinstance", "globals",
}  # fmt: skip


def find_lazy_names(statements: list[ast.stmt], out: Module) -> None:
    """Names that a module's `__getattr__` may give: the texts that it compares with or looks up."""
    getters = [n for n in statements if isinstance(n, ast.FunctionDef) and n.name == "__getattr__"]
    containers = _containers(statements)
    raises = any(isinstance(n, ast.Raise) and "AttributeError" in ast.dump(n) for g in getters for n in ast.walk(g))
    for getter in getters:
        asked = getter.args.args[0].arg if getter.args.args else ""
        for call in ast.walk(getter):
            if isinstance(call, ast.Call) and last_name(call.func) not in HARMLESS:
                given = [*call.args, *(k.value for k in call.keywords)]
                if any(isinstance(n, ast.Name) and n.id == asked for g in given for n in ast.walk(g)):
                    raises = raises and _is_lazy_import(call, getter)
    if last_name(_deprecation(getters)) == "_sub_module_deprecation":
        raises = True  # scipy's own: it gives what `all` lists, and raises for the rest
    if out.stub or not raises:
        out.opaque = True
        return
    for getter in getters:
        for text in _given(getter.body, containers):
            out.names.setdefault(text, Variable())


def _containers(statements: list[ast.stmt]) -> dict[str, list[str]]:
    """The identifiers in what a module's variables are given, at once and by `update`, `extend`, `append`, `add`."""
    found: dict[str, list[str]] = {}
    for one in statements:
        if isinstance(one, (ast.Assign, ast.AnnAssign)) and one.value is not None:
            texts = list(_identifiers(one.value, found))
            for target in one.targets if isinstance(one, ast.Assign) else [one.target]:
                if isinstance(target, ast.Name):
                    found[target.id] = texts
                elif isinstance(target, ast.Subscript) and isinstance(target.value, ast.Name):
                    found.setdefault(target.value.id, []).extend(_identifiers(target.slice, found))
        elif (
            isinstance(one, ast.Expr) and isinstance(one.value, ast.Call) and isinstance(one.value.func, ast.Attribute)
        ):
            where = one.value.func
            if isinstance(where.value, ast.Name) and where.attr in {"update", "extend", "append", "add"}:
                for value in one.value.args:
                    found.setdefault(where.value.id, []).extend(list(_identifiers(value, found)))
    return found


def find_import_structure(tree: ast.Module, out: Module) -> None:
    """`_import_structure = {"module": ["Name", ...]}` and its updates: what a lazy module of transformers gives."""
    structure: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else []
        for target in targets:
            if isinstance(target, ast.Name) and target.id == "_import_structure" and isinstance(node.value, ast.Dict):
                for key, value in zip(node.value.keys, node.value.values, strict=True):
                    if isinstance(key, ast.Constant):
                        structure.setdefault(key.value, []).extend(texts_in(value))
            elif _is_table_entry(target):
                structure.setdefault(target.slice.value, []).extend(texts_in(node.value))
        if isinstance(node, ast.Call) and last_name(node.func) in {"append", "extend"}:
            where = node.func.value if isinstance(node.func, ast.Attribute) else None
            if _is_table_entry(where):
                structure.setdefault(where.slice.value, []).extend(t for a in node.args for t in texts_in(a))
    for module, names in structure.items():
        path = f"{out.name}.{module}" if module else out.name
        out.names.setdefault(module.partition(".")[0], Alias(f"{out.name}.{module.partition('.')[0]}"))
        for name in names:
            out.names.setdefault(name, Alias(f"{path}.{name}"))
    if structure:
        out.opaque = False


def _is_table_entry(node: ast.AST | None) -> TypeGuard[Any]:
    """Whether a node is `_import_structure["module"]`."""
    return (
        isinstance(node, ast.Subscript)
        and last_name(node.value) == "_import_structure"
        and isinstance(node.slice, ast.Constant)
    )


def _is_lazy_import(call: ast.Call, getter: ast.FunctionDef) -> bool:
    """Whether a call is `getattr(module, name)` of a module that was imported just before, out of a table of names."""
    if last_name(call.func) != "getattr" or len(call.args) < 2:
        return False
    return any(isinstance(n, ast.Call) and last_name(n.func) == "import_module" for n in ast.walk(getter))


def _deprecation(getters: list[ast.FunctionDef]) -> ast.expr | None:
    """What a `__getattr__` hands its question on to, where that is all that it does."""
    body = getters[0].body if len(getters) == 1 else []
    last = body[-1] if body else None
    return last.value if isinstance(last, ast.Return) else None


def _given(body: list[ast.stmt], containers: dict[str, list[str]]) -> Iterator[str]:
    """The identifiers that a `__getattr__` body asks for in the branches that return something."""
    for statement in body:
        if isinstance(statement, ast.If):
            if any(isinstance(inner, ast.Return) for part in statement.body for inner in ast.walk(part)):
                yield from _identifiers(statement.test, containers)
                yield from _given(statement.body, containers)
            yield from _given(statement.orelse, containers)
        elif isinstance(statement, (ast.Try, ast.With, ast.For)):
            yield from _given(statement.body, containers)
            for handler in getattr(statement, "handlers", []):
                yield from _given(handler.body, containers)
        elif not isinstance(statement, ast.Raise):
            yield from _identifiers(statement, containers)


def _identifiers(node: ast.AST, containers: dict[str, list[str]]) -> Iterator[str]:
    """The identifiers that stand as texts in a node, and in the variables that it names."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Constant) and isinstance(inner.value, str) and IDENTIFIER.match(inner.value):
            yield inner.value
        elif isinstance(inner, ast.Name):
            yield from containers.get(inner.id, ())
