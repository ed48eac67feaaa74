"""Semgrep with our own packs, started once a scan over the staged copy and held to account for every file of it.

The files are split over up to `jobs` runs of semgrep-core.  Each run is also given a file of ours that a rule of ours
must find (the canary); where it is not found, nothing that the run says is believed.  What Semgrep says it scanned is
compared with what it was given, and the difference is a failure a file.

A run that crashes is halved until the file that kills it stands alone.  Where the core cannot be called directly, or
answers what cannot be read, Semgrep's classic front end does the work.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from codeguard.engines import semgrep_classic, semgrep_core
from codeguard.engines.bound import Bound
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.process import Ended, Ending, end_all, run
from codeguard.engines.semgrep_answer import ENGINE, Answer, failures, findings, matched, read_answer
from codeguard.engines.semgrep_core import Install, Limits, find_install
from codeguard.engines.semgrep_pack import Pack, load
from codeguard.errors import EngineError
from codeguard.model import Failure, FailureKind, Finding, Rule
from codeguard.resources import cache_dir, rules_dir

SHARD_SIZE = 128 * 1024
"""Characters of source that justify one more run of the core, which costs a tenth of a second before its first file."""

MAX_CRASHES = 40
"""Crashed runs of one shard after which its other files are given up: enough to single out three files of 5,000."""

_CANARY = "codeguard-canary"
_CANARY_RULE = (
    '{"id": "codeguard-canary", "message": "alive", "severity": "INFO", "languages": ["python"],'
    ' "pattern": "codeguard_canary_is_alive()"}'
)
_CANARY_TEXT = "codeguard_canary_is_alive()\n"

_UNREADABLE = (ValueError, KeyError, TypeError, IndexError, AttributeError)  # what reading foreign JSON can raise


class SemgrepEngine:
    """Our packs, run by Semgrep.  `packs` and `cache` stand in for the installed packs and the user's cache."""

    name = ENGINE

    def __init__(
        self,
        *,
        packs: Path | None = None,
        cache: Path | None = None,
        limits: Limits | None = None,
        find: Callable[[], Install] = find_install,
    ) -> None:
        self._packs = packs
        self._cache = cache
        self._limits = limits or Limits()
        self._find = find

    def version(self) -> str:
        """Semgrep's version, read from its installation.  Raises EngineError where it is not installed."""
        return self._install.version

    def rules(self) -> Mapping[str, Rule]:
        """Every rule of the packs by its id, also where Semgrep is not installed.

        Raises CodeguardError where a pack is malformed or none is there.
        """
        return {entry.rule.id: entry.rule for entry in self._pack.rules}

    def run(self, stage: Stage, settings: EngineSettings) -> EngineResult:
        """Scan the stage once; whatever happens to a file or to a run of Semgrep is a Failure in the result.

        Raises EngineError where Semgrep is not installed or the scratch folder cannot be written to.
        """
        install = self._install
        pack = self._pack.wanted(settings.wanted)
        if not pack.rules or not stage.files:
            return EngineResult((), (), frozenset(stage.by_name()))
        try:
            return _scan(_Work.prepare(stage, settings, pack, install, self._limits), stage.files)
        except OSError as error:
            raise EngineError(f"Semgrep cannot be given its files: {error.strerror}: {error.filename}") from error

    @cached_property
    def _install(self) -> Install:
        return self._find()

    @cached_property
    def _pack(self) -> Pack:
        try:
            version = self._install.version
        except EngineError:
            version = "none"
        return load(self._packs or rules_dir(), version, self._cache or cache_dir())


@dataclass(slots=True)
class _Tally:
    """What is known so far of some of the files."""

    findings: list[Finding] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)
    scanned: set[str] = field(default_factory=set)  # staged names
    left: list[StagedFile] = field(default_factory=list)  # for the classic front end, which may do better

    def add(self, other: _Tally) -> None:
        self.findings += other.findings
        self.failures += other.failures
        self.scanned |= other.scanned
        self.left += other.left


