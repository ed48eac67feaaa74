"""The package oracle: what is known, what is near, and how a project and a guard change the verdict."""

# ruff: noqa: SIM905 - lists of names, as people read them

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codeguard.checks import load
from codeguard.checks._api import run
from codeguard.knowledge import packages
from codeguard.knowledge.packages.curated import IMPORTED_AS, OWN_WORDS, PYTHON2, REPLACED_BY
from codeguard.source.declared import EMPTY, Project
from codeguard.syntax.recover import parse

CHECKS = [check for check in load() if check.id.startswith("CGC08")]
KNOWN = """
    PIL cv2 sklearn yaml bs4 dotenv jwt Crypto google.cloud.storage google.protobuf azure.identity win32api win32com.client
    mpl_toolkits.mplot3d pkg_resources six.moves requests.packages.urllib3 zope.interface ruamel.yaml matplotlib.pyplot
    bpy maya.cmds unreal gi.repository dbus apt pcbnew idaapi arcpy sage.all rospy RPi.GPIO jaraco.functools
    opentelemetry.trace airflow.models rest_framework.views corsheaders _pytest.fixtures IPython tkinter __future__
    __main__ conftest tests.helpers psycopg2 MySQLdb skimage.io attr attrs fitz usb OpenSSL.SSL telegram discord
    langchain_core.messages openai anthropic torch torchvision transformers numpy.typing pandas scipy.stats
""".split()
MADE_UP = "numpy_turbo_utils os_autokit http_magic_helpers boto3_toolkit quickest_json_ever pandas_smart_client".split()
NEAR = {
    "reqeusts": "requests",
    "numpi": "numpy",
    "sklern": "sklearn",
    "tensorflw": "tensorflow",
    "fast_api": "fastapi",
    "scikitlearn": "sklearn",
    "pythondotenv": "dotenv",
    "matplotlb": "matplotlib",
    "flask_sqlalchmey": "flask_sqlalchemy",
    "subproces": "subprocess",
}


def ids(code: str, project: Project = EMPTY, path: str = "a.py") -> list[str]:
    unit = parse(path, code)
    unit.project = project
    return sorted(check.id for check in CHECKS for _ in run(check, unit))


@pytest.mark.parametrize("name", KNOWN)
def test_real_modules_are_known(name):
    assert packages.is_known(name)
    assert ids(f"import {name}\n") == []


@pytest.mark.parametrize("name", MADE_UP)
def test_made_up_packages_are_unknown_near_nothing_and_reported(name):
    assert not packages.is_known(name)
    assert ids(f"import {name}\n") == ["CGC081"]


@pytest.mark.parametrize(("wrong", "right"), NEAR.items())
def test_a_misspelt_name_finds_its_neighbour(wrong, right):
    assert not packages.is_known(wrong)
    assert packages.near(wrong) == right
    assert ids(f"from {wrong} import x\n") == ["CGC080"]


@given(st.sampled_from(sorted(packages.popular())))
def test_every_popular_name_is_known_however_it_is_spelt(name):
    module = name.replace("-", "_").replace(".", "_")
    assert packages.is_known(module)
    assert packages.is_known(module.upper())
    assert packages.normal(module) == name


@given(st.text(st.characters(min_codepoint=97, max_codepoint=122) | st.just("_"), min_size=1, max_size=20))
def test_a_neighbour_is_itself_known_and_not_the_name(name):
    near = packages.near(name)
    if near is not None:
        assert packages.is_known(near)


def test_the_modules_of_this_python_are_in_the_table_with_its_version_in_their_range():
    table, here = packages.standard_modules(), sys.version_info[:2]
    public = {name for name in sys.stdlib_module_names if not name.startswith("_")}
    if here <= (3, 13):
        assert public <= set(table)
    for name in public & set(table):
        first, last = table[name]
        assert first is None or first <= here, name
        assert last is None or here <= last, name


