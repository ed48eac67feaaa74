"""Sets of coding standards decide about the rules of their category, and about nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

import codeguard
from codeguard import scan
from codeguard.config.model import SelectionConfig
from codeguard.config.select import Selection
from codeguard.knowledge.standards import ABOUT_COMMENTS, NAMES, SETS, belongs
from codeguard.model import Category, Severity

UGLY = """\
import os, sys
def Frobnicate(X):
    l = lambda: 1
    if X.gender == 'f':
        return l
    return eval(X)
"""


def on(*standards: str) -> set[str]:
    rules = scan.catalogue()
    return set(Selection(SelectionConfig(standards=standards), rules).wanted())


def test_sets_grow_from_pep8_to_strict_and_each_has_rules() -> None:
    standards = {r.id for r in scan.catalogue().values() if r.category is Category.STANDARDS}
    rules = {name: {i for i in standards if belongs(i, [name])} for name in SETS}
    assert rules["pep8"] < rules["google"] < rules["strict"] == standards
    assert len(rules["pep8"]) >= 30
    assert rules["responsible"] == {"CGT001", "CGT002", "CGT005", "CGT006"}
    assert rules["responsible"].isdisjoint(rules["google"])


@pytest.mark.parametrize("name", NAMES)
def test_no_set_touches_another_category(name: str) -> None:
    rules = scan.catalogue()
    others = {i for i in on() if rules[i].category is not Category.STANDARDS}
    assert {i for i in on(name) if rules[i].category is not Category.STANDARDS} == others


def test_off_leaves_only_what_is_said_of_suppressions() -> None:
    rules = scan.catalogue()
    assert {i for i in on("off") if rules[i].category is Category.STANDARDS} == ABOUT_COMMENTS


def test_standards_never_decide_the_exit_status_by_default() -> None:
    rules = [r for r in scan.catalogue().values() if belongs(r.id, SETS) and r.category is Category.STANDARDS]
    assert max(r.severity for r in rules if r.id not in ABOUT_COMMENTS) < Severity.MEDIUM


@pytest.mark.parametrize(
    ("standards", "seen", "unseen"),
    [
        (["pep8"], {"ruff:E401", "ruff:N802", "ruff:E731"}, {"ruff:D103", "CGT001"}),
        (["google"], {"ruff:E401", "ruff:D103", "ruff:ANN201"}, {"CGT001"}),
        (["responsible"], {"CGT001"}, {"ruff:E401", "ruff:D103"}),
        (["off"], set(), {"ruff:E401", "ruff:D103", "CGT001"}),
    ],
)
def test_a_scan_reports_the_sets_that_are_asked_for(
    tmp_path: Path, standards: list[str], seen: set[str], unseen: set[str]
) -> None:
    (tmp_path / "ugly.py").write_text(UGLY)
    report = codeguard.scan_paths([tmp_path], standards=standards, engines=["native", "ruff"])
    found = {f.rule_id for f in report.findings}
    assert seen <= found
    assert not unseen & found
    assert any(f.category is Category.SECURITY for f in report.findings)
