"""Texts in pieces: nothing with a call is left out, every place is the file's own, no text takes long."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.model import Span
from codeguard.syntax import pieces as module
from codeguard.syntax.pieces import CALL, GROUP, STATEMENT, pieces, small_calls


def places(text: str, what: str) -> list[tuple[int, int]]:
    """Where `what` stands in the file, by the pieces that can be parsed; imports that lead them left out."""
    found = set()
    for piece in pieces(text):
        for number, line in enumerate(piece.text.split("\n") if piece.code else (), 1):
            at = line.find(what)
            if at >= 0:
                span = piece.span(Span(number, at, number, at + len(what)))
                found.add((span.start_line, span.start_col))
    return sorted(found)


def test_a_small_text_is_one_piece_and_is_itself():
    text = "import os\n\n\ndef f():\n    return os.getcwd()\n"
    (piece,) = pieces(text)
    assert piece.text.rstrip("\n") == text.rstrip("\n")
    assert piece.lines == (1, 2, 3, 4, 5)


def test_every_piece_is_led_by_the_imports_before_it():
    text = "import yaml\n" + "x = f(1)\n" * 10_000 + "yaml.load(x)\n"
    for piece in pieces(text):
        assert piece.text.startswith("import yaml\n")
        assert piece.lines[0] == 1
    assert places(text, "yaml.load") == [(10_002, 0)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("x = [" + "1, " * STATEMENT, "]\n"),
        ("x=1;" * STATEMENT, "\n"),
        ("x = " + "-" * STATEMENT, "\n"),
        ("f(" + "a, " * STATEMENT, ")\n"),
        ("x = (" + "\n'a'" * STATEMENT + "\n% ", ")\n"),
    ],
    ids=["list", "line", "unary", "arguments", "lines"],
)
def test_a_call_in_a_huge_statement_is_found_where_it_stands(before, after):
    text = "import os\n" + before + "os.system(x)" + after
    line, column = text[: text.index("os.system")].count("\n") + 1, len(text[: text.index("os.system")].split("\n")[-1])
    assert places(text, "os.system") == [(line, column)]


def test_what_holds_a_call_comes_before_what_does_not():
    text = "x = 1\n" * GROUP + "eval(input())\n"
    first = next(iter(pieces(text)))
    assert "eval(input())" in first.text


def test_the_outermost_call_that_is_small_is_taken_once():
    text = "f(g(1), 'a)b', [h(2)])"
    assert [text[a:b] for a, b in small_calls(text)] == [text]
    wide = "f(" + "a" * CALL + ", g(h(1)))"
    assert [wide[a:b] for a, b in small_calls(wide)] == ["g(h(1))"]


@pytest.mark.parametrize(
    "text",
    [
        "[" * 1_000_000,
        "f(" * 300_000,
        "f(" * 300_000 + ")" * 300_000,
        "'" * 500_001,
        "'''a" * 100_001,
        "'" + "\\" * 500_001,
        "a" * 1_000_000,
        "a" + " " * 1_000_000,
        "a.b " * 200_000,
        "\n" * 1_000_000,
        "\"'" * 200_000,
        "@d\n" * 100_000,
        "\\\n" * 200_000,
    ],
    ids=lambda text: repr(text[:4]),
)
def test_no_text_takes_long(text):
    start = time.process_time()
    for _ in pieces(text):
        pass
    assert time.process_time() - start < 10


@given(
    st.lists(
        st.sampled_from(
            [
                "import os",
                "x = 1",
                "f(x)",
                "def g():",
                "    g(1)",
                "x = [",
                "]",
                "'''",
                "'",
                '"',
                "(",
                ")",
                "\\",
                "",
                "# c",
            ]
        ),
        max_size=40,
    )
)
def test_pieces_say_of_each_of_their_lines_where_it_stands(lines):
    text = "\n".join(lines)
    old = module.GROUP, module.STATEMENT
    module.GROUP, module.STATEMENT = 40, 30
    try:
        for piece in pieces(text):
            if not piece.columns:
                shown = piece.text.split("\n")
                assert [shown[n] for n in range(len(piece.lines))] == [lines[n - 1] for n in piece.lines]
            span = piece.span(Span(1, 0, 1, 1))
            assert 1 <= span.start_line <= span.end_line <= max(len(lines), 1)
    finally:
        module.GROUP, module.STATEMENT = old
