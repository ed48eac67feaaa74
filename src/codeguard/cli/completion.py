"""`codeguard completion`: the script that completes commands, options and rules in a shell."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from codeguard.cli.outputs import show

PROGRAM = "codeguard"
VARIABLE = "_CODEGUARD_COMPLETE"


@click.command("completion", short_help="Print a script that completes commands in your shell.")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(context: click.Context, shell: str) -> None:
    """Print the completion script for SHELL.

    \b
    bash: eval "$(codeguard completion bash)"          in ~/.bashrc
    zsh:  eval "$(codeguard completion zsh)"           in ~/.zshrc, after compinit
    fish: codeguard completion fish > ~/.config/fish/completions/codeguard.fish
    """
    maker = get_completion_class(shell)
    if maker is None:  # the choice above admits only shells that click knows
        raise click.UsageError(f"no completion for {shell}", context)
    show(maker(context.find_root().command, {}, PROGRAM, VARIABLE).source())
