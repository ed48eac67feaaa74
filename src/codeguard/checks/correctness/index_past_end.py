"""An index reaches the length of the sequence, one past its last item.

Items are numbered from 0 to `len(x) - 1`, so `x[len(x)]`, and `x[i + 1]` in the last turn of
`for i in range(len(x))`, raise IndexError.  A loop that compares its index, catches the error or changes the sequence
is left alone.  Source: the Python reference, "Subscriptions".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, names_in, small_statements, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal
from codeguard.syntax.walk import descend

CHANGES = {"append", "extend", "insert", "pop", "remove", "clear", "add", "setdefault", "update"}


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an index goes: it takes all values up to `len(sequence) + beyond`, that one left out."""

    index: str
    sequence: str
    beyond: int


def find(node: cst.Subscript | cst.For | cst.CompFor | cst.While, unit: Unit) -> Iterator[Hit]:
    """Report a subscript that is certainly one past the end in some turn."""
    if isinstance(node, cst.Subscript):
        index = _index(node)
        if (
            index is not None
            and _length_of(index) == text(node.value)
            and not _is_store(node, unit)
            and _is_sequence(node, unit)
        ):
            yield Hit(node, f"`{text(node.value)}` has no item at its own length: IndexError")
        return
    reach = _while_reach(node) if isinstance(node, cst.While) else _range_reach(node)
    if reach is None:
        return
    body = list(_before_change(node, reach)) if isinstance(node, cst.While) else list(_body(node))
    if not isinstance(node, cst.While) and _is_guarded(body, reach):
        return
    for part in body:
        if not isinstance(part, cst.Subscript) or text(part.value) != reach.sequence:
            continue
        offset = _offset(_index(part), reach.index)
        if (
            offset is not None
            and reach.beyond + offset >= 1
            and _is_sequence(part, unit)
            and not _is_caught(part, unit)
        ):
            yield Hit(part, f"In the last turn this index is past the end of `{reach.sequence}`: IndexError")
            return


def _index(node: cst.Subscript) -> cst.BaseExpression | None:
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return node.slice[0].slice.value
    return None


def _length_of(node: cst.BaseExpression | None) -> str:
    """`x` for `len(x)`, else empty."""
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Name)
        and node.func.value == "len"
        and len(node.args) == 1
    ):
        return text(node.args[0].value)
    return ""


def _length_plus(node: cst.BaseExpression) -> tuple[str, int] | None:
    """(`x`, k) for `len(x) + k`."""
    if sequence := _length_of(node):
        return sequence, 0
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, (cst.Add, cst.Subtract)):
        sequence, known = _length_of(node.left), literal(node.right)
        if sequence and known is not None and type(known.value) is int:
            return sequence, known.value if isinstance(node.operator, cst.Add) else -known.value
    return None


def _range_reach(node: cst.For | cst.CompFor) -> Reach | None:
    call = node.iter
    if isinstance(call, cst.Call) and last_word(call.func) == "reversed" and len(call.args) == 1:
        call = call.args[0].value
    if not isinstance(node.target, cst.Name) or not isinstance(call, cst.Call) or not isinstance(call.func, cst.Name):
        return None
    if call.func.value != "range" or not 1 <= len(call.args) <= 2 or any(a.keyword or a.star for a in call.args):
        return None
    found = _length_plus(call.args[-1].value)
    return None if found is None else Reach(node.target.value, found[0], found[1])


def _while_reach(node: cst.While) -> Reach | None:
    test = node.test
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or not isinstance(test.left, cst.Name):
        return None
    operator, found = test.comparisons[0].operator, _length_plus(test.comparisons[0].comparator)
    if found is None or not isinstance(operator, (cst.LessThan, cst.LessThanEqual)):
        return None
    if any(_skips(part, test.left.value) for part in descend(node.body)):
        return None  # by twos or more, the sequence may well hold whole groups
    return Reach(test.left.value, found[0], found[1] + isinstance(operator, cst.LessThanEqual))


def _skips(node: cst.CSTNode, index: str) -> bool:
    """Whether a statement moves the index by anything but one."""
    if isinstance(node, cst.AugAssign) and text(node.target) == index:
        step = literal(node.value)
        return not isinstance(node.operator, cst.AddAssign) or step is None or step.value != 1
    if isinstance(node, cst.Assign) and any(text(target.target) == index for target in node.targets):
        return _offset(node.value, index) != 1
    return False


def _before_change(node: cst.While, reach: Reach) -> Iterator[cst.CSTNode]:
    """The nodes of the body that every turn comes to while the index is what the loop's condition let in."""
    for statement in small_statements(node.body.body):
        if isinstance(statement, (cst.FunctionDef, cst.ClassDef)):
            continue
        head = (
            statement.test
            if isinstance(statement, (cst.If, cst.While))
            else statement.iter
            if isinstance(statement, cst.For)
            else statement
        )
        if isinstance(head, cst.BaseCompoundStatement):
            return
        parts = list(descend(head))
        if any(
            isinstance(p, (cst.AssignTarget, cst.AugAssign, cst.NamedExpr))
            and text(p.target) in {reach.index, reach.sequence}
            for p in parts
        ):
            return
        if any(isinstance(p, cst.Comparison) and _asks(p, reach.index) for p in parts):
            return
        yield from parts
        if head is not statement:
            return


