"""The result of a function of the file that returns nothing is used as a value.

A function without a `return` that gives a value returns None, so the name gets None and what is done with it raises
TypeError or AttributeError.  Either the function lacks its `return`, or the caller expects too much of it.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._control import NEXT, RETURN, strict_paths
from codeguard.checks.correctness._placeholders import is_elided
from codeguard.checks.correctness._shape import body_of, is_damaged, is_generator, returns_value, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

NEEDS_VALUE = frozenset("builtins." + name for name in ("len", "int", "float", "list", "dict", "set", "tuple", "sum", "min", "max", "sorted", "any", "all", "enumerate", "iter", "next", "round", "abs", "range", "reversed", "zip"))  # fmt: skip


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the call of a function that gives None, where something needs more."""
    node: cst.CSTNode = call
    parent = unit.parent(call)
    awaited = isinstance(parent, cst.Await)
    if awaited and parent is not None:
        node, parent = parent, unit.parent(parent)
    if isinstance(parent, cst.Expr) or not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    target = unit.fact(callables).target(call)
    if target is None or target.function is None or target.function.decorators:
        return
    function = target.function
    if (function.asynchronous is not None) != awaited or not _gives_nothing(function, unit):
        return
    use = _needs(node, parent, unit)
    if use and not is_damaged(function, unit) and not is_elided(function, unit):
        yield Hit(call, f"`{target.name}` returns nothing, so None {use}")


def _gives_nothing(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a function comes to its end, or to a bare `return`, and never gives a value."""
    if returns_value(function, unit) or is_generator(function, unit) or function.name.value == "__init__":
        return False
    body = body_of(function)
    if all(
        isinstance(p, (cst.Pass, cst.Raise)) or (isinstance(p, cst.Expr) and isinstance(p.value, cst.Ellipsis))
        for p in body
    ):
        return False  # a placeholder, or a hook that others fill
    return bool(unit.fact(strict_paths).block(function.body) & (NEXT | RETURN))


def _needs(node: cst.CSTNode, parent: cst.CSTNode | None, unit: Unit) -> str:
    """What fails when `node` is None; empty where None may do."""
    if isinstance(parent, cst.Attribute):
        return f"is asked for `{parent.attr.value}`: AttributeError" if parent.attr.value not in dir(None) else ""
    if isinstance(parent, cst.Subscript) and parent.value is node:
        return "is indexed: TypeError"
    if isinstance(parent, cst.BinaryOperation):
        other = parent.right if parent.left is node else parent.left
        formats = isinstance(parent.operator, (cst.Modulo, cst.BitOr)) and isinstance(
            other, (cst.SimpleString, cst.ConcatenatedString, cst.Name)
        )
        return "" if formats else "is an operand: TypeError"
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is node:
        return "is iterated over: TypeError"
    if isinstance(parent, cst.Arg) and not parent.star:
        outer = unit.parent(parent)
        name = unit.name(outer.func) if isinstance(outer, cst.Call) else None
        return f"is passed to `{name.removeprefix('builtins.')}`: TypeError" if name in NEEDS_VALUE else ""
    if isinstance(parent, cst.AugAssign) and parent.value is node:
        return "is an operand: TypeError"
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1 and parent.value is node:
        target = parent.targets[0].target
        if isinstance(target, (cst.Tuple, cst.List)):
            return "is unpacked: TypeError"
        return _needs_of_name(target, unit) if isinstance(target, cst.Name) else ""
    return ""


def _needs_of_name(target: cst.Name, unit: Unit) -> str:
    """As `_needs`, for a result bound to a name that has no other binding."""
    function = unit.function_of(target)
    if len(unit.scopes.look_up(target.value, target)) != 1:
        return ""
    root = function.body if isinstance(function, cst.FunctionDef) else unit.module
    for name in uses_of(target.value, root, unit):
        parent = unit.parent(name)
        if name is not target and isinstance(parent, (cst.Attribute, cst.Subscript, cst.BinaryOperation, cst.For)):
            if use := _needs(name, parent, unit):
                return use
    return ""


CHECK = Check(
    id="CGC053",
    name="none-function-result",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(252, 394),
    nodes=(cst.Call,),
    find=find,
    fix="Return the value from the function, or do not use its result.",
    bad=(
        Bad("def double(x):\n    y = x * 2\n\n\nprint(double(2) + 1)  # finding\n"),
        Bad(
            "def load(box):\n    box.fill()\n    return\n\n\ndef show(box):\n    rows = load(box)  # finding\n    for row in rows:\n        print(row)\n"
        ),
        Bad(
            "class A:\n    def size(self):\n        print('size')\n\n    def twice(self):\n        return self.size() * 2  # finding\n"
        ),
    ),
    good=(
        Good("def double(x):\n    return x * 2\n\n\nprint(double(2) + 1)\n"),
        Good("def log(x):\n    print(x)\n\n\nresult = log(1)\nprint(log(2), result)\nlog(3) or exit()\n"),
        Good(
            "class A:\n    def size(self):\n        raise NotImplementedError\n\n    def twice(self):\n        return self.size() * 2\n"
        ),
        Good("def numbers():\n    yield 1\n\n\nfor n in numbers():\n    print(n)\n"),
        Good("@wrap\ndef f(x):\n    print(x)\n\n\nf(1).show()\n"),
    ),
    misses=(
        Miss("def f(x):\n    if x:\n        return 1\n\n\nprint(f(0) + 1)  # finding\n", why="some paths give a value"),
    ),
)
