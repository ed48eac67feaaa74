"""What a project says of itself: local names, declarations in every format, and bad input that ends nothing."""

from __future__ import annotations

import contextlib
import json
import os
import pickle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import codeguard
from codeguard.model import FailureKind
from codeguard.source import declared as module
from codeguard.source.declarations import UnreadableError, normal_name, python_range, read_declarations
from codeguard.source.declared import look

FORMATS = {
    "pyproject": (
        "pyproject.toml",
        """
        [project]
        name = "Shop.API"
        requires-python = ">=3.10,<3.14"
        dependencies = ["requests>=2.31,<3", "Flask_SQLAlchemy[x]~=3.1 ; python_version > '3.8'", "odd @ https://example.invalid/odd.whl"]
        optional-dependencies = { docs = ["sphinx"] }
        [dependency-groups]
        dev = ["pytest>=8", { include-group = "docs" }]
        [tool.uv.sources]
        inner-lib = { workspace = true }
        """,
        {
            "requests": ">=2.31,<3",
            "flask-sqlalchemy": "~=3.1",
            "odd": "",
            "sphinx": "",
            "pytest": ">=8",
            "inner-lib": "",
        },
    ),
    "poetry": (
        "pyproject.toml",
        """
        [tool.poetry]
        name = "shop"
        [tool.poetry.dependencies]
        python = "^3.11"
        requests = "^2.31"
        celery = { version = ">=5", extras = ["redis"] }
        [tool.poetry.group.dev.dependencies]
        black = "*"
        """,
        {"requests": "^2.31", "celery": ">=5", "black": ""},
    ),
    "requirements": (
        "requirements-dev.txt",
        """
        # tools
        --index-url https://example.invalid/simple
        requests==2.31.0 \\
            --hash=sha256:abc
        Django>=4 # the web
        -e git+https://example.invalid/org/thing.git#egg=thing
        git+https://example.invalid/org/other_tool.git@v1
        ./local
        """,
        {"requests": "==2.31.0", "django": ">=4", "thing": "", "other-tool": ""},
    ),
    "setup.cfg": (
        "setup.cfg",
        """
        [metadata]
        name = shop
        [options]
        install_requires =
            requests>=2
            # a comment
            attrs
        [options.extras_require]
        s3 = boto3
        """,
        {"requests": ">=2", "attrs": "", "boto3": ""},
    ),
    "setup.py": (
        "setup.py",
        """
        from setuptools import setup
        MORE = ["attrs"]
        setup(name="shop", install_requires=["requests>=2"] + MORE, extras_require={"s3": ["boto3"]}, py_modules=["tool"])
        """,
        {"requests": ">=2", "attrs": "", "boto3": ""},
    ),
    "Pipfile": (
        "Pipfile",
        '[packages]\nrequests = "*"\ncelery = {version = "==5.3"}\n',
        {"requests": "", "celery": "==5.3"},
    ),
    "conda": (
        "environment.yml",
        "name: x\nchannels:\n  - conda-forge\ndependencies:\n  - python=3.11\n  - numpy=1.26\n  - pip:\n    - openai>=1\n",
        {"numpy": "=1.26", "openai": ">=1"},
    ),
}
LOCKS = {
    "uv.lock": 'version = 1\n\n[[package]]\nname = "requests"\nversion = "2.31.0"\ndependencies = [\n    { name = "idna" },\n]\n',
    "poetry.lock": '[[package]]\nname = "requests"\nversion = "2.31.0"\ndescription = "HTTP [for] Humans"\n',
    "pdm.lock": '[metadata]\nlock_version = "4"\n\n[[package]]\nname = "requests"\nversion = "2.31.0"\n',
    "Pipfile.lock": json.dumps({"default": {"requests": {"version": "==2.31.0"}}}),
}
BROKEN = {
    "pyproject.toml": "[project\nname = ",
    "uv.lock": '[[package]]\nname = "requests"\nversion = "2.3',
    "poetry.lock": '<<<<<<< HEAD\n[[package]]\nname = "a"\nversion = "1"\n=======\n',
    "Pipfile.lock": "{",
    "setup.py": "setup(install_requires=[",
    "setup.cfg": "name = x",
    "environment.yml": "- what\n",
    "Pipfile": "[[[",
}


def dedent(text: str) -> str:
    return "\n".join(line[8:] if line.startswith(" " * 8) else line for line in text.split("\n"))


