"""Reading is bounded, follows no link, blocks on nothing, and notices what changes meanwhile."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import socket

import pytest

from codeguard.model import Failure, FailureKind, FileRecord, FileStatus
from codeguard.source.model import Found, Newline, ReadResult
from codeguard.source.read import (
    ChangedError,
    NotRegularError,
    read,
    read_head,
    read_regular,
    read_stdin,
    source_from_bytes,
)

CODE = b"eval(input())\n"


def found(file, size: int | None = None) -> Found:
    status = os.lstat(file)
    return Found("a.py", str(file), status.st_size if size is None else size, status.st_dev, status.st_ino)


def failed(kind: FailureKind, reason: str, size: int = len(CODE)) -> ReadResult:
    return ReadResult(
        None, FileRecord("a.py", FileStatus.FAILED, reason, size=size), Failure("a.py", "source", kind, reason)
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "x.py"
    path.write_bytes(CODE)
    return path


def test_a_source_tells_the_hash_size_and_lines_of_the_raw_bytes(file):
    data = b"\xef\xbb\xbfx = 1\r\ny = 2"
    file.write_bytes(data)
    source = read(found(file)).source
    assert (source.text, source.newline, source.lines) == ("x = 1\ny = 2", Newline.CRLF, 2)
    assert (source.sha256, source.size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert source.compiles_as_is


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.py", "日本\u202e.py".encode(), b"new\nline.py", b"-rf.py", b"l" * 251 + b".py"]
)
def test_names_of_any_bytes_are_read(tmp_path, name):
    path = tmp_path / os.fsdecode(name)
    path.write_bytes(CODE)
    assert read(found(path)).source.text == CODE.decode()


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["FIFO", "folder"])
def test_what_is_no_regular_file_is_refused_without_waiting(tmp_path, make):
    make(tmp_path / "x.py")
    with pytest.raises(NotRegularError, match=r"not a regular file, but a (FIFO|folder)"):
        read_regular(str(tmp_path / "x.py"), 100)


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("x.py")
    assert read(found("x.py")).failure.kind is FailureKind.UNREADABLE


def test_a_link_in_the_place_of_the_file_is_not_followed(file, tmp_path):
    was = found(file)
    secret = tmp_path / "secret"
    secret.write_bytes(b"hunter2" * 2)
    file.unlink()
    file.symlink_to(secret)
    assert read(was) == failed(FailureKind.CHANGED, "replaced by a symbolic link after it was found")


def test_a_file_that_took_another_ones_place_is_not_read(file, tmp_path):
    was = found(file)
    (tmp_path / "other").write_bytes(CODE)
    (tmp_path / "other").replace(file)
    assert read(was) == failed(FailureKind.CHANGED, "replaced by another file after it was found")


def test_a_file_that_is_gone_is_a_failure(file):
    was = found(file)
    file.unlink()
    assert read(was) == failed(FailureKind.CHANGED, "vanished after it was found")


@pytest.mark.parametrize(
    "meddle",
    [
        lambda path: path.write_bytes(CODE + CODE),
        lambda path: path.write_bytes(b""),
        lambda path: os.utime(path, ns=(1, 1)),
    ],
    ids=["longer", "shorter", "same length"],
)
@pytest.mark.parametrize("when", ["before the first byte", "after it"])
def test_a_file_that_changes_while_it_is_read_is_a_failure(file, monkeypatch, meddle, when):
    was, real_read = found(file), os.read

    def meddling_read(descriptor: int, size: int) -> bytes:
        if when == "before the first byte":
            meddle(file)
        data = real_read(descriptor, size)
        if when == "after it":
            meddle(file)
        return data

    monkeypatch.setattr(os, "read", meddling_read)
    assert read(was) == failed(FailureKind.CHANGED, "changed while it was read")


def test_a_read_that_ends_early_is_a_failure(file, monkeypatch):
    monkeypatch.setattr(os, "read", lambda *_: b"")
    assert read(found(file)) == failed(FailureKind.CHANGED, "changed while it was read")


def test_a_file_that_may_not_be_read_is_a_failure(file, monkeypatch):
    was = found(file)

    def refuse(*_: object) -> int:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "open", refuse)
    assert read(was) == failed(FailureKind.UNREADABLE, "could not be read: Permission denied")


def test_no_more_than_the_limit_is_read(file):
    os.truncate(file, 1 << 40)
    reason = "larger than 1,000 bytes"
    assert read(found(file), 1000) == ReadResult(
        None,
        FileRecord("a.py", FileStatus.SKIPPED, reason, size=1 << 40),
        Failure("a.py", "source", FailureKind.TOO_LARGE, reason),
    )
    assert read_regular(str(file), (1 << 40) - 1) is None


@pytest.mark.parametrize(("size", "is_read"), [(len(CODE) - 1, False), (len(CODE), True)])
def test_the_limit_itself_is_allowed(file, size, is_read):
    assert (read(found(file), size).source is not None) == is_read
    assert (read_stdin(io.BytesIO(CODE), max_bytes=size).source is not None) == is_read


def test_a_changed_file_is_told_from_the_one_that_was_found(file):
    with pytest.raises(ChangedError):
        read_regular(str(file), 100, Found("a.py", str(file), 3, 0, 0))
    assert read_regular(str(file), 100) == CODE
    assert read_head(str(file), 4) == b"eval"


def test_standard_input_is_reported_under_the_given_name():
    result = read_stdin(io.BytesIO(b"x = 1\r\n"), "sub/mod.py")
    assert (result.source.path, result.source.text) == ("sub/mod.py", "x = 1\n")


def test_standard_input_that_fails_is_a_failure():
    class Broken(io.BytesIO):
        def read(self, _: int | None = -1) -> bytes:
            raise OSError(errno.EIO, "Input/output error")

    result = read_stdin(Broken())
    assert (result.record.path, result.failure.detail) == ("<stdin>", "could not be read: Input/output error")


# bytes, is there a failure, does it make the scan incomplete, can CPython read them
UNDECODABLE = [
    (b"x = 1\n", False, False, True),
    (b"x = '\0'\n", False, False, False),
    (b"x = '\xff'\n", True, False, False),
    (b"# coding: rot13\n", True, False, False),
    (b"# coding: klingon\n", True, False, False),
    (b"# coding: punycode\n" + b"a" * 20_000, True, True, True),
    ("x = 1\n".encode("utf-16")[:-1], True, False, False),
]


@pytest.mark.parametrize(("data", "fails", "fatal", "compiles"), UNDECODABLE)
def test_only_code_that_python_could_read_and_we_could_not_makes_a_scan_incomplete(data, fails, fatal, compiles):
    result = source_from_bytes("a.py", data)
    assert (result.failure is not None) == result.source.lossy == fails
    assert (result.failure is not None and result.failure.fatal) == fatal
    assert result.source.compiles_as_is == compiles
    if result.failure:
        assert result.failure.kind is FailureKind.UNDECODABLE
        assert result.failure.line == 1
