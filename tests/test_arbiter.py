"""The arbiter dismisses only what the data flow has seen to be harmless."""

from __future__ import annotations

import pytest

from codeguard.config.model import Config
from codeguard.flow.verdicts import Verdict
from codeguard.model import Category, Confidence, Finding, Severity, Span
from codeguard.scan import scan_text
from codeguard.triage.arbiter import decide


def finding(cwe: int, engine: str = "bandit", line: int = 3) -> Finding:
    return Finding(
        rule_id="bandit:B602",
        path="a.py",
        span=Span(line, 4, line, 30),
        message="a shell",
        category=Category.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.HIGH,
        engine=engine,
        cwe=(cwe,),
    )


def verdict(*why: str, kind: str = "shell", line: int = 3) -> Verdict:
    return Verdict("a.py", Span(line, 4, line, 30), kind, frozenset(why))


@pytest.mark.parametrize(
    ("given", "verdicts", "stands"),
    [
        (finding(78), [], True),
        (finding(78), [verdict("constant")], False),
        (finding(78), [verdict("made safe")], False),
        (finding(78), [verdict("constant", "made safe")], False),
        (finding(78), [verdict("unknown")], True),
        (finding(78), [verdict("constant", "unknown")], True),
        (finding(78), [verdict("constant"), verdict("unknown")], True),
        (finding(78), [verdict("constant", line=9)], True),
        (finding(78), [verdict("constant", kind="sql")], True),
        (finding(78), [verdict("unreachable", kind="")], False),
        (finding(295), [verdict("constant")], True),
        (finding(78, engine="native"), [verdict("constant")], True),
    ],
)
def test_a_finding_is_dismissed_only_where_every_verdict_on_it_is_harmless(given, verdicts, stands):
    kept, dismissed = decide([given], verdicts)
    assert kept == ([given] if stands else [])
    assert [d.finding for d in dismissed] == ([] if stands else [given])
    assert all(d.evidence.endswith(".") and d.steps for d in dismissed)


def test_a_scan_dismisses_bandits_report_of_a_checked_command_and_keeps_the_other():
    text = (
        "import os\n\ndef f(a, b):\n    if a in ('x', 'y'):\n        os.system('ls ' + a)\n    os.system('ls ' + b)\n"
    )
    report = scan_text(text, Config(engines=frozenset({"native", "bandit"})), filename="app.py")
    assert {d.finding.span.start_line for d in report.dismissed} == {5}
    assert {f.span.start_line for f in report.findings if 78 in f.cwe} == {6}
    assert all(d.finding.rule_id in report.rules for d in report.dismissed)
