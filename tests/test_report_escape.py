"""What reaches a reader: nothing that a terminal obeys, and JSON that every parser takes."""

from __future__ import annotations

import json
import os
import unicodedata
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.report.escape import exact, one_line, to_json, uri, visible

SHOWN = [
    ("plain text, 100%", "plain text, 100%"),
    ("naïve 名前 é e\u0301 🎉", "naïve 名前 é e\u0301 🎉"),
    ("\x1b[31mred\x07\x7f", "\\x1b[31mred\\x07\\x7f"),
    ("a\nb\tc\rd", "a\\x0ab\\x09c\\x0dd"),
    ("\x85\x9b", "\\x85\\x9b"),
    ("\u202e\u2066\u2069\u200e", "\\u202e\\u2066\\u2069\\u200e"),
    ("\u200b\u200d\ufeff\u00ad\u2060", "\\u200b\\u200d\\ufeff\\xad\\u2060"),
    ("\u2028\u2029\u00a0", "\\u2028\\u2029\\xa0"),
    ("\udcff\ud83d", "\\udcff\\ud83d"),
    ("\U000e0041\U000e0101", "\\U000e0041\\U000e0101"),
    ("\u3164\u115f\u034f\ufe0f\u2800", "\\u3164\\u115f\\u034f\\ufe0f\\u2800"),
    ("\u3000", "\u3000"),
    ("\ue000", "\\ue000"),
]


@pytest.mark.parametrize(("text", "expected"), SHOWN)
def test_what_a_terminal_obeys_or_nobody_sees_is_shown_as_an_escape(text, expected):
    assert visible(text) == expected


@given(st.text())
def test_no_control_format_or_surrogate_character_is_left(text):
    kinds = {unicodedata.category(char) for char in visible(text)}
    assert kinds.isdisjoint({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
    assert visible(visible(text)) == visible(text)


@given(st.text())
def test_a_message_becomes_one_line(text):
    assert len(one_line(text).splitlines()) <= 1


def test_white_space_in_a_message_is_folded():
    assert one_line("  first\n\n   second\t\x1bthird ") == "first second \\x1bthird"


@given(st.binary(min_size=1).filter(lambda name: b"\0" not in name))
def test_a_uri_gives_back_the_bytes_of_any_file_name(name):
    text = uri(os.fsdecode(name))
    assert unquote_to_bytes(text) == name
    assert text.isascii()
    assert not set(text) & set(" #?%:") - {"%"}


def test_a_name_that_no_file_system_gave_has_a_uri_of_its_own():
    assert uri("a\ud83d.py") == "a%ED%A0%BD.py"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.text(st.characters(categories=["Cs", "Cc", "Cf"])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


@given(values, st.integers(0, 4))
def test_json_is_printable_ascii_on_every_depth_and_means_the_same(value, depth):
    text = to_json(value, depth)
    assert text.isascii()
    assert all(line.isprintable() for line in text.split("\n"))
    assert json.loads(text) == json.loads(to_json(value, 0))


@given(values)
def test_json_holds_no_lone_surrogate(value):
    assert exact(json.dumps(json.loads(to_json(value, 2)), ensure_ascii=False))


@given(st.text().filter(exact))
def test_well_formed_text_comes_back_from_json(text):
    assert json.loads(to_json({text: [text]}, 2)) == {text: [text]}


def test_lone_surrogates_become_visible_escapes_and_pairs_stay_characters():
    assert json.loads(to_json(["a\udcffb", "🎉", "\ud83d"], 1)) == ["a\\udcffb", "🎉", "\\ud83d"]


def test_json_escapes_every_control_character():
    assert to_json("".join(map(chr, range(32))) + "\x7f\x85", 0).isprintable()
    assert json.loads(to_json("\x7f", 0)) == "\x7f"
