"""Code stands where nobody looks: far right, far below, behind a carriage return or an odd codec.

Editors do not wrap, diffs are cut, and pages end: white space before a statement hides it from a reviewer and not
from Python.  A carriage return in a comment ends the line for Python and not for every viewer; a codec such as UTF-7
makes other text of the bytes than a reader sees.  Format the file.  See CWE-506 and CWE-451.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.malicious._text import text
from codeguard.model import Confidence, Severity, Span
from codeguard.source.model import NoteKind
from codeguard.syntax.unit import Unit

FAR_RIGHT = re.compile(r"[^\s\\](?:[ \t]*;)?[ \t\f\v]{100,}(?=[^\s#\\,\])}])")
FAR_BELOW = re.compile(r"(?<![\n \t])\n(?:[ \t]*\n){150,}(?=[ \t]*[^\s#])")
DOES = re.compile(r"[\w\])]\s*\(|\bimport\b|=")


def find(unit: Unit) -> Iterator[Hit]:
    """Report what decoding noticed, and statements behind a hundred blanks or 150 empty lines."""
    if unit.origin is not None:
        for note in unit.origin.notes:
            if note.kind is NoteKind.CR_HIDES_CODE:
                yield Hit(
                    Span(note.line, note.col, note.line, note.col + 1),
                    "A carriage return ends the comment before this code for Python and not for every viewer: it runs, and looks like a comment",
                )
            elif note.kind is NoteKind.CODEC_UNUSUAL and note.alters:
                yield Hit(
                    Span(note.line, note.col, note.line, note.col + 1),
                    f"The codec `{note.codec[:30]}` makes other text of these bytes than a reader sees, and that text is what runs",
                )
    long_lines = " " * 100 in unit.original or "\t" * 20 in unit.original or "\t " in unit.original
    if long_lines:
        whole = unit.fact(text)
        for match in FAR_RIGHT.finditer(unit.original):
            token = whole.at(match.end() - 1)
            rest = unit.original[
                match.end() : unit.original.find("\n", match.end()) if "\n" in unit.original[match.end() :] else None
            ]
            if (
                (token is None or token.kind != "string")
                and DOES.search(rest)
                and (";" in match.group() or ":" in match.group())
            ):
                yield Hit(
                    whole.span(match.end(), match.end() + 1),
                    f"Code stands behind {len(match.group())} blanks, where no reviewer sees it",
                )
    if "\n" * 40 in unit.original or "\n \n" in unit.original:
        whole = unit.fact(text)
        for match in FAR_BELOW.finditer(unit.original):
            token = whole.at(match.start() + 1)
            if (token is None or token.kind != "string") and DOES.search(
                unit.original[match.end() : match.end() + 400]
            ):
                first = match.end() + len(unit.original[match.end() :]) - len(unit.original[match.end() :].lstrip())
                yield Hit(
                    whole.span(first, first + 1),
                    f"Code stands below {match.group().count(chr(10))} empty lines, where no reviewer looks",
                    severity=Severity.MEDIUM,
                    confidence=Confidence.MEDIUM,
                )


CHECK = Check(
    id="CGM023",
    behaviour="keep code where nobody looks",
    name="code-hidden-by-layout",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(506, 451),
    find=find,
    fix="Format the file, and review what comes into sight.",
    bad=(
        Bad("def main():\n    print('hello');" + " " * 150 + "exec(fetch())  # finding\n    return 0\n"),
        Bad("import sys\nx = 1;" + " " * 300 + "import evil  # finding\n"),
        Bad("x = 1\n" + "\n" * 200 + "run(x)  # finding\n"),
    ),
    good=(
        Good(
            "TABLE = [\n    ('a',"
            + " " * 110
            + "1),\n    ('bb',"
            + " " * 110
            + "2),\n]\nx = 1"
            + " " * 120
            + "# aligned comment\n"
        ),
        Good("ART = '''\n" + " " * 150 + "*  f(x)\n'''\n"),
        Good("x = 1\n\n\n\n\ny = 2\n"),
    ),
    misses=(Miss("x = f(1," + " " * 150 + "g())  # finding\n", why="arguments far to the right may be a table"),),
)