@dataclass(frozen=True, slots=True)
class _Work:
    """One scan: all that its runs of Semgrep share."""

    root: Path
    scratch: Path
    install: Install
    pack: Pack
    limits: Limits
    jobs: int
    deadline: float  # of time.monotonic
    environment: Mapping[str, str]

    @classmethod
    def prepare(cls, stage: Stage, settings: EngineSettings, pack: Pack, install: Install, limits: Limits) -> _Work:
        """Write what every run reads: the rules that are wanted and the canary."""
        scratch = settings.scratch / "semgrep"
        environment = semgrep_core.environment(scratch)
        deadline = time.monotonic() + settings.timeout
        work = cls(stage.root, scratch, install, pack, limits, max(1, settings.jobs), deadline, environment)
        work.canary.parent.mkdir(exist_ok=True)
        work.canary.write_text(_CANARY_TEXT, encoding="utf-8")
        work.rules.write_text(pack.rule_file(_CANARY_RULE), encoding="utf-8")
        return work

    @property
    def rules(self) -> Path:
        return self.scratch / "rules.json"

    @property
    def canary(self) -> Path:
        return self.scratch / "canary" / "canary.py"

    @property
    def seconds_left(self) -> float:
        return self.deadline - time.monotonic()

    def start(self, argv: Sequence[str | Path]) -> Ended:
        # Not in the stage: no name in the scanned tree can mean anything to a program that does not start there.
        return run(argv, cwd=self.scratch, env=self.environment, timeout=max(0.1, self.seconds_left))

    def start_core(self, core: Path, files: Sequence[StagedFile], targets: Path) -> Ended:
        listed = [(self.canary, "canary.py"), *((self.root / file.name, file.name) for file in files)]
        targets.write_bytes(semgrep_core.targets_file(listed))
        return self.start(semgrep_core.command(core, self.rules, targets, self.limits))

    def take(self, answer: Answer, files: Sequence[StagedFile]) -> _Tally:
        """Turn an answer about these files into a tally.  Raises one of `_UNREADABLE` where it is misshapen."""
        if not matched(answer, _CANARY, str(self.canary)):
            dead = "Semgrep did not find what it must find in codeguard's own test file"
            return _Tally(failures=[Failure(None, ENGINE, FailureKind.ENGINE_FAILED, dead)])
        by_path = {str(self.root / file.name): file for file in files}
        troubles = failures(answer, by_path)
        short = {f.path for f in troubles if f.fatal or f.kind is FailureKind.UNPARSABLE}
        read = {by_path[path].name for path in answer.scanned & by_path.keys() if by_path[path].path not in short}
        bound = Bound(ENGINE)
        found = findings(answer, self.pack.by_name(), by_path, bound)
        return _Tally(list(found), [*troubles, *bound.failures()], read)


def _scan(work: _Work, files: Sequence[StagedFile]) -> EngineResult:
    core = work.install.core if work.install.core_is_tried else None
    tally = _run_shards(work, core, files) if core else _Tally(left=list(files))
    if tally.left:
        tally.add(_run_classic(work, tally.left))
    told = {failure.path for failure in tally.failures}
    missing = [
        Failure(file.path, ENGINE, FailureKind.NOT_SCANNED, "Semgrep does not say that it scanned this file")
        for file in files
        if file.name not in tally.scanned and file.path not in told
    ]
    return EngineResult(
        tuple(sorted(dict.fromkeys(tally.findings), key=lambda f: (f.path, f.span, f.rule_id))),
        tuple(dict.fromkeys((*tally.failures, *missing))),
        frozenset(tally.scanned),
    )


