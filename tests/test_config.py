"""Where settings come from, what wrong ones are answered with, and what an untrusted tree may not do."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from codeguard.config.globs import covering, is_useless, rebase
from codeguard.config.load import as_rows, line_of, load, start_of, tighten
from codeguard.config.model import Config, FilesConfig, PathRule, SelectionConfig, SuppressConfig
from codeguard.config.settings import BY_KEY, SETTINGS
from codeguard.config.suggest import nearest
from codeguard.config.verdict import Exit, exit_status
from codeguard.errors import ConfigError
from codeguard.model import (
    Category,
    Confidence,
    Failure,
    FailureKind,
    Finding,
    Profile,
    Report,
    Severity,
    Span,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The top of a repository, so that no search leaves it."""
    (tmp_path / ".git").mkdir()
    return tmp_path


def project(tree: Path, text: str, name: str = "pyproject.toml") -> Path:
    path = tree / name
    path.write_text(text, encoding="utf-8")
    return path


EVERY_KEY = """
select = ["all", "CGT012"]
ignore = ["bandit:B101"]
profile = "strict"
severity = "low"
confidence = "medium"
exclude = ["build/"]
respect-gitignore = false
max-bytes = 1000
engines = ["native", "ruff"]
jobs = 3
time-limit = 2.5
memory-limit = 256
engine-timeout = 60
suppressions = false
never-suppress = ["high", "CGM"]
standards = ["pep8", "responsible"]
fail-on = "never"
python = "3.12"
environment = "deps"

[per-path."tests/**"]
ignore = ["CGT"]
severity = "high"
"""


def test_a_file_may_hold_every_setting(tree: Path) -> None:
    project(tree, EVERY_KEY, "codeguard.toml")
    loaded = load(tree)
    expected = Config(
        selection=SelectionConfig(
            select=("all", "CGT012"),
            ignore=("bandit:B101",),
            profile=Profile.STRICT,
            standards=("pep8", "responsible"),
            severity=Severity.LOW,
            confidence=Confidence.MEDIUM,
            per_path=(PathRule("tests/**", ignore=("CGT",), severity=Severity.HIGH),),
            base=str(tree),
        ),
        files=FilesConfig(exclude=("build/",), base=str(tree), respect_gitignore=False, max_bytes=1000),
        engines=frozenset({"native", "ruff"}),
        jobs=3,
        time_limit=2.5,
        memory_limit=256,
        engine_timeout=60.0,
        suppress=SuppressConfig(honour=False, never=("high", "CGM")),
        fail_on=None,
        python=(3, 12),
        environment=str(tree / "deps"),
    )
    assert loaded.config == expected
    assert {setting.key for setting in SETTINGS} == {
        key for key, origin in loaded.origins.items() if origin.kind == "file"
    }


def test_pyproject_and_codeguard_toml_read_alike(tree: Path) -> None:
    nested = EVERY_KEY.replace("[per-path", "[tool.codeguard.per-path")
    project(tree, f'[project]\nname = "x"\n[tool.codeguard]{nested}')
    from_project = load(tree).config
    project(tree, EVERY_KEY, "codeguard.toml")
    assert load(tree).config == from_project


def test_the_nearest_file_wins_and_is_read_alone(tree: Path) -> None:
    inner = tree / "a" / "b"
    inner.mkdir(parents=True)
    project(tree, '[tool.codeguard]\nseverity = "high"\njobs = 7\n')
    project(inner.parent, '[tool.codeguard]\nprofile = "audit"\n')
    loaded = load(inner)
    assert loaded.file == inner.parent / "pyproject.toml"
    assert (loaded.config.selection.profile, loaded.config.selection.severity) == (Profile.AUDIT, Severity.INFO)


def test_a_pyproject_without_our_table_is_passed_over(tree: Path) -> None:
    inner = tree / "a"
    inner.mkdir()
    project(tree, '[tool.codeguard]\nseverity = "high"\n')
    project(inner, '[project]\nname = "about-codeguard"\n')
    assert load(inner).config.selection.severity is Severity.HIGH


def test_codeguard_toml_beats_the_pyproject_beside_it_and_says_so(tree: Path) -> None:
    project(tree, '[tool.codeguard]\nseverity = "high"\n')
    project(tree, 'severity = "low"\n', "codeguard.toml")
    loaded = load(tree)
    assert loaded.config.selection.severity is Severity.LOW
    assert [note for note in loaded.notes if "pyproject.toml beside it is not" in note]


