"""A list, dict or set of the class is changed through `self`, so every instance changes.

An object that is made in the class body belongs to the class.  `self.items.append(x)` finds it there and changes it
for all instances at once.  Make it in `__init__`.  Constants, and attributes that say that they are shared (through
the class, `ClassVar`, or a name like `_registry` or `_cache`), are left alone.  Source: the Python tutorial, "Class
and Instance Variables".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import Class, classes, decorator_names
from codeguard.checks.correctness._mutable import CHANGES, MAKERS, MUTABLE
from codeguard.checks.correctness._shape import last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

SHARED = re.compile(
    r"^_|cache|regist|instance|shared|pool|global|singleton|all_|known|memo|counter|seen|lock|__", re.IGNORECASE
)
UPPER = re.compile(r"_*[A-Z][A-Z0-9_]*$")
SINGLETON = {"__new__", "__class_getitem__", "__init_subclass__"}


def find(node: cst.ClassDef, unit: Unit) -> Iterator[Hit]:
    """Report each mutable attribute of the class that its methods change through the instance."""
    made = {name: value for name, value in _made(node, unit) if not SHARED.search(name) and not UPPER.match(name)}
    if not made:
        return
    every = unit.fact(classes)
    cls = every.of(node)
    if any(every.methods(cls, name) for name in SINGLETON) or (
        node.decorators and "dataclass" in decorator_names(node)
    ):
        return
    own = {name for member in (*cls.line(), *every.below(cls)) for name in unit.names.attributes(member.node)}
    for name, value in made.items():
        change = None if name in own else next(_changes(node, name, unit), None)
        if change is not None and not _is_used_through_class(name, cls, unit):
            yield Hit(
                value, f"All instances of `{cls.name}` share this `{name}`, and `{change}` changes it through `self`"
            )


def _made(node: cst.ClassDef, unit: Unit) -> Iterator[tuple[str, cst.BaseExpression]]:
    for statement in node.body.body:
        for part in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(part, cst.Assign) and len(part.targets) == 1:
                target, value = part.targets[0].target, part.value
            elif (
                isinstance(part, cst.AnnAssign)
                and part.value is not None
                and last_word(part.annotation.annotation) not in {"ClassVar", "Final"}
            ):
                target, value = part.target, part.value
            else:
                continue
            if isinstance(target, cst.Name) and (
                isinstance(value, MUTABLE) or (isinstance(value, cst.Call) and unit.name(value.func) in MAKERS)
            ):
                yield target.value, value


def _is_used_through_class(name: str, cls: Class, unit: Unit) -> bool:
    """Whether the file reaches the attribute through the class itself, or a class method: sharing is meant."""
    for attribute in unit.nodes(cst.Attribute):
        if attribute.attr.value == name:
            base = attribute.value
            if last_word(base) in {"cls", cls.name, "__class__", "klass"} or (
                isinstance(base, cst.Call) and last_word(base.func) == "type"
            ):
                return True
    return False


def _changes(node: cst.ClassDef, name: str, unit: Unit) -> Iterator[str]:
    """The methods that change the attribute in place."""
    for function in node.body.body:
        if not isinstance(function, cst.FunctionDef) or {"classmethod", "staticmethod"} & set(
            decorator_names(function)
        ):
            continue
        for attribute in descend(function.body):
            if (
                not isinstance(attribute, cst.Attribute)
                or attribute.attr.value != name
                or last_word(attribute.value) != "self"
            ):
                continue
            parent = unit.parent(attribute)
            outer = unit.parent(parent) if parent is not None else None
            called = (
                isinstance(parent, cst.Attribute)
                and parent.attr.value in CHANGES
                and isinstance(outer, cst.Call)
                and outer.func is parent
            )
            stored = (
                isinstance(parent, cst.Subscript)
                and parent.value is attribute
                and isinstance(outer, (cst.AssignTarget, cst.Del))
            )
            if called or stored:
                yield function.name.value


CHECK = Check(
    id="CGC019",
    name="shared-class-attribute",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(1108,),
    aliases=("ruff:RUF012",),
    nodes=(cst.ClassDef,),
    find=find,
    fix="Make the object in `__init__`.",
    bad=(
        Bad("class Cart:\n    items = []  # finding\n\n    def add(self, item):\n        self.items.append(item)\n"),
        Bad(
            "class Store:\n    data: dict = {}  # finding\n\n    def put(self, key, value):\n        self.data[key] = value\n"
        ),
    ),
    good=(
        Good(
            "class Cart:\n    def __init__(self):\n        self.items = []\n\n    def add(self, item):\n        self.items.append(item)\n"
        ),
        Good(
            "class Cart:\n    items = []\n\n    def reset(self):\n        self.items = []\n\n    def add(self, item):\n        self.items.append(item)\n"
        ),
        Good("class Plugin:\n    registry = {}\n\n    def register(self):\n        self.registry[self.name] = self\n"),
        Good("class Model:\n    fields = ['a', 'b']\n\n    def names(self):\n        return list(self.fields)\n"),
        Good(
            "class Bus:\n    handlers = []\n\n    @classmethod\n    def on(cls, f):\n        cls.handlers.append(f)\n\n    def off(self, f):\n        self.handlers.remove(f)\n"
        ),
    ),
    misses=(
        Miss(
            "class A:\n    items = []  # finding\n\n\ndef add(a: A, x):\n    a.items.append(x)\n",
            why="only the class's own methods are read",
        ),
    ),
)
