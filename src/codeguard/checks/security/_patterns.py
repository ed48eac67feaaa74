"""Where a file writes regular expressions, with the flags that they are compiled with."""

from __future__ import annotations

import re
from dataclasses import dataclass

import libcst as cst

from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

HINTS = ("re.", "import re", "from re ", "RegexValidator", "Regexp", "pattern", "regex")
_FUNCTIONS = ("compile", "match", "search", "fullmatch", "findall", "finditer", "sub", "subn", "split")
_OTHERS: dict[str, tuple[int | None, str]] = {
    "django.core.validators.RegexValidator": (0, "regex"),
    "wtforms.validators.Regexp": (0, "regex"),
    "pydantic.constr": (None, "pattern"),
    "pydantic.Field": (None, "pattern"),
    "fastapi.Query": (None, "pattern"),
    "fastapi.Path": (None, "pattern"),
}
_FLAGS = {
    name: int(getattr(re, name)) for name in ("I", "M", "S", "X", "A", "IGNORECASE", "DOTALL", "VERBOSE", "ASCII")
}


@dataclass(frozen=True, slots=True)
class Written:
    """A constant pattern: the argument's node, its text, its flags, the function's name, and whether it is anchored."""

    node: cst.BaseExpression
    pattern: str | bytes
    flags: int
    function: str
    call: cst.Call

    @property
    def whole(self) -> bool:
        """True where the function matches whole texts."""
        return self.function.endswith((".fullmatch", "constr", "Field", "Query", "Path"))


def patterns(unit: Unit) -> tuple[Written, ...]:
    """Every constant pattern that the file gives to `re` or to a validator."""
    return unit.fact(_patterns)


def _patterns(unit: Unit) -> tuple[Written, ...]:
    found = []
    for name, calls in unit.calls.items():
        if name.startswith("re.") and name[3:] in _FUNCTIONS:
            where: tuple[int | None, str] = (0, "pattern")
        elif name in _OTHERS:
            where = _OTHERS[name]
        else:
            continue
        for call in calls:
            node = unit.arg(call, *where)
            constant = unit.constant(node)
            if node is not None and constant is not None and isinstance(constant.value, (str, bytes)):
                found.append(Written(node, constant.value, _flags(call), name, call))
    return tuple(found)


def _flags(call: cst.Call) -> int:
    """The flags that the call names, whatever their position: no other argument holds such a name."""
    flags = 0
    for arg in call.args[1:]:
        for node in descend(arg.value):
            if isinstance(node, cst.Attribute):
                flags |= _FLAGS.get(node.attr.value, 0)
    return flags
