"""The absolute imports of a file that run for certain, and what is known of what they name; for the package checks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.knowledge import packages
from codeguard.syntax.scope import dotted
from codeguard.syntax.unit import Unit

# What a handler catches that expects an import to fail, or (NameError) tells Python 2 by a name that only it had.
_FAILS = frozenset(("ImportError", "ModuleNotFoundError", "Exception", "BaseException", "NameError"))
# Names in a condition that say: only for type checkers, on that system, with that Python, where it is installed.
_CONDITION = re.compile(
    r"TYPE_CHECKING|platform|os\.name|version|PY_?[23]|implementation|find_spec|import_module|__debug__"
    r"|(?:^|[._])(?:is_|has|have|with|use|enable|avail|install|support|can_|win|linux|mac|darwin|posix|cuda|gpu|test)",
    re.IGNORECASE,
)
_SCRIPT = re.compile(r"^# /// script[ \t]*\n((?:#.*\n)*?)# ///[ \t]*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Imported:
    """An absolute import: the node that names the module, and the module's dotted name."""

    node: cst.CSTNode
    module: str

    @property
    def root(self) -> str:
        """The top-level package."""
        return self.module.partition(".")[0]


def imports(unit: Unit) -> tuple[Imported, ...]:
    """Every absolute import, guarded or not, in the order of the tables; to be asked for as a fact."""
    found = [Imported(alias, dotted(alias.name) or "") for node in unit.nodes(cst.Import) for alias in node.names]
    found += [
        Imported(source.module, dotted(source.module) or "")
        for source in unit.nodes(cst.ImportFrom)
        if not source.relative and source.module is not None
    ]
    return tuple(found)


def is_guarded(node: cst.CSTNode, unit: Unit, root: str = "\0") -> bool:
    """True where the import may fail and the code knows: a handler, a `suppress`, or a condition on what there is.

    A condition that names `root` itself is one.
    """
    below = node
    for above in unit.ancestors(node):
        if isinstance(above, (cst.Try, cst.TryStar)):
            if below is not above.finalbody and any(map(_catches, above.handlers)):
                return True
        elif isinstance(above, cst.With):
            if any(_suppresses(item.item, unit) for item in above.items):
                return True
        elif isinstance(above, cst.If):
            if any(root in name or _CONDITION.search(name) for name in _names_in(above.test)):
                return True
        elif isinstance(above, (cst.FunctionDef, cst.ClassDef)):
            break
        below = above
    return False


def _catches(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> bool:
    kinds = handler.type
    if kinds is None:
        return True
    many = [element.value for element in kinds.elements] if isinstance(kinds, cst.Tuple) else [kinds]
    return any((dotted(kind) or "").rpartition(".")[2] in _FAILS for kind in many)


def _suppresses(item: cst.BaseExpression, unit: Unit) -> bool:
    if not isinstance(item, cst.Call) or unit.name(item.func) != "contextlib.suppress":
        return False
    return any((dotted(arg.value) or "").rpartition(".")[2] in _FAILS for arg in item.args)


def _names_in(node: cst.CSTNode) -> Iterator[str]:
    name = dotted(node)
    if name is not None:
        yield name
        return
    for child in node.children:
        yield from _names_in(child)


def asks_for(root: str, unit: Unit) -> bool:
    """True where the file has the package's name as a string: it looks for it, or says which it was built with."""
    return any(f"{quote}{root}{end}" in unit.text for quote in "'\"" for end in (quote, "."))


def _declared_inline(unit: Unit) -> tuple[str, ...]:
    """The distributions that a script's own metadata declares (PEP 723), normalised."""
    block = _SCRIPT.search(unit.text)
    listed = re.search(r"dependencies\s*=\s*\[(.*?)\]\s*(?:\n#|$)", block[1], re.DOTALL) if block else None
    names = re.findall(r"[\"']\s*([A-Za-z0-9][\w.-]*)", listed[1]) if listed else ()
    return tuple(map(packages.normal, names))


def is_of_project(module: str, unit: Unit) -> bool:
    """True where the project, or the file itself, has or declares what provides the module, as far as names tell."""
    project = unit.project
    root = module.partition(".")[0]
    if project.is_local(root) or root in project.installed or project.declares(root):
        return True
    names = (*project.distributions, *project.locked, *unit.fact(_declared_inline))
    if not names:
        return False
    name = packages.normal(root)
    plain, words = name.replace("-", ""), set(name.split("-"))
    for declared in names:
        if plain in declared.replace("-", ""):
            return True
        # A distribution that no table knows may bring any module: a word in common is enough to say nothing.
        if not packages.is_known(declared.replace("-", "_")) and words & set(declared.split("-")):
            return True
    return False


def unknown(unit: Unit) -> tuple[Imported, ...]:
    """The imports that run for certain and name a package that neither the tables nor the project know."""
    return tuple(
        one
        for one in unit.fact(imports)
        if one.module
        and one.root.isascii()
        and not packages.is_known(one.module)
        and not is_of_project(one.module, unit)
        and not is_guarded(one.node, unit, one.root)
        and not asks_for(one.root, unit)
    )
