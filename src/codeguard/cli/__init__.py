"""The `codeguard` command: one file a subcommand, each a thin caller of `codeguard.scan` and `codeguard.report`."""

from __future__ import annotations

from codeguard.startup import forget_working_directory


def main() -> int:
    """Run the `codeguard` command on the process's own arguments; returns the exit status."""
    forget_working_directory()
    from codeguard.cli.app import run  # noqa: PLC0415 - not before the path is safe

    return run()
