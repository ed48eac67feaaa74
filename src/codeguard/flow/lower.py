"""From a parsed file to the flow solver's compact form (`ir`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import libcst as cst

from codeguard.flow import ir
from codeguard.flow.lower_expressions import BINARY, MAX_DEPTH, ExpressionLowering
from codeguard.model import Span
from codeguard.syntax.scope import import_base
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal
from codeguard.syntax.walk import children


def lower(unit: Unit) -> ir.ModuleIR:
    """The compact form of a unit; what it has no form for becomes an unknown value."""
    return _Lowering(unit).module()


def places(unit: Unit, ats: Iterable[int]) -> dict[int, Span]:
    """The spans of ordinals, by lowering the unit again (its tree must be of the same text)."""
    lowering = _Lowering(unit)
    lowering.module()
    return {at: unit.span(lowering.nodes[at]) for at in ats}


class _Lowering(ExpressionLowering):
    def __init__(self, unit: Unit) -> None:
        super().__init__(unit)
        self.functions: list[ir.Function | None] = []
        self.classes: list[ir.Class | None] = []
        self.function: int | None = None  # the function being lowered
        self.owner: int | None = None  # the class whose body is being lowered
        self.prefix = ""

    # -- module, functions, classes

    def module(self) -> ir.ModuleIR:
        self.functions.append(None)
        at = self.at(self.unit.module)
        self.function = 0
        body = self.block(self.unit.module.body)
        self.functions[0] = self.make(at, "<module>", "", (), (), body, self.unit.module, None, None)
        exports: dict[str, tuple[str, Any]] = {}
        scopes = self.unit.scopes
        defined: dict[str, tuple[str, int]] = {}
        for statement in _flat(body):
            if isinstance(statement, ir.Define):
                number = statement.function if statement.function is not None else statement.cls
                defined[statement.name] = ("function" if statement.function is not None else "class", number or 0)
        for name, bindings in scopes.module.bindings.items():
            kinds = {b.kind for b in bindings}
            if name in defined and kinds <= {"function", "class"}:
                exports[name] = defined[name]
            elif "import" in kinds:
                exports[name] = ("import", next(b.target for b in bindings if b.kind == "import"))
            else:
                exports[name] = ("value", None)
        functions = tuple(f for f in self.functions if f is not None)
        classes = tuple(c for c in self.classes if c is not None)
        fragment = self.unit.problem is not None
        return ir.ModuleIR(self.unit.path, functions, classes, exports, tuple(scopes.stars), fragment)

    def make(
        self, at: int, name: str, qualname: str, params: tuple[ir.Param, ...], decorators: tuple[ir.Decorator, ...],
        body: tuple[ir.Stmt, ...], node: cst.CSTNode, owner: int | None, parent: int | None,
    ) -> ir.Function:  # fmt: skip
        scope = self.unit.scopes.of(node)
        is_async = isinstance(node, cst.FunctionDef) and node.asynchronous is not None
        return ir.Function(
            at, name, qualname, params, decorators, body, owner, parent, is_async, self.generator,
            frozenset(scope.bindings) - scope.global_names - scope.nonlocal_names, frozenset(self.mentions),
            self.texts,
        )  # fmt: skip

    def define_function(self, node: cst.FunctionDef | cst.Lambda, name: str) -> int:
        number = len(self.functions)
        self.functions.append(None)
        at = self.at(node.name if isinstance(node, cst.FunctionDef) else node)
        decorators = self.decorators(node.decorators) if isinstance(node, cst.FunctionDef) else ()
        params = self.params(node.params)
        outer = (self.function, self.owner, self.prefix, self.generator, self.mentions, self.texts)
        qualname = f"{self.prefix}{name}"
        owner, parent = self.owner, self.function
        self.function, self.owner, self.prefix = number, None, f"{qualname}."
        self.generator, self.mentions, self.texts = False, set(), False
        if isinstance(node, cst.Lambda):
            body: tuple[ir.Stmt, ...] = (ir.Return(self.at(node.body), self.expr(node.body)),)
        else:
            body = self.suite(node.body)
        self.functions[number] = self.make(at, name, qualname, params, decorators, body, node, owner, parent)
        self.function, self.owner, self.prefix, self.generator, self.mentions, self.texts = outer
        return number

    def define_class(self, node: cst.ClassDef) -> int:
        number = len(self.classes)
        self.classes.append(None)
        at = self.at(node.name)
        decorators = self.decorators(node.decorators)
        bases = tuple(self.unit.name(arg.value) for arg in node.bases if not arg.star)
        body_number = len(self.functions)
        self.functions.append(None)
        outer = (self.function, self.owner, self.prefix, self.generator, self.mentions, self.texts)
        qualname = f"{self.prefix}{node.name.value}"
        parent = self.function
        self.function, self.owner, self.prefix = body_number, number, f"{qualname}."
        self.generator, self.mentions, self.texts = False, set(), False
        body = self.suite(node.body)
        self.functions[body_number] = self.make(at, "<class>", qualname, (), (), body, node, None, parent)
        self.function, self.owner, self.prefix, self.generator, self.mentions, self.texts = outer
        methods = {s.name: s.function for s in _flat(body) if isinstance(s, ir.Define) and s.function is not None}
        self.classes[number] = ir.Class(at, node.name.value, qualname, bases, methods, body_number, decorators)
        return number

    def decorators(self, found: Sequence[cst.Decorator]) -> tuple[ir.Decorator, ...]:
        out = []
        for item in found:
            target = item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator
            out.append(ir.Decorator(self.unit.name(target), self.expr(item.decorator)))
        return tuple(out)

    def params(self, node: cst.Parameters) -> tuple[ir.Param, ...]:
        found: list[tuple[cst.Param, str, bool]] = [(p, "", False) for p in (*node.posonly_params, *node.params)]
        if isinstance(node.star_arg, cst.Param):
            found.append((node.star_arg, "*", False))
        found += [(p, "", True) for p in node.kwonly_params]
        if node.star_kwarg is not None:
            found.append((node.star_kwarg, "**", False))
        return tuple(
            ir.Param(
                self.at(p),
                p.name.value,
                kind,
                _annotation(self.unit, p.annotation),
                self.expr(p.default) if p.default is not None else None,
                only,
            )
            for p, kind, only in found
        )

    # -- statements

    def suite(self, node: cst.BaseSuite) -> tuple[ir.Stmt, ...]:
        return self.block(node.body)

    def block(self, body: Iterable[cst.CSTNode]) -> tuple[ir.Stmt, ...]:
        self.depth += 1
        out: list[ir.Stmt] = []
        if self.depth <= MAX_DEPTH:
            for node in body:
                if isinstance(node, cst.SimpleStatementLine):
                    for small in node.body:
                        self.statement(small, out)
                else:
                    self.statement(node, out)
        self.depth -= 1
        return tuple(out)

    def statement(self, node: cst.CSTNode, out: list[ir.Stmt]) -> None:
        handler = _STATEMENTS.get(type(node))
        if handler is not None:
            made = handler(self, node)
            if made is not None:
                out.append(made)
        elif not isinstance(node, (cst.Pass, cst.TypeAlias)):
            out += [ir.ExprStmt(self.at(c), self.expr(c)) for c in children(node) if isinstance(c, cst.BaseExpression)]

    def assign(self, node: cst.Assign) -> ir.Stmt:
        value = self.expr(node.value)
        return ir.Assign(self.at(node), tuple(self.expr(t.target) for t in node.targets), value)

    def ann_assign(self, node: cst.AnnAssign) -> ir.Stmt | None:
        if node.value is None:
            return None
        value = self.expr(node.value)
        return ir.Assign(self.at(node), (self.expr(node.target),), value)

    def aug_assign(self, node: cst.AugAssign) -> ir.Stmt:
        operator = BINARY.get(type(node.operator).__name__.removesuffix("Assign"), "?")
        return ir.Aug(self.at(node), self.expr(node.target), operator, self.expr(node.value))

    def expression(self, node: cst.Expr) -> ir.Stmt | None:
        if isinstance(node.value, (cst.SimpleString, cst.ConcatenatedString, cst.Ellipsis)):
            return None
        return ir.ExprStmt(self.at(node.value), self.expr(node.value))

    def if_(self, node: cst.If) -> ir.Stmt:
        at, test = self.at(node), self.expr(node.test)
        if self.unit.problem is not None and isinstance(node.test, cst.Integer):
            test = ir.Seq(at, "unknown", ())  # the block that recovery puts around an indented piece of code
        then = self.suite(node.body)
        other: tuple[ir.Stmt, ...] = ()
        if isinstance(node.orelse, cst.If):
            self.depth += 1
            other = (self.if_(node.orelse),) if self.depth <= MAX_DEPTH else ()
            self.depth -= 1
        elif node.orelse is not None:
            other = self.suite(node.orelse.body)
        return ir.If(at, test, then, other)

    def while_(self, node: cst.While) -> ir.Stmt:
        at, test = self.at(node), self.expr(node.test)
        return ir.While(at, test, self.suite(node.body), self.suite(node.orelse.body) if node.orelse else ())

    def for_(self, node: cst.For) -> ir.Stmt:
        at, source = self.at(node), self.expr(node.iter)
        target, body = self.expr(node.target), self.suite(node.body)
        return ir.For(at, target, source, body, self.suite(node.orelse.body) if node.orelse else ())

    def try_(self, node: cst.Try | cst.TryStar) -> ir.Stmt:
        at, body = self.at(node), self.suite(node.body)
        handlers = []
        for handler in node.handlers:
            name = handler.name.name.value if handler.name and isinstance(handler.name.name, cst.Name) else None
            handlers.append(ir.Handler(self.caught(handler.type), name, self.suite(handler.body)))
        other = self.suite(node.orelse.body) if node.orelse else ()
        final = self.suite(node.finalbody.body) if node.finalbody else ()
        return ir.Try(at, body, tuple(handlers), other, final)

    def caught(self, node: cst.BaseExpression | None) -> tuple[str, ...]:
        if node is None:
            return ()
        parts = [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]
        return tuple(self.unit.name(part) or "?" for part in parts)

    def with_(self, node: cst.With) -> ir.Stmt:
        at = self.at(node)
        items = tuple((self.expr(i.item), self.expr(i.asname.name) if i.asname else None) for i in node.items)
        return ir.With(at, items, self.suite(node.body))

    def match(self, node: cst.Match) -> ir.Stmt:
        at, subject = self.at(node), self.expr(node.subject)
        cases = []
        for case in node.cases:
            values, binds = _pattern(case.pattern)
            guard = self.expr(case.guard) if case.guard is not None else None
            cases.append(ir.Case(values, tuple(binds), guard, self.suite(case.body)))
        return ir.Match(at, subject, tuple(cases))

    def return_(self, node: cst.Return) -> ir.Stmt:
        return ir.Return(self.at(node), self.expr(node.value) if node.value is not None else None)

    def raise_(self, node: cst.Raise) -> ir.Stmt:
        return ir.Raise(self.at(node), self.expr(node.exc) if node.exc is not None else None)

    def delete(self, node: cst.Del) -> ir.Stmt:
        targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        return ir.Del(self.at(node), tuple(self.expr(t) for t in targets))

    def assert_(self, node: cst.Assert) -> ir.Stmt:
        return ir.Assert(self.at(node), self.expr(node.test))

    def function_def(self, node: cst.FunctionDef) -> ir.Stmt:
        number = self.define_function(node, node.name.value)
        return ir.Define(self.at(node.name), node.name.value, number, None)

    def class_def(self, node: cst.ClassDef) -> ir.Stmt:
        return ir.Define(self.at(node.name), node.name.value, None, self.define_class(node))

    def import_(self, node: cst.Import) -> ir.Stmt:
        names = []
        for alias in node.names:
            full = _dotted(alias.name)
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                names.append((alias.asname.name.value, full))
            else:
                names.append((full.partition(".")[0], full.partition(".")[0]))
        return ir.Import(self.at(node), tuple(names))

    def import_from(self, node: cst.ImportFrom) -> ir.Stmt:
        base = import_base(node)
        if isinstance(node.names, cst.ImportStar):
            return ir.Import(self.at(node), (), star=base)
        names = []
        for alias in node.names:
            name = _dotted(alias.name)
            local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            names.append((local, f"{base}{name}" if base.endswith(".") else f"{base}.{name}"))
        return ir.Import(self.at(node), tuple(names))

    def global_(self, node: cst.Global | cst.Nonlocal) -> ir.Stmt:
        return ir.Global(self.at(node), tuple(item.name.value for item in node.names))


_STATEMENTS: dict[type[cst.CSTNode], Callable[[_Lowering, Any], ir.Stmt | None]] = {
    cst.Assign: _Lowering.assign,
    cst.AnnAssign: _Lowering.ann_assign,
    cst.AugAssign: _Lowering.aug_assign,
    cst.Expr: _Lowering.expression,
    cst.If: _Lowering.if_,
    cst.While: _Lowering.while_,
    cst.For: _Lowering.for_,
    cst.Try: _Lowering.try_,
    cst.TryStar: _Lowering.try_,
    cst.With: _Lowering.with_,
    cst.Match: _Lowering.match,
    cst.Return: _Lowering.return_,
    cst.Raise: _Lowering.raise_,
    cst.Del: _Lowering.delete,
    cst.Assert: _Lowering.assert_,
    cst.FunctionDef: _Lowering.function_def,
    cst.ClassDef: _Lowering.class_def,
    cst.Import: _Lowering.import_,
    cst.ImportFrom: _Lowering.import_from,
    cst.Global: _Lowering.global_,
    cst.Nonlocal: _Lowering.global_,
    cst.Break: lambda self, node: ir.Leave(self.at(node), "break"),
    cst.Continue: lambda self, node: ir.Leave(self.at(node), "continue"),
}


def _flat(body: Iterable[ir.Stmt]) -> Iterable[ir.Stmt]:
    """Statements of a block and of the `if` and `try` blocks in it, which bind names of the same scope."""
    for statement in body:
        yield statement
        if isinstance(statement, ir.If):
            yield from _flat((*statement.then, *statement.other))
        elif isinstance(statement, ir.Try):
            handlers = [s for h in statement.handlers for s in h.body]
            yield from _flat((*statement.body, *handlers, *statement.other, *statement.final))


def _dotted(node: cst.BaseExpression) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    return ".".join([node.value if isinstance(node, cst.Name) else "?", *reversed(parts)])


def _annotation(unit: Unit, node: cst.Annotation | None) -> str | None:
    """The dotted name of a parameter's annotation: of `X` in `X`, `X | None`, `Optional[X]` and `Annotated[X, ...]`."""
    if node is None:
        return None
    value = node.annotation
    for _ in range(4):
        if isinstance(value, cst.BinaryOperation):
            value = value.left
        elif isinstance(value, cst.Subscript) and (unit.name(value.value) or "").rpartition(".")[2] in {
            "Optional",
            "Annotated",
        }:
            index = value.slice[0].slice
            if not isinstance(index, cst.Index):
                return None
            value = index.value
        else:
            break
    if isinstance(value, cst.Subscript):
        value = value.value
    return unit.name(value)


def _pattern(node: cst.MatchPattern) -> tuple[tuple[Any, ...] | None, list[str]]:
    """The constants that a pattern accepts (None: not only constants), and the names it binds."""
    if isinstance(node, (cst.MatchValue, cst.MatchSingleton)):
        known = literal(node.value)
        return (None if known is None else (known.value,)), []
    if isinstance(node, cst.MatchOr):
        options = [_pattern(element.pattern) for element in node.patterns]
        values: tuple[Any, ...] | None = ()
        for accepted, _ in options:
            values = None if values is None or accepted is None else values + accepted
        return values, [name for _, binds in options for name in binds]
    if isinstance(node, cst.MatchAs):
        values, binds = _pattern(node.pattern) if node.pattern is not None else (None, [])
        return values, binds + ([node.name.value] if node.name is not None else [])
    binds = []
    stack: list[cst.CSTNode] = list(children(node))
    while stack:
        part = stack.pop()
        if isinstance(part, (cst.MatchAs, cst.MatchStar)) and part.name is not None:
            binds.append(part.name.value)
        stack.extend(children(part))
    return None, binds
