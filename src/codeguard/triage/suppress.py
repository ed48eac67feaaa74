"""Suppressions: which comments silence which findings, and what is wrong with the comments.

Decided here alone, from real comment tokens; the engines are told to ignore every comment.  Our own form is

    # codeguard: ignore[RULE, ...] reason          the line it stands on, or the next one if it stands alone
    # codeguard: ignore-file[RULE, ...] reason     the whole file

Rule and reason are required.  `# nosec`, `# noqa: CODE` and `# nosemgrep` silence the defect that they name, whoever
sees it.  A malicious finding cannot be silenced from inside the file that holds it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from codeguard.model import Category, Comment, Confidence, Finding, Profile, Rule, Severity, Span, Suppressed
from codeguard.triage.merge import names_of

OWN = re.compile(r"#\s*codeguard\s*:\s*(?P<verb>[\w-]*)\s*(?:\[(?P<rules>[^\]]*)\])?\s*(?P<reason>.*)$", re.IGNORECASE)
NOSEC = re.compile(
    r"#\s*nosec\b:?\s*(?P<ids>(?:B\d{3}|[a-z_]{4,})(?:[\s,]+(?:B\d{3}))*)?(?P<reason>[^#]*)", re.IGNORECASE
)
NOQA = re.compile(r"#\s*noqa\b(?:\s*:\s*(?P<ids>[A-Z]+[0-9]+(?:[\s,]+[A-Z]+[0-9]+)*))?(?P<reason>[^#]*)", re.IGNORECASE)
NOSEM = re.compile(r"#\s*nosem(?:grep)?\b(?:\s*:\s*(?P<ids>[\w.,/ -]+))?", re.IGNORECASE)

INVALID = Rule(
    id="CGT090",
    name="invalid-suppression",
    summary="A suppression comment without a rule, without a reason, or with an unknown form",
    category=Category.STANDARDS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    engine="native",
    help="A suppression names the rule that it silences and says why: `# codeguard: ignore[CGS001] the file is ours`. "
    "One that does not is not honoured.",
)
UNUSED = Rule(
    id="CGT091",
    name="unused-suppression",
    summary="A suppression comment that silences nothing",
    category=Category.STANDARDS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    engine="native",
    profile=Profile.DEFAULT,
    help="Nothing on its line (or in its file) is reported under the rule that the comment names. It hides the next "
    "finding that somebody adds there: remove it.",
)
FORBIDDEN = Rule(
    id="CGT092",
    name="forbidden-suppression",
    summary="A comment tries to silence what the configuration lets no comment silence",
    category=Category.STANDARDS,
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    engine="native",
    help="The setting `never-suppress` names rules, categories or a severity that comments in the source have no say "
    "over. The finding is reported as if the comment were not there.",
)
ADDED = Rule(
    id="CGT093",
    name="suppression-added",
    summary="The change adds a comment that silences a finding",
    category=Category.STANDARDS,
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    engine="native",
    help="Whoever wrote the change, a person or a model, decided that a finding need not be looked at. Decide whether "
    "the reason that the comment gives is a good one. Reported only where a scan compares with an earlier commit.",
)
RULES = {rule.id: rule for rule in (INVALID, UNUSED, FORBIDDEN, ADDED)}


@dataclass(slots=True)
class _Directive:
    syntax: str
    comment: Comment
    rules: tuple[str, ...]
    reason: str
    whole_file: bool = False
    used: bool = field(default=False)

    @property
    def line(self) -> int:
        """The line it speaks of."""
        return self.comment.line + (1 if self.comment.alone and self.syntax == "codeguard" else 0)

    def covers(self, span: Span) -> bool:
        if self.whole_file:
            return True
        return span.start_line <= self.line <= max(span.end_line, span.start_line) or span.start_line == self.line

    def names(self, finding: Finding, names: frozenset[str], title: str) -> str | None:
        """The name under which it silences the finding, or None."""
        if self.syntax == "codeguard":
            ours = (n.partition(":")[2] for n in finding.seen_by)  # ours, where another of our rules speaks
            known = {n.lower() for n in (*names, *finding.seen_by, *ours, title)}
            return next((r for r in self.rules if r.lower() in known), None)
        tool = {"nosec": "bandit", "noqa": "ruff", "nosemgrep": "semgrep"}[self.syntax]
        theirs = {n for n in (*names, *finding.seen_by) if n.startswith(f"{tool}:")}
        if self.rules:
            bare = {n.partition(":")[2].lower() for n in theirs}
            if tool == "semgrep":
                bare |= {title.lower()} if finding.engine == "semgrep" else set()
            return next((r for r in self.rules if r.lower() in bare or r.lower().rpartition(".")[2] in bare), None)
        if tool == "ruff" and finding.category in {Category.SECURITY, Category.MALICIOUS}:
            return None  # a bare `noqa` is about style: it names no defect
        return "" if theirs else None


def _nothing(_: Finding) -> bool:
    return False


def apply(
    findings: Iterable[Finding],
    comments: Mapping[str, Iterable[Comment]],
    rules: Mapping[str, Rule],
    *,
    forbidden: Callable[[Finding], bool] = _nothing,
    before: Mapping[str, str] | None = None,
) -> tuple[list[Finding], list[Suppressed], list[Finding]]:
    """What stays, what is silenced, and findings about the comments themselves.

    `forbidden` says what no comment may silence.  `before` holds the earlier texts of files (none for a new file)
    where the scan compares with a commit: then a comment that was not there and silences something is reported.
    """
    directives: dict[str, list[_Directive]] = {}
    about: list[Finding] = []
    for path, found in comments.items():
        for comment in found:
            for directive in _read(comment):
                problem = _problem(directive)
                if problem:
                    about.append(_finding(INVALID, path, comment, problem))
                else:
                    directives.setdefault(path, []).append(directive)
    kept: list[Finding] = []
    silenced: list[Suppressed] = []
    for finding in findings:
        match = _match(finding, directives.get(finding.path, ()), rules)
        if match is None:
            kept.append(finding)
            continue
        directive, name = match
        comment = directive.comment
        if forbidden(finding):
            kept.append(finding)
            said = f"This comment has no say over {finding.rule_id}: the configuration lets none silence it"
            about.append(_finding(FORBIDDEN, finding.path, comment, said))
            continue
        added = None if before is None else _is_new(comment, directives[finding.path], before.get(finding.path, ""))
        silenced.append(Suppressed(finding, directive.syntax, comment.line, name, directive.reason, added))
        if added:
            why = f" ({directive.reason})" if directive.reason else ""
            said = f"The change silences {finding.rule_id} here{why}: {finding.message}"
            new = _finding(ADDED, finding.path, comment, said)
            about.append(replace(new, severity=Severity.MEDIUM) if finding.severity >= Severity.HIGH else new)
    for path, present in directives.items():
        for directive in present:
            if directive.syntax == "codeguard" and not directive.used:
                named = ", ".join(directive.rules)
                about.append(_finding(UNUSED, path, directive.comment, f"Nothing here is reported as {named}"))
    return kept, silenced, about


def _is_new(comment: Comment, all_of_them: Iterable[_Directive], before: str) -> bool:
    """Whether the earlier text holds fewer comments that read like this one than there are now, up to it."""
    text = comment.text.strip()
    upto = {d.comment.line for d in all_of_them if d.comment.text.strip() == text and d.comment.line <= comment.line}
    return before.count(text) < len(upto)


def _match(
    finding: Finding, directives: Iterable[_Directive], rules: Mapping[str, Rule]
) -> tuple[_Directive, str] | None:
    if finding.category is Category.MALICIOUS:
        return None
    rule = rules.get(finding.rule_id)
    names = names_of(finding.rule_id, rule)
    for directive in directives:
        if directive.covers(finding.span):
            name = directive.names(finding, names, rule.name if rule else "")
            if name is not None:
                directive.used = True
                return directive, name
    return None


def _read(comment: Comment) -> list[_Directive]:
    text = comment.text
    found: list[_Directive] = []
    if match := OWN.search(text):
        named = tuple(r.strip() for r in (match["rules"] or "").split(",") if r.strip())
        verb = match["verb"].lower()
        if verb in {"ignore", "ignore-file"}:
            found.append(_Directive("codeguard", comment, named, match["reason"].strip(), verb == "ignore-file"))
        else:
            found.append(_Directive("codeguard", comment, (), f"?{verb}"))
        return found
    for syntax, pattern in (("nosec", NOSEC), ("noqa", NOQA), ("nosemgrep", NOSEM)):
        if match := pattern.search(text):
            groups = match.groupdict()
            named = tuple(r for r in re.split(r"[\s,]+", groups.get("ids") or "") if r)
            if syntax == "nosec":
                named = tuple(r for r in named if re.fullmatch(r"[Bb]\d{3}", r))
            found.append(_Directive(syntax, comment, named, (groups.get("reason") or "").strip(" -:#")))
    return found


def _problem(directive: _Directive) -> str | None:
    if directive.syntax != "codeguard":
        return None
    if directive.reason.startswith("?"):
        return f"`{directive.reason[1:] or 'codeguard:'}` is not a suppression; write `ignore[RULE] reason`"
    if not directive.rules:
        return "The suppression names no rule, so it is not honoured; write `ignore[RULE] reason`"
    if not directive.reason:
        return f"The suppression of {', '.join(directive.rules)} gives no reason, so it is not honoured"
    return None


def _finding(rule: Rule, path: str, comment: Comment, message: str) -> Finding:
    return Finding(
        rule_id=rule.id,
        path=path,
        span=Span(comment.line, comment.column, comment.line, comment.column + len(comment.text)),
        message=message,
        category=rule.category,
        severity=rule.severity,
        confidence=rule.confidence,
        engine=rule.engine,
        seen_by=(f"native:{rule.id}",),
        snippet=comment.text.strip(),
    )
