"""Our own engine: one parse and one walk a file, then every check looks things up in the tables."""

from __future__ import annotations

import re
import traceback
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import libcst as cst

from codeguard.checks import load
from codeguard.checks._api import Check, Hit, run
from codeguard.config.model import Config
from codeguard.model import Comment, Failure, FailureKind, FileStatus, Finding, Fix, Rule, Span
from codeguard.pool import map_isolated
from codeguard.source.model import Source
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import SyntaxProblem, Unit

NAME = "native"
BYTES_A_SECOND = 200_000  # what a large file may take beyond the limit that every file has
# Only a file whose text holds one of these can hold a suppression comment.
DIRECTIVE = re.compile(r"nosec|noqa|nosem|codeguard\s*:", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What our own engine says of one file; plain data."""

    path: str
    status: FileStatus
    reason: str
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    directives: tuple[Comment, ...]
    blanked: tuple[tuple[int, int], ...]


def rules() -> dict[str, Rule]:
    """Every native rule by id."""
    return {check.id: check.rule() for check in load()}


def spans_of(hits: Iterable[Hit], unit: Unit) -> list[Span]:
    """Where hits stand, in their order."""
    return [hit.where if isinstance(hit.where, Span) else unit.span(hit.where) for hit in hits]


def start(
    sources: Sequence[Source], enabled: Callable[[Rule], bool], config: Config
) -> Generator[tuple[Source, Outcome | None, str]]:
    """Start the workers, then yield each source with its outcome, or with what became of its worker.

    The workers exist when this returns; closing the iterator ends them.
    """
    wanted = tuple(check for check in load() if enabled(check.rule()))
    done = map_isolated(
        partial(analyse, checks=wanted),
        sources,
        jobs=config.jobs,
        seconds=config.time_limit,
        memory_mb=config.memory_limit,
        grace=lambda source: source.size / BYTES_A_SECOND,
    )
    return ((one.item, one.result, one.lost) for one in done)


def unit_of(source: Source) -> Unit:
    """The source's unit; bytes that CPython refuses to decode are a syntax problem of it."""
    unit = parse(source.path, source.text)
    unit.source = source
    if source.rejected and unit.problem is None:
        note = source.notes[0] if source.notes else None
        unit.problem = SyntaxProblem(note.line if note else 1, note.col if note else 0, source.rejected)
    return unit


def analyse(file: Source, checks: Iterable[Check]) -> Outcome:
    """Parse one file, as far as it can be, and run the checks on it; a check that raises costs only itself."""
    unit = unit_of(file)
    findings: list[Finding] = []
    failures: list[Failure] = []
    for check in checks:
        try:
            hits = run(check, unit)
            findings.extend(_findings(check, hits, unit))
        except (MemoryError, KeyboardInterrupt):
            raise
        except Exception as error:  # noqa: BLE001 - one of the three places; see docs/architecture.md
            last = traceback.extract_tb(error.__traceback__)[-1]
            detail = f"check {check.id} failed: {type(error).__name__}: {error} ({last.name}, line {last.lineno})"
            failures.append(Failure(file.path, NAME, FailureKind.CHECK_FAILED, detail))
    status, reason = _status(unit)
    return Outcome(file.path, status, reason, tuple(findings), tuple(failures), _directives(unit), unit.blanked)


def _findings(check: Check, hits: list[Hit], unit: Unit) -> Iterator[Finding]:
    for hit, span in zip(hits, spans_of(hits, unit), strict=True):
        fix = hit.fix if hit.fix is not None else (check.fix or None)
        yield Finding(
            rule_id=check.id,
            path=unit.path,
            span=span,
            message=hit.message,
            category=check.category,
            severity=check.severity if hit.severity is None else hit.severity,
            confidence=check.confidence if hit.confidence is None else hit.confidence,
            engine=NAME,
            cwe=check.cwe,
            seen_by=(f"{NAME}:{check.id}",),
            snippet=unit.original_line(span.start_line).strip(),
            fix=Fix(fix) if isinstance(fix, str) else fix,
        )


def _status(unit: Unit) -> tuple[FileStatus, str]:
    if unit.problem is None:
        return FileStatus.ANALYSED, ""
    where = f"line {unit.problem.line}: {unit.problem.message}"
    if isinstance(unit.module, cst.Module) and not unit.module.body:
        return FileStatus.UNPARSABLE, where
    lost = sum(end - start + 1 for start, end in unit.blanked)
    return FileStatus.PARTIAL, f"{where}; {lost} line{'s' * (lost != 1)} could not be read"


def _directives(unit: Unit) -> tuple[Comment, ...]:
    if not DIRECTIVE.search(unit.original):
        return ()
    return tuple(
        Comment(span.start_line, span.start_col, text, not unit.original_line(span.start_line)[: span.start_col].strip())
        for span, text in unit.comments
        if DIRECTIVE.search(text)
    )


def relocate(outcome: Outcome, path: str) -> Outcome:
    """The same outcome for a file of the same text at another path (what a cache by content needs)."""
    return replace(
        outcome,
        path=path,
        findings=tuple(replace(f, path=path) for f in outcome.findings),
        failures=tuple(replace(f, path=path) for f in outcome.failures),
    )


def versions() -> Mapping[str, str]:
    """The versions that our own answers depend on."""
    return {"libcst": cst.__version__ if hasattr(cst, "__version__") else ""}
