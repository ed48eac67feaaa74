"""What names mean: things of the project, wherever they are defined, and names of libraries."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping

from codeguard.flow import ir
from codeguard.flow.classes import class_of, class_type
from codeguard.flow.frame import Frame
from codeguard.flow.values import UNKNOWN, Callee, Value, fresh_id, library
from codeguard.knowledge.flow.model import Library, Source
from codeguard.project.modules import Modules


class Resolver(ABC):
    """The names of a project's modules.  What a module's variables hold, and what a source gives, the analysis says."""

    def __init__(self, modules: Mapping[str, ir.ModuleIR], facts: Library) -> None:
        self.modules = modules
        self.library = facts
        self.names = Modules(modules)

    @abstractmethod
    def module_env(self, path: str) -> dict[str, Value]:
        """The variables of a module after its body has run."""

    @abstractmethod
    def sourced(self, source: Source, path: str, at: int, type_: str | None = None) -> Value:
        """A value that is untrusted from here on."""

    def method(self, type_: str, name: str, seen: int = 0) -> tuple[str, int] | None:
        """The function that a method name means for a class of the project: (module path, number)."""
        path, number = class_of(type_)
        if path not in self.modules or seen > 8:
            return None
        cls = self.modules[path].classes[number]
        if name in cls.methods:
            return path, cls.methods[name]
        for base in cls.bases:
            found = self.resolve(base, path).ref if base else None
            if found is not None and found.kind == "class":
                inherited = self.method(class_type(found.module, found.number), name, seen + 1)
                if inherited is not None:
                    return inherited
        return None

    def bases(self, type_: str, seen: int = 0) -> list[str]:
        """The dotted names of a project class's bases that are not of the project, all the way up."""
        path, number = class_of(type_)
        if path not in self.modules or seen > 8:
            return []
        out = []
        for base in self.modules[path].classes[number].bases:
            found = self.resolve(base, path).ref if base else None
            if found is not None and found.kind == "class":
                out += self.bases(class_type(found.module, found.number), seen + 1)
            elif base:
                out.append(base)
        return out

    # -- names

    def resolve(self, dotted: str, importer: str) -> Value:
        """What a dotted name means in a module: something of the project, or a library's name."""
        if dotted.startswith("<local>."):
            return self._export(importer, tuple(dotted.split(".")[1:]), 0) or UNKNOWN
        found = self.names.find(dotted, importer)
        if found is not None:
            value = self._export(found[0], found[1], 0)
            if value is not None:
                return value
        return self.named(dotted, importer)

    def resolve_local(self, e: ir.Call, frame: Frame) -> ir.Function | None:
        """The function of the same module, nested ones included, that a call by name means."""
        if not isinstance(e.func, ir.Name):
            return None
        named = (f for f in self.modules[frame.module].functions if f.name == e.func.id and f.owner is None)
        return next((f for f in named if f.parent == frame.function.parent), None)

    def project_name(self, dotted: str, importer: str) -> Value | None:
        """What a dotted name means, where it leads into the project (a package without an `__init__.py`, say)."""
        if "()" in dotted or "[" in dotted:
            return None
        found = self.names.find(dotted, importer)
        return self._export(found[0], found[1], 0) if found is not None else None

    def named(self, dotted: str, importer: str, at: int = 0) -> Value:
        """A library's name, which may be a source of untrusted data (`sys.argv`)."""
        source = self.library.attributes.get(dotted)
        if source is not None:
            return self.sourced(source, importer, at, source.type)
        return library(dotted)

    def _export(self, path: str, rest: tuple[str, ...], depth: int) -> Value | None:
        module = self.modules[path]
        if not rest:
            return Value(fresh_id(), ref=Callee("module", module=path))
        if depth > 8:
            return None
        kind, target = module.exports.get(rest[0], ("", None))
        value: Value | None = None
        if kind == "function":
            value = Value(fresh_id(), ref=Callee("function", rest[0], path, target))
        elif kind == "class":
            value = Value(fresh_id(), ref=Callee("class", rest[0], path, target))
        elif kind == "import":
            found = self.names.find(target, path)
            if found is not None:
                return self._export(found[0], (*found[1], *rest[1:]), depth + 1)
            return self.named(".".join((target, *rest[1:])), path)
        elif kind == "value":
            value = self.module_env(path).get(rest[0])
        else:
            for star in module.stars:
                found = self.names.find(star, path)
                if found is not None and not found[1] and found[0] != path:
                    value = self._export(found[0], rest[:1], depth + 1)
                    if value is not None:
                        break
            if value is None:
                below = self.names.find("." + rest[0], path)
                return self._export(below[0], (*below[1], *rest[1:]), depth + 1) if below and below[0] != path else None
        for name in rest[1:]:
            if value is None or value.ref is None or value.ref.kind != "class":
                return None
            method = self.method(class_type(value.ref.module, value.ref.number), name)
            value = Value(fresh_id(), ref=Callee("function", name, *method)) if method else None
        return value

    def global_name(self, e: ir.Name, frame: Frame) -> Value:
        """A name that no function around binds."""
        env = self.module_env(frame.module)
        found = env.get(e.id)
        if found is not None:
            return found
        if e.ref is None:
            exported = self._export(frame.module, (e.id,), 0) if e.id in self.modules[frame.module].exports else None
            return exported or UNKNOWN
        source = self.library.attributes.get(e.ref)
        if source is not None:
            return self.sourced(source, frame.module, e.at, source.type)
        return self.resolve(e.ref, frame.module)
