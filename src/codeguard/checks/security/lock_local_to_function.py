"""A lock that a function makes for itself.

Every call gets a lock of its own, which nobody else ever waits for, so nothing is protected and two threads run the
section at once.  Make the lock once, where all of them see it: at module level or in `__init__`.  See CWE-414 and
CWE-667.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a lock bound to a local name that is only acquired and released in the same function."""
    statement = unit.parent(call)
    if not isinstance(statement, cst.Assign) or len(statement.targets) != 1:
        return
    target = statement.targets[0].target
    function = function_around(unit, call)
    if not isinstance(target, cst.Name) or function is None or is_test(unit, call):
        return
    if target.value in unit.scopes.at(statement).global_names | unit.scopes.at(statement).nonlocal_names:
        return
    acquired = False
    for name in body(unit, function.body).names:
        if name.value != target.value or name is target:
            continue
        above = unit.parent(name)
        if function_around(unit, name) is not function:
            return  # an inner function shares it
        if (isinstance(above, cst.Attribute) and above.attr.value in {"acquire", "release", "locked"}) or isinstance(
            above, cst.WithItem
        ):
            acquired = True
        else:
            return  # it is handed on
    if acquired:
        yield Hit(call, f"each call makes its own `{target.value}`, so it keeps no other thread out")


CHECK = Check(
    id="CGS024",
    name="lock-local-to-function",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(414, 667),
    hints=("Lock", "Semaphore"),
    calls=("threading.Lock", "threading.RLock", "threading.Semaphore", "asyncio.Lock", "multiprocessing.Lock"),
    find=find,
    fix="Make the lock once, at module level or in `__init__`.",
    bad=(
        Bad("""\
import threading

def add(counter, amount):
    lock = threading.Lock()  # finding
    lock.acquire()
    counter["n"] += amount
    lock.release()
"""),
        Bad("""\
import threading

def add(counter):
    guard = threading.RLock()  # finding
    with guard:
        counter["n"] += 1
"""),
    ),
    good=(
        Good("""\
import threading

LOCK = threading.Lock()

def add(counter):
    with LOCK:
        counter["n"] += 1
"""),
        Good("""\
import threading

def run(jobs):
    lock = threading.Lock()

    def work(job):
        with lock:
            job()

    for job in jobs:
        threading.Thread(target=work, args=(job,)).start()
"""),
        Good("import threading\n\ndef start(work):\n    lock = threading.Lock()\n    with lock:\n        work(lock)\n"),
    ),
    misses=(
        Miss(
            "import threading\n\ndef add(counter):\n    with threading.Lock():  # finding\n        counter['n'] += 1\n",
            why="a lock without a name is not looked at",
        ),
    ),
)
