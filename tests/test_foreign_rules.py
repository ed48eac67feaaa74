"""The tables of foreign rules: complete against the installed engines, and consistent in themselves."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from functools import cache
from typing import Any

import pytest

from codeguard.engines.installed import program
from codeguard.engines.ty_context import VARIANTS as TY_VARIANTS
from codeguard.knowledge.foreign import bandit, ruff, ruff_security, ty
from codeguard.knowledge.foreign.rows import base, by_id, known, read
from codeguard.model import Category, Confidence, Profile, Rule, Severity

RULES = {**bandit.rules(), **ruff.rules(), **ty.rules()}
LEFT_OUT = {code: reason for reason, codes in ruff.LEFT_OUT.items() for code in codes.split()}
LEFT_OUT_OF_TY = [code for codes in ty.LEFT_OUT.values() for code in codes.split()]


VARIANTS = tuple(rule_id for rule_id in RULES if "-" in rule_id and not rule_id.startswith("ty:"))


def code_of(rule_id: str) -> str:
    return base(rule_id.partition(":")[2])


@cache
def codes_of_ruff() -> dict[str, Any]:
    """Every code that the installed Ruff knows and has not removed."""
    command = [program("ruff"), "rule", "--all", "--output-format", "json"]
    rules = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return {rule["code"]: rule for rule in rules if rule["code"] and "Removed" not in str(rule.get("status", ""))}


@cache
def ids_of_bandit() -> frozenset[str]:
    """Every id that the installed Bandit's plugins and blacklists report."""
    code = (
        "from bandit.core.extension_loader import MANAGER as m\n"
        "print(*m.plugins_by_id, *m.blacklist_by_id)"  # in a child: Bandit warns, logs and patches `warnings`
    )
    return frozenset(
        subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, check=True).stdout.decode().split()
    )


@cache
def codes_of_ty() -> frozenset[str]:
    """Every rule that the installed ty has."""
    command = [program("ty"), "explain", "rule", "--output-format", "json"]
    rules = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    return frozenset(rule["name"] for rule in rules)


def family(code: str) -> str:
    return re.split(r"\d", code, maxsplit=1)[0]


# -- complete


def test_every_rule_of_the_installed_bandit_has_a_row_and_no_other() -> None:
    assert len(ids_of_bandit()) > 60
    assert {code_of(rule_id) for rule_id in bandit.rules()} == ids_of_bandit()


def test_every_rule_of_a_family_that_we_run_has_a_row_or_a_reason() -> None:
    families = {family(code_of(rule_id)) for rule_id in ruff.rules()}
    known_codes = {code for code in codes_of_ruff() if family(code) in families}
    judged = {code_of(rule_id) for rule_id in ruff.rules()} | set(LEFT_OUT)
    assert known_codes - judged == set()


def test_every_row_is_a_rule_of_the_installed_ruff() -> None:
    assert {code_of(rule_id) for rule_id in ruff.rules()} - set(codes_of_ruff()) == set()


def test_every_rule_of_the_installed_ty_has_a_row_or_a_reason_and_no_other() -> None:
    assert len(codes_of_ty()) > 100
    run = {code_of(rule_id) for rule_id in ty.rules()} - {"invalid-syntax"}  # which it reports, but not as a rule
    assert sorted([*run, *LEFT_OUT_OF_TY]) == sorted(codes_of_ty())


def test_no_rule_is_both_run_and_left_out() -> None:
    assert {code_of(rule_id) for rule_id in ruff.rules()} & set(LEFT_OUT) == set()
    assert len(LEFT_OUT) == sum(len(codes.split()) for codes in ruff.LEFT_OUT.values())


# -- consistent


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_row_reads_well(rule: Rule) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", rule.name)
    assert len(rule.name) <= 32
    assert 10 <= len(rule.summary) <= 80
    assert not rule.summary.endswith(".")
    assert all(0 < cwe < 1500 for cwe in rule.cwe)
    assert len(set(rule.cwe)) == len(rule.cwe)
    assert rule.summary in rule.help


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_a_row_keeps_to_what_its_category_promises(rule: Rule) -> None:
    if rule.category in {Category.SECURITY, Category.MALICIOUS}:
        assert rule.cwe
    if rule.category is Category.STANDARDS:
        assert rule.severity <= Severity.LOW  # never enough to fail a scan by itself
    if rule.profile is Profile.DEFAULT:
        assert rule.confidence >= Confidence.MEDIUM
    if rule.category is Category.SECURITY and rule.confidence is Confidence.HIGH:
        assert rule.profile is Profile.DEFAULT


