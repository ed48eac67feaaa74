"""Which files are scanned: those that the user names, and the Python files of the folders that the user names.

**Paths.**  Reports show paths relative to one root: the working directory where everything named lies below it, else
the folder that all of it has in common (a single folder is its own root).  SARIF readers and editors resolve such
paths, and they say nothing about the machine.

**What is taken.**  A file named directly always is, whatever its name (an archive stands for what it holds: see
`source.archive`).  In folders: `*.py`, `*.pyi`, `*.pyw`, and files
without a suffix that start with a Python shebang.  What holds Python but is not read yet (notebooks, Cython, `.pth`)
is recorded as skipped.  Everything found is in `files` or in `records`: nothing is unread without a word.

**What is left out.**  Folders of tools and virtual environments, `exclude` patterns, and what `.gitignore` files and
`.git/info/exclude` say, also outside of a Git work tree, as Ruff does; in a work tree the files above the named folder
count as well, and a nested repository has only its own.  Git's index is not asked, so a tracked file can be ignored.
Left out is not lost: `Discovery.ignored` counts it by reason.  An untrusted tree can hide code behind its own
`.gitignore` or by looking like a virtual environment: there `respect_gitignore` and `default_excludes` are False.

**Links.**  A link is never followed out of the named folders, nor to a folder; the user's own argument is followed.
A link to a file inside stands for that file where the file is not scanned itself.  FIFOs, sockets and devices are
never opened.
"""

# ruff: noqa: PTH109, PTH116, PTH118, PTH119, PTH120 - paths stay strings as they were given; `Path` rewrites them

from __future__ import annotations

import os
import stat
from collections.abc import Sequence

from codeguard.errors import UsageError
from codeguard.source.model import Discovery, Options
from codeguard.source.walk import Named, Walk, below

_DEFAULTS = Options()


def discover(paths: Sequence[str], options: Options = _DEFAULTS) -> Discovery:
    """Everything to scan below the named files and folders, in a fixed order.

    Where nothing is left to scan, a failure says so.  Raises `UsageError` for no path at all, for one that does not
    exist, for too many exclude patterns, and where the working directory is gone.
    """
    root, named = _named(paths)
    walk = Walk(root, options, tuple(argument.real for argument in named if argument.is_folder))
    for argument in named:
        if not argument.is_folder:
            walk.file(argument)
    # The deepest folder first: what is ignored from above is scanned where it is named itself.
    for argument in sorted((a for a in named if a.is_folder), key=lambda a: (-len(a.real), a.real)):
        walk.folder(argument)
    return walk.result()


def root_of(paths: Sequence[str]) -> str:
    """The absolute folder that `discover` will make all paths relative to.  Raises `UsageError` as it does."""
    return _named(paths)[0]


def _named(paths: Sequence[str]) -> tuple[str, list[Named]]:
    if not paths:
        raise UsageError("no file or folder to scan was named")
    try:
        here = os.getcwd()
    except OSError as error:
        raise UsageError("the working directory no longer exists") from error
    named = [_resolve(path, here) for path in paths]
    return _root(named, here), named


def _resolve(path: str, here: str) -> Named:
    """The argument's place: links in the way to it are resolved, so that `..` means what the system says it means."""
    place = os.path.join(here, path)
    bare = place.rstrip("/") or "/"
    try:
        is_link = stat.S_ISLNK(os.lstat(bare).st_mode)
        status = os.stat(place if path else path)
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:
        raise UsageError(f"no such file or folder: {path}") from error
    except OSError as error:
        raise UsageError(f"cannot look at {path}: {error.strerror}") from error
    real = os.path.realpath(bare)
    if is_link:
        place = os.path.join(os.path.realpath(os.path.dirname(bare)), os.path.basename(bare))
        return Named(place, real, status, is_link=True)
    return Named(real, real, status, is_link=False)


def _root(named: Sequence[Named], here: str) -> str:
    if all(below(argument.place, here) for argument in named):
        return here
    return os.path.commonpath([a.place if a.is_folder else os.path.dirname(a.place) for a in named])
