"""A report that shows no secret: what a hard-coded password or key is becomes `sk-l************` everywhere.

Reports are kept, mailed and published, so every format renders `masked(report)`.  Each masked character stays one
character, so that spans, carets and regions still point at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from codeguard.report.lines import Lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from codeguard.model import Dismissed, Failure, Finding, Fix, Report, Step, Suppressed

# CWE-259 hard-coded password, CWE-321 hard-coded cryptographic key, CWE-798 hard-coded credentials
SECRET_CWES = frozenset({259, 321, 798})

# String literals as they are written: triple-quoted ones may hold line ends.
_LITERAL = re.compile(
    r'"""(?P<a>(?:[^\\]|\\.)*?)"""'
    r"|'''(?P<b>(?:[^\\]|\\.)*?)'''"
    r'|"(?P<c>(?:[^"\\\r\n]|\\.)*)"'
    r"|'(?P<d>(?:[^'\\\r\n]|\\.)*)'",
    re.DOTALL,
)
_START = 8  # shorter values are masked only in quotes
_QUOTED = re.compile(r"""(?<!\w)[bBrRuUfF]{0,2}(?:'([^'\r\n]+)'|"([^"\r\n]+)")""")
_WORD = re.compile(r"[A-Za-z_-]+")
_KEY_AFTER = re.compile(r"['\"]{1,3}\s*(?::|\])")
_SUBSCRIPT = re.compile(r"[\w)\]]\[['\"]{1,3}\Z")
_IN_URL = re.compile(r"://[^/@:]*:([^@]+)@")
_LINE_END = re.compile(r"[\r\n]+")


def mask(secret: str) -> str:
    """The secret as it may be shown: as long as it is, with its first four (or two, or no) characters left."""
    keep = 4 if len(secret) >= 16 else 2 if len(secret) >= 8 else 0
    return secret[:keep] + re.sub(r"[^\r\n]", "*", secret[keep:])


@dataclass(frozen=True, slots=True)
class _Values:
    """What must not be shown: `anywhere` by its value; `quoted` (short, or like an ordinary word) only in quotes.

    A file may hold thousands of keys, so text is searched once for all values, by their first `_START` characters.
    """

    anywhere: frozenset[str]
    quoted: frozenset[str]
    starts: frozenset[str]
    lengths: tuple[int, ...]

    @classmethod
    def of(cls, bodies: Iterable[str]) -> _Values:
        """The values of literals: each of their lines, and the password of a URL by itself."""
        whole = list(bodies)
        whole += [password for body in whole for password in _IN_URL.findall(body)]
        parts = {part for body in whole for part in _LINE_END.split(body) if part.strip()}
        anywhere = {part for part in parts if len(part) >= _START and (len(part) >= 16 or not _WORD.fullmatch(part))}
        return cls(
            frozenset(anywhere),
            frozenset(parts - anywhere),
            frozenset(part[:_START] for part in anywhere),
            tuple(sorted({len(part) for part in anywhere}, reverse=True)),
        )

    def clean(self, text: str) -> str:
        """The text without these values."""
        if self.anywhere:
            text = self._searched(text)
        return _QUOTED.sub(self._hide, text) if self.quoted else text

    def _searched(self, text: str) -> str:
        pieces: list[str] = []
        at = 0
        for place in [n for n in range(len(text) - _START + 1) if text[n : n + _START] in self.starts]:
            if place < at:
                continue
            for length in self.lengths:
                if (value := text[place : place + length]) in self.anywhere:
                    pieces += (text[at:place], mask(value))
                    at = place + length
                    break
        return "".join(pieces) + text[at:] if pieces else text

    def _hide(self, match: re.Match[str]) -> str:
        return _hidden(match) if (match[1] or match[2]) in self.quoted else match[0]


@dataclass(frozen=True, slots=True)
class _Secrets:
    """What one file must not show, and its text as written and as shown where the text is known."""

    values: _Values
    lines: Lines | None = None
    shown: Lines | None = None

    def snippet(self, line: int, snippet: str) -> str:
        """A snippet of this file, which is usually its line `line`, stripped."""
        if self.lines and self.shown and self.lines.line(line).strip() == snippet:
            return self.shown.line(line).strip()
        return self.values.clean(snippet)


def masked(report: Report) -> Report:
    """The report with every secret masked in texts, messages, snippets, traces and fixes; itself where it has none.

    A secret is what a finding with a CWE of `SECRET_CWES` (its own or its rule's) points at.  A fix whose edits hold
    one loses its edits: applied, they would write the mask into the file.
    """
    secrets = _secrets(report)
    if not secrets:
        return report
    return replace(
        report,
        findings=tuple(_finding(finding, report, secrets) for finding in report.findings),
        suppressed=tuple(_suppressed(item, report, secrets) for item in report.suppressed),
        dismissed=tuple(_dismissed(item, report, secrets) for item in report.dismissed),
        failures=tuple(_failure(failure, secrets) for failure in report.failures),
        texts={
            path: shown.text if path in secrets and (shown := secrets[path].shown) else text
            for path, text in report.texts.items()
        },
    )


def _is_secret(finding: Finding, report: Report) -> bool:
    rule = report.rules.get(finding.rule_id)
    return not SECRET_CWES.isdisjoint(finding.cwe) or (rule is not None and not SECRET_CWES.isdisjoint(rule.cwe))