@pytest.mark.parametrize(("name", "text", "wanted"), FORMATS.values(), ids=FORMATS)
def test_every_format_declares_its_distributions_with_their_constraints(name, text, wanted):
    assert read_declarations(name, dedent(text).encode()).distributions == wanted


@pytest.mark.parametrize(("name", "text"), LOCKS.items(), ids=LOCKS)
def test_lock_files_give_exact_versions(name, text):
    assert read_declarations(name, text.encode()).locked == {"requests": "2.31.0"}


@pytest.mark.parametrize(("name", "text"), BROKEN.items(), ids=BROKEN)
def test_a_broken_declaration_is_told_and_leaves_more_to_be_declared(name, text, tmp_path):
    (tmp_path / name).write_text(text)
    project, failures = look(str(tmp_path), ["a.py"])
    assert [(f.path, f.kind, f.fatal) for f in failures] == [(name, FailureKind.UNPARSABLE, False)]
    assert project.unknown
    assert project.declares_anything


@given(st.sampled_from(sorted(BROKEN)), st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@settings(deadline=None)
def test_no_bytes_make_a_declaration_raise_anything_but_that_it_is_unreadable(name, data):
    with contextlib.suppress(UnreadableError):
        read = read_declarations(name, data)
        assert all(key == normal_name(key) for key in (*read.distributions, *read.locked))


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_range_of_versions_is_read_from_its_constraint(low, above):
    high = low + above
    assert python_range(f">=3.{low},<3.{high + 1}") == ((3, low), (3, high))
    assert python_range(f">=3.{low}") == ((3, low), None)
    assert python_range(f"==3.{low}.*") == ((3, low), (3, low))


@pytest.mark.parametrize(
    ("constraint", "wanted"),
    [
        ("", (None, None)),
        (">=2.7", (None, None)),
        ("^3.9", ((3, 9), None)),
        ("~=3.9", ((3, 9), None)),
        ("~=3.9.1", ((3, 9), (3, 9))),
        (">3.9", ((3, 10), None)),
        (">=3.8,!=3.9.0,<4", ((3, 8), None)),
        ("<=3.11", (None, (3, 11))),
        ("<3.12.0", (None, (3, 11))),
        (">=3.9 || 2.7", (None, None)),
    ],
)
def test_odd_constraints_on_python_say_no_more_than_they_do(constraint, wanted):
    assert python_range(constraint) == wanted


def test_names_beside_a_lone_file_and_above_it_up_to_the_project_are_local(tmp_path):
    root = tmp_path / "repo"
    (root / ".git").mkdir(parents=True)
    (root / "pkg" / "deep").mkdir(parents=True)
    (root / "src" / "lib_of_ours").mkdir(parents=True)
    for name in (
        "pkg/deep/a.py",
        "pkg/deep/_fast.cpython-311-x86_64-linux-gnu.so",
        "pkg/deep/_c.pyx",
        "pkg/x.proto",
        "top.py",
    ):
        (root / name).touch()
    (tmp_path / "outside.py").touch()
    project, failures = look(str(root / "pkg" / "deep"), ["a.py"])
    assert not failures
    assert {"a", "_fast", "_c", "x_pb2", "x_pb2_grpc", "deep", "pkg", "top", "lib_of_ours"} <= project.local
    assert not project.is_local("outside")
    assert project.names_in("") == {"a", "_fast", "_c"}
    assert project.names_in("../nowhere") is None


def test_a_module_shadows_a_library_only_for_the_code_that_would_import_it(tmp_path):
    for name in ("app/requests.py", "app/main.py", "other/b.py", "src/redis/__init__.py"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    project, _ = look(str(tmp_path), ["app/main.py", "app/requests.py", "other/b.py", "src/redis/__init__.py"])
    assert project.shadows("requests", "app/main.py")
    assert not project.shadows("requests", "other/b.py")
    assert project.shadows("redis", "other/b.py"), "src is on the path of installed code"


def test_requirements_files_are_followed_within_the_project_and_not_out_of_it(tmp_path):
    root = tmp_path / "repo"
    (root / "requirements").mkdir(parents=True)
    (root / ".git").mkdir()
    (root / "requirements.txt").write_text("-r requirements/base.txt\n-r ../secret.txt\n-r /etc/passwd\nflask\n")
    (root / "requirements" / "base.txt").write_text("-r ../requirements.txt\nrequests\n")
    (tmp_path / "secret.txt").write_text("leaked\n")
    project, _ = look(str(root), ["a.py"])
    assert set(project.distributions) == {"flask", "requests"}
    assert any("outside of the project" in why for why in project.unknown)


def test_a_declaration_that_is_a_link_or_a_pipe_is_not_opened(tmp_path):
    (tmp_path / "elsewhere.txt").write_text("secret\n")
    root = tmp_path / "repo"
    root.mkdir()
    (root / "requirements.txt").symlink_to(tmp_path / "elsewhere.txt")
    os.mkfifo(root / "setup.cfg")
    project, failures = look(str(root), ["a.py"])
    assert not project.distributions
    assert {f.path for f in failures} == {"requirements.txt", "setup.cfg"}


def test_workspace_members_and_their_sources_belong_to_the_project(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.uv.workspace]\nmembers = ["packages/*", "../out"]\n')
    inner = tmp_path / "packages" / "one" / "src" / "one_pkg"
    inner.mkdir(parents=True)
    (tmp_path / "packages" / "one" / "pyproject.toml").write_text(
        '[project]\nname = "one-dist"\ndependencies = ["httpx"]\n'
    )
    project, _ = look(str(tmp_path), ["a.py"])
    assert project.is_local("one_pkg")
    assert project.names == {"one-dist"}
    assert project.declares("HTTPX")


def test_the_projects_own_virtual_environment_says_what_is_installed(tmp_path):
    site = tmp_path / ".venv" / "lib" / "python3.12" / "site-packages"
    (site / "rare_thing").mkdir(parents=True)
    (site / "single.py").touch()
    (tmp_path / ".venv" / "pyvenv.cfg").touch()
    project, _ = look(str(tmp_path), ["a.py"])
    assert {"rare_thing", "single"} <= project.installed


def test_too_many_folders_are_not_listed_and_that_is_known(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FOLDERS", 3)
    for n in range(5):
        (tmp_path / f"d{n}").mkdir()
    project, _ = look(str(tmp_path), [f"d{n}/a.py" for n in range(5)])
    assert len(project.folders) == 3
    assert project.unknown


def test_a_folder_that_is_too_full_is_not_half_listed(tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_ENTRIES", 3)
    for n in range(5):
        (tmp_path / f"m{n}.py").touch()
    project, _ = look(str(tmp_path), ["m0.py"])
    assert project.names_in("") == frozenset()
    assert project.unknown


@pytest.mark.parametrize(
    "path", ["<stdin>", "/no/such/place.py", "../up.py", "a\0b/c.py", "/", "", "deep/" * 400 + "x.py"]
)
def test_a_snippet_may_have_any_name(path, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MAX_FOLDERS", 50)
    project, failures = look(str(tmp_path), [path])
    assert not failures
    assert project.names_in("") in (frozenset(), None)


def test_a_project_crosses_processes(tmp_path):
    (tmp_path / "requirements.txt").write_text("requests\n")
    project, _ = look(str(tmp_path), ["a.py"])
    assert pickle.loads(pickle.dumps(project)) == project


def test_the_version_that_the_user_names_beats_the_projects_own(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\nrequires-python = ">=3.8"\n')
    assert look(str(tmp_path), ["a.py"])[0].python == ((3, 8), None)
    assert look(str(tmp_path), ["a.py"], (3, 13))[0].python == ((3, 13), (3, 13))


def test_a_scan_knows_the_project_around_a_single_file(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "x"\ndependencies = ["quite-rare-thing"]\n')
    (tmp_path / "sibling_of_ours.py").touch()
    (tmp_path / "a.py").write_text("import quite_rare_thing\nimport sibling_of_ours\nimport numpy_turbo_utils\n")
    report = codeguard.scan_paths([tmp_path / "a.py"], engines={"native"}, jobs=1)
    assert [(f.rule_id, f.span.start_line) for f in report.findings] == [("CGC081", 3)]


def test_a_broken_lock_file_makes_the_scan_no_less_complete_and_the_verdict_weaker(tmp_path):
    (tmp_path / "a.py").write_text("import numpy_turbo_utils\n")
    (tmp_path / "uv.lock").write_text(BROKEN["uv.lock"])
    report = codeguard.scan_paths([tmp_path], engines={"native"}, jobs=1)
    assert report.complete
    assert [f.path for f in report.failures] == ["uv.lock"]
    assert [(f.rule_id, f.level.value) for f in report.findings] == [("CGC081", "note")]
