"""The text format: for people, in a terminal.

Findings come by file and line, each with its frame, trace and fix; what the report adds up to comes last, where a
terminal stops, and its last line says what is wrong and whether everything was looked at.  No character of the
scanned tree is written that has not gone through `escape`, no line is wider than the terminal (but for a path that
alone is), and no secret is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.report.escape import one_line, visible
from codeguard.report.frame import Row, frame
from codeguard.report.interface import QUIET, VERBOSE
from codeguard.report.layout import (
    CODE,
    FAINT,
    GOOD,
    MARK_STYLES,
    PLAIN,
    SEVERITY_STYLES,
    STRONG,
    Ink,
    Piece,
    cells,
    cut,
    prose,
    wrap,
)
from codeguard.report.lines import Lines
from codeguard.report.mask import masked
from codeguard.report.summary import by_place, dismissed_by_place, suppressed_by_place
from codeguard.report.text_summary import summary_lines, verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codeguard.model import Dismissed, Finding, Fix, Report, Rule, Span, Step, Suppressed
    from codeguard.report.interface import RenderOptions

_LEAST_WIDTH = 40
_LEAST_GUTTER = 5
_STEPS_SHOWN = 8  # of a longer trace, unless verbose


def render(report: Report, options: RenderOptions) -> bytes:
    """The report as UTF-8 text; nothing at all for a quiet reader of a clean and complete scan."""
    shown = masked(report)
    lines = _quiet(shown) if options.verbosity <= QUIET else _full(shown, options)
    text = "\n".join(lines)
    return f"{text}\n".encode() if text else b""


def _quiet(report: Report) -> Iterator[str]:
    """One line a finding, and one for a scan that could not look: silence must mean clean."""
    for finding in by_place(report.findings):
        name = f"{finding.severity.label} {visible(finding.rule_id)}"
        yield f"{_where(finding.path, finding.span)}: {name} {one_line(finding.message)}"
    if not report.complete:
        yield f"codeguard: {verdict(report).reason}"


def _full(report: Report, options: RenderOptions) -> Iterator[str]:
    ink = Ink(options.color)
    width = max(options.width, _LEAST_WIDTH)
    texts = _Texts(report.texts)
    verbose = options.verbosity >= VERBOSE
    for finding in by_place(report.findings):
        yield from _finding(finding, report.rules.get(finding.rule_id), texts, ink, width, verbose=verbose)
        yield ""
    if options.show_suppressed or verbose:
        yield from _suppressed(report, ink, width)
    if options.show_dismissed:
        yield from _dismissed(report, ink, width)
    yield from summary_lines(report, options, ink, width)


class _Texts:
    """The lines of files, split once each."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self._texts = texts
        self._lines: dict[str, Lines] = {}

    def lines(self, path: str) -> Lines | None:
        """The lines of a file; None where its text is not known."""
        if path not in self._lines and path in self._texts:
            self._lines[path] = Lines.of(self._texts[path])
        return self._lines.get(path)


def _where(path: str, span: Span) -> str:
    return f"{visible(path)}:{span.start_line}:{span.start_col + 1}"


def _finding(
    finding: Finding, rule: Rule | None, texts: _Texts, ink: Ink, width: int, *, verbose: bool
) -> Iterator[str]:
    yield from _heading(finding, rule, ink, width)
    yield from _indented(prose(finding.message, STRONG), ink, width)
    yield from _frame(finding, texts.lines(finding.path), ink, width)
    if finding.trace:
        yield from _trace(finding.trace, ink, width, verbose=verbose)
    if finding.fix:
        yield from _fix(finding.fix, ink, width)
    if len(finding.seen_by) > 1 or verbose:
        yield from _labelled("seen by", [(", ".join(map(visible, finding.seen_by)), FAINT)], FAINT, ink, width)


def _heading(finding: Finding, rule: Rule | None, ink: Ink, width: int) -> Iterator[str]:
    """`path:line:col  severity  ID name`, on two lines where one is too narrow."""
    where = _where(finding.path, finding.span)
    severity = finding.severity.label
    rest = visible(finding.rule_id) + (f" {visible(rule.name)}" if rule and rule.name != finding.rule_id else "")
    place, label = ink(where, STRONG), ink(severity, SEVERITY_STYLES[finding.severity])
    if cells(where) + cells(severity) + cells(rest) + 4 <= width:
        yield f"{place}  {label}  {rest}"
    else:
        yield place
        yield f"  {label}  {cut(rest, width - len(severity) - 4)}"


def _indented(pieces: list[Piece], ink: Ink, width: int, indent: int = 2) -> Iterator[str]:
    for line in wrap(pieces, width - indent):
        yield " " * indent + ink.line(line)


