"""`codeguard scan`: load the settings, scan, write the reports, answer with the exit status."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from codeguard.cli.console import COLOR, is_terminal, say, wants_color, width
from codeguard.cli.options import config_options, loaded_for, words
from codeguard.cli.outputs import Target, check, targets, write, write_stdout
from codeguard.cli.repository import repository_base
from codeguard.config.load import start_of
from codeguard.config.select import checked
from codeguard.config.verdict import Exit, exit_status
from codeguard.errors import OutputError, UsageError
from codeguard.model import FileStatus, Severity
from codeguard.report import FORMATS, NORMAL, QUIET, VERBOSE, RenderOptions

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codeguard.cli.app import State
    from codeguard.config.load import Loaded
    from codeguard.model import Report, Rule

STDIN = "-"


@click.command("scan", short_help="Scan files and folders, or standard input.")
@click.argument("paths", nargs=-1, required=True, metavar="PATH... | -")
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    metavar="|".join(FORMATS),
    shell_complete=words(*FORMATS),
    help="Report format; may be given several times (default: text).",
)
@click.option(
    "--output",
    "-o",
    "outputs",
    multiple=True,
    metavar="FILE",
    help="Write the report to FILE (- for standard output); the n-th --output belongs to the n-th --format.",
)
@click.option(
    "--since",
    default="",
    metavar="COMMIT",
    help="Scan only the files that differ from this commit, and report the suppressions that were added.",
)
@click.option("--stdin-filename", metavar="NAME", help="The path to report for standard input.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found (incomplete still means 3).")
@click.option("--statistics", is_flag=True, help="Add counts by rule, and the time of each engine.")
@click.option("--show-suppressed", is_flag=True, help="Include findings that a comment silences.")
@click.option("--show-dismissed", is_flag=True, help="Include findings of other engines that our own evidence refutes.")
@click.option("--category", default="", metavar="NAME", help="Tells several SARIF uploads for one commit apart.")
@click.option("--quiet", "-q", is_flag=True, help="Say only what was found.")
@click.option("--verbose", "-v", count=True, help="Say more; show the traceback of an internal error.")
@click.option(
    "--color",
    metavar="|".join(COLOR),
    default="auto",
    shell_complete=words(*COLOR),
    help="Colour text for people (auto heeds NO_COLOR and FORCE_COLOR).",
)
@click.option("--progress/--no-progress", default=None, help="Show progress (default: on a terminal, for long work).")
@config_options
@click.pass_context
def command(context: click.Context, /, paths: tuple[str, ...], **options: Any) -> None:
    """Scan PATHs (files and folders), or standard input for -.

    \b
    Exit status:
      0    nothing at or above --fail-on was found, and everything was looked at
      1    findings at or above --fail-on, and everything was looked at
      2    wrong usage or configuration
      3    incomplete: something could not be looked at, whatever else was found
      130  interrupted
    """
    state: State = context.obj
    state.verbose = options["verbose"] > 0
    if options["color"] not in COLOR:
        raise UsageError(f"--color must be one of {', '.join(COLOR)}, not {options['color']!r}")
    wanted = targets(options["formats"], options["outputs"], FORMATS)
    _check_paths(paths, wanted, options["since"])

    loaded = _loaded(paths, options)
    if not options["quiet"]:
        for note in loaded.notes:
            say("note", note)
    report = _scanned(paths, loaded, options)
    status = exit_status(report, loaded.config, exit_zero=options["exit_zero"])
    failure = _deliver(report, wanted, options)
    _close(report, wanted, status, quiet=options["quiet"] or failure is not None)
    if failure is not None:
        raise failure
    context.exit(int(status))


def _check_paths(paths: Sequence[str], wanted: Sequence[Target], since: str) -> None:
    if STDIN in paths and len(paths) > 1:
        raise UsageError("- (standard input) cannot be scanned together with other paths")
    if STDIN in paths and since:
        raise UsageError("--since compares files, so standard input cannot be scanned with it")
    for path in paths:
        if path != STDIN and not os.path.lexists(path):
            raise UsageError(f"no such file or folder: {path or repr(path)}")
    for target in wanted:
        if target.path is not None:
            check(target.path)


def _loaded(paths: Sequence[str], options: dict[str, Any]) -> Loaded:
    if paths == (STDIN,):
        # The name may stand for a file that is being edited: then its project's settings hold.
        loaded = loaded_for(start_of([options["stdin_filename"] or Path.cwd()]), options)
    else:
        loaded = loaded_for(start_of(paths), options)
    return checked(loaded, _catalogue)


def _catalogue() -> Mapping[str, Rule]:
    from codeguard import scan  # noqa: PLC0415 - wrong usage should not wait for the engines

    return scan.catalogue()


def _scanned(paths: Sequence[str], loaded: Loaded, options: dict[str, Any]) -> Report:
    from codeguard import scan  # noqa: PLC0415

    compare: dict[str, Any] = {"since": options["since"]} if options["since"] else {}
    if paths == (STDIN,):
        name = options["stdin_filename"] or loaded.config.files.stdin_name
        data = sys.stdin.buffer.read(loaded.config.files.max_bytes + 1)  # one more says that it is too much
        return scan.scan_text(data, loaded.config, filename=name)
    live = is_terminal(sys.stderr) and os.environ.get("TERM") != "dumb"
    if not (options["progress"] if options["progress"] is not None else live and not options["quiet"]):
        return scan.scan(paths, loaded.config, **compare)
    from codeguard.cli.progress import Line  # noqa: PLC0415

    line = Line(sys.stderr, live=live)
    try:
        return scan.scan(paths, loaded.config, progress=line, **compare)
    finally:
        line.done()


def _deliver(report: Report, wanted: Sequence[Target], options: dict[str, Any]) -> OutputError | None:
    """Write every report; one that cannot be written does not keep the others from it.  Returns the first error."""
    first = None
    for target in wanted:
        to_screen = target.path is None
        chosen = RenderOptions(
            color=wants_color(options["color"], sys.stdout) if to_screen else options["color"] == "always",
            width=width() if to_screen else 80,
            show_suppressed=options["show_suppressed"],
            show_dismissed=options["show_dismissed"],
            statistics=options["statistics"],
            verbosity=QUIET if options["quiet"] else VERBOSE if options["verbose"] else NORMAL,
            base=repository_base(report.root),
            category=options["category"],
        )
        data = target.format.render(report, chosen)
        try:
            if target.path is None:
                write_stdout(data)
            else:
                write(target.path, data)
        except OutputError as error:
            first = first or error
    return first


def _close(report: Report, wanted: Sequence[Target], status: Exit, *, quiet: bool) -> None:
    """What standard error says at the end, where the report itself is not before the reader's eyes."""
    if any(target.path is None and target.format.name == "text" for target in wanted):
        return
    if report.interrupted:
        say("error", "interrupted; the reports hold what was found so far")
        return
    if status is Exit.INCOMPLETE:
        fatal = [failure for failure in report.failures if failure.fatal]
        where = f"{fatal[0].path}: " if fatal[0].path else ""
        more = f" (and {len(fatal) - 1} more)" if len(fatal) > 1 else ""
        say("incomplete", f"{where}{fatal[0].engine}: {fatal[0].detail}{more}")
    if not quiet:
        say("result", _summary(report))


def _summary(report: Report) -> str:
    counts = {severity: sum(f.severity == severity for f in report.findings) for severity in reversed(Severity)}
    parts = ", ".join(f"{count} {severity.label}" for severity, count in counts.items() if count)
    found = f"{_count(len(report.findings), 'finding')} ({parts})" if parts else "no findings"
    totals = report.totals()
    skipped = totals[FileStatus.SKIPPED]
    return f"{found} in {_count(len(report.files), 'file')}{f' ({skipped} skipped)' if skipped else ''}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
