"""A handler waits for an exception that the protected code cannot raise, and misses its real one.

`int(text)` raises ValueError and no KeyError; `requests.get` raises exceptions of its own, none of them Python's
`ConnectionError` or `TimeoutError`.  The error then goes through, past a handler that was written for it.  Only
blocks whose every call is known are looked at.  Source: the documentation of each function.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, small_statements, text
from codeguard.knowledge.exceptions import BUILTIN_EXCEPTIONS, is_caught_by
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

# Calls -> the exceptions that their documentation names, for arguments of the right type.
RAISES = {
    "builtins.int": {"ValueError", "TypeError", "OverflowError"},
    "builtins.float": {"ValueError", "TypeError", "OverflowError"},
    "json.loads": {"json.JSONDecodeError", "TypeError", "RecursionError", "UnicodeDecodeError"},
    "builtins.str": set(),
    "builtins.len": {"TypeError"},
    "builtins.min": {"ValueError", "TypeError"},
    "builtins.max": {"ValueError", "TypeError"},
    "builtins.abs": {"TypeError"},
    "builtins.round": {"TypeError"},
    "builtins.sum": {"TypeError"},
    "datetime.datetime.strptime": {"ValueError", "TypeError"},
    "datetime.datetime.fromisoformat": {"ValueError", "TypeError"},
    "builtins.print": {"OSError", "ValueError"},
}
# Methods of any receiver that is a text, list or mapping, and of nothing that raises more.
METHODS = {
    "split": {"ValueError", "AttributeError"}, "strip": {"AttributeError"}, "lower": {"AttributeError"}, "upper": {"AttributeError"}, "get": {"AttributeError"},
    "replace": {"AttributeError"}, "startswith": {"AttributeError"}, "endswith": {"AttributeError"}, "append": {"AttributeError"},
    "items": {"AttributeError"}, "keys": {"AttributeError"}, "values": {"AttributeError"}, "join": {"AttributeError", "TypeError"},
}  # fmt: skip
# What a handler may name without being the error that the block is known for.
DATA_ERRORS = {
    "KeyError",
    "IndexError",
    "LookupError",
    "AttributeError",
    "ZeroDivisionError",
    "FileNotFoundError",
    "ImportError",
    "NameError",
    "TypeError",
    "ValueError",
}
# Libraries that raise their own exceptions where the builtin of the same name suggests itself.
OWN_ERRORS = {
    "requests": (
        "requests.exceptions.RequestException",
        {
            "ConnectionError",
            "TimeoutError",
            "asyncio.TimeoutError",
            "socket.timeout",
            "urllib.error.URLError",
            "urllib.error.HTTPError",
        },
    ),
    "httpx": (
        "httpx.HTTPError",
        {
            "ConnectionError",
            "TimeoutError",
            "asyncio.TimeoutError",
            "socket.timeout",
            "urllib.error.URLError",
            "requests.exceptions.RequestException",
            "requests.RequestException",
        },
    ),
    "subprocess": ("subprocess.TimeoutExpired", {"TimeoutError", "socket.timeout"}),
}


# Calls of one argument -> the exception by which they say that there is nothing, or that it is malformed.
OWN_FAILURE = {
    "decimal.Decimal": "decimal.InvalidOperation",
    "builtins.next": "StopIteration",
    "queue.Queue().get_nowait": "queue.Empty",
    "importlib.import_module": "ImportError",
}
CHECKED = {"subprocess.run", "subprocess.check_call", "subprocess.check_output"}
# (type, method) -> the exception, and for how many arguments.
METHOD_FAILURE = {
    ("list", "index"): ("ValueError", 1),
    ("list", "remove"): ("ValueError", 1),
    ("str", "index"): ("ValueError", 1),
    ("set", "remove"): ("KeyError", 1),
    ("dict", "pop"): ("KeyError", 1),
    ("list", "pop"): ("IndexError", 0),
    ("set", "pop"): ("KeyError", 0),
}


def find(node: cst.Try, unit: Unit) -> Iterator[Hit]:
    """Report handlers none of which can catch what the block raises."""
    caught = [name for handler in node.handlers for name in _names(handler.type, unit)]
    if not caught or "" in caught:
        return
    calls = [n for n in descend(node.body) if isinstance(n, cst.Call)]
    for library, (own, mistaken) in OWN_ERRORS.items():
        used = [c for c in calls if (unit.name(c.func) or "").startswith(f"{library}.")]
        if used and _is_all(caught, mistaken) and len(used) == len(calls) - _harmless(calls, used, unit):
            if library == "subprocess" and not any(unit.arg(c, None, "timeout") for c in used):
                continue
            yield Hit(
                node.handlers[0].type or node,
                f"`{last_word(used[0].func)}` of `{library}` raises `{own}`, which `{caught[0]}` does not catch",
            )
            return
    single = _single(node, unit)
    if single is not None and set(caught) <= DATA_ERRORS | {"RuntimeError", "OSError"}:
        error, where = single
        if not any(is_caught_by(error, name) for name in caught):
            yield Hit(
                node.handlers[0].type or node,
                f"`{text(where)[:50]}` raises `{error}` where it fails, which `{caught[0]}` does not catch",
            )
        return
    if set(caught) <= DATA_ERRORS and (raised := _raised(node, calls, unit)):
        if not any(is_caught_by(error, name) or is_caught_by(name, error) for error in raised for name in caught):
            shown = " or ".join(
                f"`{name}`"
                for name in sorted(e for e in raised if e in {"ValueError", "json.JSONDecodeError"}) or sorted(raised)
            )
            yield Hit(
                node.handlers[0].type or node,
                f"Nothing in this block raises `{caught[0]}`: what it may raise, {shown}, goes through",
            )


def _single(node: cst.Try, unit: Unit) -> tuple[str, cst.BaseExpression] | None:
    """For a block of one statement: the one exception that it is known for, and the expression that raises it.

    A subscript of a dict or a sequence, or one call of a function with a failure of its own; nothing else may fail.
    """
    statements = list(small_statements(node.body.body))
    if len(statements) != 1 or not isinstance(statements[0], (cst.Return, cst.Assign, cst.Expr)):
        return None
    value = statements[0].value
    if isinstance(statements[0], cst.Assign) and not isinstance(statements[0].targets[0].target, cst.Name):
        return None
    if isinstance(value, cst.Subscript) and isinstance(value.value, (cst.Name, cst.Attribute)):
        index = value.slice[0].slice if len(value.slice) == 1 else None
        if not isinstance(index, cst.Index) or not isinstance(index.value, (cst.Name, cst.SimpleString, cst.Integer)):
            return None
        if unit.name(value.value) == "os.environ":
            return "KeyError", value
        if any(h.type is not None and last_word(h.type) in {"TypeError", "AttributeError"} for h in node.handlers):
            return None  # the object itself may be missing
        kind = unit.fact(kinds).of(value.value)
        error = {"dict": "KeyError", "list": "IndexError", "tuple": "IndexError", "str": "IndexError"}.get(kind or "")
        return (error, value) if error else None
    if isinstance(value, cst.Call) and all(_is_still(arg.value) for arg in value.args):
        name = unit.name(value.func) or ""
        if name in CHECKED and (name != "subprocess.run" or _is_checked(value, unit)):
            return "subprocess.CalledProcessError", value
        if name in OWN_FAILURE and len(value.args) == 1:
            return OWN_FAILURE[name], value
        kind = unit.fact(kinds).of(value.func.value) if isinstance(value.func, cst.Attribute) else None
        word = value.func.attr.value if isinstance(value.func, cst.Attribute) else ""
        if kind is not None and (kind, word) in METHOD_FAILURE and len(value.args) == METHOD_FAILURE[kind, word][1]:
            return METHOD_FAILURE[kind, word][0], value
    return None


def _is_still(node: cst.BaseExpression) -> bool:
    """Whether reading an expression fails in no way of its own."""
    return all(
        isinstance(
            p,
            (
                cst.Name,
                cst.SimpleString,
                cst.Integer,
                cst.List,
                cst.Element,
                cst.Comma,
                cst.BaseParenthesizableWhitespace,
                cst.LeftSquareBracket,
                cst.RightSquareBracket,
            ),
        )
        for p in descend(node)
    )


def _is_checked(call: cst.Call, unit: Unit) -> bool:
    known = unit.constant(unit.arg(call, None, "check"))
    return known is not None and known.value is True and not unit.has_unpacking(call)


def _names(node: cst.BaseExpression | None, unit: Unit) -> list[str]:
    types = [e.value for e in node.elements] if isinstance(node, cst.Tuple) else [node]
    return [(unit.name(t) or "").removeprefix("builtins.") if t is not None else "" for t in types]


def _is_all(caught: list[str], mistaken: set[str]) -> bool:
    """Whether the handlers name a mistaken exception, and none that the library's could derive from."""
    return any(name in mistaken for name in caught) and all(
        name in mistaken
        or (
            name in BUILTIN_EXCEPTIONS
            and name in {"ValueError", "KeyError", "TypeError", "AttributeError", "IndexError"}
        )
        for name in caught
    )


