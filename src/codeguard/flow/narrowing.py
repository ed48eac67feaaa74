"""Which part of a value decides at a sink: the program of a command, the host of an address, what is in quotes."""

from __future__ import annotations

import re

from codeguard.flow.state import State, item_key
from codeguard.flow.values import (
    Taints,
    Value,
    union,
)
from codeguard.knowledge.flow.model import Sink


def narrowed(sink: Sink, value: Value, state: State) -> tuple[Value, Taints]:
    """The part of a value that decides for this sink, and its taints."""
    if sink.part == "program":
        first = state.get(value, item_key(0)) if value.cell is not None else None
        if first is not None:
            return first, state.everything(first, 1)
        return value, state.everything(value)
    if sink.part == "shell" and value.cell is not None:
        # a list whose program is a shell: what follows `-c` is a command line
        held = state.contents(value)  # what is appended in an unknown order does not come before these
        first = held.get(item_key(0), state.get(value, item_key(0)))
        second, third = (state.get(value, item_key(n)) for n in (1, 2))
        programs = {str(p).rpartition("/")[2] for p in (first.consts or () if first is not None else ())}
        flags = {str(f) for f in (second.consts or () if second is not None else ())}
        if programs & SHELLS and flags & {"-c", "/c", "/C", "-lc"} and third is not None:
            return third, state.everything(third, 1)
        return (first, state.everything(first, 1)) if first is not None else (value, {})
    if sink.part == "options":
        return _options(value, state)
    if sink.part == "head":
        return value, _head_taints(value, state)
    if sink.part == "cells":
        return value, union(*(_first_taints(cell, state) for cell in _cells(value, state)))
    if sink.part == "start":
        return value, _start_taints(value, state)
    if sink.part == "page" and value.type == "builtins.tuple" and value.cell is not None:
        first = state.get(value, item_key(0))
        return (first, state.everything(first)) if first is not None else (value, {})
    if sink.kind == "path" and sink.part != "member":
        return value, _path_taints(value, state)
    if sink.kind in WHOLE and _given_whole(value):
        return value, {label: t for label, t in state.everything(value).items() if label.kind != "param"}
    if sink.kind in QUOTING and value.shape is not None:
        return value, _quoted_taints(value, state)
    taints = state.everything(value)
    if sink.kind == "code":
        whole = frozenset({"quoted-start", "quoted-end", "quoted-inner"})  # the data is one string literal
        taints = {label: t for label, t in taints.items() if not whole <= t.neutral}
    return value, taints


# A parameter that is the whole filter is what the function is for: whoever calls it writes filters.
WHOLE = frozenset({"ldap", "xpath", "prompt"})


def _given_whole(value: Value) -> bool:
    return value.shape is None or not any(isinstance(piece, str) and piece.strip() for piece in value.shape)


QUOTING = frozenset({"sql", "xpath"})


# Programs that an option makes run another program, or write a file of its choice.
# Sources: their manuals (git `--upload-pack`, curl `-o`, tar `--to-command`, ssh `-o ProxyCommand`, find `-exec`, ...).
OPTION_PROGRAMS = frozenset(
    {"git", "hg", "svn", "curl", "wget", "tar", "ssh", "scp", "sftp", "rsync", "find", "sendmail"}
)


def _options(value: Value, state: State) -> tuple[Value, Taints]:
    """For lists of arguments: what can begin with `-`, where nothing before says that options are over."""
    program = state.get(value, item_key(0)) if value.cell is not None else None
    name = program.only() if program is not None and program.single else None
    if not isinstance(name, str) or name.rpartition("/")[2] not in OPTION_PROGRAMS:
        return value, {}
    held = state.contents(value)
    found: list[Taints] = []
    for number in range(1, len(held)):
        item = held.get(item_key(number))
        if item is None or (item.single and item.only() == "--"):
            break
        before = held.get(item_key(number - 1))
        if before is not None and before.single and str(before.only()).startswith("-") and number > 1:
            continue  # the value of an option
        found.append(_first_taints(item, state))
    return value, union(*found)


def _first_taints(value: Value, state: State) -> Taints:
    """What the text may begin with."""
    if not value.shape:
        return state.everything(value, 2)
    first = value.shape[0]
    return {} if isinstance(first, str) else state.everything(first, 1)


def _cells(row: Value, state: State) -> list[Value]:
    held = state.contents(row)
    return list(held.values()) if held else [row]


HEADER = re.compile(r"(?i)(?:^|\n)(?:subject|to|from|cc|bcc|reply-to|sender):[^\n]*$")


def _head_taints(value: Value, state: State) -> Taints:
    """For mails that are one text: what stands in its headers."""
    found: list[Taints] = []
    before = ""
    for piece in value.shape or ():
        if isinstance(piece, str):
            before += piece
            if "\n\n" in before or "\r\n\r\n" in before:
                break
        elif HEADER.search(before):
            found.append(state.everything(piece, 1))
            before += "?"
    return union(*found)


def _path_taints(value: Value, state: State) -> Taints:
    """For paths: a parameter that is the whole path, or its start, is what the function is for; below it is not."""
    taints = state.everything(value)
    if not any(label.kind == "param" for label in taints):
        return taints
    below = union(*(state.everything(p, 1) for p in (value.shape or ())[1:] if not isinstance(p, str)))
    return {label: t for label, t in taints.items() if label.kind != "param" or label in below}


def _quoted_taints(value: Value, state: State) -> Taints:
    """For statements: taints that can leave their place; what stands in quotes and holds no such quote cannot."""
    found: list[Taints] = []
    quote = ""
    for piece in value.shape or ():
        if isinstance(piece, str):
            for char in piece:
                if char in "'\"" and (not quote or char == quote):
                    quote = "" if quote else char
        else:
            taints = state.everything(piece, 1)
            mark = f"quote{quote}"
            found.append({label: t for label, t in taints.items() if not (quote and mark in t.neutral)})
    return union(*found)


SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ksh", "cmd", "cmd.exe", "powershell", "pwsh", "powershell.exe"})


def _start_taints(value: Value, state: State) -> Taints:
    """For URLs: taints that can change where it leads; what comes after `scheme://host/` cannot."""
    if value.shape is None:
        return state.everything(value)
    prefix = ""
    found: list[Taints] = []
    based = len(value.shape) > 1 and isinstance(value.shape[1], str) and value.shape[1].startswith("/")
    for piece in value.shape:
        if isinstance(piece, str):
            prefix += piece
        elif piece.single:
            prefix += str(piece.only())
        else:
            rest = prefix.partition("://")[2] if "://" in prefix else prefix
            if ("://" in prefix and "/" in rest) or ("://" in prefix and "?" in rest):
                break
            if prefix.startswith("/") and not prefix.startswith("//") and len(prefix) > 1:
                break
            taints = state.everything(piece, 1)
            if based and not prefix:  # a base address: who calls the function says where the service is
                taints = {label: taint for label, taint in taints.items() if label.kind != "param"}
            found.append(taints)
            if not taints:
                break  # an unknown but trusted start (a configured base address) decides where it leads
    return union(*found)
