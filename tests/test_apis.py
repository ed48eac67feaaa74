"""The API oracle: what its data says, what its checks say of projects with versions, and how its builder reads."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from codeguard.checks import load
from codeguard.checks._api import run
from codeguard.checks.correctness._api_calls import accepts
from codeguard.checks.correctness._callables import Signature
from codeguard.knowledge.apis.aws import services, spelt
from codeguard.knowledge.apis.lookup import HERE, Kind, Status, index, library_of, resolve
from codeguard.knowledge.apis.replacements import REPLACEMENTS
from codeguard.knowledge.apis.versions import admitted, bounds, version, within
from codeguard.source.declared import EMPTY, Project
from codeguard.syntax.recover import parse

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tools"))

from apis.library import Library
from apis.model import Class, Function
from apis.pack import pack
from apis.read import read
from apis.spelling import annotation, signature_of

CHECKS = {check.id: check for check in load() if "CGC090" <= check.id <= "CGC099"}


def found(code: str, project: Project = EMPTY, path: str = "example.py") -> set[str]:
    """The ids of the oracle's checks that report something."""
    unit = parse(path, code)
    unit.project = project
    return {check.id for check in CHECKS.values() if run(check, unit)}


# -- the data


@pytest.mark.parametrize(
    ("owner", "name", "status"),
    [
        ("requests", "get", Status.PRESENT),
        ("requests", "fetch", Status.ABSENT),
        ("os", "path", Status.PRESENT),
        ("os", "get_env", Status.ABSENT),
        ("collections", "Mapping", Status.PRESENT),  # in 3.9 and before
        ("collections.abc", "Mapping", Status.PRESENT),
        ("numpy", "linalg", Status.PRESENT),
        ("numpy", "in1d", Status.PRESENT),
        ("numpy", "make_array", Status.ABSENT),
        ("requests.packages", "anything", Status.UNKNOWABLE),  # it makes its modules at run time
        ("pandas.DataFrame", "groupby", Status.PRESENT),
        ("pandas.DataFrame", "append", Status.PRESENT),
        ("pandas.DataFrame", "add_column", Status.UNKNOWABLE),  # a column may have that name
        ("types.SimpleNamespace", "anything", Status.UNKNOWABLE),
    ],
)
def test_a_name_is_there_or_not_or_cannot_be_told(owner, name, status):
    thing = resolve(owner)
    assert thing is not None
    assert thing.library.member(thing, name).status is status


def test_a_label_of_a_data_frame_may_have_any_name_but_nobody_can_call_it():
    frame = resolve("pandas.DataFrame")
    assert frame is not None
    assert frame.library.member(frame, "add_column", called=True).status is Status.ABSENT
    assert frame.library.member(frame, "groupby", called=True).status is Status.PRESENT


def test_the_result_of_a_call_has_the_class_that_stubs_give_it():
    get = resolve("requests.get")
    assert get is not None
    assert get.function is not None
    assert get.function.result is not None
    assert (get.function.result.kind, get.function.result.key) == (Kind.INSTANCE, "requests.models:Response")


def test_index_and_files_agree_and_every_entry_says_where_it_comes_from():
    entries = index()["roots"]
    files = {entry["file"] for entry in entries.values()} | {"stdlib.zlib", "aws.zlib"}
    assert files == {path.name for path in HERE.glob("*.zlib")}
    for root, entry in entries.items():
        assert entry["versions"], root
        assert all(entry[key] for key in ("distribution", "licence", "date")), root
        assert sorted(entry["versions"], key=version) == entry["versions"], root
        library = library_of(root)
        assert library is not None
        assert library.chunk(root) is not None, f"{root} has no module of its name"


def test_the_standard_library_has_every_module_of_this_interpreter():
    private = {"antigravity", "this", "idlelib", "lib2to3", "turtledemo", "ensurepip", "venv", "site", "nt", "msvcrt"}
    names = {name for name in sys.stdlib_module_names if not name.startswith("_")} - private
    assert {name for name in names if library_of(name) is None} == set()


def test_the_data_stays_within_its_budget():
    assert sum(path.stat().st_size for path in HERE.glob("*") if path.is_file()) <= 4_000_000


def test_every_replacement_is_for_a_name_that_some_version_had_and_the_newest_lacks():
    wrong = []
    for name in REPLACEMENTS:
        owner, _, last = name.rpartition(".")
        thing = resolve(owner) if owner else None
        if thing is None:
            continue  # a module that is gone as a whole, or a library that was not read
        member = thing.library.member(thing, last, called=True)
        if (
            member.status is Status.PRESENT
            and member.mask & thing.library.newest
            and "deprecated" not in REPLACEMENTS[name]
        ):
            wrong.append(name)
    assert wrong == []


