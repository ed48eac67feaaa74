"""What all formats have in common: loaded when used, sure of the order, silent about secrets."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from dataclasses import replace

import pytest
import report_samples as samples
from hypothesis import given
from hypothesis import strategies as st

from codeguard.report import FORMATS, VERBOSE, RenderOptions

EVERYTHING = RenderOptions(show_suppressed=True, show_dismissed=True, statistics=True, verbosity=VERBOSE)


def test_there_are_the_three_formats_under_their_own_names():
    assert {name: row.name for name, row in FORMATS.items()} == {"text": "text", "json": "json", "sarif": "sarif"}


@pytest.mark.parametrize("name", ["", "json", "sarif"])
def test_rich_is_only_loaded_for_text(name):
    code = (
        "import sys; sys.path.insert(0, 'tests'); from codeguard.report import FORMATS, RenderOptions\n"
        "from codeguard.model import Report\n"
        f"if {name!r}: FORMATS[{name!r}].render(Report('/r', (), (), {{}}), RenderOptions())\n"
        "print([m for m in sys.modules if m.split('.')[0] == 'rich' or m.startswith('codeguard.report.text')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", FORMATS)
def test_the_order_in_which_things_were_found_does_not_matter(name):
    report = samples.sample()
    first = FORMATS[name].render(report, EVERYTHING)
    for seed in range(5):
        shuffle = random.Random(seed)

        def mixed(items, shuffle=shuffle):
            return tuple(shuffle.sample(items, len(items)))

        other = replace(
            report,
            findings=mixed(report.findings),
            suppressed=mixed(report.suppressed),
            failures=mixed(report.failures),
            files=mixed(report.files),
            rules=dict(mixed(list(report.rules.items()))),
            texts=dict(mixed(list(report.texts.items()))),
        )
        assert FORMATS[name].render(other, EVERYTHING) == first


@pytest.mark.parametrize("name", FORMATS)
@samples.few
@given(report=samples.reports(), verbosity=st.integers(0, 2), color=st.booleans(), width=st.integers(1, 130))
def test_any_report_becomes_utf8_without_control_characters(name, report, verbosity, color, width):
    options = replace(EVERYTHING, verbosity=verbosity, color=color and name == "text", width=width, base="a b/c")
    text = FORMATS[name].render(report, options).decode("utf-8")
    assert all(char.isprintable() for char in text.replace("\n", "").replace("\x1b[", ""))
    assert text.endswith("\n") or not text


@pytest.mark.parametrize("name", FORMATS)
def test_the_account_of_files_adds_up(name):
    report = samples.sample()
    text = FORMATS[name].render(report, RenderOptions(width=200)).decode()
    if name == "text":
        account = next(line for line in text.split("\n") if line.startswith("14 files: "))
        counts = [int(part.split()[0]) for part in account.partition(": ")[2].split(", ")]
    elif name == "json":
        summary = json.loads(text)["summary"]
        counts = list(summary["files_by_status"].values())
        assert summary["files"] == len(report.files)
    else:
        files = json.loads(text)["runs"][0]["properties"]["files"]
        assert files.pop("discovered") == len(report.files)
        counts = list(files.values())
    assert sum(counts) == len(report.files)
