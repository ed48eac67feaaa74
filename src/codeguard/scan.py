"""What happens in a scan, top to bottom: find, read, stage, run the engines side by side, merge, suppress, report."""

from __future__ import annotations

import io
import os
import shutil
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from functools import cache
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as distribution_version
from pathlib import Path
from typing import Protocol

from codeguard.config.environment import environment_of
from codeguard.config.globs import rebase
from codeguard.config.model import Config
from codeguard.config.select import Selection, protected
from codeguard.engines import native, process
from codeguard.engines.bound import too_much
from codeguard.engines.interface import EngineResult, EngineSettings
from codeguard.engines.registry import FOREIGN, create
from codeguard.engines.scratch import private_folder
from codeguard.errors import CodeguardError, EngineError, OutputError
from codeguard.flow.verdicts import Verdict
from codeguard.model import (
    EngineRun,
    Failure,
    FailureKind,
    FileRecord,
    FileStatus,
    Finding,
    Ignored,
    Report,
    Rule,
    Suppressed,
)
from codeguard.source.archive import Limits, read_archive
from codeguard.source.changes import unchanged
from codeguard.source.declared import EMPTY, Project, look
from codeguard.source.discover import discover, root_of
from codeguard.source.model import Discovery, Options, ReadResult, Source, is_archive
from codeguard.source.read import read, read_stdin, source_from_text
from codeguard.source.stage import Stage, build_stage
from codeguard.triage import arbiter
from codeguard.triage import suppress as suppression
from codeguard.triage.merge import merge, place
from codeguard.triage.risk import assess


class Progress(Protocol):
    """What a scan tells while it works; `n` units of the total that `start` announced are done by `stage`."""

    def start(self, total: int) -> None:
        """The work begins."""

    def advance(self, stage: str, n: int) -> None:
        """Some of it is done."""

    def done(self) -> None:
        """It has ended."""


class _Silent:
    def start(self, total: int) -> None: ...

    def advance(self, stage: str, n: int) -> None: ...

    def done(self) -> None: ...


def scan(
    paths: Sequence[Path | str],
    config: Config,
    *,
    progress: Progress | None = None,
    since: str = "",
    changed_only: bool = True,
) -> Report:
    """Scan files and folders.

    `since` names a commit: only files that differ from it are scanned (all, where `changed_only` is False), and
    suppressions that it did not have are findings.  Raises `UnknownChangesError` where the commit is not known.
    Never raises for what they hold: that is in the report.  Raises `UsageError` for a path that does not exist,
    `ConfigError` for a selector that names no rule, `OutputError` where the private copy cannot be written.
    """
    settings = config.files
    started = _Clock()
    named = [os.fspath(path) for path in paths]
    options = Options(
        exclude=rebase(settings.exclude, settings.base, root_of(named)) if settings.exclude else (),
        respect_gitignore=settings.respect_gitignore,
        default_excludes=config.trusted,
        max_bytes=settings.max_bytes,
    )
    discovery = discover(named, options)
    results: list[ReadResult] = []
    shipped: list[str] = []
    left_out: Counter[str] = Counter()
    for found in discovery.files:
        if is_archive(found.path):
            shipped.append(found.path)
            unpacked = read_archive(found, Limits(member=settings.max_bytes))
            results += unpacked.results
            left_out.update({one.reason: one.files for one in unpacked.ignored})
        else:
            results.append(read(found, settings.max_bytes))
    before = None
    if since:
        results, before, same = unchanged(Path(discovery.root), results, since, drop=changed_only)
        left_out.update({f"unchanged since {since}": same} if same else {})
    more = (Ignored(reason, count, 0) for reason, count in sorted(left_out.items()))
    discovery = replace(discovery, ignored=(*discovery.ignored, *more))
    return _scan(discovery, results, config, progress or _Silent(), started, tuple(shipped), before)


