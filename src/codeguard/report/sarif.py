"""The SARIF 2.1.0 format (OASIS): for code scanning services, editors and other programs.

What GitHub reads is filled in to its limits; what only others read (taxonomies, notifications, fixes, suppressions,
artifacts) follows the standard.  docs/output.md explains the choices.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING

from codeguard.model import FailureKind, Rule
from codeguard.report.escape import Json, to_json, uri, visible
from codeguard.report.fingerprint import line_hashes
from codeguard.report.mask import masked
from codeguard.report.sarif_results import Places, message, result
from codeguard.report.sarif_rules import CWE_COMPONENT, rule_descriptors, taxonomy
from codeguard.report.summary import OWN_ENGINE, by_weight, failures_by_weight, summarise, suppressed_by_place

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codeguard.model import EngineRun, Failure, Finding, Report, Suppressed
    from codeguard.report.interface import RenderOptions

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 25_000  # GitHub refuses a run with more

_SEMVER = re.compile(r"\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?")

_INTERRUPTED = "interrupted"
_LEFT_OUT = "results-left-out"
_SUPPRESSED = "suppressed"
_RISKS = 1_000  # verdicts in a log

# What a notification can be about: each failure, and what the report itself has to say.
_NOTICES = {
    FailureKind.UNREADABLE.value: "A file could not be read.",
    FailureKind.UNDECODABLE.value: "A file's bytes are not text in its declared encoding.",
    FailureKind.UNPARSABLE.value: "A file is not Python that could be parsed.",
    FailureKind.TOO_LARGE.value: "A file is larger than the limit.",
    FailureKind.NOT_REGULAR.value: "A path is not a regular file.",
    FailureKind.ENGINE_MISSING.value: "An engine is not installed or cannot start.",
    FailureKind.ENGINE_FAILED.value: "An engine ended with an error.",
    FailureKind.NOT_SCANNED.value: "An engine did not scan a file that it was given.",
    FailureKind.CHECK_FAILED.value: "A check raised an error on a file.",
    FailureKind.TIMEOUT.value: "A limit of time was reached.",
    FailureKind.CRASH.value: "A worker process died.",
    FailureKind.CHANGED.value: "A file changed while it was scanned.",
    FailureKind.LIMIT.value: "A limit of the scan was reached.",
    _INTERRUPTED: "The scan was interrupted.",
    _LEFT_OUT: "There are more results than a SARIF consumer accepts.",
    _SUPPRESSED: "A comment in the source silences a finding.",
}
_CONFIGURATION = {FailureKind.ENGINE_MISSING.value}


def render(report: Report, options: RenderOptions) -> bytes:
    """The report as a SARIF log in pure ASCII, one result and artifact a line."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report, options)]}
    return (to_json(log, depth=4) + "\n").encode("ascii")


def _run(report: Report, options: RenderOptions) -> Json:
    shown = masked(report)
    told, left_out = _told(shown, options)
    findings = [finding for finding, _ in told]
    rules = _rules(shown, findings)
    numbers = {rule_id: number for number, rule_id in enumerate(rules)}
    cwes = sorted({cwe for rule in rules.values() for cwe in rule.cwe} | {cwe for f in findings for cwe in f.cwe})
    places = Places(_artifact_paths(shown, findings), shown.texts, options.base)
    hashes = _hashes(report.texts, findings)  # of the code as it is: a hash shows no secret
    invocation, notices = _invocation(shown, places, left_out)
    run: Json = {
        "tool": _tool(shown, rules, cwes, notices),
        "automationDetails": {"id": f"codeguard/{visible(options.category)}/" if options.category else "codeguard/"},
        "columnKind": "unicodeCodePoints",
        "defaultSourceLanguage": "python",
        "originalUriBaseIds": {Places.BASE: {"description": {"text": "The root of the repository."}}},
        "invocations": [invocation],
        "artifacts": places.artifacts(shown.files),
        "results": [
            result(
                finding,
                places,
                rule=rules[finding.rule_id],
                rule_index=numbers[finding.rule_id],
                line_hash=hashes.get((finding.path, finding.span.start_line), ""),
                cwes=cwes,
                suppressed=suppressed,
            )
            for finding, suppressed in told
        ],
        "properties": _properties(shown),
    }
    if cwes:
        run["taxonomies"] = [taxonomy(cwes)]
    return run


