"""A time without a zone is compared with, or subtracted from, one that has a zone.

Python refuses to order or subtract them: TypeError.  `datetime.now()` and `utcnow()` give times without a zone,
`datetime.now(timezone.utc)` one with it.  Use times with a zone throughout.  Source: the datetime documentation,
"Aware and Naive Objects".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import is_none
from codeguard.knowledge.clocks import AWARE, BY_ARGUMENT, NAIVE
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

ORDERED = (cst.LessThan, cst.GreaterThan, cst.LessThanEqual, cst.GreaterThanEqual)
MAX_DEPTH = 8


def find(node: cst.Comparison | cst.BinaryOperation, unit: Unit) -> Iterator[Hit]:
    """Report a comparison or difference of two times of different kinds."""
    if isinstance(node, cst.BinaryOperation):
        pairs = [(node.left, node.right)] if isinstance(node.operator, cst.Subtract) else []
    else:
        pairs, left = [], node.left
        for target in node.comparisons:
            if isinstance(target.operator, ORDERED):
                pairs.append((left, target.comparator))
            left = target.comparator
    for left, right in pairs:
        first = _has_zone(left, unit, 0)
        if first is None:
            continue
        second = _has_zone(right, unit, 0)
        if second is not None and first != second:
            without = "left" if second else "right"
            yield Hit(node, f"The {without} time has no zone and the other has one: this raises TypeError")


def _has_zone(node: cst.BaseExpression, unit: Unit, depth: int) -> bool | None:
    """Whether an expression gives a time with a zone; None where it gives no time, or the text does not tell."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        known = {
            _has_zone(b.value, unit, depth + 1) if b.kind in {"assign", "walrus"} and b.value is not None else None
            for b in bindings
        }
        return known.pop() if len(known) == 1 else None
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Subtract)):
        right = node.right.func if isinstance(node.right, cst.Call) else node.right
        return _has_zone(node.left, unit, depth + 1) if (unit.name(right) or "").endswith("timedelta") else None
    if not isinstance(node, cst.Call):
        return None
    if isinstance(node.func, cst.Attribute):
        word = node.func.attr.value
        if word == "replace":
            zone = unit.arg(node, None, "tzinfo")
            return _has_zone(node.func.value, unit, depth + 1) if zone is None else not is_none(zone)
        if word == "astimezone":
            return True
        if word == "strptime" and len(node.args) == 2:
            pattern = string_value(node.args[1].value)
            return "%z" in pattern if isinstance(pattern, str) else None
    name = unit.name(node.func)
    if name in NAIVE or name in AWARE:
        return name in AWARE
    if name in BY_ARGUMENT and not unit.has_unpacking(node):
        zone = unit.arg(node, *BY_ARGUMENT[name])
        if isinstance(zone, cst.Name) and not is_none(zone):
            return None if any(b.kind == "param" for b in unit.scopes.look_up(zone.value, zone)) else True
        return not is_none(zone)
    return None


CHECK = Check(
    id="CGC023",
    name="naive-and-aware-datetimes",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    hints=("datetime",),
    nodes=(cst.Comparison, cst.BinaryOperation),
    find=find,
    fix="Give both times a zone, as `datetime.now(timezone.utc)` does.",
    bad=(
        Bad(
            "from datetime import datetime, timezone\n\ndef due(text):\n    return datetime.now() >= datetime.fromisoformat(text).replace(tzinfo=timezone.utc)  # finding\n"
        ),
        Bad(
            "import datetime as dt\n\nstart = dt.datetime.now(dt.timezone.utc)\nprint(dt.datetime.utcnow() - start)  # finding\n"
        ),
        Bad(
            "from datetime import datetime, timedelta, timezone\n\nlimit = datetime.now(timezone.utc) - timedelta(days=1)\nif datetime.strptime('2024', '%Y') < limit:  # finding\n    print('old')\n"
        ),
    ),
    good=(
        Good(
            "from datetime import datetime, timezone\n\ndef due(text):\n    return datetime.now(timezone.utc) >= datetime.fromisoformat(text).replace(tzinfo=timezone.utc)\n"
        ),
        Good("from datetime import datetime\n\nprint(datetime.now() - datetime.utcnow())\n"),
        Good("from datetime import datetime\n\ndef f(tz=None):\n    return datetime.now(tz) - datetime.now()\n"),
        Good(
            "from datetime import datetime, timezone\n\ndef f(x):\n    return datetime.now(timezone.utc) == datetime.now() or datetime.now() < x\n"
        ),
    ),
    misses=(
        Miss(
            "from datetime import datetime, timezone\n\ndef now():\n    return datetime.now()\n\n\nprint(now() < datetime.now(timezone.utc))  # finding\n",
            why="the file's own functions are not followed",
        ),
    ),
)
