"""The names of libraries that a file asks for and that are not there: invented, removed, or too new."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import libcst as cst

from codeguard.checks.correctness._apis import Apis, apis
from codeguard.checks.correctness._kinds import kinds
from codeguard.knowledge.apis.lookup import ABSTRACT, Kind, Library, Member, Status, Thing, library_of, resolve
from codeguard.knowledge.apis.replacements import REPLACEMENTS
from codeguard.knowledge.apis.versions import admitted, within
from codeguard.syntax.scope import dotted, import_base
from codeguard.syntax.unit import Unit

# Modules of the standard library that setuptools brings back for whoever installs it.
PROVIDED = frozenset({"distutils"})


# Other libraries add methods to the classes of these (`register_dataframe_accessor`).
EXTENDED = frozenset({"pandas"})
# What classes have of `type`, `abc.ABCMeta` and `enum.EnumType`.
OF_METACLASSES = frozenset({"mro", "register"})


class Fault(Enum):
    """What is wrong with a name.

    No version read has it; those that may be used lost it; the newest lost it, and nothing says that it is used; or
    only newer ones than may be used have it.
    """

    INVENTED = "invented"
    REMOVED = "removed"
    PERHAPS_REMOVED = "perhaps removed"
    TOO_NEW = "too new"


@dataclass(frozen=True, slots=True)
class Problem:
    """A name that its owner does not have: where, and in which versions (a mask) it exists."""

    node: cst.CSTNode
    owner: Thing
    name: str
    fault: Fault
    mask: int
    imported: bool

    @property
    def library(self) -> Library:
        """The library that was asked."""
        return self.owner.library


def problems(unit: Unit) -> list[Problem]:
    """Every wrong name of a unit, imports first; ask through `unit.fact(problems)`."""
    known = unit.fact(apis)
    found: list[Problem] = []
    for statement in unit.nodes(cst.Import):
        for alias in statement.names:
            found += _module(alias, dotted(alias.name) or "", unit, known)
    for origin in unit.nodes(cst.ImportFrom):
        found += _from(origin, unit, known)
    imported = {(p.owner.key, p.name) for p in found}
    for attribute in unit.nodes(cst.Attribute):
        problem = _attribute(attribute, unit, known)
        if problem is not None and (problem.owner.key, problem.name) not in imported:
            found.append(problem)
    return found


def _module(node: cst.CSTNode, name: str, unit: Unit, known: Apis) -> Iterator[Problem]:
    """The first module on the way of a dotted name that does not exist."""
    root, _, rest = name.partition(".")
    library = library_of(root)
    if library is None or not known.known(root) or root in PROVIDED or root.startswith("_"):
        return
    here = root
    gone = judge(Member(Status.PRESENT, _mask(library, root), library.all_versions), library, root, unit)
    if gone is not None and not known.is_guarded(node) and not unit.project.declares(f"standard-{root}"):
        yield Problem(node, Thing(Kind.MODULE, library, ""), root, gone, _mask(library, root), imported=True)
        return
    for part in rest.split(".") if rest else ():
        owner = Thing(Kind.MODULE, library, here)
        here = f"{here}.{part}"
        if library.has_module(here):
            chunk = library.chunk(here)
            member = Member(Status.PRESENT, chunk.mask if chunk else 0, library.all_versions)
            if chunk is not None:
                fault = judge(member, library, here, unit)
                if fault is not None and not known.is_guarded(node):
                    yield Problem(node, owner, part, fault, chunk.mask, imported=True)
                    return
            continue
        chunk = library.chunk(owner.key)
        if chunk is None or chunk.opaque or library.is_left_out(here):
            return
        inner = library.member(owner, part)
        if inner.status is Status.ABSENT or (inner.thing is not None and inner.thing.kind is not Kind.MODULE):
            if not known.is_guarded(node) and (not _is_private(owner, part) or variant_of(part, names_of(owner))):
                yield Problem(node, owner, part, Fault.INVENTED, 0, imported=True)
        return


def _mask(library: Library, module: str) -> int:
    chunk = library.chunk(module)
    return library.all_versions if chunk is None else chunk.mask


def _from(statement: cst.ImportFrom, unit: Unit, known: Apis) -> Iterator[Problem]:
    base = import_base(statement)
    root = base.partition(".")[0]
    if not root or library_of(root) is None or not known.known(root):
        return
    missing = list(_module(statement, base, unit, known))
    if missing:
        yield from missing
        return
    owner = resolve(base)
    if owner is None or owner.kind is not Kind.MODULE or isinstance(statement.names, cst.ImportStar):
        return
    for alias in statement.names:
        name = dotted(alias.name) or ""
        member = owner.library.member(owner, name)
        problem = _judged(alias, owner, name, member, unit, known, imported=True)
        if problem is not None:
            yield problem


def _attribute(node: cst.Attribute, unit: Unit, known: Apis) -> Problem | None:
    name = node.attr.value
    owner = known.of(node.value)
    if owner is None or owner.kind not in {Kind.MODULE, Kind.CLASS, Kind.INSTANCE} or name in known.stored:
        return None
    parent = unit.parent(node)
    if isinstance(parent, (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.Del, cst.ImportAlias, cst.ImportFrom)):
        return None
    if owner.kind is Kind.INSTANCE and owner.key.startswith(ABSTRACT):
        return None
    if owner.kind is Kind.CLASS and (name in OF_METACLASSES or name.startswith("_")):
        return None
    if owner.key.startswith("builtins:") and unit.fact(kinds).of(node.value) is not None:
        return None  # the built-in types have a check of their own
    called = isinstance(parent, cst.Call) and parent.func is node
    member = owner.library.member(owner, name, called=called)
    if member.status is Status.ABSENT and owner.library.root in EXTENDED and not unit.fact(_imports_known_only):
        return None
    return _judged(node, owner, name, member, unit, known, imported=False)


def _imports_known_only(unit: Unit) -> bool:
    """Whether every absolute import is of a library that was read."""
    roots = {dotted(alias.name) or "" for node in unit.nodes(cst.Import) for alias in node.names}
    roots |= {import_base(node) for node in unit.nodes(cst.ImportFrom)}
    return all(library_of(root.partition(".")[0]) is not None for root in roots if not root.startswith("."))


def _judged(
    node: cst.CSTNode, owner: Thing, name: str, member: Member, unit: Unit, known: Apis, *, imported: bool
) -> Problem | None:
    fault = judge(member, owner.library, f"{owner.name}.{name}", unit)
    if fault is None:
        return None
    if _is_private(owner, name) and (fault is not Fault.INVENTED or not variant_of(name, names_of(owner))):
        return None  # what is private comes and goes between the versions read
    if known.is_guarded(node):
        return None
    return Problem(node, owner, name, fault, member.mask, imported)


def _is_private(owner: Thing, name: str) -> bool:
    """Whether a name, or the module or class that it is asked of, is no part of the library's API."""
    return name.startswith("_") or "._" in f".{owner.key}"


