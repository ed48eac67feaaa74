"""The files in which a project says what it needs, each read as text to the same plain data.

Formats: `pyproject.toml` (PEP 621, PEP 735, Poetry, PDM, uv), `setup.cfg`, `setup.py` (literals only), pip's
requirements files, `Pipfile` and its lock, `poetry.lock`, `uv.lock`, `pdm.lock`, `pylock.toml`, and conda's
`environment.yml`.  Names are normalised as PEP 503 says.
"""

from __future__ import annotations

import ast
import configparser
import json
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from codeguard.model import FailureKind

_NAME = re.compile(r"\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)\s*(?:\[[^\]]*\])?\s*([^;#]*)")
_EGG = re.compile(r"[#&]egg=([A-Za-z0-9._-]+)")
_REPOSITORY = re.compile(r"([A-Za-z0-9._-]+?)(?:\.git|\.zip|\.tar\.gz)?/?(?:@[^/]*)?(?:[#?].*)?$")
_REQUIREMENTS = re.compile(r"(?:.*[-_.])?requirements?(?:[-_.].*)?\.(?:txt|in)", re.IGNORECASE)
_PACKAGE = re.compile(r'^\[\[packages?\]\]\s*\nname = "([^"\n]+)"(?:\s*\nversion = "([^"\n]+)")?', re.MULTILINE)
_VERSION = re.compile(r"(===|~=|==|!=|<=|>=|<|>|\^|~|=)?\s*v?(\d+)(?:\.(\d+))?(\.\d+)?(\.\*)?")
_LATEST = (3, 99)


class UnreadableError(ValueError):
    """A declaration that says nothing certain; the text says why, `kind` what sort of failure it is."""

    def __init__(self, why: str, kind: FailureKind = FailureKind.UNPARSABLE) -> None:
        super().__init__(why)
        self.kind = kind


@dataclass(slots=True)
class Declared:
    """What declarations say; grows while they are read.

    `distributions` and `locked` map normalised names to a constraint and to an exact version; `includes` are files
    named by `-r`, `members` the folder patterns of a workspace, `provides` import names that the project says it
    builds, `unknown` why there may be more.
    """

    names: set[str] = field(default_factory=set)
    distributions: dict[str, str] = field(default_factory=dict)
    locked: dict[str, str] = field(default_factory=dict)
    provides: set[str] = field(default_factory=set)
    includes: set[str] = field(default_factory=set)
    members: list[str] = field(default_factory=list)
    requires_python: str = ""
    unknown: set[str] = field(default_factory=set)

    def add(self, other: Declared) -> None:
        """Take over what another declaration says; constraints on one name are joined."""
        self.names |= other.names
        for name, constraint in other.distributions.items():
            self.need(name, constraint)
        for name, version in other.locked.items():
            self.locked.setdefault(name, version)
        self.provides |= other.provides
        self.requires_python = self.requires_python or other.requires_python
        self.unknown |= other.unknown

    def need(self, name: str, constraint: str = "") -> None:
        """Note that a distribution is needed."""
        name, constraint = normal_name(name), constraint.strip().strip("()").strip()
        known = self.distributions.get(name, "")
        new = constraint not in known.split(", ")
        self.distributions[name] = ", ".join(part for part in (known, constraint if new else "") if part)

    def requirement(self, text: str) -> None:
        """Note a requirement as PEP 508 and pip write it; what names nothing is passed over."""
        if "://" in text.split("@", maxsplit=1)[0].split(";", maxsplit=1)[0] or text.startswith((".", "/", "git+")):
            match = _EGG.search(text) or (
                _REPOSITORY.search(text.split(";", maxsplit=1)[0].strip()) if "://" in text else None
            )
            if match:
                self.need(match[1])
            return
        found = _NAME.match(text)
        if found:
            constraint = found[2].split(" --")[0]
            self.need(found[1], "" if constraint.lstrip().startswith("@") else constraint)

    def python(self) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
        """The lowest and the highest minor version that `requires_python` admits."""
        return python_range(self.requires_python)


