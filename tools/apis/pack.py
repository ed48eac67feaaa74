"""Write the versions of a library as one compact text: see `codeguard.knowledge.apis` for its format."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from apis.library import Library
from apis.model import Alias, Class, Entity, Module, Variable

# Imported for annotations alone: that the names exist is all that matters.
CALLED = {"__init__", "__new__", "__call__", "__enter__", "__aenter__", "__getitem__"}
UNINTERESTING = ("typing.", "typing_extensions.", "__future__.", "collections.abc.")


def pack(versions: list[Library], root: str = "") -> str:
    """The text of a library; the first version is the oldest, and bit `1 << n` of a mask means `versions[n]`.

    `root`: only the modules of that top-level name.
    """
    modules: defaultdict[str, dict[int, Module]] = defaultdict(dict)
    for at, library in enumerate(versions):
        for name, module in library.modules.items():
            if name not in library.hidden and (not root or name.partition(".")[0] == root):
                modules[name][at] = module
    loose = {
        n for v in versions for m, names in v.loose.items() if not root or m.partition(".")[0] == root for n in names
    }
    chunks = ["!loose\n" + " ".join(sorted(loose))]
    for name in sorted(modules):
        chunks.extend(_module(name, modules[name], versions))
    compiled = sorted(set().union(*(v.compiled for v in versions)) - set(modules))
    chunks.append("!compiled\n" + " ".join(compiled))
    return "\n@".join(chunks)


def _mask(bits: Iterator[int] | list[int] | set[int] | dict[int, Module]) -> int:
    out = 0
    for bit in bits:
        out |= 1 << bit
    return out


def _module(name: str, by_version: dict[int, Module], versions: list[Library]) -> Iterator[str]:
    whole = _mask(by_version)
    opaque = _mask([at for at, module in by_version.items() if module.opaque])
    stub = _mask([at for at, module in by_version.items() if module.stub])
    payloads: defaultdict[str, dict[int, str]] = defaultdict(dict)
    classes: defaultdict[str, dict[int, tuple[Class, Module]]] = defaultdict(dict)
    for at, module in by_version.items():
        for item, entity in module.names.items():
            if item.startswith("_") and versions[at].pruned:
                continue  # what is private in an old version is nobody's business
            if isinstance(entity, Alias) and entity.hidden:
                continue
            payloads[item][at] = _payload(item, entity, module, versions[at])
            if isinstance(entity, Class):
                classes[item][at] = (entity, module)
    soft = set().union(*(module.soft for module in by_version.values()))
    hard = {star for module in by_version.values() for star in module.stars if star not in module.soft}
    every = dict.fromkeys(star for module in by_version.values() for star in module.stars)
    stars = [f"~{star}" if star in soft - hard else star for star in every]
    kept, given = set(), set()
    for at, module in by_version.items():
        back = versions[at].kept_back(module)
        kept |= back
        given |= {name for name in module.names if name not in back}
    kept -= given
    if kept and any(name in module.stars for library in versions for module in library.modules.values()):
        payloads["*"] = dict.fromkeys(by_version, "*" + " ".join(sorted(kept)))
    yield f"{name} {whole:x} {opaque:x} {stub:x} {','.join(stars)}\n" + _names(payloads, whole)
    for item in sorted(classes):
        yield from _class(f"{name}:{item}", classes[item], versions)


def _class(key: str, by_version: dict[int, tuple[Class, Module]], versions: list[Library]) -> Iterator[str]:
    whole = _mask(list(by_version))
    opaque = _mask([at for at, (cls, _) in by_version.items() if cls.opaque])
    plain = _mask([at for at, (cls, _) in by_version.items() if cls.plain_constructor])
    bases: dict[str, int] = {}
    payloads: defaultdict[str, dict[int, str]] = defaultdict(dict)
    inner: defaultdict[str, dict[int, tuple[Class, Module]]] = defaultdict(dict)
    for at, (cls, module) in by_version.items():
        library = versions[at]
        for base in cls.bases:
            if base.rpartition(".")[2] in {"Generic", "Protocol"}:
                continue
            target = "?" if base == "?" else library.absolute(module, "<local>." + base)
            target = f"builtins.{target}" if "." not in target and target != "?" else target
            target = target if target == "?" else library.canonical(target)
            bases[target] = bases.get(target, 0) | 1 << at
        for item, entity in cls.members.items():
            if item.startswith("_") and library.pruned and item not in CALLED:
                continue
            payloads[item][at] = _payload(item, entity, module, library)
            if isinstance(entity, Class):
                inner[item][at] = (entity, module)
    yield f"{key} {whole:x} {opaque:x} {plain:x} {','.join(bases)}\n" + _names(payloads, whole)
    for item in sorted(inner):
        yield from _class(f"{key}.{item}", inner[item], versions)


def _names(payloads: dict[str, dict[int, str]], whole: int) -> str:
    """One line for each name; those of which nothing is known but that every version has share the first line."""
    bare: list[str] = []
    lines: list[str] = []
    for name in sorted(payloads):
        masks: dict[str, int] = {}
        for at, payload in payloads[name].items():
            masks[payload] = masks.get(payload, 0) | 1 << at
        if len(masks) == 1 and next(iter(masks.values())) == whole:
            payload = next(iter(masks))
            if payload == "V":
                bare.append(name)
            else:
                lines.append(f"{name}\t{payload}")
        else:
            lines.append("\t".join([name, *(f"{mask:x}:{payload}" for payload, mask in masks.items())]))
    return "\n".join([" ".join(bare), *lines])


def _payload(name: str, entity: Entity, module: Module, library: Library) -> str:
    if isinstance(entity, Class):
        return "C"
    if isinstance(entity, Alias):
        target = library.canonical(library.absolute(module, entity.target))
        if target.startswith(UNINTERESTING):
            return "V"
        return "V" if target == f"{module.name}.{name}" and target not in library.modules else f"={target}"
    if isinstance(entity, Variable):
        return "V" + library.type_of(module, entity.type)
    result = library.type_of(module, entity.result)
    if entity.kind == "p":
        return "P" + result
    signatures = "?" if entity.signatures is None else f"({'|'.join(dict.fromkeys(entity.signatures))})"
    return f"{entity.kind.upper()}{'!' if entity.is_async else ''}{signatures}{result}"
