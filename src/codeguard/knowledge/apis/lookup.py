"""Questions about libraries that are not installed: whether a name exists, in which versions, and what it takes.

Pure look-ups in the data of this folder; a library's file is read when its name is first asked for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from codeguard.knowledge.apis.data import Chunk, Fields, bits_of, chunk_texts, function_of, parsed

HERE = Path(__file__).resolve().parent
MAX_DEPTH = 24
# Bases that add nothing which could be asked for.
PLAIN_BASES = frozenset(
    {"typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "typing_extensions.Generic"}
)


class Status(Enum):
    """Whether a thing has a name: it has, it has not, or nobody can tell from text."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWABLE = "unknowable"


class Kind(Enum):
    """What a `Thing` is."""

    MODULE = "module"
    CLASS = "class"
    INSTANCE = "instance"
    FUNCTION = "function"
    COROUTINE = "coroutine"


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function of a library: its signatures by version mask (None: unknown), and what the newest version gives."""

    name: str
    signatures: tuple[tuple[int, tuple[str, ...] | None], ...]
    result: Thing | None
    is_async: bool = False
    unbound: bool = False  # a method read from its class: the instance comes first


@dataclass(frozen=True, slots=True, eq=False)
class Thing:
    """What an expression is: a module, a class (`key` is `module:Class`), an instance of one, a function, a coroutine.

    A coroutine's `inner` is what awaiting it gives.
    """

    kind: Kind
    library: Library
    key: str
    function: Function | None = None
    inner: Thing | None = None

    @property
    def name(self) -> str:
        """The dotted name, for messages."""
        return self.key.replace(":", ".").removeprefix("builtins.")


@dataclass(frozen=True, slots=True)
class Member:
    """The answer to "what is `owner.name`": whether it exists, in which of the owner's versions, and what it is."""

    status: Status
    mask: int = 0
    whole: int = 0
    thing: Thing | None = None


# Their `__getattr__` gives the labels of the data, which nobody can call ("Attribute access" in pandas' user guide).
DATA_ATTRIBUTES = frozenset(
    {
        "pandas.core.base:IndexOpsMixin",
        "pandas.core.generic:NDFrame",
        "pandas.core.frame:DataFrame",
        "pandas.core.series:Series",
    }
)
# Their instances are whatever implements them, which may have more.
ABSTRACT = ("typing:", "typing_extensions:", "collections.abc:", "_typeshed", "builtins:object", "builtins:type")
UNKNOWABLE = Member(Status.UNKNOWABLE)
# The questions that are being answered, and whether the answer has asked for them again.
_ASKING: dict[tuple[str, str, bool, bool], bool] = {}


