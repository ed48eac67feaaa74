"""Names of one file: which scope a node stands in, what binds a name there, and what a name is bound to.

The rules are those of the Python reference, "Naming and binding": class bodies are not visible from the functions in
them, decorators, defaults and annotations belong to the enclosing scope, a comprehension is a scope but for its first
iterable.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from codeguard.syntax.walk import Parents, Tables

FUNCTIONS = (cst.FunctionDef, cst.Lambda)
COMPREHENSIONS: tuple[type[cst.CSTNode], ...] = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
if hasattr(cst, "StarredDictComp"):
    COMPREHENSIONS += (cst.StarredDictComp,)
SCOPES: tuple[type[cst.CSTNode], ...] = (cst.Module, cst.ClassDef, *FUNCTIONS, *COMPREHENSIONS)


@dataclass(frozen=True, slots=True)
class Binding:
    """One place that binds a name.

    `kind` is one of import, assign, unpack, augment, annotation, param, function, class, loop, with, except, delete,
    walrus, match, type.  `node` is the binding's own node.  `value` is the expression that is bound whole (assign,
    walrus), entered (with) or iterated (loop), the annotation of a param, else None.  `target` is the dotted name of
    an import, with leading dots where it is relative.
    """

    kind: str
    name: str
    node: cst.CSTNode
    value: cst.BaseExpression | None = None
    target: str = ""


@dataclass(slots=True)
class Scope:
    """One scope: its node, the scope around it, and what it binds, in source order."""

    node: cst.CSTNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    global_names: set[str] = field(default_factory=set)
    nonlocal_names: set[str] = field(default_factory=set)

    @property
    def is_class(self) -> bool:
        """True for a class body, whose names the functions in it do not see."""
        return isinstance(self.node, cst.ClassDef)

    def add(self, binding: Binding) -> None:
        """Bind a name here."""
        self.bindings.setdefault(identifier(binding.name), []).append(binding)


def identifier(name: str) -> str:
    """The name as CPython compares it: NFKC-normalised (PEP 3131), so that no look-alike spelling hides it."""
    return name if name.isascii() else unicodedata.normalize("NFKC", name)


def dotted(node: cst.CSTNode | None) -> str | None:
    """`a.b.c` for a chain of plain names, else None."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(identifier(node.attr.value))
        node = node.value
    if isinstance(node, cst.Name):
        return ".".join([identifier(node.value), *reversed(parts)])
    return None


def import_base(node: cst.ImportFrom) -> str:
    """The module of a from-import, its dots included: `.models`, `..`, `os.path`."""
    return "." * len(node.relative) + (dotted(node.module) or "")


_PARTLY_OUTSIDE = frozenset((cst.Param, cst.Parameters, cst.CompFor))  # of the scope that they stand in


