"""Decoding is total, agrees with CPython, and says what was odd; lines are CPython's lines."""

from __future__ import annotations

import ast
import codecs
import io
import pickle
import re
import tokenize
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from codeguard.model import Span
from codeguard.source.decode import Cookie, decode, decode_text, find_cookie
from codeguard.source.lines import LineIndex, count_lines, split_lines
from codeguard.source.model import Newline, NoteKind
from codeguard.source.read import source_from_bytes, source_from_text

BOM = codecs.BOM_UTF8
CODE = b"eval(input())\n"
K = NoteKind

# bytes, text, codec, does CPython read them, what is noted, why
TABLE = [
    (b"", "", "utf-8", True, [], "an empty file"),
    (b"x = 1\n", "x = 1\n", "utf-8", True, [], "plain ASCII"),
    ("é = '日本'\n".encode(), "é = '日本'\n", "utf-8", True, [], "UTF-8 is the default"),
    (BOM + CODE, CODE.decode(), "utf-8", True, [K.BOM], "a BOM is removed"),
    (BOM + BOM + BOM + b"x", "x", "utf-8", False, [K.BOM, K.EXTRA_BOM], "however many there are"),
    (BOM + b"# coding: utf-8\n", "# coding: utf-8\n", "utf-8", True, [K.BOM], "a BOM and a cookie that agrees"),
    (BOM + b"# coding: UTF_8-x\n", "# coding: UTF_8-x\n", "utf-8", True, [K.BOM], "CPython folds all of these to utf-8"),
    (BOM + b"# coding: utf8\n", "# coding: utf8\n", "utf-8", False, [K.BOM, K.CODEC_CONFLICT], "but not this one"),
    (BOM + b"# coding: latin-1\n", "# coding: latin-1\n", "utf-8", False, [K.BOM, K.CODEC_CONFLICT], "BOM and cookie"),
    (BOM + BOM + CODE, CODE.decode(), "utf-8", False, [K.BOM, K.EXTRA_BOM], "only one BOM is taken off"),
    (b"# coding: latin-1\ns='\xe9'\n", "# coding: latin-1\ns='é'\n", "iso8859-1", True, [], "a cookie in line 1"),
    (b"#!x\n# vim: fileencoding=cp1252 :\n'\x93'\n", "#!x\n# vim: fileencoding=cp1252 :\n'“'\n", "cp1252", True, [], "line 2"),
    (b"\x0c\n# coding: latin-1\n'\xe9'", "\x0c\n# coding: latin-1\n'é'", "iso8859-1", True, [], "line 2 after a blank one"),
    (b"# coding: CP1252\n'\x80'\n", "# coding: CP1252\n'€'\n", "cp1252", True, [], "case does not matter"),
    (b"#\r# coding: latin-1\r'\xe9'\r", "#\n# coding: latin-1\n'é'\n", "iso8859-1", True, [K.CR_HIDES_CODE], "lone CRs end lines"),
    (b"# coding:! coding= cp1252\n'\x80'\n", "# coding:! coding= cp1252\n'€'\n", "cp1252", True, [], "the first that is complete"),
    (b"x=1 # coding: latin-1\n'\xe9'\n", "x=1 # coding: latin-1\n'\ufffd'\n", "utf-8", False, [K.INVALID_BYTES], "no cookie after code"),
    (b"x=1\n# coding: latin-1\n'\xe9'\n", "x=1\n# coding: latin-1\n'\ufffd'\n", "utf-8", False, [K.INVALID_BYTES], "nor below it"),
    (b"#\n#\n# coding: rot13\n" + CODE, "#\n#\n# coding: rot13\neval(input())\n", "utf-8", True, [], "no cookie in line 3"),
    (b"# coding: utf-8-sig\n", "# coding: utf-8-sig\n", "utf-8", True, [], "UTF-8 by another name"),
    (b"# coding: ansi_x3.4_1986\n", "# coding: ansi_x3.4_1986\n", "ascii", True, [], "an alias with a dot"),
    ("# coding: gbk\n'中文'\n".encode("gbk"), "# coding: gbk\n'中文'\n", "gbk", True, [], "a multi-byte codec"),
    ("# coding: sjis\n'表'\n".encode("sjis"), "# coding: sjis\n'表'\n", "shift-jis", True, [], "0x5C as second byte is no backslash"),
    (b"s='\xff'\n" + CODE, "s='\ufffd'\neval(input())\n", "utf-8", False, [K.INVALID_BYTES], "invalid UTF-8"),
    (b"s='\xed\xa0\x80'\n", "s='\ufffd\ufffd\ufffd'\n", "utf-8", False, [K.INVALID_BYTES], "a surrogate in UTF-8"),
    (b"# coding: ascii\n'\xe9'\n", "# coding: ascii\n'\ufffd'\n", "ascii", False, [K.INVALID_BYTES], "the declared codec refuses"),
    (CODE.decode().encode("utf-16"), CODE.decode(), "utf-16", False, [K.WIDE], "UTF-16 with BOM"),
    (CODE.decode().encode("utf-16-le"), CODE.decode(), "utf-16-le", False, [K.WIDE], "UTF-16 without BOM"),
    (CODE.decode().encode("utf-16-be"), CODE.decode(), "utf-16-be", False, [K.WIDE], "UTF-16, big endian"),
    (CODE.decode().encode("utf-32"), CODE.decode(), "utf-32", False, [K.WIDE], "UTF-32 with BOM"),
    (CODE.decode().encode("utf-32-be"), CODE.decode(), "utf-32-be", False, [K.WIDE], "UTF-32 without BOM"),
    (CODE.decode().encode("utf-16")[:-1], "eval(input())\ufffd", "utf-16", False, [K.WIDE, K.INVALID_BYTES], "half a character"),
    (b"\0" + CODE, "\x0ceval(input())\n", "utf-8", False, [K.NUL], "a NUL is no indentation"),
    (b"x = '\0'\n", "x = ' '\n", "utf-8", False, [K.NUL], "a NUL elsewhere is a space"),
    (b"x=1\n\0\n" + CODE, "x=1\n\x0c\neval(input())\n", "utf-8", False, [K.NUL], "what follows a NUL is kept"),
    (b"# coding: utf-16-le\n\0x\0\n", "‣潣楤杮›瑵ⵦ㘱氭\u0a65砀\u0a00", "utf-16-le", False, [K.NUL, K.CODEC_UNUSUAL], "NULs are looked for before decoding"),
    (b"# coding: rot13\nrkrp()\n", "# coding: rot13\nrkrp()\n", "utf-8", False, [K.CODEC_REFUSED], "no text encoding"),
    (b"# coding: zlib_codec\n", "# coding: zlib_codec\n", "utf-8", False, [K.CODEC_REFUSED], "never decompressed"),
    (b"# coding: klingon-8\n" + CODE, "# coding: klingon-8\neval(input())\n", "utf-8", False, [K.CODEC_UNKNOWN], "unknown"),
    (b"# coding: " + b"a" * 5000, "# coding: " + "a" * 5000, "utf-8", False, [K.CODEC_UNKNOWN], "a name of any length"),
    (b"# coding: encodings.utf_8\n", "# coding: encodings.utf_8\n", "utf-8", False, [K.CODEC_UNKNOWN], "a module is no codec"),
    (b"# coding: aliases\n", "# coding: aliases\n", "utf-8", False, [K.CODEC_UNKNOWN], "nor is this part of the package"),
    (b"# coding: utf-7\n+AGUAdg-al()\n", "# coding: utf-7\neval()\n", "utf-7", True, [K.CODEC_UNUSUAL], "code that no reader sees"),
    (b"# coding: unicode_escape\n# \\x0aeval()\n", "# coding: unicode_escape\n# \neval()\n", "unicode-escape", True, [K.CODEC_UNUSUAL], "likewise"),
    (b"# coding: unicode_escape\n'\\ud800\\d'\n", "# coding: unicode_escape\n'\ufffd\\d'\n", "unicode-escape", False, [K.CODEC_UNUSUAL, K.SURROGATE], "a surrogate by escape; an unknown escape only warns"),
    (b"# coding: undefined\n", "# coding: undefined\n", "undefined", False, [K.INVALID_BYTES, K.CODEC_UNUSUAL], "a codec that always fails"),
    (b"# coding: idna\n" + CODE, "# coding: idna\neval(input())\n", "idna", True, [K.CODEC_UNUSUAL], "unusual, and harmless here"),
    (b"# coding: idna\n#" + b"." * 20_000, "# coding: idna\n#" + "." * 20_000, "utf-8", True, [K.CODEC_LIMIT], "a decoder of quadratic cost is not fed"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "text", "encoding", "accepted", "kinds", "why"), TABLE, ids=[row[5] for row in TABLE])
