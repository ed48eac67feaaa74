"""GitHub's line hashes: against values that codeql-action publishes, and against its algorithm written out naively."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.report.fingerprint import line_hashes


def naive_hashes(text: str) -> list[str]:
    """The hash of every line: a rolling window over code units, as github/codeql-action's fingerprints.ts describes it."""
    data = text.encode("utf-16-le", "surrogatepass")
    units = [int.from_bytes(data[at : at + 2], "little") for at in range(0, len(data), 2)]
    window, started = [0] * 100, [0] * 100
    value, index, line, at_start, after_cr = 0, 0, 0, True, False
    seen: dict[int, int] = {}
    hashes: list[str] = []

    def put_out() -> None:
        seen[value] = seen.get(value, 0) + 1
        assert started[index] == len(hashes) + 1
        hashes.append(f"{value:x}:{seen[value]}")
        started[index] = 0

    def roll(unit: int) -> None:
        nonlocal value, index
        value = (value * 37 + unit - window[index] * 37**100) % 2**64
        window[index] = unit
        index = (index + 1) % 100

    for unit in [*units, 65535]:
        if unit in (32, 9) or (after_cr and unit == 10):
            after_cr = False
            continue
        after_cr = unit == 13
        unit = 10 if unit == 13 else unit  # noqa: PLW2901
        if started[index]:
            put_out()
        if at_start:
            line += 1
            started[index] = line
        at_start = unit == 10
        roll(unit)
    for _ in range(100):
        if started[index]:
            put_out()
        roll(0)
    return hashes


def every_hash(text: str) -> list[str]:
    found = line_hashes(text, range(1, text.count("\n") + text.count("\r") + 2))
    return [found[line] for line in sorted(found)]


# Inputs and values of codeql-action's own tests (src/fingerprints.test.ts, MIT).
PUBLISHED = [
    ("", ["c129715d7a2bc9a3:1"]),
    (" a\nb\n  \t\tc\n d", ["271789c17abda88f:1", "54703d4cd895b18:1", "180aee12dab6264:1", "a23a3dc5e078b07b:1"]),
    (
        "Lorem ipsum dolor sit amet.\n" * 10,
        [
            *(f"a7f2ff13bc495cf2:{n}" for n in range(1, 7)),
            "a7f2ff1481e87703:1",
            "a9cf91f7bbf1862b:1",
            "55ec222b86bcae53:1",
            "cc97dc7b1d7d8f7b:1",
            "c129715d7a2bc9a3:1",
        ],
    ),
]


@pytest.mark.parametrize(("text", "expected"), PUBLISHED)
def test_the_hashes_are_those_that_github_publishes(text, expected):
    assert every_hash(text) == expected
    assert naive_hashes(text) == expected


CASES = [
    "no line end",
    "\n",
    "\n\n\n",
    "a\r\nb\r\n",
    "a\rb\r",
    "a\n\rb",
    "a\r \nb",
    "\r\t\n",
    "   \n\t\n",
    "x" * 99,
    "x" * 100,
    "x" * 101 + "\n" + "x" * 250,
    "\U0001f600" * 60 + "\n\U0001f600",
    "\ufeffimport os\n",
    "\uffff\n\uffff",
    "lone \ud83d surrogate\n",
    "if x:\n    y()\n" * 40,
]


@pytest.mark.parametrize("text", CASES)
def test_the_windows_give_what_the_rolling_hash_gives(text):
    assert every_hash(text) == naive_hashes(text)


pieces = st.sampled_from(
    ["\n", "\r", "\r\n", " ", "\t", "a", "b", "jz", "kU", "\U0001f600", "é", "\uffff", "\0", "w" * 98]
)


@given(st.one_of(st.text(), st.lists(pieces, max_size=60).map("".join)))
def test_any_text_has_the_hashes_of_the_rolling_hash(text):
    assert every_hash(text) == naive_hashes(text)


def test_different_lines_with_one_hash_are_counted_together():
    # 37 * "j" + "z" equals 37 * "k" + "U", so these two lines have one hash.
    text = "jz\n" + "\n" * 100 + "kU\n" + "\n" * 100 + "x"
    first, second = line_hashes(text, {1, 102}).values()
    assert (first[:-2], first[-2:], second[-2:]) == (second[:-2], ":1", ":2")


def test_indentation_and_line_end_style_do_not_change_a_hash():
    assert every_hash("if a:\n    b()\n") == every_hash("if a:\r\n\tb( )\r\n")


def test_what_follows_within_a_hundred_units_changes_a_hash_and_what_is_further_does_not():
    assert line_hashes("a\nb", {1}) != line_hashes("a\nc", {1})
    assert line_hashes("a\n" + "x" * 98 + "b", {1}) == line_hashes("a\n" + "x" * 98 + "c", {1})


def test_only_the_wanted_lines_are_returned_and_lines_that_are_not_there_are_left_out():
    text = "one\ntwo\nthree\n"
    assert list(line_hashes(text, [3, 1, 9])) == [1, 3]
    assert line_hashes(text, []) == {}


def test_the_time_does_not_grow_with_the_length_of_lines():
    start = time.process_time()
    line_hashes("x" * 10_000_000, {1})
    assert time.process_time() - start < 1.0
