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
from collections.abc import Callable
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
# fmt: off
_UNUSUAL = frozenset((
    "cp037", "cp1026", "cp1140", "cp273", "cp424", "cp500", "cp864", "cp875", "hz", "idna", "iso2022-jp",
    "iso2022-jp-1", "iso2022-jp-2", "iso2022-jp-2004", "iso2022-jp-3", "iso2022-jp-ext", "iso2022-kr", "punycode",
    "raw-unicode-escape", "shift-jis-2004", "shift-jisx0213", "undefined", "unicode-escape", "utf-16", "utf-16-be",
    "utf-16-le", "utf-32", "utf-32-be", "utf-32-le", "utf-7",
))
# fmt: on
# Their decoders take time that grows with the square of the length (CVE-2022-45061 for IDNA).
_QUADRATIC = frozenset({"idna", "punycode"})
_QUADRATIC_LIMIT = 16_384
_LONGEST_NAME = 40
_WIDE_SAMPLE = 4096
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

_Decoder = Callable[[bytes, str], tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Cookie:
    """A coding cookie: the codec's name as written, its 1-based line, and the offset of its word `coding`."""

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


def _decode_damaged(data: bytes, codec: str, error: Exception, decoder: _Decoder = codecs.utf_8_decode) -> _Draft:
    """What can be read of bytes that the codec refuses, with a replacement character for what cannot."""
    at = error.start if isinstance(error, UnicodeDecodeError) else 0
    draft = _Draft(_replace_errors(data, decoder), codec, lossy=True)
    line, col = _position(_replace_errors(data[:at], decoder))
    why = f"the bytes from offset {at} (line {line}) are not valid {_shown(codec)}"
    draft.notes.append(DecodeNote(NoteKind.INVALID_BYTES, why, line, col, codec))
    draft.reject(why)
    return draft


def _replace_errors(data: bytes, decoder: _Decoder) -> str:
    try:
        return decoder(data, "replace")[0]
    except (ValueError, OverflowError, IndexError):  # `idna`, `punycode` and `undefined` know no error handler
        return data.decode("utf-8", "replace")


def _decode_declared(data: bytes, name: str, line: int) -> _Draft:
    """The text under a codec that a cookie names."""
    info = encodings.search_function(name.lower()) if len(name) <= _LONGEST_NAME else None
    if info is None:
        why = f"the declared codec {_shown(name)} is unknown to Python, so other code would decide what runs"
        return _undecoded(data, DecodeNote(NoteKind.CODEC_UNKNOWN, why, line, codec=name), rejected=why)
    codec = info.name.replace("_", "-")
    if not info._is_text_encoding:  # noqa: SLF001 - what CPython itself asks; there is no public name for it
        why = f"the declared codec {_shown(codec)} is a transformation, not a text encoding, and Python refuses it"
        return _undecoded(data, DecodeNote(NoteKind.CODEC_REFUSED, why, line, codec=codec), rejected=why)
    if codec in _QUADRATIC and len(data) > _QUADRATIC_LIMIT:
        why = f"files in the codec {_shown(codec)} are decoded up to {_QUADRATIC_LIMIT:,} bytes only"
        return _undecoded(data, DecodeNote(NoteKind.CODEC_LIMIT, why, line, codec=codec))
    if codec in _UNUSUAL:  # where it matters that CPython translates line ends, and adds a last one, before it decodes
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        data += b"" if data.endswith(b"\n") else b"\n"
    with warnings.catch_warnings():  # `unicode_escape` warns of escapes that it does not know
        warnings.simplefilter("ignore")
        try:
            draft = _Draft(info.decode(data, "strict")[0], codec)
        except (ValueError, OverflowError, IndexError) as error:
            draft = _decode_damaged(data, codec, error, info.decode)
    if b"\0" in data and "\0" not in draft.text:  # UTF-16 or UTF-32 by cookie: Python looks for NULs before it decodes
        draft.notes.append(DecodeNote(NoteKind.NUL, why := "the file holds NUL bytes, which Python refuses in source"))
        draft.reject(why)
    if codec in _UNUSUAL:
        draft.notes.append(_unusual_codec(data, draft.text, codec, line))
    return draft


def _undecoded(data: bytes, note: DecodeNote, rejected: str = "") -> _Draft:
    """The bytes read as UTF-8, which they are not said to be."""
    return _Draft(data.decode("utf-8", "replace"), "utf-8", [note], rejected, lossy=True)


def _unusual_codec(data: bytes, text: str, codec: str, line: int) -> DecodeNote:
    """The note for a codec in whose files a reader of UTF-8 may see other text than runs, placed where they differ."""
    seen = normalise_newlines(data.decode("utf-8", "replace")).split("\n")
    runs = normalise_newlines(text).split("\n")
    differs = next((number for number, pair in enumerate(zip(seen, runs, strict=False), 1) if pair[0] != pair[1]), 0)
    if not differs and len(seen) != len(runs):
        differs = min(len(seen), len(runs))
    detail = f"the declared codec {_shown(codec)} can turn harmless-looking bytes into other code"
    if differs:
        detail += f"; what runs differs from what a reader sees from line {differs} on"
    return DecodeNote(NoteKind.CODEC_UNUSUAL, detail, differs or line, codec=codec, alters=differs > 0)


def _wide_codec(data: bytes) -> str:
    """The UTF-16 or UTF-32 codec of the data, by its BOM or by where its NULs stand; empty for all other data."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    sample = data[:_WIDE_SAMPLE]
    quads = len(sample) // 4
    if b"\0" not in sample or not quads:
        return ""
    # ASCII in UTF-16 has a NUL in every second byte, in UTF-32 in three of four; binary data is not so regular.
    nuls = [sample[at : quads * 4 : 4].count(0) / quads for at in range(4)]
    patterns = {
        "utf-32-le": (0, 1, 1, 1),
        "utf-32-be": (1, 1, 1, 0),
        "utf-16-le": (0, 1, 0, 1),
        "utf-16-be": (1, 0, 1, 0),
    }
    for codec, pattern in patterns.items():
        if all(share > 0.5 if expected else share < 0.05 for share, expected in zip(nuls, pattern, strict=True)):
            return codec
    return ""


def _decode_wide(data: bytes, codec: str) -> _Draft:
    why = f"the file is {codec.upper()[:6]}, which Python does not read as source"
    try:
        draft = _Draft(data.decode(codec), codec)
    except UnicodeDecodeError as error:
        draft = _decode_damaged(data, codec, error, codecs.getdecoder(codec))
    draft.notes.insert(0, DecodeNote(NoteKind.WIDE, why, codec=codec))
    draft.rejected = why
    return draft


def _finish(draft: _Draft) -> Decoded:
    """Strip BOMs, replace what is no text, normalise line ends; each note has its position in the final text."""
    text = draft.text
    if stripped := len(text) - len(text.lstrip("\ufeff")):
        text = text[stripped:]
        if not draft.encoding.startswith(("utf-16", "utf-32")):
            why = "a second byte order mark starts the text"
            draft.notes.append(DecodeNote(NoteKind.EXTRA_BOM, why))
            draft.reject(why)
    newline, notes = _newlines(text)
    draft.notes.extend(notes)
    text = normalise_newlines(text)
    if not text.isascii() and (surrogate := _SURROGATE.search(text)):
        line, col = _position(text[: surrogate.start()])
        why = f"line {line} holds a lone surrogate, which is no character"
        draft.notes.append(DecodeNote(NoteKind.SURROGATE, why, line, col))
        draft.reject(why)
        text = _SURROGATE.sub(_REPLACEMENT, text)
    if (nul := text.find("\0")) >= 0:
        line, col = _position(text[:nul])
        why = f"line {line} holds a NUL character, which Python refuses in source"
        draft.notes.append(DecodeNote(NoteKind.NUL, why, line, col))
        draft.reject(why)
        # White space of the same width; a form feed at the start of a line, since that alone is no indentation.
        text = _LEADING_NULS.sub(lambda nuls: "\f" * len(nuls[0]), text).replace("\0", " ")
    return Decoded(text, draft.encoding, newline, tuple(draft.notes), draft.rejected, draft.lossy)


def _newlines(text: str) -> tuple[Newline, list[DecodeNote]]:
    r"""How lines end, and a note where a lone `\r` does while others end otherwise, or where it hides code.

    Most viewers show `# comment\rcode()` as one line of comment; Python runs the code.
    """
    returns = text.count("\r")
    crlf = text.count("\r\n") if returns else 0
    counts = {Newline.LF: text.count("\n") - crlf, Newline.CRLF: crlf, Newline.CR: returns - crlf}
    kinds = [kind for kind, count in counts.items() if count]
    newline = Newline.MIXED if len(kinds) > 1 else kinds[0] if kinds else Newline.NONE
    notes = []
    if counts[Newline.CR] and newline is Newline.MIXED and (bare := _BARE_CR.search(text)):
        line, col = _position(text[: bare.start()])
        notes.append(DecodeNote(NoteKind.BARE_CR, f"line {line} ends with a lone carriage return", line, col))
    if counts[Newline.CR]:
        for comment in _CODE_AFTER_COMMENT.finditer(text):
            if comment[1].count("'") % 2 == comment[1].count('"') % 2 == 0:  # else the `#` may be part of a string
                line = _position(text[: comment.end() + 1])[0]
                why = f"a lone carriage return hides the code of line {line} behind a comment"
                notes.append(DecodeNote(NoteKind.CR_HIDES_CODE, why, line, alters=True))
                break
    return newline, notes


def _position(before: str) -> tuple[int, int]:
    """The line (1-based) and column (0-based) that come after a text."""
    before = normalise_newlines(before)
    return before.count("\n") + 1, len(before) - (before.rfind("\n") + 1)


def _shown(name: str) -> str:
    """A codec's name, quoted, short enough for a message."""
    return f"'{name[:_LONGEST_NAME]}'"
