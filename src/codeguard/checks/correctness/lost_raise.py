"""An exception is made and thrown away: the `raise` before it is missing.

The error that the code has just found is not reported, and the code goes on as if nothing were wrong.  It concerns
exceptions of Python, classes of the file that derive from one, and classes whose name says that they are one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._shape import last_word, within
from codeguard.knowledge.exceptions import BUILTIN_EXCEPTIONS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

EXCEPTION_NAME = re.compile(
    r"^[A-Z]\w*(?:Error|Exception|NotFound|Forbidden|Unauthorized|BadRequest|NotAllowed|Failed|Failure|Interrupt|Invalid\w*)$|^Http404$|^HTTP[A-Z]\w+$|^(?:Invalid|Unsupported|Unexpected|Missing)[A-Z]\w+$"
)


def find(statement: cst.Expr, unit: Unit) -> Iterator[Hit]:
    """Report a statement that only makes an exception."""
    call = statement.value
    if not isinstance(call, cst.Call):
        return
    word = last_word(call.func)
    if not word[:1].isupper() or isinstance(call.func, (cst.Call, cst.Subscript)):
        return
    if _is_exception(call.func, word, unit) and not within(call, unit, cst.With, until=(cst.FunctionDef,)):
        yield Hit(call, f"`{word}` is made and thrown away: without `raise` the error is not reported")


def _is_exception(func: cst.BaseExpression, word: str, unit: Unit) -> bool:
    name = unit.name(func) or ""
    if name.removeprefix("builtins.") in BUILTIN_EXCEPTIONS and not name.startswith("<local>"):
        return name.startswith("builtins.")
    local = unit.fact(classes).local(func)
    if local is not None:
        bases = [last_word(arg.value) for cls in local.line() for arg in cls.node.bases]
        return any(base in BUILTIN_EXCEPTIONS or base.endswith(("Error", "Exception")) for base in bases)
    return bool(EXCEPTION_NAME.match(word)) and "signal" not in name.lower()


CHECK = Check(
    id="CGC034",
    name="lost-raise",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(390,),
    aliases=("ruff:PLW0133",),
    nodes=(cst.Expr,),
    find=find,
    fix="Write `raise` before it.",
    bad=(
        Bad("def f(x):\n    if x < 0:\n        ValueError('negative')  # finding\n    return x\n"),
        Bad("class TooLarge(Exception):\n    pass\n\n\ndef f(x):\n    if x > 9:\n        TooLarge(x)  # finding\n"),
        Bad(
            "from web import HTTPNotFound\n\ndef f(x):\n    if x is None:\n        HTTPNotFound(text='no')  # finding\n"
        ),
    ),
    good=(
        Good("def f(x):\n    if x < 0:\n        raise ValueError('negative')\n    return x\n"),
        Good("error = ValueError('kept')\nerrors = [KeyError('x')]\n"),
        Good("def test_it():\n    with raises(TypeError):\n        CustomError(1, 2)\n"),
        Good("class Panel(Widget):\n    pass\n\n\nPanel('x')\nshow_error('y')\n"),
    ),
    misses=(
        Miss(
            "from lib import Oops\n\ndef f(x):\n    Oops(x)  # finding\n",
            why="nothing says that the class is an exception",
        ),
    ),
)
