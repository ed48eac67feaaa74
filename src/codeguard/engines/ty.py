"""ty, a type checker, with the rules of our table, over the stage: once a scan, unless a file brings it down.

It reads a configuration of ours and nothing of the tree's, and heeds no `type: ignore`; the stage makes `ty: ignore`
illegible.  It sees the standard library, the staged files, and the project's own environment where there is one: never
codeguard's, so that what it finds does not depend on where codeguard is installed.  It runs no code.

ty says how many files it has read, and prints nothing for those that it finds nothing in; a canary, a file with a known
flaw, says whether it looks at all.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from codeguard.engines import ty_overloads as overloads
from codeguard.engines.columns import Lines
from codeguard.engines.installed import program, version_of
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.memory import within
from codeguard.engines.process import Ended, Ending, clean_environment, run
from codeguard.engines.same_parser import KINDS, NEWER_SYNTAX, PROBLEMS
from codeguard.engines.source_context import tree_of
from codeguard.engines.ty_context import Modules, variant_of
from codeguard.engines.ty_overloads import Place, calls_of, signatures
from codeguard.engines.ty_roots import roots_of
from codeguard.knowledge.foreign import ty as table
from codeguard.knowledge.foreign.rows import base, known
from codeguard.model import Failure, FailureKind, Finding, Rule

NAME = "ty"

CANARY = "canary\n"
CANARY_CODE = "unresolved-reference"

NEWEST, OLDEST = (3, 14), (3, 7)
"""The versions of Python that ty can be told to assume."""

PATIENCE, BYTES_A_SECOND = 10.0, 60_000
"""Seconds that a call may take before those for its files' size; ty reads some thirty times as many on a free core."""

MEMORY = 6 << 30
"""Bytes of address space for ty; it keeps all that it has inferred, about 1 kB a line."""

OUTPUT = 128 << 20
"""Bytes of findings that one call may write: some 300,000."""

OPTIONS = (
    *("check", "--no-progress", "--exit-zero", "--color", "never", "--include-scripts", "--no-respect-ignore-files"),
    *("--python-platform", "all", "--verbose"),
)
REPORT = ("--output-format", "gitlab")
OVERLOADS = ("--output-format", "full", "--ignore", "all", "--error", overloads.CODE)
"""The same for a report that lists the signatures of the functions that are called wrongly."""

MANY = 500
FOUND = (".py", ".pyi", ".pyw")

_READ = re.compile(rb"Indexed (\d+) file")
_PROBLEMS = {**PROBLEMS, "io": FailureKind.UNREADABLE}


