"""The command line: what it asks of a scan, what it writes where, and what it ends with."""

from __future__ import annotations

import io
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from codeguard import scan as real
from codeguard.cli import app as cli
from codeguard.cli.console import wants_color
from codeguard.cli.outputs import Target, targets, write
from codeguard.cli.progress import LIVE_EVERY, LOGGED_EVERY, QUIET_SECONDS, Line
from codeguard.config.model import Config
from codeguard.errors import OutputError, UsageError
from codeguard.model import (
    Category,
    Confidence,
    Failure,
    FailureKind,
    FileRecord,
    FileStatus,
    Finding,
    Profile,
    Report,
    Rule,
    Severity,
    Span,
)
from codeguard.report import FORMATS, Format

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

EVAL = Rule(
    "CGS001",
    "eval-of-input",
    "Text from outside runs as code.",
    Category.SECURITY,
    Severity.HIGH,
    Confidence.HIGH,
    "native",
    cwe=(95, 94),
    aliases=("bandit:B307",),
    help="Use `ast.literal_eval`.\n\n```python\neval(text)\n```\n",
)
B307 = Rule("bandit:B307", "eval", "eval.", Category.SECURITY, Severity.MEDIUM, Confidence.HIGH, "bandit", cwe=(78,))
B101 = Rule(
    "bandit:B101",
    "assert-used",
    "assert.",
    Category.SECURITY,
    Severity.LOW,
    Confidence.HIGH,
    "bandit",
    off_because="asserts are how tests speak",
)
STYLE = Rule(
    "CGT001", "long-line", "Long.", Category.STANDARDS, Severity.INFO, Confidence.HIGH, "native", profile=Profile.STRICT
)
SHELL = Rule("CGM001", "reverse-shell", "Shell.", Category.MALICIOUS, Severity.CRITICAL, Confidence.HIGH, "native")
RULES = {rule.id: rule for rule in (EVAL, B307, B101, STYLE, SHELL)}


def finding(severity: Severity = Severity.HIGH, path: str = "a.py") -> Finding:
    return Finding(
        "CGS001", path, Span(1, 0, 1, 13), "Input runs as code.", Category.SECURITY, severity, Confidence.HIGH, "native",
        (95,), ("native:CGS001",), "eval(input())", fingerprint="f",
    )  # fmt: skip


def report(*findings: Finding, **changes: Any) -> Report:
    files = (FileRecord("a.py", FileStatus.ANALYSED, lines=1, size=14),)
    base = Report("/x", findings, files, {f.rule_id: RULES[f.rule_id] for f in findings}, version="1", seconds=0.1)
    return replace(base, **changes)


CLEAN = report()
FOUND = report(finding())
LOST = Failure("b.py", "native", FailureKind.TIMEOUT, "took longer than 10 s")
INCOMPLETE = report(finding(), failures=(LOST,))


class Engine:
    """Stands in for the scan: answers with `report`, remembers what it was asked."""

    def __init__(self) -> None:
        self.report = CLEAN
        self.paths: tuple[str, ...] = ()
        self.config = Config()
        self.text: tuple[bytes, str] = (b"", "")
        self.raises: BaseException | None = None

    def scan(self, paths: Sequence[str], config: Config, *, progress: Any = None) -> Report:
        self.paths, self.config = tuple(paths), config
        if self.raises is not None:
            raise self.raises
        if progress is not None:
            progress.start(2)
            progress.advance("own checks", 2)
        return self.report

    def scan_text(self, text: bytes, config: Config, *, filename: str) -> Report:
        self.text, self.config = (text, filename), config
        return self.report


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Engine:
    """A fake scan, and an empty repository as working directory."""
    fake = Engine()
    monkeypatch.setattr(real, "scan", fake.scan)
    monkeypatch.setattr(real, "scan_text", fake.scan_text)
    monkeypatch.setattr(real, "catalogue", lambda _=None: RULES)
    monkeypatch.setattr(real, "engine_versions", lambda: {"native": "0.1", "semgrep": "not installed: no such module"})
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    (tmp_path / "a.py").write_text("eval(input())\n")
    return fake


