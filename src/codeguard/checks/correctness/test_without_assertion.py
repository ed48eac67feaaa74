"""A test asserts nothing: it passes whatever the code gives, as long as it does not raise.

Generated tests often print results, or call the code and stop there.  Assert what must hold.  Calls whose name says
that they check something, expected exceptions, and helpers of the file that assert count as assertions; tests that
only see whether a call works exist in well-kept code, so this is for the strict profile.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import decorator_names
from codeguard.checks.correctness._shape import body_of, last_word, within
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

CHECKS = re.compile(
    r"assert|check|verify|expect|should|raises|warns|fail|skip|validate|compare|match|ensure|must|approx|snapshot|eq_|ok_|require|testing|benchmark|consume|run_test|bail",
    re.IGNORECASE,
)
TAKES_OVER = re.compile(
    r"raises|expected|given|benchmark|xfail|snapshot|should|skip|patch|mark|fixture|settings|example", re.IGNORECASE
)
CONSTANT = {"True", "1"}


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report a test function in whose body nothing can fail but the code itself."""
    name = function.name.value
    if not name.startswith("test") or not (name[4:5] == "_" or name[4:5].isupper()) or not _is_test(function, unit):
        return
    body = body_of(function)
    if (
        not body
        or any(TAKES_OVER.search(mark) for mark in decorator_names(function))
        or all(isinstance(s, (cst.Pass, cst.Return)) for s in body)
    ):
        return
    constant = False
    for node in descend(function.body):
        if isinstance(node, cst.Assert):
            if not (isinstance(node.test, (cst.Name, cst.Integer)) and node.test.value in CONSTANT):
                return
            constant = True
        elif isinstance(node, (cst.Raise, cst.Yield)):
            return
        elif isinstance(node, (cst.Call, cst.Attribute)):
            word = last_word(node)
            if CHECKS.search(word) or word in unit.fact(asserting):
                return
    says = "only that a constant is true" if constant else "nothing"
    yield Hit(function.name, f"`{name}` asserts {says}: it passes whatever the code gives")


def _is_test(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a test runner takes the function: at module level, or in a class of tests."""
    owner = unit.class_of(function)
    if owner is None:
        return isinstance(unit.parent(function), cst.Module) and not within(function, unit, cst.FunctionDef)
    return owner.name.value.startswith("Test") or any(last_word(b.value).endswith("TestCase") for b in owner.bases)


def asserting(unit: Unit) -> frozenset[str]:
    """Names of the file's functions that assert or raise themselves; ask through `unit.fact(asserting)`."""
    found = set()
    for node in unit.nodes(cst.Assert, cst.Raise):
        function = unit.function_of(node)
        if isinstance(function, cst.FunctionDef):
            found.add(function.name.value)
    return frozenset(found)


CHECK = Check(
    id="CGC039",
    name="test-without-assertion",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    profile=Profile.STRICT,
    hints=("def test",),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Assert what the code must give.",
    bad=(
        Bad("def test_total():  # finding\n    result = total([1, 2])\n    print(result)\n"),
        Bad(
            "import unittest\n\nclass TestTotal(unittest.TestCase):\n    def test_total(self):  # finding\n        total([1, 2])\n"
        ),
        Bad("def test_runs():  # finding\n    run()\n    assert True\n"),
    ),
    good=(
        Good("def test_total():\n    assert total([1, 2]) == 3\n"),
        Good("import pytest\n\ndef test_total():\n    with pytest.raises(TypeError):\n        total(1)\n"),
        Good(
            "import unittest\n\nclass TestTotal(unittest.TestCase):\n    def test_total(self):\n        self.assertEqual(total([1]), 1)\n"
        ),
        Good("def same(a, b):\n    assert a == b\n\n\ndef test_total():\n    same(total([1]), 1)\n"),
        Good("def testing_helper():\n    run()\n"),
    ),
    misses=(
        Miss(
            "def test_total():  # finding\n    check = total([1])\n    check_mate(check)\n",
            why="a name may say more than the call does",
        ),
    ),
)
