"""Ruff, with the rules of our table, over the stage: once a scan, unless a file brings it down.

It reads no configuration, no ignore file and no `# noqa`, and leaves nothing out by default.  Ruff does not say which
files it has read: the same call with `--show-files` does, and a canary, a file with a known flaw, says whether it looks
at all.  `--preview` is on because some of the most telling rules are still preview rules (`RUF027`, `PLE0211`); as each
rule is selected by its code, it turns on nothing else.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from codeguard.engines.bound import Bound
from codeguard.engines.columns import Lines
from codeguard.engines.installed import program, version_of
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.memory import within
from codeguard.engines.process import Ended, Ending, clean_environment, run
from codeguard.engines.ruff_context import variant_of
from codeguard.engines.same_parser import KINDS, NEWER_SYNTAX, PROBLEMS
from codeguard.knowledge.foreign import ruff as table
from codeguard.knowledge.foreign.rows import base, known
from codeguard.model import Category, Failure, FailureKind, Finding, Rule

NAME = "ruff"

CANARY = "canary is 1\n"
CANARY_CODE = "F632"
UNREADABLE = "E902"

PATIENCE, BYTES_A_SECOND = 10.0, 1_000_000
"""Seconds that a call may take before those for its files' size; Ruff reads four times as many, with every rule on."""

STACK = 512 << 20
"""Bytes of stack for each of Ruff's threads: its parser recurses, and an overflow ends it."""

MEMORY = 2 << 30
"""Bytes of address space for Ruff beside the stacks."""

OUTPUT = 128 << 20
"""Bytes of findings that one call may write: some 300,000."""

OPTIONS = (
    *("--isolated", "--no-cache", "--preview", "--target-version", "py313"),
    # The stage holds only what is to be scanned, whatever its folders are called.
    *("--config", "exclude=[]", "--config", 'include=["*"]', "--config", "force-exclude=false"),
    *("--config", "respect-gitignore=false"),
    # Fixes are not used, and each holds the code that it replaces.
    *("--config", "lint.fixable=[]"),
    # Notebooks and `gettext.install` put these among the builtins.
    *("--config", 'builtins=["_", "display", "get_ipython"]'),
)

# Messages of these categories name what is wrong here; those of security rules quote secrets.
_TOLD_BY_RUFF = frozenset({Category.CORRECTNESS, Category.STANDARDS})

_PROBLEMS = {**PROBLEMS, UNREADABLE: FailureKind.UNREADABLE}


class RuffEngine:
    """The Ruff that is installed beside codeguard."""

    name = NAME

    def __init__(self) -> None:
        self._unmapped: dict[str, Rule] = {}

    def version(self) -> str:
        """Ruff's version.  Raises EngineError where it is not installed."""
        return version_of(NAME)

    def rules(self) -> Mapping[str, Rule]:
        """Every rule of the table, and those beside it that `run` has met."""
        return {**table.rules(), **self._unmapped}

    def run(self, stage: Stage, settings: EngineSettings) -> EngineResult:
        """Scan the stage for the wanted rules.  Raises EngineError where Ruff is not installed or cannot start."""
        wanted = frozenset(table.rules()) if settings.wanted is None else settings.wanted
        codes = {base(rule_id.partition(":")[2]) for rule_id in wanted}
        settings.scratch.mkdir(parents=True, exist_ok=True)
        calls = _Calls(program(NAME), stage, settings, codes | {CANARY_CODE, UNREADABLE})
        try:
            given = calls.listing()
            diagnostics = calls.check()
        except _NoAnswer as error:
            return EngineResult((), (Failure(None, NAME, error.kind, str(error)),), frozenset())
        bound = Bound(NAME)
        findings, failures = self._sort(stage, wanted, diagnostics, bound)
        failures += calls.failures
        failed = {failure.path for failure in failures}
        scanned = (file.name for file in stage.files if file.name in given and file.path not in failed)
        return EngineResult(tuple(findings), (*failures, *bound.failures()), frozenset(scanned))

    def _sort(
        self, stage: Stage, wanted: frozenset[str], diagnostics: Sequence[_Diagnostic], bound: Bound
    ) -> tuple[list[Finding], list[Failure]]:
        """What Ruff says, file by file: findings of wanted rules, and what kept it from reading a file."""
        files = stage.by_name()
        findings: list[Finding] = []
        failures: dict[tuple[str, FailureKind], Failure] = {}  # one a file: what does not parse fails at many places
        for name, group in _by_file(stage, diagnostics).items():
            lines = Lines.of(files[name].text)
            for item in group:
                problem = item.problem()
                if problem is None:
                    if not bound.admits(files[name].path, f"{NAME}:{item.code}"):
                        continue
                    rule = self._rule(item, files[name].text, lines)
                    if rule.id in wanted or rule.id in self._unmapped:
                        findings.append(_finding(files[name], lines, rule, item))
                elif problem is not FailureKind.UNPARSABLE or not NEWER_SYNTAX.search(item.message):
                    path, fatal = files[name].path, problem is not FailureKind.UNPARSABLE
                    failure = Failure(path, NAME, problem, item.message, fatal, item.start[0])
                    failures.setdefault((path, problem), failure)
        return findings, list(failures.values())

    def _rule(self, item: _Diagnostic, text: str, lines: Lines) -> Rule:
        code = item.code
        pattern, variant = table.VARIANTS.get(code, (None, code))
        if pattern is not None and re.search(pattern, item.message):
            code = variant
        else:
            code = variant_of(code, text, lines.line(item.start[0]))
        rule = known(table.rules(), NAME, code)
        if rule.id not in table.rules():
            self._unmapped[rule.id] = rule
        return rule