@pytest.fixture
def run(
    engine: Engine,
    capfdbinary: pytest.CaptureFixture[bytes],
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Callable[..., Ran]]:
    """Run the command as the process would, with the real streams."""
    monkeypatch.setattr("signal.signal", lambda *_: None)
    path = list(sys.path)

    def call(*arguments: str) -> Ran:
        capfdbinary.readouterr()
        status = cli.run(arguments)
        out, err = capfdbinary.readouterr()
        return Ran(status, out.decode(), err.decode())

    yield call
    sys.path[:] = path


class Ran:
    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err


# ---- exit statuses

ENDINGS = [
    # report, options, status
    (CLEAN, [], 0),
    (FOUND, [], 1),
    (report(finding(Severity.LOW)), [], 0),
    (report(finding(Severity.LOW)), ["--fail-on", "low"], 1),
    (FOUND, ["--fail-on", "critical"], 0),
    (FOUND, ["--fail-on", "never"], 0),
    (FOUND, ["--exit-zero"], 0),
    (INCOMPLETE, [], 3),
    (INCOMPLETE, ["--exit-zero"], 3),
    (INCOMPLETE, ["--fail-on", "never"], 3),
    (replace(FOUND, interrupted=True), [], 130),
]


@pytest.mark.parametrize(("scanned", "options", "status"), ENDINGS)
def test_the_exit_status_follows_the_report(
    run: Callable[..., Ran], engine: Engine, scanned: Report, options: list[str], status: int
) -> None:
    engine.report = scanned
    assert run("scan", "a.py", *options).status == status


WRONG = [
    # arguments, what the one line must say
    (["scan"], "Missing argument"),
    (["scan", "nope.py"], "no such file or folder: nope.py"),
    (["scan", "nope\x1b[2J\u202e.py"], r"no such file or folder: nope\x1b[2J\u202e.py"),
    (["scan", ""], "no such file or folder: ''"),
    (["scan", "a.py", "-"], "- (standard input) cannot be scanned together with other paths"),
    (["scan", "--sevrity", "low", "a.py"], "Did you mean"),
    (["scan", "--sevrity", "low", "a.py"], "(see codeguard scan --help)"),
    (["scan", "--severity", "hgh", "a.py"], "--severity must be one of info, low, medium, high, critical, not 'hgh'; did you mean 'high'?"),
    (["scan", "--profile", "paranoid", "a.py"], "--profile must be one of default, strict, audit, not 'paranoid'"),
    (["scan", "--fail-on", "nevr", "a.py"], "--fail-on must be never or one of"),
    (["scan", "--select", "CGS01", "a.py"], "--select: unknown rule or selector 'CGS01'; did you mean 'CGS001'?"),
    (["scan", "--ignore", "CGS001,evil-of-input", "a.py"], "--ignore: unknown rule or selector 'evil-of-input'; did you mean 'eval-of-input'?"),
    (["scan", "--engine", "bandt", "a.py"], "--engine names 'bandt', which is no engine (native, bandit, ruff, semgrep, ty); did you mean 'bandit'?"),
    (["scan", "--no-engine", "native,bandit,ruff,semgrep,ty", "a.py"], "--no-engine leaves no engine to scan with"),
    (["scan", "--jobs", "many", "a.py"], "'many' is not a valid integer"),
    (["scan", "--jobs", "0", "a.py"], "--jobs must be a whole number of workers, at least 1, not 0"),
    (["scan", "--format", "xml", "a.py"], "unknown format 'xml' (text, json, sarif)"),
    (["scan", "--format", "sraif", "a.py"], "did you mean 'sarif'?"),
    (["scan", "--color", "sometimes", "a.py"], "--color must be one of auto, always, never, not 'sometimes'"),
    (["scan", "--config", "no.toml", "a.py"], "no.toml does not exist"),
    (["scan", "--config", "no.toml", "--isolated", "a.py"], "--config and --isolated exclude each other"),
    (["scn", "a.py"], "no such command 'scn'; did you mean 'scan'?"),
    (["a.py"], "no such command 'a.py'; to scan a path, say: codeguard scan a.py"),
    (["explain", "CGS002"], "unknown rule 'CGS002'; did you mean 'CGS001'?"),
    (["rules", "--category", "securty"], "--category must be one of security, malicious, correctness, standards, not 'securty'; did you mean 'security'?"),
    (["rules", "--engine", "x"], "--engine must be one of"),
    (["completion", "tcsh"], "'tcsh' is not one of"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "answer"), WRONG, ids=[" ".join(a)[:40].encode("unicode_escape").decode() for a, _ in WRONG]
)
def test_wrong_usage_is_one_clear_line_and_status_2(run: Callable[..., Ran], arguments: list[str], answer: str) -> None:
    done = run(*arguments)
    assert (done.status, done.out) == (2, "")
    assert answer in done.err
    assert done.err.startswith("codeguard: error: ")
    assert done.err.count("\n") == 1


