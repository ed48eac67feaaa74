"""A method does not take the instance that Python passes to it first.

Called on an instance it fails with a TypeError, or its first parameter is silently the instance and its use of `self`
a NameError.  Write `self` first, or mark the method `@staticmethod`.  Source: the Python tutorial, "Method Objects".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word, names_in, own_nodes
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SELF = re.compile(
    r"_*(?:self|cls|class|klass|mcs|mcls|metacls|meta|this|inst(?:ance)?|s|slf|me|zelf)\d*_*$|_+$|(?:cls|self)_\w+|\w+_(?:self|cls)$"
)
CONTAINER = {"__len__", "__getitem__", "__iter__", "__getattr__"}
IMPLICIT = {"__new__", "__init_subclass__", "__class_getitem__"}
KEEPS_SELF = {
    "property",
    "cached_property",
    "abstractmethod",
    "setter",
    "getter",
    "deleter",
    "lru_cache",
    "cache",
    "override",
    "final",
    "wraps",
    "contextmanager",
    "asynccontextmanager",
    "abstractproperty",
}
# How many parameters Python passes to these, the instance included (data model, "Special method names").
SPECIAL = {
    **dict.fromkeys(("__len__", "__str__", "__repr__", "__iter__", "__next__", "__hash__", "__bool__", "__enter__", "__aenter__", "__del__", "__reversed__", "__neg__", "__int__", "__float__", "__aiter__", "__anext__", "__await__", "__index__"), 1),
    **dict.fromkeys(("__eq__", "__ne__", "__lt__", "__le__", "__gt__", "__ge__", "__getitem__", "__delitem__", "__contains__", "__getattr__", "__getattribute__", "__delattr__", "__add__", "__sub__", "__mul__", "__truediv__", "__and__", "__or__", "__missing__"), 2),
    **dict.fromkeys(("__setitem__", "__setattr__"), 3),
}  # fmt: skip


def find(cls: cst.ClassDef, unit: Unit) -> Iterator[Hit]:
    """Report the methods of a class that have no parameter for the instance."""
    if not isinstance(cls.body, cst.IndentedBlock) or any("nterface" in last_word(b.value) for b in cls.bases):
        return
    for function in cls.body.body:
        if not isinstance(function, cst.FunctionDef) or function.name.value in IMPLICIT:
            continue
        if any(last_word(d.decorator) not in KEEPS_SELF for d in function.decorators):
            continue
        params = function.params
        every = [*params.posonly_params, *params.params]
        if every[0].name.value == "self" if every else isinstance(params.star_arg, cst.Param):
            continue
        if any(n.value == "self" and not unit.scopes.look_up("self", n) for n in names_in(function.body)):
            why = "its use of `self` raises NameError"
        else:
            why = "" if every and SELF.match(every[0].name.value) else _evidence(function, every, cls, unit)
        if why:
            yield Hit(function.name, f"The method `{function.name.value}` has no parameter for its instance: {why}")


def _evidence(function: cst.FunctionDef, params: list[cst.Param], cls: cst.ClassDef, unit: Unit) -> str:
    """What shows that the first parameter is not meant for the instance; empty where it may be."""
    name = function.name.value
    if _used_in_class_body(name, cls, unit):
        return ""
    if not params and _is_reached_through_class(name, cls, unit):
        return ""
    if not params:
        return "every call on an instance raises TypeError"
    first = params[0]
    if name in SPECIAL and params[-1].default is None and len(params) == SPECIAL[name] - 1:
        return f"Python passes {SPECIAL[name]} arguments, and it takes {len(params)}"
    if name == "__init__" and not _sets_attributes(function, first.name.value):
        return f"`{first.name.value}` is the new object itself, and the first argument is lost"
    if first.annotation is not None and not _may_be_own_type(first.annotation.annotation, cls):
        return f"`{first.name.value}` is the instance, whatever its annotation says"
    if _is_reached_through_class(name, cls, unit):
        return ""
    if _has_static_sibling(cls):
        return f"`{first.name.value}` is the instance: unlike its siblings it is not marked `@staticmethod`"
    if (
        not cls.bases
        and not CONTAINER.intersection(unit.scopes.of(cls).bindings)
        and _is_container(function, first, unit)
    ):
        return f"`{first.name.value}` is the instance, and is used as a collection, which the class is not"
    return ""


def _has_static_sibling(cls: cst.ClassDef) -> bool:
    return any(
        last_word(decorator.decorator) == "staticmethod"
        for function in cls.body.body
        if isinstance(function, cst.FunctionDef)
        for decorator in function.decorators
    )


def _is_container(function: cst.FunctionDef, first: cst.Param, unit: Unit) -> bool:
    """Whether the first parameter, never set again, is measured, indexed or iterated over."""
    name = first.name.value
    if len(unit.scopes.of(function).bindings.get(name, ())) != 1:
        return False
    for node in own_nodes(function):
        if isinstance(node, cst.Subscript):
            value = node.value
        elif isinstance(node, (cst.For, cst.CompFor)):
            value = node.iter
        elif isinstance(node, cst.Call) and len(node.args) == 1 and unit.name(node.func) == "builtins.len":
            value = node.args[0].value
        else:
            continue
        if isinstance(value, cst.Name) and value.value == name:
            return True
    return False


def _sets_attributes(function: cst.FunctionDef, name: str) -> bool:
    """Whether the function stores into attributes of `name`, as it does with its instance under an odd name."""
    return any(
        isinstance(node, cst.AssignTarget)
        and isinstance(node.target, cst.Attribute)
        and last_word(node.target.value) == name
        for node in own_nodes(function)
    )


def _used_in_class_body(name: str, cls: cst.ClassDef, unit: Unit) -> bool:
    """Whether the class body itself calls the function, as a helper or a decorator, or wraps it."""
    scope = unit.scopes.of(cls)
    if len(scope.bindings.get(name, [])) > 1:
        return True
    return any(
        n.value == name and unit.scopes.at(n) is scope
        for n in names_in(cls.body)
        if unit.parent(n).__class__ is not cst.FunctionDef
    )


def _is_reached_through_class(name: str, cls: cst.ClassDef, unit: Unit) -> bool:
    """Whether the file takes the function from the class itself, where it needs no instance."""
    own = {cls.name.value, "cls"}
    if any(a.attr.value == name and last_word(a.value) in own for a in unit.nodes(cst.Attribute)):
        return True
    taken = (c.args[0].value for c in unit.nodes(cst.Call) if last_word(c.func) == "getattr" and c.args)
    return any(isinstance(owner, cst.Name) and owner.value in own for owner in taken)


def _may_be_own_type(annotation: cst.BaseExpression, cls: cst.ClassDef) -> bool:
    word = last_word(annotation) or (annotation.value if isinstance(annotation, cst.SimpleString) else "")
    bases = {last_word(b.value) for b in cls.bases}
    inner = (
        last_word(annotation.slice[0].slice.value)
        if isinstance(annotation, cst.Subscript)
        and annotation.slice
        and isinstance(annotation.slice[0].slice, cst.Index)
        else ""
    )
    own = {cls.name.value, "Self", "Any", "object", *bases}
    return (
        not word
        or bool({word, inner, word.strip("\"'")} & own)
        or len(word) <= 2
        or word in {"Type", "type"}
        or word.endswith(("Self", "T", "Type", "Protocol"))
    )


CHECK = Check(
    id="CGC028",
    name="missing-self-parameter",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ruff:PLE0211", "ruff:N805", "ruff:PLE0302"),
    nodes=(cst.ClassDef,),
    find=find,
    fix="Add `self` as the first parameter, or mark the method `@staticmethod`.",
    bad=(
        Bad(
            "class Stats:\n    @staticmethod\n    def low(data):\n        return min(data)\n\n    def high(data):  # finding\n        return max(data)\n"
        ),
        Bad("class Stats:\n    def mean(data):  # finding\n        return sum(data) / len(data)\n"),
        Bad("class Cart:\n    def total():  # finding\n        return 0\n"),
        Bad("class App:\n    def set_name(name):  # finding\n        self.name = name\n"),
        Bad("class Box:\n    def __init__(size):  # finding\n        print(size)\n"),
        Bad("class Box:\n    def __getitem__(key):  # finding\n        return key\n"),
        Bad("class Box:\n    def put(item: str, times: int = 1):  # finding\n        return item * times\n"),
        Bad("class Box:\n    def __init__(*, size=1):  # finding\n        print(size)\n"),
    ),
    good=(
        Good("class Stats:\n    def mean(data):\n        return sum(data) / len(data)\n\n\nprint(Stats.mean([1]))\n"),
        Good(
            "class Row:\n    def first(row):\n        return row[0]\n\n    def __getitem__(row, at):\n        return row.items[at]\n"
        ),
        Good("class Cart:\n    def total(self):\n        return 0\n"),
        Good("class Cart:\n    @staticmethod\n    def total(items):\n        return len(items)\n"),
        Good("class Meta(type):\n    def __call__(cls, *args):\n        return cls\n"),
        Good("class A:\n    def _make(name):\n        return property(lambda self: name)\n\n    x = _make('x')\n"),
        Good(
            "class A:\n    def f(*args):\n        return args[0]\n\n    @validator('x')\n    def check(value):\n        return value\n"
        ),
        Good("class IThing(Interface):\n    def ping():\n        pass\n"),
        Good("class Node:\n    def join(node: 'Node', other):\n        return node.x + other.x\n"),
    ),
    misses=(
        Miss(
            "class A:\n    def double(value):  # finding\n        return value * 2\n",
            why="any name may stand for the instance",
        ),
    ),
)
