"""Weaknesses: their names, tags and places in OWASP's Top 10 of 2021."""

from __future__ import annotations

import pytest

from codeguard.report import taxonomy
from codeguard.report.cwe_names import CWE_NAMES


@pytest.mark.parametrize(
    ("cwe", "category"),
    [(79, "a03"), (89, "a03"), (22, "a01"), (36, "a01"), (327, "a02"), (798, "a07"), (502, "a08"), (918, "a10"), (532, "a09"),
     (611, "a05"), (1104, "a06"), (434, "a04"), (943, "a03"), (400, ""), (506, "")],
)  # fmt: skip
def test_owasp_puts_the_weakness_there(cwe, category):
    assert taxonomy.owasp_2021(cwe) == category


def test_no_weakness_is_in_two_owasp_categories():
    listed = [cwe for row in taxonomy._OWASP_2021.values() for cwe in row.split()]
    assert len(listed) == len(set(listed))


def test_what_stands_by_its_parent_is_not_listed_itself_and_its_parent_is():
    assert not taxonomy._BY_PARENT.keys() & taxonomy._OWASP_OF.keys()
    assert set(taxonomy._BY_PARENT.values()) <= taxonomy._OWASP_OF.keys()


def test_names_are_short_distinct_and_in_order():
    assert list(CWE_NAMES) == sorted(CWE_NAMES)
    assert len(set(CWE_NAMES.values())) == len(CWE_NAMES)
    assert all(3 < len(name) <= 60 and name[0].isupper() and not name.endswith(".") for name in CWE_NAMES.values())


def test_a_weakness_without_a_name_has_its_number():
    assert taxonomy.cwe_name(99999) == "CWE-99999"


def test_the_tag_has_three_digits_at_least():
    assert [taxonomy.cwe_tag(n) for n in (22, 798, 1336)] == [
        "external/cwe/cwe-022",
        "external/cwe/cwe-798",
        "external/cwe/cwe-1336",
    ]
