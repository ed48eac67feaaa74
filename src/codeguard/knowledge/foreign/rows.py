"""How the tables of foreign rules are spelt: one line a rule, read into `model.Rule` when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from codeguard.knowledge.foreign.same import ALIASES
from codeguard.model import Category, Confidence, Profile, Rule, Severity

TITLES = {"bandit": "Bandit", "ruff": "Ruff", "ty": "ty"}

_SEVERITIES = {"I": Severity.INFO, "L": Severity.LOW, "M": Severity.MEDIUM, "H": Severity.HIGH, "C": Severity.CRITICAL}
_CONFIDENCES = {"L": Confidence.LOW, "M": Confidence.MEDIUM, "H": Confidence.HIGH}
_PROFILES = {"D": Profile.DEFAULT, "S": Profile.STRICT, "A": Profile.AUDIT}


def read(engine: str, tables: Iterable[tuple[Category, str]]) -> Iterator[Rule]:
    """The rules that the lines of the tables spell; blank lines and those that start with `#` are for the reader.

    A line holds code, name, severity/confidence (I, L, M, H, C by their first letters), profile (D, S, A), CWEs (the
    most specific first) joined by commas or `-`, and the summary.  A code with a hyphen (`B605-literal`) is the part of
    the rule before the hyphen that deserves another judgement: the engine's `VARIANTS` say which findings belong to it.
    Where codes are words with hyphens (ty's), a variant stands after a dot.

    Raises ValueError or KeyError for a line that is none of these.
    """
    for category, text in tables:
        for line in text.splitlines():
            if line and not line.startswith("#"):
                code, name, weight, profile, cwe, summary = line.split(None, 5)
                yield rule(
                    engine,
                    code,
                    name=name,
                    summary=summary,
                    category=category,
                    severity=_SEVERITIES[weight[0]],
                    confidence=_CONFIDENCES[weight[2:]],
                    profile=_PROFILES[profile],
                    cwe=() if cwe == "-" else tuple(map(int, cwe.split(","))),
                )


def rule(
    engine: str,
    code: str,
    *,
    name: str,
    summary: str,
    category: Category,
    severity: Severity,
    confidence: Confidence,
    profile: Profile,
    cwe: tuple[int, ...],
) -> Rule:
    """The rule for a foreign code, with the aliases that `same` gives it."""
    rule_id = f"{engine}:{code}"
    return Rule(
        id=rule_id,
        name=name,
        summary=summary,
        category=category,
        severity=severity,
        confidence=confidence,
        engine=engine,
        cwe=cwe,
        aliases=ALIASES.get(rule_id, ()),
        profile=profile,
        help=f"{summary}.\n\nSeen by {TITLES[engine]}, whose rule `{base(code)}` it is.",
    )


def by_id(rules: Iterable[Rule]) -> dict[str, Rule]:
    """The rules by id.  Raises ValueError where two have one."""
    found: dict[str, Rule] = {}
    for each in rules:
        if each.id in found:
            raise ValueError(f"two rows for {each.id}")
        found[each.id] = each
    return found


def base(code: str) -> str:
    """The other engine's own code: what stands before the hyphen of a variant, or before its dot where codes are words."""
    return code.partition("-")[0] if code[:1].isupper() else code.partition(".")[0]


def known(rules: Mapping[str, Rule], engine: str, code: str) -> Rule:
    """The rule for a code: its row's, or a generic one where a newer version of the engine reports what no row knows.

    Nothing that an engine reports is lost: what we have not judged is shown to those who audit.
    """
    found = rules.get(f"{engine}:{code}")
    if found is not None:
        return found
    security = engine == "bandit" or (code.startswith("S") and code[1:].isdecimal())
    return rule(
        engine,
        code,
        name=f"{engine}-{code.lower()}",
        summary=f"A rule of {TITLES[engine]} that codeguard has not judged",
        category=Category.SECURITY if security else Category.CORRECTNESS if engine == "ty" else Category.STANDARDS,
        severity=Severity.LOW,
        confidence=Confidence.LOW,
        profile=Profile.AUDIT,
        cwe=(),
    )
