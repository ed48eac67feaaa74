"""Ruff, with the rules of our table, over the stage: once a scan, unless a file brings it down.

It reads no configuration, no ignore file and no `# noqa`, and leaves nothing out by default.  Ruff does not say which
files it has read: the same call with `--show-files` does, and a canary, a file with a known flaw, says whether it looks
at all.  `--preview` is on because some of the most telling rules are still preview rules (`RUF027`, `PLE0211`); as each
rule is selected by its code, it turns on nothing else.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from codeguard.engines.columns import Lines
from codeguard.engines.installed import program, version_of
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.process import Ended, Ending, clean_environment, run
from codeguard.engines.ruff_context import variant_of
from codeguard.knowledge.foreign import ruff as table
from codeguard.knowledge.foreign.rows import base, known
from codeguard.model import Category, Failure, FailureKind, Finding, Rule

NAME = "ruff"

CANARY = "canary is 1\n"
CANARY_CODE = "F632"
UNREADABLE = "E902"

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

STACK = 512 << 20
"""Bytes of stack for each of Ruff's threads: its parser recurses, and an overflow ends it."""

# Ruff reads newer syntax than its target has, says so and goes on.
_NEWER_SYNTAX = re.compile(r"\(syntax was (?:added|removed) in Python")
# Messages of these categories name what is wrong here; those of security rules quote secrets.
_TOLD_BY_RUFF = frozenset({Category.CORRECTNESS, Category.STANDARDS})


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
        findings, failures = self._sort(stage, wanted, diagnostics, calls.fallen)
        failed = {failure.path for failure in failures}
        return EngineResult(
            tuple(findings),
            (*calls.missing, *failures),
            frozenset(file.name for file in stage.files if file.name in given and file.path not in failed),
        )

    def _sort(
        self, stage: Stage, wanted: frozenset[str], diagnostics: Sequence[Any], fallen: Mapping[str, str]
    ) -> tuple[list[Finding], list[Failure]]:
        """What Ruff says, file by file: findings of wanted rules, and what kept it from reading a file."""
        files = stage.by_name()
        findings: list[Finding] = []
        failures = [Failure(files[name].path, NAME, FailureKind.CRASH, why) for name, why in fallen.items()]
        for name, group in _by_file(stage, diagnostics).items():
            lines = Lines.of(files[name].text)
            for item in group:
                problem = _problem(item)
                if problem is None:
                    rule = self._rule(item, files[name])
                    if rule.id in wanted or rule.id in self._unmapped:
                        findings.append(_finding(files[name], lines, rule, item))
                elif problem is not FailureKind.UNPARSABLE or not _NEWER_SYNTAX.search(item["message"]):
                    fatal, line = problem is not FailureKind.UNPARSABLE, item["location"]["row"]
                    failures.append(Failure(files[name].path, NAME, problem, item["message"], fatal, line))
        return findings, _first_of_each(failures)

    def _rule(self, item: Any, file: StagedFile) -> Rule:
        code = item["code"] or item["name"]
        pattern, variant = table.VARIANTS.get(code, (None, code))
        if pattern is not None and re.search(pattern, item["message"]):
            code = variant
        else:
            code = variant_of(code, file.text, item["location"]["row"])
        rule = known(table.rules(), NAME, code)
        if rule.id not in table.rules():
            self._unmapped[rule.id] = rule
        return rule


class _NoAnswer(Exception):  # noqa: N818 - it never leaves this module
    """Ruff as a whole gave no answer."""

    def __init__(self, kind: FailureKind, text: str) -> None:
        super().__init__(text)
        self.kind = kind


