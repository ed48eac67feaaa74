"""A function calls itself on every way through it, with nothing that could end it.

Each call makes the next one until RecursionError.  A property that reads the attribute of its own name does so too:
store the value under another name, such as `self._name`.  Source: the Python documentation of `property`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._classes import decorator_names
from codeguard.checks.correctness._shape import body_of, is_generator
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import children

# Nodes whose parts may not be evaluated, or only later.
CONDITIONAL = (
    cst.FunctionDef,
    cst.Lambda,
    cst.ClassDef,
    cst.GeneratorExp,
    cst.ListComp,
    cst.SetComp,
    cst.DictComp,
    cst.Match,
)


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report the call, or the read of the property, that the function always comes to."""
    marks = decorator_names(function)
    if is_generator(function, unit):
        return
    name = function.name.value
    setter = marks == ["setter"]
    is_property = bool({"property", "cached_property"} & set(marks)) or setter
    if marks and not is_property and not {"staticmethod", "classmethod"}.issuperset(marks):
        return
    params = [*function.params.posonly_params, *function.params.params]
    own = params[0].name.value if is_property and params else ""
    for node in _always(function, unit):
        if is_property:
            hit = (
                isinstance(node, cst.Attribute)
                and node.attr.value == name
                and isinstance(node.value, cst.Name)
                and node.value.value == own
            )
            stored = isinstance(unit.parent(node), cst.AssignTarget)
            if hit and stored == setter:
                verb = "sets" if setter else "reads"
                yield Hit(node, f"The property `{name}` {verb} itself here, again and again: RecursionError")
                return
        elif isinstance(node, cst.Call) and isinstance(node.func, (cst.Name, cst.Attribute)):
            target = unit.fact(callables).target(node)
            awaited = function.asynchronous is None or isinstance(unit.parent(node), cst.Await)
            if target is not None and target.function is function and awaited and _same_object(node, function, unit):
                yield Hit(node, f"`{name}` always calls itself and has no way out: RecursionError")
                return


def _same_object(call: cst.Call, function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether the call comes back to this function for certain: a plain one, or a method through `self`."""
    if isinstance(call.func, cst.Name):
        return True
    return (
        isinstance(call.func, cst.Attribute)
        and isinstance(call.func.value, cst.Name)
        and unit.names.owner(call.func.value) is not None
    )


def _always(function: cst.FunctionDef, unit: Unit) -> Iterator[cst.CSTNode]:
    """The nodes that every call evaluates before it can return."""
    for statement in body_of(function):
        if isinstance(statement, (cst.If, cst.While)):
            yield from _evaluated(statement.test)
            return
        if isinstance(statement, cst.For):
            yield from _evaluated(statement.iter)
            return
        if isinstance(statement, cst.With):
            for item in statement.items:
                yield from _evaluated(item.item)
            return
        if isinstance(statement, (cst.Try, cst.TryStar, cst.Match, cst.Raise)):
            return
        yield from _evaluated(statement)
        if isinstance(statement, cst.Return):
            return


def _evaluated(root: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack: list[cst.CSTNode] = [root]
    while stack:
        node = stack.pop()
        if isinstance(node, CONDITIONAL):
            continue
        yield node
        if isinstance(node, cst.BooleanOperation):
            stack.append(node.left)
        elif isinstance(node, cst.IfExp):
            stack.append(node.test)
        elif isinstance(node, cst.Comparison) and len(node.comparisons) > 1:
            stack.append(node.left)
        else:
            stack.extend(reversed(children(node)))


CHECK = Check(
    id="CGC041",
    name="endless-recursion",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(674,),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Add the case that ends the recursion, or store the value under another name.",
    bad=(
        Bad("class User:\n    @property\n    def name(self):\n        return self.name  # finding\n"),
        Bad(
            "class User:\n    @property\n    def name(self):\n        return self._name\n\n    @name.setter\n    def name(self, value):\n        self.name = value  # finding\n"
        ),
        Bad("def fact(n):\n    return n * fact(n - 1)  # finding\n"),
        Bad("class Tree:\n    def walk(self, depth):\n        print(depth)\n        self.walk(depth + 1)  # finding\n"),
    ),
    good=(
        Good("def fact(n):\n    if n < 2:\n        return 1\n    return n * fact(n - 1)\n"),
        Good("def fact(n):\n    return 1 if n < 2 else n * fact(n - 1)\n"),
        Good("def find(n):\n    return n is None or find(n.next)\n"),
        Good("class User:\n    @property\n    def name(self):\n        return self._name\n"),
        Good(
            "class Proxy:\n    def close(self):\n        self.inner.close()\n\n\ndef walk(t):\n    return [walk(c) for c in t]\n"
        ),
    ),
    misses=(
        Miss(
            "def even(n):\n    return odd(n - 1)  # finding\n\n\ndef odd(n):\n    return even(n - 1)\n",
            why="only direct recursion is followed",
        ),
    ),
)
