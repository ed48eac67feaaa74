"""The Semgrep packs of `rules/` and their cases in `tests/rules/<theme>/<rule-id>.py`.

A case is sample code that is scanned and never imported.  A line that must be reported ends with `# finding`; where
the match starts on a line that has no room for it, a line that holds only that comment marks the line after it.
Every other line must stay silent, so the negatives of a case are asserted by the same comparison.
"""

from __future__ import annotations

import functools
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parent.parent
RULES = ROOT / "rules"
CASES = Path(__file__).resolve().parent / "rules"

MARK = re.compile(r"#\s*finding\s*$")
PREFIXES = {"security": "CGS", "malicious": "CGM", "correctness": "CGC", "standards": "CGT"}
METADATA = {"id", "category", "severity", "confidence", "profile", "summary", "help", "fix", "cwe", "aliases"}
WORDS = {
    "category": set(PREFIXES),
    "severity": {"info", "low", "medium", "high", "critical"},
    "confidence": {"low", "medium", "high"},
    "profile": {"default", "strict", "audit"},
}


@functools.cache
def packs() -> dict[str, list[dict[str, Any]]]:
    """Theme -> the rules of its pack, as written."""
    return {path.stem: yaml.safe_load(path.read_text("utf-8"))["rules"] for path in sorted(RULES.glob("*.yaml"))}


def all_rules() -> list[tuple[str, dict[str, Any]]]:
    """Every rule with the theme that holds it."""
    return [(theme, rule) for theme, rules in packs().items() for rule in rules]


def case_of(theme: str, rule_id: str) -> Path:
    """Where the case of a rule lives."""
    return CASES / theme / f"{rule_id}.py"


def marked_lines(text: str) -> list[int]:
    """The 1-based lines that a case says must be reported."""
    lines = text.splitlines()
    return [
        number + 1 if line.lstrip().startswith("#") else number
        for number, line in enumerate(lines, start=1)
        if MARK.search(line)
    ]


def code_lines(text: str) -> list[str]:
    """The lines that hold code: neither blank nor only a comment."""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


each_rule = pytest.mark.parametrize(
    ("theme", "rule"), [pytest.param(theme, rule, id=rule["id"]) for theme, rule in all_rules()]
)


def test_a_mark_names_its_own_line_and_a_comment_line_the_next() -> None:
    assert marked_lines("a()  # finding\nb()\n# finding\nc(\n)\nd()  # no finding here\n") == [1, 4]


def test_the_packs_hold_at_least_eighty_rules() -> None:
    assert len(all_rules()) >= 80


@pytest.mark.parametrize("key", ["name", "id", "message"])
def test_no_two_rules_share(key: str) -> None:
    values = {
        "name": [rule["id"] for _, rule in all_rules()],
        "id": [rule["metadata"]["id"] for _, rule in all_rules()],
        "message": [rule["message"] for _, rule in all_rules()],
    }[key]
    assert [value for value, count in Counter(values).items() if count > 1] == []


def test_every_case_belongs_to_a_rule() -> None:
    expected = {case_of(theme, rule["id"]) for theme, rule in all_rules()}
    assert sorted(set(CASES.rglob("*.py")) - expected) == []


def test_no_case_is_named_so_that_pytest_would_import_it() -> None:
    assert [path for path in CASES.rglob("*.py") if path.name.startswith("test_") or path.stem.endswith("_test")] == []


@each_rule
def test_a_rule_has_the_fixed_form(theme: str, rule: dict[str, Any]) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", rule["id"]), "the name is kebab-case"
    assert rule["languages"] == ["python"]
    assert rule["severity"] in {"ERROR", "WARNING", "INFO"}
    message = rule["message"].strip()
    assert "\n" not in message, f"the message of {theme} is one line"
    assert message.endswith("."), "a message is a sentence"
    assert not re.search(r"[.!?] [A-Z]", message), "a message is one sentence"


