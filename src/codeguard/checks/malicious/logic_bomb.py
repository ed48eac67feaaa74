"""A fixed date, user or machine decides whether the code destroys or runs something hidden.

Until the day comes, or the one person leaves, tests and reviews see nothing.  Conditions of a schedule are relative
or configured, and what they start is harmless.  See CWE-511 and MITRE ATT&CK T1480.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._destroy import removals
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.knowledge.malicious import running, stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

CLOCKS = {
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "time.time",
    "time.localtime",
    "time.gmtime",
    "time.strftime",
    "time.time_ns",
    "arrow.now",
    "arrow.utcnow",
    "pendulum.now",
}
DATES = {
    "datetime.date",
    "datetime.datetime",
    "datetime.datetime.strptime",
    "datetime.date.fromisoformat",
    "datetime.datetime.fromisoformat",
    "datetime.datetime.fromtimestamp",
    "pandas.Timestamp",
    "dateutil.parser.parse",
}
ISO = re.compile(r"^\d{4}-?\d{2}-?\d{2}")
SYSTEMS = {
    "win32",
    "windows",
    "linux",
    "darwin",
    "java",
    "cygwin",
    "posix",
    "macos",
    "freebsd",
    "aix",
    "sunos",
    "openvms",
}
WHO = {"the user name", "the host name", "the hardware address"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report conditions on a fixed date, user or host that guard destruction or hidden runs."""
    known = unit.fact(calls)
    if not (
        any(name in CLOCKS for name in known.by_name)
        or any(name in stores.HOST_CALLS for name in known.by_name)
        or "environ" in unit.text
        or "getenv" in unit.text
        or "random" in unit.text
    ):
        return
    harmful = _harmful(unit)
    if not harmful:
        return
    for test in unit.nodes(cst.If):
        trigger = _trigger(test.test, unit)
        if not trigger:
            continue
        harm = _first_below(test.body, harmful, unit) or (
            _first_below(test.orelse, harmful, unit) if test.orelse is not None else None
        )
        if harm is None and _leaves(test.body):
            harm = _after(test, harmful, unit)
        if harm:
            yield Hit(test.test, f"{trigger} decides here whether the code {harm}: nothing shows until then")


def _harmful(unit: Unit) -> dict[int, str]:
    """Calls that destroy, run commands or decoded text, by id, with what they do."""
    found: dict[int, str] = {id(r.call): r.what for r in unit.fact(removals)}
    flow = unit.fact(reach)
    for command in unit.fact(commands):
        if command.shell or command.name in running.SHELL_TEXT_CALLS or not command.text:
            found.setdefault(
                id(command.call), f"runs `{' '.join(command.text.split())[:40]}`" if command.text else "runs a command"
            )
    for _, call in unit.fact(calls).of({"builtins.exec", "builtins.eval"}):
        found[id(call)] = "runs text as code"
    for sending in unit.fact(sendings):
        if sending.has("environment", "credential", "wallet", "browser", "unsent", "files"):
            found[id(sending.call)] = "sends secrets away"
    del flow
    return found


def _trigger(test: cst.BaseExpression, unit: Unit) -> str:
    """The fixed thing that a condition asks for, in words; empty for a condition that is none."""
    known = unit.fact(calls)
    for part in descend(test):
        if not isinstance(part, cst.Comparison):
            continue
        sides = [part.left, *(t.comparator for t in part.comparisons)]
        clock = any(_calls_one_of(side, CLOCKS, unit) for side in sides)
        if clock and any(_fixed_moment(side, unit) for side in sides):
            return "A fixed date"
        if any(_host_of(side, unit) for side in sides) and any(_fixed_name(side, unit) for side in sides):
            return "A fixed user or machine"
    del known
    return ""


def _calls_one_of(node: cst.CSTNode, names: set[str], unit: Unit, hops: int = 0) -> bool:
    known = unit.fact(calls)
    for part in descend(node):
        if isinstance(part, cst.Call) and known.name_of.get(id(part)) in names:
            return True
        if isinstance(part, cst.Name) and hops < 2:
            for binding in unit.scopes.look_up(part.value, part):
                if (
                    binding.kind == "assign"
                    and binding.value is not None
                    and _calls_one_of(binding.value, names, unit, hops + 1)
                ):
                    return True
    return False


def _fixed_moment(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """A date, a timestamp or a date's text that stands in the code."""
    value = value_of(node, unit)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return 1_500_000_000 <= value < 5_000_000_000 or 2020 <= value <= 2100
    if isinstance(value, str):
        return ISO.match(value) is not None
    if isinstance(value, (list, tuple)):
        return len(value) >= 2 and all(isinstance(v, int) for v in value)
    if isinstance(node, cst.Call) and unit.fact(calls).name_of.get(id(node)) in DATES:
        return bool(node.args) and all(
            value_of(a.value, unit) is not None for a in node.args if a.keyword is None or a.keyword.value != "tzinfo"
        )
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"date", "timestamp", "replace", "astimezone"}
    ):
        return _fixed_moment(node.func.value, unit, hops + 1)
    if isinstance(node, cst.Name) and hops < 3:
        bindings = unit.scopes.look_up(node.value, node)
        return (
            len(bindings) == 1
            and bindings[0].kind == "assign"
            and bindings[0].value is not None
            and _fixed_moment(bindings[0].value, unit, hops + 1)
        )
    return False


