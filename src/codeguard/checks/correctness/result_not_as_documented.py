"""A function gives something else than its docstring says, or than the docstring's example shows.

Docstring and code are written together by a model, and drift apart: an index is promised and the item given, an
example prints a dictionary and the code builds a list, or one path gives None where a number is promised.  Callers and
tests believe the docstring.  Reported where the kinds of all results are evident and none is the promised one, and where
a function that promises a value can fall off its end; examples are read as `doctest` reads them (Python's `doctest` documentation; PEP 257).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import decorator_names
from codeguard.checks.correctness._control import NEXT, lenient_paths
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._placeholders import is_elided
from codeguard.checks.correctness._shape import body_of, is_damaged, is_generator, own_nodes, returns_value
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

NONE, NUMBER, TRUTH, TEXT = "None", "number", "bool", "str"
OF_KIND = {
    "bool": TRUTH,
    "int": NUMBER,
    "float": NUMBER,
    "complex": NUMBER,
    "str": TEXT,
    "list": "list",
    "tuple": "tuple",
    "dict": "dict",
    "set": "set",
    "NoneType": NONE,
}
OF_WORD = {
    **dict.fromkeys(("bool", "boolean", "true", "false"), TRUTH),
    **dict.fromkeys(("int", "integer", "float", "number", "count", "sum"), NUMBER),
    **dict.fromkeys(("str", "string", "text"), TEXT),
    **{word: word for word in ("list", "tuple", "dict", "set")},
    "dictionary": "dict",
    "pair": "tuple",
    **dict.fromkeys(("none", "nothing", "null"), NONE),
}
# What says that the result may be something else.
OPEN = frozenset(("optional", "any", "object", "array", "iterable", "sequence", "mapping", "self"))
PROMISE = re.compile(
    r"^[ \t]*(?::returns?:[ \t]*(?P<sphinx>[^\n]+)|Returns:[ \t]*\n[ \t]*(?P<section>[^\n]+))",
    re.MULTILINE,
)
TYPE = re.compile(r"^[ \t]*:rtype:[ \t]*([^\n]+)", re.MULTILINE)
NONE_WORD = re.compile(r"\b(?:none|nothing|null|optional|if any|not found|empty)\b", re.IGNORECASE)
WORD = re.compile(r"[A-Za-z_]+")
EXAMPLE = re.compile(r"^[ \t]*>>> ?([^\n]+)\n[ \t]*(?!>>>|\.\.\.)([^\s>][^\n]*)", re.MULTILINE)
PLAIN = {"staticmethod", "classmethod", "override"}


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report a function none of whose results is what its docstring promises, or what its example shows."""
    if function.asynchronous is not None or not PLAIN.issuperset(decorator_names(function)):
        return
    doc = function.get_docstring()
    if doc is None or not (">>>" in doc or "eturn" in doc or ":rtype:" in doc):
        return
    promised = _promised(doc)
    if not promised and ">>>" not in doc:
        return
    if is_generator(function, unit) or is_damaged(function, unit) or is_elided(function, unit):
        return
    results = _results(function, unit)
    name = function.name.value
    place = next((r for r in own_nodes(function) if isinstance(r, cst.Return)), function.name)
    for shown in _shown(doc, name) if results else ():
        if shown not in results:
            yield Hit(
                place,
                f"An example in its docstring shows that `{name}` gives {_said({shown})}, and it gives {_said(results)}",
            )
            return
    if results and promised and (promised.isdisjoint(results) or (results == {NONE} and promised != results)):
        yield Hit(place, f"The docstring says that `{name}` gives {_said(promised)}, and it gives {_said(results)}")
    elif promised and results != {NONE} and not NONE_WORD.search(doc) and _may_end(function, unit):
        yield Hit(
            function.name,
            f"The docstring says that `{name}` gives {_said(promised)}, and on one path it ends without a value",
        )


def _may_end(function: cst.FunctionDef, unit: Unit) -> bool:
    """Whether a function that returns values, and whose annotation does not say more, can also fall off its end."""
    if function.returns is not None:
        return False
    return returns_value(function, unit) and bool(unit.fact(lenient_paths).block(function.body) & NEXT)


