"""Text in terminal cells: how wide it is, how to cut and wrap it, and its colours.

Widths are rich's table of Unicode widths (wide characters two cells, combining ones none).  Everything measured here
has gone through `escape.visible`, so no character moves the cursor.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from rich.cells import get_character_cell_size

from codeguard.model import Severity
from codeguard.report.escape import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ELLIPSIS = "…"

# SGR parameters (ECMA-48, 8.3.117) of what text is for; the 16 basic colours follow the reader's own palette.
PLAIN = ""
STRONG = "1"
FAINT = "2"
CODE = "36"
GOOD = "1;32"
BAD = "1;31"
SEVERITY_STYLES = {
    Severity.CRITICAL: "1;97;41",
    Severity.HIGH: "1;31",
    Severity.MEDIUM: "1;33",
    Severity.LOW: "1;36",
    Severity.INFO: "1;34",
}
# Code that a finding points at: a background would drown it.
MARK_STYLES = {**SEVERITY_STYLES, Severity.CRITICAL: SEVERITY_STYLES[Severity.HIGH]}

Piece = tuple[str, str]  # text and the SGR parameters of its style


@dataclass(frozen=True, slots=True)
class Ink:
    """Paints text, or leaves it alone where colour is off."""

    color: bool

    def __call__(self, text: str, style: str) -> str:
        """The text in a style, as a terminal reads it."""
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style and text else text

    def line(self, pieces: Iterable[Piece]) -> str:
        """Pieces side by side; neighbours of one style are painted as one."""
        return "".join(
            self("".join(text for text, _ in run), style) for style, run in groupby(pieces, key=lambda piece: piece[1])
        )


def cells(text: str) -> int:
    """The width of visible text in terminal cells."""
    return len(text) if text.isascii() else sum(map(get_character_cell_size, text))


def head(text: str, room: int) -> str:
    """The longest start of the text that fits into `room` cells; combining marks stay with their letter."""
    if cells(text) <= room:
        return text
    used = 0
    for place, char in enumerate(text):
        used += get_character_cell_size(char)
        if used > room:
            return text[:place]
    return text


def tail(text: str, room: int) -> str:
    """The longest end of the text that fits into `room` cells."""
    if cells(text) <= room:
        return text
    used = 0
    for place in range(len(text) - 1, -1, -1):
        used += get_character_cell_size(text[place])
        if used > room:
            return text[place + 1 :]
    return text


def cut(text: str, room: int) -> str:
    """The text in at most `room` cells, with an ellipsis where its end is left out."""
    return text if cells(text) <= room else head(text, max(room - 1, 0)) + ELLIPSIS[:room]


def prose(text: str, style: str = PLAIN) -> list[Piece]:
    """A message as pieces: what stands between backticks is code."""
    parts = one_line(text).split("`")
    if len(parts) % 2 == 0:  # a backtick without its partner is only a character
        parts = [*parts[:-2], "`".join(parts[-2:])]
    return [(f"`{part}`", CODE) if place % 2 else (part, style) for place, part in enumerate(parts)]


def wrap(pieces: Sequence[Piece], room: int) -> list[list[Piece]]:
    """Pieces as lines of at most `room` cells, broken at spaces; a word that is longer is broken anywhere."""
    lines: list[list[Piece]] = [[]]
    used = 0
    for word in _words(pieces):
        size = sum(cells(text) for text, _ in word)
        if lines[-1] and used + 1 + size > room:
            lines.append([])
            used = 0
        if lines[-1]:
            lines[-1].append((" ", word[0][1] if word[0][1] == lines[-1][-1][1] else PLAIN))
            used += 1
        for text, style in word:
            rest = text
            while used + cells(rest) > room:
                part = head(rest, room - used)
                if not part and not used:
                    part = rest[0]  # one cell of room and a wide character: nothing fits better
                lines[-1].append((part, style))
                lines.append([])
                rest, used = rest[len(part) :], 0
            lines[-1].append((rest, style))
            used += cells(rest)
    return lines


def _words(pieces: Sequence[Piece]) -> list[list[Piece]]:
    """Pieces split at spaces; a word may have several styles (`code`, then a comma)."""
    words: list[list[Piece]] = []
    glued = False
    for text, style in pieces:
        for place, part in enumerate(text.split(" ")):
            if place:
                glued = False
            if not part:
                continue
            if glued:
                words[-1].append((part, style))
            else:
                words.append([(part, style)])
                glued = True
    return words
