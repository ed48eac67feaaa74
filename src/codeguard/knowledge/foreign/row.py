"""The shape of a row: what codeguard says of one rule of another engine, and how the tables spell it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from codeguard.model import Category, Confidence, Profile, Rule, Severity

TITLES = {"bandit": "Bandit", "ruff": "Ruff"}

_SEVERITIES = {"I": Severity.INFO, "L": Severity.LOW, "M": Severity.MEDIUM, "H": Severity.HIGH, "C": Severity.CRITICAL}
_CONFIDENCES = {"L": Confidence.LOW, "M": Confidence.MEDIUM, "H": Confidence.HIGH}
_PROFILES = {"D": Profile.DEFAULT, "S": Profile.STRICT, "A": Profile.AUDIT}


@dataclass(frozen=True, slots=True)
class Row:
    """One rule of another engine in codeguard's terms; `cwe` holds the most specific CWE first.

    A code with a hyphen (`B605-literal`) is the part of the rule before the hyphen that deserves another judgement:
    the engine's `VARIANTS` say which findings belong to it.
    """

    code: str
    name: str
    category: Category
    severity: Severity
    confidence: Confidence
    profile: Profile
    cwe: tuple[int, ...]
    summary: str


def table(category: Category, text: str) -> tuple[Row, ...]:
    """The rows that the lines of `text` spell; blank lines and those that start with `#` are for the reader.

    A line holds code, name, severity/confidence (I, L, M, H, C by their first letters), profile (D, S, A), CWEs joined
    by commas or `-`, and the summary.  Raises ValueError or KeyError for a line that does not.
    """
    rows = []
    for line in text.splitlines():
        if line and not line.startswith("#"):
            code, name, weight, profile, cwe, summary = line.split(None, 5)
            severity, confidence = _SEVERITIES[weight[0]], _CONFIDENCES[weight[2:]]
            numbers = tuple(map(int, cwe.split(","))) if cwe != "-" else ()
            rows.append(Row(code, name, category, severity, confidence, _PROFILES[profile], numbers, summary))
    return tuple(rows)


def base(code: str) -> str:
    """The other engine's own code: what stands before the hyphen of a variant."""
    return code.partition("-")[0]


def rules_of(engine: str, rows: Iterable[Row], same: Iterable[Collection[str]]) -> dict[str, Rule]:
    """The rules of the rows by codeguard's id (`bandit:B102`).

    `same` holds groups of ids that report one defect: each becomes an alias of the others.  Raises ValueError where two
    rows have one code.
    """
    aliases: dict[str, tuple[str, ...]] = {}
    for group in same:
        for member in group:
            aliases[member] = (*aliases.get(member, ()), *(other for other in group if other != member))
    rules: dict[str, Rule] = {}
    for row in rows:
        rule_id = f"{engine}:{row.code}"
        if rule_id in rules:
            raise ValueError(f"two rows for {rule_id}")
        rules[rule_id] = Rule(
            id=rule_id,
            name=row.name,
            summary=row.summary,
            category=row.category,
            severity=row.severity,
            confidence=row.confidence,
            engine=engine,
            cwe=row.cwe,
            aliases=tuple(dict.fromkeys(aliases.get(rule_id, ()))),
            profile=row.profile,
            help=f"{row.summary}.\n\nSeen by {TITLES[engine]}, whose rule `{base(row.code)}` it is.",
        )
    return rules


def unmapped(engine: str, code: str) -> Rule:
    """The rule for a code that no row knows, as a newer version of the engine may report.

    Nothing that an engine reports is lost: what we have not judged is shown to those who audit.
    """
    security = engine == "bandit" or code.startswith("S") and code[1:].isdecimal()
    return Rule(
        id=f"{engine}:{code}",
        name=f"{engine}-{code.lower()}",
        summary=f"A rule of {TITLES[engine]} that codeguard has not judged",
        category=Category.SECURITY if security else Category.STANDARDS,
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        engine=engine,
        profile=Profile.AUDIT,
        help=f"`{code}` is a rule of {TITLES[engine]} that codeguard has no row for: see that tool's documentation.",
    )


def known(rules: Mapping[str, Rule], engine: str, code: str) -> Rule:
    """The rule for a code: its row's, or a generic one (see `unmapped`)."""
    return rules.get(f"{engine}:{code}") or unmapped(engine, code)
