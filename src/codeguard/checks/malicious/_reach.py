"""What reaches what inside one file: labels carried through assignments, containers, calls of the file's own functions.

Flow-insensitive and cheap: every name, attribute of `self`, parameter and return value of the file holds a set of
labels (see `_labels`), and a few rounds over the places that pass values on bring them to rest.
"""

from __future__ import annotations

import libcst as cst

from codeguard.checks.malicious import _labels
from codeguard.checks.malicious._calls import Called, calls, resolved
from codeguard.checks.malicious._evaluate import BYTE_CODECS, TEXT_CODECS, text_of, value_of
from codeguard.checks.malicious._keys import Key, Keys, params_of
from codeguard.checks.malicious._labels import NONE, Label, Labels
from codeguard.checks.malicious._orders import carried, handled
from codeguard.checks.malicious._passing import Passing
from codeguard.knowledge.malicious import channels, running, stores
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import children, descend

MAX_ROUNDS = 8
MAX_DEPTH = 50
READERS = {"builtins.open", "os.open", "os.fdopen", "io.FileIO", "gzip.open", "sqlite3.connect", "shutil.copy", "shutil.copyfile", "shutil.copy2",
           "shutil.copytree", "shutil.move", "shutil.make_archive", "linecache.getlines", "fileinput.input", "numpy.fromfile", "inspect.getsource"}  # fmt: skip
