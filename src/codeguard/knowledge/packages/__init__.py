"""Which packages there are: modules of the standard library by version, known distributions, names near to them.

Three tables lie beside this file, built by `tools/build_packages.py`: `standard.txt` (interpreters and typeshed),
`popular.txt` (the 15,000 most downloaded names of PyPI, from GuardDog) and `imports.txt` (import names that differ from
their distribution's, from pipreqs); `NOTICE.txt` has their licences.  `curated.py` is what people added.  Each is read
when it is first asked for, in a few milliseconds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path

from codeguard.knowledge.packages.curated import IMPORTED_AS, MODULES, OWN_WORDS

_HERE = Path(__file__).resolve().parent
# Spellings under which a distribution of a module is published, `{}` for the module's name.
_AFFIXES = (
    "python-{}", "{}-python", "{}-py", "py{}", "py-{}", "django-{}", "{}-django", "{}-sdk", "{}-client", "{}-api",
    "{}-core", "{}-lib", "{}-cli", "types-{}", "{}-stubs", "apache-{}", "pytest-{}", "{}3", "{}2", "lib{}",
)  # fmt: skip
# Length of a name -> how popular its neighbour must be: short names are crowded, and a rare neighbour says little.
_NEAR_RANK = {5: 600, 6: 1000, 7: 1500}
_RANK = 6000
Version = tuple[int, int]


def _lines(name: str) -> list[str]:
    return (_HERE / name).read_text("utf-8").splitlines()[1:]  # the first says where the table is from


@cache
def standard_modules() -> Mapping[str, tuple[Version | None, Version | None]]:
    """Every module of the standard library, dotted, with its first and last version.

    None for one that was there before Python 3.8, and for one that still is in the newest.
    """
    return {
        name: (_version(first), _version(last))
        for name, _, versions in (line.partition(" ") for line in _lines("standard.txt"))
        for first, _, last in (versions.partition("-"),)
    }


def _version(text: str) -> Version | None:
    major, _, minor = text.partition(".")
    return (int(major), int(minor)) if minor else None


@cache
def standard_packages() -> frozenset[str]:
    """The modules of the standard library that have modules in them."""
    return frozenset(name.rpartition(".")[0] for name in standard_modules() if "." in name)


@cache
def popular() -> frozenset[str]:
    """The most downloaded distributions, normalised (PEP 503)."""
    return frozenset(_lines("popular.txt"))


@cache
def import_roots() -> frozenset[str]:
    """First names of modules whose distribution is named otherwise."""
    tables = {line.partition(" ")[0].partition(".")[0] for line in _lines("imports.txt")}
    return MODULES | tables | {module.partition(".")[0] for module in IMPORTED_AS.values()}


@cache
def _shared_firsts() -> frozenset[str]:
    """First words of at least two popular names: organisations, and namespaces that many distributions fill."""
    seen: set[str] = set()
    shared: set[str] = set()
    for name in popular():
        first, dash, _ = name.partition("-")
        if dash:
            (shared if first in seen else seen).add(first)
    return frozenset(shared)


def normal(name: str) -> str:
    """An import name as PyPI would spell it: lower case, hyphens."""
    return re.sub(r"[-_.]+", "-", name).strip("-").lower()


def is_standard(root: str) -> bool:
    """True for a top-level module of the standard library of some version."""
    return root in standard_modules()


@lru_cache(maxsize=8192)
def is_known(dotted: str) -> bool:
    """True where a package of this name, or one that it can belong to, is known to exist."""
    parts = dotted.split(".")
    root = normal(parts[0])
    if parts[0] in import_roots() or is_standard(parts[0]):
        return True
    names = popular()
    if root in names or root in _shared_firsts():
        return True
    if any(normal("-".join(parts[:length])) in names for length in range(2, len(parts) + 1)):
        return True
    return any(affix.format(root) in names for affix in _AFFIXES)


def imported_as(root: str) -> str | None:
    """The module that a distribution is imported as, where `root` is the distribution's name and no module."""
    return None if root in import_roots() else IMPORTED_AS.get(normal(root))


@cache
def _candidates() -> Mapping[str, tuple[str, int]]:
    """What a name may be near to, without its hyphens -> the import name and its rank, the most used first."""
    found: dict[str, tuple[str, int]] = {}
    for module in standard_modules():
        if "." not in module and not module.startswith("_"):
            found.setdefault(module.replace("_", ""), (module, 0))
    ranks = {name: rank for rank, name in enumerate(_lines("popular.txt")[:_RANK])}
    for name, module in IMPORTED_AS.items():
        for spelling in (module.replace("_", "").lower(), name.replace("-", "")):
            found.setdefault(spelling, (module, ranks.get(name, _NEAR_RANK[5] - 1)))
    for name, rank in ranks.items():
        found.setdefault(name.replace("-", ""), (name.replace("-", "_"), rank))
    return found


def near(root: str) -> str | None:
    """The known module whose name is a slip away from the unknown `root`: a letter or two, or a separator."""
    return _nearest(normal(root).replace("-", ""), _candidates())


@cache
def _distributions() -> Mapping[str, tuple[str, int]]:
    found: dict[str, tuple[str, int]] = {}
    for rank, name in enumerate(_lines("popular.txt")[:_RANK]):
        found.setdefault(name.replace("-", ""), (name, rank))
    return found


def near_distribution(name: str) -> str | None:
    """The popular distribution that an unknown one is a slip away from; None for a known name too.

    PyPI takes `my_pack.age` and `my-pack-age` for one name, so separators make no slip.
    """
    wanted = normal(name)
    if wanted in popular() or wanted in IMPORTED_AS:
        return None
    return _nearest(wanted.replace("-", ""), _distributions())


def _nearest(name: str, candidates: Mapping[str, tuple[str, int]]) -> str | None:
    """What stands for the candidate that `name`, without separators, is nearest to, if it is near enough."""
    from rapidfuzz.distance import OSA  # noqa: PLC0415 - only an unknown name pays for it
    from rapidfuzz.process import extract  # noqa: PLC0415

    if name in candidates:
        return candidates[name][0]
    if len(name) < 5:
        return None
    slips = 1 if len(name) < 10 else 2
    close = extract(name, candidates.keys(), scorer=OSA.distance, score_cutoff=slips, limit=None)
    for _, rank, found in sorted((distance, candidates[found][1], found) for found, distance, _ in close):
        another_version = found.rstrip("0123456789") == name.rstrip("0123456789")
        if len(found) >= 5 and not another_version and rank < _NEAR_RANK.get(len(name), _RANK):
            return candidates[found][0]
    return None


def looks_own(dotted: str) -> bool:
    """True for a module name that an application gives its own modules: made of such words, or with one below it."""
    first, *rest = dotted.split(".")
    return first.startswith("_") or all(map(_is_own, first.lower().split("_"))) or any(map(_is_own, rest))


def _is_own(word: str) -> bool:
    word = word.rstrip("0123456789")
    return len(word) < 3 or word in OWN_WORDS or word.removeprefix("my") in OWN_WORDS
