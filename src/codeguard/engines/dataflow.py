"""The data flow's part of our own engine: from lowered modules to findings with traces.

A scan lowers each file where it is parsed, interprets the modules together in shards, and works out places only in the
files that something is reported of.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from codeguard.checks._api import Check
from codeguard.flow.analysis import Analysis
from codeguard.flow.ir import ModuleIR
from codeguard.flow.lower import places
from codeguard.flow.values import Link
from codeguard.flow.verdicts import Judged, Reached
from codeguard.knowledge.flow import library
from codeguard.model import Confidence, Finding, Fix, Severity, Span, Step
from codeguard.project.modules import Modules
from codeguard.source.model import Source
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit

SHARD_LINES = 20_000  # functions of about so many lines are interpreted by one worker at a time
NEIGHBOUR_LINES = 40_000  # how much of a large project one shard has at hand


@dataclass(frozen=True, slots=True)
class Shard:
    """Modules that know each other, pickled, and the paths among them whose functions are to be interpreted."""

    modules: tuple[tuple[str, bytes], ...]
    roots: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Flowed:
    """What the interpretation says, places still as ordinals.  `broken`: module paths and what failed there."""

    found: tuple[Reached, ...] = ()
    judged: tuple[Judged, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()
    passed: Mapping[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    cut: tuple[tuple[str, str], ...] = ()  # module paths and functions whose budget ran out


@dataclass(frozen=True, slots=True)
class Ask:
    """A question: where do these ordinals of a file stand."""

    source: Source
    ordinals: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """The spans of some ordinals of one file."""

    path: str
    spans: Mapping[int, Span]


Places = Mapping[str, Mapping[int, Span]]


@dataclass(slots=True)
class Evidence:
    """Everything the data flow has to say in one scan, collected bit by bit."""

    found: list[Reached] = field(default_factory=list)
    judged: list[Judged] = field(default_factory=list)
    passed: dict[tuple[str, str, str], frozenset[str]] = field(default_factory=dict)
    places: dict[str, dict[int, Span]] = field(default_factory=dict)

    def take(self, flowed: Flowed) -> None:
        """Add what one shard says."""
        self.found += flowed.found
        self.judged += flowed.judged
        for key, safe in flowed.passed.items():
            self.passed[key] = self.passed.get(key, safe) & safe

    def reported(self, checks: Iterable[Check]) -> list[Reached]:
        """What one of the checks reports.

        A parameter is not taken for untrusted where functions of the project pass it, and only what is safe there.
        """
        by_kind = _by_kind(checks)
        return [
            r
            for r in self.found
            if r.sink.kind in by_kind
            and confidence_of(by_kind[r.sink.kind], r) is not None
            and not (
                r.label.kind == "param"
                and r.sink.kind in self.passed.get((r.label.path, r.label.function, r.label.param), ())
            )
        ]

    def place(self, located: Located) -> None:
        """Add where things stand in one file."""
        self.places.setdefault(located.path, {}).update(located.spans)


def shards(modules: Mapping[str, bytes], imports: Mapping[str, Sequence[str]], lines: Mapping[str, int]) -> list[Shard]:
    """The modules in groups that import each other, large groups split by whose functions are interpreted.

    `imports` holds the dotted names that each module imports.
    """
    names = Modules(modules)
    group = {path: path for path in modules}

    def root(path: str) -> str:
        while group[path] != path:
            group[path] = group[group[path]]
            path = group[path]
        return path

    needs: defaultdict[str, set[str]] = defaultdict(set)
    for path, targets in imports.items():
        for target in targets:
            found = names.find(target, path)
            if found is not None:
                group[root(path)] = root(found[0])
                needs[path].add(found[0])
    members: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(modules):
        members[root(path)].append(path)
    out: list[Shard] = []
    small: list[str] = []
    for paths in members.values():
        if sum(lines[p] for p in paths) < SHARD_LINES // 4:
            small += paths
            if sum(lines[p] for p in small) > SHARD_LINES:
                out += _split(small, modules, lines, needs)
                small = []
        else:
            out += _split(paths, modules, lines, needs)
    return [*out, *(_split(small, modules, lines, needs) if small else ())]


def _split(
    paths: list[str], modules: Mapping[str, bytes], lines: Mapping[str, int], needs: Mapping[str, set[str]]
) -> list[Shard]:
    whole = sum(lines[path] for path in paths) <= NEIGHBOUR_LINES
    out: list[Shard] = []
    roots: list[str] = []
    size = 0
    for path in paths:
        roots.append(path)
        size += lines[path]
        if size >= SHARD_LINES or path == paths[-1]:
            known = paths if whole else _neighbours(roots, lines, needs)
            out.append(Shard(tuple((name, modules[name]) for name in known), tuple(roots), size))
            roots, size = [], 0
    return out


def _neighbours(roots: Sequence[str], lines: Mapping[str, int], needs: Mapping[str, set[str]]) -> list[str]:
    """The roots and what they import, the nearest first, until it is enough: calls into what is left out are unknown.

    Without a bound, each part of a large project would carry all of it, and cost and memory would grow with the square.
    """
    chosen = dict.fromkeys(roots)
    size = sum(lines[path] for path in roots)
    layer: list[str] = list(roots)
    while layer:
        following: list[str] = []
        for path in layer:
            for needed in sorted(needs.get(path, ())):
                if needed not in chosen and size + lines[needed] <= NEIGHBOUR_LINES:
                    chosen[needed] = None
                    size += lines[needed]
                    following.append(needed)
        layer = following
    return list(chosen)


def interpret(modules: Mapping[str, ModuleIR], roots: Iterable[str]) -> Flowed:
    """Interpret the functions of the modules at `roots`, all `modules` at hand."""
    analysis = Analysis(modules, library())
    analysis.run(roots)
    return Flowed(
        tuple(analysis.verdicts.reached()),
        tuple(analysis.verdicts.judged()),
        tuple(analysis.errors),
        analysis.passed,
        tuple((path, analysis.modules[path].functions[number].qualname) for path, number in analysis.cut),
    )


def interpret_shard(shard: Shard) -> Flowed:
    """As `interpret`, from pickled modules."""
    modules = {path: pickle.loads(data) for path, data in shard.modules}  # noqa: S301 - made by this scan's own workers
    return interpret(modules, shard.roots)


def locate(ask: Ask) -> Located:
    """The places of ordinals, by reading the file again."""
    return located(parse(ask.source.path, ask.source.text), ask.ordinals)


def located(unit: Unit, ordinals: Iterable[int]) -> Located:
    """The places of ordinals in a unit."""
    return Located(unit.path, places(unit, ordinals))


def ordinals_of(found: Iterable[Reached]) -> dict[str, set[int]]:
    """The ordinals whose places findings need, by path."""
    out: defaultdict[str, set[int]] = defaultdict(set)
    for reached in found:
        out[reached.module].add(reached.at)
        for link in links(reached):
            out[link.path].add(link.at)
    return dict(out)


def links(reached: Reached) -> list[Link]:
    """The steps of a trace, the source first."""
    out: list[Link] = []
    link = reached.taint.trace
    while link is not None:
        if link.path:
            out.append(link)
        link = link.before
    return out[::-1]


# -- findings


def _by_kind(checks: Iterable[Check]) -> dict[str, Check]:
    return {kind: check for check in checks if check.flow is not None for kind in check.flow.kinds}


def confidence_of(check: Check, reached: Reached) -> Confidence | None:
    """How sure a check is of data of this trust; None where it does not report it."""
    flow = check.flow
    if flow is None:
        return None
    return (check.confidence, flow.parameter, flow.stored, flow.local)[min(reached.label.trust, 3)]


def findings(
    found: Iterable[Reached], checks: Iterable[Check], where: Places, texts: Mapping[str, str]
) -> list[Finding]:
    """The findings of what was found, one for each check and place; what no check wants is left out."""
    by_kind = _by_kind(checks)
    lines = {path: text.split("\n") for path, text in texts.items() if path in where}
    out: dict[tuple[str, str, int], Finding] = {}
    for reached in found:
        check = by_kind.get(reached.sink.kind)
        confidence = confidence_of(check, reached) if check is not None else None
        span = where.get(reached.module, {}).get(reached.at)
        if check is None or check.flow is None or confidence is None or span is None:
            continue
        steps = _steps(reached, where, lines)
        key = (check.id, reached.module, reached.at)
        known = out.get(key)
        if known is not None and known.confidence >= confidence:
            continue
        out[key] = Finding(
            rule_id=check.id,
            path=reached.module,
            span=span,
            message=f"{message(reached)}: {check.flow.harm}",
            category=check.category,
            severity=severity_of(check, confidence),
            confidence=confidence,
            engine="native",
            cwe=tuple(dict.fromkeys((*reached.sink.cwe, *check.cwe))),
            seen_by=(f"native:{check.id}",),
            snippet=_line(lines, reached.module, span),
            trace=steps,
            fix=Fix(check.fix) if check.fix else None,
        )
    return list(out.values())


def severity_of(check: Check, confidence: Confidence) -> Severity:
    """The check's severity; a finding that rests on what unknown callers pass is no worse than medium."""
    return min(check.severity, Severity.MEDIUM) if confidence is Confidence.LOW else check.severity


