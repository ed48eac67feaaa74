"""The result of a function that can be `None`, used without a look at it.

The function says itself that it returns `None` for some input; `len()`, an attribute or an index of that raises, and
whoever can send the input stops the program.  Test the result first.  See CWE-252 and CWE-476.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

NEEDS_VALUE = frozenset({"builtins.len", "builtins.sorted", "builtins.sum", "builtins.list", "builtins.iter"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report `len(f(x))`, `f(x).name` and `f(x)[i]` for a function `f` of the file with `return None` and a value."""
    maybe = unit.fact(_maybe_none)
    if not maybe:
        return
    for call in unit.nodes(cst.Call):
        if not isinstance(call.func, cst.Name) or call.func.value not in maybe or is_test(unit, call):
            continue
        bindings = unit.scopes.look_up(call.func.value, call)
        if len(bindings) != 1 or bindings[0].node is not maybe[call.func.value] or _arguments_tested(unit, call):
            continue
        if _used(unit, call):
            yield Hit(call, f"`{call.func.value}` can return `None`, and this use of its result then raises")
            continue
        statement = unit.parent(call)
        if isinstance(statement, cst.Assign) and isinstance(statement.targets[0].target, cst.Name):
            yield from _through(unit, call, statement.targets[0].target)


def _maybe_none(unit: Unit) -> dict[str, cst.FunctionDef]:
    found = {}
    for function in unit.nodes(cst.FunctionDef):
        returns = [r for r in body(unit, function).returns if function_around(unit, r) is function]
        nothing = [r for r in returns if isinstance(r.value, cst.Name) and r.value.value == "None"]
        if nothing and len(nothing) < len([r for r in returns if r.value is not None]):
            found[function.name.value] = function
    return found


def _arguments_tested(unit: Unit, call: cst.Call) -> bool:
    """True where the caller looks at what it passes, and so may know that the answer is not `None`."""
    function = function_around(unit, call)
    passed = {a.value.value for a in call.args if isinstance(a.value, cst.Name)}
    tests = [branch.test for branch in body(unit, function).ifs] if function is not None and passed else []
    return any(n.value in passed for test in tests for n in body(unit, test).names)


def _used(unit: Unit, node: cst.CSTNode) -> bool:
    above = unit.parent(node)
    if isinstance(above, cst.Attribute) or (isinstance(above, cst.Subscript) and above.value is node):
        return True
    outer = unit.parent(above) if isinstance(above, cst.Arg) else None
    return isinstance(outer, cst.Call) and unit.name(outer.func) in NEEDS_VALUE


def _through(unit: Unit, call: cst.Call, target: cst.Name) -> Iterator[Hit]:
    """The call, where its result gets a name whose only use is one that needs a value."""
    function = function_around(unit, call)
    if function is None or len(unit.scopes.look_up(target.value, target)) != 1:
        return
    uses = [n for n in body(unit, function.body).names if n.value == target.value and n is not target]
    if len(uses) == 1 and _used(unit, uses[0]):
        name = call.func.value if isinstance(call.func, cst.Name) else ""
        yield Hit(call, f"`{name}` can return `None`, and the only use of `{target.value}` then raises")


CHECK = Check(
    id="CGS026",
    name="maybe-none-used-at-once",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(252, 476),
    hints=("return None",),
    find=find,
    fix="Test the result for `None` first.",
    bad=(
        Bad("""\
def parse(data):
    if data is None:
        return None
    return data.split(",")

def count(data):
    return len(parse(data))  # finding
"""),
        Bad("""\
def find_user(name):
    for user in USERS:
        if user.name == name:
            return user
    return None

def mail(name):
    user = find_user(name)  # finding
    return user.mail
"""),
    ),
    good=(
        Good("""\
def parse(data):
    if data is None:
        return None
    return data.split(",")

def count(data):
    parts = parse(data)
    return len(parts) if parts is not None else 0
"""),
        Good(
            "def parse(data):\n    if not data:\n        return []\n    return data.split(',')\n\ndef count(data):\n    return len(parse(data))\n"
        ),
        Good("def name(x):\n    if not x:\n        return None\n    return x\n\ndef show(x):\n    print(name(x))\n"),
    ),
    misses=(
        Miss(
            "def parse(data):\n    if data:\n        return data.split(',')\n\ndef count(data):\n    return len(parse(data))  # finding\n",
            why="a function that ends without `return` is not seen as saying so",
        ),
    ),
)
