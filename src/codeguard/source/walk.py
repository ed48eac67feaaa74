"""The walk of one discovery: folders listed without following links, every entry taken, recorded or counted.

What the rules are and why is told in `discover`.
"""

# ruff: noqa: PTH112, PTH114, PTH116, PTH119, PTH120, PTH122 - names of any bytes stay the strings that the system gave

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from codeguard.errors import UsageError
from codeguard.model import Failure, FailureKind, FileRecord, FileStatus, Ignored
from codeguard.source.gitignore import IgnoreRules, load_rules
from codeguard.source.model import ENGINE, MAX_ARCHIVE, Discovery, Found, Options, is_archive
from codeguard.source.read import kind_of, read_head, too_large

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")
# fmt: off
TOOL_FOLDERS = frozenset((
    ".git", ".hg", ".svn", ".tox", ".nox", ".eggs", "__pycache__", "node_modules",
    ".mypy_cache", ".ruff_cache", ".pytest_cache",
))
# fmt: on
_VENV_NAMES = frozenset((".venv", "venv", ".env", "env"))
NOT_READ = {
    ".ipynb": "notebooks are not read yet",
    ".pth": "path configuration files are not read yet",
    ".pyx": "Cython is not read",
    ".pxd": "Cython is not read",
    ".pxi": "Cython is not read",
}
SHEBANG = re.compile(rb"#![^\n]*(?:\bi?python|\bpypy|\buv run\b|\bpipx run\b)")
SHEBANG_BYTES = 128


@dataclass(frozen=True, slots=True)
class Named:
    """A path that the user named: where it is, and the same with links resolved, which is what is opened."""

    place: str
    real: str
    status: os.stat_result
    is_link: bool

    @property
    def is_folder(self) -> bool:
        """True where it is, or leads to, a folder."""
        return stat.S_ISDIR(self.status.st_mode)


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder to list: real path, what precedes its entries' names in reports, the ignore rules, innermost first."""

    real: str
    prefix: str
    rules: tuple[IgnoreRules, ...]
    named: bool
    in_venv: bool


