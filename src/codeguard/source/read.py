"""Files and standard input to sources: opened so that nothing in a hostile tree can block, mislead or flood the reader.

A file is opened without following a link in its last component, without waiting for a writer (FIFO) and without
becoming a terminal's owner; it must be regular, and the very file (device, inode) that was found; no more than its own
size is read, and it must not change meanwhile.  Whatever is not so is a `Failure`, never an exception.
"""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from typing import BinaryIO

from codeguard.model import Failure, FailureKind, FileRecord, FileStatus
from codeguard.source.decode import decode, decode_text
from codeguard.source.lines import count_lines
from codeguard.source.model import DEFAULT_MAX_BYTES, ENGINE, Decoded, Found, NoteKind, ReadResult, Source

# The names that Windows lacks are zero there: it has neither FIFOs in folders nor links that anybody may make.
_FLAGS = os.O_RDONLY
for _name in ("O_NONBLOCK", "O_NOFOLLOW", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):
    _FLAGS |= getattr(os, _name, 0)


class NotRegularError(OSError):
    """What was opened is a folder, FIFO, socket or device."""


class ChangedError(OSError):
    """The file is another one than was found, or it changed while it was read."""


def open_regular(file: str) -> tuple[int, os.stat_result]:
    """A descriptor (the caller closes it) and the status of a regular file.

    Raises `NotRegularError` for anything else, and `OSError` as `os.open` does (ELOOP for a symbolic link).
    """
    descriptor = os.open(file, _FLAGS)
    status = os.fstat(descriptor)
    if stat.S_ISREG(status.st_mode):
        return descriptor, status
    os.close(descriptor)
    raise NotRegularError(f"not a regular file, but a {kind_of(status.st_mode)}")


def read_regular(file: str, max_bytes: int, same_as: Found | None = None) -> bytes | None:
    """The bytes of a regular file, or None where there are more than `max_bytes`.

    Raises `ChangedError` where it is not the file `same_as` or changes meanwhile, and what `open_regular` raises.
    """
    descriptor, before = open_regular(file)
    try:
        if same_as and (before.st_dev, before.st_ino) != (same_as.device, same_as.inode):
            raise ChangedError("replaced by another file after it was found")
        if before.st_size > max_bytes:
            return None
        data = _read_up_to(descriptor, before.st_size + 1)
        after = os.fstat(descriptor)
    finally:
        os.close(descriptor)
    if len(data) != before.st_size or (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise ChangedError("changed while it was read")
    return data


def read_head(file: str, size: int) -> bytes:
    """The first bytes of a regular file, at most `size`; raises what `open_regular` raises."""
    descriptor, _ = open_regular(file)
    try:
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def read(found: Found, max_bytes: int = DEFAULT_MAX_BYTES) -> ReadResult:
    """The source of one found file, or the account of why there is none."""
    try:
        data = read_regular(found.file, max_bytes, found)
    except (ChangedError, NotRegularError) as error:
        return _failed(found.path, FailureKind.CHANGED, str(error), found.size)
    except (FileNotFoundError, NotADirectoryError):
        return _failed(found.path, FailureKind.CHANGED, "vanished after it was found", found.size)
    except OSError as error:
        if error.errno == errno.ELOOP:
            return _failed(
                found.path, FailureKind.CHANGED, "replaced by a symbolic link after it was found", found.size
            )
        return _failed(found.path, FailureKind.UNREADABLE, f"could not be read: {error.strerror}", found.size)
    if data is None:
        return too_large(found.path, found.size, max_bytes)
    return source_from_bytes(found.path, data)


def read_stdin(stream: BinaryIO, filename: str = "<stdin>", max_bytes: int = DEFAULT_MAX_BYTES) -> ReadResult:
    """The source on standard input (`sys.stdin.buffer`), reported as `filename`."""
    try:
        data = stream.read(max_bytes + 1)
    except OSError as error:
        return _failed(filename, FailureKind.UNREADABLE, f"could not be read: {error.strerror}", 0)
    return too_large(filename, len(data), max_bytes) if len(data) > max_bytes else source_from_bytes(filename, data)


def source_from_bytes(path: str, data: bytes) -> ReadResult:
    """The source of bytes in memory, reported as `path`; always has one."""
    return _result(path, data, decode(data))


def source_from_text(path: str, text: str) -> ReadResult:
    """The source of a text in memory; a coding cookie in it means nothing, as for `compile(str)`."""
    return _result(path, text.encode("utf-8", "surrogatepass"), decode_text(text))


def too_large(path: str, size: int, max_bytes: int) -> ReadResult:
    """The account of a file that is not read for its size."""
    reason = f"larger than {max_bytes:,} bytes"
    record = FileRecord(path, FileStatus.SKIPPED, reason, size=size)
    return ReadResult(None, record, Failure(path, ENGINE, FailureKind.TOO_LARGE, reason))


def kind_of(mode: int) -> str:
    """What a file is that is not regular, in a word or two."""
    kinds = {
        stat.S_IFDIR: "folder",
        stat.S_IFIFO: "FIFO",
        stat.S_IFSOCK: "socket",
        stat.S_IFCHR: "device",
        stat.S_IFBLK: "device",
        stat.S_IFLNK: "symbolic link",
    }
    return kinds.get(stat.S_IFMT(mode), "special file")


def _read_up_to(descriptor: int, size: int) -> bytes:
    chunks = []
    while size > 0 and (chunk := os.read(descriptor, size)):
        chunks.append(chunk)
        size -= len(chunk)
    return b"".join(chunks)


def _failed(path: str, kind: FailureKind, reason: str, size: int) -> ReadResult:
    record = FileRecord(path, FileStatus.FAILED, reason, size=size)
    return ReadResult(None, record, Failure(path, ENGINE, kind, reason))


def _result(path: str, data: bytes, decoded: Decoded) -> ReadResult:
    source = Source(
        path=path,
        text=decoded.text,
        encoding=decoded.encoding,
        newline=decoded.newline,
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
        lines=count_lines(decoded.text),
        notes=decoded.notes,
        rejected=decoded.rejected,
        lossy=decoded.lossy,
    )
    failure = None
    if source.lossy:
        # Python refuses such a file, which is a finding, and a guess at its text was looked at; but what a limit of
        # ours kept from being decoded could run.
        unseen = next((note for note in source.notes if note.kind is NoteKind.CODEC_LIMIT), None)
        cause = unseen or next(note for note in source.notes if note.detail == source.rejected)
        failure = Failure(
            path, ENGINE, FailureKind.UNDECODABLE, cause.detail, fatal=unseen is not None, line=cause.line
        )
    return ReadResult(source, failure=failure)
