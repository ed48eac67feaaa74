"""The near name for a wrong one, for every error that says that a name is unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(wrong: str, known: Iterable[str]) -> str | None:
    """The known name that `wrong` is most likely meant to be, or None where nothing is near."""
    import difflib  # noqa: PLC0415 - only a mistake pays for it

    folded = {name.casefold(): name for name in known}
    found = difflib.get_close_matches(wrong.casefold(), folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def hint(wrong: str, known: Iterable[str]) -> str:
    """`; did you mean 'x'?` ready to follow a sentence, or nothing."""
    name = nearest(wrong, known)
    return f"; did you mean {name!r}?" if name is not None else ""
