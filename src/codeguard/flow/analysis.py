"""The data flow of a project: every function is interpreted, calls into the project are followed, sinks are judged."""

from __future__ import annotations

import traceback
from collections.abc import Iterable, Mapping
from typing import Any

from codeguard.flow import attributes, calls, ir, library_calls, outputs, parameters, project_calls
from codeguard.flow.classes import class_type, is_project
from codeguard.flow.frame import Frame
from codeguard.flow.relevance import relevant, statements_in
from codeguard.flow.resolution import Resolver
from codeguard.flow.specials import specials
from codeguard.flow.state import Contents, State, attr_key, item_key
from codeguard.flow.statements import run_block
from codeguard.flow.values import (
    Callee,
    Label,
    Link,
    Taint,
    Value,
    constant,
    fresh_id,
    join,
    unknown,
)
from codeguard.flow.verdicts import Verdicts
from codeguard.knowledge.flow.model import ALL_KINDS, Library, Source

MAX_CALLS = 4  # how deep calls into the project are followed
BUDGET = 2500  # statements that one root function may cost, calls included

NUMBER_TYPES = frozenset({"builtins.int", "builtins.float", "builtins.bool", "builtins.complex", "uuid.UUID",
                          "datetime.datetime", "datetime.date", "decimal.Decimal"})  # fmt: skip

_ROLE, _CONTENT = item_key("role"), item_key("content")


