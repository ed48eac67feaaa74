"""Every check's own examples: bad is reported on its marked lines, good is silent, a known miss is still missed."""

from __future__ import annotations

import libcst as cst
import pytest

from codeguard.checks import load
from codeguard.checks._api import Check, run
from codeguard.engines import dataflow
from codeguard.engines.native import spans_of
from codeguard.flow.lower import lower
from codeguard.model import Finding
from codeguard.source.declared import Project
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit

MARK = "# finding"
CHECKS = load()


def marked(code: str) -> tuple[str, list[int]]:
    """The code without its marks, and the 1-based lines that had one."""
    lines = code.split("\n")
    wanted = [number for number, line in enumerate(lines, 1) if line.rstrip().endswith(MARK)]
    bare = [line.rstrip()[: -len(MARK)].rstrip() if line.rstrip().endswith(MARK) else line for line in lines]
    return "\n".join(bare), wanted


def reported(check: Check, code: str, beside: tuple[str, ...] = ()) -> list[int]:
    unit = parse("example.py", code)
    if beside:
        unit.project = Project(folders={"": frozenset(("__init__", "example", *beside))})
    if check.flow is not None:
        return sorted({finding.span.start_line for finding in flow_findings(check, unit)})
    return sorted({span.start_line for span in spans_of(run(check, unit), unit)})


def flow_findings(check: Check, unit: Unit) -> list[Finding]:
    """What a check of the data flow finds in a project of one file."""
    module = lower(unit)
    evidence = dataflow.Evidence()
    evidence.take(dataflow.interpret({unit.path: module}, [unit.path]))
    found = evidence.reported([check])
    evidence.place(dataflow.located(unit, dataflow.ordinals_of(found).get(unit.path, ())))
    return dataflow.findings(found, [check], evidence.places, {unit.path: unit.text})


def cases(kind: str) -> list[object]:
    return [
        pytest.param(check, example, id=f"{check.id}-{check.name}-{number}")
        for check in CHECKS
        for number, example in enumerate(getattr(check, kind))
    ]


@pytest.mark.parametrize(("check", "example"), cases("bad"))
def test_bad_code_is_reported_on_exactly_the_marked_lines(check, example):
    code, wanted = marked(example.code)
    assert wanted, "the example marks no line"
    assert reported(check, code, example.beside) == wanted


@pytest.mark.parametrize(("check", "example"), cases("good"))
def test_good_code_is_not_reported(check, example):
    code, wanted = marked(example.code)
    assert not wanted, "a good example marks no line"
    assert reported(check, code, example.beside) == []


@pytest.mark.parametrize(("check", "example"), cases("misses"))
def test_a_known_miss_is_still_missed_or_moves_to_the_bad_examples(check, example):
    code, wanted = marked(example.code)
    assert wanted, "the example marks no line"
    assert reported(check, code) != wanted, f"{check.id} now sees this: move it to `bad`"


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.id)
def test_every_check_documents_itself_and_has_examples_of_both_kinds(check):
    assert len(check.bad) >= 1
    assert len(check.good) >= 2
    assert 10 <= len(check.summary) <= 100
    assert len(check.doc.split()) >= 15, "the docstring says why, and what to do"
    assert check.cwe or check.category.value in {"correctness", "standards"}
    assert check.name == check.name.lower()
    assert " " not in check.name


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.id)
def test_examples_are_syntactically_valid_unless_broken_code_is_the_subject(check):
    for example in (*check.bad, *check.good):
        if check.name in {"syntax-error", "markdown-fence-in-code", "truncated-output"}:
            continue
        cst.parse_module(marked(example.code)[0])
