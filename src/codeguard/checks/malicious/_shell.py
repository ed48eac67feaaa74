"""Commands that a file runs: each call of a shell or a program, with the text of the command as far as it is constant."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import text_of, value_of
from codeguard.checks.malicious._reach import reach
from codeguard.knowledge.malicious import running
from codeguard.syntax.unit import Unit

MAX_HOPS = 12


@dataclass(frozen=True, slots=True)
class Command:
    """One run of a command.

    `argv` are the constant words, "" for a word that the text does not tell; `text` is them in one line.  `words`
    are the expressions themselves.  `shell`: a shell reads the text.
    """

    call: cst.Call
    name: str
    text: str
    argv: tuple[str, ...]
    words: tuple[cst.BaseExpression, ...]
    shell: bool


def commands(unit: Unit) -> tuple[Command, ...]:
    """Every command that the file runs (to be asked through `unit.fact(commands)`)."""
    return tuple(_commands(unit))


def _commands(unit: Unit) -> Iterator[Command]:
    for name, call in unit.fact(calls).of(running.RUN_CALLS):
        if not call.args:
            continue
        shell_arg = unit.arg(call, None, "shell")
        shell = name in running.SHELL_TEXT_CALLS or (isinstance(shell_arg, cst.Name) and shell_arg.value == "True")
        if name.startswith(("os.exec", "os.spawn", "os.posix")):
            parts = [a.value for a in call.args if a.keyword is None][
                1 if "spawn" in name and "posix" not in name else 0 :
            ]
        else:
            parts = [unit.arg(call, 0, "args") or call.args[0].value]
        words: list[cst.BaseExpression] = []
        for part in parts:
            words += _split(part, unit)
        argv = tuple(_constant(word, unit) for word in words)
        yield Command(call, name, " ".join(argv).strip(), argv, tuple(words), shell)


def _split(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> list[cst.BaseExpression]:
    """The words of a list, also by its name."""
    if isinstance(node, (cst.List, cst.Tuple)):
        return [
            w
            for e in node.elements
            for w in ([e.value] if isinstance(e, cst.Element) else _split(e.value, unit, hops + 1))
        ]
    if isinstance(node, cst.Name) and hops < 3:
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and bindings[0].kind == "assign" and isinstance(bindings[0].value, (cst.List, cst.Tuple)):
            return _split(bindings[0].value, unit, hops + 1)
    if isinstance(node, cst.BinaryOperation) and hops < 8:
        left, right = _split(node.left, unit, hops + 1), _split(node.right, unit, hops + 1)
        if len(left) > 1 or len(right) > 1 or isinstance(node.left, cst.List) or isinstance(node.right, cst.List):
            return left + right
    return [node]


def _constant(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> str:
    """The text of a word: exact where it is constant, else its constant pieces with `{}` for what is not known."""
    whole = value_of(node, unit)
    if isinstance(whole, (str, bytes)):
        return text_of(whole) or ""
    if isinstance(node, cst.Attribute) and unit.name(node) == "sys.executable":
        return "python"
    if hops > MAX_HOPS:
        return "{}"
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        return _constant(node.left, unit, hops + 1) + _constant(node.right, unit, hops + 1)
    if isinstance(node, cst.BinaryOperation):
        return _constant(node.left, unit, hops + 1).replace("%s", _constant(node.right, unit, hops + 1))
    if isinstance(node, cst.FormattedString):
        parts = (
            p.value if isinstance(p, cst.FormattedStringText) else _constant(p.expression, unit, hops + 1)
            for p in node.parts
            if isinstance(p, (cst.FormattedStringText, cst.FormattedStringExpression))
        )
        return "".join(parts)
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"format", "join", "encode", "strip", "decode"}
    ):
        pieces = [_constant(node.func.value, unit, hops + 1), *(_constant(a.value, unit, hops + 1) for a in node.args)]
        return " ".join(pieces)
    if isinstance(node, (cst.Call, cst.Name, cst.ConcatenatedString)):
        return " ".join(unit.fact(reach).constants(node)) or ("" if hops == 0 else "{}")
    return "" if hops == 0 else "{}"
