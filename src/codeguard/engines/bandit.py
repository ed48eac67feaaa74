"""Bandit, all its plugins and blacklists, over the stage: once a scan, in children of their own (`bandit_worker`).

The children import nothing from the working directory (`-I`), read no configuration and no `# nosec`, and load no other
distribution's plugins.  A canary, a file with a known flaw, goes with each child: where it is not found, nothing that
the child says is believed.
"""

from __future__ import annotations

import heapq
import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeguard.engines import bandit_worker
from codeguard.engines.bound import Bound
from codeguard.engines.columns import Lines
from codeguard.engines.installed import OURS, version_of
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.process import Ended, Ending, clean_environment, run
from codeguard.knowledge.foreign import bandit as table
from codeguard.knowledge.foreign.rows import known
from codeguard.model import Failure, FailureKind, Finding, Rule, Severity

NAME = "bandit"

WORTH_A_CHILD = 200_000
"""Bytes of code that take as long as a child's start."""

PATIENCE = 10.0
"""Seconds that one file may take, before those for its size."""

CANARY = "exec(payload)\n"
CANARY_RULE = "B102"

_SILENT = frozenset({"unparsable", "check-failed"})
"""Failures that are told and change no status: our own parser reads the file, the other plugins saw the node."""


class BanditEngine:
    """The Bandit that is installed beside codeguard."""

    name = NAME

    def __init__(self) -> None:
        self._unmapped: dict[str, Rule] = {}

    def version(self) -> str:
        """Bandit's version.  Raises EngineError where it is not installed."""
        return version_of(NAME)

    def rules(self) -> Mapping[str, Rule]:
        """Every rule of the table, and those beside it that `run` has met."""
        return {**table.rules(), **self._unmapped}

    def run(self, stage: Stage, settings: EngineSettings) -> EngineResult:
        """Scan the stage.

        Bandit runs as a whole, and findings of rules that are not wanted are returned too: merged with a wanted one,
        they tell who else saw a defect.  Only notes are left out, which see no defect.
        """
        self.version()
        deadline = time.monotonic() + settings.timeout
        folder = settings.scratch / NAME
        folder.mkdir(parents=True, exist_ok=True)
        canary = folder / "canary.py"
        canary.write_text(CANARY, encoding="utf-8")
        shards = [
            _Shard(number, names, stage.root, folder, canary, deadline)
            for number, names in enumerate(shares(stage.files, settings.jobs))
        ]
        with ThreadPoolExecutor(max(len(shards), 1)) as pool:
            answers = [answer for shard in pool.map(_Shard.run, shards) for answer in shard]
        return self._result(stage, settings.wanted, answers)

    def _result(self, stage: Stage, wanted: frozenset[str] | None, answers: Sequence[Any]) -> EngineResult:
        files = stage.by_name()
        findings: dict[tuple[str, object], Finding] = {}  # the same thing found twice is one finding
        failures: list[Failure] = []
        scanned: set[str] = set()
        bound = Bound(NAME)
        for answer in answers:
            if isinstance(answer, Failure):
                failures.append(answer)
                continue
            file = files[answer["file"]]
            lines = Lines.of(file.text) if answer["findings"] else None
            for issue in answer["findings"]:
                rule = self._rule(*issue[:3])
                if not bound.admits(file.path, rule.id):
                    continue
                if lines is not None and (wanted is None or rule.id in wanted or rule.severity > Severity.INFO):
                    found = _finding(file, lines, rule, issue)
                    findings[found.path, (found.rule_id, found.span)] = found
            for kind, detail, line in answer["failures"]:
                failures.append(Failure(file.path, NAME, FailureKind(kind), detail, kind not in _SILENT, line))
            if answer["read"]:
                scanned.add(file.name)
        return EngineResult(tuple(findings.values()), (*failures, *bound.failures()), frozenset(scanned))

    def _rule(self, code: str, severity: str, confidence: str) -> Rule:
        rule = known(table.rules(), NAME, table.VARIANTS.get((code, severity, confidence), code))
        if rule.id not in table.rules():
            self._unmapped[rule.id] = rule
        return rule


