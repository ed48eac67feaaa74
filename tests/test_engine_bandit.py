"""Bandit, run for real in its child over small stages."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.engines import bandit, bandit_worker
from codeguard.engines.bandit import BanditEngine, shares
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.errors import EngineError
from codeguard.knowledge.foreign import bandit as table
from codeguard.model import FailureKind, Profile, Severity, Span

Scan = Callable[..., EngineResult]
FLAW = "import os\nos.system(command)\n"


def stage_of(root: Path, files: Mapping[str, str]) -> Stage:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode())
    return Stage(root, tuple(StagedFile(name, f"src/{name}", text) for name, text in files.items()))


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    def run(
        files: Mapping[str, str],
        *,
        jobs: int = 1,
        timeout: float = 60.0,
        wanted: frozenset[str] | None = None,
        engine: BanditEngine | None = None,
    ) -> EngineResult:
        (tmp_path / "stage").mkdir()
        settings = EngineSettings(jobs, timeout, tmp_path / "scratch", wanted)
        return (engine or BanditEngine()).run(stage_of(tmp_path / "stage", files), settings)

    return run


def found(result: EngineResult) -> set[tuple[str, str]]:
    return {(finding.path, finding.rule_id) for finding in result.findings}


def lines_of(result: EngineResult, rule_id: str) -> list[int]:
    return sorted(finding.span.start_line for finding in result.findings if finding.rule_id == rule_id)


# -- what is found, and where

PLACES = [
    ("bytes-before", 's = "é😀"; eval(input())', "bandit:B307", "eval(input())"),
    (
        "call-over-lines",
        "import subprocess\nsubprocess.run(\n    cmd,\n    shell=True,\n)",
        "bandit:B602",
        "subprocess.run(\n    cmd,\n    shell=True,\n)",
    ),
    (
        "f-string",
        'q = f"select {a} from t where x = {b}" + c',
        "bandit:B608-unexecuted",
        'f"select {a} from t where x = {b}" + c',
    ),
    ("formatted", 'q = "select {} from t".format(a)', "bandit:B608-unexecuted", '"select {} from t".format(a)'),
    ("executed", 'db.execute("select %s from t" % a)', "bandit:B608", '"select %s from t" % a'),
    ("default", 'def f(a, é, password="hunter2"):\n    return a', "bandit:B107", '"hunter2"'),
    ("inside-f-string", 'x = f"""\n{eval(a)}"""', "bandit:B307", None),
    ("handler", "try:\n    f()\nexcept Exception:\n    pass", "bandit:B110", "except Exception:\n    pass"),
    ("after-odd-line-ends", '\x0c\ns = "\u2028\x1c"\n# a \u202e b', "bandit:B613", "\u202e"),
    ("cookie-that-lies", "# coding: latin-1\n# a \u202e b", "bandit:B613", "\u202e"),
]


@pytest.mark.parametrize(("text", "rule_id", "code"), [p[1:] for p in PLACES], ids=[p[0] for p in PLACES])
def test_a_finding_covers_the_code_that_it_is_about(scan: Scan, text: str, rule_id: str, code: str | None) -> None:
    result = scan({"a.py": text})
    spans = [finding.span for finding in result.findings if finding.rule_id == rule_id]
    assert len(spans) == 1
    covered = cut(text, spans[0])
    # Before 3.12 Python misplaces what stands in a multi-line f-string: the whole f-string is right, too.
    assert covered in ({"eval(a)", text[4:]} if code is None else {code})


def cut(text: str, span: Span) -> str:
    lines = text.split("\n")[span.start_line - 1 : span.end_line]
    lines[-1] = lines[-1][: span.end_col]
    lines[0] = lines[0][span.start_col :]
    return "\n".join(lines)


def test_a_finding_is_told_in_our_terms(scan: Scan) -> None:
    result = scan({"a.py": "if x:\n    eval(x)\n"})
    assert len(result.findings) == 1
    (finding,) = result.findings
    rule = BanditEngine().rules()["bandit:B307"]
    assert (finding.cwe, finding.severity, finding.category) == (rule.cwe, rule.severity, rule.category)
    assert (finding.path, finding.engine, finding.seen_by) == ("src/a.py", "bandit", ("bandit:B307",))
    assert finding.snippet == "eval(x)"
    assert finding.cwe[0] == 95


def test_a_variant_is_seen_by_the_rule_that_bandit_knows(scan: Scan) -> None:
    result = scan({"a.py": 'import os\nos.system("ls")\n'})
    assert {(f.rule_id, f.seen_by) for f in result.findings if f.rule_id.startswith("bandit:B605")} == {
        ("bandit:B605-literal", ("bandit:B605",))
    }


def test_a_secret_is_not_repeated(scan: Scan) -> None:
    result = scan({"a.py": 'password = "hunter2-hunter2"\n'})
    assert found(result) == {("src/a.py", "bandit:B105")}
    assert "hunter2" not in result.findings[0].message


def test_unwanted_findings_are_told_unless_they_are_notes(scan: Scan) -> None:
    result = scan({"a.py": "import subprocess\neval(x)\nassert x\n"}, wanted=frozenset({"bandit:B101"}))
    assert {f.rule_id for f in result.findings} == {"bandit:B101", "bandit:B307"}
    assert all(f.severity > Severity.INFO or f.rule_id == "bandit:B101" for f in result.findings)


# -- what the scanned code cannot do


def test_no_comment_silences_bandit(scan: Scan) -> None:
    result = scan({"a.py": "eval(x)  # nosec\neval(y)  # nosec B307\n# nosec\neval(z)\n"})
    assert lines_of(result, "bandit:B307") == [1, 2, 4]


def test_no_file_of_the_stage_is_imported_or_heeded(scan: Scan, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    hostile = f"open({str(marker)!r}, 'w').close()\n"
    names = [
        "bandit.py",
        "sitecustomize.py",
        "usercustomize.py",
        "stevedore/__init__.py",
        "yaml.py",
        "ast.py",
        "json.py",
    ]
    files = dict.fromkeys(names, hostile) | {
        "bandit-9.dist-info/entry_points.txt.py": "",
        ".bandit": "[bandit]\nskips = B605\nexclude = .\n",
        "venv/tests/a.py": FLAW,
    }
    result = scan(files)
    assert not marker.exists()
    assert ("src/venv/tests/a.py", "bandit:B605") in found(result)


def test_only_bandits_own_plugins_are_loaded(tmp_path: Path) -> None:
    """Another distribution that declares plugins for Bandit is left alone, wherever it is found."""
    site, marker = tmp_path / "site", tmp_path / "executed"
    (site / "evil-1.dist-info").mkdir(parents=True)
    (site / "evil-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: evil\nVersion: 1\n")
    (site / "evil-1.dist-info" / "entry_points.txt").write_text("[bandit.plugins]\nevil = evil:check\n")
    (site / "evil.py").write_text(f"open({str(marker)!r}, 'w').close()\n")
    (tmp_path / "a.py").write_text(FLAW)
    job = {"root": str(tmp_path), "files": ["a.py"], "path": [str(site)], "patience": 30}
    (tmp_path / "job.json").write_text(json.dumps(job))
    command = [sys.executable, "-I", "-W", "ignore", bandit_worker.__file__, str(tmp_path / "job.json")]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, check=True)
    hello, answer = map(json.loads, ended.stdout.splitlines())
    assert hello["loaded"] == hello["declared"] > 40
    assert "B605" in {issue[0] for issue in answer["findings"]}
    assert not marker.exists()


# -- what cannot be read costs itself


def test_a_file_that_does_not_parse_is_told_with_its_line(scan: Scan) -> None:
    result = scan({"bad.py": "x = 1\ndef f(:\n", "nul.py": "x = '\0'\n", "good.py": FLAW})
    failures = {f.path: (f.kind, f.fatal, f.engine) for f in result.failures}
    assert failures == dict.fromkeys(("src/bad.py", "src/nul.py"), (FailureKind.UNPARSABLE, False, "bandit"))
    assert next(f.line for f in result.failures if f.path == "src/bad.py") == 2
    assert result.scanned == {"good.py"}
    assert ("src/good.py", "bandit:B605") in found(result)


def test_a_plugin_that_fails_costs_one_judgement_and_is_told_once(scan: Scan) -> None:
    # Bandit 1.9 takes the function of `members=` for a plain name.
    call = "t.extractall(members=self.safe(t))\n"
    result = scan({"a.py": f"import tarfile\n{call}{call}eval(x)\n"})
    assert [(f.kind, f.fatal, f.line) for f in result.failures] == [(FailureKind.CHECK_FAILED, False, 2)]
    assert ("src/a.py", "bandit:B307") in found(result)
    assert result.scanned == {"a.py"}


def test_deep_code_is_read(scan: Scan) -> None:
    deep = "x = " + "1 + " * 3000 + "eval(y)\nz = a" + ".b()" * 1500 + "\n"
    result = scan({"deep.py": deep, "good.py": FLAW})
    assert "good.py" in result.scanned
    # Newer Pythons limit their parser by themselves; then nobody can run the file either.
    assert "deep.py" in result.scanned or [f.kind for f in result.failures] == [FailureKind.UNPARSABLE]


def test_a_file_that_vanishes_costs_itself(scan: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = fake_worker(tmp_path, f"if name == 'a.py': os.remove({str(tmp_path / 'stage' / 'b.py')!r})")
    monkeypatch.setattr(bandit_worker, "__file__", str(worker))
    result = scan({"a.py": FLAW, "b.py": f"{FLAW}x = 1\n"})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/b.py", FailureKind.UNREADABLE, True)]
    assert result.scanned == {"a.py"}


def fake_worker(folder: Path, statement: str) -> Path:
    """A worker that does a thing of its own before it reads a file; `name` is the file's name."""
    path = folder / "worker.py"
    path.write_text(
        f"""
import importlib.util, os, sys, time
spec = importlib.util.spec_from_file_location("real", {bandit_worker.__file__!r})
real = importlib.util.module_from_spec(spec)
spec.loader.exec_module(real)
read = real.Bandit.read
def reading(self, name, data):
    {statement}
    return read(self, name, data)
real.Bandit.read = reading
real.main(sys.argv[1])
"""
    )
    return path


