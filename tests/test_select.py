"""Which rules run and which findings are reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.config.load import load
from codeguard.config.model import PathRule, SelectionConfig
from codeguard.config.select import Catalogue, Kind, Selection, checked
from codeguard.errors import ConfigError
from codeguard.model import Category, Confidence, Finding, Profile, Rule, Severity, Span

if TYPE_CHECKING:
    from pathlib import Path


def rule(
    rule_id: str,
    name: str,
    category: Category = Category.SECURITY,
    engine: str = "native",
    cwe: tuple[int, ...] = (),
    aliases: tuple[str, ...] = (),
    profile: Profile = Profile.DEFAULT,
    off: str | None = None,
) -> Rule:
    return Rule(
        rule_id,
        name,
        f"{name}.",
        category,
        Severity.MEDIUM,
        Confidence.MEDIUM,
        engine,
        cwe,
        aliases,
        profile,
        off_because=off,
    )


YAML = rule("CGS012", "unsafe-yaml-load", cwe=(502, 20), aliases=("bandit:B506", "ruff:S506"))
XSS = rule("CGS099", "unescaped-html", cwe=(79,))
SHELL = rule("CGM001", "reverse-shell", Category.MALICIOUS, cwe=(506,))
STRICT = rule("CGC005", "swallowed-error", Category.CORRECTNESS, profile=Profile.STRICT)
AUDIT = rule("CGT007", "long-function", Category.STANDARDS, profile=Profile.AUDIT)
B101 = rule("bandit:B101", "assert-used", engine="bandit", cwe=(703,), off="asserts are not security")
B602 = rule("bandit:B602", "subprocess-shell", engine="bandit", cwe=(78,))
B603 = rule("bandit:B603", "subprocess-call", engine="bandit", cwe=(78,))
B506 = rule("bandit:B506", "yaml-load", engine="bandit", cwe=(502,))
PARTS = (YAML, XSS, SHELL, STRICT, AUDIT, B101, B602, B603, B506)
RULES = {each.id: each for each in PARTS}

SHOWN = {"CGS012", "CGS099", "CGM001", "bandit:B602", "bandit:B603", "bandit:B506"}


def on(settings: SelectionConfig) -> set[str]:
    return set(Selection(settings, RULES).wanted())


def finding(
    of: Rule, path: str = "a.py", severity: Severity = Severity.MEDIUM, confidence: Confidence = Confidence.MEDIUM
) -> Finding:
    return Finding(of.id, path, Span(1, 0, 1, 1), "m", of.category, severity, confidence, of.engine)


SELECTIONS = [
    # select, ignore, profile, what is on
    ((), (), Profile.DEFAULT, SHOWN),
    ((), (), Profile.STRICT, SHOWN | {"CGC005"}),
    ((), (), Profile.AUDIT, SHOWN | {"CGC005", "CGT007"}),
    # each kind of selector, in any case
    (("CGS012",), (), Profile.DEFAULT, {"CGS012"}),
    (("cgs012",), (), Profile.DEFAULT, {"CGS012"}),
    (("unsafe-yaml-load",), (), Profile.DEFAULT, {"CGS012"}),
    (("B506",), (), Profile.DEFAULT, {"CGS012", "bandit:B506"}),
    (("bandit:B506",), (), Profile.DEFAULT, {"CGS012", "bandit:B506"}),
    (("S506",), (), Profile.DEFAULT, {"CGS012"}),
    (("CGS",), (), Profile.DEFAULT, {"CGS012", "CGS099"}),
    (("CGS0",), (), Profile.DEFAULT, {"CGS012", "CGS099"}),
    (("CGS01",), (), Profile.DEFAULT, {"CGS012"}),
    (("bandit:B6",), (), Profile.DEFAULT, {"bandit:B602", "bandit:B603"}),
    (("bandit:",), (), Profile.DEFAULT, {"bandit:B602", "bandit:B603", "bandit:B506"}),
    (("native:",), (), Profile.DEFAULT, {"CGS012", "CGS099", "CGM001"}),
    (("malicious",), (), Profile.DEFAULT, {"CGM001"}),
    (("cwe-79",), (), Profile.DEFAULT, {"CGS099"}),
    (("CWE-079",), (), Profile.DEFAULT, {"CGS099"}),
    (("cwe20",), (), Profile.DEFAULT, {"CGS012"}),
    (("all",), (), Profile.DEFAULT, SHOWN),
    (("CGM", "CGS099"), (), Profile.DEFAULT, {"CGM001", "CGS099"}),
    # only a rule by its own name is turned on against its profile
    (("correctness",), (), Profile.DEFAULT, set()),
    (("CGC",), (), Profile.DEFAULT, set()),
    (("CGC005",), (), Profile.DEFAULT, {"CGC005"}),
    (("all", "long-function", "B101"), (), Profile.DEFAULT, SHOWN | {"CGT007", "bandit:B101"}),
    (("bandit:B1",), (), Profile.AUDIT, set()),
    # the more specific one decides, ignore where they are equal
    ((), ("CGS",), Profile.DEFAULT, SHOWN - {"CGS012", "CGS099"}),
    (("CGS012",), ("CGS",), Profile.DEFAULT, {"CGS012"}),
    (("CGS",), ("CGS012",), Profile.DEFAULT, {"CGS099"}),
    (("CGS",), ("CGS",), Profile.DEFAULT, set()),
    (("CGS012",), ("unsafe-yaml-load",), Profile.DEFAULT, set()),
    (("CGS01",), ("CGS",), Profile.DEFAULT, {"CGS012"}),
    (("CGS",), ("security",), Profile.DEFAULT, {"CGS012", "CGS099"}),
    (("security",), ("bandit:",), Profile.DEFAULT, {"CGS012", "CGS099"}),
    (("CGS",), ("cwe-79",), Profile.DEFAULT, {"CGS012"}),
    (("all", "malicious"), ("all",), Profile.DEFAULT, {"CGM001"}),
    # an engine's name is not an alias: bandit's rule goes, ours stays
    ((), ("bandit:",), Profile.DEFAULT, {"CGS012", "CGS099", "CGM001"}),
]


@pytest.mark.parametrize(("select", "ignore", "profile", "expected"), SELECTIONS)
def test_selectors_name_rules(
    select: tuple[str, ...], ignore: tuple[str, ...], profile: Profile, expected: set[str]
) -> None:
    assert on(SelectionConfig(select=select, ignore=ignore, profile=profile)) == expected


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("CGS013", "unknown rule or selector 'CGS013'; did you mean 'CGS012'?"),
        ("unsafe-yml-load", "did you mean 'unsafe-yaml-load'?"),
        ("securty", "did you mean 'security'?"),
        ("B6", "did you mean 'bandit:B6'?"),
        ("ruff:", "unknown rule or selector 'ruff:'"),
        ("bandit", "did you mean 'bandit:'?"),
        ("C", "unknown rule or selector 'C'"),
        ("", "unknown rule or selector ''"),
        ("*", "unknown rule or selector '*'"),
        ("cwe-1", "no rule covers CWE-1"),
    ],
)
def test_an_unknown_selector_is_an_error_with_the_near_name(text: str, answer: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Selection(SelectionConfig(ignore=(text,)), RULES)
    assert answer in str(caught.value)


def test_floors_drop_what_lies_below_them() -> None:
    selection = Selection(SelectionConfig(severity=Severity.MEDIUM, confidence=Confidence.HIGH), RULES)
    accepted = {
        (severity, confidence)
        for severity in Severity
        for confidence in Confidence
        if selection.accepts(finding(YAML, severity=severity, confidence=confidence))
    }
    assert accepted == {(s, Confidence.HIGH) for s in (Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)}


def test_a_finding_of_a_rule_that_no_catalogue_has_is_not_lost() -> None:
    stranger = rule("semgrep:new", "new", engine="semgrep")
    assert Selection(SelectionConfig(), RULES).accepts(finding(stranger))


PER_PATH = (
    PathRule("tests/**", ignore=("security",)),
    PathRule("vendor/", select=("malicious", "CGC005"), severity=Severity.HIGH),
    PathRule("tests/keep_*.py", select=("CGS012",), confidence=Confidence.LOW),
    PathRule("legacy.py", severity=Severity.CRITICAL),
)

PLACES = [
    # rule, path, severity, reported
    (YAML, "src/a.py", Severity.LOW, True),
    (YAML, "tests/a.py", Severity.CRITICAL, False),
    (SHELL, "tests/a.py", Severity.LOW, True),
    (STRICT, "tests/a.py", Severity.HIGH, False),
    (YAML, "vendor/x/a.py", Severity.CRITICAL, False),
    (SHELL, "vendor/x/a.py", Severity.HIGH, True),
    (SHELL, "vendor/x/a.py", Severity.MEDIUM, False),
    (STRICT, "vendor/x/a.py", Severity.HIGH, True),
    (YAML, "tests/keep_this.py", Severity.LOW, True),
    (SHELL, "tests/keep_this.py", Severity.HIGH, False),
    (YAML, "deep/down/legacy.py", Severity.HIGH, False),
    (YAML, "deep/down/legacy.py", Severity.CRITICAL, True),
]


@pytest.mark.parametrize(("of", "path", "severity", "reported"), PLACES)
def test_per_path_rules_apply_in_order_to_the_files_that_they_match(
    of: Rule, path: str, severity: Severity, *, reported: bool
) -> None:
    selection = Selection(SelectionConfig(per_path=PER_PATH), RULES)
    assert selection.accepts(finding(of, path, severity)) is reported
    assert selection.accepts(finding(of, "elsewhere.py", severity), path) is reported


def test_what_some_path_wants_is_looked_for() -> None:
    assert on(SelectionConfig(per_path=PER_PATH)) == SHOWN | {"CGC005"}


@pytest.mark.parametrize(
    ("root", "path", "reported"),
    [
        ("/p", "tests/a.py", False),
        ("/p/tests", "a.py", False),
        ("/p/src", "tests/a.py", True),
        ("/", "p/tests/a.py", False),
        ("/", "q/tests/a.py", True),
        ("/q", "tests/a.py", True),
        ("", "tests/a.py", False),
    ],
)
def test_globs_are_relative_to_the_file_that_holds_them(root: str, path: str, *, reported: bool) -> None:
    settings = SelectionConfig(per_path=(PathRule("/tests/**", ignore=("CGS012",)),), base="/p")
    assert Selection(settings, RULES, root).accepts(finding(YAML, path)) is reported


WORDS = st.lists(
    st.sampled_from(["all", "security", "CGS", "CGS012", "B506", "cwe-502", "bandit:", "CGM001", "CGC005"]), max_size=4
)


@given(WORDS, WORDS, st.sampled_from(Profile))
def test_ignoring_more_never_reports_more(select: list[str], ignore: list[str], profile: Profile) -> None:
    before = on(SelectionConfig(select=tuple(select), ignore=tuple(ignore[1:]), profile=profile))
    after = on(SelectionConfig(select=tuple(select), ignore=tuple(ignore), profile=profile))
    assert after <= before


@given(WORDS, WORDS)
def test_the_order_of_selectors_does_not_count(select: list[str], ignore: list[str]) -> None:
    settings = SelectionConfig(select=tuple(select), ignore=tuple(ignore))
    assert on(settings) == on(SelectionConfig(select=tuple(reversed(select)), ignore=tuple(reversed(ignore))))


@given(WORDS, WORDS, st.sampled_from(PARTS))
def test_what_is_accepted_somewhere_is_looked_for(select: list[str], ignore: list[str], of: Rule) -> None:
    settings = SelectionConfig(select=tuple(select), per_path=(PathRule("a.py", select=tuple(ignore)),))
    selection = Selection(settings, RULES)
    accepted = selection.accepts(finding(of, "a.py")) or selection.accepts(finding(of, "b.py"))
    assert selection.enabled(of) or not accepted


def test_kinds_rank_from_broad_to_specific() -> None:
    catalogue = Catalogue(RULES)
    texts = ["all", "security", "bandit:", "CGS", "CGS0", "cwe-502", "CGS012"]
    ranks = [catalogue.parse(text).rank for text in texts]
    assert ranks == sorted(ranks)
    assert [catalogue.parse(text).kind for text in texts] == [
        Kind.ALL, Kind.CATEGORY, Kind.ENGINE, Kind.PREFIX, Kind.PREFIX, Kind.CWE, Kind.RULE,
    ]  # fmt: skip


def test_rules_are_found_by_id_name_and_alias_our_own_first() -> None:
    catalogue = Catalogue(RULES)
    assert catalogue.named("b506") == (YAML, B506)
    assert catalogue.named("unsafe-yaml-load") == (YAML,)
    assert catalogue.named("nothing") == ()


def test_an_unknown_rule_in_a_file_is_answered_with_its_place(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "codeguard.toml").write_text('jobs = 1\nignore = ["CGS013"]\n')
    with pytest.raises(ConfigError, match=r"codeguard\.toml:2: ignore: unknown rule .*; did you mean 'CGS012'\?"):
        checked(load(tmp_path), lambda: RULES)
    with pytest.raises(ConfigError, match=r"^--select: unknown rule"):
        checked(load(tmp_path, {"select": ["CGS013"], "ignore": []}), lambda: RULES)


def test_an_unknown_rule_in_a_per_path_table_is_answered_with_its_place(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "codeguard.toml").write_text('[per-path."tests/**"]\nignore = ["CGS013"]\n')
    with pytest.raises(ConfigError, match=r"codeguard\.toml:1: per-path: unknown rule"):
        checked(load(tmp_path), lambda: RULES)


def test_an_unknown_rule_that_an_untrusted_tree_selects_does_not_stop_the_scan(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "codeguard.toml").write_text('select = ["CGS013"]\n')
    loaded = checked(load(tmp_path, {"trusted": False}), lambda: RULES)
    assert loaded.config.selection.select == ()
    assert [note for note in loaded.notes if "select is not heeded" in note]


def test_known_rules_leave_the_settings_as_they_are(tmp_path: Path) -> None:
    loaded = load(tmp_path, {"select": ["CGS", "B602"], "ignore": ["cwe-79"]}, isolated=True)
    assert checked(loaded, lambda: RULES) is loaded
