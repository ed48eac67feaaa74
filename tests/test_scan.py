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

YAML = "import yaml\n\nDATA = yaml.load('a: 1')\n"
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
        ["bandit", "native", "ruff", "semgrep"], 2
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


def test_a_worker_that_dies_costs_its_file_and_makes_the_scan_incomplete(tmp_path, monkeypatch):
    import os
    import signal

    from codeguard.engines import native

    real = native.analyse

    def analyse(file, *args, **kwargs):
        if "boom" in file.path:
            signal.raise_signal(signal.SIGKILL)
        return real(file, *args, **kwargs)

    assert hasattr(os, "fork")
    monkeypatch.setattr(native, "analyse", analyse)
    report = codeguard.scan_paths([write(tmp_path, boom="x = 1\n", a=YAML)], **NATIVE)
    assert {Path(r.path).name: r.status for r in report.files} == {
        "boom.py": FileStatus.FAILED,
        "a.py": FileStatus.ANALYSED,
    }
    assert [f.kind for f in report.failures] == [FailureKind.CRASH]
    assert not report.complete
    assert [f.rule_id for f in report.findings] == ["CGS001"]


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
