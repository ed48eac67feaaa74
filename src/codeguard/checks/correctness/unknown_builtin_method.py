"""A method or attribute that the built-in type does not have: `list.push`, `str.contains`.

The call raises AttributeError.  Such names come from other languages, from older Python or from another library's
type.  The receiver's type is told by a literal, a constructor or an annotation; what the text does not prove is
silent.  Source: the Python documentation, "Built-in Types".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word
from codeguard.knowledge.builtin_types import ATTRIBUTES, REPLACEMENTS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Every attribute that some built-in type lacks but another has, or that none has, is worth a look.
EVERYWHERE = frozenset.intersection(*ATTRIBUTES.values())


def find(attribute: cst.Attribute, unit: Unit) -> Iterator[Hit]:
    """Report an attribute that the evident type of its owner lacks."""
    name = attribute.attr.value
    if name in EVERYWHERE:
        return
    kind = unit.fact(kinds).of(attribute.value)
    if (
        kind is None
        or kind not in ATTRIBUTES
        or name in ATTRIBUTES[kind]
        or _is_stored(attribute, unit)
        or _is_guarded(attribute, unit)
    ):
        return
    if isinstance(unit.statement_of(attribute), (cst.Import, cst.ImportFrom)):
        return
    if kind == "NoneType" and not isinstance(attribute.value, cst.Call):
        return
    instead = REPLACEMENTS.get(name, "")
    hint = f"; Python has `{instead}` for it" if instead else ""
    yield Hit(attribute, f"`{kind}` has no attribute `{name}`, so this raises AttributeError{hint}")


def _is_stored(attribute: cst.Attribute, unit: Unit) -> bool:
    return isinstance(unit.parent(attribute), (cst.AssignTarget, cst.AnnAssign, cst.Del))


def _is_guarded(attribute: cst.Attribute, unit: Unit) -> bool:
    """Whether the code is ready for the attribute's absence, or for another type."""
    child: cst.CSTNode = attribute
    owner = attribute.value
    for above in unit.ancestors(attribute):
        if isinstance(above, cst.Try) and child is above.body:
            caught = {last_word(t) for h in above.handlers for t in _types(h.type)}
            if not caught or caught & {"AttributeError", "Exception", "BaseException", ""}:
                return True
        if isinstance(above, (cst.If, cst.IfExp, cst.While, cst.BooleanOperation)) and child is not getattr(
            above, "test", None
        ):
            test = above.left if isinstance(above, cst.BooleanOperation) else above.test
            if isinstance(owner, cst.Name) and _asks_type(test, owner.value):
                return True
        if isinstance(above, cst.With) and any(
            last_word(i.item) in {"raises", "assertRaises", "suppress"} for i in above.items
        ):
            return True
        child = above
    return False


def _types(node: cst.CSTNode | None) -> list[cst.CSTNode | None]:
    return [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]


def _asks_type(test: cst.CSTNode, name: str) -> bool:
    """Whether a condition asks what `name` is: `isinstance(x, T)`, `hasattr(x, "m")`, `type(x)`."""
    stack: list[cst.CSTNode] = [test]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Call) and last_word(node.func) in {
            "isinstance",
            "hasattr",
            "callable",
            "type",
            "issubclass",
        }:
            if node.args and isinstance(node.args[0].value, cst.Name) and node.args[0].value.value == name:
                return True
        stack.extend(node.children)
    return False


CHECK = Check(
    id="CGC032",
    name="unknown-builtin-method",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=("ty:missing-attribute.builtin",),
    nodes=(cst.Attribute,),
    find=find,
    fix="Call the method that Python's own type has.",
    bad=(
        Bad("parts = []\nparts.push('a')  # finding\n"),
        Bad("def f(text: str):\n    return text.contains('a')  # finding\n"),
        Bad(
            "class A:\n    def __init__(self):\n        self.seen = {}\n\n    def f(self, x):\n        return self.seen.has_key(x)  # finding\n"
        ),
        Bad("names = ', '.concat(['a', 'b'])  # finding\n"),
        Bad("seen = {}\nfor x in range(3):\n    seen.add(x)  # finding\n"),
        Bad("words = 'a b'.split()\nprint(words.length)  # finding\n"),
    ),
    good=(
        Good("parts = []\nparts.append('a')\n"),
        Good("def f(parts):\n    parts.push('a')\n"),
        Good("import collections\nparts = []\nif big:\n    parts = collections.deque()\nparts.appendleft(1)\n"),
        Good("text = 'a'\ntry:\n    text.decode()\nexcept AttributeError:\n    pass\n"),
        Good("seen = set()\nseen.add(1)\nseen = frozenset(seen)\n"),
        Good("def f(x: str):\n    if not isinstance(x, str):\n        return x.items()\n    return x\n"),
    ),
    misses=(
        Miss(
            "def f():\n    return []\n\nf().push(1)  # finding\n",
            why="results of the file's own functions have no type",
        ),
    ),
)
