"""All checks: one module each, found by walking the package; a module that breaks the rules breaks the start."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from codeguard.checks._api import Check

GROUPS = ("security", "malicious", "correctness", "standards")


@cache
def load() -> tuple[Check, ...]:
    """Every check, sorted by id.

    Raises RuntimeError for a module without a `CHECK`, in the wrong group, or with an id or name already taken.
    """
    found: dict[str, Check] = {}
    names: set[str] = set()
    for group in GROUPS:
        package = importlib.import_module(f"{__name__}.{group}")
        for info in pkgutil.iter_modules(package.__path__):
            if info.name.startswith("_"):
                continue
            module = importlib.import_module(f"{package.__name__}.{info.name}")
            check = getattr(module, "CHECK", None)
            if not isinstance(check, Check):
                raise RuntimeError(f"{module.__name__} has no CHECK")  # noqa: TRY004 - a mistake of the house
            if check.category.value != group:
                raise RuntimeError(f"{check.id} stands in {group}/ but its id says {check.category}")
            if check.id in found or check.name in names:
                raise RuntimeError(f"{module.__name__}: id {check.id} or name {check.name} is taken")
            found[check.id] = check
            names.add(check.name)
    return tuple(found[key] for key in sorted(found))