def test_a_wrong_configuration_file_is_one_line_with_its_place(run: Callable[..., Ran]) -> None:
    Path("codeguard.toml").write_text('\nprofil = "strict"\n')
    done = run("scan", "a.py")
    assert (done.status, done.err) == (
        2,
        "codeguard: error: codeguard.toml:2: unknown key 'profil'; did you mean 'profile'?\n",
    )


def test_an_unforeseen_error_is_one_line_and_status_3(run: Callable[..., Ran], engine: Engine) -> None:
    engine.raises = ZeroDivisionError("by\nzero")
    done = run("scan", "a.py")
    assert (done.status, done.out) == (3, "")
    assert done.err == "codeguard: internal error: ZeroDivisionError: by zero (-v shows the traceback)\n"


def test_verbose_shows_the_traceback_of_an_unforeseen_error(run: Callable[..., Ran], engine: Engine) -> None:
    engine.raises = ZeroDivisionError("x")
    done = run("scan", "-v", "a.py")
    assert done.status == 3
    assert "Traceback (most recent call last)" in done.err


def test_an_interrupt_that_leaves_no_report_ends_with_130(run: Callable[..., Ran], engine: Engine) -> None:
    engine.raises = KeyboardInterrupt()
    done = run("scan", "a.py")
    assert (done.status, done.err.lstrip()) == (130, "codeguard: error: interrupted\n")


