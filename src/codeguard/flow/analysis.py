"""The data flow of a project: every function is interpreted, calls into the project are followed, sinks are judged."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from codeguard.flow import calls, evidence, ir
from codeguard.flow.expressions import evaluate
from codeguard.flow.frame import Frame
from codeguard.flow.relevance import relevant, statements_in
from codeguard.flow.specials import specials
from codeguard.flow.state import Contents, State, attr_key, item_key
from codeguard.flow.statements import run_block
from codeguard.flow.values import (
    UNKNOWN,
    Callee,
    Label,
    Link,
    Taint,
    Taints,
    Value,
    constant,
    fresh_id,
    join,
    library,
    step,
    unknown,
)
from codeguard.knowledge.flow.model import ALL_KINDS, Library, Sink, Source
from codeguard.model import Span
from codeguard.project.modules import Modules

MAX_CALLS = 4  # how deep calls into the project are followed
# Kinds of sink where even a value of which nothing is known is worth a look: it should be shown to be safe.
OPEN_KINDS = frozenset({"code", "shell"})
BUDGET = 2500  # statements that one root function may cost, calls included

NUMBER_TYPES = frozenset({"builtins.int", "builtins.float", "builtins.bool", "builtins.complex", "uuid.UUID",
                          "datetime.datetime", "datetime.date", "decimal.Decimal"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reached:
    """Untrusted data at a sink: where (module path and ordinal), what was called, which label, and how it got there."""

    module: str
    at: int
    sink: Sink
    called: str
    label: Label
    taint: Taint
    function: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A sink that nothing untrusted reaches: the call's module path and ordinal, its kind and CWEs, and why."""

    module: str
    at: int
    kind: str
    cwe: tuple[int, ...]
    why: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """A `Judged` with its place."""

    path: str
    span: Span
    kind: str
    why: frozenset[str]


@dataclass(slots=True)
class Verdicts:
    """What is known of every sink that was passed: `reached` or why not, by module, ordinal of the call, and kind."""

    found: dict[tuple[str, int, str], Reached] = field(default_factory=dict)
    why_not: dict[tuple[str, int, str], set[str]] = field(default_factory=dict)
    cwes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    dead: dict[str, set[int]] = field(default_factory=dict)
    alive: dict[str, set[int]] = field(default_factory=dict)


