"""Names, constants, tables, positions and recovery: what checks rely on."""

from __future__ import annotations

import ast
import itertools
import textwrap

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeguard.syntax.children import CHILDREN
from codeguard.syntax.logical import depth_exceeds, logical_lines
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend, walk


def unit(code: str) -> Unit:
    return parse("example.py", textwrap.dedent(code).lstrip("\n"))


def called_names(code: str) -> set[str]:
    return set(unit(code).calls)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import yaml as y\ny.load(x)", "yaml.load"),
        ("import os.path\nos.path.join(a)", "os.path.join"),
        ("from os import path as p\np.join(a)", "os.path.join"),
        ("from .db import run\nrun()", ".db.run"),
        ("from . import db\ndb.run()", ".db.run"),
        ("eval(x)", "builtins.eval"),
        ("yaml.load(x)", "yaml.load"),
        ("np.load(x)", "numpy.load"),
        ("from flask import Flask\napp = Flask(__name__)\napp.run()", "flask.Flask().run"),
        ("import subprocess\nrun = subprocess.run\nrun('x')", "subprocess.run"),
        ("with open(p) as f:\n    f.read()", "builtins.open().read"),
        ("import requests\nwith requests.Session() as s:\n    s.get(u)", "requests.Session().get"),
        (
            "from sqlalchemy.orm import Session\ndef f(s: Session):\n    s.execute(q)",
            "sqlalchemy.orm.Session().execute",
        ),
        (
            "from typing import Optional\nimport redis\ndef f(r: Optional[redis.Redis]):\n    r.get(q)",
            "redis.Redis().get",
        ),
        ("import redis\ndef f(r: redis.Redis | None):\n    r.get(q)", "redis.Redis().get"),
        (
            "import boto3\nclass A:\n    def __init__(self):\n        self.c = boto3.client('s3')\n"
            "    def g(self):\n        self.c.put_object()",
            "boto3.client().put_object",
        ),
        ("try:\n    import ujson as json\nexcept ImportError:\n    json = None\njson.loads(x)", "ujson.loads"),
        ("import os\ndef f(os2=os.getcwd()):\n    pass", "os.getcwd"),
        ("'{}'.format(x)", "builtins.str().format"),
        ("def helper(): ...\nhelper()", "<local>.helper"),
        ("ｅｖａｌ(x)", "builtins.eval"),
        ("import ｏｓ\nos.ｓｙｓｔｅｍ('x')", "os.system"),
    ],
)
def test_a_called_name_is_resolved_through_imports_aliases_and_instances(code, name):
    assert name in called_names(code)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("def eval(x): ...\neval(1)", "builtins.eval"),
        ("def f(open):\n    open(1)", "builtins.open"),
        ("import yaml\nyaml = mine()\nclass A:\n    def yaml(self):\n        pass\n", "yaml.load"),
        ("import a\nimport b\nc = a.x\nc = b.x\nc()", "a.x"),
        ("class A:\n    open = 1\n    def f(self):\n        pass\nfor open in x:\n    open()", "builtins.open"),
    ],
)
def test_a_shadowed_or_ambiguous_name_is_not_taken_for_what_it_hides(code, name):
    assert name not in called_names(code)


@pytest.mark.parametrize(
    "code",
    [
        "class A:\n    open = 1\n    def f(self):\n        open('x')",
        "def f():\n    [open for open in y]\n    open('x')",
        "def f(x=open('x'), *, open=2):\n    pass",
        "@open('x')\ndef f(open):\n    pass",
        "[y for y in open('x') for open in z]",
        "lambda open: 1\nopen('x')",
    ],
)
def test_a_name_bound_in_a_scope_that_the_use_does_not_see_stays_the_builtin(code):
    assert "builtins.open" in called_names(code)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'a' 'b'", "ab"), ("'a' + K", "ak"), ("b'\\x41'", b"A"), ("-3", -3), ("1 << 4", 16), ("not 1", False),
        ("f'plain'", "plain"), ("(1, 'a')", (1, "a")), ("2 ** 10", 1024), ("0x10 | 1", 17), ("'ab' * 2", "abab"), ("None", None),
    ],
)  # fmt: skip
def test_a_constant_expression_is_worth_its_value(expression, value):
    u = unit(f"K = 'k'\nprint({expression})")
    known = u.constant(u.calls["builtins.print"][0].args[0].value)
    assert known is not None
    assert known.value == value