def test_curated_tables_contradict_neither_each_other_nor_the_standard_library():
    table = packages.standard_modules()
    for distribution, module in IMPORTED_AS.items():
        assert packages.normal(distribution) == distribution
        assert module.replace(".", "_") != distribution or "." in module
        assert packages.imported_as(distribution.replace("-", "_")) == module
        assert packages.is_known(module)
    for name in REPLACED_BY:
        assert table[name][1] is not None, f"{name} has left the standard library"
    assert not set(PYTHON2) & set(table)
    assert all(new in table for new in PYTHON2.values())
    assert all(word == word.lower() and word.isalpha() for word in OWN_WORDS)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("reqeusts", "requests"),
        ("Flask-SQLAlchmey", "flask-sqlalchemy"),
        ("python_dateutill", "python-dateutil"),
        ("requests", None),
        ("Typing_Extensions", None),
        ("opencv-python", None),
        ("a-name-near-to-nothing", None),
        ("jsn", None),
    ],
)
def test_a_misspelt_distribution_finds_the_popular_one(name, wanted):
    assert packages.near_distribution(name) == wanted


@pytest.mark.parametrize(
    ("command", "wanted"),
    [
        ('os.system("pip install reqeusts")', ["CGC087"]),
        ('os.system("python3 -m pip install -q flask reqeusts>=2 && echo done")', ["CGC087"]),
        ("os.system(\"/usr/bin/pip3 install 'reqeusts[socks]==2.31'\")", ["CGC087"]),
        ('os.system("pip install flask && reqeusts")', []),
        ('os.system("pip install -r reqeusts")', []),
        ('os.system("brew install reqeusts")', []),
        ('os.system(f"pip install {name}")', []),
        ('os.system("pip uninstall reqeusts")', []),
    ],
)
def test_install_commands_are_read_word_by_word(command, wanted):
    assert ids(f"import os\n\n{command}\n") == wanted
    assert ids(f"import os\n\n{command}\n", Project(distributions={"reqeusts": ""})) == []


def test_the_tables_say_where_they_are_from_and_under_which_licence():
    folder = Path(packages.__file__).parent
    notice = (folder / "NOTICE.txt").read_text("utf-8")
    for table in folder.glob("*.txt"):
        assert table.name in notice or table.name == "NOTICE.txt"
        assert table.name == "NOTICE.txt" or table.read_text("utf-8").startswith("# ")
    assert len(packages.popular()) == 15_000


GUARDED = """
try:\n    import NAME\nexcept ImportError:\n    NAME = None
---
try:\n    import json\nexcept (ValueError, ModuleNotFoundError):\n    import NAME
---
from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from NAME import T
---
import sys\nif sys.platform == 'win32':\n    import NAME
---
import sys\nif sys.version_info >= (3, 9):\n    pass\nelse:\n    import NAME
---
import contextlib\nwith contextlib.suppress(ImportError):\n    import NAME
---
import importlib.util\nif importlib.util.find_spec('NAME'):\n    import NAME
---
import pytest\nx = pytest.importorskip('NAME')\nimport NAME
---
def run(backend):\n    if backend == 'NAME':\n        import NAME
---
from . import NAME
---
from .NAME import x
""".replace("\\n", "\n").split("\n---\n")


@pytest.mark.parametrize("code", GUARDED)
def test_an_import_that_may_fail_is_not_reported(code):
    for name in ("numpy_turbo_utils", "reqeusts", "urllib2"):
        assert ids(code.replace("NAME", name).strip() + "\n") == []


@pytest.mark.parametrize("code", GUARDED[:6])
def test_a_guarded_import_of_what_left_the_standard_library_is_not_reported(code):
    assert ids(code.replace("NAME", "distutils").strip() + "\n") == []


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    import NAME\nexcept ValueError:\n    pass\n",
        "try:\n    pass\nexcept ImportError:\n    pass\nfinally:\n    import NAME\n",
        "if verbose:\n    import NAME\n",
        "try:\n    def f():\n        import NAME\nexcept ImportError:\n    pass\n",
        "with open(p) as f:\n    import NAME\n",
    ],
)
def test_what_guards_nothing_is_no_guard(code):
    assert ids(code.replace("NAME", "numpy_turbo_utils")) == ["CGC081"]


