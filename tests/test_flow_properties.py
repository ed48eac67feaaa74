"""What does not change what a program does changes no finding of the data flow but its place.

The programs are the examples of the flow checks themselves, the bad ones and the good ones.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeguard.checks import load
from codeguard.flow.analysis import Analysis
from codeguard.flow.lower import lower
from codeguard.knowledge.flow import library
from codeguard.syntax.recover import parse

EXAMPLES = {
    f"{check.id}-{word}-{number}": re.sub(r"\s*# finding$", "", example.code, flags=re.MULTILINE)
    for check in load()
    if check.flow is not None
    for word, examples in (("bad", check.bad), ("good", check.good))
    for number, example in enumerate(examples)
    if not getattr(example, "beside", ())
}
# The checks' examples are short: these have more functions than one.
EXAMPLES |= {
    "several-bad-0": """
import os
from flask import Flask, request

app = Flask(__name__)


def name_of(data):
    return data["name"].strip()


class Runner:
    def __init__(self, program):
        self.program = program

    def run(self, text):
        os.system(self.program + " " + text)


@app.post("/run")
def run():
    Runner("ls").run(name_of(request.form))
    return "done"
""",
    "several-bad-1": """
import sqlite3

LIMIT = 10


def where(column, value):
    return f"WHERE {column} = '{value}' LIMIT {LIMIT}"


def build(value):
    condition = where("name", value)
    return "SELECT * FROM items " + condition


def find(value):
    statement = build(value)
    return sqlite3.connect("a.db").execute(statement).fetchall()
""",
    "several-good-0": """
import re
import subprocess

NAME = re.compile(r"[a-z]+")


def checked(name):
    if not NAME.fullmatch(name):
        raise ValueError(name)
    return name


def is_known(name):
    return name in {"one", "two"}


def start(name):
    checked(name)
    subprocess.run(f"systemctl start {name}", shell=True)


def stop(name):
    if is_known(name):
        subprocess.run("systemctl stop " + name, shell=True)
""",
    "several-good-1": """
import os
from flask import Flask, abort, request

app = Flask(__name__)
ROOT = os.path.realpath("/srv/files")


def inside(path):
    full = os.path.realpath(os.path.join(ROOT, path))
    return full.startswith(ROOT + os.sep)


@app.get("/file")
def file():
    path = request.args["path"]
    if not inside(path):
        abort(404)
    with open(os.path.join(ROOT, path)) as stream:
        return {"text": stream.read()}