LOST = [
    ("aborts", "if name == 'b.py': os.abort()", FailureKind.CRASH),
    ("exits", "if name == 'b.py': os._exit(0)", FailureKind.CRASH),
    ("hangs", "if name == 'b.py': time.sleep(60)", FailureKind.TIMEOUT),
    ("raises", "if name == 'b.py': raise SystemExit('enough')", FailureKind.CRASH),
]


@pytest.mark.parametrize(("statement", "kind"), [case[1:] for case in LOST], ids=[case[0] for case in LOST])
def test_a_file_that_ends_the_child_costs_itself(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, statement: str, kind: FailureKind
) -> None:
    monkeypatch.setattr(bandit_worker, "__file__", str(fake_worker(tmp_path, statement)))
    monkeypatch.setattr(bandit, "PATIENCE", 2.0)
    result = scan({"a.py": FLAW, "b.py": FLAW, "c.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/b.py", kind, True)]
    assert result.scanned == {"a.py", "c.py"}
    assert {path for path, _ in found(result)} == {"src/a.py", "src/c.py"}


# -- what is wrong with Bandit is told, and nothing is clean


def test_an_engine_that_misses_the_canary_is_not_believed(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandit, "CANARY", "harmless()\n")
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert (result.findings, result.scanned) == ((), frozenset())


