"""GitHub's `primaryLocationLineHash`: what lets code scanning follow an alert when lines move.

The algorithm is that of github/codeql-action, `src/fingerprints.ts`.  A line's hash covers the 100 UTF-16 code units
from its start on, over the line ends: spaces and tabs are skipped, CR and CRLF are read as LF, the end of the file is
the unit 65535 and then zeros.  It is a polynomial in 37, modulo 2**64, written in hexadecimal without leading zeros;
`:n` says that it is the n-th line of the file with this hash.
"""

from __future__ import annotations

import struct
from operator import mul
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

_BLOCK = 100
_MASK = 2**64 - 1
_POWERS = tuple(pow(37, _BLOCK - 1 - place, 2**64) for place in range(_BLOCK))
_END = "\uffff" + "\0" * (_BLOCK - 1)
_UNITS = struct.Struct(f"<{_BLOCK}H")


def line_hashes(text: str, wanted: Collection[int]) -> dict[int, str]:
    """The hash of each wanted line (1-based) that the text has.

    Lines up to the last wanted one are hashed, because equal hashes are counted; the time is linear in their number
    and does not depend on their length.
    """
    lines = frozenset(wanted)
    last = max(lines, default=0)
    known: dict[str, int] = {}
    seen: dict[int, int] = {}
    found: dict[int, str] = {}
    for number, window in enumerate(_windows(text) if last else (), start=1):
        value = known.get(window)
        if value is None:
            value = known[window] = _hash(window)
        seen[value] = seen.get(value, 0) + 1
        if number in lines:
            found[number] = f"{value:x}:{seen[value]}"
        if number >= last:
            break
    return found


def _windows(text: str) -> Iterator[str]:
    """For each line, at least the code points that its 100 code units come from."""
    stream = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "") + _END
    start, size = 0, len(stream) - _BLOCK
    while True:
        yield stream[start : start + _BLOCK]
        start = stream.find("\n", start, size) + 1
        if not start:
            return


def _hash(window: str) -> int:
    units: tuple[int, ...] = _UNITS.unpack_from(window.encode("utf-16-le", "surrogatepass"))
    total: int = sum(map(mul, units, _POWERS))
    return total & _MASK
