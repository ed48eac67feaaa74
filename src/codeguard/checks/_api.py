"""What a check is: one module with its documentation, its metadata, a pure function, and its examples.

A check module has a docstring (first line: what is wrong; then why and what to do), a generator `find`, and a
`CHECK`.  From these come the tests, `codeguard explain`, the SARIF help and the rule pages: there is no other place
to touch.

A `find` takes one node (of a class in `nodes`, or a call of a name in `calls`) and the `Unit`; a check with neither
takes the whole `Unit` once, as its only argument.  A check that follows untrusted data has a `flow` instead: it names
a kind of sink of `knowledge/flow`, and the data flow over the whole project does the rest.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import libcst as cst

from codeguard.model import Category, Confidence, Fix, Profile, Rule, Severity, Span
from codeguard.syntax.unit import Unit

CATEGORY_OF_PREFIX = {
    "CGS": Category.SECURITY,
    "CGM": Category.MALICIOUS,
    "CGC": Category.CORRECTNESS,
    "CGT": Category.STANDARDS,
}


@dataclass(frozen=True, slots=True)
class Hit:
    """What a check yields: where (a node, or a span), one sentence of what is wrong *here* and what follows.

    `severity` and `confidence` override the check's own for this place; `fix` is a sentence or a full `Fix`.
    """

    where: cst.CSTNode | Span
    message: str
    fix: Fix | str | None = None
    severity: Severity | None = None
    confidence: Confidence | None = None


@dataclass(frozen=True, slots=True)
class Bad:
    """Code that must be reported on exactly the lines that end with `# finding` (the mark is cut off before the scan).

    `beside`: the modules that lie beside it in its package; without any, the example stands alone.
    """

    code: str
    fixed: str | None = None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Good:
    """Code that must not be reported: the fix, and the look-alikes; `beside` as in `Bad`."""

    code: str
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Miss:
    """A flaw that the check does not see yet, and why: a strict expected failure in the tests."""

    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Flow:
    """What a check of the data flow reports: untrusted data at a sink of one of these kinds.

    `harm` ends the message: what whoever controls the data can do.  `parameter` and `stored` are the confidence where
    the data is a function's own parameter, or comes out of a file, a database or another machine; `local` where the
    command line or the environment gives it.  None: not reported.
    """

    kinds: tuple[str, ...]
    harm: str
    parameter: Confidence | None = Confidence.LOW
    stored: Confidence | None = Confidence.LOW
    local: Confidence | None = None


def _nothing(*_: Any) -> Iterable[Hit]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One check.  The category follows from the id; the module's docstring is the documentation.

    `hints`: the check runs only on texts that contain at least one of these words (a cheap filter: leave it empty
    unless the words must occur).  `profile`: in which noise level it first appears.  `since`: the version that
    brought it.  `behaviour` (of malicious code) ends the sentence "This file would ...".
    """

    id: str
    name: str
    severity: Severity
    confidence: Confidence
    bad: tuple[Bad, ...]
    good: tuple[Good, ...]
    find: Callable[..., Iterable[Hit]] = _nothing
    flow: Flow | None = None
    cwe: tuple[int, ...] = ()
    aliases: tuple[str, ...] = ()
    nodes: tuple[type[cst.CSTNode], ...] = ()
    calls: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    profile: Profile = Profile.DEFAULT
    misses: tuple[Miss, ...] = ()
    fix: str = ""
    behaviour: str = ""
    since: str = "0.1.0"
    doc: str = field(default="")

    def __post_init__(self) -> None:
        if not self.doc:
            frame = inspect.currentframe()
            caller = frame.f_back.f_back if frame and frame.f_back else None  # through the dataclass's own __init__
            object.__setattr__(self, "doc", inspect.cleandoc((caller.f_globals.get("__doc__") or "") if caller else ""))
        if self.id[:3] not in CATEGORY_OF_PREFIX or not self.id[3:].isdigit():
            raise ValueError(f"check id {self.id!r} is not CGS, CGM, CGC or CGT and a number")
        if not self.doc:
            raise ValueError(f"check {self.id} has no module docstring")
        if self.category is Category.MALICIOUS and not self.behaviour:
            raise ValueError(f"check {self.id} does not say what the code would do")
        if (self.find is _nothing) is (self.flow is None):
            raise ValueError(f"check {self.id} needs one of `find` and `flow`")

    @property
    def category(self) -> Category:
        """The category that the id's prefix names."""
        return CATEGORY_OF_PREFIX[self.id[:3]]

    @property
    def summary(self) -> str:
        """The docstring's first line, without its full stop."""
        return self.doc.partition("\n")[0].strip().rstrip(".")

    def rule(self) -> Rule:
        """The rule as reports know it; its help is the documentation and the first examples, as Markdown."""
        return Rule(
            id=self.id,
            name=self.name,
            summary=self.summary,
            category=self.category,
            severity=self.severity,
            confidence=self.confidence,
            engine="native",
            cwe=self.cwe,
            aliases=self.aliases,
            profile=self.profile,
            help=self._help(),
            behaviour=self.behaviour,
        )

    def _help(self) -> str:
        """The docstring without its first line, which is the rule's summary, then the remedy and the examples."""
        parts = [self.doc.partition("\n")[2].strip()]
        if self.fix:
            parts.append(f"**Fix:** {self.fix}")
        shown = [("Reported", example.code) for example in self.bad[:1]]
        shown += [("Not reported", example.code) for example in self.good[:1]]
        shown += [(f"Known miss ({miss.why})", miss.code) for miss in self.misses]
        parts += [f"{title}:\n\n```python\n{_unmarked(code)}\n```" for title, code in shown]
        return "\n\n".join(part for part in parts if part)


def _unmarked(code: str) -> str:
    """An example as people read it: without the marks that the tests look for."""
    lines = (line.rstrip() for line in code.strip().split("\n"))
    return "\n".join(line.removesuffix("# finding").rstrip() for line in lines)


def run(check: Check, unit: Unit) -> list[Hit]:
    """All hits of one check on one unit, in the order of its tables; none of a check of the data flow."""
    if check.hints and not any(hint in unit.text for hint in check.hints):
        return []
    if not check.nodes and not check.calls:
        return list(check.find(unit))
    hits: list[Hit] = []
    for cls in check.nodes:
        for node in unit.nodes(cls):
            hits.extend(check.find(node, unit))
    if check.calls:
        table: dict[str, list[Any]] = unit.calls
        for name in check.calls:
            for call in table.get(name, ()):
                hits.extend(check.find(call, unit))
    return hits


def module_of(check: Check) -> str:
    """The name of the module that defines the check."""
    return sys.modules[check.find.__module__].__name__
