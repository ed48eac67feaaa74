"""`codeguard config`: every setting and where it comes from."""

from __future__ import annotations

import json
from typing import Any

import click

from codeguard.cli.console import say
from codeguard.cli.options import config_options, loaded_for
from codeguard.cli.outputs import show
from codeguard.config.load import Loaded, as_rows, start_of


@click.command("config", short_help="Show every setting and where it comes from.")
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--format", "-f", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@config_options
def command(paths: tuple[str, ...], form: str, **options: Any) -> None:
    """Show the settings that `codeguard scan` would use for PATHs (default: .) with these options."""
    loaded = loaded_for(start_of(paths), options)
    if form == "json":
        show(as_json(loaded))
        return
    show(as_table(loaded))
    for note in loaded.notes:
        say("note", note)


def as_json(loaded: Loaded) -> str:
    """The settings as JSON: the file that was read, each value with its origin, the notes."""
    rows = {row["key"]: {"value": row["value"], "origin": row["origin"]} for row in as_rows(loaded)}
    file = None if loaded.file is None else str(loaded.file)
    return json.dumps({"file": file, "settings": rows, "notes": list(loaded.notes)}, indent=1)


def as_table(loaded: Loaded) -> str:
    """The settings in aligned columns: key, value as TOML would write it, origin."""
    rows = [(row["key"], _toml(row["value"]), row["origin"]) for row in as_rows(loaded)]
    keys, values = (max(len(row[i]) for row in rows) for i in (0, 1))
    values = min(values, 48)
    return "\n".join(f"{key.ljust(keys)}  {value.ljust(values)}  {origin}" for key, value, origin in rows)


def _toml(value: Any) -> str:
    return "-" if value is None else json.dumps(value, ensure_ascii=False)