def _harmless(calls: list[cst.Call], used: list[cst.Call], unit: Unit) -> int:
    """How many of the other calls cannot be what the handler is for."""
    return sum(
        1
        for c in calls
        if c not in used
        and (
            (unit.name(c.func) or "") in RAISES
            or last_word(c.func) in METHODS
            or (unit.name(c.func) or "").startswith(("logging.", "builtins."))
        )
    )


def _raised(node: cst.Try, calls: list[cst.Call], unit: Unit) -> set[str]:
    """What the block may raise, where every part of it is known; empty where one is not, or nothing is raised."""
    raised: set[str] = set()
    known = unit.fact(kinds)
    for call in calls:
        name = unit.name(call.func) or ""
        if name in {"builtins.int", "builtins.float"} and len(call.args) == 1 and _is_text(call.args[0].value, unit):
            raised.add("ValueError")  # a text has the right type: only its content may be wrong
        elif name in RAISES:
            raised |= RAISES[name]
        elif isinstance(call.func, cst.Attribute) and call.func.attr.value in METHODS:
            if call.func.attr.value == "get" and len(call.args) < 2 and known.of(call.func.value) != "dict":
                return set()  # a `get` without a default may well raise KeyError
            raised |= (
                METHODS[call.func.attr.value]
                if known.of(call.func.value) is None
                else METHODS[call.func.attr.value] - {"AttributeError"}
            )
        else:
            return set()
    for part in descend(node.body):
        if isinstance(
            part,
            (
                cst.Subscript,
                cst.Raise,
                cst.Await,
                cst.With,
                cst.Import,
                cst.ImportFrom,
                cst.Yield,
                cst.Assert,
                cst.Del,
                cst.For,
                cst.FunctionDef,
                cst.Lambda,
            ),
        ):
            return set()
        if isinstance(part, (cst.BinaryOperation, cst.AugAssign, cst.UnaryOperation, cst.Comparison)):
            return set()
        if isinstance(part, cst.AssignTarget) and isinstance(part.target, (cst.Tuple, cst.List)):
            statement = unit.parent(part)
            value = statement.value if isinstance(statement, cst.Assign) else None
            split = isinstance(value, cst.Call) and last_word(value.func) in {"split", "rsplit", "partition"}
            raised |= {"ValueError"} if split else {"ValueError", "TypeError"}
        if (
            isinstance(part, cst.Attribute)
            and not isinstance(unit.parent(part), cst.Call)
            and not isinstance(unit.parent(part), cst.Attribute)
        ):
            return set()
    return raised if raised & {"ValueError", "json.JSONDecodeError"} else set()


