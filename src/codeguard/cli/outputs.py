"""Where reports go: the pairing of --format and --output, and writing that leaves a whole file or the old one.

Free of click, so that the GitHub Action writes its files the same way.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codeguard.config.suggest import hint
from codeguard.errors import OutputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codeguard.report import Format

STDOUT = "-"
DIRECT = ("/dev", "/proc")
"""Folders whose entries are written to as they are: `/dev/stdout` must never be replaced by a file."""


@dataclass(frozen=True, slots=True)
class Target:
    """One report to write: its format, and the file, or None for standard output."""

    format: Format
    path: Path | None


def targets(formats: Sequence[str], outputs: Sequence[str], known: Mapping[str, Format]) -> tuple[Target, ...]:
    """The reports to write: the n-th output belongs to the n-th format, a format without one goes to standard output.

    With no format at all, the suffix of each output names it (else `text`).  Raises UsageError for an unknown format,
    for two reports in one place, and where the suffixes show that the pairs are crossed.
    """
    if not formats:
        formats = [_by_suffix(output, known) or "text" for output in outputs] or ["text"]
    for name in formats:
        if name not in known:
            raise UsageError(f"unknown format {name!r} ({', '.join(known)}){hint(name, known)}")
    if len(outputs) > len(formats):
        raise UsageError(f"{len(outputs)} times --output but {len(formats)} times --format: they go in pairs")
    places = [*outputs, *[STDOUT] * (len(formats) - len(outputs))]
    pairs = list(zip(formats, places, strict=True))
    for name, place in pairs:
        meant = _by_suffix(place, known)
        if meant is not None and meant != name and meant in formats:
            raise UsageError(
                f"--output {place} would hold the {name} report: the n-th --output belongs to the n-th --format; "
                f"give the pairs in the same order, with --output - for standard output"
            )
    for place in places:
        if places.count(place) > 1:
            where = "standard output" if place == STDOUT else place
            raise UsageError(f"two reports would go to {where}; give each format its own --output")
    return tuple(Target(known[name], None if place == STDOUT else Path(place)) for name, place in pairs)


def _by_suffix(output: str, known: Mapping[str, Format]) -> str | None:
    fitting = [name for name, each in known.items() if output.casefold().endswith("." + each.suffix.lstrip("."))]
    return max(fitting, key=lambda name: len(known[name].suffix), default=None)


def check(path: Path) -> None:
    """Raise OutputError where a report could not be written to `path`: better before a long scan than after it."""
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"cannot write {path}: it is a folder")
    if not folder.is_dir():
        raise OutputError(f"cannot write {path}: there is no folder {folder}")
    if not _is_direct(path) and not os.access(folder, os.W_OK | os.X_OK):
        raise OutputError(f"cannot write {path}: no permission to write in {folder}")


def write(path: Path, data: bytes) -> None:
    """Make `data` the content of `path`, whole or not at all (a device or pipe is written to as it is).

    A link is replaced, not followed: in a tree of a stranger it may point anywhere.  Raises OutputError, with the
    reason in the system's words.
    """
    try:
        if _is_direct(path):
            path.write_bytes(data)
        else:
            _replace(path, data)
    except OSError as error:
        raise OutputError(f"cannot write {path}: {error.strerror or error}") from None


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{os.urandom(8).hex()}.tmp")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o666)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(handle)
        os.replace(draft, path)  # noqa: PTH105 - `draft` and `path` are one idea, the call reads better so
    except BaseException:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise


def _is_direct(path: Path) -> bool:
    whole = os.path.abspath(path)  # noqa: PTH100 - a link in the way is not to be resolved
    if any(whole.startswith(folder + "/") for folder in DIRECT):
        return True
    try:
        mode = path.lstat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def write_stdout(data: bytes) -> None:
    """Write `data` to standard output.  A reader who has left is no error; raises OutputError for a full disk."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        abandon_stdout()
    except OSError as error:
        abandon_stdout()
        raise OutputError(f"cannot write to standard output: {error.strerror or error}") from None


def show(text: str) -> None:
    """Write text and a line end to standard output; as `write_stdout`."""
    write_stdout(text.rstrip("\n").encode("utf-8", "backslashreplace") + b"\n")


def abandon_stdout() -> None:
    """Send what is still buffered nowhere, so that the interpreter does not fail on it when it ends."""
    with contextlib.suppress(OSError, ValueError):
        void = os.open(os.devnull, os.O_WRONLY)
        os.dup2(void, sys.stdout.fileno())
        os.close(void)