def _results(function: cst.FunctionDef, unit: Unit) -> set[str]:
    """The kinds of all that a function can give; empty where one of them is not evident."""
    found = set()
    gives = False
    for node in own_nodes(function):
        if isinstance(node, cst.Return):
            kind = NONE if node.value is None else OF_KIND.get(unit.fact(kinds).of(node.value) or "", "")
            if not kind:
                return set()
            gives = gives or node.value is not None
            found.add(kind)
    body = body_of(function)
    if unit.fact(lenient_paths).block(function.body) & NEXT:
        if not gives and not any(isinstance(s, (cst.Assign, cst.AugAssign, cst.BaseCompoundStatement)) for s in body):
            return set()  # a body of calls or of `pass` waits for a subclass
        found.add(NONE)
    return found


def _promised(doc: str) -> set[str]:
    """The kinds that the docstring promises; empty where it promises nothing, or anything."""
    match, typed = PROMISE.search(doc), TYPE.search(doc)
    said = " ".join(
        part for part in ((match["sphinx"] or match["section"]) if match else "", typed[1] if typed else "") if part
    )
    words = [word.lower() for word in WORD.findall(said)]
    if OPEN.intersection(words):
        return set()
    listed = {"tuple"} if typed and typed[1].startswith("(") else set()
    return {OF_WORD[word] for word in words if word in OF_WORD} | listed


def _shown(doc: str, name: str) -> Iterator[str]:
    """The kinds of what the docstring's examples print for a call of the function."""
    for call, printed in EXAMPLE.findall(doc) if name in doc else ():
        try:
            called = ast.parse(call.strip(), mode="eval").body
            value = ast.literal_eval(printed.strip())
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            continue
        if isinstance(called, ast.Call) and getattr(called.func, "attr", getattr(called.func, "id", "")) == name:
            kind = OF_KIND.get(type(value).__name__)
            if kind is not None:
                yield kind


def _said(found: set[str]) -> str:
    words = {NONE: "None", NUMBER: "a number", TRUTH: "a bool", TEXT: "a str"}
    return " or ".join(sorted(words.get(kind, f"a {kind}") for kind in found))


CHECK = Check(
    id="CGC063",
    name="result-not-as-documented",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(394,),
    hints=(">>>", ":return", "Returns:", ":rtype:"),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Return what the docstring promises, or correct the docstring.",
    bad=(
        Bad(
            'def count(words):\n    """Count words.\n\n    >>> count(["a", "a"])\n    {\'a\': 2}\n    """\n    found = {}\n    for word in words:\n        found[word] = found.get(word, 0) + 1\n    return sorted(found.items())  # finding\n'
        ),
        Bad(
            'def grade(mark):  # finding\n    """The grade.\n\n    :return: str, the grade\n    """\n    if mark > 90:\n        return compute(mark)\n    elif mark < 50:\n        return "F"\n'
        ),
        Bad(
            'class Shelf:\n    def add(self, book):\n        """Add a book.\n\n        :return: bool, whether it was new\n        """\n        if book in self.books:\n            return None  # finding\n        self.books.append(book)\n'
        ),
        Bad(
            'def head(rows):\n    """The head.\n\n    Returns:\n        list: the first rows\n    """\n    return str(rows[:5])  # finding\n'
        ),
        Bad(
            'def norm(v):\n    """Its length.\n\n    :rtype: float\n    """\n    return [x * x for x in v]  # finding\n'
        ),
    ),
    good=(
        Good(
            'def count(words):\n    """Count words.\n\n    >>> count(["a", "a"])\n    {\'a\': 2}\n    """\n    found = {}\n    for word in words:\n        found[word] = found.get(word, 0) + 1\n    return found\n'
        ),
        Good(
            'def find(xs):\n    """Find.\n\n    :return: int, the index, or None\n    """\n    if not xs:\n        return None\n    return 0\n'
        ),
        Good('def mean(xs):\n    """The mean.\n\n    >>> mean([1])\n    1\n    """\n    return 1.0\n'),
        Good(
            'def f(xs):\n    """Say.\n\n    :return: str, or False where there is none\n    """\n    if xs:\n        return "a"\n    return False\n'
        ),
        Good(
            'def f(xs):\n    """Give.\n\n    Returns:\n        list: of what there is\n    """\n    return build(xs)\n'
        ),
        Good('class A:\n    def f(self):\n        """Give.\n\n        :return: bool\n        """\n        pass\n'),
        Good('def f():\n    """Show.\n\n    >>> g(f())\n    1\n    >>> f()\n    <object>\n    """\n    return [1]\n'),
    ),
    misses=(
        Miss(
            'def f(x):\n    """Give.\n\n    :return: bool\n    """\n    return x + x  # finding\n',
            why="the kind of the result is not evident",
        ),
    ),
)