def normal_name(name: str) -> str:
    """A distribution's name as PEP 503 compares it: lower case, runs of `-_.` as one hyphen."""
    return re.sub(r"[-_.]+", "-", name).lower()


def python_range(constraint: str) -> tuple[tuple[int, int] | None, tuple[int, int] | None]:
    """The lowest and highest minor version of Python that a constraint admits, None for no bound or a riddle."""
    low: tuple[int, int] | None = None
    high: tuple[int, int] | None = None
    if "||" in constraint:
        return None, None
    for match in _VERSION.finditer(constraint):
        how, minor = match[1] or "==", int(match[3]) if match[3] else 0
        if match[2] != "3":
            continue  # `<4`, `>=2.7`: no bound on the minor version
        version = (3, minor)
        if how in {">=", "~=", "^", "~", "==", "===", "=", ">"}:
            if how == ">" and match[4] is None:
                version = (3, minor + 1) if match[3] else version
            low = max(low, version) if low else version
        exact = how in {"==", "===", "=", "~"} or (how == "~=" and match[4] is not None)
        if (exact and match[3]) or (how == "<=" and match[3]):
            high = min(high or _LATEST, version)
        elif how == "<" and match[3]:
            bound = version if match[4] and match[4] != ".0" else (3, minor - 1)
            high = min(high or _LATEST, bound)
    return low, high


def is_declaration(name: str) -> bool:
    """True for a file name under which projects declare what they need."""
    return name in _READERS or _REQUIREMENTS.fullmatch(name) is not None


