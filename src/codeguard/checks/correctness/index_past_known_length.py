"""A loop's index goes past the length that a variable, or the making of the list, gives the sequence.

After `n = len(items)` the index of `for j in range(n)` must not be used as `items[j + 1]`, and `table = [0] * n` has no
item `table[n]`.  Only an item that every turn reads counts, and only a sequence that nothing makes longer.  Lists that
start as `[0] * (n + 1)` are as long as that says.  Source: the Python reference, "Subscriptions".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, text, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal
from codeguard.syntax.walk import descend

MAX_DEPTH = 6
SKIPS = (cst.Continue, cst.Try, cst.Assert)
# Methods that leave a list as long as it is.
KEEPS_LENGTH = {"sort", "reverse", "index", "count", "copy"}

Length = tuple[str, int]
"""A length as a base, the text of an expression, and what is added to it."""


def find(loop: cst.For, unit: Unit) -> Iterator[Hit]:
    """Report the first item that some turn of the loop reads past the end of its sequence."""
    call, function = loop.iter, unit.function_of(loop)
    if not isinstance(function, cst.FunctionDef) or not isinstance(loop.target, cst.Name):
        return
    if not isinstance(call, cst.Call) or not 1 <= len(call.args) <= 2 or unit.name(call.func) != "builtins.range":
        return
    if any(a.keyword or a.star for a in call.args):
        return
    end = _length(call.args[-1].value, unit)
    if end is None:
        return
    index = loop.target.value
    for part in _every_turn(loop):
        if not isinstance(part, cst.Subscript) or len(part.slice) != 1 or not isinstance(part.value, cst.Name):
            continue
        beyond = _offset(part.slice[0].slice, index)
        if beyond is None:
            continue
        size = _size(part.value, function, unit)
        if size is not None and size[0] == end[0] and end[1] + beyond > size[1]:
            name = part.value.value
            yield Hit(part, f"The last turn reads `{text(part)}` past the end of `{name}`: IndexError")
            return


def _every_turn(loop: cst.For) -> list[cst.CSTNode]:
    """What every turn evaluates: the statements of the body and of loops in it, and the conditions of its branches."""
    found: list[cst.CSTNode] = []
    stack: list[cst.CSTNode] = [loop.body]
    while stack:
        node = stack.pop()
        if isinstance(node, (cst.If, cst.IfExp, cst.While)):
            stack.append(node.test)
        elif isinstance(node, cst.BooleanOperation):
            stack.append(node.left)
        elif isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.Lambda, cst.Match, cst.CompFor, cst.Try)):
            continue
        else:
            found.append(node)
            stack.extend(reversed(node.children))
    return [] if _breaks_own(loop) or any(isinstance(n, SKIPS) for n in descend(loop.body)) else found


def _breaks_own(loop: cst.For) -> bool:
    """Whether the loop itself may be left before its last turn."""
    stop = (cst.For, cst.While, cst.FunctionDef)
    inner = descend(loop.body, into=lambda node: not isinstance(node, stop))
    if any(isinstance(node, cst.Break) for node in inner):
        return True
    return any(isinstance(node, (cst.Return, cst.Raise)) for node in descend(loop.body))


def _offset(index: cst.BaseSlice, name: str) -> int | None:
    """The k of an index `i + k`."""
    if not isinstance(index, cst.Index):
        return None
    value = index.value
    if isinstance(value, cst.Name):
        return 0 if value.value == name else None
    if isinstance(value, cst.BinaryOperation) and isinstance(value.left, cst.Name) and value.left.value == name:
        known = literal(value.right)
        if known is not None and type(known.value) is int and isinstance(value.operator, (cst.Add, cst.Subtract)):
            return known.value if isinstance(value.operator, cst.Add) else -known.value
    return None


def _length(node: cst.BaseExpression | None, unit: Unit, depth: int = 0) -> Length | None:
    """An expression as a base and an offset: `n - 1`, `len(xs) + 1`, `n - i` in the first turn of a loop over `i`."""
    if node is None or depth > MAX_DEPTH:
        return None
    if isinstance(node, cst.Call) and last_word(node.func) == "len" and len(node.args) == 1:
        return f"len({text(node.args[0].value)})", 0
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) != 1:
            return None
        if bindings[0].kind == "assign" and isinstance(bindings[0].node, cst.Assign):
            resolved = _length(bindings[0].value, unit, depth + 1)
            return resolved or (node.value, 0)
        if bindings[0].kind == "unpack" and isinstance(bindings[0].value, cst.Tuple):
            return _length(_part(node.value, bindings[0].node), unit, depth + 1) or (node.value, 0)
        return (node.value, 0) if bindings[0].kind in {"param", "unpack"} else None
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Subtract)):
        left = _length(node.left, unit, depth + 1)
        known = literal(node.right)
        if left is None:
            return None
        if known is not None and type(known.value) is int:
            return left[0], left[1] + (known.value if isinstance(node.operator, cst.Add) else -known.value)
        if isinstance(node.operator, cst.Subtract) and _starts_at_zero(node.right, unit):
            return left
    return None


def _part(name: str, statement: cst.CSTNode) -> cst.BaseExpression | None:
    """What `a, b = x, y` gives one of its names."""
    if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
        return None
    targets, value = statement.targets[0].target, statement.value
    if not isinstance(targets, cst.Tuple) or not isinstance(value, cst.Tuple):
        return None
    if len(targets.elements) != len(value.elements):
        return None
    for target, part in zip(targets.elements, value.elements, strict=True):
        if isinstance(target.value, cst.Name) and target.value.value == name and isinstance(part, cst.Element):
            return part.value
    return None


def _starts_at_zero(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a variable is that of a loop `for i in range(n)`, whose first turn has 0."""
    if not isinstance(node, cst.Name):
        return False
    bindings = unit.scopes.look_up(node.value, node)
    value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "loop" else None
    return isinstance(value, cst.Call) and unit.name(value.func) == "builtins.range" and len(value.args) == 1


