"""The foreign engines by name; each module is imported only when its engine is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from codeguard.engines.interface import Engine

_CLASSES = {
    "bandit": "codeguard.engines.bandit:BanditEngine",
    "ruff": "codeguard.engines.ruff:RuffEngine",
    "semgrep": "codeguard.engines.semgrep:SemgrepEngine",
    "ty": "codeguard.engines.ty:TyEngine",
}
FOREIGN: tuple[str, ...] = tuple(_CLASSES)


def create(name: str) -> Engine:
    """A fresh engine.  Raises KeyError for a name that is not in `FOREIGN`."""
    module, _, cls = _CLASSES[name].partition(":")
    return cast("Engine", getattr(import_module(module), cls)())
