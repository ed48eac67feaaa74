"""`codeguard rules`: every rule of every engine, as a table for people or JSON for programs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from codeguard.cli.options import words
from codeguard.cli.outputs import show
from codeguard.config.model import ENGINES
from codeguard.config.suggest import hint
from codeguard.errors import UsageError
from codeguard.model import Category

if TYPE_CHECKING:
    from collections.abc import Iterable

    from codeguard.model import Rule

CATEGORIES = tuple(str(category) for category in Category)
HEADER = ("ID", "NAME", "CATEGORY", "SEVERITY", "CONFIDENCE", "CWE", "ENGINE", "PROFILE")


@click.command("rules", short_help="List every rule.")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--category",
    multiple=True,
    metavar="|".join(CATEGORIES),
    shell_complete=words(*CATEGORIES),
    help="Only rules of this category.",
)
@click.option(
    "--engine",
    multiple=True,
    metavar="NAME",
    shell_complete=words(*ENGINES),
    help=f"Only rules of this engine ({', '.join(ENGINES)}).",
)
def command(form: str, category: tuple[str, ...], engine: tuple[str, ...]) -> None:
    """List the rules: id, name, category, severity, confidence, CWE, engine, and the profile that shows them.

    A rule that is off by default says `off` in place of a profile; `codeguard explain ID` says why.
    """
    from codeguard import scan  # noqa: PLC0415

    _known("--category", category, CATEGORIES)
    _known("--engine", engine, ENGINES)
    chosen = [
        rule
        for rule in scan.catalogue().values()
        if (not category or rule.category.value in category) and (not engine or rule.engine in engine)
    ]
    chosen.sort(key=lambda rule: (ENGINES.index(rule.engine) if rule.engine in ENGINES else len(ENGINES), rule.id))
    show(json.dumps([as_json(rule) for rule in chosen], indent=1) if form == "json" else table(chosen))


def _known(option: str, given: Iterable[str], known: tuple[str, ...]) -> None:
    for name in given:
        if name not in known:
            raise UsageError(f"{option} must be one of {', '.join(known)}, not {name!r}{hint(name, known)}")


def as_json(rule: Rule) -> dict[str, Any]:
    """A rule as `codeguard rules --format json` writes it."""
    return {
        "id": rule.id,
        "name": rule.name,
        "summary": rule.summary,
        "category": rule.category.value,
        "severity": rule.severity.label,
        "confidence": rule.confidence.label,
        "cwe": [f"CWE-{number}" for number in rule.cwe],
        "engine": rule.engine,
        "aliases": list(rule.aliases),
        "profile": rule.profile.label,
        "enabled": rule.enabled_by_default,
        "off_because": rule.off_because,
        "tags": list(rule.tags),
    }


def table(rules: Iterable[Rule]) -> str:
    """The rules in aligned columns, with a count below."""
    rows = [
        (
            rule.id,
            rule.name,
            rule.category.value,
            rule.severity.label,
            rule.confidence.label,
            ",".join(map(str, rule.cwe[:1])) or "-",
            rule.engine,
            rule.profile.label if rule.enabled_by_default else "off",
        )
        for rule in rules
    ]
    widths = [max(map(len, column)) for column in zip(HEADER, *rows, strict=True)]
    lines = [
        "  ".join(cell.ljust(size) for cell, size in zip(row, widths, strict=True)).rstrip() for row in (HEADER, *rows)
    ]
    off = sum(row[-1] == "off" for row in rows)
    lines.append(f"\n{len(rows)} rules{f', {off} of them off by default' if off else ''}")
    return "\n".join(lines)
