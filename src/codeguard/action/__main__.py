"""Run the Action on the runner's environment."""

from __future__ import annotations

import os
import sys

from codeguard.action.run import main

if __name__ == "__main__":
    sys.exit(main(os.environ))