def scan_text(text: str | bytes, config: Config, *, filename: str = "<stdin>") -> Report:
    """Scan one piece of source that is not a file; its findings carry `filename`.  Raises as `scan` does."""
    started = _Clock()
    if isinstance(text, bytes):
        result = read_stdin(io.BytesIO(text), filename, config.files.max_bytes)
    else:
        result = source_from_text(filename, text)
    return _scan(Discovery(str(Path.cwd()), (), (), (), ()), [result], config, _Silent(), started)


@cache
def _rules(engines: frozenset[str]) -> Mapping[str, Rule]:
    rules: dict[str, Rule] = {**native.rules(), **suppression.RULES}
    for name in FOREIGN:
        if name in engines:
            rules.update(create(name).rules())
    return rules


def catalogue(config: Config | None = None) -> Mapping[str, Rule]:
    """Every rule by id: of every engine, or with a `config` of codeguard's own and of the engines that it turns on."""
    return _rules(frozenset(FOREIGN) if config is None else config.engines)


def _rules_to_select_from(config: Config) -> Mapping[str, Rule]:
    """What selectors may name: everything; without selectors, the rules of engines that are off need not be loaded."""
    settings = config.selection
    return catalogue(None if settings.select or settings.ignore or settings.per_path else config)


def engine_versions() -> Mapping[str, str]:
    """Each engine's version by name, or `not installed: why`."""
    versions = {native.NAME: version()}
    for name in FOREIGN:
        try:
            versions[name] = create(name).version()
        except CodeguardError as error:  # noqa: PERF203 - one engine that is missing must not hide the others
            versions[name] = f"not installed: {error}"
    return versions


def version() -> str:
    """The version of codeguard itself."""
    try:
        return distribution_version("codeguard-scan")
    except PackageNotFoundError:
        return "0+unknown"


class _Clock:
    def __init__(self) -> None:
        self.utc = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._start = time.monotonic()

    def seconds(self) -> float:
        return time.monotonic() - self._start