def read_declarations(name: str, data: bytes) -> Declared:
    """What the file of that name says.  Raises `UnreadableError` where it is broken."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("utf-16") if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else data.decode("latin-1")
        except UnicodeDecodeError:
            raise UnreadableError("its text could not be decoded", FailureKind.UNDECODABLE) from None
    if re.search(r"^<{7} ", text, re.MULTILINE):
        raise UnreadableError("it holds an unresolved merge")
    declared = Declared()
    try:
        _READERS.get(name, _requirements)(text.replace("\r\n", "\n"), declared)
    except UnreadableError:
        raise
    except (ValueError, SyntaxError, RecursionError, MemoryError, configparser.Error) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise UnreadableError(f"it could not be read: {what}") from None
    return declared


# -- TOML


def _toml(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib  # noqa: PLC0415 - 14 ms that a scan without such a file does not pay
    else:
        import tomli as tomllib  # noqa: PLC0415
    return tomllib.loads(text)


def _table(value: Any, *keys: str) -> dict[str, Any]:
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from (item for item in value if isinstance(item, str))


def _pyproject(text: str, declared: Declared) -> None:
    data = _toml(text)
    project, tool = _table(data, "project"), _table(data, "tool")
    declared.names.update(_words(project.get("name")))
    declared.requires_python = next(_words(project.get("requires-python")), "")
    groups = [project.get("dependencies"), *_table(project, "optional-dependencies").values()]
    groups += [_table(data, "build-system").get("requires"), *_table(data, "dependency-groups").values()]
    groups += [*_table(tool, "pdm", "dev-dependencies").values(), _table(tool, "uv").get("dev-dependencies")]
    groups += [env.get("dependencies") for env in _table(tool, "hatch", "envs").values() if isinstance(env, dict)]
    groups += [env.get("extra-dependencies") for env in _table(tool, "hatch", "envs").values() if isinstance(env, dict)]
    for group in groups:
        for line in _words(group):
            declared.requirement(line)
    for name in _table(tool, "uv", "sources"):
        declared.need(name)
    declared.members += _words(_table(tool, "uv", "workspace").get("members"))
    dynamic = set(_words(project.get("dynamic")))
    files = [*_words(_table(tool, "setuptools", "dynamic", "dependencies").get("file"))]
    for extra in _table(tool, "setuptools", "dynamic", "optional-dependencies").values():
        files += _words(_table(extra).get("file"))
    declared.includes.update(files)
    if "dependencies" in dynamic and not files:
        declared.unknown.add("pyproject.toml leaves its dependencies to the build")
    _poetry(_table(tool, "poetry"), declared)
    built = _table(tool, "setuptools")
    declared.provides.update(name.partition(".")[0] for name in _words(built.get("packages")))
    declared.provides.update(_words(built.get("py-modules")))
    declared.provides.update(_words(_table(tool, "maturin").get("module-name")))


def _poetry(poetry: Mapping[str, Any], declared: Declared) -> None:
    declared.names.update(_words(poetry.get("name")))
    tables = [_table(poetry, "dependencies"), _table(poetry, "dev-dependencies")]
    tables += [_table(group, "dependencies") for group in _table(poetry, "group").values()]
    for table in tables:
        for name, value in table.items():
            constraint = value if isinstance(value, str) else _table({"v": value}, "v").get("version", "")
            if name == "python":
                declared.requires_python = declared.requires_python or str(constraint)
            else:
                declared.need(name, "" if constraint == "*" else str(constraint))
    for package in poetry.get("packages") or ():
        include = _table({"p": package}, "p").get("include")
        declared.provides.update(word.partition("/")[0] for word in _words(include))


def _pipfile(text: str, declared: Declared) -> None:
    data = _toml(text)
    for key, table in data.items():
        if key in {"source", "scripts", "pipenv"} or not isinstance(table, dict):
            continue
        if key == "requires":
            version = next(_words(table.get("python_version")), "")
            declared.requires_python = f"=={version}.*" if version else ""
            continue
        for name, value in table.items():
            constraint = value if isinstance(value, str) else str(_table({"v": value}, "v").get("version", ""))
            declared.need(name, "" if constraint == "*" else constraint)


def _pipfile_lock(text: str, declared: Declared) -> None:
    data = json.loads(text)
    for section in ("default", "develop"):
        for name, value in _table(data, section).items():
            version = next(_words(_table({"v": value}, "v").get("version")), "")
            declared.locked[normal_name(name)] = version.removeprefix("==")


def _lock(text: str, declared: Declared) -> None:
    """A TOML lock file, read by its package headers: parsing megabytes of hashes would cost a second."""
    headers = len(re.findall(r"^\[\[packages?\]\]", text, re.MULTILINE))
    pairs = _PACKAGE.findall(text)
    whole = text.count("[") == text.count("]") and text.count("{") == text.count("}") and text.count('"') % 2 == 0
    if not whole or headers != len(pairs) or (text.strip() and "version" not in text):
        raise UnreadableError("it is not a whole lock file")
    for name, version in pairs:
        declared.locked[normal_name(name)] = version


# -- the older formats


def _setup_cfg(text: str, declared: Declared) -> None:
    parser = configparser.RawConfigParser(strict=False)
    parser.read_string(text)
    declared.names.update(filter(None, [parser.get("metadata", "name", fallback="").strip()]))
    declared.requires_python = parser.get("options", "python_requires", fallback="").strip()
    lists = [parser.get("options", key, fallback="") for key in ("install_requires", "tests_require", "setup_requires")]
    if parser.has_section("options.extras_require"):
        lists += [value for _, value in parser.items("options.extras_require")]
    for value in lists:
        for line in value.splitlines() or ():
            line = line.strip()  # noqa: PLW2901 - the same line, trimmed
            if line.startswith("file:"):
                declared.includes.update(name.strip() for name in line.removeprefix("file:").split(","))
            elif line and not line.startswith("#"):
                declared.requirement(line)
    modules = parser.get("options", "py_modules", fallback="") + "\n" + parser.get("options", "packages", fallback="")
    declared.provides.update(w.strip().partition(".")[0] for w in modules.splitlines() if w.strip().isidentifier())


def _setup_py(text: str, declared: Declared) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an escape that is not one is no matter here
        tree = ast.parse(text)
    constants = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name == "Extension" and node.args and isinstance(node.args[0], ast.Constant):
            declared.provides.add(str(node.args[0].value).partition(".")[0])
        if name == "setup":
            _setup_call(node, constants, declared)


def _setup_call(call: ast.Call, constants: Mapping[str, ast.expr], declared: Declared) -> None:
    for keyword in call.keywords:
        key, value = keyword.arg, keyword.value
        if key in {"install_requires", "extras_require", "tests_require", "setup_requires"}:
            texts = _literals(value, constants)
            for text in texts or ():
                for line in text.splitlines():
                    declared.requirement(line)
            if texts is None:
                declared.unknown.add(f"setup.py computes {key}")
        elif key == "name":
            declared.names.update(_literals(value, constants) or ())
        elif key == "python_requires":
            declared.requires_python = next(iter(_literals(value, constants) or ()), "")
        elif key in {"packages", "py_modules"}:
            declared.provides.update(name.partition(".")[0] for name in _literals(value, constants) or ())
        elif key is None:
            declared.unknown.add("setup.py computes its arguments")


def _literals(node: ast.expr, constants: Mapping[str, ast.expr], depth: int = 0) -> list[str] | None:
    """The strings that an expression is made of; None where some of it is computed."""
    if depth > 5:
        return None
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.Name) and node.id in constants:
        return _literals(constants[node.id], constants, depth + 1)
    parts: Iterable[ast.expr]
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        parts = node.elts
    elif isinstance(node, ast.Dict):
        parts = node.values
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = (node.left, node.right)
    else:
        return None
    found: list[str] = []
    for part in parts:
        strings = _literals(part, constants, depth + 1)
        if strings is None:
            return None
        found += strings
    return found


def _requirements(text: str, declared: Declared) -> None:
    for raw in text.replace("\\\n", " ").splitlines():
        line = re.sub(r"(?:^|\s)#.*", "", raw).strip()
        option = re.match(r"(?:-r|--requirement)[\s=]*(\S+)", line)
        editable = re.match(r"(?:-e|--editable)[\s=]*(\S+)", line)
        if option:
            if "://" not in option[1]:
                declared.includes.add(option[1])
            else:
                declared.unknown.add("a requirements file includes one from the network")
        elif editable:
            declared.requirement(editable[1])
        elif line and not line.startswith("-"):
            declared.requirement(line)


def _environment(text: str, declared: Declared) -> None:
    """A conda environment, line by line: the entries of the list `dependencies`, and of `pip` in it."""
    inside = False
    for line in text.splitlines():
        if re.match(r"\S", line) and not line.startswith(("-", "#")):
            inside = line.startswith("dependencies:")
        entry = re.match(r"\s*-\s+[\"']?(?:[\w.-]+::)?([A-Za-z0-9][\w.-]*)\s*([^\s\"'#:]*)", line) if inside else None
        if entry and not line.rstrip().endswith(":"):
            if entry[1] == "python":
                declared.requires_python = f"=={entry[2].strip('=')}" if entry[2].startswith("=") else entry[2]
            else:
                declared.need(entry[1], entry[2])
    if "dependencies" not in text and text.strip():
        raise UnreadableError("it names no dependencies")


_READERS: Mapping[str, Callable[[str, Declared], None]] = {
    "pyproject.toml": _pyproject,
    "Pipfile": _pipfile,
    "Pipfile.lock": _pipfile_lock,
    "poetry.lock": _lock,
    "uv.lock": _lock,
    "pdm.lock": _lock,
    "pylock.toml": _lock,
    "setup.cfg": _setup_cfg,
    "setup.py": _setup_py,
    "environment.yml": _environment,
    "environment.yaml": _environment,
}
