r"""The private copy of just the files to scan, which is all that foreign engines ever see.

Each file is UTF-8 without a BOM, lines end in `\n`, and nothing else is there: no dot file, no tool's configuration,
no link.  A coding cookie that does not say UTF-8 is made illegible in place, for an engine that obeyed it would
misread the copy; so are the comments that silence ty, which has no switch for them.  Lines and columns equal those of
`Source.text`.

Folders and files keep their names where these are harmless (letters, digits, `_`, `-`, `.`), so that packages and
relative imports still are what they were.  What is not so, what tools leave out by default (`_SKIPPED_FOLDERS`) and
what an interpreter would import by itself is called `odd_000017`, each where it stands; what lies too deep goes to one
folder.  No two names differ by case only.  A staged `typing.py` can still shadow the real module for a type checker,
and for an interpreter that is started in the stage without `-I`: start engines elsewhere.
"""

# ruff: noqa: PTH103 - thousands of small files are written; strings are twice as fast

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
_FLAT = "odd"  # for all that lies too deep
_MAX_COMPONENT = 200
_MAX_DEPTH = 40
_MAX_LENGTH = 1000
# Folders that Bandit, Ruff, ty or Semgrep leave out by default; in lower case.
# fmt: off
_SKIPPED_FOLDERS = frozenset((
    "__pycache__", "__pypackages__", "_build", "buck-out", "build", "cvs", "dist", "env", "node_modules",
    "site-packages", "vendor", "venv",
))
# fmt: on
_SKIPPED_SUFFIX = ".egg"
_TY_IGNORE = re.compile(r"(#[ \t]*)ty([ \t]*:[ \t]*ignore)")
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
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
        file = StagedFile(names.file(source), source.path, _neutral(source.text))
        try:
            _write(f"{root}/{file.name}", file.text, made)
        except OSError as error:
            raise OutputError(
                f"the private copy of the files to scan could not be written: {error.strerror}"
            ) from error
        staged.append(file)
    return Stage(root, tuple(staged))


class _Names:
    """Gives staged names; what is taken is kept in lower case, for file systems that fold it."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._folders = {"": ""}  # path of a folder -> what precedes its files' staged names
        self._count = 0

    def file(self, source: Source) -> str:
        folder, _, name = source.path.rpartition("/")
        if not name.endswith((".py", ".pyi")):
            name += ".py"
        harmless = _PLAIN.fullmatch(name) and len(name) <= _MAX_COMPONENT and name.lower() not in _STARTUP_MODULES
        return self._claim(self._folder(folder), name if harmless else "", ".pyi" if source.is_stub else ".py")

    def _folder(self, path: str) -> str:
        if path.count("/") >= _MAX_DEPTH or len(path) > _MAX_LENGTH:
            path = _FLAT
        if path not in self._folders:
            staged = ""
            for end in [at for at, char in enumerate(path) if char == "/"] + [len(path)]:
                name = path[:end].rpartition("/")[2]
                if path[:end] not in self._folders:
                    self._folders[path[:end]] = f"{self._claim(staged, name if _is_harmless_folder(name) else '')}/"
                staged = self._folders[path[:end]]
        return self._folders[path]

    def _claim(self, parent: str, wanted: str, suffix: str = "") -> str:
        """The wanted name below a parent, or an invented one where it is empty or taken."""
        name = wanted
        while not name or f"{parent}{name}".lower() in self._taken:
            self._count += 1
            name = f"odd_{self._count:06}{suffix}"
        self._taken.add(f"{parent}{name}".lower())
        return f"{parent}{name}"


def _is_harmless_folder(name: str) -> bool:
    return (
        _PLAIN.fullmatch(name) is not None
        and len(name) <= _MAX_COMPONENT
        and name.lower() not in _SKIPPED_FOLDERS
        and not name.lower().endswith(_SKIPPED_SUFFIX)
    )


def _neutral(text: str) -> str:
    """The text with every coding cookie that would count, and does not name UTF-8, spelt so that it no longer does.

    `ty: ignore` is spelt `t1: ignore`.
    """
    while (cookie := find_cookie(text)) and codec_of(cookie.name) != "utf-8":
        text = f"{text[: cookie.offset]}c0ding{text[cookie.offset + len('coding') :]}"
    return _TY_IGNORE.sub(r"\1t1\2", text) if "ty" in text else text


def _write(file: str, text: str, made: set[str]) -> None:
    folder = file.rpartition("/")[0]
    if folder not in made:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        made.add(folder)
    rest = memoryview(text.encode("utf-8", "replace"))
    # codeguard: ignore[CGS202] the name is one of ours, made harmless in `_Names`, in a private folder
    copy = os.open(file, _FLAGS, 0o600)
    try:
        while rest:
            rest = rest[os.write(copy, rest) :]
    finally:
        os.close(copy)
