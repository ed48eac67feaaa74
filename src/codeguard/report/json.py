"""The `codeguard-report/1.0` format: all that a `Report` holds but the texts of files, as JSON.

`schemas/codeguard-report-1.0.schema.json` defines it and docs/output.md describes it.  Spans are the model's own:
lines from 1, columns from 0 in Unicode code points, the end exclusive.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.model import Category, Severity
from codeguard.report.escape import Json, exact, to_json, uri
from codeguard.report.mask import masked
from codeguard.report.summary import (
    by_place,
    dismissed_by_place,
    failures_by_weight,
    summarise,
    suppressed_by_place,
)
from codeguard.report.taxonomy import cwe_name

if TYPE_CHECKING:
    from codeguard.model import (
        Dismissed,
        EngineRun,
        Failure,
        FileRecord,
        Finding,
        Fix,
        Report,
        Risk,
        Rule,
        Span,
        Step,
        Suppressed,
    )
    from codeguard.report.interface import RenderOptions

SCHEMA = "codeguard-report/1.0"


def render(report: Report, options: RenderOptions) -> bytes:  # noqa: ARG001 - a program gets everything, always
    """The report as JSON in pure ASCII, one finding, file, rule and failure a line."""
    return (to_json(document(masked(report)), depth=2) + "\n").encode("ascii")


def document(report: Report) -> Json:
    """The report as plain values, in a fixed order."""
    return {
        "schema": SCHEMA,
        "tool": {"name": "codeguard", "version": report.version},
        "root": report.root,
        "started": report.started,
        "seconds": round(report.seconds, 3),
        "complete": report.complete,
        "interrupted": report.interrupted,
        "summary": _summary(report),
        "ignored": [{"reason": i.reason, "files": i.files, "folders": i.folders} for i in report.ignored],
        "engines": [_engine(run) for run in sorted(report.engines, key=lambda run: run.name)],
        "findings": [_finding(finding) for finding in by_place(report.findings)],
        "suppressed": [_suppressed(item) for item in suppressed_by_place(report)],
        "dismissed": [_dismissed(item) for item in dismissed_by_place(report)],
        "risks": [_risk(risk) for risk in report.risks],
        "failures": [_failure(failure) for failure in failures_by_weight(report)],
        "files": [_file(record) for record in sorted(report.files, key=lambda record: record.path)],
        "rules": [_rule(rule) for _, rule in sorted(report.rules.items())],
    }


def _risk(risk: Risk) -> Json:
    return {
        **_path(risk.path),
        "score": risk.score,
        "level": risk.level,
        "sentence": risk.sentence,
        "reasons": [
            {
                "behaviour": reason.behaviour,
                "rule": reason.rule_id,
                **_path(reason.path),
                "line": reason.line,
                "points": reason.points,
            }
            for reason in risk.reasons
        ],
    }


def _summary(report: Report) -> Json:
    counts = summarise(report)
    return {
        "findings": counts.findings,
        "by_category": {str(category): counts.category(category) for category in Category},
        "by_severity": {severity.label: counts.severity(severity) for severity in reversed(Severity)},
        "matrix": {
            str(category): {severity.label: row[severity] for severity in reversed(Severity)}
            for category, row in counts.matrix.items()
        },
        "suppressed": counts.suppressed,
        "suppressed_by": dict(counts.suppressed_by),
        "dismissed": counts.dismissed,
        "failures": counts.failures,
        "files": counts.files,
        "files_with_findings": counts.files_with_findings,
        "files_by_status": {status.value: count for status, count in counts.totals.items()},
    }


def _path(path: str) -> Json:
    """A path; with its exact bytes beside it where the text cannot hold them."""
    return {"path": path} if exact(path) else {"path": path, "path_uri": uri(path)}


def _span(span: Span) -> Json:
    return {
        "start_line": span.start_line,
        "start_col": span.start_col,
        "end_line": span.end_line,
        "end_col": span.end_col,
    }


def _cwe(numbers: tuple[int, ...]) -> list[Json]:
    return [{"id": number, "name": cwe_name(number)} for number in numbers]


def _step(step: Step) -> Json:
    return {**_path(step.path), "span": _span(step.span), "message": step.message, "snippet": step.snippet}


def _fix(fix: Fix) -> Json:
    return {
        "title": fix.title,
        "safety": fix.safety.value,
        "edits": [{"span": _span(edit.span), "text": edit.text} for edit in fix.edits],
        "imports": list(fix.imports),
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule_id": finding.rule_id,
        **_path(finding.path),
        "span": _span(finding.span),
        "message": finding.message,
        "category": str(finding.category),
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "level": finding.level.value,
        "engine": finding.engine,
        "seen_by": list(finding.seen_by),
        "cwe": _cwe(finding.cwe),
        "snippet": finding.snippet,
        "trace": [_step(step) for step in finding.trace],
        "fix": _fix(finding.fix) if finding.fix else None,
        "fingerprint": finding.fingerprint,
    }


def _suppressed(item: Suppressed) -> Json:
    return {
        "finding": _finding(item.finding),
        "syntax": item.syntax,
        "comment_line": item.comment_line,
        "rule": item.rule,
        "reason": item.reason,
        "added": item.added,
    }


def _dismissed(item: Dismissed) -> Json:
    return {
        "finding": _finding(item.finding),
        "evidence": item.evidence,
        "steps": [_step(step) for step in item.steps],
    }


def _failure(failure: Failure) -> Json:
    return {
        **({"path": None} if failure.path is None else _path(failure.path)),
        "engine": failure.engine,
        "kind": failure.kind.value,
        "detail": failure.detail,
        "fatal": failure.fatal,
        "line": failure.line,
    }


def _file(record: FileRecord) -> Json:
    return {
        **_path(record.path),
        "status": record.status.value,
        "reason": record.reason,
        "lines": record.lines,
        "size": record.size,
    }


def _engine(run: EngineRun) -> Json:
    return {
        "name": run.name,
        "version": run.version,
        "seconds": round(run.seconds, 3),
        "files_given": run.files_given,
        "files_scanned": run.files_scanned,
        "detail": run.detail,
    }


def _rule(rule: Rule) -> Json:
    return {
        "id": rule.id,
        "name": rule.name,
        "summary": rule.summary,
        "category": str(rule.category),
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "engine": rule.engine,
        "cwe": _cwe(rule.cwe),
        "aliases": list(rule.aliases),
        "profile": rule.profile.label,
        "tags": list(rule.tags),
        "help": rule.help,
        "off_because": rule.off_because,
    }
