"""Killable workers: one bad item costs one item."""

from __future__ import annotations

import os
import signal
import time

import pytest

from codeguard.pool import deep_call, map_isolated

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the workers of these tests are forked")


def work(item):
    if item == "segfault":
        signal.raise_signal(signal.SIGSEGV)
    if item == "hang":
        time.sleep(60)
    if item == "raise":
        raise ValueError("no")
    if item == "exit":
        os._exit(7)
    if item == "memory":
        return len(bytearray(8 << 30))
    if item == "busy":
        while True:
            pass
    return item * 2


def work_in_steps(item):
    for step in range(1, 4):
        if item == "dies at 3" and step == 3:
            signal.raise_signal(signal.SIGKILL)
        if item == "hangs at 3" and step == 3:
            time.sleep(60)
        if item == "fails at 1":
            raise ValueError("no")
        yield step
        if item == "endless":
            while True:
                yield step
    return "whole"


def outcomes(items, **kwargs):
    return {done.item: (done.result, done.lost) for done in map_isolated(work, items, jobs=2, **kwargs)}


def test_every_item_has_one_outcome_and_a_bad_one_costs_only_itself():
    items = [1, "segfault", 2, "raise", 3, "exit", 4]
    found = outcomes(items, seconds=20)
    assert {k: v[0] for k, v in found.items()} == {
        1: 2,
        2: 4,
        3: 6,
        4: 8,
        "segfault": None,
        "raise": None,
        "exit": None,
    }
    assert found["segfault"][1] == "crashed (SIGSEGV)"
    assert found["raise"][1] == "ValueError: no"
    assert found["exit"][1] == "crashed (exit status 7)"


def test_a_hanging_item_is_ended_at_its_deadline():
    start = time.monotonic()
    found = outcomes([1, "hang", 2], seconds=1)
    assert found["hang"] == (None, "timed out")
    assert found[2] == (4, "")
    assert time.monotonic() - start < 15


def test_an_item_that_works_too_long_is_ended_although_the_processor_is_its_own():
    found = outcomes([1, "busy", 2], seconds=1)
    assert found["busy"] == (None, "timed out")
    assert found[2] == (4, "")


def test_of_an_item_that_is_lost_the_last_that_it_told_is_kept():
    items = [1, "dies at 3", "hangs at 3", "fails at 1", "endless"]
    found = {d.item: (d.result, d.lost) for d in map_isolated(work_in_steps, items, jobs=2, seconds=1)}
    assert found == {
        1: ("whole", ""),
        "dies at 3": (2, "crashed (SIGKILL)"),
        "hangs at 3": (2, "timed out"),
        "fails at 1": (None, "ValueError: no"),
        "endless": (1, "timed out"),
    }


def test_seconds_may_differ_by_item():
    done = map_isolated(work, ["hang", 1], jobs=1, seconds=lambda item: 1 if item == "hang" else 30)
    assert {d.item: d.lost for d in done} == {"hang": "timed out", 1: ""}


def test_an_item_that_wants_too_much_memory_is_told_so():
    found = outcomes(["memory", 5], seconds=30, memory_mb=512)
    assert "memory" in found["memory"][1]
    assert found[5] == (10, "")


def test_closing_the_iterator_leaves_no_worker_behind():
    results = map_isolated(work, list(range(50)), jobs=2, seconds=5)
    next(results)
    results.close()
    import multiprocessing

    assert multiprocessing.active_children() == []


def test_no_items_is_no_work():
    assert list(map_isolated(work, [], jobs=2, seconds=1)) == []


def test_a_deep_call_hands_on_results_and_errors():
    assert deep_call(lambda x: x + 1, 1) == 2
    with pytest.raises(ZeroDivisionError):
        deep_call(lambda x: 1 / x, 0)
