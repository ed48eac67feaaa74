"""Ruff, run for real over small stages."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from codeguard.engines import ruff
from codeguard.engines.interface import EngineResult, EngineSettings, Stage, StagedFile
from codeguard.engines.memory import within
from codeguard.engines.ruff import RuffEngine
from codeguard.engines.ruff_context import is_closed_by_hand
from codeguard.engines.source_context import is_fragment
from codeguard.errors import EngineError
from codeguard.knowledge.foreign import ruff as table
from codeguard.model import FailureKind, Profile, Span

Scan = Callable[..., EngineResult]
FLAW = "import os\nprint(os.sep is 'a')\n"  # F632


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
        engine: RuffEngine | None = None,
    ) -> EngineResult:
        (tmp_path / "stage").mkdir(exist_ok=True)
        settings = EngineSettings(1, timeout, tmp_path / "scratch", wanted)
        return (engine or RuffEngine()).run(stage_of(tmp_path / "stage", files), settings)

    return run


def rules_of(result: EngineResult, path: str = "src/a.py") -> set[str]:
    return {finding.rule_id for finding in result.findings if finding.path == path}


# -- what is found, and where


def test_columns_are_code_points(scan: Scan) -> None:
    result = scan({"a.py": 'import os\ns = "é😀"; undefined_é(os)\n'}, wanted=frozenset({"ruff:F821"}))
    assert [finding.span for finding in result.findings] == [Span(2, 10, 2, 21)]


def test_a_finding_is_told_in_our_terms(scan: Scan) -> None:
    result = scan({"a.py": FLAW}, wanted=frozenset({"ruff:F632"}))
    (finding,) = result.findings
    rule = RuffEngine().rules()["ruff:F632"]
    assert (finding.rule_id, finding.path, finding.engine) == ("ruff:F632", "src/a.py", "ruff")
    assert (finding.cwe, finding.severity, finding.category) == (rule.cwe, rule.severity, rule.category)
    assert (finding.snippet, finding.seen_by) == ("print(os.sep is 'a')", ("ruff:F632",))


def test_a_message_names_what_is_wrong_here(scan: Scan) -> None:
    result = scan({"a.py": "import os\nprint(os, hallucinated)\n"}, wanted=frozenset({"ruff:F821"}))
    assert [finding.message for finding in result.findings] == ["Undefined name `hallucinated`"]


def test_a_secret_is_not_repeated(scan: Scan) -> None:
    result = scan({"a.py": 'password = "hunter2-hunter2"\n'}, wanted=frozenset({"ruff:S105"}))
    assert [finding.rule_id for finding in result.findings] == ["ruff:S105"]
    assert "hunter2" not in result.findings[0].message


def test_only_wanted_rules_are_reported(scan: Scan) -> None:
    text = "import os, sys\nx = undefined\nx is 1\n"
    assert rules_of(scan({"a.py": text}, wanted=frozenset({"ruff:F821"}))) == {"ruff:F821"}
    assert rules_of(scan({"a.py": text}, wanted=frozenset())) == set()
    assert {"ruff:F821", "ruff:F632", "ruff:F401", "ruff:E401"} <= rules_of(scan({"a.py": text}))


SUB = "import subprocess\n"
VARIANTS = [
    ("import os\nos.chmod(f, 0o777)\n", "ruff:S103"),
    ("import os\nos.chmod(f, 0o755)\n", "ruff:S103-executable"),
    (f"{SUB}subprocess.run(f, shell=True)\n", "ruff:S602"),
    (f"{SUB}subprocess.run('ls', shell=True)\n", "ruff:S602-literal"),
    ("import os\nos.system(f)\n", "ruff:S605"),
    ("import os\nos.system('ls')\n", "ruff:S605-literal"),
    ("if x > x:\n    y()\n", "ruff:PLR0124"),
    ("if x != x:\n    y()\n", "ruff:PLR0124-nan"),
    ("import os\ndef f():\n    return g()\n", "ruff:F821"),
    ("def f():\n    return g()\n", "ruff:F821-fragment"),
    ("f = open('a')\nprint(f.read())\n", "ruff:SIM115"),
    ("f = open('a')\nprint(f.read())\nf.close()\n", "ruff:SIM115-closed"),
]


@pytest.mark.parametrize(("text", "rule_id"), VARIANTS, ids=[case[1] for case in VARIANTS])
def test_a_part_of_a_rule_has_a_judgement_of_its_own(scan: Scan, text: str, rule_id: str) -> None:
    code = rule_id.partition(":")[2].partition("-")[0]
    result = scan({"a.py": text})
    assert {(f.rule_id, f.seen_by) for f in result.findings if f.seen_by == (f"ruff:{code}",)} == {
        (rule_id, (f"ruff:{code}",))
    }


def test_an_import_of_a_package_for_others_is_told_apart(scan: Scan) -> None:
    result = scan({"p/__init__.py": "from p.m import a\n", "p/m.py": "import os\na = 1\n"})
    assert "ruff:F401-init" in rules_of(result, "src/p/__init__.py")
    assert "ruff:F401" in rules_of(result, "src/p/m.py")


FRAGMENTS = [
    ("def f():\n    return g()\n", True),
    ('"""A text."""\n\nasync def f():\n    return g()\n', True),
    ("@decorated\ndef f():\n    return g()\n", True),
    ("import os\ndef f():\n    return g()\n", False),
    ("def f():\n    import os\n    return g(os)\n", False),
    ("def f():\n    return g()\nf()\n", False),
    ("def f():\n    return h()\ndef g():\n    return f()\n", False),
    ("class A:\n    def f(self):\n        return g()\n", False),
    ("x = g()\n", False),
    ("", False),
    ("def f(:\n", False),
    ("def f(): '\0'\n", False),
]


@pytest.mark.parametrize(("text", "expected"), FRAGMENTS)
def test_a_fragment_is_one_function_without_imports(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_fragment(text) is expected


CLOSED = [
    ("f = open(a)\nf.read()\n", False),
    ("f = open(a)\nf.read()\nf.close()\n", True),
    ("f = open(a)\nwith f:\n    f.read()\n", True),
    ("f = open(a)\nwith closing(f):\n    f.read()\n", True),
    ("f: IO[str] = open(a)\nreturn f\n", True),
    ("self.f = open(a)\nself.f.close()\n", True),
    ("f = open(a)\nstack.enter_context(f)\n", True),
    ("f = open(a)\natexit.register(f.close)\n", True),
    ("f = open(a)\nff.close()\n", False),
    ("open(a).read()\n", False),
    ("f == open(a)\nf.close()\n", False),
]


@pytest.mark.parametrize(("text", "expected"), CLOSED)
def test_a_file_is_closed_by_hand_where_the_text_says_so(text: str, expected: bool) -> None:  # noqa: FBT001
    assert is_closed_by_hand(text, text.partition("\n")[0]) is expected


# -- what the scanned code cannot do


def test_no_comment_silences_ruff(scan: Scan) -> None:
    comments = [
        "# ruff: noqa",
        "# flake8: noqa",
        "# ruff: file-ignore[F632]",
        "# ruff: disable[F632]",
        "# ruff: ignore[F632]",
    ]
    text = "\n".join(comments) + "\nx is 1  # noqa\nx is 2  # noqa: F632  # ruff: ignore[F632] because\n"
    result = scan({"a.py": text}, wanted=frozenset({"ruff:F632"}))
    assert [finding.span.start_line for finding in result.findings] == [6, 7]


NAMES = [
    *("venv/a.py", ".venv/a.py", "env/a.py", "build/a.py", "_build/a.py", "dist/a.py", "node_modules/a.py"),
    *(".git/a.py", "site-packages/a.py", "__pypackages__/a.py", ".tox/a.py", "buck-out/a.py", "vendor/a.py"),
    *("a.pyi", "b.pyw", "c.PY", "without_suffix", "odd name/- é.py", "@args.py", "-rf.py", "tests/test_a.py"),
]


def test_no_name_keeps_a_file_from_being_read(scan: Scan) -> None:
    result = scan(dict.fromkeys(NAMES, FLAW), wanted=frozenset({"ruff:F632"}))
    assert {finding.path for finding in result.findings} == {f"src/{name}" for name in NAMES}
    assert result.scanned == set(NAMES)
    assert not result.failures


CONFIGURATIONS = {
    "ruff.toml": "exclude = ['*']\nlint.ignore = ['ALL']\n",
    ".ruff.toml": "exclude = ['*']\n",
    "pyproject.toml": "[tool.ruff]\nexclude = ['*']\n[tool.ruff.lint.per-file-ignores]\n'*' = ['ALL']\n",
    ".gitignore": "*\n",
    ".ignore": "*\n",
}


@pytest.mark.parametrize("above", [False, True], ids=["in-the-stage", "above-it"])
def test_no_configuration_is_heeded(scan: Scan, tmp_path: Path, above: bool) -> None:  # noqa: FBT001
    (tmp_path / "stage" / ".git").mkdir(parents=True)
    for name, text in CONFIGURATIONS.items():
        (tmp_path / name if above else tmp_path / "stage" / name).write_text(text)
    result = scan({"a.py": FLAW}, wanted=frozenset({"ruff:F632"}))
    assert (rules_of(result), result.scanned) == ({"ruff:F632"}, {"a.py"})


# -- what cannot be read costs itself


def test_a_file_that_does_not_parse_is_told_once_with_its_line(scan: Scan) -> None:
    result = scan({"bad.py": "x = 1\ndef f(:\n    pass\ny = (\n", "good.py": FLAW})
    assert [(f.path, f.kind, f.fatal, f.line, f.engine) for f in result.failures] == [
        ("src/bad.py", FailureKind.UNPARSABLE, False, 2, "ruff")
    ]
    assert result.scanned == {"good.py"}
    assert "ruff:F632" in rules_of(result, "src/good.py")


def test_newer_syntax_is_read(scan: Scan) -> None:
    text = "import os\ntry:\n    pass\nexcept ValueError, TypeError:\n    os.sep is 'a'\nx = t'{os}'\n"
    result = scan({"a.py": text}, wanted=frozenset({"ruff:F632"}))
    assert (rules_of(result), result.scanned, result.failures) == ({"ruff:F632"}, {"a.py"}, ())


def test_a_file_that_is_no_text_is_told(scan: Scan) -> None:
    result = scan({"bad.py": b"x = '\xff'\n", "good.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/bad.py", FailureKind.UNREADABLE, True)]
    assert result.scanned == {"good.py"}


def test_a_file_that_brings_ruff_down_costs_itself(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "STACK", 1 << 20)
    deep = "x = " + "not " * 50_000 + "y\n"
    files = {f"m{n}.py": FLAW for n in range(4)} | {"deep.py": deep}
    result = scan(files, wanted=frozenset({"ruff:F632"}))
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/deep.py", FailureKind.CRASH, True)]
    assert result.scanned == set(files) - {"deep.py"}
    assert {finding.path for finding in result.findings} == {f"src/m{n}.py" for n in range(4)}


def test_a_file_with_more_findings_than_are_accepted_costs_itself(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "OUTPUT", 20_000)
    files = {"a.py": FLAW, "many.py": "x is 1\n" * 200, "z.py": FLAW}
    result = scan(files, wanted=frozenset({"ruff:F632"}))
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/many.py", FailureKind.LIMIT, True)]
    assert result.scanned == {"a.py", "z.py"}
    assert {finding.path for finding in result.findings} == {"src/a.py", "src/z.py"}


@pytest.mark.slow
def test_a_file_that_takes_too_long_costs_itself(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "PATIENCE", 1.0)
    monkeypatch.setattr(ruff, "BYTES_A_SECOND", 10**9)
    files = {"a.py": FLAW, "brackets.py": "[" * 5_000_000 + "\n", "z.py": FLAW}  # it reads each to the end of the file
    result = scan(files, wanted=frozenset({"ruff:F632"}))
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [("src/brackets.py", FailureKind.TIMEOUT, True)]
    assert result.scanned == {"a.py", "z.py"}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the address space of a process")
def test_ruff_runs_within_its_memory(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "MEMORY", (1 << 20) - 2 * ruff.STACK)
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux limits the address space of a process")
def test_a_program_gets_no_more_memory_than_it_may_have() -> None:
    code = "import sys; bytearray(int(sys.argv[1]))"
    for size, status in ((1 << 20, 0), (1 << 30, 1)):
        command = within(500 << 20, [sys.executable, "-S", "-c", code, str(size)])
        assert subprocess.run(command, check=False, stderr=subprocess.DEVNULL).returncode == status


def test_deep_code_is_read(scan: Scan) -> None:
    result = scan({"deep.py": "x = " + "not " * 50_000 + "1\n"}, wanted=frozenset({"ruff:F632"}))
    assert (result.scanned, result.failures) == ({"deep.py"}, ())


# -- what is wrong with Ruff is told, and nothing is clean


def test_an_engine_that_misses_the_canary_is_not_believed(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "CANARY", "canary == 1\n")
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert (result.findings, result.scanned) == ((), frozenset())


def test_a_file_that_ruff_would_leave_out_is_not_counted(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "OPTIONS", (*ruff.OPTIONS, "--config", 'extend-exclude=["b.py"]'))
    result = scan({"a.py": FLAW, "b.py": FLAW})
    assert result.scanned == {"a.py"}


def test_options_that_ruff_refuses_are_told_with_its_reason(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ruff, "OPTIONS", ("--no-such-option",))
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_FAILED, True)]
    assert "--no-such-option" in result.failures[0].detail


def test_rules_that_this_ruff_does_not_have_are_told_and_the_others_run(
    scan: Scan, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = table.rules()["ruff:F632"]
    monkeypatch.setattr(table, "rules", lambda: {"ruff:F632": rule, "ruff:UP027": rule})  # UP027: removed in 0.12
    result = scan({"a.py": FLAW})
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.ENGINE_MISSING, False)]
    assert "UP027" in result.failures[0].detail
    assert (rules_of(result), result.scanned) == ({"ruff:F632"}, {"a.py"})


def test_a_ruff_that_takes_too_long_is_told(scan: Scan) -> None:
    result = scan({"a.py": FLAW}, timeout=0.0)
    assert [(f.path, f.kind, f.fatal) for f in result.failures] == [(None, FailureKind.TIMEOUT, True)]
    assert result.scanned == frozenset()


def test_an_engine_that_is_not_installed_raises(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Path:
        raise EngineError(f"{name} is not installed")

    monkeypatch.setattr(ruff, "program", missing)
    with pytest.raises(EngineError, match="ruff is not installed"):
        scan({"a.py": FLAW})


def test_a_rule_without_a_row_is_shown_to_those_who_audit(scan: Scan, monkeypatch: pytest.MonkeyPatch) -> None:
    fewer = {key: rule for key, rule in table.rules().items() if key != "ruff:F632"}  # the canary's: Ruff reports it
    monkeypatch.setattr(table, "rules", lambda: fewer)
    engine = RuffEngine()
    assert "ruff:F632" not in engine.rules()
    assert "ruff:F632" in rules_of(scan({"a.py": FLAW}, engine=engine))
    assert engine.rules()["ruff:F632"].profile is Profile.AUDIT


def test_an_empty_stage_is_no_failure(scan: Scan) -> None:
    assert scan({}) == EngineResult((), (), frozenset())
