"""A number of the request by which something is divided.

`0` in it raises `ZeroDivisionError`, and the visitor sees a server error; a program without a handler ends.  Test it
first, and answer 400.  See CWE-369.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

NUMBERS = frozenset({"builtins.int", "builtins.float"})
CAUGHT = frozenset({"ZeroDivisionError", "ArithmeticError", "Exception"})


def find(node: cst.BinaryOperation, unit: Unit) -> Iterator[Hit]:
    """Report a division by a name that is `int(...)` or `float(...)` of a request's value and is tested nowhere."""
    if not isinstance(node.operator, (cst.Divide, cst.FloorDivide, cst.Modulo)) or not isinstance(node.right, cst.Name):
        return
    bindings = unit.scopes.look_up(node.right.value, node)
    value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
    if not isinstance(value, cst.Call) or unit.name(value.func) not in NUMBERS or not value.args:
        return
    if all(n.value != "request" for n in body(unit, value.args[0].value).names):
        return
    function = function_around(unit, node)
    if function is None:
        return
    tested = any(
        n.value == node.right.value for branch in body(unit, function).ifs for n in body(unit, branch.test).names
    )
    if not tested and not _caught(unit, node):
        yield Hit(node, f"`{node.right.value}` comes from the request: `0` in it raises `ZeroDivisionError`")


def _caught(unit: Unit, node: cst.CSTNode) -> bool:
    for above in unit.ancestors(node):
        if isinstance(above, cst.Try):
            if any(h.type is None or CAUGHT & {n.value for n in body(unit, h.type).names} for h in above.handlers):
                return True
        elif isinstance(above, cst.FunctionDef):
            return False
    return False


CHECK = Check(
    id="CGS049",
    name="division-by-request-number",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=(369,),
    hints=("request",),
    nodes=(cst.BinaryOperation,),
    find=find,
    fix="Test it for zero first, and answer 400.",
    bad=(
        Bad(
            "from flask import request\n\ndef mean():\n    n = int(request.args['n'])\n    return str(10 / n)  # finding\n"
        ),
        Bad("def page(request):\n    size = int(request.GET.get('size'))\n    return 100 // size  # finding\n"),
    ),
    good=(
        Good(
            "from flask import request\n\ndef mean():\n    n = int(request.args['n'])\n    if n == 0:\n        return 'no'\n    return str(10 / n)\n"
        ),
        Good(
            "from flask import request\n\ndef mean():\n    n = int(request.args['n'])\n    try:\n        return str(10 / n)\n    except ZeroDivisionError:\n        return 'no'\n"
        ),
        Good("def mean(values):\n    n = int(len(values))\n    return sum(values) / n\n"),
    ),
    misses=(
        Miss("def mean(request):\n    return 10 / int(request.GET['n'])  # finding\n", why="only names are looked at"),
    ),
)
