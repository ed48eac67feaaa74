"""ty, run for real over small stages."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codeguard.config.environment import environment_of
from codeguard.config.model import Config
from codeguard.engines import ty
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.source_context import is_expected, is_made_here, is_open_call, may_hold_more_names
from codeguard.engines.ty import TyEngine
from codeguard.engines.ty_overloads import calls_of, reason, signatures
from codeguard.engines.ty_roots import roots_of
from codeguard.errors import ConfigError, EngineError
from codeguard.knowledge.foreign import ty as table
from codeguard.model import FailureKind, Profile, Span
from codeguard.source.model import Source
from codeguard.source.read import source_from_text
from codeguard.source.stage import build_stage

Scan = Callable[..., EngineResult]
FLAW = "import os\nprint(os.nowhere)\n"


def stage_of(root: Path, files: Mapping[str, str | bytes]) -> Stage:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    texts = {name: text if isinstance(text, str) else text.decode("utf-8", "replace") for name, text in files.items()}
    return Stage(root.resolve(), tuple(StagedFile(name, f"src/{name}", text) for name, text in texts.items()))


@pytest.fixture
def scan(tmp_path: Path) -> Scan:
    def run(
        files: Mapping[str, str | bytes],
        *,
        timeout: float = 60.0,
        wanted: frozenset[str] | None = None,
        python: tuple[int, int] | None = None,
        environment: Path | None = None,
        engine: TyEngine | None = None,
    ) -> EngineResult:
        (tmp_path / "stage").mkdir(exist_ok=True)
        settings = EngineSettings(1, timeout, tmp_path / "scratch", wanted, python, environment)
        return (engine or TyEngine()).run(stage_of(tmp_path / "stage", files), settings)

    return run


def rules_of(result: EngineResult, path: str = "src/a.py") -> set[str]:
    return {finding.rule_id.removeprefix("ty:") for finding in result.findings if finding.path == path}


def on_by_default(result: EngineResult) -> set[str]:
    return {
        f.rule_id.removeprefix("ty:") for f in result.findings if table.rules()[f.rule_id].profile is Profile.DEFAULT
    }


# -- what is found, and where


def test_columns_are_code_points(scan: Scan) -> None:
    result = scan({"a.py": 'import os\ns = "é😀"; undefined_é(os)\n'})
    assert [finding.span for finding in result.findings] == [Span(2, 10, 2, 21)]


def test_a_finding_is_told_in_our_terms(scan: Scan) -> None:
    (finding,) = scan({"a.py": FLAW}).findings
    rule = TyEngine().rules()["ty:missing-attribute.module"]
    assert (finding.rule_id, finding.path, finding.engine) == (rule.id, "src/a.py", "ty")
    assert (finding.cwe, finding.severity, finding.category) == (rule.cwe, rule.severity, rule.category)
    assert (finding.snippet, finding.seen_by) == ("print(os.nowhere)", ("ty:missing-attribute",))
    assert finding.message == "Module `os` has no member `nowhere`"


def test_only_wanted_rules_are_reported(scan: Scan) -> None:
    text = f"{FLAW}undefined\n"
    assert rules_of(scan({"a.py": text}, wanted=frozenset({"ty:missing-attribute.module"}))) == {
        "missing-attribute.module"
    }
    assert rules_of(scan({"a.py": text}, wanted=frozenset())) == set()


DEF = "def f(a):\n    return a\n\n\n"
ASYNC = "async def f():\n    return 1\n\n\n"
WRONG = [
    ("import os\nundefined\n", "unresolved-reference"),
    (FLAW, "missing-attribute.module"),
    ("from os import nowhere\n", "missing-module-member"),
    ("'a'.concat('b')\n", "missing-attribute.builtin"),
    ("x = []\nx.push(1)\n", "missing-attribute.builtin"),
    ("class A:\n    pass\n\n\nA.b\n", "missing-attribute.class"),
    ("import csv\nw = csv.DictWriter(open('a'), [])\nw.writeall([])\n", "missing-attribute.object"),
    ("class A:\n    pass\n\n\na = A()\na.b\n", "missing-attribute.object"),
    (f"{DEF}f()\n", "missing-argument"),
    (f"{DEF}f(1, 2)\n", "too-many-positional-arguments"),
    (f"{DEF}f(1, b=2)\n", "unknown-argument"),
    (f"{DEF}f(1, a=2)\n", "parameter-already-assigned"),
    ("x = list([1], reverse=True)\n", "no-matching-overload.keyword"),
    ("x = sorted()\n", "no-matching-overload.arity"),
    ("import math\nmath(1)\n", "not-callable.module"),
    (f"{ASYNC}async def g():\n    f()\n", "unused-awaitable"),
    (f"{ASYNC}def g():\n    with f():\n        pass\n", "invalid-context-manager.coroutine"),
    ("t = (1, 2)\nt[5]\n", "index-out-of-bounds"),
    ("try:\n    pass\nexcept 3:\n    pass\n", "invalid-exception-caught"),
    ("import collections\nx = collections.Mapping\n", "missing-attribute.module"),
]


@pytest.mark.parametrize(("text", "code"), WRONG, ids=[f"{code}-{n}" for n, (_, code) in enumerate(WRONG)])
def test_what_is_wrong_whenever_it_runs_is_on_by_default(scan: Scan, text: str, code: str) -> None:
    assert on_by_default(scan({"a.py": text})) == {code}


SOUND = [
    "import nowhere_to_be_found\nnowhere_to_be_found.f(1, x=2).y\n",
    "from nowhere_to_be_found import *\nundefined\n",
    "try:\n    from os import nowhere\nexcept ImportError:\n    nowhere = None\n",
    "import os\ntry:\n    os.nowhere\nexcept AttributeError:\n    pass\n",
    "import os\nif hasattr(os, 'nowhere'):\n    os.nowhere\n",
    "try:\n    unicode\nexcept NameError:\n    unicode = str\n",
    "import os\nos._exit_code\n",
    "import sys\nsys.pypy_version_info\n",
    "import gettext\ngettext.install('a')\nprint(_('text'))\n",
    "def f():\n    return g()\n",
    "import attrs\n@attrs.frozen\nclass A:\n    x: int\n\n\nA(1)\nA(x=1)\n",
    "class Mixin:\n    def f(self):\n        return self.other()\n",
    "def f():\n    pass\n\n\nf.calls = 0\n",
    "class A:\n    pass\n\n\ndef f(a: A):\n    return a.b\n",
    "class A:\n    pass\n\n\na = A()\nsetattr(a, 'b', 1)\na.b\n",
    "def f(x: str | None):\n    return x.upper()\n",
    "x: int = 'a'\n",
    "import os\nos.fork()\nimport winreg\nwinreg.HKEY_CLASSES_ROOT\n",
    "import re\nre.search('a', None)\n",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_sound_code_does_is_not_reported_by_default(scan: Scan, text: str) -> None:
    result = scan({"a.py": text})
    assert (on_by_default(result), result.failures) == (set(), ())


PROJECT = [
    ({"p.py": "x = 1\n", "a.py": "import p\np.y\n"}, {"missing-attribute.local"}),
    ({"p.py": "x = 1\n", "a.py": "from p import y\n"}, {"missing-module-member.local"}),
    ({"p/__init__.py": "x = 1\n", "a.py": "from p import built\n"}, {"missing-module-member.package"}),
    ({"p/__init__.py": "x = 1\n", "p/a.py": "from . import (\n    views,\n)\n"}, set()),
    ({"p.py": "globals()['y'] = 1\n", "a.py": "import p\np.y\n"}, {"missing-attribute.dynamic"}),
    ({"p.py": "def __getattr__(name):\n    return 1\n", "a.py": "import p\np.y\n"}, set()),
    ({"src/p.py": "x = 1\n", "a.py": "import p\np.y\n"}, {"missing-attribute.local"}),
    ({"p.py": "def f(a): ...\n", "a.py": "from p import f\nf()\n"}, {"missing-argument"}),
]


@pytest.mark.parametrize(("files", "codes"), PROJECT)
def test_a_projects_modules_are_known_to_each_other(scan: Scan, files: dict[str, str], codes: set[str]) -> None:
    assert rules_of(scan(files)) == codes


def test_libraries_are_known_only_from_the_projects_own_environment(scan: Scan, tmp_path: Path) -> None:
    below = "Lib/site-packages" if sys.platform == "win32" else "lib/python3.12/site-packages"
    packages = tmp_path / "venv" / below
    (packages / "somelib").mkdir(parents=True)
    (packages / "somelib" / "__init__.py").write_text("def f(a): ...\n")
    (tmp_path / "venv" / "pyvenv.cfg").write_text("home = /nowhere\nversion = 3.12\n")
    text = "import libcst, somelib\nsomelib.f()\nsomelib.g\nlibcst.nowhere\n"
    assert rules_of(scan({"a.py": text})) == set()
    known = scan({"a.py": text}, environment=tmp_path / "venv")
    assert rules_of(known) == {"missing-argument", "missing-attribute.library"}


TARGETS = [
    (None, "missing-module-member"),
    ((3, 14), "missing-module-member"),
    ((3, 99), "missing-module-member"),
    ((3, 12), ""),
    ((3, 1), ""),
]


@pytest.mark.parametrize(("python", "code"), TARGETS)
def test_the_standard_library_is_that_of_the_target_version(
    scan: Scan, python: tuple[int, int] | None, code: str
) -> None:
    text = "from ast import Num\n"  # removed in 3.14
    assert rules_of(scan({"a.py": text}, python=python)) - {"deprecated"} == ({code} if code else set())


def test_syntax_that_the_target_does_not_have_is_told(scan: Scan) -> None:
    text = "def f(x):\n    match x:\n        case 1:\n            return undefined_name + len(x)\n"
    assert rules_of(scan({"a.py": text}, python=(3, 9))) == {"invalid-syntax.newer", "unresolved-reference.fragment"}
    assert rules_of(scan({"a.py": text}, python=(3, 10))) == {"unresolved-reference.fragment"}


# -- what the scanned code cannot do


def staged(root: Path, text: str) -> Stage:
    source = source_from_text("a.py", text).source
    assert isinstance(source, Source)
    root.mkdir()
    return build_stage([source], root)


COMMENTS = [
    "# ty: ignore\n{}",
    "#ty:ignore[unresolved-reference]\n{}",
    "{}  # ty: ignore",
    "{}  # fine # ty: ignore[unresolved-reference]",
    "{}  # type: ignore",
    "# type: ignore\n{}",
    "{}  # type: ignore[ty:unresolved-reference]",
]


@pytest.mark.parametrize("comment", COMMENTS)
def test_no_comment_silences_ty(tmp_path: Path, comment: str) -> None:
    stage = staged(tmp_path / "stage", f"{comment.format('undefined_name')}\nimport os\n")
    result = TyEngine().run(stage, EngineSettings(1, 60.0, tmp_path / "scratch"))
    assert [finding.rule_id for finding in result.findings] == ["ty:unresolved-reference"]


CONFIGURATIONS = {
    "ty.toml": '[rules]\nall = "ignore"\n',
    "pyproject.toml": '[tool.ty.rules]\nall = "ignore"\n[tool.ty.src]\nexclude = ["**"]\n',
    ".gitignore": "*\n",
    ".ignore": "*\n",
    "scratch/home/.config/ty/ty.toml": '[rules]\nall = "warn"\n',
}


@pytest.mark.parametrize("above", [False, True], ids=["in-the-stage", "above-it"])
def test_no_configuration_is_heeded(scan: Scan, tmp_path: Path, above: bool) -> None:  # noqa: FBT001
    (tmp_path / "stage" / ".git").mkdir(parents=True)
    for name, text in CONFIGURATIONS.items():
        file = (tmp_path if above or "scratch" in name else tmp_path / "stage") / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    result = scan({"a.py": FLAW}, wanted=frozenset({"ty:missing-attribute.module"}))
    assert (rules_of(result), result.scanned) == ({"missing-attribute.module"}, {"a.py"})


def test_metadata_in_a_script_configures_nothing(scan: Scan) -> None:
    head = '# /// script\n# dependencies = []\n# [tool.ty.rules]\n# all = "ignore"\n# ///\n'
    assert rules_of(scan({"a.py": head + FLAW})) == {"missing-attribute.module"}


NAMES = ["venv/a.py", "build/a.py", "dist/a.py", "node_modules/a.py", "a.pyi", "tests/test_a.py", "-rf.py", "@x.py"]


def test_no_name_keeps_a_file_from_being_read(scan: Scan) -> None:
    result = scan(dict.fromkeys(NAMES, FLAW))
    assert {finding.path for finding in result.findings} == {f"src/{name}" for name in NAMES}
    assert (result.scanned, result.failures) == (set(NAMES), ())


# -- what cannot be read costs itself


def test_of_a_file_that_does_not_parse_nothing_is_told_but_that(scan: Scan) -> None:
    result = scan({"bad.py": "import os\ndef f(:\n    foo bar\n", "good.py": FLAW})
    assert [(f.path, f.kind, f.fatal, f.line) for f in result.failures] == [
        ("src/bad.py", FailureKind.UNPARSABLE, False, 2)
    ]
    assert ({f.path for f in result.findings}, result.scanned) == ({"src/good.py"}, {"good.py"})


def test_what_parses_but_does_not_compile_is_read(scan: Scan) -> None:
    result = scan({"a.py": f"{FLAW}def f():\n    await f()\n"})
    assert (rules_of(result), result.failures) == ({"missing-attribute.module"}, ())


def test_a_file_that_is_no_text_is_told(scan: Scan) -> None:
    result = scan({"bad.py": b"x = '\xff'\n", "good.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/bad.py", FailureKind.UNREADABLE, True)]
    assert result.scanned == {"good.py"}


def test_a_file_that_brings_ty_down_costs_itself(scan: Scan) -> None:
    files = {f"m{n}.py": FLAW for n in range(4)} | {"deep.py": "x = " + "not " * 50_000 + "y\n"}
    result = scan(files)
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/deep.py", FailureKind.CRASH, True)]
    assert result.scanned == set(files) - {"deep.py"}
    assert {finding.path for finding in result.findings} == {f"src/m{n}.py" for n in range(4)}


def test_a_file_with_more_findings_than_are_accepted_costs_itself(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ty, "OUTPUT", 20_000)
    files = {"a.py": FLAW, "many.py": "import os\n" + "os.nowhere\n" * 200, "z.py": FLAW}
    result = scan(files)
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/many.py", FailureKind.LIMIT, True)]
    assert {finding.path for finding in result.findings} == {"src/a.py", "src/z.py"}


# -- what is wrong with ty is told, and nothing is clean


def test_an_engine_that_misses_the_canary_is_not_believed(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ty, "CANARY", "canary = 1\n")
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert (result.findings, result.scanned) == ((), frozenset())


def test_a_file_that_ty_leaves_out_makes_the_answer_worthless(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ty, "OPTIONS", (*ty.OPTIONS, "--exclude", "b.py", "--force-exclude"))
    result = scan({"a.py": FLAW, "b.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert (result.findings, result.scanned) == ((), frozenset())


def test_options_that_ty_refuses_are_told_with_its_reason(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ty, "OPTIONS", ("check", "--no-such-option"))
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert "--no-such-option" in result.failures[0].detail


def test_rules_that_this_ty_does_not_have_are_told_and_the_others_run(scan: Scan) -> None:
    result = scan({"a.py": FLAW}, wanted=frozenset({"ty:missing-attribute.module", "ty:removed-rule"}))
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_MISSING, False)]
    assert "removed-rule" in result.failures[0].detail
    assert rules_of(result) == {"missing-attribute.module"}


def test_a_ty_that_takes_too_long_is_told(scan: Scan) -> None:
    result = scan({"a.py": FLAW}, timeout=0.0)
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.TIMEOUT, True)]


def test_an_engine_that_is_not_installed_raises(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Path:
        raise EngineError(f"{name} is not installed")

    monkeypatch.setattr(ty, "program", missing)
    with pytest.raises(EngineError, match="ty is not installed"):
        scan({"a.py": FLAW})


def test_a_rule_without_a_row_is_shown_to_those_who_audit(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {key: rule for key, rule in table.rules().items() if key != "ty:unresolved-reference"}  # the canary's
    monkeypatch.setattr(table, "rules", lambda: fewer)
    engine = TyEngine()
    assert "unresolved-reference" in rules_of(scan({"a.py": "import os\nundefined\n"}, engine=engine))
    assert engine.rules()["ty:unresolved-reference"].profile is Profile.AUDIT


def test_an_empty_stage_is_no_failure(scan: Scan) -> None:
    assert scan({}) == EngineResult((), (), frozenset())


# -- why a call matches no signature

REPORT = """\
error[no-matching-overload]: No overload of function `sorted` matches arguments
 --> a.py:2:5
  |