def judge(member: Member, library: Library, name: str, unit: Unit) -> Fault | None:
    """What is wrong with a dotted name for the versions that the project may use; None where nothing is.

    Where nothing says which they are, only what is known to be gone for long is gone: from the two newest versions of
    Python, or from those of a library whose release notes name a replacement.
    """
    if member.status is Status.ABSENT:
        return Fault.INVENTED
    if member.status is not Status.PRESENT or not member.mask:
        return None
    declared = asked(library, unit)
    if declared is None:
        latest = library.newest & member.whole
        if not latest or member.mask & latest:
            return None
        lasting = not member.mask & library.newest >> 1
        return Fault.REMOVED if lasting and (library.is_stdlib or name in REPLACEMENTS) else Fault.PERHAPS_REMOVED
    wanted = declared & member.whole
    if not wanted or not wanted & ~member.mask:
        return None
    if wanted & library.newest and not member.mask & library.newest:
        return Fault.REMOVED  # what is installed today lacks it
    if member.mask & wanted:
        return None
    return Fault.REMOVED if member.mask < wanted else Fault.TOO_NEW


def asked(library: Library, unit: Unit) -> int | None:
    """The mask of the read versions that the project may use; None where nothing says so."""
    project = unit.project
    if library.is_stdlib:
        low, high = project.python
        if low is None and high is None:
            return None
        texts = (f">={low[0]}.{low[1]}" if low else "", f"<{high[0]}.{high[1] + 1}" if high else "")
        return within(",".join(text for text in texts if text), library.versions)
    constraint = project.distributions.get(library.distribution, "")
    if library.distribution in project.locked:
        constraint = f"=={project.locked[library.distribution]}"
    return admitted(constraint, library.versions)


