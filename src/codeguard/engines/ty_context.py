"""Which part of a rule a finding of ty's belongs to: read from its message, and from the code that it is about.

ty knows the standard library, the project, and nothing of libraries that are not installed.  Where its message names a
module, it matters whose module that is: the standard library's members are documented, a project's module may make its
own while it runs, and a package may hold what was not scanned.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from codeguard.engines.interface import StagedFile
from codeguard.engines.source_context import is_expected, is_made_here, is_open_call, may_hold_more_names

MAKES_MEMBERS = re.compile(r"\bglobals\(\)|__getattr__|\bsetattr\(|\bsys\.modules\b|__dict__|\bimport \*|\bvars\(\)")
"""What a module does that has members which nobody can read from its text."""

# Notebooks and `gettext.install` put these among the builtins.
INSTALLED_NAMES = frozenset(("_", "display", "get_ipython", "__builtins__"))
# Members that are there and that typeshed does not have, or that only another implementation of Python has.
UNTYPED = frozenset((
    ("sys", "pypy_version_info"),
    ("urllib.request", "proxy_bypass_environment"),
    ("multiprocessing.util", "close_fds"),
    ("multiprocessing.context", "reduction"),
))  # fmt: skip

# Any name may come in so; Ruff tells of it under a rule of its own.
_STAR = re.compile(r"^[ \t]*from[ \t][^\n#]*\bimport[ \t]*\*", re.MULTILINE)
_OF_PACKAGE = re.compile(r"[ \t]*from[ \t]*\.+[ \t]*import\b")
_FROM = re.compile(r"[ \t]*from\b")
_QUOTED = re.compile(r"`([^`]*)`")
_BUILTIN = re.compile(
    r"Object of type `(?:Literal\[|LiteralString`|"
    r"(?:str|bytes|int|float|bool|complex|range|list|dict|tuple|set|frozenset)(?:\[[^|&]*\])?`)"
)
_CLASS = re.compile(r"([A-Za-z_]\w*)(?:\[[^|&~@]*\])?")
_PERHAPS_NONE = re.compile(r"`(?:[^`]*\| )?None(?: \|[^`]*)?`")
_PROTOCOL = re.compile(r"`\w*(?:Protocol|Mixin)\.")  # what implements it may take more, or less
_UNNAMED = re.compile(r"`object\.__init__`|known parameter(?:$|:)|arguments: expected|parameters? \d")


@dataclass(frozen=True)
class Modules:
    """The modules of the stage, by the dotted names that ty gives them."""

    files: Mapping[str, StagedFile]
    parts: frozenset[str]
    """What the modules and folders of the stage are called."""

    @classmethod
    def of(cls, files: Iterable[StagedFile]) -> Modules:
        """Index the files; those below `src` have their names without it too."""
        found: dict[str, StagedFile] = {}
        parts: set[str] = set()
        for file in files:
            parts.update(file.name.rpartition(".")[0].split("/"))
            dotted = file.name.rpartition(".")[0].replace("/", ".").removesuffix(".__init__")
            found.setdefault(dotted, file)
            if dotted.startswith("src."):
                found.setdefault(dotted.removeprefix("src."), file)
        return cls(found, frozenset(parts))

    def is_set(self, member: str) -> bool:
        """True where some text of the stage sets an attribute of that name on something."""
        assigned = re.compile(rf"\.{re.escape(member)}[ \t]*(?::[^=\n]+)?=(?!=)")
        return any(member in file.text and assigned.search(file.text) for file in self.files.values())

    def is_fixed(self, name: str, member: str) -> bool:
        """True where no class of that name gets `member` while it runs, as far as the stage's text tells.

        Nothing sets it or says its name as text, and no module that defines such a class makes members.
        """
        assigned = re.compile(rf"\.{re.escape(member)}\b[^=\n]*=[^=]|[\"']{re.escape(member)}[\"']")
        defined = re.compile(rf"^[ \t]*class[ \t]+{re.escape(name)}\b", re.MULTILINE)
        for file in self.files.values():
            if member in file.text and assigned.search(file.text):
                return False
            if name in file.text and defined.search(file.text) and MAKES_MEMBERS.search(file.text):
                return False
        return True


def variant_of(code: str, message: str, at: tuple[int, int], file: StagedFile, modules: Modules) -> str | None:
    """The code, or its variant, under which the finding is reported; None where it is none.

    `at` is the line and column that it starts at, from 1.
    """
    line = at[0]
    quoted = [*_QUOTED.findall(message), "", ""]
    if code == "unresolved-reference":
        if quoted[0] in INSTALLED_NAMES or _STAR.search(file.text) or is_expected(file.text, line, "NameError"):
            return None
        return f"{code}.fragment" if may_hold_more_names(file.text) else code
    if code == "missing-attribute":
        return _attribute(code, message, quoted, at, file, modules)
    if code == "missing-module-member":
        if is_expected(file.text, line, "ImportError"):
            return None
        if _is_of_package(file.text, line):
            return None  # the module may lie beside what was scanned: a check of ours judges relative imports
        return _member(code, quoted[0], quoted[1], file, modules)
    if code == "invalid-raise" and _PERHAPS_NONE.search(message):
        return None  # a placeholder for an import that failed, and whoever raises it has asked
    if code in _OPEN and (_PROTOCOL.search(message) or is_open_call(file.text, *at)):
        return f"{code}.unnamed"
    if code in _TESTED and _TESTED[code][0].search(message):
        return f"{code}.{_TESTED[code][1]}"
    return code


def _is_of_package(text: str, line: int) -> bool:
    """Whether the name on a line (from 1) is imported by `from . import name`, on this line or a few above it."""
    above = reversed(text.split("\n")[max(line - 40, 0) : line])
    start = next((each for each in above if _FROM.match(each)), "")
    return _OF_PACKAGE.match(start) is not None


_TESTED: Mapping[str, tuple[re.Pattern[str], str]] = {
    "missing-argument": (_UNNAMED, "unnamed"),
    "too-many-positional-arguments": (_UNNAMED, "unnamed"),
    "unknown-argument": (_UNNAMED, "unnamed"),
    "index-out-of-bounds": (re.compile(r"with length 0$"), "empty"),  # a default that is replaced later
    "not-callable": (re.compile(r"`<module "), "module"),
    "invalid-context-manager": (re.compile(r"`CoroutineType\["), "coroutine"),
}
"""Code -> a pattern in ty's message, and the variant that it makes."""

