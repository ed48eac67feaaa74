"""The result of a method that returns None is used: `x = items.sort()`, `items = items.append(y)`.

Methods that change their object in place return None (Python tutorial, "Data Structures"), so the name, loop or
expression gets None.  Call the method as a statement, or use `sorted`, `reversed`, `a + b`.  Where the receiver's type
is unknown, only `x = x.append(...)` is reported: no common type answers that with itself but old pandas, which is
left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import is_dotted, text, uses_of, within
from codeguard.knowledge.builtin_types import METHOD_RESULTS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

METHODS = frozenset(name for (_, name), result in METHOD_RESULTS.items() if result == "NoneType")
FUNCTIONS = frozenset(
    {
        "random.shuffle", "random.seed", "time.sleep", "os.remove", "os.unlink", "os.mkdir", "os.makedirs", "os.rmdir",
        "os.rename", "os.chmod", "shutil.rmtree", "json.dump", "pickle.dump", "heapq.heappush", "heapq.heapify",
        "bisect.insort", "bisect.insort_left", "bisect.insort_right", "logging.basicConfig", "threading.Thread().start",
        "threading.Thread().join", "multiprocessing.Process().start", "multiprocessing.Process().join", "gc.enable",
        "numpy.random.shuffle", "numpy.random.seed", "numpy.save", "numpy.savetxt", "csv.writer().writerows",
        "collections.deque().append", "collections.deque().appendleft", "collections.deque().extend",
        "collections.Counter().update", "collections.defaultdict().update",
    }
)  # fmt: skip
# Their None does no harm where nothing reads it.
HARMLESS = frozenset({"random.seed", "numpy.random.seed"})
# Libraries whose types answer `append` and the like with a new object.
FOREIGN = ("pandas", "pd.", "polars", "pyspark", "torch", "nltk", "sympy", "pypika", "sqlalchemy")


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call that gives None, where its result is bound or used."""
    func = call.func
    if isinstance(func, cst.Attribute) and func.attr.value in METHODS:
        used = _use(call, unit)
        if not used or _is_chained_return(call, used, unit):
            return
        kind = unit.fact(kinds).of(func.value)
        certain = METHOD_RESULTS.get((kind, func.attr.value)) == "NoneType" if kind else unit.name(func) in FUNCTIONS
        if certain and kind is not None:
            yield Hit(call, f"`{kind}.{func.attr.value}` changes the {kind} and returns None, which is {used} here")
        elif certain or (kind is None and _is_own_target(call, func, unit)):
            yield Hit(
                call,
                f"`{text(func)}` returns None, which is {used} here",
                severity=None if certain else Severity.MEDIUM,
            )
    elif (name := unit.name(func)) == "builtins.print" and (used := _use(call, unit)) in {
        "added",
        "an operand",
        "indexed",
    }:
        yield Hit(call, f"`print` returns None, which is {used} here")
    elif name == "builtins.print" and used == "assigned" and _is_needed(call, unit):
        yield Hit(call, "`print` returns None, and the name that gets it is used as a text later")
    elif name in FUNCTIONS:
        used = _use(call, unit)
        if used == "assigned" and name in HARMLESS and not _is_read(call, unit):
            return
        if used and not _is_chained_return(call, used, unit):
            yield Hit(call, f"`{name}` returns None, which is {used} here")


def _is_read(call: cst.Call, unit: Unit) -> bool:
    """Whether anything reads the name that a result is bound to."""
    parent = unit.parent(call)
    target = parent.targets[0].target if isinstance(parent, cst.Assign) and len(parent.targets) == 1 else None
    if not isinstance(target, cst.Name):
        return True
    function = unit.function_of(call)
    root = function.body if isinstance(function, cst.FunctionDef) else unit.module
    return any(node is not target for node in uses_of(target.value, root, unit))


def _is_needed(call: cst.Call, unit: Unit) -> bool:
    """Whether the one name that a result is bound to is later an operand, indexed, iterated over or asked for more."""
    parent = unit.parent(call)
    target = parent.targets[0].target if isinstance(parent, cst.Assign) and len(parent.targets) == 1 else None
    if not isinstance(target, cst.Name) or len(unit.scopes.look_up(target.value, target)) != 1:
        return False
    function = unit.function_of(call)
    root = function.body if isinstance(function, cst.FunctionDef) else unit.module
    for node in uses_of(target.value, root, unit):
        above = unit.parent(node)
        if isinstance(above, cst.BinaryOperation) or (isinstance(above, cst.Attribute) and above.value is node):
            return True
        if isinstance(above, (cst.Subscript, cst.For, cst.CompFor)) and node in {
            getattr(above, "value", 0),
            getattr(above, "iter", 0),
        }:
            return True
    return False


