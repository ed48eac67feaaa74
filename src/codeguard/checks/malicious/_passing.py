"""Where the values of a file are passed on: assignments, loops, arguments of its own functions, containers, files."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious._calls import Called, calls
from codeguard.checks.malicious._keys import Key, Keys, params_of
from codeguard.knowledge.malicious import running, stores
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

# A place, the expression whose value it takes, and how: "" as it is, "read" what is read from where it leads, "taken"
# only what was collected, "landed" that it is a file which another host has sent, "watched" only what was seen, heard or typed.
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
    "add_attachment",
    "set_content",
    "add_alternative",
    "add_related",
    "add_field",
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
SAVERS = {
    "save", "screenshot", "shot", "imwrite", "to_csv", "output", "capture", "capture_file", "SaveBitmapFile", "to_png", "start_recording",
}  # fmt: skip
# Functions that write their second argument (or those after it) to the path that is their first.
FILE_WRITERS = {
    "soundfile.write",
    "scipy.io.wavfile.write",
    "imageio.imwrite",
    "imageio.v3.imwrite",
    "numpy.save",
    "wave.open",
}
DOWNLOADS = {"urllib.request.urlretrieve", "wget.download"}
MAKES = cst.Attribute(cst.Name("object"), cst.Name("__init__"))  # a call of a class binds all parameters but `self`
WRITERS = {"write", "writelines", "writeframes"}
TEMPORARY = {"tempfile.NamedTemporaryFile", "tempfile.TemporaryFile", "tempfile.SpooledTemporaryFile"}


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
            for decorator in function.decorators:
                yield from (((id(taker), name), function.name, "") for taker, name in self._takers(decorator.decorator))
        for call in unit.nodes(cst.Call):
            yield from self._passed(call)
            yield from self._landed(call)

    def _takers(self, decorator: cst.BaseExpression) -> Iterator[tuple[cst.FunctionDef, str]]:
        """The functions of the file that a decorator hands the decorated function to, with the parameter that takes it."""
        function = self._keys.local(decorator.func if isinstance(decorator, cst.Call) else decorator)
        if isinstance(function, cst.FunctionDef) and isinstance(decorator, cst.Call):
            returned = [r.value for r in self._unit.nodes(cst.Return) if self._unit.function_of(r) is function]
            function = next((f for r in returned if r is not None and (f := self._keys.local(r)) is not None), None)
        params = params_of(function)
        if isinstance(function, cst.FunctionDef) and params:
            yield function, params[0].name.value

    def _landed(self, call: cst.Call) -> Iterator[Passed]:
        """The paths that a call writes to, with what it writes, for the files that come from another host."""
        name = self._called.name_of.get(id(call), "")
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        places: set[Key] = set()
        source: cst.CSTNode = call
        if name == "os.write" and len(call.args) == 2:
            places, source = self._descriptor(call.args[0].value), call.args[1].value
        elif method in WRITERS and call.args and isinstance(call.func, cst.Attribute):
            places, source = self._path_of(call.func.value), call.args[0].value
        elif method in {"write_bytes", "write_text"} and call.args and isinstance(call.func, cst.Attribute):
            places, source = self._file(call.func.value), call.args[0].value
        elif name == "shutil.copyfileobj" and len(call.args) >= 2:
            places, source = self._path_of(call.args[1].value), call.args[0].value
        elif name in DOWNLOADS:
            target = self._unit.arg(call, 1, "filename") or self._unit.arg(call, 1, "out")
            places = self._file(target) if target is not None else set()
        elif method in {"retrbinary", "retrlines"} and len(call.args) >= 2:
            callback = call.args[1].value
            places = self._path_of(callback.value) if isinstance(callback, cst.Attribute) else set()
        yield from ((key, source, "landed") for key in places)

    def _file(self, node: cst.BaseExpression) -> set[Key]:
        """The places of a path, without the folders that it lies in."""
        if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
            last: cst.BaseExpression | None = node.right
        elif isinstance(node, cst.Call) and node.args and self._called.name_of.get(id(node)) == "os.path.join":
            last = node.args[-1].value
        else:
            last = None
        found = self._keys.roots(last) if last is not None else set()
        return found or self._keys.roots(node)

    def _descriptor(self, node: cst.BaseExpression) -> set[Key]:
        """The names that a file descriptor of `tempfile.mkstemp()` was bound with: its own, and the path's."""
        found = self._keys.roots(node)
        if isinstance(node, cst.Name):
            for binding in self._unit.scopes.look_up(node.value, node):
                if binding.kind == "unpack" and isinstance(binding.node, cst.Assign):
                    found |= {key for t in binding.node.targets for key in self._keys.targets(t.target)}
        return found

    def _passed(self, call: cst.Call) -> Iterator[Passed]:
        made = self._keys.class_of(call.func)
        if made is not None:
            yield from self._bound(made, [(a.keyword.value if a.keyword else None, a.value) for a in call.args], MAKES)
        for function in self._keys.functions(call.func):
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
        if name in running.RUN_CALLS and call.args and isinstance(call.args[0].value, (cst.List, cst.SimpleString)):
            paths = (key for key in self._keys.roots(call.args[0].value) if key[0] != "text" or "." in str(key[1]))
            words = [key for key in self._words(call.args[0].value) if "." in str(key[1])]
            yield from ((key, call, "watched") for key in {*paths, *words})
        if name in COPIERS and len(call.args) >= 2:
            yield from ((key, call.args[0].value, "read") for key in self._keys.roots(call.args[1].value))
        if name == "shutil.make_archive" and call.args:
            yield from ((key, a.value, "read") for key in self._keys.roots(call.args[0].value) for a in call.args[1:])
        if method in SAVERS and isinstance(call.func, cst.Attribute) and call.args:
            content = (
                call if name in stores.WATCH_CALLS else call.args[-1].value if method == "imwrite" else call.func.value
            )
            yield from ((key, content, "") for key in self._keys.roots(call.args[0].value))
        if name in FILE_WRITERS and len(call.args) >= 2:
            written = [a.value for a in call.args[1:]]
            yield from ((key, value, "taken") for key in self._keys.roots(call.args[0].value) for value in written)
        if method in {"write", "writeframes", "dump"} and call.args and isinstance(call.func, cst.Attribute):
            stream = call.args[-1].value if method == "dump" else call.func.value
            yield from ((key, call.args[0].value, "taken") for key in self._path_of(stream))
        if name == "builtins.setattr" and len(call.args) == 3:
            yield from ((key, call.args[2].value, "") for key in self._keys.targets(call.args[0].value))

    def _words(self, node: cst.BaseExpression) -> list[Key]:
        """The words of a command that is one constant text."""
        text = string_value(node) if isinstance(node, cst.SimpleString) else None
        return [("text", word.strip("'\"")) for word in text.split()] if isinstance(text, str) else []

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
        found: set[Key] = set()
        for call in opened:
            name = self._called.name_of.get(id(call), "")
            if not isinstance(call, cst.Call):
                continue
            if name in TEMPORARY:
                found |= set(self._keys.targets(stream))
            elif name == "os.fdopen" and call.args:
                found |= self._descriptor(call.args[0].value)
            elif name in {"builtins.open", "gzip.open", "wave.open", "aiofiles.open"} and call.args:
                found |= self._file(call.args[0].value)
            elif isinstance(call.func, cst.Attribute) and call.func.attr.value == "open":
                found |= self._file(call.func.value)
        return found

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
            if keyword is not None and keyword not in names and function.params.star_kwarg is not None:
                name = function.params.star_kwarg.name.value
            if name is not None:
                yield (id(function), name), value, ""

    def key_hooks(self) -> Iterator[Key]:
        """The parameters in which a hook gives the keys that are pressed to a function of the file."""
        for call in self._called.by_method.get("bind_all", ()):
            event = (
                string_value(call.args[0].value)
                if call.args and isinstance(call.args[0].value, cst.SimpleString)
                else ""
            )
            if isinstance(event, str) and event.startswith("<Key"):
                hooked = self._keys.local(call.args[-1].value)
                if hooked is not None:
                    yield from ((id(hooked), param.name.value) for param in params_of(hooked)[-1:])
        for name, call in self._called.of(stores.KEY_HOOKS):
            for arg in call.args if name else ():
                callback = self._keys.local(arg.value)
                if callback is not None:
                    yield from ((id(callback), param.name.value) for param in params_of(callback)[-2:])
