"""An attribute that `__init__` sets has the name of a method, and hides it.

After `self.balance = 0` the call `account.balance()` raises TypeError: the instance's attribute is found before the
class's method.  Rename one of the two.  Source: the Python reference, "Custom classes", attribute look-up.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._kinds import kinds
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend


def find(node: cst.ClassDef, unit: Unit) -> Iterator[Hit]:
    """Report the assignment that hides a plain method of the same class."""
    every = unit.fact(classes)
    cls = every.of(node)
    hidden = []
    for name in unit.names.attributes(node):
        found = every.methods(cls, name)
        if len(found) == 1 and isinstance(found[0], cst.FunctionDef) and not found[0].decorators:
            hidden.append(name)
    if not hidden:
        return
    init = next((f for f in node.body.body if isinstance(f, cst.FunctionDef) and f.name.value == "__init__"), None)
    for part in descend(init.body) if init is not None else ():
        if not isinstance(part, cst.AssignTarget) or not isinstance(part.target, cst.Attribute):
            continue
        target, statement = part.target, unit.parent(part)
        if (
            target.attr.value in hidden
            and isinstance(target.value, cst.Name)
            and unit.names.owner(target.value) is node
        ):
            value = statement.value if isinstance(statement, cst.Assign) else None
            if _is_plain_value(value, unit):
                yield Hit(
                    target,
                    f"`self.{target.attr.value}` hides the method `{target.attr.value}`: calling it on an object raises TypeError",
                )
                hidden.remove(target.attr.value)


def _is_plain_value(value: cst.BaseExpression | None, unit: Unit) -> bool:
    """Whether the value is data: what is called, passed in as a function or wrapped may replace the method on purpose."""
    kind = unit.fact(kinds).of(value)
    if kind is not None:
        return kind not in {"function", "NoneType"}
    if not isinstance(value, cst.Name) or value.value.startswith(("on_", "callback", "func", "handler")):
        return False
    bindings = unit.scopes.look_up(value.value, value)
    return len(bindings) == 1 and bindings[0].kind == "param" and _is_data(bindings[0].value, unit)


def _is_data(annotation: cst.BaseExpression | None, unit: Unit) -> bool:
    return annotation is not None and unit.name(annotation) in {
        f"builtins.{n}" for n in ("int", "str", "float", "bool", "list", "dict", "set", "bytes", "tuple")
    }


CHECK = Check(
    id="CGC051",
    name="attribute-hides-method",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    hints=("self.",),
    nodes=(cst.ClassDef,),
    find=find,
    fix="Give the attribute or the method another name.",
    bad=(
        Bad(
            "class Account:\n    def __init__(self):\n        self.balance = 0  # finding\n\n    def balance(self):\n        return self.balance\n"
        ),
        Bad(
            "class User:\n    def __init__(self, name: str):\n        self.name = name  # finding\n\n    def name(self):\n        return 'x'\n"
        ),
    ),
    good=(
        Good(
            "class Account:\n    def __init__(self):\n        self._balance = 0\n\n    def balance(self):\n        return self._balance\n"
        ),
        Good(
            "class Account:\n    def __init__(self):\n        self._balance = 0\n\n    @property\n    def balance(self):\n        return self._balance\n"
        ),
        Good("class Job:\n    def __init__(self, run):\n        self.run = run\n\n    def run(self):\n        pass\n"),
        Good("class Job:\n    def __init__(self):\n        self.run = lambda: 1\n\n    def run(self):\n        pass\n"),
    ),
    misses=(
        Miss(
            "class User:\n    def __init__(self, name):\n        self.name = name  # finding\n\n    def name(self):\n        return 'x'\n",
            why="the parameter may be a function",
        ),
    ),
)
