"""Broken and partial code: what can still be read of a file that does not parse.

Generated code stops half way, keeps the fence and the prose of a chat around it, or is a fragment that begins inside
a block.  The text is cut into top-level chunks; those that parse stay as they are, the others are repaired line by
line, and what cannot be repaired is blanked out.  No repair moves a line or a column, so findings stay where they
are.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator

import libcst as cst

from codeguard.syntax.logical import LogicalLine, depth_exceeds, logical_lines
from codeguard.syntax.unit import SyntaxProblem, Unit

# CPython refuses more than 200 nested brackets or 100 levels of indentation; LibCST's parser would overflow the stack.
MAX_NESTING = 200
MAX_REPAIRS_PER_CHUNK = 60
# What LibCST raises for a text that it does not parse.  Some it refuses only when it builds the node: `"a" b"c"`.
REFUSALS = (cst.ParserSyntaxError, cst.CSTValidationError, cst.CSTLogicError, RecursionError, ValueError, UnicodeError)
MAX_LINES_READ_TWICE = 500  # longer files are no fragments, and repairing them costs

FENCE = re.compile(r"^\s{0,3}(```|~~~)\s*([\w+-]*)\s*$")
CONTINUES = re.compile(r"(else|elif|except|finally|case)\b")
PRINT = re.compile(r"^(\s*)print[ \t](?!\s*[=(,.\[])(.*?)(\s*(?:#.*)?)$", re.DOTALL)
EXEC = re.compile(r"^(\s*)exec[ \t](?!\s*[=(,.\[])(.*?)(\s*(?:#.*)?)$", re.DOTALL)


def parse(path: str, text: str) -> Unit:
    """Parse `text`, as far as it can be; never raises for what the text holds.

    A text that does not parse gives a unit with a `problem`; where nothing of it is readable, its module is empty.
    """
    problem = _too_deep(text)
    if problem is None:
        try:
            return Unit(path, text, cst.parse_module(text))
        except REFUSALS as error:
            problem = _problem(text, error)
    lines = text.split("\n")
    code = _outside_prose(lines)
    prefix, repaired, blanked = min(
        (_read(reading, code) for reading in _readings(code)), key=lambda read: len(read[2])
    )
    whole = prefix + "\n".join(repaired)
    blanked |= {n for n, (a, b) in enumerate(zip(lines, code, strict=True), 1) if a != b and a.strip()}
    try:
        module = cst.parse_module(whole)
    except REFUSALS:
        everything = {n for n, line in enumerate(lines, 1) if line.strip()}
        return Unit(path, text, cst.Module([]), problem=problem, blanked=_ranges(everything))
    shift = prefix.count("\n")
    return Unit(path, whole, module, original=text, problem=problem, blanked=_ranges(blanked), line_shift=shift)


def _problem(text: str, error: Exception) -> SyntaxProblem:
    """Where and what the problem is, in the words of CPython's own parser where it agrees that there is one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except SyntaxError as own:
        if "multiple exception types" in own.msg and isinstance(error, cst.ParserSyntaxError):
            return _libcst_problem(error)  # PEP 758 allows that: the fault is elsewhere
        line = min(max(own.lineno or 1, 1), text.count("\n") + 1)
        return SyntaxProblem(line, max((own.offset or 1) - 1, 0), own.msg)
    except (ValueError, RecursionError, MemoryError) as own:
        return SyntaxProblem(1, 0, f"the parser gave up ({type(own).__name__})")
    if isinstance(error, cst.ParserSyntaxError):
        return _libcst_problem(error)
    return SyntaxProblem(1, 0, f"the parser gave up ({type(error).__name__})")


def _libcst_problem(error: cst.ParserSyntaxError) -> SyntaxProblem:
    """LibCST's own place: its message has the offending token's, its `raw_line` may be the next one's."""
    match = re.search(r"error at (\d+):(\d+)", str(error.message))
    line, column = (int(match[1]), int(match[2]) - 1) if match else (error.raw_line, 0)
    return SyntaxProblem(max(line, 1), max(column, 0), "invalid syntax")


def _too_deep(text: str) -> SyntaxProblem | None:
    line = depth_exceeds(text, MAX_NESTING)
    return None if line is None else SyntaxProblem(line, 0, f"brackets are nested more than {MAX_NESTING} deep")


# -- prose


def _outside_prose(lines: list[str]) -> list[str]:
    """The lines with Markdown fences, and the chat text around fenced code, blanked; same count, same columns."""
    fences = [n for n, line in enumerate(lines) if FENCE.match(line)]
    if not fences:
        return list(lines)
    out, inside = list(lines), False
    paired = len(fences) >= 2 and FENCE.match(lines[fences[0]]).group(2) != ""  # type: ignore[union-attr]
    if not paired and len(fences) == 1 and _looks_like_prose(lines[: fences[0]]):
        paired = True  # an opening fence whose end was cut off
    for number, line in enumerate(lines):
        if FENCE.match(line):
            out[number] = ""
            inside = not inside
        elif paired and not inside:
            out[number] = ""
    return out


def _looks_like_prose(lines: list[str]) -> bool:
    text = "\n".join(lines).strip()
    if not text:
        return True
    try:
        cst.parse_module(text + "\n")
    except REFUSALS:
        return True
    return False


# -- fragments that begin or end inside a text