def test_every_service_that_was_read_has_operations_and_all_are_spelt_once():
    assert {"s3", "dynamodb", "sqs", "lambda", "sts"} <= set(services())
    assert "bucket" not in services()
    assert spelt("s3")["putobject"] == "put_object"
    assert "Bucket" in services()["s3"]["put_object"]
    assert "ACL=" in services()["s3"]["put_object"]


# -- signatures and versions


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", Signature((), 0, frozenset(), (), star=False, star_star=False)),
        ("a,b=", Signature(("a", "b"), 0, frozenset({"a"}), (), star=False, star_star=False)),
        ("a,/,b,*,c,d=", Signature(("a", "b"), 1, frozenset({"a", "b", "c"}), ("c", "d"), star=False, star_star=False)),
        ("+,c=,^", Signature((), 0, frozenset(), ("c",), star=True, star_star=True)),
    ],
)
def test_a_signature_is_read_back_as_it_was_written(text, wanted):
    assert accepts(text) == wanted


@pytest.mark.parametrize(
    ("constraint", "wanted"),
    [
        ("", None),
        ("==1.21.6", 0b001),
        ("==1.24.0", 0b011),  # between two versions read: the names of either
        (">=2.0", 0b110),
        ("<2", 0b011),
        (">=1.26,<2", 0b011),
        ("~=1.26.0", 0b011),
        ("^2.0", 0b110),
        (">=3", 0b100),
        ("<1", 0b001),
        ("anything", None),
    ],
)
def test_a_constraint_admits_the_versions_read_that_stand_for_it(constraint, wanted):
    assert admitted(constraint, ["1.21.6", "1.26.4", "2.5.5"]) == wanted


def test_a_bound_that_is_part_of_a_version_counts_as_the_whole():
    assert bounds("==1.26.*") == ((1, 26), (1, 27))
    assert within(">=3.10,<3.12", ["3.9", "3.10", "3.11", "3.12"]) == 0b0110


FLOAT = "import numpy as np\nx = np.float(1)\n"
INF = "import numpy as np\nx = np.Inf\n"
EXCEPTIONS = "from numpy.exceptions import AxisError\n"


@pytest.mark.parametrize(
    ("code", "declared", "wanted"),
    [
        (FLOAT, "", {"CGC093"}),
        (FLOAT, "==1.21.6", set()),
        (FLOAT, "<1.24", set()),
        (FLOAT, ">=1.26", {"CGC093"}),
        (INF, "", {"CGC094"}),
        (INF, "<2", set()),
        (INF, ">=2.0", {"CGC093"}),
        (EXCEPTIONS, "", set()),
        (EXCEPTIONS, "==1.21.6", {"CGC093"}),
        (EXCEPTIONS, ">=1.21", set()),
    ],
)
def test_a_declared_version_decides_whether_a_name_is_there(code, declared, wanted):
    project = replace(EMPTY, distributions={"numpy": declared})
    assert found(code, project) == wanted
    if declared.startswith("=="):
        assert found(code, replace(EMPTY, locked={"numpy": declared[2:]})) == wanted


@pytest.mark.parametrize(
    ("python", "wanted"),
    [
        ((None, None), {"CGC093"}),
        (((3, 8), (3, 9)), set()),
        (((3, 8), None), {"CGC093"}),
        (((3, 12), None), {"CGC093"}),
    ],
)
def test_the_python_that_the_project_is_for_decides_about_the_standard_library(python, wanted):
    code = "import collections\nprint(collections.Mapping)\n"
    assert found(code, replace(EMPTY, python=python)) == wanted


@pytest.mark.parametrize(
    "code",
    [
        "import requests\nrequests.fetch('https://example.invalid')\n",
        "from requests import fetch\n",
        "import requests.fetching\n",
    ],
)
def test_a_module_of_the_project_hides_the_library_of_its_name(code):
    assert found(code)
    assert found(code, replace(EMPTY, folders={"": frozenset({"requests", "example"})})) == set()
    assert found(code, path="requests/api.py") == set()


@pytest.mark.parametrize(
    "code",
    [
        "import os\nos.get_env = 1\nos.get_env\n",
        "import os\nsetattr(os, 'get_env', 1)\nos.get_env\n",
        "import os\nif hasattr(os, 'get_env'):\n    os.get_env\n",
        "import os\ntry:\n    os.get_env\nexcept AttributeError:\n    pass\n",
        "import os\nfrom contextlib import suppress\nwith suppress(AttributeError):\n    os.get_env\n",
        "import os, sys\nif sys.version_info >= (3, 99):\n    os.get_env\n",
        "import os\nos = something()\nos.get_env\n",
        "def f(os):\n    os.get_env\n",
        "try:\n    import os\nexcept ImportError:\n    os = None\nos.path\n",
        "from os import *\nlen()\n",
        "import unheard_of\nunheard_of.f(1, 2, x=3)\n",
    ],
)
def test_code_that_is_ready_for_the_absence_is_not_reported(code):
    assert found(code) == set()


