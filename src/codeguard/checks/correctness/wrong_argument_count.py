"""A call of the file's own function passes too few or too many arguments.

The call raises TypeError.  It concerns functions, methods and classes that the same file defines: what they take is
read from their `def`, or from the fields of a dataclass.  A function with decorators that may change its parameters,
several definitions, or a class with bases that are not in the file is left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables, missing, surplus
from codeguard.checks.correctness._shape import is_damaged, last_word, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the arguments that are missing, or that nothing takes."""
    if not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    target = unit.fact(callables).target(call)
    if target is None:
        return
    absent, more = missing(call, target.signature), surplus(call, target.signature)
    if (not absent and not more) or is_damaged(target.function or call, unit) or _expects_failure(call, unit):
        return
    if absent:
        names = ", ".join(f"`{name}`" for name in absent)
        yield Hit(call, f"`{target.name}` is called without {names}, which it requires: TypeError")
    else:
        most = len(target.signature.positional)
        given = most + more
        yield Hit(
            call,
            f"`{target.name}` takes at most {most} positional argument{'s' * (most != 1)}, and gets {given} here: TypeError",
        )


def _expects_failure(call: cst.Call, unit: Unit) -> bool:
    """Whether a test asks for the TypeError."""
    for above in unit.ancestors(call):
        if isinstance(above, cst.With) and any("aises" in last_word(item.item) for item in above.items):
            return True
        if isinstance(above, cst.Try):
            return any(h.type is None or "TypeError" in text(h.type) for h in above.handlers)
    return False


CHECK = Check(
    id="CGC026",
    name="wrong-argument-count",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628,),
    aliases=(
        "ty:missing-argument",
        "ty:too-many-positional-arguments",
    ),
    nodes=(cst.Call,),
    find=find,
    fix="Pass the arguments that the function's definition asks for.",
    bad=(
        Bad("def area(width, height):\n    return width * height\n\n\nprint(area(3))  # finding\n"),
        Bad(
            "class Cart:\n    def add(self, item):\n        self.items = [item]\n\n    def fill(self):\n        self.add('a', 2)  # finding\n"
        ),
        Bad("class Point:\n    def __init__(self, x, y):\n        self.x = x\n\n\np = Point(1, 2, 3)  # finding\n"),
        Bad(
            "from dataclasses import dataclass\n\n@dataclass\nclass User:\n    name: str\n    age: int = 0\n\n\nu = User()  # finding\n"
        ),
        Bad("class A:\n    @staticmethod\n    def f(x):\n        return x\n\n\nA.f()  # finding\n"),
        Bad("class Empty:\n    pass\n\n\nEmpty(1)  # finding\n"),
    ),
    good=(
        Good("def area(width, height=1):\n    return width * height\n\n\nprint(area(3))\n"),
        Good("def f(a, *rest, key=None, **more):\n    return a\n\n\nf(1, 2, 3, key=4, other=5)\nf(*args)\n"),
        Good("@app.task(bind=True)\ndef job(self, x):\n    return x\n\n\njob(1)\n"),
        Good("if fast:\n    def f(a): return a\nelse:\n    def f(a, b): return b\nf(1, 2)\n"),
        Good("class A:\n    def f(self, x):\n        return x\n\n\nA.f(A(), 1)\nA().f(1)\n"),
        Good("class B(Unknown):\n    pass\n\n\nB(1, 2)\n"),
        Good(
            "from dataclasses import dataclass, field\n\n@dataclass\nclass User:\n    name: str\n    tags: list = field(default_factory=list)\n    n: int = field(default=0, init=False)\n\n\nUser('a', [1])\n"
        ),
        Good(
            "class Base:\n    def run(self):\n        return self.step(1)\n\n    def step(self):\n        raise NotImplementedError\n\n\nclass Child(Base):\n    def step(self, n):\n        return n\n"
        ),
    ),
    misses=(
        Miss(
            "def f(a, b):\n    return a\n\n\ng = f\ng(1)  # finding\n",
            why="a second name of a function is not followed",
        ),
    ),
)
