"""What a report format is: a pure function from a `Report` and what the reader asked for to the bytes to write."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from codeguard.model import Report

QUIET, NORMAL, VERBOSE = 0, 1, 2


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What the reader asked for; a format ignores what it has no use for.

    `width` is in terminal cells.  `base` is the way from the repository's root to the report's root (`services/api`),
    for formats whose paths are read there.  `category` tells several reports on one commit apart.
    """

    color: bool = False
    width: int = 80
    show_suppressed: bool = False
    show_dismissed: bool = False
    statistics: bool = False
    verbosity: int = NORMAL
    base: str = ""
    category: str = ""


@dataclass(frozen=True, slots=True)
class Format:
    """A report format.  Its module is imported by the first `render`, so that a scan pays only for what it writes."""

    name: str
    module: str
    summary: str
    suffix: str
    media_type: str

    def render(self, report: Report, options: RenderOptions) -> bytes:
        """The whole report as UTF-8 bytes that end with a line end, or nothing where there is nothing to say."""
        render = cast("Callable[[Report, RenderOptions], bytes]", import_module(self.module).render)
        return render(report, options)
