"""A scan that compares with a commit looks at what changed, and a suppression that the change adds is a finding."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from codeguard import scan
from codeguard.config.load import load
from codeguard.config.select import protected
from codeguard.errors import ConfigError, UsageError
from codeguard.model import Report
from codeguard.source.history import UnknownChangesError, history

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

EVAL = "eval(input())"
QUIET = "  # codeguard: ignore[CGS203] only we call it"


def git(folder: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=x", "-c", "user.email=x@example.invalid", "-c", "commit.gpgsign=false"]
    done = subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "same.py").write_text(f"{EVAL}\n")
    (tmp_path / "old.py").write_text(f"x = 1\n{EVAL}{QUIET}\n")
    git(tmp_path, "add", "-A")
    git(tmp_path, "commit", "-qm", "one")
    return tmp_path


@pytest.fixture
def scanned(checkout: Path) -> Callable[..., Report]:
    def run(since: str = "HEAD", **flags: object) -> Report:
        config = load(checkout, {"engines": ["native"], **flags}, isolated=True).config
        return scan.scan([checkout], config, since=since)

    return run


def about(report: Report) -> list[tuple[str, str, int]]:
    return [(f.rule_id, f.path, f.span.start_line) for f in report.findings if f.rule_id.startswith("CGT09")]


def test_only_files_that_differ_are_scanned_and_the_others_are_counted(
    checkout: Path, scanned: Callable[..., Report]
) -> None:
    (checkout / "new.py").write_text(f"{EVAL}\n")
    report = scanned()
    assert [record.path for record in report.files] == ["new.py"]
    assert [(i.reason, i.files) for i in report.ignored if "since" in i.reason] == [("unchanged since HEAD", 2)]
    assert report.complete


ADDITIONS = [
    # the file after the change, lines of added suppressions
    (f"x = 2\n{EVAL}{QUIET}\n", []),  # it only moved, or other lines changed
    (f"x = 1\ny = 2\n{EVAL}{QUIET}\n", []),
    (f"x = 1\n{EVAL}{QUIET}\n{EVAL}{QUIET}\n", [3]),
    (f"x = 1\n{EVAL}{QUIET}, really\n", [2]),
    ("x = 1\n", []),
]


@pytest.mark.parametrize(("text", "lines"), ADDITIONS)
def test_a_suppression_that_the_change_adds_is_a_finding(
    checkout: Path, scanned: Callable[..., Report], text: str, lines: list[int]
) -> None:
    (checkout / "old.py").write_text(text)
    report = scanned()
    assert about(report) == [("CGT093", "old.py", line) for line in lines]
    assert [s.comment_line for s in report.suppressed if s.added] == lines
    assert all(s.added is not None for s in report.suppressed)


def test_without_a_commit_nothing_is_said_of_additions(checkout: Path, scanned: Callable[..., Report]) -> None:
    report = scanned(since="")
    assert about(report) == []
    assert [s.added for s in report.suppressed] == [None]
    assert {record.path for record in report.files} == {"old.py", "same.py"}


@pytest.mark.parametrize(
    ("never", "kept"),
    [
        (["CGS203"], True),
        (["low"], True),
        (["critical"], False),
        (["security"], True),
        (["CGS2"], True),
        (["CGS001"], False),
    ],
)
def test_what_the_configuration_protects_no_comment_silences(
    scanned: Callable[..., Report], never: list[str], *, kept: bool
) -> None:
    report = scanned(since="", **{"never-suppress": never})
    assert [f.rule_id for f in report.findings if f.path == "old.py"] == (["CGS203", "CGT092"] if kept else [])
    assert len(report.suppressed) == (0 if kept else 1)


def test_a_word_that_protects_nothing_is_an_error_with_the_near_name() -> None:
    with pytest.raises(ConfigError, match="did you mean"):
        protected(["securty"], scan.catalogue())


NAMES = ["HEAD", "main", "v1", "refs/heads/main", "HEAD~0", "{full}", "{short}"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("packed", [False, True])
def test_commits_are_found_by_every_name_that_people_use(checkout: Path, name: str, *, packed: bool) -> None:
    git(checkout, "tag", "v1")
    full = git(checkout, "rev-parse", "HEAD")
    if packed:
        git(checkout, "pack-refs", "--all")
        git(checkout, "gc", "-q")
    with history(checkout) as past:
        assert past.commit(name.format(full=full, short=full[:10])) == full
        assert past.head() == full


@pytest.mark.parametrize("name", ["nowhere", "--all", "a..b", "HEAD~9", "", "../x", "0" * 40])
def test_a_name_of_no_commit_is_a_clear_error(checkout: Path, name: str) -> None:
    with history(checkout) as past, pytest.raises(UnknownChangesError):
        past.commit(name)


def test_a_linked_work_tree_is_a_checkout_too(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("trees") / "other"
    git(checkout, "worktree", "add", "-q", str(other), "-b", "topic")
    (other / "more.py").write_text("x = 1\n")
    git(other, "add", "-A")
    git(other, "commit", "-qm", "two")
    with history(other) as past:
        assert past.head() == git(other, "rev-parse", "HEAD")
        assert past.changed(past.commit("main"), past.head()) == ("more.py",)


def test_outside_of_a_checkout_the_option_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    config = load(tmp_path, {"engines": ["native"]}, isolated=True).config
    with pytest.raises(UsageError, match="no git checkout"):
        scan.scan([tmp_path], config, since="HEAD")


def test_nothing_that_the_repository_configures_runs(checkout: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    mark = tmp_path_factory.mktemp("mark") / "ran"
    for key in ("core.fsmonitor", "diff.external", "filter.x.clean", "filter.x.smudge", "diff.x.textconv"):
        git(checkout, "config", key, f"touch {mark}")
    (checkout / ".gitattributes").write_text("*.py filter=x diff=x\n")
    (checkout / "old.py").write_text("x = 3\n")
    mark.unlink(missing_ok=True)
    config = load(checkout, {"engines": ["native"]}, isolated=True).config
    scan.scan([checkout], config, since="HEAD")
    assert not mark.exists()