def test_an_engine_that_cannot_start_is_told_with_its_reason(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise ImportError('no bandit here')\n")
    monkeypatch.setattr(bandit_worker, "__file__", str(broken))
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert "no bandit here" in result.failures[0].detail


def test_an_extension_that_does_not_load_is_told(scan: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    worker = fake_worker(tmp_path, "pass")
    lost = "made = real.Bandit.__init__\ndef fewer(self):\n    made(self)\n    self.loaded -= 1\nreal.Bandit.__init__ = fewer\n"
    worker.write_text(worker.read_text().replace("real.main", f"{lost}real.main"))
    monkeypatch.setattr(bandit_worker, "__file__", str(worker))
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert "could not load 1" in result.failures[0].detail


@pytest.mark.slow
def test_time_that_is_up_costs_the_files_that_are_left(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    statement = "if name == 'b.py': time.sleep(60)"
    monkeypatch.setattr(bandit_worker, "__file__", str(fake_worker(tmp_path, statement)))
    result = scan({"a.py": FLAW, "b.py": FLAW, "c.py": FLAW}, timeout=5.0)
    assert {(f.path, f.kind, f.fatal) for f in result.failures} == {
        (path, FailureKind.TIMEOUT, True) for path in ("src/b.py", "src/c.py")
    }
    assert result.scanned == {"a.py"}


def test_an_engine_that_is_not_installed_raises(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(distribution: str) -> str:
        raise EngineError(f"{distribution} is not installed")

    monkeypatch.setattr(bandit, "version_of", missing)
    with pytest.raises(EngineError, match="bandit is not installed"):
        scan({"a.py": FLAW})


def test_a_rule_without_a_row_is_shown_to_those_who_audit(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {key: rule for key, rule in table.rules().items() if key != "bandit:B605"}
    monkeypatch.setattr(table, "rules", lambda: fewer)
    engine = BanditEngine()
    assert "bandit:B605" not in engine.rules()
    result = scan({"a.py": FLAW}, wanted=frozenset(fewer), engine=engine)
    assert ("src/a.py", "bandit:B605") in found(result)
    assert engine.rules()["bandit:B605"].profile is Profile.AUDIT


# -- many files


def test_files_are_shared_out_among_children(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bandit, "WORTH_A_CHILD", 10)
    files = {f"p{n}/m{n}.py": FLAW for n in range(7)}
    result = scan(files, jobs=3)
    assert result.scanned == set(files)
    assert not result.failures
    assert {path for path, rule in found(result) if rule == "bandit:B605"} == {f"src/{name}" for name in files}


@given(st.lists(st.integers(0, 500_000), max_size=30), st.integers(1, 8))
def test_shares_hold_every_file_once_and_are_alike(sizes: list[int], jobs: int) -> None:
    files = [StagedFile(f"{n}.py", f"{n}.py", "x" * size) for n, size in enumerate(sizes)]
    parts = shares(files, jobs)
    assert sorted(name for part in parts for name in part) == sorted(file.name for file in files)
    assert len(parts) <= jobs
    loads = [sum(sizes[int(name.removesuffix(".py"))] for name in part) for part in parts]
    assert all(max(loads) - load <= max(sizes) for load in loads)
    assert len(parts) <= max(1, sum(sizes) // bandit.WORTH_A_CHILD)


def test_an_empty_stage_is_no_failure(scan: Scan) -> None:
    assert scan({}) == EngineResult((), (), frozenset())


def test_the_parent_does_not_import_bandit() -> None:
    code = "import codeguard.engines.bandit as b, sys; b.BanditEngine().version(); sys.exit('bandit' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
