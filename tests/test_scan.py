"""The scan as a whole: every file accounted for, every engine heard, every failure told."""

from __future__ import annotations

from pathlib import Path

import pytest

import codeguard
from codeguard import scan as scanning
from codeguard.config.model import Config, FilesConfig
from codeguard.engines.interface import EngineResult
from codeguard.errors import ConfigError, EngineError, UsageError
from codeguard.model import FailureKind, FileStatus

YAML = "import yaml\n\nDATA = yaml.load('a: 1', Loader=yaml.Loader)\n"
NATIVE = {"engines": ["native"], "jobs": 2}


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        path = folder / (name.replace("__", "/") + ".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def test_findings_of_several_engines_on_one_defect_are_one(tmp_path):
    report = codeguard.scan_paths([write(tmp_path, a=YAML)], engines=["native", "bandit", "ruff"])
    found = [f for f in report.findings if f.category.value == "security"]
    assert [f.rule_id for f in found] == ["CGS001"]
    assert set(found[0].seen_by) == {"native:CGS001", "bandit:B506", "ruff:S506"}
    assert report.complete


@pytest.mark.slow
def test_all_engines_see_the_stage_and_say_so(tmp_path):
    report = codeguard.scan_paths([write(tmp_path, a=YAML, pkg__b="x = 1\n")])
    assert {run.name: run.files_scanned for run in report.engines} == dict.fromkeys(
        ["bandit", "native", "ruff", "semgrep", "ty"], 2
    )
    assert report.complete, report.failures


def test_every_discovered_file_has_exactly_one_status_and_the_totals_reconcile(tmp_path):
    write(tmp_path, good="x = 1\n", truncated="x = 1\n\n\ndef f():\n    return [x\n", hopeless="((((\n")
    (tmp_path / "link.py").symlink_to("/etc/hostname")
    report = codeguard.scan_paths([tmp_path], **NATIVE)
    status = {Path(record.path).name: record.status for record in report.files}
    assert status == {
        "good.py": FileStatus.ANALYSED,
        "truncated.py": FileStatus.PARTIAL,
        "hopeless.py": FileStatus.UNPARSABLE,
        "link.py": FileStatus.SKIPPED,
    }
    assert sum(report.totals().values()) == len(report.files) == 4
    assert all(record.reason for record in report.files if record.status is not FileStatus.ANALYSED)


def test_a_file_that_does_not_parse_is_a_finding_and_the_rest_of_it_is_read(tmp_path):
    report = codeguard.scan_paths([write(tmp_path, a=YAML + "\n\ndef g(:\n    pass\n")], **NATIVE)
    assert {"CGS001", "CGC001"} <= {f.rule_id for f in report.findings}
    assert report.complete, "broken code is a finding, not an incomplete scan"


def killing(monkeypatch, name: str, marked: str) -> None:
    """Make the worker that calls `native.name` for a path with `marked` in it kill itself."""
    import os
    import signal

    from codeguard.engines import native

    assert hasattr(os, "fork")
    real = getattr(native, name)

    def deadly(source, *args, **kwargs):
        if marked in source.path:
            signal.raise_signal(signal.SIGKILL)
        return real(source, *args, **kwargs)

    monkeypatch.setattr(native, name, deadly)


def test_a_worker_that_dies_makes_the_scan_incomplete_and_its_file_is_read_in_pieces(tmp_path, monkeypatch):
    killing(monkeypatch, "analysing", "boom")
    report = codeguard.scan_paths([write(tmp_path, boom=YAML, a=YAML)], select=["security"], **NATIVE)
    assert {Path(r.path).name: r.status for r in report.files} == {
        "boom.py": FileStatus.PARTIAL,
        "a.py": FileStatus.ANALYSED,
    }
    assert [f.kind for f in report.failures] == [FailureKind.CRASH]
    assert "SIGKILL" in report.failures[0].detail
    assert "in pieces" in next(r.reason for r in report.files if r.path.endswith("boom.py"))
    assert not report.complete
    assert [(f.path, f.rule_id, f.span.start_line) for f in report.findings] == [
        ("a.py", "CGS001", 3),
        ("boom.py", "CGS001", 3),
    ]


def test_a_file_that_kills_every_worker_is_lost_alone_and_told(tmp_path, monkeypatch):
    killing(monkeypatch, "analysing", "boom")
    killing(monkeypatch, "read", "boom")
    report = codeguard.scan_paths([write(tmp_path, boom=YAML, a=YAML)], select=["security"], **NATIVE)
    assert {Path(r.path).name: r.status for r in report.files} == {
        "boom.py": FileStatus.FAILED,
        "a.py": FileStatus.ANALYSED,
    }
    assert [f.kind for f in report.failures] == [FailureKind.CRASH]
    assert not report.complete
    assert [f.path for f in report.findings] == ["a.py"]


def test_what_was_found_before_a_check_hung_is_kept(tmp_path, monkeypatch):
    import time

    from codeguard.engines import native

    real = native.run
    last = max(check.id for check in native.load() if check.flow is None and check.category.value == "security")

    def slow(check, unit):
        time.sleep(60 if check.id == last else 0)
        return real(check, unit)

    monkeypatch.setattr(native, "TELL_AFTER", 0.0)
    monkeypatch.setattr(native, "run", slow)
    report = codeguard.scan_paths([write(tmp_path, a=YAML)], time_limit=1, select=["security"], **NATIVE)
    assert [f.rule_id for f in report.findings] == ["CGS001"]
    assert [(r.status, "timed out" in r.reason) for r in report.files] == [(FileStatus.PARTIAL, True)]
    assert [f.kind for f in report.failures] == [FailureKind.TIMEOUT]


@pytest.mark.slow
@pytest.mark.parametrize(
    "padding",
    [
        "x = " + "-" * 50_000 + "1\n",
        "x = " + "<".join(["a"] * 50_000) + "\n",
        "a = " * 50_000 + "1\n",
        "x=1;" * 200_000 + "\n",
        "".join(f"x{i} = {i}\n" for i in range(200_000)),
        "if a == 0: pass\n" + "".join(f"elif a == {i}: pass\n" for i in range(3_000)),
    ],
    ids=["unary", "compare", "assignments", "statements on a line", "200,000 lines", "elif"],
)
def test_padding_hides_nothing_and_takes_no_longer_than_the_limit(tmp_path, padding):
    import time

    write(tmp_path, a=padding + YAML)
    start = time.monotonic()
    report = codeguard.scan_paths([tmp_path], engines=["native"], jobs=2, time_limit=6)
    assert "CGS001" in {f.rule_id for f in report.findings}
    assert sum(report.totals().values()) == 1
    if report.files[0].status is not FileStatus.ANALYSED:
        assert not report.complete
    assert time.monotonic() - start < 40, "three times the limit on a busy machine, and the start"


def test_a_file_with_too_much_code_is_read_in_pieces_by_us_and_by_nobody_else(tmp_path, monkeypatch):
    from codeguard.engines import bound

    monkeypatch.setattr(bound, "MARKS_A_SECOND", 10)
    write(tmp_path, a=YAML + "x = f(1)\n" * 100, b="x = 1\n")
    report = codeguard.scan_paths([tmp_path], engines=["native", "bandit"], select=["CGS001", "bandit:B506"])
    assert [(f.path, f.seen_by) for f in report.findings] == [("a.py", ("native:CGS001",))]
    assert {r.path: r.status for r in report.files} == {"a.py": FileStatus.PARTIAL, "b.py": FileStatus.ANALYSED}
    assert {(f.path, f.engine, f.kind) for f in report.failures} == {
        ("a.py", "native", FailureKind.TOO_LARGE),
        ("a.py", "source", FailureKind.TOO_LARGE),
    }
    assert {run.name: run.files_given for run in report.engines} == {"native": 2, "bandit": 1}
    assert not report.complete


def test_findings_of_a_rule_are_bounded_and_what_is_left_out_is_told(tmp_path):
    from codeguard.engines.bound import PER_RULE

    many = PER_RULE + 7
    write(tmp_path, a="import yaml\n" + "yaml.load(x)\n" * many)
    report = codeguard.scan_paths([tmp_path], engines=["native", "ruff"], select=["CGS001", "ruff:S506"])
    assert len(report.findings) == PER_RULE
    told = [f.detail for f in report.failures if f.kind is FailureKind.LIMIT]
    assert any("CGS001" in text and f"{many:,}" in text for text in told)
    assert any("S506" in text for text in told)
    assert report.complete, "what is wrong with the file is told"


class Fake:
    name = "bandit"

    def __init__(self, act):
        self._act = act

    def version(self):
        return "1"

    def rules(self):
        return {}

    def run(self, stage, settings):
        return self._act(stage)


def raises(error):
    def act(stage):
        raise error

    return act


@pytest.mark.parametrize(
    ("act", "kind"),
    [
        (raises(EngineError("Bandit is not installed")), FailureKind.ENGINE_MISSING),
        (raises(RuntimeError("surprise")), FailureKind.ENGINE_FAILED),
        (lambda stage: EngineResult((), (), frozenset()), FailureKind.NOT_SCANNED),
    ],
    ids=["not installed", "it breaks", "it says nothing of the file"],
)
def test_an_engine_that_did_not_look_makes_the_scan_incomplete(tmp_path, monkeypatch, act, kind):
    monkeypatch.setattr(scanning, "create", lambda name: Fake(act))
    scanning._rules.cache_clear()
    report = codeguard.scan_paths([write(tmp_path, a="x = 1\n")], engines=["native", "bandit"])
    scanning._rules.cache_clear()
    assert [f.kind for f in report.failures] == [kind]
    assert not report.complete


def test_suppressed_findings_stay_in_the_report_and_unused_comments_are_told(tmp_path):
    text = YAML.rstrip() + "  # codeguard: ignore[CGS001] the text is ours\n"
    report = codeguard.scan_paths(
        [write(tmp_path, a=text + "x = 1  # codeguard: ignore[CGS001] nothing here\n")], **NATIVE
    )
    assert [f.rule_id for f in report.findings] == ["CGT091"]
    assert [(s.finding.rule_id, s.reason) for s in report.suppressed] == [("CGS001", "the text is ours")]
    everything = codeguard.scan_paths([tmp_path], suppressions=False, **NATIVE)
    assert [f.rule_id for f in everything.findings] == ["CGS001"]


def test_source_text_is_scanned_under_the_name_it_is_given():
    report = codeguard.scan_source(YAML, filename="snippet.py", **NATIVE)
    assert [(f.path, f.rule_id) for f in report.findings] == [("snippet.py", "CGS001")]
    assert codeguard.scan_source(YAML.encode("utf-16"), **NATIVE).findings


def test_wrong_use_of_the_api_is_a_clear_error(tmp_path):
    with pytest.raises(UsageError, match="no-such"):
        codeguard.scan_paths([tmp_path / "no-such"])
    with pytest.raises(ConfigError, match="did you mean 'profile'"):
        codeguard.scan_source("x = 1", profil="strict")
    with pytest.raises(ConfigError, match="did you mean"):
        codeguard.scan_source("x = 1", select=["unsafe-yaml-lod"])


def test_an_empty_folder_is_clean_and_complete(tmp_path):
    report = scanning.scan([tmp_path], Config())
    assert (report.findings, report.files, report.complete) == ((), (), True)


def test_exclude_patterns_are_relative_to_the_folder_of_their_configuration(tmp_path):
    write(tmp_path, pkg__build__a=YAML, pkg__b=YAML)
    config = Config(files=FilesConfig(exclude=("/pkg/build/",), base=str(tmp_path)), engines=frozenset({"native"}))
    report = scanning.scan([tmp_path / "pkg"], config)
    assert [Path(record.path).name for record in report.files] == ["b.py"]
