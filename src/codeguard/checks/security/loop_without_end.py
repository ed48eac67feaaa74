"""A `while` loop in which nothing can make its condition false.

No name of the condition is bound again in the loop, nothing is called, and no `break`, `return` or `raise` leaves it:
once entered it runs for ever and keeps a processor busy.  Change what it tests, or leave it.  See CWE-835.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

LEAVES = (cst.Break, cst.Return, cst.Raise, cst.Yield, cst.Await, cst.Assert)


def find(loop: cst.While, unit: Unit) -> Iterator[Hit]:
    """Report a loop over a comparison of plain local names that its body never binds."""
    tested: set[str] = set()
    for node in descend(loop.test):
        if isinstance(node, cst.Name):
            tested.add(node.value)
        elif isinstance(node, (cst.Call, cst.Attribute, cst.Subscript, cst.NamedExpr, cst.Await)):
            return
    if not isinstance(loop.test, cst.Comparison) or not tested:
        return
    scope = unit.scopes.at(loop)
    if any(name not in scope.bindings or name in scope.global_names for name in tested):
        return  # another thread or function may change it
    for node in descend(loop.body):
        if isinstance(node, (*LEAVES, cst.Call, cst.Del, cst.With, cst.For)):
            return
        if isinstance(node, cst.Name) and node.value in tested and _binds(unit, node):
            return
    yield Hit(loop.test, f"nothing in this loop changes {_listed(tested)}, so it never ends once entered")


def _binds(unit: Unit, name: cst.Name) -> bool:
    child: cst.CSTNode = name
    for above in unit.ancestors(name):
        if isinstance(above, (cst.AssignTarget, cst.NamedExpr)):
            return True
        if isinstance(above, (cst.AugAssign, cst.AnnAssign)):
            return above.target is child
        if isinstance(above, cst.BaseStatement):
            return False
        child = above
    return False


def _listed(names: set[str]) -> str:
    return " or ".join(f"`{name}`" for name in sorted(names))


CHECK = Check(
    id="CGS028",
    name="loop-without-end",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(835,),
    hints=("while",),
    nodes=(cst.While,),
    find=find,
    fix="Change what the condition tests, or leave the loop.",
    bad=(
        Bad("""\
def fibonacci(n):
    a, b = 1, 1
    i = 2
    while i < n:  # finding
        a, b = b, a + b
    return b
"""),
        Bad("def total(n):\n    s = 0\n    while n > 0:  # finding\n        s += n\n    return s\n"),
    ),
    good=(
        Good("""\
def fibonacci(n):
    a, b = 1, 1
    i = 2
    while i < n:
        a, b = b, a + b
        i += 1
    return b
"""),
        Good("def wait(n):\n    while n > 0:\n        n = step(n)\n    while n < 5:\n        tick()\n"),
        Good("def first(n):\n    while n > 0:\n        if n % 2:\n            break\n        n -= 1\n    return n\n"),
    ),
    misses=(
        Miss(
            "def wait(n):\n    while n > 0:  # finding\n        print(n)\n",
            why="what is called may leave by an exception",
        ),
    ),
)
