"""Rebuild the tables of `codeguard.knowledge.packages`: standard-library modules, popular names, import names.

    python tools/build_packages.py --interpreter python3.8 --interpreter python3.13 ...

The popular names are those that the wheel of `guarddog` ships, the import names those of the wheel of `pipreqs`; both
are fetched with `pip download --no-deps` and read as archives, never installed.  Standard-library modules are what each
interpreter's library folder holds, named without being imported, and what typeshed's `VERSIONS` (in the installed mypy)
says of versions that are not at hand.  What people know better stands in `curated.py` and is not written by this.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime, timezone
from pathlib import Path

TARGET = Path(__file__).resolve().parent.parent / "src" / "codeguard" / "knowledge" / "packages"
OLDEST, NEWEST = (3, 8), (3, 14)
SKIPPED = ("test", "idlelib.idle_test", "lib2to3.tests", "ctypes.test", "unittest.test", "sqlite3.test")
# Modules that an interpreter makes while it runs, so that no file has their name.
MADE = {
    "os.path": "-",
    "xml.parsers.expat.model": "-",
    "xml.parsers.expat.errors": "-",
    "pyexpat.model": "-",
    "pyexpat.errors": "-",
    "typing.io": "-3.12",
    "typing.re": "-3.12",
    "sys.monitoring": "3.12-",
    "__main__": "-",
    "test": "-",
}
LIST_MODULES = """
import json, os, sys, sysconfig
top = sysconfig.get_paths()["stdlib"]
names = set(sys.builtin_module_names) | set(getattr(sys, "stdlib_module_names", ()))
for folder, folders, files in os.walk(top):
    folders[:] = [f for f in folders if f.isidentifier() and f not in ("site-packages", "__pycache__", "test", "tests")]
    inner = os.path.relpath(folder, top).split(os.sep)
    inner = [] if inner in (["."], ["lib-dynload"]) else inner
    for name in files:
        stem, _, rest = name.partition(".")
        if rest.rpartition(".")[2] in ("py", "so") and (stem.isidentifier()):
            names.add(".".join(inner + ([] if stem == "__init__" else [stem])))
for entry in os.listdir(os.path.join(top, "lib-dynload")):
    names.add(entry.partition(".")[0])
print(json.dumps([list(sys.version_info[:2]), sorted(n for n in names if n and n.replace(".", "a").isidentifier())]))
"""


def standard_modules(interpreters: Iterable[str]) -> list[str]:
    """`name first-last` for each module, either end empty where it lies outside of the versions looked at."""
    seen: dict[str, set[tuple[int, int]]] = {}
    looked: list[tuple[int, int]] = []
    for interpreter in interpreters:
        # codeguard: ignore[CGS201] an argument list without a shell; who builds the table names the interpreters
        answer = subprocess.run([interpreter, "-I", "-c", LIST_MODULES], capture_output=True, text=True, check=True)
        version, names = json.loads(answer.stdout)
        looked.append(tuple(version))
        for name in names:
            seen.setdefault(name, set()).add(tuple(version))
    first_at_hand, last_at_hand = min(looked), max(looked)
    rows: dict[str, str] = {}
    for name, versions in seen.items():
        first = "" if min(versions) == first_at_hand else _text(min(versions))
        last = "" if max(versions) == last_at_hand else _text(max(versions))
        rows[name] = f"{first}-{last}"
    for name, begins, ends in _typeshed_versions():
        # Modules of other platforms have no file here: what typeshed says of their age is better.
        here, _, gone = rows.get(name, "-").partition("-")
        since = "" if begins <= OLDEST else here or _text(begins)
        rows[name] = f"{since}-{gone or (_text(ends) if ends and ends < NEWEST else '')}"
    rows.update(MADE)
    skipped = tuple(f"{name}." for name in SKIPPED)
    return [f"{name} {rows[name]}" for name in sorted(rows) if not name.startswith(skipped)]


def _typeshed_versions() -> list[tuple[str, tuple[int, int], tuple[int, int] | None]]:
    found = importlib.util.find_spec("mypy")
    if found is None or found.origin is None:
        raise SystemExit("mypy must be installed: typeshed's VERSIONS is read from it")
    text = (Path(found.origin).parent / "typeshed" / "stdlib" / "VERSIONS").read_text("utf-8")
    rows = re.findall(r"^([\w.]+): 3\.(\d+)-(?:3\.(\d+))?", text, re.MULTILINE)
    return [(name, (3, int(first)), (3, int(last)) if last else None) for name, first, last in rows]


def _text(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def popular_names(wheel: zipfile.ZipFile) -> tuple[list[str], str]:
    """The most downloaded distributions, best first, normalised (PEP 503), and the day of the list."""
    data = json.loads(wheel.read("guarddog/analyzer/metadata/resources/top_pypi_packages.json"))
    day = datetime.fromtimestamp(data["downloaded_timestamp"], timezone.utc).date().isoformat()
    return list(dict.fromkeys(re.sub(r"[-_.]+", "-", name).lower() for name in data["packages"])), day


def import_names(wheel: zipfile.ZipFile) -> list[str]:
    """`import distribution` where the two differ by more than spelling."""
    rows = {}
    for line in wheel.read("pipreqs/mapping").decode("utf-8").splitlines():
        module, _, distribution = line.strip().partition(":")
        normal = re.sub(r"[-_.]+", "-", distribution).lower()
        if re.fullmatch(r"\w+(\.\w+)*", module) and normal != re.sub(r"[-_.]+", "-", module).lower():
            rows[module] = normal
    return [f"{module} {rows[module]}" for module in sorted(rows)]


def _wheel(name: str, folder: str) -> tuple[zipfile.ZipFile, str]:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, name]
    subprocess.run(command, check=True)
    path = next(Path(folder).glob(f"{name}-*.whl"))
    return zipfile.ZipFile(path), path.name.split("-")[1]


def _write(name: str, header: str, lines: Iterable[str]) -> None:
    (TARGET / name).write_text(f"# {header}\n" + "\n".join(lines) + "\n", "utf-8", newline="\n")


def main() -> None:
    """Write the three tables."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--interpreter", action="append", required=True, help="a Python, one for each version")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        guarddog, version = _wheel("guarddog", folder)
        names, day = popular_names(guarddog)
        _write("popular.txt", f"The most downloaded names, best first; {day}; guarddog {version}, Apache-2.0.", names)
        pipreqs, version = _wheel("pipreqs", folder)
        _write("imports.txt", f"Import name, distribution; pipreqs {version}, Apache-2.0.", import_names(pipreqs))
    rows = standard_modules(asked.interpreter)
    _write("standard.txt", f"Module, first and last version of Python, {_text(OLDEST)} to {_text(NEWEST)}.", rows)


if __name__ == "__main__":
    main()
