"""Our Semgrep packs: YAML for people, compiled once into codeguard's rules and one line of JSON a rule for Semgrep.

Reading YAML costs seconds in Semgrep and tens of milliseconds here, so the compiled form is kept in the user's cache
under a key of the packs' bytes, Semgrep's version and `FORMAT`.  Reading it back imports no YAML library.  A cache
entry that is damaged, of another key or of another user is ignored and written again; without a writable cache each
start compiles.

A rule in a pack is a Semgrep rule whose `id` is the kebab-case name of the bad pattern and whose `metadata` holds what
codeguard's `Rule` needs; `_read_rule` says exactly what.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from codeguard.errors import CodeguardError
from codeguard.model import Category, Confidence, Profile, Rule, Severity

FORMAT = 1
"""Of a cache entry; to be raised with every change of `_dump` or of what `_read_rule` makes of a pack."""

KEPT_ENTRIES = 8
"""How many compiled packs stay in the cache; each version of codeguard, Semgrep or a pack makes one."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ID = re.compile(r"CG([SMCT])[0-9]{3}")
_ALIAS = re.compile(r"[a-z]+:\S+")
_LETTER = {Category.SECURITY: "S", Category.MALICIOUS: "M", Category.CORRECTNESS: "C", Category.STANDARDS: "T"}
_CATEGORIES = {kind.value: kind for kind in Category}
_SEVERITIES = {kind.label: kind for kind in Severity}
_CONFIDENCES = {kind.label: kind for kind in Confidence}
_PROFILES = {kind.label: kind for kind in Profile}
_SEMGREP_SEVERITIES = {word: word for word in ("ERROR", "WARNING", "INFO")}
_METADATA = frozenset(
    ("id", "category", "severity", "confidence", "profile", "summary", "help", "fix", "cwe", "aliases")
)
_RESTORED: Mapping[str, Callable[[Any], Any]] = {  # what JSON makes a plain value or a list of
    "category": Category,
    "severity": Severity,
    "confidence": Confidence,
    "profile": Profile,
    "cwe": tuple,
    "aliases": tuple,
    "tags": tuple,
}

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PackRule:
    """One rule of a pack: codeguard's side of it, the sentence that says how to fix it, and Semgrep's JSON, one line.

    `source` carries no metadata: Semgrep would repeat it in every match.
    """

    rule: Rule
    fix: str
    source: str


@dataclass(frozen=True, slots=True)
class Pack:
    """All packs together, in the order of their files and of the rules in each."""

    rules: tuple[PackRule, ...]

    def wanted(self, ids: Collection[str] | None) -> Pack:
        """The part of it that has these rule ids; None means all."""
        return self if ids is None else Pack(tuple(entry for entry in self.rules if entry.rule.id in ids))

    def by_name(self) -> dict[str, PackRule]:
        """Semgrep's id for a rule -> the rule."""
        return {entry.rule.name: entry for entry in self.rules}

    def rule_file(self, *more: str) -> str:
        """The JSON that Semgrep reads: a rule a line, then `more` rules, each already JSON."""
        return '{"rules":[\n' + ",\n".join((*(entry.source for entry in self.rules), *more)) + "\n]}\n"


def load(folder: Path, semgrep_version: str, cache: Path | None) -> Pack:
    """The packs of a folder, from the cache where it has them, else compiled and, where it can be, cached.

    Raises CodeguardError, naming file and rule, where a pack is malformed.
    """
    packs = read_packs(folder)
    if cache is None:
        return compile_packs(packs)
    key = _key(packs, semgrep_version)
    entry = cache / "semgrep-packs" / f"{key}.json"
    pack = _read_entry(entry, key)
    if pack is None:
        pack = compile_packs(packs)
        with contextlib.suppress(OSError):  # a cache that cannot be written makes the next start slower, nothing else
            _write_entry(entry, key, pack)
    return pack


