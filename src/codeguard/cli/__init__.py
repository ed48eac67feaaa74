"""The `codeguard` command: one file a subcommand, each a thin caller of `codeguard.scan` and `codeguard.report`."""

from __future__ import annotations

import os
import sys


def main() -> int:
    """Run the `codeguard` command on the process's own arguments; returns the exit status."""
    _forget_working_directory()
    from codeguard.cli.app import run  # noqa: PLC0415 - not before the path is safe

    return run()


def _forget_working_directory() -> None:
    """Take the working directory off the module path: it may be the tree to scan, and a `click.py` in it would run.

    `python -m` puts it there, and so does an empty entry of PYTHONPATH.  It stays where it is the standard library,
    an installation's packages, or our own parent folder: somebody may want to scan just that.
    """
    try:
        here = os.path.realpath(os.getcwd())  # noqa: PTH109 - pathlib imports more than the path may allow yet
    except OSError:  # it was deleted: nothing can be imported from it
        return
    own = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    needed = {os.path.realpath(own), os.path.realpath(os.path.dirname(os.__file__))}  # noqa: PTH120
    if os.path.basename(here) in ("site-packages", "dist-packages") or here in needed:  # noqa: PTH119
        return
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != here]
