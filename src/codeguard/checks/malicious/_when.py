"""When code runs: while its module is imported, while its package is installed, or later."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from codeguard.syntax.unit import Unit

INSTALL_BASE = re.compile(
    r"(?:^|\.)command\.(?:install|develop|egg_info|build|build_py|build_ext|sdist|bdist_wheel|bdist_egg|install_lib|build_scripts|test|easy_install|install_scripts|editable_wheel)\b|bdist_wheel\.bdist_wheel$|BuildHookInterface$"
)
SETUP = {"setuptools.setup", "distutils.core.setup", "setup", "skbuild.setup", "numpy.distutils.core.setup"}
ENTRY = {"exec", "main"}


@dataclass(frozen=True, slots=True)
class Timing:
    """Ids of the functions that importing the module runs, and of those that installing its package runs."""

    at_import: frozenset[int]
    at_install: frozenset[int]
    is_setup: bool


def timing(unit: Unit) -> Timing:
    """What runs when (to be asked through `unit.fact(timing)`); follows calls and references inside the file."""
    uses: dict[int, set[int]] = {}
    import_seeds: set[int] = set()
    for call in unit.nodes(cst.Call):
        owner = unit.function_of(call)
        targets = {id(f) for node in (call.func, *(a.value for a in call.args)) for f in _functions(node, unit)}
        if not targets:
            continue
        if owner is not None:
            uses.setdefault(id(owner), set()).update(targets)
        elif not guarded(call, unit):
            import_seeds |= targets
    install_seeds: set[int] = set()
    for cls in unit.nodes(cst.ClassDef):
        if any(INSTALL_BASE.search(unit.name(base.value) or "") for base in cls.bases):
            install_seeds.update(id(f) for f in cls.body.body if isinstance(f, cst.FunctionDef))
    is_setup = any(name in unit.calls for name in SETUP) and any(
        unit.function_of(c) is None for name in SETUP for c in unit.calls.get(name, ())
    )
    return Timing(_closed(import_seeds, uses), _closed(install_seeds, uses), is_setup)


def when(node: cst.CSTNode, unit: Unit) -> str:
    """`install`, `import` or `later`: when the node first runs by itself."""
    facts = unit.fact(timing)
    owner = unit.function_of(node)
    if owner is None:
        if guarded(node, unit):
            return "later"
        return "install" if facts.is_setup else "import"
    if id(owner) in facts.at_install:
        return "install"
    if id(owner) in facts.at_import:
        return "install" if facts.is_setup else "import"
    return "later"


def guarded(node: cst.CSTNode, unit: Unit) -> bool:
    """True below `if __name__ == "__main__":`, or below `if TYPE_CHECKING:`."""
    return any(isinstance(above, cst.If) and _asks_main(above.test) for above in unit.ancestors(node))


def _asks_main(test: cst.BaseExpression) -> bool:
    if isinstance(test, cst.Comparison):
        return isinstance(test.left, cst.Name) and test.left.value == "__name__"
    return isinstance(test, cst.Name) and test.value == "TYPE_CHECKING"


def _functions(node: cst.BaseExpression, unit: Unit) -> list[cst.FunctionDef]:
    if isinstance(node, cst.Name):
        return [
            b.node
            for b in unit.scopes.look_up(node.value, node)
            if isinstance(b.node, cst.FunctionDef) and b.kind == "function"
        ]
    if isinstance(node, cst.Attribute):
        return methods(unit).get(node.attr.value, []) if _own(node, unit) else []
    return []


def _own(node: cst.Attribute, unit: Unit) -> bool:
    return (unit.name(node.value) or "").startswith("<local>") or (
        isinstance(node.value, cst.Name) and unit.names.owner(node.value) is not None
    )


def methods(unit: Unit) -> dict[str, list[cst.FunctionDef]]:
    """The methods of the file's classes by name."""
    return unit.fact(_methods)


def _methods(unit: Unit) -> dict[str, list[cst.FunctionDef]]:
    found: dict[str, list[cst.FunctionDef]] = {}
    for cls in unit.nodes(cst.ClassDef):
        for item in cls.body.body:
            if isinstance(item, cst.FunctionDef):
                found.setdefault(item.name.value, []).append(item)
    return found


def _closed(seeds: set[int], uses: dict[int, set[int]]) -> frozenset[int]:
    reached, stack = set(seeds), list(seeds)
    while stack:
        for other in uses.get(stack.pop(), ()):
            if other not in reached:
                reached.add(other)
                stack.append(other)
    return frozenset(reached)
