"""What reaches what inside one file: labels carried through assignments, containers, calls of the file's own functions.

Flow-insensitive and cheap: every name, attribute of `self`, parameter and return value of the file holds a set of
labels (see `_labels`), and a few rounds over the places that pass values on bring them to rest.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks.malicious import _labels
from codeguard.checks.malicious._calls import Called, calls, resolved
from codeguard.checks.malicious._evaluate import BYTE_CODECS, TEXT_CODECS, text_of, value_of
from codeguard.checks.malicious._labels import NONE, Label, Labels
from codeguard.checks.malicious._when import methods
from codeguard.knowledge.malicious import channels, running, stores
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import children, descend

Key = tuple[object, ...]
MAX_ROUNDS = 8
MAX_DEPTH = 50
READERS = {"builtins.open", "os.open", "os.fdopen", "io.FileIO", "gzip.open", "sqlite3.connect", "shutil.copy", "shutil.copyfile", "shutil.copy2",
           "shutil.copytree", "shutil.move", "shutil.make_archive", "linecache.getlines", "fileinput.input", "numpy.fromfile", "inspect.getsource"}  # fmt: skip
READ_METHODS = {"read_text", "read_bytes", "open"}
COPIERS = {"shutil.copy", "shutil.copyfile", "shutil.copy2", "shutil.copytree", "shutil.move", "os.rename", "os.replace"}
PACKERS = {"write", "add", "writestr"}
WALKERS = {"os.walk", "glob.glob", "glob.iglob", "os.listdir", "os.scandir", "os.fwalk"}
WALK_METHODS = {"rglob", "glob", "iterdir", "walk"}
MUTATORS = {"append", "extend", "add", "update", "insert", "write", "put", "setdefault", "writestr", "appendleft", "attach", "writelines", "put_nowait", "set_payload", "writerow"}
DROPPING = {"builtins.len", "builtins.bool", "builtins.isinstance", "builtins.print", "os.path.exists", "os.path.isfile", "os.path.getsize", "builtins.hasattr", "builtins.any", "builtins.all"}
DROPPING_METHODS = {"exists", "is_file", "is_dir", "startswith", "endswith", "isdigit", "hexdigest", "digest", "status_code", "raise_for_status"}
VARIABLES = {"os.getenv", "os.environ.get", "os.environ.pop", "os.environ.setdefault", "os.environ.__getitem__", "os.environb.get"}
STARTERS = {"threading.Thread", "threading.Timer", "multiprocessing.Process", "_thread.start_new_thread", "atexit.register", "asyncio.run"}
SUBMITTERS = {"submit", "map", "apply_async", "run_in_executor", "call_later", "enter", "after", "start_soon", "create_task"}
SAVERS = {"save", "screenshot", "shot", "imwrite", "to_csv", "output"}
DATABASE_METHODS = {"execute", "fetchall", "fetchone", "cursor", "executemany"}


def reach(unit: Unit) -> Reach:
    """The solved labels of a unit (to be asked through `unit.fact(reach)`)."""
    return Reach(unit)


class Reach:
    """The labels of every expression of one file."""

    def __init__(self, unit: Unit) -> None:
        self._unit = unit
        self._called: Called = unit.fact(calls)
        self._state: dict[Key, set[Label]] = {}
        self._texts: dict[int, Labels] = {}
        self._keys: dict[int, Key | None] = {}
        self._secretive = any(word in unit.text for word in ("pbkdf2", "scrypt", "Fernet", "bcrypt", "argon2", "check_password", "getpass", "PBKDF2"))
        self._constraints: list[tuple[Key, cst.CSTNode, str]] = list(self._collect())
        self._solve()

    # -- questions

    def labels(self, node: cst.CSTNode | None) -> Labels:
        """What is known of the value of an expression."""
        return NONE if node is None else self._labels(node, 0)

    def kinds(self, node: cst.CSTNode | None) -> set[str]:
        """The kinds of `labels`."""
        return {label.kind for label in self.labels(node)}

    def roots(self, node: cst.CSTNode) -> set[Key]:
        """The names and constant texts that an expression is made of."""
        found: set[Key] = set()
        for part in descend(node):
            if isinstance(part, (cst.SimpleString, cst.ConcatenatedString)):
                text = string_value(part)
                if text and len(text) >= 3:
                    found.add(("text", text))
            elif isinstance(part, cst.Name):
                key = self._key(part)
                if key is not None:
                    found.add(key)
        return found

    def constants(self, node: cst.CSTNode) -> list[str]:
        """The constant texts in an expression and in what its names are bound to (three steps deep)."""
        found: list[str] = []
        seen: set[int] = set()
        stack: list[tuple[cst.CSTNode, int]] = [(node, 0)]
        while stack and len(seen) < 400:
            top, hops = stack.pop()
            if id(top) in seen:
                continue
            seen.add(id(top))
            whole = value_of(top, self._unit) if isinstance(top, cst.BaseExpression) and not isinstance(top, (cst.Name, cst.SimpleString)) else None
            if isinstance(whole, (str, bytes)):
                found.append(text_of(whole) or "")
                continue
            for part in descend(top):
                if isinstance(part, (cst.SimpleString, cst.ConcatenatedString)):
                    found.append(text_of(string_value(part)) or "")
                elif isinstance(part, cst.FormattedString):
                    found.append("".join(p.value if isinstance(p, cst.FormattedStringText) else "{}" for p in part.parts))
                elif isinstance(part, cst.Name) and hops < 3:
                    for binding in self._unit.scopes.look_up(part.value, part):
                        if binding.kind in {"assign", "augment", "walrus", "loop", "with"} and binding.value is not None:
                            stack.append((binding.value, hops + 1))
        return [text for text in found if text]

    # -- the graph

    def _key(self, node: cst.Name) -> Key | None:
        known = self._keys.get(id(node), ())
        if known != ():
            return known
        scope = start = self._unit.scopes.at(node)
        key: Key | None = None
        while scope is not None:
            if node.value in scope.bindings and (not scope.is_class or scope is start) and node.value not in scope.global_names:
                kinds = {b.kind for b in scope.bindings[node.value]}
                key = None if kinds <= {"import", "function", "class"} else (id(scope.node), node.value)
                break
            if scope.parent is None:
                break
            scope = scope.parent
        self._keys[id(node)] = key
        return key

    def _targets(self, target: cst.CSTNode) -> Iterator[Key]:
        if isinstance(target, cst.Name):
            key = self._key(target)
            if key is not None:
                yield key
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                yield from self._targets(element.value)
        elif isinstance(target, cst.StarredElement):
            yield from self._targets(target.value)
        elif isinstance(target, cst.Attribute):
            if isinstance(target.value, cst.Name) and self._unit.names.owner(target.value) is not None:
                yield ("attribute", target.attr.value)
            else:
                yield from self._targets(target.value)
        elif isinstance(target, cst.Subscript):
            yield from self._targets(target.value)

    def _collect(self) -> Iterator[tuple[Key, cst.CSTNode, str]]:
        unit = self._unit
        for assign in unit.nodes(cst.Assign):
            for item in assign.targets:
                yield from ((key, assign.value, "") for key in self._targets(item.target))
        for other in (*unit.nodes(cst.AugAssign), *unit.nodes(cst.AnnAssign), *unit.nodes(cst.NamedExpr)):
            if other.value is not None:
                yield from ((key, other.value, "") for key in self._targets(other.target))
        for loop in (*unit.nodes(cst.For), *unit.nodes(cst.CompFor)):
            yield from ((key, loop.iter, "") for key in self._targets(loop.target))
        for item in unit.nodes(cst.WithItem):
            if item.asname is not None:
                yield from ((key, item.item, "") for key in self._targets(item.asname.name))
        for out in (*unit.nodes(cst.Return), *unit.nodes(cst.Yield)):
            function = unit.function_of(out)
            value = out.value.item if isinstance(out.value, cst.From) else out.value
            if function is not None and value is not None:
                yield ("return", id(function)), value, ""
        for function in unit.nodes(cst.FunctionDef):
            for param in _params(function):
                if param.default is not None:
                    yield (id(function), param.name.value), param.default, ""
        for call in unit.nodes(cst.Call):
            yield from self._passed(call)

    def _passed(self, call: cst.Call) -> Iterator[tuple[Key, cst.CSTNode, str]]:
        function = self.local(call.func)
        if function is not None:
            yield from self._bound(function, [(a.keyword.value if a.keyword else None, a.value) for a in call.args], call.func)
        name = self._called.name_of.get(id(call), "")
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ""
        if name in STARTERS or method in SUBMITTERS:
            started = [(a, f) for a in call.args if (f := self.local(a.value)) is not None]
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
        if name in stores.KEY_HOOKS:
            for other in call.args:
                callback = self.local(other.value)
                for param in _params(callback)[-2:] if callback is not None else ():
                    self._state.setdefault((id(callback), param.name.value), set()).add(Label("keys", "every key pressed"))
        if method in MUTATORS and isinstance(call.func, cst.Attribute):
            mode = "read" if method in PACKERS and ("ipFile" in (name or "") or "tarfile" in (name or "")) else ""
            for key in self._targets(call.func.value):
                yield from ((key, a.value, mode) for a in call.args)
        if name in COPIERS and len(call.args) >= 2:
            yield from ((key, call.args[0].value, "read") for key in self.roots(call.args[1].value))
        if name == "shutil.make_archive" and call.args:
            yield from ((key, a.value, "read") for key in self.roots(call.args[0].value) for a in call.args[1:])
        if method in SAVERS and isinstance(call.func, cst.Attribute) and call.args:
            content = call if name in stores.WATCH_CALLS else call.func.value
            yield from ((key, content, "") for key in self.roots(call.args[0].value))
        if method in {"write", "dump"} and call.args and isinstance(call.func, cst.Attribute):
            stream = call.func.value if method == "write" else call.args[-1].value
            yield from ((key, call.args[0].value, "taken") for key in self._path_of(stream))
        if name in {"builtins.setattr"} and len(call.args) == 3:
            yield from ((key, call.args[2].value, "") for key in self._targets(call.args[0].value))

    def _path_of(self, stream: cst.BaseExpression) -> set[Key]:
        """The names and texts of the path that a file object was opened with."""
        opened = [stream]
        if isinstance(stream, cst.Name):
            opened = [b.value for b in self._unit.scopes.look_up(stream.value, stream) if b.kind in {"with", "assign"} and b.value is not None]
        return {
            key
            for call in opened
            if isinstance(call, cst.Call) and call.args and self._called.name_of.get(id(call)) == "builtins.open"
            for key in self.roots(call.args[0].value)
        }

    def _bound(
        self, function: cst.FunctionDef | cst.Lambda, given: list[tuple[str | None, cst.BaseExpression]], func: cst.BaseExpression
    ) -> Iterator[tuple[Key, cst.CSTNode, str]]:
        names = [p.name.value for p in _params(function)]
        positional = names[1:] if isinstance(func, cst.Attribute) and names and isinstance(function, cst.FunctionDef) else names
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

    def local(self, func: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """The function of this file that an expression refers to, where there is only one."""
        if isinstance(func, cst.Lambda):
            return func
        if isinstance(func, cst.Name):
            bindings = self._unit.scopes.look_up(func.value, func)
            if len(bindings) == 1:
                node = bindings[0].node if bindings[0].kind == "function" else bindings[0].value
                return node if isinstance(node, (cst.FunctionDef, cst.Lambda)) and bindings[0].kind in {"function", "assign"} else None
        elif isinstance(func, cst.Attribute):
            named = methods(self._unit).get(func.attr.value, [])
            if len(named) == 1:
                base = func.value
                mine = isinstance(base, cst.Name) and self._unit.names.owner(base) is not None
                if mine or (self._unit.name(base) or "").startswith("<local>."):
                    return named[0]
        return None

    def _solve(self) -> None:
        if self._secretive:
            for function in self._unit.nodes(cst.FunctionDef):
                for param in _params(function):
                    key = (id(function), param.name.value)
                    self._state.setdefault(key, set()).add(Label(f"parameter:{id(function)}:{param.name.value}"))
        for _ in range(MAX_ROUNDS):
            changed = False
            for key, node, mode in self._constraints:
                labels = self._labels(node, 0)
                if mode == "read":
                    labels = _labels.read(labels)
                elif mode == "taken":
                    labels = frozenset(label for label in labels if label.kind in _labels.COLLECTED)
                held = self._state.setdefault(key, set())
                if not labels <= held:
                    held |= labels
                    changed = True
            if not changed:
                return

    # -- expressions

    def _labels(self, node: cst.CSTNode, depth: int) -> Labels:
        if depth > MAX_DEPTH:
            return NONE
        depth += 1
        if isinstance(node, cst.Name):
            if node.value == "__file__":
                return frozenset({Label("path:self", "its own source")})
            key = self._key(node)
            return frozenset(self._state.get(key, ())) if key is not None else NONE
        if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
            return self._text(node)
        if isinstance(node, cst.FormattedString):
            return self._format(node, depth)
        if isinstance(node, cst.Call):
            return self._call(node, depth)
        if isinstance(node, cst.Attribute):
            return self._attribute(node, depth)
        if isinstance(node, cst.Subscript):
            return self._subscript(node, depth)
        if isinstance(node, cst.BinaryOperation):
            joined = value_of(node, self._unit)
            own = _labels.of_text(joined) if isinstance(joined, str) else NONE
            return own | self._labels(node.left, depth) | self._labels(node.right, depth)
        if isinstance(node, (cst.Comparison, cst.Lambda, cst.UnaryOperation)):
            return NONE
        if isinstance(node, cst.IfExp):
            return self._labels(node.body, depth) | self._labels(node.orelse, depth)
        if isinstance(node, (cst.ListComp, cst.SetComp, cst.GeneratorExp)):
            return self._labels(node.elt, depth)
        if isinstance(node, cst.DictComp):
            return self._labels(node.key, depth) | self._labels(node.value, depth)
        if isinstance(node, cst.Await):
            return self._labels(node.expression, depth)
        return self._all(node, depth)

    def _all(self, node: cst.CSTNode, depth: int) -> Labels:
        found: set[Label] = set()
        for child in children(node):
            found |= self._labels(child, depth)
        return frozenset(found)

    def _text(self, node: cst.SimpleString | cst.ConcatenatedString) -> Labels:
        known = self._texts.get(id(node))
        if known is None:
            text = text_of(string_value(node)) or ""
            known = self._texts[id(node)] = _labels.of_text(text)
        extra = self._state.get(("text", string_value(node)))
        return known | extra if extra else known

    def _format(self, node: cst.FormattedString, depth: int) -> Labels:
        pieces = [p.value if isinstance(p, cst.FormattedStringText) else "{}" for p in node.parts]
        found: set[Label] = set(_labels.of_text("".join(pieces)))
        for part in node.parts:
            if isinstance(part, cst.FormattedStringExpression):
                found |= self._labels(part.expression, depth)
        return frozenset(found)

    def _attribute(self, node: cst.Attribute, depth: int) -> Labels:
        name = self._unit.name(node)
        if name in {"os.environ", "os.environb"} or (name is not None and name.endswith(".os.environ")):
            return frozenset({Label("environment", "all environment variables")})
        if name == "sys.argv":
            return NONE
        base = self._labels(node.value, depth)
        if node.attr.value in DROPPING_METHODS:
            return NONE
        own = self._state.get(("attribute", node.attr.value))
        if own and isinstance(node.value, cst.Name) and self._unit.names.owner(node.value) is not None:
            return base | own
        return base

    def _subscript(self, node: cst.Subscript, depth: int) -> Labels:
        name = self._unit.name(node.value) or ""
        index = node.slice[0].slice if node.slice else None
        inner = self._labels(index.value, depth) if isinstance(index, cst.Index) else NONE
        if name.endswith("os.environ") or name == "os.environb":
            return _labels.variable(inner) | _paths(inner)
        if name == "sys.argv" and isinstance(index, cst.Index) and isinstance(index.value, cst.Integer) and index.value.value == "0":
            return frozenset({Label("path:self", "its own source")})
        return self._labels(node.value, depth)

    def _call(self, node: cst.Call, depth: int) -> Labels:
        name = self._called.name_of.get(id(node), "")
        method = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if name in DROPPING or method in DROPPING_METHODS:
            return NONE
        if name in stores.HOST_CALLS:
            return frozenset({Label("host", stores.HOST_CALLS[name])}) | (self._given(node, depth) if name == "os.listdir" else NONE)
        if name in stores.WATCH_CALLS:
            kind, what = stores.WATCH_CALLS[name]
            return frozenset({Label(kind, what)}) | self._given(node, depth)
        if name in channels.HTTP_CALLS or method in channels.SOCKET_READERS:
            address = {label for label in self._given(node, depth) if label.kind in {"ip", "chat", "address"}}
            return frozenset({Label("remote", "what a remote host sends"), *address})
        if name in VARIABLES and node.args:
            inner = self._labels(node.args[0].value, depth)
            return _labels.variable(inner) | _paths(inner)
        if name in {"pathlib.Path.home", "pathlib.Path().home"}:
            return frozenset({Label("path:home", "the home folder")})
        function = self.local(node.func)
        if function is not None:
            returned = frozenset(self._state.get(("return", id(function)), ()))
            return returned | (self._labels(function.body, depth) if isinstance(function, cst.Lambda) else NONE)
        given = self._given(node, depth)
        if isinstance(node.func, cst.Attribute):
            if name.startswith("os.environ.") and method in {"copy", "items", "values"}:
                return frozenset({Label("environment", "all environment variables")})
            given |= self._labels(node.func.value, depth)
        if name in running.DECODE_CALLS and self._hides(node, name):
            given |= {Label("decoded", f"`{name.rpartition('builtins.')[2]}`")}
        elif name in READERS or method in READ_METHODS or (method in DATABASE_METHODS and given):
            given = _labels.read(given)
        elif name in WALKERS or method in WALK_METHODS:
            given = _labels.walked(given)
        elif name in running.RUN_CALLS:
            given |= self._command_output(node)
        return given

    def _hides(self, node: cst.Call, name: str) -> bool:
        """False for `codecs.decode` with an encoding of text, which hides nothing."""
        if name != "codecs.decode":
            return True
        codec = value_of(node.args[1].value, self._unit) if len(node.args) > 1 else None
        return codec in TEXT_CODECS | BYTE_CODECS

    def _command_output(self, node: cst.Call) -> Labels:
        texts = self.constants(node.args[0].value) if node.args else []
        if texts and stores.HOST_COMMAND.match(" ".join(texts)):
            kind = "environment" if texts[0].strip() in {"env", "printenv", "set"} else "host"
            return frozenset({Label(kind, f"the output of `{' '.join(texts)[:30]}`"), Label("output", "a command's output")})
        return frozenset({Label("output", "a command's output")})

    def _given(self, node: cst.Call, depth: int) -> Labels:
        found: set[Label] = set()
        for arg in node.args:
            found |= self._labels(arg.value, depth)
        return frozenset(found)

    def resolved(self, node: cst.CSTNode) -> str:
        """The full name of an expression, indirection included; empty where unknown."""
        return resolved(node, self._unit) or ""


def _paths(labels: Labels) -> Labels:
    """What a folder that a variable names leads to: `%LOCALAPPDATA%`, `$HOME`."""
    return frozenset(Label("path:home", f"`{label.what}`") for label in labels if label.kind == "name:person" and "HOME" in label.what)


def _params(function: cst.FunctionDef | cst.Lambda | None) -> list[cst.Param]:
    return [] if function is None else [*function.params.posonly_params, *function.params.params, *function.params.kwonly_params]
