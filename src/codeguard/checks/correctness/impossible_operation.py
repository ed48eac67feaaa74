"""An operation that its operands evidently do not have: `"age: " + 5`, `len(3)`, `for i in len(x)`.

It raises TypeError whenever it runs.  Convert one side (`str(n)`, `int(text)`), or use `range(...)`.  Only types that
literals, constructors and known results prove count: `input()` gives text, `len()` a number.  Source: the Python
reference, "Binary arithmetic operations" and "Value comparisons".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import NUMBERS, kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

ORDERED = (cst.LessThan, cst.GreaterThan, cst.LessThanEqual, cst.GreaterThanEqual)
SEQUENCES = {"str", "bytes", "list", "tuple"}
SIZED = SEQUENCES | {"dict", "set", "frozenset", "range", "bytearray"}
UNHASHABLE = (cst.List, cst.Dict, cst.Set, cst.ListComp, cst.DictComp, cst.SetComp)
KNOWN = SIZED | set(NUMBERS) | {"NoneType", "generator"}
SIGNS = {cst.Add: "+", cst.Subtract: "-", cst.Multiply: "*", cst.Divide: "/", cst.FloorDivide: "//", cst.Power: "**"}


def find(node: cst.CSTNode, unit: Unit) -> Iterator[Hit]:
    """Report an operation that its operands cannot do."""
    why = ""
    if isinstance(node, cst.BinaryOperation):
        why = _arithmetic(node, unit)
    elif isinstance(node, cst.AugAssign):
        why = _augmented(node, unit)
    elif isinstance(node, cst.Comparison):
        why = _order(node, unit)
    elif isinstance(node, cst.Call):
        why = _call(node, unit)
    elif isinstance(node, (cst.For, cst.CompFor)):
        kind = unit.fact(kinds).of(node.iter)
        why = f"a {kind} cannot be iterated over" if kind in NUMBERS or kind == "NoneType" else ""
    elif isinstance(node, cst.Subscript):
        why = _index(node, unit)
    elif isinstance(node, cst.DictElement):
        why = f"a {_plain(node.key)} cannot be a key" if isinstance(node.key, UNHASHABLE) else ""
    elif isinstance(node, cst.Set):
        bad = next(
            (e.value for e in node.elements if isinstance(e, cst.Element) and isinstance(e.value, UNHASHABLE)), None
        )
        why = f"a {_plain(bad)} cannot be an item of a set" if bad is not None else ""
    if why and not _is_expected(node, unit):
        where = (
            node.iter
            if isinstance(node, (cst.For, cst.CompFor))
            else node.key
            if isinstance(node, cst.DictElement)
            else node
        )
        yield Hit(where, f"This raises TypeError: {why}")


def _plain(node: cst.CSTNode) -> str:
    return {"ListComp": "list", "DictComp": "dict", "SetComp": "set"}.get(
        type(node).__name__, type(node).__name__.lower()
    )


def _arithmetic(node: cst.BinaryOperation, unit: Unit) -> str:
    sign = SIGNS.get(type(node.operator))
    if sign is None:
        return ""
    known = unit.fact(kinds)
    left = known.of(node.left)
    right = known.of(node.right) if left in KNOWN or sign == "+" else None
    if sign == "+" and "str" in {left, right}:
        left, right = known.declared(node.left), known.declared(node.right)
    elif sign == "+" and left is None and right is None:
        left, right = known.declared(node.left), known.declared(node.right)
        if "str" not in {left, right} or not {left, right} & {"int", "float"}:
            return ""
    if left not in KNOWN or right not in KNOWN:
        return ""
    numbers = left in NUMBERS and right in NUMBERS
    if numbers or (sign == "-" and {left, right} <= {"set", "frozenset"}):
        return ""
    if sign == "+" and left == right and left in {*SEQUENCES, "bytearray"}:
        return ""
    if sign == "+" and {left, right} == {"bytes", "bytearray"}:
        return ""
    if sign == "*" and {left, right} & {"int", "bool"} and {left, right} & {*SEQUENCES, "bytearray"}:
        return ""
    return f"{left} {sign} {right} is not defined"


def _augmented(node: cst.AugAssign, unit: Unit) -> str:
    """`total += text` for a `total` that only numbers are bound to, and a text that grows by a number."""
    sign = {cst.AddAssign: "+", cst.SubtractAssign: "-"}.get(type(node.operator))
    if sign is None or not isinstance(node.target, cst.Name):
        return ""
    known = unit.fact(kinds)
    right = known.of(node.value)
    if right not in {"str", "int", "float", "list", "dict"}:
        return ""
    bindings = unit.scopes.look_up(node.target.value, node.target)
    found = {known.of(b.value) if b.kind == "assign" else None for b in bindings if b.kind != "augment"}
    left = next(iter(found)) if len(found) == 1 else "number" if found and found <= set(NUMBERS) else None
    number = left == "number" or left in NUMBERS
    if number and right not in NUMBERS:
        return f"a number {sign} {right} is not defined"
    return f"str {sign} {right} is not defined" if left == "str" and right in NUMBERS else ""


def _order(node: cst.Comparison, unit: Unit) -> str:
    known = unit.fact(kinds)
    left = node.left
    for target in node.comparisons:
        if isinstance(target.operator, ORDERED):
            a, b = known.of(left), known.of(target.comparator)
            if "str" in {a, b}:
                a, b = known.declared(left), known.declared(target.comparator)
            if (
                a in KNOWN
                and b in KNOWN
                and a != b
                and not (a in NUMBERS and b in NUMBERS)
                and not {a, b} <= {"set", "frozenset"}
                and not {a, b} <= {"bytes", "bytearray"}
            ):
                return f"{a} and {b} have no order"
            if a == b and a in {"dict", "NoneType", "complex"}:
                return f"two values of type {a} have no order"
        left = target.comparator
    return ""


def _call(node: cst.Call, unit: Unit) -> str:
    if isinstance(
        node.func, (cst.SimpleString, cst.FormattedString, cst.Integer, cst.Float, cst.List, cst.Dict, cst.Tuple)
    ):
        return f"a {unit.fact(kinds).of(node.func)} cannot be called"
    if _sums_items(node):
        return "`sum` takes one collection, and gets two items of one"
    if isinstance(node.func, cst.Attribute) and node.func.attr.value == "join" and (joined := _joined(node, unit)):
        return joined
    if not isinstance(node.func, cst.Name) or any(a.keyword or a.star for a in node.args):
        return ""
    if node.func.value == "range" and len(node.args) in {2, 3} and unit.name(node.func) == "builtins.range":
        given = [
            k for a in node.args if (k := unit.fact(kinds).of(a.value)) in {"str", "list", "float", "dict", "tuple"}
        ]
        return f"`range` takes integers, and gets a {given[0]}" if given else ""
    if len(node.args) != 1:
        return ""
    if node.func.value not in {"len", "sum", "sorted", "reversed", "range"} or not (
        unit.name(node.func) or ""
    ).startswith("builtins."):
        return ""
    kind = unit.fact(kinds).of(node.args[0].value)
    if node.func.value == "range":
        return (
            f"`range` takes integers, and gets a {kind}"
            if kind in {"str", "list", "float", "dict", "tuple", "NoneType"}
            else ""
        )
    if node.func.value == "len" and kind == "generator":
        return "a generator has no length"
    return f"`{node.func.value}` needs a collection, and gets a {kind}" if kind in NUMBERS or kind == "NoneType" else ""


def _joined(node: cst.Call, unit: Unit) -> str:
    """Why `join` fails on numbers that a list, tuple or comprehension evidently holds."""
    known = unit.fact(kinds)
    if len(node.args) != 1 or node.args[0].star or known.of(node.func.value) != "str":  # type: ignore[attr-defined]
        return ""
    given = node.args[0].value
    if isinstance(given, cst.Name):
        bindings = unit.scopes.look_up(given.value, given)
        only = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
        # A list that is changed later may hold anything by then.
        given = only if isinstance(only, (cst.ListComp, cst.GeneratorExp, cst.Tuple)) else given
    found: str | None = None
    if isinstance(given, (cst.ListComp, cst.SetComp, cst.GeneratorExp)):
        found = known.of(given.elt)
    elif isinstance(given, (cst.List, cst.Tuple)) and given.elements:
        every = [known.of(e.value) if isinstance(e, cst.Element) else None for e in given.elements]
        found = next((kind for kind in every if kind in NUMBERS), None)
    elif known.of(given) in {*NUMBERS, "range"}:
        found = "int" if known.of(given) == "range" else None
        if found is None:
            return f"`join` takes texts, and gets a {known.of(given)}"
    return f"`join` takes texts, and gets a {found} among them" if found in NUMBERS else ""


def _sums_items(node: cst.Call) -> bool:
    """`sum(x[0], x[-1])`: the second argument is a start value, and the first item no collection of its own."""
    if not isinstance(node.func, cst.Name) or node.func.value != "sum" or len(node.args) != 2:
        return False
    items = [a.value for a in node.args]
    plain = all(
        isinstance(i, cst.Subscript) and len(i.slice) == 1 and isinstance(i.slice[0].slice, cst.Index) for i in items
    )
    return plain and text(items[0].value) == text(items[1].value)  # type: ignore[attr-defined]


def _index(node: cst.Subscript, unit: Unit) -> str:
    if len(node.slice) != 1 or not isinstance(node.slice[0].slice, cst.Index):
        return ""
    index = node.slice[0].slice.value
    known = unit.fact(kinds)
    kind = known.of(node.value)
    if kind in NUMBERS or kind == "NoneType":
        # An annotation may say `int` of a subscripted generic alias; a value of that kind has no items.
        return f"a {kind} has no items"
    if kind == "dict":
        return f"a {_plain(index)} cannot be a key" if isinstance(index, UNHASHABLE) else ""
    if kind in SEQUENCES:
        given = known.of(index)
        return (
            f"a {kind} is indexed by integers, and gets a {given}"
            if given in {"str", "float", "list", "dict", "tuple"}
            else ""
        )
    return ""


def _is_expected(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether a test, or a handler around it, waits for the error."""
    if within(node, unit, cst.Try, cst.Annotation, until=(cst.FunctionDef,)):
        return True
    return any(
        isinstance(a, cst.With) and any("raises" in w.lower() for w in _managers(a)) for a in unit.ancestors(node)
    )


