"""HTML or XML that a function builds around a parameter, as it is.

`<` and `&` in the value become markup: scripts in a page, forged elements in a message.  Escape it at the place where
it enters the text: `html.escape`, `markupsafe.escape`, `xml.sax.saxutils.escape`; or build the document with a library
that does.  See CWE-79, CWE-91 and CWE-116.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test, last_word, parameters
from codeguard.checks.security._formatting import HOLE, Built, built
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

# A value as an element's content, or inside an attribute's quotes.
CONTENT = re.compile(rf"<(\w+)[^<>{HOLE}]*>[^<>]*{HOLE}[^<>]*</", re.DOTALL)
BREAK = re.compile(rf"{HOLE}[^<>]*<br ?/?>", re.IGNORECASE)
HARMLESS = re.compile(r"\b(escape|sanitize|clean|quote|bleach|nh3|markup|saxutils|html)", re.IGNORECASE)
# What a value's name can say that makes markup in it unlikely, or wanted.
NUMBER = listed("count num number id size width height index idx total port year age price amount percent")
MARKUP = listed("html markup svg body rows items content_html css style class script xml")


def find(unit: Unit) -> Iterator[Hit]:
    """Report a text with tags, returned by a function, that holds one of its text parameters unescaped."""
    for node in (*unit.nodes(cst.FormattedString), *unit.nodes(cst.Call), *unit.nodes(cst.BinaryOperation)):
        if isinstance(node, cst.Call) and not (
            isinstance(node.func, cst.Attribute) and node.func.attr.value == "format"
        ):
            continue
        if isinstance(unit.parent(node), cst.BinaryOperation) or not isinstance(unit.statement_of(node), cst.Return):
            continue
        text = built(unit, node)
        if text is None or not _is_markup(text.frame):
            continue
        function = function_around(unit, node)
        if function is None or is_test(unit, node) or _escapes(unit, function):
            continue
        name = _raw(unit, text, function)
        if name:
            yield Hit(node, f"`{name}` stands in this markup as it is, so tags in it become part of the document")


def _is_markup(frame: str) -> bool:
    """True for a frame that starts with a tag and holds a value as content, or that breaks lines as only HTML does."""
    return bool(frame.lstrip().startswith("<") and CONTENT.search(frame)) or BREAK.search(frame) is not None


def _escapes(unit: Unit, function: cst.FunctionDef) -> bool:
    return any(HARMLESS.match(last_word(call.func)) for call in body(unit, function).calls)


def _raw(unit: Unit, text: Built, function: cst.FunctionDef) -> str:
    """The first text parameter among the values, in an element's content; an empty text where there is none."""
    owned = {p.name.value: p for p in parameters(function) if isinstance(p.name, cst.Name)}
    for value in text.values:
        if not (isinstance(value, cst.Name) and value.value in owned):
            continue
        annotation = owned[value.value].annotation
        if annotation is not None and last_word(annotation.annotation) != "str":
            continue
        parts = set(words(value.value))
        if len(unit.scopes.look_up(value.value, value)) == 1 and not (NUMBER | MARKUP) & parts:
            return value.value
    return ""


CHECK = Check(
    id="CGS014",
    name="markup-from-raw-parameter",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(79, 91, 116, 74),
    hints=("</", "<br", "<BR"),
    find=find,
    fix="Escape the value: `html.escape(value)` or `xml.sax.saxutils.escape(value)`.",
    bad=(
        Bad("def profile(name: str, about: str):\n    return f'User: {name}<br>About: {about}'  # finding\n"),
        Bad("""\
PAGE = "<html><body><p>{message}</p></body></html>"

def page(message: str) -> str:
    return PAGE.format(message=message)  # finding
"""),
        Bad("def note(text):\n    return f'<note><text>{text}</text></note>'  # finding\n"),
        Bad("def title(name):\n    return '<h1>' + name + '</h1>'  # finding\n"),
    ),
    good=(
        Good("def bounds(low, high):\n    return f'{low} < {high} <broken'\n"),
        Good("""\
import html

PAGE = "<html><body><p>{message}</p></body></html>"

def page(message: str) -> str:
    return PAGE.format(message=html.escape(message))
"""),
        Good("def cell(count: int) -> str:\n    return f'<td>{count}</td>'\n"),
        Good("def wrap(inner_html):\n    return f'<div>{inner_html}</div>'\n"),
        Good("def shown(name):\n    return f'{name} <not a tag>'\n"),
    ),
    misses=(
        Miss(
            "def note(text):\n    out = f'<note>{text}</note>'  # finding\n    return out\n",
            why="only what is returned at once counts",
        ),
    ),
)
