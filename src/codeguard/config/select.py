"""Which rules run and which findings are reported: selectors, profiles, floors and per-path rules.

A selector names rules, from the broadest to the most specific:

=========  ==========================================  ===================================================
kind       examples                                    names
=========  ==========================================  ===================================================
all        `all`                                       every rule that the profile shows
category   `security`, `malicious`                     the category's rules
engine     `native:`, `bandit:`                        the engine's rules
id prefix  `CGS`, `CGS0`, `bandit:B6`                  rules whose id starts so; the longer, the more specific
CWE        `cwe-79`, `CWE-79`                          rules that name this weakness
rule       `CGS012`, `unsafe-yaml-load`, `B506`,       one rule by id, by name, or by the id that another tool
           `bandit:B506`                               has for the same defect
=========  ==========================================  ===================================================

The most specific selector that names a rule decides; where `select` and `ignore` are equally specific, `ignore` does.
Only a selector of the last kind turns on a rule that the profile hides or that is off by default.  Case does not count.
"""

from __future__ import annotations

import enum
import os
import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codeguard.config.globs import covering
from codeguard.config.suggest import hint
from codeguard.errors import ConfigError
from codeguard.knowledge.standards import ABOUT_COMMENTS, belongs
from codeguard.model import Category, Confidence, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from codeguard.config.load import Loaded
    from codeguard.config.model import SelectionConfig
    from codeguard.model import Finding, Rule

_CWE = re.compile(r"cwe-?0*(\d+)")
_SEVERITIES = {severity.label: severity for severity in Severity}
_PREFIX = re.compile(r"cg[a-z]\d*|[a-z]+:.+")


class Kind(enum.IntEnum):
    """How specific a selector is."""

    ALL = 0
    CATEGORY = 1
    ENGINE = 2
    PREFIX = 3
    CWE = 4
    RULE = 5


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that is understood: the ids of the rules that it names, and its rank among others."""

    text: str
    kind: Kind
    ids: frozenset[str]

    @property
    def rank(self) -> tuple[int, int]:
        """The higher, the more specific."""
        return (self.kind, len(self.text) if self.kind is Kind.PREFIX else 0)


class Catalogue:
    """All rules, ready to be looked up by anything that a person may call them."""

    def __init__(self, rules: Mapping[str, Rule]) -> None:
        self.rules = rules
        self._by_name: dict[str, set[str]] = {}
        for rule in rules.values():
            for name in (rule.id, rule.name, *rule.aliases):
                self._by_name.setdefault(name.casefold(), set()).add(rule.id)
                _, colon, bare = name.partition(":")
                if colon and bare:
                    self._by_name.setdefault(bare.casefold(), set()).add(rule.id)

    def named(self, text: str) -> tuple[Rule, ...]:
        """The rules with this id, name or alias, codeguard's own first; none where nothing has it."""
        found = [self.rules[key] for key in self._by_name.get(text.strip().casefold(), ())]
        return tuple(sorted(found, key=lambda rule: (rule.engine != "native", rule.id)))

    def parse(self, text: str) -> Selector:
        """The selector.  Raises ConfigError, with the near name, where it names no rule."""
        word = text.strip().casefold()
        rules = self.rules.values()
        if word == "all":
            return Selector(word, Kind.ALL, frozenset(self.rules))
        if word in {category.value for category in Category}:
            return Selector(word, Kind.CATEGORY, frozenset(r.id for r in rules if r.category.value == word))
        if word in self._by_name:
            return Selector(word, Kind.RULE, frozenset(self._by_name[word]))
        weakness = _CWE.fullmatch(word)
        if weakness:
            ids = frozenset(r.id for r in rules if int(weakness[1]) in r.cwe)
            if not ids:
                raise ConfigError(f"no rule covers CWE-{weakness[1]}")
            return Selector(word, Kind.CWE, ids)
        if word.endswith(":"):
            ids = frozenset(r.id for r in rules if r.engine == word[:-1])
            kind = Kind.ENGINE
        else:
            wellformed = _PREFIX.fullmatch(word)
            ids = frozenset(r.id for r in rules if wellformed and r.id.casefold().startswith(word))
            kind = Kind.PREFIX
        if not ids:
            raise ConfigError(f"unknown rule or selector {text!r}{self.hint(word)}")
        return Selector(word, kind, ids)

    def hint(self, word: str) -> str:
        """`; did you mean 'x'?` for a word that names nothing, or an empty string."""
        word = word.casefold()
        if any(rule.engine == word for rule in self.rules.values()):
            return f"; did you mean {word + ':'!r}?"
        tails = ((rule.id, rule.id.casefold().partition(":")[2]) for rule in self.rules.values())
        longer = [name for name, tail in tails if len(word) > 1 and tail.startswith(word)]
        if longer:
            engine, colon, tail = longer[0].partition(":")
            return f"; did you mean {engine + colon + tail[: len(word)]!r}?"
        names = (name for rule in self.rules.values() for name in (rule.id, rule.name, *rule.aliases))
        return hint(word, ["all", *(c.value for c in Category), *names])


