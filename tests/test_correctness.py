"""What the correctness checks share: control flow, kinds, calls, broken text, and comments that stand for code."""

from __future__ import annotations

import libcst as cst
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codeguard.checks import load
from codeguard.checks._api import run
from codeguard.checks.correctness._broken import breakage, is_prose
from codeguard.checks.correctness._callables import callables, missing, surplus, unknown
from codeguard.checks.correctness._classes import classes
from codeguard.checks.correctness._control import BREAK, CONTINUE, NEXT, RAISE, RETURN, lenient_paths, strict_paths
from codeguard.checks.correctness._kinds import kinds
from codeguard.checks.correctness._placeholders import elision
from codeguard.checks.correctness._shape import text
from codeguard.engines.native import spans_of
from codeguard.knowledge.exceptions import is_caught_by
from codeguard.syntax.logical import lines_in_strings
from codeguard.syntax.recover import parse

CHECKS = [check for check in load() if check.category.value == "correctness"]

PROGRAM = '''\
import asyncio
from dataclasses import dataclass


@dataclass
class Point:
    """A point."""

    x: int = 0
    y: int = 0

    def move(self, dx, *, dy=0):
        try:
            self.x += int(dx)
        except ValueError as error:
            raise TypeError(f"no number: {dx!r}") from error
        finally:
            self.y += dy
        return [p for p in (self.x, self.y) if p]


async def main(points):
    for index, point in enumerate(points):
        if index % 2 == 0 and point.move(1, dy=2):
            print("moved {}".format(point), end="")
        else:
            await asyncio.sleep(0.5)
    return {"a": 1, **{"b": [1, 2]}}
'''


@pytest.mark.parametrize(
    ("body", "ways"),
    [
        ("x = 1", NEXT),
        ("return 1", RETURN),
        ("raise ValueError", RAISE),
        ("if x:\n  return 1", NEXT | RETURN),
        ("if x:\n  return 1\nelse:\n  raise y", RETURN | RAISE),
        ("while True:\n  g()", 0),
        ("while True:\n  if f():\n    break", NEXT),
        ("while x:\n  return 1", NEXT | RETURN),
        ("for x in y:\n  return 1\nelse:\n  return 2", RETURN),
        ("for x in y:\n  break\nelse:\n  return 2", NEXT | RETURN),
        ("try:\n  return 1\nexcept E:\n  pass", NEXT | RETURN),
        ("try:\n  return 1\nfinally:\n  f()", RETURN),
        ("try:\n  f()\nfinally:\n  return 1", RETURN),
        ("try:\n  f()\nexcept E:\n  raise\nelse:\n  return 1", RETURN | RAISE),
        ("with open(x) as f:\n  return 1", RETURN),
        ("with suppress(E):\n  return 1", NEXT | RETURN),
        ("match x:\n  case 1:\n    return 1\n  case _:\n    return 2", RETURN),
        ("match x:\n  case 1:\n    return 1", NEXT | RETURN),
        ("import sys\nsys.exit(1)", RAISE),
        ("assert False", RAISE),
        ("assert x", NEXT),
    ],
)
def test_the_ways_out_of_a_block_follow_the_language(body, ways):
    unit = parse("t.py", "def f(x, y):\n" + "\n".join(f"  {line}" for line in body.split("\n")) + "\n")
    assert unit.fact(strict_paths).block(unit.nodes(cst.FunctionDef)[0].body) == ways


def test_break_and_continue_leave_only_their_own_loop():
    unit = parse("t.py", "for a in b:\n  if a:\n    break\n  continue\n")
    loop = unit.nodes(cst.For)[0]
    assert unit.fact(strict_paths).block(loop.body) == BREAK | CONTINUE
    assert unit.fact(strict_paths).statement(loop) == NEXT


def test_the_lenient_reading_believes_names_and_covered_matches():
    unit = parse(
        "t.py", "def f(x):\n  match x:\n    case A():\n      return 1\n    case B():\n      parser.error('no')\n"
    )
    body = unit.nodes(cst.FunctionDef)[0].body
    assert unit.fact(strict_paths).block(body) & NEXT
    assert not unit.fact(lenient_paths).block(body) & NEXT


