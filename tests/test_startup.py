"""Started in a hostile folder: no module of it is imported instead of ours or the standard library's."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codeguard import startup

SHADOWS = (
    *("__future__", "__init__", "__main__", "argparse", "ast", "asyncio", "bandit", "click", "conftest", "dataclasses"),
    *("json", "libcst", "logging", "multiprocessing", "pathlib", "pickle", "rich", "ruff", "semgrep", "setup"),
    *("shutil", "signal", "sitecustomize", "stevedore", "subprocess", "tempfile", "threading", "tomllib", "typing"),
    *("usercustomize", "yaml"),
)

WAYS = [
    pytest.param(["-c", "import sys; from codeguard.cli import main; sys.exit(main())"], id="the command"),
    pytest.param(["-m", "codeguard"], id="python -m"),
    pytest.param(["-X", "utf8", "-Bm", "codeguard"], id="python -X utf8 -Bm"),
    pytest.param(["-I", "-m", "codeguard"], id="python -I -m"),
]


@pytest.fixture
def hostile(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of modules that each leave a mark when they run, and the folder of the marks."""
    tree, marks = tmp_path / "tree", tmp_path / "marks"
    tree.mkdir()
    marks.mkdir()
    for name in SHADOWS:
        (tree / f"{name}.py").write_text(f"open({str(marks / name)!r}, 'w').close()\n")
    (tree / "x.py").write_text("import yaml\nyaml.load(input())\n")
    return tree, marks


@pytest.mark.parametrize("way", WAYS)
def test_no_module_of_the_working_directory_runs(hostile, way):
    tree, marks = hostile
    if way[0] == "-c":  # an installed command has no working directory on its path
        way = ["-c", f"import sys; sys.path.remove(''); {way[1].removeprefix('import sys; ')}"]
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PYTHON")}
    ended = subprocess.run(
        [sys.executable, *way, "scan", ".", "--engine", "native", "--select", "CGS001", "-q"],
        cwd=tree, env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert "CGS001" in ended.stdout, ended.stderr
    assert [mark.name for mark in marks.iterdir()] == []


COMMANDS = [
    (["python", "-m", "codeguard", "scan"], True),
    (["python", "-mcodeguard"], True),
    (["python", "-Bm", "codeguard.action"], True),
    (["python", "-X", "utf8", "-W", "ignore", "-m", "codeguard"], True),
    (["python", "-m", "codeguardian"], False),
    (["python", "-m", "pytest", "-m", "codeguard"], False),
    (["python", "-c", "import codeguard", "-m", "codeguard"], False),
    (["python", "script.py", "-m", "codeguard"], False),
    (["python", "-", "-m", "codeguard"], False),
    (["python", "-m"], False),
    (["python"], False),
]


@pytest.mark.parametrize(
    ("words", "expected"), COMMANDS, ids=lambda value: " ".join(value) if isinstance(value, list) else ""
)
def test_only_python_m_codeguard_changes_the_path(monkeypatch, words, expected):
    monkeypatch.setattr(sys, "orig_argv", words)
    assert startup.is_command() is expected


def test_the_folder_that_codeguard_itself_lies_in_stays_on_the_path(monkeypatch):
    own = str(Path(startup.__file__).resolve().parent.parent)
    monkeypatch.chdir(own)
    monkeypatch.setattr(sys, "path", [own, "/somewhere"])
    startup.forget_working_directory()
    assert sys.path == [own, "/somewhere"]


def test_another_working_directory_is_taken_off_the_path_however_it_is_written(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", ["", str(tmp_path), f"{tmp_path}/.", "/somewhere"])
    startup.forget_working_directory()
    assert sys.path == ["/somewhere"]
