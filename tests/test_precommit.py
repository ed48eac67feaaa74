"""The pre-commit hooks, built and run as a user's pre-commit does it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "dist", "build", "tests", "bench"
)

PRE_COMMIT = shutil.which("pre-commit", path=str(Path(sys.executable).parent)) or shutil.which("pre-commit")
needs_pre_commit = pytest.mark.skipif(PRE_COMMIT is None, reason="pre-commit is not installed")
needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@needs_pre_commit
def test_the_manifest_is_valid() -> None:
    assert PRE_COMMIT is not None
    subprocess.run(
        [PRE_COMMIT, "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml")], check=True, capture_output=True
    )


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository that holds what a release of this project holds."""
    folder = tmp_path_factory.mktemp("hooks") / "codeguard"
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "release")
    return folder


@pytest.fixture(scope="module")
def run_hook(hooks: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a hook on the files of a fresh repository; the hooks' environment is built once for all runs."""
    home = tmp_path_factory.mktemp("home")
    release = git(hooks, "rev-parse", "HEAD")

    def run(hook: str, files: dict[str, str]) -> subprocess.CompletedProcess[str]:
        assert PRE_COMMIT is not None
        project = tmp_path_factory.mktemp("project")
        git(project, "init", "-q", "-b", "main")
        config = {"repos": [{"repo": str(hooks), "rev": release, "hooks": [{"id": hook}]}]}
        (project / ".pre-commit-config.yaml").write_text(json.dumps(config))  # JSON is YAML
        for name, text in files.items():
            (project / name).write_text(text, encoding="utf-8")
        git(project, "add", "-A")
        environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "NO_COLOR": "1"}
        command = [PRE_COMMIT, "run", hook, "--all-files", "--verbose"]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, timeout=900, check=False
        )

    return run


@pytest.mark.slow
@needs_git
@needs_pre_commit
@pytest.mark.parametrize("hook", ["codeguard", "codeguard-full"])
def test_a_hook_fails_for_a_flaw_and_passes_without(
    run_hook: Callable[..., subprocess.CompletedProcess[str]], hook: str
) -> None:
    flawed = run_hook(
        hook, {"a.py": "import os\n\n\ndef run(name):\n    os.system('ls ' + name)\n", "-dash.py": "X = 1\n"}
    )
    if "Failed to build" in flawed.stderr or "No matching distribution" in flawed.stdout + flawed.stderr:
        pytest.skip("the package index cannot be reached")
    assert flawed.returncode == 1, flawed.stdout + flawed.stderr
    assert "a.py:5:" in flawed.stdout
    assert "exit code: 1" in flawed.stdout
    fine = run_hook(
        hook, {"a.py": '"""Nothing is wrong here."""\n\nLIMIT = 10\n', "-dash.py": "X = 1\n", "notes.txt": "x\n"}
    )
    assert fine.returncode == 0, fine.stdout + fine.stderr
    assert "Passed" in fine.stdout
