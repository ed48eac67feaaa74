"""Why a file does not parse: chat text around the code, a text that was cut off, or a plain mistake.

One defect is reported once, so the three checks that report broken files share this account of what explains what.
"""

from __future__ import annotations

import ast
import itertools
import keyword
import re
import warnings
from dataclasses import dataclass

import libcst as cst

from codeguard.syntax.logical import STRING_END, LogicalLine, depth_exceeds, lines_in_strings, logical_lines
from codeguard.syntax.recover import REFUSALS, parse
from codeguard.syntax.unit import SyntaxProblem, Unit

FENCE = re.compile(r"^\s{0,3}(```+|~~~+)\s*[\w+.#-]*\s*$")
CONTINUES = re.compile(r"(?:elif|else|except|finally|case)\b")
HANDLES = re.compile(r"(?:except|finally)\b")
QUOTED = re.compile(
    r"\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\n]|\\.)*\"|(?<!\w)'(?:[^'\\\n]|\\.)*'|`[^`\n]*`|#.*", re.DOTALL
)
WORD = re.compile(r"[^\W\d_][\w'’-]*")
OPEN_STRING = re.compile(r"\"\"\"|'''")
CODE_MARK = re.compile(r"[=()\[\]{}]")
CODE_LINE = re.compile(
    r"\s*(?:@|def\b|class\b|import\b|from\b|return\b|if\b|elif\b|while\b|for\b|with\b|print\b|exec\b|assert\b|raise\b|del\b|async\b)"
)
TOKEN = re.compile(r"#[^\n]*|\"\"\"|'''|\"|'|[(\[{]|[)\]}]")
CLOSING = {"(": ")", "[": "]", "{": "}"}
# Words that a statement may be cut in: what stands before them is enough to go by.
HALF_WORD = re.compile(r"(?<=[\w)\]}\"'] )(?:i|a|an|o|n|no|e|el|els|f|fo|im|imp|impo|impor)$")
MAX_NESTING = 200
# LibCST reads what the host's grammar is too old for, but slowly: only in texts of up to this many lines.
MAX_SLOW_LINES = 300

