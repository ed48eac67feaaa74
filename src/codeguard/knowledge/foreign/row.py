"""The shape of a row: what codeguard says of one rule of another engine."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codeguard.model import Category, Confidence, Profile, Rule, Severity

TITLES = {"bandit": "Bandit", "ruff": "Ruff"}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of another engine in codeguard's terms.

    `weight` is severity and confidence, as `high/medium`.  `cwe` holds the most specific CWE first.  `same` names the
    rules of any engine (ours left out: our own checks name theirs) that report the same defect, as `bandit:B506`.
    `off` says why nobody gets the rule who does not name it; the profile then only says how loud it would be.

    A code with a hyphen (`B605-literal`) is a part of the rule before the hyphen that deserves another judgement: the
    engine's table of variants says which findings belong to it.
    """

    code: str
    name: str
    category: Category
    weight: str
    profile: Profile
    cwe: tuple[int, ...]
    summary: str
    same: tuple[str, ...] = ()
    off: str | None = None

    def rule(self, engine: str) -> Rule:
        """The row as the rule that reports show."""
        severity, _, confidence = self.weight.partition("/")
        return Rule(
            id=f"{engine}:{self.code}",
            name=self.name,
            summary=self.summary,
            category=self.category,
            severity=_SEVERITIES[severity],
            confidence=_CONFIDENCES[confidence],
            engine=engine,
            cwe=self.cwe,
            aliases=self.same,
            profile=self.profile,
            help=f"{self.summary}.\n\nSeen by {TITLES[engine]}, whose rule it is (`{base(self.code)}`).",
            off_because=self.off,
        )


_SEVERITIES: Mapping[str, Severity] = {s.label: s for s in Severity}
_CONFIDENCES: Mapping[str, Confidence] = {c.label: c for c in Confidence}


def base(code: str) -> str:
    """The other engine's own code: what stands before the hyphen of a variant."""
    return code.partition("-")[0]


def rules_of(engine: str, rows: Iterable[Row]) -> dict[str, Rule]:
    """The rules of the rows by codeguard's id (`bandit:B102`).  Raises ValueError where two rows have one code."""
    rules: dict[str, Rule] = {}
    for row in rows:
        rule = row.rule(engine)
        if rule.id in rules:
            raise ValueError(f"two rows for {rule.id}")
        rules[rule.id] = rule
    return rules


def unmapped(engine: str, code: str) -> Rule:
    """The rule for a code that no row knows, as a newer version of the engine may report.

    Nothing that an engine reports is lost: what we have not judged is shown to those who audit.
    """
    return Rule(
        id=f"{engine}:{code}",
        name=f"{engine}-{code.lower()}",
        summary=f"A rule of {TITLES[engine]} that codeguard has not judged",
        category=Category.SECURITY if engine == "bandit" or code.startswith("S") else Category.STANDARDS,
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        engine=engine,
        profile=Profile.AUDIT,
        help=f"`{code}` is a rule of {TITLES[engine]} that codeguard has no row for: see its own documentation.",
    )