def _told(report: Report, options: RenderOptions) -> tuple[list[tuple[Finding, Suppressed | None]], int]:
    """What becomes a result, the worst first and suppressed ones last, and how many do not for want of room."""
    told: list[tuple[Finding, Suppressed | None]] = [(finding, None) for finding in by_weight(report.findings)]
    if options.show_suppressed:
        told += [(item.finding, item) for item in suppressed_by_place(report)]
    return told[:MOST_RESULTS], max(len(told) - MOST_RESULTS, 0)


def _rules(report: Report, findings: Iterable[Finding]) -> dict[str, Rule]:
    """The rules that occur, by id and in its order; one that the report lacks is made from its finding."""
    found: dict[str, Rule] = {}
    for finding in findings:
        if finding.rule_id not in found:
            found[finding.rule_id] = report.rules.get(finding.rule_id) or Rule(
                id=finding.rule_id,
                name=finding.rule_id,
                summary=finding.message,
                category=finding.category,
                severity=finding.severity,
                confidence=finding.confidence,
                engine=finding.engine,
                cwe=finding.cwe,
            )
    return dict(sorted(found.items()))


def _artifact_paths(report: Report, findings: Iterable[Finding]) -> list[str]:
    """The files that the log speaks of: those with results or failures, and those that were not analysed."""
    paths = {path for finding in findings for path in (finding.path, *(step.path for step in finding.trace))}
    paths.update(failure.path for failure in report.failures if failure.path is not None)
    paths.update(record.path for record in report.files if record.reason)
    return sorted(paths)


def _hashes(texts: Mapping[str, str], findings: Iterable[Finding]) -> dict[tuple[str, int], str]:
    wanted: dict[str, set[int]] = {}
    for finding in findings:
        if finding.path in texts:
            wanted.setdefault(finding.path, set()).add(finding.span.start_line)
    return {
        (path, line): value for path, lines in wanted.items() for line, value in line_hashes(texts[path], lines).items()
    }


def _versioned(component: Json, version: str) -> Json:
    if version:
        component["version"] = visible(version)
    if _SEMVER.fullmatch(version):
        component["semanticVersion"] = version
    return component


def _tool(report: Report, rules: Mapping[str, Rule], cwes: Sequence[int], notices: Sequence[str]) -> Json:
    driver: Json = _versioned({"name": "codeguard"}, report.version)
    driver["shortDescription"] = {"text": "A safety scanner for Python code written by language models."}
    driver["rules"] = rule_descriptors(rules, cwes)
    if notices:
        driver["notifications"] = [_notice_descriptor(name) for name in notices]
    if cwes:
        driver["supportedTaxonomies"] = [CWE_COMPONENT]
    tool: Json = {"driver": driver}
    others = {run.name: run for run in report.engines if run.name not in {"", OWN_ENGINE}}
    extensions = [_extension(run) for _, run in sorted(others.items())]
    if extensions:
        tool["extensions"] = extensions
    return tool


def _notice_descriptor(name: str) -> Json:
    text = {"text": _NOTICES[name]}
    return {"id": name, "shortDescription": text, "fullDescription": text, "help": text}


def _extension(run: EngineRun) -> Json:
    """An engine.  Its rules stay in the driver: they are codeguard's, with its severities and categories."""
    component = _versioned({"name": visible(run.name)}, run.version)
    component["properties"] = {
        "seconds": round(run.seconds, 3),
        "filesGiven": run.files_given,
        "filesScanned": run.files_scanned,
    }
    return component


