"""Shared state is read, changed and written back without the lock that the file uses for such updates.

`counts[key] += 1` is several steps: two threads that read the same value lose one of the updates.  The file knows: it
holds a lock around another update of its module's or object's state, or serves each request in a thread of its own.
(CWE-362; `threading.Lock` and `http.server.ThreadingHTTPServer` in Python's documentation.)
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import is_damaged, last_word, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

LOCKS = ("lock", "mutex", "semaphore")
MAKERS = frozenset(("threading.Lock", "threading.RLock", "multiprocessing.Lock", "multiprocessing.RLock"))
THREADED = frozenset(("http.server.ThreadingHTTPServer", "socketserver.ThreadingTCPServer"))
MIXINS = frozenset(("socketserver.ThreadingMixIn",))
HANDLERS = ("BaseHTTPRequestHandler", "SimpleHTTPRequestHandler", "BaseRequestHandler", "StreamRequestHandler")


class Update(NamedTuple):
    """One statement that reads shared state and writes it back: what it changes, where, and whether a lock is held."""

    target: str
    node: cst.Assign | cst.AugAssign
    function: cst.FunctionDef
    locked: bool


def find(module: cst.Module, unit: Unit) -> Iterator[Hit]:
    """Report the updates of shared state that no lock protects, where the file protects others."""
    served = _serves_in_threads(unit)
    if not served and not any(unit.calls.get(maker) for maker in MAKERS):
        return
    updates = list(_updates(unit))
    held = [update for update in updates if update.locked]
    for update in updates:
        if update.locked or is_damaged(update.function, unit) or _is_helper(update.function):
            continue
        own = update.target.startswith("self.")
        same = [
            other for other in held if other.target == update.target and _class(other, unit) is _class(update, unit)
        ]
        if same:
            why = "elsewhere a lock is held for it"
        elif not own and any(not other.target.startswith("self.") for other in held):
            why = "the file holds a lock for others of its kind"
        elif not own and served and _handles_requests(update.function, unit):
            why = "each request runs in a thread of its own"
        else:
            continue
        yield Hit(update.node, f"`{update.target}` is changed without a lock, and {why}: updates get lost")


def _updates(unit: Unit) -> Iterator[Update]:
    statements: list[cst.Assign | cst.AugAssign] = [*unit.nodes(cst.AugAssign), *unit.nodes(cst.Assign)]
    for node in statements:
        target = node.target if isinstance(node, cst.AugAssign) else node.targets[0].target
        function = unit.function_of(node)
        if not isinstance(function, cst.FunctionDef) or function.asynchronous is not None:
            continue
        shared = _shared(target, function, unit)
        if shared and (isinstance(node, cst.AugAssign) or _reads(node.value, target)):
            yield Update(shared, node, function, _is_locked(node, function, unit))


def _shared(target: cst.BaseExpression, function: cst.FunctionDef, unit: Unit) -> str:
    """The name of the module's or the object's state that a target changes; empty where it is the function's own."""
    owner = target
    while isinstance(owner, cst.Subscript):
        owner = owner.value
    if isinstance(owner, cst.Attribute) and isinstance(owner.value, cst.Name) and owner.value.value == "self":
        return f"self.{owner.attr.value}" if unit.class_of(function) is not None else ""
    if not isinstance(owner, cst.Name):
        return ""
    scope = unit.scopes.of(function)
    name = owner.value
    if owner is target and name not in scope.global_names:
        return ""
    if name in scope.bindings and name not in scope.global_names:
        return ""
    return name if name in unit.scopes.of(unit.module).bindings else ""


def _reads(value: cst.BaseExpression, target: cst.BaseExpression) -> bool:
    """Whether a value is made from what the target holds: `d[k]`, or `d.get(k, ...)`."""
    if not isinstance(target, cst.Subscript):
        return False
    shown, owner = text(target), text(target.value)
    return any(
        (isinstance(part, cst.Subscript) and text(part) == shown)
        or (
            isinstance(part, cst.Call)
            and isinstance(part.func, cst.Attribute)
            and part.func.attr.value == "get"
            and text(part.func.value) == owner
        )
        for part in descend(value)
    )


