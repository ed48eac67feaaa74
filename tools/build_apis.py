"""Build `src/codeguard/knowledge/apis/`: what libraries and the standard library have, read as text.

Usage: python tools/build_apis.py DOWNLOADS [--only ROOT ...] [--typeshed FOLDER --python 13=PATH ...]

DOWNLOADS is a folder for wheels; what is missing there is fetched with `pip download --no-deps`.  The standard library
is built where `--typeshed` (the `stdlib` folder of a typeshed, as mypy bundles it) and `--python` (an interpreter by
minor version) are given.  Run it with the newest Python there is: older ones cannot parse newer stubs.  No third-party
code is imported or run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import re
import subprocess
import sys
import zipfile
import zlib
from email.parser import HeaderParser
from pathlib import Path
from typing import Any

from apis.boto import pack_services
from apis.library import Library, files_of
from apis.pack import pack
from apis.packages import PACKAGES, Package
from apis.stdlib import versions as stdlib_versions

DATA = Path(__file__).resolve().parent.parent / "src" / "codeguard" / "knowledge" / "apis"
INDEX = DATA / "index.json"
# Wheels of these are read; older versions have them for older interpreters only.
PYTHONS = ("3.13", "3.10", "3.9")
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64", "macosx_14_0_arm64", "any")


def archive(distribution: str, version: str, folder: Path) -> Path:
    """The wheel of a distribution (the newest where `version` is empty), downloaded where it is not there yet."""
    wanted = re.sub(r"[-_.]+", "_", distribution).lower()
    found = [
        path
        for path in folder.glob("*.whl")
        if re.sub(r"[-_.]+", "_", path.name.split("-")[0]).lower() == wanted
        and (not version or path.name.split("-")[1] == version)
    ]
    if found:
        return max(found, key=lambda path: _ordered(path.name.split("-")[1]))
    what = f"{distribution}=={version}" if version else distribution
    for python in PYTHONS:
        command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:"]
        command += ["--python-version", python, "-d", str(folder), what]
        command += [part for platform in PLATFORMS for part in ("--platform", platform)]
        if subprocess.run(command, check=False).returncode == 0:
            return archive(distribution, version, folder)
    raise SystemExit(f"cannot download {what}")


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


def about(wheel: Path) -> dict[str, str]:
    """Distribution, version and licence, as a wheel's METADATA has them."""
    with zipfile.ZipFile(wheel) as archive_:
        name = next(n for n in archive_.namelist() if n.endswith(".dist-info/METADATA"))
        data = HeaderParser().parsestr(archive_.read(name).decode("utf-8", "replace"))
    licence = data.get("License-Expression") or ""
    if not licence:
        trove = [c.rpartition("::")[2].strip() for c in data.get_all("Classifier") or () if c.startswith("License ::")]
        licence = ", ".join(trove) or (data.get("License") or "").strip().partition("\n")[0]
    return {"distribution": data["Name"], "version": data["Version"], "licence": licence or "see the distribution"}


def build(package: Package, folder: Path) -> tuple[str, dict[str, Any]]:
    """The text of a library and its entry in the index."""
    libraries: list[Library] = []
    seen: list[dict[str, str]] = []
    stubs = [archive(name, "", folder) for name in package.stubs]
    for version in package.versions:
        wheel = archive(package.distribution, version, folder)
        library = Library(package.skipped)
        library.add(files_of(wheel), {package.root, *package.extra})
        for stub in stubs:
            library.add(files_of(stub), {package.root}, foreign=True)
        library.finish(package.covered)
        libraries.append(library)
        seen.append(about(wheel))
    for at, library in enumerate(libraries[:-1]):
        library.prune(package.internal, package.kept if at == len(libraries) - 2 else ())
    entry = {
        "file": f"{package.root}.zlib",
        "distribution": seen[-1]["distribution"],
        "versions": [one["version"] for one in seen],
        "licence": seen[-1]["licence"],
        "stubs": [f"{a['distribution']} {a['version']} ({a['licence']})" for a in map(about, stubs)],
        "date": _today(),
    }
    return pack(libraries), entry


def _today() -> str:
    return dt.datetime.now(tz=dt.timezone.utc).date().isoformat()


def write_stdlib(typeshed: Path, interpreters: dict[int, Path]) -> dict[str, Any]:
    """Write the standard library, each top-level module on its own, one after the other in one file; its entry."""
    by_version = stdlib_versions(typeshed, interpreters)
    libraries = list(by_version.values())
    every = sorted({name.partition(".")[0] for library in libraries for name in library.modules})
    data = bytearray()
    roots: dict[str, Any] = {}
    for root in every:
        text = pack(libraries, root)
        packed = zlib.compress(text.encode(), 9)
        roots[root] = [len(data), len(packed)]
        data += packed
    (DATA / "stdlib.zlib").write_bytes(bytes(data))
    return {"versions": [f"3.{minor}" for minor in by_version], "roots": roots, "date": _today()}


def main() -> None:
    """Build what the command line asks for; the rest of the index stays as it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("downloads", type=Path)
    parser.add_argument("--only", nargs="*", default=None, help="top-level names to build; none with no name")
    parser.add_argument("--typeshed", type=Path)
    parser.add_argument("--python", action="append", default=[], metavar="MINOR=PATH")
    options = parser.parse_args()
    if options.typeshed:
        pairs = (one.partition("=") for one in options.python)
        _save({}, write_stdlib(options.typeshed, {int(minor): Path(path) for minor, _, path in pairs}))
    if options.only is None or "botocore" in options.only:
        services = pack_services(archive("botocore", "", options.downloads))
        (DATA / "aws.zlib").write_bytes(zlib.compress(services.encode(), 9))
    for package in PACKAGES:
        if options.only is None or package.root in options.only:
            text, entry = build(package, options.downloads)
            packed = zlib.compress(text.encode(), 9)
            (DATA / entry["file"]).write_bytes(packed)
            print(f"{package.root}: {', '.join(entry['versions'])}: {len(text)} characters, {len(packed)} bytes")
            _save(dict.fromkeys((package.root, *package.extra), entry))


def _save(entries: dict[str, Any], stdlib: dict[str, Any] | None = None) -> None:
    """Put entries into the index."""
    known = json.loads(INDEX.read_text("utf-8")) if INDEX.exists() else {"roots": {}, "stdlib": {}}
    roots = {**known["roots"], **entries}
    rows = ",\n".join(f"  {json.dumps(root)}: {json.dumps(roots[root])}" for root in sorted(roots))
    about_all = (
        "Names and signatures read by tools/build_apis.py from the distributions named here, each under its own licence"
        " (facts about their interfaces, no code of theirs); the standard library from typeshed (Apache-2.0) and"
        " CPython (PSF-2.0); aws.zlib from botocore (Apache-2.0)."
    )
    parts = [
        f'"about": {json.dumps(about_all)}',
        f'"roots": {{\n{rows}\n}}',
        f'"stdlib": {json.dumps(stdlib or known.get("stdlib", {}))}',
    ]
    INDEX.write_text("{" + ",\n".join(parts) + "}\n", "utf-8")


if __name__ == "__main__":
    main()
