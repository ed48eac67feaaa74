"""What the command says besides its reports: one line on standard error, safe to show, and whether to colour."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

COLOR = ("auto", "always", "never")


def say(kind: str, text: str) -> None:
    """`codeguard: KIND: TEXT` on standard error, as one line that holds no character that a terminal obeys."""
    from codeguard.report.escape import one_line  # noqa: PLC0415 - a scan with nothing to say does not pay for it

    with contextlib.suppress(OSError, ValueError):  # nobody listens: nothing more can be said
        sys.stderr.write(f"codeguard: {kind}: {one_line(text)}\n")
        sys.stderr.flush()


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether text for `stream` is coloured.  The flag beats NO_COLOR, which beats FORCE_COLOR (as in CPython)."""
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def is_terminal(stream: TextIO) -> bool:
    """True where a person looks at `stream` directly."""
    try:
        return stream.isatty()
    except (AttributeError, ValueError):  # closed, or replaced by something that is no file
        return False


def width() -> int:
    """Columns of the terminal (COLUMNS counts too), 80 where there is none."""
    return shutil.get_terminal_size((80, 24)).columns