def test_an_interrupted_scan_still_writes_what_it_found(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = replace(FOUND, interrupted=True)
    done = run("scan", "a.py", "-o", "out.json")
    assert done.status == 130
    assert len(json.loads(Path("out.json").read_text())["findings"]) == 1
    assert "interrupted" in done.err


# ---- what the scan is asked


def test_flags_reach_the_scan(run: Callable[..., Ran], engine: Engine) -> None:
    run(
        "scan", "a.py", ".", "--select", "CGS,cwe-95", "--select", "bandit:", "--ignore", "B307", "--profile", "audit",
        "--severity", "low", "--confidence", "medium", "--fail-on", "critical", "--exclude", "a,b", "--exclude", "c/",
        "--no-engine", "semgrep,ruff,ty", "--jobs", "5", "--timeout", "7", "--time-limit", "1.5", "--memory-limit", "128",
        "--max-bytes", "99", "--python", "3.10", "--no-suppressions", "--untrusted", "--no-respect-gitignore",
    )  # fmt: skip
    config = engine.config
    assert engine.paths == ("a.py", ".")
    assert (config.selection.select, config.selection.ignore) == (("CGS", "cwe-95", "bandit:"), ("B307",))
    assert (config.selection.profile, config.selection.severity) == (Profile.AUDIT, Severity.LOW)
    assert (config.selection.confidence, config.fail_on) == (Confidence.MEDIUM, Severity.CRITICAL)
    assert (config.files.exclude, config.files.max_bytes, config.files.respect_gitignore) == (("a,b", "c/"), 99, False)
    assert config.engines == {"native", "bandit"}
    assert (config.jobs, config.engine_timeout, config.time_limit, config.memory_limit) == (5, 7.0, 1.5, 128)
    assert (config.python, config.suppress.honour, config.trusted) == ((3, 10), False, False)


def test_a_plain_scan_uses_the_defaults(run: Callable[..., Ran], engine: Engine) -> None:
    run("scan", "a.py")
    assert engine.config == Config()


def test_only_the_named_engines_run(run: Callable[..., Ran], engine: Engine) -> None:
    run("scan", "a.py", "--engine", "native", "--engine", "ruff")
    assert engine.config.engines == {"native", "ruff"}


def test_the_file_is_read_from_the_scanned_folder_and_flags_beat_it(run: Callable[..., Ran], engine: Engine) -> None:
    Path("sub").mkdir()
    Path("sub/codeguard.toml").write_text('severity = "high"\nprofile = "strict"\n')
    run("scan", "sub", "--severity", "low")
    assert (engine.config.selection.severity, engine.config.selection.profile) == (Severity.LOW, Profile.STRICT)
    run("scan", "sub", "--isolated")
    assert engine.config == Config()
    run("scan", "a.py", "--config", "sub/codeguard.toml")
    assert engine.config.selection.severity is Severity.HIGH


def test_names_that_start_with_a_dash_come_after_two(run: Callable[..., Ran], engine: Engine) -> None:
    Path("-v.py").touch()
    run("scan", "--", "-v.py")
    assert engine.paths == ("-v.py",)


def test_standard_input_is_scanned_under_the_name_that_is_given(engine: Engine) -> None:
    result = invoke("scan", "-", "--stdin-filename", "pkg/x.py", stdin=b"eval(1)\xff\n")
    assert engine.text == (b"eval(1)\xff\n", "pkg/x.py")
    assert result.exit_code == 0
    invoke("scan", "-", stdin=b"")
    assert engine.text == (b"", "<stdin>")


def test_more_standard_input_than_is_read_is_not_kept(engine: Engine) -> None:
    invoke("scan", "-", "--max-bytes", "10", stdin=b"#" * 1000)
    assert len(engine.text[0]) == 11


def invoke(*arguments: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(cli.app, arguments, input=stdin, obj=cli.State())


# ---- what is written where


def test_text_goes_to_standard_output_and_nothing_else_is_said(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = FOUND
    done = run("scan", "a.py")
    assert "CGS001" in done.out
    assert "\x1b" not in done.out
    assert done.err == ""


def test_several_reports_come_from_one_scan(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = FOUND
    done = run("scan", "a.py", "-f", "json", "-o", "out.json", "-f", "sarif", "-o", "out.sarif", "-f", "text")
    assert json.loads(Path("out.json").read_text())["findings"]
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert "CGS001" in done.out


def test_without_a_format_the_suffix_names_it(run: Callable[..., Ran]) -> None:
    done = run("scan", "a.py", "-o", "out.sarif")
    assert json.loads(Path("out.sarif").read_text())["version"] == "2.1.0"
    assert done.out == ""


def test_a_scan_that_writes_files_says_on_standard_error_what_it_found(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = report(finding(), finding(Severity.LOW))
    assert run("scan", "a.py", "-o", "out.sarif").err == "codeguard: result: 2 findings (1 high, 1 low) in 1 file\n"
    assert run("scan", "a.py", "-q", "-o", "out.sarif").err == ""


def test_an_incomplete_scan_says_so_even_when_it_is_to_be_quiet(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = report(failures=(LOST, replace(LOST, path="c.py"), replace(LOST, fatal=False)))
    err = run("scan", "a.py", "-q", "-o", "out.sarif").err
    assert err == "codeguard: incomplete: b.py: native: took longer than 10 s (and 1 more)\n"


PAIRS = [
    # formats, outputs, pairs
    ([], [], [("text", None)]),
    (["json"], [], [("json", None)]),
    (["json"], ["-"], [("json", None)]),
    (["json", "sarif"], ["a", "b"], [("json", "a"), ("sarif", "b")]),
    (["json", "text"], ["a.json"], [("json", "a.json"), ("text", None)]),
    (["text", "json"], ["-", "a.json"], [("text", None), ("json", "a.json")]),
    ([], ["a.json", "b.sarif", "c"], [("json", "a.json"), ("sarif", "b.sarif"), ("text", "c")]),
    (["sarif"], ["a.json"], [("sarif", "a.json")]),
]


@pytest.mark.parametrize(("formats", "outputs", "pairs"), PAIRS)
def test_outputs_go_with_formats_in_order(
    formats: list[str], outputs: list[str], pairs: list[tuple[str, str | None]]
) -> None:
    expected = [Target(FORMATS[name], None if path is None else Path(path)) for name, path in pairs]
    assert list(targets(formats, outputs, FORMATS)) == expected


@pytest.mark.parametrize(
    ("formats", "outputs", "answer"),
    [
        (["text", "json"], ["out.json"], "would hold the text report"),
        (["json", "sarif"], ["b.sarif", "a.json"], "would hold the json report"),
        (["json", "sarif"], [], "two reports would go to standard output"),
        (["json", "sarif"], ["x", "x"], "two reports would go to x"),
        (["json"], ["x", "y"], "2 times --output but 1 times --format"),
    ],
)
def test_pairs_that_cannot_be_meant_are_refused(formats: list[str], outputs: list[str], answer: str) -> None:
    with pytest.raises(UsageError) as caught:
        targets(formats, outputs, FORMATS)
    assert answer in str(caught.value)


# ---- writing files


def test_a_report_replaces_the_file_whole_with_ordinary_permissions(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old and longer")
    old = os.umask(0o027)
    try:
        write(path, b"new")
    finally:
        os.umask(old)
    assert path.read_bytes() == b"new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_report_and_no_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="out: No space left on device"):
        write(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_in_place_of_the_report_is_replaced_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    link = tmp_path / "out"
    link.symlink_to(victim)
    write(link, b"new")
    assert (victim.read_bytes(), link.read_bytes(), link.is_symlink()) == (b"precious", b"new", False)


def test_a_device_is_written_to_and_stays() -> None:
    write(Path(os.devnull), b"new")
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_clear_line_and_status_3(run: Callable[..., Ran], engine: Engine) -> None:
    engine.report = FOUND
    done = run("scan", "a.py", "-f", "json", "-o", "/dev/full", "-f", "sarif", "-o", "out.sarif")
    assert done.status == 3
    assert "codeguard: error: cannot write /dev/full: No space left on device\n" in done.err
    assert Path("out.sarif").exists()


@pytest.mark.parametrize(
    ("output", "answer"),
    [
        ("no/out.sarif", "cannot write no/out.sarif: there is no folder no"),
        (".git", "cannot write .git: it is a folder"),
    ],
)
def test_a_report_that_could_not_be_written_is_told_before_the_scan(
    run: Callable[..., Ran], engine: Engine, output: str, answer: str
) -> None:
    done = run("scan", "a.py", "-o", output)
    assert (done.status, done.err) == (3, f"codeguard: error: {answer}\n")
    assert engine.paths == ()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="the superuser may write everywhere")
def test_a_folder_that_may_not_be_written_in_is_told_before_the_scan(run: Callable[..., Ran]) -> None:
    Path("closed").mkdir(0o500)
    assert "no permission to write" in run("scan", "a.py", "-o", "closed/out.sarif").err


# ---- colour, progress, help


@pytest.mark.parametrize(
    ("choice", "environment", "terminal", "expected"),
    [
        ("auto", {}, True, True),
        ("auto", {}, False, False),
        ("auto", {"TERM": "dumb"}, True, False),
        ("auto", {"NO_COLOR": "1"}, True, False),
        ("auto", {"NO_COLOR": ""}, True, True),
        ("auto", {"FORCE_COLOR": "1"}, False, True),
        ("auto", {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
        ("always", {"NO_COLOR": "1"}, False, True),
        ("never", {"FORCE_COLOR": "1"}, True, False),
    ],
)
def test_colour_follows_the_flag_then_the_environment_then_the_terminal(
    monkeypatch: pytest.MonkeyPatch, choice: str, environment: dict[str, str], *, terminal: bool, expected: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    class Stream(io.StringIO):
        def isatty(self) -> bool:
            return terminal

    assert wants_color(choice, Stream()) is expected


def drawn(times: list[float], *, live: bool) -> str:
    stream, clock = io.StringIO(), iter(times)
    line = Line(stream, live=live, clock=lambda: next(clock))
    line.start(len(times) - 1)
    for _ in times[1:]:
        line.advance("own checks", 1)
    line.done()
    return stream.getvalue()


def test_short_work_shows_no_progress() -> None:
    assert drawn([0, 0.2, 0.9 * QUIET_SECONDS], live=True) == ""


def test_long_work_shows_a_line_and_takes_it_away() -> None:
    late = QUIET_SECONDS
    shown = drawn([0, 0.1, late, late + LIVE_EVERY / 2, late + LIVE_EVERY], live=True)
    assert shown == "\r\x1b[2Kcodeguard:  50%  own checks" + "\r\x1b[2Kcodeguard: 100%  own checks" + "\r\x1b[2K"


def test_a_log_gets_a_line_now_and_then() -> None:
    shown = drawn([0, LOGGED_EVERY / 2, LOGGED_EVERY, LOGGED_EVERY * 1.5], live=False)
    assert shown == "codeguard:  66%  own checks\n"


def test_a_broken_progress_stream_does_not_end_the_scan() -> None:
    stream = io.StringIO()
    line = Line(stream, live=True, clock=iter([0.0, 5.0]).__next__)
    line.start(1)
    stream.close()
    line.advance("own checks", 1)
    line.done()


def test_progress_is_not_shown_where_nobody_looks(run: Callable[..., Ran]) -> None:
    assert run("scan", "a.py").err == ""


def test_help_lists_every_command(run: Callable[..., Ran]) -> None:
    done = run("--help")
    assert done.status == 0
    assert all(name in done.out for name in cli.COMMANDS)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_every_command_has_help(run: Callable[..., Ran], command: str) -> None:
    done = run(command, "-h")
    assert done.status == 0
    assert f"Usage: codeguard {command}" in done.out
    assert cli.COMMANDS[command] == cli.app.get_command(None, command).short_help  # type: ignore[arg-type, union-attr]


# ---- the other commands


def test_version_names_every_engine(run: Callable[..., Ran]) -> None:
    done = run("--version")
    assert done.status == 0
    assert done.out.startswith("codeguard ")
    assert "  semgrep not installed: no such module\n" in done.out


def test_rules_are_a_table(run: Callable[..., Ran]) -> None:
    lines = run("rules").out.splitlines()
    assert lines[0].split() == ["ID", "NAME", "CATEGORY", "SEVERITY", "CONFIDENCE", "CWE", "ENGINE", "PROFILE"]
    assert lines[2].split() == ["CGS001", "eval-of-input", "security", "high", "high", "95", "native", "default"]
    assert [line.split()[0] for line in lines[1:5]] == ["CGM001", "CGS001", "CGT001", "bandit:B101"]
    assert lines[4].endswith("off")
    assert lines[-1] == "5 rules, 1 of them off by default"


def test_rules_are_json_for_programs(run: Callable[..., Ran]) -> None:
    rows = json.loads(run("rules", "--format", "json", "--category", "security", "--engine", "bandit").out)
    assert [row["id"] for row in rows] == ["bandit:B101", "bandit:B307"]
    assert rows[0] == {
        "id": "bandit:B101", "name": "assert-used", "summary": "assert.", "category": "security", "severity": "low",
        "confidence": "high", "cwe": [], "engine": "bandit", "aliases": [], "profile": "default", "enabled": False,
        "off_because": "asserts are how tests speak", "tags": [],
    }  # fmt: skip


@pytest.mark.parametrize("name", ["CGS001", "cgs001", "eval-of-input", "B307", "bandit:B307"])
def test_a_rule_is_explained_by_any_of_its_names(run: Callable[..., Ran], name: str) -> None:
    done = run("explain", name)
    assert done.status == 0
    for part in ("CGS001: eval-of-input", "Text from outside", "CWE-95, CWE-94", "high", "bandit:B307", "eval(text)"):
        assert part in done.out
    assert "\x1b" not in done.out


def test_explain_says_why_a_rule_is_off(run: Callable[..., Ran]) -> None:
    assert "off by default: asserts are how tests speak" in run("explain", "B101").out


def test_explain_says_how_to_accept_a_finding_where_that_is_possible(run: Callable[..., Ran]) -> None:
    assert "# codeguard: ignore[CGS001] reason" in run("explain", "CGS001").out
    out = run("explain", "CGM001").out
    assert "ignore[" not in out
    assert "No comment in the code silences a malicious finding." in out


def test_explain_is_rendered_on_a_terminal(run: Callable[..., Ran]) -> None:
    done = run("explain", "CGS001", "--color", "always")
    assert "\x1b[" in done.out
    assert "```" not in done.out


def test_config_shows_each_value_and_its_origin(run: Callable[..., Ran]) -> None:
    Path("pyproject.toml").write_text('[tool.codeguard]\nprofile = "strict"\n')
    lines = run("config", "--severity", "low").out.splitlines()
    rows = {line.split()[0]: line.split()[1:] for line in lines}
    assert rows["profile"] == ['"strict"', "pyproject.toml:2"]
    assert rows["severity"] == ['"low"', "--severity"]
    assert rows["fail-on"] == ['"medium"', "default"]


def test_config_is_json_for_programs(run: Callable[..., Ran]) -> None:
    Path("codeguard.toml").write_text('fail-on = "never"\nignore = ["CGS"]\n')
    shown = json.loads(run("config", "--format", "json", "--untrusted").out)
    assert shown["settings"]["fail-on"] == {"value": "medium", "origin": "default"}
    assert shown["settings"]["trusted"] == {"value": False, "origin": "--untrusted"}
    assert shown["file"] == str(Path.cwd() / "codeguard.toml")
    assert "ignore" in shown["notes"][0]


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script_that_calls_us(run: Callable[..., Ran], shell: str) -> None:
    done = run("completion", shell)
    assert done.status == 0
    assert "_CODEGUARD_COMPLETE" in done.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("codeguard sc", ["scan"]),
        ("codeguard scan --sever", ["--severity"]),
        ("codeguard scan --severity h", ["high"]),
        ("codeguard scan --select CGS", ["CGS001"]),
        ("codeguard scan --ignore malicious,eval", ["malicious,eval-of-input", "malicious,eval"]),
        ("codeguard explain CGT", ["CGT001"]),
        ("codeguard completion z", ["zsh"]),
    ],
)
@pytest.mark.usefixtures("engine")
def test_completion_knows_commands_options_and_rules(
    monkeypatch: pytest.MonkeyPatch, words: str, expected: list[str]
) -> None:
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
    result = CliRunner().invoke(cli.app, [], prog_name="codeguard", env={"_CODEGUARD_COMPLETE": "bash_complete"})
    assert [line.partition(",")[2] for line in result.output.splitlines()] == expected


# ---- as a process

MODULE = [sys.executable, "-m", "codeguard"]


def process(*arguments: str, cwd: Path, **options: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MODULE, *arguments], cwd=cwd, capture_output=True, text=True, timeout=60, check=False, **options
    )


def test_a_module_of_the_working_directory_is_not_imported(tmp_path: Path) -> None:
    for name in ("click", "libcst", "json", "codeguard_evil", "tomllib"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit('imported from the scanned tree')\n")
    (tmp_path / "codeguard.toml").write_text("jobs = 2\n")
    done = process(
        "config", ".", cwd=tmp_path, env={**os.environ, "PYTHONPATH": os.pathsep + os.environ.get("PYTHONPATH", "")}
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "codeguard.toml:1" in done.stdout


def test_a_reader_that_leaves_early_ends_the_command_quietly(tmp_path: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    done = subprocess.run(
        [*MODULE, "config", "."], cwd=tmp_path, stdout=written, stderr=subprocess.PIPE, timeout=60, check=False
    )
    os.close(written)
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("import yaml\n\n\ndef read(text):\n    return yaml.load(text, Loader=yaml.Loader)\n", 1),
        ('"""Nothing is wrong here."""\n', 0),
    ],
)
def test_the_command_scans_for_real(tmp_path: Path, text: str, status: int) -> None:
    (tmp_path / "a.py").write_text(text)
    arguments = ["--engine", "native", "--isolated", "-f", "json"]
    from_file = process("scan", "a.py", *arguments, cwd=tmp_path)
    from_stdin = process("scan", "-", "--stdin-filename", "a.py", *arguments, cwd=tmp_path, input=text)
    assert (from_file.returncode, from_stdin.returncode) == (status, status)
    found, same = (json.loads(done.stdout) for done in (from_file, from_stdin))
    assert found["findings"] == same["findings"]
    assert found["complete"] is True
    assert len(found["findings"]) == status


HEAVY = ("rich", "libcst", "jsonschema", "pathspec", "bandit", "yaml", "asyncio", "email", "http")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["config", "."], ["scan", "nope.py"], ["scan", "--severity", "x", "."]]
)
def test_a_command_imports_only_what_it_needs(tmp_path: Path, arguments: list[str]) -> None:
    program = (
        "import sys; from codeguard.cli.app import run; run(sys.argv[1:]);"
        f"print('HEAVY', [name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "HEAVY []"


def test_every_format_is_a_format() -> None:
    assert all(isinstance(each, Format) and each.name == name for name, each in FORMATS.items())
