"""A default value that all calls share is changed, returned or kept: `def f(x, seen=[])`.

The default is made once, when the function is defined; what one call puts into it the next call finds there.  Use
`None` and make the object in the body.  A mutable default that is only read does no harm and is silent here.
Source: the Python tutorial, "Default Argument Values".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._mutable import CHANGES, MAKERS, MUTABLE
from codeguard.checks.correctness._shape import last_word, uses_of
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# By such names people keep state in a default on purpose.
INTENDED = re.compile(r"^_|cache|^memo$|memoi")


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report each mutable default that the body changes or lets out."""
    params = function.params
    if isinstance(unit.function_of(function), cst.FunctionDef):
        return  # made anew with every call of the outer function
    for param in (*params.posonly_params, *params.params, *params.kwonly_params):
        default = param.default
        if (
            default is None
            or not _is_empty(default)
            or not (
                isinstance(default, MUTABLE) or (isinstance(default, cst.Call) and unit.name(default.func) in MAKERS)
            )
        ):
            continue
        name = param.name.value
        if INTENDED.search(name):
            continue
        if len(unit.scopes.of(function).bindings.get(name, ())) != 1:
            continue  # rebound: which object is changed is not clear
        for use in uses_of(name, function.body, unit):
            what = _what(use, unit)
            if what:
                yield Hit(
                    param,
                    f"All calls share the default of `{name}`, and the function {what} it: later calls find what earlier ones left",
                )
                break


def _is_empty(default: cst.BaseExpression) -> bool:
    """Whether a default starts empty: `n=[0]` is how people keep a counter in it on purpose."""
    return not (default.args if isinstance(default, cst.Call) else getattr(default, "elements", ()))


def _what(name: cst.Name, unit: Unit) -> str:
    """What a use does to the object: changes, returns or keeps it; empty for reading."""
    parent = unit.parent(name)
    if isinstance(parent, cst.Attribute) and parent.value is name:
        outer = unit.parent(parent)
        return (
            "changes" if parent.attr.value in CHANGES and isinstance(outer, cst.Call) and outer.func is parent else ""
        )
    if isinstance(parent, cst.Subscript) and parent.value is name:
        outer = unit.parent(parent)
        return (
            "changes"
            if isinstance(outer, (cst.AssignTarget, cst.Del))
            or (isinstance(outer, cst.AugAssign) and outer.target is parent)
            else ""
        )
    if isinstance(parent, cst.AugAssign) and parent.target is name:
        return "changes"
    if isinstance(parent, cst.Return):
        return "returns"
    if isinstance(parent, cst.Assign) and parent.value is name:
        kept = {
            t.target.attr.value
            for t in parent.targets
            if isinstance(t.target, cst.Attribute) and last_word(t.target.value) == "self"
        }
        return "keeps" if kept & unit.fact(changed_attributes) else ""
    return ""


def changed_attributes(unit: Unit) -> frozenset[str]:
    """Attributes whose object the file changes in place; ask through `unit.fact(changed_attributes)`."""
    found = set()
    for node in unit.nodes(cst.Attribute):
        parent = unit.parent(node)
        outer = unit.parent(parent) if parent is not None else None
        called = isinstance(parent, cst.Attribute) and parent.attr.value in CHANGES and isinstance(outer, cst.Call)
        stored = (
            isinstance(parent, cst.Subscript)
            and parent.value is node
            and isinstance(outer, (cst.AssignTarget, cst.Del, cst.AugAssign))
        )
        if called or stored:
            found.add(node.attr.value)
    return frozenset(found)


CHECK = Check(
    id="CGC017",
    name="mutated-mutable-default",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(665,),
    aliases=("ruff:B006",),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Use `None` as the default and make the object in the body.",
    bad=(
        Bad("def add(x, items=[]):  # finding\n    items.append(x)\n    return len(items)\n"),
        Bad("def load(env={}):  # finding\n    env['a'] = 1\n"),
        Bad(
            "class T:\n    def __init__(self, meta={}):  # finding\n        self.meta = meta\n\n    def tag(self, key):\n        self.meta[key] = True\n"
        ),
        Bad("def f(*, seen=set()):  # finding\n    return seen\n"),
        Bad("def f(n, total=[]):  # finding\n    total.extend([n])\n"),
    ),
    good=(
        Good(
            "def add(x, items=None):\n    items = [] if items is None else items\n    items.append(x)\n    return items\n"
        ),
        Good("def f(x, options={}):\n    return options.get(x)\n"),
        Good("def fib(n, cache={}):\n    cache[n] = n\n    return cache[n]\n"),
        Good("def f(x, items=()):\n    return [*items, x]\n"),
        Good("def f(x, items=[]):\n    items = list(items)\n    items.append(x)\n    return items\n"),
    ),
    misses=(
        Miss(
            "def f(x, items=[]):  # finding\n    helper(items, x)\n", why="what other functions do with it is not known"
        ),
    ),
)
