"""codeguard scans LLM-generated Python for security flaws, malicious code, mistakes and broken standards.

The Python API is two functions; both return a `codeguard.model.Report`:

    import codeguard

    report = codeguard.scan_paths(["src"], fail_on="high")
    report = codeguard.scan_source("eval(input())", filename="snippet.py")

Keyword overrides are the settings of the configuration file, with underscores: `select`, `ignore`, `profile`,
`engines`, `jobs`, and so on.
"""

from codeguard.startup import forget_working_directory, is_command

if is_command():
    forget_working_directory()  # before the next import: a `typing.py` in the working directory is not ours to run

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence

    from codeguard.config.model import Config
    from codeguard.model import Report

__all__ = ["scan_paths", "scan_source"]


def scan_paths(
    paths: "Sequence[str | os.PathLike[str]]", *, config: "Config | None" = None, **overrides: Any
) -> "Report":
    """Scan files and folders with `config` (default: the defaults, no configuration file is read).

    Raises `codeguard.errors.CodeguardError` for a missing path or a wrong setting; never for what the files hold.
    """
    from codeguard.scan import scan  # noqa: PLC0415 - importing codeguard costs nothing until it is used

    return scan([str(path) for path in paths], _configured(config, overrides))


def scan_source(
    text: str | bytes, *, filename: str = "<source>", config: "Config | None" = None, **overrides: Any
) -> "Report":
    """Scan one piece of source code; as `scan_paths`, for text that is not in a file."""
    from codeguard.scan import scan_text  # noqa: PLC0415

    return scan_text(text, _configured(config, overrides), filename=filename)


def _configured(config: "Config | None", overrides: dict[str, Any]) -> "Config":
    from codeguard.config.model import Config as Defaults  # noqa: PLC0415
    from codeguard.config.override import override  # noqa: PLC0415

    return override(config or Defaults(), overrides)
