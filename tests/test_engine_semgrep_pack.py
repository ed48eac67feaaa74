"""Packs: what a rule needs, what is said when it lacks it, and the compiled form in the cache."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from codeguard.engines import semgrep_pack
from codeguard.engines.semgrep import SemgrepEngine
from codeguard.engines.semgrep_core import Install
from codeguard.engines.semgrep_pack import Pack, compile_packs, load
from codeguard.errors import CodeguardError, EngineError
from codeguard.model import Category, Confidence, Profile, Rule, Severity

ROOT = Path(__file__).resolve().parent.parent


def a_rule(**changes: Any) -> dict[str, Any]:
    """A well-formed rule; `metadata__x=1` changes a field of its metadata, None takes one away."""
    metadata = {
        "id": "CGS901",
        "category": "security",
        "severity": "high",
        "confidence": "medium",
        "profile": "strict",
        "summary": "Evaluates text",
        "help": "Text that is *evaluated* runs.\n",
        "fix": "Use ast.literal_eval.",
        "cwe": [95, 94],
        "aliases": ["bandit:B307", "ruff:S307"],
    }
    rule = {
        "id": "eval-of-text",
        "message": "$X is evaluated.",
        "severity": "ERROR",
        "languages": ["python"],
        "pattern": "eval($X)",
        "metadata": metadata,
    }
    for key, value in changes.items():
        target = metadata if key.startswith("metadata__") else rule
        target[key.removeprefix("metadata__")] = value
        if value is None:
            del target[key.removeprefix("metadata__")]
    return rule


def pack(*rules: Any) -> bytes:
    return yaml.safe_dump({"rules": list(rules)}).encode()


def test_a_rule_becomes_one_of_codeguards() -> None:
    (entry,) = compile_packs({"code_execution.yaml": pack(a_rule())}).rules
    assert entry.rule == Rule(
        id="CGS901",
        name="eval-of-text",
        summary="Evaluates text",
        category=Category.SECURITY,
        severity=Severity.HIGH,
        confidence=Confidence.MEDIUM,
        engine="semgrep",
        cwe=(95, 94),
        aliases=("bandit:B307", "ruff:S307"),
        profile=Profile.STRICT,
        help="Text that is *evaluated* runs.\n\n**Fix:** Use ast.literal_eval.\n",
        tags=("code_execution",),
    )
    assert entry.fix == "Use ast.literal_eval."


def test_semgrep_gets_the_rule_without_the_metadata_on_one_line() -> None:
    rule = a_rule(message="one\ntwo")
    (entry,) = compile_packs({"a.yaml": pack(rule)}).rules
    del rule["metadata"]
    assert json.loads(entry.source) == rule
    assert "\n" not in entry.source


def test_the_rule_file_holds_what_is_wanted_and_what_is_added() -> None:
    both = compile_packs({"a.yaml": pack(a_rule()), "b.yaml": pack(a_rule(id="other", metadata__id="CGS902"))})
    names = [rule["id"] for rule in json.loads(both.wanted({"CGS902"}).rule_file('{"id": "more"}'))["rules"]]
    assert names == ["other", "more"]
    assert both.wanted(None) is both
    assert both.wanted(set()).rules == ()
    assert list(both.by_name()) == ["eval-of-text", "other"]


MALFORMED: list[tuple[Any, str]] = [
    ("text", "1: it is not a mapping"),
    (a_rule(id=None), "1: `id` is missing or not a text"),
    (a_rule(id="EvalOfText"), "EvalOfText: `id` is not a name in kebab case"),
    (a_rule(metadata=None), "eval-of-text: `metadata` is missing"),
    (a_rule(message=" "), "`message` is missing or not a text"),
    (a_rule(severity="HIGH"), "`severity` is 'HIGH', not one of ERROR, WARNING, INFO"),
    (a_rule(languages=["python", "js"]), r"`languages` is not \[python\]"),
    (a_rule(metadata__id="CGM901"), "`id` CGM901 is not CGS and three digits"),
    (a_rule(metadata__id="CGS9011"), "`id` CGS9011 is not CGS and three digits"),
    (a_rule(metadata__category="style"), "`category` is 'style', not one of security, malicious"),
    (a_rule(metadata__severity="ERROR"), "`severity` is 'ERROR', not one of info, low"),
    (a_rule(metadata__confidence=None), "`confidence` is None, not one of low"),
    (a_rule(metadata__profile=["audit"]), r"`profile` is \['audit'\], not one of default"),
    (a_rule(metadata__summary=None), "`summary` is missing"),
    (a_rule(metadata__help=5), "`help` is missing or not a text"),
    (a_rule(metadata__fix=""), "`fix` is missing"),
    (a_rule(metadata__cwe=["CWE-95"]), "`cwe` is not a list of CWE numbers"),
    (a_rule(metadata__cwe=[True]), "`cwe` is not a list of CWE numbers"),
    (a_rule(metadata__cwe=95), "`cwe` is not a list of CWE numbers"),
    (a_rule(metadata__aliases=["B307"]), "`aliases` is not a list of rules like bandit:B602"),
    (a_rule(metadata__owasp="A03"), "`metadata.owasp` is not known"),
    (a_rule(pattern=float("nan")), "a value is neither text, number, list nor mapping"),
    (a_rule(options={1: {2, 3}}), "a value is neither text, number, list nor mapping"),
]


@pytest.mark.parametrize(("rule", "said"), MALFORMED, ids=[said for _, said in MALFORMED])
def test_a_malformed_rule_is_an_error_that_names_file_and_rule(rule: Any, said: str) -> None:
    with pytest.raises(CodeguardError, match=rf"^rule pack a\.yaml, rule .*{said}"):
        compile_packs({"a.yaml": pack(rule)})


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (a_rule(id="other"), "rule pack b.yaml, rule other: CGS901 is taken already, by eval-of-text in a.yaml"),
        (a_rule(metadata__id="CGS902"), "rule pack b.yaml, rule eval-of-text: eval-of-text is taken already"),
    ],
)
def test_an_id_or_name_that_two_rules_have_is_an_error(other: dict[str, Any], said: str) -> None:
    with pytest.raises(CodeguardError, match=said):
        compile_packs({"a.yaml": pack(a_rule()), "b.yaml": pack(other)})


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("rules: [", "while parsing a flow node"),
        ("", "it has no list of `rules`"),
        ("rules: []", "it has no list of `rules`"),
        ("- a", "it has no list of `rules`"),
        ("rules: [{id: a, pattern: f(), pattern: g()}]", "`pattern` is given twice"),
        ("rules: [!!python/object/apply:os.getcwd []]", "could not determine a constructor"),
        ("a: 2026-13-45", "month must be in 1..12"),
    ],
)
def test_a_file_that_is_no_pack_is_an_error_that_names_it(text: str, said: str) -> None:
    with pytest.raises(CodeguardError, match=rf"^rule pack a\.yaml: .*{said}"):
        compile_packs({"a.yaml": text.encode()})


@pytest.fixture
def packs(tmp_path: Path) -> Path:
    folder = tmp_path / "packs"
    folder.mkdir()
    (folder / "a.yaml").write_bytes(pack(a_rule()))
    return folder


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Grows by one with each compilation."""
    times: list[int] = []
    original = compile_packs

    def counted(packs: dict[str, bytes]) -> Pack:
        times.append(len(packs))
        return original(packs)

    monkeypatch.setattr(semgrep_pack, "compile_packs", counted)
    return times


