"""The parameters of an SQL statement are a text, or one value in parentheses, and not a tuple: `(uid)`.

Parentheses alone make no tuple: the driver gets the value itself.  A number raises an error, and a text is taken for
a sequence of one-letter parameters.  Write `(uid,)` or `[uid]`.  Source: PEP 249, "execute"; the Python tutorial,
"Tuples and Sequences".
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._shape import last_word, text
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SQL = re.compile(
    r"^\s*(?:select|insert|update|delete|replace|with|create|drop|alter|pragma|merge|call)\b", re.IGNORECASE
)
PLACES = re.compile(r"\?|%s|:\d+\b|\$\d+\b")
COMPARED = re.compile(r"(\w+)\s*(?:=|<>|!=|<=?|>=?|\blike\b)\s*(?:\?|%s)", re.IGNORECASE)
METHODS = {"execute", "mogrify", "query", "fetchone", "fetchall", "query_one", "run"}
SCALARS = {"str", "int", "float", "bool", "bytes"}


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report parameters that are evidently one value, where the statement has positional places."""
    if len(call.args) < 2 or any(a.keyword or a.star for a in call.args[:2]):
        return
    statement = next((i for i, a in enumerate(call.args[:-1]) if _places(a.value, unit)), None)
    if statement is None:
        return
    params = call.args[statement + 1].value
    places = _places(call.args[statement].value, unit)
    kind = unit.fact(kinds).of(params)
    wrapped = (
        isinstance(params, (cst.Name, cst.Attribute, cst.Subscript))
        and len(params.lpar) == 1
        and len(call.args) == statement + 2
    )
    named = last_word(call.func) in METHODS
    if kind in SCALARS and (named or wrapped):
        yield Hit(params, f"The parameters are one {kind}, and not a tuple: the driver needs `({text(params)},)`")
    elif (
        named
        and places == 1
        and isinstance(params, cst.Name)
        and params.value.lower() in _compared(call, statement, unit)
    ):
        yield Hit(
            params,
            f"`{params.value}` is what the one place is compared with, and no tuple: the driver needs `({params.value},)`",
        )
    elif wrapped and places >= 1:
        yield Hit(params, f"`({text(params)})` is no tuple but the value itself: the driver needs `({text(params)},)`")


def _places(node: cst.BaseExpression, unit: Unit) -> int:
    """How many positional places a constant SQL statement has; 0 for anything else."""
    known = unit.constant(node)
    if known is None or not isinstance(known.value, str) or not SQL.match(known.value):
        return 0
    return len(PLACES.findall(known.value))


def _compared(call: cst.Call, statement: int, unit: Unit) -> set[str]:
    """The columns that a statement compares with a place: `WHERE region = ?`."""
    known = unit.constant(call.args[statement].value)
    return {name.lower() for name in COMPARED.findall(str(known.value))} if known is not None else set()


CHECK = Check(
    id="CGC054",
    name="sql-parameters-not-a-sequence",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    hints=("?", "%s"),
    nodes=(cst.Call,),
    find=find,
    fix="Pass a tuple or a list: `(uid,)`.",
    bad=(
        Bad("def find(cur, region):\n    cur.execute('SELECT * FROM sales WHERE region = ?', region)  # finding\n"),
        Bad("def reset(cur, uid):\n    cur.execute('SELECT code FROM resets WHERE user_id = ?', (uid))  # finding\n"),
        Bad("def find(cur, name: str):\n    cur.execute('SELECT * FROM t WHERE name = %s', name)  # finding\n"),
        Bad("def one(sql, uid):\n    return one('SELECT 1 FROM t WHERE id = ?', (uid))  # finding\n"),
    ),
    good=(
        Good("def find(cur, ids):\n    cur.execute('SELECT * FROM t WHERE id = ?', ids)\n"),
        Good("def reset(cur, uid):\n    cur.execute('SELECT code FROM resets WHERE user_id = ?', (uid,))\n"),
        Good("def find(cur, params):\n    cur.execute('SELECT * FROM t WHERE name = %s', params)\n"),
        Good("def find(cur, name):\n    cur.execute('SELECT * FROM t WHERE name = :name', {'name': name})\n"),
        Good("print('what is this?', (1))\n"),
    ),
    misses=(
        Miss(
            "def find(cur, wanted):\n    cur.execute('SELECT * FROM t WHERE region = ?', wanted)  # finding\n",
            why="the parameter may hold a tuple",
        ),
    ),
)
