"""A function holds a placeholder where its work should be: `...`, or `pass` under a TODO.

Callers get None, or an exception, in place of what the function's name, annotation or docstring promises.  Write the
body, or take the function out.  Abstract methods, protocols, overloads, stub files, hooks of base classes, deliberate
no-ops and functions whose decorator supplies the body are no placeholders.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._placeholders import UNWRITTEN, UNWRITTEN_MESSAGE, is_elided
from codeguard.checks.correctness._shape import body_of, comments_of, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import literal, string_value

# Decorators that leave a function's own body in place; another one may supply the body.
PLAIN_DECORATORS = {
    "staticmethod",
    "classmethod",
    "property",
    "cached_property",
    "override",
    "wraps",
    "lru_cache",
    "cache",
    "asynccontextmanager",
    "contextmanager",
}
ROUTES = {"route", "get", "post", "put", "delete", "patch"}
ABSTRACT_BASES = re.compile(r"(?:Protocol|ABC|Interface)$")
ABSTRACT_NAME = re.compile(r"(?:Protocol|Interface|Mixin|Base|Hooks?|Spec)$|^_*(?:Abstract|Base|I[A-Z][a-z])")
PROMISES = re.compile(
    r"^\s*(?:Returns?\b|:returns?:|:rtype:|@return)|^\W*(?:Return|Compute|Calculate|Parse|Convert|Create|Build|Generate|Fetch|Load|Read|Find|Check|Validate|Get)s?\b",
    re.MULTILINE,
)
HINTS = ("...", "pass", "NotImplementedError", "return")


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report a function whose whole body is a placeholder."""
    body = body_of(function)
    if len(body) > 1 or unit.path.endswith(".pyi"):
        return
    if not body or not _empty(body[0]) or not _keeps_its_body(function):
        return
    name, what = function.name.value, _what(body[0])
    unwritten = any(UNWRITTEN.search(comment) for comment in comments_of(function.body))
    message = ""
    if isinstance(body[0], cst.Raise):
        if unwritten or (_announces(body[0], function, unit) and _is_meant_to_run(function, unit)):
            message = f"`{name}` only raises NotImplementedError: every call of it fails"
    elif unwritten:
        message = f"`{name}` is a placeholder: its body is {what} under a comment that it is still to be written"
    elif (
        not isinstance(body[0], cst.Return)
        and (promise := _promise(function, unit))
        and _is_meant_to_run(function, unit)
    ):
        message = f"`{name}` is a placeholder: its body is {what}, though {promise}"
    if message and not is_elided(function, unit):
        yield Hit(function.name, message)


def _empty(statement: cst.CSTNode) -> bool:
    """`...`, `pass`, a bare `raise NotImplementedError`, or a `return` of nothing but a literal."""
    if isinstance(statement, cst.Pass):
        return True
    if isinstance(statement, cst.Expr):
        return isinstance(statement.value, cst.Ellipsis)
    if isinstance(statement, cst.Raise):
        raised = statement.exc.func if isinstance(statement.exc, cst.Call) else statement.exc
        return isinstance(raised, cst.Name) and raised.value == "NotImplementedError"
    if isinstance(statement, cst.Return):
        value = statement.value
        return value is None or literal(value) is not None or (isinstance(value, cst.Dict) and not value.elements)
    return False


def _what(statement: cst.CSTNode) -> str:
    if isinstance(statement, cst.Expr):
        return "`...`"
    return "`pass`" if isinstance(statement, cst.Pass) else "a constant `return`"


def _keeps_its_body(function: cst.FunctionDef) -> bool:
    """False where a decorator may supply the body, or says that there is none."""
    return all(last_word(decorator.decorator) in PLAIN_DECORATORS | ROUTES for decorator in function.decorators)


def _is_meant_to_run(function: cst.FunctionDef, unit: Unit) -> bool:
    """False for what only describes: a member of an interface, a hook of a base class, a declaration for type checkers."""
    around = list(unit.ancestors(function))
    if any(isinstance(a, cst.If) and last_word(a.test) == "TYPE_CHECKING" for a in around):
        return False
    owner = next((a for a in around if isinstance(a, cst.ClassDef)), None)
    if owner is None:
        return True
    if owner.keywords or any("interface" in last_word(d.decorator).lower() for d in owner.decorators):
        return False
    if ABSTRACT_NAME.search(owner.name.value) or any(
        ABSTRACT_BASES.search(last_word(base.value)) for base in owner.bases
    ):
        return False
    if any(
        "abstract" in last_word(d.decorator)
        for m in owner.body.body
        if isinstance(m, cst.FunctionDef)
        for d in m.decorators
    ):
        return False
    every = unit.fact(classes)
    return not any(every.below(every.of(owner)))