def test_an_elif_chain_of_thousands_needs_no_deep_recursion():
    chain = "if x == 0:\n  y = 0\n" + "".join(f"elif x == {n}:\n  y = {n}\n" for n in range(1, 120))
    unit = parse("t.py", chain)
    assert unit.fact(strict_paths).statement(unit.nodes(cst.If)[0]) == NEXT


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("x = [1]", "list"),
        ("x = 'a' + 'b'", "str"),
        ("x = 1 + 2.0", "float"),
        ("x = 1 / 2", "float"),
        ("x = 'a b'.split()", "list"),
        ("y = 'a'\nx = y.upper()", "str"),
        ("x = input()", "str"),
        ("x = {} if y else {}", "dict"),
        ("x = [] if y else {}", None),
        ("x = f()", None),
        ("x = 'a %s' % y", "str"),
        ("x = [0] * 3", "list"),
        ("y = 1\ny = 'a'\nx = y", None),
        ("def str(a):\n  return 1\nx = str(2)", None),
        ("x = 'a'[0:1]", "str"),
        ("import numpy as np\nx = np.array([1]) + 1", None),
    ],
)
def test_a_kind_is_known_only_where_the_text_proves_it(code, kind):
    unit = parse("t.py", code + "\n")
    value = unit.nodes(cst.Assign)[-1].value
    assert unit.fact(kinds).of(value) == kind


def test_a_property_of_the_same_name_hides_what_init_assigns():
    code = "class A:\n  def __init__(self):\n    self.p = 'x'\n  @property\n  def p(self): ...\n  def f(self):\n    return self.p\n"
    unit = parse("t.py", code)
    read = [a for a in unit.nodes(cst.Attribute) if a.attr.value == "p"][-1]
    assert unit.fact(kinds).of(read) is None


CALLED = """\
import functools
from dataclasses import dataclass, field

def plain(a, b=1, /, c=2, *, d, e=3): ...
def loose(*args, **kwargs): ...
@functools.wraps(plain)
def wrapped(a): ...

class A:
    def __init__(self, x): ...
    def m(self, y):
        return y
    @classmethod
    def c(cls, z):
        return z

class B(A):
    pass

class F(Foreign):
    pass

@dataclass
class D:
    n: int
    m: list = field(default_factory=list)
    hidden: int = field(default=0, init=False)

"""


@pytest.mark.parametrize(
    ("call", "absent", "more", "odd"),
    [
        ("plain(1, d=2)", [], 0, []),
        ("plain()", ["a", "d"], 0, []),
        ("plain(1, 2, 3, 4, d=1)", [], 1, []),
        ("plain(1, b=2, d=1)", [], 0, ["b"]),
        ("plain(*xs)", [], 0, []),
        ("loose(1, 2, z=3)", [], 0, []),
        ("A()", ["x"], 0, []),
        ("B(1)", [], 0, []),
        ("B(1, 2)", [], 1, []),
        ("A(1).m()", ["y"], 0, []),
        ("A.c(1)", [], 0, []),
        ("A.m(A(1), 2)", [], 0, []),
        ("D()", ["n"], 0, []),
        ("D(1, [], 3)", [], 1, []),
        ("D(1, hidden=3)", [], 0, ["hidden"]),
    ],
)
def test_a_call_is_held_against_the_signature_of_what_it_calls(call, absent, more, odd):
    unit = parse("t.py", CALLED + call + "\n")
    outer = [c for c in unit.nodes(cst.Call) if unit.source(c) == call][-1]
    target = unit.fact(callables).target(outer)
    assert target is not None
    assert missing(outer, target.signature) == absent
    assert surplus(outer, target.signature) == more
    assert [arg.keyword.value for arg in unknown(outer, target.signature) if arg.keyword] == odd


@pytest.mark.parametrize("call", ["wrapped()", "F(1)", "nobody(1)", "xs[0](1)"])
def test_what_the_file_does_not_decide_has_no_target(call):
    unit = parse("t.py", CALLED + call + "\n")
    outer = [c for c in unit.nodes(cst.Call) if unit.source(c) == call][-1]
    assert unit.fact(callables).target(outer) is None


def test_a_class_that_inherits_from_itself_ends():
    unit = parse("t.py", "class A(A):\n  pass\nclass B(C):\n  pass\nclass C(B):\n  pass\n")
    assert [len(cls.line()) <= 2 for cls in unit.fact(classes).all] == [True, True, True]


@pytest.mark.parametrize(
    ("text_", "chat", "cut", "problem"),
    [
        ("```python\nx = 1\n```\n", [1, 3], None, None),
        ("Here is the code:\n\n```\nx = 1\n```\n", [1, 5], None, None),
        ("x = [1, 2\n", [], 1, None),
        ("def f():\n    '''doc\n    more\n", [], 3, None),
        ("```python\ndef f(x):\n    return g(x,\n", [1], 3, None),
        ("x = = 1\ny = 2\n", [], None, 1),
        ("x = = 1\n\n\ndef f(a):\n    return [a\n", [], 5, 1),
        ("'''\n```\nnot code\n```\n'''\nx = = 1\n", [], None, 6),
    ],
)
def test_each_reason_why_a_file_does_not_parse_is_told_apart(text_, chat, cut, problem):
    found = breakage(parse("t.py", text_))
    assert [block.start for block in found.chat] == chat
    assert (found.cut.line if found.cut else None) == cut
    assert (found.problem.line if found.problem else None) == problem


