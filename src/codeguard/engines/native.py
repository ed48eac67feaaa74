"""Our own engine: one parse and one walk a file, then every check looks things up in the tables.

A file has its seconds in all.  Where it is too much as a whole (too large, or it costs its worker the time, the memory
or the life), what was found until then is kept, and for the rest of its seconds it is read in pieces, by the security
and malicious checks alone (`Pieces`); its record says so.
"""

from __future__ import annotations

import pickle
import re
import time
import traceback
from collections import defaultdict, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import libcst as cst

from codeguard.checks import load
from codeguard.checks._api import Check, Hit, run
from codeguard.config.model import Config
from codeguard.engines import dataflow
from codeguard.engines.bound import PER_RULE, Bound, beyond, too_much
from codeguard.engines.columns import quoted
from codeguard.engines.piecewise import Pieces, Read, read
from codeguard.flow.lower import lower
from codeguard.flow.verdicts import Verdict
from codeguard.model import Comment, Failure, FailureKind, FileStatus, Finding, Fix, Rule, Span
from codeguard.pool import Done, map_isolated
from codeguard.source.declared import EMPTY, Project
from codeguard.source.model import Source
from codeguard.syntax.recover import parse
from codeguard.syntax.scope import dotted
from codeguard.syntax.unit import SyntaxProblem, Unit

NAME = "native"
WHOLE = 0.7  # the part of a file's seconds that it has as a whole, where pieces may have to follow
TELL_AFTER = 0.1  # seconds after which a worker tells what it has found so far
LINES_A_SECOND = 1_000  # what the data flow may take for each shard, beyond the limit that every file has
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
    module: bytes = b""  # the lowered module, pickled, and what it imports: what the data flow over all files needs
    imports: tuple[str, ...] = ()
    flowed: dataflow.Flowed | None = None  # where there is only this file
    located: dataflow.Located | None = None
    checked: bool = True  # every check has had its say; what remains is the data flow


def rules() -> dict[str, Rule]:
    """Every native rule by id."""
    return {check.id: check.rule() for check in load()}


def spans_of(hits: Iterable[Hit], unit: Unit) -> list[Span]:
    """Where hits stand, in their order."""
    return [hit.where if isinstance(hit.where, Span) else unit.span(hit.where) for hit in hits]