def _use(call: cst.Call, unit: Unit) -> str:
    """How the result is used, in a word or two; empty where it is thrown away, passed on or only tested for truth."""
    parent = unit.parent(call)
    if isinstance(parent, (cst.Assign, cst.AnnAssign)):
        targets = [t.target for t in parent.targets] if isinstance(parent, cst.Assign) else [parent.target]
        ignored = all(isinstance(t, cst.Name) and t.value.startswith("_") and set(t.value) == {"_"} for t in targets)
        return "" if ignored else "assigned"
    if isinstance(parent, cst.AugAssign):
        return "added"
    if isinstance(parent, cst.NamedExpr):
        return "assigned"
    if isinstance(parent, cst.Return):
        return "returned"
    if isinstance(parent, (cst.For, cst.CompFor)) and parent.iter is call:
        return "iterated over"
    if isinstance(parent, cst.Attribute):
        return "asked for an attribute"
    if isinstance(parent, cst.Subscript) and parent.value is call:
        return "indexed"
    if isinstance(parent, cst.BinaryOperation):
        return "an operand"
    if isinstance(parent, cst.Arg):
        outer = unit.parent(parent)
        if isinstance(outer, cst.Call) and unit.name(outer.func) in {
            "builtins.len",
            "builtins.list",
            "builtins.sum",
            "builtins.sorted",
            "builtins.print",
            "builtins.str",
            "builtins.enumerate",
        }:
            return "passed on"
    return ""


def _is_chained_return(call: cst.Call, used: str, unit: Unit) -> bool:
    """Whether None is handed on as the answer of a function that means to give none."""
    return used == "returned" and (within(call, unit, cst.Lambda) or not _is_local(call, unit))


def _is_local(call: cst.Call, unit: Unit) -> bool:
    """Whether the receiver is a variable of the function itself: the changed value is lost with the function."""
    receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
    if not isinstance(receiver, cst.Name):
        return isinstance(receiver, (cst.Call, cst.List, cst.ListComp, cst.Dict, cst.Set))  # lost at once
    function = unit.function_of(call)
    return isinstance(function, cst.FunctionDef) and receiver.value in unit.scopes.of(function).bindings


def _is_own_target(call: cst.Call, func: cst.Attribute, unit: Unit) -> bool:
    """Whether the result replaces the receiver itself, and nothing suggests one of pandas' or Polars' types."""
    parent = unit.parent(call)
    if not isinstance(parent, cst.Assign) or not any(text(t.target) == text(func.value) for t in parent.targets):
        return False
    if isinstance(func.value, cst.Name):
        others = [
            b.value
            for b in unit.scopes.look_up(func.value.value, func.value)
            if b.kind == "assign" and b.node is not parent
        ]
        found = {unit.fact(kinds).of(value) for value in others}
        if found and all(METHOD_RESULTS.get((kind or "", func.attr.value)) == "NoneType" for kind in found):
            return True
    if len(call.args) > 1 or any(arg.keyword or arg.star for arg in call.args):
        return False  # `df.append(row, ignore_index=True)` is another type's
    if not is_dotted(func.value) or func.attr.value in {
        "update",
        "sort",
        "clear",
        "add",
        "remove",
        "difference_update",
        "discard",
        "reverse",
    }:
        return False
    return not any(library in unit.text for library in FOREIGN)


CHECK = Check(
    id="CGC025",
    name="none-result-used",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    aliases=(
        "ty:missing-union-attribute",
        "ty:not-iterable",
    ),
    nodes=(cst.Call,),
    find=find,
    fix="Call the method on a line of its own and use the object that it changed.",
    bad=(
        Bad("items = [3, 1]\nordered = items.sort()  # finding\n"),
        Bad(
            "def f(lines):\n    out = []\n    for line in lines:\n        out = out.append(line)  # finding\n    return out\n"
        ),
        Bad("def f(names):\n    names = names.append('x')  # finding\n    return names\n"),
        Bad("import threading\nworker = threading.Thread(target=run).start()  # finding\n"),
        Bad("def f():\n    out = list('ba')\n    return out.sort()  # finding\n"),
        Bad("import random\nfor card in random.shuffle(deck):  # finding\n    print(card)\n"),
        Bad("def f(x):\n    body = print(x)  # finding\n    return 'a' + body\n"),
        Bad("order = list(frame.columns).sort()  # finding\n"),
    ),
    good=(
        Good("items = [3, 1]\nitems.sort()\nordered = sorted(items)\n"),
        Good("import pandas as pd\n\ndef f(df):\n    df = df.append({'a': 1})\n    return df\n"),
        Good("class A:\n    def add(self, x):\n        return self.items.append(x)\n"),
        Good("def f(x):\n    done = print(x)\n    return done\n"),
        Good("f = lambda x: seen.append(x)\n"),
        Good("_ = [].append(1)\nquery = query.update(x)\n"),
        Good("seen = set()\nfresh = [x for x in xs if not (x in seen or seen.add(x))]\n"),
    ),
    misses=(
        Miss(
            "def f(names):\n    longer = names.append('x')  # finding\n    return longer\n",
            why="the type of `names` is unknown",
        ),
    ),
)
