"""Which files a pull request changes, from what GitHub says of the event and from the commits themselves."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codeguard.source.history import History, UnknownChangesError, history

if TYPE_CHECKING:
    from collections.abc import Mapping

_HASH = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")

WAYS_TO_BASE = {
    "pull_request": ("pull_request", "base", "sha"),
    "pull_request_target": ("pull_request", "base", "sha"),
    "merge_group": ("merge_group", "base_sha"),
}
"""Where the payload of each event that proposes a change names the commit that the change is made to."""


@dataclass(frozen=True, slots=True)
class Event:
    """What GitHub says that happened: its name, and the commit that a change is proposed for, if it is one."""

    name: str
    base: str | None

    @property
    def proposed(self) -> bool:
        """True where the code is proposed and not yet accepted, so that it may be anybody's."""
        return self.name in WAYS_TO_BASE


def event(environment: Mapping[str, str]) -> Event:
    """The event that started the workflow, from GITHUB_EVENT_NAME and the payload in GITHUB_EVENT_PATH."""
    name = environment.get("GITHUB_EVENT_NAME", "")
    try:
        payload = json.loads(Path(environment["GITHUB_EVENT_PATH"]).read_bytes())
    except (KeyError, OSError, ValueError):
        payload = {}
    base: Any = payload if name in WAYS_TO_BASE else None
    for step in WAYS_TO_BASE.get(name, ()):
        base = base.get(step) if isinstance(base, dict) else None
    return Event(name, base if isinstance(base, str) and _HASH.fullmatch(base) else None)


def changed_files(workspace: Path, base: str | None) -> tuple[str, ...]:
    """The POSIX paths, relative to `workspace`, of the files that HEAD adds to or changes in `base`.

    Raises UnknownChangesError where the commits are not there or git is not.
    """
    with history(workspace) as past:
        return past.changed(_start(past, base), past.head())


def compared_with(workspace: Path, base: str | None) -> str:
    """The commit that the change is to be compared with.

    Where HEAD is a merge (as it is for a pull request), that is its first parent, because it is what the change would
    be merged into.  Raises UnknownChangesError where the event names none.
    """
    with history(workspace) as past:
        return _start(past, base)


def _start(past: History, base: str | None) -> str:
    if base is None:
        raise UnknownChangesError("the event names no commit to compare with")
    return past.first_parent(past.head()) or base
