"""Positions: bytes and code points, lines as CPython counts them, and spans that never leave their text."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.engines.columns import Lines, bytes_of, points_of
from codeguard.model import Span

LINE = st.text(st.characters(exclude_characters="\r\n"), max_size=30)
TEXT = st.text(st.sampled_from("ab é😀\t\n\r\x0b\x0c\x1c\x85\u2028\ud800"), max_size=40)
NUMBER = st.integers(-3, 50)

LINE_ENDS = [
    ("\n", 2),
    ("\r\n", 2),
    ("\r", 2),
    ("\n\r", 3),
    ("\r\r\n", 3),
    ("\x0b", 1),
    ("\x0c", 1),
    ("\x1c", 1),
    ("\x1d", 1),
    ("\x1e", 1),
    ("\x85", 1),
    ("\u2028", 1),
    ("\u2029", 1),
]


@pytest.mark.parametrize(("end", "lines"), LINE_ENDS, ids=[repr(end) for end, _ in LINE_ENDS])
def test_only_the_line_ends_of_cpython_end_a_line(end: str, lines: int) -> None:
    text = f"'''a{end}b'''"
    assert len(Lines.of(text).texts) == lines
    assert ast.parse(text).body[0].end_lineno == lines


def test_an_empty_text_has_one_empty_line() -> None:
    assert Lines.of("").texts == ("",)
    assert Lines.of("").span(1, 0, 9, 9) == Span(1, 0, 1, 0)


# The call of FACTS: four tools give four columns for it.
MIXED = 's = "é😀"; eval(input())'


def test_the_bytes_of_a_call_after_an_emoji_become_its_code_points() -> None:
    call = ast.parse(MIXED).body[1].value
    span = Lines.of(MIXED).span_of_bytes(call.lineno, call.col_offset, call.end_lineno, call.end_col_offset)
    assert (call.col_offset, span) == (14, Span(1, 10, 1, 23))
    assert MIXED[span.start_col : span.end_col] == "eval(input())"


def test_a_byte_inside_of_a_code_point_counts_as_its_end() -> None:
    assert [points_of("a😀b", byte) for byte in range(8)] == [0, 1, 2, 2, 2, 2, 3, 3]


def test_a_lone_surrogate_is_one_code_point_of_three_bytes() -> None:
    assert bytes_of("\ud800b", 1) == 3
    assert points_of("\ud800b", 3) == 1


@given(LINE, st.integers(0, 40))
def test_code_points_to_bytes_and_back_is_the_same_column(line: str, point: int) -> None:
    assert points_of(line, bytes_of(line, point)) == min(point, len(line))


@given(LINE, st.integers(0, 200), st.integers(0, 200))
def test_a_later_byte_is_never_an_earlier_code_point(line: str, one: int, other: int) -> None:
    assert points_of(line, min(one, other)) <= points_of(line, max(one, other))


@given(TEXT)
def test_lines_and_their_ends_make_up_the_text(text: str) -> None:
    lines = Lines.of(text)
    assert len(lines.texts) == len(lines.starts)
    for line, start in zip(lines.texts, lines.starts, strict=True):
        assert text[start : start + len(line)] == line
        assert text[start + len(line) :][:1] in {"", "\n", "\r"}


@given(TEXT, NUMBER, NUMBER, NUMBER, NUMBER)
def test_a_span_never_leaves_its_text(text: str, a: int, b: int, c: int, d: int) -> None:
    lines = Lines.of(text)
    for span in (lines.span(a, b, c, d), lines.span_of_bytes(a, b, c, d)):
        assert (span.start_line, span.start_col) <= (span.end_line, span.end_col)
        for number, column in ((span.start_line, span.start_col), (span.end_line, span.end_col)):
            assert 1 <= number <= len(lines.texts)
            assert 0 <= column <= len(lines.line(number))


@given(LINE, LINE, st.data())
def test_a_span_inside_of_its_text_is_left_alone(first: str, second: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(first)))
    end = data.draw(st.integers(0, len(second)))
    lines = Lines.of(f"{first}\n{second}")
    assert lines.span(1, start, 2, end) == Span(1, start, 2, end)
    assert lines.span_of_bytes(1, bytes_of(first, start), 2, bytes_of(second, end)) == Span(1, start, 2, end)


@given(TEXT, st.integers(0, 45), st.integers(0, 45))
def test_an_offset_is_the_place_that_the_lines_before_it_say(text: str, offset: int, length: int) -> None:
    lines = Lines.of(text)
    span = lines.span_at(offset, length)
    start = lines.starts[span.start_line - 1] + span.start_col
    end = lines.starts[span.end_line - 1] + span.end_col
    assert start <= min(offset, len(text)) <= start + 2  # 2: between the halves of \r\n, or on a line end
    assert end <= min(offset + length, len(text)) <= end + 2


def test_a_snippet_is_the_first_line_without_its_indentation() -> None:
    assert Lines.of("a\n\t  f(\n  1)\n").snippet(Span(2, 3, 3, 4)) == "f("