@given(st.integers(min_value=1, max_value=len(PROGRAM) - 1))
@settings(max_examples=60, deadline=None)
def test_a_program_cut_anywhere_is_told_as_cut_or_still_parses(at):
    unit = parse("t.py", PROGRAM[:at])
    found = breakage(unit)
    assert (unit.problem is None) == (found == type(found)())
    if found.cut is not None:
        assert found.problem is None
        assert PROGRAM[:at].rstrip().count("\n") + 1 == found.cut.line


@given(st.text(alphabet="abx =():'\"\n`#.[]{}\\def if:return", max_size=60))
@settings(max_examples=150, deadline=None)
def test_no_text_makes_a_correctness_check_fail(noise):
    unit = parse("t.py", noise + "\n" + PROGRAM)
    for check in CHECKS:
        spans_of(run(check, unit), unit)


def test_the_sound_program_has_no_correctness_finding():
    unit = parse("t.py", PROGRAM)
    assert [check.id for check in CHECKS if run(check, unit)] == []


@pytest.mark.parametrize(
    ("line", "prose"),
    [
        ("Here is the implementation that you asked for:", True),
        ("Note that this function needs Python.", True),
        (
            "class Stack is implemented correctly. It takes the items and keeps them in a new list of its own size.",
            True,
        ),
        ("x = foo bar", False),
        ("print total", False),
        ("if a is not b and c in d:", False),
        ("from a import b as c", False),
        ("    name = 'this is a text'", False),
    ],
)
def test_prose_is_known_by_words_that_follow_words(line, prose):
    assert is_prose(line) is prose


@pytest.mark.parametrize(
    ("comment", "says"),
    [
        ("# ... rest of the code remains the same ...", True),
        ("# rest of the implementation", True),
        ("# [existing code here]", True),
        ("# ... (same as before)", True),
        ("# other methods remain unchanged", True),
        ("# implementation omitted for brevity", True),
        ("# TODO: your code here", True),
        ("# The rest of the code assumes that x is set", False),
        ("# existing files are kept", False),
        ("# same as above, but for bytes", False),
        ("# etc", False),
        ("# ...", False),
    ],
)
def test_an_elision_is_known_by_its_whole_text(comment, says):
    assert bool(elision(comment)) is says


@pytest.mark.parametrize(
    ("name", "handler", "caught"),
    [
        ("KeyError", "LookupError", True),
        ("LookupError", "KeyError", False),
        ("json.JSONDecodeError", "ValueError", True),
        ("requests.exceptions.ReadTimeout", "OSError", True),
        ("requests.exceptions.ReadTimeout", "TimeoutError", False),
        ("lib.Error", "ValueError", False),
    ],
)
def test_exceptions_are_caught_by_their_bases(name, handler, caught):
    assert is_caught_by(name, handler) is caught


def test_lines_in_strings_are_those_that_begin_inside_one():
    assert lines_in_strings(['x = """a', "b", '"""', "y = 'c'", "'''d'''", "z"]) == {1, 2}


def test_texts_of_equal_expressions_are_equal_whatever_their_spacing():
    unit = parse("t.py", "f( a.b [0], k = 1+x )\nf(a.b[0], k=1 + x)\nf(a.b[0], k=1 - x)\n")
    first, second, third = (text(statement.body[0].value) for statement in unit.module.body)
    assert first == second
    assert second != third


def test_a_fact_is_computed_once_a_unit():
    asked = []
    unit = parse("t.py", "x = 1\n")

    def fact(of):
        asked.append(of)
        return len(asked)

    assert [unit.fact(fact), unit.fact(fact)] == [1, 1]


def test_attribute_values_are_what_the_methods_assign():
    unit = parse("t.py", "class A:\n  def f(self):\n    self.x = 1\n    self.y = self.x\n")
    read = [a for a in unit.nodes(cst.Attribute) if a.attr.value == "x"][-1]
    assert [unit.source(v) for v in unit.names.attribute_values(read)] == ["1"]
    assert unit.names.attributes(unit.nodes(cst.ClassDef)[0]) == ["x", "y"]
