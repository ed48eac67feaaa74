"""The command group, `--version`, and the one place that turns an error into one line and an exit status."""

from __future__ import annotations

import importlib
import re
import signal
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from codeguard.cli.console import say
from codeguard.cli.outputs import abandon_stdout
from codeguard.config.suggest import hint
from codeguard.config.verdict import Exit
from codeguard.errors import CodeguardError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import FrameType

COMMANDS = {
    "scan": "Scan files and folders, or standard input.",
    "rules": "List every rule.",
    "explain": "Explain a rule.",
    "config": "Show every setting and where it comes from.",
    "completion": "Print a script that completes commands in your shell.",
}
"""Each subcommand lives in the module of its name; the texts are here so that `--help` imports none of them."""


@dataclass(slots=True)
class State:
    """What error handling needs to know of the call that failed."""

    verbose: bool = False


class LazyGroup(click.Group):
    """A group that imports a subcommand when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """The subcommands, in the order in which people need them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The subcommand, None for an unknown name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(f"codeguard.cli.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subcommands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Click's own look-up, with the near name for a wrong one."""
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            near = hint(args[0], COMMANDS) or f"; to scan a path, say: codeguard scan {args[0]}"
            raise click.UsageError(f"no such command {args[0]!r}{near}", ctx)
        return super().resolve_command(ctx, args)


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 - click's signature
    if not value or ctx.resilient_parsing:
        return
    from codeguard import scan  # noqa: PLC0415

    lines = [f"codeguard {scan.version()}", *(f"  {name} {text}" for name, text in scan.engine_versions().items())]
    click.echo("\n".join(lines))
    ctx.exit()


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version,
              help="Show the versions of codeguard and of its engines.")  # fmt: skip
@click.pass_context
def app(ctx: click.Context) -> None:
    """Say what is wrong with Python code before it is merged, run or learned from.

    Exit status: 0 clean and complete, 1 findings, 2 wrong usage or configuration, 3 incomplete.
    """
    ctx.ensure_object(State)


class _Terminated(KeyboardInterrupt):
    """SIGTERM, which ends a scan as Ctrl-C does."""


def _terminate(_: int, __: FrameType | None) -> None:
    raise _Terminated


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command with `arguments` (the process's own where None); returns the exit status.

    Whatever goes wrong ends as one line on standard error.  A traceback is shown only for an error that codeguard did
    not foresee, and only on request.
    """
    signal.signal(signal.SIGTERM, _terminate)
    state = State()
    try:
        status: Any = app.main(
            None if arguments is None else list(arguments), prog_name="codeguard", standalone_mode=False, obj=state
        )
        sys.stdout.flush()
    except click.exceptions.Exit as done:
        status = done.exit_code
    except click.ClickException as error:
        say("error", _advice(error))
        status = Exit.USAGE
    except CodeguardError as error:
        say("error", str(error))
        status = error.exit_code
    except (KeyboardInterrupt, click.Abort) as error:  # click turns the one into the other
        by_signal = isinstance(error, _Terminated) or isinstance(error.__cause__, _Terminated)
        say("error", "ended by SIGTERM" if by_signal else "interrupted")
        status = 128 + signal.SIGTERM if by_signal else Exit.INTERRUPTED
    except BrokenPipeError:
        abandon_stdout()
        status = Exit.CLEAN
    except Exception as error:  # noqa: BLE001 - the last line of defence: one line, never a bare traceback
        say("internal error", f"{type(error).__name__}: {error}{'' if state.verbose else ' (-v shows the traceback)'}")
        if state.verbose:
            import traceback  # noqa: PLC0415

            traceback.print_exc()
        status = Exit.INCOMPLETE
    return int(status or 0)


def _advice(error: click.ClickException) -> str:
    """Click's message as one sentence, with the command to ask for help."""
    message = re.sub(r"\s+", " ", error.format_message()).rstrip(".")
    context = getattr(error, "ctx", None)
    return f"{message} (see {context.command_path} --help)" if context is not None else message
