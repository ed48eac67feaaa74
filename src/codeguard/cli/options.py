"""The options that set configuration, shared by `scan` and `config`, and how they become flags for `load`.

Values are passed on as they were typed: `load` reads flags and files with the same readers, so that both are judged,
and explained, alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from codeguard.config.load import Loaded, load
from codeguard.config.model import ENGINES
from codeguard.errors import UsageError
from codeguard.knowledge.standards import NAMES as STANDARDS
from codeguard.model import Category, Confidence, Profile, Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from click.shell_completion import CompletionItem

Command = TypeVar("Command", bound="Callable[..., Any]")

SEVERITIES = tuple(s.label for s in Severity)
CONFIDENCES = tuple(c.label for c in Confidence)
PROFILES = tuple(p.label for p in Profile)


def words(*known: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Shell completion from a fixed list."""

    def complete(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell asks

        return [CompletionItem(word) for word in known if word.startswith(typed)]

    return complete


def rule_words(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
    """Shell completion of selectors: categories, rule ids and names; after a comma, of the last one."""
    from click.shell_completion import CompletionItem  # noqa: PLC0415 - only a shell asks

    from codeguard import scan  # noqa: PLC0415

    before, comma, last = typed.rpartition(",")
    found = [CompletionItem(before + comma + str(category)) for category in Category if str(category).startswith(last)]
    for rule in scan.catalogue().values():
        found += [
            CompletionItem(before + comma + name, help=rule.summary)
            for name in (rule.id, rule.name)
            if last and name.casefold().startswith(last.casefold())
        ]
    return found


_OPTIONS = (
    click.option("--select", multiple=True, metavar="SELECTOR", shell_complete=rule_words,
                 help="Report only these rules: ids, id prefixes, names, categories, cwe-N, ids of other tools."),
    click.option("--ignore", multiple=True, metavar="SELECTOR", shell_complete=rule_words,
                 help="Do not report these rules; the more specific of --select and --ignore wins."),
    click.option("--profile", metavar="|".join(PROFILES), shell_complete=words(*PROFILES),
                 help="How much noise you accept."),
    click.option("--standards", multiple=True, metavar="|".join(STANDARDS), shell_complete=words(*STANDARDS),
                 help="Report these sets of coding standards, and no others (default: as the profile says)."),
    click.option("--severity", metavar="|".join(SEVERITIES), shell_complete=words(*SEVERITIES),
                 help="Report nothing less severe."),
    click.option("--confidence", metavar="|".join(CONFIDENCES), shell_complete=words(*CONFIDENCES),
                 help="Report nothing less certain."),
    click.option("--fail-on", metavar="|".join((*SEVERITIES, "never")), shell_complete=words(*SEVERITIES, "never"),
                 help="Exit with 1 for findings this severe or worse (default: medium)."),
    click.option("--exclude", multiple=True, metavar="PATTERN",
                 help="Leave out files that match this gitignore pattern."),
    click.option("--respect-gitignore/--no-respect-gitignore", default=None,
                 help="Leave out what .gitignore names (default, but for an untrusted tree)."),
    click.option("--max-bytes", type=int, metavar="N", help="Skip, and report, larger files."),
    click.option("--engine", "engines", multiple=True, metavar="NAME", shell_complete=words(*ENGINES),
                 help=f"Use only these engines ({', '.join(ENGINES)})."),
    click.option("--no-engine", "no_engines", multiple=True, metavar="NAME", shell_complete=words(*ENGINES),
                 help="Do without these engines."),
    click.option("--jobs", "-j", type=int, metavar="N", help="Worker processes (default: one a core)."),
    click.option("--timeout", "engine_timeout", type=float, metavar="SECONDS",
                 help="End a foreign engine that takes longer."),
    click.option("--time-limit", type=float, metavar="SECONDS", help="Give up on a file that takes longer."),
    click.option("--memory-limit", type=int, metavar="MIB", help="Give up on a file that takes more memory."),
    click.option("--python", multiple=True, metavar="VERSION|PATH",
                 help="The Python version that the code is for, such as 3.10; or the virtual environment that its "
                      "libraries are installed in (default: .venv or venv beside it; none: do without)."),
    click.option("--no-suppressions", is_flag=True, help="Heed no comment that silences a finding."),
    click.option("--never-suppress", multiple=True, metavar="SELECTOR|SEVERITY", shell_complete=rule_words,
                 help="Let no comment silence these rules, or findings this severe."),
    click.option("--config", "config_file", type=click.Path(path_type=Path), metavar="FILE",
                 help="Read this file instead of looking for one."),
    click.option("--isolated", "--no-config", "isolated", is_flag=True, help="Read no configuration file."),
    click.option("--untrusted", is_flag=True,
                 help="The tree is a stranger's: its configuration may make the scan stricter, never weaker."),
)  # fmt: skip

LISTS = ("select", "ignore", "engines", "no_engines", "never_suppress", "standards")
"""Options whose values may hold several words with commas between them."""

FLAGS = (*LISTS, "exclude", "profile", "severity", "confidence", "fail_on", "respect_gitignore", "max_bytes", "jobs",
         "engine_timeout", "time_limit", "memory_limit", "python")  # fmt: skip


def config_options(command: Command) -> Command:
    """Add every option that sets configuration."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def loaded_for(start: Path, options: dict[str, Any]) -> Loaded:
    """The settings for `start` under the options of the command line.  Raises ConfigError or UsageError."""
    if options["isolated"] and options["config_file"] is not None:
        raise UsageError("--config and --isolated exclude each other")
    flags = {name: options[name] for name in FLAGS if options[name] not in (None, ())}
    for name in LISTS:
        if name in flags:
            flags[name] = [word.strip() for value in flags[name] for word in value.split(",") if word.strip()]
    for value in flags.pop("python", ()):
        is_version = value[:1].isdigit() and not Path(value).is_dir()
        flags["python" if is_version else "environment"] = value
    if options["no_suppressions"]:
        flags["suppressions"] = False
    flags["trusted"] = not options["untrusted"]
    return load(start, flags, config_file=options["config_file"], isolated=options["isolated"])
