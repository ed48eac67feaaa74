"""SARIF's results: one for each finding, with its places, flow, fix and fingerprints."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeguard.report.escape import Json, one_line, uri, visible
from codeguard.report.lines import Lines
from codeguard.report.sarif_rules import sentence, taxon

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from codeguard.model import FileRecord, Finding, Fix, Rule, Span, Step, Suppressed

MOST_FLOW_LOCATIONS = 10_000  # GitHub's limit for a result
_MOST_SNIPPET = 1_000  # code points; what is longer helps no reader and swells the log
_CONTEXT = 2  # lines on each side

# In a SARIF message `[text](1)` is a link and `{0}` an argument (sections 3.11.5 and 3.11.6); ours have neither.
_LINK = re.compile(r"\[(?=[^\]]*\]\()")
_PLACEHOLDER = re.compile(r"\{(?=\d+\})")


class Places:
    """Where things are: URIs below the repository's root, regions, and the code in them."""

    BASE = "SRCROOT"

    def __init__(self, paths: Sequence[str], texts: Mapping[str, str], base: str) -> None:
        self._index = {path: number for number, path in enumerate(paths)}
        self._texts = texts
        self._base = f"{base.strip('/')}/" if base.strip("/") else ""
        self._lines: dict[str, Lines] = {}

    def artifact(self, path: str) -> Json:
        """The artifact location of a file."""
        location: Json = {"uri": uri(self._base + path), "uriBaseId": self.BASE}
        if path in self._index:
            location["index"] = self._index[path]
        return location

    def artifacts(self, files: Iterable[FileRecord]) -> list[Json]:
        """The artifacts in the order of their index, each with its size and what became of it."""
        records = {record.path: record for record in files}
        rows: list[Json] = []
        for path in self._index:
            location = self.artifact(path)
            del location["index"]
            row: Json = {"location": location, "roles": ["analysisTarget"]}
            if record := records.get(path):
                row["length"] = record.size
                row["properties"] = {"status": record.status.value}
                if record.reason:
                    row["properties"]["reason"] = one_line(record.reason)
            rows.append(row)
        return rows

    def physical(self, path: str, span: Span, *, context: bool) -> Json:
        """The physical location of a span, with its code where the file's text is known."""
        lines = self._lines_of(path)
        place: Json = {"artifactLocation": self.artifact(path), "region": region(span)}
        if lines is None:
            return place
        start, end = lines.range(span)
        if end - start <= _MOST_SNIPPET:
            place["region"]["snippet"] = {"text": lines.text[start:end]}
        around = _around(lines, span) if context else None
        if around and (around[2], around[3]) != (start, end):
            first, last, start, end = around
            place["contextRegion"] = {
                "startLine": first,
                "endLine": last,
                "snippet": {"text": lines.text[start:end]},
            }
        return place

    def _lines_of(self, path: str) -> Lines | None:
        if path not in self._lines and path in self._texts:
            self._lines[path] = Lines.of(self._texts[path])
        return self._lines.get(path)


def region(span: Span) -> Json:
    """A span as SARIF counts: columns from 1, in the run's `columnKind`."""
    return {
        "startLine": span.start_line,
        "startColumn": span.start_col + 1,
        "endLine": span.end_line,
        "endColumn": span.end_col + 1,
    }


def _around(lines: Lines, span: Span) -> tuple[int, int, int, int] | None:
    """The lines around a span: first, last, and their place in the text; None where they are too long to show."""
    if span.end_line > len(lines):
        return None
    first, last = max(span.start_line - _CONTEXT, 1), min(span.end_line + _CONTEXT, len(lines))
    if last > span.end_line and lines.starts[last - 1] == len(lines.text):
        last -= 1  # nothing stands after the last line end
    start, end = lines.starts[first - 1], lines.ends[last - 1]
    return (first, last, start, end) if end - start <= _MOST_SNIPPET else None


def message(text: str) -> Json:
    """A message that stands as it is: what could be read as a link or an argument is escaped."""
    return {"text": _PLACEHOLDER.sub("{{", _LINK.sub(r"\\[", sentence(one_line(text) or "No message")))}


