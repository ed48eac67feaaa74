"""What the code around a finding of Ruff's says of it: a look at the text, where Ruff's message does not tell."""

from __future__ import annotations

import ast
import re

from codeguard.engines.columns import Lines

# The start of a statement that gives one name its value: `file =`, `self.file: IO[str] =`.
_TARGET = re.compile(r"\s*((?:self\.)?[^\W\d]\w*)\s*(?::[^=]+)?=(?!=)")


def variant_of(code: str, text: str, line: int) -> str:
    """The variant of a rule's code that holds for a finding on that line of the text; the code where there is none."""
    if code == "F821" and is_fragment(text):
        return "F821-fragment"
    if code == "SIM115" and is_closed_by_hand(text, line):
        return "SIM115-closed"
    return code


def is_fragment(text: str) -> bool:
    """True where the text is one function and nothing else, without any import: cut from a file that we do not see.

    What such a function calls by name, its module may well define.  Text that this Python cannot parse is none.
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    statements = [s for s in tree.body if not (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))]
    if len(statements) != 1 or not isinstance(statements[0], (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    return not any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in ast.walk(tree))


def is_closed_by_hand(text: str, line: int) -> bool:
    """True where what the line assigns is closed somewhere in the text, used as a context manager, or returned."""
    target = _TARGET.match(Lines.of(text).line(line))
    if target is None:
        return False
    name = re.escape(target[1])
    ways = rf"\bwith\s+(?:\w+\()*{name}\b|\b{name}\.close\b|\breturn\s+{name}\b|\benter_context\({name}\b"
    return re.search(ways, text) is not None