def read_packs(folder: Path) -> dict[str, bytes]:
    """File name -> content of every pack in a folder, sorted.  Raises CodeguardError where one cannot be read."""
    try:
        return {path.name: path.read_bytes() for path in sorted(folder.glob("*.yaml"))}
    except OSError as error:
        raise CodeguardError(f"rule pack {error.filename}: {error.strerror}") from error


def compile_packs(packs: Mapping[str, bytes]) -> Pack:
    """Compile file name -> YAML.  Raises CodeguardError, naming file and rule, where a pack is malformed."""
    rules: list[PackRule] = []
    seen: dict[str, str] = {}
    for file, data in packs.items():
        raw = _parse(file, data)
        listed = raw.get("rules") if isinstance(raw, dict) else None
        if not isinstance(listed, list) or not listed:
            raise CodeguardError(f"rule pack {file}: it has no list of `rules`")
        for number, item in enumerate(listed, 1):
            entry = _read_rule(item, file, number)
            for taken in (entry.rule.id, entry.rule.name):
                if taken in seen:
                    raise CodeguardError(
                        f"rule pack {file}, rule {entry.rule.name}: {taken} is taken already, by {seen[taken]}"
                    )
                seen[taken] = f"{entry.rule.name} in {file}"
            rules.append(entry)
    return Pack(tuple(rules))


