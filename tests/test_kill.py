"""What a violent end leaves behind: no process that goes on, no file that a later scan does not remove."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from codeguard.engines import scratch
from codeguard.engines.scratch import LOCK, PREFIX, private_folder, sweep

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc what runs")

COMMAND = [sys.executable, "-c", "import sys; from codeguard.cli import main; sys.exit(main())", "scan"]


def running(marker: str) -> list[int]:
    """The processes with `marker` in their environment, ended ones that nobody has asked after left out."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            ended = (folder / "stat").read_bytes().rpartition(b") ")[2].startswith(b"Z")
            if not ended and marker.encode() in (folder / "environ").read_bytes():
                found.append(int(folder.name))
    return found


def wait_for(condition, seconds: float = 30.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return bool(condition())


def start(code: str, tmp_path: Path, **env: str) -> subprocess.Popen:
    """A Python of its own session whose temporary files go to `tmp_path`."""
    environment = {**os.environ, "TMPDIR": str(tmp_path), **env}
    return subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)


HANGING_WORKERS = """
import sys, time
from codeguard.pool import map_isolated
def hang(item):
    time.sleep(600)
for _ in map_isolated(hang, [1, 2, 3], jobs=3, seconds=600):
    pass
"""

HANGING_ENGINE = """
import sys, pathlib
from codeguard.engines.process import run
here = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path("/")
code = "import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)']); time.sleep(600)"
run([sys.executable, "-c", code], cwd=here, env={"KILL_TEST": MARK}, timeout=600)
"""


def test_workers_whose_parent_is_killed_end(tmp_path):
    mark = f"workers-{os.getpid()}-{time.monotonic_ns()}"
    parent = start(HANGING_WORKERS, tmp_path, KILL_TEST=mark)
    assert wait_for(lambda: len(running(mark)) == 4), "the parent and its workers"
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not running(mark)), running(mark)


def test_an_engine_and_its_children_end_where_the_scan_is_killed(tmp_path):
    mark = f"engine-{os.getpid()}-{time.monotonic_ns()}"
    parent = start(HANGING_ENGINE.replace("MARK", repr(mark)), tmp_path)
    assert wait_for(lambda: len(running(mark)) == 2), "the engine and its child"
    parent.kill()
    parent.wait()
    assert wait_for(lambda: not running(mark)), running(mark)