class TyEngine:
    """The ty that is installed beside codeguard."""

    name = NAME

    def __init__(self) -> None:
        self._unmapped: dict[str, Rule] = {}

    def version(self) -> str:
        """The version of ty.  Raises EngineError where it is not installed."""
        return version_of(NAME)

    def rules(self) -> Mapping[str, Rule]:
        """Every rule of the table, and those beside it that `run` has met."""
        return {**table.rules(), **self._unmapped}

    def run(self, stage: Stage, settings: EngineSettings) -> EngineResult:
        """Scan the stage for the wanted rules.  Raises EngineError where ty is not installed or cannot start."""
        wanted = frozenset(table.rules()) if settings.wanted is None else settings.wanted
        codes = {base(rule_id.partition(":")[2]) for rule_id in wanted} - set(_PROBLEMS)
        settings.scratch.mkdir(parents=True, exist_ok=True)
        calls = _Calls(program(NAME), stage, settings, codes | {CANARY_CODE})
        try:
            diagnostics = calls.check()
        except _NoAnswer as error:
            return EngineResult((), (Failure(None, NAME, error.kind, str(error)),), frozenset())
        findings, failures = self._sort(stage, wanted, calls.explained(diagnostics))
        failures += calls.failures
        failed = {failure.path for failure in failures}
        scanned = frozenset(file.name for file in stage.files if file.path not in failed)
        return EngineResult(tuple(findings), tuple(failures), scanned)

    def _sort(
        self, stage: Stage, wanted: frozenset[str], diagnostics: Sequence[_Diagnostic]
    ) -> tuple[list[Finding], list[Failure]]:
        """What ty says, file by file: findings of wanted rules, and what kept it from reading a file.

        Of a file that does not parse nothing else is told: ty takes its words for names.  For what parses and does not
        compile (`await` outside of an async function) Ruff has rules.
        """
        files, modules = stage.by_name(), Modules.of(stage.files)
        findings: list[Finding] = []
        failures: list[Failure] = []
        for name, group in _by_file(files, diagnostics).items():
            problem = next((item for item in group if item.problem() is not None), None)
            kind = problem.problem() if problem is not None else None
            fatal = kind is not FailureKind.UNPARSABLE
            if problem is not None and kind is not None and (fatal or tree_of(files[name].text) is None):
                failures.append(Failure(files[name].path, NAME, kind, problem.message, fatal, problem.start[0]))
                continue
            lines = Lines.of(files[name].text)
            for item in (item for item in group if item.problem() is None):
                code = item.variant(files[name], modules)
                rule = None if code is None else self._rule(code)
                if rule is not None and (rule.id in wanted or rule.id in self._unmapped):
                    findings.append(_finding(files[name], lines, rule, item))
        return findings, failures

    def _rule(self, code: str) -> Rule:
        rule = known(table.rules(), NAME, code)
        if rule.id not in table.rules():
            self._unmapped[rule.id] = rule
        return rule


class _Diagnostic(NamedTuple):
    """One thing that ty says; `file` is relative to the stage, places are its own (both from 1)."""

    file: str
    code: str
    message: str
    start: tuple[int, int]
    end: tuple[int, int]

    @classmethod
    def of(cls, said: Mapping[str, object]) -> _Diagnostic:
        """Read one entry of its GitLab report."""
        code, place = str(said["check_name"]), said["location"]
        assert isinstance(place, dict)  # noqa: S101 - the report's format
        start, end = place["positions"]["begin"], place["positions"]["end"]
        message = " ".join(str(said["description"]).removeprefix(f"{code}: ").split())
        file = sys.intern(place["path"].replace("\\", "/").removeprefix("./"))
        return cls(file, code, message, (start["line"], start["column"]), (end["line"], end["column"]))

    def problem(self) -> FailureKind | None:
        """What kept ty from reading the file; None for a finding."""
        return None if NEWER_SYNTAX.search(self.message) else _PROBLEMS.get(self.code)

    def explained(
        self, calls: Mapping[tuple[int, int], ast.Call], lists: Mapping[Place, tuple[str, ...]]
    ) -> _Diagnostic:
        """The same, with its variant and a message that says why, where that can be told."""
        call = calls.get(self.start) if self.code == overloads.CODE else None
        if call is None:
            return self
        why = overloads.reason(call, lists.get((self.file, *self.start), ()))
        return self if why is None else self._replace(code=f"{self.code}.{why.variant}", message=why.message)

    def variant(self, file: StagedFile, modules: Modules) -> str | None:
        """The code under which it is reported; None where it is not."""
        if self.code == "invalid-syntax":
            return "invalid-syntax.newer"
        if "." in self.code:  # it has been explained
            return self.code
        return variant_of(self.code, self.message, self.start, file, modules)


class _NoAnswer(Exception):  # noqa: N818 - it never leaves this module
    """ty as a whole gave no answer, or none that counts."""

    def __init__(self, ended: Ended, what: str = "") -> None:
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())[-300:]
        super().__init__(f"ty {what or ended.describe()}{': ' if said else ''}{said}")
        self.kind = FailureKind.TIMEOUT if ended.ending is Ending.TIMED_OUT else FailureKind.ENGINE_FAILED