@each_rule
def test_a_rule_has_complete_metadata(theme: str, rule: dict[str, Any]) -> None:
    metadata = rule["metadata"]
    assert set(metadata) == METADATA, theme
    for key, words in WORDS.items():
        assert metadata[key] in words
    assert re.fullmatch(PREFIXES[metadata["category"]] + r"\d{3}", metadata["id"])
    assert 10 <= len(metadata["summary"]) <= 80
    assert metadata["fix"].strip()
    assert metadata["cwe"] == list(dict.fromkeys(metadata["cwe"]))
    assert metadata["cwe"] or metadata["category"] != "security"
    assert all(isinstance(number, int) and 0 < number < 2000 for number in metadata["cwe"])
    assert all(re.fullmatch(r"bandit:B\d{3}|ruff:[A-Z]{1,4}\d{3,4}", alias) for alias in metadata["aliases"])


@each_rule
def test_the_help_of_a_rule_shows_a_bad_and_a_good_example(theme: str, rule: dict[str, Any]) -> None:
    sections = re.split(r"^(Bad|Good):\s*", rule["metadata"]["help"], flags=re.MULTILINE)
    assert sections[1::2] == ["Bad", "Good"], f"{theme}: one bad example, then a good one"
    assert len(sections[0].split()) >= 8, "the help says what happens and why that is bad"
    for section in sections[2::2]:
        fenced = re.search(r"```python\n(.*?)```", section, flags=re.DOTALL)
        inline = re.search(r"`([^`]+)`", section)
        assert fenced or inline, "an example is code"
        if fenced:
            compile(fenced[1], rule["id"], "exec", dont_inherit=True)


@each_rule
def test_a_rule_has_a_case_with_positives_and_negatives(theme: str, rule: dict[str, Any]) -> None:
    text = case_of(theme, rule["id"]).read_text("utf-8")
    compile(text, rule["id"], "exec", dont_inherit=True)
    marks = marked_lines(text)
    assert len(marks) >= 1
    assert len(code_lines(text)) - len(marks) >= 2
    assert max(marks) <= len(text.splitlines())


@pytest.fixture(scope="session")
def reported(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str], list[int]]:
    """(rule, its own case) -> the lines reported there, from one semgrep process over all packs and cases.

    The cases are copied out of `tests/`, a folder name that semgrep skips by default.
    """
    root = tmp_path_factory.mktemp("packs")
    shutil.copytree(CASES, root / "cases")
    shutil.copytree(RULES, root / "packs")
    semgrep = Path(sys.executable).with_name("semgrep")
    command = [
        *(str(semgrep), "scan", "--config", "packs", "--json", "--metrics=off", "--disable-version-check"),
        *("--disable-nosem", "--no-git-ignore", "--quiet", "cases"),
    ]
    environment = {
        "PATH": os.pathsep.join([str(semgrep.parent), os.environ.get("PATH", os.defpath)]),
        "HOME": str(root),
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
    }
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode in {0, 1}, done.stderr
    answer = json.loads(done.stdout)
    assert [error["message"] for error in answer["errors"]] == []
    assert len(answer["paths"]["scanned"]) == len(list(CASES.rglob("*.py")))
    lines: dict[tuple[str, str], list[int]] = {}
    for result in answer["results"]:
        rule_id = result["check_id"].rpartition(".")[2]
        place = (rule_id, Path(result["path"]).relative_to("cases").as_posix())
        lines.setdefault(place, []).append(result["start"]["line"])
    return lines


@pytest.mark.slow
@each_rule
def test_a_rule_reports_exactly_the_marked_lines_of_its_case(
    theme: str, rule: dict[str, Any], reported: dict[tuple[str, str], list[int]]
) -> None:
    case = case_of(theme, rule["id"])
    found = reported.get((rule["id"], case.relative_to(CASES).as_posix()), [])
    assert sorted(set(found)) == marked_lines(case.read_text("utf-8"))
