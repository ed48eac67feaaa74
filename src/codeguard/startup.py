"""Taking the working directory off the module path, before anything is imported that it could hold.

It may be the tree to scan, and a `click.py` in it would run.  This module, and the package before it, import nothing
but what the interpreter has loaded already: `sys` and `os`, not even `__future__` or `typing`.
"""

import os
import sys

_WITH_VALUE = ("-W", "-X", "--check-hash-based-pycs")  # the interpreter's options whose value may be the next word


def forget_working_directory() -> None:
    """Take the working directory off the module path.

    `python -m` puts it there, and so does an empty entry of PYTHONPATH.  It stays where it is the standard library,
    an installation's packages, or our own parent folder: somebody may want to scan just that.
    """
    try:
        here = os.path.realpath(os.getcwd())  # noqa: PTH109 - pathlib imports more than the path may allow yet
    except OSError:  # it was deleted: nothing can be imported from it
        return
    own = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))  # noqa: PTH100, PTH120
    needed = {os.path.realpath(own), os.path.realpath(os.path.dirname(os.__file__))}  # noqa: PTH120
    if os.path.basename(here) in ("site-packages", "dist-packages") or here in needed:  # noqa: PTH119
        return
    sys.path[:] = [entry for entry in sys.path if os.path.realpath(entry) != here]


def is_command() -> bool:
    """True where the interpreter was started to run this package: `python -m codeguard` or `python -m codeguard.…`."""
    words = iter(sys.orig_argv[1:])
    for word in words:
        if word in _WITH_VALUE:
            next(words, None)
        elif word.startswith("-m"):
            return (word[2:] or next(words, "")).partition(".")[0] == "codeguard"
        elif word[1:-1].isalpha() and word.startswith("-") and word.endswith("m") and "c" not in word:
            return next(words, "").partition(".")[0] == "codeguard"
        elif not word.startswith("-") or word == "-" or word.startswith("-c"):
            return False  # a script, or its text: what follow are its arguments
    return False