@dataclass
class _Calls:
    """ty's calls of one scan: one for the whole stage, more only where a file is too much for it."""

    program: Path
    stage: Stage
    settings: EngineSettings
    codes: set[str]
    failures: list[Failure] = field(default_factory=list)

    def __post_init__(self) -> None:
        scratch = self.settings.scratch
        self.deadline = time.monotonic() + self.settings.timeout
        self.canary = scratch / "canary.py"
        self.canary.write_text(CANARY, encoding="utf-8")
        self.config = scratch / "ty.toml"
        rules = "".join(f'{code} = "error"\n' for code in sorted(self.codes))
        roots = roots_of(self.stage.files)
        searched = f"[environment]\nroot = {json.dumps([f'./{root}' for root in roots])}\n" if roots else ""
        analysis = "[analysis]\nrespect-type-ignore-comments = false\n[src]\nexclude = []\n"
        self.config.write_text(f'{searched}{analysis}[rules]\nall = "ignore"\n{rules}', encoding="utf-8")
        python = self.settings.python
        self.target = () if python is None else ("--python-version", _version(python))
        if self.settings.environment is None:
            self.target = ("--python-version", _version(python or NEWEST))
        self.environment = self.settings.environment or _empty_environment(scratch / "environment")

    def check(self) -> list[_Diagnostic]:
        """What ty says of the stage.  Raises _NoAnswer where it says nothing at all."""
        files = self.stage.files
        ended = self._call(files)
        if ended.ok:
            return self._seen(ended, files)
        if ended.ending is Ending.ENDED_BY_US or ended.status == 2:  # it refuses the call
            raise _NoAnswer(ended)
        self._seen(self._call(()), ())  # it lives, so that it must be a file, most likely an odd one
        odd = [file for file in files if _is_odd(file.text)]
        plain = [file for file in files if not _is_odd(file.text)] if odd else []
        if len(files) == 1:
            return self._lost(files, ended)
        return (
            [*self._halve(plain), *(item for file in odd for item in self._try([file]))] if odd else self._halve(files)
        )

    def explained(self, diagnostics: list[_Diagnostic]) -> list[_Diagnostic]:
        """The diagnostics, those of overloaded functions with their reason where the call's shape tells it.

        It takes a second call, for the files that have one; where that fails, they stay as they are.
        """
        files = self.stage.by_name()
        calls = {name: calls_of(files[name].text) for name in _overloads_in(files, diagnostics)}
        if not calls:
            return diagnostics
        ended = self._call([files[name] for name in calls], OVERLOADS)
        if not ended.ok:
            return diagnostics
        lists = signatures(ended.stdout.decode("utf-8", "replace"))
        return [item.explained(calls.get(item.file, {}), lists) for item in diagnostics]

    def _halve(self, files: Sequence[StagedFile]) -> list[_Diagnostic]:
        """What ty says of the two halves of the files; `failures` gets those that are too much for it."""
        middle = len(files) // 2
        return [item for part in (files[:middle], files[middle:]) if part for item in self._try(part)]

    def _try(self, files: Sequence[StagedFile]) -> list[_Diagnostic]:
        ended = self._call(files)
        if ended.ok:
            return self._seen(ended, files)
        if ended.ending is Ending.ENDED_BY_US:
            raise _NoAnswer(ended)
        if len(files) > 1 and time.monotonic() < self.deadline:
            return self._halve(files)
        return self._lost(files, ended)

    def _lost(self, files: Sequence[StagedFile], ended: Ended) -> list[_Diagnostic]:
        detail = f"too much for ty: it {ended.describe()}"
        self.failures += [Failure(file.path, NAME, KINDS[ended.ending], detail) for file in files]
        return []

    def _call(self, files: Sequence[StagedFile], options: Sequence[str] = REPORT) -> Ended:
        listed = self.settings.scratch / "files.txt"
        # ty takes the square of the number of paths that it is given: of many files, it finds the usual ones itself.
        found = len(files) == len(self.stage.files) > MANY
        named = [file for file in files if not (found and file.name.endswith(FOUND))]
        listed.write_text("./\n" * found + "".join(f"./{file.name}\n" for file in named), encoding="utf-8")
        command = [
            self.program,
            *OPTIONS,
            *options,
            *self.target,
            "--config-file",
            self.config,
            "--python",
            self.environment,
        ]
        patience = PATIENCE + sum(len(file.text) for file in files) / BYTES_A_SECOND
        return run(
            within(MEMORY, [*command, self.canary, f"@{listed}"]),
            cwd=self.stage.root,
            env=clean_environment(self.settings.scratch, {"TY_MAX_PARALLELISM": str(max(self.settings.jobs, 1))}),
            timeout=max(min(self.deadline - time.monotonic(), patience), 0.0),
            max_output=OUTPUT,
        )

    def _seen(self, ended: Ended, files: Sequence[StagedFile]) -> list[_Diagnostic]:
        """The diagnostics of one answer.  Raises _NoAnswer where it is none, or misses the canary's flaw or a file."""
        if not ended.ok:
            raise _NoAnswer(ended)
        diagnostics = [_Diagnostic.of(entry) for entry in json.loads(ended.stdout)]
        canary = self.canary.as_posix()
        if not any(item.file == canary and item.code == CANARY_CODE for item in diagnostics):
            raise _NoAnswer(ended, "did not find the flaw of the canary file")
        read = _READ.search(ended.stderr)
        if read is None or int(read[1]) != len(files) + 1:
            raise _NoAnswer(ended, f"was given {len(files) + 1} files and did not read as many")
        lost = sorted({item.message for item in diagnostics if item.code == "unknown-rule"})
        if lost and not self.failures:
            detail = f"this version of ty does not have all our rules: {' '.join(lost)}"
            self.failures.append(Failure(None, NAME, FailureKind.ENGINE_MISSING, detail, fatal=False))
        return diagnostics


