"""Killable workers: a pure function over picklable items, where a crash, a hang or a memory bomb costs one item.

One item at a time goes to each worker process; the parent watches every deadline.  A worker that dies or overstays is
killed and replaced, and its item is reported as such.
"""

from __future__ import annotations

import contextlib
import multiprocessing as mp
import os
import signal
import sys
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any, Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")

STACK_BYTES = 512 << 20  # deep trees recurse in LibCST's parser and code generator
RECURSION_LIMIT = 100_000


@dataclass(frozen=True, slots=True)
class Done(Generic[Item, Result]):
    """One item's outcome: a result, or what became of the worker (`crashed`, `timed out`, or an exception's text)."""

    item: Item
    result: Result | None
    lost: str = ""


def deep_call(function: Callable[[Any], Any], argument: Any) -> Any:
    """`function(argument)` in a thread with a stack that deep trees need; re-raises what it raises."""
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


def _serve(function: Callable[[Any], Any], link: Connection, memory_mb: int) -> None:
    """A worker's life: read an item, answer, until the link closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    sys.setrecursionlimit(RECURSION_LIMIT)
    _limit_memory(memory_mb)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # a native parser that dies says so there; the parent says it better

    no_memory = f"ran out of its {memory_mb} MB of memory"

    def loop(_: None) -> None:
        while True:
            try:
                item = link.recv()
            except (EOFError, OSError):
                return
            except MemoryError:
                answer: tuple[bool, Any] = (False, no_memory)
            else:
                answer = _answer(function, item, no_memory)
            try:
                link.send(answer)
            except (OSError, ValueError):
                return

    deep_call(loop, None)
    os._exit(0)


def _answer(function: Callable[[Any], Any], item: Any, no_memory: str) -> tuple[bool, Any]:
    """One item's answer; its failure is an answer, not the worker's end."""
    try:
        return True, function(item)
    except MemoryError:
        return False, no_memory
    except Exception as error:  # noqa: BLE001 - whatever the item brought about
        return False, f"{type(error).__name__}: {error}"


class _Worker:
    def __init__(self, context: Any, function: Callable[[Any], Any], memory_mb: int) -> None:
        self.link, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(function, theirs, memory_mb), daemon=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # fork with threads: workers use none of theirs
            self.process.start()
        theirs.close()
        self.item: Any = None
        self.busy = False
        self.deadline = 0.0

    def give(self, item: Any, seconds: float) -> None:
        self.item, self.busy, self.deadline = item, True, time.monotonic() + seconds
        self.link.send(item)

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
    seconds: float,
    memory_mb: int = 0,
    grace: Callable[[Item], float] = lambda _: 0.0,
) -> Generator[Done[Item, Result]]:
    """Start the workers, then yield each item's outcome as it comes, in no particular order.

    A deque of items may be added to while the outcomes are read; what is added is worked on too.

    `seconds` is the time for one item, to which `grace(item)` adds (for its size, say).  `memory_mb` limits a
    worker's address space; 0 is no limit.  Closing the iterator ends the workers.
    """
    context = mp.get_context("fork" if sys.platform.startswith("linux") else "spawn")
    hire = partial(_Worker, context, function, memory_mb)
    workers = [hire() for _ in range(min(max(jobs, 1), len(items)))]
    waiting = items if isinstance(items, deque) else deque(items)
    results = _outcomes(waiting, workers, hire, lambda item: seconds + grace(item))
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
                if not worker.busy or (worker.link not in ready and now < worker.deadline):
                    continue
                done: Done[Any, Any]
                if worker.link in ready:
                    try:
                        good, answer = worker.link.recv()
                    except (EOFError, OSError):
                        worker.process.join(5)
                        done = Done(worker.item, None, f"crashed ({_cause(worker.process.exitcode)})")
                    else:
                        worker.busy = False
                        yield Done(worker.item, answer) if good else Done(worker.item, None, answer)
                        continue
                else:
                    done = Done(worker.item, None, "timed out")
                worker.end()
                workers[index] = hire()
                yield done
    finally:
        for worker in workers:
            worker.end()


def _cause(code: int | None) -> str:
    if code is None:
        return "no exit status"
    return signal.Signals(-code).name if code < 0 else f"exit status {code}"
