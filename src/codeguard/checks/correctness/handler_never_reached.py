"""An `except` clause stands after one that catches the same exceptions, so it never runs.

Python takes the first handler that fits: after `except Exception`, `except ValueError` is dead.  Put the narrow
handlers first.  Source: the Python reference, "The try statement"; the hierarchy in "Built-in Exceptions".
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._shape import last_word
from codeguard.knowledge.exceptions import BUILTIN_EXCEPTIONS, is_caught_by
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(node: cst.Try, unit: Unit) -> Iterator[Hit]:
    """Report each handler all of whose exceptions an earlier one catches."""
    if len(node.handlers) < 2:
        return
    earlier: list[str] = []
    for handler in node.handlers:
        names = _names(handler.type, unit)
        if names and earlier and all(any(_covers(known, name, unit) for known in earlier) for name in names):
            by = next(known for known in earlier if _covers(known, names[0], unit))
            yield Hit(
                handler.type or handler, f"This handler never runs: `except {by}` before it catches `{names[0]}` too"
            )
        earlier += [name for name in names if name]


def _names(node: cst.BaseExpression | None, unit: Unit) -> list[str]:
    """The exceptions that a handler names, builtin ones without module; an empty text for one that is unknown."""
    types = [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node] if node is not None else []
    return [(unit.name(t) or "").removeprefix("builtins.") for t in types]


def _covers(known: str, name: str, unit: Unit) -> bool:
    if not name:
        return False
    if known in {name, "BaseException"}:
        return True
    if name.startswith("<local>."):
        cls = unit.fact(classes).named(name[len("<local>.") :])
        if cls is None:
            return False
        bases = {unit.name(a.value) or last_word(a.value) for member in cls.line() for a in member.node.bases}
        return any(base == known or is_caught_by(base.removeprefix("builtins."), known) for base in bases)
    if known == "Exception" and name not in BUILTIN_EXCEPTIONS:
        return "." in name and _looks_like_exception(name)
    return is_caught_by(name, known)


def _looks_like_exception(name: str) -> bool:
    """Whether a name of another module is an exception by Python's naming convention (PEP 8)."""
    return name.rpartition(".")[2].endswith(("Error", "Exception", "Timeout"))


CHECK = Check(
    id="CGC014",
    name="handler-never-reached",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(561,),
    aliases=("ruff:B025",),
    hints=("except",),
    nodes=(cst.Try,),
    find=find,
    fix="Put the narrower handler first.",
    bad=(
        Bad("try:\n    work()\nexcept Exception:\n    pass\nexcept ValueError:  # finding\n    print('value')\n"),
        Bad(
            "try:\n    work()\nexcept OSError:\n    pass\nexcept (FileNotFoundError, PermissionError):  # finding\n    print('file')\n"
        ),
        Bad(
            "class Own(KeyError):\n    pass\n\n\ntry:\n    work()\nexcept LookupError:\n    pass\nexcept Own:  # finding\n    print('own')\n"
        ),
        Bad(
            "import json\ntry:\n    work()\nexcept ValueError:\n    pass\nexcept json.JSONDecodeError:  # finding\n    print('json')\n"
        ),
    ),
    good=(
        Good("try:\n    work()\nexcept ValueError:\n    pass\nexcept Exception:\n    print('other')\n"),
        Good("try:\n    work()\nexcept KeyError:\n    pass\nexcept (KeyError, ValueError):\n    print('value')\n"),
        Good("try:\n    work()\nexcept lib.Error:\n    pass\nexcept lib.Other:\n    print('other')\n"),
    ),
    misses=(
        Miss(
            "import lib\ntry:\n    work()\nexcept lib.Error:\n    pass\nexcept lib.NarrowError:  # finding\n    print('x')\n",
            why="hierarchies of other packages are not known",
        ),
    ),
)
