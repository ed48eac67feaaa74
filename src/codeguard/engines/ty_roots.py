"""The folders of a stage that absolute imports start from, beside the stage itself and its `src`.

A scan may hold several projects, each in a folder of its own.  A folder is a root where the names in it are its own:
no other root has one of them, and no file outside of its project imports one.  A name that could mean two things means
neither.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter, defaultdict
from collections.abc import Iterable

from codeguard.engines.interface import StagedFile

MAX_ROOTS = 64
SOURCE_FOLDERS = frozenset(("src", "lib", "python"))

_IMPORTED = re.compile(r"^[ \t]*(?:from|import)[ \t]+(\w+)", re.MULTILINE)
_INIT = ("__init__.py", "__init__.pyi")


def roots_of(files: Iterable[StagedFile]) -> tuple[str, ...]:
    """The roots, relative to the stage, the stage itself ("") first; none where ty finds them alone."""
    texts = {file.name: file.text for file in files}
    names: defaultdict[str, set[str]] = defaultdict(set)  # root -> the names that can be imported from it
    for name in texts:
        root, top = _place(name, texts)
        names[root].add(top)
    owners = Counter(top for tops in names.values() for top in tops)
    candidates = {root: tops for root, tops in names.items() if root and all(owners[top] == 1 for top in tops)}
    if not candidates:
        return ()
    root_of = {top: root for root, tops in candidates.items() for top in tops}
    for name, text in texts.items():
        for top in set(_IMPORTED.findall(text)):
            root = root_of.get(top, "")
            if root and not f"{name}/".startswith(f"{_project(root)}/"):
                candidates.pop(root, None)
    if len(candidates) > MAX_ROOTS or set(candidates) <= {"src"}:
        return ()
    return ("", *(("src",) if "src" in names and "src" not in candidates else ()), *sorted(candidates))


def _place(name: str, texts: Iterable[str]) -> tuple[str, str]:
    """The folder that a file's absolute name starts in, and the first part of that name."""
    folder, file = posixpath.split(name)
    top = file.rpartition(".")[0]
    while folder and any(f"{folder}/{init}" in texts for init in _INIT):
        folder, top = posixpath.split(folder)
    return folder, top


def _project(root: str) -> str:
    """The folder whose files may import from the root."""
    above, name = posixpath.split(root)
    return above if above and name in SOURCE_FOLDERS else root
