"""The standard library of each Python version: typeshed's stubs, and every name that interpreters and sources show."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from apis.library import SKIPPED, Library
from apis.model import Alias, Class, Entity, Module, Variable
from apis.read import read

OLDEST_TYPED = 10  # typeshed describes 3.10 and later; before that, the names of interpreters are all there is
NEWEST = 15
NAMES_SCRIPT = Path(__file__).with_name("names_of_interpreter.py")
Names = dict[str, dict[str, list[str] | None]]


def versions(typeshed: Path, interpreters: dict[int, Path]) -> dict[int, Library]:
    """A `Library` for each minor version of Python 3, oldest first; `interpreters` by minor version."""
    shown = {minor: names_of(path) for minor, path in interpreters.items()}
    sources = {
        minor: source_members(interpreters[minor]) for minor in {min(interpreters), OLDEST_TYPED, max(interpreters)}
    }
    out: dict[int, Library] = {}
    for minor in range(min(interpreters), NEWEST + 1):
        library = _typed(typeshed, max(minor, OLDEST_TYPED))
        names = shown.get(minor)
        if names is not None:
            if minor < OLDEST_TYPED:
                _only_older(library, names, shown[OLDEST_TYPED])
            _add_names(library, names)
            for name in [
                n for n in library.modules if "." in n and n not in names and any(n in s for s in shown.values())
            ]:
                del library.modules[name]
                library.gone.add(name)
        elif minor > max(shown):
            _add_untyped(library, shown[max(shown)], _typed(typeshed, max(shown)))
        for members in sources.values():
            _add_members(library, members)
        library.finish()
        out[minor] = library
    return out


def names_of(interpreter: Path) -> Names:
    """What the modules of an interpreter's standard library bind."""
    # codeguard: ignore[CGS201] an argument list without a shell; who builds the table names the interpreters
    done = subprocess.run(
        [str(interpreter), "-I", str(NAMES_SCRIPT)],
        capture_output=True,
        check=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
    )
    found: Names = json.loads(done.stdout[done.stdout.index(b"{") :])
    return found


def source_members(interpreter: Path) -> dict[str, dict[str, set[str]]]:
    """Module -> class -> members that an interpreter's sources show, instance attributes too."""
    root = interpreter.parent.parent / "lib"
    folder = next(iter(sorted(root.glob("python3.*"))))
    out: dict[str, dict[str, set[str]]] = {}
    for path in folder.rglob("*.py"):
        parts = path.relative_to(folder).with_suffix("").parts
        if parts[0] in {"site-packages", "test", "idlelib", "lib2to3"} or "tests" in parts or "test" in parts:
            continue
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        module = read(path.read_text("utf-8", "replace"), name, is_package=is_package, stub=False)
        if module is None:
            continue
        out[name] = {n: set(e.members) for n, e in module.names.items() if isinstance(e, Class)}
        out[name]["!loose"] = module.loose
    return out


def condition(minor: int) -> Callable[[ast.expr], bool | None]:
    """What a stub's `if` says for Python 3.`minor`; None where it asks for something else, such as the platform."""

    def decide(test: ast.expr) -> bool | None:
        if isinstance(test, ast.BoolOp):
            known = [decide(value) for value in test.values]
            if isinstance(test.op, ast.And):
                return False if False in known else None if None in known else True
            return True if True in known else None if None in known else False
        if isinstance(test, ast.Compare) and ast.unparse(test.left) == "sys.version_info" and len(test.ops) == 1:
            wanted = ast.literal_eval(test.comparators[0])
            if isinstance(test.ops[0], ast.GtE):
                return (3, minor) >= tuple(wanted[:2])
            if isinstance(test.ops[0], ast.Lt):
                return (3, minor) < tuple(wanted[:2])
        return None

    return decide


def _typed(typeshed: Path, minor: int) -> Library:
    library = Library()
    roots: set[str] = set()
    files: list[tuple[str, bytes]] = []
    spans = _module_versions(typeshed / "VERSIONS")
    for path in sorted(typeshed.rglob("*.pyi")):
        relative = path.relative_to(typeshed)
        parts = relative.with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        if any(part in SKIPPED for part in parts[1:]) or not _exists(name, spans, minor):
            continue
        roots.add(parts[0])
        files.append((str(relative), path.read_bytes()))
    library.add(files, roots, wanted=condition(minor))
    return library


def _module_versions(path: Path) -> dict[str, tuple[int, int]]:
    out: dict[str, tuple[int, int]] = {}
    for line in path.read_text("utf-8").splitlines():
        match = re.match(r"([\w.]+): 3\.(\d+)-(?:3\.(\d+))?", line)
        if match:
            out[match[1]] = (int(match[2]), int(match[3] or 99))
    return out


def _exists(name: str, spans: dict[str, tuple[int, int]], minor: int) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        span = spans.get(".".join(parts[:length]))
        if span is not None:
            return span[0] <= minor <= span[1]
    return False


def _only_older(library: Library, names: Names, later: Names) -> None:
    """Leave only what an older interpreter shows, where the later one shows it at all."""
    for module_name in list(library.modules):
        if module_name not in names and module_name in later:
            del library.modules[module_name]
            library.gone.add(module_name)
            continue
        shown, known = names.get(module_name, {}), later.get(module_name, {})
        module = library.modules[module_name]
        for name in list(module.names):
            if name in known and name not in shown:
                del module.names[name]
        for name, entity in module.names.items():
            own, later_own = shown.get(name), known.get(name)
            if isinstance(entity, Class) and own is not None and later_own is not None:
                for member in [m for m in entity.members if m in later_own and m not in own]:
                    del entity.members[member]


def _add_names(library: Library, names: Names) -> None:
    for module_name, shown in names.items():
        module = library.modules.get(module_name)
        if module is None:
            module = library.modules[module_name] = Module(module_name, is_package=False)
        module.stub = False  # the interpreter shows what the stub keeps to itself
        for name, members in shown.items():
            entity = module.names.setdefault(name, Variable())
            if isinstance(entity, Alias) and entity.hidden:
                module.names[name] = Variable()
            if isinstance(entity, Class) and members is not None:
                for member in members:
                    if not member.startswith("__"):
                        entity.members.setdefault(member, Variable())


def _add_untyped(library: Library, names: Names, typed: Library) -> None:
    """Names of the newest interpreter that its stubs do not know are taken to live on."""
    for module_name, shown in names.items():
        module, known = library.modules.get(module_name), typed.modules.get(module_name)
        if module is None and known is None:
            module = library.modules[module_name] = Module(module_name, is_package=False)
        if module is None:
            continue
        for name, members in shown.items():
            before: Entity | None = known.names.get(name) if known else None
            if before is None:
                module.names.setdefault(name, Variable())
            now: Any = module.names.get(name)
            if isinstance(now, Class) and isinstance(before, Class) and members is not None:
                for member in members:
                    if member not in before.members and not member.startswith("__"):
                        now.members.setdefault(member, Variable())


def _add_members(library: Library, sources: dict[str, dict[str, set[str]]]) -> None:
    for module_name, classes in sources.items():
        module = library.modules.get(module_name)
        library.loose.setdefault(module_name, set()).update(classes.get("!loose", ()))
        if module is None:
            continue
        for name, members in classes.items():
            entity = module.names.get(name)
            if isinstance(entity, Class):
                for member in members:
                    if not member.startswith("__"):
                        entity.members.setdefault(member, Variable())
