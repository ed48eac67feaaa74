"""From a report to an exit status: the one place that says what a pipeline may take for fine."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codeguard.config.model import Config
    from codeguard.model import Finding, Report


class Exit(enum.IntEnum):
    """The exit statuses of `codeguard scan`."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INCOMPLETE = 3
    INTERRUPTED = 130


def failing(report: Report, config: Config) -> tuple[Finding, ...]:
    """The findings at or above `fail_on`; none where it is None."""
    floor = config.fail_on
    return () if floor is None else tuple(f for f in report.findings if f.severity >= floor)


def exit_status(report: Report, config: Config, *, exit_zero: bool = False) -> Exit:
    """What the scan ends with.

    An incomplete scan is INCOMPLETE whatever it found: 1 would say that the findings are all there is to know.
    `exit_zero` forgives findings, never an incomplete or interrupted scan.
    """
    if report.interrupted:
        return Exit.INTERRUPTED
    if not report.complete:
        return Exit.INCOMPLETE
    return Exit.FINDINGS if failing(report, config) and not exit_zero else Exit.CLEAN
