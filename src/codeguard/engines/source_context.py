"""What the code around a foreign finding says of it, where the finding's message does not tell.

A file may hold a finding on every line, so that what needs the whole text is asked once a file.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import lru_cache
from typing import NamedTuple, TypeGuard

from codeguard.engines.columns import points_of

_ABSENT = frozenset({"ImportError", "ModuleNotFoundError"})
_MAKES_NAMES = re.compile(r"\bglobals\(\)\s*(?:\[[^\]\n]*\]\s*=(?!=)|\.(?:update|setdefault)\b)|\b_convert_\(")


@lru_cache(maxsize=2)
def tree_of(text: str) -> ast.Module | None:
    """The text's tree; None where this Python cannot parse it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a bad escape in somebody else's code is no warning about ours
            return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


@lru_cache(maxsize=1)
def is_fragment(text: str) -> bool:
    """True where the text is one function and nothing else, without any import: cut from a file that we do not see.

    What such a function calls by name, its module may well define.  Text that this Python cannot parse is none.
    """
    tree = tree_of(text)
    if tree is None:
        return False
    statements = [s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(statements) != 1 or not isinstance(statements[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return not any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))


@lru_cache(maxsize=1)
def may_hold_more_names(text: str) -> bool:
    """True where names that the text does not define may be there: it is a fragment, or makes globals."""
    return _MAKES_NAMES.search(text) is not None or is_fragment(text)


def is_expected(text: str, line: int, *exceptions: str) -> bool:
    """True where the line stands in a `try` whose handlers catch one of the exceptions, named as Python names them.

    `contextlib.suppress` and what tests have for it are such a `try`.  A bare `except`, `Exception` and `BaseException`
    catch everything.
    """
    wanted = {*exceptions, "Exception", "BaseException", ""}
    return any(first <= line <= last and not wanted.isdisjoint(caught) for first, last, caught in _guarded(text))


@lru_cache(maxsize=2)
def _guarded(text: str) -> tuple[tuple[int, int, frozenset[str]], ...]:
    """First and last line of the body of each `try`, and the names that its handlers catch ("" for a bare one)."""
    tree = tree_of(text)
    if tree is None:
        return ()
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            caught = {name for handler in node.handlers for name in _caught(handler.type)}  # type: ignore[attr-defined]
            body: list[ast.stmt] = node.body  # type: ignore[attr-defined]
            found.append((body[0].lineno, body[-1].end_lineno or body[-1].lineno, frozenset(caught)))
            handlers: list[ast.ExceptHandler] = node.handlers  # type: ignore[attr-defined]
            found += [  # the way of another version, which this one need not have
                (handler.lineno, handler.end_lineno or handler.lineno, frozenset({"ImportError"}))
                for handler in handlers
                if _ABSENT & set(_caught(handler.type))
            ]
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                if isinstance(item.context_expr, ast.Call) and _caught(item.context_expr.func) & {"suppress", "raises"}:
                    caught = {name for arg in item.context_expr.args for name in _caught(arg)}
                    found.append((node.lineno, node.end_lineno or node.lineno, frozenset(caught)))
    return tuple(found)


def _caught(expression: ast.expr | None) -> set[str]:
    """The last names in what a handler catches."""
    if expression is None:
        return {""}
    if isinstance(expression, ast.Tuple):
        return {name for item in expression.elts for name in _caught(item)}
    if isinstance(expression, ast.Attribute):
        return {expression.attr}
    return {expression.id} if isinstance(expression, ast.Name) else set()


def is_made_here(text: str, at: tuple[int, int], member: str) -> bool:
    """True where the object whose `member` is read at a line and column (from 1) comes out of a call in this text.

    Its type is then what the call gives.  A parameter, or an attribute that is set from one, is only said to be of its
    type: more may be true of it.
    """
    made = _made(text)
    return any(member == read.attr and _is_made(read.value, made) for read in made.reads.get(at, ()))


class _Made(NamedTuple):
    """The attributes that a text reads, by where they start, and how each name and `self` attribute gets its values."""

    reads: dict[tuple[int, int], list[ast.Attribute]]
    called: frozenset[str]
    otherwise: frozenset[str]


def _is_made(value: ast.expr, made: _Made) -> bool:
    if isinstance(value, ast.Call):
        return True
    name = _key(value)
    return name in made.called and name not in made.otherwise


def _key(node: ast.expr) -> str:
    """`name` or `self.name`; empty for all else."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "self":
        return f"self.{node.attr}"
    return ""


@lru_cache(maxsize=2)
def _made(text: str) -> _Made:
    reads: dict[tuple[int, int], list[ast.Attribute]] = {}
    called: set[str] = set()
    otherwise: set[str] = set()
    tree = tree_of(text)
    lines = text.split("\n")
    for node in ast.walk(tree) if tree is not None else ():
        if isinstance(node, ast.Attribute):
            if isinstance(node.ctx, ast.Load):
                place = (node.lineno, points_of(lines[node.lineno - 1], node.col_offset) + 1)
                reads.setdefault(place, []).append(node)
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Call):
            called |= {_key(target) for target in node.targets}
        elif isinstance(node, (ast.With, ast.AsyncWith)):
            called |= {_key(item.optional_vars) for item in node.items if item.optional_vars is not None}
        elif isinstance(node, ast.arg):
            otherwise.add(node.arg)
        otherwise |= {_key(target) for target in _targets(node)}
    return _Made(reads, frozenset(called - {""}), frozenset(otherwise))


def _targets(node: ast.AST) -> list[ast.expr]:
    """What a node gives values to that are not what a call returns."""
    if isinstance(node, ast.Assign):
        names = [target for target in node.targets if _key(target)]
        unpacked = [part for target in node.targets if not _key(target) for part in ast.walk(target)]
        found = names if not isinstance(node.value, ast.Call) else []
        return [*found, *filter(_is_target, unpacked)]
    if isinstance(node, (ast.AnnAssign, ast.AugAssign, ast.NamedExpr)):
        return [node.target]
    if isinstance(node, (ast.For, ast.AsyncFor, ast.comprehension)):
        return [*filter(_is_target, ast.walk(node.target))]
    return []


def _is_target(node: ast.AST) -> TypeGuard[ast.Name | ast.Attribute]:
    return isinstance(node, (ast.Name, ast.Attribute)) and isinstance(node.ctx, ast.Store)


def is_open_call(text: str, line: int, column: int) -> bool:
    """True where the call at a place (from 1; the innermost that holds it) may reach other code than its name says.

    `cls(...)`, `type(self)(...)` and `self.__class__(...)` make an instance of whatever subclass it is; a method of an
    object that an attribute holds is that of whatever object somebody put there.
    """
    around = [(start, is_open) for start, end, is_open in _calls(text) if start <= (line, column) < end]
    return any(is_open for start, is_open in around if start == around[0][0])  # `type(x)(1)` are two that start there


@lru_cache(maxsize=2)
def _calls(text: str) -> tuple[tuple[tuple[int, int], tuple[int, int], bool], ...]:
    """Start and end (line and column from 1) of each call, and whether it is open; inner ones before outer ones."""
    tree = tree_of(text)
    if tree is None:
        return ()
    lines = text.split("\n")

    def place(line: int, byte: int) -> tuple[int, int]:
        return line, points_of(lines[line - 1], byte) + 1

    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    found = [
        (place(n.lineno, n.col_offset), place(n.end_lineno or n.lineno, n.end_col_offset or 0), _is_open(n.func))
        for n in calls
    ]
    return tuple(sorted(found, key=lambda call: (call[0], tuple(-part for part in call[1])), reverse=True))


def _is_open(called: ast.expr) -> bool:
    if isinstance(called, ast.Name):
        return called.id == "cls"
    if isinstance(called, ast.Call):
        return isinstance(called.func, ast.Name) and called.func.id == "type"
    return isinstance(called, ast.Attribute) and (called.attr == "__class__" or isinstance(called.value, ast.Attribute))
