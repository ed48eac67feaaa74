"""Semgrep missing, misplaced, dying, lying or silent: each is told, none is taken for a clean scan.

A stand-in for semgrep-core is a script that looks at its targets and then becomes the real one, or does not.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Timer

import pytest

from codeguard.engines import semgrep, semgrep_classic
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.process import end_all
from codeguard.engines.semgrep import SemgrepEngine
from codeguard.engines.semgrep_answer import failures, findings, read_answer
from codeguard.engines.semgrep_core import Install, find_install
from codeguard.engines.semgrep_pack import compile_packs
from codeguard.errors import EngineError
from codeguard.model import Failure, FailureKind

scripts = pytest.mark.skipif(sys.platform == "win32", reason="a script cannot stand in for a program there")

PACK = """
rules:
  - id: dynamic-eval
    message: m
    severity: ERROR
    languages: [python]
    pattern: eval(...)
    metadata:
      id: CGS901
      category: security
      severity: high
      confidence: medium
      profile: default
      summary: s
      help: h
      fix: f
      cwe: [95]
      aliases: []
"""

# Before what a stand-in does: the real core, the targets file and its text.
PRELUDE = """\
#!{python} -I
import json, os, signal, sys, time
targets = sys.argv[sys.argv.index("-targets") + 1]
text = open(targets, encoding="utf-8").read()
def become_the_core():
    os.execv({core!r}, [{core!r}, *sys.argv[1:]])
def answer(**fields):
    scanned = [target[1]["path"]["fpath"] for target in json.loads(text)[1]]
    print(json.dumps({{"results": [], "errors": [], "paths": {{"scanned": scanned}}, **fields}}))
