"""Where settings come from: `codeguard.toml`, `[tool.codeguard]` of `pyproject.toml`, and flags, which beat files.

A file is looked for in the start folder and upwards, the nearest wins, and the search ends at the top of a repository:
what lies above a checkout is not the project's.  Files are data that a stranger may have written: only regular files
of moderate size are read, and in an untrusted tree they can make the scan stricter, never weaker (`tighten`).
"""

from __future__ import annotations

import os
import stat
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeguard.config.model import Config, PathRule
from codeguard.config.settings import BY_KEY, SETTINGS, Setting, engine_names, plain
from codeguard.config.suggest import hint
from codeguard.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OWN_FILE = "codeguard.toml"
PROJECT_FILE = "pyproject.toml"
MAX_FILE_BYTES = 1024 * 1024
REPOSITORY_MARKS = (".git", ".hg")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value comes from; `str` of it is what `codeguard config` shows and errors start with."""

    kind: str  # "default", "file", "flag" or "untrusted"
    name: str = ""  # the flag, or the file as a person would write its path
    table: tuple[str, ...] = ()
    key: str = ""
    text: str = field(default="", repr=False)

    def __str__(self) -> str:
        if self.kind == "file":
            line = line_of(self.text, (*self.table, self.key))
            return f"{self.name}:{line}" if line else self.name
        return self.name or self.kind


@dataclass(frozen=True, slots=True)
class Loaded:
    """A scan's settings, the origin of each by its key, the file that was read, and what a person should be told."""

    config: Config
    origins: Mapping[str, Origin]
    file: Path | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """One configuration file: its text, and its settings as TOML gives them (the table named by `table`)."""

    path: Path
    text: str
    table: tuple[str, ...]
    settings: Mapping[str, Any]


def load(
    start: Path,
    flags: Mapping[str, Any] | None = None,
    *,
    config_file: Path | None = None,
    isolated: bool = False,
) -> Loaded:
    """The settings for a scan of `start` (a folder, or a file in it).

    `flags` holds values by key (`fail-on` or `fail_on`; None means not given), as TOML would write them, and the two
    that no file may hold: `trusted` and `no-engines`.  `config_file` is read instead of looking for one, `isolated`
    reads none.  Raises ConfigError where a flag or a file is wrong; a wrong file of an untrusted tree is a note.
    """
    given = {key.replace("_", "-"): value for key, value in (flags or {}).items() if value is not None}
    trusted = bool(given.pop("trusted", True))
    without = _read_flag("--no-engine", engine_names, given.pop("no-engines", ()))
    values = {key: _read_flag(_setting(key).flag, _setting(key).read, value) for key, value in given.items()}

    config = replace(Config(), trusted=trusted)
    origins = {setting.key: Origin("default") for setting in SETTINGS}
    if not trusted:
        # A tracked file can be named in the tree's own .gitignore: there it must not hide anything.
        config = BY_KEY["respect-gitignore"].put(config, value=False)
        origins["respect-gitignore"] = Origin("untrusted", "--untrusted")
    for key, value in values.items():
        config = BY_KEY[key].put(config, value)
        origins[key] = Origin("flag", BY_KEY[key].flag)
    if "exclude" in values:
        config = replace(config, files=replace(config.files, base=str(Path.cwd())))
    if "environment" in values:
        config = _environment_below(Path.cwd(), config)

    notes: list[str] = []
    path: Path | None = None
    if not isolated:
        inside = not trusted and (config_file is None or _is_inside(config_file, start))
        try:
            found = _named(config_file) if config_file is not None else _discover(start, notes)
            if found is not None:
                settings = {key: value for key, value in _typed(found).items() if key not in values}
                path = found.path
                if "per-path" in settings:
                    settings["per-path"] = tuple(_below_flags(rule, values) for rule in settings["per-path"])
                config, taken = _applied(config, found, settings, notes, inside=inside)
                origins |= {key: Origin("file", _shown(path), found.table, key, found.text) for key in taken}
        except ConfigError as error:
            if not inside:
                raise
            notes.append(f"{error}; the file is not read, because the tree is untrusted")

    if without:
        config = replace(config, engines=config.engines - without)
        origins["engines"] = Origin("flag", "--no-engine")
        if not config.engines:
            raise ConfigError("--no-engine leaves no engine to scan with")
    return Loaded(config, origins, path, tuple(notes))