def _is_locked(node: cst.CSTNode, function: cst.FunctionDef, unit: Unit) -> bool:
    for above in unit.ancestors(node):
        if isinstance(above, cst.With) and any(_is_lock(item.item) for item in above.items):
            return True
        if above is function:
            break
    return any(
        isinstance(part, cst.Call) and isinstance(part.func, cst.Attribute) and part.func.attr.value == "acquire"
        for part in descend(function.body)
    )


def _is_lock(item: cst.BaseExpression) -> bool:
    word = last_word(item).lower()
    return any(lock in word for lock in LOCKS) or word.endswith(("cond", "condition"))


def _class(update: Update, unit: Unit) -> cst.ClassDef | None:
    return unit.class_of(update.function) if update.target.startswith("self.") else None


def _is_helper(function: cst.FunctionDef) -> bool:
    """Whether its callers may hold the lock, or nobody else can know the object yet."""
    name = function.name.value
    return name.startswith(("_", "test", "setup", "setUp")) or name.endswith("locked") or name == "main"


def _serves_in_threads(unit: Unit) -> bool:
    return any(unit.calls.get(server) for server in THREADED) or any(
        unit.name(base.value) in MIXINS for cls in unit.nodes(cst.ClassDef) for base in cls.bases
    )


def _handles_requests(function: cst.FunctionDef, unit: Unit) -> bool:
    cls = unit.class_of(function)
    return cls is not None and any(last_word(base.value) in HANDLERS for base in cls.bases)


CHECK = Check(
    id="CGC060",
    name="update-without-lock",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(362, 366),
    hints=("Lock", "Threading"),
    nodes=(cst.Module,),
    find=find,
    fix="Hold the lock while the value is read and written back.",
    bad=(
        Bad(
            "import threading\n\nlock = threading.Lock()\nhits = {}\nerrors = {}\n\n\ndef hit(key):\n    with lock:\n        hits[key] = hits.get(key, 0) + 1\n\n\ndef fail(key):\n    errors[key] = errors.get(key, 0) + 1  # finding\n"
        ),
        Bad(
            "import threading\n\n\nclass Pool:\n    def __init__(self):\n        self.lock = threading.Lock()\n        self.used = 0\n\n    def take(self):\n        with self.lock:\n            self.used += 1\n\n    def give(self):\n        self.used -= 1  # finding\n"
        ),
        Bad(
            "from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer\n\ntotal = 0\n\n\nclass Api(BaseHTTPRequestHandler):\n    def do_GET(self):\n        global total\n        total += 1  # finding\n\n\nThreadingHTTPServer(('127.0.0.1', 8000), Api).serve_forever()\n"
        ),
    ),
    good=(
        Good(
            "import threading\n\nlock = threading.Lock()\nhits = {}\nerrors = {}\n\n\ndef hit(key):\n    with lock:\n        hits[key] = hits.get(key, 0) + 1\n        errors[key] += 1\n"
        ),
        Good(
            "import threading\n\nlock = threading.Lock()\nhits = {}\n\n\ndef hit(key):\n    with lock:\n        _add(key)\n        hits[key] += 1\n\n\ndef _add(key):\n    hits[key] += 1\n"
        ),
        Good(
            "import threading\n\nlock = threading.Lock()\nhits = {}\n\n\ndef hit(key):\n    found = {}\n    found[key] = found.get(key, 0) + 1\n    with lock:\n        hits[key] += 1\n    return found\n"
        ),
        Good(
            "import threading\n\n\nclass Pool:\n    def __init__(self):\n        self.lock = threading.Lock()\n        self.used = 0\n        self.used += 1\n\n    def take(self):\n        self.lock.acquire()\n        self.used += 1\n        self.lock.release()\n"
        ),
        Good(
            "from http.server import BaseHTTPRequestHandler, HTTPServer\n\nhits = {}\n\n\nclass Api(BaseHTTPRequestHandler):\n    def do_GET(self):\n        hits[self.path] = hits.get(self.path, 0) + 1\n\n\nHTTPServer(('127.0.0.1', 8000), Api).serve_forever()\n"
        ),
        Good("import threading\n\nlock = threading.Lock()\nhits = {}\n\n\nasync def hit(key):\n    hits[key] += 1\n"),
    ),
    misses=(
        Miss(
            "import threading\n\nhits = {}\n\n\ndef work():\n    hits['a'] += 1  # finding\n\n\nfor _ in range(8):\n    threading.Thread(target=work).start()\n",
            why="without a lock nothing says that the state is meant to be shared",
        ),
    ),
)
