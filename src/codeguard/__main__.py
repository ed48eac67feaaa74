"""`python -m codeguard`: the `codeguard` command."""

from __future__ import annotations

import os
import sys

# `-m` puts the working directory first on the path, and it may well be the tree that is to be scanned: a `click.py`
# in it would run.  This package is loaded by now, so the entry can go.  (`python -P -m codeguard` never adds it.)
if not getattr(sys.flags, "safe_path", False) and sys.path and sys.path[0] in ("", os.getcwd()):  # noqa: PTH109
    del sys.path[0]

from codeguard.cli import main

if __name__ == "__main__":
    sys.exit(main())
