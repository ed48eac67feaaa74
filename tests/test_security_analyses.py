"""What several security checks share: the analysis of patterns, names, generated secrets and built texts."""

from __future__ import annotations

import re
import time

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeguard.checks.security._backtracking import verdict
from codeguard.checks.security._entropy import entropy, is_generated
from codeguard.checks.security._formatting import HOLE, built
from codeguard.checks.security._words import is_password, is_secret, words
from codeguard.syntax.recover import parse

PATTERNS = (
    (r"^(\w+\s?)*$", "exponential"),
    (r"^(([a-z])+.)+[A-Z]([a-z])+$", "exponential"),
    (r"^(a|aa)+$", None),  # alternatives of different length are not compared
    (r"([/\w .-]*)*/?$", "exponential"),
    (r"^(x+x+)+y", "exponential"),
    (r"^(\d+)*\d{3}", "exponential"),
    (r"(\w+)*", None),  # nothing behind it can fail
    (r"(\w+)*.*$", None),
    (r"^([a-z0-9-]+\.)+[a-z]{2,}$", None),
    (r'"(?:[^"\\]|\\.)*"', None),
    (r"^(\w{1,5}\s){1,5}$", None),
    (r"^\d+E?\d+$", "polynomial"),
    (r"^\s*\s+x", "polynomial"),
    (r"^\w+=\d+$", None),
    (r"(", None),
    (r"^[^@]+@[^@]+$", None),
)


@pytest.mark.parametrize(("pattern", "wanted"), PATTERNS)
def test_the_verdict_on_a_pattern_is_what_its_repetitions_allow(pattern, wanted):
    assert verdict(pattern) == wanted


def test_bytes_patterns_and_patterns_that_match_whole_texts_are_judged_too():
    assert verdict(rb"^(\w+\s?)*$") == "exponential"
    assert verdict(r"(\w+\s?)*") is None
    assert verdict(r"(\w+\s?)*", whole=True) == "exponential"


def test_a_pattern_called_exponential_doubles_its_time_with_each_character():
    pattern = re.compile(r"^(\w+\s?)*$")

    def seconds(length: int) -> float:
        start = time.perf_counter()
        assert pattern.match("a" * length + "!") is None
        return time.perf_counter() - start

    assert seconds(20) > 8 * seconds(14)


@given(st.text(alphabet="ab.*+?|()[]^$\\dws{}1,", max_size=30))
@settings(max_examples=200, deadline=None)
def test_no_text_makes_the_analysis_fail(text):
    assert verdict(text) in {None, "polynomial", "exponential"}


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("userPassword2", ("user", "password", "2")),
        ("DB_PASS", ("db", "pass")),
        ("HTTPToken", ("http", "token")),
        ("", ()),
    ],
)
def test_a_name_falls_into_its_words(name, wanted):
    assert words(name) == wanted


@pytest.mark.parametrize("name", ["password", "userPassword", "db_pass", "typed_pw", "PASSWD"])
def test_names_of_passwords_are_known(name):
    assert is_password(name)
    assert is_secret(name)


@pytest.mark.parametrize(
    "name", ["password_field", "password_hash", "first_pass", "pass_through", "token_type", "max_tokens"]
)
def test_names_of_something_about_a_password_are_not_passwords(name):
    assert not is_password(name)
    assert not is_secret(name)


@pytest.mark.parametrize("text", ["vQF6J15Kuh3Y6ut1Vh247dlVEIp", "9f8e1c0b7a6d5e4f3a2b1c0d9e8f7a6b"])
def test_generated_texts_are_told_from_written_ones(text):
    assert is_generated(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short1",
        "your-api-key-12345678",
        "user_settings_cache_entry",
        "aaaaaaaaaaaaaaaaaaaaaaa1",
        "has spaces 12 in it x",
    ],
)
def test_written_texts_are_not_generated(text):
    assert not is_generated(text)


@given(st.text())
def test_entropy_is_between_zero_and_the_bits_of_its_characters(text):
    assert entropy(text) + 1e-9 >= 0
    assert entropy(text) <= max(len(set(text)), 1).bit_length()


@pytest.mark.parametrize(
    ("code", "frame"),
    [
        ("f'<p>{x}</p>'", f"<p>{HOLE}</p>"),
        ("'<p>%s</p>' % x", f"<p>{HOLE}</p>"),
        ("'<p>{}</p>'.format(x)", f"<p>{HOLE}</p>"),
        ("'<p>{a}{b}</p>'.format(b=x, a=y)", f"<p>{HOLE}{HOLE}</p>"),
        ("'<p>' + x + '</p>'", f"<p>{HOLE}</p>"),
    ],
)
def test_every_way_to_build_a_text_gives_the_same_frame(code, frame):
    unit = parse("example.py", f"value = {code}\n")
    text = built(unit, unit.nodes(cst.Assign)[0].value)
    assert text is not None
    assert text.frame == frame
    assert len(text.values) == frame.count(HOLE)


@pytest.mark.parametrize(
    "code", ["'plain'", "'%d' % x", "'{0.a}'.format(x)", "'{}'.format(*x)", "a + b", "'%s %s' % x"]
)
def test_what_is_no_simple_text_with_values_is_left_alone(code):
    unit = parse("example.py", f"value = {code}\n")
    assert built(unit, unit.nodes(cst.Assign)[0].value) is None
