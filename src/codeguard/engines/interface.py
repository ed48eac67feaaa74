"""What an engine is: something that reads staged files once a scan and answers in codeguard's own terms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from codeguard.model import Failure, Finding, Rule
from codeguard.source.stage import Stage, StagedFile

__all__ = ["Engine", "EngineResult", "EngineSettings", "Stage", "StagedFile", "relative"]


@dataclass(frozen=True, slots=True)
class EngineSettings:
    """What an engine may be told: worker count, seconds before it is ended, ids of its rules that are wanted.

    `scratch` is an absolute folder outside the stage that the engine may write to; it is removed after the scan.
    `wanted` is None for every rule of the engine that is on in the current selection.  `python` is the version that the
    code is written for, None where nobody says; `environment` the virtual environment (absolute) that its libraries are
    installed in, None where there is none.
    """

    jobs: int
    timeout: float
    scratch: Path
    wanted: frozenset[str] | None = None
    python: tuple[int, int] | None = None
    environment: Path | None = None


@dataclass(frozen=True, slots=True)
class EngineResult:
    """An engine's answer.  `scanned` holds the staged names that it says it has read to the end."""

    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    scanned: frozenset[str]


class Engine(Protocol):
    """One engine a file.  `run` never raises for what a scanned file holds: that is a `Failure`.

    It raises `EngineError` when the engine is not installed or cannot start.
    """

    name: str

    def version(self) -> str:
        """The engine's version, without running it where that is possible."""

    def rules(self) -> Mapping[str, Rule]:
        """Every rule that it can report, by codeguard's id for it; switched-off ones too."""

    def run(self, stage: Stage, settings: EngineSettings) -> EngineResult:
        """Scan the stage once."""


def relative(names: Sequence[str]) -> tuple[str, ...]:
    """The names, prefixed so that none can be read as an option."""
    return tuple(name if not name.startswith("-") else f"./{name}" for name in names)
