"""A function made in a loop reads the loop's variable later, when it has its last value.

All the functions that are collected, stored or registered in the loop then see the same, last item.  Bind the value
when the function is made: `lambda x=x: ...`, or `functools.partial`.  A function that is called within the same turn
is left alone.  Source: the Python programming FAQ, "Why do lambdas defined in a loop ... all return the same result?".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word, names_in, small_statements, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

KEEPERS = {
    "append",
    "add",
    "insert",
    "setdefault",
    "appendleft",
    "register",
    "connect",
    "bind",
    "subscribe",
    "add_listener",
    "on",
    "add_command",
    "addCallback",
    "call_later",
    "call_soon",
    "call_at",
    "call_soon_threadsafe",
    "add_done_callback",
    "add_job",
    "submit",
    "after",
    "Timer",
    "add_handler",
}
KEEPING_KEYWORDS = {"target", "func", "command", "callback", "on_click", "on_press", "on_change", "handler"}
COLLECTING = (cst.ListComp, cst.SetComp, cst.DictComp)


def find(function: cst.Lambda | cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report a function that outlives the turn of the loop whose variable it reads."""
    loop = _loop(function, unit)
    if loop is None:
        return
    targets = {n.value for n in names_in(loop.target)} | _set_in_turn(loop, unit)
    own = unit.scopes.of(function).bindings
    body = function.body
    read = {n.value for n in names_in(body) if n.value in targets and n.value not in own}
    if not read or not (
        _is_kept(function, unit) if isinstance(function, cst.Lambda) else _name_is_kept(function, loop, unit)
    ):
        return
    if isinstance(loop, cst.For) and _ends_turn(loop, unit, function):
        return
    names = ", ".join(f"`{name}`" for name in sorted(read))
    yield Hit(
        function if isinstance(function, cst.Lambda) else function.name,
        f"This function reads {names} when it is called, after the loop: every one made here sees the last value",
    )


def _set_in_turn(loop: cst.For | cst.CompFor, unit: Unit) -> set[str]:
    """The variables that nothing but the loop's own body binds, once and anew in each turn."""
    if not isinstance(loop, cst.For):
        return set()
    function = unit.function_of(loop)
    scope = unit.scopes.of(function) if function is not None else unit.scopes.module
    found = set()
    for statement in small_statements(loop.body.body):
        if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
            continue
        target = statement.targets[0].target
        if isinstance(target, cst.Name) and len(scope.bindings.get(target.value, ())) == 1:
            found.add(target.value)
    return found


def _loop(function: cst.CSTNode, unit: Unit) -> cst.For | cst.CompFor | None:
    """The innermost loop in the same function that holds `function` in its body."""
    child = function
    for above in unit.ancestors(function):
        if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
            return None
        if isinstance(above, cst.For) and child is above.body:
            return above
        if isinstance(above, COLLECTING):
            return above.for_in if child is not above.for_in else None
        child = above
    return None


def _is_kept(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether an expression is put where it outlives the statement."""
    parent = unit.parent(node)
    if isinstance(parent, (cst.ListComp, cst.SetComp)):
        return parent.elt is node
    if isinstance(parent, cst.DictComp):
        return parent.value is node
    if isinstance(parent, cst.Arg):
        call = unit.parent(parent)
        if not isinstance(call, cst.Call):
            return False
        if parent.keyword is not None:
            return parent.keyword.value in KEEPING_KEYWORDS
        word = last_word(call.func)
        return word in KEEPERS and (isinstance(call.func, cst.Attribute) or word == "Timer")
    if isinstance(parent, cst.Assign) and parent.value is node:
        return any(isinstance(t.target, cst.Subscript) for t in parent.targets)
    return False


def _name_is_kept(function: cst.FunctionDef, loop: cst.For | cst.CompFor, unit: Unit) -> bool:
    if function.decorators or isinstance(loop, cst.CompFor):
        return False
    return any(_is_kept(n, unit) for n in uses_of(function.name.value, loop.body, unit) if n is not function.name)


def _ends_turn(loop: cst.For, unit: Unit, function: cst.CSTNode) -> bool:
    """Whether the loop is left right after the function was made: there is no later value."""
    child: cst.CSTNode = function
    for above in unit.ancestors(function):
        if isinstance(above, cst.IndentedBlock) and child in above.body:
            last = above.body[-1]
            if isinstance(last, cst.SimpleStatementLine) and isinstance(
                last.body[-1], (cst.Break, cst.Return, cst.Raise)
            ):
                return True
        if above is loop:
            return False
        child = above
    return False


CHECK = Check(
    id="CGC020",
    name="late-bound-closure",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=("ruff:B023",),
    hints=("for ",),
    nodes=(cst.Lambda, cst.FunctionDef),
    find=find,
    fix="Bind the value when the function is made: `lambda x=x: ...`.",
    bad=(
        Bad("jobs = []\nfor n in range(3):\n    jobs.append(lambda: n * 2)  # finding\n"),
        Bad(
            "def build(names):\n    found = []\n    for name in names:\n        short = name[:3]\n\n        def show():  # finding\n            return short\n\n        found.append(show)\n    return found\n"
        ),
        Bad("def later(loop):\n    for n in range(3):\n        loop.call_later(n, lambda: print(n))  # finding\n"),
        Bad("jobs = [lambda: n for n in range(3)]  # finding\n"),
        Bad(
            "from tkinter import Button\n\ndef build(names):\n    for name in names:\n        Button(text=name, command=lambda: show(name))  # finding\n"
        ),
        Bad("table = {}\nfor key in 'ab':\n    def run():  # finding\n        return key\n    table[key] = run\n"),
    ),
    good=(
        Good("jobs = []\nfor n in range(3):\n    jobs.append(lambda n=n: n * 2)\n"),
        Good("for row in rows:\n    best = max(row, key=lambda c: c - row[0])\n"),
        Good("import functools\njobs = [functools.partial(work, n) for n in range(3)]\n"),
        Good("for n in range(3):\n    jobs.append(lambda n: n)\n"),
        Good(
            "def build(names):\n    total = []\n    for name in names:\n        total = total + [name]\n        found = sorted(total, key=lambda x: len(total))\n    return found\n"
        ),
        Good("for n in names:\n    if n == wanted:\n        found.append(lambda: n)\n        break\n"),
    ),
    misses=(Miss("for n in names:\n    start(lambda: n)  # finding\n", why="what `start` does with it is not known"),),
)