"""

Scan = Callable[..., EngineResult]


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    """Scan files a.py ... with a stand-in for the core that does as `code` says."""

    def scan_files(code: str, names: str = "ab", *, timeout: float = 60, jobs: int = 1) -> EngineResult:
        real = find_install()
        core = tmp_path / "semgrep-core"
        core.write_text(PRELUDE.format(python=sys.executable, core=str(real.core)) + code, encoding="utf-8")
        core.chmod(0o755)
        (tmp_path / "packs").mkdir(exist_ok=True)
        (tmp_path / "packs" / "a.yaml").write_text(PACK, encoding="utf-8")
        root = tmp_path / "stage"
        root.mkdir(exist_ok=True)
        for name in names:
            (root / f"{name}.py").write_text("eval(1)\n", encoding="utf-8")
        stage = Stage(root, tuple(StagedFile(f"{name}.py", f"src/{name}.py", "eval(1)\n") for name in names))
        engine = SemgrepEngine(
            packs=tmp_path / "packs",
            cache=tmp_path / "cache",
            find=lambda: Install(real.folder, real.version, core),
        )
        return engine.run(stage, EngineSettings(jobs=jobs, timeout=timeout, scratch=tmp_path / "scratch"))

    return scan_files


def not_scanned(name: str) -> Failure:
    detail = "Semgrep does not say that it scanned this file"
    return Failure(f"src/{name}.py", "semgrep", FailureKind.NOT_SCANNED, detail)


@scripts
def test_a_stand_in_that_becomes_the_core_scans(scan: Scan) -> None:
    result = scan("become_the_core()")
    assert (len(result.findings), result.failures, result.scanned) == (2, (), {"a.py", "b.py"})


@scripts
@pytest.mark.parametrize(
    ("death", "said"),
    [
        ("os.kill(os.getpid(), 9)", "was killed by signal 9 (SIGKILL)"),
        ("os.kill(os.getpid(), 11)", "was killed by signal 11 (SIGSEGV)"),
        ("sys.exit(3)", "ended with status 3"),
    ],
)
def test_a_file_that_kills_the_core_costs_only_itself(death: str, said: str, scan: Scan) -> None:
    result = scan(f"if '/c.py' in text: {death}\nbecome_the_core()", "abcdefg")
    detail = f"semgrep-core {said} on this file"
    assert result.failures == (Failure("src/c.py", "semgrep", FailureKind.NOT_SCANNED, detail),)
    assert result.scanned == {f"{name}.py" for name in "abdefg"}
    assert [finding.path for finding in result.findings] == [f"src/{name}.py" for name in "abdefg"]


@scripts
def test_a_core_that_keeps_dying_is_given_up(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semgrep, "MAX_CRASHES", 5)
    result = scan("if 'stage' in text: sys.exit('no more')\nbecome_the_core()", "abcdefgh")
    kinds = {(failure.path, failure.kind, failure.fatal) for failure in result.failures}
    assert (None, FailureKind.ENGINE_FAILED, True) in kinds
    assert {f"src/{name}.py" for name in "abcdefgh"} <= {path for path, _, _ in kinds}
    assert (result.findings, result.scanned) == ((), frozenset())


@scripts
@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit('wrong library')", "semgrep-core ended with status 1 (wrong library)"),
        ("print('Segmentation fault')", "semgrep-core's answer cannot be read: it is not JSON"),
        ("print('{}')", "semgrep-core's answer cannot be read: it does not say what it scanned"),
        ("answer(results=[5])", "semgrep-core's answer cannot be read: its results are not what they were"),
        ("answer(results='none')", "semgrep-core's answer cannot be read: its results are not what they were"),
    ],
)
def test_the_classic_front_end_stands_in_for_a_core_that_cannot_be_used(code: str, said: str, scan: Scan) -> None:
    result = scan(code)
    detail = f"{said}; its classic front end is used"
    assert result.failures == (Failure(None, "semgrep", FailureKind.ENGINE_FAILED, detail, fatal=False),)
    assert (len(result.findings), result.scanned) == (2, {"a.py", "b.py"})


@scripts
@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["-c", "import sys; sys.exit('both are broken')"], "Semgrep ended with status 1 (both are broken)"),
        (["-c", "print(5)"], "Semgrep's answer cannot be read: it is not JSON"),
    ],
)
def test_where_neither_can_be_used_the_engine_has_failed(
    argv: list[str], said: str, scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(semgrep_classic, "command", lambda *_: [sys.executable, *argv])
    told, failed, *files = scan("sys.exit(1)").failures
    assert (told.fatal, failed.fatal, failed.path, failed.kind) == (False, True, None, FailureKind.ENGINE_FAILED)
    assert failed.detail.startswith(said)
    assert files == [not_scanned("a"), not_scanned("b")]


@scripts
def test_a_core_that_does_not_end_is_ended_and_told(scan: Scan) -> None:
    started = time.monotonic()
    failed, *files = scan("time.sleep(60)", timeout=1).failures
    assert time.monotonic() - started < 20
    assert (failed.path, failed.kind, failed.fatal) == (None, FailureKind.TIMEOUT, True)
    assert failed.detail == "Semgrep did not end within 1 s; files that it left: 2"
    assert files == [not_scanned("a"), not_scanned("b")]


@scripts
@pytest.mark.parametrize(
    "code",
    [
        "answer()",
        "answer(results=[{'check_id': 'codeguard-canary', 'path': '/elsewhere/canary.py'}])",
        "sys.argv[sys.argv.index('-rules') + 1] = '/dev/null'; answer()",
    ],
)
def test_a_core_that_misses_the_canary_is_not_believed(code: str, scan: Scan) -> None:
    failed, *files = scan(code).failures
    assert (failed.path, failed.kind, failed.fatal) == (None, FailureKind.ENGINE_FAILED, True)
    assert failed.detail == "Semgrep did not find what it must find in codeguard's own test file"
    assert files == [not_scanned("a"), not_scanned("b")]


@scripts
def test_one_dead_shard_of_two_costs_only_its_own_files(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(semgrep, "SHARD_SIZE", 1)
    result = scan("answer() if '/a.py' in text else become_the_core()", "abcd", jobs=2)
    assert result.scanned == {"b.py", "d.py"}
    assert [failure.path for failure in result.failures] == [None, "src/a.py", "src/c.py"]


@scripts
def test_a_file_that_the_core_passes_over_was_not_scanned(scan: Scan) -> None:
    code = """