@dataclass(frozen=True, slots=True)
class Tightened:
    """What is left of an untrusted tree's wishes: the keys that were heard, and those that were refused."""

    config: Config
    taken: tuple[str, ...]
    refused: tuple[str, ...]


def tighten(base: Config, found: Mapping[str, Any]) -> Tightened:
    """`base` made stricter by `found` (typed values by key), never weaker.

    Stricter is: a louder profile, a lower severity or confidence floor, more selected rules, more engines, fewer
    suppressions, fewer ignored files, a lower `fail-on`.  All else (ignored rules, excluded files, per-path rules,
    limits, the target version) is refused, because it could hide a file or a finding.
    """
    config, taken, refused = base, [], []
    for key, value in found.items():
        setting = BY_KEY[key]
        before = setting.get(config)
        after = before if setting.stricter is None else setting.stricter(before, value)
        if after != before:
            config = setting.put(config, after)
            taken.append(key)
        elif value != before:
            refused.append(key)
    return Tightened(config, tuple(taken), tuple(refused))


def start_of(paths: Sequence[Path | str]) -> Path:
    """The folder that configuration is looked for from: the deepest one that holds all of `paths` (absolute)."""
    folders = []
    for path in paths or (Path.cwd(),):
        whole = Path(os.path.abspath(path))  # noqa: PTH100 - `resolve` would follow a link out of the project
        folders.append(_folder(whole))
    return Path(os.path.commonpath(folders))


def _applied(
    config: Config, found: Found, settings: Mapping[str, Any], notes: list[str], *, inside: bool
) -> tuple[Config, Sequence[str]]:
    """`config` with a file's `settings`, and the keys that came to count."""
    if inside:
        tightened = tighten(config, settings)
        if tightened.refused:
            notes.append(f"{_shown(found.path)}: {', '.join(tightened.refused)} not heeded: the tree is untrusted")
        return tightened.config, tightened.taken
    for key, value in settings.items():
        config = BY_KEY[key].put(config, value)
    folder = str(found.path.parent)
    if "exclude" in settings:
        config = replace(config, files=replace(config.files, base=folder))
    if "per-path" in settings:
        config = replace(config, selection=replace(config.selection, base=folder))
    if "environment" in settings:
        config = _environment_below(found.path.parent, config)
    return config, tuple(settings)


def _environment_below(folder: Path, config: Config) -> Config:
    """`config` with its environment's path, which is relative to `folder`, made absolute."""
    if config.environment == "none":
        return config
    return replace(config, environment=os.path.join(folder, config.environment))  # noqa: PTH118 - it stays a string


def _below_flags(rule: PathRule, flags: Mapping[str, Any]) -> PathRule:
    """A per-path rule as far as the flags leave room: a flag for the whole scan beats what a file says of a part."""
    ignore = rule.ignore
    if rule.select and "select" not in flags:
        ignore += flags.get("ignore", ())  # a select that starts afresh must not forget the flag
    return replace(
        rule,
        select=() if "select" in flags else rule.select,
        ignore=ignore,
        severity=None if "severity" in flags else rule.severity,
        confidence=None if "confidence" in flags else rule.confidence,
    )


def _setting(key: str) -> Setting:
    if key not in BY_KEY:
        raise ConfigError(f"unknown setting {key!r}{hint(key, BY_KEY)}")
    return BY_KEY[key]


def _read_flag(flag: str, read: Any, value: Any) -> Any:
    try:
        return read(value)
    except ValueError as error:
        raise ConfigError(f"{flag} {error}") from None


def _typed(found: Found) -> dict[str, Any]:
    """The settings of a file, read and typed.  Raises ConfigError with file, line and near name."""
    values: dict[str, Any] = {}
    for key, value in found.settings.items():
        where = Origin("file", _shown(found.path), found.table, key, found.text)
        if key not in BY_KEY:
            if not found.table and key == "tool":
                raise ConfigError(f"{where}: the settings of {OWN_FILE} stand at its top level, not below [tool]")
            raise ConfigError(f"{where}: unknown key {key!r}{hint(key, BY_KEY)}")
        try:
            values[key] = BY_KEY[key].read(value)
        except ValueError as error:
            raise ConfigError(f"{where}: {key} {error}") from None
    return values


def _discover(start: Path, notes: list[str]) -> Found | None:
    start = _folder(start)
    for folder in (start, *start.parents):
        own = _own(folder / OWN_FILE)
        if own is not None:
            if _project(folder / PROJECT_FILE) is not None:
                notes.append(f"{_shown(own.path)} is read, [tool.codeguard] of the {PROJECT_FILE} beside it is not")
            return own
        project = _project(folder / PROJECT_FILE)
        if project is not None:
            return project
        if any(os.path.lexists(folder / mark) for mark in REPOSITORY_MARKS):
            return None
    return None