def _is_text(node: cst.BaseExpression, unit: Unit) -> bool:
    """Whether an expression is evidently text, or the answer of a `get` whose default is."""
    if unit.fact(kinds).of(node) == "str":
        return True
    if isinstance(node, cst.Name):  # `a, b = text.split(",")`
        bindings = unit.scopes.look_up(node.value, node)
        return bool(bindings) and all(
            b.kind == "unpack"
            and isinstance(b.value, cst.Call)
            and last_word(b.value.func) in {"split", "rsplit", "partition"}
            for b in bindings
        )
    return (
        isinstance(node, cst.Call)
        and last_word(node.func) == "get"
        and len(node.args) == 2
        and unit.fact(kinds).of(node.args[1].value) == "str"
    )


CHECK = Check(
    id="CGC047",
    name="wrong-exception-caught",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(755,),
    hints=("except",),
    nodes=(cst.Try,),
    find=find,
    fix="Catch the exception that the call raises.",
    bad=(
        Bad(
            "def page(args):\n    try:\n        return int(args.get('page', '1'))\n    except KeyError:  # finding\n        return 1\n"
        ),
        Bad(
            "def month(text):\n    try:\n        year, month = text.split('-')\n        return int(year), int(month)\n    except TypeError:  # finding\n        return None\n"
        ),
        Bad(
            "PRICES = {'apple': 1}\n\ndef price(name):\n    try:\n        return PRICES[name]\n    except IndexError:  # finding\n        return None\n"
        ),
        Bad(
            "import subprocess\n\ndef lint(path):\n    try:\n        subprocess.run(['make', path], check=True)\n    except RuntimeError:  # finding\n        return False\n    return True\n"
        ),
        Bad(
            "from decimal import Decimal\n\ndef amount(text):\n    try:\n        return Decimal(text)\n    except ValueError:  # finding\n        return None\n"
        ),
        Bad(
            "import requests\n\ndef load(url):\n    try:\n        return requests.get(url, timeout=5)\n    except ConnectionError:  # finding\n        return None\n"
        ),
        Bad(
            "import subprocess\n\ndef run(cmd):\n    try:\n        subprocess.run(cmd, timeout=5)\n    except TimeoutError:  # finding\n        print('slow')\n"
        ),
    ),
    good=(
        Good(
            "def page(args):\n    try:\n        return int(args.get('page', '1'))\n    except ValueError:\n        return 1\n"
        ),
        Good(
            "import requests\n\ndef load(url):\n    try:\n        return requests.get(url, timeout=5)\n    except requests.ConnectionError:\n        return None\n"
        ),
        Good("def page(args):\n    try:\n        return int(args['page'])\n    except KeyError:\n        return 1\n"),
        Good(
            "import requests\n\ndef load(url):\n    try:\n        return requests.get(url, timeout=5)\n    except OSError:\n        return None\n"
        ),
        Good(
            "def f(cache, key):\n    try:\n        _, value = cache.get(key)\n        return value\n    except KeyError:\n        return None\n"
        ),
        Good(
            "PRICES = {'apple': 1}\n\ndef price(name):\n    try:\n        return PRICES[name]\n    except (KeyError, TypeError):\n        return None\n"
        ),
        Good(
            "from collections import UserDict\n\ndef price(table: UserDict, name):\n    try:\n        return table[name]\n    except ValueError:\n        return None\n"
        ),
        Good("def f(x):\n    try:\n        return int(x)\n    except TypeError:\n        return None\n"),
    ),
    misses=(
        Miss(
            "def f(x):\n    try:\n        return int(x) + 1\n    except KeyError:  # finding\n        return None\n",
            why="operators may call anything",
        ),
    ),
)