@dataclass(slots=True)
class _Gathered:
    """What the engines have said so far."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    outcomes: dict[str, native.Outcome] = field(default_factory=dict)
    lost: dict[str, FileStatus] = field(default_factory=dict)
    runs: list[EngineRun] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    late_rules: dict[str, Rule] = field(default_factory=dict)  # what engines report that their tables do not have
    interrupted: bool = False


def _scan(
    discovery: Discovery,
    results: list[ReadResult],
    config: Config,
    progress: Progress,
    started: _Clock,
    shipped: tuple[str, ...] = (),
    before: Mapping[str, str] | None = None,
) -> Report:
    """All engines on all sources, and what they say as one report; `shipped` are archives, made by strangers.

    `before` holds the earlier texts of files, where the scan compares with a commit.
    """
    rules = _rules_to_select_from(config)
    selection = Selection(config.selection, rules, discovery.root)
    sources = [result.source for result in results if result.source is not None]
    gathered = _Gathered()
    gathered.failures += [*discovery.failures, *(r.failure for r in results if r.failure is not None)]
    project = EMPTY
    if sources and config.engines & {native.NAME, "ty"}:
        project, unread = look(discovery.root, (source.path for source in sources), config.python)
        gathered.failures += unread
    progress.start(sum(len(source.text) for source in sources) * len(config.engines))
    if sources:
        with ExitStack() as stack:
            try:
                folder = stack.enter_context(private_folder(_scratch(sources)))
            except OSError as error:
                raise OutputError(f"no private folder for the engines: {error.strerror}") from error
            _run_engines(sources, project, folder, config, selection, gathered, progress)
    progress.done()

    if gathered.late_rules:
        rules = {**rules, **gathered.late_rules}
        selection = Selection(config.selection, rules, discovery.root)
    merged, dismissed = arbiter.decide(merge(gathered.findings, rules, selection.accepts), gathered.verdicts)
    strangers = tuple(f"{path}/" for path in shipped)  # what is in a package has no say in what is reported of it
    comments = {
        path: outcome.directives
        for path, outcome in gathered.outcomes.items()
        if outcome.directives and not path.startswith(strangers)
    }
    silenced: list[Suppressed] = []
    findings = list(merged)
    if config.suppress.honour:
        never = protected(config.suppress.never, rules)
        findings, silenced, about = suppression.apply(merged, comments, rules, forbidden=never, before=before)
        findings += merge(about, rules, selection.accepts)
    records = [*discovery.records, *(r.record for r in results if r.record is not None)]
    records += [_account(source, gathered) for source in sources]
    every = [*findings, *(s.finding for s in silenced), *(d.finding for d in dismissed)]
    told = {f.rule_id for f in every}
    shown = {f.path for f in every}
    return Report(
        root=discovery.root,
        findings=tuple(sorted(findings, key=place)),
        files=tuple(sorted(records, key=lambda record: record.path)),
        rules={key: rules[key] for key in sorted(told) if key in rules},
        suppressed=tuple(silenced),
        dismissed=tuple(dismissed),
        failures=tuple(sorted(gathered.failures, key=lambda f: (f.path or "", f.engine, f.kind.value, f.detail))),
        ignored=discovery.ignored,
        engines=tuple(sorted(gathered.runs, key=lambda run: run.name)),
        seconds=started.seconds(),
        version=version(),
        started=started.utc,
        interrupted=gathered.interrupted,
        risks=assess(findings, rules, shipped),
        texts={source.path: source.text for source in sources if source.path in shown},
    )


def _scratch(sources: Sequence[Source]) -> str | None:
    """Where the private copy goes: memory where there is plenty, since a disk takes seconds for thousands of files."""
    memory = "/dev/shm"  # noqa: S108 - the folder made in it is private (0700) and has a random name
    try:
        free = shutil.disk_usage(memory).free
    except OSError:
        return None
    roomy = sum(source.size for source in sources) * 8 + (64 << 20) < free
    return memory if roomy and os.access(memory, os.W_OK | os.X_OK) else None


def _account(source: Source, gathered: _Gathered) -> FileRecord:
    """What became of a file that was read: what our own engine says, or what became of its worker."""
    if source.path in gathered.lost:
        status, reason = gathered.lost[source.path], "our own engine did not come to its end"
    elif source.path in gathered.outcomes:
        outcome = gathered.outcomes[source.path]
        status, reason = outcome.status, outcome.reason
    elif gathered.interrupted:
        status, reason = FileStatus.FAILED, "interrupted"
    else:
        status, reason = FileStatus.ANALYSED, ""  # our own engine is off: the others account for what they read
    if status is FileStatus.ANALYSED and source.lossy:
        status, reason = FileStatus.PARTIAL, source.rejected or "some bytes could not be decoded"
    return FileRecord(source.path, status, reason, source.lines, source.size)


# -- engines


def _run_engines(
    sources: list[Source],
    project: Project,
    folder: Path,
    config: Config,
    selection: Selection,
    gathered: _Gathered,
    progress: Progress,
) -> None:
    """All engines side by side, each once.  Our own workers are forked first, before there are threads."""
    (folder / "stage").mkdir(mode=0o700)
    large = {source.path for source in sources if too_much(source.text, config.time_limit)}
    stage = build_stage((source for source in sources if source.path not in large), folder / "stage")
    size = sum(len(source.text) for source in sources)
    own = native.start(sources, selection.enabled, config, project) if native.NAME in config.engines else None
    foreign = [name for name in FOREIGN if name in config.engines and stage.files]
    if any(name in config.engines for name in FOREIGN):
        detail = "has too much code for the other engines in --time-limit, and was not given to them"
        gathered.failures += [Failure(path, "source", FailureKind.TOO_LARGE, detail) for path in sorted(large)]
    began = time.monotonic()
    pool = ThreadPoolExecutor(max_workers=max(len(foreign), 1))
    try:
        waiting = {name: pool.submit(_run_foreign, name, stage, folder, config, selection, project) for name in foreign}
        if own is not None:
            for source, outcome, lost in own.files():
                _take(source, outcome, lost, gathered)
                progress.advance("own checks", len(source.text))
            findings, failures = own.flow()
            gathered.findings += findings
            gathered.failures += failures
            seconds = time.monotonic() - began
            done = len(gathered.outcomes)
            gathered.runs.append(EngineRun(native.NAME, version(), seconds, len(sources), done))
        for name, future in waiting.items():
            _collect(name, future, stage, gathered)
            progress.advance(name, size)
        if own is not None:
            gathered.verdicts, failures = own.verdicts(f for f in gathered.findings if arbiter.concerns(f))
            gathered.failures += failures
    except KeyboardInterrupt:
        gathered.interrupted = True
        process.end_all()
    finally:
        if own is not None:
            own.close()
        pool.shutdown(wait=True, cancel_futures=True)


def _run_foreign(
    name: str, stage: Stage, folder: Path, config: Config, selection: Selection, project: Project
) -> tuple[EngineResult, EngineRun, Mapping[str, Rule]]:
    """One engine's answer, its account, and the rules that it met only while it ran."""
    began = time.monotonic()
    engine = create(name)
    scratch = folder / name
    scratch.mkdir(mode=0o700)
    known = dict(engine.rules())
    wanted = frozenset(key for key, rule in known.items() if selection.enabled(rule))
    settings = EngineSettings(
        jobs=config.jobs,
        timeout=config.engine_timeout,
        scratch=scratch,
        wanted=wanted,
        python=project.python[0],
        environment=environment_of(config, project.root),
    )
    result = engine.run(stage, settings)
    seconds = time.monotonic() - began
    run = EngineRun(name, engine.version(), seconds, len(stage.files), len(result.scanned))
    return result, run, {key: rule for key, rule in engine.rules().items() if key not in known}