def _is_odd(text: str) -> bool:
    """True for what people do not write: files so large, or lines so long, that a type checker may choke on them."""
    return len(text) > 500_000 or any(len(line) > 2_000 for line in text.split("\n"))


def _version(python: tuple[int, int]) -> str:
    major, minor = min(max(python, OLDEST), NEWEST)
    return f"{major}.{minor}"


def _empty_environment(folder: Path) -> Path:
    """A virtual environment with nothing in it, as far as ty looks."""
    packages = folder / ("Lib/site-packages" if sys.platform == "win32" else "lib/python3.14/site-packages")
    packages.mkdir(parents=True, exist_ok=True)
    (folder / "pyvenv.cfg").write_text(f"home = {folder}\nversion = 3.14\n", encoding="utf-8")
    return folder


def _overloads_in(files: Mapping[str, StagedFile], diagnostics: Sequence[_Diagnostic]) -> list[str]:
    """The names of the files in which no signature of some function takes the call."""
    return sorted({item.file for item in diagnostics if item.code == overloads.CODE and item.file in files})


def _by_file(files: Mapping[str, StagedFile], diagnostics: Sequence[_Diagnostic]) -> dict[str, list[_Diagnostic]]:
    groups: dict[str, list[_Diagnostic]] = {}
    for item in diagnostics:
        if item.file in files:
            groups.setdefault(item.file, []).append(item)
    return groups


def _finding(file: StagedFile, lines: Lines, rule: Rule, item: _Diagnostic) -> Finding:
    (row, column), (end_row, end_column) = item.start, item.end
    span = lines.span(row, column - 1, end_row, end_column - 1)
    return Finding(
        rule_id=rule.id,
        path=file.path,
        span=span,
        message=item.message,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=NAME,
        cwe=rule.cwe,
        seen_by=(f"{NAME}:{base(item.code)}",),
        snippet=lines.snippet(span),
    )
