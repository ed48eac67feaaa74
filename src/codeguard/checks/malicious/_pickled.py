"""What pickled bytes name: read by their opcodes, never loaded."""

from __future__ import annotations

import pickletools

# Modules whose classes hold plain values (documentation of `pickle`: loading calls what the bytes name).
HARMLESS = frozenset(
    {"array", "collections", "copy_reg", "copyreg", "ctime", "datetime", "decimal", "fractions", "time", "uuid"}
)
VALUES = frozenset(
    f"{module}.{name}"
    for module in ("builtins", "__builtin__")
    for name in ("bool", "bytearray", "bytes", "complex", "dict", "float", "frozenset", "int", "list", "object", "range", "set", "slice", "str", "tuple")
)  # fmt: skip
MAX_OPCODES = 100_000


def names(data: bytes) -> frozenset[str]:
    """The functions and classes that loading `data` looks up, as `module.name`, as far as it is a pickle.

    `?` stands for one that the opcodes do not tell.
    """
    found: set[str] = set()
    texts: list[str] = []
    try:
        for count, (opcode, argument, _) in enumerate(pickletools.genops(data)):
            if count > MAX_OPCODES:
                found.add("?")
                break
            if opcode.name in {"GLOBAL", "INST"}:
                found.add(str(argument).replace(" ", "."))
            elif opcode.name == "STACK_GLOBAL":
                found.add(".".join(texts[-2:]) if len(texts) >= 2 else "?")
            elif opcode.name.startswith("EXT") or opcode.name == "PERSID":
                found.add("?")
            elif isinstance(argument, str) and "UNICODE" in opcode.name:
                texts.append(argument)
            elif opcode.name in {"BINGET", "GET", "LONG_BINGET"}:
                texts.clear()  # the next name may be one from the memo
    except (ValueError, IndexError, EOFError, OverflowError, UnicodeDecodeError):
        pass  # loading stops here, too
    return frozenset(found)


def harmless(data: bytes) -> bool:
    """Whether loading `data` can only build plain values."""
    return all(name in VALUES or name.rpartition(".")[0] in HARMLESS for name in names(data))
