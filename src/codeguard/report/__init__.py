"""Report formats: each renders a `Report` into bytes.

`FORMATS` holds them by the name that people type; a new format is one module with a `render` and one row here.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from codeguard.report.interface import NORMAL, QUIET, VERBOSE, Format, RenderOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FORMATS", "NORMAL", "QUIET", "VERBOSE", "Format", "RenderOptions"]

_ROWS = (
    Format("text", "codeguard.report.text", "for people, in a terminal", ".txt", "text/plain"),
    Format("json", "codeguard.report.json", "for programs, codeguard-report/1.0", ".json", "application/json"),
    Format("sarif", "codeguard.report.sarif", "SARIF 2.1.0, for code scanning", ".sarif", "application/sarif+json"),
)

FORMATS: Mapping[str, Format] = MappingProxyType({row.name: row for row in _ROWS})
