"""The type names of the project's own classes: a path and a number in one text."""

from __future__ import annotations

_MARK = "<project>:"


def class_type(path: str, number: int) -> str:
    """The type name of a class of the project."""
    return f"{_MARK}{number}:{path}"


def is_project(type_: str) -> bool:
    """True for the type name of a class of the project."""
    return type_.startswith(_MARK)


def class_of(type_: str) -> tuple[str, int]:
    """The path and number that a project class's type name holds; `("", -1)` for any other."""
    if not is_project(type_):
        return "", -1
    _, number, path = type_.split(":", 2)
    return path, int(number)