class Analysis(Resolver):
    """One project's analysis.  `modules` maps paths to their lowered form."""

    def __init__(self, modules: Mapping[str, ir.ModuleIR], facts: Library) -> None:
        super().__init__(modules, facts)
        self.verdicts = Verdicts()
        self.errors: list[tuple[str, str]] = []
        self.cut: dict[tuple[str, int], None] = {}  # functions and module bodies that ran out of their budget
        self._left = 0
        self._spending = ("", 0)  # the function or module body whose budget is being spent
        self._globals: dict[str, dict[str, Value]] = {}
        self.base: dict[int, Contents] = {}
        self._class_states: dict[tuple[str, int], dict[str, Value]] = {}
        self.stack: list[tuple[str, int]] = []
        self.max_calls = MAX_CALLS
        self.specials = specials()
        self.relevant = relevant(modules, facts, MAX_CALLS + 1)  # what calls a root says what is passed to it
        self.fixed_path: str | None = None  # the only path that the route function being interpreted answers to
        self.clean: dict[Any, project_calls.Clean] = {}
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

    def spend(self) -> bool:
        """Take one statement from the budget; False where it is used up."""
        self._left -= 1
        if self._left == 0:
            self.cut[self._spending] = None
        return self._left > 0

    def _start(self, path: str, number: int) -> tuple[int, tuple[str, int]]:
        """Give a function or module body its budget; what the one before it has left, and which that is."""
        kept = self._left, self._spending
        self._left, self._spending = BUDGET, (path, number)
        return kept

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
        kept = self._start(path, 0)
        body = module.functions[0].body
        end = self._run_fragment(body, state, frame) if module.fragment else run_block(body, state, frame, self)
        self._left, self._spending = kept
        if end is not None and end is not state:
            env.update(end.env)
        self.base.update((end or state).heap)
        return env

    def _run_fragment(self, body: tuple[ir.Stmt, ...], state: State, frame: Frame) -> State:
        """Run each statement of a piece of code: a `return` or `raise` in it belonged to what is missing around it."""
        for statement in body:
            before = state.copy()
            end = run_block((statement,), state, frame, self)
            state = end if end is not None else before
        return state

    def root(self, path: str, number: int) -> None:
        """Interpret one function with parameters as the outside world gives them."""
        function = self.modules[path].functions[number]
        state = State({}, {}, {}, self.base)
        owner = self._instance(path, function.owner, state) if function.owner is not None else None
        parameters.bind_root(function, owner, state, path, self)
        frame = Frame(path, number, function, owner=owner, closure=self.closure_of(path, function))
        self._start(path, number)
        self.fixed_path = parameters.fixed_path(function)
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
                    fixed = value._replace(taints=end.taints(value), cell=None) if value.taints else value
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
            kept = self._start(path, cls.body)
            end = run_block(function.body, state, Frame(path, cls.body, function), self)
            self._left, self._spending = kept
            if end is not None:
                self.base.update(end.heap)
            env = {} if end is None else {n: v for n, v in end.env.items() if v.ref is None or v.ref.kind != "function"}
            for base in cls.bases:
                found = self.resolve(base, path).ref if base else None
                if found is not None and found.kind == "class" and (found.module, found.number) != (path, number):
                    env = {**self.class_env(found.module, found.number), **env}
            self._closures[key] = env
        return self._closures[key]

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
        return attributes.attribute(e, base, state, frame, self)

    def subscript(self, e: ir.Sub, base: Value, index: Value, state: State, frame: Frame) -> Value | None:
        """`base[index]` of a library's object that is a source (`os.environ[...]`); None for ordinary things."""
        name = base.ref.name if base.ref is not None and base.ref.kind == "library" else f"{base.type}()"
        row = self.library.calls.get(f"{name}[]")
        if row is None:
            return None
        return library_calls.result(row, e.at, name, [index], base, state, frame, self)

    def call(self, e: ir.Call, state: State, frame: Frame) -> Value:
        """A call."""
        return calls.call(e, state, frame, self)

    def store_attribute(self, e: ir.Attr, owner: Value, value: Value, state: State, frame: Frame) -> None:
        """`owner.attr = value`: some attributes are sinks."""
        outputs.stored(e.at, owner, e.attr, None, value, state, frame, self)

    def store_item(self, e: ir.Sub, owner: Value, index: Value, value: Value, state: State, frame: Frame) -> None:
        """`owner[index] = value`: some containers are sinks."""
        outputs.stored(e.at, owner, None, index, value, state, frame, self)

    def returned(self, s: ir.Return, value: Value, state: State, frame: Frame) -> None:
        """`return value`: what a route handler returns is a page."""
        outputs.returned(s, value, state, frame, self)

    def repeated(self, at: int, left: Value, right: Value, state: State, frame: Frame) -> None:
        """`items * n`: how long the result is, `n` decides."""
        for items, times in ((left, right), (right, left)):
            if items.cell is not None or items.type in {"builtins.str", "builtins.bytes", "builtins.list"}:
                outputs.implied("<repeated>", at, times, state, frame, self)

    def instructed(self, at: int, message: Value, state: State, frame: Frame) -> None:
        """`{"role": "system", "content": text}`: what a language model is told to do."""
        role = state.contents(message).get(_ROLE)
        text = state.contents(message).get(_CONTENT)
        if role is not None and role.single and role.only() in {"system", "developer"} and text is not None:
            outputs.implied("<instructions>", at, text, state, frame, self)

    def loop_over(self, s: ir.For, source: Value, state: State, frame: Frame) -> None:
        """`for x in source`."""

    def caught(self, handler: ir.Handler, frame: Frame) -> Value:
        """The exception that a handler names."""
        row = self.library.attributes.get("<exception>")
        if row is None:
            return unknown(type_=handler.types[0] if handler.types else None)
        value = self.sourced(row, frame.module, frame.function.at)
        return value._replace(type="builtins.Exception")

    def entered(self, item: ir.Expr, value: Value, state: State, frame: Frame) -> Value:
        """What `with value as x` binds."""
        if value.type == "builtins.list":  # a generator that is a context manager: what it yields
            held = state.any_item(value)
            return held if held is not None else unknown(state.taints(value))
        if value.type is not None and is_project(value.type):
            method = self.method(value.type, "__enter__")
            if method is not None:
                return project_calls.invoke(
                    Callee("bound", "__enter__", *method, receiver=value), [], {}, item.at, state, frame, self
                )
        return value

    def matched(self, subject: Value, values: tuple[Any, ...] | None, state: State) -> bool:
        """Whether a case can be taken; what is learned of the subject goes to the state."""
        if values is None:
            return True
        if subject.consts is not None and not any(c == v for c in subject.consts for v in values):
            return False
        state.learn(subject.facts(ALL_KINDS))
        return True

    def defined(self, callee: Callee, value: Value, state: State, frame: Frame) -> Value:
        """A nested function or class statement has run."""
        if callee.kind == "function":
            self._closures[(frame.module, frame.number)] = state.env
        return value
