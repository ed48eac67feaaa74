"""The text of a file that is meant for readers: comments, docstrings, dead strings; and what its words ask for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import libcst as cst

from codeguard.knowledge.malicious import phrases
from codeguard.model import Span
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

QUOTED = re.compile(r"\"[^\"\n]{3,200}\"|'[^'\n]{6,200}'|``[^`]{3,200}``|`[^`\n]{3,200}`|\u201c[^\u201d]{3,200}\u201d")
COLLECTIONS = (cst.List, cst.Tuple, cst.Set, cst.Dict)


@dataclass(frozen=True, slots=True)
class Prose:
    """A stretch of text: where, its words, and its kind (`comment`, `docstring`, `string`)."""

    where: Span | cst.CSTNode
    text: str
    kind: str


def prose(unit: Unit) -> tuple[Prose, ...]:
    """The comments (runs of them joined), docstrings and other strings of a unit (through `unit.fact(prose)`)."""
    return (*_comments(unit), *_strings(unit))


def _comments(unit: Unit) -> Iterator[Prose]:
    """Comments, those on lines that follow each other as one; the place is that of the first."""
    pending: list[tuple[Span, str]] = []
    if "#" not in unit.text:
        return
    for span, text in unit.comments:
        if pending and span.start_line != pending[-1][0].start_line + 1:
            yield _joined(pending)
            pending = []
        pending.append((span, text))
    if pending:
        yield _joined(pending)


def _joined(pending: list[tuple[Span, str]]) -> Prose:
    return Prose(pending[0][0], "\n".join(text.lstrip("#: ").rstrip() for _, text in pending), "comment")


def _strings(unit: Unit) -> Iterator[Prose]:
    for node in (*unit.nodes(cst.SimpleString), *unit.nodes(cst.FormattedString)):
        above = unit.parent(node)
        if isinstance(above, cst.ConcatenatedString):
            continue
        yield from _string(node, above)
    for whole in unit.nodes(cst.ConcatenatedString):
        above = unit.parent(whole)
        if not isinstance(above, cst.ConcatenatedString):
            yield from _string(whole, above)


def _string(node: cst.CSTNode, above: cst.CSTNode | None) -> Iterator[Prose]:
    if isinstance(node, cst.FormattedString):
        value: object = "".join(p.value if isinstance(p, cst.FormattedStringText) else "{}" for p in node.parts)
    else:
        value = string_value(node)
    if isinstance(value, str) and len(value) >= 16:
        yield Prose(node, value, "docstring" if isinstance(above, cst.Expr) else "string")


def unquoted(text: str) -> str:
    """The text without what it quotes."""
    return QUOTED.sub(" ", text)


def used_as_data(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether a string is an example: an item of a collection, an argument of a test or a pattern, or compared."""
    for above in unit.ancestors(node):
        if isinstance(above, cst.DictElement):
            return node is above.key
        if isinstance(above, (*COLLECTIONS, cst.Comparison, cst.Assert)):
            return True
        if isinstance(above, cst.Call):
            name = unit.name(above.func) or ""
            return name.startswith(("re.", "regex.")) or "assert" in name.lower()
        if isinstance(above, cst.Subscript):
            return True
        if isinstance(above, cst.BaseSmallStatement):
            return False
    return False


def is_referenced(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether the name that a string is assigned to is read anywhere in the file."""
    statement = unit.statement_of(node)
    names = (
        {t.target.value for t in statement.targets if isinstance(t.target, cst.Name)}
        if isinstance(statement, cst.Assign)
        else set()
    )
    return (
        any(name.value in names and unit.statement_of(name) is not statement for name in unit.nodes(cst.Name))
        if names
        else False
    )


def acts(text: str) -> set[str]:
    """The speech acts in a text: address, override, verdict, authority, role, about (the code)."""
    tests = (
        ("address", phrases.ADDRESS), ("override", phrases.OVERRIDE), ("verdict", phrases.VERDICT),
        ("authority", phrases.AUTHORITY), ("role", phrases.ROLE), ("about", phrases.ABOUT_CODE),
    )  # fmt: skip
    return {name for name, pattern in tests if pattern.search(text)}
