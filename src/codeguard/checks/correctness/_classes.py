"""The classes of one file: what each defines itself, and which classes of the file it inherits from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.correctness._shape import last_word
from codeguard.syntax.unit import Unit

# Bases that add nothing which a subclass could be asked for by an ordinary name.
PLAIN_BASES = frozenset(
    {
        "builtins.object",
        "abc.ABC",
        "typing.Generic",
        "typing.Protocol",
        "typing_extensions.Protocol",
        "ABC",
        "Generic",
        "Protocol",
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class: its node, the classes of the file that it inherits from, and whether it has bases that we do not see."""

    node: cst.ClassDef
    bases: tuple[Class, ...]
    foreign: bool

    @property
    def name(self) -> str:
        """The class's name."""
        return self.node.name.value

    def line(self) -> list[Class]:
        """The class and its bases in the file, nearest first; each once."""
        found: list[Class] = []
        queue = [self]
        while queue:
            cls = queue.pop(0)
            if cls not in found:
                found.append(cls)
                queue = [*cls.bases, *queue]
        return found

    @property
    def complete(self) -> bool:
        """Whether all that it inherits stands in the file."""
        return not any(cls.foreign for cls in self.line())


class Classes:
    """All classes of a unit, by node and by name."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._by_node: dict[int, Class] = {}
        self._building: set[int] = set()
        self.all = tuple(self.of(node) for node in unit.nodes(cst.ClassDef))
        names: dict[str, list[Class]] = {}
        for cls in self.all:
            names.setdefault(cls.name, []).append(cls)
        self._by_name = names
        self._children: dict[int, list[Class]] = {}
        for cls in self.all:
            for base in cls.bases:
                self._children.setdefault(id(base), []).append(cls)

    def of(self, node: cst.ClassDef) -> Class:
        """The class of a node of this unit."""
        key = id(node)
        if key not in self._by_node:
            self._building.add(key)
            bases, foreign = [], False
            for arg in node.bases:
                base = None if arg.star else self._local(arg.value)
                if base is not None and id(base) not in self._building:
                    bases.append(self.of(base))
                elif arg.star or not _is_plain(arg.value, self._unit):
                    foreign = True
            foreign = foreign or any(
                k.keyword is not None and k.keyword.value == "metaclass" and last_word(k.value) != "ABCMeta"
                for k in node.keywords
            )
            self._building.discard(key)
            self._by_node[key] = Class(node, tuple(bases), foreign)
        return self._by_node[key]

    def named(self, name: str) -> Class | None:
        """The one class of that name; None where there is none, or several."""
        found = self._by_name.get(name, [])
        return found[0] if len(found) == 1 else None

    def below(self, cls: Class) -> Iterator[Class]:
        """The classes of the file that inherit from `cls`, near or far; each once."""
        seen: set[int] = set()
        queue = list(self._children.get(id(cls), ()))
        while queue:
            child = queue.pop()
            if id(child) not in seen:
                seen.add(id(child))
                yield child
                queue += self._children.get(id(child), ())

    def local(self, node: cst.BaseExpression) -> Class | None:
        """The class of the file that an expression names, where it is bound once."""
        found = self._local(node)
        return None if found is None else self.of(found)

    def _local(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        if isinstance(node, cst.Subscript):  # `Base[int]`
            node = node.value
        if not isinstance(node, cst.Name):
            return None
        bindings = self._unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and isinstance(bindings[0].node, cst.ClassDef):
            return bindings[0].node
        return None

    def is_made(self, cls: Class) -> bool:
        """Whether the file calls the class to make an instance."""
        return f"<local>.{cls.name}" in self._unit.calls

    def methods(self, cls: Class, name: str) -> list[cst.CSTNode]:
        """What the class body itself binds to a name, in source order."""
        return [binding.node for binding in self._unit.scopes.of(cls.node).bindings.get(name, [])]

    def names(self, cls: Class) -> set[str]:
        """The names that the class body binds, and the attributes that its methods assign on their instance."""
        return {*self._unit.scopes.of(cls.node).bindings, *self._unit.names.attributes(cls.node)}

    def method(self, cls: Class, name: str) -> cst.FunctionDef | None:
        """The one function that `name` is on instances, where the file decides it; None otherwise."""
        for owner in cls.line():
            found = self.methods(owner, name)
            if found:
                one = found[0] if len(found) == 1 else None
                return one if isinstance(one, cst.FunctionDef) else None
            if owner.foreign:
                return None
        return None


def _is_plain(node: cst.BaseExpression, unit: Unit) -> bool:
    if isinstance(node, cst.Subscript):
        node = node.value
    return unit.name(node) in PLAIN_BASES


def classes(unit: Unit) -> Classes:
    """The classes of a unit; ask through `unit.fact(classes)`."""
    return Classes(unit)


def decorator_names(node: cst.FunctionDef | cst.ClassDef) -> list[str]:
    """The last word of each decorator."""
    return [last_word(decorator.decorator) for decorator in node.decorators]