def _named(path: Path) -> Found:
    whole = Path(os.path.abspath(path))  # noqa: PTH100 - the path as given is the one to show
    found = _project(whole) if whole.name == PROJECT_FILE else _own(whole)
    if found is None:
        exists = os.path.lexists(whole)
        raise ConfigError(f"{_shown(whole)} {'has no [tool.codeguard] table' if exists else 'does not exist'}")
    return found


def _own(path: Path) -> Found | None:
    data = _bytes(path)
    return None if data is None else Found(path, *_parsed(path, data, ()))


def _project(path: Path) -> Found | None:
    data = _bytes(path)
    # A pyproject.toml that never says the word is not ours to parse, nor to complain about.
    if data is None or b"codeguard" not in data:
        return None
    text, table, settings = _parsed(path, data, ("tool", "codeguard"))
    return None if settings is None else Found(path, text, table, settings)


def _bytes(path: Path) -> bytes | None:
    """The file's bytes, None where there is none.  A pipe is not waited for, a device not read."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        if not os.path.lexists(path):  # below a folder that may not be entered
            return None
        raise ConfigError(f"{_shown(path)} cannot be read: {error.strerror}") from None
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            raise ConfigError(f"{_shown(path)} is not a regular file")
        data = file.read(MAX_FILE_BYTES + 1)
    if len(data) > MAX_FILE_BYTES:
        raise ConfigError(f"{_shown(path)} is larger than {MAX_FILE_BYTES} bytes")
    return data


def _parsed(path: Path, data: bytes, table: tuple[str, ...]) -> Any:
    try:
        text = data.decode("utf-8-sig")
        settings: Any = _toml(text)
    except UnicodeDecodeError:
        raise ConfigError(f"{_shown(path)} is not UTF-8") from None
    except RecursionError:
        raise ConfigError(f"{_shown(path)} is nested too deeply") from None
    except ValueError as error:
        raise ConfigError(f"{_shown(path)} is not valid TOML: {error}") from None
    for name in table:
        settings = settings.get(name) if isinstance(settings, dict) else None
    if settings is not None and not isinstance(settings, dict):
        raise ConfigError(f"{_shown(path)}: {'.'.join(table)} must be a table")
    return text, table, settings


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - 14 ms that a scan without a file does not pay
    else:
        import tomli as tomllib  # noqa: PLC0415
    return tomllib.loads(text)


def line_of(text: str, keys: tuple[str, ...], *, tries: int = 50) -> int | None:
    """The 1-based line of the statement that sets `keys` in a TOML text that parses, None where it cannot be said.

    TOML parsers give no positions.  A prefix of the text that ends before a statement parses too, so the last line
    that names the key and follows a prefix without it is where it is set.
    """
    lines = text.split("\n")
    line = None
    for number in [i for i, each in enumerate(lines) if keys[-1] in each][:tries]:
        try:
            data: Any = _toml("\n".join([*lines[:number], ""]))
        except (ValueError, RecursionError):
            continue
        for key in keys:
            data = data.get(key) if isinstance(data, dict) else None
        if data is not None:
            break
        line = number + 1
    return line


def _is_inside(path: Path, folder: Path) -> bool:
    return path.resolve().is_relative_to(_folder(folder).resolve())


def _folder(path: Path) -> Path:
    return path if os.path.isdir(path) else path.parent  # noqa: PTH112 - Path.is_dir raises below a closed folder


def _shown(path: Path) -> str:
    """The path as a person would write it: relative where it lies below the working directory."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def as_rows(loaded: Loaded) -> list[dict[str, Any]]:
    """Key, value (as TOML would write it) and origin of every setting, in a fixed order."""
    rows = []
    for setting in SETTINGS:
        value = setting.get(loaded.config)
        shown = "never" if setting.key == "fail-on" and value is None else plain(value)
        if setting.key == "python" and value is not None:
            shown = ".".join(map(str, value))
        rows.append({"key": setting.key, "value": shown, "origin": str(loaded.origins[setting.key])})
    rows.append({"key": "trusted", "value": loaded.config.trusted, "origin": _trust_origin(loaded.config)})
    return rows


def _trust_origin(config: Config) -> str:
    return "default" if config.trusted else "--untrusted"
