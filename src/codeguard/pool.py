"""Killable workers: a pure function over picklable items, where a crash, a hang or a memory bomb costs one item.

One item at a time goes to each worker process; the parent watches every deadline.  A worker that dies or overstays is
killed and replaced, and its item is reported as such, with the last of what it had found until then: a function that
is a generator yields one result after another, each in the place of the one before, and returns the whole.

Where the system tells (Linux), the time that counts is the worker's own on a processor, so that a busy machine costs no
file; a worker that waits instead of working is ended at `PATIENCE` times its seconds.  A worker whose parent is gone
ends.
"""

from __future__ import annotations

import contextlib
import gc
import math
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

STACK_BYTES = 512 << 20  # deep trees recurse in LibCST's parser and code generator
RECURSION_LIMIT = 100_000
PATIENCE = 5  # how many times its seconds an item may take where the processor is busy with other things
OVERDUE = 0.05  # seconds on the processor that are not worth waiting for
ORPHAN_LOOKS = 1.0  # seconds between two looks whether the parent still lives


@dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """One item's outcome: `lost` says what became of its worker (`crashed`, `timed out`, or an exception's text).

    Where something was lost, `result` is the last that a generator had yielded until then, else None.
    """

    item: Item
    result: Result | None
    lost: str = ""


def deep_call(function: Callable[[Any], Any], argument: Any, *, beat: Callable[[], None] | None = None) -> Any:
    """`function(argument)` in a thread with a stack that deep trees need; re-raises what it raises.

    `beat` is called about once a second meanwhile.
    """
    box: list[Any] = []

    def call() -> None:
        try:
            box.append((True, function(argument)))
        except BaseException as error:  # noqa: BLE001 - handed to the caller's thread, whatever it is
            box.append((False, error))

    old = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=call, daemon=True)
        thread.start()
    finally:
        threading.stack_size(old)
    while beat is not None and thread.is_alive():
        thread.join(ORPHAN_LOOKS)
        beat()
    thread.join()
    good, value = box[0]
    if not good:
        raise value
    return value


