"""A text in a comprehension names a variable of it in braces, and has no `f` prefix.

The braces are printed as they stand, once for each item.  Ruff's `RUF027` sees this for other variables.  Source: PEP
498.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

Comprehension = cst.ListComp | cst.SetComp | cst.GeneratorExp | cst.DictComp


def find(node: Comprehension, unit: Unit) -> Iterator[Hit]:
    """Report the texts in what a comprehension makes that name its variables in braces."""
    parts = (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,)
    variables: set[str] | None = None
    for part in parts:
        for text in descend(part):
            if not isinstance(text, cst.SimpleString) or "{" not in text.value or text.prefix:
                continue
            variables = _variables(node) if variables is None else variables
            named = _fields(str(text.evaluated_value)) & variables
            if named and not _is_formatted(text, unit):
                name = min(named)
                yield Hit(text, f"`{{{name}}}` is printed as it stands, for each item: the text has no `f` prefix")


def _variables(node: Comprehension) -> set[str]:
    found: set[str] = set()
    loop: cst.CompFor | None = node.for_in
    while loop is not None:
        found |= {part.value for part in descend(loop.target) if isinstance(part, cst.Name)}
        loop = loop.inner_for_in
    return found


def _fields(text: str) -> set[str]:
    """The names that the text would read as an f-string; none where it would not be one."""
    try:
        tree = ast.parse(f"f{text!r}", mode="eval")
    except (SyntaxError, ValueError):
        return set()
    return {
        part.id
        for field in ast.walk(tree)
        if isinstance(field, ast.FormattedValue)
        and isinstance(field.value, (ast.Name, ast.Attribute, ast.Call, ast.Subscript))
        for part in ast.walk(field.value)
        if isinstance(part, ast.Name)
    }


def _is_formatted(text: cst.SimpleString, unit: Unit) -> bool:
    """Whether the text is a template: formatted here, a key, or an argument of what formats later."""
    parent = unit.parent(text)
    return not (
        isinstance(parent, (cst.ListComp, cst.SetComp, cst.GeneratorExp))
        or (isinstance(parent, cst.DictComp) and parent.value is text)
        or isinstance(parent, (cst.Tuple, cst.Element, cst.BinaryOperation))
    ) or (isinstance(parent, cst.BinaryOperation) and not isinstance(parent.operator, cst.Add))


CHECK = Check(
    id="CGC065",
    name="missing-f-prefix-in-comprehension",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=("ruff:RUF027",),
    hints=("{",),
    nodes=(cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp),
    find=find,
    fix="Write the `f` before the text.",
    bad=(
        Bad("names = ['{key}: {value.name}' for key, value in rows]  # finding\n"),
        Bad("print(', '.join('{x}' for x in xs))  # finding\n"),
        Bad("d = {k: '<' + '{k!r}>' for k in ks}  # finding\n"),
    ),
    good=(
        Good("names = [f'{key}: {value.name}' for key, value in rows]\n"),
        Good("names = ['{key}'.format(key=key) for key in rows]\n"),
        Good("names = ['{other}' for key in rows]\n"),
        Good("names = ['{key}' % key for key in rows]\n"),
        Good("names = ['{' + key + '}' for key in rows]\n"),
        Good("names = [render('{key}', key=key) for key in rows]\n"),
        Good("names = ['{\"key\": 1}' for key in rows]\n"),
    ),
    misses=(Miss("names = [show('{key}') for key in rows]  # finding\n", why="what takes the text may fill it in"),),
)