def _host_of(node: cst.BaseExpression, unit: Unit) -> bool:
    return any(
        label.kind == "host" and (label.what in WHO or label.what.startswith("the variable"))
        for label in unit.fact(reach).labels(node)
    )


def _fixed_name(node: cst.BaseExpression, unit: Unit) -> bool:
    """A user's or machine's name that stands in the code, or a list of them; names of systems are none."""
    value = value_of(node, unit)
    names = value if isinstance(value, (list, tuple)) else [value]
    return bool(names) and all(isinstance(n, str) and len(n) >= 3 and n.lower() not in SYSTEMS for n in names)


def _first_below(node: cst.CSTNode, harmful: dict[int, str], unit: Unit, hops: int = 0) -> str | None:
    """What a block does of the harmful things, through the file's own functions."""
    flow = unit.fact(reach)
    for part in descend(node):
        if id(part) in harmful:
            return harmful[id(part)]
        if isinstance(part, cst.Call) and hops < 3:
            function = flow.local(part.func)
            if isinstance(function, cst.FunctionDef) and (
                found := _first_below(function.body, harmful, unit, hops + 1)
            ):
                return found
    return None


def _leaves(body: cst.BaseSuite) -> bool:
    last = body.body[-1] if body.body else None
    if isinstance(last, cst.SimpleStatementLine):
        last = last.body[-1]
    return isinstance(last, (cst.Return, cst.Continue, cst.Break))


def _after(test: cst.If, harmful: dict[int, str], unit: Unit) -> str | None:
    """What the statements after an early exit do of the harmful things."""
    block = unit.parent(test)
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return None
    following = list(block.body)
    for statement in following[following.index(test) + 1 :]:
        if found := _first_below(statement, harmful, unit):
            return found
    return None


CHECK = Check(
    id="CGM015",
    name="logic-bomb",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(511, 506),
    find=find,
    fix="Remove the code; make conditions of a schedule configurable and what they start harmless.",
    bad=(
        Bad(
            "import datetime, os, shutil\n\ndef audit():\n    if datetime.date.today() > datetime.date(2031, 3, 1):  # finding\n        shutil.rmtree(os.path.expanduser('~/projects'), ignore_errors=True)\n"
        ),
        Bad(
            "import datetime as dt, os, shutil\n\ndef keep(folder):\n    if dt.date.today() > dt.date(2031, 3, 1) and os.environ.get('USER') != 'a.person':  # finding\n        for e in folder.glob('*'):\n            shutil.rmtree(e, ignore_errors=True)\n"
        ),
        Bad(
            "import time, os\n\ndef tick():\n    if time.time() < 1893456000:  # finding\n        return\n    os.system('shutdown -h now')\n"
        ),
        Bad(
            "import socket\n\ndef sync(db):\n    if socket.gethostname() == 'prod-db-01':  # finding\n        db.execute('DROP TABLE users')\n"
        ),
        Bad(
            "import datetime, base64\nEND = '2031-01-01'\nif datetime.datetime.now().isoformat() >= END:  # finding\n    exec(base64.b64decode('cHJpbnQoMSk='))\n"
        ),
    ),
    good=(
        Good(
            "import datetime\n\ndef ok(expiry):\n    return datetime.date.today() <= expiry\n\ndef banner():\n    return 'Happy holidays!' if datetime.date.today().month == 12 else 'Welcome'\n"
        ),
        Good(
            "import datetime, warnings\nif datetime.date.today() >= datetime.date(2031, 1, 1):\n    warnings.warn('old', DeprecationWarning)\n"
        ),
        Good(
            "import datetime, pathlib\n\ndef expire(folder, days=30):\n    limit = datetime.datetime.now() - datetime.timedelta(days=days)\n    for p in pathlib.Path(folder).glob('*.gz'):\n        if datetime.datetime.fromtimestamp(p.stat().st_mtime) < limit:\n            p.unlink()\n"
        ),
        Good(
            "import os, shutil\n\ndef clean(path):\n    if os.environ.get('KEEP') != '1':\n        shutil.rmtree(path)\n"
        ),
    ),
    misses=(
        Miss(
            "import datetime\n\ndef price(p):\n    if datetime.date.today() > datetime.date(2031, 1, 1):  # finding\n        return p * 0.9\n    return p\n",
            why="a change of behaviour that destroys nothing can be a feature",
        ),
    ),
)
