"""`python -m codeguard`: the `codeguard` command."""

from __future__ import annotations

import sys

from codeguard.cli import main

if __name__ == "__main__":
    sys.exit(main())