def test_bytes_become_the_text_that_cpython_would_read(data, text, encoding, accepted, kinds, why):
    decoded = decode(data)
    assert (decoded.text, decoded.encoding) == (text, encoding), why
    assert [note.kind for note in decoded.notes] == kinds
    assert (decoded.rejected == "") == accepted


@pytest.mark.parametrize(("data", "accepted"), [(row[0], row[3]) for row in TABLE], ids=[row[5] for row in TABLE])
def test_cpython_agrees_about_what_it_reads(data, accepted):
    assert cpython_reads(data) == accepted


def cpython_reads(data: bytes) -> bool:
    """Whether CPython's tokenizer gets as far as the grammar."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(data)
        except (SyntaxError, ValueError) as error:
            return not re.search("codec|encoding|null byte|surrogates|U\\+FEFF|unicode error", str(error))
    return True


# bytes, kind, line, column, does it alter what a reader sees
PLACES = [
    (b"x\nab\xff", K.INVALID_BYTES, 2, 2, False),
    (b"x\r\n\xc3\xa9\xff", K.INVALID_BYTES, 2, 1, False),
    (b"a\n b\0", K.NUL, 2, 2, False),
    (b"# coding: unicode_escape\n#\n'\\udfff'", K.SURROGATE, 3, 1, False),
    (b"#\n# coding: klingon\n", K.CODEC_UNKNOWN, 2, 0, False),
    (b"#\n# coding: utf-7\n#\n+AGU-\n", K.CODEC_UNUSUAL, 4, 0, True),
    (b"#\n# coding: utf-7\n#\nx = 1\n", K.CODEC_UNUSUAL, 2, 0, False),
    (b"a\nb\rc\n", K.BARE_CR, 2, 1, False),
    (b"a\n# b\rc()\n", K.CR_HIDES_CODE, 3, 0, True),
]


@pytest.mark.parametrize(("data", "kind", "line", "col", "alters"), PLACES)
def test_a_note_has_its_place_in_the_decoded_text(data, kind, line, col, alters):
    (note,) = [note for note in decode(data).notes if note.kind is kind]
    assert (note.line, note.col, note.alters) == (line, col, alters)


# text, how its lines end, is code hidden behind a comment
NEWLINES = [
    ("x", Newline.NONE, False),
    ("x\ny\n", Newline.LF, False),
    ("x\r\ny\r\n", Newline.CRLF, False),
    ("x\ry\r", Newline.CR, False),
    ("x\r\ny\n", Newline.MIXED, False),
    ("# c\rx()\n", Newline.MIXED, True),
    ("# c\rx()", Newline.CR, True),
    ("x = 'a'  # c\r\tx()\n", Newline.MIXED, True),
    ("# c\r\r\n", Newline.MIXED, False),
    ("# c\r# d\r\n", Newline.MIXED, False),
    ("# c\r\nx()\n", Newline.MIXED, False),
    ("s = '''#\rx'''\n", Newline.MIXED, False),
    ("# '\r#\rx()\n", Newline.MIXED, True),
]


@pytest.mark.parametrize(("text", "newline", "hides"), NEWLINES)
def test_line_ends_are_normalised_and_hidden_code_is_noted(text, newline, hides):
    decoded = decode(text.encode())
    assert decoded.newline is newline
    assert decoded.text == text.replace("\r\n", "\n").replace("\r", "\n")
    assert (K.CR_HIDES_CODE in [note.kind for note in decoded.notes]) == hides


def test_no_codec_but_those_of_the_standard_library_is_ever_asked():
    asked = []
    codecs.register(asked.append)
    try:
        assert decode(b"# coding: not-a-codec\n").notes[0].kind is K.CODEC_UNKNOWN
    finally:
        codecs.unregister(asked.append)
    assert asked == []


def test_a_text_needs_no_decoding_and_has_no_cookie():
    decoded = decode_text("# coding: rot13\r\nx = '\ud800'\r\n")
    assert decoded.text == "# coding: rot13\nx = '\ufffd'\n"
    assert [note.kind for note in decoded.notes] == [K.SURROGATE]
    assert source_from_text("x.py", "é\0").source.size == 3


COOKIE_NAMES = ["latin-1", "utf-7", "unicode_escape", "raw_unicode_escape", "idna", "punycode", "utf-16", "utf-32-be", "rot13", "hex",
                "cp037", "hz", "iso2022_jp", "shift_jis_2004", "gbk", "undefined", "klingon", "utf8", "UTF-8", "cp1252"]  # fmt: skip
PIECES = st.sampled_from([b"\r", b"\n", b"\r\n", b"\0", BOM, b"\xff", b"\xff\xfe", b"#", b" ", b"\x0c", b"'", b'"""', b"\\", b"\\u000a",
                          b"\\ud800", b"+AAo-", b"x=1", b"\xe2\x80\xa8", b"\xc2\x85", b"# coding: latin-1", b"xn--a", b"\x1b$B", b"~{"])  # fmt: skip
