"""The private copy of just the files to scan, which is all that foreign engines ever see.

Each file is UTF-8 without a BOM, lines end in `\\n`, and nothing else is there: no dot file, no tool's configuration,
no link.  A coding cookie that does not say UTF-8 is made illegible in place, for an engine that obeyed it would
misread the copy.  Lines and columns equal those of `Source.text`.

A copy keeps its name where that is harmless (letters, digits, `_`, `-` and `.` in every component), so that packages
and relative imports are still what they are.  Every other file, and every one whose name tools treat in a special way
(`_SKIPPED_FOLDERS`, `_STARTUP_MODULES`), is called `odd/000017.py`.  No two names differ by case only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from codeguard.errors import OutputError
from codeguard.source.decode import codec_of, find_cookie
from codeguard.source.model import Source

_PLAIN = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?<!\.)")
_ODD = "odd"
_MAX_COMPONENT = 200
_MAX_DEPTH = 40
_MAX_LENGTH = 1000
# Folders that Bandit, Ruff, ty or Semgrep leave out by default; in lower case.
_SKIPPED_FOLDERS = frozenset(
    ("__pycache__", "__pypackages__", "_build", "build", "buck-out", "cvs", "dist", "node_modules", "site-packages")
    + ("venv", "env", "vendor")
)
_SKIPPED_SUFFIX = ".egg"
# What an interpreter imports by itself when it starts where they are.
_STARTUP_MODULES = frozenset(("sitecustomize.py", "usercustomize.py"))


@dataclass(frozen=True, slots=True)
class StagedFile:
    """One file as engines see it.

    `name` is its POSIX path below the stage; `path` is the path that reports use; `text` is the decoded text, LF line
    ends, as written (UTF-8, no BOM) to the stage.  Line numbers of the two agree with `path`'s own.
    """

    name: str
    path: str
    text: str


@dataclass(frozen=True, slots=True)
class Stage:
    """The private copy of just the files to scan: `root` (absolute) holds them and nothing else."""

    root: Path
    files: tuple[StagedFile, ...]

    def by_name(self) -> dict[str, StagedFile]:
        """Staged name -> file."""
        return {f.name: f for f in self.files}


def build_stage(sources: Iterable[Source], folder: Path) -> Stage:
    """Write the sources, in their order, to an empty private folder, which the caller makes and removes.

    Raises `OutputError` where the copy cannot be written (full disk, no permission).
    """
    root = folder.resolve()
    names = _Names()
    made = {str(root)}
    staged = []
    for source in sources:
        file = StagedFile(names.name_for(source), source.path, _neutral(source.text))
        try:
            _write(f"{root}/{file.name}", file.text, made)
        except OSError as error:
            raise OutputError(
                f"the private copy of the files to scan could not be written: {error.strerror}"
            ) from error
        staged.append(file)
    return Stage(root, tuple(staged))


class _Names:
    """Names given so far, folded to lower case: those of files, and those of folders on the way to them."""

    def __init__(self) -> None:
        self._files: set[str] = set()
        self._folders: set[str] = set()
        self._count = 0

    def name_for(self, source: Source) -> str:
        self._count += 1
        name = _harmless_name(source.path)
        if name and self._claim(name):
            return name
        suffix = ".pyi" if source.is_stub else ".py"
        number = self._count
        while not self._claim(name := f"{_ODD}/{number:06}{suffix}"):
            number += 1_000_000  # the tree itself has such a file
        return name

    def _claim(self, name: str) -> bool:
        """Take a name, if no other file has it and no part of the way to it is a file."""
        folded = name.lower()
        folders = [folded[:at] for at, char in enumerate(folded) if char == "/"]
        if folded in self._files or folded in self._folders or not self._files.isdisjoint(folders):
            return False
        self._files.add(folded)
        self._folders.update(folders)
        return True


def _harmless_name(path: str) -> str:
    """The path as a staged name, with the suffix that engines read; empty where it has to be another one."""
    name = path if path.endswith((".py", ".pyi")) else f"{path}.py"
    components = name.split("/")
    if len(name) > _MAX_LENGTH or len(components) > _MAX_DEPTH:
        return ""
    for component in components:
        if len(component) > _MAX_COMPONENT or not _PLAIN.fullmatch(component):
            return ""
    folders = {component.lower() for component in components[:-1]}
    if folders & _SKIPPED_FOLDERS or any(component.endswith(_SKIPPED_SUFFIX) for component in folders):
        return ""
    return "" if components[-1].lower() in _STARTUP_MODULES else name


def _neutral(text: str) -> str:
    """The text with every coding cookie that would count, and does not name UTF-8, spelt so that it no longer does."""
    while (cookie := find_cookie(text)) and codec_of(cookie.name) != "utf-8":
        text = f"{text[: cookie.offset]}c0ding{text[cookie.offset + len('coding') :]}"
    return text


def _write(file: str, text: str, made: set[str]) -> None:
    folder = file.rpartition("/")[0]
    if folder not in made:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        made.add(folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(file, flags, 0o600), "wb") as copy:
        copy.write(text.encode("utf-8", "replace"))
