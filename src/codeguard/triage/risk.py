"""The verdict on a file: what it would do to whoever runs it, from its malicious findings, and how grave that is.

Each behaviour is weighed by the severity and confidence of its worst finding, as the chance that it is harm; they
count as independent signs, so that two of them weigh more than one and no number of small ones makes a certainty.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from codeguard.model import Category, Confidence, Finding, Reason, Risk, Rule, Severity

_CHANCE = {Severity.CRITICAL: 0.9, Severity.HIGH: 0.7, Severity.MEDIUM: 0.35, Severity.LOW: 0.1}
_SURE = {Confidence.HIGH: 1.0, Confidence.MEDIUM: 0.7, Confidence.LOW: 0.4}
DANGEROUS, SUSPICIOUS = 70, 30
_TOLD = 4  # behaviours in a sentence


def assess(findings: Iterable[Finding], rules: Mapping[str, Rule], packages: Sequence[str] = ()) -> tuple[Risk, ...]:
    """The verdicts on all files with malicious findings, and on `packages` (archives that hold such), worst first."""
    by_path: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        if finding.category is not Category.MALICIOUS or finding.rule_id not in rules:
            continue
        by_path[finding.path].append(finding)
        for package in packages:
            if finding.path.startswith(f"{package}/"):
                by_path[package].append(finding)
    risks = [_risk(path, found, rules, package=path in packages) for path, found in by_path.items()]
    return tuple(sorted(risks, key=lambda risk: (-risk.score, risk.path)))


def _risk(path: str, findings: Sequence[Finding], rules: Mapping[str, Rule], *, package: bool) -> Risk:
    worst: dict[str, Finding] = {}
    for finding in sorted(findings, key=lambda f: (-_chance(f), f.path, f.span)):
        worst.setdefault(_behaviour(rules[finding.rule_id]), finding)
    reasons = []
    harmless, before = 1.0, 0
    for behaviour, finding in worst.items():
        harmless *= 1 - _chance(finding)
        score = max(round(100 * (1 - harmless)), 1)
        reasons.append(Reason(behaviour, finding.rule_id, finding.path, finding.span.start_line, score - before))
        before = score
    level = "dangerous" if before >= DANGEROUS else "suspicious" if before >= SUSPICIOUS else "noticeable"
    return Risk(path, before, level, _sentence(list(worst), "package" if package else "file"), tuple(reasons))


def _chance(finding: Finding) -> float:
    return _CHANCE.get(finding.severity, 0.0) * _SURE[finding.confidence]


def _behaviour(rule: Rule) -> str:
    return rule.behaviour or f"do this: {rule.summary[:1].lower()}{rule.summary[1:]}"


def _sentence(behaviours: Sequence[str], what: str) -> str:
    told = list(behaviours[:_TOLD])
    more = len(behaviours) - len(told)
    if more:
        told.append(f"{more} more thing{'s' * (more != 1)} of the kind")
    return f"This {what} would {' and '.join([', '.join(told[:-1]), told[-1]] if len(told) > 1 else told)}."
