"""Lines a second and core of our own engine (parse, checks, data flow), and memory, on a folder of Python.

Usage: python bench/throughput.py FOLDER [--without-flow]

CPU is user and system time of the process and its workers; memory is the largest resident set of any of them.
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

import codeguard


def main() -> None:
    """Print lines, CPU seconds, lines a second of CPU, and peak memory."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder")
    parser.add_argument("--engines", nargs="+", default=["native"])
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    start = time.monotonic()
    report = codeguard.scan_paths([Path(options.folder)], engines=options.engines, jobs=options.jobs)
    wall = time.monotonic() - start
    own, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    lines = sum(record.lines for record in report.files)
    print(
        f"{len(report.files)} files, {lines} lines, {len(report.findings)} findings, complete: {report.complete}; "
        f"CPU {cpu:.1f} s, {lines / cpu:,.0f} lines a second and core, wall {wall:.1f} s; "
        f"peak memory parent {own.ru_maxrss >> 10} MiB, largest child {children.ru_maxrss >> 10} MiB"
    )


if __name__ == "__main__":
    main()
