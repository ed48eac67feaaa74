"""Trees that are large or that move while they are scanned: every file is accounted for."""

from __future__ import annotations

import os
import random
import threading
import time

import pytest

import codeguard
from codeguard.model import FailureKind, FileStatus
from codeguard.source import read as reading

NATIVE = {"engines": ["native"], "jobs": 2}


@pytest.mark.parametrize("count", [300, pytest.param(20_000, marks=pytest.mark.slow)])
def test_every_one_of_many_small_files_is_analysed(tmp_path, count):
    for number in range(count):
        folder = tmp_path / f"d{number % 50}"
        folder.mkdir(exist_ok=True)
        (folder / f"m{number}.py").write_text(
            "import os\nos.system(input())\n" if number % 100 == 0 else f"x = {number}\n"
        )
    report = codeguard.scan_paths([tmp_path], select=["security"], **NATIVE)
    assert report.totals()[FileStatus.ANALYSED] == len(report.files) == count
    assert len({f.path for f in report.findings}) == count // 100
    assert report.complete


def test_a_notebook_of_50_megabytes_is_accounted_for(tmp_path):
    (tmp_path / "a.py").write_text("x = 1\n")
    with (tmp_path / "big.ipynb").open("wb") as file:
        file.write(b'{"nbformat": 4, "cells": [{"cell_type": "code", "source": "eval(input())", "outputs": ["')
        file.write(b"y" * 50_000_000 + b'"]}]}')
    report = codeguard.scan_paths([tmp_path], **NATIVE)
    record = next(record for record in report.files if record.path == "big.ipynb")
    assert record.status is not FileStatus.ANALYSED
    assert record.reason
    assert any(failure.path == "big.ipynb" for failure in report.failures)
    assert sum(report.totals().values()) == 2


def test_a_file_replaced_while_it_is_read_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.py"
    path.write_text("x = 1\n" * 1000)
    (tmp_path / "b.py").write_text("x = 1\n")
    real = os.read

    def replacing(descriptor, size):
        data = real(descriptor, size)
        if path.exists() and os.fstat(descriptor).st_ino == path.stat().st_ino:
            path.write_text("eval(input())\n")
        return data

    monkeypatch.setattr(reading.os, "read", replacing)
    report = codeguard.scan_paths([tmp_path], **NATIVE)
    assert {r.path: r.status for r in report.files} == {"a.py": FileStatus.FAILED, "b.py": FileStatus.ANALYSED}
    assert [(f.path, f.kind) for f in report.failures] == [("a.py", FailureKind.CHANGED)]
    assert not report.complete


def test_a_tree_that_changes_all_the_time_is_accounted_for(tmp_path):
    names = [f"m{number}.py" for number in range(50)]
    for name in names:
        (tmp_path / name).write_text("eval(input())\n")
    draw, stop = random.Random(1), time.monotonic() + 3

    def change():
        while time.monotonic() < stop:
            path = tmp_path / draw.choice(names)
            way = draw.randrange(4)
            if way == 0:
                path.unlink(missing_ok=True)
            elif way == 1:
                path.unlink(missing_ok=True)
                path.symlink_to("/dev/zero")
            else:
                draft = path.with_suffix(".tmp")
                draft.write_text("eval(input())\n" * draw.randrange(1, 300))
                draft.replace(path)

    thread = threading.Thread(target=change)
    thread.start()
    try:
        while time.monotonic() < stop:
            report = codeguard.scan_paths([tmp_path], **NATIVE)
            assert sum(report.totals().values()) == len(report.files) <= len(names)
            assert len({record.path for record in report.files}) == len(report.files)
            assert all(record.reason for record in report.files if record.status is not FileStatus.ANALYSED)
            told = {f.path for f in report.failures} | {f.path for f in report.findings}
            assert {record.path for record in report.files} <= told, "a canary is found, or why it was not"
    finally:
        thread.join()
