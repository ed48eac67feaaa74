"""The Action: inputs from the environment, one scan, and the runner's files: SARIF, summary, annotations, outputs.

Everything that is read from the repository may be hostile, the log included: a line that starts with `::` is a command
to the runner.  Text of the tree is printed only between `::stop-commands::` and a token that nobody can guess.
"""

from __future__ import annotations

import os
import shlex
import stat
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from codeguard.action.changed import Event, changed_files, compared_with, event
from codeguard.action.render import annotation_lines, command, summary
from codeguard.cli.outputs import check, write
from codeguard.config.load import load, start_of
from codeguard.config.select import checked
from codeguard.config.verdict import Exit, exit_status
from codeguard.errors import CodeguardError, OutputError, UsageError
from codeguard.model import Level, Report
from codeguard.report import FORMATS, RenderOptions
from codeguard.report.escape import one_line
from codeguard.source.history import UnknownChangesError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from codeguard.config.model import Config

PREFIX = "CODEGUARD_"
PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")


@dataclass(frozen=True, slots=True)
class Inputs:
    """The Action's inputs, read and typed; `flags` are those of them that set configuration."""

    paths: tuple[str, ...]
    flags: Mapping[str, str]
    changed_only: bool
    untrusted: bool | None  # None: decide by the event
    sarif: Path
    config_file: Path | None
    category: str


def main(environment: Mapping[str, str]) -> int:
    """Run the Action; returns the exit status of the scan.  Nothing is raised: an error is an annotation."""
    try:
        workspace = Path(environment.get("GITHUB_WORKSPACE") or Path.cwd()).resolve()
        os.chdir(workspace)
        return int(_run(workspace, environment))
    except CodeguardError as error:
        _fail(environment, str(error), error.exit_code)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last line of defence: the job must not look clean
        _fail(environment, f"internal error: {type(error).__name__}: {error}", Exit.INCOMPLETE)
        return Exit.INCOMPLETE


def read_inputs(environment: Mapping[str, str]) -> Inputs:
    """The inputs as `action.yml` passes them.  Raises UsageError."""

    def text(name: str) -> str:
        value = environment.get(PREFIX + name, "").strip()
        if not value.isprintable() and name != "PATHS":
            raise UsageError(f"the input {name.lower().replace('_', '-')} holds a control character")
        return value

    try:
        paths = tuple(shlex.split(text("PATHS"))) or (".",)
    except ValueError as error:
        raise UsageError(f"the input paths has an open quote ({error})") from None
    given = {name: text(name.upper()) for name in ("severity", "confidence", "fail_on", "profile")}
    default = Path(environment.get("RUNNER_TEMP") or ".") / "codeguard.sarif"
    return Inputs(
        paths=paths,
        flags={name: value for name, value in given.items() if value},
        changed_only=bool(_truth("changed-only", text("CHANGED_ONLY") or "false")),
        untrusted=_truth("untrusted", text("UNTRUSTED") or "auto"),
        sarif=Path(text("SARIF_FILE")) if text("SARIF_FILE") else default,
        config_file=Path(text("CONFIG")) if text("CONFIG") else None,
        category=text("CATEGORY"),
    )


def _truth(name: str, value: str) -> bool | None:
    known = {"true": True, "false": False} | ({"auto": None} if name == "untrusted" else {})
    if value.lower() not in known:
        raise UsageError(f"the input {name} must be {' or '.join(known)}, not {value!r}")
    return known[value.lower()]


def _run(workspace: Path, environment: Mapping[str, str]) -> Exit:
    inputs = read_inputs(environment)
    check(inputs.sarif)
    what = event(environment)
    trusted = not (what.proposed if inputs.untrusted is None else inputs.untrusted)
    for path in inputs.paths:
        if not os.path.lexists(path):
            raise UsageError(f"the input paths names {path!r}, which does not exist")
    paths, notes = _chosen(workspace, inputs, what)
    config, more = _config(inputs, trusted=trusted)
    notes = (*notes, *more)
    for note in notes:
        _say(command("notice", f"codeguard: {note}"))

    report = _scanned(workspace, paths, config, _before(workspace, what))
    status = exit_status(report, config)
    base = os.path.relpath(report.root, workspace)
    options = RenderOptions(base="" if base == "." else Path(base).as_posix(), category=inputs.category)
    write(inputs.sarif, FORMATS["sarif"].render(report, options))
    _log(FORMATS["text"].render(report, RenderOptions(width=120)))
    for line in annotation_lines(report, base=options.base):
        _say(line)
    _append(environment, "GITHUB_STEP_SUMMARY", summary(report, status=status, base=options.base, notes=notes))
    _outputs(environment, report, inputs.sarif, status)
    return status