def test_the_search_ends_at_the_top_of_the_repository(tree: Path) -> None:
    inner = tree / "checkout"
    (inner / ".git").mkdir(parents=True)
    project(tree, '[tool.codeguard]\nseverity = "high"\n')
    assert load(inner).file is None


def test_isolated_reads_no_file(tree: Path) -> None:
    project(tree, "this is no TOML", "codeguard.toml")
    assert load(tree, isolated=True).config == Config()


def test_a_named_file_is_read_instead_of_the_one_in_the_tree(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    project(tree, 'severity = "high"\n', "codeguard.toml")
    other = project(tmp_path_factory.mktemp("elsewhere"), 'severity = "low"\n', "team.toml")
    assert load(tree, config_file=other).config.selection.severity is Severity.LOW


def test_flags_beat_files_and_every_value_knows_its_origin(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    project(tree, '[tool.codeguard]\n\nseverity = "high"\njobs = 7\n')
    loaded = load(tree, {"severity": "low", "engines": ["native"]})
    rows = {row["key"]: (row["value"], row["origin"]) for row in as_rows(loaded)}
    assert rows["severity"] == ("low", "--severity")
    assert rows["jobs"] == (7, "pyproject.toml:4")
    assert rows["engines"] == (["native"], "--engine")
    assert rows["fail-on"] == ("medium", "default")
    assert list(rows) == [*BY_KEY, "trusted"]


def test_a_flag_for_the_whole_scan_beats_what_a_file_says_of_a_part(tree: Path) -> None:
    project(
        tree,
        '[per-path."a/**"]\nselect = ["security"]\nignore = ["CGS001"]\nseverity = "high"\nconfidence = "high"\n',
        "codeguard.toml",
    )
    part = load(tree, {"select": ["CGS"], "severity": "low"}).config.selection.per_path[0]
    assert part == PathRule("a/**", ignore=("CGS001",), confidence=Confidence.HIGH)
    part = load(tree, {"ignore": ["CGS002"]}).config.selection.per_path[0]
    assert (part.select, part.ignore) == (("security",), ("CGS001", "CGS002"))


def test_excluded_patterns_are_relative_to_where_they_are_written(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tree / "src"
    inner.mkdir()
    project(tree, 'exclude = ["build/"]\n', "codeguard.toml")
    monkeypatch.chdir(inner)
    assert load(inner).config.files.base == str(tree)
    assert load(inner, {"exclude": ["x.py"]}).config.files == FilesConfig(exclude=("x.py",), base=str(inner))


def test_no_engine_takes_from_what_the_file_asks_for(tree: Path) -> None:
    project(tree, 'engines = ["native", "semgrep"]\n', "codeguard.toml")
    assert load(tree, {"no_engines": ["semgrep"]}).config.engines == {"native"}
    with pytest.raises(ConfigError, match="leaves no engine"):
        load(tree, {"no_engines": ["semgrep", "native"]})


WRONG = [
    # what the file holds, what the answer must say
    ("severty = 'low'", "codeguard.toml:1: unknown key 'severty'; did you mean 'severity'?"),
    ("jobs = 1\nfail_on = 'low'", "codeguard.toml:2: unknown key 'fail_on'; did you mean 'fail-on'?"),
    ("zzz = 1", "codeguard.toml:1: unknown key 'zzz'"),
    ("severity = 'hgh'", "severity must be one of info, low, medium, high, critical, not 'hgh'; did you mean 'high'?"),
    ("severity = 3", "severity must be one of info, low, medium, high, critical, not 3"),
    ("profile = 'strickt'", "profile must be one of default, strict, audit, not 'strickt'; did you mean 'strict'?"),
    ("fail-on = 'nevr'", "fail-on must be never or one of"),
    ("\n\nengines = ['semgrap']", "codeguard.toml:3: engines names 'semgrap', which is no engine (native, bandit, ruff, semgrep, ty); did you mean 'semgrep'?"),
    ("engines = []", "engines names no engine"),
    ("select = 'CGS'", "select must be an array of strings"),
    ("select = [1]", "select must be an array of strings"),
    ("ignore = ['']", "ignore holds an empty string"),
    ("exclude = ['!/']", "exclude holds '!/', a gitignore pattern that matches nothing"),
    ("exclude = ['# x']", "exclude holds '# x', a gitignore pattern that matches nothing"),
    ("[per-path.'!a/**']\nignore = ['x']", "per-path '!a/**' must say which files are meant, not which are not"),
    ("jobs = 0", "jobs must be a whole number of workers, at least 1, not 0"),
    ("jobs = true", "jobs must be a whole number of workers, at least 1, not True"),
    ("time-limit = inf", "time-limit must be a number of seconds a file, at least 1, not inf"),
    ("memory-limit = 1", "memory-limit must be a whole number of MiB a worker, at least 64, not 1"),
    ("suppressions = 'no'", "suppressions must be true or false, not 'no'"),
    ("python = 3.10", 'python must be a Python version such as "3.10", not 3.1'),
    ("per-path = ['x']", "per-path must be a table of tables"),
    ("[per-path]\n'a/**' = 1", "per-path 'a/**' must be a table"),
    ("[per-path.'a/**']\nselct = ['x']", "per-path 'a/**' has an unknown key 'selct'; did you mean 'select'?"),
    ("[per-path.'a/**']\nseverity = 'x'", "per-path 'a/**' severity must be one of"),
    ("[tool.codeguard]\njobs = 1", "stand at its top level"),
    ("jobs = [1", "codeguard.toml is not valid TOML"),
    ("jobs = " + "[" * 20_000, "codeguard.toml is nested too deeply"),
    ("jobs = " + "9" * 10_000, "codeguard.toml is not valid TOML"),
    ("x = 1 #" + "x" * (1024 * 1024), "codeguard.toml is larger than 1048576 bytes"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "answer"), WRONG, ids=[text[:24] for text, _ in WRONG])
def test_a_wrong_file_is_answered_with_place_and_near_name(tree: Path, text: str, answer: str) -> None:
    project(tree, text, "codeguard.toml")
    with pytest.raises(ConfigError) as caught:
        load(tree)
    assert answer in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_utf_8_is_an_error(tree: Path) -> None:
    (tree / "codeguard.toml").write_bytes(b'severity = "\xff"\n')
    with pytest.raises(ConfigError, match="not UTF-8"):
        load(tree)


def test_a_broken_pyproject_that_never_names_us_is_not_our_business(tree: Path) -> None:
    project(tree, "[tool.ruff\n\x00")
    assert load(tree).file is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_in_place_of_a_file_is_refused_without_waiting(tree: Path) -> None:
    os.mkfifo(tree / "codeguard.toml")
    with pytest.raises(ConfigError, match="not a regular file"):
        load(tree)


def test_a_named_file_that_is_missing_or_not_ours_is_an_error(tree: Path) -> None:
    with pytest.raises(ConfigError, match="does not exist"):
        load(tree, config_file=tree / "team.toml")
    with pytest.raises(ConfigError, match=r"has no \[tool\.codeguard\] table"):
        load(tree, config_file=project(tree, "[project]\n"))


@pytest.mark.parametrize(
    ("flags", "answer"),
    [
        ({"severity": "hgh"}, "--severity must be one of"),
        ({"engine_timeout": 0.0}, "--timeout must be a number of seconds, at least 1, not 0.0"),
        ({"no-engines": ["ruf"]}, "--no-engine names 'ruf'"),
        ({"severty": "low"}, "unknown setting 'severty'; did you mean 'severity'?"),
    ],
)
def test_a_wrong_flag_is_named_as_it_is_typed(tree: Path, flags: Mapping[str, Any], answer: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(tree, flags)
    assert answer in str(caught.value)


def test_the_start_is_the_deepest_folder_that_holds_all_paths(tree: Path) -> None:
    (tree / "a" / "b").mkdir(parents=True)
    file = tree / "a" / "x.py"
    file.touch()
    assert start_of([file]) == tree / "a"
    assert start_of([file, tree / "a" / "b"]) == tree / "a"
    assert start_of([tree / "a" / "b", str(tree)]) == tree


KEYS = st.sampled_from(["severity", "jobs", "select", "a", "b"])


@given(
    st.lists(
        st.tuples(KEYS, st.sampled_from(["1", '"jobs = 1"', '"""\njobs = 2\n"""', "[\n 1,\n 2]"])),
        unique_by=lambda kv: kv[0],
    )
)
def test_the_line_of_a_key_is_where_its_statement_starts(statements: list[tuple[str, str]]) -> None:
    text, starts = "# jobs = 0\n[tool.x]\n", {}
    for key, value in statements:
        starts[key] = text.count("\n") + 1
        text += f"{key} = {value}\n"
    assert {key: line_of(text, ("tool", "x", key)) for key in starts} == starts


REBASED = [
    # pattern, base, root, what it reads there
    ("build/", "/p", "/p", ("build/",)),
    ("/a/b.py", "", "/p", ("/a/b.py",)),
    # seen from above
    ("/gen", "/p/src", "/p", ("/src/gen",)),
    ("a/*.py", "/p/src", "/p", ("/src/a/*.py",)),
    ("*.py", "/p/src", "/p", ("/src/**/*.py",)),
    ("gen/", "/p/src/x", "/p", ("/src/x/**/gen/",)),
    ("!keep.py", "/p/src", "/p", ("!/src/**/keep.py",)),
    # seen from below
    ("*.py", "/p", "/p/src", ("*.py",)),
    ("gen/", "/p", "/p/src", ("gen/",)),
    ("/src/gen/", "/p", "/p/src", ("/gen/",)),
    ("src/*/x.py", "/p", "/p/src/a", ("/x.py",)),
    ("s*/x.py", "/p", "/p/src", ("/x.py",)),
    ("other/x.py", "/p", "/p/src", ()),
    ("src/a/", "/p", "/p/src/a", ()),
    ("/src/", "/p", "/p/src/a", ()),
    ("**/a/x.py", "/p", "/p/src/a", ("/x.py", "/**/a/x.py")),
    ("!src/x.py", "/p", "/p/src", ("!/x.py",)),
    # beside
    ("*.py", "/q", "/p", ("*.py",)),
    ("/a/x.py", "/q", "/p", ()),
]


@pytest.mark.parametrize(("pattern", "base", "root", "expected"), REBASED)
def test_a_pattern_means_the_same_wherever_the_scan_starts(
    pattern: str, base: str, root: str, expected: tuple[str, ...]
) -> None:
    assert rebase([pattern], base, root) == expected


NAMES = st.sampled_from(["a", "b", "src", "x.py"])
PATTERNS = st.builds(
    lambda start, parts, end: start + "/".join(parts) + end,
    st.sampled_from(["", "/"]),
    st.lists(NAMES | st.sampled_from(["*", "**", "s*", "?"]), min_size=1, max_size=3),
    st.sampled_from(["", "/"]),
)


@given(PATTERNS, st.lists(NAMES, min_size=1, max_size=2), st.lists(NAMES, min_size=1, max_size=3))
def test_a_rebased_pattern_matches_what_it_matched_before(pattern: str, folders: list[str], file: list[str]) -> None:
    inner, path = "/".join(folders), "/".join(file)
    root = "/p/" + inner
    assume(not is_useless(pattern) and pattern.strip("/") != "**")
    named = covering(pattern.rstrip("/"))(
        inner
    )  # then the user named a folder that the pattern leaves out, and that counts
    assume(not named)
    below = any(covering(each)(path) for each in rebase([pattern], "/p", root))
    assert below is covering(pattern)(f"{inner}/{path}")
    above = any(covering(each)(f"{inner}/{path}") for each in rebase([pattern], root, "/p"))
    assert above is covering(pattern)(path)


@pytest.mark.parametrize(
    ("wrong", "right"), [("severty", "severity"), ("FAIL_ON", "fail-on"), ("exlude", "exclude"), ("zzz", None)]
)
def test_the_near_name_is_found_where_there_is_one(wrong: str, right: str | None) -> None:
    assert nearest(wrong, BY_KEY) == right


# ---- the trust boundary

TIGHTER = [
    # the tree's file, the key, what remains of it
    ('profile = "audit"', "profile", "audit"),
    ('severity = "low"', "severity", "info"),
    ('confidence = "high"', "confidence", "low"),
    ('select = ["CGS"]', "select", ["all", "CGS"]),
    ('ignore = ["all"]', "ignore", []),
    ('exclude = ["*"]', "exclude", []),
    ('engines = ["native"]', "engines", ["native", "bandit", "ruff", "semgrep", "ty"]),
    ("respect-gitignore = true", "respect-gitignore", False),
    ("max-bytes = 1", "max-bytes", Config().files.max_bytes),
    ("jobs = 1000", "jobs", Config().jobs),
    ("time-limit = 1", "time-limit", 10.0),
    ("memory-limit = 64", "memory-limit", 1024),
    ("engine-timeout = 1", "engine-timeout", 600.0),
    ("suppressions = false", "suppressions", False),
    ("suppressions = true", "suppressions", True),
    ('standards = "off"', "standards", []),
    ('standards = ["pep8"]', "standards", []),
    ("never-suppress = ['high']", "never-suppress", ["high"]),
    ('fail-on = "low"', "fail-on", "low"),
    ('fail-on = "critical"', "fail-on", "medium"),
    ('fail-on = "never"', "fail-on", "medium"),
    ('python = "3.14"', "python", None),
    ('environment = "deps"', "environment", ""),
    ('[per-path."**"]\nignore = ["malicious"]', "per-path", []),
]


@pytest.mark.parametrize(("text", "key", "left"), TIGHTER, ids=[text[:24] for text, _, _ in TIGHTER])
def test_an_untrusted_tree_can_only_make_the_scan_stricter(tree: Path, text: str, key: str, left: object) -> None:
    project(tree, text, "codeguard.toml")
    rows = {row["key"]: row["value"] for row in as_rows(load(tree, {"trusted": False}))}
    assert rows[key] == left


def test_every_setting_has_a_row_in_the_table_above() -> None:
    assert {key for _, key, _ in TIGHTER} == set(BY_KEY)


def test_what_an_untrusted_tree_asks_for_in_vain_is_told(tree: Path) -> None:
    project(tree, 'ignore = ["CGM"]\nfail-on = "never"\nprofile = "strict"\n', "codeguard.toml")
    loaded = load(tree, {"trusted": False})
    assert [note for note in loaded.notes if "ignore, fail-on not heeded: the tree is untrusted" in note]
    assert loaded.origins["profile"].kind == "file"
    assert loaded.origins["ignore"].kind == "default"


def test_a_flag_is_final_in_an_untrusted_tree_too(tree: Path) -> None:
    project(tree, 'profile = "audit"\nfail-on = "info"\n', "codeguard.toml")
    config = load(tree, {"trusted": False, "profile": "default", "fail-on": "high"}).config
    assert (config.selection.profile, config.fail_on) == (Profile.DEFAULT, Severity.HIGH)


def test_a_named_file_is_trusted_unless_it_lies_in_the_untrusted_tree(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = project(tree, 'fail-on = "never"\n', "codeguard.toml")
    outside = project(tmp_path_factory.mktemp("trusted"), 'fail-on = "never"\n', "codeguard.toml")
    assert load(tree, {"trusted": False}, config_file=inside).config.fail_on is Severity.MEDIUM
    assert load(tree, {"trusted": False}, config_file=outside).config.fail_on is None


def test_a_link_does_not_carry_a_file_out_of_the_untrusted_tree(
    tree: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    inside = project(tree, 'fail-on = "never"\n', "codeguard.toml")
    link = tmp_path_factory.mktemp("links") / "codeguard.toml"
    link.symlink_to(inside)
    assert load(tree, {"trusted": False}, config_file=link).config.fail_on is Severity.MEDIUM


@pytest.mark.parametrize("text", [text for text, _ in WRONG], ids=[text[:24] for text, _ in WRONG])
def test_a_wrong_file_of_an_untrusted_tree_does_not_stop_the_scan(tree: Path, text: str) -> None:
    project(tree, text, "codeguard.toml")
    loaded = load(tree, {"trusted": False})
    assert [note for note in loaded.notes if "the file is not read, because the tree is untrusted" in note]
    assert loaded.config == load(tree, {"trusted": False}, isolated=True).config


def looseness(config: Config) -> tuple[int, ...]:
    """One number a setting, larger where the scan sees or says less."""
    selection = config.selection
    return (
        -selection.profile,
        selection.severity,
        selection.confidence,
        0 if not selection.select or "all" in selection.select else 1,
        len(selection.ignore),
        len(selection.per_path),
        len(config.files.exclude),
        int(config.files.respect_gitignore),
        -len(config.engines),
        int(config.suppress.honour),
        99 if config.fail_on is None else config.fail_on,
    )


SEVERITIES = st.sampled_from(Severity)
WISHES = st.fixed_dictionaries(
    {},
    optional={
        "select": st.lists(st.sampled_from(["CGS", "all", "CGM001"]), max_size=2).map(tuple),
        "ignore": st.just(("malicious",)),
        "profile": st.sampled_from(Profile),
        "severity": SEVERITIES,
        "confidence": st.sampled_from(Confidence),
        "per-path": st.just((PathRule("**", ignore=("all",)),)),
        "exclude": st.just(("**",)),
        "respect-gitignore": st.booleans(),
        "max-bytes": st.just(1),
        "engines": st.just(frozenset({"native"})),
        "suppressions": st.booleans(),
        "never-suppress": st.just(("high",)),
        "standards": st.sampled_from([("off",), ("pep8",)]),
        "fail-on": st.none() | SEVERITIES,
    },
)


@given(WISHES, st.sampled_from(Profile), SEVERITIES, st.none() | SEVERITIES, st.booleans())
def test_no_wish_of_a_tree_loosens_anything(
    wishes: dict[str, Any],
    profile: Profile,
    severity: Severity,
    fail_on: Severity | None,
    honour: bool,  # noqa: FBT001
) -> None:
    base = Config(
        selection=SelectionConfig(profile=profile, severity=severity),
        engines=frozenset({"native", "ruff"}),
        suppress=SuppressConfig(honour=honour),
        fail_on=fail_on,
    )
    result = tighten(base, wishes)
    assert all(after <= before for after, before in zip(looseness(result.config), looseness(base), strict=True))
    assert tighten(result.config, wishes).config == result.config
    limits = ("jobs", "time_limit", "memory_limit", "engine_timeout", "python", "environment", "trusted")
    assert [getattr(result.config, name) for name in limits] == [getattr(base, name) for name in limits]
    assert result.config.files.max_bytes == base.files.max_bytes
    assert not set(result.taken) & set(result.refused)


# ---- the exit status

SPAN = Span(1, 0, 1, 4)


def finding(severity: Severity) -> Finding:
    return Finding("CGS001", "a.py", SPAN, "m", Category.SECURITY, severity, Confidence.HIGH, "native")


def report(*severities: Severity, fatal: bool | None = None) -> Report:
    failures = () if fatal is None else (Failure("a.py", "ruff", FailureKind.TIMEOUT, "took too long", fatal=fatal),)
    return Report("/x", tuple(map(finding, severities)), (), {}, failures=failures)


STATUSES = [
    # report, fail_on, exit_zero, status
    (report(), Severity.MEDIUM, False, Exit.CLEAN),
    (report(Severity.LOW, Severity.INFO), Severity.MEDIUM, False, Exit.CLEAN),
    (report(Severity.MEDIUM), Severity.MEDIUM, False, Exit.FINDINGS),
    (report(Severity.CRITICAL), None, False, Exit.CLEAN),
    (report(Severity.INFO), Severity.INFO, False, Exit.FINDINGS),
    (report(Severity.CRITICAL), Severity.MEDIUM, True, Exit.CLEAN),
    (report(fatal=True), Severity.MEDIUM, False, Exit.INCOMPLETE),
    (report(fatal=True), None, True, Exit.INCOMPLETE),
    (report(Severity.CRITICAL, fatal=True), Severity.MEDIUM, False, Exit.INCOMPLETE),
    (report(fatal=False), Severity.MEDIUM, False, Exit.CLEAN),
    (replace(report(Severity.CRITICAL), interrupted=True), Severity.MEDIUM, True, Exit.INTERRUPTED),
]


@pytest.mark.parametrize(("scanned", "fail_on", "exit_zero", "status"), STATUSES)
def test_the_exit_status_says_clean_only_of_a_complete_scan(
    scanned: Report, fail_on: Severity | None, status: Exit, *, exit_zero: bool
) -> None:
    assert exit_status(scanned, Config(fail_on=fail_on), exit_zero=exit_zero) is status
