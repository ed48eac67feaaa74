"""Why no signature of an overloaded function takes a call, where the call's shape alone tells.

ty's message says only that none matches, which is as often the fault of an annotation.  Its full report lists the
signatures; a keyword that none of them has, or a call without arguments where each requires one, is wrong whatever the
types are.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from codeguard.engines.columns import points_of
from codeguard.engines.source_context import tree_of

CODE = "no-matching-overload"

Place = tuple[str, int, int]
"""File, and 1-based line and column."""

_AT = re.compile(r"\s*--> (.+):(\d+):(\d+)$")
_SIGNATURE = re.compile(r"info:   (?:\[[^()]*\])?\((.*)\)(?: -> .*)?$")
_UNION = ("info: Union variant ", "info: Attempted to call union type ")
_OPENING, _CLOSING = "([{", ")]}"


class Reason(NamedTuple):
    """The variant of the rule that holds, and what to say."""

    variant: str
    message: str


def signatures(report: str) -> dict[Place, tuple[str, ...]]:
    """The parameter lists of every signature that ty's full report names, by the place of the call."""
    found: dict[Place, list[str]] = {}
    place: Place | None = None
    fresh = False
    for line in report.splitlines():
        if line.startswith(("error[", "warning[")):
            fresh, place = f"[{CODE}]" in line, None
        elif fresh and (at := _AT.match(line)):
            place, fresh = (at[1].replace("\\", "/").removeprefix("./"), int(at[2]), int(at[3])), False
            found.setdefault(place, [])
        elif place is not None and line.startswith(_UNION):
            found[place], place = [], None  # which of several functions is called, the place does not tell
        elif place is not None and (signature := _SIGNATURE.match(line)):
            found[place].append(signature[1])
    return {place: tuple(lists) for place, lists in found.items()}


def reason(call: ast.Call, lists: Sequence[str]) -> Reason | None:
    """Why no list of parameters takes the call; None where its shape does not tell, or there is no list."""
    if not lists:
        return None
    function = call.func.attr if isinstance(call.func, ast.Attribute) else ast.unparse(call.func)
    every = [tuple(_parameters(text)) for text in lists]
    for keyword in call.keywords:
        if keyword.arg is not None and not any(_takes(parameters, keyword.arg) for parameters in every):
            return Reason("keyword", f"No signature of `{function}` has a parameter `{keyword.arg}`: TypeError")
    if not call.args and not call.keywords and all(any(map(_is_required, parameters)) for parameters in every):
        return Reason("arity", f"Every signature of `{function}` requires an argument, and there is none: TypeError")
    return None


def calls_of(text: str) -> Mapping[tuple[int, int], ast.Call]:
    """The calls of a text by the line and column (1-based, code points) that they start at, the outermost of each."""
    tree = tree_of(text)
    found: dict[tuple[int, int], ast.Call] = {}
    if tree is not None:
        lines = text.split("\n")
        for node in ast.walk(tree):  # breadth first: what encloses comes before what it encloses
            if isinstance(node, ast.Call):
                column = points_of(lines[node.lineno - 1], node.col_offset) + 1
                found.setdefault((node.lineno, column), node)
    return found


def _takes(parameters: Sequence[str], keyword: str) -> bool:
    names = {parameter.partition(":")[0].partition("=")[0].strip() for parameter in parameters}
    return keyword in names or any(parameter.startswith("**") for parameter in parameters)


def _is_required(parameter: str) -> bool:
    name = parameter.partition(":")[0].partition("=")[0].strip()
    return name not in {"self", "cls", "/"} and not name.startswith("*") and " = " not in parameter


def _parameters(text: str) -> Iterator[str]:
    """The parameters of a list, cut at the commas outside of brackets."""
    depth = start = 0
    for at, char in enumerate(text):
        depth += (char in _OPENING) - (char in _CLOSING)
        if char == "," and depth == 0:
            yield text[start:at].strip()
            start = at + 1
    if text[start:].strip():
        yield text[start:].strip()
