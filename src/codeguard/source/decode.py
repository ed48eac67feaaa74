"""Bytes to source text, once, the way CPython does it (PEP 263), and total: every byte string gives a text.

CPython takes a UTF-8 BOM or a coding cookie in the first two lines, decodes with that *text* codec, and refuses NUL,
lone surrogates, and everything that the codec refuses.  Here nothing is refused: what CPython would not read is
decoded as well as possible, so that the rest can be looked at, and the refusal is told.  Names of codecs come from
the scanned file, so only the standard library's own codecs are ever looked up, never ones that a package registered.
"""

from __future__ import annotations

import codecs
import encodings
import re
import warnings
from dataclasses import dataclass, field

from codeguard.source.lines import normalise_newlines
from codeguard.source.model import Decoded, DecodeNote, Newline, NoteKind

_FIRST_LINES = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n)?([^\r\n]*)")
_COOKIE = re.compile(r"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.ASCII)
_BLANK_OR_COMMENT = re.compile(r"[ \t\f]*(?:#|$)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_LEADING_NULS = re.compile(r"^\0+", re.MULTILINE)
_BARE_CR = re.compile(r"\r(?!\n)")
_CODE_AFTER_COMMENT = re.compile(r"(?:\A|[\r\n])([^#\r\n]*)#[^\r\n]*(?=\r(?!\n)[ \t\f]*[^\s#])")

# Codecs that are no superset of ASCII: in their files, bytes that read as harmless ASCII can be other text.
_UNUSUAL = frozenset(
    """cp037 cp1026 cp1140 cp273 cp424 cp500 cp864 cp875 hz idna iso2022_jp iso2022_jp_1 iso2022_jp_2 iso2022_jp_2004
    iso2022_jp_3 iso2022_jp_ext iso2022_kr punycode raw_unicode_escape shift_jis_2004 shift_jisx0213 undefined
    unicode_escape utf_16 utf_16_be utf_16_le utf_32 utf_32_be utf_32_le utf_7""".split()
)
# Their decoders take time that grows with the square of the length (CVE-2022-45061 for IDNA).
_QUADRATIC = frozenset({"idna", "punycode"})
_QUADRATIC_LIMIT = 16_384
_LONGEST_NAME = 40
_WIDE_SAMPLE = 4096
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Cookie:
    """A coding cookie: the codec's name as written, its 1-based line, and where the word `coding` stands in the text."""

    name: str
    line: int
    offset: int


@dataclass(slots=True)
class _Draft:
    """A text on its way to `Decoded`; the first reason to reject it is the one that is told."""

    text: str
    encoding: str
    notes: list[DecodeNote] = field(default_factory=list)
    rejected: str = ""
    lossy: bool = False

    def reject(self, why: str) -> None:
        self.rejected = self.rejected or why


def find_cookie(text: str) -> Cookie | None:
    """The coding cookie that CPython would obey (PEP 263): line 1, or line 2 after a blank line or a comment."""
    start = 0
    for line_number in (1, 2):
        end = min((at for at in (text.find("\n", start), text.find("\r", start)) if at >= 0), default=len(text))
        line = text[start:end]
        if match := _COOKIE.match(line):
            word = line.rindex("coding", 0, match.start(1))
            return Cookie(match[1], line_number, start + word)
        if not _BLANK_OR_COMMENT.match(line):
            return None
        start = end + (2 if text.startswith("\r\n", end) else 1)
    return None


def codec_of(name: str) -> str:
    """The name that CPython's tokenizer reduces a cookie to: all spellings of `utf-8-…` and `latin-1-…` are one."""
    start = name[:12].lower().replace("_", "-")
    if start == "utf-8" or start.startswith("utf-8-"):
        return "utf-8"
    latin = ("latin-1", "iso-8859-1", "iso-latin-1")
    if start in latin or start.startswith(tuple(f"{other}-" for other in latin)):
        return "iso-8859-1"
    return name


def decode(data: bytes) -> Decoded:
    """The text of a file, and all that was odd about its bytes.  Never raises."""
    if wide := _wide_codec(data):
        return _finish(_decode_wide(data, wide))
    has_bom = data.startswith(codecs.BOM_UTF8)
    body = data[len(codecs.BOM_UTF8) :] if has_bom else data
    lines = _FIRST_LINES.match(body)
    cookie = find_cookie(lines[0].decode("latin-1")) if lines and b"coding" in lines[0] else None
    codec = codec_of(cookie.name) if cookie else "utf-8"
    line = cookie.line if cookie else 1
    draft = _decode_utf8(body) if has_bom or codec == "utf-8" else _decode_declared(body, codec, line)
    if has_bom:
        draft.notes.insert(0, DecodeNote(NoteKind.BOM, "the file starts with a UTF-8 byte order mark"))
        if codec != "utf-8":
            why = f"a UTF-8 byte order mark and the codec {_shown(codec)} contradict each other"
            draft.notes.append(DecodeNote(NoteKind.CODEC_CONFLICT, why, line, codec=codec))
            draft.reject(why)
    return _finish(draft)


def decode_text(text: str) -> Decoded:
    """The same for a text that needs no decoding; a cookie means nothing in it, as for `compile(str)`."""
    return _finish(_Draft(text, "utf-8"))


def _decode_utf8(data: bytes) -> _Draft:
    try:
        return _Draft(data.decode(), "utf-8")
    except UnicodeDecodeError as error:
        return _decode_damaged(data, "utf-8", error)


def _decode_damaged(data: bytes, codec: str, error: Exception) -> _Draft:
    """What can be read of bytes that the codec refuses, with a replacement character for each that cannot."""
    draft = _Draft(_replace_errors(data, codec), codec, lossy=True)
    at = error.start if isinstance(error, UnicodeDecodeError) else 0
    line, col = _position(_replace_errors(data[:at], codec))
    why = f"the bytes from offset {at} (line {line}) are not valid {_shown(codec)}"
    draft.notes.append(DecodeNote(NoteKind.INVALID_BYTES, why, line, col, codec))
    draft.reject(why)
    return draft


def _replace_errors(data: bytes, codec: str) -> str:
    if codec not in _UNUSUAL:
        return data.decode(codec, "replace")
    # Such a codec says little about bytes that it refuses, and some of their decoders know no error handler.
    return data.decode("utf-8", "replace")


def _decode_declared(data: bytes, name: str, line: int) -> _Draft:
    """The text under a codec that a cookie names."""
    info = encodings.search_function(name.lower()) if len(name) <= _LONGEST_NAME and "." not in name else None
    if info is None:
        why = f"the declared codec {_shown(name)} is unknown to Python; a registered one could turn the bytes into any text"
        return _undecoded(data, NoteKind.CODEC_UNKNOWN, why, name, line)
    codec = encodings.aliases.aliases.get(encodings.normalize_encoding(name.lower()), name.lower().replace("-", "_"))
    if not info._is_text_encoding:  # noqa: SLF001 - what CPython itself asks; there is no public name for it
        why = f"the declared codec {_shown(codec)} is a transformation, not a text encoding; Python refuses it"
        return _undecoded(data, NoteKind.CODEC_REFUSED, why, codec, line)
    if codec in _QUADRATIC and len(data) > _QUADRATIC_LIMIT:
        why = f"files in the codec {_shown(codec)} are decoded up to {_QUADRATIC_LIMIT:,} bytes only"
        return _undecoded(data, NoteKind.CODEC_UNUSUAL, why, codec, line)
    try:
        # Not thread-safe, and needed only for `unicode_escape`, which warns of escapes that it does not know.
        with warnings.catch_warnings(action="ignore") if codec == "unicode_escape" else warnings.catch_warnings():
            text = info.decode(data, "strict")[0]
    except (ValueError, OverflowError, IndexError) as error:
        draft = _decode_damaged(data, codec, error)
    else:
        draft = _Draft(text, codec)
    if codec in _UNUSUAL:
        draft.notes.append(_unusual_note(data, draft.text, codec, line))
    return draft