def names_of(owner: Thing) -> list[str]:
    """The names that a module, class or instance has, private ones included."""
    library = owner.library
    if owner.kind is Kind.MODULE:
        chunk = library.chunk(owner.key)
        names = list(chunk.names) if chunk else []
        for star in chunk.others if chunk else ():
            more = library.chunk(star.removeprefix("~"))
            names += list(more.names) if more else []
        return [*names, *library.submodules(owner.key)]
    found: list[str] = []
    for other, key in library.line(owner.key):
        chunk = other.chunk(key) if other is not None else None
        found += list(chunk.names) if chunk else []
    return found


def variant_of(name: str, names: list[str]) -> str:
    """The name that `name` is an invented variant of: with more words before or after it; empty where there is none."""
    best = ""
    for one in names:
        if name.startswith("_") and not one.startswith("_"):
            continue  # of a private name, another private one
        if (
            len(one.strip("_")) > 1
            and re.search(rf"(?:\b|_){re.escape(one)}(?:\b|_|s$)", name)
            and len(one) > len(best)
        ):
            best = one
    return best


def nearest(problem: Problem) -> str:
    """The name of the owner that was probably meant; empty where none is near."""
    names = [n for n in names_of(problem.owner) if not n.startswith("__")]
    found = difflib.get_close_matches(problem.name, names, 1, 0.75)
    if found:
        return found[0]
    return variant_of(problem.name, names)


def told(problem: Problem, harm: str) -> str:
    """The message for a name that no version read has."""
    owner = problem.owner
    what = {Kind.MODULE: "module", Kind.CLASS: "class"}.get(owner.kind, "type")
    near = nearest(problem)
    hint = f"; it has `{near}`" if near else ""
    return f"{what} `{owner.name}` has no `{problem.name}`{_read(owner.library)}, so {harm}{hint}"


def told_removed(problem: Problem) -> str:
    """The message for a name that only older versions have."""
    library = problem.library
    last = problem.mask.bit_length() - 1
    product = "Python" if library.is_stdlib else library.root
    instead = replacement(problem)
    hint = f"; {instead}" if instead else ""
    gone = f"`{_whole(problem)}` is gone from {product} {library.versions[last + 1]}"
    return f"{gone} (it was there in {library.versions[last]}), so this fails with newer versions{hint}"


def told_too_new(problem: Problem) -> str:
    """The message for a name that only newer versions have."""
    library = problem.library
    first = (problem.mask & -problem.mask).bit_length() - 1
    product = "Python" if library.is_stdlib else library.root
    what = f"`{_whole(problem)}` needs {product} {library.versions[first]}"
    return f"{what} (it is not there in {library.versions[first - 1]}), and the project declares older ones"


def _read(library: Library) -> str:
    if library.is_stdlib:
        return ""
    first, last = library.versions[0], library.versions[-1]
    return f" in {library.root} {first}" if first == last else f" in {library.root} {first} to {last}"


def replacement(problem: Problem) -> str:
    """What took a removed name's place, as advice; empty where that is not known."""
    return REPLACEMENTS.get(_whole(problem), "")


def _whole(problem: Problem) -> str:
    return f"{problem.owner.name}.{problem.name}".removeprefix(".")
