"""Where control can go after a statement: on, out of a loop, out of the function, or nowhere.

Two readings exist.  The strict one says only what the language guarantees: it decides whether code is unreachable.
The lenient one believes that a call named like an exit does not come back and that a `match` covers its cases: it
decides whether a function can fall off its end.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from codeguard.checks.correctness._shape import LOOPS, is_generator, last_word
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal
from codeguard.syntax.walk import descend

# What may follow a statement; a set of them is their sum.
NEXT, BREAK, CONTINUE, RETURN, RAISE = 1, 2, 4, 8, 16

# Functions of the standard library and of widely used packages that never return to their caller.
NEVER_RETURN = frozenset(
    {
        "sys.exit", "builtins.exit", "builtins.quit", "os._exit", "os.abort", "os.execv", "os.execve", "os.execvp",
        "os.execvpe", "os.execl", "os.execle", "os.execlp", "os.execlpe", "typing.assert_never",
        "typing_extensions.assert_never", "pytest.fail", "pytest.skip", "pytest.exit", "flask.abort", "abort",
        "werkzeug.exceptions.abort", "bottle.abort",
    }
)  # fmt: skip
# A call whose last word begins so usually raises or ends the process.
EXIT_WORDS = re.compile(
    r"_*(?:exit|abort|fail|fatal|die|quit|usage|error|skip|reject|re?raise|raise_|throw|assert_|panic|unreachable|terminate|not_implemented|unsupported|bail|invalid|handle_error|help)"
)
# A context manager with such a word in its name may swallow the exception that ends its block.
SWALLOWS = re.compile(
    r"suppress|raises|assert|warn|ignor|catch|skip|expect|error|except|guard|subtest|retry|swallow|tolerat|handl|fail"
    r"|ExitStack|move_on|CancelScope|capture|protect|safe|optional|rollback|atomic|transaction",
    re.IGNORECASE,
)


class Paths:
    """The ways out of statements and blocks of one unit, in one of the two readings; answers are remembered."""

    def __init__(self, unit: Unit, *, lenient: bool) -> None:
        self._unit = unit
        self._lenient = lenient
        self._memo: dict[int, int] = {}
        self._local: dict[int, bool] = {}

    def sequence(self, statements: Sequence[cst.CSTNode]) -> int:
        """The ways out of statements that follow each other; NEXT means that their end can be reached."""
        ways = NEXT
        for statement in statements:
            ways = (ways & ~NEXT) | self.statement(statement)
            if not ways & NEXT:
                break
        return ways

    def block(self, body: cst.BaseSuite) -> int:
        """The ways out of a block."""
        key = id(body)
        if key not in self._memo:
            self._memo[key] = self.sequence(body.body)
        return self._memo[key]

    def statement(self, node: cst.CSTNode) -> int:
        """The ways out of one statement."""
        if isinstance(node, cst.SimpleStatementLine):
            return self.sequence(node.body)
        if isinstance(node, cst.Return):
            return RETURN
        if isinstance(node, cst.Raise):
            return RAISE
        if isinstance(node, cst.Break):
            return BREAK
        if isinstance(node, cst.Continue):
            return CONTINUE
        if isinstance(node, cst.Expr):
            return RAISE if self._never_returns(node.value) else NEXT
        if isinstance(node, cst.Assert):
            known = literal(node.test) if isinstance(node.test, (cst.Name, cst.Integer)) else None
            return NEXT if known is None or known.value else RAISE
        if isinstance(node, cst.If):
            return self._if(node)
        if isinstance(node, LOOPS):
            return self._loop(node)
        if isinstance(node, (cst.Try, cst.TryStar)):
            return self._try(node)
        if isinstance(node, cst.With):
            ways = self.block(node.body)
            return ways if ways & NEXT or not self._swallows(node) else ways | NEXT
        if isinstance(node, cst.Match):
            return self._match(node)
        return NEXT

    def _if(self, node: cst.If) -> int:
        ways = 0
        part: cst.If | cst.Else | None = node
        while isinstance(part, cst.If):  # an `elif` is an `If` in the `orelse`; chains can be thousands long
            ways |= self.block(part.body)
            part = part.orelse
        return ways | (self.block(part.body) if part is not None else NEXT)

    def _loop(self, node: cst.For | cst.While) -> int:
        body = self.block(node.body)
        ways = body & (RETURN | RAISE)
        if body & BREAK:
            ways |= NEXT
        if not (isinstance(node, cst.While) and always_true(node.test)):
            ways |= self.block(node.orelse.body) if node.orelse is not None else NEXT
        return ways

    def _try(self, node: cst.Try | cst.TryStar) -> int:
        body = self.block(node.body)
        ways = body & ~NEXT
        if body & NEXT:
            ways |= self.block(node.orelse.body) if node.orelse is not None else NEXT
        for handler in node.handlers:
            ways |= self.block(handler.body)
        if node.finalbody is not None:
            final = self.block(node.finalbody.body)
            ways = (ways | (final & ~NEXT)) if final & NEXT else final
        return ways

    def _match(self, node: cst.Match) -> int:
        ways = 0
        covered = self._lenient
        for case in node.cases:
            ways |= self.block(case.body)
            pattern = case.pattern
            if case.guard is None and isinstance(pattern, cst.MatchAs) and pattern.pattern is None:
                covered = True
        return ways if covered else ways | NEXT

    def _swallows(self, node: cst.With) -> bool:
        """Whether an exception may end in this `with`; an unknown one is taken not to, unless its name says so."""
        for item in node.items:
            value = item.item
            func = value.func if isinstance(value, cst.Call) else value
            last = last_word(func)
            name = self._unit.name(func) or last
            if last in {"open", "connect"} or name.startswith("threading."):
                continue
            if self._lenient:
                return False
            if SWALLOWS.search(last) or SWALLOWS.search(name) or self._own_manager_swallows(name):
                return True
        return False

    def _own_manager_swallows(self, name: str) -> bool:
        """Whether `name` is a class of this file with an `__exit__` that returns a value, or a generator that catches."""
        local = name.removeprefix("<local>.").partition("(")[0]
        if local == name:
            return False
        for cls in self._unit.nodes(cst.ClassDef):
            if cls.name.value == local:
                return True
        for function in self._unit.nodes(cst.FunctionDef):
            if function.name.value == local:
                return any(isinstance(node, cst.ExceptHandler) for node in descend(function.body))
        return False

    def _never_returns(self, value: cst.BaseExpression) -> bool:
        awaited = isinstance(value, cst.Await)
        call = value.expression if isinstance(value, cst.Await) else value
        if not isinstance(call, cst.Call):
            return False
        if self._lenient and EXIT_WORDS.match(last_word(call.func)):
            return True
        if not isinstance(call.func, cst.Name):
            return self._unit.name(call.func) in NEVER_RETURN
        bindings = self._unit.scopes.look_up(call.func.value, call.func)
        if len(bindings) == 1 and isinstance(bindings[0].node, cst.FunctionDef):
            return self._always_raises(bindings[0].node, awaited=awaited)
        return self._unit.name(call.func) in NEVER_RETURN

    def _always_raises(self, function: cst.FunctionDef, *, awaited: bool) -> bool:
        key = id(function)
        if key not in self._local:
            self._local[key] = False  # a function that calls itself is taken to return
            plain = not function.decorators and (function.asynchronous is None or awaited)
            ends = plain and not self.block(function.body) & (NEXT | RETURN)
            self._local[key] = ends and not is_generator(function, self._unit)
        return self._local[key]


def strict_paths(unit: Unit) -> Paths:
    """Only what the language guarantees; ask through `unit.fact(strict_paths)`."""
    return Paths(unit, lenient=False)


def lenient_paths(unit: Unit) -> Paths:
    """What the author most likely means; ask through `unit.fact(lenient_paths)`."""
    return Paths(unit, lenient=True)


def always_true(test: cst.BaseExpression) -> bool:
    """Whether a condition is a literal that counts as true, such as `True` or `1`."""
    known = literal(test) if isinstance(test, (cst.Name, cst.Integer)) else None
    return known is not None and bool(known.value)
