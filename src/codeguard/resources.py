"""Where codeguard finds what is not Python code of its own, and where it may keep what it can rebuild.

The Semgrep packs live in the top-level `rules/` of the checkout and are put into a wheel as `codeguard/_rules`.  An
editable install imports from the checkout and sees no `_rules`, so both places are looked at, the package's own first.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from codeguard.errors import CodeguardError

_PACKAGE = Path(__file__).resolve().parent


def rules_dir(package: Path = _PACKAGE) -> Path:
    """The folder that holds the Semgrep packs (`*.yaml`), absolute; `package` is where codeguard's modules are.

    Raises CodeguardError where neither an installed package nor a checkout has one, which means a broken install.
    """
    installed = package / "_rules"
    checkout = package.parent.parent  # src/codeguard -> the checkout
    candidates = [installed]
    if (checkout / "pyproject.toml").is_file():  # else this is some site-packages, whose neighbours are not ours
        candidates.append(checkout / "rules")
    for folder in candidates:
        if folder.is_dir() and any(folder.glob("*.yaml")):
            return folder
    looked = " and ".join(str(folder) for folder in candidates)
    raise CodeguardError(f"codeguard's rule packs are missing (looked in {looked}); install it again")


def cache_dir() -> Path | None:
    """The folder for what can be rebuilt, absolute, perhaps not there yet; None where the user has no home folder.

    `XDG_CACHE_HOME` decides where it is set to an absolute path (a relative one is to be ignored, says the XDG Base
    Directory Specification); else it is the platform's own place.
    """
    chosen = os.environ.get("XDG_CACHE_HOME", "")
    if chosen and Path(chosen).is_absolute():
        return Path(chosen) / "codeguard"
    if sys.platform == "win32":
        local = os.environ.get("LOCALAPPDATA", "")
        return Path(local) / "codeguard" / "cache" if local else None
    try:
        home = Path.home()
    except RuntimeError:
        return None
    if not home.is_absolute():
        return None
    return home / ("Library/Caches" if sys.platform == "darwin" else ".cache") / "codeguard"
