"""Every file is found, recorded or counted, and nothing is opened that should not be."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from codeguard.errors import UsageError
from codeguard.model import FailureKind, FileStatus
from codeguard.source.discover import discover
from codeguard.source.gitignore import MAX_WILDCARDS
from codeguard.source.model import Ignored, Options


@pytest.fixture
def tree(tmp_path, monkeypatch):
    """Makes files (name -> text; a name that ends in / is a folder) in a folder that is the working directory."""
    monkeypatch.chdir(tmp_path)

    def make(files: dict[str, str] | list[str]) -> Path:
        for name in files:
            path = tmp_path / name
            if name.endswith("/"):
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(files[name] if isinstance(files, dict) else "x = 1\n")
        return tmp_path

    return make


def paths(*arguments: str, **options: object) -> list[str]:
    return [found.path for found in discover(arguments or ["."], Options(**options)).files]


def skipped(*arguments: str, **options: object) -> list[tuple[str, str, bool | None]]:
    """Path, reason, and whether its failure is fatal (None: it has none) of what is recorded instead of found."""
    discovery = discover(arguments or ["."], Options(**options))
    fatal = {failure.path: failure.fatal for failure in discovery.failures}
    return [(record.path, record.reason, fatal.get(record.path)) for record in discovery.records]


PYTHON, SHELL = "#!/usr/bin/env python3\nx = 1\n", "#!/bin/sh\n"
# name, text, is it scanned, why
CANDIDATES = [
    ("a.py", "", True, "a module, empty or not"),
    ("a.pyi", "", True, "a stub"),
    ("a.pyw", "", True, "a script without console"),
    ("A.PY", "", True, "case does not matter"),
    (".py", "", True, "a suffix and no name"),
    (".hidden.py", "", True, "hidden files run, too"),
    ("x.py/y.py", "", True, "a folder may be called like a module"),
    ("deep/er/a.py", "", True, "folders within folders"),
    ("run", PYTHON, True, "a script without suffix"),
    ("run", "#! /opt/pypy3\n", True, "another interpreter"),
    ("run", "#!/usr/bin/env -S uv run --script\n", True, "a runner of scripts"),
    ("run", SHELL, False, "a script in another language"),
    ("run", "x = 1\n# python\n", False, "no shebang"),
    ("run", "", False, "empty"),
    ("run", "#!/bin/sh\n# python\n", False, "the word is not in the first line"),
    ("a.txt", PYTHON, False, "a suffix that says something else"),
    ("README.md", "", False, "no code"),
]


@pytest.mark.parametrize(("name", "text", "scanned", "why"), CANDIDATES)
def test_python_files_are_found_in_folders(tree, name, text, scanned, why):
    tree({name: text})
    assert paths() == ([name] if scanned else []), why


def test_a_file_that_is_named_is_taken_whatever_its_name(tree):
    tree({"a.txt": "", "sub/.gitignore": "*\n", "sub/b.py": "", "sub/c": SHELL})
    assert paths("a.txt", "sub/b.py", "sub/c", exclude=("*",)) == ["a.txt", "sub/b.py", "sub/c"]


NOT_READ = ["x.ipynb", "x.pth", "x.pyx"]


@pytest.mark.parametrize("name", NOT_READ)
def test_what_holds_python_and_is_not_read_is_told(tree, name):
    tree([name, "a.py"])
    assert [(path, fatal) for path, _, fatal in skipped()] == [(name, False)]
    assert [(path, fatal) for path, _, fatal in skipped(name)] == [(name, True)]


def test_order_and_paths_do_not_depend_on_the_arguments(tree):
    tree(["b/z.py", "b/a.py", "a.py", "c.py"])
    everything = ["a.py", "b/a.py", "b/z.py", "c.py"]
    assert paths() == paths("c.py", ".", "b", "./b/../b", "b/z.py", "c.py") == everything
    assert [Path(found.file) for found in discover(["."]).files] == [Path.cwd() / path for path in everything]


# working directory, arguments, root, paths
ROOTS = [
    ("p", ["."], "p", ["a.py", "s/b.py"]),
    ("p", ["s"], "p", ["s/b.py"]),
    ("p/s", [".."], "p", ["a.py", "s/b.py"]),
    ("p/s", ["../a.py"], "p", ["a.py"]),
    ("q", ["../p"], "p", ["a.py", "s/b.py"]),
    ("q", ["../p/s", "../p/a.py"], "p", ["a.py", "s/b.py"]),
    ("q", ["../p/s", "c.py"], ".", ["p/s/b.py", "q/c.py"]),
]


@pytest.mark.parametrize(("cwd", "arguments", "root", "expected"), ROOTS)
def test_paths_are_relative_to_the_working_directory_or_to_what_all_have_in_common(
    tree, monkeypatch, cwd, arguments, root, expected
):
    top = tree(["p/a.py", "p/s/b.py", "q/c.py"])
    monkeypatch.chdir(top / cwd)
    discovery = discover(arguments)
    assert (discovery.root, [found.path for found in discovery.files]) == (str((top / root).resolve()), expected)


def test_a_name_of_any_bytes_survives(tree):
    name = os.fsdecode(b"\xff\nx.py")
    tree([name])
    assert paths() == paths(name) == [name]


@pytest.mark.parametrize("argument", ["missing.py", "", "a.py/", "nul\0.py", "dangling.py"])
def test_a_path_that_does_not_exist_is_wrong_usage(tree, argument):
    tree(["a.py"])
    Path("dangling.py").symlink_to("nowhere")
    with pytest.raises(UsageError, match="no such file or folder"):
        discover([argument])


def test_naming_nothing_is_wrong_usage(tree):
    tree([])
    with pytest.raises(UsageError, match="no file or folder"):
        discover([])


def test_a_scan_of_nothing_says_so(tree):
    tree({"README.md": "", "a.py": "", ".gitignore": "*.py"})
    (failure,) = discover(["."]).failures
    assert (failure.path, failure.kind, failure.fatal) == (None, FailureKind.NOT_SCANNED, False)
    assert failure.detail == "there is no Python file to scan; 1 files and 0 folders are ignored"


# --- what is left out -------------------------------------------------------------------------------------------------


def test_folders_of_tools_are_counted_and_not_opened(tree):
    tools = [
        ".git",
        ".hg",
        ".svn",
        ".tox",
        ".nox",
        ".eggs",
        "__pycache__",
        "node_modules",
        ".mypy_cache",
        ".ruff_cache",
    ]
    tree([*(f"sub/{tool}/a.py" for tool in tools), "sub/.github/b.py"])
    assert paths() == ["sub/.github/b.py"]
    assert discover(["."]).ignored == (Ignored("folder of a tool", 0, len(tools)),)
    assert len(paths(default_excludes=False)) == len(tools) + 1
    assert paths("sub/.tox") == ["sub/.tox/a.py"]


def test_a_virtual_environment_is_known_by_its_configuration(tree):
    tree(
        [
            "venv/pyvenv.cfg",
            "venv/a.py",
            "venv2/env/a.py",
            "x/pyvenv.cfg",
            "x/lib/site-packages/a.py",
            "x/b.py",
            "site-packages/c.py",
        ]
    )
    assert paths() == ["site-packages/c.py", "venv2/env/a.py", "x/b.py"]
    assert discover(["."]).ignored == (Ignored("virtual environment", 0, 2),)
    assert paths("x") == ["x/b.py", "x/lib/site-packages/a.py"]
    assert paths("venv") == ["venv/a.py"]


def test_exclude_patterns_are_relative_to_the_root(tree):
    tree(["a.py", "gen/b.py", "gen/c.py", "sub/gen/d.py", "sub/e_pb2.py"])
    assert paths(exclude=("/gen/", "*_pb2.py")) == ["a.py", "sub/gen/d.py"]
    assert paths("sub", exclude=("/sub/gen",)) == ["sub/e_pb2.py"]
    assert paths(exclude=("gen/*", "!c.py")) == ["a.py", "gen/c.py", "sub/e_pb2.py", "sub/gen/d.py"]
    assert discover(["."], Options(exclude=("gen", "a.py"))).ignored == (Ignored("exclude pattern", 1, 2),)


def test_too_many_exclude_patterns_are_wrong_usage(tree):
    tree(["a.py"])
    with pytest.raises(UsageError, match="1,000 patterns"):
        discover(["."], Options(exclude=("*.x",) * (MAX_WILDCARDS + 1)))


def test_the_innermost_gitignore_decides(tree):
    tree(
        {
            ".gitignore": "*.gen.py\n/build/\nkept/*\n!kept/yes.py\n",
            "a.gen.py": "", "b.py": "", "build/c.py": "", "sub/build/d.py": "",
            "sub/.gitignore": "!a.gen.py\nlocal.py\n", "sub/a.gen.py": "", "sub/b.gen.py": "", "sub/local.py": "", "local.py": "",
            "kept/yes.py": "", "kept/no.py": "",
        }
    )  # fmt: skip
    assert paths() == ["b.py", "kept/yes.py", "local.py", "sub/a.gen.py", "sub/build/d.py"]
    assert discover(["."]).ignored == (Ignored(".gitignore", 4, 1),)
    assert len(paths(respect_gitignore=False)) == 10


def test_a_file_below_an_ignored_folder_cannot_be_brought_back(tree):
    tree({".gitignore": "out/\n!out/a.py\n", "out/a.py": "", "out/.gitignore": "!*\n"})
    assert paths() == []
    assert paths("out") == ["out/a.py"]


def test_in_a_work_tree_the_files_above_count_and_a_nested_repository_has_its_own(tree):
    tree(
        {
            ".git/info/exclude": "secret.py\n", ".gitignore": "*.gen.py\n", "sub/.gitignore": "own.py\n!kept.gen.py\n",
            "sub/deep/a.gen.py": "", "sub/deep/own.py": "", "sub/deep/secret.py": "", "sub/deep/kept.gen.py": "", "sub/deep/b.py": "",
            "sub/deep/module/.git": "gitdir: /nonexistent\n", "sub/deep/module/a.gen.py": "",
        }
    )  # fmt: skip
    expected = ["sub/deep/b.py", "sub/deep/kept.gen.py", "sub/deep/module/a.gen.py"]
    assert paths("sub/deep") == paths(".") == expected


def test_outside_of_a_work_tree_nothing_above_the_named_folder_counts(tree):
    tree({".gitignore": "*\n", "sub/a.py": "", "sub/b.py": "", "sub/.gitignore": "b.py\n"})
    assert paths("sub") == ["sub/a.py"]


# --- links, special files, trouble ------------------------------------------------------------------------------------


def test_a_link_to_a_file_that_is_scanned_is_skipped(tree):
    tree(["a.py"])
    Path("b.py").symlink_to("a.py")
    assert (paths(), skipped()) == (["a.py"], [("b.py", "symbolic link to a.py, which is scanned itself", None)])
    assert paths("b.py") == ["b.py"]


def test_a_link_to_a_file_that_is_not_scanned_itself_stands_for_it(tree):
    top = tree({"payload.txt": "eval(input())\n", ".gitignore": "hidden.py\n", "hidden.py": ""})
    for name, target in (("b.py", "payload.txt"), ("c.py", "payload.txt"), ("d.py", "hidden.py")):
        Path(name).symlink_to(target)
    discovery = discover(["."])
    assert [(found.path, found.file) for found in discovery.files] == [
        ("b.py", str(top / "payload.txt")),
        ("d.py", str(top / "hidden.py")),
    ]
    assert skipped() == [("c.py", "symbolic link to b.py, which is scanned itself", None)]


def test_no_link_is_followed_out_of_the_named_folders(tree):
    tree(["in/a.py", "out/secret.py"])
    Path("in/b.py").symlink_to("../out/secret.py")
    Path("in/folder").symlink_to("../out")
    Path("in/zero.py").symlink_to("/dev/zero")
    out = "symbolic link out of the scanned folders"
    assert skipped("in") == [("in/b.py", out, False), ("in/folder", out, False), ("in/zero.py", out, False)]
    assert paths("in") == ["in/a.py"]
    assert paths("in", "out") == ["in/a.py", "out/secret.py"]


def test_loops_of_links_end(tree):
    tree(["a.py"])
    for name, target in (("loop", "."), ("x", "y"), ("y", "x"), ("self.py", "self.py"), ("gone.py", "nowhere")):
        Path(name).symlink_to(target)
    nothing = "symbolic link that leads to nothing"
    assert (paths(), skipped()) == (["a.py"], [("gone.py", nothing, False), ("self.py", nothing, False)])
    assert discover(["."]).ignored == (Ignored("symbolic link to a folder of the same tree", 0, 1),)


def test_a_link_that_the_user_names_is_followed(tree):
    top = tree(["real/a.py", "cwd/"])
    Path("cwd/link").symlink_to("../real")
    os.chdir("cwd")
    discovery = discover(["link"])
    assert discovery.root == str(top / "cwd")
    assert [(found.path, found.file) for found in discovery.files] == [("link/a.py", str(top / "real/a.py"))]
    assert paths("link/../real") == ["a.py"]


def test_special_files_are_never_opened(tree):
    tree(["a.py"])
    os.mkfifo("fifo.py")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("socket.py")
    os.mkfifo("fifo")
    Path("link.py").symlink_to("fifo")
    assert skipped() == [
        ("fifo.py", "not a regular file, but a FIFO", False),
        ("link.py", "symbolic link to no regular file, but a FIFO", False),
        ("socket.py", "not a regular file, but a socket", False),
    ]
    assert skipped("fifo", "/dev/null")[-1][1:] == ("not a regular file, but a FIFO", True)
    assert paths() == ["a.py"]


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="needs POSIX users")
def test_a_folder_that_may_not_be_read_makes_the_scan_incomplete(monkeypatch):
    with tempfile.TemporaryDirectory() as top:
        Path(top, "sub").mkdir()
        Path(top, "sub", "a.py").touch()
        Path(top, "b.py").touch()
        Path(top).chmod(0o755)
        Path(top, "sub").chmod(0)
        monkeypatch.chdir(top)
        user = os.geteuid()
        try:
            if user == 0:  # nothing is unreadable for root
                os.seteuid(65534)
            discovery = discover(["."])
        finally:
            os.seteuid(user)
            Path(top, "sub").chmod(0o755)
    (record,) = discovery.records
    assert (record.path, record.status) == ("sub", FileStatus.FAILED)
    assert record.reason == "folder could not be read: Permission denied"
    assert [(f.path, f.kind, f.fatal) for f in discovery.failures] == [("sub", FailureKind.UNREADABLE, True)]
    assert [found.path for found in discovery.files] == ["b.py"]


def test_a_path_too_long_for_the_system_makes_the_scan_incomplete(tree, monkeypatch):
    top = tree([])
    for depth in range(22):
        Path("d" * 200).mkdir()
        os.chdir("d" * 200)
        if depth in (3, 21):
            Path("x.py").touch()
    monkeypatch.chdir(top)
    discovery = discover(["."])
    assert [found.path.count("/") for found in discovery.files] == [4]
    assert [(f.kind, f.fatal) for f in discovery.failures] == [(FailureKind.UNREADABLE, True)]


def test_files_beyond_the_size_limit_make_the_scan_incomplete(tree):
    tree({"a.py": "x" * 11, "b.py": "x" * 10})
    assert paths(max_bytes=10) == ["b.py"]
    assert skipped(max_bytes=10) == skipped(".", "a.py", max_bytes=10) == [("a.py", "larger than 10 bytes", True)]


def test_files_beyond_the_count_limit_are_all_accounted_for(tree):
    tree([f"{name}.py" for name in "abcd"])
    discovery = discover(["."], Options(max_files=3))
    assert [found.path for found in discovery.files] == ["a.py", "b.py", "c.py"]
    assert [(r.path, r.status, r.reason) for r in discovery.records] == [
        ("d.py", FileStatus.SKIPPED, "beyond the limit of 3 files")
    ]
    assert [(f.kind, f.detail, f.fatal) for f in discovery.failures] == [
        (FailureKind.LIMIT, "4 files found, only the first 3 are scanned", True)
    ]


def test_five_hundred_folders_deep_is_not_too_deep(tree):
    tree(["/".join(["d"] * 500) + "/x.py"])
    assert paths()[0].count("/") == 500