class _Diagnostic(NamedTuple):
    """One thing that Ruff says; `code` is its name where it has no code, places are its own (both from 1)."""

    file: str
    code: str
    message: str
    start: tuple[int, int]
    end: tuple[int, int]

    @classmethod
    def of(cls, line: bytes) -> _Diagnostic:
        """Read one line of Ruff's `json-lines`."""
        said = json.loads(line)
        nowhere = {"row": 1, "column": 1}  # what is about the whole file (a panic) has no place
        start, end = said["location"] or nowhere, said["end_location"] or nowhere
        places = (start["row"], start["column"]), (end["row"], end["column"])
        return cls(sys.intern(said["filename"]), said["code"] or said["name"], said["message"], *places)

    def problem(self) -> FailureKind | None:
        """What kept Ruff from reading the file; None for a finding."""
        return _PROBLEMS.get(self.code)


class _NoAnswer(Exception):  # noqa: N818 - it never leaves this module
    """Ruff as a whole gave no answer, or none that counts."""

    def __init__(self, ended: Ended, what: str = "") -> None:
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())[-300:]
        super().__init__(f"Ruff {what or ended.describe()}{': ' if said else ''}{said}")
        self.kind = FailureKind.TIMEOUT if ended.ending is Ending.TIMED_OUT else FailureKind.ENGINE_FAILED


