"""Histories of shells or logs of logins are emptied: someone is not to see what was done.

Logs are rotated by the system, and a shell's history belongs to its user.  See CWE-506, CWE-778 and MITRE ATT&CK T1070.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import destruction, stores
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

SYSTEM_LOG = re.compile(
    r"/var/log/(?:\*|(?:auth|secure|syslog|messages|[wb]tmp|lastlog|faillog|audit|kern|cron|nginx|apache2|httpd|mail|ufw|fail2ban|mysql|postgresql|cloud-init|daemon|user|journal)\b)|\.(?:bash|zsh|python|mysql|psql)_history\b|winevt[/\\]Logs"
)
SECURITY_LOG = re.compile(r"/var/log/(?:\*|(?:auth|secure|[wb]tmp|lastlog|faillog|audit)\b)|winevt[/\\]Logs")
OWN_PATH = {"os.path.abspath", "os.path.realpath", "pathlib.Path", "builtins.str", "os.path.expanduser"}


def find(unit: Unit) -> Iterator[Hit]:
    """Report commands that clear traces, and removals and emptyings of such files."""
    for command in unit.fact(commands):
        if destruction.TRACES.search(command.text):
            yield Hit(command.call, "This command clears histories or logs, so that nobody sees what was done")
    known = unit.fact(calls)
    for method in ("ClearEventLog", "ClearEventLogA", "ClearEventLogW", "EvtClearLog"):
        for call in known.by_method.get(method, ()):
            yield Hit(call, "This empties a log of Windows, so that nobody sees what was done")
    yield from _removes_itself(unit)
    if not stores.HISTORY.search(unit.text):
        return
    for call in known.by_name.get("builtins.open", ()):
        texts = [t for a in call.args[:1] for t in unit.fact(reach).constants(a.value) if SYSTEM_LOG.search(t)]
        above = unit.parent(call)
        closed = isinstance(above, cst.Expr) or (isinstance(above, cst.Attribute) and above.attr.value == "close")
        mode = unit.arg(call, 1, "mode")
        if texts and closed and isinstance(mode, cst.SimpleString) and "w" in mode.value:
            yield Hit(call, f"This empties `{texts[0]}`, so that nobody sees what was done")
    for write in unit.fact(writes):
        texts = [text for text in write.path if stores.HISTORY.search(text)]
        empties = write.mode.startswith(("w", "r+")) and (
            write.value is None or value_of(write.value, unit) in ("", b"")
        )
        if texts and empties:
            yield Hit(write.call, f"This empties `{texts[0]}`, so that nobody sees what was done")
        elif (
            write.mode.startswith(("w", "r+", "a+"))
            and write.value is not None
            and any(SYSTEM_LOG.search(text) for text in write.path)
            and _filters(write.value, unit)
        ):
            path = next(text for text in write.path if SYSTEM_LOG.search(text))
            yield Hit(
                write.call, f"This takes lines out of `{path}` and writes the rest back: nobody sees what they said"
            )
    removers = [
        (call, call.args[0].value) for _, call in known.of(destruction.FILE_CALLS | destruction.TREE_CALLS) if call.args
    ]
    removers += [(c, c.func.value) for c in known.by_method.get("unlink", ()) if isinstance(c.func, cst.Attribute)]
    for call, target in removers:
        texts = [
            text
            for text in unit.fact(reach).constants(target)
            if (stores.HISTORY.search(text) and not text.rstrip("/").startswith("/var/log/"))
            or text.rstrip("/").endswith(("/var/log", "wtmp", "auth.log", "lastlog"))
            or (SECURITY_LOG.search(text) and "mtime" not in unit.text)
        ]
        if texts:
            yield Hit(call, f"This deletes `{texts[0]}`, so that nobody sees what was done")


def _filters(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """Whether a value is what a condition has left of something: `[line for line in log if word not in line]`."""
    if isinstance(node, (cst.ListComp, cst.GeneratorExp)):
        return any(_leaves_out(condition.test) for condition in node.for_in.ifs)
    if isinstance(node, cst.Call):
        name = unit.name(node.func) or ""
        inner = [a.value for a in node.args]
        return name in {"builtins.filter", "re.sub"} or any(
            _filters(value, unit, hops + 1) for value in inner if hops < 4
        )
    if isinstance(node, cst.Name) and hops < 4:
        bound = unit.scopes.look_up(node.value, node)
        if any(b.value is not None and b.kind == "assign" and _filters(b.value, unit, hops + 1) for b in bound):
            return True
        key = unit.fact(reach).roots(node)
        return any(
            key & unit.fact(reach).roots(call.func.value)
            and any(isinstance(a, cst.If) and _leaves_out(a.test) for a in unit.ancestors(call))
            for call in unit.fact(calls).by_method.get("append", ())
            if isinstance(call.func, cst.Attribute)
        )
    return False


def _leaves_out(test: cst.BaseExpression) -> bool:
    """`x not in line`, `not pattern.search(line)`."""
    return any(
        (isinstance(part, cst.Comparison) and isinstance(part.comparisons[0].operator, cst.NotIn))
        or (isinstance(part, cst.UnaryOperation) and isinstance(part.operator, cst.Not))
        for part in descend(test)
    )


def _removes_itself(unit: Unit) -> Iterator[Hit]:
    """Removals of the file that is running."""
    if "__file__" not in unit.text and "argv" not in unit.text:
        return
    known = unit.fact(calls)
    targets = [(c, c.args[0].value) for n in ("os.remove", "os.unlink") for c in known.by_name.get(n, ()) if c.args]
    targets += [
        (c, c.func.value)
        for c in known.by_method.get("unlink", ())
        if isinstance(c.func, cst.Attribute) and not known.name_of.get(id(c), "").startswith("os.")
    ]
    for call, target in targets:
        if _itself(target, unit):
            yield Hit(
                call,
                "This deletes the very file that is running, so that nobody sees what it did",
                severity=Severity.MEDIUM,
            )


def _itself(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> bool:
    """The own path: `__file__` or `sys.argv[0]`, made absolute or not."""
    if isinstance(node, cst.Name):
        if node.value == "__file__":
            return True
        bound = unit.scopes.look_up(node.value, node)
        return (
            len(bound) == 1
            and hops < 3
            and bound[0].kind == "assign"
            and bound[0].value is not None
            and _itself(bound[0].value, unit, hops + 1)
        )
    if isinstance(node, cst.Subscript):
        return unit.name(node.value) == "sys.argv" and any(
            isinstance(e.slice, cst.Index) and isinstance(e.slice.value, cst.Integer) and e.slice.value.value == "0"
            for e in node.slice
        )
    if isinstance(node, cst.Call) and hops < 4:
        if (unit.name(node.func) or "") in OWN_PATH and len(node.args) == 1:
            return _itself(node.args[0].value, unit, hops + 1)
        return (
            isinstance(node.func, cst.Attribute)
            and node.func.attr.value in {"resolve", "absolute"}
            and _itself(node.func.value, unit, hops + 1)
        )
    return False


CHECK = Check(
    id="CGM013",
    behaviour="wipe out traces",
    name="trace-removal",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(506, 778),
    find=find,
    fix="Leave logs to the system and a history to its user.",
    bad=(
        Bad(
            "path = '/var/log/nginx/access.log'\nwith open(path) as log:\n    kept = [line for line in log if '192.0.2.9' not in line]\nwith open(path, 'w') as log:\n    log.writelines(kept)  # finding\n"
        ),
        Bad("import os, sys\nos.remove(os.path.abspath(sys.argv[0]))  # finding\n"),
        Bad("import os\nos.system(\"sed -i '/192.0.2.4/d' /var/log/auth.log\")  # finding\n"),
        Bad(
            "from pathlib import Path\nhome = Path('/home/a')\nfor p in (home / '.bash_history', Path('/var/log/wtmp')):\n    if p.exists():\n        p.write_bytes(b'')  # finding\n"
        ),
        Bad("import os\nos.remove(os.path.expanduser('~/.bash_history'))  # finding\n"),
        Bad("import os\nos.system('history -c; wevtutil cl System')  # finding\n"),
    ),
    good=(
        Good(
            "path = '/var/log/demo/app.log'\nlines = open(path).readlines()\nopen(path, 'w').writelines(lines[-1000:])\n"
        ),
        Good(
            "bad = [line for line in open('/var/log/nginx/access.log') if ' 404 ' in line]\nopen('report.txt', 'w').writelines(bad)\n"
        ),
        Good(
            "from pathlib import Path\n\ndef log(text):\n    with Path('/var/log/demo/app.log').open('a') as f:\n        f.write(text)\n"
        ),
        Good("import os, readline\nreadline.write_history_file(os.path.expanduser('~/.python_history'))\n"),
        Good(
            "import os\n\ndef rotate(folder):\n    for n in os.listdir(folder):\n        os.remove(os.path.join(folder, n))\n"
        ),
    ),
    misses=(
        Miss(
            "import shutil\nshutil.move('/home/a/.bash_history', '/dev/null')  # finding\n",
            why="moves are taken for back-ups",
        ),
    ),
)
