"""The GitHub Action's logic with fake runner files, and what its definition promises."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard import scan as real
from codeguard.action.changed import Event, changed_files, event
from codeguard.action.render import EACH_LEVEL, ROWS, annotation_lines, command, markdown, summary
from codeguard.action.run import main, read_inputs
from codeguard.config.verdict import Exit
from codeguard.errors import UsageError
from codeguard.model import (
    Category,
    Confidence,
    Failure,
    FailureKind,
    FileRecord,
    FileStatus,
    Finding,
    Report,
    Rule,
    Severity,
    Span,
)
from codeguard.source.history import UnknownChangesError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from codeguard.config.model import Config

ROOT = Path(__file__).parent.parent
RULE = Rule(
    "CGS001", "eval-of-input", "Input runs.", Category.SECURITY, Severity.HIGH, Confidence.HIGH, "native", cwe=(95,)
)


def finding(
    severity: Severity = Severity.HIGH, path: str = "pkg/a.py", message: str = "Input runs as code.", line: int = 1
) -> Finding:
    return Finding(
        "CGS001", path, Span(line, 0, line, 13), message, Category.SECURITY, severity, Confidence.HIGH, "native", (95,),
        ("native:CGS001",), "eval(input())", fingerprint="f",
    )  # fmt: skip


class Runner:
    """A runner's workspace, files and environment, with a fake scan in the Action's place."""

    def __init__(self, folder: Path) -> None:
        self.workspace = folder / "work"
        self.temp = folder / "temp"
        self.workspace.mkdir()
        self.temp.mkdir()
        self.environment = {
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(folder / "output"),
            "GITHUB_STEP_SUMMARY": str(folder / "summary"),
            "GITHUB_EVENT_PATH": str(folder / "event.json"),
            "GITHUB_EVENT_NAME": "push",
        }
        self.payload({})
        self.findings: tuple[Finding, ...] = ()
        self.changes: dict[str, Any] = {}
        self.paths: tuple[str, ...] | None = None
        self.config: Config | None = None
        self.since: str | None = None
        self.error: Exception | None = None

    def payload(self, value: object) -> None:
        Path(self.environment["GITHUB_EVENT_PATH"]).write_text(json.dumps(value))

    def write(self, name: str, text: str = "x = 1\n") -> None:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def scan(self, paths: Sequence[str], config: Config, *, since: str, changed_only: bool) -> Report:
        assert not changed_only  # the action has chosen the paths itself
        self.paths, self.config, self.since = tuple(paths), config, since
        if self.error is not None:
            raise self.error
        files = (FileRecord("pkg/a.py", FileStatus.ANALYSED, lines=1, size=14),)
        report = Report(str(self.workspace), self.findings, files, {"CGS001": RULE}, version="1")
        return replace(report, **self.changes)

    def run(self, **inputs: str) -> int:
        given_inputs = {f"CODEGUARD_{name.upper()}": value for name, value in inputs.items()}
        return main({**self.environment, **given_inputs})

    @property
    def outputs(self) -> dict[str, str]:
        lines = Path(self.environment["GITHUB_OUTPUT"]).read_text().splitlines()
        return dict(line.split("=", 1) for line in lines)

    @property
    def summary(self) -> str:
        return Path(self.environment["GITHUB_STEP_SUMMARY"]).read_text()


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Runner:
    fake = Runner(tmp_path)
    monkeypatch.setattr(real, "scan", fake.scan)
    monkeypatch.setattr(real, "catalogue", lambda _=None: {"CGS001": RULE})
    monkeypatch.chdir(tmp_path)
    fake.write("pkg/a.py", "eval(input())\n")
    return fake


# ---- a whole run


def test_a_clean_run_sets_every_output(runner: Runner) -> None:
    assert runner.run() == 0
    sarif = runner.temp / "codeguard.sarif"
    assert runner.outputs == {"findings": "0", "errors": "0", "complete": "true", "status": "0", "sarif": str(sarif)}
    assert json.loads(sarif.read_text())["version"] == "2.1.0"
    assert "No findings in 1 file: passed." in runner.summary


def test_findings_fail_the_job_and_are_written_everywhere(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    runner.findings = (finding(), finding(Severity.LOW))
    assert runner.run() == 1
    assert (runner.outputs["findings"], runner.outputs["errors"], runner.outputs["status"]) == ("2", "1", "1")
    assert "2 findings (1 high, 1 low) in 1 file: **failed**." in runner.summary
    assert "| high | CGS001 | pkg&#47;a&#46;py&#58;1 | Input runs as code&#46; |" in runner.summary
    lines = capfd.readouterr().out.splitlines()
    title = "title=codeguard%3A CGS001 eval-of-input"
    assert f"::error file=pkg/a.py,line=1,endLine=1,col=1,endColumn=14,{title}::Input runs as code." in lines
    assert f"::notice file=pkg/a.py,line=1,endLine=1,col=1,endColumn=14,{title}::Input runs as code." in lines


def test_an_incomplete_scan_fails_the_job_and_says_why(runner: Runner) -> None:
    runner.changes = {"failures": (Failure("b.py", "native", FailureKind.TIMEOUT, "took too long"),)}
    assert runner.run(fail_on="never") == 3
    assert (runner.outputs["complete"], runner.outputs["status"]) == ("false", "3")
    assert "- b&#46;py&#58; native&#58; took too long" in runner.summary


def test_the_inputs_reach_the_scan(runner: Runner) -> None:
    runner.write("with space/b.py")
    runner.run(paths="pkg\n'with space'", severity="low", confidence="medium", fail_on="critical", profile="strict")
    assert runner.paths == ("pkg", "with space")
    assert runner.config is not None
    selection = runner.config.selection
    assert (selection.severity, selection.confidence, selection.profile) == (Severity.LOW, Confidence.MEDIUM, 1)
    assert runner.config.fail_on is Severity.CRITICAL


def test_the_report_goes_where_it_is_wanted(runner: Runner) -> None:
    runner.run(sarif_file="out.sarif", category="api")
    run = json.loads((runner.workspace / "out.sarif").read_text())["runs"][0]
    assert runner.outputs["sarif"] == "out.sarif"
    assert run["automationDetails"]["id"] == "codeguard/api/"


@pytest.mark.parametrize(
    ("inputs", "answer"),
    [
        ({"paths": "nope"}, "the input paths names 'nope', which does not exist"),
        ({"paths": "'open"}, "the input paths has an open quote"),
        ({"severity": "hgh"}, "--severity must be one of"),
        ({"changed_only": "maybe"}, "the input changed-only must be true or false, not 'maybe'"),
        ({"untrusted": "maybe"}, "the input untrusted must be true or false or auto, not 'maybe'"),
        ({"sarif_file": "a\nb=c"}, "the input sarif-file holds a control character"),
    ],
)
def test_a_wrong_input_is_an_annotation_and_status_2(
    runner: Runner, capfd: pytest.CaptureFixture[str], inputs: dict[str, str], answer: str
) -> None:
    assert runner.run(**inputs) == 2
    assert capfd.readouterr().out.startswith(f"::error::codeguard: {answer}")
    assert (runner.outputs["complete"], runner.outputs["status"], runner.outputs["sarif"]) == ("false", "2", "")
    assert "**Not scanned:**" in runner.summary


def test_an_unforeseen_error_does_not_look_clean(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    runner.error = ZeroDivisionError("100%\n::set-output")
    assert runner.run() == 3
    assert capfd.readouterr().out == "::error::codeguard: internal error: ZeroDivisionError: 100%25 ::set-output\n"
    assert runner.outputs["complete"] == "false"


def test_without_a_runner_the_scan_still_takes_place(runner: Runner) -> None:
    for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", "GITHUB_EVENT_PATH", "GITHUB_EVENT_NAME"):
        del runner.environment[name]
    assert runner.run() == 0


# ---- trust

TRUST = [
    # event, input, trusted
    ("push", "auto", True),
    ("pull_request", "auto", False),
    ("pull_request_target", "auto", False),
    ("merge_group", "auto", False),
    ("schedule", "", True),
    ("push", "true", False),
    ("pull_request", "false", True),
]


@pytest.mark.parametrize(("name", "untrusted", "trusted"), TRUST)
def test_proposed_code_is_untrusted_by_default(runner: Runner, name: str, untrusted: str, *, trusted: bool) -> None:
    runner.environment["GITHUB_EVENT_NAME"] = name
    runner.write("codeguard.toml", 'fail-on = "never"\nprofile = "audit"\n')
    runner.run(untrusted=untrusted)
    assert runner.config is not None
    assert runner.config.trusted is trusted
    assert runner.config.fail_on is (None if trusted else Severity.MEDIUM)


def test_what_an_untrusted_tree_asks_for_in_vain_is_shown(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    runner.environment["GITHUB_EVENT_NAME"] = "pull_request"
    runner.write("codeguard.toml", 'fail-on = "never"\n')
    runner.run()
    assert "::notice::codeguard: codeguard.toml: fail-on not heeded: the tree is untrusted" in capfd.readouterr().out
    assert "fail&#45;on not heeded" in runner.summary


# ---- hostile text


def test_no_line_of_the_tree_is_a_command_to_the_runner(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    source = "::error::forged\n::set-env name=PATH::/tmp\neval(input())\n"
    runner.findings = (finding(path="::error::x\n::warning::y.py", message="a\n::error::b", line=3),)
    runner.changes = {"texts": {"::error::x\n::warning::y.py": source}}
    runner.run()
    lines = capfd.readouterr().out.splitlines()
    stops = [line for line in lines if line.startswith("::stop-commands::")]
    assert len(stops) == 1
    token = stops[0].removeprefix("::stop-commands::")
    assert re.fullmatch(r"[0-9a-f]{32}", token)
    start, end = lines.index(stops[0]), lines.index(f"::{token}::")
    commands = [line for number, line in enumerate(lines) if line.startswith("::") and not start <= number <= end]
    assert len(commands) == 1
    assert commands[0].startswith("::error file=%3A%3Aerror%3A%3Ax\\x0a%3A%3Awarning%3A%3Ay.py,line=3,")


TEXT = st.text(st.characters(codec=None, exclude_categories=[]), max_size=40)


@given(TEXT, TEXT)
def test_a_command_is_one_line_that_reads_back_as_it_was(message: str, value: str) -> None:
    line = command("error", message, file=value, line=1)
    assert "\n" not in line
    assert "\r" not in line
    match = re.fullmatch(r"::error file=([^:,]*),line=1::(.*)", line, re.DOTALL)
    assert match

    def decoded(text: str) -> str:
        for code, char in (("%2C", ","), ("%3A", ":"), ("%0A", "\n"), ("%0D", "\r"), ("%25", "%")):
            text = text.replace(code, char)
        return text

    assert (decoded(match[1]), decoded(match[2])) == (value, message)


@given(TEXT)
def test_markdown_holds_no_character_that_could_mean_something(text: str) -> None:
    shown = re.sub(r"&#\d+;", "", markdown(text))
    assert all(char.isalnum() or char == " " or ord(char) > 127 for char in shown)
    assert shown.isprintable()


def test_the_summary_is_cut_with_a_count() -> None:
    report = Report("/x", tuple(finding(line=n + 1, message="x" * 5000) for n in range(ROWS + 7)), (), {})
    text = summary(report, status=Exit.FINDINGS)
    assert text.count("| high |") == ROWS
    assert "7 more are in the SARIF report." in text
    assert len(text) < 100_000


def test_only_as_many_annotations_as_github_shows_the_worst_first() -> None:
    many = [finding(Severity.HIGH, line=n + 1) for n in range(EACH_LEVEL + 5)]
    report = Report("/x", (*many, finding(Severity.CRITICAL, "z.py"), finding(Severity.LOW)), (), {})
    lines = list(annotation_lines(report, base="sub"))
    assert len([line for line in lines if line.startswith("::error ")]) == EACH_LEVEL
    assert lines[0].startswith("::error file=sub/z.py,")
    assert lines[-1].startswith("::notice ")


def test_a_finding_over_several_lines_has_no_columns() -> None:
    wide = replace(finding(), span=Span(1, 4, 3, 2))
    assert "col=" not in next(annotation_lines(Report("/x", (wide,), (), {}), base=""))


# ---- events

SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("name", "payload", "base"),
    [
        ("pull_request", {"pull_request": {"base": {"sha": SHA}}}, SHA),
        ("pull_request_target", {"pull_request": {"base": {"sha": SHA}}}, SHA),
        ("merge_group", {"merge_group": {"base_sha": SHA}}, SHA),
        ("push", {"before": SHA}, None),
        ("pull_request", {"pull_request": {"base": {"sha": "--output=x"}}}, None),
        ("pull_request", {"pull_request": {"base": "x"}}, None),
        ("pull_request", [], None),
        ("pull_request", "no JSON object", None),
    ],
)
def test_the_payload_names_the_commit_to_compare_with(
    runner: Runner, name: str, payload: object, base: str | None
) -> None:
    runner.environment["GITHUB_EVENT_NAME"] = name
    runner.payload(payload)
    assert event(runner.environment) == Event(name, base)


def test_a_missing_or_broken_payload_names_no_commit(runner: Runner) -> None:
    runner.environment["GITHUB_EVENT_NAME"] = "pull_request"
    Path(runner.environment["GITHUB_EVENT_PATH"]).write_bytes(b"\xff{")
    assert event(runner.environment).base is None
    del runner.environment["GITHUB_EVENT_PATH"]
    assert event(runner.environment).base is None


# ---- changed files

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


class Repository:
    """A real repository in the runner's workspace."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.git("init", "-q", "-b", "main")

    def git(self, *arguments: str) -> str:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"]
        done = subprocess.run(
            ["git", *identity, *arguments], cwd=self.folder, check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    def commit(self) -> str:
        self.git("add", "-A")
        self.git("commit", "-qm", "x", "--allow-empty")
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def repository(runner: Runner) -> Repository:
    for name in ("kept.py", "changed.py", "removed.py", "other/changed.py"):
        runner.write(name)
    return Repository(runner.workspace)


def propose(runner: Runner, base: str) -> None:
    runner.environment["GITHUB_EVENT_NAME"] = "pull_request"
    runner.payload({"pull_request": {"base": {"sha": base}}})


@needs_git
def test_a_proposed_change_is_compared_with_its_base_and_a_push_with_nothing(
    runner: Runner, repository: Repository
) -> None:
    base = repository.commit()
    runner.run()
    assert runner.since == ""
    propose(runner, base)
    runner.run()
    assert runner.since == base
    propose(runner, "0" * 40)
    runner.run()
    assert runner.since == "0" * 40


@needs_git
def test_only_the_changed_python_files_of_the_wanted_paths_are_scanned(runner: Runner, repository: Repository) -> None:
    base = repository.commit()
    runner.write("changed.py", "y = 2\n")
    runner.write("other/changed.py", "y = 2\n")
    runner.write("-n\new.py")
    runner.write("notes.txt")
    runner.write("tool", "#!/usr/bin/env python3\n")
    runner.write("script", "#!/bin/sh\n")
    (runner.workspace / "removed.py").unlink()
    (runner.workspace / "link.py").symlink_to("kept.py")
    repository.commit()
    propose(runner, base)
    runner.run(changed_only="true")
    assert runner.paths == ("-n\new.py", "changed.py", "other/changed.py", "tool")
    runner.run(changed_only="true", paths="other")
    assert runner.paths == ("other/changed.py",)


@needs_git
def test_nothing_changed_means_an_empty_report_and_no_scan(runner: Runner, repository: Repository) -> None:
    base = repository.commit()
    propose(runner, base)
    assert runner.run(changed_only="true") == 0
    assert runner.paths is None
    assert json.loads((runner.temp / "codeguard.sarif").read_text())["runs"][0]["results"] == []


@needs_git
def test_a_merge_is_compared_with_what_it_is_merged_into(runner: Runner, repository: Repository) -> None:
    old = repository.commit()
    repository.git("checkout", "-qb", "topic")
    runner.write("topic.py")
    repository.commit()
    repository.git("checkout", "-q", "main")
    runner.write("landed_meanwhile.py")
    repository.commit()
    repository.git("merge", "-q", "--no-ff", "-m", "x", "topic")
    assert changed_files(runner.workspace, old) == ("topic.py",)


@needs_git
@pytest.mark.parametrize("pack", [False, True])
def test_packed_and_loose_repositories_read_alike(runner: Runner, repository: Repository, *, pack: bool) -> None:
    base = repository.commit()
    runner.write("new.py")
    repository.commit()
    if pack:
        repository.git("gc", "-q")
        repository.git("pack-refs", "--all")
    assert changed_files(runner.workspace, base) == ("new.py",)
    repository.git("checkout", "-q", "--detach")
    assert changed_files(runner.workspace, base) == ("new.py",)


@needs_git
def test_everything_is_scanned_where_the_base_was_not_fetched(
    runner: Runner, repository: Repository, capfd: pytest.CaptureFixture[str]
) -> None:
    repository.commit()
    propose(runner, SHA)
    runner.run(changed_only="true")
    assert runner.paths == (".",)
    assert (
        "::notice::codeguard: everything is scanned, because git could not compare the commits"
        in capfd.readouterr().out
    )
    assert "everything is scanned" in runner.summary


def test_everything_is_scanned_outside_of_a_checkout(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    propose(runner, SHA)
    runner.run(changed_only="true")
    assert runner.paths == (".",)
    assert "the workspace is no git checkout" in capfd.readouterr().out


def test_everything_is_scanned_on_a_push(runner: Runner, capfd: pytest.CaptureFixture[str]) -> None:
    runner.run(changed_only="true")
    assert runner.paths == (".",)
    assert "changed-only is for pull requests" in capfd.readouterr().out


@pytest.mark.parametrize(
    "head", ["ref: ../../etc/passwd", "ref: refs/../../x", "ref: refs/heads/none", "x", "", "--help"]
)
def test_a_forged_head_is_no_commit(runner: Runner, head: str) -> None:
    (runner.workspace / ".git").mkdir()
    (runner.workspace / ".git" / "HEAD").write_text(head)
    (runner.workspace / ".git" / "packed-refs").write_text("# x\n")
    with pytest.raises(UnknownChangesError):
        changed_files(runner.workspace, SHA)


@needs_git
def test_git_runs_nothing_that_the_repository_names(runner: Runner, repository: Repository, tmp_path: Path) -> None:
    marker = tmp_path / "executed"
    base = repository.commit()
    runner.write("changed.py", "y = 2\n")
    runner.write(".gitattributes", "*.py diff=evil filter=evil\n")
    repository.commit()
    evil = f"touch {marker};:"
    for key in ("core.fsmonitor", "diff.external", "diff.evil.textconv", "diff.evil.command", "filter.evil.clean",
                "filter.evil.smudge", "core.sshCommand", "core.pager", "credential.helper"):  # fmt: skip
        repository.git("config", key, evil)
    hooks = runner.workspace / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for name in ("post-index-change", "reference-transaction", "post-checkout"):
        (hooks / name).write_text(f"#!/bin/sh\ntouch {marker}\n")
        (hooks / name).chmod(0o755)
    (tmp_path / "evil.config").write_text(f"[diff]\n\texternal = touch {marker}\n")
    marker.unlink(missing_ok=True)
    assert changed_files(runner.workspace, base) == (".gitattributes", "changed.py")
    assert not marker.exists()


# ---- the definition


def test_the_definition_and_the_script_agree_on_the_inputs() -> None:
    definition = (ROOT / "action.yml").read_text()
    passed = set(re.findall(r"CODEGUARD_([A-Z_]+): \$\{\{ inputs\.", definition)) - {"VERSION"}
    declared = re.findall(
        r"^  ([a-z-]+):$", definition.partition("\noutputs:")[0].partition("\ninputs:")[2], re.MULTILINE
    )
    elsewhere = {"upload", "python-version", "version"}
    assert {name.upper().replace("-", "_") for name in declared if name not in elsewhere} == passed
    for name in passed:
        with pytest.raises(UsageError):  # every one of them is read: a control character or a wrong value is noticed
            read_inputs({f"CODEGUARD_{name}": "'\x01"})


def test_the_definition_and_the_script_agree_on_the_outputs(runner: Runner) -> None:
    runner.run()
    declared = re.findall(
        r"steps\.scan\.outputs\.([a-z]+) \}\}\n  [a-z]|steps\.scan\.outputs\.([a-z]+) \}\}\n\nruns",
        (ROOT / "action.yml").read_text(),
    )
    assert {a or b for a, b in declared} == set(runner.outputs)


def every_use() -> list[tuple[str, str]]:
    files = [ROOT / "action.yml", *(ROOT / ".github" / "workflows").glob("*.yml"), ROOT / "docs/examples/workflow.yml"]
    return [(file.name, use) for file in files for use in re.findall(r"uses: (\S+)", file.read_text())]


@pytest.mark.parametrize(("file", "use"), every_use())
def test_every_action_of_others_is_pinned_to_a_commit(file: str, use: str) -> None:
    assert use == "$/" or re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", use), file


def test_no_expression_stands_in_a_script() -> None:
    for file in (ROOT / "action.yml", ROOT / ".github/workflows/ci.yml"):
        scripts = re.findall(r"run: \|?\n?((?:.|\n)*?)(?=\n\n|\n    - |\n      - |\Z)", file.read_text())
        assert scripts
        assert not [script for script in scripts if "${{" in script]


def test_every_python_of_the_action_is_isolated_from_the_checkout() -> None:
    calls = re.findall(
        r'^\s+"\$CODEGUARD_(?:PYTHON|VENV/bin/python)" (\S+)', (ROOT / "action.yml").read_text(), re.MULTILINE
    )
    assert calls == ["-I", "-I", "-I"]


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("vendor.github-actions", "action.yml"),
        ("vendor.github-workflows", ".github/workflows/ci.yml"),
        ("vendor.github-workflows", "docs/examples/workflow.yml"),
    ],
)
def test_the_definitions_follow_their_schemas(schema: str, file: str, call_tool: Callable[..., str]) -> None:
    assert "ok" in call_tool("check-jsonschema", "--builtin-schema", schema, file)


def test_zizmor_has_nothing_to_say_of_them(call_tool: Callable[..., str]) -> None:
    call_tool("zizmor", "--offline", "--no-progress", "action.yml", ".github/workflows", "docs/examples/workflow.yml")


@pytest.fixture
def call_tool() -> Callable[..., str]:
    """Run a tool that is no dependency of the project, in its root; skips where it is not installed."""

    def call(name: str, *arguments: str) -> str:
        path = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        done = subprocess.run([path, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return call