""",
}
Found = Counter[tuple[str, str, str]]


def found(files: dict[str, str]) -> Found:
    """Kind of sink, what is called and the source, for everything that untrusted data reaches in these files."""
    analysis = Analysis({path: lower(parse(path, text)) for path, text in files.items()}, library())
    analysis.run()
    assert analysis.errors == []
    assert not analysis.cut
    return Counter((one.sink.kind, one.called, one.label.text) for one in analysis.verdicts.reached())


BEFORE = {name: found({"app.py": code}) for name, code in EXAMPLES.items()}
programs = st.sampled_from(sorted(EXAMPLES))
randoms = st.randoms(use_true_random=False)


class Renaming(ast.NodeTransformer):
    """Gives the variables that functions assign, and nobody else knows, other names."""

    def __init__(self, names: dict[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.copy_location(ast.Name(self.names.get(node.id, node.id), node.ctx), node)


def locals_of(tree: ast.Module) -> set[str]:
    """Names that functions assign, without parameters and whatever the module or a class binds or declares."""
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    assigned = {
        n.id for f in functions for n in ast.walk(f) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)
    }
    taken = {
        a.arg for n in ast.walk(tree) if isinstance(n, ast.arguments) for a in ast.walk(n) if isinstance(a, ast.arg)
    }
    outside = [s for s in tree.body if not isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
    taken |= {n.id for s in outside for n in ast.walk(s) if isinstance(n, ast.Name)}
    return assigned - taken


def blocks(tree: ast.Module) -> list[list[ast.stmt]]:
    """Every list of statements in a function."""
    functions = [n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))]
    return [
        block
        for function in functions
        for node in ast.walk(function)
        for block in (getattr(node, "body", None), getattr(node, "orelse", None), getattr(node, "finalbody", None))
        if isinstance(block, list) and block
    ]


def test_there_are_programs_of_every_flow_check_and_findings_in_the_bad_ones():
    assert len(EXAMPLES) > 80
    assert [name for name, was in BEFORE.items() if "-bad-" in name and not was] == []
    assert [name for name, was in BEFORE.items() if "several-good" in name and was] == []


@settings(max_examples=80, deadline=None)
@given(programs, randoms)
def test_renaming_local_variables_changes_no_finding(name: str, random: Random):
    tree = ast.parse(EXAMPLES[name])
    names = {old: f"v{random.randrange(10**6)}_{number}" for number, old in enumerate(sorted(locals_of(tree)))}
    assert found({"app.py": ast.unparse(Renaming(names).visit(tree))}) == BEFORE[name]


DEAD = (
    "if False:\n    os.system(unused)",
    "unused = 'nothing'",
    "'a text that nobody reads'",
    "pass",
    "unused = [1, 2]",
)


@settings(max_examples=80, deadline=None)
@given(programs, randoms)
def test_dead_code_changes_no_finding(name: str, random: Random):
    tree = ast.parse(EXAMPLES[name])
    for block in blocks(tree):
        block.insert(random.randrange(len(block)), ast.parse(random.choice(DEAD)).body[0])
    assert found({"app.py": ast.unparse(tree)}) == BEFORE[name]


@settings(max_examples=60, deadline=None)
@given(programs, randoms)
def test_comments_and_empty_lines_change_no_finding(name: str, random: Random):
    out: list[str] = []
    for line in ast.unparse(ast.parse(EXAMPLES[name])).split("\n"):  # no text goes over a line
        indent = line[: len(line) - len(line.lstrip())]
        out += [indent + "# os.system(input())"] * random.randrange(2) + [""] * random.randrange(2)
        out.append(f"{line}  # {random.random()}" if line.strip() else line)
    assert found({"app.py": "\n".join(out)}) == BEFORE[name]


def is_definition(statement: ast.stmt) -> bool:
    """True for a function or a class."""
    return isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))


@settings(max_examples=80, deadline=None)
@given(programs, randoms)
def test_the_order_of_functions_changes_no_finding(name: str, random: Random):
    tree = ast.parse(EXAMPLES[name])
    definitions = [s for s in tree.body if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef))]
    random.shuffle(definitions)
    places = iter(definitions)
    tree.body = [next(places) if isinstance(s, (ast.FunctionDef, ast.AsyncFunctionDef)) else s for s in tree.body]
    assert found({"app.py": ast.unparse(tree)}) == BEFORE[name]


SPLIT = sorted(name for name, code in EXAMPLES.items() if sum(map(is_definition, ast.parse(code).body)) > 1)


@pytest.mark.parametrize("name", SPLIT)
def test_splitting_a_module_in_two_changes_no_finding(name: str):
    tree = ast.parse(EXAMPLES[name])
    last = max(n for n, s in enumerate(tree.body) if is_definition(s))
    imports = [s for s in tree.body if isinstance(s, (ast.Import, ast.ImportFrom))]
    first = [s for n, s in enumerate(tree.body) if n < last and s not in imports]
    rest = [s for n, s in enumerate(tree.body) if n >= last and s not in imports]
    bound = {s.name for s in first if is_definition(s)}  # type: ignore[attr-defined]
    bound |= {n.id for s in first if isinstance(s, ast.Assign) for n in ast.walk(s) if isinstance(n, ast.Name)}
    used = {n.id for s in rest for n in ast.walk(s) if isinstance(n, ast.Name)}
    needed = sorted(bound & used)
    head = ast.unparse(ast.Module(imports, []))
    link = f"from parts import {', '.join(needed)}\n" if needed else ""
    files = {
        "parts.py": f"{head}\n{ast.unparse(ast.Module(first, []))}\n",
        "app.py": f"{head}\n{link}{ast.unparse(ast.Module(rest, []))}\n",
    }
    assert found(files) == BEFORE[name]