def test_the_same_defect_is_the_same_both_ways() -> None:
    for rule in RULES.values():
        for alias in rule.aliases:
            assert rule.id in RULES[alias].aliases, (rule.id, alias)
            assert alias != rule.id


def test_ruffs_versions_of_bandits_rules_share_their_judgement() -> None:
    assert len(tuple(ruff_security.shared())) > 60
    for theirs in ruff_security.shared():
        ours = RULES[theirs.id.replace("ruff:S", "bandit:B")]
        assert ours.id in theirs.aliases
        assert (ours.name, ours.category, ours.severity, ours.cwe) == (
            theirs.name,
            theirs.category,
            theirs.severity,
            theirs.cwe,
        )
        assert ours.profile <= theirs.profile


@pytest.mark.parametrize("rule_id", [*VARIANTS])
def test_a_variant_stands_beside_its_rule_and_is_no_louder(rule_id: str) -> None:
    whole = RULES[rule_id.partition("-")[0]]
    variant = RULES[rule_id]
    assert (variant.profile, variant.severity) != (whole.profile, whole.severity)
    assert variant.profile >= whole.profile
    assert variant.severity <= whole.severity
    assert variant.name != whole.name


def test_every_variant_is_a_row() -> None:
    variants = {f"bandit:{code}" for code in bandit.VARIANTS.values()}
    variants |= {f"ruff:{code}" for _, code in ruff.VARIANTS.values()}
    variants |= {"ruff:F821-fragment", "ruff:SIM115-closed"}
    assert variants == set(VARIANTS)
    for (code, _, _), variant in bandit.VARIANTS.items():
        assert base(variant) == code
    for code, (pattern, variant) in ruff.VARIANTS.items():
        assert base(variant) == code
        re.compile(pattern)


def test_every_variant_of_tys_is_a_row_beside_its_rule() -> None:
    assert {f"ty:{code}" for code in TY_VARIANTS} == {rule_id for rule_id in ty.rules() if "." in rule_id}
    for code in TY_VARIANTS - {"invalid-syntax.newer"}:
        whole, variant = RULES[f"ty:{base(code)}"], RULES[f"ty:{code}"]
        assert whole.name != variant.name
        weights = [(rule.profile, rule.severity, rule.confidence) for rule in (whole, variant)]
        assert weights[0] != weights[1]


# -- reading


def test_a_row_is_read_as_it_is_spelt() -> None:
    (rule,) = read("ruff", [(Category.SECURITY, "# a comment\n\nX1-y  a-name  C/H S 79,80  What it is, in words\n")])
    assert (rule.id, rule.name, rule.summary) == ("ruff:X1-y", "a-name", "What it is, in words")
    assert (rule.severity, rule.confidence, rule.profile) == (Severity.CRITICAL, Confidence.HIGH, Profile.STRICT)
    assert (rule.category, rule.cwe, rule.engine) == (Category.SECURITY, (79, 80), "ruff")
    assert "`X1`" in rule.help


@pytest.mark.parametrize(
    "line", ["X1 name H/H D", "X1 name Q/H D - text", "X1 name H/H Z - text", "X1 name H/H D CWE-79 text"]
)
def test_a_line_that_is_no_row_is_an_error(line: str) -> None:
    with pytest.raises((ValueError, KeyError)):
        tuple(read("ruff", [(Category.SECURITY, line)]))


def test_two_rows_for_one_rule_are_an_error() -> None:
    rows = read("ruff", [(Category.SECURITY, "X1 a H/H D - text\nX1 b H/H D - text")])
    with pytest.raises(ValueError, match="two rows for ruff:X1"):
        by_id(rows)


UNKNOWN = [
    ("bandit", "B999", Category.SECURITY),
    ("ruff", "S999", Category.SECURITY),
    ("ruff", "SIM999", Category.STANDARDS),
    ("ruff", "a-rule-by-name", Category.STANDARDS),
]


@pytest.mark.parametrize(("engine", "code", "category"), UNKNOWN)
def test_a_rule_without_a_row_is_a_quiet_one_for_those_who_audit(engine: str, code: str, category: Category) -> None:
    rule = known(RULES, engine, code)
    assert (rule.id, rule.engine, rule.category) == (f"{engine}:{code}", engine, category)
    assert (rule.profile, rule.severity, rule.confidence) == (Profile.AUDIT, Severity.LOW, Confidence.LOW)
    assert known(RULES, "bandit", "B102") is RULES["bandit:B102"]