@pytest.mark.parametrize("expression", ["x", "f()", "'a' * 10**9", "9**9**9", "1/0", "f'{x}'", "V"])
def test_what_is_not_constant_or_too_large_to_compute_is_unknown(expression):
    u = unit(f"V = 1\nV = 2\nprint({expression})")
    assert u.constant(u.calls["builtins.print"][0].args[0].value) is None


def test_positions_are_code_points_and_agree_with_the_text():
    u = unit('s = "é😀"; eval(input())\nif (eval)(x):\n    pass\n')
    spans = [u.span(call) for call in u.calls["builtins.eval"]]
    assert [(s.start_line, s.start_col) for s in spans] == [(1, 10), (2, 3)]
    assert [u.source(call) for call in u.calls["builtins.eval"]] == ["eval(input())", "(eval)(x)"]


SAMPLE = '''
import os
@decor(1)
# note
class A(B, metaclass=M):
    """Doc."""
    x: int = 3
    def f(self, a, /, b=(1), *args, c: "q" = 2, **kw) -> None:
        async def g():
            async with a as (b, c), d: await e
        for i, *j in [k for k in range(3) if k]: continue
        else: pass
        try: del x
        except (E, F) as e: raise G from e
        finally: return {**a, "b": lambda z: z, **{}} [1:2, ::3]
        match x:
            case {"a": [1, *_], **rest} if rest: pass
            case C(a=1) | None: pass
        print(f"{a!r:>{b}} {c}" "x", not a, a if b else c, a < b < c, -x, (yield), *args, **kw)
        while (n := 1) and not 2: global q; assert q, "m"
'''


def test_offsets_agree_with_cpython_for_every_name_call_and_constant():
    code = SAMPLE.lstrip("\n")
    u = unit(code)
    ours = {
        (s.start_line, s.start_col, s.end_line, s.end_col)
        for s in map(u.span, u.nodes(cst.Call, cst.Name, cst.Attribute))
    }
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, (ast.Call, ast.Name, ast.Attribute)) and not isinstance(
            getattr(node, "ctx", None), ast.Del
        ):
            if any(isinstance(p, ast.JoinedStr) and node in ast.walk(p) for p in ast.walk(ast.parse(code))):
                continue  # before 3.12 CPython gives no true places inside f-strings
            assert (node.lineno, node.col_offset, node.end_lineno, node.end_col_offset) in ours, ast.dump(node)


def test_the_walk_finds_what_libcst_itself_visits_white_space_aside():
    module = cst.parse_module(SAMPLE)
    tables, parents = walk(module)
    seen: list[cst.CSTNode] = []

    class Visitor(cst.CSTVisitor):
        def on_visit(self, node: cst.CSTNode) -> bool:
            if type(node).__name__ in {*CHILDREN, "Name", "Integer", "SimpleString", "Pass", "Continue", "ImportStar"}:
                seen.append(node)
            return True

    module.visit(Visitor())
    ours = {id(n) for nodes in tables.values() for n in nodes}
    missing = [type(n).__name__ for n in seen if id(n) not in ours]
    assert [m for m in missing if m != "ParenthesizedWhitespace"] == []
    assert all(id(n) in parents for nodes in tables.values() for n in nodes if n is not module)
    assert {id(n) for n in descend(module)} == ours


