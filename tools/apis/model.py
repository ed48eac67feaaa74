"""What the builder of the API data knows of a library: modules, classes, functions, as read from text."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Function:
    """A function or method: `kind` is one of f (plain), m (takes an instance), s (static), k (class), p (property).

    `signatures` holds one text for each overload (see `read.signature_of`); None where nothing is known of them.
    `result` is the annotation as a dotted name as the module spells it, "~" for the owner's own type, or "".
    """

    kind: str
    signatures: tuple[str, ...] | None
    result: str
    is_async: bool = False
    is_overload: bool = False


@dataclass
class Alias:
    """A name that stands for another: an absolute dotted name.

    A `hidden` one is what a stub imports for its own use (PEP 484, "Stub files"): the module need not have it.
    """

    target: str
    hidden: bool = False


@dataclass
class Variable:
    """A name of which at most the type is known, as the module spells it."""

    type: str = ""


@dataclass
class Class:
    """A class: its bases as the module spells them, its members, and whether more may exist than can be read."""

    name: str
    bases: list[str]
    members: dict[str, Entity] = field(default_factory=dict)
    opaque: bool = False  # instances may have attributes that the text does not show
    plain_constructor: bool = True


Entity = Function | Alias | Variable | Class


@dataclass
class Module:
    """A module: what it binds, and whether it may bind more than can be read (`opaque`)."""

    name: str
    is_package: bool
    names: dict[str, Entity] = field(default_factory=dict)
    stars: list[str] = field(default_factory=list)
    soft: set[str] = field(default_factory=set)  # those stars whose unknown names do not matter: a stub has them all
    exported: list[str] | None = None  # `__all__`, as far as it can be read
    closed: bool = True  # whether it can be read in full
    opaque: bool = False
    stub: bool = False
    loose: set[str] = field(default_factory=set)  # attributes that code here stores on objects of unknown type
    patched: set[str] = field(default_factory=set)  # names of this module that get attributes by setattr
