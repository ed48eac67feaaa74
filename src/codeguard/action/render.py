"""What the Action shows: annotations in the runner's command syntax, and the job summary in Markdown.

Both carry text of the scanned tree, so both escape for their format; `visible` has taken out control, bidirectional and
invisible characters before.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from codeguard.config.verdict import Exit
from codeguard.model import Level, Severity
from codeguard.report.escape import one_line, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codeguard.model import Finding, Report

LEVELS = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "notice"}

EACH_LEVEL = 10
"""GitHub shows ten annotations of each level for one step, and drops the others without a word."""

ROWS = 100
FAILURES = 20
LONGEST = 300
"""Limits of the summary, far below GitHub's of 1 MiB a step."""


def command(name: str, message: str, **properties: str | int) -> str:
    """A workflow command, `::error file=a.py,line=1::message`, escaped as the runner's toolkit does."""
    data = message.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    pairs = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return f"::{name}{' ' if pairs else ''}{pairs}::{data}"


def _property(value: str) -> str:
    value = value.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return value.replace(":", "%3A").replace(",", "%2C")


def worst_first(report: Report) -> list[Finding]:
    """The findings, the most severe and most certain first, then by place."""
    return sorted(report.findings, key=lambda f: (-f.severity, -f.confidence, f.path, f.span))


def annotation_lines(report: Report, *, base: str) -> Iterator[str]:
    """One command a finding, the worst of each level; `base` is the way from the repository to the report's root."""
    shown = dict.fromkeys(Level, 0)
    for finding in worst_first(report):
        shown[finding.level] += 1
        if shown[finding.level] > EACH_LEVEL:
            continue
        span = finding.span
        place: dict[str, str | int] = {
            "file": visible(posixpath.join(base, finding.path)),
            "line": span.start_line,
            "endLine": span.end_line,
        }
        if span.start_line == span.end_line:  # the runner refuses columns of a span over several lines
            place |= {"col": span.start_col + 1, "endColumn": span.end_col + 1}
        rule = report.rules.get(finding.rule_id)
        title = f"{finding.rule_id} {rule.name}" if rule is not None else finding.rule_id
        yield command(LEVELS[finding.level], one_line(finding.message), **place, title=f"codeguard: {title}")


def markdown(text: str) -> str:
    """Text as Markdown and HTML that shows just it: whatever could mean something is a character reference."""
    text = one_line(text)
    text = text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
    return "".join(c if c.isalnum() or c == " " or ord(c) > 127 else f"&#{ord(c)};" for c in text)


def summary(report: Report | None, *, status: Exit, base: str = "", notes: Sequence[str] = ()) -> str:
    """The job summary; `report` is None where no scan took place, and then the first note says why."""
    lines = ["## codeguard", ""]
    if report is None:
        return "\n".join([*lines, f"**Not scanned:** {markdown(notes[0] if notes else 'unknown error')}", "", ""])
    lines += [_verdict(report, status), ""]
    lines += [f"- {markdown(note)}" for note in notes] + [""] * bool(notes)
    findings = worst_first(report)
    if findings:
        lines += ["| Severity | Rule | Place | Finding |", "| --- | --- | --- | --- |"]
        for f in findings[:ROWS]:
            place = f"{posixpath.join(base, f.path)}:{f.span.start_line}"
            cells = (f.severity.label, f.rule_id, place, f.message)
            lines.append(f"| {' | '.join(map(markdown, cells))} |")
        if len(findings) > ROWS:
            lines += ["", f"{len(findings) - ROWS} more are in the SARIF report."]
        lines.append("")
    fatal = [failure for failure in report.failures if failure.fatal]
    if fatal:
        lines += ["**Not looked at:**", ""]
        lines += [f"- {markdown(f'{f.path or f.engine}: {f.engine}: {f.detail}')}" for f in fatal[:FAILURES]]
        if len(fatal) > FAILURES:
            lines.append(f"- and {len(fatal) - FAILURES} more")
        lines.append("")
    return "\n".join([*lines, ""])


def _verdict(report: Report, status: Exit) -> str:
    counts = [(sum(f.severity is each for f in report.findings), each.label) for each in reversed(Severity)]
    found = ", ".join(f"{count} {label}" for count, label in counts if count)
    text = f"{len(report.findings)} findings ({found})" if found else "No findings"
    files = f"{len(report.files)} {'file' if len(report.files) == 1 else 'files'}"
    end = {
        Exit.CLEAN: "passed",
        Exit.FINDINGS: "**failed**",
        Exit.INCOMPLETE: "**incomplete: not everything could be looked at**",
        Exit.INTERRUPTED: "**interrupted**",
    }
    return f"{text} in {files}: {end.get(status, 'failed')}."
