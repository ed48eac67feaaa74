"""The staged copy has the text of the sources, names that no tool treats specially, and nothing else."""

from __future__ import annotations

import ast
import errno
import os
import re
import stat
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeguard.engines import interface
from codeguard.errors import OutputError
from codeguard.source import stage as stage_module
from codeguard.source.lines import split_lines
from codeguard.source.read import source_from_bytes
from codeguard.source.stage import Stage, StagedFile, build_stage

ODD = "odd_000001"


def staged(folder: Path, *files: tuple[str, bytes] | str) -> Stage:
    pairs = [file if isinstance(file, tuple) else (file, b"x = 1\n") for file in files]
    return build_stage([source_from_bytes(*pair).source for pair in pairs], folder)


# paths, staged names, why
NAMES = [
    (["a.py", "pkg/__init__.py", "pkg/sub-dir/b.1.pyi"], ["a.py", "pkg/__init__.py", "pkg/sub-dir/b.1.pyi"], "as they are"),
    (["run", "gui.pyw", "A.PY"], ["run.py", "gui.pyw.py", "A.PY.py"], "engines read only .py"),
    (["run.py", "run"], ["run.py", f"{ODD}.py"], "an added suffix does not overwrite"),
    (["a.py", "A.py", "Pkg/m.py", "pkg/m.py"], ["a.py", f"{ODD}.py", "Pkg/m.py", "odd_000002/m.py"], "nor does case"),
    (["x.py/y.py", "x"], ["x.py/y.py", f"{ODD}.py"], "a file may have a folder's name"),
    (["odd_000001.py", "-rf.py"], ["odd_000001.py", "odd_000002.py"], "an invented name may be taken"),
    (["-rf.py", "odd_000001.py"], ["odd_000001.py", "odd_000002.py"], "or be wanted later"),
    ([".hidden.py", "a b.py", "é.py"], ["odd_000001.py", "odd_000002.py", "odd_000003.py"], "names that need quoting"),
    ([".git/hooks/x.py", ".git/y.py"], [f"{ODD}/hooks/x.py", f"{ODD}/y.py"], "a folder is renamed, its inside is kept"),
    (["build/a.py", "VENV/b.py", "x.egg/c.py"], [f"{ODD}/a.py", "odd_000002/b.py", "odd_000003/c.py"], "folders tools leave out"),
    (["builder/dist.py"], ["builder/dist.py"], "a module may be called like them"),
    (["p/sitecustomize.py", "UserCustomize.py"], [f"p/{ODD}.py", "odd_000002.py"], "what an interpreter imports by itself"),
    (["conftest.py", "setup.py"], ["conftest.py", "setup.py"], "never run, so never special"),
    (["../x.py", "/etc/y.py", "./z.py", "a//b.py"], [f"{ODD}/x.py", "etc/y.py", "odd_000002/z.py", "a/odd_000003/b.py"], "never out of the stage"),
    (["a./b.py", "CON .py"], [f"{ODD}/b.py", "odd_000002.py"], "names that some systems change"),
    (["d/" * 50 + "a.py", "d/" * 50 + "b.pyi", "odd/c.py"], ["odd/a.py", "odd/b.pyi", "odd/c.py"], "too deep: into one folder"),
    (["d/" * 50 + "a.py", "d/" * 51 + "a.py"], ["odd/a.py", f"odd/{ODD}.py"], "which two may want to be in"),
    (["l" * 250 + ".py", "x" * 250 + "/a.pyi"], [f"{ODD}.py", "odd_000002/a.pyi"], "too long"),
    ([os.fsdecode(b"\xff.pyi"), "new\nline.py"], [f"{ODD}.pyi", "odd_000002.py"], "names of any bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("paths", "names", "why"), NAMES, ids=[row[2] for row in NAMES])
def test_names_are_kept_where_they_are_harmless(tmp_path, paths, names, why):
    stage = staged(tmp_path, *paths)
    assert [file.name for file in stage.files] == names, why
    assert [file.path for file in stage.files] == paths


# text, what is staged, why
COOKIES = [
    ("# coding: latin-1\nx = 1\n", "# c0ding: latin-1\nx = 1\n", "an engine would decode UTF-8 as Latin-1"),
    ("#!x\n# vim: fileencoding=cp1252 :\n", "#!x\n# vim: fileenc0ding=cp1252 :\n", "also in line 2"),
    ("# coding: utf-8\n", "# coding: utf-8\n", "true of the copy"),
    ("# coding: utf-8\n# coding: rot13\n", "# coding: utf-8\n# coding: rot13\n", "line 2 does not count after a cookie"),
    ("# coding: gbk\n# coding: rot13\n", "# c0ding: gbk\n# c0ding: rot13\n", "but would without it"),
    ("# coding: gbk coding: big5\n", "# c0ding: gbk c0ding: big5\n", "two in one line"),
    ("x = 1  # coding: rot13\n", "x = 1  # coding: rot13\n", "no cookie"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected", "why"), COOKIES, ids=[row[2] for row in COOKIES])
def test_a_cookie_that_is_untrue_of_the_copy_is_made_illegible(tmp_path, text, expected, why):
    (file,) = staged(tmp_path, ("a.py", text.encode())).files
    assert file.text == (tmp_path / file.name).read_text("utf-8") == expected, why


def test_an_engine_decodes_the_copy_as_the_source_was_decoded(tmp_path):
    data = "# coding: shift_jis\ns = '表'\n".encode("shift_jis")
    (file,) = staged(tmp_path, ("a.py", data)).files
    assert ast.dump(ast.parse((tmp_path / file.name).read_bytes())) == ast.dump(ast.parse(data))


def test_the_stage_is_private_and_holds_the_files_and_nothing_else(tmp_path):
    stage = staged(tmp_path, "a.py", "p/q/b.py", ".git/config")
    made = sorted(tmp_path.rglob("*"))
    assert stage.root == tmp_path.resolve()
    assert {path.relative_to(tmp_path).as_posix() for path in made if path.is_file()} == {
        file.name for file in stage.files
    }
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in made if path.is_file()} == {0}
    assert stage.by_name()["p/q/b.py"] == StagedFile("p/q/b.py", "p/q/b.py", "x = 1\n")


def test_the_engines_interface_speaks_of_the_same_types():
    assert (interface.Stage, interface.StagedFile) == (Stage, StagedFile)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EACCES])
def test_a_stage_that_cannot_be_written_is_one_clear_error(tmp_path, monkeypatch, number):
    def fail(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "write", fail)
    with pytest.raises(OutputError, match=f"private copy .* could not be written: {os.strerror(number)}"):
        staged(tmp_path, "a.py")


def test_a_write_that_takes_a_part_is_continued(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))
    staged(tmp_path, ("a.py", b"x = 'abcdef'\n"))
    assert (tmp_path / "a.py").read_bytes() == b"x = 'abcdef'\n"


