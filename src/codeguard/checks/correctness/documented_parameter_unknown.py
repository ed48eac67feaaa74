"""A docstring documents a parameter that the function does not have.

The signature was changed, or the docstring was written for another function: a caller who believes it gets a
TypeError.  It is a smell of the text rather than of the code, hence the strict profile.  Google, NumPy and Sphinx styles are read (PEP 257; the Sphinx documentation, "Info field lists").
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import decorator_names
from codeguard.knowledge.builtin_types import TYPES
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit

SPHINX = re.compile(r"^[ \t]*:param(?:eter)?[ \t]+(?:[\w\[\], .|]+[ \t]+)?\\?\*{0,2}(\w+)[ \t]*:", re.MULTILINE)
GOOGLE = re.compile(r"^([ \t]*)(?:Args|Arguments|Parameters|Params):[ \t]*$", re.MULTILINE)
GOOGLE_ITEM = re.compile(r"^([ \t]+)\\?\*{0,2}(\w+)[ \t]*(?:\([^)\n]*\))?[ \t]*:(?:[ \t]|$)")
NUMPY = re.compile(r"^([ \t]*)Parameters[ \t]*\n[ \t]*-{4,}[ \t]*$", re.MULTILINE)
NUMPY_ITEM = re.compile(r"^\\?\*{0,2}(\w+(?:[ \t]*,[ \t]*\\?\*{0,2}\w+)*)[ \t]*(?::.*)?$")
ENDS = re.compile(r"^[ \t]*(?:[A-Z][\w ]*:?[ \t]*$|-{4,})")
PLAIN_DECORATORS = {
    "staticmethod",
    "classmethod",
    "abstractmethod",
    "override",
    "final",
    "lru_cache",
    "cache",
    "contextmanager",
    "asynccontextmanager",
    "property",
    "cached_property",
}
SELF = {"self", "cls"}


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report the documented names that the signature lacks."""
    params = function.params
    if params.star_kwarg is not None or not PLAIN_DECORATORS.issuperset(decorator_names(function)):
        return
    doc = function.get_docstring()
    if doc is None or not ("param" in doc or "Arg" in doc or "Param" in doc):
        return
    names = {p.name.value for p in (*params.posonly_params, *params.params, *params.kwonly_params)}
    if isinstance(params.star_arg, cst.Param):
        names.add(params.star_arg.name.value)
        if "args" not in names or len(names) < 3:
            return  # `*values` may be documented one by one
    documented = _documented(doc)
    unknown = [name for name in documented if name not in names and name not in SELF and name not in TYPES]
    if not unknown or (len(unknown) == len(documented) and not names - SELF and len(unknown) > 3):
        return
    missing = [name for name in names - SELF if name not in documented]
    for name in unknown:
        near = difflib.get_close_matches(name, missing, 1, 0.6)
        hint = f" (it has `{near[0]}`)" if near else ""
        yield Hit(function.name, f"The docstring documents `{name}`, which `{function.name.value}` does not take{hint}")


def _documented(doc: str) -> list[str]:
    """The parameter names that a docstring documents, in its order."""
    found = SPHINX.findall(doc)
    lines = doc.split("\n")
    for pattern, item in ((GOOGLE, GOOGLE_ITEM), (NUMPY, NUMPY_ITEM)):
        for section in pattern.finditer(doc):
            start = doc.count("\n", 0, section.end()) + 1
            found += _items(lines[start:], item, section.group(1))
    return list(dict.fromkeys(found))


def _items(lines: list[str], item: re.Pattern[str], margin: str) -> Iterator[str]:
    """The names of one section: lines of the first item's own indentation."""
    indent: str | None = None
    for number, line in enumerate(lines):
        if not line.strip():
            if (
                item is GOOGLE_ITEM
                and number
                and indent is not None
                and number + 1 < len(lines)
                and not lines[number + 1].startswith(indent)
            ):
                return
            continue
        own = line[: len(line) - len(line.lstrip())]
        if item is NUMPY_ITEM:
            if len(own) < len(margin) or (
                own == margin
                and ENDS.match(line)
                and number + 1 < len(lines)
                and set(lines[number + 1].strip()) == {"-"}
            ):
                return
            match = NUMPY_ITEM.match(line[len(margin) :]) if own == margin else None
            if match is None and own == margin:
                return  # prose: not what it seemed to be
            if match is not None:
                yield from (part.strip(" \t*\\") for part in match.group(1).split(","))
            continue
        if len(own) <= len(margin):
            return
        if indent is None:
            indent = own
        if own != indent:
            continue
        match = GOOGLE_ITEM.match(line)
        if match is None:
            return
        yield match.group(2)


CHECK = Check(
    id="CGC040",
    name="documented-parameter-unknown",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    profile=Profile.STRICT,
    hints=('"""', "'''"),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Document the parameters that the function has.",
    bad=(
        Bad(
            'def area(width, height):  # finding\n    """Give the area.\n\n    Args:\n        width: in metres.\n        depth: in metres.\n    """\n    return width * height\n'
        ),
        Bad(
            'def area(width, height):  # finding\n    """Give the area.\n\n    :param width: in metres\n    :param heigth: in metres\n    """\n    return width * height\n'
        ),
        Bad(
            'def area(width):  # finding\n    """Give the area.\n\n    Parameters\n    ----------\n    width : float\n        In metres.\n    height : float\n        In metres.\n    """\n    return width\n'
        ),
    ),
    good=(
        Good(
            'def area(width, height):\n    """Give the area.\n\n    Args:\n        width (float): in metres.\n        height: in metres,\n            note: above ground.\n\n    Returns:\n        float: the area.\n    """\n    return width * height\n'
        ),
        Good(
            'def area(width, **more):\n    """Give the area.\n\n    :param width: in metres\n    :param height: in metres\n    """\n    return width\n'
        ),
        Good(
            'def area(width, *args):\n    """Give the area.\n\n    Parameters\n    ----------\n    width : float\n        In metres.\n\n    Returns\n    -------\n    area : float\n    """\n    return width\n'
        ),
        Good(
            '@wrapped\ndef area(width):\n    """Give the area.\n\n    :param height: in metres\n    """\n    return width\n'
        ),
    ),
    misses=(
        Miss(
            'class Box:  # finding\n    """A box.\n\n    :param size: in metres\n    """\n\n    def __init__(self, width):\n        self.width = width\n',
            why="docstrings of classes are not read",
        ),
    ),
)
