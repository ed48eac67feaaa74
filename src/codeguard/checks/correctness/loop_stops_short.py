"""A loop over indices leaves out the last item, or goes one step past the end.

`range(len(x) - 1)` is right where each turn looks at an item and the next one; where it only looks at `x[i]`, the last
item is never seen.  `while i <= len(x)` with a slice from `i` on has one turn too many, with an empty slice.
(CWE-193, off-by-one error.)
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import is_damaged, text, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend


def find(loop: cst.For | cst.While, unit: Unit) -> Iterator[Hit]:
    """Report a loop whose bound is one off."""
    if isinstance(loop, cst.While):
        yield from _too_long(loop, unit)
        return
    if not isinstance(loop.target, cst.Name) or not isinstance(loop.iter, cst.Call) or loop.orelse is not None:
        return
    sequence = _shortened(loop.iter, unit)
    index = loop.target.value
    if sequence is None or not _only_indexes(sequence, index, loop, unit) or is_damaged(loop, unit):
        return
    around: cst.CSTNode = unit.function_of(loop) or unit.module
    if _sees_last(sequence, around) or len(uses_of(index, around, unit)) > len(uses_of(index, loop, unit)):
        return
    yield Hit(
        loop.iter,
        f"The loop stops before the last item of `{sequence}`: it looks at `{sequence}[{index}]` alone, never at the next one",
    )


def _shortened(call: cst.Call, unit: Unit) -> str | None:
    """The sequence of `range(len(x) - 1)` or `range(k, len(x) - 1)`; None for any other call."""
    if unit.name(call.func) != "builtins.range" or not 1 <= len(call.args) <= 2:
        return None
    stop = call.args[-1].value
    if not isinstance(stop, cst.BinaryOperation) or not isinstance(stop.operator, cst.Subtract):
        return None
    if not isinstance(stop.right, cst.Integer) or stop.right.value != "1":
        return None
    return _measured(stop.left, unit)


def _measured(node: cst.BaseExpression, unit: Unit) -> str | None:
    """The sequence of `len(x)`, where `x` is a name or an attribute."""
    if not isinstance(node, cst.Call) or len(node.args) != 1 or unit.name(node.func) != "builtins.len":
        return None
    sequence = node.args[0].value
    return text(sequence) if isinstance(sequence, (cst.Name, cst.Attribute)) else None


def _only_indexes(sequence: str, index: str, loop: cst.For, unit: Unit) -> bool:
    """Whether the loop uses its index to read items by it, those of `sequence` among them, and for nothing else."""
    seen = False
    for use in uses_of(index, loop.body, unit):
        element = unit.parent(unit.parent(use) or use)
        subscript = unit.parent(element) if isinstance(element, cst.SubscriptElement) else None
        if not isinstance(subscript, cst.Subscript) or len(subscript.slice) != 1:
            return False
        if isinstance(unit.parent(subscript), (cst.AssignTarget, cst.AugAssign, cst.Del)):
            return False
        seen = seen or text(subscript.value) == sequence
    return seen


def _sees_last(sequence: str, around: cst.CSTNode) -> bool:
    """Whether the last item is looked at elsewhere: `x[-1]`, `x[len(x) - 1]`, `x[i + 1]`, `x.pop()`, a slice."""
    for node in descend(around):
        if isinstance(node, cst.Subscript) and text(node.value) == sequence:
            for element in node.slice:
                part = element.slice
                if not isinstance(part, cst.Index) or not isinstance(part.value, (cst.Name, cst.Integer)):
                    return True
        if isinstance(node, cst.Attribute) and node.attr.value == "pop" and text(node.value) == sequence:
            return True
    return False


def _too_long(loop: cst.While, unit: Unit) -> Iterator[Hit]:
    """`while i <= len(x)` whose body takes `x[i:...]` and no more of `x`."""
    test = loop.test
    if not isinstance(test, cst.Comparison) or len(test.comparisons) != 1 or not isinstance(test.left, cst.Name):
        return
    bound = test.comparisons[0]
    sequence = _measured(bound.comparator, unit) if isinstance(bound.operator, cst.LessThanEqual) else None
    if sequence is None:
        return
    taken = [n for n in descend(loop.body) if isinstance(n, cst.Subscript) and text(n.value) == sequence]
    if taken and all(_starts_at(node, test.left.value) for node in taken) and not _tests(loop.body):
        yield Hit(
            test,
            f"At `{test.left.value} == len({sequence})` nothing is left of `{sequence}`: the last turn takes an empty slice",
        )


def _starts_at(node: cst.Subscript, name: str) -> bool:
    part = node.slice[0].slice if len(node.slice) == 1 else None
    return isinstance(part, cst.Slice) and isinstance(part.lower, cst.Name) and part.lower.value == name


def _tests(body: cst.BaseSuite) -> bool:
    """Whether the body decides anything: an empty slice may be what it waits for."""
    return any(isinstance(n, (cst.If, cst.IfExp, cst.Break, cst.Return, cst.Try)) for n in descend(body))


CHECK = Check(
    id="CGC059",
    name="loop-stops-short",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(193,),
    hints=("len(",),
    nodes=(cst.For, cst.While),
    find=find,
    fix="Loop over all of the sequence; `for item in x` needs no index.",
    bad=(
        Bad("def f(words):\n    for i in range(len(words) - 1):  # finding\n        print(words[i])\n"),
        Bad("def f(axes, modes):\n    for i in range(1, len(axes) - 1):  # finding\n        use(axes[i], modes[i])\n"),
        Bad(
            "def f(s, n):\n    at = 0\n    while at <= len(s):  # finding\n        yield s[at : at + n]\n        at += n\n"
        ),
    ),
    good=(
        Good("def f(words):\n    for i in range(len(words) - 1):\n        print(words[i], words[i + 1])\n"),
        Good(
            "def f(words):\n    for i in range(len(words) - 1):\n        print(words[i], end=', ')\n    print(words[-1])\n"
        ),
        Good("def f(words):\n    for i in range(len(words)):\n        print(words[i])\n"),
        Good("def f(a):\n    for i in range(len(a) - 1):\n        j = i + 1\n        a[i], a[j] = a[j], a[i]\n"),
        Good("def f(layers):\n    for i in range(len(layers) - 1):\n        link(i, layers[i])\n"),
        Good("def f(s, n):\n    at = 0\n    while at < len(s):\n        yield s[at : at + n]\n        at += n\n"),
        Good(
            "def f(s):\n    at = 0\n    while at <= len(s):\n        if not s[at:]:\n            return at\n        at += 1\n"
        ),
    ),
    misses=(
        Miss(
            "def f(words):\n    return [words[i] for i in range(len(words) - 1)]  # finding\n",
            why="a comprehension often drops the last item on purpose",
        ),
    ),
)