def _readings(code: list[str]) -> Iterator[list[str]]:
    """The lines as they are; and, where they quote long texts, as a piece that begins or ends inside of one.

    Read as they are, all that follows the quotes at the end of a docstring whose beginning is missing is a text.
    """
    yield code
    if len(code) > MAX_LINES_READ_TWICE:
        return
    for quotes in ('"""', "'''"):
        marked = [number for number, line in enumerate(code) if quotes in line]
        if marked:
            yield [""] * (marked[0] + 1) + code[marked[0] + 1 :]
            yield code[: marked[-1]] + [""] * (len(code) - marked[-1])


def _read(reading: list[str], code: list[str]) -> tuple[str, list[str], set[int]]:
    """What must come before the lines, the lines repaired, and the 1-based numbers of those of `code` that are lost."""
    prefix, body = _unindent(reading)
    repaired, lost = _repair(body)
    text = {n for n, (a, b) in enumerate(zip(code, reading, strict=True), 1) if a.strip() and not b.strip()}
    return prefix, repaired, lost | text


# -- fragments that begin inside a block


def _unindent(lines: list[str]) -> tuple[str, list[str]]:
    """Opening lines that give an indented fragment the blocks it stands in, and the lines themselves."""
    levels: list[int] = []
    for line in lines:
        stripped = line.lstrip()
        if not stripped or stripped.startswith("#"):
            continue
        indent = len(line) - len(stripped)
        if not levels or indent < levels[-1]:
            levels.append(indent)
        if indent == 0:
            break
    opening = sorted(level for level in levels if level > 0)
    if not opening:
        return "", lines
    return "".join(" " * indent + "if 1:\n" for indent in [0, *opening[:-1]]), lines


# -- repair


def _repair(lines: list[str]) -> tuple[list[str], set[int]]:
    """The lines so changed that each top-level chunk parses, and the 1-based numbers of those blanked."""
    out, blanked = list(lines), set()
    for start, end in _chunks(lines):
        chunk = out[start:end]
        if not any(line.strip() for line in chunk) or _parses(chunk):
            continue
        fixed, lost = _repair_chunk(chunk)
        out[start:end] = fixed
        blanked |= {start + n for n in lost}
    return out, blanked


def _chunks(lines: list[str]) -> list[tuple[int, int]]:
    """Index ranges of lines that each hold whole top-level statements (a decorator or `else` stays with its block)."""
    starts = []
    decorated = False
    for logical in logical_lines(lines):
        if logical.indent == 0:
            text = lines[logical.start]
            if not CONTINUES.match(text) and not decorated:
                starts.append(logical.start)
            decorated = text.startswith("@")
    if not starts or starts[0] != 0:
        starts.insert(0, 0)
    return list(zip(starts, [*starts[1:], len(lines)], strict=True))


def _parse_error(lines: list[str]) -> int | None:
    """None where the lines parse (as a block, if they are indented), else the 0-based index of the error's line."""
    prefix, _ = _unindent(lines)
    text = prefix + "\n".join(lines) + "\n"
    if deep := _too_deep(text):
        return deep.line - 1 - prefix.count("\n")
    try:
        cst.parse_module(text)
    except REFUSALS as error:
        line = _problem(text, error).line - 1 - prefix.count("\n")
        return min(max(line, 0), len(lines) - 1)
    return None


def _parses(lines: list[str]) -> bool:
    return _parse_error(lines) is None


def _repair_chunk(chunk: list[str]) -> tuple[list[str], set[int]]:
    out = list(chunk)
    lost: set[int] = set()
    previous = -1
    for _ in range(MAX_REPAIRS_PER_CHUNK):
        at = _parse_error(out)
        if at is None:
            return out, lost
        parts = logical_lines(out)
        index = max((i for i, p in enumerate(parts) if p.start <= at), default=None)
        if index is None:
            break
        if at <= previous and index > 0 and parts[index].start == previous:
            index -= 1  # the same place again: what stands before it must be at fault
        logical = parts[index]
        previous = logical.start
        following = parts[index + 1] if index + 1 < len(parts) else None
        for candidate, loses in _repairs(out, logical, following):
            attempt = out[: logical.start] + candidate + out[logical.end :]
            error = None if loses else _parse_error(attempt)
            if loses or error is None or error >= logical.end:
                if loses:
                    lost |= set(range(logical.start + 1, logical.end + 1))
                out = attempt
                break
    blank = [""] * len(chunk)
    return blank, {n for n, line in enumerate(chunk, 1) if line.strip()}


def _repairs(lines: list[str], logical: LogicalLine, following: LogicalLine | None) -> list[tuple[list[str], bool]]:
    """Replacements for one logical line, the best first, each with whether it loses the line's code.

    A replacement has as many lines as it replaces, and moves no column.
    """
    text = "\n".join(lines[logical.start : logical.end])
    rest = [""] * (logical.end - logical.start - 1)
    candidates: list[tuple[list[str], bool]] = []
    for pattern, form in ((PRINT, "{0}print({1}){2}"), (EXEC, "{0}exec({1}){2}")):  # Python 2
        if match := pattern.match(text):
            body = match.group(2)
            inner = re.sub(r"^>>\s*[\w.]+\s*,?", lambda m: " " * len(m.group()), body)
            candidates.append((form.format(match.group(1), inner, match.group(3)).split("\n"), False))
    indent = logical.margin
    nested = following is not None and following.indent > logical.indent
    candidates.append(([f"{indent}if 1:" if nested else f"{indent}pass", *rest], True))
    return candidates


def _ranges(numbers: set[int]) -> tuple[tuple[int, int], ...]:
    ranges: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)
