"""Reading a file in pieces, by the security and malicious checks alone, where it is too much as a whole.

A check sees one piece at a time, so that it knows the file's imports but not what other pieces define, and there is no
data flow.  That is enough for dangerous calls, hidden text and most of what is malicious, and no more is promised.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace

import libcst as cst

from codeguard.checks._api import Check
from codeguard.engines.bound import Bound
from codeguard.model import Category, Comment, Failure, Finding, Fix, Span
from codeguard.source.model import Source
from codeguard.syntax.pieces import Piece, pieces
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit

CATEGORIES = frozenset((Category.SECURITY, Category.MALICIOUS))

Look = Callable[[Check, Unit], tuple[list[Finding], list[Failure]]]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file to be read in pieces, in `seconds`."""

    source: Source
    seconds: float


@dataclass(frozen=True, slots=True)
class Read:
    """What the pieces that were read so far have shown; `whole` where they are all."""

    findings: tuple[Finding, ...] = ()
    failures: tuple[Failure, ...] = ()
    directives: tuple[Comment, ...] = ()
    whole: bool = False


def read(
    source: Source, checks: Iterable[Check], look: Look, comments: Callable[[Unit], Iterable[Comment]], engine: str
) -> Generator[Read, None, Read]:
    """What `look` finds in the pieces of a file, told after each that shows something; the last one is returned."""
    wanted = [check for check in checks if check.flow is None and check.category in CATEGORIES]
    textual = [check for check in wanted if not check.nodes and not check.calls]
    bound = Bound(engine)
    findings: list[Finding] = []
    failures: dict[Failure, None] = {}  # a check that fails on one piece may do so on each
    directives: dict[int, Comment] = {}  # by line: the imports are in every piece
    seen: set[tuple[str, Span]] = set()

    def take(check: Check, unit: Unit, piece: Piece | None) -> None:
        found, failed = look(check, unit)
        failures.update(dict.fromkeys(failed))
        for one in found:
            finding = one if piece is None else _moved(one, piece)
            place = (finding.rule_id, finding.span)
            if place not in seen and bound.admits(finding.path, finding.rule_id):
                seen.add(place)
                findings.append(finding)

    unit = Unit(source.path, "", cst.Module([]))
    unit.origin = source  # what decoding noticed is of the file, and of no piece
    for check in textual:
        take(check, unit, None)
    for piece in pieces(source.text):
        known = len(findings)
        unit = parse(source.path, piece.text) if piece.code else Unit(source.path, piece.text, cst.Module([]))
        for check in wanted if piece.code else textual:
            take(check, unit, piece)
        for comment in comments(unit) if piece.code else ():
            line = piece.lines[comment.line - 1]
            directives.setdefault(line, replace(comment, line=line))
        if len(findings) > known:
            yield Read(tuple(findings), tuple(failures), tuple(directives.values()))
    return Read(tuple(findings), (*failures, *bound.failures()), tuple(directives.values()), whole=True)


def _moved(finding: Finding, piece: Piece) -> Finding:
    """The finding where it stands in the file; its fix as a sentence, since its edits are of the piece."""
    fix = None if finding.fix is None else Fix(finding.fix.title)
    return replace(finding, span=piece.span(finding.span), fix=fix)
