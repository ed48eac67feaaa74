"""The text format: what a person sees in a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from codeguard.model import Failure, FailureKind, FileRecord, FileStatus, Report, Severity, Span, Step
from codeguard.report import FORMATS, QUIET, VERBOSE, RenderOptions
from codeguard.report.layout import cells

SGR = re.compile(r"\x1b\[[0-9;]*m")


def text_of(report: Report, **options: object) -> str:
    return FORMATS["text"].render(report, RenderOptions(**options)).decode()  # type: ignore[arg-type]


def block(text: str, start: str) -> str:
    """The paragraph that begins with a line that starts so."""
    return next(part for part in text.split("\n\n") if part.startswith(start))


def only(*findings, **more) -> Report:
    return replace(samples.sample(), findings=findings, suppressed=(), dismissed=(), failures=(), **more)


def test_a_finding_says_where_what_how_and_what_to_do():
    assert (
        block(text_of(samples.sample(), width=80), "app/db.py:7:12")
        == """\
app/db.py:7:12  critical  CGS101 sql-from-text
  `request.args` reaches the text of an SQL query through `find_users`: whoever
  sends it reads or changes any row
    5 │     connection = sqlite3.connect("app.db")
    6 │     query = f"SELECT * FROM users WHERE name = '{name}' ORDER BY {order…
    7 ┃     return connection.execute(query).fetchall()
      │            ^^^^^^^^^^^^^^^^^^^^^^^^^
  trace:
  1. app/views.py:12:12: a request argument is untrusted
     │ name = request.args["name"]
  2. app/views.py:14:19: is passed as `name` to `find_users`
     │ return render(db.find_users(name, order))
  3. app/db.py:6:13: becomes part of `query`
     │ query = f"SELECT * FROM users WHERE name = '{name}' ORDER BY {order}"
  4. app/db.py:7:12: is run as SQL
     │ return connection.execute(query).fetchall()
  fix: Pass the values as parameters: `execute(query, (name,))`
  seen by: native:CGS101, bandit:B608, semgrep:sql-text"""
    )


def test_the_end_adds_up_and_gives_the_verdict_last():
    text = text_of(samples.sample(), width=100)
    assert (
        block(text, "             critical")
        == """\
             critical  high  medium  info  total
security            3     3       1     ·      7
malicious           1     1       ·     ·      2
correctness         ·     1       ·     ·      1
standards           ·     ·       ·     1      1
total               4     5       1     1     11"""
    )
    assert (
        text.split("\n\n")[-1]
        == """\
14 files: 9 analysed, 1 partly analysed, 1 unparsable, 1 skipped, 1 timed out, 1 failed
2 suppressed (codeguard 1, nosec 1) [--show-suppressed], 1 dismissed [--show-dismissed]
codeguard 0.1.0 with bandit 1.9.4, ruff 0.17.6, 1.2 s
11 findings in 10 of 14 files; scan incomplete: 3 things could not be looked at
"""
    )


def test_failures_are_one_line_each_with_the_fatal_ones_first():
    assert (
        block(text_of(samples.sample(), width=100), "Not looked at")
        == """\
Not looked at
  semgrep: engine missing: semgrep-core was not found
  data/huge.py:7 (native): timeout: no answer after 10 s
  data/locked.py (native): unreadable: permission denied
