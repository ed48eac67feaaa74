"""What is installed beside codeguard, without importing or running it.

`importlib.metadata` takes 20 ms to import and searches `sys.path`, on which the scanned tree may stand (`python -m`
puts the working directory there).  Here only the folders count that an installer writes to.
"""

from __future__ import annotations

import os
import site
import sys
from functools import cache
from pathlib import Path

from codeguard.errors import EngineError

OURS = Path(__file__).resolve().parents[2]
"""The folder that codeguard itself is imported from: `site-packages`, or `src` of a checkout."""


@cache
def version_of(distribution: str) -> str:
    """The version of an installed distribution, as the name of its `.dist-info` folder gives it.

    Raises EngineError where it is not installed.
    """
    start, end = f"{distribution}-", ".dist-info"
    for folder in _folders():
        for name in _names(folder):
            if name.startswith(start) and name.endswith(end):
                return name[len(start) : -len(end)]
    raise EngineError(f"{distribution} is not installed beside codeguard")


@cache
def program(name: str) -> Path:
    """The absolute path of a program that a distribution installed beside codeguard's interpreter; never from PATH.

    Raises EngineError where there is none.
    """
    windows = sys.platform == "win32"
    scripts, up = ("Scripts", 1) if windows else ("bin", 2)  # from `lib/python3.x/site-packages` to where programs go
    homes = [Path(folder).parents[up] / scripts for folder in _folders()]
    # The last is where `pip install --target` puts programs.
    for place in (Path(sys.executable).parent, *homes, OURS / scripts):
        path = place / (f"{name}.exe" if windows else name)
        if path.is_file() and os.access(path, os.X_OK):
            return path.absolute()
    raise EngineError(f"{name} is not installed beside codeguard")


def _folders() -> dict[str, None]:
    user = [site.getusersitepackages()] if site.ENABLE_USER_SITE else []
    return dict.fromkeys((str(OURS), *site.getsitepackages(), *user))


def _names(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208 - this runs at every start
    except OSError:
        return []
