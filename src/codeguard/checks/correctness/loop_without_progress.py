"""A `while` loop that takes a turn which changes nothing, or runs away from its end, and so never ends.

Four shapes are looked for: a counter that moves away from its bound; a `continue` before the only step, under a
condition that the turn has not changed; a page or cursor that a paging loop sends and never advances; and a binary
search whose bound is set to the middle itself.  Source: CWE-835.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._control import CONTINUE, always_true, strict_paths
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import names_in, small_statements, text, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal
from codeguard.syntax.walk import descend

LEAVES = (cst.Break, cst.Return, cst.Raise, cst.Yield, cst.Await)
UP, DOWN = (cst.LessThan, cst.LessThanEqual), (cst.GreaterThan, cst.GreaterThanEqual)
# What interfaces that give their answer in pages call the place to go on from.
PAGING = re.compile(
    r"(?:^|_)(?:page|offset|cursor|skip|start_?at|start_index|marker|page_?number|page_?token|next_token)$",
    re.IGNORECASE,
)
PURE_CALLS = {"builtins.len", "builtins.isinstance", "builtins.abs", "builtins.int", "builtins.str"}


def find(loop: cst.While, unit: Unit) -> Iterator[Hit]:
    """Report the first of the shapes that the loop has."""
    for reason in (_runs_away, _skips_step, _never_advances, _keeps_bound):
        hit = reason(loop, unit)
        if hit is not None:
            yield hit
            return


# -- a counter that moves away from its bound


def _runs_away(loop: cst.While, unit: Unit) -> Hit | None:
    test = loop.test
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or not isinstance(test.left, cst.Name):
        return None
    operator, bound = test.comparisons[0].operator, test.comparisons[0].comparator
    wanted = 1 if isinstance(operator, UP) else -1 if isinstance(operator, DOWN) else 0
    fixed = literal(bound) is not None or isinstance(bound, cst.Name)
    if not wanted or not fixed:
        return None
    counter = test.left.value
    moves = 0
    for node in descend(loop.body):
        if isinstance(node, LEAVES) or _ends_program(node, unit):
            return None
        if isinstance(node, cst.Name) and isinstance(bound, cst.Name) and node.value == bound.value:
            if isinstance(unit.parent(node), (cst.AssignTarget, cst.AugAssign, cst.Element)):
                return None
        if isinstance(node, cst.Name) and node.value == counter:
            parent = unit.parent(node)
            if isinstance(parent, (cst.AssignTarget, cst.Element, cst.For, cst.NamedExpr, cst.WithItem, cst.AsName)):
                return None
            if isinstance(parent, cst.AugAssign) and parent.target is node:
                step = _step(parent)
                if step * wanted >= 0:
                    return None
                moves += 1
    if not moves or _is_shared(counter, loop, unit):
        return None
    way = "grows" if wanted < 0 else "falls"
    return Hit(loop.test, f"`{counter}` only {way} in this loop, away from its end: once entered it never ends")


def _step(node: cst.AugAssign) -> int:
    """The sign of a constant step; 0 where it is none."""
    known = literal(node.value)
    sign = {cst.AddAssign: 1, cst.SubtractAssign: -1}.get(type(node.operator), 0)
    if known is None or not isinstance(known.value, (int, float)) or not known.value:
        return 0
    return sign if known.value > 0 else -sign


# -- a `continue` before the step


def _skips_step(loop: cst.While, unit: Unit) -> Hit | None:
    watched = _plain_names(loop.test, unit)
    if watched is None or isinstance(loop.test, cst.Call):
        return None
    forever = always_true(loop.test)
    if not watched and not forever:
        return None
    for statement in small_statements(loop.body.body):
        if isinstance(statement, cst.If):
            hit = _stuck_branch(statement, watched, loop, unit)
            if hit is not None:
                return hit
        if not _leaves_alone(statement, watched, unit):
            return None
    return None


def _stuck_branch(branch: cst.If, watched: set[str], loop: cst.While, unit: Unit) -> Hit | None:
    """A branch that goes back to the top of the loop with nothing changed that either condition reads."""
    if unit.fact(strict_paths).block(branch.body) != CONTINUE:
        return None
    names = _plain_names(branch.test, unit)
    if not names or any(_is_shared(n, loop, unit) for n in names | watched):
        return None
    reads = names | watched
    for part in descend(branch.body):
        if isinstance(part, (cst.Call, cst.AssignTarget, cst.AugAssign, cst.NamedExpr, cst.Del, cst.Await, cst.Yield)):
            called = isinstance(part, cst.Call) and unit.name(part.func) in {"builtins.print", *PURE_CALLS}
            if not called:
                return None
    if not any(_is_bound_in(loop, name, unit) for name in reads) and not watched:
        return None
    return Hit(branch.test, "This turn changes nothing that the conditions read, and `continue` repeats it without end")


def _plain_names(test: cst.BaseExpression, unit: Unit) -> set[str] | None:
    """The variables of a condition without calls (but of pure builtins), attributes and the like; None for another."""
    for node in descend(test):
        if isinstance(node, cst.Call) and unit.name(node.func) not in PURE_CALLS:
            return None
        if isinstance(node, (cst.Attribute, cst.Await, cst.NamedExpr, cst.Lambda, cst.Yield)):
            return None
    builtins = {"len", "isinstance", "abs", "int", "str", "True", "False", "None", "list", "dict", "float"}
    return {n.value for n in names_in(test)} - builtins


def _leaves_alone(statement: cst.CSTNode, watched: set[str], unit: Unit) -> bool:
    """Whether a statement certainly changes nothing: only then does the next branch see what the last turn saw."""
    for node in descend(statement):
        if isinstance(node, cst.Call) and unit.name(node.func) not in {"builtins.print", *PURE_CALLS}:
            return False
        if isinstance(node, (cst.AugAssign, cst.Del, cst.NamedExpr, cst.Await, cst.Yield, *LEAVES)):
            return False
        if isinstance(node, cst.AssignTarget):
            if not isinstance(node.target, cst.Name) or node.target.value in watched:
                return False
            value = node_value(node, unit)
            if value is None or any(isinstance(n, cst.Name) and n.value == node.target.value for n in descend(value)):
                return False
    return True


def node_value(target: cst.AssignTarget, unit: Unit) -> cst.BaseExpression | None:
    """What an assignment gives its target."""
    statement = unit.parent(target)
    return statement.value if isinstance(statement, cst.Assign) else None


def _is_bound_in(loop: cst.While, name: str, unit: Unit) -> bool:
    return any(
        isinstance(unit.parent(node), (cst.AssignTarget, cst.AugAssign)) for node in uses_of(name, loop.body, unit)
    )


# -- a paging loop that asks for the same page again


def _never_advances(loop: cst.While, unit: Unit) -> Hit | None:
    if not always_true(loop.test):
        return None
    function = unit.function_of(loop)
    if not isinstance(function, cst.FunctionDef):
        return None
    scope = unit.scopes.of(function)
    for name, bindings in scope.bindings.items():
        if not PAGING.search(name) or len(bindings) != 1 or not _is_start(bindings[0]):
            continue
        uses = uses_of(name, loop.body, unit)
        sent = [
            n for n in uses if isinstance(unit.parent(n), (cst.Arg, cst.DictElement, cst.FormattedStringExpression))
        ]
        if sent and len(sent) == len(uses) and not _is_shared(name, loop, unit):
            return Hit(sent[0], f"`{name}` is sent in every turn and never advanced: the loop asks for the same again")
    return None


def _is_start(binding: Binding) -> bool:
    """Whether a name gets what a first page has."""
    known = literal(binding.value) if binding.kind == "assign" and binding.value is not None else None
    return known is not None and (known.value is None or known.value == "" or type(known.value) is int)


# -- a binary search that stands still


def _keeps_bound(loop: cst.While, unit: Unit) -> Hit | None:
    test = loop.test
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or not isinstance(test.left, cst.Name):
        return None
    operator, right = test.comparisons[0].operator, test.comparisons[0].comparator
    if not isinstance(right, cst.Name) or not isinstance(operator, UP):
        return None
    low, high = test.left.value, right.value
    middles = {f"({low} + {high}) // 2", f"{low} + ({high} - {low}) // 2"}
    middle = ""
    for node in descend(loop.body):
        if (
            isinstance(node, cst.Assign)
            and isinstance(node.targets[0].target, cst.Name)
            and text(node.value) in middles
        ):
            middle = node.targets[0].target.value
        if isinstance(node, cst.Comparison) and node is not test:
            sides = {n.value for n in names_in(node)}
            if middle and {low, high} & sides and not any(isinstance(p, cst.Subscript) for p in descend(node)):
                return None  # it asks for the bounds again
    if not middle:
        return None
    stuck = {low} if isinstance(operator, cst.LessThan) else {low, high}
    for node in descend(loop.body):
        if isinstance(node, cst.Assign) and isinstance(node.value, cst.Name) and node.value.value == middle:
            target = node.targets[0].target
            if isinstance(target, cst.Name) and target.value in stuck and not _leaves_block(node, unit):
                moved = f"{middle} + 1" if target.value == low else f"{middle} - 1"
                return Hit(
                    node,
                    f"`{target.value}` gets `{middle}`, which it may already be: the search stands still there",
                    fix=f"Write `{target.value} = {moved}`.",
                )
    return None


def _leaves_block(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether the loop is left right after the statement."""
    line = unit.parent(node)
    block = unit.parent(line) if line is not None else None
    if not isinstance(block, cst.IndentedBlock) or not block.body:
        return True
    last = block.body[-1]
    return isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[-1], (cst.Break, cst.Return, cst.Raise))