_OPEN = frozenset(
    ("missing-argument", "too-many-positional-arguments", "unknown-argument", "parameter-already-assigned")
)
VARIANTS = frozenset((
    "parameter-already-assigned.unnamed",
    *(f"{code}.{variant}" for code, (_, variant) in _TESTED.items()),
    *(f"missing-attribute.{v}" for v in ("assigned", "builtin", "class", "dynamic", "library", "local", "module")),
    *("missing-attribute.object", "missing-attribute.private", "missing-attribute.self"),
    *(f"missing-module-member.{v}" for v in ("dynamic", "library", "local", "package", "private")),
    *("no-matching-overload.keyword", "no-matching-overload.arity"),
    *("invalid-syntax.newer", "unresolved-reference.fragment"),
))  # fmt: skip
"""Every variant that this module and the engine can give."""


def _attribute(
    code: str, message: str, quoted: list[str], at: tuple[int, int], file: StagedFile, modules: Modules
) -> str | None:
    if is_expected(file.text, at[0], "AttributeError"):
        return None
    if message.startswith("Unresolved"):
        return f"{code}.assigned"
    if message.startswith("Module"):
        return _member(code, quoted[0], quoted[1], file, modules)
    name = quoted[1]
    if name.startswith("__") and name.endswith("__"):
        return code
    if "`Self@" in message or "Self@" in quoted[0]:
        return f"{code}.self"
    if _BUILTIN.match(message):
        return f"{code}.builtin"
    if message.startswith("Class "):
        return f"{code}.class"
    if name.startswith("_"):
        return f"{code}.private"
    owner = _CLASS.fullmatch(quoted[0])
    if owner is not None and is_made_here(file.text, at, name) and modules.is_fixed(owner[1], name):
        return f"{code}.object"
    return code


def _member(code: str, module: str, name: str, file: StagedFile, modules: Modules) -> str | None:
    """What a missing member of a module means, by whose module it is."""
    staged = modules.files.get(module)
    if staged is file:
        return f"{code}.dynamic"  # a module that imports itself is read half-made
    if staged is not None and MAKES_MEMBERS.search(staged.text):
        return f"{code}.dynamic"
    if name.startswith("_"):
        return f"{code}.private"
    if staged is not None and modules.is_set(name):
        return f"{code}.dynamic"
    if staged is not None:
        inside = staged.name.endswith(("/__init__.py", "/__init__.pyi"))
        # What was built or left out of the scan can lie in a package beside what was scanned.
        return f"{code}.package" if inside and code == "missing-module-member" else f"{code}.local"
    root = module.partition(".")[0]
    if root in modules.parts:  # a module or folder of the project is called so, and ty may have taken it for this one
        return f"{code}.dynamic"
    if root in sys.stdlib_module_names:
        if (module, name) in UNTYPED or (code == "missing-attribute" and name in sys.stdlib_module_names):
            return f"{code}.private"
        return f"{code}.module" if code == "missing-attribute" else code
    return f"{code}.library"
