"""What a checkout held at a commit, without running anything of the repository.

Git runs programs that a repository names: `core.fsmonitor`, external diffs, text conversions, filters, hooks.  All of
these are named in the repository's own configuration or attributes.  So git never sees this repository: a bare one is
made in a scratch folder, borrows the objects of the checkout (`objects/info/alternates`) and reads those.  No
configuration but that of the scratch repository is read, no work tree, no index and no hook exists, and the
environment is scrubbed.  What remains is git's own parser of objects, which reads what was fetched.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from codeguard.errors import UsageError

SECONDS = 60
_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
_SHORT = re.compile(r"[0-9a-f]{7,64}")
_NAME = re.compile(r"(?P<name>[^~^:?*\[\\\s][^~^:?*\[\\\s]*)(?P<steps>(?:[~^]\d*)*)")
_SPACES = ("", "refs/", "refs/tags/", "refs/heads/", "refs/remotes/")  # gitrevisions(7), in its order


class UnknownChangesError(UsageError):
    """What changed cannot be said; the text says why, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class History:
    """The commits of a checkout: `top` is its absolute folder."""

    top: Path
    _refs: Path
    _git: str
    _scratch: Path
    _environment: Mapping[str, str]

    def commit(self, name: str) -> str:
        """The full id of a commit named by id, branch, tag or `HEAD`, with `~2` or `^` after it.

        Raises UnknownChangesError where there is none.
        """
        match = _NAME.fullmatch(name)
        if match is None or name.startswith("-") or ".." in name:
            raise UnknownChangesError(f"{name!r} is no name of a commit")
        start = self._resolved(match["name"])
        found = self._run(
            ["rev-parse", "--verify", "--quiet", "--end-of-options", f"{start}{match['steps']}^{{commit}}"]
        )
        return found.decode("ascii").strip()

    def head(self) -> str:
        """The commit that is checked out."""
        found = self._resolved("HEAD")
        if not _HASH.fullmatch(found):
            raise UnknownChangesError("the workspace has no commit checked out")
        return found

    def first_parent(self, commit: str) -> str | None:
        """The first parent of a merge; None for any other commit, or where it was not fetched."""
        header = self._run(["cat-file", "commit", commit]).partition(b"\n\n")[0]
        parents = [line[7:].decode("ascii", "replace") for line in header.split(b"\n") if line.startswith(b"parent ")]
        if len(parents) < 2 or not _HASH.fullmatch(parents[0]):
            return None
        try:
            self._run(["cat-file", "-e", f"{parents[0]}^{{tree}}"])
        except UnknownChangesError:
            return None
        return parents[0]

    def changed(self, start: str, end: str) -> tuple[str, ...]:
        """The paths of the files that `end` adds to or changes in `start`."""
        output = self._run(
            ["diff-tree", "-r", "-z", "--name-only", "--diff-filter=d", "--no-renames", "--no-ext-diff",
             "--no-textconv", "--ignore-submodules=all", f"{start}^{{tree}}", f"{end}^{{tree}}", "--"],
        )  # fmt: skip
        return tuple(os.fsdecode(name) for name in output.split(b"\0") if name)

    def contents(self, commit: str, paths: Iterable[str]) -> dict[str, bytes]:
        """The bytes of the files among `paths` (relative to `top`) that the commit holds."""
        wanted = set(paths)
        listed = self._run(["ls-tree", "-r", "-z", "--full-tree", commit])
        blobs: dict[str, str] = {}
        for row in listed.split(b"\0"):
            about, _, name = row.partition(b"\t")
            path = os.fsdecode(name)
            if path in wanted and b" blob " in about:
                blobs[path] = about.split(b" ")[2].decode("ascii")
        order = list(blobs.items())
        output = self._run(["cat-file", "--batch"], "".join(f"{blob}\n" for _, blob in order).encode())
        found: dict[str, bytes] = {}
        at = 0
        for path, _ in order:
            end = output.index(b"\n", at)
            size = int(output[at:end].split(b" ")[2])
            found[path] = output[end + 1 : end + 1 + size]
            at = end + size + 2
        return found

    def _resolved(self, name: str) -> str:
        for space in _SPACES:
            ref = f"{space}{name}"
            if space or name == "HEAD" or name.startswith("refs/"):
                found = self._ref(ref)
                if found:
                    return found
        if _SHORT.fullmatch(name):
            return name
        raise UnknownChangesError(f"the checkout has no commit, branch or tag {name!r}")

    def _ref(self, ref: str, hops: int = 0) -> str:
        """The commit that a ref names, from the files of `.git` themselves; empty where there is none."""
        if ".." in ref.split("/") or "\0" in ref or hops > 5:
            return ""
        for folder in (self._refs, _shared(self._refs)):
            loose = folder / ref
            if loose.is_file():
                said = loose.read_text("ascii", "replace").strip()
                return self._ref(said[5:].strip(), hops + 1) if said.startswith("ref: ") else said
        packed = _shared(self._refs) / "packed-refs"
        if packed.is_file():
            for line in packed.read_text("utf-8", "replace").splitlines():
                commit, _, name = line.partition(" ")
                if name == ref:
                    return commit
        return ""

    def _run(self, arguments: list[str], given: bytes = b"") -> bytes:
        return _run(self._git, arguments, self._scratch, self._environment, given)


