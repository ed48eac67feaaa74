"""Which file a dotted name of a project means: packages, relative imports, re-exports, `src` layouts."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable

INIT = ("__init__.py", "__init__.pyi")


class Modules:
    """The modules of a scan, found by the dotted names that code may use for them.

    Nothing says where import roots are, so a file answers to every suffix of its path that the importing file could
    mean: one whose folder lies above the importing file, or beside it, or below a `src` or `lib` folder there.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._by_name: defaultdict[str, list[str]] = defaultdict(list)
        self._paths = set(paths)
        self._known: dict[tuple[str, str], tuple[str, tuple[str, ...]] | None] = {}
        for path in sorted(self._paths):
            parts = _dotted_parts(path)
            for start in range(len(parts)):
                self._by_name[".".join(parts[start:])].append(path)

    def find(self, dotted: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
        """The module that a dotted name leads into, and the names that remain; None where it leaves the project."""
        key = (dotted, importer)
        if key not in self._known:
            self._known[key] = (
                self._relative(dotted, importer) if dotted.startswith(".") else self._find(dotted, importer)
            )
        return self._known[key]

    def _find(self, dotted: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
        parts = dotted.split(".")
        for length in range(len(parts), 0, -1):
            path = self._nearest(".".join(parts[:length]), importer)
            if path is not None and path != importer:
                return path, tuple(parts[length:])
        return None

    def _relative(self, dotted: str, importer: str) -> tuple[str, tuple[str, ...]] | None:
        dots = len(dotted) - len(dotted.lstrip("."))
        folder = posixpath.dirname(importer)
        for _ in range(dots - 1):
            folder = posixpath.dirname(folder)
        parts = [part for part in dotted[dots:].split(".") if part]
        for length in range(len(parts), -1, -1):
            base = posixpath.join(folder, *parts[:length]) if length else folder
            for candidate in (f"{base}.py", f"{base}.pyi", *(posixpath.join(base, name) for name in INIT)):
                if candidate in self._paths and (candidate != importer or length < len(parts)):
                    return candidate, tuple(parts[length:])
        return None

    def _nearest(self, name: str, importer: str) -> str | None:
        best: tuple[int, str] | None = None
        folder = posixpath.dirname(importer)
        depth = name.count(".") + 1
        for path in self._by_name.get(name, ()):
            root = path
            for _ in range(depth + (posixpath.basename(path) in INIT)):
                root = posixpath.dirname(root)
            above = not root or folder == root or folder.startswith(root + "/")
            source = posixpath.basename(root) in {"src", "lib", "python"} and (
                not posixpath.dirname(root) or (folder + "/").startswith(posixpath.dirname(root) + "/")
            )
            if (above or source) and (best is None or len(root) > best[0]):
                best = (len(root), path)
        return best[1] if best else None


def _dotted_parts(path: str) -> list[str]:
    parts = path.split("/")
    name = parts.pop()
    stem = name.rpartition(".")[0] or name
    return parts if stem == "__init__" else [*parts, stem]