BODIES = st.one_of(st.binary(max_size=80), st.lists(PIECES, max_size=15).map(b"".join))
COOKIES = st.builds(
    lambda name, end: b"# coding: " + name.encode() + end,
    st.sampled_from(COOKIE_NAMES),
    st.sampled_from([b"\n", b"\r\n", b"\r"]),
)
FILES = st.one_of(BODIES, st.builds(bytes.__add__, COOKIES, BODIES))


@settings(max_examples=300, deadline=None)
@given(FILES)
@example(b"# coding: utf_16_le\n\x00\xd8")
def test_any_bytes_give_a_text_that_every_format_can_hold(data):
    result = source_from_bytes("x.py", data)
    source = result.source
    assert not re.search("[\r\0\ud800-\udfff]", source.text)
    assert not source.text.startswith("\ufeff")
    assert source.text.encode().decode() == source.text
    assert source.lines == len(split_lines(source.text))
    assert all(1 <= note.line <= source.text.count("\n") + 1 and note.detail for note in source.notes)
    assert (result.failure is not None) == source.lossy
    assert pickle.loads(pickle.dumps(source)) == source


@settings(max_examples=300, deadline=None)
@given(FILES)
def test_where_cpython_parses_the_bytes_it_parses_the_text_alike(data):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = ast.parse(data)
        except (SyntaxError, ValueError, MemoryError):
            return
        decoded = decode(data)
        kinds = {note.kind for note in decoded.notes}
        if decoded.rejected:  # CPython looks at a comment's bytes only when the file is a script, not a module
            assert K.INVALID_BYTES in kinds or (K.NUL in kinds and K.CODEC_UNUSUAL in kinds)
        elif not decoded.encoding.endswith("unicode-escape"):  # CPython ends no line at an escaped CR
            assert ast.dump(ast.parse(decoded.text), include_attributes=True) == ast.dump(
                expected, include_attributes=True
            )