info: First overload defined here
    --> stdlib/builtins.pyi:4788:1
info: Possible overloads for function `sorted`:
info:   [T](iterable: Iterable[T], /, *, key: None = None, reverse: bool = False) -> list[T]
info:   [_T](iterable: Iterable[_T], /, *, key: (_T, /) -> Any, reverse: bool = False) -> list[_T]

error[missing-attribute]: Class `A` has no attribute `foo`
  --> a.py:9:1
info:   (not: a, signature) -> None
"""


def test_signatures_are_read_from_the_full_report() -> None:
    assert signatures(REPORT) == {
        ("a.py", 2, 5): (
            "iterable: Iterable[T], /, *, key: None = None, reverse: bool = False",
            "iterable: Iterable[_T], /, *, key: (_T, /) -> Any, reverse: bool = False",
        )
    }


def test_a_call_of_one_of_several_functions_is_left_alone() -> None:
    union = "info: Union variant `Overload[[T](x: T) -> T]` is incompatible with this call site\n"
    report = REPORT.replace("\nerror[missing", f"{union}\nerror[missing")
    assert signatures(report) == {("a.py", 2, 5): ()}


SHAPES = [
    ("f(1, cmp=2)", ("a: int, /, *, key: None = None", "a: str"), "keyword"),
    ("f(1, key=2)", ("a: int, /, *, key: None = None", "a: str"), None),
    ("f(1, cmp=2)", ("a: int", "a: str, **rest: Any"), None),
    ("f(1, **more)", ("a: int",), None),
    ("f()", ("self, a: int", "self, /, b: dict[str, int]"), "arity"),
    ("f()", ("a: int", "*rest: int"), None),
    ("f()", ("a: int = 1", "a: str"), None),
    ("f(x)", ("a: int", "a: str"), None),
    ("f()", (), None),
]


@pytest.mark.parametrize(("code", "lists", "variant"), SHAPES)
def test_only_the_shape_of_a_call_says_why_no_signature_takes_it(
    code: str, lists: tuple[str, ...], variant: str | None
) -> None:
    call = ast.parse(code, mode="eval").body
    assert isinstance(call, ast.Call)
    why = reason(call, lists)
    assert (why.variant if why else None) == variant


def test_calls_are_found_by_where_they_start_in_code_points() -> None:
    calls = calls_of("x = 'é'; f(1).g(2)\n")
    assert {place: len(ast.unparse(call)) for place, call in calls.items()} == {(1, 10): len("f(1).g(2)")}


# -- what the code around says

GUARDED = [
    ("try:\n    x\nexcept NameError:\n    pass\n", 2, True),
    ("try:\n    x\nexcept:\n    pass\n", 2, True),
    ("try:\n    x\nexcept (KeyError, NameError):\n    pass\n", 2, True),
    ("try:\n    x\nexcept builtins.NameError:\n    pass\n", 2, True),
    ("try:\n    x\nexcept KeyError:\n    pass\n", 2, False),
    ("try:\n    pass\nexcept NameError:\n    x\n", 4, False),
    ("with contextlib.suppress(NameError):\n    x\n", 2, True),
    ("with pytest.raises(NameError):\n    x\n", 2, True),
    ("with opened(NameError):\n    x\n", 2, False),
    ("try:\n    x\nexcept NameError\n", 2, False),
]


@pytest.mark.parametrize(("text", "line", "expected"), GUARDED)
def test_a_failure_is_expected_where_a_handler_catches_it(text: str, line: int, expected: bool) -> None:  # noqa: FBT001
    assert is_expected(text, line, "NameError") is expected


MADE = [
    ("x = f()\nx.y\n", True),
    ("with f() as x:\n    x.y\n", True),
    ("f().y\n", True),
    ("class A:\n    def __init__(self):\n        self.x = f()\n    def g(self):\n        self.x.y\n", True),
    (
        "class A:\n    def __init__(self):\n        self.x = f()\n        self.x.z = 1\n    def g(self):\n        self.x.y\n",
        True,
    ),
    ("class A:\n    def __init__(self, x):\n        self.x = x\n    def g(self):\n        self.x.y\n", False),
    ("def g(x):\n    x.y\n", False),
    ("x = f()\nx = z\nx.y\n", False),
    ("for x in f():\n    x.y\n", False),
    ("x, z = f()\nx.y\n", False),
    ("x: A = f()\nx.y\n", False),
    ("x = [x.y for x in f()]\n", False),
    ("x.y\n", False),
]


@pytest.mark.parametrize(("text", "expected"), MADE)
def test_an_object_is_made_here_where_every_value_of_its_name_comes_from_a_call(text: str, expected: bool) -> None:  # noqa: FBT001
    lines = text.split("\n")
    line = next(n for n, each in enumerate(lines, 1) if ".y" in each)
    start = lines[line - 1].index(".y") - 1
    while start and (lines[line - 1][start - 1].isalnum() or lines[line - 1][start - 1] in ".()"):
        start -= 1
    assert is_made_here(text, (line, start + 1), "y") is expected


ROOTS = [
    ({"a/m.py": "", "a/n.py": "import m\n"}, ("", "a")),
    ({"a/p/__init__.py": "", "a/p/q/__init__.py": "", "a/p/q/r.py": "import p.q\n"}, ("", "a")),
    ({"a/m.py": "", "b/m.py": ""}, ()),
    ({"a/m.py": "", "b/n.py": "import m\n"}, ("", "b")),
    ({"a/src/p/__init__.py": "", "a/tests/test_p.py": "import p\n"}, ("", "a/src", "a/tests")),
    ({"src/p/__init__.py": "", "m.py": "import p\n"}, ()),
    ({"m.py": "", "n.py": "import m\n"}, ()),
]


@pytest.mark.parametrize(("files", "roots"), ROOTS)
def test_a_folder_is_a_root_where_the_names_in_it_are_its_own(files: dict[str, str], roots: tuple[str, ...]) -> None:
    assert roots_of([StagedFile(name, name, text) for name, text in files.items()]) == roots


def test_a_project_in_a_folder_is_known_to_itself(scan: Scan) -> None:
    files = {"one/p/__init__.py": "", "one/p/m.py": "def f(a): ...\n", "one/main.py": "from p.m import f\nf()\n"}
    assert rules_of(scan(files), "src/one/main.py") == {"missing-argument"}


# -- the project's environment


def made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "pyvenv.cfg").write_text("home = /nowhere\n")
    return folder


def test_an_environment_is_found_beside_the_project_or_above_the_scanned_folder(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src" / "p").mkdir(parents=True)
    assert environment_of(Config(), str(tmp_path / "src" / "p")) is None
    found = made(tmp_path / ".venv")
    assert environment_of(Config(), str(tmp_path)) == found
    assert environment_of(Config(), str(tmp_path / "src" / "p")) == found


def test_no_environment_is_taken_from_above_the_repository_or_through_a_link(tmp_path: Path) -> None:
    made(tmp_path / ".venv")
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    assert environment_of(Config(), str(tmp_path / "repo")) is None
    (tmp_path / "repo" / "venv").symlink_to(tmp_path / ".venv")
    assert environment_of(Config(), str(tmp_path / "repo")) is None


def test_an_untrusted_tree_has_no_environment_but_the_one_that_is_named(tmp_path: Path) -> None:
    found = made(tmp_path / ".venv")
    assert environment_of(Config(trusted=False), str(tmp_path)) is None
    assert environment_of(Config(trusted=False, environment=str(found)), str(tmp_path)) == found


def test_none_is_no_environment(tmp_path: Path) -> None:
    made(tmp_path / ".venv")
    assert environment_of(Config(environment="none"), str(tmp_path)) is None


def test_a_python_in_an_environment_stands_for_it(tmp_path: Path) -> None:
    found = made(tmp_path / "deps")
    (found / "bin").mkdir()
    (found / "bin" / "python").symlink_to(sys.executable)
    assert environment_of(Config(environment=str(found / "bin" / "python")), str(tmp_path)) == found


def test_what_is_no_environment_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is no Python environment"):
        environment_of(Config(environment=str(tmp_path)), str(tmp_path))


def test_of_many_files_each_is_read_whatever_its_name(scan: Scan) -> None:
    files: dict[str, str | bytes] = {f"p{i % 7}/m{i}.py": "x = 1\n" for i in range(600)}
    result = scan({**files, "p0/tool": FLAW, "p1/w.pyw": FLAW, "venv_like/s.pyi": "x: int\n", "p2/last.py": FLAW})
    assert len(result.scanned) == 604
    assert {f.path for f in result.findings} == {"src/p0/tool", "src/p1/w.pyw", "src/p2/last.py"}
    assert not result.failures


OPEN = [
    # code, line and column of the call, whether it may reach other code than its name says
    ("class A:\n    @classmethod\n    def make(cls):\n        return cls(1, é=f(2))\n", (4, 16), True),
    ("class A:\n    @classmethod\n    def make(cls):\n        return cls(1, é=f(2))\n", (4, 27), False),
    ("x = type(self)(1)\n", (1, 5), True),
    ("x = self.__class__(1)\n", (1, 5), True),
    ("self.auth.start(1)\n", (1, 1), True),
    ("self.start(1)\n", (1, 1), False),
    ("f(1)\n", (1, 1), False),
    ("f(1)\n", (2, 1), False),
    ("def (", (1, 1), False),
]


@pytest.mark.parametrize(("text", "place", "is_open"), OPEN)
def test_a_call_of_whatever_class_or_object_it_is_may_reach_other_code(
    text: str, place: tuple[int, int], *, is_open: bool
) -> None:
    assert is_open_call(text, *place) is is_open


@pytest.mark.parametrize(
    ("text", "more"),
    [
        ("globals()['a'] = 1\nprint(a)\n", True),
        ("globals().update(names)\n", True),
        ("E._convert_('E', __name__, ok)\n", True),
        ("print(globals()['a'] == 1)\n", False),
        ("def f():\n    return helper()\n", True),
        ("import os\n\ndef f():\n    return helper()\n", False),
    ],
)
def test_a_text_that_makes_its_globals_may_hold_more_names_than_it_defines(text: str, *, more: bool) -> None:
    assert may_hold_more_names(text) is more


def test_the_import_of_another_version_in_a_handler_is_not_judged(scan: Scan) -> None:
    text = "try:\n    from collections.abc import Mapping\nexcept ImportError:\n    from collections import Mapping\n"
    assert not on_by_default(scan({"a.py": text}))
    assert on_by_default(scan({"a.py": "from collections import Mapping\n"}))


def test_a_standard_module_that_the_project_has_a_file_for_is_not_judged(scan: Scan) -> None:
    flaw = "import signal\nprint(signal.SIGTERM)\n"
    result = scan({"lib/signal.py": "globals().update(x=1)\n", "lib/use.py": flaw})
    assert not on_by_default(result)
