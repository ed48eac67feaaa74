"""The virtual environment that the scanned code's libraries are installed in: named by the user, or found beside it.

It is read as data and never run.  In an untrusted tree none is looked for: what lies in it is the stranger's.
"""

from __future__ import annotations

import os
from pathlib import Path

from codeguard.config.load import REPOSITORY_MARKS
from codeguard.config.model import Config
from codeguard.errors import ConfigError

NAMES = (".venv", "venv")
NONE = "none"
"""What a user names to have none."""

_MARK = "pyvenv.cfg"
_MAX_ABOVE = 12


def environment_of(config: Config, root: str) -> Path | None:
    """The environment's folder (absolute); None where there is none.

    Without one that is named, the scan's root (absolute) and the folders above it are looked at, up to the top of the
    repository.  Raises ConfigError where the named one is neither an environment nor a program in one.
    """
    if config.environment == NONE:
        return None
    if config.environment:
        return _named(Path(config.environment))
    if not config.trusted or not root:
        return None
    folders = (Path(root), *Path(root).parents)[:_MAX_ABOVE]
    for folder in folders:
        for name in NAMES:
            if _is_plain(folder / name) and (folder / name / _MARK).is_file():
                return folder / name
        if any(os.path.lexists(folder / mark) for mark in REPOSITORY_MARKS):
            break
    return None


def _named(path: Path) -> Path:
    # A program in an environment is a link to the real one: it must not be followed to find the environment.
    folder = path.parent.parent if path.is_file() else path
    libraries = ("lib", "lib64", "Lib")
    if (folder / _MARK).is_file() or any((folder / name).is_dir() for name in libraries):
        return folder
    raise ConfigError(f"{path} is no Python environment, nor a Python in one")


def _is_plain(folder: Path) -> bool:
    return folder.is_dir() and not folder.is_symlink()