@dataclass
class _Calls:
    """Ruff's calls of one scan: one for the whole stage, more only where a file is too much for it."""

    program: Path
    stage: Stage
    settings: EngineSettings
    codes: set[str]
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.settings.timeout
        self.canary = self.settings.scratch / "canary.py"
        self.canary.write_text(CANARY, encoding="utf-8")

    def listing(self) -> frozenset[str]:
        """The staged names of the files that Ruff would read."""
        ended = self._call([self.program, "check", *OPTIONS, "--show-files", "."], self.settings.timeout)
        if not ended.ok:
            raise _NoAnswer(ended)
        # Names are compared as they are written in the stage: by `/`, and never with a line end in them.
        root = f"{self.stage.root.resolve()}/".replace("\\", "/")
        lines = ended.stdout.decode("utf-8", "replace").replace("\\", "/").splitlines()
        return frozenset(line[len(root) :] for line in lines if line.startswith(root))

    def check(self) -> list[_Diagnostic]:
        """What Ruff says of the stage.  Raises _NoAnswer where it says nothing at all."""
        files = self.stage.files
        ended = self._check(["."], files)
        if ended.ending is Ending.EXITED and ended.status == 2:  # it refuses the call: a rule was removed
            self._drop_unknown_rules(ended)
            ended = self._check(["."], files)
        if ended.ok:
            return self._seen(ended)
        if ended.ending is Ending.ENDED_BY_US or ended.status == 2:
            raise _NoAnswer(ended)
        self._seen(self._check([], ()))  # it lives, so that it must be a file, most likely an odd one
        shapes: dict[bool, list[StagedFile]] = {False: [], True: []}
        for file in files:
            shapes[_is_odd(file.text)].append(file)
        return [*self._halve(shapes[False]), *(item for file in shapes[True] for item in self._halve([file]))]

    def _halve(self, files: Sequence[StagedFile]) -> list[_Diagnostic]:
        """What Ruff says of the files that are not too much for it; `failures` gets the others."""
        if not files:
            return []
        listed = self.settings.scratch / "files.txt"
        listed.write_text("".join(f"./{file.name}\n" for file in files), encoding="utf-8")
        ended = self._check([f"@{listed}"], files)
        if ended.ok:
            return self._seen(ended)
        if ended.ending is Ending.ENDED_BY_US:
            raise _NoAnswer(ended)
        if len(files) > 1 and time.monotonic() < self.deadline:
            middle = len(files) // 2
            return [*self._halve(files[:middle]), *self._halve(files[middle:])]
        detail = f"too much for Ruff: it {ended.describe()}"
        self.failures += [Failure(file.path, NAME, KINDS[ended.ending], detail) for file in files]
        return []

    def _check(self, what: Sequence[str], files: Sequence[StagedFile]) -> Ended:
        options = (
            "--ignore-noqa",
            "--exit-zero",
            "--output-format",
            "json-lines",
            "--select",
            ",".join(sorted(self.codes)),
        )
        command: list[str | Path] = [self.program, "check", *OPTIONS, *options, *what, self.canary]
        return self._call(command, PATIENCE + sum(len(file.text) for file in files) / BYTES_A_SECOND)

    def _call(self, command: Sequence[str | Path], patience: float) -> Ended:
        threads = max(self.settings.jobs, 1)
        limits = {"RAYON_NUM_THREADS": str(threads), "RUST_MIN_STACK": str(STACK)}
        return run(
            within(MEMORY + (threads + 1) * STACK, command),
            cwd=self.stage.root,
            env=clean_environment(self.settings.scratch, limits),
            timeout=max(min(self.deadline - time.monotonic(), patience), 0.0),
            max_output=OUTPUT,
        )

    def _seen(self, ended: Ended) -> list[_Diagnostic]:
        """The diagnostics of one answer.  Raises _NoAnswer where the canary's flaw is not among them."""
        diagnostics = [_Diagnostic.of(line) for line in ended.stdout.splitlines()]
        canary = str(self.canary)
        if not any(item.file == canary and item.code == CANARY_CODE for item in diagnostics):
            raise _NoAnswer(ended, "did not find the flaw of the canary file")
        return [item for item in diagnostics if item.file != canary]

    def _drop_unknown_rules(self, refusal: Ended) -> None:
        """Go on without the rules that this version of Ruff does not have, and tell which they are."""
        ended = self._call([self.program, "rule", "--all", "--output-format", "json"], PATIENCE)
        if not ended.ok:
            raise _NoAnswer(refusal)
        has = {rule["code"] for rule in json.loads(ended.stdout) if "Removed" not in str(rule.get("status", ""))}
        lost = sorted(self.codes - has)
        self.codes &= has
        detail = f"this version of Ruff does not have {', '.join(lost)}"
        self.failures.append(Failure(None, NAME, FailureKind.ENGINE_MISSING, detail, fatal=False))


def _is_odd(text: str) -> bool:
    """True for what people do not write: files so large, or lines so long, that a tool may choke on them."""
    return len(text) > 500_000 or any(len(line) > 2_000 for line in text.split("\n"))


def _by_file(stage: Stage, diagnostics: Sequence[_Diagnostic]) -> dict[str, list[_Diagnostic]]:
    root = stage.root.resolve()
    names = {str(root / file.name): file.name for file in stage.files}
    groups: dict[str, list[_Diagnostic]] = {}
    for item in diagnostics:
        if item.file in names:
            groups.setdefault(names[item.file], []).append(item)
    return groups


def _finding(file: StagedFile, lines: Lines, rule: Rule, item: _Diagnostic) -> Finding:
    (row, column), (end_row, end_column) = item.start, item.end
    span = lines.span(row, column - 1, end_row, end_column - 1)
    return Finding(
        rule_id=rule.id,
        path=file.path,
        span=span,
        message=" ".join(item.message.split()) if rule.category in _TOLD_BY_RUFF else rule.summary,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=NAME,
        cwe=rule.cwe,
        seen_by=(f"{NAME}:{item.code}",),
        snippet=lines.snippet(span),
    )