@dataclass
class _Calls:
    """Ruff's calls of one scan: the first for the whole stage, more only where a file brings it down."""

    program: Path
    stage: Stage
    settings: EngineSettings
    codes: set[str]
    fallen: dict[str, str] = field(default_factory=dict)  # staged name -> why it brings Ruff down
    missing: list[Failure] = field(default_factory=list)  # rules that this version does not have

    def __post_init__(self) -> None:
        self.deadline = time.monotonic() + self.settings.timeout
        self.canary = self.settings.scratch / "canary.py"
        self.canary.write_text(CANARY, encoding="utf-8")

    def listing(self) -> frozenset[str]:
        """The staged names of the files that Ruff would read."""
        ended = self._call(["--show-files", "."])
        if not ended.ok:
            raise self._no_answer(ended)
        root = f"{self.stage.root.resolve()}/"
        # Names are compared as they are written in the stage: by `/`, and never with a line end in them.
        lines = ended.stdout.decode("utf-8", "replace").replace("\\", "/").splitlines()
        return frozenset(line[len(root) :] for line in lines if line.startswith(root.replace("\\", "/")))

    def check(self) -> list[Any]:
        """Ruff's diagnostics for the stage, without the canary's."""
        ended = self._check(["."])
        if ended.ending is Ending.EXITED and ended.status == 2:  # it refuses the call: a rule was removed
            self._drop_unknown_rules(ended)
            ended = self._check(["."])
        if ended.ending is not Ending.EXITED or ended.status == 2:
            raise self._no_answer(ended)
        return self._seen(ended) if ended.ok else self._halve([file.name for file in self.stage.files])

    def _halve(self, names: Sequence[str]) -> list[Any]:
        """The diagnostics for the files that do not bring Ruff down; the others go to `fallen`."""
        if not names:
            return []
        listed = self.settings.scratch / "files.txt"
        listed.write_text("".join(f"./{name}\n" for name in names), encoding="utf-8")
        ended = self._check([f"@{listed}"])
        if ended.ok:
            return self._seen(ended)
        if ended.ending is not Ending.EXITED:
            raise self._no_answer(ended)
        if len(names) == 1:
            self.fallen[names[0]] = f"brings Ruff down: it {ended.describe()}"
            return []
        middle = len(names) // 2
        return [*self._halve(names[:middle]), *self._halve(names[middle:])]

    def _check(self, what: Sequence[str]) -> Ended:
        select = ["--select", ",".join(sorted(self.codes))]
        return self._call(["--ignore-noqa", "--exit-zero", "--output-format", "json", *select, *what, str(self.canary)])

    def _call(self, arguments: Sequence[str]) -> Ended:
        threads = {"RAYON_NUM_THREADS": str(max(self.settings.jobs, 1)), "RUST_MIN_STACK": str(STACK)}
        return run(
            [self.program, "check", *OPTIONS, *arguments],
            cwd=self.stage.root,
            env=clean_environment(self.settings.scratch, threads),
            timeout=max(self.deadline - time.monotonic(), 0.0),
        )

    def _seen(self, ended: Ended) -> list[Any]:
        """The diagnostics of one answer.  Raises _NoAnswer where the canary's flaw is not among them."""
        diagnostics = json.loads(ended.stdout)
        canary = str(self.canary)
        if not any(item["filename"] == canary and item["code"] == CANARY_CODE for item in diagnostics):
            raise _NoAnswer(FailureKind.ENGINE_FAILED, "Ruff did not find the flaw of the canary file")
        return [item for item in diagnostics if item["filename"] != canary]

    def _drop_unknown_rules(self, refusal: Ended) -> None:
        """Go on without the rules that this version of Ruff does not have, and tell which they are."""
        ended = run(
            [self.program, "rule", "--all", "--output-format", "json"],
            cwd=self.stage.root,
            env=clean_environment(self.settings.scratch),
            timeout=max(self.deadline - time.monotonic(), 0.0),
        )
        if not ended.ok:
            raise self._no_answer(refusal)
        has = {rule["code"] for rule in json.loads(ended.stdout) if "Removed" not in str(rule.get("status", ""))}
        lost = sorted(self.codes - has)
        self.codes &= has
        detail = f"this version of Ruff does not have {', '.join(lost)}"
        self.missing.append(Failure(None, NAME, FailureKind.ENGINE_MISSING, detail, fatal=False))

    def _no_answer(self, ended: Ended) -> _NoAnswer:
        kind = FailureKind.TIMEOUT if ended.ending is Ending.TIMED_OUT else FailureKind.ENGINE_FAILED
        said = " ".join(ended.stderr.decode("utf-8", "replace").split())[-300:]
        return _NoAnswer(kind, f"Ruff {ended.describe()}{': ' if said else ''}{said}")


def _by_file(stage: Stage, diagnostics: Sequence[Any]) -> dict[str, list[Any]]:
    root = stage.root.resolve()
    names = {str(root / file.name): file.name for file in stage.files}
    groups: dict[str, list[Any]] = {}
    for item in diagnostics:
        if item["filename"] in names:
            groups.setdefault(names[item["filename"]], []).append(item)
    return groups


def _problem(item: Any) -> FailureKind | None:
    """What kept Ruff from reading a file; None for a finding."""
    if item["code"] == UNREADABLE:
        return FailureKind.UNREADABLE
    if item["code"] is not None:
        return None
    return {"invalid-syntax": FailureKind.UNPARSABLE, "panic": FailureKind.CRASH}.get(item["name"])


def _first_of_each(failures: Sequence[Failure]) -> list[Failure]:
    """One failure a file and kind: a file that does not parse fails at many places."""
    found: dict[tuple[str | None, FailureKind], Failure] = {}
    for failure in failures:
        found.setdefault((failure.path, failure.kind), failure)
    return list(found.values())


def _finding(file: StagedFile, lines: Lines, rule: Rule, item: Any) -> Finding:
    start, end = item["location"], item["end_location"]
    span = lines.span(start["row"], start["column"] - 1, end["row"], end["column"] - 1)
    message = " ".join(item["message"].split()) if rule.category in _TOLD_BY_RUFF else rule.summary
    return Finding(
        rule_id=rule.id,
        path=file.path,
        span=span,
        message=message,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=NAME,
        cwe=rule.cwe,
        seen_by=(f"{NAME}:{item['code'] or item['name']}",),
        snippet=lines.snippet(span),
    )
