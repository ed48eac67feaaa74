"""Code frames: the right lines, the marks under the right cells, nothing wider than the terminal."""

from __future__ import annotations

from itertools import pairwise

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from codeguard.model import Span
from codeguard.report.frame import frame
from codeguard.report.layout import cells, cut, head, tail, wrap
from codeguard.report.lines import Lines


def drawn(text: str, span: Span, width: int = 60, context: int = 2) -> str:
    rows = frame(Lines.of(text), span, width, context)
    return "\n".join(f"{row.number or '':>2}|{row.before}{row.inside}{row.after}".rstrip() for row in rows)


def test_a_span_of_one_line_is_underlined_between_its_neighbours():
    text = "a = 1\nb = 2\nc = eval(b)\nd = 4\ne = 5\nf = 6\n"
    assert drawn(text, samples.span_of(text, "eval(b)")) == (
        " 1|a = 1\n 2|b = 2\n 3|c = eval(b)\n  |    ^^^^^^^\n 4|d = 4\n 5|e = 5"
    )


def test_blank_lines_at_the_ends_of_the_context_are_dropped():
    assert drawn("\n\nx\n\n\n", Span(3, 0, 3, 1)) == " 3|x\n  |^"


def test_the_first_and_last_line_of_a_long_span_are_marked_and_its_middle_is_left_out():
    text = "def f():\n" + "".join(f"    line({n})\n" for n in range(12)) + "    return 1\n"
    assert drawn(text, Span(1, 0, 14, 12), context=0) == (
        " 1|def f():\n  |^^^^^^^^\n 2|    line(0)\n 3|    line(1)\n  |⋮ 8 lines\n"
        "12|    line(10)\n13|    line(11)\n14|    return 1\n  |    ^^^^^^^^"
    )


def test_a_span_that_ends_with_a_line_end_marks_no_next_line():
    assert drawn("x = (\ny\n", Span(1, 0, 2, 0), context=0) == " 1|x = (\n  |^^^^^"


ALIGNED = [
    ("\t\tif x: eval(y)\n", "eval(y)", "              ^^^^^^^"),
    ('名前 = eval("値")\n', 'eval("値")', "       ^^^^^^^^^^"),
    ("e\u0301 = eval(x)\n", "eval(x)", "    ^^^^^^^"),
    ("a\u202eb\x1b eval(x)\n", "eval(x)", "             ^^^^^^^"),
    ("x = '\u200b'\n", "\u200b", "     ^^^^^^"),
    ("x = '🎉' + eval(x)\n", "eval(x)", "           ^^^^^^^"),
]


@pytest.mark.parametrize(("text", "needle", "marks"), ALIGNED)
def test_marks_stand_under_tabs_wide_combining_and_escaped_characters(text, needle, marks):
    rows = frame(Lines.of(text), samples.span_of(text, needle), 60)
    assert rows[1].before + rows[1].inside == marks


def test_a_long_line_is_cut_around_its_span():
    text = "a" * 500 + "eval(x)" + "b" * 500 + "\n"
    row, marks, *_ = frame(Lines.of(text), samples.span_of(text, "eval(x)"), 40)
    assert (row.inside, row.before[0], row.after[-1]) == ("eval(x)", "…", "…")
    assert cells(row.before + row.inside + row.after) == 40
    assert cells(marks.before) == cells(row.before)


def test_a_span_wider_than_the_terminal_shows_its_start():
    text = "x = " + "9" * 300 + "\n"
    row, _ = frame(Lines.of(text), Span(1, 4, 1, 304), 30)
    assert row.inside.startswith("999")
    assert row.inside.endswith("…")


def test_the_lines_of_a_span_keep_their_indentation():
    text = f"if x:\n    #{' comment' * 20}\n    pass\n"
    row = frame(Lines.of(text), Span(1, 0, 3, 8), 30, context=0)[2]
    assert (row.before, row.inside) == ("    ", "# comment comment comment…")


def test_a_line_of_ten_megabytes_is_not_walked():
    text = "x" * 5_000_000 + "eval(y)" + "z" * 5_000_000
    row, _ = frame(Lines.of(text), Span(1, 5_000_000, 1, 5_000_007), 80)
    assert row.inside == "eval(y)"


@given(samples.sources, samples.spans(), st.integers(20, 90))
def test_no_row_is_wider_than_the_terminal_and_the_marks_stand_under_the_span(text, span, width):
    rows = frame(Lines.of(text), span, width)
    assert all(cells(row.before + row.inside + row.after) <= width for row in rows)
    for above, below in pairwise(rows):
        if not below.number and below.inside:
            assert (below.before, below.inside) == (" " * cells(above.before), "^" * max(cells(above.inside), 1))


@given(st.text(), st.integers(1, 30))
def test_cutting_keeps_within_the_room(text, room):
    shown = "".join(char for char in text if char.isprintable())
    assert cells(cut(shown, room)) <= room
    assert shown.startswith(head(shown, room))
    assert shown.endswith(tail(shown, room))


words = st.lists(st.tuples(st.text("ab 漢`,", max_size=30), st.sampled_from(["", "1"])), max_size=5)


@given(words, st.integers(2, 20))
def test_wrapped_text_keeps_every_character_but_spaces(pieces, room):
    lines = wrap(pieces, room)
    assert all(cells("".join(text for text, _ in line)) <= room for line in lines)
    after = "".join(text for line in lines for text, _ in line)
    assert after.replace(" ", "") == "".join(text for text, _ in pieces).replace(" ", "")


def test_a_word_that_fits_on_the_next_line_is_not_broken():
    assert wrap([("aaa bbb", "")], 6) == [[("aaa", "")], [("bbb", "")]]
    assert wrap([("aaa bbb", "")], 7) == [[("aaa", ""), (" ", ""), ("bbb", "")]]


def test_text_is_broken_at_spaces_and_only_long_words_inside():
    lines = wrap([("one two ", ""), ("`code`", "36"), (", abcdefghijklmnop", "")], 8)
    assert ["".join(text for text, _ in line) for line in lines] == ["one two", "`code`,", "abcdefgh", "ijklmnop"]


@given(samples.sources)
def test_lines_are_those_that_cpython_counts(text):
    lines = Lines.of(text)
    expected = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    assert [lines.line(number) for number in range(1, len(lines) + 1)] == expected
    assert (lines.line(0), lines.line(len(lines) + 1)) == ("", "")
