"""What a cold scan of one file costs beside `semgrep scan` with the same packs: CPU seconds, medians, one machine.

Usage: python bench/single_file.py [FILE] [--runs 5]

Both run as a user would run them, all engines on, caches warm (the packs' JSON for codeguard, Semgrep's own settings).
CPU is user and system time of the process and all its children. Absolute times are noise on a shared machine: quote
the ratio.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent


def cpu_seconds(argv: list[str], cwd: str, env: dict[str, str]) -> float:
    """User and system seconds of one run, its children included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(argv, cwd=cwd, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Print the medians and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", nargs="?", default=str(HERE / "examples/notes_api/app.py"))
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    scripts = Path(sys.executable).parent
    file = str(Path(options.file).resolve())
    env = {**os.environ, "SEMGREP_SEND_METRICS": "off", "SEMGREP_ENABLE_VERSION_CHECK": "0"}
    ours = [str(scripts / "codeguard"), "scan", file, "--format", "json"]
    commands = {
        "codeguard, all engines": ours,
        "codeguard, without semgrep": [*ours, "--no-engine", "semgrep"],
        "semgrep scan, same packs": [
            str(scripts / "semgrep"), "scan", "--config", str(HERE / "rules"), "--metrics=off",
            "--disable-version-check", "--json", "-j", "1", file,
        ],
    }  # fmt: skip
    medians: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, argv in commands.items():
            cpu_seconds(argv, folder, env)  # warm the caches
            medians[name] = statistics.median(cpu_seconds(argv, folder, env) for _ in range(options.runs))
    base = medians["semgrep scan, same packs"]
    for name, seconds in medians.items():
        print(f"{name:28} {seconds:6.2f} s   {seconds / base:5.2f}")


if __name__ == "__main__":
    main()
