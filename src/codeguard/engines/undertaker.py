"""Ending the engines of a scan that was killed and could not end them itself.

A small process in a session of its own reads from a pipe whose other end only this process holds.  It is told the
process groups of our children as they come and go; where the pipe ends, so has this process, and it kills the groups
that are left.
"""

from __future__ import annotations

import atexit
import contextlib
import subprocess
import sys
import threading

_PROGRAM = """
import os, signal, sys
groups = set()
for line in sys.stdin:
    (groups.add if line[0] == "+" else groups.discard)(int(line[1:]))
for group in groups:
    try:
        os.killpg(group, signal.SIGKILL)
    except OSError:
        pass
"""


class Undertaker:
    """Starts with the first group that it is told, and ends with this process."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def watch(self, group: int) -> None:
        """Have a process group killed where this process ends before `forget` is called for it."""
        self._tell(b"+%d\n" % group)

    def forget(self, group: int) -> None:
        """The group has ended: its number may be another's soon."""
        self._tell(b"-%d\n" % group)

    def _tell(self, line: bytes) -> None:
        if sys.platform == "win32":  # pragma: no cover - no process groups to kill by number there
            return
        # Without it a scan works all the same: where it cannot be started or told, that is no reason to fail.
        with self._lock, contextlib.suppress(OSError):
            if self._child is None:
                self._child = subprocess.Popen(
                    [sys.executable, "-I", "-S", "-c", _PROGRAM],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    bufsize=0,
                    cwd="/",
                    env={},
                    start_new_session=True,
                )
                atexit.register(self._end)
            if self._child.stdin is not None:
                self._child.stdin.write(line)

    def _end(self) -> None:
        if self._child is not None and self._child.stdin is not None:
            with contextlib.suppress(OSError, subprocess.TimeoutExpired):
                self._child.stdin.close()
                self._child.wait(2)