def _invocation(report: Report, places: Places, left_out: int) -> tuple[Json, list[str]]:
    """What happened in the scan, and the names of the notices that it speaks of."""
    notices: list[tuple[str, Json]] = []
    if left_out:
        text = f"The {left_out:,} least severe results were left out: consumers accept {MOST_RESULTS:,} at most."
        notices.append((_LEFT_OUT, _notice("warning", text)))
    if report.interrupted:
        notices.append((_INTERRUPTED, _notice("error", "The scan was interrupted: some files were not looked at.")))
    notices += [(failure.kind.value, _failure(failure, places)) for failure in failures_by_weight(report)]
    silenced = sorted(
        report.suppressed, key=lambda one: (one.finding.path, one.finding.span, one.finding.rule_id, one.syntax)
    )
    notices += [(_SUPPRESSED, _suppressed(one, places)) for one in silenced]
    names = sorted({name for name, _ in notices})
    told: dict[bool, list[Json]] = {False: [], True: []}
    for name, notice in notices:
        told[name in _CONFIGURATION].append({"descriptor": {"id": name, "index": names.index(name)}, **notice})
    invocation: Json = {"executionSuccessful": report.complete, **_times(report)}
    if told[False]:
        invocation["toolExecutionNotifications"] = told[False]
    if told[True]:
        invocation["toolConfigurationNotifications"] = told[True]
    return invocation, names


def _times(report: Report) -> Json:
    """When the scan started and ended; nothing where the report does not say it as a time."""
    try:
        start = datetime.fromisoformat(report.started.replace("Z", "+00:00"))
        start = start.astimezone(timezone.utc) if start.tzinfo else start
        end = start + timedelta(seconds=report.seconds)
    except (ValueError, OverflowError):
        return {}
    return {"startTimeUtc": f"{start:%Y-%m-%dT%H:%M:%SZ}", "endTimeUtc": f"{end:%Y-%m-%dT%H:%M:%SZ}"}


def _notice(level: str, text: str) -> Json:
    return {"level": level, "message": message(text)}


def _failure(failure: Failure, places: Places) -> Json:
    """An error where it makes the scan incomplete, a warning where another engine has looked."""
    kind = failure.kind.value.replace("-", " ")
    notice = _notice("error" if failure.fatal else "warning", f"{failure.engine}: {kind}: {failure.detail}")
    if failure.path is not None:
        physical: Json = {"artifactLocation": places.artifact(failure.path)}
        if failure.line > 0:
            physical["region"] = {"startLine": failure.line}
        notice["locations"] = [{"physicalLocation": physical}]
    notice["properties"] = {"engine": visible(failure.engine)}
    return notice


def _suppressed(one: Suppressed, places: Places) -> Json:
    """A silenced finding is never out of sight: GitHub would show a suppressed *result* as an open alert."""
    why = f": {one.reason}" if one.reason else ", which gives no reason"
    text = f"{one.finding.rule_id} is silenced by a `{one.syntax}` comment on line {one.comment_line}{why}"
    notice = _notice("note", text)
    physical: Json = {"artifactLocation": places.artifact(one.finding.path)}
    physical["region"] = {"startLine": one.finding.span.start_line}
    notice["locations"] = [{"physicalLocation": physical}]
    return notice


def _properties(report: Report) -> Json:
    """The account of files, and what no result shows."""
    counts = summarise(report)
    return {
        "complete": report.complete,
        "files": {"discovered": counts.files, **{status.value: n for status, n in counts.totals.items()}},
        "findings": counts.findings,
        "suppressed": counts.suppressed,
        "suppressedBy": dict(counts.suppressed_by),
        "dismissed": counts.dismissed,
        "risks": [
            {"uri": uri(risk.path), "score": risk.score, "level": risk.level, "sentence": visible(risk.sentence)}
            for risk in report.risks[:_RISKS]
        ],
    }