def shares(files: Sequence[StagedFile], jobs: int) -> list[list[str]]:
    """The names of the files, shared out among children: no more than `jobs`, each worth its start, sizes alike.

    In a share small files come first, so that a huge one does not keep the others waiting.
    """
    sizes = sorted((len(file.text), file.name) for file in files)
    count = max(1, min(jobs, sum(size for size, _ in sizes) // WORTH_A_CHILD))
    loads = [(0, number) for number in range(count)]
    parts: list[list[str]] = [[] for _ in loads]
    for size, name in reversed(sizes):
        load, number = heapq.heappop(loads)
        parts[number].append(name)
        heapq.heappush(loads, (load + size, number))
    return [part[::-1] for part in parts if part]


@dataclass
class _Shard:
    """What one child after another does until every file of the share has its answer."""

    number: int
    names: Sequence[str]
    root: Path
    folder: Path
    canary: Path
    deadline: float
    answers: list[Any] = field(default_factory=list)

    def run(self) -> list[Any]:
        """An answer of the worker's, or a Failure, for every file; a Failure of the whole where there is none."""
        left = list(self.names)
        while left:
            ended = self._child([*left, str(self.canary)])
            hello, answers = _lines(ended.stdout)
            if hello is None:
                return [*self.answers, self._whole(f"gave no answer: it {ended.describe()}", ended)]
            if hello["loaded"] < hello["declared"]:
                lost = hello["declared"] - hello["loaded"]
                self.answers.append(self._whole(f"could not load {lost} of its {hello['declared']} extensions", ended))
            done = [answer for answer in answers if answer["file"] != str(self.canary)]
            self.answers += done
            left = left[len(done) :]
            if left and (ended.ending is not Ending.EXITED or time.monotonic() >= self.deadline):
                return [*self.answers, *self._given_up(left, ended)]
            if left:
                self.answers.append(self._stopped_at(left.pop(0), ended))
            elif not _sees(answers, str(self.canary)):
                return [self._whole("did not find the flaw of the canary file: none of its answers counts", ended)]
        return self.answers

    def _child(self, names: Sequence[str]) -> Ended:
        job = {"root": str(self.root), "files": names, "path": [str(OURS)], "patience": PATIENCE}
        path = self.folder / f"job-{self.number}.json"
        path.write_text(json.dumps(job), encoding="utf-8")
        return run(
            # -I: nothing of the working directory, the user or the environment is imported (on 3.10, too).
            [sys.executable, "-I", "-X", "utf8", "-W", "ignore", bandit_worker.__file__, str(path)],
            cwd=self.folder,
            env=clean_environment(self.folder),
            timeout=max(self.deadline - time.monotonic(), 0.0),
        )

    def _stopped_at(self, name: str, ended: Ended) -> dict[str, Any]:
        """The answer for the file that a child did not survive."""
        stuck = ended.status == bandit_worker.STUCK
        detail = "takes Bandit too long" if stuck else f"ends Bandit: it {ended.describe()}{_last_words(ended)}"
        failure = [FailureKind.TIMEOUT if stuck else FailureKind.CRASH, detail, 0]
        return {"file": name, "read": False, "findings": [], "failures": [failure]}

    def _given_up(self, left: Sequence[str], ended: Ended) -> Iterator[dict[str, Any]]:
        """The answers for the files that nobody has got to."""
        timed_out = ended.ending is not Ending.TOO_MUCH_OUTPUT
        kind = FailureKind.TIMEOUT if timed_out else FailureKind.LIMIT
        for name in left:
            failure = [kind, f"not read by Bandit: it {ended.describe()}", 0]
            yield {"file": name, "read": False, "findings": [], "failures": [failure]}

    def _whole(self, detail: str, ended: Ended) -> Failure:
        return Failure(None, NAME, FailureKind.ENGINE_FAILED, f"Bandit {detail}{_last_words(ended)}")


def _last_words(ended: Ended) -> str:
    said = ended.stderr.decode("utf-8", "replace").strip().splitlines()[-1:]
    return f": {said[0]}" if said else ""


def _lines(stdout: bytes) -> tuple[Any, list[Any]]:
    """The worker's first line (None where there is none) and its answers; a line that was cut off is none."""
    whole = stdout.split(b"\n")[:-1]
    parsed = [json.loads(line) for line in whole]
    return (parsed[0], parsed[1:]) if parsed else (None, [])


def _sees(answers: Sequence[Any], canary: str) -> bool:
    return any(a["file"] == canary and any(issue[0] == CANARY_RULE for issue in a["findings"]) for a in answers)


def _finding(file: StagedFile, lines: Lines, rule: Rule, issue: Sequence[Any]) -> Finding:
    code, _, _, text, place = issue
    span = lines.span_at(place, 1) if isinstance(place, int) else lines.span_of_bytes(*place)
    return Finding(
        rule_id=rule.id,
        path=file.path,
        span=span,
        # Bandit quotes the secrets that it finds; our own words do not.
        message=rule.summary if rule.id in table.rules() else " ".join(str(text).split()),
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=NAME,
        cwe=rule.cwe,
        seen_by=(f"{NAME}:{code}",),
        snippet=lines.snippet(span),
    )
