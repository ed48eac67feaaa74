"""SARIF's rules (`reportingDescriptor`) and its taxonomy of CWEs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from codeguard.model import Category, Level, Severity, level_of
from codeguard.report.escape import Json, one_line, visible
from codeguard.report.taxonomy import cwe_name, cwe_tag, cwe_url, owasp_2021

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codeguard.model import Rule

MOST_TAGS = 20  # GitHub's limits for a rule
MOST_DESCRIPTION = 1024

# Named by us (uuid5 of the URL namespace and https://cwe.mitre.org/): MITRE publishes no GUID for its list.
CWE_COMPONENT: Json = {"name": "CWE", "index": 0, "guid": "ec480a2c-8267-5d90-affc-401687cd64b0"}

# GitHub's bands: over 9 critical, 7 to 8.9 high, 4 to 6.9 medium, the rest low.
_SECURITY_SEVERITY = {
    Severity.CRITICAL: "9.5",
    Severity.HIGH: "8.0",
    Severity.MEDIUM: "5.5",
    Severity.LOW: "3.0",
    Severity.INFO: "1.0",
}
_PROBLEM_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}
_RISKS = {Category.SECURITY, Category.MALICIOUS}
_WORD = re.compile(r"[A-Za-z0-9]+")
_END_OF_SENTENCE = re.compile(r"[.!?]\Z")
_HEADING = re.compile(r"#{1,6} |```|[-*|>] ")


def sentence(text: str) -> str:
    """The text with a full stop, which SARIF asks of messages."""
    return text if _END_OF_SENTENCE.search(text) else f"{text.rstrip(' :;,')}."


def rule_descriptors(rules: Mapping[str, Rule], cwes: Sequence[int]) -> list[Json]:
    """The descriptors of the rules, in their order; `cwes` are the taxa of the log in theirs."""
    return [_descriptor(rule, cwes) for rule in rules.values()]


def _descriptor(rule: Rule, cwes: Sequence[int]) -> Json:
    summary = sentence(one_line(rule.summary) or visible(rule.name) or visible(rule.id))
    descriptor: Json = {
        "id": visible(rule.id),
        **_name(rule),
        "shortDescription": {"text": summary[:MOST_DESCRIPTION]},
        "fullDescription": {"text": _full_description(summary, rule.help)},
        "help": _help(rule, summary),
        "defaultConfiguration": {"level": level_of(rule.severity, rule.confidence).value},
        "properties": _properties(rule),
    }
    if rule.cwe:
        descriptor["relationships"] = [
            {"target": taxon(cwe, cwes), "kinds": ["relevant" if place else "superset"]}
            for place, cwe in enumerate(dict.fromkeys(rule.cwe))
        ]
    return descriptor


def _name(rule: Rule) -> Json:
    """The name, if it says more than the id."""
    name = _pascal_case(rule.name)
    return {"name": name} if name and name.casefold() != rule.id.casefold() else {}


def _pascal_case(name: str) -> str:
    """`unsafe-yaml-load` as `UnsafeYamlLoad`, which is how SARIF names rules."""
    return "".join(word[:1].upper() + word[1:] for word in _WORD.findall(name))


def _full_description(summary: str, text: str) -> str:
    """The summary and the first paragraph of prose of the help."""
    for paragraph in re.split(r"\n[ \t]*\n", text):
        prose = one_line(paragraph)
        if prose and not _HEADING.match(prose):
            if prose not in summary and summary not in prose:
                summary = f"{summary} {prose}"
            break
    return summary if len(summary) <= MOST_DESCRIPTION else f"{summary[: MOST_DESCRIPTION - 1]}…"


def _help(rule: Rule, summary: str) -> Json:
    """What to know and do, as Markdown and as the same text without links."""
    body = "\n".join(visible(line) for line in rule.help.strip().split("\n"))
    parts = [part for part in (summary, body) if part]
    facts_text, facts_markdown = [], []
    if rule.cwe:
        cwe = rule.cwe[0]
        facts_text.append(f"Weakness: CWE-{cwe} ({cwe_name(cwe)}), {cwe_url(cwe)}")
        facts_markdown.append(f"Weakness: [CWE-{cwe}]({cwe_url(cwe)}) ({cwe_name(cwe)})")
    if rule.aliases:
        known = ", ".join(f"`{visible(alias)}`" for alias in rule.aliases)
        facts_text.append(f"Also known as {known}")
        facts_markdown.append(f"Also known as {known}")
    return {
        "text": "\n\n".join([*parts, *facts_text]),
        "markdown": "\n\n".join([*parts, *facts_markdown]),
    }


def _properties(rule: Rule) -> Json:
    """GitHub's properties.  A `security-severity` makes a rule a security rule there, so only risks have one."""
    properties: Json = {
        "category": str(rule.category),
        "precision": rule.confidence.label,
        "tags": _tags(rule),
    }
    if rule.category in _RISKS:
        properties["security-severity"] = _SECURITY_SEVERITY[rule.severity]
    else:
        properties["problem.severity"] = _PROBLEM_SEVERITY[level_of(rule.severity, rule.confidence)]
    return properties


def _tags(rule: Rule) -> list[str]:
    """Category, one CWE (the primary one), OWASP's category, then the rule's own tags, at most 20."""
    tags = ["security"] if rule.category in _RISKS else []
    tags.append(str(rule.category))
    if rule.cwe:
        tags.append(cwe_tag(rule.cwe[0]))
        if rule.category in _RISKS and (owasp := owasp_2021(rule.cwe[0])):
            tags.append(f"owasp-{owasp}-2021")
    tags += [visible(tag) for tag in rule.tags if tag and "cwe" not in tag.lower()]
    return list(dict.fromkeys(tags))[:MOST_TAGS]


def taxon(cwe: int, cwes: Sequence[int]) -> Json:
    """A reference to a CWE of the log's taxonomy."""
    return {"id": str(cwe), "index": cwes.index(cwe), "toolComponent": CWE_COMPONENT}


def taxonomy(cwes: Sequence[int]) -> Json:
    """The part of the CWE list that the log uses."""
    return {
        "name": CWE_COMPONENT["name"],
        "guid": CWE_COMPONENT["guid"],
        "organization": "MITRE",
        "shortDescription": {"text": "Common Weakness Enumeration (CWE), in codeguard's short names."},
        "informationUri": "https://cwe.mitre.org/",
        "isComprehensive": False,
        "taxa": [
            {"id": str(cwe), "name": _pascal_case(cwe_name(cwe)), "shortDescription": {"text": f"{cwe_name(cwe)}."},
             "helpUri": cwe_url(cwe)}
            for cwe in cwes
        ],
    }  # fmt: skip