PROJECTS = {
    "a module of the project": (Project(local=frozenset(("numpy_turbo_utils",))), []),
    "installed": (Project(installed=frozenset(("numpy_turbo_utils",))), []),
    "declared": (Project(distributions={"numpy-turbo-utils": ">=1"}), []),
    "locked": (Project(locked={"numpy-turbo-utils": "1.0"}), []),
    "itself": (Project(names=frozenset(("numpy-turbo-utils",))), []),
    "a declared distribution that nobody knows and that shares a word": (
        Project(distributions={"acmecorp-turbo-things": ""}),
        [],
    ),
    "a known distribution shares a word, and its modules are known": (Project(distributions={"numpy": ""}), ["CGC081"]),
    "nothing": (Project(distributions={"flask": ""}), ["CGC081"]),
}


@pytest.mark.parametrize(("project", "wanted"), PROJECTS.values(), ids=PROJECTS)
def test_what_the_project_has_or_declares_exists(project, wanted):
    assert ids("import numpy_turbo_utils\n", project) == wanted


def test_a_script_may_declare_what_it_needs():
    block = '# /// script\n# requires-python = ">=3.11"\n# dependencies = [\n#   "numpy-turbo-utils<3",\n# ]\n# ///\n'
    assert ids(block + "import numpy_turbo_utils\n") == []
    assert ids(block + "import pandas_turbo_magic\nimport other_easy_thing\n") != []


@pytest.mark.parametrize(
    ("code", "python", "wanted"),
    [
        ("import imp\n", ((3, 12), None), "error"),
        ("import imp\n", ((3, 8), None), "warning"),
        ("import imp\n", ((3, 8), (3, 11)), None),
        ("import imp\n", (None, None), "warning"),
        ("import telnetlib\n", ((3, 10), None), "note"),
        ("import telnetlib\n", ((3, 13), None), "error"),
        ("import tomllib\n", ((3, 10), None), "warning"),
        ("import tomllib\n", ((3, 11), None), None),
        ("import tomllib\n", (None, None), None),
        ("from asyncio import taskgroups\nimport asyncio.taskgroups\n", ((3, 11), None), None),
    ],
)
def test_the_projects_python_decides_about_modules_that_came_or_went(code, python, wanted):
    unit = parse("a.py", code)
    unit.project = Project(python=python)
    check = next(check for check in CHECKS if check.id == "CGC083")
    from codeguard.model import level_of

    levels = [
        level_of(
            check.severity if h.severity is None else h.severity,
            check.confidence if h.confidence is None else h.confidence,
        ).value
        for h in run(check, unit)
    ]
    assert levels == ([] if wanted is None else [wanted])


def test_a_declared_back_port_brings_a_module_back():
    project = Project(python=((3, 13), None), distributions={"standard-telnetlib": "", "legacy-cgi": ""})
    assert ids("import telnetlib\nimport cgi\n", project) == []
    assert ids("import nntplib\n", project) == ["CGC083"]


def test_a_module_of_the_project_that_is_named_like_a_library_is_the_projects():
    project = Project(folders={"": frozenset(("os", "a", "pyyaml"))}, local=frozenset(("os", "pyyaml")))
    assert ids("import os.utilities\nimport pyyaml\n", project) == []
    assert ids("import os.utilities\nimport pyyaml\n") == ["CGC082", "CGC085"]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("from .core import x\n", []),
        ("from .cores import x\n", ["CGC086"]),
        ("from .core.deep import x\n", []),
        ("from .sub.here import x\n", []),
        ("from .sub.gone import x\n", ["CGC086"]),
        ("from ..pkg.core import x\n", []),
        ("from .._version import x\nfrom .thing_pb2 import y\n", []),
        ("from .extern.six import x\n", []),
    ],
)
def test_relative_imports_are_held_against_the_folders_on_the_disk(code, wanted):
    folders = {
        "pkg": frozenset(("__init__", "a", "core", "sub", "extern")),
        "pkg/sub": frozenset(("__init__", "here")),
        "pkg/extern": frozenset(("__init__",)),
        "": frozenset(("pkg",)),
    }
    assert ids(code, Project(folders=folders), "pkg/a.py") == wanted


def test_a_relative_import_of_a_file_that_is_not_on_the_disk_is_not_judged():
    assert ids("from .cores import x\n", Project(folders={"": frozenset(("__init__", "core"))}), "<stdin>") == []
