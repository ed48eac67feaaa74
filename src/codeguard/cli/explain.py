"""`codeguard explain`: what a rule means, why it matters, and what to write instead."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from codeguard.cli.console import COLOR, wants_color, width
from codeguard.cli.options import rule_words, words
from codeguard.cli.outputs import show
from codeguard.config.select import Catalogue
from codeguard.errors import UsageError
from codeguard.model import Category

if TYPE_CHECKING:
    from codeguard.model import Rule


@click.command("explain", short_help="Explain a rule.")
@click.argument("name", metavar="ID", shell_complete=rule_words)
@click.option("--color", metavar="|".join(COLOR), default="auto", shell_complete=words(*COLOR))
def command(name: str, color: str) -> None:
    """Explain the rule with this ID (CGS012), name (unsafe-yaml-load) or id in another tool (B506, bandit:B506)."""
    from codeguard import scan  # noqa: PLC0415

    if color not in COLOR:
        raise UsageError(f"--color must be one of {', '.join(COLOR)}, not {color!r}")
    catalogue = Catalogue(scan.catalogue())
    found = catalogue.named(name)
    if not found:
        raise UsageError(f"unknown rule {name!r}{catalogue.hint(name)}")
    text = document(found[0], other_names=tuple(rule.id for rule in found[1:]))
    if wants_color(color, sys.stdout):
        _render(text)
    else:
        show(text)


def document(rule: Rule, other_names: tuple[str, ...] = ()) -> str:
    """The rule's page in Markdown: title, facts, and its help."""
    facts = [
        f"- category: {rule.category.value}",
        f"- severity: {rule.severity.label}, confidence: {rule.confidence.label}",
        f"- weakness: {', '.join(f'CWE-{number}' for number in rule.cwe) or 'none'}",
        f"- engine: {rule.engine}",
        f"- profile: {rule.profile.label}",
    ]
    others = dict.fromkeys((*rule.aliases, *other_names))
    if others:
        facts.append(f"- the same defect elsewhere: {', '.join(others)}")
    if rule.off_because is not None:
        facts.append(f"- off by default: {rule.off_because}")
    body = rule.help.strip() or rule.summary
    lead = [] if body.startswith(rule.summary.rstrip(".")) else [f"{rule.summary}\n"]
    silence = (
        "No comment in the code silences a malicious finding."
        if rule.category is Category.MALICIOUS
        else f"To accept one finding, say why: `# codeguard: ignore[{rule.id}] reason`."
    )
    return "\n".join([f"# {rule.id}: {rule.name}\n", *lead, *facts, f"\n{body}\n", silence])


def _render(text: str) -> None:
    from rich.console import Console  # noqa: PLC0415 - 100 ms that only a terminal pays for
    from rich.markdown import Markdown  # noqa: PLC0415

    console = Console(force_terminal=True, width=min(width(), 100))
    with console.capture() as captured:
        console.print(Markdown(text))
    show(captured.get())