Looked at in part
  drafts/noise.py (bandit): not scanned by engine: its parser cannot \\x1b[31mread it"""
    )


VERDICTS = [
    (samples.clean(), "no findings in 2 files, all looked at"),
    (replace(samples.clean(), interrupted=True), "no findings in 2 files; scan incomplete: interrupted"),
    (only(samples.YAML), "1 finding in 1 of 14 files, all looked at"),
    (
        replace(samples.clean(), failures=(Failure(None, "ruff", FailureKind.CRASH, ""),)),
        "no findings in 2 files; scan incomplete: 1 thing could not be looked at",
    ),
    (
        replace(samples.clean(), failures=(Failure("a.py", "bandit", FailureKind.NOT_SCANNED, "", fatal=False),)),
        "no findings in 2 files, all looked at",
    ),
    (Report("/r", (), (), {}), "no findings in 0 files, all looked at"),
]


@pytest.mark.parametrize(("report", "last"), VERDICTS)
def test_the_last_line_is_the_verdict(report, last):
    assert text_of(report, width=200).rstrip("\n").split("\n")[-1] == last


def test_quiet_is_one_line_a_finding():
    report = only(samples.YAML, samples.SQL)
    assert text_of(report, verbosity=QUIET, width=40) == (
        "app/db.py:7:12: critical CGS101 " + samples.SQL.message + "\n"
        "app/loader.py:6:10: high CGS012 `yaml.load` without a safe loader runs code in its input\n"
    )


def test_quiet_and_clean_is_silence_but_quiet_and_incomplete_is_not():
    assert text_of(samples.clean(), verbosity=QUIET) == ""
    interrupted = replace(samples.clean(), interrupted=True)
    assert text_of(interrupted, verbosity=QUIET) == "codeguard: scan incomplete: interrupted\n"


def test_suppressed_and_dismissed_findings_are_counted_always_and_listed_on_request():
    report, wide = samples.sample(), 120
    plain = text_of(report, width=wide)
    assert "Suppressed by" not in plain
    assert "Dismissed by" not in plain
    assert (
        block(text_of(report, width=wide, show_suppressed=True), "Suppressed by")
        == """\
Suppressed by comments in the source
  app/db.py:7:23 critical CGS101 SQL from text
    by `codeguard[CGS101]` on line 7: no reason given
  data/caf\\udce9 #1?.py:2:1 medium bandit:B605 Starting a process with a shell
    by `nosec[B605]` on line 2: input is a constant"""
    )
    assert (
        block(text_of(report, width=wide, show_dismissed=True), "Dismissed by")
        == """\
Dismissed by codeguard's own evidence
  app/db.py:5:18 critical CGS101 Possible injection through `connect`
    the argument is the constant `"app.db"` → app/db.py:5:34: the argument is a constant"""
    )


def test_verbose_lists_suppressed_findings_files_and_engines():
    text = text_of(samples.sample(), width=100, verbosity=VERBOSE)
    assert "Suppressed by comments in the source" in text
    assert block(text, "Files not analysed in full").split("\n")[1:] == [
        "  data/locked.py: failed: permission denied",
        "  drafts/area.py: partly analysed: does not parse after line 1",
        "  build/gen.py: skipped: ignored by .gitignore",
        "  data/huge.py: timed out: 10 s",
        "  drafts/noise.py: unparsable: not Python at all",
    ]
    assert "bandit  1.9.4       14    13  0.30     1 file not read" in block(text, "engine")


def test_statistics_are_a_table_with_a_row_per_rule():
    text = text_of(samples.sample(), width=100, statistics=True)
    rows = block(text, "count").split("\n")
    assert rows[0].split() == ["count", "files", "rule", "severity", "category", "name"]
    assert rows[1].split() == ["2", "2", "CGS095", "critical", "security", "eval-of-input"]
    assert sum(int(row.split()[0]) for row in rows[1:]) == len(samples.FINDINGS)


def test_many_findings_end_with_the_worst():
    assert (
        block(text_of(samples.sample(), width=80), "Worst first")
        == """\
Worst first
  critical  app/db.py:7:12  CGS101 sql-from-text
  critical  docs/例/résumé.py:2:24  CGS095 eval-of-input
  critical  tools/helper.py:3:1  CGM010 environment-sent-out"""
    )
    assert "Worst first" not in text_of(only(samples.YAML))


def test_a_long_trace_is_shortened_unless_verbose():
    steps = tuple(Step("a.py", Span(n, 0, n, 1), f"step {n}") for n in range(1, 21))
    report = only(replace(samples.SQL, trace=steps))
    text = text_of(report)
    assert "⋮ 12 more steps (-v shows them)" in text
    assert [int(n) for n in re.findall(r"step (\d+)", text)] == [1, 2, 3, 4, 5, 6, 19, 20]
    assert len(re.findall(r"step \d+", text_of(report, verbosity=VERBOSE))) == 20


def test_many_failures_are_cut_with_a_count_unless_verbose():
    failures = tuple(Failure(f"f{n:02}.py", "codeguard", FailureKind.CRASH, "died") for n in range(30))
    report = replace(samples.clean(), failures=failures)
    assert "  and 10 more (-v lists them)" in text_of(report)
    assert text_of(report, verbosity=VERBOSE).count("died") == 30


def test_without_the_text_of_its_file_a_finding_shows_its_snippet():
    text = text_of(only(samples.YAML, texts={}))
    assert "    6 ┃ return yaml.load(stream)  # naïve\n" in text
    assert "^" not in text


@pytest.mark.parametrize("severity", Severity)
def test_colour_changes_nothing_but_colour(severity):
    report = replace(samples.sample(), findings=tuple(replace(f, severity=severity) for f in samples.FINDINGS))
    painted = text_of(report, color=True, statistics=True, verbosity=VERBOSE)
    plain = text_of(report, statistics=True, verbosity=VERBOSE)
    assert SGR.sub("", painted) == plain
    assert "\x1b" not in plain
    assert len(SGR.findall(painted)) > 50


@samples.few
@given(samples.reports(), st.integers(40, 120), st.integers(1, 2))
def test_no_line_is_wider_than_the_terminal_but_for_the_place_of_a_finding(report, width, verbosity):
    text = text_of(report, width=width, verbosity=verbosity, show_dismissed=True, statistics=True)
    too_wide = [line for line in text.split("\n") if cells(line) > width]
    assert all(re.search(r":\d+:\d+\Z", line) and not line.startswith(" ") for line in too_wide)


@samples.few
@given(samples.reports(), st.booleans())
def test_only_colour_reaches_the_terminal_as_an_escape(report, color):
    text = SGR.sub("", text_of(report, color=color, verbosity=VERBOSE, show_dismissed=True))
    assert all(char.isprintable() or char == "\n" for char in text)


def test_every_status_is_accounted_for():
    files = tuple(FileRecord(f"{status.value}.py", status, "because") for status in FileStatus)
    text = text_of(replace(samples.clean(), files=files), width=200)
    assert "6 files: 1 analysed, 1 partly analysed, 1 unparsable, 1 skipped, 1 timed out, 1 failed" in text