def entry_of(cache: Path) -> Path:
    (entry,) = cache.rglob("*.json")
    return entry


def test_a_cached_pack_is_the_compiled_one(packs: Path, tmp_path: Path, compiled: list[int]) -> None:
    first = load(packs, "1.2.3", tmp_path / "cache")
    assert load(packs, "1.2.3", tmp_path / "cache") == first == compile_packs({"a.yaml": pack(a_rule())})
    assert len(compiled) == 1
    assert [path.name for path in (tmp_path / "cache" / "semgrep-packs").iterdir()] == [entry_of(tmp_path).name]


def test_another_pack_or_another_semgrep_is_another_entry(packs: Path, tmp_path: Path, compiled: list[int]) -> None:
    cache = tmp_path / "cache"
    load(packs, "1.2.3", cache)
    load(packs, "1.2.4", cache)
    (packs / "a.yaml").write_bytes(pack(a_rule(message="Changed.")))
    assert "Changed." in load(packs, "1.2.4", cache).rules[0].source
    (packs / "a.yaml").rename(packs / "b.yaml")
    assert load(packs, "1.2.4", cache).rules[0].rule.tags == ("b",)
    assert len(compiled) == 4


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda data: data[:-1],
        lambda data: data.replace(b"eval($X)", b"exec($X)"),
        lambda data: data.replace(b"codeguard", b"something", 1),
        lambda data: data.partition(b"\n")[2],
        lambda data: b"\xff" * len(data),
    ],
    ids=["empty", "cut off", "changed", "foreign", "no seal", "noise"],
)
def test_a_damaged_entry_is_ignored_and_written_again(
    damage: Any, packs: Path, tmp_path: Path, compiled: list[int]
) -> None:
    cache = tmp_path / "cache"
    first = load(packs, "1", cache)
    good = entry_of(cache).read_bytes()
    entry_of(cache).write_bytes(damage(good))
    assert load(packs, "1", cache) == first
    assert entry_of(cache).read_bytes() == good
    assert len(compiled) == 2


