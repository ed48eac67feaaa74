"""Attributes of an object that are set by whatever names the input has.

`for key, value in data.items(): setattr(user, key, value)` lets the sender set `is_admin`, `password` or
`__class__`.  Copy named fields, or test each name against the list of those that may change.  See CWE-915.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test, last_word
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

INPUT = listed("data payload body json form params request updates update fields attributes input values")


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `setattr(thing, key, ...)` in a loop over input, with a key that is tested nowhere."""
    key = unit.arg(call, 1)
    target = unit.arg(call, 0)
    if not isinstance(key, cst.Name) or target is None or last_word(target) in {"self", "cls"}:
        return
    loops = [b for b in unit.scopes.look_up(key.value, key) if b.kind == "loop" and b.value is not None]
    function = function_around(unit, call)
    if len(loops) != 1 or function is None or is_test(unit, call):
        return
    source = loops[0].value
    if not (
        isinstance(source, cst.Call) and isinstance(source.func, cst.Attribute) and source.func.attr.value == "items"
    ):
        return
    name = last_word(source.func.value)
    if not INPUT & set(words(name)) or _tested(unit, function, key.value):
        return
    yield Hit(
        call, f"every name in `{name}` becomes an attribute of `{last_word(target)}`, those never offered included"
    )


def _tested(unit: Unit, function: cst.FunctionDef, key: str) -> bool:
    inside = body(unit, function)
    return any(n.value == key for c in inside.comparisons for n in body(unit, c).names) or any(
        n.value == key for branch in inside.ifs for n in body(unit, branch.test).names
    )


CHECK = Check(
    id="CGS044",
    name="attributes-set-from-input",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(915,),
    hints=("setattr",),
    calls=("builtins.setattr",),
    find=find,
    fix="Test each name against the list of fields that may change.",
    bad=(
        Bad(
            "def update(user, data):\n    for key, value in data.items():\n        setattr(user, key, value)  # finding\n"
        ),
        Bad(
            "from flask import request\n\ndef edit(item):\n    for name, value in request.json.items():\n        setattr(item, name, value)  # finding\n"
        ),
    ),
    good=(
        Good(
            "FIELDS = {'name'}\n\ndef update(user, data):\n    for key, value in data.items():\n        if key in FIELDS:\n            setattr(user, key, value)\n"
        ),
        Good(
            "class Options:\n    def __init__(self, **values):\n        for key, value in values.items():\n            setattr(self, key, value)\n"
        ),
        Good("def copy(a, b):\n    for key, value in DEFAULTS.items():\n        setattr(b, key, value)\n"),
    ),
    misses=(
        Miss("def update(user, data):\n    user.__dict__.update(data)  # finding\n", why="only `setattr` is looked at"),
    ),
)