def _labelled(label: str, pieces: list[Piece], style: str, ink: Ink, width: int) -> Iterator[str]:
    """`  label: text`, its later lines below the text."""
    indent = len(label) + 4
    for place, line in enumerate(wrap(pieces, width - indent)):
        start = f"  {ink(label + ':', style)} " if place == 0 else " " * indent
        yield start + ink.line(line)


def _frame(finding: Finding, lines: Lines | None, ink: Ink, width: int) -> Iterator[str]:
    """The code with the span marked; only the snippet where the file's text is not at hand."""
    span, style = finding.span, MARK_STYLES[finding.severity]
    gutter = max(len(str(span.end_line + 2)) + 1, _LEAST_GUTTER)
    room = width - gutter - 3
    rows = frame(lines, span, room) if lines else []
    if not lines and finding.snippet:
        rows = [Row(span.start_line, cut(visible(finding.snippet), room))]
    for row in rows:
        hit = row.number and span.start_line <= row.number <= span.end_line
        number = str(row.number) if row.number else ""
        edge = ink(f"{number:>{gutter}} {'┃' if hit else '│'}", STRONG if hit else FAINT)
        code = [(row.before, PLAIN if hit else FAINT), (row.inside, style), (row.after, PLAIN)]
        yield f"{edge} {ink.line(code)}".rstrip()


def _trace(trace: tuple[Step, ...], ink: Ink, width: int, *, verbose: bool) -> Iterator[str]:
    yield "  " + ink("trace:", FAINT)
    numbered = list(enumerate(trace, start=1))
    left_out = 0 if verbose else max(len(numbered) - _STEPS_SHOWN, 0)
    digits = len(str(len(numbered)))
    for number, step in numbered:
        hidden_from = _STEPS_SHOWN - 2  # the way in matters, and the last two steps
        if left_out and hidden_from < number <= hidden_from + left_out:
            if number == hidden_from + 1:
                yield " " * (digits + 4) + ink(f"⋮ {left_out} more steps (-v shows them)", FAINT)
            continue
        yield from _step(f"{number:>{digits + 2}}.", step, ink, width)


def _step(label: str, step: Step, ink: Ink, width: int) -> Iterator[str]:
    indent = len(label) + 1
    pieces = [(_where(step.path, step.span), STRONG), (": ", PLAIN), *prose(step.message)]
    for place, line in enumerate(wrap(pieces, width - indent)):
        yield (f"{label} " if place == 0 else " " * indent) + ink.line(line)
    if step.snippet:
        yield " " * indent + ink("│", FAINT) + " " + ink(cut(visible(step.snippet), width - indent - 2), FAINT)


def _fix(fix: Fix, ink: Ink, width: int) -> Iterator[str]:
    imports = [(f" (needs {', '.join(map(visible, fix.imports))})", FAINT)] if fix.imports else []
    yield from _labelled("fix", [*prose(fix.title), *imports], GOOD, ink, width)


def _one(finding: Finding) -> list[Piece]:
    """A finding in one line, for lists."""
    return [
        (_where(finding.path, finding.span), STRONG),
        (f" {finding.severity.label}", SEVERITY_STYLES[finding.severity]),
        (f" {visible(finding.rule_id)} ", CODE),
        *prose(finding.message),
    ]


def _listed(title: str, items: Iterable[tuple[Finding, str]], ink: Ink, width: int) -> Iterator[str]:
    """A list of findings, each with a note below it."""
    started = False
    for finding, note in items:
        if not started:
            yield ink(title, STRONG)
            started = True
        yield from _indented(_one(finding), ink, width)
        yield from _indented(prose(note, FAINT), ink, width, indent=4)
    if started:
        yield ""


def _suppressed(report: Report, ink: Ink, width: int) -> Iterator[str]:
    items = ((item.finding, _silencer(item)) for item in suppressed_by_place(report))
    yield from _listed("Suppressed by comments in the source", items, ink, width)


def _silencer(item: Suppressed) -> str:
    named = f"[{item.rule}]" if item.rule else ""
    return f"by `{item.syntax}{named}` on line {item.comment_line}: {item.reason or 'no reason given'}"


def _dismissed(report: Report, ink: Ink, width: int) -> Iterator[str]:
    items = ((item.finding, _refutation(item)) for item in dismissed_by_place(report))
    yield from _listed("Dismissed by codeguard's own evidence", items, ink, width)


def _refutation(item: Dismissed) -> str:
    return " → ".join([item.evidence, *(f"{_where(step.path, step.span)}: {step.message}" for step in item.steps)])
