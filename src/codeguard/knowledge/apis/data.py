"""The text of a library's data, read: chunks and payloads; the format stands in this package's docstring."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from pathlib import Path

Fields = tuple[tuple[int, str], ...]  # the payloads of a name, each with the mask of the versions that have it


@dataclass(frozen=True, slots=True)
class Chunk:
    """A module or class as the file has it: its masks, its last field, and its names with their payloads by mask."""

    mask: int
    opaque: int
    third: int  # stub-only versions of a module, plain constructors of a class
    others: tuple[str, ...]  # star imports of a module, bases of a class
    names: dict[str, Fields]


def chunk_texts(file: Path, at: tuple[int, ...]) -> dict[str, str]:
    """The texts of a file's chunks by their names; `at` is the stretch of the file to read (offset, length), if any."""
    with file.open("rb") as data:
        data.seek(at[0] if at else 0)
        text = zlib.decompress(data.read(at[1] if at else -1)).decode()
    found: dict[str, str] = {}
    for part in text.split("\n@"):
        head, _, body = part.partition("\n")
        name, _, rest = head.partition(" ")
        found[name] = f"{rest}\n{body}"
    return found


def parsed(text: str) -> Chunk:
    """A module's or class's chunk."""
    lines = text.split("\n")
    head = lines[0].split(" ")
    mask = int(head[0], 16)
    names: dict[str, Fields] = {}
    for name in lines[1].split(" ") if len(lines) > 1 else ():
        if name:
            names[name] = ((mask, "V"),)
    for line in lines[2:]:
        name, *fields = line.split("\t")
        if not fields:
            continue
        if fields[0][0] in "0123456789abcdef":
            pairs = (field.partition(":") for field in fields)
            names[name] = tuple((int(bits, 16), payload) for bits, _, payload in pairs)
        else:
            names[name] = ((mask, fields[0]),)
    others = tuple(part for part in head[3].split(",") if part) if len(head) > 3 else ()
    return Chunk(mask, int(head[1], 16), int(head[2], 16), others, names)


def function_of(payload: str) -> tuple[bool, tuple[str, ...] | None, str]:
    """Whether a coroutine, the signatures (None: unknown), and the result's class, of a function's payload."""
    rest = payload[1:]
    is_async = rest.startswith("!")
    rest = rest.removeprefix("!")
    if rest.startswith("?"):
        return is_async, None, rest[1:]
    inside, _, result = rest[1:].partition(")")
    return is_async, tuple(inside.split("|")), result


def bits_of(fields: Fields | None) -> int:
    """The mask of the versions that have a name at all."""
    mask = 0
    for bits, _ in fields or ():
        mask |= bits
    return mask
