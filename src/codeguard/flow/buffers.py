"""Text and bytes that are put together in memory: `io.StringIO` and `io.BytesIO`.

A buffer holds its parts in the order in which they were written, so that what comes out of it has the shape of a text
that was joined.  Moving about in it (`seek`, `truncate`) is not followed: the parts stay.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codeguard.flow.state import OTHER, item_key
from codeguard.flow.text_methods import joined
from codeguard.flow.values import Value, constant, fresh_id

if TYPE_CHECKING:
    from codeguard.flow.site import Site, Special

KINDS = {"io.StringIO": "", "io.BytesIO": b""}
MAX_PARTS = 24


def specials() -> dict[str, Special]:
    """The calls that make, fill and read a buffer."""
    table: dict[str, Special] = {}
    for kind in KINDS:
        table |= {
            kind: _made,
            f"{kind}().write": _written,
            f"{kind}().getvalue": _value,
            f"{kind}().read": _value,
            f"{kind}().getbuffer": _value,
        }
    return table


def _made(site: Site) -> Value:
    first = site.arg(0, "initial_value", "initial_bytes")
    contents = {} if first is None or (first.single and not first.only()) else {item_key(0): first}
    return Value(fresh_id(), type=site.name, cell=site.state.new_cell(contents))


def _written(site: Site) -> Value | None:
    buffer, part = site.receiver, site.arg(0)
    if buffer is None or buffer.cell is None or part is None:
        return None
    held = site.state.contents(buffer)
    in_order = not site.frame.loops and OTHER not in held and len(held) < MAX_PARTS
    site.state.put(buffer, item_key(len(held)) if in_order else OTHER, part)
    return Value(fresh_id(), type="builtins.int")


def _value(site: Site) -> Value | None:
    buffer = site.receiver
    if buffer is None or buffer.cell is None:
        return None
    return joined(site, constant(KINDS.get(buffer.type or "", "")), buffer)