# -- shared


def _is_shared(name: str, loop: cst.While, unit: Unit) -> bool:
    """Whether other code may change the variable while the loop runs."""
    bindings = unit.scopes.look_up(name, loop)
    function = unit.function_of(loop)
    if not bindings:
        return True
    if any(name in s.nonlocal_names or name in s.global_names for s in unit.scopes.all()):
        return True
    home = unit.scopes.of(function) if function is not None else unit.scopes.module
    if bindings is not home.bindings.get(name):
        return True
    return unit.fact(kinds).of(bindings[0].value) in {"list", "dict", "set"} and "thread" in unit.text


def _ends_program(node: cst.CSTNode, unit: Unit) -> bool:
    return isinstance(node, cst.Call) and unit.name(node.func) in {
        "sys.exit",
        "builtins.exit",
        "builtins.quit",
        "os._exit",
        "os.abort",
    }


CHECK = Check(
    id="CGC068",
    name="loop-without-progress",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(835,),
    hints=("while",),
    nodes=(cst.While,),
    find=find,
    fix="Take the step on every way through the loop, in the direction of its end.",
    bad=(
        Bad("def f(start):\n    n = start\n    while n > 0:  # finding\n        print(n)\n        n += 1\n"),
        Bad(
            "def odd(limit):\n    n, found = 1, []\n    while n < limit:\n        if n % 2 == 0:  # finding\n            continue\n        found.append(n)\n        n += 1\n    return found\n"
        ),
        Bad(
            "import httpx\n\ndef every(url):\n    found = []\n    page = 1\n    while True:\n        rows = httpx.get(url, params={'page': page}).json()  # finding\n        if not rows:\n            return found\n        found.extend(rows)\n"
        ),
        Bad(
            "def find(xs, x):\n    low, high = 0, len(xs) - 1\n    while low <= high:\n        mid = (low + high) // 2\n        if xs[mid] == x:\n            return mid\n        if xs[mid] < x:\n            low = mid  # finding\n        else:\n            high = mid - 1\n    return -1\n"
        ),
    ),
    good=(
        Good("def f(start):\n    n = start\n    while n > 0:\n        print(n)\n        n -= 1\n"),
        Good("def f(n):\n    while n > 0:\n        n += 1\n        if n > 100:\n            break\n"),
        Good(
            "def odd(limit):\n    n, found = 1, []\n    while n < limit:\n        n += 1\n        if n % 2 == 0:\n            continue\n        found.append(n)\n    return found\n"
        ),
        Good(
            "def ask():\n    tries = 0\n    while tries < 3:\n        word = input()\n        if word == '':\n            continue\n        tries += 1\n"
        ),
        Good(
            "def every(fetch):\n    found = []\n    page = 1\n    while True:\n        rows = fetch(page=page)\n        if not rows:\n            return found\n        page += 1\n"
        ),
        Good(
            "def first(xs, x):\n    low, high = 0, len(xs)\n    while low < high:\n        mid = (low + high) // 2\n        if xs[mid] < x:\n            low = mid + 1\n        else:\n            high = mid\n    return low\n"
        ),
        Good(
            "def root(x):\n    low, high = 0, x\n    while high - low > 1:\n        mid = (low + high) // 2\n        low = mid\n"
        ),
    ),
    misses=(
        Miss(
            "def f(box):\n    while box.size > 0:  # finding\n        print(box)\n",
            why="an attribute may change by itself",
        ),
    ),
)
