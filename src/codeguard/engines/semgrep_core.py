"""The program inside the semgrep wheel: where it is, how it is called, what is told to it.

`semgrep-core` is started directly.  The Python front end that usually stands before it costs ten times the scan of a
small file, and what it adds (finding targets, suppressions, telemetry) is not wanted here.  The call is an inside of
Semgrep, so it is made only to versions in the range that was tried; `semgrep_classic` serves for the others.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

from codeguard.engines.process import clean_environment
from codeguard.errors import EngineError

TRIED_FROM = (1, 180)
TRIED_BELOW = (1, 186)
"""Versions of Semgrep, as (major, minor), whose core takes the options below and answers as `semgrep_answer` reads."""

_DIST_INFO = re.compile(r"semgrep-([0-9][^-]*)\.dist-info")


@dataclass(frozen=True, slots=True)
class Install:
    """An installed Semgrep: the folder that its package is imported from, its version, its core (None if not there)."""

    folder: Path
    version: str
    core: Path | None

    @property
    def core_is_tried(self) -> bool:
        """True where the core is there and of a version that was tried."""
        numbers = tuple(int(part) for part in re.findall(r"\d+", self.version)[:2])
        return self.core is not None and TRIED_FROM <= numbers < TRIED_BELOW


@dataclass(frozen=True, slots=True)
class Limits:
    """What Semgrep may use: seconds for a rule on a file, such time-outs before a file is given up, MiB of memory."""

    rule_seconds: float = 20.0
    timeouts_per_file: int = 2
    memory_mib: int = 1000


def find_install(path: Sequence[str] | None = None) -> Install:
    """Look for Semgrep where this Python imports from (`sys.path`, or `path`), without importing it.

    The working directory is not looked into, even where Python would (`python -m`, an empty entry in PYTHONPATH): a
    scanned tree may hold a `semgrep` folder of its own.  Raises EngineError where Semgrep is not installed.
    """
    trusted = _trusted(sys.path if path is None else path)
    spec = PathFinder.find_spec("semgrep", trusted)
    if spec is None or spec.origin is None:  # no origin: a folder of that name without __init__.py
        raise EngineError("Semgrep is not installed: install codeguard-scan again, or leave Semgrep out of the scan")
    package = Path(spec.origin).parent
    core = package / "bin" / ("semgrep-core.exe" if sys.platform == "win32" else "semgrep-core")
    return Install(package.parent, _version(package.parent), core if core.is_file() else None)


def command(core: Path, rules: Path, targets: Path, limits: Limits) -> list[str | Path]:
    """The call of semgrep-core; one process, one core, JSON and nothing else on standard output."""
    return [
        core,
        "-json_nodots",
        "-fast",  # a rule is tried only on files that hold the words it needs
        *("-j", "1"),
        *("-rules", rules),
        *("-targets", targets),
        *("-timeout", str(limits.rule_seconds)),
        *("-timeout_threshold", str(limits.timeouts_per_file)),
        *("-max_memory", str(limits.memory_mib)),
    ]


def targets_file(targets: Iterable[tuple[Path, str]]) -> bytes:
    """What `-targets` reads: for each file its path, and its path below the project for rules that look at paths.

    Names that are not UTF-8 pass as the bytes that they are: the core copies them through to its answer.
    """
    listed = [
        ["CodeTarget", {"path": {"fpath": str(path), "ppath": f"/{name}"}, "analyzer": "python", "products": ["sast"]}]
        for path, name in targets
    ]
    return json.dumps(["Targets", listed], ensure_ascii=False).encode("utf-8", "surrogateescape")


def environment(scratch: Path) -> dict[str, str]:
    """A clean environment in which Semgrep neither reports, asks for newer versions, logs in nor finds a repository.

    A proxy that is not there makes an attempt to reach the network fail at once.
    """
    home = scratch / "home"
    nowhere = "http://127.0.0.1:9"
    extra = {
        "SEMGREP_SEND_METRICS": "off",
        "SEMGREP_ENABLE_VERSION_CHECK": "0",
        "SEMGREP_SETTINGS_FILE": str(home / "semgrep-settings.yml"),
        "SEMGREP_LOG_FILE": str(home / "semgrep.log"),
        "SEMGREP_VERSION_CACHE_PATH": str(home / "semgrep-version"),
        "OTEL_SDK_DISABLED": "true",
        "GIT_DIR": str(scratch / "no-repository"),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HTTP_PROXY": nowhere,
        "HTTPS_PROXY": nowhere,
        "http_proxy": nowhere,
        "https_proxy": nowhere,
    }
    return clean_environment(scratch, extra)


def _trusted(path: Sequence[str]) -> list[str]:
    try:
        here = os.path.realpath(os.getcwd())  # noqa: PTH109 - compared as text
    except OSError:  # the working directory is gone, so nothing can be imported from it
        here = ""
    return [entry for entry in path if os.path.isabs(entry) and os.path.realpath(entry) != here]  # noqa: PTH117


def _version(folder: Path) -> str:
    """The version as the name of the dist-info folder tells it; importlib.metadata would cost 20 ms to say the same."""
    try:
        names = [_DIST_INFO.fullmatch(name) for name in os.listdir(folder)]  # noqa: PTH208 - names are all that is read
    except OSError:
        names = []
    found = sorted(name[1] for name in names if name)
    return found[-1] if found else "unknown"
