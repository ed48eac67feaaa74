"""One parsed file and what checks may ask of it: tables of nodes, names, constants, arguments, positions, comments.

Everything beyond the parse and one walk is computed when it is first asked for.  A `Unit` never leaves its process.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import libcst as cst

from codeguard.model import Span
from codeguard.source.declared import EMPTY, Project
from codeguard.source.model import Source
from codeguard.syntax.comments import comments_of
from codeguard.syntax.names import Names
from codeguard.syntax.scope import Scope, Scopes
from codeguard.syntax.span import Positions
from codeguard.syntax.values import Constant
from codeguard.syntax.walk import walk

Node = TypeVar("Node", bound=cst.CSTNode)
Fact = TypeVar("Fact")
FunctionNode = cst.FunctionDef | cst.Lambda


@dataclass(frozen=True, slots=True)
class SyntaxProblem:
    """The first thing that keeps a file from parsing: 1-based line, 0-based column, a sentence."""

    line: int
    column: int
    message: str


class Unit:
    """A parsed file.

    `text` is what was parsed (LF line ends); `original` the file's own text, which differs where `problem` says that
    it does not parse and recovery changed it; `blanked` are the line ranges (1-based, inclusive) that recovery had to
    blank out of a broken file before `text` could be parsed, empty for a file that parses; `line_shift` is how many
    lines recovery put before it (lines are told without them).
    """

    def __init__(
        self,
        path: str,
        text: str,
        module: cst.Module,
        *,
        original: str | None = None,
        problem: SyntaxProblem | None = None,
        blanked: tuple[tuple[int, int], ...] = (),
        line_shift: int = 0,
    ) -> None:
        self.path = path
        self.text = text
        self.module = module
        self.original = text if original is None else original
        self.problem = problem
        self.origin: Source | None = None  # where the text came from, with what decoding it noticed
        self.project: Project = EMPTY  # what the project around the file says of itself
        self.blanked = blanked
        self._shift = line_shift
        self._tables, self._parents = walk(module)
        self._facts: dict[Callable[[Unit], Any], Any] = {}

    def fact(self, maker: Callable[[Unit], Fact]) -> Fact:
        """What the module-level function `maker` says of this unit, computed once: facts that several checks share."""
        if maker not in self._facts:
            self._facts[maker] = maker(self)
        known: Fact = self._facts[maker]
        return known

    # -- nodes

    def nodes(self, *types: type[Node]) -> list[Node]:
        """All nodes of these exact classes; of one class in source order, classes one after the other."""
        if len(types) == 1:
            return self._tables.get(types[0], [])
        return [node for cls in types for node in self._tables.get(cls, ())]

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """The node around `node`; None for the module."""
        return self._parents.get(id(node))

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, innermost first."""
        above = self._parents.get(id(node))
        while above is not None:
            yield above
            above = self._parents.get(id(above))

    def function_of(self, node: cst.CSTNode) -> FunctionNode | None:
        """The innermost function or lambda whose body holds `node`."""
        scope: Scope | None = self.scopes.at(node)
        while scope is not None:
            if isinstance(scope.node, (cst.FunctionDef, cst.Lambda)):
                return scope.node
            scope = scope.parent
        return None

    def class_of(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """The class that `node` (a method, or something in one) stands in."""
        return next((a for a in self.ancestors(node) if isinstance(a, cst.ClassDef)), None)

    def statement_of(self, node: cst.CSTNode) -> cst.CSTNode:
        """The innermost statement that holds `node` (itself, if it is one)."""
        step: cst.CSTNode | None = node
        while step is not None and not isinstance(step, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            step = self._parents.get(id(step))
        return step or node

    # -- names

    @cached_property
    def scopes(self) -> Scopes:
        """Scopes and bindings of the file."""
        return Scopes(self.module, self._tables, self._parents)

    @cached_property
    def names(self) -> Names:
        """Resolution of expressions to dotted names and constants."""
        return Names(self.scopes, self._tables, self._parents)

    def name(self, node: cst.CSTNode | None) -> str | None:
        """The full dotted name that an expression refers to, or None where the file does not tell.

        `yaml.load` for `y.load` after `import yaml as y`; `builtins.eval` for an unshadowed `eval`; a call adds `()`:
        `app.run` after `app = flask.Flask(__name__)` is `flask.Flask().run`; a name that nothing binds is taken for a
        module of that name, as in a snippet without its imports.  A function or class of the file itself is
        `<local>.name`.
        """
        return None if node is None else self.names.name(node)

    @cached_property
    def calls(self) -> dict[str, list[cst.Call]]:
        """Calls by the resolved name of what is called; calls of unknown things are left out."""
        found: dict[str, list[cst.Call]] = {}
        for call in self.nodes(cst.Call):
            name = self.names.name(call.func)
            if name is not None:
                found.setdefault(name, []).append(call)
        return found

    def constant(self, node: cst.CSTNode | None) -> Constant | None:
        """The constant that an expression is worth, through names bound once and arithmetic; None where unknown."""
        return None if node is None else self.names.constant(node)

    # -- arguments

    @staticmethod
    def arg(call: cst.Call, index: int | None, keyword: str | None = None) -> cst.BaseExpression | None:
        """The argument at a position (0-based; None: keyword only) or of a keyword; None where it is not given.

        A call with `*args` before that position, or with `**kwargs`, may give it all the same: ask `has_unpacking`.
        """
        position = 0
        starred = False
        for arg in call.args:
            if arg.keyword is not None:
                if arg.keyword.value == keyword:
                    return arg.value
            elif arg.star == "*":
                starred = True
            elif arg.star == "":
                if position == index and not starred:
                    return arg.value
                position += 1
        return None

    @staticmethod
    def has_unpacking(call: cst.Call) -> bool:
        """True where the call passes `*args` or `**kwargs`."""
        return any(arg.star for arg in call.args)

    # -- positions

    @cached_property
    def positions(self) -> Positions:
        """Offsets of all nodes; costs a third of a parse, so only ask where something is reported."""
        return Positions(self.module)

    @cached_property
    def _line_starts(self) -> list[int]:
        starts, at = [0], self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    def span(self, node: cst.CSTNode) -> Span:
        """Where `node` stands, its own parentheses left out."""
        start, end = self.positions.offsets(node)
        return self.span_of_offsets(start, end)

    def span_of_offsets(self, start: int, end: int) -> Span:
        """The span of a stretch of the text, given as code point offsets."""
        start_line = bisect_right(self._line_starts, start)
        end_line = bisect_right(self._line_starts, end)
        start_col, end_col = start - self._line_starts[start_line - 1], end - self._line_starts[end_line - 1]
        return Span(max(start_line - self._shift, 1), start_col, max(end_line - self._shift, 1), end_col)

    def line_of(self, node: cst.CSTNode) -> int:
        """The 1-based line that `node` starts on."""
        return max(bisect_right(self._line_starts, self.positions.offsets(node)[0]) - self._shift, 1)

    def source(self, node: cst.CSTNode) -> str:
        """The text of `node`."""
        start, end = self.positions.offsets(node)
        return self.text[start:end]

    @cached_property
    def comments(self) -> tuple[tuple[Span, str], ...]:
        """Every real comment, with its span and its text (from `#` on), in source order."""
        found = comments_of(self.text, self._tables)
        if found is None:
            found = self.positions.comments
        return tuple((self.span_of_offsets(at, at + len(text)), text) for at, text in found)

    @cached_property
    def _original_lines(self) -> list[str]:
        return self.original.split("\n")

    def original_line(self, number: int) -> str:
        """The file's own text of a 1-based line, without its line end; empty past the end."""
        lines = self._original_lines
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def __getstate__(self) -> Any:
        raise TypeError("a Unit holds a tree and never crosses a process; send its Source")
