"""The errors that codeguard raises on purpose.  `cli` turns each into one line and an exit status."""

from __future__ import annotations


class CodeguardError(Exception):
    """Base of all; its text is one sentence for the user. Exit status 2 unless a subclass says otherwise."""

    exit_code = 2


class ConfigError(CodeguardError):
    """A configuration file or flag is wrong; the text says where and suggests the near name."""


class UsageError(CodeguardError):
    """The call itself is wrong: a missing path, an unknown rule."""


class EngineError(CodeguardError):
    """An engine cannot run at all; a scan that asked for it is incomplete."""

    exit_code = 3


class OutputError(CodeguardError):
    """A report could not be written (full disk, no permission)."""

    exit_code = 3