kept = [target for target in json.loads(text)[1] if not target[1]["path"]["fpath"].endswith("/b.py")]
open(targets, "w").write(json.dumps(["Targets", kept]))
become_the_core()
"""
    result = scan(code)
    assert (result.failures, result.scanned) == ((not_scanned("b"),), {"a.py"})


@scripts
def test_dots_before_the_answer_are_progress(scan: Scan) -> None:
    assert scan("sys.argv[sys.argv.index('-json_nodots')] = '-json'; become_the_core()").failures == ()


@scripts
def test_a_scan_that_is_ending_does_not_start_again(scan: Scan, tmp_path: Path) -> None:
    timer = Timer(1, end_all)
    timer.start()
    failed, *_ = scan(f"open({str(tmp_path / 'starts')!r}, 'a').write('x'); time.sleep(60)").failures
    timer.join()
    assert failed.detail == "Semgrep was ended because the scan is ending; files that it left: 2"
    assert (tmp_path / "starts").read_text() == "x"


@scripts
@pytest.mark.slow
def test_a_version_that_was_not_tried_is_left_to_the_classic_front_end(
    scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Install, "core_is_tried", property(lambda _: False))
    result = scan(f"open({str(tmp_path / 'started')!r}, 'w')")
    assert not (tmp_path / "started").exists()
    assert (len(result.findings), result.failures, result.scanned) == (2, (), {"a.py", "b.py"})


def test_a_core_that_cannot_be_started_is_an_engine_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PACK, encoding="utf-8")
    install = Install(tmp_path, "1.185.0", tmp_path / "a.yaml")
    engine = SemgrepEngine(packs=tmp_path, cache=tmp_path / "cache", find=lambda: install)
    stage = Stage(tmp_path, (StagedFile("a.py", "a.py", "x\n"),))
    with pytest.raises(EngineError, match="cannot be started"):
        engine.run(stage, EngineSettings(jobs=1, timeout=5, scratch=tmp_path / "scratch"))


def test_a_scratch_folder_that_cannot_be_written_is_an_engine_error(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(PACK, encoding="utf-8")
    engine = SemgrepEngine(packs=tmp_path, cache=tmp_path / "cache")
    stage = Stage(tmp_path, (StagedFile("a.py", "a.py", "x\n"),))
    with pytest.raises(EngineError, match=r"Semgrep cannot be given its files: Not a directory"):
        engine.run(stage, EngineSettings(jobs=1, timeout=5, scratch=tmp_path / "a.yaml"))


def an_error(kind: object, path: str | None = "/s/a.py", **more: object) -> dict[str, object]:
    where = {"location": {"path": path, "start": {"line": 3}, "end": {"line": 4}}} if path else {}
    return {"error_type": kind, "severity": "warn", "message": "why", **where, **more}


def told(
    kind: FailureKind, detail: str, *, path: str | None = "src/a.py", fatal: bool = True, line: int = 0
) -> Failure:
    return Failure(path, "semgrep", kind, detail, fatal, line)


FROM_2_TO_9 = [{"start": {"line": 9}, "end": {"line": 9}}, {"start": {"line": 2}, "end": {"line": 5}}]
UNPARSABLE = FailureKind.UNPARSABLE
TIMEOUT = FailureKind.TIMEOUT
NOT_SCANNED = FailureKind.NOT_SCANNED
FAILED = FailureKind.ENGINE_FAILED
ERRORS: list[tuple[dict[str, object], Failure]] = [
    (
        an_error("Syntax error"),
        told(UNPARSABLE, "Semgrep could not read it from line 3 to line 4", fatal=False, line=3),
    ),
    (
        an_error("Lexical error"),
        told(UNPARSABLE, "Semgrep could not read it from line 3 to line 4", fatal=False, line=3),
    ),
    (
        an_error(["PartialParsing", FROM_2_TO_9]),
        told(UNPARSABLE, "Semgrep could not read it from line 2 to line 9", fatal=False, line=2),
    ),
    (an_error("Timeout", rule_id="slow"), told(TIMEOUT, "Semgrep ran out of time in slow")),
    (
        an_error("Fixpoint timeout"),
        told(TIMEOUT, "Semgrep gave up following values through a function", fatal=False),
    ),
    (an_error("Out of memory"), told(NOT_SCANNED, "Semgrep ran out of memory")),
    (an_error("Stack overflow"), told(NOT_SCANNED, "Semgrep ran out of stack")),
    (an_error("Something new"), told(NOT_SCANNED, "Semgrep failed (Something new)")),
    (an_error("Fatal error", None, severity="error"), told(FAILED, "Fatal error: why", path=None)),
    (an_error("SemgrepWarning", None), told(FAILED, "SemgrepWarning: why", path=None, fatal=False)),
    (
        an_error(["IncompatibleRule", {}], "/s/rules.json", rule_id="new"),
        told(FAILED, "rule new is not run by Semgrep: why", path=None),
    ),
    (  # as the classic front end writes it
        {"type": "Syntax error", "level": "warn", "path": "/s/a.py", "message": "m"},
        told(UNPARSABLE, "Semgrep could not read it", fatal=False),
    ),
]


@pytest.mark.parametrize(("error", "failure"), ERRORS)
def test_what_semgrep_could_not_do_is_told(error: dict[str, object], failure: Failure) -> None:
    answer = read_answer(json.dumps({"errors": [error, error], "paths": {"scanned": []}}).encode())
    assert failures(answer, {"/s/a.py": StagedFile("a.py", "src/a.py", "")}) == (failure,)


def test_a_trace_through_calls_goes_from_the_innermost_source_to_the_innermost_sink() -> None:
    text = "".join(f"line {number}\n" for number in range(1, 10))

    def place(line: int, path: str = "/s/a.py") -> dict[str, object]:
        return {"path": path, "start": {"line": line, "col": 1}, "end": {"line": line, "col": 5}}

    def at(line: int) -> list[object]:
        return [place(line), f"v{line}"]

    trace = {
        "taint_source": ["CliCall", [at(2), [], ["CliLoc", at(1)]]],
        "intermediate_vars": [{"location": where, "content": "v"} for where in (place(3), place(4, "/elsewhere"))],
        "taint_sink": ["CliCall", [at(5), [], ["CliCall", [at(6), [], ["CliLoc", at(7)]]]]],
    }
    result = {"check_id": "dynamic-eval", **place(7), "extra": {"dataflow_trace": trace}}
    (rule,) = compile_packs({"a.yaml": PACK.encode()}).rules
    answer = read_answer(json.dumps({"results": [result], "paths": {"scanned": []}}).encode())
    file = StagedFile("a.py", "src/a.py", text)
    (finding,) = findings(answer, {"dynamic-eval": rule}, {"/s/a.py": file})
    assert [step.snippet for step in finding.trace] == [f"line {number}" for number in (1, 2, 3, 5, 6, 7)]
    assert finding.message == rule.rule.summary


def test_rules_that_stop_on_one_file_are_told_together() -> None:
    errors = [an_error("Timeout", rule_id=name) for name in ("b", "a", "b")]
    answer = read_answer(json.dumps({"errors": errors, "paths": {"scanned": []}}).encode())
    (failure,) = failures(answer, {"/s/a.py": StagedFile("a.py", "src/a.py", "")})
    assert failure.detail == "Semgrep ran out of time in a, b"


def test_a_file_that_was_skipped_is_told_and_a_rule_that_had_nothing_to_do_is_not() -> None:
    skipped = [
        {"path": "/s/a.py", "reason": "too_big"},
        {"path": "/s/a.py", "reason": "irrelevant_rule", "rule_id": "x"},
    ]
    answer = read_answer(json.dumps({"paths": {"scanned": [], "skipped": skipped}}).encode())
    (failure,) = failures(answer, {"/s/a.py": StagedFile("a.py", "src/a.py", "")})
    assert (failure.kind, failure.detail, failure.fatal) == (
        FailureKind.NOT_SCANNED,
        "Semgrep left it out: too_big",
        True,
    )


@pytest.mark.parametrize(
    "data", [b"", b"...", b"[]", b"{", b'{"paths": []}', b'x{"paths": {"scanned": []}}', b"\xff{}"]
)
def test_what_is_no_answer_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_answer(data)
