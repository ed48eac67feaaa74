"""What a file destroys: removals and overwritings, each with whether its target is a whole system or home."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.checks.malicious._calls import calls
from codeguard.checks.malicious._evaluate import value_of
from codeguard.checks.malicious._reach import reach
from codeguard.checks.malicious._shell import commands
from codeguard.checks.malicious._when import when
from codeguard.checks.malicious._writes import writes
from codeguard.knowledge.malicious import destruction
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

ROOTED = {
    "os.path.expanduser",
    "os.path.expandvars",
    "pathlib.Path",
    "pathlib.Path().expanduser",
    "builtins.str",
    "os.path.abspath",
}


@dataclass(frozen=True, slots=True)
class Removal:
    """One call that destroys: the call, what it does in words, and whether no program means to lose its target."""

    call: cst.Call
    what: str
    fatal: bool


def removals(unit: Unit) -> tuple[Removal, ...]:
    """Every call of the file that destroys (to be asked through `unit.fact(removals)`)."""
    return tuple(_removals(unit))


def _removals(unit: Unit) -> Iterator[Removal]:
    known = unit.fact(calls)
    for name, call in known.of(destruction.TREE_CALLS | destruction.FILE_CALLS):
        if not call.args:
            continue
        target = call.args[0].value
        whole = whole_target(target, unit)
        in_loop = _walks_home(target, unit)
        if name in destruction.TREE_CALLS:
            yield Removal(call, f"deletes {whole or 'a whole folder'}", bool(whole) or in_loop)
        else:
            yield Removal(
                call, "deletes files in " + (whole or "a loop over a home folder" if in_loop else "a folder"), in_loop
            )
    for method in sorted(destruction.FILE_METHODS):
        for call in known.by_method.get(method, ()):
            if (
                isinstance(call.func, cst.Attribute)
                and known.name_of.get(id(call), "") not in destruction.TREE_CALLS | destruction.FILE_CALLS
            ):
                yield Removal(call, "deletes files", _walks_home(call.func.value, unit))
    for command in unit.fact(commands):
        match = destruction.COMMAND.search(command.text) or destruction.RECOVERY.search(command.text)
        if match:
            yield Removal(command.call, f"runs `{' '.join(match.group().split())[:60]}`", fatal=True)
    for write in unit.fact(writes):
        if (
            any(destruction.DEVICE.match(text) for text in write.path)
            and write.mode[:1] in {"w", "r", "a"}
            and write.mode != "rb"
        ):
            yield Removal(write.call, "overwrites a disk", fatal=True)
        elif (write.mode.startswith("w") or "r+" in write.mode or write.mode == "rb+") and any(
            label.kind == "path:walk" for label in write.path_labels
        ):
            if write.value is not None and _worthless(write.value, unit):
                yield Removal(write.call, "overwrites files in a loop over a home folder", fatal=True)
    yield from _everything(unit)
    for method in ("execute", "executescript", "executemany", "fetch"):
        for call in known.by_method.get(method, ()):
            if call.args and any(
                destruction.STATEMENT.match(t) for t in unit.fact(reach).constants(call.args[0].value)
            ):
                yield Removal(call, "empties or drops tables of the database", fatal=False)
    for call in known.by_name.get("os.open", ()):
        if (
            call.args
            and any(destruction.DEVICE.match(t) for t in unit.fact(reach).constants(call.args[0].value))
            and _to_write(call)
        ):
            yield Removal(call, "overwrites a disk", fatal=True)
    yield from _fork_bombs(unit)


def _worthless(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether what is written over a file is random, or the same for every file."""
    if isinstance(value_of(node, unit), (str, bytes)):
        return True
    return any(
        isinstance(part, cst.Call)
        and unit.fact(calls).name_of.get(id(part)) in {"os.urandom", "secrets.token_bytes", "random.randbytes"}
        for part in descend(node)
    )


def _everything(unit: Unit) -> Iterator[Removal]:
    """Loops that take away every database, bucket, table or name space that there is."""
    known = unit.fact(calls)
    takers = [c for method in destruction.TAKES_AWAY for c in known.by_method.get(method, ())]
    takers += [c for method in ("delete", "remove") for c in known.by_method.get(method, ()) if not c.args]
    drops = [
        c
        for method in ("execute", "run", "exec_driver_sql")
        for c in known.by_method.get(method, ())
        if c.args
        and any(
            re.match(r"\s*DROP\s+(?:TABLE|DATABASE|SCHEMA)\b", t, re.IGNORECASE)
            for t in unit.fact(reach).constants(c.args[0].value)
        )
    ]
    for call in (*takers, *drops):
        loop = next((above for above in unit.ancestors(call) if isinstance(above, cst.For)), None)
        if loop is not None and (found := _listed(loop.iter, unit)) and when(call, unit) != "later":
            yield Removal(call, f"takes away all that `{found}` lists, one after the other", fatal=True)
            return


