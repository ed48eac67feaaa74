"""A comparison of two values by `is`, in a function that is to tell whether they are equal.

`is` asks whether they are the same object.  Two equal accounts, loaded twice, are not, so a check that hangs on it
fails, or passes by accident of caching.  Compare with `==`, or compare the fields that identify them.  See CWE-595.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, parameters
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

EQUAL = frozenset({"equal", "equals", "same", "match", "matches", "eq"})
IDENTITY = frozenset({"identity", "identical", "object", "objects", "instance", "is_same_object"})


def find(comparison: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report `a is b` for two parameters where nothing else in the function compares them."""
    if len(comparison.comparisons) != 1 or not isinstance(comparison.comparisons[0].operator, (cst.Is, cst.IsNot)):
        return
    left, right = comparison.left, comparison.comparisons[0].comparator
    if not (isinstance(left, cst.Name) and isinstance(right, cst.Name)):
        return
    function = function_around(unit, comparison)
    if (
        function is None
        or unit.class_of(function) is not None
        or not EQUAL & (parts := set(words(function.name.value)))
        or IDENTITY & parts
    ):
        return
    owned = {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name)}
    inside = body(unit, function)
    if {left.value, right.value} <= owned and len(inside.comparisons) == 1 and not inside.calls:
        yield Hit(
            comparison,
            f"`is` asks whether `{left.value}` and `{right.value}` are one object, not whether they are equal",
        )


CHECK = Check(
    id="CGS027",
    name="identity-for-equality",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=(595, 597),
    hints=(" is ",),
    nodes=(cst.Comparison,),
    find=find,
    fix="Compare with `==`.",
    bad=(
        Bad("def is_equal(account, other):\n    return account is other  # finding\n"),
        Bad("def same_user(a, b):\n    if a is not b:  # finding\n        return False\n    return True\n"),
    ),
    good=(
        Good("def is_equal(account, other):\n    return account.number == other.number\n"),
        Good("class A:\n    def __eq__(self, other):\n        return self is other or self.key == other.key\n"),
        Good("def is_same_object(a, b):\n    return a is b\n"),
        Good("def equal(a, b=None):\n    return a is None\n"),
    ),
    misses=(
        Miss(
            "def compare(account, other):\n    return account is other  # finding\n",
            why="the name does not speak of equality",
        ),
    ),
)
