"""One defect, one finding: reports of the same defect by several engines become one that lists who saw it.

Two reports are of the same defect where they stand on the same code and their rules are related: the same rule, one
named as an alias by the other, or both aliases of a third party's rule.  Reports of unrelated rules are the same where
they share their primary CWE and their spans overlap.  The richest report speaks: one with a trace, else ours, else
Semgrep's pack, else Bandit's, else Ruff's, else ty's.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from codeguard.model import Category, Finding, Rule

PRIORITY = {"native": 0, "semgrep": 1, "bandit": 2, "ruff": 3, "ty": 4}
# A finding on more lines than this is about a block: only its first line says where it is.
LONG = 12
# How many reports on one line are compared with one more: a line with thousands is not worth a square of time.
CANDIDATES = 64


def names_of(rule_id: str, rule: Rule | None) -> frozenset[str]:
    """Every name that a rule's defect goes by: its own id and its aliases."""
    return frozenset((rule_id, *(rule.aliases if rule else ())))


def merge(
    findings: Iterable[Finding], rules: Mapping[str, Rule], wanted: Callable[[Finding], bool] = lambda _: True
) -> tuple[Finding, ...]:
    """The findings with duplicates merged, in order of path and place, fingerprints set.

    Only a `wanted` finding speaks for a defect; an unwanted one (its rule is off in this profile, say) merely adds
    its engine to those that saw it.  The outcome does not depend on the order of `findings`.
    """
    by_path: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_path[finding.path].append(finding)
    merged = [f for path in sorted(by_path) for f in _merge_file(by_path[path], rules, wanted)]
    return tuple(with_fingerprints(sorted(merged, key=place)))


def place(finding: Finding) -> tuple[object, ...]:
    """The order of findings in every report."""
    return (finding.path, finding.span, finding.rule_id, finding.message)


_GRAVEST = (Category.MALICIOUS, Category.SECURITY, Category.CORRECTNESS, Category.STANDARDS)


def _rank(finding: Finding) -> tuple[object, ...]:
    """The richest first; ties end in the place, so that the order of engines does not matter."""
    engine = PRIORITY.get(finding.engine, 9)
    gravest = _GRAVEST.index(finding.category)  # a trap for the reader is not a slip, whatever else says so
    return (not finding.trace, engine, gravest, -finding.confidence, -finding.severity, *place(finding))


def _merge_file(findings: list[Finding], rules: Mapping[str, Rule], wanted: Callable[[Finding], bool]) -> list[Finding]:
    heads: list[Finding] = []
    seen: list[set[str]] = []
    by_key: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    asked = [(wanted(f), f) for f in findings]
    for is_wanted, finding in sorted(asked, key=lambda pair: (not pair[0], *_rank(pair[1]))):
        related = _keys(finding, rules.get(finding.rule_id))
        index = _match(finding, related, heads, by_key)
        if index is not None:
            seen[index].update(finding.seen_by)
        elif is_wanted:
            for key in related:
                by_key[key].append(len(heads))
            heads.append(finding)
            seen.append(set(finding.seen_by))
    return [
        replace(head, seen_by=(*head.seen_by, *sorted(names - set(head.seen_by))))
        for head, names in zip(heads, seen, strict=True)
    ]


def _keys(finding: Finding, rule: Rule | None) -> list[tuple[object, ...]]:
    """What related findings have in common with this one: a line, and a name of the defect or the primary weakness.

    The first key is the finding's very own: rule, engine and span.
    """
    span = finding.span
    last = span.end_line if span.end_line - span.start_line < LONG else span.start_line
    lines = range(span.start_line, last + 1)
    keys: list[tuple[object, ...]] = [(finding.rule_id, finding.engine, span)]
    keys += [(line, name) for line in lines for name in sorted(names_of(finding.rule_id, rule))]
    if finding.cwe:
        malicious = finding.category is Category.MALICIOUS
        keys += [(line, finding.cwe[0], malicious) for line in lines]
    return keys


def _match(
    finding: Finding,
    keys: list[tuple[object, ...]],
    heads: list[Finding],
    by_key: Mapping[tuple[object, ...], list[int]],
) -> int | None:
    """The first head that reports the same defect; one whose span overlaps goes before one that shares a line."""
    own, *shared = keys
    if own in by_key:
        return by_key[own][0]
    near: int | None = None
    for key in shared:
        by_name = len(key) == 2
        for index in by_key.get(key, ())[:CANDIDATES]:
            head = heads[index]
            if (head.rule_id, head.engine) == (finding.rule_id, finding.engine):
                continue  # two reports of one rule by one engine are two defects
            if head.span.overlaps(finding.span):
                return index
            if by_name and near is None:
                near = index
    return near


def with_fingerprints(findings: Iterable[Finding]) -> list[Finding]:
    """The findings, each with a fingerprint that survives moved lines.

    It hashes rule, path, and the line's text without white space; equal ones in one file are numbered in order.
    """
    counts: defaultdict[tuple[str, str, str], int] = defaultdict(int)
    out = []
    for finding in findings:
        text = "".join(finding.snippet.split())
        key = (finding.rule_id, finding.path, text)
        ordinal = counts[key]
        counts[key] += 1
        material = "\0".join((*key, str(ordinal))).encode("utf-8", "surrogatepass")
        out.append(replace(finding, fingerprint=hashlib.sha256(material).hexdigest()[:32]))
    return out
