"""What the API oracle costs: at its first questions, and a thousand lines, parsing and names left out.

Usage: python bench/oracles.py FOLDER

The first figure is the milliseconds of CPU that a new process takes to answer for a snippet that uses six libraries,
reading their data; the second the milliseconds a kLOC over the folder's files, whose units exist before the clock runs.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from codeguard.checks import load
from codeguard.checks._api import run
from codeguard.syntax.recover import parse
from codeguard.syntax.unit import Unit

SNIPPET = """\
import json
import os
import numpy as np
import pandas as pd
import requests
from flask import Flask

app = Flask(__name__)
frame = pd.DataFrame({"a": np.arange(3)})
answer = requests.get("https://example.invalid", timeout=3)
print(os.path.join("a", "b"), json.dumps(answer.json()), frame.groupby("a"), app.route("/"))
"""


def ready(path: str, text: str) -> Unit:
    """A unit whose names and scopes are resolved, as other checks leave it."""
    unit = parse(path, text)
    _ = unit.calls
    return unit


def main() -> None:
    """Print both figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    checks = [check for check in load() if "CGC090" <= check.id <= "CGC099"]
    unit = ready("snippet.py", SNIPPET)
    start = time.process_time()
    hits = sum(len(run(check, unit)) for check in checks)
    print(f"first questions: {(time.process_time() - start) * 1000:.1f} ms CPU, {hits} hits")
    spent, lines, hits = 0.0, 0, 0
    for path in sorted(options.folder.rglob("*.py")):
        text = path.read_text("utf-8", "replace")
        unit = ready(path.name, text)
        start = time.process_time()
        hits += sum(len(run(check, unit)) for check in checks)
        spent += time.process_time() - start
        lines += text.count("\n")
    print(f"{lines} lines: {spent * 1e6 / max(lines, 1):.2f} ms CPU a kLOC, {hits} hits")


if __name__ == "__main__":
    main()
