"""A stream that is copied to a file until it ends.

Whoever sends the stream decides how long it is, and so whether the disk is full.  Count what was read and stop at a
limit, or refuse a `Content-Length` that is too long and read no more than it.  See CWE-400 and CWE-770.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import body, function_around, parameters
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit


def find(loop: cst.While, unit: Unit) -> Iterator[Hit]:
    """Report `while True: chunk = stream.read(n); file.write(chunk)` of a parameter, in which nothing is counted."""
    function = function_around(unit, loop)
    if function is None:
        return
    inside = body(unit, loop)
    owned = {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name)}
    read = next((c for c in inside.calls if _method(c) in {"read", "recv"} and _owner(c) in owned), None)
    if read is None or not any(_method(c) in {"write", "append"} for c in inside.calls):
        return
    limits = (cst.GreaterThan, cst.GreaterThanEqual, cst.LessThan, cst.LessThanEqual)
    if not any(isinstance(t.operator, limits) for c in body(unit, loop).comparisons for t in c.comparisons):
        yield Hit(read, f"`{_owner(read)}` is copied until it ends, so whoever sends it can fill the disk")


def _method(call: cst.Call) -> str:
    return call.func.attr.value if isinstance(call.func, cst.Attribute) else ""


def _owner(call: cst.Call) -> str:
    value = call.func.value if isinstance(call.func, cst.Attribute) else None
    return value.value if isinstance(value, cst.Name) else ""


CHECK = Check(
    id="CGS048",
    name="copied-without-limit",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(400, 770),
    profile=Profile.STRICT,
    hints=(".read(", ".recv("),
    nodes=(cst.While,),
    find=find,
    fix="Count what was read and stop at a limit.",
    bad=(
        Bad("""\
def save(stream, path):
    with open(path, "wb") as file:
        while True:
            chunk = stream.read(8192)  # finding
            if not chunk:
                break
            file.write(chunk)
"""),
        Bad(
            "def take(connection, parts):\n    while data := connection.recv(1024):  # finding\n        parts.append(data)\n"
        ),
    ),
    good=(
        Good("""\
def save(stream, path):
    total = 0
    with open(path, "wb") as file:
        while True:
            chunk = stream.read(8192)
            if not chunk:
                break
            total += len(chunk)
            if total > 50_000_000:
                raise ValueError("too large")
            file.write(chunk)
"""),
        Good(
            "def save(path):\n    stream = open(path, 'rb')\n    while chunk := stream.read(10):\n        print(chunk)\n"
        ),
        Good("def skip(stream):\n    while stream.read(1024):\n        pass\n"),
    ),
)