class Running:
    """Our own engine at work: its workers exist from the start, and end with `close`."""

    def __init__(
        self, sources: Sequence[Source], checks: tuple[Check, ...], config: Config, project: Project = EMPTY
    ) -> None:
        self._sources = sources
        self._checks = checks
        self._waiting: deque[Any] = deque(_first_way(source, config.time_limit) for source in sources)
        self._done = map_isolated(
            partial(_work, checks=checks, project=project, alone=len(sources) == 1),
            self._waiting,
            jobs=config.jobs,
            seconds=partial(_allowance, limit=config.time_limit),
            memory_mb=config.memory_limit,
        )
        self._limit = config.time_limit
        self._pending = len(sources)
        self._kept: dict[str, tuple[Outcome | None, str]] = {}  # of files that are read in pieces: what came before
        self._modules: dict[str, bytes] = {}
        self._imports: dict[str, tuple[str, ...]] = {}
        self._evidence = dataflow.Evidence()

    def files(self) -> Iterator[tuple[Source, Outcome | None, str]]:
        """Each source with its outcome, or with what became of its worker.

        An outcome may be what is left of a file that was too much: then its failures tell what it cost.
        """
        for one in self._outcomes():
            lost: str = one.lost
            outcome: Outcome | None
            if isinstance(one.item, Pieces):
                source = one.item.source
                before, why = self._kept.pop(source.path, (None, ""))
                outcome = _put_together(source, before, why, one.result, lost)
                lost = lost if outcome is None else ""
            else:
                source, outcome = one.item, one.result
                if lost and outcome is not None and outcome.checked:
                    outcome, lost = _without_flow(outcome, lost), ""
                elif lost:
                    self._kept[source.path] = (outcome, lost)
                    self._add([Pieces(source, self._limit * (1 - WHOLE))])
                    continue
            if outcome is not None:
                if outcome.module:
                    self._modules[outcome.path] = outcome.module
                    self._imports[outcome.path] = outcome.imports
                if outcome.flowed is not None:
                    self._evidence.take(outcome.flowed)
                if outcome.located is not None:
                    self._evidence.place(outcome.located)
                outcome = replace(outcome, module=b"", flowed=None, located=None)
            yield source, outcome, lost

    def flow(self) -> tuple[list[Finding], list[Failure]]:
        """What the data flow finds over all files; to be asked after `files` has come to its end."""
        failures: list[Failure] = []
        lines = {source.path: source.lines for source in self._sources}
        self._add(dataflow.shards(self._modules, self._imports, lines))
        for one in self._outcomes():
            shard: dataflow.Shard = one.item
            if one.result is not None:
                self._evidence.take(one.result)
                failures += _unfollowed(one.result)
            elif len(shard.roots) > 1:  # its files, in halves: in the end, only one that cannot be followed is lost
                half = len(shard.roots) // 2
                parts = (shard.roots[:half], shard.roots[half:])
                self._add(replace(shard, roots=part, lines=shard.lines // 2 + 1) for part in parts)
            else:
                kind = FailureKind.TIMEOUT if one.lost == "timed out" else FailureKind.CRASH
                failures.append(Failure(shard.roots[0], NAME, kind, f"the data flow {one.lost} on this file"))
        self._modules.clear()
        found = self._evidence.reported(self._checks)
        bound = Bound(NAME)
        failures += self._place(dataflow.ordinals_of(found))
        texts = {source.path: source.text for source in self._sources}
        findings = dataflow.findings(found, self._checks, self._evidence.places, texts)
        findings = [finding for finding in findings if bound.admits(finding.path, finding.rule_id)]
        return findings, [*failures, *bound.failures()]

    def verdicts(self, findings: Iterable[Finding]) -> tuple[list[Verdict], list[Failure]]:
        """What the data flow says of the places of other engines' findings; to be asked after `flow`."""
        paths = {finding.path for finding in findings}
        judged = [j for j in self._evidence.judged if j.module in paths]
        wanted: defaultdict[str, set[int]] = defaultdict(set)
        for one in judged:
            wanted[one.module].add(one.at)
        failures = self._place(wanted)
        places = self._evidence.places
        out = [
            Verdict(j.module, span, j.kind, j.why)
            for j in judged
            if (span := places.get(j.module, {}).get(j.at)) is not None
        ]
        return out, failures

    def _add(self, jobs: Iterable[Any]) -> None:
        more = list(jobs)
        self._waiting.extend(more)
        self._pending += len(more)

    def _outcomes(self) -> Iterator[Done[Any, Any]]:
        """The outcome of every job, those included that are added while they are read."""
        while self._pending:
            one = next(self._done)
            self._pending -= 1
            yield one

    def _place(self, wanted: Mapping[str, Iterable[int]]) -> list[Failure]:
        """Find the places of ordinals; what is known of them already is not asked again."""
        sources = {source.path: source for source in self._sources}
        asks = []
        for path, ordinals in wanted.items():
            missing = set(ordinals) - self._evidence.places.get(path, {}).keys()
            if missing:
                asks.append(dataflow.Ask(sources[path], tuple(sorted(missing))))
        failures = []
        self._add(asks)
        for one in self._outcomes():
            if one.result is not None:
                self._evidence.place(one.result)
            else:
                kind = FailureKind.TIMEOUT if one.lost == "timed out" else FailureKind.CRASH
                failures.append(Failure(one.item.source.path, NAME, kind, f"finding places {one.lost} on this file"))
        return failures

    def close(self) -> None:
        """End the workers."""
        self._done.close()


def start(
    sources: Sequence[Source], enabled: Callable[[Rule], bool], config: Config, project: Project = EMPTY
) -> Running:
    """Start the workers, which exist when this returns."""
    return Running(sources, tuple(check for check in load() if enabled(check.rule())), config, project)


def _first_way(source: Source, limit: float) -> Source | Pieces:
    """How a file is read: as a whole, or in pieces where nobody could read it as a whole in its time."""
    return Pieces(source, limit) if too_much(source.text, limit) else source


def _allowance(item: Source | Pieces | dataflow.Shard | dataflow.Ask, limit: float) -> float:
    if isinstance(item, dataflow.Shard):
        return limit + item.lines / LINES_A_SECOND
    return item.seconds if isinstance(item, Pieces) else limit * WHOLE


def _work(
    item: Source | Pieces | dataflow.Shard | dataflow.Ask, checks: Iterable[Check], project: Project, *, alone: bool
) -> Any:
    """What a worker does: a file, or a part of the project's data flow."""
    if isinstance(item, dataflow.Shard):
        return dataflow.interpret_shard(item)
    if isinstance(item, dataflow.Ask):
        return dataflow.locate(item)
    if isinstance(item, Pieces):
        return read(item.source, checks, _one, _directives, NAME)
    return analysing(item, checks, project=project, alone=alone)


def _unfollowed(flowed: dataflow.Flowed) -> Iterator[Failure]:
    """What the data flow could not follow, or not to its end; the latter is no failure of the scan, but is told."""
    for path, what in flowed.broken:
        yield Failure(path, NAME, FailureKind.CHECK_FAILED, f"the data flow failed in {what}")
    for path, function in flowed.cut:
        what = f"`{function}`" if function else "the module's own statements"
        detail = f"the data flow left {what} before the end: it reached its limit of statements"
        yield Failure(path, NAME, FailureKind.LIMIT, detail, fatal=False)


def unit_of(source: Source) -> Unit:
    """The source's unit; bytes that CPython refuses to decode are a syntax problem of it."""
    unit = parse(source.path, source.text)
    unit.origin = source
    if source.rejected and unit.problem is None:
        note = source.notes[0] if source.notes else None
        unit.problem = SyntaxProblem(note.line if note else 1, note.col if note else 0, source.rejected)
    return unit


def analyse(file: Source, checks: Iterable[Check], *, project: Project = EMPTY, alone: bool = False) -> Outcome:
    """Parse one file, as far as it can be, and run the checks on it; a check that raises costs only itself.

    `alone`: there is no other file, so that its data flow is all there is, and is done here too.
    """
    steps = analysing(file, checks, project=project, alone=alone)
    while True:
        try:
            next(steps)
        except StopIteration as end:  # noqa: PERF203 - how a generator hands over what it returns
            whole: Outcome = end.value
            return whole


def analysing(
    file: Source, checks: Iterable[Check], *, project: Project = EMPTY, alone: bool = False
) -> Generator[Outcome, None, Outcome]:
    """What `analyse` returns; where it takes a while, what has been found until then is yielded."""
    began = time.monotonic()
    unit = unit_of(file)
    unit.project = project
    findings: list[Finding] = []
    failures: list[Failure] = []
    for check in checks:
        found, failed = _one(check, unit)
        findings += found
        failures += failed
        if (found or failed) and time.monotonic() - began > TELL_AFTER:
            so_far = (tuple(findings), tuple(failures))
            yield Outcome(file.path, FileStatus.PARTIAL, "", *so_far, _directives(unit), unit.blanked, checked=False)
    status, reason = _status(unit)
    outcome = Outcome(file.path, status, reason, tuple(findings), tuple(failures), _directives(unit), unit.blanked)
    if not any(check.flow is not None for check in checks):
        return outcome
    if time.monotonic() - began > TELL_AFTER:
        yield outcome
    module = lower(unit)
    if not alone:
        return replace(outcome, module=pickle.dumps(module, pickle.HIGHEST_PROTOCOL), imports=_imports(unit))
    flowed = dataflow.interpret({module.path: module}, [module.path])
    failures += _unfollowed(flowed)
    ordinals = dataflow.ordinals_of(flowed.found).get(module.path, set()) | {judged.at for judged in flowed.judged}
    where = dataflow.located(unit, ordinals) if ordinals else None
    return replace(outcome, failures=tuple(failures), flowed=flowed, located=where)


def _one(check: Check, unit: Unit) -> tuple[list[Finding], list[Failure]]:
    """What one check finds in a unit, or that it failed."""
    try:
        hits = run(check, unit)
        if not hits:
            return [], []
        findings = list(_findings(check, hits[:PER_RULE], unit))
    except (MemoryError, KeyboardInterrupt):
        raise
    except Exception as error:  # noqa: BLE001 - one of the three places; see docs/architecture.md
        last = traceback.extract_tb(error.__traceback__)[-1]
        detail = f"check {check.id} failed: {type(error).__name__}: {error} ({last.name}, line {last.lineno})"
        return [], [Failure(unit.path, NAME, FailureKind.CHECK_FAILED, detail)]
    return findings, [beyond(NAME, unit.path, check.id, len(hits))] if len(hits) > PER_RULE else []


def _without_flow(outcome: Outcome, lost: str) -> Outcome:
    """The outcome of a file that only the data flow was too much for."""
    failure = _lost(outcome.path, lost, f"the data flow {lost} on this file")
    reason = outcome.reason or f"all but the data flow, which {lost}"
    status = FileStatus.PARTIAL if outcome.status is FileStatus.ANALYSED else outcome.status
    return replace(outcome, status=status, reason=reason, failures=(*outcome.failures, failure))


def _put_together(source: Source, before: Outcome | None, why: str, read: Read | None, lost: str) -> Outcome | None:
    """What is known of a file that was read in pieces: what came before it, too; None where that is nothing.

    `why` it was, empty for its size; `lost` is what became of the worker that read the pieces.
    """
    if before is None and read is None:
        return None
    before = before or Outcome(source.path, FileStatus.PARTIAL, "", (), (), (), ())
    read = read or Read()
    known = {(finding.rule_id, finding.span) for finding in before.findings}
    what = (
        f"our own engine {why} on this file" if why else "this file has too much code to be read as a whole in its time"
    )
    how = "it was read in pieces, by the security and malicious checks alone"
    reason = f"{what}; {how}{'' if read.whole else f', not to its end ({lost})'}"
    failure = _lost(source.path, why, reason) if why else Failure(source.path, NAME, FailureKind.TOO_LARGE, reason)
    return replace(
        before,
        reason=reason,
        findings=(*before.findings, *(f for f in read.findings if (f.rule_id, f.span) not in known)),
        failures=(*before.failures, *read.failures, failure),
        directives=read.directives or before.directives,
        checked=True,
    )


def _lost(path: str, lost: str, detail: str) -> Failure:
    return Failure(path, NAME, FailureKind.TIMEOUT if lost == "timed out" else FailureKind.CRASH, detail)


def _imports(unit: Unit) -> tuple[str, ...]:
    """The dotted names that the unit imports, wherever it does."""
    bound = (b for scope in unit.scopes.all() for many in scope.bindings.values() for b in many if b.kind == "import")
    whole = (dotted(alias.name) for node in unit.nodes(cst.Import) for alias in node.names)  # `import a.b` binds `a`
    return tuple({*(b.target for b in bound if b.target), *(name for name in whole if name), *unit.scopes.stars})


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
            snippet=quoted(unit.original_line(span.start_line), span.start_col),
            fix=Fix(fix) if isinstance(fix, str) else fix,
        )


def _status(unit: Unit) -> tuple[FileStatus, str]:
    if unit.problem is None:
        return FileStatus.ANALYSED, ""
    where = f"line {unit.problem.line}: {unit.problem.message}"
    lost = sum(end - start + 1 for start, end in unit.blanked)
    if not unit.module.body or lost >= sum(1 for line in unit.original.split("\n") if line.strip()):
        return FileStatus.UNPARSABLE, where
    return FileStatus.PARTIAL, f"{where}; {lost} line{'s' * (lost != 1)} could not be read"


def _directives(unit: Unit) -> tuple[Comment, ...]:
    if not DIRECTIVE.search(unit.original):
        return ()
    return tuple(
        Comment(
            span.start_line, span.start_col, text, not unit.original_line(span.start_line)[: span.start_col].strip()
        )
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
