"""Starting another program and being sure that it ends: what every engine outside this process is run through.

A child is started by absolute path, without a shell, in a session (POSIX) or process group (Windows) of its own, with
the environment that it is given and nothing else.  When it ends, outlives its time or writes too much, all of its
group is killed, so that no grandchild stays behind.  `end_all` does the same to every child that still lives; a
command line calls it when it is interrupted.  Where this process is killed itself, the undertaker does it.
"""

from __future__ import annotations

import contextlib
import enum
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import IO

from codeguard.engines.undertaker import Undertaker
from codeguard.errors import EngineError

MAX_OUTPUT = 256 * 1024 * 1024
"""Bytes of standard output after which a child is ended, unless the caller says otherwise."""

KEPT_STDERR = 64 * 1024
"""Bytes of standard error that are kept: the last ones, which is where a program says why it gave up."""

_CHUNK = 64 * 1024
_LOOK_AGAIN = 0.25  # seconds; how long a child that has ended can hide behind a grandchild that holds its output open
_GRACE = 2.0  # seconds that a killed group gets to let go of its pipes


class Ending(str, enum.Enum):
    """How a child came to its end."""

    EXITED = "exited"
    TIMED_OUT = "timed-out"
    TOO_MUCH_OUTPUT = "too-much-output"
    ENDED_BY_US = "ended-by-us"


@dataclass(frozen=True, slots=True)
class Ended:
    """What a child left: `status` is its exit status, negative for the signal that killed it.

    `stdout` is complete only where `ending` is EXITED; `stderr` holds its last 64 KiB.
    """

    ending: Ending
    status: int
    stdout: bytes
    stderr: bytes
    seconds: float

    @property
    def ok(self) -> bool:
        """True where the child ended by itself with status 0."""
        return self.ending is Ending.EXITED and self.status == 0

    def describe(self) -> str:
        """How it ended, as the end of a sentence about the program: `was killed by signal 9 (SIGKILL)`."""
        if self.ending is Ending.TIMED_OUT:
            return f"did not end within {self.seconds:.0f} s"
        if self.ending is Ending.TOO_MUCH_OUTPUT:
            return "wrote more output than is accepted"
        if self.ending is Ending.ENDED_BY_US:
            return "was ended because the scan is ending"
        if self.status < 0:
            with contextlib.suppress(ValueError):
                return f"was killed by signal {-self.status} ({signal.Signals(-self.status).name})"
            return f"was killed by signal {-self.status}"
        return f"ended with status {self.status}"


def run(
    argv: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    timeout: float,
    max_output: int = MAX_OUTPUT,
) -> Ended:
    """Run a program to its end, at most `timeout` seconds, and return what it left; its standard input is empty.

    `argv[0]` must be an absolute path: nothing is looked up in PATH, and nothing in the working directory can stand in
    for it.  `env` is the whole environment (see `clean_environment`).  Safe to call from several threads at once.

    Raises ValueError for a relative program, EngineError where the program cannot be started.
    """
    program = Path(argv[0])
    if not program.is_absolute():
        raise ValueError(f"a program is started by absolute path, not as {str(program)!r}")
    started = time.monotonic()
    with _lock:  # so that `end_all` cannot come between the start and the entry in the list
        life = _Life(_start([os.fspath(arg) for arg in argv], cwd, env), max_output)
        _living.add(life)
        _undertaker.watch(life.child.pid)
    try:
        return life.run(started, timeout)
    finally:
        with _lock:
            _living.discard(life)
        life.close()
        _undertaker.forget(life.child.pid)


def end_all() -> None:
    """Kill every child that still lives, with its children.  Their `run` then returns ENDED_BY_US."""
    with _lock:
        living = tuple(_living)
    for life in living:
        life.end(Ending.ENDED_BY_US)