BROKEN = [
    ("eval(a)\ndef f():\n    return {'a': [1, 2,\n", {1}, "a truncated tail"),
    ("Sure! Here it is:\n\n```python\neval(a)\n```\nHope that helps\n", {4}, "chat prose around a fence"),
    ("print 'x', eval(a)\n", {1}, "a Python 2 print statement"),
    ("        x = 1\n        eval(x)\n    eval(y)\neval(z)\n", {2, 3, 4}, "a fragment that begins inside blocks"),
    ("    } else:\n        eval(x)\n", {2}, "a fragment with a broken header"),
    ("try:\n    f()\nexcept E, e:\n    raise E, 'x'\n    eval(e)\neval(1)\n", {5, 6}, "a Python 2 raise statement"),
    ("import os\n{% if x %}\nNAME = {{ name }}\n{% endif %}\neval(a)\n", {5}, "template marks"),
    ("<<<<<<< HEAD\neval(1)\n=======\neval(2)\n>>>>>>> b\n", {2, 4}, "conflict marks"),
    ("x = foo(1,\ny = 2\ndef g():\n    eval(3)\n", {4}, "a bracket that never closes"),
    ("class A:\n    def f(self:\n        pass\n    def g(self):\n        eval(3)\n", {5}, "one broken method"),
    ("else:\n    eval(3)\n", {2}, "an else without its if"),
    ("(" * 300 + "1" + ")" * 300 + "\neval(1)\n", {2}, "brackets too deep for any parser"),
    ("%matplotlib inline\n!ls\neval(1)\n", {3}, "notebook magics"),
    ("def f():\n    x = 'abc\n    eval(x)\n", {3}, "an unterminated string"),
    ("def f():\n\n\ndef g():\n    eval(1)\n", {5}, "a function without a body"),
]


@pytest.mark.parametrize(("code", "lines", "what"), BROKEN, ids=[b[2] for b in BROKEN])
def test_of_broken_code_the_rest_is_still_read_where_it_stands(code, lines, what):
    u = parse("example.py", code)
    assert u.problem is not None
    assert {u.line_of(c) for c in u.calls.get("builtins.eval", ())} == lines


@given(st.text(alphabet="ab(){}[]'\"\\\n\t :=#,.ifdef print0`", max_size=60))
@settings(max_examples=300, deadline=None)
def test_recovery_never_raises_and_keeps_the_number_of_lines(code):
    u = parse("example.py", code)
    assert u.original == code
    for start, end in u.blanked:
        assert 1 <= start <= end <= code.count("\n") + 1
    for call in u.nodes(cst.Call):
        assert 1 <= u.line_of(call) <= code.count("\n") + 1


@given(st.text(alphabet="ab(){}[]'\"\\\n #,", max_size=80))
@settings(max_examples=200, deadline=None)
def test_logical_lines_are_ordered_and_do_not_overlap(code):
    lines = code.split("\n")
    parts = logical_lines(lines)
    assert all(p.start < p.end <= len(lines) for p in parts)
    assert all(a.end <= b.start for a, b in itertools.pairwise(parts))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("(" * 201 + ")" * 201, 1), ("(" * 199 + ")" * 199, None), ("x = '" + "(" * 500 + "'", None),
        ("\n" + "[" * 150 + "\n" + "[" * 60, 3), ("# " + "(" * 900, None),
        ("".join(" " * i + "if 1:\n" for i in range(120)), 101), ("x = [\n" + "    1,\n" * 500 + "]\n", None),
    ],
)  # fmt: skip
def test_nesting_beyond_any_parser_is_seen_before_parsing(text, line):
    assert depth_exceeds(text, 200) == line


def test_comments_are_real_ones_only():
    u = unit("x = '# no'  # yes\n# alone\ndef f():  # head\n    '''# no'''\n    # last\n")
    assert [text for _, text in u.comments] == ["# yes", "# alone", "# head", "# last"]
    assert [(s.start_line, s.start_col) for s, _ in u.comments] == [(1, 12), (2, 0), (3, 10), (5, 4)]


def test_a_unit_never_crosses_a_process():
    import pickle

    with pytest.raises(TypeError, match="never crosses"):
        pickle.dumps(unit("x = 1"))


@pytest.mark.parametrize(("times", "name"), [(3, "builtins.str().upper"), (1000, None)])
def test_a_name_that_is_bound_very_often_is_not_looked_into(times, name):
    u = unit("".join(f'x = "a{number}"\n' for number in range(times)) + "x.upper()\n")
    assert u.name(u.nodes(cst.Call)[0].func) == name
