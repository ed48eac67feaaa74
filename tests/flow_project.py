"""A project given as texts, and what the data flow finds in it."""

from __future__ import annotations

from textwrap import dedent

from codeguard.flow.analysis import Analysis
from codeguard.flow.lower import lower, places
from codeguard.knowledge.flow import library
from codeguard.syntax.recover import parse


def reached(files: dict[str, str]) -> set[tuple[str, int, str]]:
    """Path, 1-based line and kind of every sink that untrusted data reaches; raises where a function breaks the analysis."""
    units = {path: parse(path, dedent(text).lstrip("\n")) for path, text in files.items()}
    analysis = Analysis({path: lower(unit) for path, unit in units.items()}, library())
    analysis.run()
    assert analysis.errors == []
    found = set()
    for one in analysis.verdicts.reached():
        span = places(units[one.module], [one.at])[one.at]
        found.add((one.module, span.start_line, one.sink.kind))
    return found


def lines(text: str) -> list[int]:
    """The 1-based lines of one file on which untrusted data reaches a sink, and those marked `# bad`."""
    return sorted({line for _, line, _ in reached({"app.py": text})})


def marked(text: str) -> list[int]:
    """The lines that end with `# bad`."""
    return [n for n, line in enumerate(dedent(text).lstrip("\n").split("\n"), 1) if line.endswith("# bad")]
