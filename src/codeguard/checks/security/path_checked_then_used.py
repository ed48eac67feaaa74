"""A path that is tested and then used, while anybody may change it between.

After `os.path.exists(path)` or `os.access(path, ...)` another process can remove the file, or put a link to another
one there, before `open(path)` follows it.  Open it at once and catch `FileNotFoundError`; create with mode `"x"`; ask
the open file (`os.fstat`) what it is.  See CWE-367 and the note in the documentation of `os.access`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import Body, body, function_around, is_test
from codeguard.checks.security._paths import ACTING_METHODS, ACTS, ASKING_METHODS, ASKS
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit


def find(unit: Unit) -> Iterator[Hit]:
    """Report the use of a parameter as a path in a function whose `if` has asked about the same path before."""
    for function in unit.nodes(cst.FunctionDef):
        inside = body(unit, function)
        asked = {name for branch in inside.ifs for name in _asked(unit, branch.test)}
        if asked and not is_test(unit, function):
            yield from _uses(unit, function, inside, asked)


def _asked(unit: Unit, test: cst.BaseExpression) -> Iterator[str]:
    for call in body(unit, test).calls:
        if unit.name(call.func) in ASKS and call.args and isinstance(call.args[0].value, cst.Name):
            yield call.args[0].value.value
        elif (
            isinstance(call.func, cst.Attribute)
            and call.func.attr.value in ASKING_METHODS
            and isinstance(call.func.value, cst.Name)
        ):
            yield call.func.value.value


def _uses(unit: Unit, function: cst.FunctionDef, inside: Body, asked: set[str]) -> Iterator[Hit]:
    for call in inside.calls:
        if function_around(unit, call) is not function:
            continue
        how = ACTS.get(unit.name(call.func) or "")
        target = call.args[0].value if how and call.args else None
        if how is None and isinstance(call.func, cst.Attribute) and call.func.attr.value in ACTING_METHODS:
            how, target = ACTING_METHODS[call.func.attr.value], call.func.value
        if how and isinstance(target, cst.Name) and target.value in asked and not _expects_change(unit, call):
            asked.discard(target.value)
            yield Hit(
                call, f"`{target.value}` is tested before and {how} here: another process can change it in between"
            )


def _expects_change(unit: Unit, call: cst.Call) -> bool:
    """True inside a `try` that catches the file's absence, or with a mode that refuses what is there."""
    mode = unit.constant(unit.arg(call, 1, "mode"))
    if mode is not None and isinstance(mode.value, str) and "x" in mode.value:
        return True
    child: cst.CSTNode = call
    for above in unit.ancestors(call):
        if isinstance(above, cst.Try) and child is above.body:
            caught = {n.value for h in above.handlers if h.type is not None for n in body(unit, h.type).names}
            if caught & {"FileNotFoundError", "FileExistsError", "OSError", "IOError"}:
                return True
        child = above
    return False


CHECK = Check(
    id="CGS016",
    name="path-checked-then-used",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(367,),
    profile=Profile.STRICT,
    hints=("exists", "isfile", "isdir", "islink", "is_file", "is_dir", "is_symlink", "os.access", "os.stat", "getsize"),
    find=find,
    fix="Use the path at once and catch the error, or open it with mode `x`.",
    bad=(
        Bad("""\
import os

def read(path):
    if os.path.exists(path):
        with open(path) as file:  # finding
            return file.read()
"""),
        Bad("""\
import os

def remove(path):
    if not os.access(path, os.W_OK):
        return False
    os.remove(path)  # finding
    return True
"""),
    ),
    good=(
        Good("""\
def read(path):
    try:
        with open(path) as file:
            return file.read()
    except FileNotFoundError:
        return ""
"""),
        Good("""\
import os

def remove(path):
    if os.path.exists(path):
        try:
            os.remove(path)
        except FileNotFoundError:
            pass
"""),
        Good("import os\n\ndef create(path):\n    if not os.path.exists(path):\n        open(path, 'x').close()\n"),
    ),
    misses=(
        Miss(
            "import os\n\ndef read(path):\n    there = os.path.exists(path)\n    if there:\n        return open(path).read()  # finding\n",
            why="the answer is not followed through a variable",
        ),
    ),
)