def test_nothing_that_is_there_already_is_overwritten(tmp_path):
    (tmp_path / "elsewhere").write_text("kept")
    (tmp_path / "a.py").symlink_to("elsewhere")
    with pytest.raises(OutputError):
        staged(tmp_path, "a.py")
    assert (tmp_path / "elsewhere").read_text() == "kept"


COMPONENT = st.one_of(
    st.text(min_size=1, max_size=4),
    st.sampled_from(["a", "A", "b.py", "..", ".", "odd", "odd_000001", "build", "-x", "é"]),
)
PATHS = st.lists(st.lists(COMPONENT, min_size=1, max_size=4).map("/".join), max_size=6)


@settings(max_examples=100, deadline=None)
@given(PATHS)
def test_no_two_files_share_a_name_and_none_leaves_the_stage(paths):
    with tempfile.TemporaryDirectory() as folder:
        stage = staged(Path(folder), *[(path, path.encode("utf-8", "replace")) for path in paths])
        names = [file.name for file in stage.files]
        assert len({name.lower() for name in names}) == len(names) == len(paths)
        for name in names:
            assert re.fullmatch(r"(?:\w[\w.-]*/)*\w[\w.-]*\.pyi?", name, re.ASCII)
            assert (stage.root / name).resolve() == stage.root / name
            assert (stage.root / name).is_file()


TEXT = st.text(st.sampled_from("ab#:=- \n\r\t\x0c\0é😀\u2028\x85\ufeff"), max_size=40)
PROGRAMS = st.one_of(
    st.binary(max_size=60),
    TEXT.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.builds(lambda name, text: f"# coding: {name}\n{text}".encode(name, "replace"), st.sampled_from(["latin-1", "gbk", "utf-7", "cp1252"]), TEXT),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(PROGRAMS)
def test_lines_and_columns_of_the_copy_are_those_of_the_source(data):
    with tempfile.TemporaryDirectory() as folder:
        source = source_from_bytes("a.py", data).source
        (file,) = build_stage([source], Path(folder)).files
        copy = (Path(folder) / file.name).read_bytes()
    assert copy.decode() == file.text
    assert [len(line) for line in split_lines(file.text)] == [len(line) for line in split_lines(source.text)]
    assert file.text.replace("c0ding", "coding") == source.text.replace("c0ding", "coding")
    assert not copy.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in copy


def test_a_surrogate_that_got_into_a_text_does_not_stop_the_stage(tmp_path):
    stage_module._write(f"{tmp_path}/a.py", "x = '\ud800'\n", {str(tmp_path)})
    assert (tmp_path / "a.py").read_bytes() == b"x = '?'\n"
