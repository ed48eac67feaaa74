"""The private folder of one scan, and the removal of those that killed scans have left.

A scan holds a lock on a file in its folder for as long as it lives; the kernel lets go of it whatever way the scan
ends.  A folder of ours whose lock is free belongs to nobody.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "codeguard-"
LOCK = "lock"
SETTLED = 60.0  # seconds after which a folder surely has its lock, if anybody holds one


@contextmanager
def private_folder(parent: str | None = None) -> Iterator[Path]:
    """A new folder that only this user may enter, below `parent` or where temporary files go; removed at the end.

    What scans that were killed have left there is removed first.  Raises OSError where it cannot be made.
    """
    parent = tempfile.gettempdir() if parent is None else parent
    sweep(parent)
    folder = tempfile.mkdtemp(prefix=PREFIX, dir=parent)
    held = None
    try:
        held = os.open(f"{folder}/{LOCK}", os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        _try_lock(held)
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if held is not None:
            os.close(held)
            shutil.rmtree(folder, ignore_errors=True)  # Windows removes no file that is open


def sweep(parent: str) -> None:
    """Remove our own folders below `parent` that no scan holds any more; never raises."""
    if sys.platform == "win32":  # pragma: no cover - nothing tells there whether a scan still lives
        return
    with contextlib.suppress(OSError), os.scandir(parent) as entries:
        for entry in entries:
            if entry.name.startswith(PREFIX):
                with contextlib.suppress(OSError):
                    _remove_if_free(entry)


def _remove_if_free(entry: os.DirEntry[str]) -> None:
    status = entry.stat(follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.getuid() or time.time() - status.st_ctime < SETTLED:
        return
    held = os.open(f"{entry.path}/{LOCK}", os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
    try:
        if _try_lock(held):
            shutil.rmtree(entry.path, ignore_errors=True)
    finally:
        os.close(held)


def _try_lock(descriptor: int) -> bool:
    """True where nobody else holds the lock, and we do now."""
    if sys.platform == "win32":  # pragma: no cover
        return False
    import fcntl  # noqa: PLC0415 - POSIX only

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