def _asks(node: cst.Comparison, index: str) -> bool:
    """Whether a comparison is about the index itself."""
    return any(_offset(side, index) is not None for side in (node.left, *(t.comparator for t in node.comparisons)))


def _body(node: cst.For | cst.CompFor) -> Iterable[cst.CSTNode]:
    if isinstance(node, cst.CompFor):
        return [
            *(n for part in node.ifs for n in descend(part)),
            *(descend(node.inner_for_in) if node.inner_for_in else ()),
        ]
    return descend(node.body)


def _is_guarded(body: Iterable[cst.CSTNode], reach: Reach) -> bool:
    """Whether the loop asks for its index, leaves or changes it, or changes the sequence."""
    for part in body:
        if isinstance(part, (cst.Comparison, cst.Modulo)) and any(n.value == reach.index for n in names_in(part)):
            return True
        if isinstance(part, (cst.Break, cst.Assert)):
            return True
        if isinstance(part, cst.Call) and isinstance(part.func, cst.Attribute):
            if part.func.attr.value in CHANGES and text(part.func.value) == reach.sequence:
                return True
        if (
            isinstance(part, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.NamedExpr))
            and text(part.target) == reach.sequence
        ):
            return True
        if isinstance(part, cst.AssignTarget) and text(part.target) == reach.index:
            return True
    return False


def _offset(index: cst.BaseExpression | None, name: str) -> int | None:
    """The k of `i + k`; None for anything else."""
    if isinstance(index, cst.Name):
        return 0 if index.value == name else None
    if isinstance(index, cst.BinaryOperation) and isinstance(index.operator, (cst.Add, cst.Subtract)):
        known = literal(index.right)
        if (
            isinstance(index.left, cst.Name)
            and index.left.value == name
            and known is not None
            and type(known.value) is int
        ):
            return known.value if isinstance(index.operator, cst.Add) else -known.value
    return None


def _is_store(node: cst.Subscript, unit: Unit) -> bool:
    parent = unit.parent(node)
    return (
        isinstance(parent, (cst.AssignTarget, cst.AugAssign, cst.AnnAssign, cst.Del))
        and getattr(parent, "value", None) is not node
    )


def _is_sequence(node: cst.Subscript, unit: Unit) -> bool:
    """Whether the object may be a list, a text or the like; a mapping may have any key, and is stored into so."""
    kind = unit.fact(kinds).of(node.value)
    if kind is not None:
        return kind in {"list", "tuple", "str", "bytes", "range"}
    return not _is_store(node, unit)


def _is_caught(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether the code is ready for the error, or reads the item only under some condition."""
    child: cst.CSTNode = node
    for above in unit.ancestors(node):
        if isinstance(above, cst.Try) and child is above.body:
            return True
        if isinstance(above, cst.BooleanOperation) and child is above.right:
            return True
        if isinstance(above, cst.IfExp) and child is not above.test:
            return True
        if isinstance(above, (cst.For, cst.While, cst.CompFor)):
            return False
        child = above
    return False


CHECK = Check(
    id="CGC012",
    name="index-past-end",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(193, 125),
    aliases=("ty:index-out-of-bounds",),
    hints=("len(",),
    nodes=(cst.Subscript, cst.For, cst.CompFor, cst.While),
    find=find,
    fix="End the range one earlier, or use `x[-1]` for the last item.",
    bad=(
        Bad("def last(items):\n    return items[len(items)]  # finding\n"),
        Bad(
            "def gaps(xs):\n    out = []\n    for i in range(len(xs)):\n        out.append(xs[i + 1] - xs[i])  # finding\n    return out\n"
        ),
        Bad("def show(names):\n    for i in range(1, len(names) + 1):\n        print(names[i])  # finding\n"),
        Bad(
            "def total(xs):\n    i, s = 0, 0\n    while i <= len(xs):\n        s += xs[i]  # finding\n        i += 1\n    return s\n"
        ),
    ),
    good=(
        Good(
            "def pairs(parts):\n    i = 0\n    while i < len(parts):\n        print(parts[i], parts[i + 1])\n        i += 2\n"
        ),
        Good("def gaps(xs):\n    return [xs[i + 1] - xs[i] for i in range(len(xs) - 1)]\n"),
        Good("def f(xs):\n    for i in range(len(xs)):\n        if i + 1 < len(xs):\n            print(xs[i + 1])\n"),
        Good("def f(xs):\n    for i in range(len(xs) + 1):\n        print(xs[:i])\n"),
        Good("def f(xs):\n    for i in range(len(xs)):\n        print(xs[i - 1], xs[i])\n"),
        Good(
            "def f(xs):\n    for i in range(len(xs)):\n        try:\n            print(xs[i + 1])\n        except IndexError:\n            pass\n"
        ),
        Good("ids = {}\nids[len(ids)] = 'x'\n"),
    ),
    misses=(
        Miss(
            "def f(xs, n):\n    n = len(xs)\n    return xs[n]  # finding\n", why="lengths in variables are not followed"
        ),
    ),
)