@dataclass(frozen=True, slots=True)
class _Layer:
    select: tuple[Selector, ...]
    ignore: tuple[Selector, ...]

    def verdict(self, rule_id: str, *, shown: bool, before: bool | None) -> bool:
        """Whether the rule is on: `shown` by the profile, `before` as the layer below left it (None: no such layer)."""
        chosen = max((s.rank for s in self.select if rule_id in s.ids), default=None)
        refused = max((s.rank for s in self.ignore if rule_id in s.ids), default=None)
        if refused is not None and (chosen is None or refused >= chosen):
            return False
        if self.select:
            return chosen is not None and (shown or chosen[0] == Kind.RULE)
        return shown if before is None else before


class Selection:
    """The selection of one scan.

    `rules` is the catalogue of every engine, `root` the absolute folder that the paths of findings are relative to.
    Raises ConfigError for a selector that names no rule.
    """

    def __init__(self, settings: SelectionConfig, rules: Mapping[str, Rule], root: str | os.PathLike[str] = "") -> None:
        catalogue = Catalogue(rules)

        def parsed(texts: Iterable[str]) -> tuple[Selector, ...]:
            return tuple(catalogue.parse(text) for text in texts)

        self._settings = settings
        self._rules = rules
        self._base = _Layer(parsed(settings.select), parsed(settings.ignore))
        self._layers = tuple(_Layer(parsed(rule.select), parsed(rule.ignore)) for rule in settings.per_path)
        self._match = _matcher(settings, os.fspath(root))
        self._matched: dict[str, tuple[int, ...]] = {}

    def enabled(self, rule: Rule) -> bool:
        """True where some file may get a finding of this rule: what an engine has to look for."""
        shown = _shown(rule, self._settings)
        return self._base.verdict(rule.id, shown=shown, before=None) or any(
            layer.select and layer.verdict(rule.id, shown=shown, before=None) for layer in self._layers
        )

    def wanted(self) -> frozenset[str]:
        """The ids of all enabled rules."""
        return frozenset(rule.id for rule in self._rules.values() if self.enabled(rule))

    def accepts(self, finding: Finding, path: str | None = None) -> bool:
        """True where the finding is to be reported for `path` (its own where None is given).

        A finding of a rule that no catalogue has is judged by its floors alone: better reported than lost.
        """
        here = self._applying(finding.path if path is None else path)
        rule = self._rules.get(finding.rule_id)
        if rule is not None:
            shown = _shown(rule, self._settings)
            on = self._base.verdict(rule.id, shown=shown, before=None)
            for index in here:
                on = self._layers[index].verdict(rule.id, shown=shown, before=on)
            if not on:
                return False
        severity, confidence = self._floors(here)
        return finding.severity >= severity and finding.confidence >= confidence

    def _applying(self, path: str) -> tuple[int, ...]:
        if not self._layers:
            return ()
        if path not in self._matched:
            self._matched[path] = self._match(path)
        return self._matched[path]

    def _floors(self, here: tuple[int, ...]) -> tuple[Severity, Confidence]:
        severity, confidence = self._settings.severity, self._settings.confidence
        for index in here:
            rule = self._settings.per_path[index]
            severity = severity if rule.severity is None else rule.severity
            confidence = confidence if rule.confidence is None else rule.confidence
        return severity, confidence


