"""The arguments of `isinstance` are swapped: `isinstance(str, x)`.

The object comes first and the type second; the other way round it raises TypeError, unless the object happens to be
a type.  Source: the Python documentation of `isinstance`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.knowledge.builtin_types import TYPES
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call whose first argument is a builtin type and whose second is evidently none."""
    if len(call.args) != 2 or any(a.keyword or a.star for a in call.args):
        return
    first, second = call.args[0].value, call.args[1].value
    name = unit.name(first) or ""
    if isinstance(first, cst.Name) and name.removeprefix("builtins.") in TYPES and name.startswith("builtins."):
        kind = unit.fact(kinds).of(second)
        lower = (
            isinstance(second, cst.Name)
            and second.value[:1].islower()
            and not (unit.name(second) or "").startswith("builtins.")
        )
        if (kind is not None and kind != "tuple") or (lower and _holds_value(second, unit)):
            yield Hit(
                call,
                f"`{first.value}` is a type and stands first: the arguments are swapped, and this raises TypeError",
            )
    elif isinstance(second, (cst.SimpleString, cst.Integer, cst.List, cst.Dict)):
        yield Hit(call, "The second argument must be a type or a tuple of types: this raises TypeError")


def _holds_value(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a name is a parameter, a loop's variable or the like, and not named like a type."""
    if not isinstance(node, cst.Name) or any(word in node.value for word in ("type", "cls", "class", "kind")):
        return False
    bindings = unit.scopes.look_up(node.value, node)
    return bool(bindings) and all(b.kind in {"param", "loop", "unpack"} for b in bindings)


CHECK = Check(
    id="CGC045",
    name="swapped-isinstance-arguments",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(683,),
    calls=("builtins.isinstance",),
    find=find,
    fix="Write `isinstance(x, T)`: the object first, the type second.",
    bad=(
        Bad("def f(x):\n    return isinstance(str, x)  # finding\n"),
        Bad("n = 1\nif isinstance(int, n):  # finding\n    print(n)\n"),
        Bad("def f(x):\n    return isinstance(x, 'str')  # finding\n"),
    ),
    good=(
        Good("def f(x):\n    return isinstance(x, str)\n"),
        Good("def f(x):\n    return isinstance(x, (str, int)) or isinstance(int, type)\n"),
        Good("def f(a_type):\n    return isinstance(str, a_type)\n"),
    ),
    misses=(
        Miss(
            "import datetime\n\ndef f(x):\n    return isinstance(datetime.date, x)  # finding\n",
            why="only builtin types are known as types",
        ),
    ),
)
