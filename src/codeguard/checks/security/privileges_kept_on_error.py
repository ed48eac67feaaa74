"""Raised privileges that an exception leaves raised.

Between raising and lowering something can fail; without `finally` the program then goes on with rights that it should
have had for one call only.  Lower them in a `finally` block or a context manager.  See CWE-250 and CWE-269.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test, last_word
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

RAISES = frozenset({"raise", "elevate", "gain", "escalate", "acquire", "increase", "enable"})
LOWERS = frozenset({"lower", "drop", "restore", "release", "reset", "revert", "decrease", "disable", "relinquish"})
RIGHTS = frozenset({"privilege", "privileges", "privs", "priv", "root", "euid"})


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call that raises privileges where the one that lowers them is in no `finally`."""
    if not _raises(unit, call) or is_test(unit, call):
        return
    function = function_around(unit, call)
    if function is None:
        return
    lowering = [c for c in body(unit, function).calls if c is not call and _lowers(unit, c)]
    if (
        lowering
        and not any(_in_finally(unit, c) for c in lowering)
        and _work_between(unit, function, call, lowering[0])
    ):
        yield Hit(call, "what fails between here and the lowering of the privileges leaves them raised")


def _raises(unit: Unit, call: cst.Call) -> bool:
    if unit.name(call.func) in {"os.seteuid", "os.setegid", "os.setreuid"}:
        value = unit.constant(call.args[-1].value) if call.args else None
        return value is not None and value.value == 0
    parts = set(words(last_word(call.func)))
    return bool(RAISES & parts and RIGHTS & parts)


def _lowers(unit: Unit, call: cst.Call) -> bool:
    if unit.name(call.func) in {"os.seteuid", "os.setegid", "os.setreuid"}:
        return not _raises(unit, call)
    parts = set(words(last_word(call.func)))
    return bool(LOWERS & parts and RIGHTS & parts)


def _in_finally(unit: Unit, call: cst.Call) -> bool:
    return any(isinstance(above, cst.Finally) for above in unit.ancestors(call))


def _work_between(unit: Unit, function: cst.FunctionDef, first: cst.Call, last: cst.Call) -> bool:
    calls = body(unit, function).calls
    inside = False
    for call in calls:
        if call is first:
            inside = True
        elif call is last:
            return False
        elif inside:
            return True
    return False


CHECK = Check(
    id="CGS025",
    name="privileges-kept-on-error",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(250, 269, 271),
    hints=("rivilege", "priv", "seteuid", "setegid", "setreuid", "root"),
    nodes=(cst.Call,),
    find=find,
    fix="Lower the privileges in a `finally` block.",
    bad=(
        Bad("""\
import os

def make(name):
    try:
        raise_privileges()  # finding
        os.mkdir("/srv/" + name)
        lower_privileges()
    except OSError:
        return False
    return True
"""),
        Bad("""\
import os

def read(path, uid):
    os.seteuid(0)  # finding
    data = open(path).read()
    os.seteuid(uid)
    return data
"""),
    ),
    good=(
        Good("""\
import os

def make(name):
    raise_privileges()
    try:
        os.mkdir("/srv/" + name)
    finally:
        lower_privileges()
"""),
        Good("def start():\n    raise_privileges()\n"),
        Good("def reset_root(tree):\n    root = tree.acquire_root()\n    tree.paint()\n    return root\n"),
    ),
    misses=(
        Miss(
            "def make(work):\n    raise_privileges()  # finding\n    work.start\n    lower_privileges()\n",
            why="only calls count as what can fail",
        ),
    ),
)
