"""One row a setting: how it is read, where it lives in `Config`, and what an untrusted tree may make of it.

Files, flags, `codeguard config`, the errors and the trust boundary all follow from this table, so a new setting is one
field in `model` and one row here.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from codeguard.config.globs import is_useless
from codeguard.config.model import ENGINES, Config, PathRule
from codeguard.config.suggest import hint
from codeguard.knowledge.standards import NAMES as STANDARDS
from codeguard.knowledge.standards import OFF
from codeguard.model import Confidence, Profile, Severity

if TYPE_CHECKING:
    import enum

Stricter = Callable[[Any, Any], Any]


@dataclass(frozen=True, slots=True)
class Setting:
    """`key` is its name in files, `at` the attribute of `Config` that holds it, `option` its flag if not `--key`.

    `read` takes what TOML or a flag gives and returns the typed value; it raises ValueError with the rest of the
    sentence "KEY ...".  `stricter(base, found)` is what remains when an untrusted tree asks for `found`: never weaker
    than `base`; None where an untrusted tree has no say.
    """

    key: str
    at: str
    read: Callable[[Any], Any]
    stricter: Stricter | None = None
    option: str = ""

    @property
    def flag(self) -> str:
        """What a person types."""
        return self.option or f"--{self.key}"

    def get(self, config: Config) -> Any:
        """Its value in `config`."""
        value: Any = config
        for name in self.at.split("."):
            value = getattr(value, name)
        return value

    def put(self, config: Config, value: Any) -> Config:
        """`config` with this value."""
        outer, _, inner = self.at.partition(".")
        if inner:
            value = dataclasses.replace(getattr(config, outer), **{inner: value})
        changes: dict[str, Any] = {outer: value}
        return dataclasses.replace(config, **changes)


def plain(value: Any) -> Any:
    """A setting's value as JSON and TOML would write it."""
    if isinstance(value, PathRule):
        row = {f.name: plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
        return {name: item for name, item in row.items() if item not in ([], None)}
    if isinstance(value, (Severity, Confidence, Profile)):
        return value.label
    if isinstance(value, frozenset):
        return sorted(value, key=ENGINES.index)
    if isinstance(value, tuple):
        return [plain(item) for item in value]
    return value


def _words(value: Any) -> tuple[str, ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value):
        raise ValueError("must be an array of strings")
    if not all(item.strip() for item in value):
        raise ValueError("holds an empty string")
    return tuple(item.strip() for item in value)


def _globs(value: Any) -> tuple[str, ...]:
    patterns = _words(value)
    for pattern in patterns:
        _glob(pattern)
    return patterns


def _glob(pattern: str) -> str:
    if is_useless(pattern):
        raise ValueError(f"holds {pattern!r}, a gitignore pattern that matches nothing")
    return pattern


def _member(kind: type[enum.IntEnum]) -> Callable[[Any], Any]:
    names = {member.name.lower(): member for member in kind}

    def read(value: Any) -> enum.IntEnum:
        if isinstance(value, kind):
            return value
        if not isinstance(value, str) or value.casefold() not in names:
            near = hint(value, names) if isinstance(value, str) else ""
            raise ValueError(f"must be one of {', '.join(names)}, not {value!r}{near}")
        return names[value.casefold()]

    return read


_severity = _member(Severity)
_confidence = _member(Confidence)


def _fail_on(value: Any) -> Severity | None:
    if isinstance(value, str) and value.casefold() == "never":
        return None
    try:
        severity: Severity = _severity(value)
    except ValueError as error:
        raise ValueError(str(error).replace("one of ", "never or one of ")) from None
    return severity


def _number(low: int, unit: str, *, whole: bool = True) -> Callable[[Any], Any]:
    kinds = (int,) if whole else (int, float)

    def read(value: Any) -> Any:
        if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value < float("inf"):
            raise ValueError(f"must be a {'whole ' if whole else ''}number of {unit}, at least {low}, not {value!r}")
        return value if whole else float(value)

    return read


def _boolean(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"must be true or false, not {value!r}")  # noqa: TRY004 - the reader's one kind of error
    return value


def engine_names(value: Any) -> frozenset[str]:
    """The named engines.  Raises ValueError for a name that is none."""
    names = _words(sorted(value) if isinstance(value, (set, frozenset)) else value)
    for name in names:
        if name not in ENGINES:
            raise ValueError(f"names {name!r}, which is no engine ({', '.join(ENGINES)}){hint(name, ENGINES)}")
    return frozenset(names)


def _engines(value: Any) -> frozenset[str]:
    names = engine_names(value)
    if not names:
        raise ValueError("names no engine")
    return names


def _standards(value: Any) -> tuple[str, ...]:
    names = _words([value] if isinstance(value, str) else value)
    for name in names:
        if name not in STANDARDS:
            raise ValueError(
                f"names {name!r}, which is no set of standards ({', '.join(STANDARDS)}){hint(name, STANDARDS)}"
            )
    if OFF in names and len(names) > 1:
        raise ValueError(f"says {OFF!r} and more")
    return names


def _more_standards(base: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    """What an untrusted tree may add: further sets, where there are some; `off` and a first set could hide rules."""
    return _both(base, tuple(name for name in found if name != OFF)) if base and base != (OFF,) else base


def _python(value: Any) -> tuple[int, int]:
    match = re.fullmatch(r"3\.(\d{1,2})", value) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'must be a Python version such as "3.10", not {value!r}')
    return (3, int(match[1]))


def _environment(value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'must be the folder of a virtual environment, or "none", not {value!r}')
    return value


PATH_KEYS: Mapping[str, Callable[[Any], Any]] = {
    "select": _words,
    "ignore": _words,
    "severity": _severity,
    "confidence": _confidence,
}


def _per_path(value: Any) -> tuple[PathRule, ...]:
    if isinstance(value, tuple) and all(isinstance(item, PathRule) for item in value):
        return value
    if not isinstance(value, dict):
        raise ValueError('must be a table of tables, such as [per-path."tests/**"]')  # noqa: TRY004
    rules = []
    for glob, table in value.items():
        if not isinstance(table, dict):
            raise ValueError(f"{glob!r} must be a table")  # noqa: TRY004
        if glob.startswith("!"):
            raise ValueError(f"{glob!r} must say which files are meant, not which are not")
        row: dict[str, Any] = {}
        for key, item in table.items():
            if key not in PATH_KEYS:
                raise ValueError(f"{glob!r} has an unknown key {key!r}{hint(key, PATH_KEYS)}")
            try:
                row[key] = PATH_KEYS[key](item)
            except ValueError as error:
                raise ValueError(f"{glob!r} {key} {error}") from None
        rules.append(PathRule(glob=_glob(glob), **row))
    return tuple(rules)


def _also_selected(base: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    return (base or ("all",)) + tuple(s for s in found if s not in base) if found else base


def _both(base: tuple[str, ...], found: tuple[str, ...]) -> tuple[str, ...]:
    return base + tuple(s for s in found if s not in base)


def _lower_failing(base: Severity | None, found: Severity | None) -> Severity | None:
    return base if found is None else found if base is None else min(base, found)


SETTINGS: tuple[Setting, ...] = (
    Setting("select", "selection.select", _words, _also_selected),
    Setting("ignore", "selection.ignore", _words),
    Setting("profile", "selection.profile", _member(Profile), max),
    Setting("standards", "selection.standards", _standards, _more_standards),
    Setting("severity", "selection.severity", _severity, min),
    Setting("confidence", "selection.confidence", _confidence, min),
    Setting("per-path", "selection.per_path", _per_path),
    Setting("exclude", "files.exclude", _globs),
    Setting("respect-gitignore", "files.respect_gitignore", _boolean, min),
    Setting("max-bytes", "files.max_bytes", _number(1, "bytes")),
    Setting("engines", "engines", _engines, frozenset.union, "--engine"),
    Setting("jobs", "jobs", _number(1, "workers")),
    Setting("time-limit", "time_limit", _number(1, "seconds a file", whole=False)),
    Setting("memory-limit", "memory_limit", _number(64, "MiB a worker")),
    Setting("engine-timeout", "engine_timeout", _number(1, "seconds", whole=False), option="--timeout"),
    Setting("suppressions", "suppress.honour", _boolean, min, "--no-suppressions"),
    Setting("never-suppress", "suppress.never", _words, _both),
    Setting("fail-on", "fail_on", _fail_on, _lower_failing),
    Setting("python", "python", _python),
    Setting("environment", "environment", _environment, option="--python"),
)
"""Every setting that a file may hold, in the order in which `codeguard config` shows them."""

BY_KEY: Mapping[str, Setting] = {setting.key: setting for setting in SETTINGS}
