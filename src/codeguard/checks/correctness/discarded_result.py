"""The result of a method that changes nothing is thrown away: `text.strip()` on a line of its own.

Text is immutable: `strip`, `replace` and `upper` return a new text and leave the old one as it was.  The same goes
for `sorted(x)`.  Bind the result.  Source: the Python documentation, "Text Sequence Type".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.knowledge.builtin_types import PREDICATES, PURE_TEXT_METHODS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Methods that hardly any type but text has, so that the receiver's type need not be known.
TEXT_ONLY = frozenset(
    {
        "strip",
        "upper",
        "lower",
        "zfill",
        "removeprefix",
        "removesuffix",
        "splitlines",
        "casefold",
        "swapcase",
        "startswith",
        "endswith",
        "isdigit",
    }
)
PURE_FUNCTIONS = frozenset(
    {
        "builtins.sorted",
        "builtins.reversed",
        "builtins.str",
        "builtins.len",
        "builtins.round",
        "builtins.abs",
        "builtins.sum",
        "os.path.join",
        "copy.copy",
        "copy.deepcopy",
    }
)
PURE_BY_KIND = {
    "list": {"copy", "count", "index"},
    "dict": {"copy", "keys", "values", "items"},
    "set": {"copy", "union", "difference", "intersection"},
    "tuple": {"count", "index"},
}


def find(statement: cst.Expr, unit: Unit) -> Iterator[Hit]:
    """Report a statement that only computes a new value."""
    call = statement.value
    if not isinstance(call, cst.Call):
        return
    if isinstance(call.func, cst.Attribute):
        word = call.func.attr.value
        if word == "lower" and "tkinter" in unit.text:
            return  # there it moves a window behind the others
        if word in PURE_TEXT_METHODS or word in PREDICATES:
            kind = unit.fact(kinds).of(call.func.value)
            wanted = kind == "str" or (
                kind is None and word in TEXT_ONLY and not (unit.name(call.func) or "").startswith("<local>")
            )
        else:
            kind = None
            wanted = any(word in words for words in PURE_BY_KIND.values()) and word in PURE_BY_KIND.get(
                kind := unit.fact(kinds).of(call.func.value) or "", ()
            )
        if wanted and not _may_be_meant(call, unit):
            yield Hit(call, f"`{text(call.func)}` returns a new value and changes nothing: the result is thrown away")
    elif (
        isinstance(call.func, cst.Name)
        and (name := unit.name(call.func)) in PURE_FUNCTIONS
        and not _may_be_meant(call, unit)
    ):
        yield Hit(
            call, f"`{name.rpartition('.')[2]}` returns a new value and changes nothing: the result is thrown away"
        )


def _may_be_meant(call: cst.Call, unit: Unit) -> bool:
    """Whether the call may be there for the error that it raises, as in a test or a check of the type."""
    function = unit.function_of(call)
    if isinstance(function, cst.FunctionDef) and function.name.value.startswith(("test", "bench", "time")):
        return True
    return within(call, unit, cst.Try, cst.With, until=(cst.FunctionDef,))


CHECK = Check(
    id="CGC052",
    name="discarded-result",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(252,),
    nodes=(cst.Expr,),
    find=find,
    fix="Bind the result: `text = text.strip()`.",
    bad=(
        Bad("def f(line):\n    line.strip()  # finding\n    return line\n"),
        Bad("name = 'a b'\nname.replace(' ', '_')  # finding\nprint(name)\n"),
        Bad("def f(xs):\n    sorted(xs)  # finding\n    return xs[0]\n"),
    ),
    good=(
        Good("def f(line):\n    line = line.strip()\n    return line\n"),
        Good("def f(frame):\n    frame.replace('a', 'b', inplace=True)\n    frame.title('x')\n    frame.rstrip()\n"),
        Good("def f(x):\n    try:\n        x.strip()\n    except AttributeError:\n        return None\n    return x\n"),
        Good("def test_it(x):\n    sorted(x)\n"),
    ),
    misses=(
        Miss(
            "def f(name):\n    name.replace(' ', '_')  # finding\n    return name\n",
            why="other types have a `replace` that acts",
        ),
    ),
)