def _size(name: cst.Name, function: cst.FunctionDef, unit: Unit) -> Length | None:
    """How long a list is that is bound once, and that nothing in the function makes longer."""
    bindings = unit.scopes.look_up(name.value, name)
    if len(bindings) != 1:
        return None
    only = bindings[0]
    for use in uses_of(name.value, function.body, unit):
        parent = unit.parent(use)
        if isinstance(parent, cst.Attribute) and parent.value is use and parent.attr.value not in KEEPS_LENGTH:
            return None
        if isinstance(parent, cst.Arg):
            outer = unit.parent(parent)
            if not isinstance(outer, cst.Call) or not (unit.name(outer.func) or "").startswith("builtins."):
                return None
    if only.kind == "param":
        kind = unit.fact(kinds).of(name)
        return (f"len({name.value})", 0) if kind in {None, "list", "str", "tuple"} else None
    if only.kind != "assign":
        return None
    value = only.value
    if isinstance(value, cst.BinaryOperation) and isinstance(value.operator, cst.Multiply):
        if isinstance(value.left, cst.List) and len(value.left.elements) == 1:
            return _length(value.right, unit)
    if isinstance(value, cst.ListComp):
        over = value.for_in
        if over.inner_for_in is None and not over.ifs and isinstance(over.iter, cst.Call):
            if unit.name(over.iter.func) == "builtins.range" and len(over.iter.args) == 1:
                return _length(over.iter.args[0].value, unit)
    return None


CHECK = Check(
    id="CGC070",
    name="index-past-known-length",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(193, 125),
    aliases=("CGC012",),
    hints=("range(",),
    nodes=(cst.For,),
    find=find,
    fix="End the range one earlier, or make the list one longer.",
    bad=(
        Bad(
            "def sort(items):\n    n = len(items)\n    for i in range(n):\n        for j in range(n - i):\n            if items[j] > items[j + 1]:  # finding\n                items[j], items[j + 1] = items[j + 1], items[j]\n    return items\n"
        ),
        Bad(
            "def steps(n):\n    table = [0] * n\n    for i in range(1, n + 1):\n        table[i] = table[i - 1] + i  # finding\n    return table\n"
        ),
        Bad(
            "def turn(matrix):\n    rows, cols = len(matrix), len(matrix[0])\n    result = [[0] * rows for _ in range(cols)]\n    for r in range(rows):\n        for c in range(cols + 1):\n            result[c][r] = matrix[r][c]  # finding\n    return result\n"
        ),
    ),
    good=(
        Good(
            "def sort(items):\n    n = len(items)\n    for i in range(n):\n        for j in range(n - i - 1):\n            if items[j] > items[j + 1]:\n                items[j], items[j + 1] = items[j + 1], items[j]\n    return items\n"
        ),
        Good(
            "def steps(n):\n    table = [0] * (n + 1)\n    for i in range(1, n + 1):\n        table[i] = table[i - 1] + i\n    return table\n"
        ),
        Good(
            "def gaps(items):\n    n = len(items)\n    for i in range(n):\n        if i + 1 < n and items[i + 1]:\n            print(items[i + 1])\n"
        ),
        Good(
            "def grow(items):\n    n = len(items)\n    items.append(0)\n    for i in range(n):\n        items[i + 1] = items[i]\n"
        ),
        Good("def table(counts: dict, n):\n    for i in range(n + 1):\n        print(counts[i])\n"),
    ),
    misses=(
        Miss(
            "def pairs(items):\n    n = len(items)\n    for i in range(n):\n        if items[i]:\n            print(items[i + 1])  # finding\n",
            why="the last turn may not come to a line under a condition",
        ),
    ),
)