class Analysis:
    """One project's analysis.  `modules` maps paths to their lowered form."""

    def __init__(self, modules: Mapping[str, ir.ModuleIR], facts: Library) -> None:
        self.modules = modules
        self.library = facts
        self.names = Modules(modules)
        self.verdicts = Verdicts()
        self.errors: list[tuple[str, str]] = []
        self.cut = 0  # root functions that ran out of their budget
        self._left = 0
        self._globals: dict[str, dict[str, Value]] = {}
        self.base: dict[int, Contents] = {}
        self._class_states: dict[tuple[str, int], dict[str, Value]] = {}
        self.stack: list[tuple[str, int]] = []
        self.max_calls = MAX_CALLS
        self.specials = specials()
        self.relevant = relevant(modules, facts)
        self.fixed_path: str | None = None  # the only path that the route function being interpreted answers to
        self.clean: dict[Any, calls.Clean] = {}
        self._sizes: dict[tuple[str, int], int] = {}
        self.passed: dict[tuple[str, str, str], frozenset[str]] = {}  # path, function, parameter: safe for these
        self._closures: dict[tuple[str, int], dict[str, Value]] = {}

    # -- roots

    def run(self, paths: Iterable[str] | None = None) -> Verdicts:
        """Interpret every function of the modules at `paths` (default: all)."""
        chosen = list(self.modules if paths is None else paths)
        for path in chosen:
            self.module_env(path)
        for path in chosen:
            module = self.modules[path]
            for number, function in enumerate(module.functions):
                if number and function.name != "<class>" and (path, number) in self.relevant:
                    try:
                        self.root(path, number)
                    except (MemoryError, KeyboardInterrupt):
                        raise
                    except Exception as error:  # noqa: BLE001 - a function that breaks the analysis costs only itself
                        last = traceback.extract_tb(error.__traceback__)[-1]
                        where = f"{last.name}, line {last.lineno}"
                        what = f"{function.qualname or function.name}: {type(error).__name__}: {error} ({where})"
                        self.errors.append((path, what))
        return self.verdicts

    def reached(self) -> list[Reached]:
        """Every sink that untrusted data reaches."""
        return list(self.verdicts.found.values())

    def judged(self) -> list[Judged]:
        """Every sink that was passed and that nothing untrusted reaches."""
        found = self.verdicts.found
        sinks = [
            Judged(*key, self.verdicts.cwes.get(key[2], ()), frozenset(why))
            for key, why in self.verdicts.why_not.items()
            if key not in found
        ]
        dead = [
            Judged(path, at, "", (), frozenset({"unreachable"}))
            for path, ats in self.verdicts.dead.items()
            for at in ats - self.verdicts.alive.get(path, set())
        ]
        return sinks + dead

    def spend(self) -> bool:
        """Take one statement from the budget; False where it is used up."""
        self._left -= 1
        if self._left == 0:
            self.cut += 1
        return self._left > 0

    def size(self, key: tuple[str, int]) -> int:
        """How many statements a function holds."""
        if key not in self._sizes:
            self._sizes[key] = statements_in(self.modules[key[0]].functions[key[1]].body)
        return self._sizes[key]

    def module_env(self, path: str) -> dict[str, Value]:
        """The variables of a module after its body has run."""
        known = self._globals.get(path)
        if known is not None:
            return known
        env = self._globals[path] = {}
        module = self.modules[path]
        state = State(env, {}, {}, self.base)
        frame = Frame(path, 0, module.functions[0])
        left, self._left = self._left, BUDGET
        end = run_block(module.functions[0].body, state, frame, self)
        self._left = left
        if end is not None and end is not state:
            env.update(end.env)
        self.base.update((end or state).heap)
        return env

    def root(self, path: str, number: int) -> None:
        """Interpret one function with parameters as the outside world gives them."""
        function = self.modules[path].functions[number]
        state = State({}, {}, {}, self.base)
        owner = self._instance(path, function.owner, state) if function.owner is not None else None
        calls.bind_root(function, owner, state, path, self)
        frame = Frame(path, number, function, owner=owner, closure=self.closure_of(path, function))
        self._left = BUDGET
        self.fixed_path = calls.fixed_path(function)
        self.stack = [(path, number)]
        end = run_block(function.body, state, frame, self)
        merged = dict(end.env) if end is not None else {}
        for _, left in frame.returns:
            for name, value in left.env.items():
                merged[name] = join(merged[name], value) if name in merged else value
        self._closures[(path, number)] = merged
        if function.owner is not None and owner is not None:
            self._remember(path, function.owner, owner, [s for _, s in frame.returns] + ([end] if end else []))

    def note_passed(self, inner: Frame, param: str, value: Value, state: State, frame: Frame) -> None:
        """A function of the project passes a value to another: keep what all such values are safe for."""
        if frame.number in {0, inner.number}:
            return  # a call at the top of a module is often but an example
        safe = ALL_KINDS
        if value.consts is None:
            taints = state.everything(value, 2).values()
            safe = frozenset.intersection(*(t.neutral for t in taints)) if taints else frozenset()
        key = (inner.module, inner.function.qualname, param)
        self.passed[key] = self.passed.get(key, ALL_KINDS) & safe

    def note_callback(self, callee: Callee) -> None:
        """A function of the project is handed to something that calls it."""

    def module_member(self, path: str, name: str) -> Value | None:
        """`module.name` for a module of the project."""
        return self._export(path, (name,), 0)

    def closure_of(self, path: str, function: ir.Function) -> dict[str, Value]:
        """The variables of the function around a nested one."""
        parent = function.parent
        if parent is None or parent == 0:
            return {}
        module = self.modules[path]
        while module.functions[parent].name == "<class>":
            above = module.functions[parent].parent
            if above is None or above == 0:
                return {}
            parent = above
        return self._closures.get((path, parent), {})

    # -- instances of the project's classes

    def _instance(self, path: str, number: int, state: State) -> Value:
        contents = dict(self._class_states.get((path, number), {}))
        if not contents:
            contents = dict(self.class_env(path, number))
        cell = state.new_cell({attr_key(name): value for name, value in contents.items()})
        return Value(fresh_id(), type=class_type(path, number), cell=cell)

    def _remember(self, path: str, number: int, owner: Value, ends: list[State]) -> None:
        known = self._class_states.setdefault((path, number), dict(self.class_env(path, number)))
        for end in ends:
            for key, value in end.contents(owner).items():
                if isinstance(key, tuple) and key[0] == "attr":
                    fixed = replace(value, taints=end.taints(value), cell=None) if value.taints else value
                    known[key[1]] = join(known[key[1]], fixed) if key[1] in known else fixed
                    self._settle(fixed, end, 3)

    def _settle(self, value: Value, state: State, depth: int) -> None:
        """Keep what an attribute holds when the method that set it is over."""
        if value.cell is not None and value.cell in state.heap and depth:
            self.base[value.cell] = state.heap[value.cell]
            for item in state.heap[value.cell].values():
                self._settle(item, state, depth - 1)

    def class_env(self, path: str, number: int) -> dict[str, Value]:
        """The variables of a class body."""
        key = (path, -1 - number)
        if key not in self._closures:
            self._closures[key] = {}
            cls = self.modules[path].classes[number]
            function = self.modules[path].functions[cls.body]
            state = State({}, {}, {}, self.base)
            left, self._left = self._left, BUDGET
            end = run_block(function.body, state, Frame(path, cls.body, function), self)
            self._left = left
            if end is not None:
                self.base.update(end.heap)
            env = {} if end is None else {n: v for n, v in end.env.items() if v.ref is None or v.ref.kind != "function"}
            for base in cls.bases:
                found = self.resolve(base, path).ref if base else None
                if found is not None and found.kind == "class" and (found.module, found.number) != (path, number):
                    env = {**self.class_env(found.module, found.number), **env}
            self._closures[key] = env
        return self._closures[key]

    def method(self, type_: str, name: str, seen: int = 0) -> tuple[str, int] | None:
        """The function that a method name means for a class of the project: (module path, number)."""
        path, number = class_of(type_)
        if path not in self.modules or seen > 8:
            return None
        cls = self.modules[path].classes[number]
        if name in cls.methods:
            return path, cls.methods[name]
        for base in cls.bases:
            found = self.resolve(base, path).ref if base else None
            if found is not None and found.kind == "class":
                inherited = self.method(class_type(found.module, found.number), name, seen + 1)
                if inherited is not None:
                    return inherited
        return None

    def bases(self, type_: str, seen: int = 0) -> list[str]:
        """The dotted names of a project class's bases that are not of the project, all the way up."""
        path, number = class_of(type_)
        if path not in self.modules or seen > 8:
            return []
        out = []
        for base in self.modules[path].classes[number].bases:
            found = self.resolve(base, path).ref if base else None
            if found is not None and found.kind == "class":
                out += self.bases(class_type(found.module, found.number), seen + 1)
            elif base:
                out.append(base)
        return out

    # -- names

    def resolve(self, dotted: str, importer: str) -> Value:
        """What a dotted name means in a module: something of the project, or a library's name."""
        if dotted.startswith("<local>."):
            return self._export(importer, tuple(dotted.split(".")[1:]), 0) or UNKNOWN
        found = self.names.find(dotted, importer)
        if found is not None:
            value = self._export(found[0], found[1], 0)
            if value is not None:
                return value
        return self.named(dotted, importer)

    def resolve_local(self, e: ir.Call, frame: Frame) -> ir.Function | None:
        """The function of the same module, nested ones included, that a call by name means."""
        if not isinstance(e.func, ir.Name):
            return None
        named = (f for f in self.modules[frame.module].functions if f.name == e.func.id and f.owner is None)
        return next((f for f in named if f.parent == frame.function.parent), None)

    def project_name(self, dotted: str, importer: str) -> Value | None:
        """What a dotted name means, where it leads into the project (a package without an `__init__.py`, say)."""
        if "()" in dotted or "[" in dotted:
            return None
        found = self.names.find(dotted, importer)
        return self._export(found[0], found[1], 0) if found is not None else None

    def named(self, dotted: str, importer: str, at: int = 0) -> Value:
        """A library's name, which may be a source of untrusted data (`sys.argv`)."""
        source = self.library.attributes.get(dotted)
        if source is not None:
            return self.sourced(source, importer, at, source.type)
        return library(dotted)

    def _export(self, path: str, rest: tuple[str, ...], depth: int) -> Value | None:
        module = self.modules[path]
        if not rest:
            return Value(fresh_id(), ref=Callee("module", module=path))
        if depth > 8:
            return None
        kind, target = module.exports.get(rest[0], ("", None))
        value: Value | None = None
        if kind == "function":
            value = Value(fresh_id(), ref=Callee("function", rest[0], path, target))
        elif kind == "class":
            value = Value(fresh_id(), ref=Callee("class", rest[0], path, target))
        elif kind == "import":
            found = self.names.find(target, path)
            if found is not None:
                return self._export(found[0], (*found[1], *rest[1:]), depth + 1)
            return self.named(".".join((target, *rest[1:])), path)
        elif kind == "value":
            value = self.module_env(path).get(rest[0])
        else:
            for star in module.stars:
                found = self.names.find(star, path)
                if found is not None and not found[1] and found[0] != path:
                    value = self._export(found[0], rest[:1], depth + 1)
                    if value is not None:
                        break
            if value is None:
                below = self.names.find("." + rest[0], path)
                return self._export(below[0], (*below[1], *rest[1:]), depth + 1) if below and below[0] != path else None
        for name in rest[1:]:
            if value is None or value.ref is None or value.ref.kind != "class":
                return None
            method = self.method(class_type(value.ref.module, value.ref.number), name)
            value = Value(fresh_id(), ref=Callee("function", name, *method)) if method else None
        return value

    def global_name(self, e: ir.Name, frame: Frame) -> Value:
        """A name that no function around binds."""
        env = self.module_env(frame.module)
        found = env.get(e.id)
        if found is not None:
            return found
        if e.ref is None:
            exported = self._export(frame.module, (e.id,), 0) if e.id in self.modules[frame.module].exports else None
            return exported or UNKNOWN
        source = self.library.attributes.get(e.ref)
        if source is not None:
            return self.sourced(source, frame.module, e.at, source.type)
        return self.resolve(e.ref, frame.module)

    def set_global(self, path: str, name: str, value: Value) -> None:
        """A function assigns a variable of its module."""
        env = self.module_env(path)
        env[name] = join(env[name], value) if name in env else value

    # -- sources

    def sourced(self, source: Source, path: str, at: int, type_: str | None = None) -> Value:
        """A value that is untrusted from here on."""
        if self.fixed_path is not None and source.text.endswith("`request.path`)"):
            return constant(self.fixed_path)
        label = Label(source.kind, path, at, source.text, source.trust)
        taint = Taint(frozenset(), (), Link(path, at, f"{source.text} enters here", None, 1))
        return Value(fresh_id(), {label: taint}, type=type_)

    # -- what the interpreter asks

    def attribute(self, e: ir.Attr, base: Value, state: State, frame: Frame) -> Value:
        """`base.attr`, where the base does not hold it itself."""
        return calls.attribute(e, base, state, frame, self)

    def subscript(self, e: ir.Sub, base: Value, index: Value, state: State, frame: Frame) -> Value | None:
        """`base[index]` of a library's object that is a source (`os.environ[...]`); None for ordinary things."""
        name = base.ref.name if base.ref is not None and base.ref.kind == "library" else f"{base.type}()"
        row = self.library.calls.get(f"{name}[]")
        if row is None:
            return None
        return calls.result(row, e.at, name, [index], base, state, frame, self)

    def call(self, e: ir.Call, state: State, frame: Frame) -> Value:
        """A call."""
        return calls.call(e, state, frame, self)

    def store_attribute(self, e: ir.Attr, owner: Value, value: Value, state: State, frame: Frame) -> None:
        """`owner.attr = value`: some attributes are sinks."""
        calls.stored(e.at, owner, e.attr, None, value, state, frame, self)

    def store_item(self, e: ir.Sub, owner: Value, index: Value, value: Value, state: State, frame: Frame) -> None:
        """`owner[index] = value`: some containers are sinks."""
        calls.stored(e.at, owner, None, index, value, state, frame, self)

    def returned(self, s: ir.Return, value: Value, state: State, frame: Frame) -> None:
        """`return value`: what a route handler returns is a page."""
        calls.returned(s, value, state, frame, self)

    def unreachable(self, block: tuple[ir.Stmt, ...], frame: Frame) -> None:
        """Constants show that a block never runs."""
        dead = self.verdicts.dead.setdefault(frame.module, set())
        for statement in block:
            dead.add(statement.at)

    def reachable(self, block: tuple[ir.Stmt, ...], frame: Frame) -> None:
        """A block that constants have shown never to run elsewhere may run here."""
        self.verdicts.alive.setdefault(frame.module, set()).update(statement.at for statement in block)

    def built(self, at: int, value: Value, state: State, frame: Frame) -> None:
        """A text has been put together that is an SQL statement: note what of it is untrusted.

        Other engines report the text, and not the call that it goes to.
        """
        if not evidence.is_sql(value):
            return
        _, taints = calls.narrowed(evidence.TEXT_SQL, value, state)
        live = any("sql" not in taint.neutral for taint in taints.values())
        why = (
            "untrusted"
            if live
            else "constant"
            if value.consts is not None
            else "made safe"
            if value.taints
            else "unknown"
        )
        self.verdicts.why_not.setdefault((frame.module, at, "sql"), set()).add(why)

    def loop_over(self, s: ir.For, source: Value, state: State, frame: Frame) -> None:
        """`for x in source`."""

    def caught(self, handler: ir.Handler, frame: Frame) -> Value:
        """The exception that a handler names."""
        row = self.library.attributes.get("<exception>")
        if row is None:
            return unknown(type_=handler.types[0] if handler.types else None)
        value = self.sourced(row, frame.module, frame.function.at)
        return replace(value, type="builtins.Exception")

    def entered(self, item: ir.Expr, value: Value, state: State, frame: Frame) -> Value:
        """What `with value as x` binds."""
        if value.type == "builtins.list":  # a generator that is a context manager: what it yields
            held = state.any_item(value)
            return held if held is not None else unknown(state.taints(value))
        if value.type is not None and is_project(value.type):
            method = self.method(value.type, "__enter__")
            if method is not None:
                return calls.invoke(
                    Callee("bound", "__enter__", *method, receiver=value), [], {}, item.at, state, frame, self
                )
        return value

    def matched(self, subject: Value, values: tuple[Any, ...] | None, state: State) -> bool:
        """Whether a case can be taken; what is learned of the subject goes to the state."""
        if values is None:
            return True
        if subject.consts is not None and not any(c == v for c in subject.consts for v in values):
            return False
        from codeguard.knowledge.flow.model import ALL_KINDS  # noqa: PLC0415

        state.learn(subject.facts(ALL_KINDS))
        return True

    def defined(self, callee: Callee, value: Value, state: State, frame: Frame) -> Value:
        """A nested function or class statement has run."""
        if callee.kind == "function":
            self._closures[(frame.module, frame.number)] = state.env
        return value

    # -- sinks

    def judge(self, sink: Sink, at: int, called: str, value: Value, taints: Taints, frame: Frame) -> None:
        """Note what reaches a sink, or why nothing does."""
        key = (frame.module, at, sink.kind)
        self.verdicts.cwes.setdefault(sink.kind, sink.cwe)
        live = {
            label: t
            for label, t in taints.items()
            if sink.kind not in t.neutral
            and not (sink.kind == "redirect" and t.neutral >= {"rooted", "one-slash"})
            and label.trust <= sink.min_trust
            and (label.kind == "exception") is (sink.kind == "expose")
        }
        if not live and not taints and _unknown(value) and sink.kind in OPEN_KINDS and not sink.part:
            label = Label("unknown", frame.module, at, "a value of unknown origin", 2)
            live = {label: Taint()}
        if not live:
            known = self.verdicts.why_not.setdefault(key, set())
            if value.consts is not None:
                known.add("constant")
            elif taints:
                known.add("made safe")
            else:
                known.add("unknown")
            return
        every = [Reached(frame.module, at, sink, called, label, live[label], frame.function.qualname) for label in live]
        reached = min(every, key=lambda one: (*_rank(one), one.label.at))
        best = self.verdicts.found.get(key)
        if best is None or _rank(reached) < _rank(best):
            self.verdicts.found[key] = reached


def _unknown(value: Value) -> bool:
    return value.consts is None and not value.taints


def _rank(reached: Reached) -> tuple[int, bool, int]:
    """The source that speaks for a sink: the one nearest to an attacker; a private function's own parameter last."""
    name = reached.label.function.rpartition(".")[2]
    private = reached.label.kind == "param" and name.startswith("_") and not name.startswith("__")
    return reached.label.trust, private, reached.taint.trace.length if reached.taint.trace else 0


def class_type(path: str, number: int) -> str:
    """The type name of a class of the project."""
    return f"<project>:{number}:{path}"


def is_project(type_: str) -> bool:
    """True for the type name of a class of the project."""
    return type_.startswith("<project>:")


def class_of(type_: str) -> tuple[str, int]:
    """The path and number that a project class's type name holds; `("", -1)` for any other."""
    if not is_project(type_):
        return "", -1
    _, number, path = type_.split(":", 2)
    return path, int(number)


__all__ = ["UNKNOWN", "Analysis", "Reached", "Verdicts", "constant", "evaluate", "item_key", "step"]
