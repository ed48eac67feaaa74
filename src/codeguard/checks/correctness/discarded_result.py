"""The result of a method that changes nothing is thrown away: `text.strip()` on a line of its own.

Text is immutable: `strip`, `replace` and `upper` return a new text and leave the old one as it was.  The same goes
for `sorted(x)`, and for most methods of pandas' tables.  Bind the result.  Source: the Python documentation, "Text Sequence Type".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import text, within
from codeguard.knowledge.builtin_types import PREDICATES, PURE_TEXT_METHODS
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# Methods that hardly any type but text has, so that the receiver's type need not be known.
TEXT_ONLY = frozenset(
    {
        "strip",
        "upper",
        "lower",
        "zfill",
        "removeprefix",
        "removesuffix",
        "splitlines",
        "casefold",
        "swapcase",
        "startswith",
        "endswith",
        "isdigit",
    }
)
PURE_FUNCTIONS = frozenset(
    {
        "builtins.sorted",
        "builtins.reversed",
        "builtins.str",
        "builtins.len",
        "builtins.round",
        "builtins.abs",
        "builtins.sum",
        "os.path.join",
        "copy.copy",
        "copy.deepcopy",
        "builtins.map",
        "builtins.filter",
        "builtins.zip",
        "builtins.enumerate",
        "re.sub",
        "re.escape",
        "re.split",
        "re.findall",
        "textwrap.dedent",
        "html.escape",
        "shlex.quote",
        "urllib.parse.quote",
        "dataclasses.replace",
        "json.dumps",
        "flask.jsonify",
        "flask.redirect",
        "flask.render_template",
        "flask.make_response",
        "django.shortcuts.redirect",
        "django.shortcuts.render",
        "django.http.HttpResponse",
        "django.http.JsonResponse",
        "django.http.HttpResponseRedirect",
        "fastapi.responses.JSONResponse",
        "fastapi.responses.RedirectResponse",
        "starlette.responses.JSONResponse",
        "starlette.responses.RedirectResponse",
        "aiohttp.web.json_response",
        *(
            f"numpy.{name}"
            for name in ("append", "insert", "delete", "sort", "reshape", "transpose", "concatenate", "unique")
        ),
    }
)
PURE_BY_KIND = {
    "list": {"copy", "count", "index"},
    "dict": {"copy", "keys", "values", "items"},
    "set": {"copy", "union", "difference", "intersection"},
    "tuple": {"count", "index"},
    "str": {"format", "join"},
}
_PIXELS = {"rotate", "resize", "crop", "convert", "transpose", "filter", "point", "quantize", "transform", "reduce"}
# Methods of instances that `Unit.name` tells by what made them: they change nothing, and do nothing else.
PURE_BY_OWNER = {
    "pathlib.Path()": {"with_suffix", "with_name", "with_stem", "joinpath", "expanduser", "absolute", "as_posix"},
    "datetime.datetime()": {"replace", "astimezone", "strftime", "isoformat", "timestamp", "date", "time"},
    "datetime.date()": {"replace", "strftime", "isoformat", "weekday"},
    "numpy.ndarray()": {"reshape", "astype", "flatten", "ravel", "transpose", "squeeze", "swapaxes"},
    "torch.Tensor()": {"to", "view", "reshape", "permute", "unsqueeze", "squeeze", "float", "cuda", "cpu", "detach"},
    "PIL.Image.Image()": _PIXELS,
    "decimal.Decimal()": {"quantize", "normalize"},
    "sqlalchemy.select()": {
        "where",
        "filter",
        "filter_by",
        "order_by",
        "limit",
        "offset",
        "join",
        "options",
        "group_by",
    },
}
_OWNERS = {
    "datetime.datetime()": ("datetime.datetime.now()", "datetime.datetime.utcnow()", "datetime.datetime.strptime()"),
    "datetime.date()": ("datetime.date.today()",),
    "numpy.ndarray()": tuple(
        f"numpy.{made}()" for made in ("array", "zeros", "ones", "arange", "asarray", "linspace", "full", "empty")
    ),
    "torch.Tensor()": tuple(f"torch.{made}()" for made in ("tensor", "zeros", "ones", "rand", "randn", "arange")),
    "PIL.Image.Image()": ("PIL.Image.open()", "PIL.Image.new()", "PIL.Image.fromarray()"),
    "pathlib.Path()": ("pathlib.Path.cwd()", "pathlib.Path.home()"),
}
OWNER_OF = {made: owner for owner, every in _OWNERS.items() for made in every} | {
    owner: owner for owner in PURE_BY_OWNER
}
# What gives back an object of the same type, so that a chain or a name bound to it is known too.
SAME_TYPE = {
    "pathlib.Path()": {"parent", "resolve", "with_suffix", "with_name", "joinpath", "expanduser", "absolute"},
    "datetime.datetime()": {"replace", "astimezone"},
    "PIL.Image.Image()": _PIXELS | {"copy"},
    "numpy.ndarray()": {"reshape", "astype", "flatten", "ravel", "copy", "T"},
    "sqlalchemy.select()": {"where", "filter", "order_by", "join"},
}

# Methods of pandas' tables and columns that give a new one, unless `inplace=True` (pandas' API reference).
TABLE_METHODS = frozenset(
    [
        "fillna",
        "dropna",
        "drop_duplicates",
        "reset_index",
        "set_index",
        "sort_values",
        "sort_index",
        "astype",
        "clip",
        "ffill",
        "bfill",
        "interpolate",
        "reindex",
        "explode",
        "melt",
    ]
)


# A context manager that waits for an error, or measures.
WAITS = re.compile(r"raises|assert|suppress|warn|catch|expect|subtest|time|bench|profile|patch", re.IGNORECASE)


def find(statement: cst.Expr, unit: Unit) -> Iterator[Hit]:
    """Report a statement that only computes a new value."""
    call = statement.value
    if not isinstance(call, cst.Call):
        return
    if isinstance(call.func, cst.Attribute):
        word = call.func.attr.value
        if word == "lower" and "tkinter" in unit.text:
            return  # there it moves a window behind the others
        if word in TABLE_METHODS and "pandas" in unit.text and not _is_in_place(call) and not _may_be_meant(call, unit):
            yield Hit(
                call,
                f"`{text(call.func)}` returns a new table or column and changes nothing in place: the result is thrown away",
            )
            return
        if word in PURE_TEXT_METHODS or word in PREDICATES:
            kind = unit.fact(kinds).of(call.func.value)
            owner = _owner(call.func.value, unit) if kind is None and word == "replace" else ""
            wanted = (
                kind == "str"
                or word in PURE_BY_OWNER.get(owner, ())
                or (kind is None and word in TEXT_ONLY and not (unit.name(call.func) or "").startswith("<local>"))
            )
        else:
            kind = None
            owner = _owner(call.func.value, unit) if any(word in words for words in PURE_BY_OWNER.values()) else ""
            wanted = word in PURE_BY_OWNER.get(owner, ()) or (
                any(word in words for words in PURE_BY_KIND.values())
                and word in PURE_BY_KIND.get(kind := unit.fact(kinds).of(call.func.value) or "", ())
            )
        wanted = wanted or ((unit.name(call.func) or "") in PURE_FUNCTIONS and not _is_in_place(call))
        if wanted and not _may_be_meant(call, unit):
            yield Hit(call, f"`{text(call.func)}` returns a new value and changes nothing: the result is thrown away")
    elif (
        isinstance(call.func, cst.Name)
        and (name := unit.name(call.func)) in PURE_FUNCTIONS
        and not _may_be_meant(call, unit)
    ):
        yield Hit(
            call, f"`{name.rpartition('.')[2]}` returns a new value and changes nothing: the result is thrown away"
        )


def _owner(node: cst.BaseExpression | None, unit: Unit, depth: int = 0) -> str:
    """The type of an instance, where its making, an annotation, or a chain of calls on one tells; else empty."""
    if node is None or depth > 6:
        return ""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        left = _owner(node.left, unit, depth + 1)
        return left if left == "pathlib.Path()" else ""
    known = OWNER_OF.get(unit.name(node) or "", "")
    if known:
        return known
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if not 0 < len(bindings) < 6 or any(b.kind != "assign" or b.value is None for b in bindings):
            return ""
        found = {_owner(b.value, unit, depth + 1) for b in bindings}
        return found.pop() if len(found) == 1 else ""
    inner = node.func if isinstance(node, cst.Call) else node
    if not isinstance(inner, cst.Attribute):
        return ""
    above = _owner(inner.value, unit, depth + 1)
    return above if inner.attr.value in SAME_TYPE.get(above, ()) else ""


def _is_in_place(call: cst.Call) -> bool:
    """Whether the call changes the table itself, or may."""
    return any(arg.star or (arg.keyword is not None and arg.keyword.value in {"inplace", "out"}) for arg in call.args)


def _may_be_meant(call: cst.Call, unit: Unit) -> bool:
    """Whether the call may be there for the error that it raises, as in a test or a check of the type."""
    function = unit.function_of(call)
    if isinstance(function, cst.FunctionDef) and function.name.value.startswith(("test", "bench", "time")):
        return True
    if within(call, unit, cst.Try, until=(cst.FunctionDef,)):
        return True
    managers = [a for a in unit.ancestors(call) if isinstance(a, cst.With)]
    return any(
        WAITS.search(text(getattr(item.item, "func", item.item))) or item.asname is None
        for a in managers
        for item in a.items
    )


CHECK = Check(
    id="CGC052",
    name="discarded-result",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(252,),
    nodes=(cst.Expr,),
    find=find,
    fix="Bind the result: `text = text.strip()`.",
    bad=(
        Bad(
            "import pandas as pd\n\ndef tidy(frame):\n    frame['a'].clip(lower=0)  # finding\n    frame.dropna()  # finding\n    return frame\n"
        ),
        Bad("def f(line):\n    line.strip()  # finding\n    return line\n"),
        Bad(
            "def slug(title: str):\n    slug = title.strip()\n    slug.replace(' ', '-')  # finding\n    slug = slug.lower()\n    return slug\n"
        ),
        Bad(
            "from pathlib import Path\n\ndef f(source: Path):\n    target = source.parent / 'out'\n    target.with_suffix('.yml')  # finding\n    return target\n"
        ),
        Bad(
            "import datetime\n\ndef f(when: datetime.datetime):\n    start = when.astimezone()\n    start.replace(hour=0)  # finding\n    return start\n"
        ),
        Bad(
            "def f(path):\n    with open(path) as fh:\n        for line in fh:\n            line.strip()  # finding\n            print(line)\n"
        ),
        Bad(
            "import numpy as np\n\ndef f(xs, x):\n    np.append(xs, x)  # finding\n    map(print, xs)  # finding\n    return xs\n"
        ),
        Bad(
            "from flask import redirect\n\ndef f(user):\n    if not user:\n        redirect('/login')  # finding\n    return 'x'\n"
        ),
        Bad("name = 'a b'\nname.replace(' ', '_')  # finding\nprint(name)\n"),
        Bad("def f(xs):\n    sorted(xs)  # finding\n    return xs[0]\n"),
    ),
    good=(
        Good(
            "import pandas as pd\n\ndef tidy(frame):\n    frame.dropna(inplace=True)\n    return frame.clip(lower=0)\n"
        ),
        Good("from pathlib import Path\n\ndef f(a: Path, b):\n    a.replace(b)\n    a.with_suffix('.x').touch()\n"),
        Good("import pytest\n\ndef check(x):\n    with pytest.raises(AttributeError):\n        x.strip()\n"),
        Good("def cut(tape):\n    tape.clip(2)\n"),
        Good("def f(line):\n    line = line.strip()\n    return line\n"),
        Good("def f(frame):\n    frame.replace('a', 'b', inplace=True)\n    frame.title('x')\n    frame.rstrip()\n"),
        Good("def f(x):\n    try:\n        x.strip()\n    except AttributeError:\n        return None\n    return x\n"),
        Good("def test_it(x):\n    sorted(x)\n"),
    ),
    misses=(
        Miss(
            "def f(name):\n    name.replace(' ', '_')  # finding\n    return name\n",
            why="other types have a `replace` that acts",
        ),
    ),
)
