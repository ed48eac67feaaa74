"""One version of a library: all its modules, its own names resolved, stubs laid over sources."""

from __future__ import annotations

import tarfile
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

from apis.model import Alias, Class, Entity, Function, Module, Variable
from apis.read import Wanted, read, undecided

SKIPPED = {
    "tests", "test", "testing_tests", "benchmarks", "examples", "conftest", "docs", "__pycache__", "_vendor",
    "vendor", "vendored", "_vendored_packages", "pip", "migrations", "locale",
}  # fmt: skip
MAX_DEPTH = 16
MAKERS = {"__init__", "__new__"}
# Their names say less than the object has: whatever implements them may have more.
ABSTRACT_ROOTS = ("typing.", "typing_extensions.", "collections.abc.", "_typeshed.")
# Text that an annotation promises and that libraries keep; a number may be any kind of number.
PLAIN_RESULTS = {"str", "bytes", "list", "dict", "set", "tuple", "frozenset"}


def files_of(archive: Path) -> Iterator[tuple[str, bytes]]:
    """Path in the import tree and content of each source and stub of a wheel or sdist."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as wheel:
            for name in wheel.namelist():
                if name.endswith((".py", ".pyi")) and ".data/" not in name:
                    yield name, wheel.read(name)
                elif name.endswith((".so", ".pyd", ".dylib")):
                    yield name, b""
    else:
        with tarfile.open(archive) as sdist:
            for member in sdist:
                if member.isfile() and member.name.endswith((".py", ".pyi")):
                    handle = sdist.extractfile(member)
                    path = PurePosixPath(*PurePosixPath(member.name).parts[1:])
                    if path.parts and path.parts[0] in {"src", "lib", "python"}:
                        path = PurePosixPath(*path.parts[1:])
                    if handle:
                        yield str(path), handle.read()


class Library:
    """The modules of one version of a library."""

    def __init__(self, skipped: tuple[str, ...] = ()) -> None:
        self._skipped = skipped
        self.modules: dict[str, Module] = {}
        self.compiled: set[str] = set()
        self.loose: dict[str, set[str]] = {}  # by the module whose code stores them
        self.hidden: set[str] = set()
        self.gone: set[str] = set()  # modules that this version does not have, although others read for it do
        self.pruned = False
        self._spelled: dict[str, dict[int, str]] = {}

    # -- reading

    def add(
        self, files: Iterable[tuple[str, bytes]], roots: set[str], *, wanted: Wanted = undecided, foreign: bool = False
    ) -> None:
        """Read files; `foreign` stubs (another distribution's) only add to what the sources say."""
        stubs: list[Module] = []
        for path, data in files:
            where = _module_name(path)
            if where is None or where[0].partition(".")[0] not in roots:
                continue
            name, is_package, stub = where
            left_out = self._left_out(name)
            if left_out:
                self.compiled.add(left_out)
                continue
            if path.endswith((".so", ".pyd", ".dylib")):
                self.compiled.add(name)
                continue
            module = read(data.decode("utf-8", "replace"), name, is_package=is_package, stub=stub, wanted=wanted)
            if module is None:
                continue
            self.loose.setdefault(name, set()).update(module.loose)
            if stub:
                stubs.append(module)
            else:
                self.modules[name] = module
        for stub_module in stubs:
            known = self.modules.get(stub_module.name)
            self.modules[stub_module.name] = (
                stub_module if known is None else _overlay(known, stub_module, foreign=foreign)
            )

    def _left_out(self, name: str) -> str:
        """The package or module that is left out and holds a module; empty for a module that is read."""
        parts = name.split(".")
        for at, part in enumerate(parts):
            whole = ".".join(parts[: at + 1])
            is_test = part in SKIPPED or part.startswith("test_") or part.endswith("_test")
            if (at and is_test) or whole in self._skipped:
                return whole
        return ""

    def finish(self, covered: Iterable[str] = ()) -> None:
        """Resolve star imports and module-level patches; `covered` modules are known to hide nothing more."""
        for name in covered:
            if name in self.modules:
                self.modules[name].opaque = False
        for module in self.modules.values():
            for name in module.patched:
                entity = module.names.get(name)
                found = self.find(entity.target) if isinstance(entity, Alias) else (module, entity)
                if found is not None and isinstance(found[1], Class):
                    found[1].opaque = True
                elif isinstance(entity, Alias) and entity.target in self.modules:
                    self.modules[entity.target].opaque = True
        changed = True
        while changed:
            changed = False
            for module in self.modules.values():
                for star in module.stars:
                    if star in module.soft:
                        continue
                    source = self.modules.get(star)
                    hides = (source is None and star not in self.gone) or (
                        source is not None and source.opaque and source.exported is None
                    )
                    if hides and not module.opaque and module.name not in covered:
                        module.opaque = changed = True
        for name in list(self.modules):
            for at, char in enumerate(name):
                if char == "." and name[:at] not in self.modules:  # a folder without `__init__`
                    self.modules[name[:at]] = Module(name[:at], is_package=True)
        for module in self.modules.values():
            for name in module.exported or ():
                own = module.names.get(name)
                if isinstance(own, Alias) and own.hidden:
                    module.names[name] = Alias(own.target)
                module.names.setdefault(
                    name, Alias(f"{module.name}.{name}") if f"{module.name}.{name}" in self.modules else Variable()
                )

    def prune(self, internal: tuple[str, ...], kept: tuple[str, ...]) -> None:
        """Leave out of an old version what is no API: private names, and internal modules that no API refers to."""
        private = {
            n
            for n in self.modules
            if "._" in f".{n}" or any(n == i or n.startswith((i + ".", i + "_")) for i in internal)
        }
        keep: set[str] = set()
        queue = [n for n in self.modules if n not in private or any(n == k or n.startswith(k + ".") for k in kept)]
        while queue:
            name = queue.pop()
            if name in keep:
                continue
            keep.add(name)
            module = self.modules[name]
            targets = [
                self.absolute(module, e.target)
                for n, e in module.names.items()
                if isinstance(e, Alias) and not n.startswith("_")
            ]
            for target in [*targets, *(self.canonical(t) for t in targets)]:
                queue += [m for m in (target, target.rpartition(".")[0]) if m in private and m not in keep]
            queue += [s for s in module.stars if s in self.modules]
            for entity in module.names.values():
                if isinstance(entity, Class):
                    for base in entity.bases:
                        owner = self.canonical(self.absolute(module, "<local>." + base)).rpartition(".")[0]
                        queue += [owner] if owner in private else []
        self.hidden, self.pruned = private - keep, True

    def kept_back(self, module: Module) -> set[str]:
        """The public names that `from module import *` does not give, as far as its `__all__` says."""
        if module.exported is None:
            return set()
        names = {name for name in module.names if not name.startswith("_")} - set(module.exported)
        if module.closed:
            return names
        # What is added to `__all__` by code are names of the library's own.
        return {n for n in names if isinstance(e := module.names[n], Alias) and self.find(e.target) is None}

    # -- resolution

    def find(self, target: str, depth: int = 0) -> tuple[Module, Entity | None] | None:
        """The module and entity (None for the module itself) that an absolute dotted name leads to, or None."""
        if depth > MAX_DEPTH:
            return None
        parent, _, name = target.rpartition(".")
        if not parent:
            return (self.modules[target], None) if target in self.modules else None
        owner = self.modules.get(parent)
        if owner is None:
            found = self.find(parent, depth + 1)
            if found is None:
                return None
            if found[1] is None:
                return self.find(f"{found[0].name}.{name}", depth + 1) if found[0].name != parent else None
            if isinstance(found[1], Class):
                inner = found[1].members.get(name)
                return (found[0], inner) if isinstance(inner, Class) else None
            return None
        entity = owner.names.get(name)
        if isinstance(entity, Alias):
            goal = self.absolute(owner, entity.target)
            if goal == target:
                return (self.modules[target], None) if target in self.modules else None
            return self.find(goal, depth + 1)
        if entity is not None:
            return owner, entity
        if target in self.modules:
            return self.modules[target], None
        for star in reversed(owner.stars):  # the later import wins
            found = self.find(f"{star}.{name}", depth + 1) if star != parent else None
            if found is not None and found[1] is not None:
                return found
        return None

    def absolute(self, module: Module, target: str) -> str:
        """An alias's target, where it is `<local>.x.y` for a name of the module itself."""
        for _ in range(MAX_DEPTH):
            if not target.startswith("<local>."):
                return target
            first, _, rest = target[len("<local>.") :].partition(".")
            entity = module.names.get(first)
            base = f"{module.name}.{first}" if entity is not None else first
            if isinstance(entity, Alias) and not entity.target.startswith(f"<local>.{first}"):
                base = entity.target
            target = f"{base}.{rest}" if rest else base
        return target.removeprefix("<local>.")

    def canonical(self, target: str, depth: int = 0) -> str:
        """Where an alias ends: `module.Name` of the definition in this library, or a name outside it as it stands."""
        found = self.find(target)
        if found is None:
            return self._outside(target, depth)
        module, entity = found
        if entity is None:
            return module.name
        name = target.rpartition(".")[2]
        if module.names.get(name) is entity:
            return f"{module.name}.{name}"
        names = self._spelled.get(module.name)
        if names is None:
            names = self._spelled[module.name] = {id(e): n for n, e in reversed(module.names.items())}
        return f"{module.name}.{names[id(entity)]}" if id(entity) in names else target

    def _outside(self, target: str, depth: int) -> str:
        """Follow aliases as far as they stay in the library."""
        parent, _, name = target.rpartition(".")
        owner = self.modules.get(parent)
        if owner is None or depth > MAX_DEPTH:
            return target
        entity = owner.names.get(name)
        if isinstance(entity, Alias):
            goal = self.absolute(owner, entity.target)
            return self._outside(goal, depth + 1) if goal != target else target
        return target

    def type_of(self, module: Module, text: str, depth: int = 0) -> str:
        """The class that an annotation of a module means, absolute; "~" for the owner; empty where none is meant."""
        if text in {"", "~", "?", "None"} or depth > 4:
            return "~" if text == "~" else ""
        called = text.endswith("()")
        target = self.absolute(module, "<local>." + text.removesuffix("()"))
        if "." not in target:
            return f"builtins.{target}" if target in PLAIN_RESULTS and not called else ""
        found = self.find(target)
        if found is None:
            if called:
                return ""
            outside = self._outside(target, 0)
            return "" if outside.startswith(ABSTRACT_ROOTS) or outside.partition(".")[0] in self.roots else outside
        where, entity = found
        if isinstance(entity, Class):
            is_protocol = any(base.rpartition(".")[2] == "Protocol" for base in entity.bases)
            return "" if is_protocol and "__call__" not in entity.members else self.canonical(target)
        if called and isinstance(entity, Function) and not entity.is_async and entity.result != "~":
            return self.type_of(where, entity.result, depth + 1)
        return ""

    @property
    def roots(self) -> set[str]:
        """The top-level names."""
        return {name.partition(".")[0] for name in self.modules}


def _module_name(path: str) -> tuple[str, bool, bool] | None:
    """Dotted name, whether a package, whether a stub, of a file in an import tree; None for what is no module."""
    parts = list(PurePosixPath(path).parts)
    file = parts.pop()
    stem, _, ending = file.partition(".")
    if parts and parts[0].endswith("-stubs"):
        parts[0] = parts[0].removesuffix("-stubs")
    if not all(p.isidentifier() for p in parts) or not stem.isidentifier():
        return None
    is_package = stem == "__init__"
    names = parts if is_package else [*parts, stem]
    return (".".join(names), is_package, ending == "pyi") if names else None


def _overlay(source: Module, stub: Module, *, foreign: bool) -> Module:
    """What a source and its stub say together: every name of both, the types of the stub."""
    out = Module(
        source.name, source.is_package, dict(source.names), [*source.stars, *stub.stars], exported=source.exported
    )
    out.closed = source.closed
    out.opaque = (source.opaque or stub.opaque) if foreign else stub.opaque
    out.loose, out.patched = source.loose, source.patched
    if not foreign:
        out.soft = {star for star in source.stars if star not in stub.stars}
    for name, entity in stub.names.items():
        out.names[name] = _joined(source.names.get(name), entity, foreign=foreign)
    return out


def _joined(known: Entity | None, entity: Entity, *, foreign: bool) -> Entity:
    if known is None or (isinstance(entity, Alias) and entity.hidden):
        return known or entity
    if isinstance(known, Function) and isinstance(entity, Function):
        keep = foreign and known.signatures is not None
        return Function(
            entity.kind,
            known.signatures if keep else entity.signatures,
            entity.result or known.result,
            is_async=entity.is_async,
            is_overload=entity.is_overload,
        )
    if isinstance(known, Class) and isinstance(entity, Class):
        out = Class(
            known.name, [*entity.bases, *(b for b in known.bases if b not in entity.bases)], dict(known.members)
        )
        out.opaque = entity.opaque or ("__getattr__" in known.members) or (foreign and known.opaque)
        out.plain_constructor = entity.plain_constructor and (known.plain_constructor or not foreign)
        for name, member in entity.members.items():
            if foreign and name in MAKERS and MAKERS & known.members.keys():
                continue  # how it is made, its own source says
            out.members[name] = _joined(known.members.get(name), member, foreign=foreign)
        return out
    if isinstance(entity, Variable) and not entity.type:
        return known
    if isinstance(entity, Alias) and isinstance(known, (Class, Function)):
        return known
    return entity