# What makes the last statement whole: inside its open brackets, and after them.
INNER = ("", "x", " x", "=x", ": x", " in x", " else x")
OUTER = (
    "",
    ": pass",
    " x",
    "x",
    "x: pass",
    " x: pass",
    " in x: pass",
    " as x: pass",
    " import x",
    "(): pass",
    " x(): pass",
    ".x",
    "()",
)
# A clause stands only after another; this is what may stand before it, and in its place.
CLAUSES = (
    (re.compile(r"elif\b"), "if 1: pass\n", "elif 1: pass"),
    (re.compile(r"else\b"), "if 1: pass\n", "else: pass"),
    (re.compile(r"except\b"), "try: pass\n", "except Exception: pass"),
    (re.compile(r"finally\b"), "try: pass\n", "finally: pass"),
    (re.compile(r"case\b.*:?"), "match x:\n ", "case _: pass"),
    (re.compile(r"@"), "", "@x\ndef f(): pass"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """Lines (1-based, inclusive) of chat text; `fence` is its first fence, empty for prose alone.

    A `silent` one closes a fence that is told already.
    """

    start: int
    end: int
    fence: str
    silent: bool = False


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
    prose = {n for n in lost if not {n, n + 1} & inside and n not in fences and is_prose(lines[n])}
    blocks: list[Block] = []
    opened = False
    for number in sorted({*fences, *prose}):
        fence = lines[number].strip() if number in fences else ""
        joins = blocks and not blocks[-1].silent and not any(line.strip() for line in lines[blocks[-1].end : number])
        if joins and not (fence and opened):
            blocks[-1] = Block(blocks[-1].start, number + 1, blocks[-1].fence or fence)
        elif fence and opened:
            blocks.append(Block(number + 1, number + 1, fence, silent=True))
        else:
            blocks.append(Block(number + 1, number + 1, fence))
        if fence:
            opened = not opened
    return tuple(blocks)


def is_prose(line: str) -> bool:
    """Whether a line reads as a sentence: words follow words, which Python has nowhere outside strings."""
    bare = OPEN_STRING.split(QUOTED.sub(" ", line))[0]
    words = list(WORD.finditer(bare))
    pairs = sum(
        not bare[a.end() : b.start()].strip(" ")
        and not keyword.iskeyword(a.group())
        and not keyword.iskeyword(b.group())
        for a, b in itertools.pairwise(words)
    )
    if CODE_LINE.match(line):
        return pairs >= 4
    return pairs >= 2 or (pairs == 1 and len(words) >= 4 and bare.lstrip()[:1].isupper() and not CODE_MARK.search(bare))


# -- a missing end


def _cut(lines: list[str]) -> tuple[Cut | None, int]:
    """The cut at the end of the lines, if their last top-level statement only lacks its end.

    With it the 0-based line on which that statement starts.
    """
    parts = logical_lines(lines)
    if not parts:
        return None, 0
    last = parts[-1]
    first = _top_level(parts, lines)
    end = max(number for number, line in enumerate(lines, 1) if line.strip(" \t\f"))  # as `logical_lines` sees it
    text = "\n".join([lines[last.start][last.indent :], *lines[last.start + 1 : end]]).rstrip()
    before, placeholder = _clause(text)
    head = lines[first : last.start]
    prefix = "if 1:\n" if lines[first][:1].isspace() else ""  # a fragment from inside a block
    tries = _unfinished_tries(parts, lines, first, "" if before != "try: pass\n" else last.margin)
    stand_in = [last.margin + part for part in placeholder.split("\n")]
    if not _parses(prefix + "\n".join([*head, *stand_in]) + tries, len(head)):
        return None, first
    missing = _missing(before, text)
    if missing is None and tries and _parses(before + text, text.count("\n")):
        missing = "the `except` of its `try`"
    return (Cut(end, missing) if missing else None), first


def _top_level(parts: list[LogicalLine], lines: list[str]) -> int:
    """The 0-based line on which the last top-level statement starts, its decorators included."""
    lowest = min(part.indent for part in parts)
    for index in range(len(parts) - 1, -1, -1):
        text = lines[parts[index].start][parts[index].indent :]
        decorated = index > 0 and lines[parts[index - 1].start].lstrip().startswith("@")
        if parts[index].indent == lowest and not CONTINUES.match(text) and not decorated:
            return parts[index].start
    return parts[0].start


def _clause(text: str) -> tuple[str, str]:
    for pattern, before, placeholder in CLAUSES:
        if pattern.match(text):
            return before, placeholder
    return "", "pass"


def _unfinished_tries(parts: list[LogicalLine], lines: list[str], first: int, own: str) -> str:
    """Handlers for every `try` that holds the end and has none, innermost first; `own`: the margin that has one."""
    handlers = ""
    closed: set[str] = {own} if own else set()
    limit = parts[-1].indent + 1
    for part in reversed(parts):
        if part.start < first:
            break
        text = lines[part.start][part.indent :]
        if part.indent < limit and HANDLES.match(text):
            closed.add(part.margin)
        if part.indent < limit and not (part is parts[-1] and text.startswith("try")):
            limit = part.indent
            if text.startswith("try") and part.margin not in closed:
                handlers += f"\n{part.margin}except Exception: pass"
        elif part.indent < limit:
            handlers += f"\n{part.margin}except Exception: pass"
            limit = part.indent
    return handlers


def _missing(before: str, text: str) -> str | None:
    """What the last statement lacks; None where nothing that is put after it makes it whole."""
    if _parses(before + text, text.count("\n")):
        return None
    if text.startswith("@"):
        return "the function that it decorates" if _parses(text + "\ndef f(): pass", 1) else None
    indented = "\n  pass" if before.endswith(" ") else "\n pass"
    if _parses(before + text + indented, text.count("\n")):
        return "the body of its last block"
    closers, quote = _open(text)
    if not quote and (word := HALF_WORD.search(text)):
        text = text[: word.start()]
        if not closers and _parses(before + text, text.count("\n")):
            return _told(quote, closers)
    for close in (quote, f"}}{quote}", f"x}}{quote}") if quote else ("",):
        for inner in INNER if closers else ("",):
            for outer in OUTER:
                if _parses(before + text + close + inner + closers + outer, text.count("\n")):
                    return _told(quote, closers)
    return None


def _told(quote: str, closers: str) -> str:
    if quote:
        return f"the `{quote}` that closes its string"
    return f"`{closers}`" if closers else "the rest of its last statement"


def _open(text: str) -> tuple[str, str]:
    """The brackets that would close what is open at the end of a text, and the quote of a string open there."""
    stack: list[str] = []
    at = 0
    while (token := TOKEN.search(text, at)) is not None:
        mark, at = token.group(), token.end()
        if mark in {'"""', "'''", '"', "'"}:
            end = STRING_END[mark].match(text, at)
            if end is None:
                line_end = text.find("\n", at) if len(mark) == 1 else -1
                if line_end < 0:
                    return "".join(reversed(stack)), mark
                at = line_end
            else:
                at = end.end()
        elif mark in CLOSING:
            stack.append(CLOSING[mark])
        elif mark[0] != "#" and stack:
            stack.pop()
    return "".join(reversed(stack)), ""


def _parses(text: str, lines: int) -> bool:
    if depth_exceeds(text, MAX_NESTING):
        return False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        if lines > MAX_SLOW_LINES:
            return False
    else:
        return True
    try:
        cst.parse_module(text)
    except REFUSALS:
        return False
    return True