def _collect(
    name: str, future: Future[tuple[EngineResult, EngineRun, Mapping[str, Rule]]], stage: Stage, gathered: _Gathered
) -> None:
    try:
        result, run, late_rules = future.result()
    except EngineError as error:
        gathered.failures.append(Failure(None, name, FailureKind.ENGINE_MISSING, str(error)))
        return
    except CodeguardError:
        raise
    except Exception as error:  # noqa: BLE001 - one of the three places; see docs/architecture.md
        detail = f"the engine could not be run: {type(error).__name__}: {error}"
        gathered.failures.append(Failure(None, name, FailureKind.ENGINE_FAILED, detail))
        return
    gathered.findings += result.findings
    gathered.failures += result.failures
    told = {failure.path for failure in result.failures}
    dead = any(failure.fatal and failure.path is None for failure in result.failures)
    for file in stage.files:
        if file.name not in result.scanned and file.path not in told and not dead:
            detail = f"{name} says nothing of this file"
            gathered.failures.append(Failure(file.path, name, FailureKind.NOT_SCANNED, detail))
    gathered.runs.append(run)
    gathered.late_rules.update(late_rules)


def _take(source: Source, outcome: native.Outcome | None, lost: str, gathered: _Gathered) -> None:
    if outcome is not None:
        gathered.outcomes[source.path] = outcome
        gathered.findings += outcome.findings
        gathered.failures += outcome.failures
        return
    timed_out = lost == "timed out"
    gathered.lost[source.path] = FileStatus.TIMED_OUT if timed_out else FileStatus.FAILED
    kind = FailureKind.TIMEOUT if timed_out else FailureKind.CRASH
    gathered.failures.append(Failure(source.path, native.NAME, kind, f"our own engine {lost} on this file"))


def interrupt() -> None:
    """End every child that still runs; what a signal handler may call."""
    with suppress(OSError):
        process.end_all()
