"""What a scan may be told: frozen sections, one for each consumer; nobody receives the whole but `scan`.

Everything here is plain data with a safe default.  `load` fills it from files and flags, `select` reads the selection,
`verdict` turns a report into an exit status.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from codeguard.model import Confidence, Profile, Severity

ENGINES = ("native", "bandit", "ruff", "semgrep", "ty")
"""Every engine's name, in the order in which people read them."""

MIB = 1024 * 1024


def default_jobs() -> int:
    """How many workers a scan uses when nobody says: the cores that this process may run on."""
    if hasattr(os, "sched_getaffinity"):
        return max(1, len(os.sched_getaffinity(0)))
    return os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class PathRule:
    """What is different for the files that `glob` matches (gitignore syntax, relative to `SelectionConfig.base`).

    A `select` starts afresh for these files, `ignore` takes away; None leaves a floor as it is.
    """

    glob: str
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class SelectionConfig:
    """Which findings are wanted.

    `select` and `ignore` hold selectors (see `select`); an empty `select` means everything that `profile` shows.
    `standards` names sets of coding standards whose rules are shown whatever the profile (see `knowledge.standards`);
    then it alone decides about rules of that category.  `severity` and `confidence` are floors: what lies below is not
    reported.  `base` is the absolute folder that the
    globs of `per_path` are relative to; empty means the scan's root.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    standards: tuple[str, ...] = ()
    severity: Severity = Severity.INFO
    confidence: Confidence = Confidence.LOW
    per_path: tuple[PathRule, ...] = ()
    base: str = ""


@dataclass(frozen=True, slots=True)
class FilesConfig:
    """Which files are looked at.

    `exclude` holds gitignore patterns relative to `base` (an absolute folder; empty means the scan's root).  A larger
    file than `max_bytes` is skipped and reported.  `stdin_name` is the path that findings on standard input carry.
    """

    exclude: tuple[str, ...] = ()
    base: str = ""
    respect_gitignore: bool = True
    max_bytes: int = 16 * MIB
    stdin_name: str = "<stdin>"


@dataclass(frozen=True, slots=True)
class SuppressConfig:
    """Whether comments in the scanned source may silence findings, and which findings none may (`never`).

    `never` holds selectors (see `select`) and severities: `high` stands for high and above.
    """

    honour: bool = True
    never: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """All settings of one scan.

    `time_limit` is in seconds a file, `memory_limit` in MiB a worker, `engine_timeout` in seconds for one run of a
    foreign engine.  `fail_on` is the lowest severity that makes the exit status 1, None for never.  `python` is the
    version that the code is written for, None where nobody said; `environment` the virtual environment (absolute) that
    its libraries are installed in, "none" for none, empty where one is looked for.  `trusted` is False where the
    scanned tree may not weaken the scan (`--untrusted`).
    """

    selection: SelectionConfig = field(default_factory=SelectionConfig)
    files: FilesConfig = field(default_factory=FilesConfig)
    engines: frozenset[str] = frozenset(ENGINES)
    jobs: int = field(default_factory=default_jobs)
    time_limit: float = 10.0
    memory_limit: int = 1024
    engine_timeout: float = 600.0
    suppress: SuppressConfig = field(default_factory=SuppressConfig)
    fail_on: Severity | None = Severity.MEDIUM
    python: tuple[int, int] | None = None
    environment: str = ""
    trusted: bool = True
