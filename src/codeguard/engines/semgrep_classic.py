"""Semgrep's own Python front end, for where its core cannot be called directly.

It finds the same, takes a second or two longer, and its JSON holds no taint traces.  What it does on its own account
is switched off: telemetry, the version check, suppression comments, ignore files, the size limit, git, the renaming
of rules.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Sequence
from pathlib import Path

from codeguard.engines.semgrep_core import Install, Limits

# `python -m semgrep` only says that it is deprecated, and the `semgrep` script sends us through two more programs.
_START = "import sys; sys.path.append(sys.argv.pop(1)); from semgrep.main import main; sys.exit(main())"


def command(install: Install, rules: Path, folders: Sequence[Path], jobs: int, limits: Limits) -> list[str | Path]:
    """The call of `semgrep scan` on folders, by this interpreter, isolated from its working directory and environment.

    Folders, not files: it takes seconds to think about thousands of explicit targets.
    """
    return [
        *(Path(sys.executable).absolute(), "-I", "-c", _START, install.folder),
        *("scan", "--json", "--quiet", "--metrics=off", "--disable-version-check"),
        *("--disable-nosem", "--max-target-bytes", "0", "--novcs", "--no-git-ignore", "--x-ignore-semgrepignore-files"),
        "--no-rewrite-rule-ids",
        *("--config", rules),
        *("--jobs", str(jobs)),
        *("--timeout", str(math.ceil(limits.rule_seconds))),
        *("--timeout-threshold", str(limits.timeouts_per_file)),
        *("--max-memory", str(limits.memory_mib)),
        *folders,
    ]