def _managers(node: cst.With) -> list[str]:
    names = []
    for item in node.items:
        func = item.item.func if isinstance(item.item, cst.Call) else item.item
        names.append(func.attr.value if isinstance(func, cst.Attribute) else getattr(func, "value", ""))
    return [name for name in names if isinstance(name, str)]


CHECK = Check(
    id="CGC024",
    name="impossible-operation",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(843,),
    aliases=("ruff:RUF016", "ty:unsupported-operator"),
    nodes=(
        cst.BinaryOperation,
        cst.Comparison,
        cst.AugAssign,
        cst.Call,
        cst.For,
        cst.CompFor,
        cst.Subscript,
        cst.DictElement,
        cst.Set,
    ),
    find=find,
    fix="Convert one side to the other's type.",
    bad=(
        Bad("age = 5\nprint('age: ' + age)  # finding\n"),
        Bad("age = input('age? ')\nif age > 18:  # finding\n    print('ok')\n"),
        Bad("def f(xs):\n    for i in len(xs):  # finding\n        print(xs[i])\n"),
        Bad("total = '5' * '6'  # finding\n"),
        Bad("import sys\n\ncount = sys.argv[1]\nfor i in range(count):  # finding\n    print(i)\n"),
        Bad("import os\n\nif os.environ['WORKERS'] > 4:  # finding\n    print('many')\n"),
        Bad(
            "import csv\n\ndef total(path):\n    total = 0\n    with open(path) as fh:\n        for row in csv.DictReader(fh):\n            total += row['price']  # finding\n    return total\n"
        ),
        Bad(
            "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--n')\nargs = parser.parse_args()\nprint(args.n * 2.5)  # finding\n"
        ),
        Bad("def f(name: str, age: int):\n    return name + ' is ' + age  # finding\n"),
        Bad("def guess(secret=42):\n    return input('? ') < secret  # finding\n"),
        Bad("sizes = [len(x) for x in ('a', 'b')]\nprint(', '.join(sizes))  # finding\n"),
        Bad("names = ['a']\nprint(names['a'])  # finding\n"),
        Bad("seen = {[1, 2]: 'x'}  # finding\nother = {{}, 1}  # finding\n"),
        Bad("PAIRS = [\n    (1, 2)  # finding\n    (3, 4)\n]\n"),
        Bad("def f(xs):\n    return sum(xs[0], xs[-1]) % 2  # finding\n"),
        Bad("count = 3\nprint(len(count))  # finding\n"),
    ),
    good=(
        Good("age = 5\nprint('age: ' + str(age), 'a' * 3, [1] * 2, 1 + 2.0, True + 1)\n"),
        Good("import sys, os\n\nfor i in range(int(sys.argv[1])):\n    print(i * int(os.environ['N']))\n"),
        Good(
            "import argparse\n\nparser = argparse.ArgumentParser()\nparser.add_argument('--n', type=int)\nargs = parser.parse_args()\nprint(args.n * 2.5)\n"
        ),
        Good(
            "total = 0\nfor word in 'a b'.split():\n    total += len(word)\nprint(', '.join(str(n) for n in [1, 2]))\n"
        ),
        Good("age = int(input('age? '))\nif age > 18:\n    print('ok')\n"),
        Good("x = 1\nx = 'a'\nprint('b' + x)\n"),
        Good("def f(x, y: str):\n    return x + y + 'a' % 3\n"),
        Good("try:\n    'a' + 1\nexcept TypeError:\n    pass\n"),
        Good("grid = {}\ngrid[1, 2] = 'x'\nprint(grid['a'], 'abc'[1:], {1} - {2})\n"),
    ),
    misses=(
        Miss(
            "def age():\n    return 5\n\n\nprint('age: ' + age())  # finding\n",
            why="results of the file's own functions have no type",
        ),
    ),
)
