"""An item of a text or a tuple is assigned or deleted: `name[0] = "x"`.

Texts, bytes and tuples cannot be changed, so this raises TypeError.  Build a new one, or use a list.  Source: the
Python tutorial, "Strings" and "Tuples and Sequences".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

IMMUTABLE = {"str", "bytes", "tuple", "frozenset", "range"}


def find(node: cst.Subscript, unit: Unit) -> Iterator[Hit]:
    """Report a subscript that is a target of an assignment or `del`, on an object that cannot change."""
    parent = unit.parent(node)
    target = isinstance(parent, (cst.AssignTarget, cst.Del)) or (
        isinstance(parent, (cst.AugAssign, cst.AnnAssign)) and parent.target is node
    )
    if not target or within(node, unit, cst.Try, cst.With, until=(cst.FunctionDef,)):
        return
    kind = unit.fact(kinds).of(node.value)
    if kind in IMMUTABLE:
        yield Hit(node, f"`{text(node.value)}` is a {kind}, whose items cannot be changed: TypeError")


CHECK = Check(
    id="CGC043",
    name="item-assignment-to-immutable",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    nodes=(cst.Subscript,),
    find=find,
    fix="Build a new text or tuple, or keep the items in a list.",
    bad=(
        Bad("name = 'bob'\nname[0] = 'B'  # finding\n"),
        Bad("def f(word: str):\n    del word[0]  # finding\n    return word\n"),
        Bad("point = (1, 2)\npoint[0] += 1  # finding\n"),
    ),
    good=(
        Good("name = list('bob')\nname[0] = 'B'\n"),
        Good("def f(word):\n    word[0] = 'B'\n    return word\n"),
        Good("name = 'bob'\nname = ['b']\nname[0] = 'B'\n"),
        Good("name = 'bob'\ntry:\n    name[0] = 'B'\nexcept TypeError:\n    pass\n"),
    ),
    misses=(Miss("name, age = 'bob', 3\nname[0] = 'B'  # finding\n", why="unpacked values have no type"),),
)