def _announces(statement: cst.Raise, function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether the error says that the function is not written yet, rather than that a subclass must write it."""
    if isinstance(statement.exc, cst.Call) and statement.exc.args:
        told = string_value(statement.exc.args[0].value)
        return isinstance(told, str) and (bool(UNWRITTEN_MESSAGE.search(told)) or told == function.name.value)
    return unit.class_of(function) is None and isinstance(unit.parent(function), cst.Module)


def _promise(function: cst.FunctionDef, unit: Unit) -> str:
    """What the function says that it gives, in a few words; empty where it may well do nothing."""
    returns = function.returns.annotation if function.returns is not None else None
    if returns is not None:
        empty = isinstance(returns, cst.Name) and returns.value in {"None", "NoReturn", "Never", "Any"}
        text = last_word(returns)
        if (
            empty
            or text in {"Optional", "Any", "Iterator", "Generator", "Awaitable", "object"}
            or isinstance(returns, (cst.BinaryOperation, cst.SimpleString))
        ):
            return ""
        return "its annotation promises a value"
    doc = function.get_docstring() if function.body.body else None
    plain = not function.decorators and unit.class_of(function) is None
    if (
        doc
        and plain
        and PROMISES.search(doc)
        and not re.search(r"\bno-?op\b|\bdoes nothing\b|\bdo nothing\b|\bstub\b", doc, re.IGNORECASE)
    ):
        return "its docstring says what it does"
    return ""


CHECK = Check(
    id="CGC005",
    name="placeholder-body",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    hints=HINTS,
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Write the function's body, or remove the function and its callers.",
    bad=(
        Bad(
            'def validate(doc):  # finding\n    """Check nesting depth."""\n    # TODO: implement depth limits\n    pass\n'
        ),
        Bad("def load(path):  # finding\n    # Implementation goes here\n    ...\n"),
        Bad("def area(shape) -> float:  # finding\n    ...\n"),
        Bad("def join(a, b):  # finding\n    raise NotImplementedError\n"),
        Bad(
            "class Table(dict):\n    def join(self, other):  # finding\n        raise NotImplementedError('not implemented yet')\n\n    def size(self):\n        return len(self)\n"
        ),
        Bad("def is_valid(user):  # finding\n    # TODO: check the signature\n    return True\n"),
        Bad('def total(items):  # finding\n    """Return the sum of all prices."""\n    pass\n'),
    ),
    good=(
        Good('def total(items):\n    """Return the sum of all prices."""\n    return sum(i.price for i in items)\n'),
        Good(
            "from abc import ABC, abstractmethod\n\nclass Shape(ABC):\n    @abstractmethod\n    def area(self) -> float:\n        ...\n\n    def name(self) -> str:\n        raise NotImplementedError\n"
        ),
        Good("from typing import Protocol\n\nclass Sized(Protocol):\n    def size(self) -> int: ...\n"),
        Good(
            "from typing import overload\n\n@overload\ndef f(x: int) -> int: ...\n@overload\ndef f(x: str) -> str: ...\ndef f(x):\n    return x\n"
        ),
        Good(
            "class Handler:\n    def on_close(self):\n        pass\n\n    def run(self):\n        raise NotImplementedError('subclasses say what to run')\n"
        ),
        Good(
            "class Visitor:\n    def visit(self) -> int: ...\n\nclass Printer(Visitor):\n    def visit(self) -> int:\n        return 1\n"
        ),
        Good('@cli.group()\ndef main():\n    """Find and check things."""\n'),
        Good("def disable(logger):\n    # nothing to do on this platform\n    pass\n"),
        Good('def ignore(*args):\n    """Do nothing."""\n    pass\n'),
    ),
    misses=(
        Miss(
            "class Store:\n    def save(self, item):  # finding\n        pass\n",
            why="an empty method may be a hook or mean it",
        ),
    ),
)
