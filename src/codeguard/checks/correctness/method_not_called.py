"""A method is named in a condition or compared, and not called: `if text.isdigit:`.

The method itself is an object, which is always true and equals nothing else.  Add the parentheses.  It concerns
methods of text and paths that no other type has as a value, and plain methods of the file's own classes.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._callables import callables
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, text
from codeguard.knowledge.builtin_types import ATTRIBUTES, PREDICATES
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

PATH_TESTS = {"is_file", "is_dir", "exists", "is_absolute", "is_symlink"}
DATA = {"__doc__", "__class__", "__dict__", "__name__"}


def find(attribute: cst.Attribute, unit: Unit) -> Iterator[Hit]:
    """Report a method that stands where its result is meant."""
    parent = unit.parent(attribute)
    word = attribute.attr.value
    if isinstance(parent, (cst.If, cst.While, cst.Assert, cst.IfExp)):
        tested = parent.test is attribute
    elif isinstance(parent, cst.UnaryOperation):
        tested = isinstance(parent.operator, cst.Not)
    elif isinstance(parent, (cst.BooleanOperation, cst.CompIf)):
        tested = isinstance(parent, cst.CompIf) or _is_tested(parent, unit)
    else:
        tested = False
    compared = isinstance(parent, (cst.Comparison, cst.ComparisonTarget)) and _is_value_comparison(
        parent, attribute, unit
    )
    if not tested and not compared:
        return
    if (
        word in PREDICATES
        or (word in PATH_TESTS and _is_path(attribute.value, unit))
        or _is_builtin_method(attribute, unit)
        or _is_own_method(attribute, unit)
    ):
        outcome = "is always true" if tested else "equals no value"
        yield Hit(attribute, f"`{text(attribute)}` is not called: the method itself {outcome}")


def _is_tested(node: cst.BooleanOperation, unit: Unit) -> bool:
    child: cst.CSTNode = node
    parent = unit.parent(node)
    while isinstance(parent, (cst.BooleanOperation, cst.UnaryOperation)):
        child, parent = parent, unit.parent(parent)
    return isinstance(parent, cst.CompIf) or (
        isinstance(parent, (cst.If, cst.While, cst.IfExp, cst.Assert)) and parent.test is child
    )


def _is_value_comparison(parent: cst.CSTNode, attribute: cst.Attribute, unit: Unit) -> bool:
    """Whether the attribute is compared with a literal, by order or equality."""
    comparison = parent if isinstance(parent, cst.Comparison) else unit.parent(parent)
    if not isinstance(comparison, cst.Comparison) or len(comparison.comparisons) != 1:
        return False
    target = comparison.comparisons[0]
    other = target.comparator if comparison.left is attribute else comparison.left
    ordered = isinstance(
        target.operator,
        (cst.LessThan, cst.GreaterThan, cst.LessThanEqual, cst.GreaterThanEqual, cst.Equal, cst.NotEqual),
    )
    return ordered and isinstance(other, (cst.SimpleString, cst.Integer, cst.Float, cst.List, cst.Tuple))


def _is_path(node: cst.BaseExpression, unit: Unit) -> bool:
    return (unit.name(node) or "").startswith("pathlib.") or "path" in last_word(node).lower()


def _is_builtin_method(attribute: cst.Attribute, unit: Unit) -> bool:
    kind = unit.fact(kinds).of(attribute.value)
    word = attribute.attr.value
    return kind in {"str", "bytes", "list", "dict", "set", "tuple"} and word in ATTRIBUTES[kind] and word not in DATA


def _is_own_method(attribute: cst.Attribute, unit: Unit) -> bool:
    """Whether the attribute is a plain method of a class of the file, on `self` or on an evident instance."""
    owner, instance = unit.fact(callables).receiver(attribute.value)
    if owner is None or not instance:
        return False
    word = attribute.attr.value
    every = unit.fact(classes)
    method = every.method(owner, word)
    if method is None or method.decorators or not owner.complete:
        return False
    others = (*owner.line(), *every.below(owner))
    return not any(word in unit.names.attributes(cls.node) for cls in others) and not any(
        every.methods(cls, word) for cls in every.below(owner)
    )


CHECK = Check(
    id="CGC046",
    name="method-not-called",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(571,),
    aliases=("ty:redundant-condition",),
    nodes=(cst.Attribute,),
    find=find,
    fix="Add the parentheses that call the method.",
    bad=(
        Bad("def f(text):\n    if text.isdigit:  # finding\n        return int(text)\n"),
        Bad(
            "class Stack:\n    def __init__(self):\n        self.items = []\n\n    def is_empty(self):\n        return not self.items\n\n    def pop(self):\n        if self.is_empty:  # finding\n            return None\n        return self.items.pop()\n"
        ),
        Bad("def f(answer):\n    return [a for a in answer if a.isalpha]  # finding\n"),
        Bad("answer = input('ok? ')\nif answer.lower == 'y':  # finding\n    print('ok')\n"),
        Bad(
            "from pathlib import Path\n\ndef f(name):\n    folder = Path(name)\n    if not folder.exists:  # finding\n        folder.mkdir()\n"
        ),
    ),
    good=(
        Good("def f(text):\n    if text.isdigit():\n        return int(text)\n"),
        Good(
            "class Stack:\n    @property\n    def is_empty(self):\n        return True\n\n    def pop(self):\n        return None if self.is_empty else 1\n"
        ),
        Good("def f(text):\n    test = text.isdigit\n    return list(map(str.isdigit, text)), test\n"),
        Good(
            "class A:\n    def run(self):\n        pass\n\n    def start(self):\n        self.run = None\n        if self.run:\n            return 1\n"
        ),
        Good(
            "class A(Base):\n    def check(self):\n        pass\n\n    def f(self):\n        return 1 if self.check else 2\n"
        ),
    ),
    misses=(
        Miss(
            "def f(user):\n    if user.is_admin:  # finding\n        return 1\n",
            why="attributes of unknown objects may be values",
        ),
    ),
)
