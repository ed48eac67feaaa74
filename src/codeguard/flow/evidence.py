"""Sinks that show by the text that goes in or out, where no table knows the function.

`self.query("SELECT ... '" + name + "'")` runs SQL whatever `query` is; a function that returns `"<p>" + text + "</p>"`
makes a page.  Only texts that say clearly what they are count.
"""

from __future__ import annotations

import re

from codeguard.flow.values import Value
from codeguard.knowledge.flow.model import Sink

SQL_TEXT = re.compile(
    r"\s*(?:SELECT\b.+\bFROM\b|INSERT\s+INTO\b|UPDATE\s+\S+\s+SET\b|DELETE\s+FROM\b|REPLACE\s+INTO\b|CREATE\s+(?:TABLE|USER|DATABASE)\b"
    r"|DROP\s+(?:TABLE|USER|DATABASE)\b|ALTER\s+TABLE\b|GRANT\s+\S+\s+ON\b|WITH\s+\w+\s+AS\s*\()",
    re.IGNORECASE | re.DOTALL,
)
NOT_RUN = re.compile(  # functions that do something else with a text
    r"(?:print|debug|info|warning|warn|error|critical|exception|log|append|extend|insert|join|format|write|writelines|split|replace"
    r"|strip|startswith|endswith|count|encode|decode|assert\w*|fail\w*|echo|send|reply|escape|lower|upper|len|str|repr|dedent"
    r"|[A-Z]\w*(?:Error|Exception))$"
)
HTML_TEXT = re.compile(
    r"<(?:html|body|head|div|span|p|h[1-6]|a|ul|ol|li|table|tr|td|th|b|i|strong|em|title|script|img|input|form|textarea|button|svg)[\s>]",
    re.IGNORECASE,
)
COMMAND_TEXT = re.compile(r"\s*(?:sudo\s+)?[\w./-]*[A-Za-z][\w./-]*\s+.*", re.DOTALL)
COMMAND_SIGN = re.compile(r"(?:^|\s)-{1,2}[A-Za-z]|[|;&>]|\s/\w|\$\(|`")
RUNS_COMMANDS = re.compile(
    r"(?:^|_)(?:cli|ssh|shell|cmd|command|commands|exec|execute|eval_cli)(?:$|_)|(?:^|_)run(?:$|_(?:cmd|command|shell|ssh|cli|remote|local))",
    re.IGNORECASE,
)

TEXT_SQL = Sink("sql", (89,), (0,), min_trust=1)
TEXT_COMMAND = Sink("shell", (78,), (0,), min_trust=1)
RETURNED_HTML = Sink("html", (79,), (0,), min_trust=1)
RETURNED_SQL = Sink("sql", (89,), (0,), min_trust=1)
RETURNED_REDIRECT = Sink("redirect", (601,), (0,), min_trust=1)
RETURNED_URL = Sink("ssrf", (918, 601), (0,), min_trust=1)


def is_sql(value: Value) -> bool:
    """True for a text that starts as an SQL statement and has a hole."""
    if value.shape is None or len(value.shape) < 2 or not isinstance(value.shape[0], str):
        return False
    return bool(SQL_TEXT.match(words(value)))


def words(value: Value) -> str:
    """The fixed pieces of a text, holes left out; empty where it has no hole, or no known text."""
    if value.shape is None or all(isinstance(piece, str) for piece in value.shape):
        return ""
    return "\0".join(piece for piece in value.shape if isinstance(piece, str))


def given(name: str, value: Value) -> Sink | None:
    """The sink that an unknown function of this name is for a text like this."""
    text = words(value)
    if not text or value.shape is None or not isinstance(value.shape[0], str):
        return None
    if name and SQL_TEXT.match(text) and not NOT_RUN.match(name):
        return TEXT_SQL
    head = value.shape[0]
    if RUNS_COMMANDS.search(name) and COMMAND_TEXT.match(head) and (COMMAND_SIGN.search(text) or head.endswith(" ")):
        return TEXT_COMMAND
    return None


def returned(value: Value) -> Sink | None:
    """The sink that a public function is that returns such a text."""
    if value.type == "<joined url>":
        return RETURNED_REDIRECT
    if value.type == "<url again>":
        return RETURNED_URL
    text = words(value)
    if not text:
        return None
    if HTML_TEXT.search(text.partition("\0")[0]) and "<" in text:
        return RETURNED_HTML
    return RETURNED_SQL if SQL_TEXT.match(text) and "'" in text else None
