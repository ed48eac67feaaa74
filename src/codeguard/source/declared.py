"""What a project says of itself: the modules that its files provide, and the distributions that it declares.

Everything is read as text; nothing is imported, run or downloaded.  A scan asks once (`look`), before its engines
start, and every check may ask the answer (`Unit.project`).  Folders are listed and declarations read from the scanned
files' folders up to the top of the project, so that a single file scanned out of a project knows its siblings.  Names
that lie there count whether or not they are scanned.  Reads are bounded in number and size, no link is followed, and
what cannot be read is a failure that ends nothing: then `Project.unknown` says that there may be more than is told.
"""

# ruff: noqa: PTH118, PTH120 - names of any bytes stay the strings that the system gave

from __future__ import annotations

import errno
import os
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from codeguard.model import Failure, FailureKind
from codeguard.source.declarations import Declared, UnreadableError, is_declaration, normal_name, read_declarations
from codeguard.source.model import ENGINE
from codeguard.source.read import ChangedError, NotRegularError, read_regular

MAX_FOLDERS = 20_000
MAX_ENTRIES = 400_000
MAX_FILES = 200
MAX_BYTES = 8 * 1024 * 1024
MAX_ABOVE = 12  # folders that are climbed in search of the project's top
TOP_MARKS = frozenset((".git", ".hg", "pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "uv.lock", "poetry.lock"))
REPOSITORY_MARKS = frozenset((".git", ".hg"))
SOURCE_ROOTS = frozenset(("src", "lib", "python"))
_VENVS = frozenset((".venv", "venv", ".env", "env"))
# What makes an importable module of the file's stem, at once or once it is built.
# fmt: off
_MODULE_SUFFIXES = frozenset((
    ".py", ".pyi", ".pyw", ".pyc", ".pyx", ".pxd", ".so", ".pyd", ".dylib", ".ipynb",
    ".c", ".cc", ".cpp", ".cxx", ".pyf", ".f90", ".in", ".j2", ".jinja2", ".tmpl",
))
# fmt: on


@dataclass(frozen=True, slots=True)
class Project:
    """What is known of the project around the scanned files; the empty one, of a snippet that stands alone.

    `root` is the scan's root (absolute).  `folders` has the importable names in each listed folder, by its path
    relative to `root` ("" for the root itself, `..` above it), `local` those of all of them.  `distributions` are what
    people declared, normalised (PEP 503), with their version constraints ("" for any); `locked` are exact versions out
    of lock files.  `installed` are the top-level names in the project's own virtual environment.  `names` are the
    project's own distributions; `provided` the import names that it says it builds.  `requires_python` is the
    constraint as written, `python` the lowest and the highest minor version that it admits (None for no bound).
    `unknown` says why more may be declared than is told here; empty where all was read.
    """

    root: str = ""
    folders: Mapping[str, frozenset[str]] = field(default_factory=dict)
    distributions: Mapping[str, str] = field(default_factory=dict)
    locked: Mapping[str, str] = field(default_factory=dict)
    installed: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()
    provided: frozenset[str] = frozenset()
    requires_python: str = ""
    python: tuple[tuple[int, int] | None, tuple[int, int] | None] = (None, None)
    unknown: tuple[str, ...] = ()
    local: frozenset[str] = frozenset()

    @property
    def declares_anything(self) -> bool:
        """True where there is a declaration of any kind: the code belongs to a project that says what it uses."""
        return bool(self.distributions or self.locked or self.names or self.unknown)

    def declares(self, distribution: str) -> bool:
        """True for a distribution that is declared or locked, or is the project itself, however it is spelt."""
        name = normal_name(distribution)
        return name in self.distributions or name in self.locked or name in self.names

    def is_local(self, name: str) -> bool:
        """True where a top-level import name could be a module or folder of this project, anywhere in it."""
        return name in self.local

    def shadows(self, name: str, path: str) -> bool:
        """True where, for code in the file `path`, a top-level name is a module beside it, or in a folder above it.

        Narrower than `is_local`, and meant for names that are also those of libraries.
        """
        folder = posixpath.dirname(path)
        while True:
            if name in self.folders.get(folder, ()):
                return True
            for source in SOURCE_ROOTS:
                if name in self.folders.get(posixpath.join(folder, source), ()):
                    return True
            above = _above(folder)
            if above not in self.folders:
                return name in self.provided
            folder = above

    def names_in(self, folder: str) -> frozenset[str] | None:
        """The importable names in a folder (relative to `root`); None where it was not listed."""
        return self.folders.get(_tidy(folder))


EMPTY = Project()


def look(root: str, paths: Iterable[str], python: tuple[int, int] | None = None) -> tuple[Project, tuple[Failure, ...]]:
    """The project around files (relative to `root`, an absolute folder), and what of it could not be read.

    `python` is the version that the code is written for where the user says so; it beats what the project says.
    """
    reading = _Reading(root)
    for path in paths:
        reading.climb(posixpath.dirname(path))
    reading.climb("")
    for folder in _folders_above(root):
        reading.list_folder(folder)
    reading.members()
    reading.declarations()
    return reading.project(python), tuple(reading.failures)


def _folders_above(root: str) -> list[str]:
    """The folders above `root` up to the top of its project, as `..` and so on; none where there is no project."""
    above: list[str] = []
    folder, place = root, ""
    top = 0
    for _ in range(MAX_ABOVE):
        if _has_mark(folder, REPOSITORY_MARKS):
            return above
        parent = os.path.dirname(folder)
        if parent == folder:
            break
        folder, place = parent, _above(place)
        above.append(place)
        if _has_mark(folder, TOP_MARKS):
            top = len(above)
    # Without a repository, the highest folder that looks like a project is its top.
    return above[:top]


def _has_mark(folder: str, marks: frozenset[str]) -> bool:
    return any(os.path.lexists(f"{folder}/{mark}") for mark in marks)


class _Reading:
    """The work of one `look`."""

    def __init__(self, root: str) -> None:
        self.root = root
        self.folders: dict[str, frozenset[str]] = {}
        self.failures: list[Failure] = []
        self._files: dict[str, None] = {}  # declarations to read, in the order in which they were met
        self._read: set[str] = set()
        self._entries = 0
        self._venvs: list[str] = []
        self._declared = Declared()
        self._members: list[tuple[str, str]] = []

    def climb(self, folder: str) -> None:
        """List a folder and those above it, up to the root."""
        while folder not in self.folders:
            self.list_folder(folder)
            above = posixpath.dirname(folder)
            if above == folder:
                return
            folder = above

    def list_folder(self, folder: str) -> None:
        """List one folder, and those in it that usually are source roots."""
        if folder in self.folders:
            return
        if len(self.folders) >= MAX_FOLDERS or self._entries >= MAX_ENTRIES:
            self._declared.unknown.add("the project has more folders than are looked at")
            return
        names: set[str] = set()
        self.folders[folder] = frozenset()
        inner: list[str] = []
        try:
            with os.scandir(self._place(folder)) as listing:
                for entry in listing:
                    self._entries += 1
                    if self._entries >= MAX_ENTRIES:
                        self._declared.unknown.add("the project has more files than are looked at")
                        return  # half a listing would make what lies in the other half look missing
                    if entry.is_dir(follow_symlinks=True):
                        names.add(entry.name)
                        if not entry.is_symlink() and entry.name in {*SOURCE_ROOTS, *_VENVS, "requirements"}:
                            inner.append(entry.name)
                    else:
                        names.update(_module_names(entry.name))
                        if is_declaration(entry.name):
                            self._files[posixpath.join(folder, entry.name)] = None
        except (OSError, ValueError):
            return  # a snippet's folder need not exist, nor be a name; what cannot be listed provides nothing
        self.folders[folder] = frozenset(names)
        for name in sorted(inner):
            below = posixpath.join(folder, name)
            if name in _VENVS:
                self._venvs.append(below)
            elif name == "requirements":
                found = sorted(name for name in self._entry_names(below) if name.endswith((".txt", ".in")))
                self._files.update(dict.fromkeys(posixpath.join(below, name) for name in found))
            elif posixpath.basename(folder) not in SOURCE_ROOTS:
                self.list_folder(below)

    def members(self) -> None:
        """Read the `pyproject.toml` files first: workspaces name folders that belong to the project."""
        for path in [path for path in self._files if posixpath.basename(path) == "pyproject.toml"]:
            self._take(path)
        for folder, pattern in self._members:
            for member in self._matching(folder, pattern):
                self.list_folder(member)

    def _matching(self, folder: str, pattern: str) -> Iterator[str]:
        """The folders below `folder` that a workspace's pattern (`packages/*`) names, none outside of it."""
        found = [folder]
        for part in pattern.strip("/").split("/")[:4]:
            if part in {"", "."}:
                continue
            if part == ".." or part.startswith("**"):
                return
            if not any(c in part for c in "*?["):
                found = [posixpath.join(above, part) for above in found]
                continue
            matches = re.compile(re.escape(part).replace(r"\*", ".*").replace(r"\?", ".")).fullmatch
            found = [
                posixpath.join(above, name) for above in found for name in self._subfolders(above) if matches(name)
            ]
        yield from found[:1000]

    def _subfolders(self, folder: str) -> Iterator[str]:
        try:
            with os.scandir(self._place(folder)) as listing:
                yield from sorted(entry.name for entry in listing if entry.is_dir(follow_symlinks=False))
        except OSError:
            return

    def _entry_names(self, folder: str) -> list[str]:
        try:
            with os.scandir(self._place(folder)) as listing:
                return [entry.name for entry in listing]
        except OSError:
            return []

    def declarations(self) -> None:
        """Read every declaration that was met, and those that they name."""
        pending = list(self._files)
        while pending:
            pending = [path for path in pending if path not in self._read]
            if not pending:
                return
            pending += self._take(pending.pop(0))

    def _take(self, path: str) -> list[str]:
        """Read one declaration; the paths of those that it includes."""
        if path in self._read:
            return []
        if len(self._read) >= MAX_FILES:
            self._declared.unknown.add(f"only the first {MAX_FILES} declarations are read")
            return []
        self._read.add(path)
        try:
            data = read_regular(self._place(path), MAX_BYTES)
            if data is None:
                raise UnreadableError(f"larger than {MAX_BYTES:,} bytes", FailureKind.TOO_LARGE)  # noqa: TRY301 - one place tells all
            declared = read_declarations(posixpath.basename(path), data)
        except UnreadableError as error:
            self._fail(path, error.kind, str(error))
            return []
        except (NotRegularError, ChangedError) as error:
            self._fail(path, FailureKind.UNREADABLE, str(error))
            return []
        except OSError as error:
            why = "a symbolic link" if error.errno == errno.ELOOP else error.strerror
            self._fail(path, FailureKind.UNREADABLE, f"could not be read: {why}")
            return []
        self._declared.add(declared)
        folder = posixpath.dirname(path)
        self._members += [(folder, pattern) for pattern in declared.members]
        return [near for name in sorted(declared.includes) if (near := self._included(folder, name)) is not None]

    def _included(self, folder: str, name: str) -> str | None:
        """The path of a file that a declaration names, where it lies in the project, not by way of a link."""
        path = _tidy(posixpath.join(folder, name))
        real = os.path.realpath(os.path.dirname(self._place(path)))
        top = self._top()
        if posixpath.isabs(name) or not (real == top or real.startswith(top.rstrip("/") + "/")):
            self._declared.unknown.add(f"{posixpath.basename(name)} lies outside of the project")
            return None
        return path

    def _top(self) -> str:
        return os.path.realpath(os.path.join(self.root, max((f for f in self.folders if f[:2] == ".."), default="")))

    def _fail(self, path: str, kind: FailureKind, why: str) -> None:
        self._declared.unknown.add(f"{path}: {why}")
        detail = f"what the project declares in it is not known: {why}"
        self.failures.append(Failure(path, ENGINE, kind, detail, fatal=False))

    def _installed(self) -> frozenset[str]:
        """The top-level names in the virtual environments that were met."""
        names: set[str] = set()
        for venv in self._venvs[:4]:
            if not os.path.lexists(f"{self._place(venv)}/pyvenv.cfg"):
                continue
            for python in ("Lib", *(f"lib/{name}" for name in self._subfolders(f"{venv}/lib"))):
                for name in self._entry_names(f"{venv}/{python}/site-packages"):
                    names.update(_module_names(name) or ({name} if name.isidentifier() else ()))
        return frozenset(names)

    def project(self, python: tuple[int, int] | None) -> Project:
        """All that was read, as plain data."""
        declared = self._declared
        own = frozenset(normal_name(name) for name in declared.names)
        provided = {*declared.provides, *(name.replace("-", "_") for name in own)}
        return Project(
            root=self.root,
            folders=self.folders,
            distributions=declared.distributions,
            locked=declared.locked,
            installed=self._installed(),
            names=own,
            provided=frozenset(provided),
            requires_python=declared.requires_python,
            python=(python, python) if python else declared.python(),
            unknown=tuple(sorted(declared.unknown)),
            local=frozenset().union(provided, *self.folders.values()),
        )

    def _place(self, path: str) -> str:
        return os.path.join(self.root, path) if path else self.root


def _module_names(file: str) -> set[str]:
    """The module names that a file provides: its stem (`_speedups.cpython-311.so` too), and what `.proto` becomes."""
    stem, _, rest = file.partition(".")
    suffix = "." + rest.rpartition(".")[2]
    if suffix == ".proto":
        return {f"{stem}_pb2", f"{stem}_pb2_grpc"}
    return {stem} if stem.isidentifier() and suffix in _MODULE_SUFFIXES else set()


def _above(folder: str) -> str:
    return _tidy(posixpath.join(folder, ".."))


def _tidy(path: str) -> str:
    tidy = posixpath.normpath(path) if path else ""
    return "" if tidy == "." else tidy
