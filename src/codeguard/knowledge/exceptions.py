"""Exceptions: those of Python with their bases, and those that library calls raise.

Sources: the Python documentation, "Built-in Exceptions", and the documentation of each library.
"""

from __future__ import annotations

import builtins
from collections.abc import Mapping

BUILTIN_EXCEPTIONS: Mapping[str, type[BaseException]] = {
    name: value
    for name, value in vars(builtins).items()
    if isinstance(value, type) and issubclass(value, BaseException)
}

# Exceptions of the standard library and of common packages -> a base of theirs that code may catch as well.
BASES: Mapping[str, str] = {
    "json.JSONDecodeError": "ValueError",
    "json.decoder.JSONDecodeError": "ValueError",
    "socket.timeout": "OSError",
    "socket.error": "OSError",
    "socket.gaierror": "OSError",
    "subprocess.CalledProcessError": "subprocess.SubprocessError",
    "subprocess.TimeoutExpired": "subprocess.SubprocessError",
    "subprocess.SubprocessError": "Exception",
    "urllib.error.HTTPError": "urllib.error.URLError",
    "urllib.error.URLError": "OSError",
    "requests.exceptions.RequestException": "OSError",
    "requests.RequestException": "OSError",
    **{
        f"requests.{middle}{name}": f"requests.{middle}RequestException"
        for middle in ("", "exceptions.")
        for name in ("HTTPError", "ConnectionError", "Timeout", "TooManyRedirects", "JSONDecodeError")
    },
    **{
        f"requests.{middle}{name}": f"requests.{middle}Timeout"
        for middle in ("", "exceptions.")
        for name in ("ConnectTimeout", "ReadTimeout")
    },
    "httpx.HTTPStatusError": "httpx.HTTPError",
    "httpx.RequestError": "httpx.HTTPError",
    "httpx.HTTPError": "Exception",
    "sqlite3.IntegrityError": "sqlite3.DatabaseError",
    "sqlite3.OperationalError": "sqlite3.DatabaseError",
    "sqlite3.ProgrammingError": "sqlite3.DatabaseError",
    "sqlite3.DatabaseError": "sqlite3.Error",
    "sqlite3.Error": "Exception",
}


def is_caught_by(name: str, handler: str) -> bool:
    """Whether an exception (`ValueError`, `json.JSONDecodeError`) is `handler` or derives from it, as far as is known."""
    seen = 0
    while name != handler and seen < len(BASES):
        if name in BUILTIN_EXCEPTIONS:
            known = BUILTIN_EXCEPTIONS.get(handler)
            return known is not None and issubclass(BUILTIN_EXCEPTIONS[name], known)
        if name not in BASES:
            return False
        name, seen = BASES[name], seen + 1
    return name == handler
