"""Packages are read in memory: everything in them is read or reported, and nothing in them reaches out."""

from __future__ import annotations

import bz2
import gzip
import io
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import codeguard
from codeguard.model import FailureKind, FileStatus
from codeguard.source.archive import Limits, Unpacked, executed_lines, read_archive
from codeguard.source.model import Found, is_archive

CODE = b"import os\nos.system('nohup ./xmrig -B &')\n"
Members = list[tuple[str, bytes]]


def zipped(members: Members, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as whole:
        for name, data in members:
            whole.writestr(name, data)
    return out.getvalue()


def tarred(members: Members) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as whole:
        for name, data in members:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            whole.addfile(info, io.BytesIO(data))
    return out.getvalue()


def unpack(folder: Path, data: bytes, name: str = "p-1.whl", limits: Limits | None = None) -> Unpacked:
    file = folder / name
    file.write_bytes(data)
    status = file.stat()
    found = Found(name, str(file), status.st_size, status.st_dev, status.st_ino)
    return read_archive(found, limits or Limits())


def paths(unpacked: Unpacked) -> list[str]:
    return [result.source.path for result in unpacked.results if result.source]


def failures(unpacked: Unpacked) -> list[tuple[FailureKind, bool]]:
    return [(r.failure.kind, r.failure.fatal) for r in unpacked.results if r.failure]


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("p-1.whl", zipped),
        ("p-1.tar", tarred),
        ("p-1.tar.gz", lambda members: gzip.compress(tarred(members))),
        ("p-1.tar.bz2", lambda members: bz2.compress(tarred(members))),
        ("named-like-a-tar.tar.gz", zipped),  # what it is, its bytes say
    ],
)
def test_the_python_of_every_format_is_read_and_the_rest_is_counted(tmp_path: Path, name: str, pack: object) -> None:
    members = [
        ("p/__init__.py", CODE),
        ("p/x.so", b"\x7fELF"),
        ("p/data.txt", b"x"),
        ("bin/run", b"#!/usr/bin/python\n"),
    ]
    unpacked = unpack(tmp_path, pack(members), name)  # type: ignore[operator]
    assert paths(unpacked) == [f"{name}/p/__init__.py", f"{name}/bin/run"]
    assert unpacked.results[0].record is not None
    assert unpacked.results[0].record.status is FileStatus.ANALYSED
    assert {i.reason: i.files for i in unpacked.ignored} == {
        "native code in an archive": 1,
        "not Python, in an archive": 1,
    }
    assert not failures(unpacked)


@pytest.mark.parametrize("name", ["../../evil.py", "/etc/evil.py", "..\\evil.py", "C:\\evil.py", "a/../../evil.py"])
def test_a_name_that_leads_out_is_read_inside_and_told(tmp_path: Path, name: str) -> None:
    unpacked = unpack(tmp_path, zipped([(name, CODE)]))
    assert len(paths(unpacked)) == 1
    assert paths(unpacked)[0].startswith("p-1.whl/")
    assert ".." not in paths(unpacked)[0]
    assert failures(unpacked) == [(FailureKind.CHANGED, False)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["p-1.whl"]


def test_both_of_two_members_with_one_name_are_read(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        data = zipped([("p.py", b"x = 1\n"), ("p.py", CODE)])
    unpacked = unpack(tmp_path, data)
    assert paths(unpacked) == ["p-1.whl/p.py", "p-1.whl/p.py#2"]
    assert failures(unpacked) == [(FailureKind.CHANGED, False)]


def test_links_are_not_followed(tmp_path: Path) -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as whole:
        link = tarfile.TarInfo("p/link.py")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        whole.addfile(link)
    unpacked = unpack(tmp_path, out.getvalue(), "p.tar")
    assert not paths(unpacked)
    assert [i.reason for i in unpacked.ignored] == ["link or folder in an archive"]


def test_an_archive_in_an_archive_is_read_too_but_not_without_end(tmp_path: Path) -> None:
    data = zipped([("deep.py", CODE)])
    for _ in range(4):
        data = zipped([("inner.zip", data)])
    unpacked = unpack(tmp_path, data)
    assert not paths(unpacked)
    assert failures(unpacked) == [(FailureKind.LIMIT, True)]
    assert paths(unpack(tmp_path, zipped([("inner.whl", zipped([("deep.py", CODE)]))]))) == [
        "p-1.whl/inner.whl/deep.py"
    ]


BOMB = b"#" * 300_000
BOUNDS = [
    (zipped([("a.py", BOMB)]), Limits(member=1000), FailureKind.TOO_LARGE),
    (zipped([("a.py", BOMB), ("b.py", BOMB)]), Limits(total=400_000), FailureKind.LIMIT),
    (gzip.compress(tarred([("a.bin", BOMB), ("b.py", BOMB)])), Limits(total=400_000), FailureKind.LIMIT),
    (zipped([(f"{i}.py", b"") for i in range(9)]), Limits(members=5), FailureKind.LIMIT),
    (zipped([("a.py", CODE)]), Limits(archive=50), FailureKind.TOO_LARGE),
    (zipped([("a.py", CODE)], zipfile.ZIP_LZMA), Limits(), FailureKind.UNREADABLE),
    (zipped([("a.py", CODE * 99)])[:60], Limits(), FailureKind.UNREADABLE),
    (gzip.compress(tarred([("a.py", CODE * 99)]))[:60], Limits(), FailureKind.UNREADABLE),
    (b"no archive at all", Limits(), FailureKind.UNREADABLE),
]


@pytest.mark.parametrize(("data", "limits", "kind"), BOUNDS)
def test_what_a_bound_or_damage_keeps_from_being_read_makes_the_scan_incomplete(
    tmp_path: Path, data: bytes, limits: Limits, kind: FailureKind
) -> None:
    assert (kind, True) in failures(unpack(tmp_path, data, limits=limits))


def test_of_a_path_configuration_file_the_lines_that_site_runs_are_read() -> None:
    data = b"# note\n../lib\nimport os; os.system('id')\nimport\tx\nimporter/\n"
    assert executed_lines(data) == b"\n\nimport os; os.system('id')\nimport\tx\n\n"


@given(st.binary(max_size=300), st.sampled_from([b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"BZh9"]))
@settings(max_examples=200)
def test_no_bytes_make_the_reader_raise_and_none_are_clean(
    tmp_path_factory: pytest.TempPathFactory, data: bytes, start: bytes
) -> None:
    unpacked = unpack(tmp_path_factory.mktemp("a"), start + data)
    assert failures(unpacked) or not (start + data).strip(b"\0")


def test_a_scan_of_a_wheel_reports_what_is_in_it_and_heeds_no_comment_of_it(tmp_path: Path) -> None:
    silenced = b"import os\nos.system('nohup ./xmrig -B &')\neval(input())  # codeguard: ignore[CGS203] fine\n"
    (tmp_path / "p-1-py3-none-any.whl").write_bytes(zipped([("p/__init__.py", silenced)]))
    report = codeguard.scan_paths([tmp_path / "p-1-py3-none-any.whl"], engines=["native"])
    assert report.complete
    assert {f.path for f in report.findings} == {"p-1-py3-none-any.whl/p/__init__.py"}
    assert {f.rule_id for f in report.findings} >= {"CGM010"}
    assert not report.suppressed


def test_archives_are_told_by_their_names() -> None:
    assert [is_archive(name) for name in ("a.whl", "A.TAR.GZ", "a.py", "zip")] == [True, True, False, False]
