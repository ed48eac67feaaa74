"""Semgrep run for real, over staged files that the tests write, with a pack of their own."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.engines import semgrep
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.semgrep import SemgrepEngine, shards
from codeguard.engines.semgrep_core import Install, Limits, find_install
from codeguard.model import Category, Confidence, Failure, FailureKind, Fix, Severity, Span

META = """
    metadata:
      id: {id}
      category: security
      severity: high
      confidence: medium
      profile: default
      summary: A summary
      help: A help
      fix: Do otherwise.
      cwe: [95, 94]
      aliases: []
"""

RULES = {
    "dynamic-eval": "pattern: eval($X)",
    "shell-of-input": """mode: taint
    pattern-sources:
      - pattern: input(...)
      - pattern: $R.args.get(...)
    pattern-sanitizers:
      - pattern: shlex.quote(...)
    pattern-sinks:
      - patterns:
          - pattern: os.system($C)
          - focus-metavariable: $C""",
    "print-in-handler": """patterns:
      - pattern: print(...)
      - pattern-inside: |
          @app.route(...)
          def $F(...): ...
      - pattern-not: print("ok")""",
    "odd-name": """patterns:
      - pattern: $F($...A)
      - metavariable-regex:
          metavariable: $F
          regex: ^odd_.*""",
    "short-key": """patterns:
      - pattern: key_size($N)
      - metavariable-comparison:
          metavariable: $N
          comparison: $N < 2048""",
}

SAMPLE = """\
import os, shlex
from flask import Flask, request
app = Flask(__name__)

@app.route("/a")
def view():
    print("ok")
    print("é", request.args.get("q"))
    command = request.args.get("cmd")
    os.system("ls é😀 " + command)
    os.system("ls " + shlex.quote(command))

print("outside")
key_size(1024); key_size(4096)
odd_one(); even_one(odd_two(1, 2))
def ask():
    text = input()
    while text:
        os.system(f"echo {text}")
        text = text[1:]