def message(reached: Reached) -> str:
    """Source and sink in one clause."""
    text = f"{reached.label.text} reaches {called(reached.called)}"
    return text[:1].upper() + text[1:]


PHRASES = {
    "return": "the page that is returned",
    "<location>": "the address of a redirect",
    "<repeated>": "the length of a repetition",
    "<instructions>": "the instructions to a language model",
}


def called(name: str) -> str:
    """What is called, as people say it."""
    if name in PHRASES:
        return PHRASES[name]
    short = name.removeprefix("?.").removeprefix("builtins.")
    if "()" in short or "[]" in short or short.startswith("<"):
        short = short.replace("[]=", " item").rpartition(").")[2]
    return f"`{short.lstrip('.')}`"


def _steps(reached: Reached, where: Places, lines: Mapping[str, list[str]]) -> tuple[Step, ...]:
    out: list[Step] = []
    ends = Link(reached.module, reached.at, f"reaches {called(reached.called)}", None, 0)
    for link in (*links(reached), ends):
        span = where.get(link.path, {}).get(link.at)
        if span is not None:
            out.append(Step(link.path, span, link.text, _line(lines, link.path, span)))
    return tuple(out)


def _line(lines: Mapping[str, list[str]], path: str, span: Span) -> str:
    held = lines.get(path, [])
    return held[span.start_line - 1].strip() if span.start_line <= len(held) else ""
