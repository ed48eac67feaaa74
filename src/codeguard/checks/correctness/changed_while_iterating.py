"""A collection loses or gains items while a loop goes over it.

A list then skips items, a dict or set raises RuntimeError, and an index from `range(len(x))` runs past the end.  Loop
over a copy (`list(x)`), or build a new collection.  A change right before the loop is left is fine.  Source: the
Python tutorial, "for Statements"; the reference, "The for statement".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._control import BREAK, NEXT, RAISE, RETURN, strict_paths
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import is_dotted, last_word, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

VIEWS = {"keys", "items", "values"}
# Appending to a list that is looped over is how work lists are written.
LIST_CHANGES = {"remove", "pop", "insert", "clear", "sort", "reverse"}
KEYED_CHANGES = {"pop", "popitem", "clear", "update", "add", "discard", "remove", "setdefault"}


def find(loop: cst.For, unit: Unit) -> Iterator[Hit]:
    """Report the first change of what the loop goes over that does not leave the loop."""
    over = _iterated(loop.iter)
    if over is None:
        return
    node, by = over
    if isinstance(node, cst.Name) and unit.names.owner(node) is not None:
        return  # the class itself says what going over `self` gives
    name = text(node)
    kind = unit.fact(kinds).of(node)
    keyed = by == "view" or kind in {"dict", "set"}
    for part in descend(loop.body, into=lambda n: not isinstance(n, (cst.FunctionDef, cst.Lambda, cst.ClassDef))):
        if isinstance(part, (cst.AssignTarget, cst.NamedExpr)) and text(part.target) == name:
            return  # another object from here on
        change = _change(part, name, keyed=keyed)
        if change and not _leaves(part, loop, unit):
            if by == "index" and not change.startswith(("pop", "remove", "del", "clear")):
                continue
            yield Hit(
                part,
                f"`{name}` is changed by `{change}` while the loop goes over it: {_outcome(by, kind, keyed=keyed)}",
            )
            return


def _iterated(node: cst.BaseExpression) -> tuple[cst.BaseExpression, str] | None:
    """What a loop goes over, and how: itself, through a view, or by index."""
    if is_dotted(node):
        return node, "self"
    if not isinstance(node, cst.Call):
        return None
    word = last_word(node.func)
    if isinstance(node.func, cst.Attribute) and word in VIEWS and not node.args and is_dotted(node.func.value):
        return node.func.value, "view"
    if not isinstance(node.func, cst.Name) or len(node.args) != 1 or node.args[0].keyword or node.args[0].star:
        return None
    inner = node.args[0].value
    if word == "enumerate":
        found = _iterated(inner)
        return found if found is None or found[1] != "index" else None
    if (
        word == "range"
        and isinstance(inner, cst.Call)
        and last_word(inner.func) == "len"
        and len(inner.args) == 1
        and is_dotted(inner.args[0].value)
    ):
        return inner.args[0].value, "index"
    return None


def _change(node: cst.CSTNode, name: str, *, keyed: bool) -> str:
    """The change that a node makes to the collection, in its own words; empty for none."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and text(node.func.value) == name:
        word = node.func.attr.value
        return f"{word}(...)" if word in (KEYED_CHANGES if keyed else LIST_CHANGES) else ""
    if isinstance(node, cst.Del):
        for target in node.target.elements if isinstance(node.target, cst.Tuple) else [node.target]:
            item = target.value if isinstance(target, cst.Element) else target
            if isinstance(item, cst.Subscript) and text(item.value) == name:
                return "del"
    return ""


def _leaves(node: cst.CSTNode, loop: cst.For, unit: Unit) -> bool:
    """Whether control leaves the loop after the change, before its next turn."""
    paths = unit.fact(strict_paths)
    child: cst.CSTNode = node
    for above in unit.ancestors(node):
        if isinstance(above, cst.For) and above is not loop and child is above.body:
            return False
        if isinstance(above, cst.IndentedBlock):
            at = next((i for i, s in enumerate(above.body) if s is child), len(above.body))
            ways = paths.sequence(above.body[at if isinstance(child, cst.SimpleStatementLine) else at + 1 :])
            if not ways & NEXT:
                return not ways & ~(BREAK | RETURN | RAISE)
        if isinstance(above, cst.SimpleStatementSuite) or above is loop:
            return False
        child = above
    return False


def _outcome(by: str, kind: str | None, *, keyed: bool) -> str:
    if by == "index":
        return "the last indexes are past its end"
    return (
        "RuntimeError"
        if keyed
        else "the item after it is skipped"
        if kind == "list"
        else "items are skipped, or it raises RuntimeError"
    )


CHECK = Check(
    id="CGC038",
    name="changed-while-iterating",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=("ruff:B909", "ruff:PLE4703"),
    hints=("for ",),
    nodes=(cst.For,),
    find=find,
    fix="Loop over a copy, such as `list(x)`, or build a new collection.",
    bad=(
        Bad(
            "def clean(items):\n    for item in items:\n        if not item:\n            items.remove(item)  # finding\n    return items\n"
        ),
        Bad(
            "def clean(d):\n    for key, value in d.items():\n        if value is None:\n            del d[key]  # finding\n"
        ),
        Bad(
            "def f(s, c):\n    s = list(s)\n    for i in range(len(s)):\n        if s[i] in c:\n            s.pop(i)  # finding\n"
        ),
        Bad("seen = {1, 2}\nfor x in seen:\n    seen.add(x + 1)  # finding\n"),
    ),
    good=(
        Good("def clean(items):\n    for item in list(items):\n        if not item:\n            items.remove(item)\n"),
        Good(
            "def drop(items, x):\n    for item in items:\n        if item == x:\n            items.remove(item)\n            break\n"
        ),
        Good(
            "def take(items, x):\n    for i, item in enumerate(items):\n        if item == x:\n            return items.pop(i)\n"
        ),
        Good("def work(queue):\n    for job in queue:\n        queue.append(job.next)\n"),
        Good("def f(d):\n    for key in d:\n        d[key] = 1\n"),
        Good(
            "def drop(d):\n    for key in d.keys():\n        if key == 'x':\n            d.pop(key)\n            return d\n    return d\n"
        ),
    ),
    misses=(
        Miss(
            "def clean(items):\n    for item in items:\n        drop(items, item)  # finding\n",
            why="what other functions do is not known",
        ),
    ),
)