def test_a_vertical_tab_is_no_blank_line():
    assert find_cookie("\x0c\n# coding: gbk") == Cookie("gbk", 2, 4)
    assert find_cookie("\x0b\n# coding: gbk") is None


@settings(max_examples=300, deadline=None)
@given(st.lists(st.text("#\n \f\tcoding:=latin-1utf8_.x\xe9", max_size=40), max_size=3).map("\n".join))
def test_the_cookie_is_the_one_that_tokenize_finds(text):
    cookie = find_cookie(text)
    try:
        found, lines = tokenize.detect_encoding(io.BytesIO(text.encode("latin-1").replace(b"\xe9", b"e")).readline)
    except SyntaxError:
        assert cookie
    else:
        assert (cookie is not None) or (found == "utf-8" and len(lines) <= 2)
        if cookie and found not in ("utf-8", "iso-8859-1"):
            assert codecs.lookup(cookie.name).name == codecs.lookup(found).name
    if cookie:
        assert text.startswith("coding", cookie.offset)
        assert text.count("\n", 0, cookie.offset) + 1 == cookie.line


LINE = st.text(st.sampled_from("ab \t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029é😀"), max_size=8)
ENDED_LINES = st.lists(st.tuples(LINE, st.sampled_from(["\n", "\r\n", "\r"])))
TEXTS = ENDED_LINES.map(lambda pairs: "".join(line + end for line, end in pairs))


@settings(max_examples=300, deadline=None)
@given(ENDED_LINES)
def test_lines_are_counted_as_cpython_counts_them(pairs):
    comments = "".join(f"#{line}{end}" for line, end in pairs)
    (statement,) = ast.parse(f"{comments}mark".encode()).body
    assert count_lines(comments) == len(split_lines(comments)) == statement.lineno - 1
    assert split_lines(comments) == [f"#{line}" for line, _ in pairs]


@given(TEXTS, LINE)
def test_lines_are_those_of_universal_newlines(text, rest):
    lines = [line.rstrip("\n") for line in io.StringIO(text + rest, newline=None)]
    assert split_lines(text + rest) == lines
    assert count_lines(text + rest) == len(lines)


@given(TEXTS, LINE, st.data())
def test_offsets_and_positions_are_inverse(text, rest, data):
    text += rest
    index = LineIndex(text)
    offset = data.draw(st.integers(0, len(text)))
    line, col = index.position(offset)
    before = text[:offset]
    if before.endswith("\r") and text.startswith("\n", offset):  # inside of a line end: belongs to its line
        assert index.offset(line, col) == offset - 1
    else:
        assert index.offset(line, col) == offset
        assert col == len(re.split("\r\n|\r|\n", before)[-1])
        assert index.line(line).startswith(text[offset - col : offset])
    assert [index.line(number) for number in range(1, len(index) + 1)] == re.split("\r\n|\r|\n", text)


def test_positions_outside_of_the_text_are_moved_inside():
    index = LineIndex("ab\ncd")
    assert [index.position(offset) for offset in (-1, 99)] == [(1, 0), (2, 2)]
    assert [index.offset(*place) for place in ((0, 5), (1, 99), (1, -1), (9, 0))] == [0, 2, 0, 5]
    assert (index.line(0), index.line(3)) == ("", "")
    assert index.span(1, 4) == Span(1, 1, 2, 1)
