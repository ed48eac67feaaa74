"""What Semgrep answers, in codeguard's terms; the one place where its positions are converted.

The core and the classic front end write nearly the same JSON; where they differ, both are read here.  Positions are
1-based lines and 1-based *bytes* of the UTF-8 text, the end exclusive; ours are 0-based code points.

`is_ignored`, by which the core marks what a `nosem` comment speaks of, is not read: suppressions are decided
elsewhere, from real comment tokens.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codeguard.engines.bound import Bound
from codeguard.engines.columns import Lines
from codeguard.engines.interface import StagedFile
from codeguard.engines.semgrep_pack import PackRule
from codeguard.model import Failure, FailureKind, Finding, Fix, Span, Step

ENGINE = "semgrep"

_LONGEST = 400  # characters of a message or detail: Semgrep puts whole expressions of the scanned file into them
_DEEPEST = 20  # calls in a trace

_UNPARSABLE = {"Lexical error", "Syntax error", "Other syntax error", "AST builder error", "PartialParsing"}
_OF_A_RULE = {
    "Rule parse error",
    "PatternParseError",
    "Pattern parse error",
    "InvalidRuleSchemaError",
    "UnknownLanguageError",
    "Invalid YAML",
    "IncompatibleRule",
    "Incompatible rule",
}
# Kind of error -> what was lost of the file, and whether that leaves the scan incomplete.
_OF_A_FILE: Mapping[str, tuple[FailureKind, str, bool]] = {
    "Timeout": (FailureKind.TIMEOUT, "ran out of time", True),
    # The analysis of one function was cut short, by a clock of a fifth of a second that a rule cannot do without.
    "Fixpoint timeout": (FailureKind.TIMEOUT, "gave up following values through a function", False),
    "Too many matches": (FailureKind.LIMIT, "matched too often, and the matches were dropped", True),
    "Out of memory": (FailureKind.NOT_SCANNED, "ran out of memory", True),
    "Stack overflow": (FailureKind.NOT_SCANNED, "ran out of stack", True),
}


@dataclass(frozen=True, slots=True)
class Answer:
    """Semgrep's JSON, checked as far as its outline goes."""

    results: Sequence[Mapping[str, Any]]
    errors: Sequence[Mapping[str, Any]]
    scanned: frozenset[str]
    skipped: Sequence[Mapping[str, Any]]
    unread_rules: Sequence[Mapping[str, Any]]


def read_answer(data: bytes) -> Answer:
    """Parse Semgrep's standard output, also with the progress dots that it writes before its JSON without being asked.

    Raises ValueError where it is not what Semgrep is known to answer.
    """
    start = data.find(b"{")
    if start < 0 or data[:start].strip(b".\r\n"):
        raise ValueError("it is not JSON")
    answer = json.loads(data[start:].decode("utf-8", "surrogateescape"))
    paths = answer.get("paths") if isinstance(answer, dict) else None
    if not isinstance(paths, dict) or not isinstance(paths.get("scanned"), list):
        raise ValueError("it does not say what it scanned")  # noqa: TRY004 - a value of foreign data, not a type of ours
    return Answer(
        results=_mappings(answer, "results"),
        errors=_mappings(answer, "errors"),
        scanned=frozenset(str(path) for path in paths["scanned"]),
        skipped=_mappings(paths, "skipped"),
        unread_rules=_mappings(answer, "skipped_rules"),
    )


def matched(answer: Answer, name: str, path: str) -> bool:
    """True where the rule of that name reports something in that file."""
    return any(result.get("check_id") == name and result.get("path") == path for result in answer.results)


def findings(
    answer: Answer, rules: Mapping[str, PackRule], files: Mapping[str, StagedFile], bound: Bound | None = None
) -> tuple[Finding, ...]:
    """The findings in `files` (path as Semgrep names it -> file) of `rules` (by Semgrep's name), one a rule and span.

    `bound` counts those of each rule in each file, and tells afterwards which were too many.

    Raises ValueError, KeyError or TypeError where a result is not shaped as Semgrep's are.
    """
    texts: dict[str, _Text] = {}
    found: dict[tuple[str, str, Span], Finding] = {}
    bound = bound or Bound(ENGINE)
    for result in answer.results:
        entry, file = rules.get(result["check_id"]), files.get(result["path"])
        if entry is None or file is None:
            continue
        finding = _finding(result, entry, file, files, texts)
        place = (finding.path, finding.rule_id, finding.span)
        if place not in found and not bound.admits(finding.path, finding.rule_id):
            continue
        # The same place matches once for each way to bind the pattern; the trace, where one has it, is worth keeping.
        if place not in found or (finding.trace and not found[place].trace):
            found[place] = finding
    return tuple(sorted(found.values(), key=lambda finding: (finding.path, finding.span, finding.rule_id)))


def failures(answer: Answer, files: Mapping[str, StagedFile]) -> tuple[Failure, ...]:
    """What Semgrep says that it could not do: rules that it does not run, files that it read in part or not at all."""
    return tuple(dict.fromkeys((*_rule_failures(answer), *_file_failures(answer, files))))


def _rule_failures(answer: Answer) -> Iterator[Failure]:
    of_rules = [(error.get("rule_id"), error.get("message")) for error in answer.errors if _kind(error) in _OF_A_RULE]
    of_rules += [(rule.get("rule_id"), rule.get("details")) for rule in answer.unread_rules]
    for name in dict.fromkeys(name for name, _ in of_rules):
        why = next(message for other, message in of_rules if other == name)
        what = f"rule {name}" if name else "a rule"
        yield Failure(None, ENGINE, FailureKind.ENGINE_FAILED, _short(f"{what} is not run by Semgrep: {why}"))