def shards(files: Sequence[StagedFile], jobs: int) -> list[list[StagedFile]]:
    """Split files into at most `jobs` parts of about equal size, fewer where the parts would be small."""
    total = sum(len(file.text) for file in files)
    parts: list[list[StagedFile]] = [[] for _ in range(max(1, min(jobs, len(files), total // SHARD_SIZE)))]
    sizes = [0] * len(parts)
    for file in sorted(files, key=lambda file: len(file.text), reverse=True):
        smallest = sizes.index(min(sizes))
        parts[smallest].append(file)
        sizes[smallest] += len(file.text)
    return parts


def _run_shards(work: _Work, core: Path, files: Sequence[StagedFile]) -> _Tally:
    parts = shards(files, work.jobs)
    if len(parts) == 1:
        return _run_shard(work, core, 0, files)
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - a small scan does without

    tally = _Tally()
    with ThreadPoolExecutor(len(parts)) as pool:
        try:
            for part in pool.map(lambda number: _run_shard(work, core, number, parts[number]), range(len(parts))):
                tally.add(part)
        except BaseException:  # Ctrl-C: leaving the pool waits for its threads, and these for their children
            end_all()
            raise
    return tally


def _run_shard(work: _Work, core: Path, number: int, files: Sequence[StagedFile]) -> _Tally:
    """Run the core on files, and again on halves of them where it crashes, until the culprit stands alone."""
    tally = _Tally()
    targets = work.scratch / f"targets-{number}.json"
    waiting = [files]
    crashes = 0
    while waiting:
        batch = waiting.pop()
        ended = work.start_core(core, batch, targets)
        if ended.ok:
            try:
                tally.add(work.take(read_answer(ended.stdout), batch))
            except _UNREADABLE as error:
                tally.failures.append(_told(f"semgrep-core's answer cannot be read: {error}"))
                tally.left += batch
            continue
        crashes += 1
        if ended.ending in {Ending.TIMED_OUT, Ending.ENDED_BY_US} or crashes > MAX_CRASHES:
            tally.failures.append(_gave_up(ended, [batch, *waiting]))
            return tally
        if crashes == 1 and not _lives(work, core, targets):
            tally.failures.append(_told(f"semgrep-core {_how(ended)}"))
            tally.left += batch
        elif len(batch) == 1:
            detail = f"semgrep-core {ended.describe()} on this file"
            tally.failures.append(Failure(batch[0].path, ENGINE, FailureKind.NOT_SCANNED, detail))
        else:
            middle = len(batch) // 2
            waiting += [batch[:middle], batch[middle:]]
    return tally


def _lives(work: _Work, core: Path, targets: Path) -> bool:
    """True where the core runs at all: it finds the canary when it is given nothing else."""
    ended = work.start_core(core, (), targets)
    try:
        return ended.ok and matched(read_answer(ended.stdout), _CANARY, str(work.canary))
    except _UNREADABLE:
        return False


def _run_classic(work: _Work, files: Collection[StagedFile]) -> _Tally:
    folders = (work.root, work.canary.parent)
    ended = work.start(semgrep_classic.command(work.install, work.rules, folders, work.jobs, work.limits))
    if not ended.ok:
        return _Tally(failures=[_gave_up(ended, [list(files)])])
    try:
        return work.take(read_answer(ended.stdout), list(files))
    except _UNREADABLE as error:
        detail = f"Semgrep's answer cannot be read: {error}"
        return _Tally(failures=[Failure(None, ENGINE, FailureKind.ENGINE_FAILED, detail)])


def _told(detail: str) -> Failure:
    """Something that went wrong and was made good by the classic front end."""
    return Failure(None, ENGINE, FailureKind.ENGINE_FAILED, f"{detail}; its classic front end is used", fatal=False)


def _gave_up(ended: Ended, batches: Sequence[Sequence[StagedFile]]) -> Failure:
    kind = FailureKind.TIMEOUT if ended.ending is Ending.TIMED_OUT else FailureKind.ENGINE_FAILED
    count = sum(len(batch) for batch in batches)
    return Failure(None, ENGINE, kind, f"Semgrep {_how(ended)}; files that it left: {count}")


def _how(ended: Ended) -> str:
    """How a run ended, with the last thing that it said about it."""
    said = ended.stderr.decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(said) if line.strip()), "")
    return ended.describe() + (f" ({last[:200]})" if last and ended.ending is Ending.EXITED else "")
