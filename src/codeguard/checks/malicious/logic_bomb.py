"""A fixed date, user or machine decides whether the code destroys or runs something hidden.

Until the day comes, or the one person leaves, tests and reviews see nothing.  Conditions of a schedule are relative
or configured, and what they start is harmless.  See CWE-511 and MITRE ATT&CK T1480.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._channels import sendings
from codeguard.checks.malicious._destroy import removals
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.knowledge.malicious import running, stores, triggers
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend


def find(unit: Unit) -> Iterator[Hit]:
    """Report conditions on a fixed date, user or host that guard destruction or hidden runs."""
    known = unit.fact(calls)
    if not (
        any(name in triggers.CLOCKS for name in known.by_name)
        or any(name in stores.HOST_CALLS for name in known.by_name)
        or "/home/" in unit.text
        or "/Users/" in unit.text
        or "uid=" in unit.text
        or "environ" in unit.text
        or "getenv" in unit.text
        or "random" in unit.text
    ):
        return
    harmful = _harmful(unit)
    if not harmful:
        return
    for place, trigger, harm in (*_branches(unit, harmful), *_timed(unit, harmful)):
        yield Hit(place, f"{trigger} decides here whether the code {harm}: nothing shows until then")


Guarded = tuple[cst.CSTNode, str, str]


def _branches(unit: Unit, harmful: dict[int, str]) -> Iterator[Guarded]:
    """Statements and expressions that a fixed thing lets do harm, with that thing and the harm."""
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
            yield test.test, trigger, harm
    for loop in unit.nodes(cst.While):
        trigger = _trigger(loop.test, unit)
        harm = _first_below(loop.body, harmful, unit) or _after(loop, harmful, unit) if trigger else None
        if harm:
            yield loop.test, trigger, harm
    for choice in unit.nodes(cst.IfExp):
        trigger = _trigger(choice.test, unit)
        sides = [choice.body, choice.orelse]
        harm = next((h for side in sides if (h := _first_below(side, harmful, unit))), None) if trigger else None
        if harm:
            yield choice.test, trigger, harm
    for both in unit.nodes(cst.BooleanOperation):
        trigger = _trigger(both.left, unit) if _first_below(both.right, harmful, unit) else ""
        if trigger:
            yield both, trigger, _first_below(both.right, harmful, unit) or ""
    for match in unit.nodes(cst.Match):
        clock = _calls_one_of(match.subject, triggers.CLOCKS, unit)
        if not clock and not _host_of(match.subject, unit):
            continue
        for case in match.cases:
            fixed = isinstance(case.pattern, (cst.MatchValue, cst.MatchTuple, cst.MatchOr))
            harm = _first_below(case.body, harmful, unit) if fixed else None
            if harm:
                yield case.pattern, "A fixed date" if clock else "A fixed user or machine", harm


def _timed(unit: Unit, harmful: dict[int, str]) -> Iterator[Guarded]:
    """Timers and waits that run out at a fixed moment, and do harm then."""
    known = unit.fact(calls)
    for name, call in known.of(triggers.TIMERS.keys() | triggers.WAITS):
        if not call.args or not _until_a_moment(call.args[0].value, unit):
            continue
        if name in triggers.WAITS:
            statement = next((a for a in unit.ancestors(call) if isinstance(a, cst.SimpleStatementLine)), None)
            harm = _following(statement, harmful, unit) if statement is not None else None
        else:
            harm = next((h for a in call.args[1:] if (h := _callback(a.value, harmful, unit))), None)
        if harm:
            yield call, "A fixed date", harm
    for call in known.by_method.get("add_job", ()):
        moment = unit.arg(call, None, "run_date")
        if moment is not None and _fixed_moment(moment, unit):
            harm = next((h for a in call.args if (h := _callback(a.value, harmful, unit))), None)
            if harm:
                yield call, "A fixed date", harm


def _callback(node: cst.BaseExpression, harmful: dict[int, str], unit: Unit) -> str | None:
    """What a function that is handed over does of the harmful things."""
    function = unit.fact(reach).local(node)
    return _first_below(function.body, harmful, unit) if function is not None else None


def _until_a_moment(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """The time that is left until a fixed moment: `(datetime(2031, 1, 1) - now).total_seconds()`."""
    for part in descend(node):
        if isinstance(part, cst.BinaryOperation) and isinstance(part.operator, cst.Subtract):
            if _fixed_moment(part.left, unit) and _calls_one_of(part.right, triggers.CLOCKS, unit):
                return True
        if isinstance(part, cst.Name) and hops < 2:
            for binding in unit.scopes.look_up(part.value, part):
                if (
                    binding.kind == "assign"
                    and binding.value is not None
                    and _until_a_moment(binding.value, unit, hops + 1)
                ):
                    return True
    return False


def _harmful(unit: Unit) -> dict[int, str]:
    """Calls that destroy, run commands or decoded text, by id, with what they do."""
    found: dict[int, str] = {id(r.call): r.what for r in unit.fact(removals)}
    for command in unit.fact(commands):
        if command.shell or command.name in running.SHELL_TEXT_CALLS or not command.text:
            found.setdefault(
                id(command.call), f"runs `{' '.join(command.text.split())[:40]}`" if command.text else "runs a command"
            )
        elif triggers.CRIPPLES.search(command.text):
            found.setdefault(id(command.call), f"runs `{' '.join(command.text.split())[:40]}`")
    for _, call in unit.fact(calls).of({"builtins.exec", "builtins.eval"}):
        found[id(call)] = "runs text as code"
    for sending in unit.fact(sendings):
        if sending.has("environment", "credential", "wallet", "browser", "unsent", "files"):
            found[id(sending.call)] = "sends secrets away"
    return found


def _trigger(test: cst.BaseExpression, unit: Unit) -> str:
    """The fixed thing that a condition asks for, in words; empty for a condition that is none."""
    days: set[str] = set()
    for part in descend(test):
        if isinstance(part, cst.Call) and (found := _about_one(part, unit)):
            return found
        if not isinstance(part, cst.Comparison):
            continue
        days |= _part_of_date(part, unit)
        if days >= {"month", "day"} or days >= {"year", "month"}:
            return "A fixed date"
        sides = [part.left, *(t.comparator for t in part.comparisons)]
        clock = any(_calls_one_of(side, triggers.CLOCKS, unit) for side in sides)
        if clock and any(_fixed_moment(side, unit) for side in sides):
            return "A fixed date"
        who = any(_host_of(side, unit) or _calls_one_of(side, triggers.WHO_CALLS, unit) for side in sides)
        if who and any(_fixed_name(side, unit) for side in sides):
            return "A fixed user or machine"
    return ""


def _about_one(call: cst.Call, unit: Unit) -> str:
    """What a call asks of one fixed user: whether his home is there, whether a directory knows him, who is logged in."""
    name = unit.fact(calls).name_of.get(id(call), "")
    flow = unit.fact(reach)
    texts = [t for a in call.args for t in flow.constants(a.value)]
    method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
    if name in {"os.path.exists", "os.path.isdir"} and any(triggers.ONE_HOME.match(t) for t in texts):
        return "The home folder of one user"
    if method in {"exists", "is_dir"} and isinstance(call.func, cst.Attribute):
        if any(triggers.ONE_HOME.match(t) for t in flow.constants(call.func.value)):
            return "The home folder of one user"
    if any(triggers.ONE_ENTRY.search(t) for t in texts):
        return "The entry of one user"
    if method in {"startswith", "endswith"} and isinstance(call.func, cst.Attribute) and call.args:
        if _host_of(call.func.value, unit) and _fixed_name(call.args[0].value, unit):
            return "A fixed user or machine"
    return ""


def _part_of_date(test: cst.Comparison, unit: Unit) -> set[str]:
    """The parts of today's date that are compared with a number: month, day or year."""
    sides = [test.left, *(t.comparator for t in test.comparisons)]
    if not any(isinstance(value_of(side, unit), int) for side in sides):
        return set()
    return {
        side.attr.value
        for side in sides
        if isinstance(side, cst.Attribute)
        and side.attr.value in {"month", "day", "year", "tm_mon", "tm_mday"}
        and _calls_one_of(side, triggers.CLOCKS, unit)
    }


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
        return triggers.ISO.match(value) is not None
    if isinstance(value, (list, tuple)):
        return len(value) >= 2 and all(isinstance(v, int) for v in value)
    if isinstance(node, cst.Call) and unit.fact(calls).name_of.get(id(node)) in triggers.DATES:
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
        label.kind == "host" and (label.what in triggers.WHO or label.what.startswith("the variable"))
        for label in unit.fact(reach).labels(node)
    )


