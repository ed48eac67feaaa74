"""The progress display: one line on standard error, only for work that takes long, gone when it is done."""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TextIO

QUIET_SECONDS = 1.0
"""What is done by then is never shown."""

LIVE_EVERY, LOGGED_EVERY = 0.1, 10.0


class Line:
    """A `codeguard.scan.Progress` that writes to `stream`.

    `live` redraws one line of a terminal; otherwise a line is added now and then, as suits a log.  `clock` gives
    seconds.
    """

    def __init__(self, stream: TextIO, *, live: bool, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._live = live
        self._clock = clock
        self._every = LIVE_EVERY if live else LOGGED_EVERY
        self._total = self._done = 0
        self._next = 0.0
        self._drawn = False

    def start(self, total: int) -> None:
        """`total` units of work lie ahead."""
        self._total = total
        self._next = self._clock() + max(QUIET_SECONDS, self._every)

    def advance(self, stage: str, n: int) -> None:
        """`n` more units are done, by `stage`."""
        self._done += n
        now = self._clock()
        if now < self._next:
            return
        self._next = now + self._every
        percent = f"{min(100, 100 * self._done // self._total):3d}%  " if self._total > 0 else ""
        self._write(f"\r\x1b[2Kcodeguard: {percent}{stage}" if self._live else f"codeguard: {percent}{stage}\n")
        self._drawn = True

    def done(self) -> None:
        """Take the line away."""
        if self._live and self._drawn:
            self._write("\r\x1b[2K")
        self._drawn = False

    def _write(self, text: str) -> None:
        with contextlib.suppress(OSError, ValueError):  # a display that nobody sees must not end a scan
            self._stream.write(text)
            self._stream.flush()
