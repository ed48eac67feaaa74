"""Which files a pull request changes, without running anything of the repository.

Git runs programs that a repository names: `core.fsmonitor`, external diffs, text conversions, filters, hooks.  All of
these are named in the repository's own configuration or attributes.  So git never sees this repository: a bare one is
made in a scratch folder, borrows the objects of the checkout (`objects/info/alternates`) and compares two trees by
name.  No configuration but that of the scratch repository is read, no work tree, no index and no hook exists, and the
environment is scrubbed.  What remains is git's own parser of objects, which reads what was fetched.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS = 60
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

WAYS_TO_BASE = {
    "pull_request": ("pull_request", "base", "sha"),
    "pull_request_target": ("pull_request", "base", "sha"),
    "merge_group": ("merge_group", "base_sha"),
}
"""Where the payload of each event that proposes a change names the commit that the change is made to."""


class UnknownChangesError(Exception):
    """What changed cannot be said; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Event:
    """What GitHub says that happened: its name, and the commit that a change is proposed for, if it is one."""

    name: str
    base: str | None

    @property
    def proposed(self) -> bool:
        """True where the code is proposed and not yet accepted, so that it may be anybody's."""
        return self.name in WAYS_TO_BASE


def event(environment: Mapping[str, str]) -> Event:
    """The event that started the workflow, from GITHUB_EVENT_NAME and the payload in GITHUB_EVENT_PATH."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    try:
        payload = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError):
        payload = {}
    base: Any = payload if name in WAYS_TO_BASE else None
    for step in WAYS_TO_BASE.get(name, ()):
        base = base.get(step) if isinstance(base, dict) else None
    return Event(name, base if isinstance(base, str) and _HASH.fullmatch(base) else None)


def changed_files(workspace: Path, base: str | None) -> tuple[str, ...]:
    """The POSIX paths, relative to `workspace`, of the files that HEAD adds to or changes in `base`.

    Where HEAD is a merge (as it is for a pull request), its first parent is compared with, because it is what the
    change would be merged into.  Raises UnknownChangesError where the commits are not there or git is not.
    """
    if base is None:
        raise UnknownChangesError("the event names no commit to compare with")
    git = _git()
    head = _head(workspace / ".git")
    with tempfile.TemporaryDirectory(prefix="codeguard-git-") as folder:
        scratch = Path(folder)
        environment = _environment(scratch)
        form = "sha1" if len(head) == 40 else "sha256"
        _run(git, ["init", "--quiet", "--bare", "--template=", f"--object-format={form}", "."], scratch, environment)
        objects = os.fsencode((workspace / ".git" / "objects").resolve())
        (scratch / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (scratch / "objects" / "info" / "alternates").write_bytes(objects + b"\n")
        start = _first_parent(git, head, scratch, environment) or base
        output = _run(
            git,
            ["diff-tree", "-r", "-z", "--name-only", "--diff-filter=d", "--no-renames", "--no-ext-diff",
             "--no-textconv", "--ignore-submodules=all", f"{start}^{{tree}}", f"{head}^{{tree}}", "--"],
            scratch,
            environment,
        )  # fmt: skip
    return tuple(os.fsdecode(name) for name in output.split(b"\0") if name)


def _first_parent(git: str, head: str, scratch: Path, environment: Mapping[str, str]) -> str | None:
    """The first parent of a merge, None for any other commit, or where it was not fetched."""
    header = _run(git, ["cat-file", "commit", head], scratch, environment).partition(b"\n\n")[0]
    parents = [line[7:].decode("ascii", "replace") for line in header.split(b"\n") if line.startswith(b"parent ")]
    if len(parents) < 2 or not _HASH.fullmatch(parents[0]):
        return None
    try:
        _run(git, ["cat-file", "-e", f"{parents[0]}^{{tree}}"], scratch, environment)
    except UnknownChangesError:
        return None
    return parents[0]


def _head(repository: Path) -> str:
    """The commit that is checked out, read from the files of `.git` themselves."""
    try:
        head = (repository / "HEAD").read_text("ascii").strip()
        if head.startswith("ref: "):
            head = _resolved(repository, head[5:].strip())
    except (OSError, ValueError) as error:
        raise UnknownChangesError("the workspace is no git checkout") from error
    if not _HASH.fullmatch(head):
        raise UnknownChangesError("the workspace has no commit checked out")
    return head


def _resolved(repository: Path, ref: str) -> str:
    if not re.fullmatch(r"refs/[^\0]+", ref) or ".." in ref.split("/"):
        return ""
    loose = repository / ref
    # codeguard: ignore[CGS202] the name is a ref without `..`, and the folder is the runner's own checkout
    if loose.is_file():
        # codeguard: ignore[CGS202] as above
        return loose.read_text("ascii").strip()
    for line in (repository / "packed-refs").read_text("utf-8", "replace").splitlines():
        commit, _, name = line.partition(" ")
        if name == ref:
            return commit
    return ""


def _git() -> str:
    found = shutil.which("git", path=os.pathsep.join(p for p in os.get_exec_path() if os.path.isabs(p)))  # noqa: PTH117
    if found is None:
        raise UnknownChangesError("git is not installed")
    return found


def _environment(scratch: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(scratch),
        "LC_ALL": "C",
        "GIT_DIR": str(scratch),
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1",
        "GIT_OPTIONAL_LOCKS": "0",
        "GIT_TERMINAL_PROMPT": "0",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_NO_LAZY_FETCH": "1",
    }


def _run(git: str, arguments: list[str], folder: Path, environment: Mapping[str, str]) -> bytes:
    command = [git, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", *arguments]
    try:
        # codeguard: ignore[CGS201] an argument list without a shell; `git` is an absolute path of ours
        done = subprocess.run(
            command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, capture_output=True, timeout=SECONDS,
            check=False,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise UnknownChangesError(f"git could not be run ({error})") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no message"]
        raise UnknownChangesError(f"git could not compare the commits ({said[0]}); is fetch-depth at least 2?")
    return done.stdout
