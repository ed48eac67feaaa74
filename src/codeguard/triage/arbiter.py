"""What our own data flow says of other engines' findings: those whose value it shows to be harmless are dismissed.

A finding is dismissed only where the flow has been at the same code, for the same weakness, every time that it came
there, and each time the value was a constant, or had been made safe or checked; or where the code can never run.  What
the flow does not know stays reported.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from codeguard.flow.verdicts import Verdict
from codeguard.model import Dismissed, Finding, Span, Step

# The kinds of sink that a finding of a CWE is about.
KINDS_OF_CWE: dict[int, frozenset[str]] = {
    cwe: frozenset(kinds.split())
    for cwes, kinds in (
        ((77, 78, 88), "shell argv"),
        ((89, 564), "sql"),
        ((943,), "nosql"),
        ((22, 23, 36, 73), "path"),
        ((94, 95, 96), "code template"),
        ((1336,), "template"),
        ((79, 80, 116), "html"),
        ((502,), "deser"),
        ((918,), "ssrf"),
        ((601,), "redirect"),
        ((90,), "ldap"),
        ((91, 643), "xpath xml"),
        ((611, 776, 827), "xxe"),
        ((93, 113), "header"),
        ((117,), "log"),
        ((470,), "reflect"),
        ((501,), "trust"),
    )
    for cwe in cwes
}
HARMLESS = {
    "constant": "the value is a constant there",
    "made safe": "untrusted data has been checked, converted or escaped before it gets there",
    "unreachable": "constants show that this code never runs",
}


def concerns(finding: Finding) -> bool:
    """True for a finding of another engine that the flow can have an opinion of."""
    return finding.engine != "native" and bool(_kinds(finding))


def _kinds(finding: Finding) -> frozenset[str]:
    return KINDS_OF_CWE.get(finding.cwe[0], frozenset()) if finding.cwe else frozenset()


def decide(findings: Iterable[Finding], verdicts: Sequence[Verdict]) -> tuple[list[Finding], list[Dismissed]]:
    """The findings that stand, and those that the verdicts refute."""
    by_path: defaultdict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        by_path[verdict.path].append(verdict)
    kept: list[Finding] = []
    dismissed: list[Dismissed] = []
    for finding in findings:
        about = _about(finding, by_path.get(finding.path, [])) if concerns(finding) else []
        why = frozenset[str]().union(*(verdict.why for verdict in about))
        if about and why <= HARMLESS.keys():
            reasons = " and ".join(HARMLESS[reason] for reason in sorted(why))
            steps = tuple(Step(v.path, v.span, ", ".join(HARMLESS[w] for w in sorted(v.why))) for v in about)
            dismissed.append(Dismissed(finding, f"The data flow shows that {reasons}.", steps))
        else:
            kept.append(finding)
    return kept, dismissed


def _about(finding: Finding, verdicts: list[Verdict]) -> list[Verdict]:
    """The verdicts of the finding's weakness on its code; of several, those that start closest."""
    kinds = _kinds(finding)
    return [
        v
        for v in verdicts
        if (v.kind in kinds and _same_place(v.span, finding.span))
        or ("unreachable" in v.why and _inside(finding.span, v.span))
    ]


def _same_place(ours: Span, theirs: Span) -> bool:
    return ours.overlaps(theirs) and (ours.start_line == theirs.start_line or theirs.start_line >= ours.start_line)


def _inside(inner: Span, outer: Span) -> bool:
    start, end = (outer.start_line, outer.start_col), (outer.end_line, outer.end_col)
    return start <= (inner.start_line, inner.start_col) and (inner.end_line, inner.end_col) <= end
