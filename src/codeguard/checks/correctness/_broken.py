"""Why a file does not parse: chat text around the code, a text that was cut off, or a plain mistake.

One defect is reported once, so the three checks that report broken files share this account of what explains what.
"""

from __future__ import annotations

import ast
import keyword
import re
import warnings
from dataclasses import dataclass

import libcst as cst

from codeguard.syntax.logical import LogicalLine, depth_exceeds, lines_in_strings, logical_lines
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import SyntaxProblem, Unit

FENCE = re.compile(r"^\s{0,3}(```+|~~~+)\s*[\w+.#-]*\s*$")
CONTINUES = re.compile(r"(?:elif|else|except|finally|case)\b")
HANDLES = re.compile(r"(?:except|finally)\b")
QUOTED = re.compile(r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|(?<!\w)'(?:[^'\\\n]|\\.)*'|`[^`\n]*`|#.*", re.DOTALL)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
BETWEEN = re.compile(r"(?:,|\.|:|;|!|\?)?[ \t]+")
CODE_LINE = re.compile(r"\s*(?:@|def\b|class\b|import\b|from\b|return\b|if\b|elif\b|while\b|for\b|with\b|print\b|exec\b|assert\b|raise\b|del\b|async\b)")
TOKEN = re.compile(r"#[^\n]*|\"\"\"|'''|\"|'|[(\[{]|[)\]}]")
CLOSING = {"(": ")", "[": "]", "{": "}"}
MAX_NESTING = 200
# LibCST reads what the host's grammar is too old for, but slowly: only in a chunk of up to this many lines.
MAX_SLOW_LINES = 300

# What makes a statement whole that stops early: a value, the rest of a header, a body.
ENDINGS = (
    "", ": pass", " pass", "x", "x: pass", "()", "(): pass", " x", " x: pass", " in x: pass", " in x]", " import x",
    " as x: pass", "=x", "else x", " else x", "\ndef f(): pass", ".x", "} ", ": x",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Block:
    """Lines (1-based, inclusive) of chat text; `fence` is the fence that opens it, empty for prose alone."""

    start: int
    end: int
    fence: str


@dataclass(frozen=True, slots=True)
class Cut:
    """Where a text stops early: the line that is cut, and what is missing, in a few words."""

    line: int
    missing: str


@dataclass(frozen=True, slots=True)
class Breakage:
    """All that keeps a file from parsing: chat text, an end that is missing, and a problem that neither explains."""

    chat: tuple[Block, ...] = ()
    cut: Cut | None = None
    problem: SyntaxProblem | None = None


def breakage(unit: Unit) -> Breakage:
    """The account of one unit; ask through `unit.fact(breakage)`."""
    if unit.problem is None:
        return Breakage()
    lines = unit.original.split("\n")
    chat = _chat(lines, unit)
    for block in chat:
        lines[block.start - 1 : block.end] = [""] * (block.end - block.start + 1)
    problem: SyntaxProblem | None = unit.problem
    if chat:
        problem = parse(unit.path, "\n".join(lines)).problem
    if problem is None or depth_exceeds("\n".join(lines), MAX_NESTING):
        return Breakage(chat, None, problem)
    cut, head = _cut(lines)
    if cut is None:
        return Breakage(chat, None, problem)
    return Breakage(chat, cut, parse(unit.path, "\n".join(lines[:head])).problem)


# -- chat text


def _chat(lines: list[str], unit: Unit) -> tuple[Block, ...]:
    """Runs of fence and prose lines outside strings; the fence that closes a reported one is not told again."""
    inside = lines_in_strings(lines)
    if inside and any(FENCE.match(line) for line in lines):
        # Prose may hold a lone quote: where the fences themselves would lie in a string that never ends, look without.
        last = max(inside)
        if last == len(lines) - 1:
            inside = frozenset()
    lost = {n for start, end in unit.blanked for n in range(start - 1, end)}
    fences = [n for n, line in enumerate(lines) if n not in inside and FENCE.match(line)]
    prose = {n for n in sorted(lost) if n not in inside and n not in fences and is_prose(lines[n])}
    blocks: list[Block] = []
    opened = False
    for number in sorted({*fences, *prose}):
        fence = lines[number].strip() if number in fences else ""
        joins = blocks and not any(line.strip() for line in lines[blocks[-1].end : number])
        if joins and not (fence and opened):
            blocks[-1] = Block(blocks[-1].start, number + 1, blocks[-1].fence or fence)
        elif fence and opened:
            blocks.append(Block(number + 1, number + 1, ""))  # blanked like the others, told only if prose follows
        else:
            blocks.append(Block(number + 1, number + 1, fence))
        if fence:
            opened = not opened
    return tuple(blocks)


def is_prose(line: str) -> bool:
    """Whether a line reads as a sentence: words follow words, which Python has nowhere outside strings."""
    bare = QUOTED.sub(" ", line)
    pairs = 0
    previous: re.Match[str] | None = None
    for word in WORD.finditer(bare):
        if previous is not None and BETWEEN.fullmatch(bare, previous.end(), word.start()):
            plain = not keyword.iskeyword(previous.group()) and not keyword.iskeyword(word.group())
            pairs += plain
        previous = word
    return pairs >= (4 if CODE_LINE.match(line) else 2)


# -- a missing end


def _cut(lines: list[str]) -> tuple[Cut | None, int]:
    """The cut at the end of the lines, if their last top-level statement is one that only lacks its end.

    With it the 0-based line on which that statement starts.
    """
    parts = logical_lines(lines)
    while parts and not lines[parts[-1].start].strip():
        parts.pop()
    if not parts:
        return None, 0
    first = _top_level(parts, lines)
    chunk = lines[first:]
    while chunk and not chunk[-1].strip():
        chunk.pop()
    prefix = ""
    if parts[-1].start >= first and chunk[0][:1] in {" ", "\t"}:
        prefix = "if 1:\n"  # a fragment from inside a block
    body = "\n".join(chunk)
    if _parses(prefix + body, len(chunk)):
        return None, first
    last = parts[-1]
    closers, quote = _open("\n".join(lines[last.start :]).rstrip())
    handlers = _unfinished_tries(parts, lines, first)
    for text, closing in (("" if quote else " ", ""), (quote, closers)):
        if closing == "" and (quote or closers):
            continue
        for ending in ENDINGS:
            attempt = prefix + body.rstrip(" \\") * (not quote) + body * bool(quote) + text.strip() + _inner(ending, closing)
            for tail in _bodies(last, closing, quote):
                if _parses(attempt + tail + handlers, len(chunk)):
                    return Cut(_last_line(lines), _missing(closing, quote, ending + tail)), first
    return None, first
