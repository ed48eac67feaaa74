"""Settings given as keyword arguments of the Python API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from codeguard.config.settings import BY_KEY
from codeguard.config.suggest import hint
from codeguard.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from codeguard.config.model import Config


def override(config: Config, values: Mapping[str, Any]) -> Config:
    """`config` with these settings; names are those of the file, with underscores.

    A lone string stands for a list of one.  Raises ConfigError for an unknown name or a wrong value.
    """
    for name, value in values.items():
        setting = BY_KEY.get(name.replace("_", "-"))
        if setting is None:
            known = [key.replace("-", "_") for key in BY_KEY]
            raise ConfigError(f"unknown setting {name!r}{hint(name, known)}")
        given = (
            [value] if isinstance(value, str) and setting.key in {"select", "ignore", "exclude", "engines"} else value
        )
        try:
            config = setting.put(config, setting.read(given))
        except ValueError as error:
            raise ConfigError(f"{name} {error}") from None
    return config