def _config(inputs: Inputs, *, trusted: bool) -> tuple[Config, tuple[str, ...]]:
    from codeguard import scan  # noqa: PLC0415 - wrong inputs should not wait for the engines

    flags = {**inputs.flags, "trusted": trusted}
    loaded = checked(load(start_of(inputs.paths), flags, config_file=inputs.config_file), scan.catalogue)
    return loaded.config, loaded.notes


def _before(workspace: Path, what: Event) -> str:
    """The commit that a proposed change is compared with, so that suppressions which it adds are found; or nothing."""
    if not what.proposed:
        return ""
    try:
        return compared_with(workspace, what.base)
    except UnknownChangesError:
        return ""  # said already, where only changed files were asked for


def _scanned(workspace: Path, paths: Sequence[str], config: Config, since: str) -> Report:
    from codeguard import scan  # noqa: PLC0415

    if not paths:
        return Report(root=str(workspace), findings=(), files=(), rules={})
    return scan.scan(paths, config, since=since, changed_only=False)


def _chosen(workspace: Path, inputs: Inputs, what: Event) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The paths to scan, and what is to be told about the choice.  When in doubt, everything is scanned."""
    if not inputs.changed_only:
        return inputs.paths, ()
    if not what.proposed:
        reason = "an upload of part of the files would close the alerts of all others"
        return inputs.paths, (f"changed-only is for pull requests; everything is scanned ({reason})",)
    try:
        names = changed_files(workspace, what.base)
    except UnknownChangesError as error:
        return inputs.paths, (f"everything is scanned, because {error}",)
    roots = [Path(os.path.abspath(path)) for path in inputs.paths]  # noqa: PTH100 - links stay as they are
    chosen = tuple(
        name
        for name in names
        if any((workspace / name).is_relative_to(root) for root in roots) and _is_python(workspace / name)
    )
    return chosen, (f"{len(chosen)} changed Python {'file' if len(chosen) == 1 else 'files'} of {len(names)} changed",)


def _is_python(path: Path) -> bool:
    """True for a regular file with a Python suffix, or with no suffix and Python in its `#!` line."""
    try:
        if not stat.S_ISREG(path.lstat().st_mode):
            return False
        if path.suffix:
            return path.suffix.lower() in PYTHON_SUFFIXES
        # codeguard: ignore[CGS202] a name that the commits gave, below the runner's own checkout
        with path.open("rb") as file:
            first = file.readline(256)
    except OSError:
        return True  # let the scan say why it cannot be read
    return first.startswith(b"#!") and b"python" in first


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _log(text: bytes) -> None:
    """Print text of the tree where the runner takes no line of it for a command."""
    token = os.urandom(16).hex().encode()
    sys.stdout.flush()
    sys.stdout.buffer.write(b"::stop-commands::%s\n%s\n::%s::\n" % (token, text, token))
    sys.stdout.buffer.flush()


def _append(environment: Mapping[str, str], name: str, text: str) -> None:
    """Append to one of the runner's files; without it (outside a runner) there is nobody to tell."""
    path = environment.get(name)
    if not path:
        return
    try:
        with Path(path).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(f"cannot write {name}: {error.strerror or error}") from None


def _outputs(environment: Mapping[str, str], report: Report | None, sarif: Path | None, status: int) -> None:
    findings = report.findings if report is not None else ()
    rows = {
        "findings": str(len(findings)),
        "errors": str(sum(finding.level is Level.ERROR for finding in findings)),
        "complete": "true" if report is not None and report.complete else "false",
        "status": str(int(status)),
        "sarif": str(sarif) if sarif is not None else "",
    }
    _append(environment, "GITHUB_OUTPUT", "".join(f"{name}={value}\n" for name, value in rows.items()))


def _fail(environment: Mapping[str, str], message: str, status: int) -> None:
    _say(command("error", f"codeguard: {one_line(message)}"))
    try:
        _append(environment, "GITHUB_STEP_SUMMARY", summary(None, status=Exit.INCOMPLETE, notes=(message,)))
        _outputs(environment, None, None, status)
    except OutputError as error:
        _say(command("error", f"codeguard: {one_line(str(error))}"))