def _fixed_name(node: cst.BaseExpression, unit: Unit) -> bool:
    """A user's or machine's name that stands in the code, or a list of them; names of systems are none."""
    value = value_of(node, unit)
    names = value if isinstance(value, (list, tuple)) else [value]
    return bool(names) and all(
        isinstance(n, str) and len(n) >= 3 and n.lower() not in triggers.SYSTEMS | triggers.EVERYWHERE for n in names
    )


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


def _after(test: cst.If | cst.While, harmful: dict[int, str], unit: Unit) -> str | None:
    """What the statements after an early exit, or a wait, do of the harmful things."""
    return _following(test, harmful, unit)


def _following(test: cst.CSTNode, harmful: dict[int, str], unit: Unit) -> str | None:
    block = unit.parent(test)
    if not isinstance(block, (cst.IndentedBlock, cst.Module)):
        return None
    past = False
    for statement in block.body:
        if past and (found := _first_below(statement, harmful, unit)):
            return found
        past = past or statement is test
    return None


CHECK = Check(
    id="CGM015",
    behaviour="wait for a day, a user or a machine before it does harm",
    name="logic-bomb",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(511, 506),
    find=find,
    fix="Remove the code; make conditions of a schedule configurable and what they start harmless.",
    bad=(
        Bad(
            "import pwd\n\ndef nightly(db):\n    staff = {p.pw_name for p in pwd.getpwall()}\n    if 'a.person' not in staff:  # finding\n        db.execute('DELETE FROM salaries')\n"
        ),
        Bad(
            "import datetime, shutil, threading\nleft = datetime.datetime(2031, 1, 1) - datetime.datetime.now()\nthreading.Timer(left.total_seconds(), lambda: shutil.rmtree('/srv/data')).start()  # finding\n"
        ),
        Bad(
            "import os\n\ndef run(db):\n    if not os.path.exists('/home/aperson'):  # finding\n        db.execute('DROP TABLE payroll')\n"
        ),
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
            "import datetime, subprocess\nnow = datetime.datetime.now()\nif now.hour == 3 and now.weekday() == 6:\n    subprocess.run(['systemctl', 'restart', 'app'], check=True)\n"
        ),
        Good("import getpass, os\nif getpass.getuser() == 'root':\n    os.system('apt-get -y upgrade')\n"),
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