def _file_failures(answer: Answer, files: Mapping[str, StagedFile]) -> Iterator[Failure]:
    stopped: dict[tuple[str, str], set[str]] = defaultdict(set)  # file and kind of error -> the rules it stopped
    for error in answer.errors:
        kind, file = _kind(error), files.get(_error_path(error))
        if kind in _OF_A_RULE:
            continue
        if file is None:
            fatal = error.get("severity", error.get("level")) == "error"
            yield Failure(None, ENGINE, FailureKind.ENGINE_FAILED, _short(f"{kind}: {error.get('message')}"), fatal)
        elif kind in _UNPARSABLE:
            lines = _lines(error)
            where = f" from line {lines[0]} to line {lines[-1]}" if lines else ""
            detail = f"Semgrep could not read it{where}"
            yield Failure(file.path, ENGINE, FailureKind.UNPARSABLE, detail, fatal=False, line=lines[0] if lines else 0)
        else:
            stopped[file.path, kind].add(str(error.get("rule_id") or ""))
    for (path, kind), rules in stopped.items():
        failure, what, fatal = _OF_A_FILE.get(kind, (FailureKind.NOT_SCANNED, f"failed ({kind})", True))
        named = ", ".join(sorted(rules - {""}))
        yield Failure(path, ENGINE, failure, _short(f"Semgrep {what}" + (f" in {named}" if named else "")), fatal)
    for skip in answer.skipped:
        file = files.get(str(skip.get("path")))
        if file is not None and not skip.get("rule_id"):  # with a rule: that rule had nothing to look for in it
            detail = _short(f"Semgrep left it out: {skip.get('reason')} {skip.get('details') or ''}")
            yield Failure(file.path, ENGINE, FailureKind.NOT_SCANNED, detail)


def _finding(
    result: Mapping[str, Any],
    entry: PackRule,
    file: StagedFile,
    files: Mapping[str, StagedFile],
    texts: dict[str, _Text],
) -> Finding:
    rule = entry.rule
    span, snippet = _place(result, file, texts)
    trace = result["extra"].get("dataflow_trace")
    return Finding(
        rule_id=rule.id,
        path=file.path,
        span=span,
        message=_short(result["extra"].get("message") or rule.summary),
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=ENGINE,
        cwe=rule.cwe,
        seen_by=(f"{ENGINE}:{rule.name}",),
        snippet=snippet,
        trace=tuple(_steps(trace, files, texts)) if isinstance(trace, dict) else (),
        fix=Fix(title=entry.fix),
    )


def _steps(trace: Mapping[str, Any], files: Mapping[str, StagedFile], texts: dict[str, _Text]) -> Iterator[Step]:
    """A taint trace from source to sink, without the steps that are in no file of ours."""
    stops = [
        *((stop, "the value comes from here") for stop in _calls(trace.get("taint_source"))),
        *(((v["location"], v["content"]), "it is kept in `{}`") for v in trace.get("intermediate_vars") or ()),
        *((stop, "it is used here") for stop in reversed(tuple(_calls(trace.get("taint_sink"))))),
    ]
    for (location, content), message in stops:
        file = files.get(location["path"])
        if file is not None:
            span, snippet = _place(location, file, texts)
            yield Step(file.path, span, _short(message.format(content)), snippet)


def _calls(end: Any, depth: int = 0) -> Iterator[tuple[Mapping[str, Any], str]]:
    """The places of one end of a trace, the innermost first: where it is, then each call that leads there."""
    if not isinstance(end, list) or depth > _DEEPEST:
        return
    kind, value = end
    if kind == "CliLoc":
        yield value[0], value[1]
    elif kind == "CliCall":
        (location, content), _, nested = value
        yield from _calls(nested, depth + 1)
        yield location, content


def _place(where: Mapping[str, Any], file: StagedFile, texts: dict[str, _Text]) -> tuple[Span, str]:
    """The span of something that has a `start` and an `end`, and the line that it starts on, without indentation."""
    text = texts.get(file.name)
    if text is None:
        text = texts[file.name] = _Text(Lines.of(file.text), {})
    start, end = where["start"], where["end"]
    span = text.lines.span_of_bytes(start["line"], start["col"] - 1, end["line"], end["col"] - 1)
    return span, text.snippets.setdefault(span.start_line, text.lines.snippet(span))


@dataclass(frozen=True, slots=True)
class _Text:
    """A file's lines, and those that findings quote: one object for all findings of one line, which may be long."""

    lines: Lines
    snippets: dict[int, str]


def _mappings(mapping: Mapping[str, Any], key: str) -> Sequence[Mapping[str, Any]]:
    value = mapping.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise ValueError(f"its {key} are not what they were")
    return value


def _kind(error: Mapping[str, Any]) -> str:
    kind = error.get("error_type", error.get("type"))  # the core's word for it, the classic front end's
    return str(kind[0] if isinstance(kind, list) and kind else kind)


def _error_path(error: Mapping[str, Any]) -> str:
    location = error.get("location")
    return str(location.get("path") if isinstance(location, dict) else error.get("path"))


def _lines(error: Mapping[str, Any]) -> Sequence[int]:
    """The first and last lines of what could not be parsed, sorted."""
    kind = error.get("error_type", error.get("type"))
    places: Iterable[Any] = kind[1] if isinstance(kind, list) and len(kind) > 1 else [error.get("location")]
    lines = [place[end]["line"] for place in places if isinstance(place, dict) for end in ("start", "end")]
    return sorted(lines)


def _short(text: str) -> str:
    words = " ".join(str(text).split())
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
