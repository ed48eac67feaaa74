"""One defect, one finding."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from codeguard.model import Category, Confidence, Finding, Rule, Severity, Span, Step
from codeguard.triage.merge import merge


def rule(id_: str, *aliases: str, engine: str = "native", cwe: tuple[int, ...] = ()) -> Rule:
    return Rule(id_, f"name-{id_.lower()}", "", Category.SECURITY, Severity.HIGH, Confidence.HIGH, engine, cwe, aliases)


RULES = {
    r.id: r
    for r in (
        rule("CGS001", "bandit:B506", "ruff:S506", cwe=(502,)),
        rule("CGS490", "bandit:B506", engine="semgrep", cwe=(502,)),
        rule("CGS002", cwe=(78,)),
        rule("bandit:B506", engine="bandit", cwe=(20,)),
        rule("ruff:S506", engine="ruff", cwe=(20,)),
        rule("bandit:B602", engine="bandit", cwe=(78,)),
        rule("bandit:B102", engine="bandit", cwe=(95,)),
    )
}


def finding(rule_id: str, line: int = 1, start: int = 0, end: int = 10, path: str = "a.py", **changes) -> Finding:
    known = RULES[rule_id]
    made = Finding(
        rule_id, path, Span(line, start, line, end), "m", known.category, known.severity, known.confidence, known.engine,
        known.cwe, (f"{known.engine}:{rule_id.rpartition(':')[2]}",), "yaml.load(x)",
    )  # fmt: skip
    return replace(made, **changes)


def ids(findings) -> list[str]:
    return [f.rule_id for f in findings]


def test_reports_of_one_defect_by_four_engines_become_one_that_lists_them():
    merged = merge([finding("ruff:S506", end=4), finding("bandit:B506"), finding("CGS490"), finding("CGS001")], RULES)
    assert ids(merged) == ["CGS001"]
    assert merged[0].seen_by == ("native:CGS001", "bandit:B506", "ruff:S506", "semgrep:CGS490")


def test_two_defects_on_one_line_stay_two():
    assert ids(merge([finding("CGS001", start=0, end=5), finding("CGS001", start=6, end=9)], RULES)) == ["CGS001"] * 2
    assert ids(merge([finding("CGS001"), finding("CGS002")], RULES)) == ["CGS001", "CGS002"]


def test_unrelated_rules_of_one_weakness_merge_only_where_their_spans_overlap():
    assert ids(merge([finding("CGS002"), finding("bandit:B602", start=2, end=6)], RULES)) == ["CGS002"]
    assert len(merge([finding("CGS002"), finding("bandit:B602", start=12, end=16)], RULES)) == 2


def test_the_same_place_in_another_file_is_another_defect():
    assert len(merge([finding("CGS001"), finding("bandit:B506", path="b.py")], RULES)) == 2


def test_a_report_with_a_trace_speaks_for_the_defect():
    traced = finding("bandit:B602", trace=(Step("a.py", Span(1, 0, 1, 1), "source"),))
    assert ids(merge([finding("CGS002"), traced], RULES)) == ["bandit:B602"]


def test_of_two_rules_of_ours_the_graver_category_speaks_for_the_defect():
    trap = replace(rule("CGM001", cwe=(506,)), category=Category.MALICIOUS, confidence=Confidence.MEDIUM)
    slip = replace(rule("CGC001", "CGM001", cwe=(1357,)), category=Category.CORRECTNESS)
    rules = {**RULES, trap.id: trap, slip.id: slip}
    found = [
        replace(finding("CGS001"), rule_id=r.id, category=r.category, confidence=r.confidence, cwe=r.cwe)
        for r in (slip, trap)
    ]
    assert ids(merge(found, rules)) == ["CGM001"]


def test_an_unwanted_report_never_speaks_but_is_listed():
    merged = merge([finding("CGS001"), finding("bandit:B506")], RULES, wanted=lambda f: f.rule_id != "CGS001")
    assert ids(merged) == ["bandit:B506"]
    assert merged[0].seen_by == ("bandit:B506", "native:CGS001")
    assert merge([finding("CGS001")], RULES, wanted=lambda _: False) == ()


def test_a_malicious_finding_is_not_swallowed_by_a_security_one_of_its_weakness():
    bad = replace(finding("CGS002"), category=Category.MALICIOUS, rule_id="CGM001")
    assert len(merge([bad, finding("bandit:B602")], RULES)) == 2


def test_a_fingerprint_survives_moved_lines_and_numbers_equal_ones():
    one, two = merge([finding("CGS001", 1), finding("CGS001", 5)], RULES)
    moved = merge([finding("CGS001", 101), finding("CGS001", 205, start=4, end=14)], RULES)
    assert [one.fingerprint, two.fingerprint] == [f.fingerprint for f in moved]
    assert one.fingerprint != two.fingerprint


some = st.builds(
    finding,
    st.sampled_from(sorted(RULES)),
    st.integers(1, 3),
    st.integers(0, 4),
    st.integers(5, 9),
    st.sampled_from(["a.py", "b.py"]),
)


@given(st.lists(some, max_size=12), st.randoms())
def test_the_outcome_does_not_depend_on_the_order_of_reports(findings, random):
    shuffled = list(findings)
    random.shuffle(shuffled)
    assert merge(findings, RULES) == merge(shuffled, RULES)


@given(st.lists(some, max_size=12))
def test_no_report_is_lost_and_merging_again_changes_nothing(findings):
    merged = merge(findings, RULES)
    seen = {(f.path, name) for f in merged for name in f.seen_by}
    assert {(f.path, f.seen_by[0]) for f in findings} <= seen
    assert ids(merge(merged, RULES)) == ids(merged)
