"""A standard function gets an argument of a type that it refuses: `time.sleep("5")`, `sha256("text")`.

The call raises TypeError whenever it runs.  Convert the value (`int(text)`, `text.encode()`, `(x,)` for a tuple of
one), or pass what the function takes.  Only types that the text proves count.  Source: the Python documentation of
each function.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, text, within
from codeguard.knowledge.argument_kinds import ARGUMENTS, METHOD_ARGUMENTS, Rules
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

METHODS = frozenset(name for _, name in METHOD_ARGUMENTS)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the first argument whose kind the function refuses."""
    if not call.args:
        return
    rules = ARGUMENTS.get(unit.name(call.func) or "") or _of_method(call, unit)
    if not rules:
        return
    position = 0
    for arg in call.args:
        if arg.star:
            return
        key: int | str = position if arg.keyword is None else arg.keyword.value
        position += arg.keyword is None
        refused = rules.get(key)
        kind = unit.fact(kinds).of(arg.value) if refused is not None else None
        if refused is not None and kind in refused and not _is_expected(call, unit):
            yield Hit(arg.value, f"`{last_word(call.func)}` does not take a {kind}, which `{text(arg.value)[:40]}` is")
            return


def _of_method(call: cst.Call, unit: Unit) -> Rules | None:
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in METHODS:
        return None
    kind = unit.fact(kinds).of(call.func.value)
    return METHOD_ARGUMENTS.get((kind, call.func.attr.value)) if kind is not None else None


def _is_expected(call: cst.Call, unit: Unit) -> bool:
    """Whether the code around waits for the error."""
    if within(call, unit, cst.Try, until=(cst.FunctionDef,)):
        return True
    return any(
        isinstance(a, cst.With) and any("raises" in last_word(item.item).lower() for item in a.items)
        for a in unit.ancestors(call)
    )


CHECK = Check(
    id="CGC067",
    name="wrong-argument-kind",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628, 843),
    aliases=("ty:invalid-argument-type",),
    nodes=(cst.Call,),
    find=find,
    fix="Convert the value to the type that the function takes.",
    bad=(
        Bad("import time\n\ntime.sleep('5')  # finding\n"),
        Bad(
            "import hashlib\n\ndef digest(name: str):\n    return hashlib.sha256(name.strip()).hexdigest()  # finding\n"
        ),
        Bad("import datetime, os\n\nlimit = datetime.timedelta(days=os.environ['DAYS'])  # finding\n"),
        Bad("def f(path):\n    with open(path, mode=1) as fh:  # finding\n        return fh.read()\n"),
        Bad("import threading\n\ndef start(work):\n    threading.Thread(target=work, args=('x')).start()  # finding\n"),
        Bad(
            "def f(x):\n    return isinstance(x, [int, str]) or 'a'.startswith(['a', 'b'])  # finding\n".replace(
                " or 'a'.startswith(['a', 'b'])", ""
            )
        ),
        Bad("import json\n\ndata = json.load('config.json')  # finding\n"),
    ),
    good=(
        Good("import time, os\n\ntime.sleep(5)\ntime.sleep(float(os.environ['DELAY']))\n"),
        Good("import hashlib\n\ndef digest(name: str):\n    return hashlib.sha256(name.encode()).hexdigest()\n"),
        Good(
            "def f(x, path):\n    return isinstance(x, (int, str)) or open(path, 'rb') or 'a'.startswith(('a', 'b'))\n"
        ),
        Good("import threading\n\ndef start(work):\n    threading.Thread(target=work, args=('x',)).start()\n"),
        Good("import time\n\ntry:\n    time.sleep('5')\nexcept TypeError:\n    pass\n"),
        Good("import time\n\ndef f(delay):\n    time.sleep(delay)\n"),
    ),
    misses=(
        Miss("import time\n\ndef f(delay='5'):\n    time.sleep(delay)  # finding\n", why="a caller may pass a number"),
    ),
)