def _all_findings(report: Report) -> Iterator[Finding]:
    yield from report.findings
    yield from (item.finding for item in report.suppressed)
    yield from (item.finding for item in report.dismissed)


def _secrets(report: Report) -> dict[str, _Secrets]:
    """The secrets of each file that has any."""
    by_path: dict[str, list[Finding]] = {}
    for finding in _all_findings(report):
        if _is_secret(finding, report):
            by_path.setdefault(finding.path, []).append(finding)
    return {path: _secrets_of(report.texts.get(path), findings) for path, findings in by_path.items()}


def _secrets_of(text: str | None, findings: list[Finding]) -> _Secrets:
    if text is None:
        return _Secrets(
            _Values.of(f.snippet[a:b] for f in findings for a, b in _literals(f.snippet, 0, len(f.snippet)))
        )
    lines = Lines.of(text)
    places = sorted({place for finding in findings for place in _places(lines, finding)})
    values = _Values.of(text[start:end] for start, end in places)
    pieces: list[str] = []
    at = 0
    for start, end in places:
        if end > at:  # of two that overlap, the first is masked whole and the rest of the second after it
            pieces += (text[at : max(start, at)], mask(text[max(start, at) : end]))
            at = end
    return _Secrets(values, lines, Lines.of(values.clean("".join(pieces) + text[at:])))


def _places(lines: Lines, finding: Finding) -> list[tuple[int, int]]:
    """Where the secret of a finding stands in its file.

    The string literals that its span touches, or else those of its lines; where there are none (inside a string of
    many lines, say), all of its span.
    """
    start, end = lines.range(finding.span)
    first, last = lines.offset(finding.span.start_line, 0), lines.offset(finding.span.end_line, len(lines.text))
    whole = _literals(lines.text, first, last)
    touched = [place for place in whole if place[0] <= end and start <= place[1]]
    return touched or whole or ([(start, end)] if end > start else [(first, last)])


def _literals(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The bodies of the string literals between two places; keys that are plain words only if there is nothing else."""
    found = [match.span(match.lastgroup or 0) for match in _LITERAL.finditer(text, start, end)]
    found = [(first, last) for first, last in found if last > first]
    return [place for place in found if not _is_key(text, *place)] or found


def _is_key(text: str, start: int, end: int) -> bool:
    """True for the `"password"` of `{"password": x}` and of `config["password"]`."""
    after = _KEY_AFTER.match(text, end)
    if after is None or not _WORD.fullmatch(text, start, end):
        return False
    return after[0][-1] == ":" or _SUBSCRIPT.search(text[max(start - 5, 0) : start]) is not None


def _hidden(match: re.Match[str]) -> str:
    inner = match[1] or match[2]
    return match[0][: -len(inner) - 1] + mask(inner) + match[0][-1]


def _own_message(message: str) -> str:
    """The message of a secret's own finding may quote the value with its escapes read, so all that it quotes goes."""
    return _QUOTED.sub(lambda match: match[0] if _WORD.fullmatch(match[1] or match[2]) else _hidden(match), message)


def _clean(text: str, paths: list[str], secrets: Mapping[str, _Secrets]) -> str:
    for path in paths:
        text = secrets[path].values.clean(text)
    return text


def _step(step: Step, paths: list[str], secrets: Mapping[str, _Secrets]) -> Step:
    own = secrets.get(step.path)
    snippet = own.snippet(step.span.start_line, step.snippet) if own else step.snippet
    return replace(step, message=_clean(step.message, paths, secrets), snippet=_clean(snippet, paths, secrets))


def _fix(fix: Fix, paths: list[str], secrets: Mapping[str, _Secrets]) -> Fix:
    spoilt = any(_clean(edit.text, paths, secrets) != edit.text for edit in fix.edits)
    return replace(fix, title=_clean(fix.title, paths, secrets), edits=() if spoilt else fix.edits)


def _finding(finding: Finding, report: Report, secrets: Mapping[str, _Secrets]) -> Finding:
    paths = sorted({finding.path, *(step.path for step in finding.trace)} & secrets.keys())
    if not paths:
        return finding
    own = secrets.get(finding.path)
    snippet = own.snippet(finding.span.start_line, finding.snippet) if own else finding.snippet
    message = _clean(finding.message, paths, secrets)
    return replace(
        finding,
        message=_own_message(message) if _is_secret(finding, report) else message,
        snippet=_clean(snippet, paths, secrets),
        trace=tuple(_step(step, paths, secrets) for step in finding.trace),
        fix=_fix(finding.fix, paths, secrets) if finding.fix else None,
    )


def _suppressed(item: Suppressed, report: Report, secrets: Mapping[str, _Secrets]) -> Suppressed:
    paths = [item.finding.path] if item.finding.path in secrets else []
    return replace(item, finding=_finding(item.finding, report, secrets), reason=_clean(item.reason, paths, secrets))


def _dismissed(item: Dismissed, report: Report, secrets: Mapping[str, _Secrets]) -> Dismissed:
    paths = sorted({item.finding.path, *(step.path for step in item.steps)} & secrets.keys())
    return replace(
        item,
        finding=_finding(item.finding, report, secrets),
        evidence=_clean(item.evidence, paths, secrets),
        steps=tuple(_step(step, paths, secrets) for step in item.steps),
    )


def _failure(failure: Failure, secrets: Mapping[str, _Secrets]) -> Failure:
    own = secrets.get(failure.path or "")
    return replace(failure, detail=own.values.clean(failure.detail)) if own else failure
