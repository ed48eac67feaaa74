"""A function calls itself for a result, on a line of its own, and drops it.

The function does nothing but compute: every result of it matters, and this one is lost, so that the search or sum goes
on as if the call had not been made.  A `return` is missing before the call.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._shape import is_generator, is_none, own_nodes, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(statement: cst.Expr, unit: Unit) -> Iterator[Hit]:
    """Report a recursive call whose result is thrown away in a function that only computes."""
    call = statement.value.expression if isinstance(statement.value, cst.Await) else statement.value
    function = unit.function_of(call)
    if not isinstance(call, cst.Call) or not isinstance(function, cst.FunctionDef) or function.decorators:
        return
    word = call.func.attr.value if isinstance(call.func, cst.Attribute) else getattr(call.func, "value", "")
    if word != function.name.value:
        return
    target = unit.fact(callables).target(call)
    if target is None or target.function is not function or is_generator(function, unit):
        return
    if _only_gives(function, unit):
        yield Hit(call, f"`{text(call.func)}` is called for its result, which is dropped here: `return` is missing")


def _only_gives(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether every `return` gives a value other than a flag, and nothing that outlives the function is changed."""
    gives = False
    for node in own_nodes(function):
        if isinstance(node, cst.Return):
            if is_none(node.value):
                return False
            gives = gives or not (isinstance(node.value, cst.Name) and node.value.value in {"True", "False"})
        elif isinstance(node, cst.Expr):
            call = node.value.expression if isinstance(node.value, cst.Await) else node.value
            if isinstance(call, cst.Call):
                target = unit.fact(callables).target(call)
                if target is None or target.function is not function:
                    return False
        elif isinstance(node, (cst.Global, cst.Nonlocal, cst.Del)) or (
            isinstance(node, (cst.AssignTarget, cst.AugAssign)) and not _is_local(node.target, function, unit)
        ):
            return False
    return gives


def _is_local(target: cst.BaseExpression, function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a target is a variable of the function, or several."""
    if isinstance(target, (cst.Tuple, cst.List)):
        return all(_is_local(element.value, function, unit) for element in target.elements)
    return isinstance(target, cst.Name) and target.value in unit.scopes.of(function).bindings


CHECK = Check(
    id="CGC069",
    name="dropped-recursive-result",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(252,),
    nodes=(cst.Expr,),
    find=find,
    fix="Write `return` before the call, or use its result.",
    bad=(
        Bad(
            "def search(xs, x, low, high):\n    if low > high:\n        return -1\n    mid = (low + high) // 2\n    if xs[mid] < x:\n        search(xs, x, mid + 1, high)  # finding\n    return mid\n"
        ),
        Bad(
            "class Tree:\n    def find(self, node, key):\n        if node is None or node.key == key:\n            return node\n        if key < node.key:\n            self.find(node.left, key)  # finding\n        return self.find(node.right, key)\n"
        ),
    ),
    good=(
        Good(
            "def search(xs, x, low, high):\n    if low > high:\n        return -1\n    mid = (low + high) // 2\n    if xs[mid] < x:\n        return search(xs, x, mid + 1, high)\n    return mid\n"
        ),
        Good(
            "def walk(node, found):\n    if node is None:\n        return found\n    found.append(node)\n    walk(node.next, found)\n    return found\n"
        ),
        Good("def show(n):\n    if n == 0:\n        return\n    show(n - 1)\n    print(n)\n"),
        Good(
            "def fill(grid, x):\n    if x < 0:\n        return 0\n    grid[x] = 1\n    fill(grid, x - 1)\n    return 1\n"
        ),
    ),
    misses=(
        Miss(
            "def depth(node):\n    log(node)\n    if node is None:\n        return 0\n    depth(node.left)  # finding\n    return 1\n",
            why="what `log` does may be all that the call is for",
        ),
    ),
)