eval(
    input()
)
"""


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packs")
    text = "rules:\n"
    for number, (name, pattern) in enumerate(RULES.items(), 901):
        text += (
            f"  - id: {name}\n    message: $X in {name}.\n    severity: ERROR\n    languages: [python]\n    {pattern}"
        )
        text += META.format(id=f"CGS{number}")
    (folder / "test.yaml").write_text(text, encoding="utf-8")
    return folder


Scan = Callable[..., EngineResult]


def staged(root: Path, files: dict[str, str]) -> Stage:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8", newline="")
    return Stage(root, tuple(StagedFile(name, f"src/{name}", text) for name, text in files.items()))


@pytest.fixture
def scan(packs: Path, tmp_path: Path) -> Scan:
    """Stage files (name -> text) and scan them; reports say `src/` before each name."""

    def scan_files(
        files: dict[str, str],
        *,
        front_end: str = "core",
        jobs: int = 1,
        wanted: frozenset[str] | None = None,
        limits: Limits | None = None,
        before: Callable[[Path], object] = lambda _: None,
    ) -> EngineResult:
        stage = staged(tmp_path / "stage", files)
        before(stage.root)
        engine = SemgrepEngine(packs=packs, cache=tmp_path / "cache", limits=limits, find=lambda: installed(front_end))
        scratch = tmp_path / "scratch"
        scratch.mkdir(exist_ok=True)
        return engine.run(stage, EngineSettings(jobs=jobs, timeout=120, scratch=scratch, wanted=wanted))

    return scan_files


def installed(front_end: str) -> Install:
    install = find_install()
    return install if front_end == "core" else replace(install, core=None)


def places(result: EngineResult) -> list[tuple[str, str, Span]]:
    return [(finding.rule_id, finding.path, finding.span) for finding in result.findings]


both_front_ends = pytest.mark.parametrize("front_end", ["core", pytest.param("classic", marks=pytest.mark.slow)])


@both_front_ends
def test_columns_are_code_points_whatever_stands_before(front_end: str, scan: Scan) -> None:
    result = scan({"a.py": "s = \"é😀\"; eval(input())\ny = eval('''é\n😀''')\n"}, front_end=front_end)
    assert [span for _, _, span in places(result)] == [Span(1, 10, 1, 23), Span(2, 4, 3, 5)]
    assert (result.failures, result.scanned) == ((), {"a.py"})


def test_a_finding_says_what_its_rule_and_its_place_say(scan: Scan) -> None:
    (finding,) = scan({"pkg/a.py": "def f(q):\n    return eval(q)\n"}).findings
    assert finding.message == "q in dynamic-eval."
    assert (finding.rule_id, finding.path, finding.engine) == ("CGS901", "src/pkg/a.py", "semgrep")
    assert (finding.category, finding.severity, finding.confidence) == (
        Category.SECURITY,
        Severity.HIGH,
        Confidence.MEDIUM,
    )
    assert (finding.cwe, finding.seen_by) == ((95, 94), ("semgrep:dynamic-eval",))
    assert (finding.snippet, finding.fix, finding.trace) == ("return eval(q)", Fix("Do otherwise."), ())
    assert finding.fingerprint == ""


def test_a_message_with_much_code_in_it_is_one_short_line(scan: Scan) -> None:
    (finding,) = scan({"a.py": f"eval(\n    [{'1, ' * 400}]\n)\n"}).findings
    assert len(finding.message) == 400
    assert "\n" not in finding.message


def test_a_taint_finding_traces_the_value_from_source_to_sink(scan: Scan) -> None:
    result = scan({"a.py": 'import os\ndef f():\n    é = input()\n    b = "é" + é\n    os.system("é" + b)\n'})
    (finding,) = result.findings
    assert [(step.path, step.span, step.message, step.snippet) for step in finding.trace] == [
        ("src/a.py", Span(3, 8, 3, 15), "the value comes from here", "é = input()"),
        ("src/a.py", Span(3, 4, 3, 5), "it is kept in `é`", "é = input()"),
        ("src/a.py", Span(4, 4, 4, 5), "it is kept in `b`", 'b = "é" + é'),
        ("src/a.py", Span(5, 14, 5, 21), "it is used here", 'os.system("é" + b)'),
    ]


SILENCERS = """\
eval(a)  # nosem
eval(b)  # nosemgrep
eval(c)  # nosemgrep: dynamic-eval
eval(d)  # NOSEM: test.dynamic-eval, other
# nosemgrep: dynamic-eval
eval(e)
eval("nosem")
eval(f) or print('''# nosem''')
eval(g)  # type: ignore # noqa # nosec # nosem
"""


@both_front_ends
def test_no_comment_and_no_string_silences_a_finding(front_end: str, scan: Scan) -> None:
    found = places(scan({"a.py": SILENCERS}, front_end=front_end))
    assert [span.start_line for _, _, span in found] == [1, 2, 3, 4, 6, 7, 8, 9]


@both_front_ends
def test_nothing_in_the_stage_hides_a_file(front_end: str, scan: Scan) -> None:
    def hide(root: Path) -> None:
        for name in (".semgrepignore", ".gitignore", "pkg/.semgrepignore"):
            (root / name).write_text("*\n")
        (root / ".semgrep.yml").write_text("rules: []\n")
        (root / ".git").mkdir()
        (root / ".git" / "config").write_text("[core]\n\tfsmonitor = touch executed; false\n")

    big = "# " + "x" * 1_100_000 + "\neval(1)\n"
    names = ["tests/test_a.py", "node_modules/b.py", "vendor/c.py", "build/d_pb2.py", "pkg/e.min.py", "pkg/big.py"]
    files = {name: big if "big" in name else "eval(1)\n" for name in names}
    result = scan(files, front_end=front_end, before=hide)
    assert {path for _, path, _ in places(result)} == {f"src/{name}" for name in names}
    assert (result.scanned, result.failures) == (set(names), ())


def test_names_of_any_kind_come_back_as_they_went(scan: Scan) -> None:
    names = ["-rules.py", 'sp ace\n"\\.py', "é😀.py", "b\udcff.py", "no_suffix", "%41.py", "a'b;c.py"]
    if sys.platform in {"darwin", "win32"}:
        names = ["-rules.py", "sp ace.py", "é😀.py", "no_suffix", "%41.py"]
    result = scan(dict.fromkeys(names, "eval(1)\n"))
    assert {path for _, path, _ in places(result)} == {f"src/{name}" for name in names}
    assert (result.scanned, result.failures) == (set(names), ())


@pytest.mark.slow
def test_the_core_and_the_classic_front_end_find_the_same(scan: Scan) -> None:
    files = {"sample.py": SAMPLE, "pkg/again.py": SAMPLE.replace("    ", "\t"), "pkg/silent.py": "print(1)\n"}
    files["broken.py"] = "eval(1)\nx = (\neval(2)\n\ndef f(:\n    eval(3)\n"
    core, classic = scan(files), scan(files, front_end="classic")
    assert places(core) == places(classic)
    assert {rule for rule, _, _ in places(core)} == {f"CGS{number}" for number in range(901, 906)}
    assert [finding.message for finding in core.findings] == [finding.message for finding in classic.findings]
    assert (core.failures, core.scanned) == (classic.failures, classic.scanned)


def test_each_kind_of_rule_finds_what_it_must_and_no_more(scan: Scan) -> None:
    found = [(rule, span.start_line, span.start_col) for rule, _, span in places(scan({"a.py": SAMPLE}))]
    assert sorted(found) == [
        ("CGS901", 21, 0),
        ("CGS902", 10, 14),
        ("CGS902", 19, 18),
        ("CGS903", 8, 4),
        ("CGS904", 15, 0),
        ("CGS904", 15, 20),
        ("CGS905", 14, 0),
    ]


@pytest.mark.parametrize("jobs", [2, 5])
def test_shards_find_what_one_run_finds(jobs: int, scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {f"f{number}.py": SAMPLE + f"eval({number})\n" for number in range(7)}
    one = scan(files)
    monkeypatch.setattr(semgrep, "SHARD_SIZE", 1)
    assert scan(files, jobs=jobs) == one
    assert len(one.findings) == 7 * 8


FILES = st.lists(st.integers(0, 3 * semgrep.SHARD_SIZE), max_size=30)


@given(FILES, st.integers(1, 8))
def test_shards_hold_each_file_once_and_are_as_many_as_pay(sizes: list[int], jobs: int) -> None:
    files = [StagedFile(str(number), str(number), " " * size) for number, size in enumerate(sizes)]
    parts = shards(files, jobs)
    assert sorted(file.name for part in parts for file in part) == sorted(file.name for file in files)
    assert len(parts) <= max(1, min(jobs, sum(sizes) // semgrep.SHARD_SIZE))
    totals = [sum(len(file.text) for file in part) for part in parts]
    assert max(totals) - min(totals) <= max(sizes, default=0) or len(parts) == 1


def test_only_the_wanted_rules_run(scan: Scan) -> None:
    assert {rule for rule, _, _ in places(scan({"a.py": SAMPLE}, wanted=frozenset({"CGS904", "CGS001"})))} == {"CGS904"}


def test_where_no_rule_is_wanted_every_file_is_done_with(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(semgrep, "run")  # nothing is started
    assert scan({"a.py": SAMPLE}, wanted=frozenset({"CGS001"})) == EngineResult((), (), frozenset({"a.py"}))
    assert scan({}) == EngineResult((), (), frozenset())


def test_the_same_place_is_reported_once_a_rule(scan: Scan) -> None:
    (first, second) = scan({"a.py": "odd_one(1); odd_one(1)\n"}).findings
    assert (first.span.start_col, second.span.start_col) == (0, 12)


def test_the_canary_is_nobodys_finding(scan: Scan) -> None:
    result = scan({"a.py": "codeguard_canary_is_alive()\n"})
    assert (result.findings, result.failures, result.scanned) == ((), (), {"a.py"})


def test_a_file_that_is_read_in_part_is_told_and_leaves_the_scan_complete(scan: Scan) -> None:
    result = scan({"a.py": "x = 1\ndef (:\neval(1)\n", "b.py": "eval(1)\n"})
    (failure,) = result.failures
    assert (failure.path, failure.kind, failure.fatal) == ("src/a.py", FailureKind.UNPARSABLE, False)
    assert re.fullmatch(r"Semgrep could not read it from line \d+ to line \d+", failure.detail)
    assert result.scanned == {"b.py"}
    assert "src/b.py" in {path for _, path, _ in places(result)}


def test_a_file_that_is_gone_was_not_scanned(scan: Scan) -> None:
    result = scan({"a.py": "eval(1)\n", "b.py": "eval(1)\n"}, before=lambda root: (root / "b.py").unlink())
    detail = "Semgrep does not say that it scanned this file"
    assert result.failures == (Failure("src/b.py", "semgrep", FailureKind.NOT_SCANNED, detail),)
    assert result.scanned == {"a.py"}


def test_a_file_that_takes_too_long_is_told_and_the_others_are_scanned(scan: Scan) -> None:
    slow = "x = a" + ".b()" * 20_000 + "\neval(1)\n"
    limits = Limits(rule_seconds=0.3, timeouts_per_file=1)
    result = scan({"slow.py": slow, "b.py": "eval(1)\n"}, limits=limits)
    (failure,) = result.failures
    assert (failure.path, failure.kind, failure.fatal) == ("src/slow.py", FailureKind.TIMEOUT, True)
    assert failure.detail.startswith("Semgrep ran out of time in ")
    assert result.scanned == {"b.py"}


@pytest.mark.slow
def test_a_file_whose_matches_are_dropped_is_told(scan: Scan) -> None:
    (failure,) = scan({"a.py": "eval(x)\n" * 10_001}).failures
    assert (failure.path, failure.kind, failure.fatal) == ("src/a.py", FailureKind.LIMIT, True)
    assert failure.detail == "Semgrep matched too often, and the matches were dropped in dynamic-eval"


def test_a_rule_that_semgrep_does_not_read_is_told(packs: Path, tmp_path: Path) -> None:
    shutil.copy(packs / "test.yaml", tmp_path / "test.yaml")
    rule = "id: broken\n    message: m\n    severity: INFO\n    languages: [python]\n    pattern: eval($X"
    (tmp_path / "broken.yaml").write_text(f"rules:\n  - {rule}{META.format(id='CGS999')}")
    engine = SemgrepEngine(packs=tmp_path, cache=tmp_path / "cache")
    stage = staged(tmp_path / "stage", {"a.py": "eval(1)\n"})
    result = engine.run(stage, EngineSettings(jobs=1, timeout=60, scratch=tmp_path / "scratch"))
    (failure,) = result.failures
    assert (failure.path, failure.kind, failure.fatal) == (None, FailureKind.ENGINE_FAILED, True)
    assert failure.detail.startswith("rule broken is not run by Semgrep: Invalid pattern for Python")
    assert (len(result.findings), result.scanned) == (1, {"a.py"})


def test_what_a_run_leaves_is_in_its_scratch_folder(scan: Scan, tmp_path: Path) -> None:
    scan({"a.py": "eval(1)\n"})
    assert sorted(path.name for path in (tmp_path / "stage").iterdir()) == ["a.py"]
    rules = json.loads((tmp_path / "scratch" / "semgrep" / "rules.json").read_text("utf-8"))["rules"]
    assert [rule["id"] for rule in rules] == [*RULES, "codeguard-canary"]
