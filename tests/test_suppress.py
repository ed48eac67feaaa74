"""Which comments silence which findings."""

from __future__ import annotations

import pytest

from codeguard.model import Category, Comment, Confidence, Finding, Rule, Severity, Span
from codeguard.triage.suppress import apply

YAML = Rule(
    "CGS001", "unsafe-yaml-load", "", Category.SECURITY, Severity.HIGH, Confidence.HIGH, "native", (502,),
    ("bandit:B506", "ruff:S506"),
)  # fmt: skip
PACK = Rule("CGS490", "yaml-thing", "", Category.SECURITY, Severity.HIGH, Confidence.HIGH, "semgrep", (502,))
EVIL = Rule(
    "CGM001", "exfiltration", "", Category.MALICIOUS, Severity.HIGH, Confidence.HIGH, "native", (506,), ("bandit:B999",)
)
NAME = Rule("ruff:F821", "undefined-name", "", Category.CORRECTNESS, Severity.HIGH, Confidence.HIGH, "ruff")
RULES = {r.id: r for r in (YAML, PACK, EVIL, NAME)}


def finding(rule: Rule, line: int = 3, end: int | None = None) -> Finding:
    seen = f"{rule.engine}:{rule.name if rule.engine == 'semgrep' else rule.id.rpartition(':')[2]}"
    return Finding(
        rule.id, "a.py", Span(line, 0, end or line, 9), "m", rule.category, rule.severity, rule.confidence, rule.engine,
        rule.cwe, (seen,),
    )  # fmt: skip


def outcome(rule: Rule, text: str, *, line: int = 3, alone: bool = False, end: int | None = None):
    kept, silenced, about = apply([finding(rule, end=end)], {"a.py": [Comment(line, 10, text, alone)]}, RULES)
    assert len(kept) + len(silenced) == 1
    return bool(silenced), [f.rule_id for f in about]


# comment, rule, is the finding silenced?, what is said about the comment, why
TABLE = [
    ("# codeguard: ignore[CGS001] fixed input", YAML, True, [], "rule and reason"),
    ("# codeguard:ignore[ CGS001 , CGS002 ] fixed input", YAML, True, [], "several rules, odd spaces"),
    ("# codeguard: ignore[unsafe-yaml-load] fixed input", YAML, True, [], "a rule by its name"),
    ("# codeguard: ignore[bandit:B506] fixed input", YAML, True, [], "a rule by an alias"),
    ("# codeguard: ignore[cgs001] fixed input", YAML, True, [], "case does not matter"),
    ("# codeguard: ignore[CGS002] fixed input", YAML, False, ["CGT091"], "another rule"),
    ("# codeguard: ignore[CGS00] fixed input", YAML, False, ["CGT091"], "a prefix is not a rule"),
    ("# codeguard: ignore[CGS001]", YAML, False, ["CGT090"], "no reason"),
    ("# codeguard: ignore fixed input", YAML, False, ["CGT090"], "no rule"),
    ("# codeguard: ignore[] fixed input", YAML, False, ["CGT090"], "no rule in the brackets"),
    ("# codeguard: off", YAML, False, ["CGT090"], "an unknown form"),
    ("# codeguard: ignore[CGM001] trusted", EVIL, False, ["CGT091"], "malicious findings cannot be silenced"),
    ("# nosec", EVIL, False, [], "malicious findings cannot be silenced, by no syntax"),
    ("# nosec", YAML, True, [], "bare nosec speaks of what Bandit would report here"),
    ("# nosec B506", YAML, True, [], "nosec names the defect"),
    ("# nosec: B506 - the file is ours", YAML, True, [], "nosec with a reason"),
    ("# nosec B101", YAML, False, [], "nosec names another defect"),
    ("# nosec", PACK, False, [], "Bandit does not report this at all"),
    ("# noqa: S506", YAML, True, [], "noqa names the defect"),
    ("# noqa: E501", YAML, False, [], "noqa names another"),
    ("# noqa: E501, S506", YAML, True, [], "one of several"),
    ("# noqa", YAML, False, [], "bare noqa is about style, not security"),
    ("# noqa", NAME, True, [], "bare noqa silences Ruff's own"),
    ("# noqa: F821", NAME, True, [], "noqa names the rule"),
    ("# nosemgrep", PACK, True, [], "bare nosemgrep speaks of the pack"),
    ("# nosemgrep: yaml-thing", PACK, True, [], "nosemgrep names the rule"),
    ("# nosemgrep: rules.yaml-thing", PACK, True, [], "nosemgrep names the rule with its path"),
    ("# nosemgrep: other", PACK, False, [], "nosemgrep names another rule"),
    ("# nosemgrep", YAML, False, [], "no Semgrep rule reports this"),
    ("# type: ignore", YAML, False, [], "not a suppression of ours"),
]


@pytest.mark.parametrize(("text", "rule", "silenced", "about", "why"), TABLE, ids=[t[4] for t in TABLE])
def test_a_comment_silences_only_the_defect_that_it_names(text, rule, silenced, about, why):
    assert outcome(rule, text) == (silenced, about)


def test_a_comment_speaks_of_its_own_line_the_next_if_alone_or_any_line_of_the_statement():
    text = "# codeguard: ignore[CGS001] fixed input"
    assert outcome(YAML, text, line=2, alone=True)[0]
    assert not outcome(YAML, text, line=2)[0]
    assert outcome(YAML, text, line=5, end=6)[0]
    assert not outcome(YAML, text, line=4)[0]


def test_a_file_comment_speaks_of_the_whole_file_and_still_names_rule_and_reason():
    assert outcome(YAML, "# codeguard: ignore-file[CGS001] generated fixtures", line=1)[0]
    assert outcome(YAML, "# codeguard: ignore-file", line=1) == (False, ["CGT090"])


def test_a_suppression_records_rule_reason_and_place():
    comment = Comment(3, 10, "# codeguard: ignore[CGS001] the file is ours", False)
    _, (silenced,), _ = apply([finding(YAML)], {"a.py": [comment]}, RULES)
    assert (silenced.syntax, silenced.rule, silenced.reason, silenced.comment_line) == (
        "codeguard",
        "CGS001",
        "the file is ours",
        3,
    )


def test_a_comment_in_one_file_does_not_speak_of_another():
    kept, silenced, _ = apply([finding(YAML)], {"b.py": [Comment(3, 0, "# nosec", False)]}, RULES)
    assert (len(kept), len(silenced)) == (1, 0)