def _parse(file: str, data: bytes) -> Any:
    import yaml  # type: ignore[import-untyped] # noqa: PLC0415 - 20 ms that only a start without a cache entry pays

    class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # libyaml is optional
        """Refuses a key that is given twice: YAML forbids it, PyYAML keeps the last, and half a rule would be lost."""

        def construct_mapping(self, node: Any, deep: bool = False) -> Any:  # noqa: FBT001, FBT002 - PyYAML's signature
            keys = [key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
            for key in keys:
                if keys.count(key) > 1:
                    raise yaml.constructor.ConstructorError(None, None, f"`{key}` is given twice", node.start_mark)
            return super().construct_mapping(node, deep)

    try:
        return yaml.load(data, Loader)  # noqa: S506 - the loader is our own subclass of SafeLoader
    except (yaml.YAMLError, ValueError) as error:
        raise CodeguardError(f"rule pack {file}: {' '.join(str(error).split())}") from error


def _read_rule(raw: Any, file: str, number: int) -> PackRule:
    """Check one rule of a pack and turn it into what codeguard and Semgrep each need of it."""
    where = f"rule pack {file}, rule {number}"
    if not isinstance(raw, dict):
        raise CodeguardError(f"{where}: it is not a mapping")
    name = _text(raw, "id", where)
    where = f"rule pack {file}, rule {name}"
    if not _NAME.fullmatch(name):
        raise CodeguardError(f"{where}: `id` is not a name in kebab case")
    metadata = raw.get("metadata")
    if not isinstance(metadata, dict):
        raise CodeguardError(f"{where}: `metadata` is missing")
    if unknown := sorted(set(metadata) - _METADATA):
        raise CodeguardError(f"{where}: `metadata.{unknown[0]}` is not known")
    _text(raw, "message", where)
    _choice(raw, "severity", _SEMGREP_SEVERITIES, where)
    if raw.get("languages") != ["python"]:
        raise CodeguardError(f"{where}: `languages` is not [python]")
    rule_id = _text(metadata, "id", where)
    category = _choice(metadata, "category", _CATEGORIES, where)
    form = _ID.fullmatch(rule_id)
    if form is None or form[1] != _LETTER[category]:
        raise CodeguardError(f"{where}: `id` {rule_id} is not CG{_LETTER[category]} and three digits")
    fix = _text(metadata, "fix", where)
    rule = Rule(
        id=rule_id,
        name=name,
        summary=_text(metadata, "summary", where),
        category=category,
        severity=_choice(metadata, "severity", _SEVERITIES, where),
        confidence=_choice(metadata, "confidence", _CONFIDENCES, where),
        engine="semgrep",
        cwe=_list(metadata, "cwe", where, _is_cwe, "CWE numbers"),
        aliases=_list(metadata, "aliases", where, _is_alias, "rules like bandit:B602"),
        profile=_choice(metadata, "profile", _PROFILES, where),
        help=f"{_text(metadata, 'help', where)}\n\n**Fix:** {fix}\n",
        tags=(file.partition(".")[0],),
    )
    try:
        source = json.dumps({key: raw[key] for key in raw if key != "metadata"}, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise CodeguardError(f"{where}: a value is neither text, number, list nor mapping ({error})") from error
    return PackRule(rule, fix, source)


def _text(mapping: Mapping[str, Any], key: str, where: str) -> str:
    value = mapping.get(key)
    if not isinstance(value, str) or not value.strip():
        raise CodeguardError(f"{where}: `{key}` is missing or not a text")
    return value.strip()


def _choice(mapping: Mapping[str, Any], key: str, kinds: Mapping[str, _T], where: str) -> _T:
    value = mapping.get(key)
    if not isinstance(value, str) or value not in kinds:
        raise CodeguardError(f"{where}: `{key}` is {value!r}, not one of {', '.join(kinds)}")
    return kinds[value]


def _is_cwe(value: Any) -> bool:
    return type(value) is int and value > 0


def _is_alias(value: Any) -> bool:
    return isinstance(value, str) and _ALIAS.fullmatch(value) is not None


def _list(mapping: Mapping[str, Any], key: str, where: str, good: Callable[[Any], bool], what: str) -> tuple[Any, ...]:
    value = mapping.get(key)
    if not isinstance(value, list) or not all(good(item) for item in value):
        raise CodeguardError(f"{where}: `{key}` is not a list of {what}")
    return tuple(value)


def _key(packs: Mapping[str, bytes], semgrep_version: str) -> str:
    digest = hashlib.blake2b(f"{FORMAT} {semgrep_version}".encode(), digest_size=20)
    for file, data in packs.items():
        digest.update(f"\0{file}\0{len(data)}\0".encode())
        digest.update(data)
    return digest.hexdigest()


def _seal(key: str, body: bytes) -> bytes:
    """The first line of a cache entry, which says what it is and what its rest must hash to."""
    return f"codeguard semgrep pack {FORMAT} {key} {hashlib.blake2b(body, digest_size=20).hexdigest()}\n".encode()


def _read_entry(entry: Path, key: str) -> Pack | None:
    """The pack in a cache entry, or None where there is none that can be trusted."""
    try:
        with entry.open("rb") as file:
            if hasattr(os, "getuid") and os.fstat(file.fileno()).st_uid != os.getuid():
                return None
            seal, body = file.readline(), file.read()
        return Pack(tuple(_load(item) for item in json.loads(body))) if seal == _seal(key, body) else None
    except (OSError, ValueError, TypeError, KeyError):  # the last three: sealed by other code that has our FORMAT
        return None


def _write_entry(entry: Path, key: str, pack: Pack) -> None:
    entry.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    body = json.dumps([_dump(rule) for rule in pack.rules]).encode()
    unfinished = entry.with_name(f".{key}.{os.getpid()}.tmp")
    try:
        with unfinished.open("wb") as file:
            file.write(_seal(key, body) + body)
        unfinished.replace(entry)
    finally:
        unfinished.unlink(missing_ok=True)
    by_age = sorted(entry.parent.glob("*.json"), key=lambda path: path.stat().st_mtime, reverse=True)
    for old in by_age[KEPT_ENTRIES:]:
        old.unlink(missing_ok=True)


def _dump(entry: PackRule) -> dict[str, Any]:
    rule = {field.name: getattr(entry.rule, field.name) for field in fields(Rule)}
    return {"rule": rule, "fix": entry.fix, "source": entry.source}


def _load(item: Mapping[str, Any]) -> PackRule:
    rule = {name: _RESTORED[name](value) if name in _RESTORED else value for name, value in item["rule"].items()}
    return PackRule(Rule(**rule), item["fix"], item["source"])
