"""Calls that ask about a path, and calls that act on one."""

from __future__ import annotations

ASKS = frozenset(
    {f"os.path.{n}" for n in ("exists", "isfile", "isdir", "lexists", "islink", "getsize")} | {"os.access", "os.stat"}
)
ASKING_METHODS = frozenset({"exists", "is_file", "is_dir", "is_symlink"})
ACTS = {
    "builtins.open": "opened",
    "io.open": "opened",
    "os.open": "opened",
    "os.remove": "removed",
    "os.unlink": "removed",
    "os.rmdir": "removed",
    "shutil.rmtree": "removed",
    "os.rename": "renamed",
    "os.chmod": "changed",
    "os.chown": "changed",
}
ACTING_METHODS = {
    "open": "opened",
    "read_text": "read",
    "read_bytes": "read",
    "write_text": "written",
    "write_bytes": "written",
    "unlink": "removed",
    "rmdir": "removed",
}
