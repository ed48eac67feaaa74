"""Where the values of a file are passed on: assignments, loops, arguments of its own functions, containers, files."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious._calls import Called, calls
from codeguard.checks.malicious._keys import Key, Keys, params_of
from codeguard.knowledge.malicious import stores
from codeguard.syntax.unit import Unit

# A place, the expression whose value it takes, and how: "" as it is, "read" what is read from where it leads, "taken"
# only what was collected.
Passed = tuple[Key, cst.CSTNode, str]
COPIERS = {
    "shutil.copy",
    "shutil.copyfile",
    "shutil.copy2",
    "shutil.copytree",
    "shutil.move",
    "os.rename",
    "os.replace",
}
PACKERS = {"write", "add", "writestr"}
MUTATORS = {
    "append",
    "extend",
    "add",
    "update",
    "insert",
    "write",
    "put",
    "setdefault",
    "writestr",
    "appendleft",
    "attach",
    "writelines",
    "put_nowait",
    "set_payload",
    "writerow",
}
STARTERS = {
    "threading.Thread",
    "threading.Timer",
    "multiprocessing.Process",
    "_thread.start_new_thread",
    "atexit.register",
    "asyncio.run",
}
SUBMITTERS = {
    "submit",
    "map",
    "apply_async",
    "run_in_executor",
    "call_later",
    "enter",
    "after",
    "start_soon",
    "create_task",
}
SAVERS = {"save", "screenshot", "shot", "imwrite", "to_csv", "output"}


class Passing:
    """The passing on of values in one file."""

    def __init__(self, unit: Unit, keys: Keys) -> None:
        self._unit = unit
        self._keys = keys
        self._called: Called = unit.fact(calls)

    def all(self) -> Iterator[Passed]:
        """Every place that takes a value, with the value's expression."""
        unit = self._unit
        for assign in unit.nodes(cst.Assign):
            for item in assign.targets:
                yield from ((key, assign.value, "") for key in self._keys.targets(item.target))
        others: list[cst.AugAssign | cst.AnnAssign | cst.NamedExpr] = [
            *unit.nodes(cst.AugAssign),
            *unit.nodes(cst.AnnAssign),
            *unit.nodes(cst.NamedExpr),
        ]
        for other in others:
            if other.value is not None:
                yield from ((key, other.value, "") for key in self._keys.targets(other.target))
        loops: list[cst.For | cst.CompFor] = [*unit.nodes(cst.For), *unit.nodes(cst.CompFor)]
        for loop in loops:
            yield from ((key, loop.iter, "") for key in self._keys.targets(loop.target))
        for entered in unit.nodes(cst.WithItem):
            if entered.asname is not None:
                yield from ((key, entered.item, "") for key in self._keys.targets(entered.asname.name))
        outs: list[cst.Return | cst.Yield] = [*unit.nodes(cst.Return), *unit.nodes(cst.Yield)]
        for out in outs:
            owner = unit.function_of(out)
            value = out.value.item if isinstance(out.value, cst.From) else out.value
            if owner is not None and value is not None:
                yield ("return", id(owner)), value, ""
        for function in unit.nodes(cst.FunctionDef):
            for param in params_of(function):
                if param.default is not None:
                    yield (id(function), param.name.value), param.default, ""
        for call in unit.nodes(cst.Call):
            yield from self._passed(call)

    def _passed(self, call: cst.Call) -> Iterator[Passed]:
        function = self._keys.local(call.func)
        if function is not None:
            yield from self._bound(
                function, [(a.keyword.value if a.keyword else None, a.value) for a in call.args], call.func
            )
        name = self._called.name_of.get(id(call), "")
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        if name in STARTERS or method in SUBMITTERS:
            started = [(a, f) for a in call.args if (f := self._keys.local(a.value)) is not None]
            for given, target in started:
                rest: list[tuple[str | None, cst.BaseExpression]] = []
                for other in call.args:
                    if other is given or (other.keyword and other.keyword.value not in {"args", "kwargs"}):
                        continue
                    if isinstance(other.value, (cst.Tuple, cst.List)):
                        rest += [(None, e.value) for e in other.value.elements]
                    elif name not in STARTERS:
                        rest.append((None, other.value))
                yield from self._bound(target, rest, given.value)
        if method in MUTATORS and isinstance(call.func, cst.Attribute):
            mode = "read" if method in PACKERS and ("ipFile" in (name or "") or "tarfile" in (name or "")) else ""
            held = [*self._keys.targets(call.func.value), *(self._behind(call.func.value) if mode else ())]
            for key in held:
                yield from ((key, a.value, mode) for a in call.args)
        if name in COPIERS and len(call.args) >= 2:
            yield from ((key, call.args[0].value, "read") for key in self._keys.roots(call.args[1].value))
        if name == "shutil.make_archive" and call.args:
            yield from ((key, a.value, "read") for key in self._keys.roots(call.args[0].value) for a in call.args[1:])
        if method in SAVERS and isinstance(call.func, cst.Attribute) and call.args:
            content = (
                call if name in stores.WATCH_CALLS else call.args[-1].value if method == "imwrite" else call.func.value
            )
            yield from ((key, content, "") for key in self._keys.roots(call.args[0].value))
        if method in {"write", "dump"} and call.args and isinstance(call.func, cst.Attribute):
            stream = call.func.value if method == "write" else call.args[-1].value
            yield from ((key, call.args[0].value, "taken") for key in self._path_of(stream))
        if name == "builtins.setattr" and len(call.args) == 3:
            yield from ((key, call.args[2].value, "") for key in self._keys.targets(call.args[0].value))

    def _behind(self, archive: cst.BaseExpression) -> set[Key]:
        """What an archive is written to: the arguments that it was opened with."""
        if not isinstance(archive, cst.Name):
            return set()
        bindings = self._unit.scopes.look_up(archive.value, archive)
        opened = [b.value for b in bindings if b.kind in {"with", "assign"} and isinstance(b.value, cst.Call)]
        return {key for call in opened for arg in call.args for key in self._keys.roots(arg.value)}

    def _path_of(self, stream: cst.BaseExpression) -> set[Key]:
        """The names and texts of the path that a file object was opened with."""
        opened = [stream]
        if isinstance(stream, cst.Name):
            opened = [
                b.value
                for b in self._unit.scopes.look_up(stream.value, stream)
                if b.kind in {"with", "assign"} and b.value is not None
            ]
        return {
            key
            for call in opened
            if isinstance(call, cst.Call) and call.args and self._called.name_of.get(id(call)) == "builtins.open"
            for key in self._keys.roots(call.args[0].value)
        }

    def _bound(
        self,
        function: cst.FunctionDef | cst.Lambda,
        given: list[tuple[str | None, cst.BaseExpression]],
        func: cst.BaseExpression,
    ) -> Iterator[Passed]:
        names = [p.name.value for p in params_of(function)]
        positional = (
            names[1:] if isinstance(func, cst.Attribute) and names and isinstance(function, cst.FunctionDef) else names
        )
        at = 0
        for keyword, value in given:
            if keyword is None:
                name = positional[at] if at < len(positional) else None
                at += 1
            else:
                name = keyword
            if name is None and isinstance(function.params.star_arg, cst.Param):
                name = function.params.star_arg.name.value
            if name is not None:
                yield (id(function), name), value, ""

    def key_hooks(self) -> Iterator[Key]:
        """The parameters in which a hook gives the keys that are pressed to a function of the file."""
        for name, call in self._called.of(stores.KEY_HOOKS):
            for arg in call.args if name else ():
                callback = self._keys.local(arg.value)
                if callback is not None:
                    yield from ((id(callback), param.name.value) for param in params_of(callback)[-2:])
