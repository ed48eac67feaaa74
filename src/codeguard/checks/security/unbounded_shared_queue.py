"""A queue of the whole program that any call can make longer.

A queue without `maxsize` takes what it is given until the memory ends; where a request fills it, whoever sends many of
them stops the program.  Give it a `maxsize`, or look at `qsize()` and at the size of the item first.  See CWE-770.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import body, function_around, parameters
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit

QUEUES = (
    "queue.Queue()",
    "queue.LifoQueue()",
    "queue.PriorityQueue()",
    "queue.SimpleQueue()",
    "asyncio.Queue()",
    "collections.deque()",
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `put` or `append` of a parameter to an unbounded queue of the module, in a function without a limit."""
    func = call.func
    if not (isinstance(func, cst.Attribute) and func.attr.value in {"put", "append", "put_nowait"}):
        return
    if not isinstance(func.value, cst.Name):
        return
    bindings = unit.scopes.module.bindings.get(func.value.value, ())
    if len(bindings) != 1 or not isinstance(bindings[0].value, cst.Call) or bindings[0].value.args:
        return
    function = function_around(unit, call)
    if unit.name(func.value) not in QUEUES or function is None:
        return
    inside = body(unit, function)
    if any(n.value in {"len", "qsize", "full", "maxlen"} for n in inside.names):
        return
    owned = {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name)}
    if any(n.value in owned for a in call.args for n in body(unit, a.value).names):
        yield Hit(call, f"`{func.value.value}` has no bound, so whoever calls this often enough fills the memory")


CHECK = Check(
    id="CGS047",
    name="unbounded-shared-queue",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(770, 400),
    profile=Profile.STRICT,
    hints=("Queue", "deque"),
    nodes=(cst.Call,),
    find=find,
    fix="Give the queue a `maxsize`.",
    bad=(
        Bad(
            "from queue import Queue\n\njobs = Queue()\n\ndef add(name, data):\n    jobs.put((name, data))  # finding\n"
        ),
        Bad("from collections import deque\n\nlog = deque()\n\ndef note(text):\n    log.append(text)  # finding\n"),
    ),
    good=(
        Good("from queue import Queue\n\njobs = Queue(maxsize=1000)\n\ndef add(data):\n    jobs.put(data)\n"),
        Good(
            "from queue import Queue\n\njobs = Queue()\n\ndef add(data):\n    if jobs.qsize() < 1000 and len(data) < 5000:\n        jobs.put(data)\n"
        ),
        Good(
            "from queue import Queue\n\ndef run(items):\n    jobs = Queue()\n    for item in items:\n        jobs.put(item)\n"
        ),
    ),
)