class Library:
    """The data of one library.

    `versions` are those read, oldest first; `at` is where in its file it stands (offset and length in bytes), where it
    does not have one to itself.
    """

    def __init__(
        self, root: str, versions: tuple[str, ...], file: Path, at: tuple[int, ...] = (), distribution: str = ""
    ) -> None:
        self.root = root
        self.distribution = distribution  # normalised (PEP 503); empty for the standard library
        self.versions = versions
        self._file = file
        self._at = at
        self._chunks: dict[str, Chunk | None] = {}
        self._members: dict[tuple[str, str, bool, bool], Member] = {}

    @cached_property
    def _texts(self) -> dict[str, str]:
        return chunk_texts(self._file, self._at)

    @cached_property
    def loose(self) -> frozenset[str]:
        """Names that the library's own code stores on objects whose type is not evident."""
        return frozenset(self._texts.get("!loose", "").split())

    @cached_property
    def _compiled(self) -> frozenset[str]:
        return frozenset(self._texts.get("!compiled", "").split())

    @cached_property
    def _bases(self) -> frozenset[str]:
        heads = (text.partition("\n")[0].split(" ") for key, text in self._texts.items() if ":" in key)
        return frozenset(base for head in heads if len(head) > 3 for base in head[3].split(","))

    def is_base(self, key: str) -> bool:
        """Whether other classes of the library derive from one: what is told to be of it may have more than it has."""
        return key.replace(":", ".") in self._bases

    @property
    def is_stdlib(self) -> bool:
        """Whether it is part of the standard library, whose versions are Python's."""
        return bool(self._at)

    @property
    def all_versions(self) -> int:
        """The mask of all versions."""
        return (1 << len(self.versions)) - 1

    @property
    def newest(self) -> int:
        """The mask of the newest version."""
        return 1 << (len(self.versions) - 1)

    def chunk(self, key: str) -> Chunk | None:
        """A module (`pandas.core.frame`) or class (`pandas.core.frame:DataFrame`); None where there is none."""
        if key not in self._chunks:
            text = self._texts.get(key)
            self._chunks[key] = None if text is None or key.startswith("!") else parsed(text)
        return self._chunks[key]

    def has_module(self, name: str) -> bool:
        """Whether any version has a module of that name, compiled ones included."""
        return name in self._texts or self.is_left_out(name)

    def is_left_out(self, name: str) -> bool:
        """Whether a module is compiled, or in a part of the library that was not read: nothing is known of it."""
        while name:
            if name in self._compiled:
                return True
            name = name.rpartition(".")[0]
        return False

    def keeps_back(self, module: str, name: str) -> bool:
        """Whether a star import of a module does not give a name that it has."""
        chunk = self.chunk(module)
        fields = chunk.names.get("*") if chunk is not None else None
        return fields is not None and name in fields[0][1][1:].split(" ")

    def submodules(self, name: str) -> list[str]:
        """The last names of the modules right below a package."""
        start = name + "."
        every = (*self._texts, *self._compiled)
        return sorted(
            {k[len(start) :] for k in every if k.startswith(start) and "." not in k[len(start) :] and ":" not in k}
        )

    # -- members

    def member(self, thing: Thing, name: str, *, called: bool = False) -> Member:
        """What `thing.name` is, `thing` being a module, class or instance of this library, and whether it is called."""
        instance = thing.kind is Kind.INSTANCE
        key = (thing.key, name, instance, called)
        known = self._members.get(key)
        if known is not None:
            return known
        if key in _ASKING:
            _ASKING[key] = True  # it refers to itself: what is found meanwhile holds for this question only
            return UNKNOWABLE
        _ASKING[key] = False
        try:
            found = (
                self._of_module(thing.key, name) if thing.kind is Kind.MODULE else self._of_class(thing, name, called)
            )
        finally:
            _ASKING.pop(key)
        if not any(_ASKING.values()):
            self._members[key] = found
        return found

    def _of_module(self, key: str, name: str, depth: int = 0) -> Member:
        chunk = self.chunk(key)
        if chunk is None or depth > MAX_DEPTH:
            return UNKNOWABLE
        below = f"{key}.{name}"
        inner = self.chunk(below)
        fields = chunk.names.get(name)
        mask = bits_of(fields)
        thing = self._thing(fields, key, name, None, depth) if fields else None
        if inner is not None or (fields is None and below in self._compiled):
            mask |= inner.mask if inner is not None else chunk.mask
            thing = thing or Thing(Kind.MODULE, self, below)
        hidden = False
        for star in reversed(chunk.others) if mask != chunk.mask else ():  # the later import wins
            soft, star = star.startswith("~"), star.removeprefix("~")  # noqa: PLW2901 - its bare name
            root = star.partition(".")[0]
            source = self if root == self.root else library_of(root)
            if source is not None and source.keeps_back(star, name):
                continue
            found = source._of_module(star, name, depth + 1) if source is not None else UNKNOWABLE  # noqa: SLF001 - its own kind
            hidden = hidden or (found.status is Status.UNKNOWABLE and not soft and not name.startswith("_"))
            if found.status is Status.PRESENT:
                mask |= found.mask & chunk.mask
                thing = thing or found.thing
        if mask:
            return Member(Status.PRESENT, mask, chunk.mask, thing)
        if hidden or chunk.opaque or name.startswith("__") or (name.startswith("_") and chunk.third == chunk.mask):
            return UNKNOWABLE
        if name in self.loose and not self.is_stdlib:
            return UNKNOWABLE
        return Member(Status.ABSENT, 0, chunk.mask)

    def _of_class(self, thing: Thing, name: str, called: bool) -> Member:  # noqa: FBT001 - `member` names it
        sure, loose = True, False
        whole = mask = newest = 0
        found: Thing | None = None
        for library, key in self.line(thing.key):
            chunk = library.chunk(key) if library is not None else None
            if chunk is None or library is None:
                sure = False
                continue
            whole = whole or chunk.mask
            fields = chunk.names.get(name)
            if fields is not None:
                bits = bits_of(fields) if library is self and sure else whole
                if bits > newest:  # the nearest in the line of the newest version speaks
                    newest, found = bits, library._thing(fields, key, name, thing, 0)  # noqa: SLF001 - its own kind
                mask |= bits & whole
                if mask == whole:
                    break
                continue
            module = library.chunk(key.partition(":")[0])
            hides = chunk.opaque and not (called and key in DATA_ATTRIBUTES)
            loose = loose or name in library.loose
            if hides or (name.startswith("_") and (module is None or module.third == module.mask)):
                sure = False
        if mask:
            return Member(Status.PRESENT, mask if sure else whole, whole, found)
        return Member(Status.ABSENT, 0, whole) if sure and not loose and not name.startswith("__") else UNKNOWABLE

    def own_function(self, key: str, name: str) -> Function | None:
        """The function that a class itself has under a name, in whatever version; None where it has none."""
        chunk = self.chunk(key)
        fields = chunk.names.get(name) if chunk is not None else None
        thing = self._thing(fields, key, name, Thing(Kind.INSTANCE, self, key), 0) if fields else None
        return thing.function if thing is not None else None

    def line(self, key: str) -> Iterator[tuple[Library | None, str]]:
        """A class and all that it inherits from, near before far; (None, "") for a base that is not known."""
        queue: list[tuple[Library | None, str]] = [(self, key)]
        seen: set[str] = set()
        while queue and len(seen) < 64:
            library, one = queue.pop(0)
            if one in seen:
                continue
            seen.add(one)
            yield library, one
            chunk = library.chunk(one) if library is not None else None
            bases = chunk.others if chunk is not None else ()
            queue = [*(_base(base) for base in bases if base not in PLAIN_BASES), *queue]
        if "builtins:object" not in seen:  # last in every line, and never named
            yield library_of("builtins"), "builtins:object"

    # -- payloads

    def _thing(self, fields: Fields, key: str, name: str, owner: Thing | None, depth: int) -> Thing | None:
        """What the payloads of a name are, the newest speaking; the signatures of all versions of a function."""
        newest = max(fields, key=lambda field: field[0])[1]
        here = f"{key}.{name}" if ":" in key else f"{key}:{name}"
        mark = newest[0]
        if mark == "=":
            target = newest[1:]
            thing = resolve(target, depth + 1) if target != here.replace(":", ".") else None
            if thing is None or thing.kind is not Kind.FUNCTION or thing.function is None or len(fields) == 1:
                return thing
            return self._joined(thing, fields, f"{key}.{name}", depth)
        if mark == "C":
            return Thing(Kind.CLASS, self, here)
        if mark in "PV":
            cls = self._class(newest[1:], owner, depth)
            return cls and Thing(Kind.INSTANCE, cls.library, cls.key)
        is_async, signatures, result = function_of(newest)
        given = self._class(result, owner, depth)
        inner = given and Thing(Kind.INSTANCE, given.library, given.key)
        unbound = mark == "M" and owner is not None and owner.kind is Kind.CLASS
        function = Function(here.replace(":", "."), ((fields[-1][0], signatures),), inner, is_async, unbound)
        thing = Thing(Kind.FUNCTION, self, here, function)
        return thing if len(fields) == 1 else self._joined(thing, fields, f"{key}.{name}", depth)

    def _joined(self, thing: Thing, fields: Fields, here: str, depth: int) -> Thing:
        """A function with the signatures of every version, of which some may stand elsewhere."""
        every: list[tuple[int, tuple[str, ...] | None]] = []
        for bits, payload in fields:
            if payload[0] in "FMSK":
                every.append((bits, function_of(payload)[1]))
            elif payload[0] == "=" and payload[1:] != here.replace(":", "."):
                other = resolve(payload[1:], depth + 1)
                known = other.function if other is not None else None
                if other is None or known is None:
                    every.append((bits, None))
                elif other.library.root == self.root:
                    every += [(mask & bits, s) for mask, s in known.signatures if mask & bits]
                else:
                    every += [(bits, s) for _, s in known.signatures]
            else:
                every.append((bits, None))
        function = thing.function
        if function is None:
            return thing
        joined = Function(function.name, tuple(every), function.result, function.is_async, function.unbound)
        return Thing(Kind.FUNCTION, thing.library, thing.key, joined)

    def _class(self, name: str, owner: Thing | None, depth: int) -> Thing | None:
        if not name:
            return None
        if name == "~":
            return owner
        found = resolve(name, depth + 1)
        return found if found is not None and found.kind is Kind.CLASS else None


