"""Packages as they are shipped: the Python of a wheel, an sdist or another archive, read in memory, never unpacked.

Nothing is written, so that no name, link or mode in an archive can reach out of it.  What is read is bounded: members,
bytes (compressed or not) and archives within archives; beyond a bound the rest is reported as not looked at.  What an
archive is, its first bytes say, not its name.  Formats: zip (wheels, PEP 427) and tar, plain or with gzip or bzip2
(sdists, PEP 625); of what installers would refuse or read differently there is a failure.
"""

from __future__ import annotations

import bz2
import gzip
import io
import re
import stat
import struct
import tarfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from codeguard.model import Failure, FailureKind, FileRecord, FileStatus, Ignored
from codeguard.source.model import DEFAULT_MAX_BYTES, ENGINE, MAX_ARCHIVE, Found, ReadResult, is_archive
from codeguard.source.read import ChangedError, NotRegularError, read_regular, source_from_bytes, too_large
from codeguard.source.walk import NOT_READ, PYTHON_SUFFIXES, SHEBANG, SHEBANG_BYTES

PATH_SUFFIX = ".pth"
_NATIVE = frozenset((".so", ".pyd", ".dll", ".dylib", ".exe", ".a", ".lib"))
_ZIP_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2)  # LZMA asks for the memory that it names
_DRIVE = re.compile(r"[A-Za-z]:")
_BROKEN = (
    zipfile.BadZipFile, tarfile.TarError, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError,
    KeyError, IndexError, OverflowError, MemoryError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one archive, those within it included: sizes in bytes."""

    archive: int = MAX_ARCHIVE
    member: int = DEFAULT_MAX_BYTES
    total: int = 512 << 20
    members: int = 100_000
    depth: int = 3


@dataclass(slots=True)
class Unpacked:
    """What an archive holds: sources and accounts of its Python files, of itself first, and what was left out."""

    results: list[ReadResult] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)


class _LimitError(Exception):
    """A bound of `Limits` was reached."""


@dataclass(frozen=True, slots=True)
class _Member:
    name: str
    size: int
    read: Callable[[int], bytes] | None  # at most so many bytes; None for what is no regular file
    problem: str = ""


def read_archive(found: Found, limits: Limits = Limits()) -> Unpacked:
    """The sources in an archive, reported as `archive/member`; never raises for what it holds."""
    reader = _Reader(limits)
    try:
        data = read_regular(found.file, limits.archive, found)
    except (ChangedError, NotRegularError) as error:
        reader.lost(found.path, FailureKind.CHANGED, str(error))
    except OSError as error:
        reader.lost(found.path, FailureKind.UNREADABLE, f"could not be read: {error.strerror}")
    else:
        if data is None:
            reader.out.results.append(too_large(found.path, found.size, limits.archive))
        else:
            reader.archive(found.path, data, 0)
    reader.finish()
    return reader.out


class _Bounded(io.RawIOBase):
    """A stream of decompressed bytes that ends the reading where there are too many of them."""

    def __init__(self, stream: io.BufferedIOBase | io.RawIOBase, reader: _Reader) -> None:
        self._stream = stream
        self._reader = reader

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(min(size, 1 << 20) if size >= 0 else 1 << 20) or b""
        self._reader.spend(len(data))
        return data


class _Reader:
    """One reading, with what is left of its bounds."""

    def __init__(self, limits: Limits) -> None:
        self.out = Unpacked()
        self._limits = limits
        self._bytes = limits.total
        self._members = limits.members
        self._seen: Counter[str] = Counter()
        self._left_out: Counter[str] = Counter()

    def spend(self, size: int) -> None:
        self._bytes -= size
        if self._bytes < 0:
            raise _LimitError(f"more than {self._limits.total:,} bytes when unpacked")

    def _count(self) -> None:
        self._members -= 1
        if self._members < 0:
            raise _LimitError(f"more than {self._limits.members:,} members")

    def lost(self, path: str, kind: FailureKind, reason: str, size: int = 0) -> None:
        record = FileRecord(path, FileStatus.FAILED, reason, size=size)
        self.out.results.append(ReadResult(None, record, Failure(path, ENGINE, kind, reason)))

    def finish(self) -> None:
        self.out.ignored += [Ignored(reason, count, 0) for reason, count in sorted(self._left_out.items())]

    def archive(self, path: str, data: bytes, depth: int) -> None:
        """Read all members; the archive's own record says whether that came to its end."""
        place = len(self.out.results)
        try:
            members = self._zip(data) if _is_zip(data) else self._tar(data)
            for member in members:
                self._count()
                self._member(path, member, depth)
        except _LimitError as error:
            self.lost(path, FailureKind.LIMIT, f"{error}; the rest of the archive was not read", len(data))
        except _BROKEN as error:
            self.lost(
                path, FailureKind.UNREADABLE, f"no archive that can be read to its end: {_said(error)}", len(data)
            )
        else:
            read = sum(result.source is not None for result in self.out.results[place:])
            record = FileRecord(path, FileStatus.ANALYSED, f"archive; {read} Python files in it", size=len(data))
            self.out.results.insert(place, ReadResult(None, record))

    def _zip(self, data: bytes) -> Iterator[_Member]:
        with zipfile.ZipFile(io.BytesIO(data)) as whole:
            for info in whole.infolist():
                kind = stat.S_IFMT(info.external_attr >> 16)
                if info.is_dir() or kind == stat.S_IFLNK:
                    yield _Member(info.filename, 0, None)
                elif info.flag_bits & 0x1:
                    yield _Member(info.filename, info.file_size, None, "it is encrypted")
                elif info.compress_type not in _ZIP_METHODS:
                    yield _Member(info.filename, info.file_size, None, "its compression is not one that wheels use")
                else:
                    yield _Member(info.filename, info.file_size, _reader_of(whole, info))

    def _tar(self, data: bytes) -> Iterator[_Member]:
        raw = io.BytesIO(data)
        stream: io.RawIOBase | io.BufferedIOBase = raw
        if data.startswith(b"\x1f\x8b"):
            stream = gzip.GzipFile(fileobj=raw)
        elif data.startswith(b"BZh"):
            stream = bz2.BZ2File(raw)
        with tarfile.open(fileobj=_Bounded(stream, self), mode="r|", errorlevel=1) as whole:
            for info in whole:
                content = whole.extractfile(info) if info.isreg() else None
                yield _Member(info.name, info.size, content.read if content else None)

    def _member(self, archive: str, member: _Member, depth: int) -> None:
        inner, escapes = _safe(member.name)
        suffix = PurePosixPath(inner).suffix.lower()
        nested = is_archive(inner)
        if suffix and suffix not in PYTHON_SUFFIXES and suffix not in NOT_READ and not nested:
            self._left_out["native code in an archive" if suffix in _NATIVE else "not Python, in an archive"] += 1
            return
        path = f"{archive}/{inner}"
        self._seen[path] += 1
        again = self._seen[path]
        if again > 1:  # installers differ in which of them they take
            path = f"{path}#{again}"
        if member.read is None:
            if member.problem:
                self.lost(path, FailureKind.UNREADABLE, f"cannot be read: {member.problem}", member.size)
            elif suffix:
                self._left_out["link or folder in an archive"] += 1
            return
        limit = self._limits.archive if nested else self._limits.member
        if member.size > limit:
            self.out.results.append(too_large(path, member.size, limit))
            return
        try:
            data = member.read(limit + 1)
        except _BROKEN as error:
            self.lost(path, FailureKind.UNREADABLE, f"cannot be read: {_said(error)}", member.size)
            return
        self.spend(len(data))
        self._take(path, suffix, data, depth, nested=nested)
        if escapes or again > 1:
            why = "its name leads out of the archive" if escapes else "the archive holds this name more than once"
            self.out.results.append(
                ReadResult(None, failure=Failure(path, ENGINE, FailureKind.CHANGED, why, fatal=False))
            )

    def _take(self, path: str, suffix: str, data: bytes, depth: int, *, nested: bool) -> None:
        if len(data) > self._limits.member and not nested:
            self.out.results.append(too_large(path, len(data), self._limits.member))
        elif nested and depth + 1 >= self._limits.depth:
            self.lost(path, FailureKind.LIMIT, "an archive too deep within archives", len(data))
        elif nested:
            self.archive(path, data, depth + 1)
        elif suffix == PATH_SUFFIX:
            self.out.results.append(source_from_bytes(path, executed_lines(data)))
        elif suffix in NOT_READ:
            record = FileRecord(path, FileStatus.SKIPPED, NOT_READ[suffix], size=len(data))
            failure = Failure(path, ENGINE, FailureKind.NOT_SCANNED, NOT_READ[suffix])
            self.out.results.append(ReadResult(None, record, failure))
        elif suffix or SHEBANG.match(data[:SHEBANG_BYTES]):
            self.out.results.append(source_from_bytes(path, data))


def executed_lines(data: bytes) -> bytes:
    """A path configuration file as the code that it is: `site` runs the lines that begin with `import`."""
    lines = data.split(b"\n")
    return b"\n".join(line if line.startswith((b"import ", b"import\t")) else b"" for line in lines)


def _is_zip(data: bytes) -> bool:
    """Whether it is to be read as a zip file: they may begin with anything, but then they are no tar file."""
    return data.startswith(b"PK") or (
        not data.startswith((b"\x1f\x8b", b"BZh")) and zipfile.is_zipfile(io.BytesIO(data))
    )


def _reader_of(whole: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[int], bytes]:
    def read(size: int) -> bytes:
        with whole.open(info) as stream:
            return stream.read(size)

    return read


def _safe(name: str) -> tuple[str, bool]:
    """A member's path within the archive, and whether its name would lead out of it."""
    parts = name.replace("\\", "/").split("/")
    kept = [part for part in parts if part not in {"", ".", ".."}]
    escapes = name.startswith(("/", "\\")) or ".." in parts or _DRIVE.match(name) is not None
    return "/".join(kept) or "unnamed", escapes


def _said(error: BaseException) -> str:
    return str(error).strip().rstrip(".") or type(error).__name__
