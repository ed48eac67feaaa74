"""gitignore patterns whose place of writing is not the place where they are matched."""

from __future__ import annotations

import posixpath
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence


def is_useless(pattern: str) -> bool:
    """True for a pattern that can match nothing: a comment, or no name at all."""
    return pattern.startswith("#") or not pattern.strip("!/ ")


def rebase(patterns: Iterable[str], base: str, root: str) -> tuple[str, ...]:
    """The patterns of the folder `base` as they must read in the folder `root` (both absolute) to mean the same.

    One that only concerns other folders, or `root` as a whole, is left out: what a user names is scanned.
    """
    if not base or base == root:
        return tuple(patterns)
    upward = posixpath.relpath(base, root).split("/")
    downward = posixpath.relpath(root, base).split("/")
    if ".." not in upward:  # the patterns were written below the root
        return tuple(_sign(p) + _below(_bare(p), "/".join(upward)) for p in patterns)
    if ".." in downward:  # ... or somewhere else entirely: then only names mean something here
        return tuple(p for p in patterns if "/" not in _bare(p).rstrip("/"))
    return tuple(_sign(pattern) + rest for pattern in patterns for rest in _seen_from(_bare(pattern), downward))


def _sign(pattern: str) -> str:
    return "!" if pattern.startswith("!") else ""


def _bare(pattern: str) -> str:
    return pattern.removeprefix("!")


def _below(pattern: str, folder: str) -> str:
    if "/" in pattern.rstrip("/"):
        return f"/{folder}/{pattern.removeprefix('/')}"
    return f"/{folder}/**/{pattern}"


def _seen_from(pattern: str, folders: Sequence[str]) -> Iterator[str]:
    """What is left of a pattern after going down into `folders`; nothing where it leads elsewhere."""
    if "/" not in pattern.rstrip("/"):
        yield pattern
        return
    end = "/" if pattern.endswith("/") else ""
    for rest in dict.fromkeys(_descend(pattern.strip("/").split("/"), folders)):
        if rest:
            yield f"/{rest}{end}"


def _descend(segments: Sequence[str], folders: Sequence[str]) -> Iterator[str]:
    if not folders:
        yield "/".join(segments)
    elif segments and segments[0] == "**":
        yield from _descend(segments[1:], folders)
        yield from _descend(segments, folders[1:])
    elif segments and fnmatchcase(folders[0], segments[0]):
        yield from _descend(segments[1:], folders[1:])


def covering(pattern: str) -> Callable[[str], bool]:
    """A function that says of a relative POSIX path whether the pattern matches it, or a folder that it lies in."""
    from codeguard.source.gitignore import IgnoreRules  # noqa: PLC0415 - only per-path rules pay for it

    rules = IgnoreRules("", pattern)  # it is asked about one entry at a time, from the top down

    def covers(path: str) -> bool:
        parts = path.split("/")
        ways = ["/" + "/".join(parts[: depth + 1]) for depth in range(len(parts))]
        return any(rules.ignores(way, part, folder=way != ways[-1]) for way, part in zip(ways, parts, strict=True))

    return covers
