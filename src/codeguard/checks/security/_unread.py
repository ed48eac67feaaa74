"""Constants that state a rule and that nothing in a self-contained file reads."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.security._words import words
from codeguard.syntax.unit import Unit

ALLOWED = frozenset({"allowed", "permitted", "whitelist", "allowlist", "trusted", "approved", "authorized", "valid"})
HINTS = ("ALLOWED", "PERMITTED", "TRUSTED", "APPROVED", "VALID", "AUTHORIZED", "LIST")
# Settings that Django, Flask and their extensions read by name from a settings module.
SETTINGS = frozenset({"ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "CORS_ALLOWED_ORIGINS", "ALLOWED_EXTENSIONS"})


def unread(unit: Unit) -> tuple[tuple[str, cst.CSTNode, cst.BaseExpression], ...]:
    """The names, nodes and values of upper-case module constants that the file assigns once and never reads.

    Empty for a file without functions, one that is part of a package (a relative import), or one that says what it
    exports: there the reader may stand in another file.
    """
    return unit.fact(_unread)


def _unread(unit: Unit) -> tuple[tuple[str, cst.CSTNode, cst.BaseExpression], ...]:
    module = unit.scopes.module.bindings
    if not unit.nodes(cst.FunctionDef) or unit.scopes.stars or "__all__" in module:
        return ()
    if any(b.target.startswith(".") for bindings in module.values() for b in bindings):
        return ()
    counts: dict[str, int] = {}
    for name in unit.nodes(cst.Name):
        counts[name.value] = counts.get(name.value, 0) + 1
    return tuple(
        (name, b.node, b.value)
        for name, bindings in module.items()
        for b in bindings
        if name.isupper()
        and b.kind == "assign"
        and b.value is not None
        and counts.get(name) == 1
        and name not in SETTINGS
    )


def unread_lists(unit: Unit, of: frozenset[str]) -> Iterator[tuple[str, cst.CSTNode]]:
    """The unread constants whose names say that they list what is allowed of the things `of`."""
    for name, node, value in unread(unit):
        parts = set(words(name))
        if ALLOWED & parts and of & parts and isinstance(value, (cst.List, cst.Tuple, cst.Set)):
            yield name, node
