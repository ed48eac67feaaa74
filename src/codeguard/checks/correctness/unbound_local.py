"""A local variable is read by the very statement that would first give it a value.

An assignment anywhere in a function makes the name local, so `count += 1` does not see the module's `count`, and
`text = text.encode()` has no `text` to start from: UnboundLocalError.  Declare it `global` or `nonlocal`, or pass it
in.  Source: the Python reference, "Naming and binding".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import is_damaged, names_in
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

INNER = (cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report each local name all of whose bindings need its value first."""
    scope = unit.scopes.of(function)
    for name, bindings in scope.bindings.items():
        if name in scope.global_names | scope.nonlocal_names or not all(_reads_itself(b) for b in bindings):
            continue
        if is_damaged(function, unit) or any(
            isinstance(n, cst.NamedExpr) for n in names_in(function) if n.value == name
        ):
            continue
        outer = unit.scopes.look_up(name, function)
        why = (
            f"the `{name}` outside is not seen, as the assignment makes the name local"
            if outer
            else f"nothing gives `{name}` a value before"
        )
        yield Hit(bindings[0].node, f"This reads `{name}` before it has a value: {why}")


def _reads_itself(binding: Binding) -> bool:
    """Whether a binding is `x += ...`, or `x = ...` with `x` read on the right, not only in a function made there."""
    if binding.kind == "augment":
        return True
    if binding.kind != "assign" or binding.value is None:
        return False
    if not _reads(binding.name, binding.value):
        return False
    inner = (node for node in descend(binding.value) if isinstance(node, INNER))
    return not any(_reads(binding.name, node) for node in inner)


def _reads(name: str, root: cst.CSTNode) -> bool:
    return any(n.value == name for n in names_in(root))


CHECK = Check(
    id="CGC058",
    name="unbound-local",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(457,),
    aliases=("ruff:F823", "ruff:F821", "ty:unresolved-reference"),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Declare the name `global` or `nonlocal`, pass the value in, or give it a first value.",
    bad=(
        Bad("count = 0\n\n\ndef hit():\n    count += 1  # finding\n"),
        Bad("class A:\n    def send(self, message):\n        text = text.encode()  # finding\n        return text\n"),
        Bad(
            "def outer():\n    n = 0\n\n    def inner():\n        n += 1  # finding\n        return n\n\n    return inner\n"
        ),
    ),
    good=(
        Good("count = 0\n\n\ndef hit():\n    global count\n    count += 1\n"),
        Good("def send(text):\n    text = text.encode()\n    return text\n"),
        Good("def f(xs):\n    for x in xs:\n        x = x + 1\n        print(x)\n"),
        Good("def f():\n    with open('a') as text:\n        text = text.read()\n    return text\n"),
        Good("def f():\n    walk = lambda n: walk(n - 1) if n else 0\n    return walk(3)\n"),
    ),
    misses=(Miss("def f(x):\n    if x:\n        y = 1\n    return y  # finding\n", why="paths are not followed"),),
)
