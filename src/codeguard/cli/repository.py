"""Where a scan's root lies in its repository: what readers of SARIF resolve paths against."""

from __future__ import annotations

from pathlib import Path


def repository_base(root: str) -> str:
    """The POSIX path from the repository's root to `root`, empty where they are the same or there is no repository.

    Only the presence of `.git` is looked at; nothing in it is read.
    """
    folder = Path(root)
    for above in (folder, *folder.parents):
        if (above / ".git").exists():
            return "" if above == folder else folder.relative_to(above).as_posix()
    return ""
