"""Fuzzing for longer than the tests do: `python fuzz/run.py [--programs N] [--from SEED] [--keep FOLDER]`.

Programs are drawn by seed (see `tests/mutations.py`) and read by our own engine in its killable workers, in batches as
a scan would.  For each batch every program must be accounted for.  What fails is printed, and its program written to
`--keep`: since the seeds are mutated examples of the checks, which change, a number alone names no program for long.
The program moves to `tests/data/fuzz` once it is understood.  Exit status 1 where anything failed.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests"))

from mutations import program

from codeguard.config.model import Config
from codeguard.engines import native
from codeguard.source.read import source_from_bytes

BATCH = 500


def batch(first: int, programs: Sequence[bytes], config: Config) -> list[tuple[int, str]]:
    """Read some programs, the first of which has that seed; what failed, by seed."""
    results = [source_from_bytes(f"{first + n:08}.py", data) for n, data in enumerate(programs)]
    sources = [result.source for result in results if result.source is not None]
    failed = [(first + n, "no source") for n, result in enumerate(results) if result.source is None]
    running = native.start(sources, lambda _: True, config)
    seen = set()
    try:
        for source, outcome, lost in running.files():
            seed = int(source.path.removesuffix(".py"))
            seen.add(seed)
            failures = [] if outcome is None else [f.detail for f in outcome.failures if f.fatal]
            failed += [(seed, what) for what in ([lost] if lost else failures)]
        _, failures = running.flow()
        failed += [(int(str(f.path).removesuffix(".py")), f.detail) for f in failures if f.fatal]
    finally:
        running.close()
    return failed + [(first + n, "not accounted for") for n in range(len(programs)) if first + n not in seen]


def main() -> int:
    """Run, and say what failed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=10_000)
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED")
    parser.add_argument("--seconds", type=float, default=float("inf"))
    parser.add_argument("--keep", type=Path, default=Path("fuzz/found"))
    parser.add_argument("--jobs", type=int, default=1)
    options = parser.parse_args()
    started = time.monotonic()
    done, failed = 0, 0
    while done < options.programs and time.monotonic() - started < options.seconds:
        count = min(BATCH, options.programs - done)
        first = options.first + done
        programs = [program(random.Random(seed)) for seed in range(first, first + count)]
        for seed, what in batch(first, programs, Config(jobs=options.jobs)):
            print(f"{seed}: {what}", flush=True)
            options.keep.mkdir(parents=True, exist_ok=True)
            (options.keep / f"{seed}.py").write_bytes(programs[seed - first])
            failed += 1
        done += count
    print(f"{done} programs from seed {options.first}, {failed} failures, {time.monotonic() - started:.0f} s")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