READ_METHODS = {"read_text", "read_bytes", "open"}
WALKERS = {"os.walk", "glob.glob", "glob.iglob", "os.listdir", "os.scandir", "os.fwalk"}
WALK_METHODS = {"rglob", "glob", "iterdir", "walk"}
VARIABLES = {
    "os.getenv",
    "os.environ.get",
    "os.environ.pop",
    "os.environ.setdefault",
    "os.environ.__getitem__",
    "os.environb.get",
}
TO_BYTES = {"builtins.bytes", "builtins.str", "builtins.list"}
LANDED: Labels = frozenset({Label("fetched", "a file from another host")})
REMOTE: Labels = frozenset({Label("remote", "what a remote host sends")})
KEY_PAIR: Labels = frozenset({Label("pair", "a wallet's key pair")})
PRIVATE: Labels = frozenset({Label("private", "a wallet's private key")})
SESSION: Labels = frozenset({Label("session", "HTTP")})
PASSED_AS_IT_IS: Labels = KEY_PAIR | SESSION  # what is made with such a thing is none
ORDER: Labels = frozenset({Label("order", "what a request carries")})
PROCESS_ENVIRONMENT = {"env", "environ"}  # the keyword of `subprocess` and of all that runs programs
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
        self._keys = Keys(unit)
        self._secretive = any(
            word in unit.text
            for word in ("pbkdf2", "scrypt", "Fernet", "bcrypt", "argon2", "check_password", "getpass", "PBKDF2")
        )
        passing = Passing(unit, self._keys)
        self._constraints = list(passing.all())
        for hooked in passing.key_hooks():
            self._state.setdefault(hooked, set()).add(Label("keys", "every key pressed"))
        for ordered in handled(unit, self._keys, self._called):
            self._state.setdefault(ordered, set()).update(ORDER)
        self._solve()

    # -- questions

    def labels(self, node: cst.CSTNode | None) -> Labels:
        """What is known of the value of an expression."""
        return NONE if node is None else self._labels(node, 0)

    def kinds(self, node: cst.CSTNode | None) -> set[str]:
        """The kinds of `labels`."""
        return {label.kind for label in self.labels(node)}

    def roots(self, node: cst.CSTNode) -> set[Key]:
        """See `Keys.roots`."""
        return self._keys.roots(node)

    def constants(self, node: cst.CSTNode) -> list[str]:
        """See `Keys.constants`."""
        return self._keys.constants(node)

    def local(self, func: cst.CSTNode) -> cst.FunctionDef | cst.Lambda | None:
        """See `Keys.local`."""
        return self._keys.local(func)

    # -- the solution

    def _solve(self) -> None:
        if self._secretive:
            for function in self._unit.nodes(cst.FunctionDef):
                for param in params_of(function):
                    key: Key = (id(function), param.name.value)
                    self._state.setdefault(key, set()).add(Label(f"parameter:{id(function)}:{param.name.value}"))
        for _ in range(MAX_ROUNDS):
            changed = False
            for key, node, mode in self._constraints:
                labels = self._labels(node, 0)
                if mode == "read":
                    labels = _labels.read(labels)
                elif mode == "landed":
                    labels = LANDED if any(label.kind == "remote" for label in labels) else NONE
                elif mode == "watched":
                    labels = frozenset(label for label in labels if label.kind in _labels.WATCHED)
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
            key = self._keys.key(node)
            if key is None:  # a function stands for what it returns
                function = self._keys.local(node)
                key = ("return", id(function)) if function is not None else None
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
            whole = not isinstance(self._unit.parent(node), cst.BinaryOperation)
            joined = value_of(node, self._unit) if whole else None
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
        if name in {
            f"{call}().{part}"
            for call in ("platform.uname", "os.uname")
            for part in ("system", "sysname", "release", "version", "machine", "processor")
        }:
            return NONE
        if name == "__main__.__file__":
            return frozenset({Label("path:self", "its own source")})
        if node.attr.value in _labels.DROPPING_METHODS:
            return NONE
        base = self._labels(node.value, depth)
        method = self._keys.local(node)
        if method is not None:  # as a name: a function stands for what it returns
            base |= frozenset(self._state.get(("return", id(method)), ()))
        if base >= KEY_PAIR:
            base = PRIVATE if node.attr.value in stores.KEY_OUT else base - KEY_PAIR
        if name in stores.KEY_MAKERS:
            base |= KEY_PAIR
        if carried(node, name or "", self._unit):
            base |= ORDER
        own = self._state.get(("attribute", node.attr.value))
        if own and isinstance(node.value, cst.Name) and self._mine(node.value):
            return base | own
        return base

    def _mine(self, node: cst.Name) -> bool:
        """Whether an object is of a class of the file: `self`, the class, or what one makes."""
        return self._unit.names.owner(node) is not None or (self._unit.name(node) or "").startswith("<local>.")

    def _subscript(self, node: cst.Subscript, depth: int) -> Labels:
        name = self._unit.name(node.value) or ""
        index = node.slice[0].slice if node.slice else None
        inner = self._labels(index.value, depth) if isinstance(index, cst.Index) else NONE
        if name.endswith("os.environ") or name == "os.environb":
            return _labels.variable(inner) | _paths(inner)
        if (
            name == "sys.argv"
            and isinstance(index, cst.Index)
            and isinstance(index.value, cst.Integer)
            and index.value.value == "0"
        ):
            return frozenset({Label("path:self", "its own source")})
        if isinstance(index, cst.Index) and self._wsgi(index.value, node.value):
            return ORDER
        return self._labels(node.value, depth)

    def _wsgi(self, index: cst.BaseExpression, base: cst.BaseExpression) -> bool:
        """Whether a part of a request is looked up in the `environ` of WSGI (PEP 3333), a parameter."""
        text = string_value(index) if isinstance(index, cst.SimpleString) else None
        if not isinstance(text, str) or not channels.WSGI.match(text):
            return False
        return isinstance(base, cst.Name) and any(
            b.kind == "param" for b in self._unit.scopes.look_up(base.value, base)
        )

    def _call(self, node: cst.Call, depth: int) -> Labels:
        name = self._called.name_of.get(id(node), "")
        method = node.func.attr.value if isinstance(node.func, cst.Attribute) else ""
        if name in _labels.DROPPING or method in _labels.DROPPING_METHODS:
            return NONE
        if method in channels.HANDLER_METHODS:
            return ORDER
        if name in stores.HOST_CALLS:
            return frozenset({Label("host", stores.HOST_CALLS[name])}) | (
                frozenset(label for label in _labels.walked(self._given(node, depth)) if label.kind != "host")
                if name == "os.listdir"
                else NONE
            )
        if name in channels.SESSIONS:
            return SESSION
        if name in stores.KEY_MAKERS:
            return KEY_PAIR
        if name in stores.WATCH_CALLS:
            kind, what = stores.WATCH_CALLS[name]
            return frozenset({Label(kind, what)}) | self._given(node, depth)
        if name in channels.HTTP_CALLS or (method in channels.SOCKET_READERS and self._reads_socket(name)):
            address = {
                label
                for label in _labels.read(self._given(node, depth))
                if label.kind in {"ip", "chat", "address", "credential"}
            }
            return REMOTE | address
        if name in VARIABLES and node.args:
            inner = self._labels(node.args[0].value, depth)
            return _labels.variable(inner) | _paths(inner)
        if method in channels.OTHER_FETCHERS and any(part in name for part in channels.OTHER_FETCHERS[method]):
            return REMOTE
        if method == "makefile" and "socket" in name:
            return REMOTE
        if name == "asyncio.open_connection":
            return REMOTE | self._given(node, depth)
        if name == "inspect.getsource" and "__name__" in {
            n.value for a in node.args for n in descend(a.value) if isinstance(n, cst.Name)
        }:
            return frozenset({Label("self", "its own source")})
        if name in {"pathlib.Path.home", "pathlib.Path().home"}:
            return frozenset({Label("path:home", "the home folder")})
        functions = self._keys.functions(node.func)
        if functions:
            returned = frozenset(label for f in functions for label in self._state.get(("return", id(f)), ()))
            bodies = (self._labels(f.body, depth) for f in functions if isinstance(f, cst.Lambda))
            return returned.union(*bodies)
        if method == "get" and isinstance(node.func, cst.Attribute) and node.args:
            if self._wsgi(node.args[0].value, node.func.value):
                return ORDER
        if method == "get" and isinstance(node.func, cst.Attribute) and name == "builtins.dict().get":
            return self._labels(node.func.value, depth).union(*(self._labels(a.value, depth) for a in node.args[1:]))
        given = self._given(node, depth)
        if isinstance(node.func, cst.Name):  # a function that was handed in
            given |= self._labels(node.func, depth)
        if isinstance(node.func, cst.Attribute):
            if name.startswith("os.environ.") and method in {"copy", "items", "values"}:
                return frozenset({Label("environment", "all environment variables")})
            base = self._labels(node.func.value, depth)
            if method in channels.SESSION_VERBS and base >= SESSION:
                return REMOTE
            if method in stores.KEY_OUT and base >= KEY_PAIR:
                return PRIVATE
            given |= base
        if name in TO_BYTES and given >= KEY_PAIR:
            return PRIVATE
        if given & PASSED_AS_IT_IS and not isinstance(node.func, cst.Name):
            given -= PASSED_AS_IT_IS
        if name in running.DECODE_CALLS and self._hides(node, name):
            given |= {Label("decoded", f"`{name.rpartition('builtins.')[2]}`")}
        elif name in READERS or method in READ_METHODS or (method in DATABASE_METHODS and given):
            given = _labels.read(given)
        elif name in WALKERS or method in WALK_METHODS:
            given = _labels.walked(given, self._folder(node))
        elif name in running.RUN_CALLS:
            given |= self._command_output(node)
        return given

    def _folder(self, node: cst.Call) -> str | None:
        """The whole disk that is walked, if it is one: an argument, one of a loop, or the `Path` of a method."""
        made = node.func.value if isinstance(node.func, cst.Attribute) else None
        call = made if isinstance(made, cst.Call) else node
        if not call.args:
            return None
        start = call.args[0].value
        places = [start]
        if isinstance(start, cst.Name):
            for binding in self._unit.scopes.look_up(start.value, start):
                if binding.kind == "loop" and isinstance(binding.value, (cst.List, cst.Tuple, cst.Set)):
                    places += [element.value for element in binding.value.elements]
        values = [value_of(place, self._unit) for place in places]
        return next((v for v in values if isinstance(v, str) and v in _labels.WHOLE_DISK), None)

    def _reads_socket(self, name: str) -> bool:
        """Whether `recv` is that of a socket: of a known one, or of an unknown thing in a file that opens one."""
        if name:
            return name.startswith(channels.SOCKET_OPENERS)
        return "socket.socket" in self._called.by_name or "socketserver" in self._unit.text

    def _hides(self, node: cst.Call, name: str) -> bool:
        """False for `codecs.decode` with an encoding of text, and for the loaders of compiled files."""
        if name == "marshal.loads":
            return bool(node.args) and isinstance(value_of(node.args[0].value, self._unit), bytes)
        if name != "codecs.decode":
            return True
        codec = value_of(node.args[1].value, self._unit) if len(node.args) > 1 else None
        return codec in TEXT_CODECS | BYTE_CODECS

    def _command_output(self, node: cst.Call) -> Labels:
        texts = self._keys.constants(node.args[0].value) if node.args else []
        told = " ".join(texts)
        for pattern, kind, what in stores.WATCH_COMMANDS if texts else ():
            if pattern.search(told):
                return frozenset({Label(kind, what), Label("output", "a command's output")})
        if texts and stores.HOST_COMMAND.match(" ".join(texts)):
            kind = "environment" if texts[0].strip() in {"env", "printenv", "set"} else "host"
            return frozenset(
                {Label(kind, f"the output of `{' '.join(texts)[:30]}`"), Label("output", "a command's output")}
            )
        return frozenset({Label("output", "a command's output")})

    def _given(self, node: cst.Call, depth: int) -> Labels:
        found: set[Label] = set()
        for arg in node.args:
            labels = self._labels(arg.value, depth)
            if labels and arg.keyword is not None and arg.keyword.value in PROCESS_ENVIRONMENT:
                name = self._called.name_of.get(id(node), "")
                if name and not name.startswith(("builtins.", "<local>.")):  # what it starts runs in it
                    labels = frozenset(label for label in labels if label.kind != "environment")
            found |= labels
        return frozenset(found)

    def resolved(self, node: cst.CSTNode) -> str:
        """The full name of an expression, indirection included; empty where unknown."""
        return resolved(node, self._unit) or ""


def _paths(labels: Labels) -> Labels:
    """What a folder that a variable names leads to: `%LOCALAPPDATA%`, `$HOME`."""
    return frozenset(
        Label("path:home", f"`{label.what}`")
        for label in labels
        if label.kind == "name:person" and "HOME" in label.what
    )