def _base(name: str) -> tuple[Library | None, str]:
    """Where the base class of a dotted name stands; (None, name) where that is not known."""
    if name.startswith("collections.abc."):  # the stubs have the abstract collections in `typing`
        name = name.replace("collections.abc.", "typing.")
    found = resolve(name) if name != "?" else None
    return (found.library, found.key) if found is not None and found.kind is Kind.CLASS else (None, name)


@cache
def index() -> dict[str, Any]:
    """What was read: `roots` by top-level import name, and `stdlib`; see `codeguard.knowledge.apis`."""
    found: dict[str, Any] = json.loads((HERE / "index.json").read_text(encoding="utf-8"))
    return found


@cache
def library_of(root: str) -> Library | None:
    """The library that a top-level import name belongs to; None for one that was not read."""
    entry = index()["roots"].get(root)
    if entry is not None:
        distribution = re.sub(r"[-_.]+", "-", entry["distribution"]).lower()
        return Library(root, tuple(entry["versions"]), HERE / entry["file"], distribution=distribution)
    stdlib = index()["stdlib"]
    at = stdlib["roots"].get(root)
    return None if at is None else Library(root, tuple(stdlib["versions"]), HERE / "stdlib.zlib", tuple(at))


def resolve(dotted: str, depth: int = 0) -> Thing | None:
    """What an absolute dotted name is: a module, class or function of a library; None where nothing is known."""
    if depth > MAX_DEPTH:
        return None
    root, _, rest = dotted.partition(".")
    library = library_of(root)
    if library is None or not library.has_module(root):
        return None
    thing: Thing | None = Thing(Kind.MODULE, library, root)
    for part in rest.split(".") if rest else ():
        if thing is None or thing.kind not in {Kind.MODULE, Kind.CLASS}:
            return None
        thing = thing.library.member(thing, part).thing
    return thing
