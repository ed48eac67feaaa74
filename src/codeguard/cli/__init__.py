"""The `codeguard` command: one file a subcommand, each a thin caller of `codeguard.scan` and `codeguard.report`."""

from __future__ import annotations


def main() -> int:
    """Run the `codeguard` command on the process's own arguments; returns the exit status."""
    from codeguard.cli.app import run  # noqa: PLC0415 - click-free modules of this package are imported by others

    return run()