def _limit_memory(limit_mb: int) -> None:
    if limit_mb <= 0 or sys.platform == "win32":
        return
    import resource  # noqa: PLC0415 - POSIX only

    with contextlib.suppress(ValueError, OSError, IndexError):
        # What the parent had mapped when it forked counts as well, and says nothing of this worker's items.
        inherited = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0]) * resource.getpagesize()
        limit = inherited + (limit_mb << 20) + STACK_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _serve(function: Callable[[Any], Any], link: Connection, memory_mb: int, parent: int) -> None:
    """A worker's life: read an item, answer, until the link closes or the parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.setrecursionlimit(RECURSION_LIMIT)
    _limit_memory(memory_mb)
    # Trees are cycles of many small objects: collecting after every 700 of them is a fifth of a worker's time.
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a native parser that dies says so there; the parent says it better

    no_memory = f"ran out of its {memory_mb} MB of memory"

    def loop(_: None) -> None:
        while True:
            try:
                item = link.recv()
            except (EOFError, OSError):
                return
            except MemoryError:
                answers: Iterator[_Answer] = iter([(_LOST, no_memory)])
            else:
                answers = _answers(function, item, no_memory)
            try:
                for answer in answers:
                    link.send(answer)
            except (OSError, ValueError):
                return

    def beat() -> None:
        # A sibling that was forked later holds the parent's end of our link open, so that its end alone says nothing.
        if os.getppid() != parent:
            os._exit(1)

    deep_call(loop, None, beat=beat if sys.platform != "win32" else None)
    os._exit(0)


_Answer = tuple[int, Any]
_DONE, _PART, _LOST = range(3)


def _answers(function: Callable[[Any], Any], item: Any, no_memory: str) -> Iterator[_Answer]:
    """One item's answers, the last of which says that it is; its failure is an answer, not the worker's end."""
    try:
        result = function(item)
        if not isinstance(result, Generator):
            yield _DONE, result
            return
        while True:
            try:
                part = next(result)
            except StopIteration as end:
                yield _DONE, end.value
                return
            yield _PART, part
    except MemoryError:
        yield _LOST, no_memory
    except Exception as error:  # noqa: BLE001 - whatever the item brought about
        yield _LOST, f"{type(error).__name__}: {error}"


class _Worker:
    def __init__(self, context: Any, function: Callable[[Any], Any], memory_mb: int) -> None:
        self.link, theirs = context.Pipe()
        arguments = (function, theirs, memory_mb, os.getpid())
        self.process = context.Process(target=_serve, args=arguments, daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: workers use none of theirs
            self.process.start()
        theirs.close()
        self.item: Any = None
        self.kept: Any = None
        self.busy = False
        self.seconds = self.deadline = self.last = self.worked = 0.0

    def give(self, item: Any, seconds: float) -> None:
        now = time.monotonic()
        self.item, self.kept, self.busy, self.seconds = item, None, True, seconds
        self.deadline, self.last = now + seconds, now + PATIENCE * seconds
        self.worked = _worked(self.process.pid)
        self.link.send(item)

    def overdue(self, now: float) -> bool:
        """True where its time is up; a worker that did not get the processor for so long is given what it lacks."""
        if now < self.deadline:
            return False
        left = self.seconds - (_worked(self.process.pid) - self.worked)
        if math.isnan(left) or left < OVERDUE or now >= self.last:
            return True
        self.deadline = min(now + left, self.last)
        return False

    def end(self) -> None:
        self.link.close()
        if self.process.is_alive():
            self.process.kill()
        self.process.join(5)


def map_isolated(
    function: Callable[[Item], Result],
    items: Sequence[Item] | deque[Item],
    *,
    jobs: int,
    seconds: float | Callable[[Item], float],
    memory_mb: int = 0,
) -> Generator[Done[Item, Result]]:
    """Start the workers, then yield each item's outcome as it comes, in no particular order.

    A deque of items may be added to while the outcomes are read; what is added is worked on too.

    `seconds` is the time for one item, or says it of each.  `memory_mb` limits a worker's address space; 0 is no limit.
    Closing the iterator ends the workers.
    """
    context = mp.get_context("fork" if sys.platform.startswith("linux") else "spawn")
    hire = partial(_Worker, context, function, memory_mb)
    workers = [hire() for _ in range(min(max(jobs, 1), len(items)))]
    waiting = items if isinstance(items, deque) else deque(items)
    allowance = seconds if callable(seconds) else lambda _: seconds
    results = _outcomes(waiting, workers, hire, allowance)
    next(results)  # up to the first, empty answer: from here on, closing it ends the workers
    return results


def _outcomes(
    waiting: deque[Any], workers: list[_Worker], hire: Callable[[], _Worker], allowance: Callable[[Any], float]
) -> Generator[Any]:
    try:
        yield None
        while waiting or any(w.busy for w in workers):
            for index, worker in enumerate(workers):
                if not worker.busy and waiting:
                    item = waiting.popleft()
                    for last in (False, True):  # a worker may have died since it answered: then a new one gets the item
                        try:
                            workers[index].give(item, allowance(item))
                            break
                        except (OSError, ValueError):
                            code = workers[index].process.exitcode
                            workers[index].end()
                            workers[index] = hire()
                        if last:
                            yield Done(item, None, f"crashed ({_cause(code)})")
            busy = [w for w in workers if w.busy]
            ready = wait([w.link for w in busy], timeout=max(min(w.deadline for w in busy) - time.monotonic(), 0.0))
            now = time.monotonic()
            for index, worker in enumerate(workers):
                done: Done[Any, Any]
                if worker.busy and worker.link in ready:
                    try:
                        kind, answer = worker.link.recv()
                    except (EOFError, OSError):
                        worker.process.join(5)
                        done = Done(worker.item, worker.kept, f"crashed ({_cause(worker.process.exitcode)})")
                    else:
                        if kind == _PART:
                            worker.kept = answer
                            if not worker.overdue(now):
                                continue
                            done = Done(worker.item, worker.kept, "timed out")
                        else:
                            worker.busy = False
                            yield Done(worker.item, answer) if kind == _DONE else Done(worker.item, worker.kept, answer)
                            continue
                elif worker.busy and worker.overdue(now):
                    done = Done(worker.item, worker.kept, "timed out")
                else:
                    continue
                worker.end()
                workers[index] = hire()
                yield done
    finally:
        for worker in workers:
            worker.end()


def _worked(pid: int | None) -> float:
    """Seconds that a process has had on a processor; not a number where the system does not tell."""
    try:
        # codeguard: ignore[CGS202] a number of a process of ours
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        return math.nan


def _cause(code: int | None) -> str:
    if code is None:
        return "no exit status"
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"
