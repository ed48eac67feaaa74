"""A call of the file's own function passes a keyword that the function does not have.

The call raises TypeError.  What the function takes is read from its `def` in the same file, or from the fields of a
dataclass; with `**kwargs`, unknown decorators or several definitions nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables, missing, surplus, unknown
from codeguard.checks.correctness._shape import is_damaged
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report each keyword that nothing takes, unless the call is told for its number of arguments already."""
    if not any(arg.keyword is not None for arg in call.args) or not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    target = unit.fact(callables).target(call)
    if target is None or missing(call, target.signature) or surplus(call, target.signature):
        return
    for arg in unknown(call, target.signature):
        if arg.keyword is None or is_damaged(target.function or call, unit):
            continue
        known = ", ".join(f"`{name}`" for name in target.signature.keywords) or "no keywords"
        yield Hit(arg.keyword, f"`{target.name}` has no parameter `{arg.keyword.value}` (it takes {known}): TypeError")


CHECK = Check(
    id="CGC027",
    name="unknown-keyword-argument",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628,),
    aliases=("ty:unknown-argument",),
    hints=("=",),
    nodes=(cst.Call,),
    find=find,
    fix="Use the name that the function's definition gives the parameter.",
    bad=(
        Bad("def send(to, subject=''):\n    return to, subject\n\n\nsend('a', title='b')  # finding\n"),
        Bad("class Box:\n    def __init__(self, size=1):\n        self.size = size\n\n\nBox(width=2)  # finding\n"),
        Bad(
            "class Box:\n    def put(self, item):\n        return item\n\n    def fill(self):\n        self.put(1, force=True)  # finding\n"
        ),
        Bad("def f(a, /):\n    return a\n\n\nf(1, b=2)  # finding\n"),
    ),
    good=(
        Good("def send(to, subject=''):\n    return to, subject\n\n\nsend('a', subject='b')\n"),
        Good("def send(to, **options):\n    return to, options\n\n\nsend('a', title='b')\n"),
        Good("@wrapped\ndef send(to):\n    return to\n\n\nsend('a', title='b')\n"),
        Good("class Box(Base):\n    pass\n\n\nBox(width=2)\n"),
    ),
    misses=(
        Miss(
            "def f(a):\n    return a\n\n\noptions = {'b': 1}\nf(1, **options)  # finding\n",
            why="unpacked dicts are not read",
        ),
    ),
)