# -- the builder


def built(*texts: str, name: str = "lib") -> str:
    """The packed text of versions of a library of one module."""
    versions = []
    for text in texts:
        library = Library()
        library.add([(f"{name}/__init__.py", text.encode())], {name})
        library.finish()
        versions.append(library)
    return pack(versions)


@pytest.mark.parametrize(
    ("parameters", "wanted"),
    [
        ("a, b=1, *c, d, e=2, **f", "a,b=,+,d,e=,^"),
        ("a, /, b, *, c", "a,/,b,*,c"),
        ("__a, b", "__a,/,b"),
        ("", ""),
    ],
)
def test_parameters_are_written_in_one_short_form(parameters, wanted):
    function = ast.parse(f"def f({parameters}): ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    assert signature_of(function.args) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Response", "Response"),
        ("'models.Response'", "models.Response"),
        ("Optional[Response]", "Response"),
        ("Response | None", "Response"),
        ("Union[A, B]", ""),
        ("A | B", ""),
        ("list[str]", "list"),
        ("Self", "~"),
        ("Literal['a']", ""),
        ("None", ""),
    ],
)
def test_an_annotation_gives_the_one_class_that_it_names(text, wanted):
    assert annotation(ast.parse(text, mode="eval").body) == wanted


@pytest.mark.parametrize(
    ("text", "opaque"),
    [
        ("x = 1", False),
        ("globals().update(a=1)", True),
        ("globals()['a'] = 1", True),
        ("import sys\nsys.modules['lib.x'] = 1", True),
        ("exec('a = 1')", True),
        ("def __getattr__(name):\n    return load(name)", True),
        ("def __getattr__(name):\n    if name == 'a':\n        return 1\n    raise AttributeError(name)", False),
    ],
)
def test_a_module_that_may_hide_names_is_opaque(text, opaque):
    module = read(text, "lib", is_package=True, stub=False)
    assert module is not None
    assert module.opaque is opaque


def test_the_names_that_a_plain_module_getattr_gives_are_known_and_those_it_refuses_are_not():
    text = (
        "OLD = {'gone': 1}\nLAZY = {'there': 2}\n"
        "def __getattr__(name):\n"
        "    if name in OLD:\n        raise AttributeError(name)\n"
        "    if name in LAZY:\n        return LAZY[name]\n"
        "    raise AttributeError(name)\n"
    )
    module = read(text, "lib", is_package=True, stub=False)
    assert module is not None
    assert "there" in module.names
    assert "gone" not in module.names


@pytest.mark.parametrize(
    ("body", "opaque"),
    [
        ("    x = 1", False),
        ("    def __getattr__(self, name): ...", True),
        ("    def f(self, d):\n        self.__dict__.update(d)", True),
        ("    def f(self, d):\n        for k in d: setattr(self, k, 1)", True),
        ("    def f(self):\n        setattr(self, 'y', 1)", False),
    ],
)
def test_a_class_whose_instances_may_have_more_is_opaque(body, opaque):
    module = read(f"class A:\n{body}\n", "lib", is_package=True, stub=False)
    assert module is not None
    cls = module.names["A"]
    assert isinstance(cls, Class)
    assert cls.opaque is opaque


def test_a_function_behind_an_unknown_decorator_has_no_signature():
    module = read("@magic\ndef f(a): ...\n\ndef g(a): ...\n", "lib", is_package=True, stub=False)
    assert module is not None
    f, g = module.names["f"], module.names["g"]
    assert isinstance(f, Function)
    assert isinstance(g, Function)
    assert (f.signatures, g.signatures) == (None, ("a",))


def test_versions_share_one_text_with_masks_where_they_differ():
    text = built("def f(a): ...\ndef old(): ...\n", "def f(a, b): ...\ndef new(): ...\n")
    assert "f\t1:F(a)\t2:F(a,b)" in text
    assert "old\t1:F()" in text
    assert "new\t2:F()" in text


def test_names_that_a_stub_imports_for_itself_are_not_its_modules():
    module = read("from typing import Mapping\nfrom x import y as y\n", "lib", is_package=True, stub=True)
    assert module is not None
    library = Library()
    library.modules["lib"] = module
    text = pack([library])
    assert "Mapping" not in text
    assert "y\t=x.y" in text
