r"""What the scanned tree may not do to a reader: hide, reorder or overwrite text, or break the format that holds it.

Terminals obey control characters, and they and viewers lay text out by bidirectional controls (Trojan Source,
CVE-2021-42574); zero-width and other invisible characters hide what a line says.  All of these are shown as the
escapes that Python itself writes: `\x1b`, `\u202e`, `\udcff`.
"""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import quote

Json = dict[str, Any]

# Unicode's Default_Ignorable_Code_Point that `str.isprintable` lets through (letters and marks that have no glyph),
# from DerivedCoreProperties.txt; the format characters among them are not printable already.
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef\u2800"
_SUSPECT = re.compile(f"[^ -~]|[{_BLANK}]")
_BLANKS = re.compile(f"[{_BLANK}]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_SPACE = re.compile(r"[ \t\r\n]+")
_IDEOGRAPHIC_SPACE = "\u3000"


def _shown(match: re.Match[str]) -> str:
    char = match[0]
    if char == _IDEOGRAPHIC_SPACE or (char.isprintable() and not _BLANKS.match(char)):
        return char
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def visible(text: str) -> str:
    """The text with every character that a terminal obeys, or that cannot be seen, as a Python escape.

    Line ends and tabs too: the result is always one line.  Printable text of any script comes back unchanged.
    """
    return text if text.isascii() and text.isprintable() else _SUSPECT.sub(_shown, text)


def one_line(text: str) -> str:
    """A message as one visible line: runs of ASCII white space are one space."""
    return visible(_SPACE.sub(" ", text).strip())


def uri(path: str) -> str:
    """A POSIX path as a relative URI reference (RFC 3986).

    A name that is not UTF-8 (PEP 383 surrogates) keeps its own bytes, so that the file can be found again.
    """
    try:
        raw = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raw = path.encode("utf-8", "surrogatepass")  # no file system gave this name; keep it apart from others
    return quote(raw, safe="/")


def exact(text: str) -> bool:
    """True where a text can be written as UTF-8: it holds no lone surrogate."""
    return text.isascii() or _SURROGATE.search(text) is None


def _well_formed(value: Any) -> Any:
    if isinstance(value, str):
        return value if exact(value) else _SURROGATE.sub(lambda match: f"\\u{ord(match[0]):04x}", value)
    if isinstance(value, dict):
        return {_well_formed(key): _well_formed(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_well_formed(item) for item in value]
    return value


def _compact(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    if "\\ud" in text:  # a surrogate, lone or half of a pair: only now pay for the walk
        text = json.dumps(_well_formed(value), ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text


def to_json(value: Any, depth: int, indent: str = "") -> str:
    r"""JSON in pure ASCII, laid out over lines down to `depth` containers, compact below (fast, and one item a line).

    Pure ASCII is valid UTF-8 whatever the strings hold, and safe to print.  A lone surrogate, which JSON parsers
    refuse (RFC 8259, section 8.2), becomes the six visible characters `\udcff`.
    """
    if not depth or not value or not isinstance(value, (dict, list)):
        return _compact(value)
    inner = indent + " "
    if isinstance(value, dict):
        items = [f"{_compact(key)}: {to_json(item, depth - 1, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(inner + item for item in items) + f"\n{indent}}}"
    return "[\n" + ",\n".join(inner + to_json(item, depth - 1, inner) for item in value) + f"\n{indent}]"
