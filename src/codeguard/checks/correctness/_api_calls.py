"""What calls of a library's functions may pass: the call of a file against the signatures of every version read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

import libcst as cst

from codeguard.checks.correctness._apis import apis
from codeguard.checks.correctness._callables import Signature
from codeguard.knowledge.apis.data import Chunk
from codeguard.knowledge.apis.lookup import Function, Kind, Library, Thing
from codeguard.syntax.unit import Unit

# What they take depends on more than their stubs say.
OPEN_CONSTRUCTORS = frozenset({"builtins:type", "ast:AST", "_ast:AST", "enum:Enum"})
# What they take themselves says nothing of the classes below them.
ENDS = frozenset({"builtins:BaseException", "typing:NamedTuple"})


@dataclass(frozen=True, slots=True)
class Callee:
    """What a call calls: its name, and all signatures that some version has for it."""

    name: str
    signatures: tuple[Signature, ...]
    masks: tuple[int, ...]  # of the versions that have each signature
    library: Library

    def within(self, wanted: int) -> tuple[Signature, ...]:
        """The signatures of some versions; all where none of them has one."""
        found = tuple(s for s, mask in zip(self.signatures, self.masks, strict=True) if mask & wanted)
        return found or self.signatures

    def last(self, keyword: str) -> str:
        """The newest version read that has a parameter of that name; empty where none has."""
        pairs = zip(self.signatures, self.masks, strict=True)
        bits = max((mask.bit_length() for one, mask in pairs if keyword in one.keywords), default=0)
        return self.library.versions[bits - 1] if bits else ""


@cache
def accepts(text: str, *, unbound: bool = False) -> Signature:
    """The signature of a text of the data (see `codeguard.knowledge.apis`)."""
    positional: list[str] = ["self"] if unbound else []
    keyword_only: list[str] = []
    required: set[str] = set(positional)
    only = 1 if unbound else 0
    star = star_star = after = False
    for part in text.split(",") if text else ():
        if part == "/":
            only = len(positional)
        elif part in {"*", "+"}:
            after, star = True, star or part == "+"
        elif part == "^":
            star_star = True
        else:
            name = part.removesuffix("=")
            (keyword_only if after else positional).append(name)
            if name == part:
                required.add(name)
    return Signature(tuple(positional), only, frozenset(required), tuple(keyword_only), star, star_star)


def _callees(unit: Unit) -> dict[int, Callee | None]:
    return {}


def callee(call: cst.Call, unit: Unit) -> Callee | None:
    """What a call of a library's function, method or class may pass; None where any version leaves it open."""
    known = unit.fact(_callees)
    key = id(call)
    if key not in known:
        known[key] = _find(unit.fact(apis).of(call.func))
    return known[key]


@lru_cache(maxsize=4096)
def _find(thing: Thing | None) -> Callee | None:
    if thing is None:
        return None
    if thing.kind is Kind.CLASS:
        return _constructor(thing)
    if thing.kind is Kind.INSTANCE:
        return _of_function(thing.library.member(thing, "__call__").thing, thing.name)
    return _of_function(thing)


def _of_function(thing: Thing | None, name: str = "") -> Callee | None:
    """What a function takes; `name` is what the file calls it, where that is not its own name."""
    if thing is None:
        return None
    if thing.kind is not Kind.FUNCTION or thing.function is None:
        return None
    function = thing.function
    if function.name.endswith("__") and not name:
        return None  # called by hand, it takes the object or the class as well
    found = _told(function)
    return _callee(name or function.name.removeprefix("builtins."), found, thing.library) if found else None


def _told(function: Function) -> list[tuple[Signature, int]] | None:
    """The signatures of a function with the masks of their versions; None where some version's is not known."""
    found: list[tuple[Signature, int]] = []
    for mask, signatures in function.signatures:
        if signatures is None:
            return None
        found += [(accepts(text, unbound=function.unbound), mask) for text in signatures]
    return found


def _callee(name: str, found: list[tuple[Signature, int]], library: Library) -> Callee:
    return Callee(name, tuple(one for one, _ in found), tuple(mask for _, mask in found), library)


def _constructor(thing: Thing) -> Callee | None:
    """What a class's call may pass: what its `__init__` or its `__new__` takes; None where that is open."""
    makers: dict[str, Function] = {}
    for library, key in thing.library.line(thing.key):
        chunk = library.chunk(key) if library is not None else None
        if chunk is None or library is None or chunk.third != chunk.mask or key in OPEN_CONSTRUCTORS:
            return None
        if key in ENDS or (key == "builtins:object" and makers):
            break
        for name in ("__init__", "__new__"):
            if name in chunk.names and name not in makers:
                function = library.own_function(key, name)
                if function is None:
                    return None
                makers[name] = function
        if len(makers) == 1 and _mask(chunk, next(iter(makers))) != chunk.mask:
            return None  # some version has none of its own
    groups: list[list[tuple[Signature, int]]] = []
    for function in makers.values():
        told = _told(function)
        if told is None:
            return None
        groups.append(told)
    # One that takes anything leaves the say to the other: both get the same arguments.
    strict = [group for group in groups if not all(one.star and one.star_star for one, _ in group)]
    every = [one for group in strict or groups for one in group]
    return _callee(thing.name, every, thing.library) if every else None


def _mask(chunk: Chunk, name: str) -> int:
    """The versions of a class in which it has a name itself; all where it inherits it."""
    fields = chunk.names.get(name)
    if fields is None:
        return chunk.mask
    mask = 0
    for bits, _ in fields:
        mask |= bits
    return mask


def fits(call: cst.Call, wanted: Signature) -> bool:
    """Whether a call passes what a signature takes."""
    return not (unknown(call, wanted) or surplus(call, wanted) or missing(call, wanted))


def missing(call: cst.Call, wanted: Signature) -> list[str]:
    """The parameters without default that a call does not give; empty where `*args` or `**kwargs` may."""
    if any(arg.star for arg in call.args):
        return []
    given = sum(arg.keyword is None for arg in call.args)
    by_name = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    left = [*wanted.positional[given:], *wanted.keyword_only]
    return [name for name in left if name in wanted.required and name not in by_name]


def surplus(call: cst.Call, wanted: Signature) -> int:
    """How many positional arguments a call gives more than can be taken."""
    given = sum(arg.keyword is None and not arg.star for arg in call.args)
    return 0 if wanted.star else max(given - len(wanted.positional), 0)


def unknown(call: cst.Call, wanted: Signature) -> list[str]:
    """The keyword arguments that nothing takes."""
    if wanted.star_star:
        return []
    return [a.keyword.value for a in call.args if a.keyword is not None and a.keyword.value not in wanted.keywords]


def refused(call: cst.Call, signatures: Iterable[Signature]) -> list[cst.Arg]:
    """The keyword arguments that none of these signatures takes."""
    left = [arg for arg in call.args if arg.keyword is not None]
    for one in signatures:
        names = unknown(call, one)
        left = [arg for arg in left if arg.keyword is not None and arg.keyword.value in names]
    return left