def _shown(rule: Rule, settings: SelectionConfig) -> bool:
    """Whether a rule is on without a selector: by the profile, or by the sets of standards where some are named."""
    if settings.standards and rule.category is Category.STANDARDS:
        return rule.enabled_by_default and (belongs(rule.id, settings.standards) or rule.id in ABOUT_COMMENTS)
    return rule.enabled_by_default and rule.profile <= settings.profile


def _matcher(settings: SelectionConfig, root: str) -> Callable[[str], tuple[int, ...]]:
    """A function from a path below `root` to the indices of the per-path rules that apply to it, in file order."""
    if not settings.per_path:
        return lambda _: ()
    covers = [covering(rule.glob) for rule in settings.per_path]

    def match(path: str) -> tuple[int, ...]:
        if root and settings.base:
            path = posixpath.relpath(posixpath.join(root, path), settings.base)
            if path.startswith("../"):
                return ()  # the file lies outside the folder that the configuration is about
        return tuple(index for index, each in enumerate(covers) if each(path))

    return match


def protected(never: Iterable[str], rules: Mapping[str, Rule]) -> Callable[[Finding], bool]:
    """A predicate: whether `never` (selectors and severities) keeps a finding from being silenced by a comment.

    Raises ConfigError for a word that is neither.
    """
    words = [word.strip().casefold() for word in never]
    floors = [_SEVERITIES[word] for word in words if word in _SEVERITIES]
    selectors = [word for word in words if word not in _SEVERITIES]
    catalogue = Catalogue(rules) if selectors else None
    ids = frozenset[str]().union(*(catalogue.parse(word).ids for word in selectors)) if catalogue else frozenset()
    floor = min(floors, default=None)

    def keeps(finding: Finding) -> bool:
        return finding.rule_id in ids or (floor is not None and finding.severity >= floor)

    return keeps


def checked(loaded: Loaded, rules: Callable[[], Mapping[str, Rule]]) -> Loaded:
    """`loaded`, with every selector known to name a rule; `rules` gives the catalogue, asked only where one is used.

    Raises ConfigError that says where the unknown one stands and what is near.  In an untrusted tree a wrong `select`
    of the tree's own file is left out instead, with a note: it could only have added rules.
    """
    settings = loaded.config.selection
    never = tuple(word for word in loaded.config.suppress.never if word.casefold() not in _SEVERITIES)
    if not (settings.select or settings.ignore or settings.per_path or never):
        return loaded
    catalogue = Catalogue(rules())
    groups = [("select", settings.select), ("ignore", settings.ignore), ("never-suppress", never)]
    groups += [("per-path", rule.select + rule.ignore) for rule in settings.per_path]
    for key, selectors in groups:
        complaint = next(filter(None, (_complaint(catalogue, text) for text in selectors)), None)
        if complaint is None:
            continue
        origin = loaded.origins[key]
        if loaded.config.trusted or origin.kind != "file":
            raise ConfigError(f"{origin}: {complaint}" if origin.kind == "flag" else f"{origin}: {key}: {complaint}")
        note = f"{origin}: {complaint}; {key} is not heeded: the tree is untrusted"
        if key == "never-suppress":
            config = replace(loaded.config, suppress=replace(loaded.config.suppress, never=()))
        else:
            config = replace(loaded.config, selection=replace(settings, select=()))
        return replace(loaded, config=config, notes=(*loaded.notes, note))
    return loaded


def _complaint(catalogue: Catalogue, text: str) -> str | None:
    try:
        catalogue.parse(text)
    except ConfigError as error:
        return str(error)
    return None
