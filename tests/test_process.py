"""Children end when they must, with their own children, and see nothing of our environment."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from codeguard.engines import process
from codeguard.engines.process import KEPT_STDERR, Ended, Ending, clean_environment, end_all, run
from codeguard.errors import EngineError

posix = pytest.mark.skipif(sys.platform == "win32", reason="signals and process groups of POSIX")


def python(code: str, tmp_path: Path, *, timeout: float = 30, max_output: int = process.MAX_OUTPUT) -> Ended:
    argv = [sys.executable, "-I", "-c", code]
    return run(argv, cwd=tmp_path, env=clean_environment(tmp_path), timeout=timeout, max_output=max_output)


def is_gone(pid: int) -> bool:
    """True once the process has ended; a zombie that nobody has waited for yet counts as ended."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return True
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


# A child that starts a grandchild, writes its number, and goes on as `then` says.
PARENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-I", "-c", "import time; time.sleep(60)"], stdout={stdout})
print(child.pid, flush=True)
{then}
"""


def test_output_errors_and_status_are_what_the_child_left(tmp_path: Path) -> None:
    ended = python("import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)", tmp_path)
    assert (ended.ending, ended.status, ended.stdout, ended.stderr) == (Ending.EXITED, 3, b"out\n", b"err\n")
    assert not ended.ok
    assert ended.describe() == "ended with status 3"
    assert python("pass", tmp_path).ok


def test_a_child_sees_the_working_directory_and_the_environment_that_it_is_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CODEGUARD_TEST_SECRET", "leaks")
    monkeypatch.setenv("PYTHONPATH", "/nowhere")
    ended = python("import os; print(os.getcwd()); print(sorted(os.environ))", tmp_path)
    cwd, names = ended.stdout.decode().splitlines()
    assert cwd == os.path.realpath(tmp_path)
    assert set(eval(names)) == set(clean_environment(tmp_path))


def test_a_clean_environment_holds_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HOME", "TMPDIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "LANG"):
        monkeypatch.setenv(name, "/ours")
    env = clean_environment(tmp_path, {"EXTRA": "1", "NO_COLOR": "0"})
    assert "/ours" not in env.values()
    assert (env["EXTRA"], env["NO_COLOR"]) == ("1", "0")
    assert Path(env["HOME"]).is_dir()
    assert Path(env["TMPDIR"]).is_dir()


def test_standard_input_is_empty(tmp_path: Path) -> None:
    assert python("import sys; print(repr(sys.stdin.read()))", tmp_path).stdout == b"''\n"


@pytest.mark.parametrize("program", ["python", "./python", ""])
def test_a_program_that_is_not_an_absolute_path_is_refused(program: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="absolute path"):
        run([program], cwd=tmp_path, env={}, timeout=1)


def test_a_program_that_cannot_be_started_is_an_engine_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"no-such-program cannot be started: No such file"):
        run([tmp_path / "no-such-program"], cwd=tmp_path, env={}, timeout=1)


def test_the_output_of_a_child_that_writes_much_to_both_pipes_is_complete(tmp_path: Path) -> None:
    code = "import sys\nfor i in range(200000): print(i); print(i, file=sys.stderr)\nprint('end', file=sys.stderr)"
    ended = python(code, tmp_path)
    assert ended.stdout.decode().split() == [str(i) for i in range(200000)]
    assert len(ended.stderr) == KEPT_STDERR
    assert ended.stderr.endswith(b"199999\nend\n")


def test_a_child_that_writes_too_much_is_ended(tmp_path: Path) -> None:
    ended = python("while True: print('x' * 1000)", tmp_path, max_output=5000)
    assert ended.ending is Ending.TOO_MUCH_OUTPUT
    assert ended.stdout == ((b"x" * 1000 + b"\n") * 5)[:5000]
    assert ended.describe() == "wrote more output than is accepted"


@posix
def test_a_signal_that_killed_the_child_is_named(tmp_path: Path) -> None:
    ended = python("import os; os.kill(os.getpid(), 11)", tmp_path)
    assert (ended.ending, ended.status) == (Ending.EXITED, -signal.SIGSEGV)
    assert ended.describe() == "was killed by signal 11 (SIGSEGV)"


@posix
def test_a_child_leads_a_session_of_its_own(tmp_path: Path) -> None:
    ended = python("import os; print(os.getsid(0) == os.getpid())", tmp_path)
    assert ended.stdout == b"True\n"


@posix
@pytest.mark.parametrize("stdout", ["None", "subprocess.DEVNULL"])
def test_a_child_that_outlives_its_time_ends_with_its_children(stdout: str, tmp_path: Path) -> None:
    started = time.monotonic()
    ended = python(PARENT.format(stdout=stdout, then="time.sleep(60)"), tmp_path, timeout=1)
    assert time.monotonic() - started < 10
    assert ended.ending is Ending.TIMED_OUT
    assert ended.describe() == "did not end within 1 s"
    assert is_gone(int(ended.stdout))


@posix
@pytest.mark.parametrize("stdout", ["None", "subprocess.DEVNULL"])
def test_what_a_child_leaves_running_is_ended_when_it_exits(stdout: str, tmp_path: Path) -> None:
    started = time.monotonic()
    ended = python(PARENT.format(stdout=stdout, then="sys.exit(0)"), tmp_path)
    assert time.monotonic() - started < 10
    assert ended.ok
    assert is_gone(int(ended.stdout))


@posix
def test_ending_all_ends_every_child_that_lives(tmp_path: Path) -> None:
    code = "import os, time; open(str(os.getpid()), 'w').close(); time.sleep(60)"
    with ThreadPoolExecutor(3) as pool:
        runs = [pool.submit(python, code, tmp_path) for _ in range(3)]
        deadline = time.monotonic() + 10
        while len(pids := [p.name for p in tmp_path.iterdir() if p.name.isdigit()]) < 3:
            assert time.monotonic() < deadline
            time.sleep(0.02)
        end_all()
        assert {r.result(timeout=10).ending for r in runs} == {Ending.ENDED_BY_US}
    assert all(is_gone(int(pid)) for pid in pids)


@posix
def test_an_interrupt_while_waiting_leaves_no_child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    children = []

    def interrupted(life: process._Life, _: float) -> None:
        children.append(life.child)
        raise KeyboardInterrupt

    monkeypatch.setattr(process._Life, "_await", interrupted)
    with pytest.raises(KeyboardInterrupt):
        python("import time; time.sleep(60)", tmp_path)
    assert [child.returncode for child in children] == [-signal.SIGKILL]
    assert not process._living


def test_children_run_side_by_side(tmp_path: Path) -> None:
    code = """
import os, sys, time
open(sys.argv[1] if len(sys.argv) > 1 else str(os.getpid()), "w").close()
deadline = time.monotonic() + 20
while len([name for name in os.listdir() if name.isdigit()]) < 2 and time.monotonic() < deadline: time.sleep(0.01)
print(len([name for name in os.listdir() if name.isdigit()]))
"""
    found: list[bytes] = []
    threads = [threading.Thread(target=lambda: found.append(python(code, tmp_path).stdout)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [b"2\n", b"2\n"]
