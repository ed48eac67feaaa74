"""What a report adds up to, and the order in which it is told: the same in every format."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from codeguard.model import Category, FileStatus, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from codeguard.model import Dismissed, Failure, Finding, Report, Span, Suppressed

OWN_ENGINE = "native"  # what codeguard's own engine calls itself in reports


@dataclass(frozen=True, slots=True)
class RuleCount:
    """How often one rule was found, and in how many files."""

    rule_id: str
    name: str
    category: Category
    severity: Severity
    count: int
    files: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of a report; every category, severity and file status has a number, zeros included."""

    findings: int
    matrix: Mapping[Category, Mapping[Severity, int]]
    files: int
    files_with_findings: int
    totals: Mapping[FileStatus, int]
    suppressed: int
    suppressed_by: Mapping[str, int]
    dismissed: int
    failures: int

    def category(self, category: Category) -> int:
        """Findings of one category."""
        return sum(self.matrix[category].values())

    def severity(self, severity: Severity) -> int:
        """Findings of one severity."""
        return sum(row[severity] for row in self.matrix.values())


def summarise(report: Report) -> Summary:
    """The counts of a report."""
    cells = Counter((finding.category, finding.severity) for finding in report.findings)
    return Summary(
        findings=len(report.findings),
        matrix={category: {severity: cells[category, severity] for severity in Severity} for category in Category},
        files=len(report.files),
        files_with_findings=len({finding.path for finding in report.findings}),
        totals=report.totals(),
        suppressed=len(report.suppressed),
        suppressed_by=dict(sorted(Counter(item.syntax for item in report.suppressed).items())),
        dismissed=len(report.dismissed),
        failures=len(report.failures),
    )


def by_rule(report: Report) -> list[RuleCount]:
    """One row for each rule that was found, the most frequent first."""
    found: dict[str, list[Finding]] = {}
    for finding in report.findings:
        found.setdefault(finding.rule_id, []).append(finding)
    rows = [
        RuleCount(
            rule_id=rule_id,
            name=rule.name if (rule := report.rules.get(rule_id)) else "",
            category=findings[0].category,
            severity=max(finding.severity for finding in findings),
            count=len(findings),
            files=len({finding.path for finding in findings}),
        )
        for rule_id, findings in found.items()
    ]
    return sorted(rows, key=lambda row: (-row.count, row.rule_id))


Place = tuple[str, "Span", str, str, str]


def _place(finding: Finding) -> Place:
    return finding.path, finding.span, finding.rule_id, finding.message, finding.fingerprint


def by_place(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of their files and lines."""
    return sorted(findings, key=_place)


def by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """Findings with the worst and likeliest first, then by place."""
    return sorted(findings, key=lambda f: (-f.severity, -f.confidence, _place(f)))


def suppressed_by_place(report: Report) -> list[Suppressed]:
    """Suppressed findings in the order of their files and lines."""
    return sorted(report.suppressed, key=lambda s: (_place(s.finding), s.comment_line, s.syntax, s.rule, s.reason))


def dismissed_by_place(report: Report) -> list[Dismissed]:
    """Dismissed findings in the order of their files and lines."""
    return sorted(report.dismissed, key=lambda item: (_place(item.finding), item.evidence))


def failures_by_weight(report: Report) -> list[Failure]:
    """Failures, those that make the scan incomplete first."""
    return sorted(report.failures, key=lambda f: (not f.fatal, f.path or "", f.engine, f.kind.value, f.line, f.detail))
