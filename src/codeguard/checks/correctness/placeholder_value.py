"""A value is a placeholder that somebody must replace: `your_api_key_here`, `<TOKEN>`, `path/to/file`.

The program runs, and then fails where the value is used: a rejected key, a file that does not exist.  Read the value
from the environment or from configuration, and say so when it is missing.  Help texts, messages, comparisons with
the placeholder and tests are silent.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word, within
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value

THING = r"(?:api|app|access|secret|auth|bearer|client|private|public|encryption|account|bot|db|database|user|user_?name|password|passwd|token|key|id|host|hostname|server|url|uri|endpoint|domain|email|project|bucket|region|path|file|directory|folder|name|address|phone|number|org|organization|tenant|subscription|webhook|channel|connection|string|credentials?|smtp|sender|receiver|recipient|openai|aws|azure|gcp|github|slack|telegram|stripe|twilio|model|here)"
PLACEHOLDER = re.compile(
    rf"<?\[?(?:your|(?:insert|enter|replace|put|add)[-_ ](?:your|the|with))[-_ ](?:\w+[-_ ]){{0,2}}{THING}(?:[-_ ]{THING})*(?:[-_ ]here)?\]?>?"
    rf"|<(?:{THING}[-_ ])+{THING}>|(?:replace|change)[-_]?(?:me|this)|(?:{THING}[-_])+here"
    rf"|(?:\w+://)?your[-_]?(?:domain|server|host|site|company|project|account)(?:\.\w+)+(?:/\S*)?"
    r"|(?:[A-Za-z]:[\\/]+|[.~]?/)?path[\\/]+to[\\/]+\S+"
    r"|(?:sk|pk|ghp|xox[abp])[-_](?:test[-_])?(?:x{4,}|your\S*)|x{8,}(?:-x{4,})*",
    re.IGNORECASE,
)
HINTS = (
    "your",
    "YOUR",
    "Your",
    "path/to",
    "path\\to",
    "insert",
    "INSERT",
    "replace",
    "REPLACE",
    "change",
    "CHANGE",
    "enter",
    "ENTER",
    "xxxx",
    "XXXX",
    "_here",
    "_HERE",
)
# Calls whose texts are read by people, or that compare.
SHOWN = re.compile(
    r"print|log|debug|info|warn|error|exception|critical|add_argument|option|argument|help|input|write|echo|assert\w*|startswith|endswith|format|replace|compile|match|search|sub|dedent|field|title|markdown|text|secho|fail|exit|raises",
    re.IGNORECASE,
)


def find(string: cst.SimpleString, unit: Unit) -> Iterator[Hit]:
    """Report a text that is a placeholder as a whole and is used as a value."""
    if not 6 <= len(string.value) <= 100 or not _may_be(string.value):
        return
    value = string_value(string)
    if not isinstance(value, str) or not PLACEHOLDER.fullmatch(value) or not _is_used(string, unit):
        return
    function = unit.function_of(string)
    if isinstance(function, cst.FunctionDef) and function.name.value.startswith("test"):
        return
    if _is_compared(value, unit) or within(string, unit, cst.Comparison, cst.Assert, cst.Raise, cst.Match):
        return
    yield Hit(string, f"{value!r} is a placeholder: what uses it fails until somebody puts the real value there")


def _may_be(source: str) -> bool:
    low = source.lower()
    return "<" in low or any(
        w in low for w in ("your", "path", "insert", "replace", "change", "enter", "xxxx", "_here", "-here")
    )


def _is_used(string: cst.SimpleString, unit: Unit) -> bool:
    """Whether the text is bound, passed or a default, and not shown, documented or used as a key or a pattern."""
    child: cst.CSTNode = string
    for above in unit.ancestors(string):
        if isinstance(above, cst.Arg):
            if above.keyword is not None and above.keyword.value in {
                "help",
                "metavar",
                "description",
                "usage",
                "message",
                "msg",
                "label",
                "placeholder",
                "example",
                "examples",
                "title",
                "epilog",
            }:
                return False
        elif isinstance(above, cst.Call):
            return not (
                SHOWN.fullmatch(last_word(above.func))
                or (last_word(above.func) in {"get", "pop"} and _first(above, child))
            )
        elif isinstance(above, (cst.Assign, cst.AnnAssign, cst.Param)):
            return True
        elif isinstance(above, cst.DictElement):
            if child is above.key:
                return False
        elif isinstance(above, (cst.Subscript, cst.BaseStatement, cst.Expr, cst.Set)):
            return False
        child = above
    return False


def _first(call: cst.Call, arg: cst.CSTNode) -> bool:
    return bool(call.args) and call.args[0] is arg


def _is_compared(value: str, unit: Unit) -> bool:
    """Whether the file itself asks for the placeholder: then it handles it."""
    for comparison in unit.nodes(cst.Comparison):
        for part in (comparison.left, *(t.comparator for t in comparison.comparisons)):
            items = [e.value for e in part.elements] if isinstance(part, (cst.Tuple, cst.List, cst.Set)) else [part]
            if any(isinstance(item, cst.SimpleString) and string_value(item) == value for item in items):
                return True
    return False


CHECK = Check(
    id="CGC006",
    name="placeholder-value",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    hints=HINTS,
    nodes=(cst.SimpleString,),
    find=find,
    fix="Read the value from the environment or a configuration file, and stop with a clear message where it is missing.",
    bad=(
        Bad("import openai\n\nclient = openai.OpenAI(api_key='your_api_key_here')  # finding\n"),
        Bad("TOKEN = '<YOUR_TOKEN>'  # finding\n"),
        Bad("import os\nKEY = os.environ.get('API_KEY', 'your-api-key')  # finding\n"),
        Bad("def load(path='path/to/data.csv'):  # finding\n    return open(path)\n"),
        Bad("CONFIG = {'host': 'your-domain.com', 'key': 'sk-xxxxxxxx'}  # finding\n"),
    ),
    good=(
        Good("import os\n\nKEY = os.environ['API_KEY']\n"),
        Good("parser.add_argument('--key', metavar='<KEY>', help='your api key')\n"),
        Good("if key == 'your_api_key_here':\n    raise SystemExit('set a key')\nDEFAULT = 'your_api_key_here'\n"),
        Good("print('your key')\nname = 'your name is long'\nTAG = '<div>'\n"),
        Good("def f(s):\n    return s.startswith('/path/to/x')\n"),
    ),
    misses=(Miss("KEY = 'abc123'  # finding\n", why="a made-up value does not show that it is one"),),
)
