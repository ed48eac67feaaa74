"""A shell command, as text, that a function builds around a parameter as it is.

Whoever runs the text in a shell runs what stands in the value too: `; rm -rf ~`.  Give the arguments as a list, or
quote the value with `shlex.quote`.  See CWE-78.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import body, function_around, is_test, last_word, parameters
from codeguard.checks.security._formatting import HOLE, built
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

PROGRAM = re.compile(
    r"\s*(sudo\s+)?(echo|ls|cat|ping|rm|mv|cp|curl|wget|grep|find|tar|ssh|scp|chmod|chown|mkdir|kill)\s"
)
COMMAND = frozenset({"command", "cmd", "cmdline", "commandline", "shell"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report a returned text that starts like a command, is called one, and holds a raw text parameter."""
    for node in (*unit.nodes(cst.FormattedString), *unit.nodes(cst.Call), *unit.nodes(cst.BinaryOperation)):
        if isinstance(node, cst.Call) and not (
            isinstance(node.func, cst.Attribute) and node.func.attr.value == "format"
        ):
            continue
        if not isinstance(unit.statement_of(node), cst.Return) or isinstance(unit.parent(node), cst.BinaryOperation):
            continue
        text = built(unit, node)
        if text is None or not PROGRAM.match(text.frame.replace(HOLE, "x")):
            continue
        function = function_around(unit, node)
        if function is None or is_test(unit, node):
            continue
        template = (
            last_word(node.func.value) if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) else ""
        )
        if not COMMAND & {*words(function.name.value), *words(template)}:
            continue
        owned = {p.name.value for p in parameters(function) if isinstance(p.name, cst.Name)}
        quoted = any("quote" in last_word(c.func) for c in body(unit, function).calls)
        raw = next((v.value for v in text.values if isinstance(v, cst.Name) and v.value in owned), None)
        if raw is not None and not quoted and len(unit.scopes.look_up(raw, node)) == 1:
            yield Hit(node, f"`{raw}` stands in this command as it is, so a shell runs what follows a `;` in it")


CHECK = Check(
    id="CGS015",
    name="command-from-raw-parameter",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(78, 77),
    find=find,
    fix="Give a list of arguments, or quote the value with `shlex.quote`.",
    bad=(
        Bad(
            "COMMAND = 'echo Hello, {name}!'\n\ndef greeting(name: str) -> str:\n    return COMMAND.format(name=name)  # finding\n"
        ),
        Bad("def ping_command(host):\n    return f'ping -c 1 {host}'  # finding\n"),
    ),
    good=(
        Good("import shlex\n\ndef ping_command(host):\n    return f'ping -c 1 {shlex.quote(host)}'\n"),
        Good("def ping_command(host):\n    return ['ping', '-c', '1', host]\n"),
        Good("def sentence(name):\n    return f'find {name} in the list'\n"),
    ),
)