def _listed(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> str:
    """The call or the table that lists everything, in an expression or in what its names are bound to."""
    for part in descend(node):
        if isinstance(part, cst.Attribute) and part.attr.value in destruction.ENUMERATORS:
            return part.attr.value
        if isinstance(part, cst.Attribute) and part.attr.value == "all" and isinstance(part.value, cst.Attribute):
            if part.value.attr.value == "buckets":
                return "buckets.all"
        if isinstance(part, cst.Name) and hops < 2:
            for binding in unit.scopes.look_up(part.value, part):
                if (
                    binding.kind == "assign"
                    and binding.value is not None
                    and (found := _listed(binding.value, unit, hops + 1))
                ):
                    return found
    match = (
        next((m for t in unit.fact(reach).constants(node) if (m := destruction.EVERY_TABLE.search(t))), None)
        if hops == 0
        else None
    )
    return match.group() if match else ""


def _to_write(call: cst.Call) -> bool:
    return any(
        isinstance(p, cst.Attribute) and p.attr.value in {"O_WRONLY", "O_RDWR"}
        for a in call.args
        for p in descend(a.value)
    )


def _fork_bombs(unit: Unit) -> Iterator[Removal]:
    for call in unit.fact(calls).by_name.get("os.fork", ()):
        loop = next((a for a in unit.ancestors(call) if isinstance(a, (cst.While, cst.For, cst.FunctionDef))), None)
        if (
            isinstance(loop, cst.While)
            and isinstance(loop.test, (cst.Name, cst.Integer))
            and unit.constant(loop.test) is not None
            and _endless(loop)
        ):
            yield Removal(call, "starts processes without end", fatal=True)


def _endless(loop: cst.While) -> bool:
    """A loop that only forks: nothing in it waits, ends or counts."""
    names = {part.value for part in descend(loop.body) if isinstance(part, cst.Name)}
    stops = any(isinstance(part, (cst.Break, cst.Return)) for part in descend(loop.body))
    return not stops and not names & {
        "wait",
        "waitpid",
        "_exit",
        "exit",
        "sleep",
        "accept",
        "execv",
        "execve",
        "execvp",
    }


def whole_target(node: cst.BaseExpression, unit: Unit, hops: int = 0) -> str:
    """The whole system or home that a path is, in words; empty for anything below one."""
    value = value_of(node, unit)
    if isinstance(value, str):
        return f"`{value}`" if destruction.WHOLE.match(value) else ""
    if isinstance(node, cst.Name) and hops < 4:
        bindings = unit.scopes.look_up(node.value, node)
        for binding in bindings:
            if (
                binding.kind == "assign"
                and binding.value is not None
                and (found := whole_target(binding.value, unit, hops + 1))
            ):
                return found
            if binding.kind == "loop" and isinstance(binding.value, (cst.List, cst.Tuple)):
                for element in binding.value.elements:
                    if found := whole_target(element.value, unit, hops + 1):
                        return found
        return ""
    if isinstance(node, cst.Call):
        name = unit.name(node.func)
        if name == "pathlib.Path.home":
            return "the home folder"
        if name in ROOTED and len(node.args) == 1:
            return whole_target(node.args[0].value, unit, hops + 1)
        if (
            isinstance(node.func, cst.Attribute)
            and node.func.attr.value in {"expanduser", "resolve", "absolute"}
            and not node.args
        ):
            return whole_target(node.func.value, unit, hops + 1)
        if name == "os.path.join" and len(node.args) == 2:
            return _below(node.args[0].value, node.args[1].value, unit, hops)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return _below(node.left, node.right, unit, hops)
    if isinstance(node, (cst.Subscript, cst.Call)) and re.search(
        r"\b(?:HOME|USERPROFILE|SystemDrive|SystemRoot)\b", " ".join(unit.fact(reach).constants(node))
    ):
        name = unit.name(node.value if isinstance(node, cst.Subscript) else node.func) or ""
        return "the home folder" if name.startswith("os.environ") or name == "os.getenv" else ""
    return ""


def _below(base: cst.BaseExpression, name: cst.BaseExpression, unit: Unit, hops: int) -> str:
    """A person's own folder right below the home folder."""
    above, child = whole_target(base, unit, hops + 1), value_of(name, unit)
    return f"`{child}` in {above}" if above and isinstance(child, str) and destruction.PERSONAL.match(child) else ""


def _walks_home(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether a path comes out of a walk over a whole home or system."""
    return any(label.kind == "path:walk" for label in unit.fact(reach).labels(node))