def clean_environment(scratch: Path, extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """An environment that holds nothing of ours: system programs only, UTF-8, home and temporary files in `scratch`.

    The folders that it names are made.  What Python, a proxy, git or a tool's own variables say in our environment
    does not reach the child.  `extra` is added last.
    """
    home, temporary = scratch / "home", scratch / "tmp"
    for folder in (home, temporary):
        folder.mkdir(parents=True, exist_ok=True)
    env = {
        "PATH": os.defpath,
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / ".config"),
        "XDG_CACHE_HOME": str(home / ".cache"),
        "XDG_DATA_HOME": str(home / ".local" / "share"),
        "TMPDIR": str(temporary),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "NO_COLOR": "1",
        "PYTHONUTF8": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    if sys.platform == "win32":  # pragma: no cover - a Windows program does not start without these
        kept = ("SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "NUMBER_OF_PROCESSORS", "PROCESSOR_ARCHITECTURE")
        env |= {name: os.environ[name] for name in kept if name in os.environ}
        system = os.path.join(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32")  # noqa: PTH118 - joins for PATH
        env |= {"PATH": system, "TEMP": str(temporary), "TMP": str(temporary), "USERPROFILE": str(home)}
        env |= {"APPDATA": str(home), "LOCALAPPDATA": str(home)}
    return env | dict(extra or {})


class _Life:
    """One child from its start to its end.  Compared by identity: two children are never the same."""

    def __init__(self, child: subprocess.Popen[bytes], max_output: int) -> None:
        self.child = child
        self.ending: Ending | None = None
        self._output = bytearray()
        self._errors = bytearray()
        self._readers = (
            threading.Thread(target=self._read_stderr, daemon=True),
            threading.Thread(target=self._read_stdout, daemon=True),
        )
        self._max_output = max_output

    def run(self, started: float, timeout: float) -> Ended:
        """Wait for the end, bring it about at `started` + `timeout`, and return what is left."""
        for reader in self._readers:
            reader.start()
        self._await(started + timeout)
        # The group is killed even where its leader has ended by itself: what it left running is not wanted.
        _kill_group(self.child)
        status = self.child.wait()
        self._join()
        seconds = time.monotonic() - started
        return Ended(self.ending or Ending.EXITED, status, bytes(self._output), bytes(self._errors), seconds)

    def end(self, ending: Ending) -> None:
        """Kill the group, and remember the first reason for it."""
        if self.ending is None:
            self.ending = ending
        _kill_group(self.child)

    def close(self) -> None:
        """Leave no process and no open file, whatever happened before."""
        if self.child.poll() is None:  # an exception (Ctrl-C) came between the start and the end
            _kill_group(self.child)
            self.child.wait()
            self._join()
        if not any(reader.is_alive() for reader in self._readers):  # closing under a reader would block
            for stream in (self.child.stdout, self.child.stderr):
                if stream is not None:
                    stream.close()

    def _join(self) -> None:
        for reader in self._readers:
            if reader.is_alive():
                reader.join(_GRACE)

    def _await(self, deadline: float) -> None:
        # Waiting for the end of its output wakes us at once; `Popen.wait` with a timeout polls, up to 50 ms late.
        reader = self._readers[1]
        while reader.is_alive() and self.child.poll() is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return self.end(Ending.TIMED_OUT)
            reader.join(min(left, _LOOK_AGAIN))
        try:
            self.child.wait(max(0.0, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.end(Ending.TIMED_OUT)
        return None

    def _read_stdout(self) -> None:
        for chunk in _chunks(self.child.stdout):
            self._output += chunk
            if len(self._output) > self._max_output:
                del self._output[self._max_output :]
                return self.end(Ending.TOO_MUCH_OUTPUT)
        return None

    def _read_stderr(self) -> None:
        for chunk in _chunks(self.child.stderr):
            self._errors += chunk
            del self._errors[:-KEPT_STDERR]


_living: set[_Life] = set()
_lock = threading.Lock()
_undertaker = Undertaker()


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    flags = 0
    if sys.platform == "win32":  # pragma: no cover
        flags = subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW
    try:
        # codeguard: ignore[CGS201] an argument list without a shell: starting our own programs is what this is for
        return subprocess.Popen(
            argv,
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            creationflags=flags,
        )
    except OSError as error:
        raise EngineError(f"{argv[0]} cannot be started: {error.strerror or error}") from error


def _chunks(pipe: IO[bytes] | None) -> Iterator[bytes]:
    """What comes out of an unbuffered pipe, as it comes."""
    return iter(partial(pipe.read, _CHUNK), b"") if pipe is not None else iter(())


def _kill_group(child: subprocess.Popen[bytes]) -> None:
    if sys.platform == "win32":  # pragma: no cover
        taskkill = Path(os.environ.get("SYSTEMROOT", r"C:\Windows")) / "System32" / "taskkill.exe"
        with contextlib.suppress(OSError):
            subprocess.run([taskkill, "/F", "/T", "/PID", str(child.pid)], capture_output=True, check=False)
    else:
        # The child leads its own session, so its process id is the group's.  While a member lives the id stays taken.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
