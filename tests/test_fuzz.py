"""Whatever the bytes are: no check raises, every place lies in the text, every file and every line is accounted for.

`fuzz/run.py` does the same for longer; what it has found is kept in `data/fuzz`.
"""

from __future__ import annotations

import contextlib
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import TOKENS, program

import codeguard
from codeguard.checks import load
from codeguard.config.load import load as load_config
from codeguard.engines.native import analyse
from codeguard.errors import CodeguardError
from codeguard.model import FileStatus
from codeguard.report import FORMATS, RenderOptions
from codeguard.source.read import source_from_bytes
from codeguard.syntax.pieces import pieces

KEPT = sorted((Path(__file__).parent / "data" / "fuzz").glob("*.py"))

SLOW = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def look(data: bytes) -> None:
    """Assert all that must be true of any bytes."""
    source = source_from_bytes("a.py", data).source
    assert source is not None
    assert "\r" not in source.text
    assert "\0" not in source.text
    outcome = analyse(source, load(), alone=True)
    assert [f.detail for f in outcome.failures if f.fatal] == []
    assert outcome.status in {FileStatus.ANALYSED, FileStatus.PARTIAL, FileStatus.UNPARSABLE}
    assert bool(outcome.reason) is (outcome.status is not FileStatus.ANALYSED)
    lines = source.text.split("\n")
    for finding in outcome.findings:
        span = finding.span
        assert 1 <= span.start_line <= span.end_line <= len(lines) + 1, finding
        assert (span.start_line, span.start_col) <= (span.end_line, span.end_col), finding
    for piece in pieces(source.text):
        assert all(1 <= line <= len(lines) for line in piece.lines)


@SLOW
@given(st.randoms(use_true_random=False))
def test_no_broken_or_generated_program_is_too_much_for_the_checks(draw):
    look(program(draw))


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_bytes_at_all_are_looked_at(data):
    look(data)


@given(st.lists(st.sampled_from(TOKENS), max_size=40).map("".join))
@settings(max_examples=60, deadline=None)
def test_any_heap_of_tokens_is_looked_at(text):
    look(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("kept", KEPT, ids=lambda path: path.stem)
def test_what_once_broke_something_is_looked_at(kept):
    look(kept.read_bytes())


@settings(max_examples=8, deadline=None)
@given(st.randoms(use_true_random=False))
def test_every_format_renders_whatever_was_found_and_the_totals_reconcile(tmp_path_factory, draw):
    folder = tmp_path_factory.mktemp("tree")
    names = [f"f{number}.py" for number in range(4)]
    for name in names:
        (folder / name).write_bytes(program(draw))
    report = codeguard.scan_paths([folder], engines=["native"], jobs=1, profile="audit")
    assert sorted(record.path for record in report.files) == names
    assert sum(report.totals().values()) == len(names)
    for form in FORMATS.values():
        data = form.render(report, RenderOptions())
        data.decode("utf-8")
        if form.name in {"json", "sarif"}:
            json.loads(data)


@settings(max_examples=60, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=80),
        st.lists(
            st.sampled_from(
                ["select", "ignore", "exclude", "fail-on", "per-path", "jobs", "python", " = ", "[", "]", '"', "'", "0", "\n",
                 '"**"', "[per-path.", "{", "}", "true", "never", "[tool.codeguard]\n", "#", "=", ",", "\\u0000", "9" * 30]
            ),
            max_size=20,
        ).map(lambda parts: "".join(parts).encode()),
    )
)  # fmt: skip
def test_any_configuration_is_read_or_refused_as_a_whole(tmp_path_factory, data):
    folder: Path = tmp_path_factory.mktemp("tree")
    (folder / "codeguard.toml").write_bytes(data)
    with contextlib.suppress(CodeguardError):
        load_config(folder)
    untrusted = load_config(folder, {"trusted": False})  # a stranger's file is never an error
    assert untrusted.config.fail_on is not None
    assert not untrusted.config.selection.ignore
    assert not untrusted.config.files.exclude


@settings(max_examples=40, deadline=None)
@given(st.binary(max_size=120) | st.sampled_from([b"[" * 50_000, b'{"cells": 7}', b"\xff\xfe", b""]))
def test_a_malformed_notebook_is_accounted_for(tmp_path_factory, data):
    folder = tmp_path_factory.mktemp("tree")
    (folder / "a.ipynb").write_bytes(data)
    report = codeguard.scan_paths([folder], engines=["native"], jobs=1)
    assert [record.path for record in report.files] == ["a.ipynb"]
    assert report.files[0].reason or report.files[0].status is FileStatus.ANALYSED
