"""A text is compared with a number by `==`, `!=` or `in`, which never depends on what the text says.

What `input()`, the environment, the command line, a CSV file or an option without `type=` give is text, and `"5" == 5`
is false.  The branch for the number is dead, and nothing says so.  Convert the text first: `int(text) == 5`.  Source:
the Python reference, "Value comparisons".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import NUMBERS, kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

EQUAL = (cst.Equal, cst.NotEqual)
MEMBER = (cst.In, cst.NotIn)


def find(node: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report a comparison of a value that is text with one that is a number."""
    if len(node.comparisons) != 1:
        return
    operator, right = node.comparisons[0].operator, node.comparisons[0].comparator
    known = unit.fact(kinds)
    if isinstance(operator, EQUAL):
        pair = {known.of(node.left), known.of(right)}
        if "str" not in pair or not pair & set(NUMBERS):
            return
    elif isinstance(operator, MEMBER):
        if not _are_numbers(right, unit) or known.of(node.left) != "str":
            return
    else:
        return
    if isinstance(node.left, cst.SimpleString) or within(node, unit, cst.Assert):
        return  # that is written to show what the comparison gives
    always = "true" if isinstance(operator, (cst.NotEqual, cst.NotIn)) else "false"
    yield Hit(node, f"`{text(node.left)}` and `{text(right)}` are a text and a number here: this is always {always}")


def _are_numbers(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a collection is written out, or is a `range`, and holds numbers alone."""
    if isinstance(node, (cst.List, cst.Tuple, cst.Set)):
        return bool(node.elements) and all(unit.fact(kinds).of(e.value) in NUMBERS for e in node.elements)
    return unit.fact(kinds).of(node) == "range"


CHECK = Check(
    id="CGC066",
    name="text-compared-with-number",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(843, 570),
    aliases=("ty:redundant-condition",),
    nodes=(cst.Comparison,),
    find=find,
    fix="Convert the text to a number first.",
    bad=(
        Bad("choice = input('1 or 2? ')\nif choice == 1:  # finding\n    print('one')\n"),
        Bad("import os\n\nDEBUG = os.environ.get('DEBUG', '') == True  # finding\n"),
        Bad("import sys\n\nif sys.argv[1] in (1, 2, 3):  # finding\n    print('known')\n"),
        Bad("n = input()\nwhile n != 0:  # finding\n    n = input()\n"),
    ),
    good=(
        Good("choice = int(input('1 or 2? '))\nif choice == 1:\n    print('one')\n"),
        Good("choice = input('1 or 2? ')\nif choice == '1' or int(choice) in (2, 3):\n    print('one')\n"),
        Good("import os\n\nDEBUG = os.environ.get('DEBUG', 0) == 1\n"),
        Good("def f(choice):\n    return choice == 1 or '5' == 5\n"),
    ),
    misses=(
        Miss(
            "def f(rows):\n    for row in rows:\n        cells = row.split(',')\n        if cells[0] == 1:  # finding\n            print(cells)\n",
            why="`rows` may hold anything that has a `split`",
        ),
    ),
)