class Scopes:
    """All scopes of a module, and the look-up of names in them."""

    def __init__(self, module: cst.Module, tables: Tables, parents: Parents) -> None:
        self._parents = parents
        self._memo: dict[int, Scope] = {}
        self.module = Scope(module, None)
        self._by_node: dict[int, Scope] = {id(module): self.module}
        self.stars: list[str] = []  # modules that `from m import *` takes names from
        for cls in SCOPES[1:]:
            for node in tables.get(cls, ()):
                self._by_node[id(node)] = Scope(node, None)
        for scope in self._by_node.values():
            if scope is not self.module:
                scope.parent = self.at(scope.node)
        self._declare(tables)
        self._bind(tables)

    # -- where a node stands

    def at(self, node: cst.CSTNode) -> Scope:
        """The scope whose names `node` sees; for a node that opens a scope, the one around it."""
        child = node
        seen: list[int] = []
        parents, memo, scopes = self._parents, self._memo, self._by_node
        result = self.module
        parent = parents.get(id(child))
        while parent is not None:
            key = id(parent)
            if key in scopes:
                if _inside(child, parent, node, parents):
                    result = scopes[key]
                    break
                seen.clear()  # what lies below a default or an iterable belongs elsewhere: remember nothing of it
            elif key in memo:
                result = memo[key]
                break
            elif parent.__class__ in _PARTLY_OUTSIDE:
                seen.clear()
            else:
                seen.append(key)
            child = parent
            parent = parents.get(key)
        for key in seen:
            memo[key] = result
        return result

    def of(self, node: cst.CSTNode) -> Scope:
        """The scope that `node` (a module, class, function, lambda or comprehension) opens."""
        return self._by_node[id(node)]

    def all(self) -> Iterator[Scope]:
        """Every scope, the module's first."""
        return iter(self._by_node.values())

    # -- look-up

    def look_up(self, name: str, node: cst.CSTNode) -> list[Binding]:
        """Every binding that `name` may refer to at `node`; empty for an unbound name (a builtin, say)."""
        return self.look_up_from(name, self.at(node))

    def look_up_from(self, name: str, start: Scope) -> list[Binding]:
        """As `look_up`, from a scope."""
        name = identifier(name)
        scope: Scope | None = start
        while scope is not None:
            if name in scope.global_names:
                return self.module.bindings.get(name, [])
            if name in scope.bindings and name not in scope.nonlocal_names and (not scope.is_class or scope is start):
                return scope.bindings[name]
            scope = scope.parent
        return []

    # -- collecting

    def _declare(self, tables: Tables) -> None:
        for node in tables.get(cst.Global, ()):
            self.at(node).global_names.update(item.name.value for item in node.names)
        for node in tables.get(cst.Nonlocal, ()):
            self.at(node).nonlocal_names.update(item.name.value for item in node.names)

    def _put(self, scope: Scope, binding: Binding) -> None:
        while isinstance(scope.node, COMPREHENSIONS) and binding.kind == "walrus" and scope.parent:
            scope = scope.parent
        if binding.name in scope.global_names:
            scope = self.module
        elif binding.name in scope.nonlocal_names:
            outer = scope.parent
            while outer is not None and (outer.is_class or binding.name not in outer.bindings):
                outer = outer.parent
            scope = outer or scope
        scope.add(binding)

    def _target(self, kind: str, target: cst.CSTNode, value: Any, statement: cst.CSTNode, scope: Scope) -> None:
        if isinstance(target, cst.Name):
            self._put(scope, Binding(kind, target.value, statement, value))
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self._target("unpack" if kind in {"assign", "with"} else kind, element.value, value, statement, scope)
        elif isinstance(target, cst.StarredElement):
            self._target("unpack", target.value, value, statement, scope)

    def _bind(self, tables: Tables) -> None:
        collect: dict[type[cst.CSTNode], Callable[[Any], None]] = {
            cst.Import: self._import,
            cst.ImportFrom: self._import_from,
            cst.Param: self._param,
            cst.FunctionDef: lambda n: self._put(self.at(n), Binding("function", n.name.value, n)),
            cst.ClassDef: lambda n: self._put(self.at(n), Binding("class", n.name.value, n)),
            cst.Assign: self._assign,
            cst.AnnAssign: self._ann_assign,
            cst.AugAssign: lambda n: self._target("augment", n.target, n.value, n, self.at(n)),
            cst.NamedExpr: lambda n: self._target("walrus", n.target, n.value, n, self.at(n)),
            cst.For: lambda n: self._target("loop", n.target, n.iter, n, self.at(n)),
            cst.CompFor: lambda n: self._target("loop", n.target, n.iter, n, self.at(n.target)),
            cst.WithItem: self._with,
            cst.ExceptHandler: self._handler,
            cst.ExceptStarHandler: self._handler,
            cst.Del: lambda n: self._target("delete", n.target, None, n, self.at(n)),
            cst.MatchAs: self._capture,
            cst.MatchStar: self._capture,
            cst.MatchMapping: self._rest,
            cst.TypeAlias: lambda n: self._put(self.at(n), Binding("type", n.name.value, n)),
        }
        lazy: dict[str, Callable[[Any], None]] = {"LazyImport": self._import, "LazyImportFrom": self._import_from}
        for name, method in lazy.items():  # PEP 810, where this LibCST knows it
            if hasattr(cst, name):
                collect[getattr(cst, name)] = method
        for cls, method in collect.items():
            for node in tables.get(cls, ()):
                method(node)

    def _import(self, node: cst.Import) -> None:
        scope = self.at(node)
        for alias in node.names:
            full = dotted(alias.name) or ""
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self._put(scope, Binding("import", alias.asname.name.value, node, target=full))
            else:
                root = full.partition(".")[0]
                self._put(scope, Binding("import", root, node, target=root))

    def _import_from(self, node: cst.ImportFrom) -> None:
        base = import_base(node)
        if isinstance(node.names, cst.ImportStar):
            self.stars.append(base)
            return
        scope = self.at(node)
        for alias in node.names:
            name = dotted(alias.name) or ""
            local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            target = f"{base}{name}" if base.endswith(".") else f"{base}.{name}"
            self._put(scope, Binding("import", local, node, target=target))

    def _param(self, node: cst.Param) -> None:
        if not isinstance(node.name, cst.Name):
            return
        owner = self._parents.get(id(self._parents.get(id(node))))
        if owner is not None and id(owner) in self._by_node:
            annotation = node.annotation.annotation if node.annotation and not node.star else None
            self._by_node[id(owner)].add(Binding("param", node.name.value, node, annotation))

    def _assign(self, node: cst.Assign) -> None:
        scope = self.at(node)
        for target in node.targets:
            self._target("assign", target.target, node.value, node, scope)

    def _ann_assign(self, node: cst.AnnAssign) -> None:
        kind = "assign" if node.value is not None else "annotation"
        self._target(kind, node.target, node.value, node, self.at(node))

    def _with(self, node: cst.WithItem) -> None:
        if node.asname is not None:
            self._target("with", node.asname.name, node.item, node, self.at(node))

    def _handler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        if node.name is not None:
            self._target("except", node.name.name, None, node, self.at(node))

    def _capture(self, node: cst.MatchAs | cst.MatchStar) -> None:
        if node.name is not None:
            self._put(self.at(node), Binding("match", node.name.value, node))

    def _rest(self, node: cst.MatchMapping) -> None:
        if node.rest is not None:
            self._put(self.at(node), Binding("match", node.rest.value, node))


def _inside(child: cst.CSTNode, parent: cst.CSTNode, node: cst.CSTNode, parents: Parents) -> bool:
    """Whether `child`, on the way up from `node` to the scope node `parent`, lies in the scope that `parent` opens."""
    if isinstance(parent, cst.Module):
        return True
    if isinstance(parent, cst.ClassDef):
        return child is parent.body
    if isinstance(parent, FUNCTIONS):
        if child is parent.body:
            return True
        if child is not parent.params:
            return child is getattr(parent, "type_parameters", None)
        step: cst.CSTNode | None = node  # a parameter's own name is inside, its default and annotation are not
        while step is not None and step is not child:
            above = parents.get(id(step))
            if isinstance(above, cst.Param):
                return step is above.name
            step = above
        return True
    outer: cst.CompFor = parent.for_in  # type: ignore[attr-defined]
    if child is not outer:
        return True
    step = node
    while step is not None and step is not outer:
        above = parents.get(id(step))
        if above is outer:
            return step is not outer.iter
        step = above
    return True