def result(
    finding: Finding,
    places: Places,
    *,
    rule: Rule,
    rule_index: int,
    line_hash: str,
    cwes: Sequence[int],
    suppressed: Suppressed | None,
) -> Json:
    """The result of a finding; `line_hash` is GitHub's, empty where the text is not known."""
    found: Json = {
        "ruleId": visible(finding.rule_id),
        "ruleIndex": rule_index,
        "level": finding.level.value,
        "message": message(finding.message),
        "locations": [{"physicalLocation": places.physical(finding.path, finding.span, context=True)}],
    }
    prints = {"primaryLocationLineHash": line_hash, "codeguard/v1": visible(finding.fingerprint)}
    if any(prints.values()):
        found["partialFingerprints"] = {name: value for name, value in prints.items() if value}
    if finding.trace:
        found["codeFlows"] = [{"threadFlows": [{"locations": _flow(finding, places)}]}]
        origin = finding.trace[0]
        if (origin.path, origin.span) != (finding.path, finding.span):
            found["relatedLocations"] = [{"id": 1, **_location(origin, places)}]
    if finding.fix and _applies(finding.fix):
        found["fixes"] = [_fix(finding, finding.fix, places)]
    if finding.cwe and finding.cwe != rule.cwe:
        found["taxa"] = [taxon(cwe, cwes) for cwe in dict.fromkeys(finding.cwe)]
    if suppressed:
        found["suppressions"] = [_suppression(suppressed, places)]
    found["properties"] = _properties(finding)
    return found


def _location(step: Step, places: Places) -> Json:
    return {
        "physicalLocation": places.physical(step.path, step.span, context=False),
        "message": message(step.message),
    }


def _flow(finding: Finding, places: Places) -> list[Json]:
    """The steps, and the finding's own place after them where they do not end there."""
    steps = [{"location": _location(step, places)} for step in _within(finding.trace)]
    end = finding.trace[-1]
    if (end.path, end.span) != (finding.path, finding.span):
        last = places.physical(finding.path, finding.span, context=False)
        steps.append({"location": {"physicalLocation": last, "message": message(finding.message)}})
    return steps


def _within(trace: tuple[Step, ...]) -> tuple[Step, ...]:
    """A trace within GitHub's limit: its middle goes, its source and its sink stay."""
    most = MOST_FLOW_LOCATIONS - 1
    return trace if len(trace) <= most else (*trace[: most // 2], *trace[-(most - most // 2) :])


def _applies(fix: Fix) -> bool:
    """True for a fix whose edits are all that it takes: without its imports the file would break."""
    return bool(fix.edits) and not fix.imports


def _fix(finding: Finding, fix: Fix, places: Places) -> Json:
    edits = sorted(fix.edits, key=lambda edit: (edit.span, edit.text))
    replacements = [{"deletedRegion": region(edit.span), "insertedContent": {"text": edit.text}} for edit in edits]
    change = {"artifactLocation": places.artifact(finding.path), "replacements": replacements}
    return {"description": message(fix.title), "artifactChanges": [change], "properties": {"safety": fix.safety.value}}


def _suppression(item: Suppressed, places: Places) -> Json:
    place: Json = {"artifactLocation": places.artifact(item.finding.path)}
    if item.comment_line > 0:
        place["region"] = {"startLine": item.comment_line}
    return {
        "kind": "inSource",
        "status": "accepted",
        "justification": one_line(item.reason) or "The comment gives no reason.",
        "location": {"physicalLocation": place},
        "properties": {"syntax": visible(item.syntax), "rule": visible(item.rule)},
    }


def _properties(finding: Finding) -> Json:
    properties: Json = {
        "category": str(finding.category),
        "severity": finding.severity.label,
        "confidence": finding.confidence.label,
        "engine": visible(finding.engine),
        "seenBy": [visible(name) for name in finding.seen_by],
    }
    if finding.fix:
        properties["fixHint"] = one_line(finding.fix.title)
        if finding.fix.imports:
            properties["fixImports"] = [visible(name) for name in finding.fix.imports]
    return properties