def below(path: str, folder: str) -> bool:
    """True where an absolute path is the folder or in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


@dataclass(slots=True)
class Walk:
    """One discovery: `tops` are the real paths of the folders that links may lead into."""

    root: str
    options: Options
    tops: tuple[str, ...]
    _excludes: IgnoreRules = field(init=False)
    _files: dict[str, Found] = field(default_factory=dict)  # by real path
    _links: set[tuple[str, str]] = field(default_factory=set)  # path in reports, real path of the file
    _records: dict[str, FileRecord] = field(default_factory=dict)  # by path in reports
    _failures: list[Failure] = field(default_factory=list)
    _ignored_files: Counter[str] = field(default_factory=Counter)
    _ignored_folders: Counter[str] = field(default_factory=Counter)
    _listed: set[str] = field(default_factory=set)  # real paths of folders

    def __post_init__(self) -> None:
        try:
            self._excludes = IgnoreRules("", "\n".join(self.options.exclude))
        except ValueError as error:
            raise UsageError(f"exclude patterns: {error}") from error

    def file(self, argument: Named) -> None:
        """Take a file that the user named."""
        path = self._path(argument.place)
        if not stat.S_ISREG(argument.status.st_mode):
            self._refuse(path, f"not a regular file, but a {kind_of(argument.status.st_mode)}", fatal=True)
        elif reason := NOT_READ.get(_suffix(path)):
            self._refuse(path, reason, FailureKind.NOT_SCANNED, fatal=True)
        elif argument.is_link:
            self._links.add((path, argument.real))
        else:
            self._take(path, argument.real, argument.status)

    def folder(self, argument: Named) -> None:
        """Walk a folder that the user named."""
        path = self._path(argument.place)
        rules = _rules_above(argument.real) if self.options.respect_gitignore else ()
        pending = [_Folder(argument.real, f"{path}/" if path else "", rules, named=True, in_venv=False)]
        while pending:
            folder = pending.pop()
            if folder.real not in self._listed:
                self._listed.add(folder.real)
                pending.extend(self._list(folder))

    def result(self) -> Discovery:
        """What was found; to be asked for once, at the end."""
        self._settle_links()
        files = sorted(self._files.values(), key=lambda found: found.path)
        limit = self.options.max_files
        for found in files[limit:]:
            self._records[found.path] = FileRecord(
                found.path, FileStatus.SKIPPED, f"beyond the limit of {limit:,} files", size=found.size
            )
        if len(files) > limit:
            detail = f"{len(files):,} files found, only the first {limit:,} are scanned"
            self._failures.append(Failure(None, ENGINE, FailureKind.LIMIT, detail))
        if not files and not self._records:
            left_out = f"{self._ignored_files.total()} files and {self._ignored_folders.total()} folders are ignored"
            detail = f"there is no Python file to scan; {left_out}"
            self._failures.append(Failure(None, ENGINE, FailureKind.NOT_SCANNED, detail, fatal=False))
        reasons = sorted({*self._ignored_files, *self._ignored_folders})
        return Discovery(
            root=self.root,
            files=tuple(files[:limit]),
            records=tuple(self._records[path] for path in sorted(self._records)),
            failures=tuple(sorted(self._failures, key=lambda failure: failure.path or "")),
            ignored=tuple(Ignored(r, self._ignored_files[r], self._ignored_folders[r]) for r in reasons),
        )

    def _list(self, folder: _Folder) -> Iterator[_Folder]:
        """Settle every entry of a folder that is no folder; the folders to list next."""
        try:
            with os.scandir(folder.real) as listing:
                entries = sorted(listing, key=lambda entry: entry.name)
        except OSError as error:
            path = folder.prefix.rstrip("/") or "."
            self._fail(path, FailureKind.UNREADABLE, f"folder could not be read: {error.strerror}")
            return
        names = {entry.name for entry in entries}
        rules = self._rules_in(folder, names)
        in_venv = folder.in_venv or (not folder.named and "pyvenv.cfg" in names)
        for entry in entries:
            path = folder.prefix + entry.name
            try:
                if entry.is_symlink():
                    self._link(entry, path, rules)
                elif not entry.is_dir(follow_symlinks=False):
                    self._file(entry, path, rules)
                elif entry.path not in self._listed:
                    if reason := self._why_ignore_folder(entry, path, rules, in_venv=in_venv):
                        self._ignored_folders[reason] += 1
                    else:
                        yield _Folder(entry.path, f"{path}/", rules, named=False, in_venv=in_venv)
            except OSError as error:
                self._fail(path, FailureKind.CHANGED, f"changed while it was looked at: {error.strerror}")

    def _rules_in(self, folder: _Folder, names: set[str]) -> tuple[IgnoreRules, ...]:
        """The rules for a folder's entries: its own before those from above, where no repository starts here."""
        if not self.options.respect_gitignore:
            return ()
        rules = _repository_rules(folder.real) if ".git" in names else folder.rules
        own = load_rules(f"{folder.real}/.gitignore", folder.real) if ".gitignore" in names else None
        return (own, *rules) if own else rules

    def _why_ignore_folder(
        self, entry: os.DirEntry[str], path: str, rules: tuple[IgnoreRules, ...], *, in_venv: bool
    ) -> str:
        if self.options.default_excludes:
            if entry.name in TOOL_FOLDERS:
                return "folder of a tool"
            if entry.name in _VENV_NAMES and os.path.lexists(f"{entry.path}/pyvenv.cfg"):
                return "virtual environment"
            if entry.name == "site-packages" and in_venv:
                return "virtual environment"
        return self._why_ignore(entry, path, rules, folder=True)

    def _why_ignore(self, entry: os.DirEntry[str], path: str, rules: tuple[IgnoreRules, ...], *, folder: bool) -> str:
        """The reason to leave an entry out; empty to keep it."""
        if self._excludes.ignores(f"/{path}", entry.name, folder=folder):
            return "exclude pattern"
        for rule in rules:
            if (verdict := rule.ignores(entry.path, entry.name, folder=folder)) is not None:
                return ".gitignore" if verdict else ""
        return ""

    def _file(self, entry: os.DirEntry[str], path: str, rules: tuple[IgnoreRules, ...]) -> None:
        suffix = _suffix(entry.name)
        if suffix and suffix not in PYTHON_SUFFIXES and suffix not in NOT_READ:
            return
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(status.st_mode):
            self._fail(path, FailureKind.CHANGED, "replaced by a symbolic link while it was looked at")
            return
        regular = stat.S_ISREG(status.st_mode)
        if not suffix and not (regular and status.st_size and self._has_shebang(entry.path)):
            return
        if reason := self._why_ignore(entry, path, rules, folder=False):
            self._ignored_files[reason] += 1
        elif not regular:
            self._refuse(path, f"not a regular file, but a {kind_of(status.st_mode)}")
        elif suffix in NOT_READ:
            self._refuse(path, NOT_READ[suffix], FailureKind.NOT_SCANNED, status.st_size)
        else:
            self._take(path, entry.path, status)

    def _link(self, entry: os.DirEntry[str], path: str, rules: tuple[IgnoreRules, ...]) -> None:
        is_python = _suffix(entry.name) in PYTHON_SUFFIXES
        leads_to_folder = os.path.isdir(entry.path)
        if not is_python and not leads_to_folder:
            return
        if reason := self._why_ignore(entry, path, rules, folder=False):
            self._ignored_files[reason] += is_python and not leads_to_folder
            self._ignored_folders[reason] += leads_to_folder
            return
        try:
            real = os.path.realpath(entry.path, strict=True)
            mode = os.stat(real).st_mode
        except OSError:
            if not os.path.islink(entry.path):
                raise  # another file took the link's place
            self._refuse(path, "symbolic link that leads to nothing")
            return
        if not any(below(real, top) for top in self.tops):
            self._refuse(path, "symbolic link out of the scanned folders")
        elif stat.S_ISDIR(mode):
            self._ignored_folders["symbolic link to a folder of the same tree"] += 1
        elif stat.S_ISREG(mode):
            self._links.add((path, real))
        else:
            self._refuse(path, f"symbolic link to no regular file, but a {kind_of(mode)}")

    def _settle_links(self) -> None:
        """A link stands for its file, unless that is scanned under its own name or that of an earlier link."""
        for path, real in sorted(self._links):
            if real in self._files:
                reason = f"symbolic link to {self._files[real].path}, which is scanned itself"
                self._records[path] = FileRecord(path, FileStatus.SKIPPED, reason)
                continue
            try:
                status = os.stat(real, follow_symlinks=False)
            except OSError as error:
                self._fail(path, FailureKind.CHANGED, f"vanished while it was looked at: {error.strerror}")
            else:
                self._take(path, real, status)

    def _take(self, path: str, real: str, status: os.stat_result) -> None:
        limit = MAX_ARCHIVE if is_archive(path) else self.options.max_bytes
        if status.st_size > limit:
            result = too_large(path, status.st_size, limit)
            if path not in self._records and result.record and result.failure:
                self._records[path] = result.record
                self._failures.append(result.failure)
        elif real not in self._files:
            self._files[real] = Found(path, real, status.st_size, status.st_dev, status.st_ino)

    def _refuse(
        self, path: str, reason: str, kind: FailureKind = FailureKind.NOT_REGULAR, size: int = 0, *, fatal: bool = False
    ) -> None:
        """Record something that is not code we read; only where the user named it is the scan incomplete for it."""
        if path not in self._records:
            self._records[path] = FileRecord(path, FileStatus.SKIPPED, reason, size=size)
            self._failures.append(Failure(path, ENGINE, kind, reason, fatal=fatal))

    def _fail(self, path: str, kind: FailureKind, reason: str) -> None:
        self._records[path] = FileRecord(path, FileStatus.FAILED, reason)
        self._failures.append(Failure(path, ENGINE, kind, reason))

    def _has_shebang(self, file: str) -> bool:
        try:
            return SHEBANG.match(read_head(file, SHEBANG_BYTES)) is not None
        except OSError:
            self._ignored_files["no suffix and not readable"] += 1
            return False

    def _path(self, place: str) -> str:
        """An absolute path as reports show it."""
        return place[len(self.root.rstrip("/")) + 1 :]


def _suffix(path: str) -> str:
    """The suffix in lower case; that of a file named just `.py` is `.py`."""
    name = os.path.basename(path).lower()
    return name if name in PYTHON_SUFFIXES else os.path.splitext(name)[1]


def _rules_above(folder: str) -> tuple[IgnoreRules, ...]:
    """The rules that hold in a folder because of the Git work tree that it lies in; none where it lies in none."""
    above = []
    while not os.path.lexists(f"{folder}/.git"):
        parent = os.path.dirname(folder)
        if parent == folder:
            return ()
        folder = parent
        above.append(folder)
    loaded = [load_rules(f"{parent}/.gitignore", parent) for parent in above]
    return (*(rules for rules in loaded if rules), *(_repository_rules(folder) if above else ()))


def _repository_rules(folder: str) -> tuple[IgnoreRules, ...]:
    """What `.git/info/exclude` says; a `.git` file (a submodule's, a linked work tree's) is not followed elsewhere."""
    rules = load_rules(f"{folder}/.git/info/exclude", folder)
    return (rules,) if rules else ()