@contextmanager
def history(folder: Path) -> Iterator[History]:
    """The history of the checkout that `folder` lies in; a scratch repository exists as long as this is open.

    Raises UnknownChangesError where there is no checkout, or no git.
    """
    place = folder.resolve()
    top = next((p for p in (place, *place.parents) if (p / ".git").exists()), None)
    if top is None:
        raise UnknownChangesError("the workspace is no git checkout")
    git = _installed()
    with tempfile.TemporaryDirectory(prefix="codeguard-git-") as made:
        scratch = Path(made)
        environment = _environment(scratch)
        try:
            refs = _folder(top / ".git")
            objects = (_shared(refs) / "objects").resolve(strict=True)
            head = (refs / "HEAD").read_text("ascii", "replace")
        except (OSError, ValueError) as error:
            raise UnknownChangesError("the workspace is no git checkout") from error
        form = "sha256" if re.fullmatch(r"[0-9a-f]{64}\s*", head) else _format(refs)
        _run(git, ["init", "--quiet", "--bare", "--template=", f"--object-format={form}", "."], scratch, environment)
        (scratch / "objects" / "info").mkdir(parents=True, exist_ok=True)
        (scratch / "objects" / "info" / "alternates").write_bytes(os.fsencode(objects) + b"\n")
        yield History(top, refs, git, scratch, environment)


def _folder(place: Path) -> Path:
    """The repository's own folder: `.git`, or what a linked work tree's `.git` file names."""
    if place.is_dir():
        return place
    said = place.read_text("utf-8").strip()
    if not said.startswith("gitdir: "):
        raise ValueError("no repository")
    return (place.parent / said[8:]).resolve()


def _shared(refs: Path) -> Path:
    """The folder that linked work trees share."""
    common = refs / "commondir"
    return (refs / common.read_text("utf-8").strip()).resolve() if common.is_file() else refs


def _format(refs: Path) -> str:
    """The hash that a repository uses; git says it in the configuration, of which nothing else is read."""
    try:
        said = (_shared(refs) / "config").read_text("utf-8", "replace")
    except OSError:
        return "sha1"
    return "sha256" if re.search(r"^\s*objectformat\s*=\s*sha256\s*$", said, re.IGNORECASE | re.MULTILINE) else "sha1"


def _installed() -> str:
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


def _run(git: str, arguments: list[str], folder: Path, environment: Mapping[str, str], given: bytes = b"") -> bytes:
    command = [git, "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "diff.external=", *arguments]
    try:
        # codeguard: ignore[CGS201] an argument list without a shell; `git` is an absolute path of ours
        done = subprocess.run(
            command, cwd=folder, env=dict(environment), input=given, capture_output=True, timeout=SECONDS, check=False
        )
    except (OSError, subprocess.SubprocessError) as error:
        raise UnknownChangesError(f"git could not be run ({error})") from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines() or ["no such commit"]
        raise UnknownChangesError(f"git could not compare the commits ({said[0]}); is fetch-depth at least 2?")
    return done.stdout