@pytest.mark.parametrize("body", [b'[{"rule": {}}]', b'[{"rule": {"id": 1}, "fix": "", "source": ""}]', b"[1]"])
def test_an_entry_that_is_sealed_but_not_shaped_as_ours_is_ignored(
    body: bytes, packs: Path, tmp_path: Path, compiled: list[int]
) -> None:
    cache = tmp_path / "cache"
    load(packs, "1", cache)
    entry = entry_of(cache)
    entry.write_bytes(semgrep_pack._seal(entry.stem, body) + body)
    assert load(packs, "1", cache).rules[0].rule.id == "CGS901"
    assert len(compiled) == 2


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_an_entry_of_another_user_is_ignored(
    packs: Path, tmp_path: Path, compiled: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    load(packs, "1", tmp_path / "cache")
    other = os.getuid() + 1
    monkeypatch.setattr(os, "getuid", lambda: other)
    load(packs, "1", tmp_path / "cache")
    assert len(compiled) == 2


def test_a_cache_that_cannot_be_written_only_costs_time(packs: Path, tmp_path: Path, compiled: list[int]) -> None:
    (tmp_path / "file").write_text("not a folder")
    for cache in (tmp_path / "file", tmp_path / "file" / "below", None):
        assert len(load(packs, "1", cache).rules) == 1
    assert len(compiled) == 3
    assert (tmp_path / "file").read_text() == "not a folder"


def test_only_the_newest_entries_stay(packs: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for number in range(semgrep_pack.KEPT_ENTRIES + 3):
        load(packs, str(number), cache)
        for entry in cache.rglob("*.json"):  # a file system's clock may be too coarse to order them
            os.utime(entry, (entry.stat().st_mtime - 10,) * 2)
    assert len(list(cache.rglob("*.json"))) == semgrep_pack.KEPT_ENTRIES


def test_the_rules_are_known_where_semgrep_is_not_installed(packs: Path, tmp_path: Path) -> None:
    def not_there() -> Install:
        raise EngineError("not installed")

    engine = SemgrepEngine(packs=packs, cache=tmp_path / "cache", find=not_there)
    assert list(engine.rules()) == ["CGS901"]


COLD = """
import sys, time
from pathlib import Path
before = set(sys.modules)
from codeguard.engines.semgrep import SemgrepEngine
rules = SemgrepEngine(packs=Path(sys.argv[1]), cache=Path(sys.argv[2])).rules()
print(len(rules), *sorted({"yaml", "semgrep", "jsonschema", "ruamel", "importlib.metadata"} & (set(sys.modules) - before)))
"""


def test_a_cached_start_imports_neither_yaml_nor_semgrep(packs: Path, tmp_path: Path) -> None:
    start = [sys.executable, "-c", COLD, str(packs), str(tmp_path / "cache")]
    first, second = (subprocess.run(start, capture_output=True, text=True, check=True).stdout for _ in range(2))
    assert first.split() == ["1", "yaml"]
    assert second.split() == ["1"]