def scanning(tmp_path: Path, mark: str, *options: str, files: int = 600) -> tuple[subprocess.Popen, Path]:
    """A scan of so many files that has begun, and the folder that its private files go to."""
    tree = tmp_path / "tree"
    tree.mkdir()
    text = "import yaml\n" + "def f(x):\n    return yaml.load(x)\n" * 30
    for number in range(files):
        (tree / f"m{number}.py").write_text(text)
    environment = {**os.environ, "KILL_TEST": mark}
    child = subprocess.Popen(
        [*COMMAND, str(tree), "--no-progress", *options],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    return child, tree


def folders_of(pid: int) -> list[Path]:
    """The private folders that a process holds the lock of."""
    held = []
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        with contextlib.suppress(OSError):
            target = link.readlink()
            if target.name == LOCK and target.parent.name.startswith(PREFIX):
                held.append(target.parent)
    return held


def test_a_killed_scan_leaves_a_folder_that_a_later_one_removes(tmp_path, monkeypatch):
    mark = f"scan-{os.getpid()}-{time.monotonic_ns()}"
    child, _ = scanning(tmp_path, mark, "--engine", "native")
    assert wait_for(lambda: folders_of(child.pid))
    (folder,) = folders_of(child.pid)
    child.kill()
    child.communicate()
    assert wait_for(lambda: not running(mark)), "no worker stays"
    assert folder.is_dir()
    sweep(str(folder.parent))
    assert folder.is_dir(), "a young folder may belong to a scan that is about to lock it"
    monkeypatch.setattr(scratch, "SETTLED", -1.0)
    sweep(str(folder.parent))
    assert not folder.exists()


def test_the_folder_of_a_scan_that_lives_is_not_removed(tmp_path, monkeypatch):
    with private_folder(str(tmp_path)) as folder:
        monkeypatch.setattr(scratch, "SETTLED", -1.0)
        sweep(str(tmp_path))
        assert folder.is_dir()
    assert not folder.exists()
    assert not list(tmp_path.iterdir())


def test_nothing_that_is_not_ours_is_swept(tmp_path, monkeypatch):
    monkeypatch.setattr(scratch, "SETTLED", -1.0)
    without_lock, other, outside = tmp_path / f"{PREFIX}a", tmp_path / "other", tmp_path / "outside"
    for folder in (without_lock, other, outside):
        folder.mkdir()
    (other / LOCK).touch()
    (outside / LOCK).touch()
    (tmp_path / f"{PREFIX}link").symlink_to(outside)
    sweep(str(tmp_path))
    assert {p.name for p in tmp_path.iterdir()} == {f"{PREFIX}a", "other", "outside", f"{PREFIX}link"}
    (without_lock / LOCK).touch()
    sweep(str(tmp_path))
    assert not without_lock.exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_an_interrupted_scan_tells_what_it_has_and_leaves_nothing(tmp_path, number):
    mark = f"interrupt-{os.getpid()}-{time.monotonic_ns()}"
    child, _ = scanning(tmp_path, mark, "--engine", "native", "--engine", "bandit", "--format", "json")
    assert wait_for(lambda: folders_of(child.pid))
    (folder,) = folders_of(child.pid)
    time.sleep(0.3)
    child.send_signal(number)
    _, err = child.communicate(timeout=60)
    assert child.returncode in (130, 143), err
    assert b"Traceback" not in err
    assert not folder.exists()
    assert wait_for(lambda: not running(mark)), running(mark)


@pytest.mark.slow
def test_the_death_of_an_engine_is_told_and_costs_the_engine_alone(tmp_path):
    mark = f"core-{os.getpid()}-{time.monotonic_ns()}"
    out = tmp_path / "report.json"
    options = ("--engine", "native", "--engine", "semgrep", "--format", "json", "--output", str(out))
    child, _ = scanning(tmp_path, mark, *options, files=20)
    assert wait_for(lambda: folders_of(child.pid))
    (folder,) = folders_of(child.pid)
    killed, end = 0, time.monotonic() + 120
    while child.poll() is None and time.monotonic() < end:
        for place in Path("/proc").glob("[0-9]*"):
            with contextlib.suppress(OSError):
                is_core = (place / "comm").read_text().startswith("semgrep-core")
                if is_core and (place / "cwd").readlink().is_relative_to(folder):
                    os.kill(int(place.name), signal.SIGKILL)
                    killed += 1
        time.sleep(0.01)
    _, err = child.communicate(timeout=60)
    assert killed
    assert child.returncode == 3, err
    report = out.read_text()
    assert "semgrep" in report
    assert "CGS001" in report, "what the other engines found is kept"


def test_a_full_disk_is_one_clear_line_and_leaves_no_half_report(tmp_path):
    (tmp_path / "a.py").write_text("import yaml\n" + "yaml.load(x)\n" * 900)
    report = tmp_path / "out" / "report.json"
    report.parent.mkdir()
    report.write_text("old")
    limited = f'ulimit -f 64; exec {shutil.which("env")} "$@"'
    ended = subprocess.run(
        ["/bin/sh", "-c", limited, "sh", *COMMAND, str(tmp_path / "a.py"), "--engine", "native", "--no-config",
         "-f", "json", "-o", str(report)],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert ended.returncode == 3, ended.stderr
    assert "cannot write" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert report.read_text() == "old"
    assert [p.name for p in report.parent.iterdir()] == ["report.json"]


def test_a_full_disk_under_standard_output_is_told(tmp_path):
    (tmp_path / "a.py").write_text("import yaml\nyaml.load(x)\n")
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [*COMMAND, str(tmp_path / "a.py"), "--engine", "native", "--no-config"],
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=120, check=False,
        )  # fmt: skip
    assert ended.returncode == 3, ended.stderr
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr
