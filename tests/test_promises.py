"""Every promise in `docs/promises.md` names tests that exist."""

from __future__ import annotations

import re
from pathlib import Path

TESTS = Path(__file__).parent
PAGE = TESTS.parent / "docs" / "promises.md"


def test_every_promise_names_tests_that_exist():
    rows = [line for line in PAGE.read_text(encoding="utf-8").split("\n") if line.startswith("| ")]
    promises = [row.split("|")[2] for row in rows if row.split("|")[2].strip() not in {"held by", "---"}]
    assert len(promises) > 20
    for held_by in promises:
        named = re.findall(r"`([\w/*]+\.py)`", held_by)
        assert named, held_by
        for name in named:
            assert list((TESTS.parent if "/" in name else TESTS).glob(name)), name
