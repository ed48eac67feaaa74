"""The end of the text format: what the report adds up to, what was not looked at, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from codeguard.model import Category, FileStatus, Severity
from codeguard.report.escape import one_line, visible
from codeguard.report.interface import VERBOSE
from codeguard.report.layout import (
    BAD,
    FAINT,
    GOOD,
    PLAIN,
    SEVERITY_STYLES,
    STRONG,
    Ink,
    Piece,
    cells,
    cut,
    wrap,
)
from codeguard.report.summary import OWN_ENGINE, Summary, by_rule, by_weight, failures_by_weight, summarise

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from codeguard.model import Failure, Report
    from codeguard.report.interface import RenderOptions

_FAILURES_SHOWN = 20
_WORST_SHOWN = 3
_RISKS_SHOWN = 10
_MANY = 10  # findings that fill more than a screen

Cell = tuple[str, str]  # text and style


@dataclass(frozen=True, slots=True)
class Verdict:
    """The last word: `reason` says what was not looked at, or is empty."""

    text: str
    reason: str
    style: str


def verdict(report: Report) -> Verdict:
    """What a reader must know who reads one line."""
    counts = summarise(report)
    found = _plural(counts.findings, "finding") if counts.findings else "no findings"
    where = f"in {counts.files_with_findings} of {_plural(counts.files, 'file')}"
    text = f"{found} {where}" if counts.findings else f"{found} in {_plural(counts.files, 'file')}"
    if report.complete:
        return Verdict(f"{text}, all looked at", "", STRONG if counts.findings else GOOD)
    fatal = sum(failure.fatal for failure in report.failures)
    causes = ["interrupted"] if report.interrupted else []
    causes += [f"{_plural(fatal, 'thing')} could not be looked at"] if fatal else []
    reason = f"scan incomplete: {', '.join(causes)}"
    return Verdict(f"{text}; {reason}", reason, BAD)


def summary_lines(report: Report, options: RenderOptions, ink: Ink, width: int) -> Iterator[str]:
    """Everything after the findings, the verdict last."""
    counts = summarise(report)
    if options.statistics and report.findings:
        yield from _statistics(report, ink, width)
        yield ""
    if report.failures:
        yield from _failures(report, options, ink, width)
        yield ""
    if options.verbosity >= VERBOSE:
        yield from _other_files(report, ink, width)
        yield from _engines(report, ink, width)
    if len(report.findings) > _MANY:
        yield from _worst(report, ink, width)
        yield ""
    if report.risks:
        yield from _risks(report, options, ink, width)
        yield ""
    if report.findings:
        yield from _matrix(counts, ink, width)
        yield ""
    yield from _wrapped([(_account(counts), PLAIN)], ink, width)
    if report.ignored:
        yield from _wrapped([(_ignored(report), FAINT)], ink, width)
    if counts.suppressed or counts.dismissed:
        yield from _wrapped([(_silenced(counts, options), PLAIN)], ink, width)
    yield from _wrapped([(_by(report), FAINT)], ink, width)
    last = verdict(report)
    yield from _wrapped([(last.text, last.style)], ink, width)


def _plural(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _wrapped(pieces: list[Piece], ink: Ink, width: int, indent: int = 0) -> Iterator[str]:
    """Pieces as lines; all but the first are indented by two more."""
    for place, line in enumerate(wrap(pieces, width - indent - 2)):
        yield " " * (indent if place == 0 else indent + 2) + ink.line(line)


def _table(rows: Sequence[Sequence[Cell]], ink: Ink, width: int) -> Iterator[str]:
    """Columns as wide as their widest cell, numbers to the right; what is too wide for the line is cut."""
    columns = list(zip(*rows, strict=True))
    sizes = [max(cells(text) for text, _ in column) for column in columns]
    right = [all(text.replace(",", "").isdigit() or text in {"", "·"} for text, _ in column[1:]) for column in columns]
    for row in rows:
        line, used = "", 0
        for (text, style), size, to_right in zip(row, sizes, right, strict=True):
            gap = 2 if used else 0
            shown = cut(text, max(width - used - gap, 0))
            pad = " " * max(min(size, width - used - gap) - cells(shown), 0)
            line += " " * gap + (pad + ink(shown, style) if to_right else ink(shown, style) + pad)
            used += gap + size
        yield line.rstrip()


def _matrix(counts: Summary, ink: Ink, width: int) -> Iterator[str]:
    """Categories by severities, without the empty ones."""
    categories = [category for category in Category if counts.category(category)]
    severities = [severity for severity in reversed(Severity) if counts.severity(severity)]
    rows: list[list[Cell]] = [
        [("", PLAIN), *((severity.label, SEVERITY_STYLES[severity]) for severity in severities), ("total", STRONG)]
    ]
    for category in categories:
        row = counts.matrix[category]
        numbers = [(f"{row[severity]:,}", PLAIN) if row[severity] else ("·", FAINT) for severity in severities]
        rows.append([(str(category), PLAIN), *numbers, (f"{counts.category(category):,}", STRONG)])
    if len(categories) > 1:
        sums = [(f"{counts.severity(severity):,}", STRONG) for severity in severities]
        rows.append([("total", STRONG), *sums, (f"{counts.findings:,}", STRONG)])
    yield from _table(rows, ink, width)


def _statistics(report: Report, ink: Ink, width: int) -> Iterator[str]:
    rows: list[list[Cell]] = [[(title, STRONG) for title in ("count", "files", "rule", "severity", "category", "name")]]
    rows += [
        [
            (f"{row.count:,}", STRONG),
            (f"{row.files:,}", PLAIN),
            (visible(row.rule_id), PLAIN),
            (row.severity.label, SEVERITY_STYLES[row.severity]),
            (str(row.category), PLAIN),
            (visible(row.name), PLAIN),
        ]
        for row in by_rule(report)
    ]
    yield from _table(rows, ink, width)


def _failure(failure: Failure) -> str:
    place = "" if failure.path is None else visible(failure.path) + (f":{failure.line}" if failure.line else "")
    who = visible(failure.engine) if failure.path is None else f"{place} ({visible(failure.engine)})"
    kind = failure.kind.value.replace("-", " ")
    return f"{who}: {kind}" + (f": {one_line(failure.detail)}" if failure.detail else "")


def _failures(report: Report, options: RenderOptions, ink: Ink, width: int) -> Iterator[str]:
    """Each failure in one line, those that make the scan incomplete first."""
    failures = failures_by_weight(report)
    shown = failures if options.verbosity >= VERBOSE else failures[:_FAILURES_SHOWN]
    for fatal, title in ((True, "Not looked at"), (False, "Looked at in part")):
        group = [failure for failure in shown if failure.fatal is fatal]
        if group:
            yield ink(title, BAD if fatal else STRONG)
        for failure in group:
            yield "  " + cut(_failure(failure), width - 2)
    if len(shown) < len(failures):
        yield ink(f"  and {len(failures) - len(shown):,} more (-v lists them)", FAINT)


def _other_files(report: Report, ink: Ink, width: int) -> Iterator[str]:
    """Files that were not simply analysed, with the reason."""
    records = sorted(
        (record for record in report.files if record.status is not FileStatus.ANALYSED),
        key=lambda record: (record.status.value, record.path),
    )
    if records:
        yield ink("Files not analysed in full", STRONG)
        for record in records:
            status = record.status.value.replace("-", " ")
            yield "  " + cut(f"{visible(record.path)}: {status}: {one_line(record.reason)}", width - 2)
        yield ""


def _engines(report: Report, ink: Ink, width: int) -> Iterator[str]:
    if report.engines:
        rows: list[list[Cell]] = [[(title, STRONG) for title in ("engine", "version", "given", "read", "seconds", "")]]
        for run in sorted(report.engines, key=lambda run: run.name):
            numbers = f"{run.files_given:,}", f"{run.files_scanned:,}", f"{run.seconds:.2f}"
            texts = visible(run.name), visible(run.version), *numbers, one_line(run.detail)
            rows.append([(text, PLAIN) for text in texts])
        yield from _table(rows, ink, width)
        yield ""


def _worst(report: Report, ink: Ink, width: int) -> Iterator[str]:
    yield ink("Worst first", STRONG)
    for finding in by_weight(report.findings)[:_WORST_SHOWN]:
        rule = report.rules.get(finding.rule_id)
        where = f"{visible(finding.path)}:{finding.span.start_line}:{finding.span.start_col + 1}"
        label = finding.severity.label
        name = visible(f"{finding.rule_id} {rule.name}" if rule else finding.rule_id)
        yield f"  {ink(f'{label:8}', SEVERITY_STYLES[finding.severity])}  {cut(f'{where}  {name}', width - 12)}"


def _risks(report: Report, options: RenderOptions, ink: Ink, width: int) -> Iterator[str]:
    """What files with malicious findings would do."""
    yield ink("Would do harm", STRONG)
    shown = report.risks if options.verbosity >= VERBOSE else report.risks[:_RISKS_SHOWN]
    for risk in shown:
        style = BAD if risk.level == "dangerous" else STRONG
        head = f"{risk.score:3}/100 {risk.level}"
        yield from _wrapped(
            [(head, style), (f"  {visible(risk.path)}: {one_line(risk.sentence)}", PLAIN)], ink, width, 2
        )
    if len(shown) < len(report.risks):
        yield ink(f"  and {len(report.risks) - len(shown):,} more (-v lists them)", FAINT)


def _account(counts: Summary) -> str:
    """Every file, by what became of it: the numbers add up."""
    parts = [f"{number:,} {status.value.replace('-', ' ')}" for status, number in counts.totals.items() if number]
    return f"{_plural(counts.files, 'file')}: {', '.join(parts)}" if parts else "no files"


def _ignored(report: Report) -> str:
    """What was left out on purpose, so that nobody takes it for looked at."""
    parts = []
    for one in report.ignored:
        what = [_plural(one.files, "file")] * bool(one.files) + [_plural(one.folders, "folder")] * bool(one.folders)
        parts.append(f"{' and '.join(what)} ({one_line(one.reason)})")
    return f"ignored: {', '.join(parts)}" if parts else ""


def _silenced(counts: Summary, options: RenderOptions) -> str:
    parts = []
    if counts.suppressed:
        by = ", ".join(f"{one_line(syntax)} {number:,}" for syntax, number in counts.suppressed_by.items())
        listed = options.show_suppressed or options.verbosity >= VERBOSE
        parts.append(f"{counts.suppressed:,} suppressed ({by})" + ("" if listed else " [--show-suppressed]"))
    if counts.dismissed:
        parts.append(f"{counts.dismissed:,} dismissed" + ("" if options.show_dismissed else " [--show-dismissed]"))
    return ", ".join(parts)


def _by(report: Report) -> str:
    others = (run for run in report.engines if run.name != OWN_ENGINE)
    engines = ", ".join(f"{visible(run.name)} {visible(run.version)}".strip() for run in others)
    tool = f"codeguard {visible(report.version)}".strip() + (f" with {engines}" if engines else "")
    return f"{tool}, {report.seconds:.1f} s"
