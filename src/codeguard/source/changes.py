"""What has changed since a commit, by the bytes of the files themselves: work that is not committed counts as well."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from codeguard.source.decode import decode
from codeguard.source.history import UnknownChangesError, history
from codeguard.source.model import ReadResult


def unchanged(
    root: Path, results: list[ReadResult], since: str, *, drop: bool
) -> tuple[list[ReadResult], dict[str, str], int]:
    """Without the sources that are what they were at the commit `since`, if these are to be dropped.

    Returns the results, the earlier texts of those that changed (by path; a new file has none), and how many sources
    were dropped.  `root` is the absolute folder that the paths are relative to.  Raises UnknownChangesError where the
    commit is not known.
    """
    try:
        with history(root) as past:
            top = past.top
            below = {r.source.path: _within(top, root, r.source.path) for r in results if r.source is not None}
            earlier = past.contents(past.commit(since), filter(None, below.values()))
    except UnknownChangesError as error:
        raise UnknownChangesError(f"what changed since {since!r} cannot be said: {error}") from error
    kept: list[ReadResult] = []
    texts: dict[str, str] = {}
    same = 0
    for result in results:
        source = result.source
        data = earlier.get(below[source.path]) if source is not None else None
        if source is not None and data is not None:
            if hashlib.sha256(data).hexdigest() == source.sha256:
                texts[source.path] = source.text
                if drop:
                    same += 1
                    continue
            else:
                texts[source.path] = decode(data).text
        kept.append(result)
    return kept, texts, same


def _within(top: Path, root: Path, path: str) -> str:
    """A path as the commits of the checkout name it; empty for one outside of it."""
    place = os.path.relpath(root.resolve() / path, top)
    return "" if place.startswith("..") else place.replace(os.sep, "/")
