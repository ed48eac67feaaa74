"""Text that is typed in, or given on the command line, and run as code.

`eval(input())` runs whatever the person types, `__import__("os").system(...)` included; once the program stands behind
a web page, a game server or a tool of an assistant, that person is anybody.  Use `int`, `float` or
`ast.literal_eval`.  See CWE-95.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

TYPED = (
    "builtins.input()",
    "builtins.raw_input()",
    "raw_input()",
    "sys.argv[]",
    "sys.stdin.read()",
    "sys.stdin.readline()",
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `eval`, `exec` and `compile` of what was typed, unless a test of it stands in the same function."""
    code = call.args[0].value if call.args and not call.args[0].star else None
    typed = next((t for t in TYPED if (unit.name(code) or "").startswith(t)), None)
    if code is None or typed is None:
        return
    if isinstance(code, cst.Name) and _tested(unit, code):
        return
    yield Hit(
        call,
        f"`{(unit.name(call.func) or '').removeprefix('builtins.')}` runs what comes from `{typed.removeprefix('builtins.')}`, whatever it is",
    )


def _tested(unit: Unit, name: cst.Name) -> bool:
    around = function_around(unit, name) or unit.module
    return any(n.value == name.value for branch in body(unit, around).ifs for n in body(unit, branch.test).names)


CHECK = Check(
    id="CGS034",
    name="code-from-console",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(95, 94),
    aliases=("bandit:B307", "bandit:B102", "ruff:S307", "ruff:S102"),
    hints=("eval", "exec", "compile"),
    calls=("builtins.eval", "builtins.exec", "builtins.compile"),
    find=find,
    fix="Use `int`, `float` or `ast.literal_eval`.",
    bad=(
        Bad("print(eval(input()))  # finding\n"),
        Bad("import sys\n\ndef main():\n    text = sys.argv[1]\n    exec(text)  # finding\n"),
    ),
    good=(
        Good("import ast\n\nprint(ast.literal_eval(input()))\n"),
        Good(
            "ALLOWED = {'1 + 1'}\n\ndef main():\n    text = input()\n    if text in ALLOWED:\n        print(eval(text))\n"
        ),
        Good("def run(source):\n    return compile(source, 'x', 'exec')\n"),
    ),
    misses=(
        Miss(
            "def ask():\n    return input()\n\nprint(eval(ask()))  # finding\n",
            why="values are not followed between functions",
        ),
    ),
)
