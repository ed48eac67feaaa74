"""What runs in Bandit's child: `python -I bandit_worker.py JOB.json`, one JSON line on standard output a file.

This file imports nothing of codeguard and is started by its path, so that the child holds Bandit and the standard
library alone.  Bandit's own driver (`BanditManager.run_tests`) is not used: it reads `# nosec`, hides why a file failed
and gives back no end of what it found.  Its visitor and its plugins are, through four names of `bandit.core`; the
canary file of `engines.bandit` proves in every scan that they still do what they did.

The job: `root` (folder of the files), `files` (names below it, or absolute), `path` (folders to import from where
Python does not find Bandit by itself), `patience` (seconds for a file, before those for its size).

The lines: first `{"loaded": n, "declared": n}`, how many of Bandit's extensions there are and how many could be loaded;
then for each file, in order, `{"file", "read", "findings", "failures"}`.  A finding is id, severity, confidence and
text as Bandit gives them, and a place: start line, start byte, end line, end byte (lines 1-based, bytes of UTF-8
0-based), or the offset of one code point.  A failure is kind, detail, line.  A file that takes longer than its patience
ends the child with status `STUCK`, as a crash of the interpreter ends it with another; the next child goes on behind.
"""

from __future__ import annotations

import ast
import importlib
import importlib.metadata
import io
import json
import os
import queue
import re
import sys
import threading
from collections.abc import Iterator
from typing import IO, Any

STUCK = 75
"""The exit status that says: the file after the last line takes too long."""

START = 120.0
"""Seconds that loading Bandit may take: on a cold disk, many times as long as on a warm one."""

BYTES_A_SECOND = 100_000
"""A file's patience grows with its size; Bandit reads three times as many on a slow machine."""

# Bandit walks the tree recursively, three frames a level.  Only a big stack makes a high limit safe.
RECURSION_LIMIT = 150_000
STACKS = (512 << 20, 256 << 20, 64 << 20)

MEMORY = 2 << 30
"""Bytes of address space beside the stack: who needs more is stopped by a `MemoryError`, which costs its file."""

EXTENSIONS = ("bandit.plugins", "bandit.blacklists")
COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=]")


class Bandit:
    """Bandit's own plugins, loaded once, none of any other distribution."""

    def __init__(self) -> None:
        declared = list(importlib.metadata.distribution("bandit").entry_points)
        extension = importlib.import_module("stevedore.extension")
        # Filling this cache before `bandit.core` asks keeps stevedore from reading every installed distribution (and
        # a cache of its own in the user's home), and other people's plugins out.  Formatters we have no use for.
        groups = {group: [e for e in declared if e.group == group] for group in EXTENSIONS}
        extension.ExtensionManager.ENTRY_POINT_CACHE.update({**groups, "bandit.formatters": []})
        self._visitor = importlib.import_module("bandit.core.node_visitor").BanditNodeVisitor
        self._tester = _tester_class(importlib.import_module("bandit.core.tester").BanditTester)
        config = importlib.import_module("bandit.core.config").BanditConfig()
        self._tests = importlib.import_module("bandit.core.test_set").BanditTestSet(config)
        loader = importlib.import_module("bandit.core.extension_loader").MANAGER
        self.declared = sum(map(len, groups.values()))
        self.loaded = len(loader.plugins) + len(list(loader.blacklists_mgr))

    def read(self, name: str, data: bytes) -> dict[str, Any]:
        """All that Bandit says of one file, and what kept it from saying more."""
        text = data.decode("utf-8", "replace")
        # Its path would only make Bandit look for packages around the file.
        visitor = self._visitor(f"./{os.path.basename(name)}", _source(data), None, self._tests, False, {}, None)  # noqa: FBT003, PTH119
        tester = visitor.tester = self._tester(text, self._tests)
        visitor.update_scores = _no_scores
        failures = tester.failures
        read = False
        try:
            visitor.process(text)
            read = True
        except SyntaxError as error:
            failures.append(
                ["unparsable", f"{error.msg} (Python {sys.version_info[0]}.{sys.version_info[1]})", error.lineno or 0]
            )
        except (RecursionError, MemoryError) as error:
            # What this Python cannot parse, it cannot run either; what Bandit's visitor cannot walk, it could.
            kind = "limit" if tester.asked else "unparsable"
            failures.append([kind, f"nested too deeply: {error or type(error).__name__}", 0])
        except ValueError as error:  # a NUL character, before Python 3.12
            failures.append(["unparsable" if "\0" in text else "crash", f"{error}", 0])
        except Exception as error:  # noqa: BLE001 - whatever Bandit trips over costs this file alone
            failures.append(["crash", f"{type(error).__name__}: {error}", 0])
        return {"file": name, "read": read, "findings": tester.found, "failures": failures}


def _no_scores(scores: Any) -> None:
    """Bandit adds up scores at every node; nobody here reads them."""


def _tester_class(base: Any) -> type[Any]:
    """Bandit's tester, made to remember where the node ends that a plugin reports, and which plugins failed."""

    class Tester(base):  # type: ignore[misc]
        def __init__(self, text: str, tests: Any) -> None:
            super().__init__(tests, False, {}, None)  # noqa: FBT003
            self.text = text
            self.found: list[list[Any]] = []
            self.failures: list[list[Any]] = []
            self.failed: set[str] = set()
            self.asked = False

        def run_tests(self, raw_context: dict[str, Any], checktype: str) -> None:
            self.asked = True
            if not self.testset.get_tests(checktype):  # most kinds of nodes
                return
            before = len(self.results)
            super().run_tests(raw_context, checktype)
            for issue in self.results[before:]:
                place = _place(raw_context.get("node"), issue, self.text)
                self.found.append([issue.test_id, issue.severity, issue.confidence, issue.text, place])

        def _get_nosecs_from_contexts(self, context: Any, test_result: Any = None) -> None:
            """No comment counts; looking for one on every line of every node takes Bandit four fifths of its time."""

        def report_error(self, test: str, context: Any, error: Exception) -> None:
            if test not in self.failed:  # a plugin that fails on a kind of node fails on every one
                self.failed.add(test)
                line = getattr(context.node, "lineno", 0)
                self.failures.append(["check-failed", f"{test} failed: {type(error).__name__}: {error}", line])

    return Tester


def _place(node: Any, issue: Any, text: str) -> int | tuple[int, int, int, int]:
    """The tightest stretch of code that shows what the issue is about."""
    if node is None:  # about the file: Bandit counts lines by `str.splitlines`, and columns from 1
        before = text.splitlines(keepends=True)[: issue.lineno - 1]
        return sum(map(len, before)) + max(int(issue.col_offset) - 1, 0)
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return _extent(_default(node, issue.text) or node.args)
    if isinstance(node, ast.Constant):
        node = _expression(node) if issue.test_id == "B608" else _string(node)
    if not hasattr(node, "lineno"):  # a kind of node that no plugin of 1.9 reports
        return issue.lineno, 0, issue.lineno, 0
    return _extent(_outermost_f_string(node) or node)


def _extent(node: Any) -> tuple[int, int, int, int]:
    if isinstance(node, ast.arguments):  # it has no place of its own
        inner = [_extent(n) for n in ast.iter_child_nodes(node)] or [(1, 0, 1, 0)]
        return (*min(i[:2] for i in inner), *max(i[2:] for i in inner))
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _default(function: Any, text: str) -> Any:
    """The default value that the text quotes."""
    for value in function.args.defaults:
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and text.endswith(f"'{value.value}'"):
            return value
    return None


def _string(node: Any) -> Any:
    """The f-string that a piece of text is part of: only newer Pythons know where the piece stands."""
    parent = node._bandit_parent  # noqa: SLF001 - how Bandit's visitor links its nodes
    return parent if type(parent).__name__ in {"JoinedStr", "TemplateStr"} else node


def _expression(node: Any) -> Any:
    """The whole of a text that is put together: by `+`, `%`, an f-string, `format` or `replace`."""
    while True:
        parent = getattr(node, "_bandit_parent", None)
        call = getattr(parent, "_bandit_parent", None)
        if isinstance(parent, ast.BinOp) or type(parent).__name__ in {"JoinedStr", "TemplateStr"}:
            node = parent
        elif isinstance(parent, ast.Attribute) and isinstance(call, ast.Call) and call.func is parent:
            node = call
        else:
            return node


def _outermost_f_string(node: Any) -> Any:
    """The f-string around a node, where this Python (before 3.12) places the node outside of it."""
    extent, found = _extent(node), None
    for outer in _ancestors(node):
        if isinstance(outer, ast.JoinedStr):
            place = _extent(outer)
            if not (place[:2] <= extent[:2] and extent[2:] <= place[2:]):
                found = outer
    return found


def _ancestors(node: Any) -> Iterator[Any]:
    while (node := getattr(node, "_bandit_parent", None)) is not None:
        yield node


def _source(data: bytes) -> io.BytesIO:
    """The file for the plugin that decodes it by itself, without a coding cookie: the data are UTF-8 in any case."""
    head = data.split(b"\n", 2)
    for number, line in enumerate(head[:2]):
        if COOKIE.match(line):
            head[number] = line.replace(b"coding", b"c0ding")
    return io.BytesIO(b"\n".join(head))


def main(job_file: str) -> None:
    """Do the job; the exit status is 0 once every file has had its line."""
    with open(job_file, encoding="utf-8") as stream:  # noqa: PTH123 - pathlib costs 3 ms here
        job = json.load(stream)
    sys.path += job["path"]
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a plugin prints is not our answer
    sizes = [_size(os.path.join(job["root"], name)) for name in job["files"]]  # noqa: PTH118
    sys.setrecursionlimit(RECURSION_LIMIT)
    _limit_memory(STACKS[0] + MEMORY)
    signs: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()
    _start(lambda: _answer(job, out, signs))
    for patience in (START, *(job["patience"] + size / BYTES_A_SECOND for size in sizes)):
        try:
            error = signs.get(timeout=patience)
        except queue.Empty:
            os._exit(STUCK)
        if error is not None:
            sys.stderr.write(f"{type(error).__name__}: {error}\n")
            sys.stderr.flush()
            os._exit(1)
    os._exit(0)  # at once: freeing a deep tree takes a while


def _answer(job: dict[str, Any], out: IO[str], signs: queue.SimpleQueue[BaseException | None]) -> None:
    """Write the lines, each before the next file is touched, and give a sign after each; an exception ends it."""

    def tell(line: dict[str, Any]) -> None:
        out.write(json.dumps(line) + "\n")
        out.flush()
        signs.put(None)

    try:
        bandit = Bandit()
        tell({"loaded": bandit.loaded, "declared": bandit.declared})
        for name in job["files"]:
            try:
                # codeguard: ignore[CGS202] staged names are ours
                with open(os.path.join(job["root"], name), "rb") as stream:  # noqa: PTH118, PTH123
                    data = stream.read()
            except OSError as error:  # noqa: PERF203
                tell(
                    {"file": name, "read": False, "findings": [], "failures": [["unreadable", str(error.strerror), 0]]}
                )
            else:
                tell(bandit.read(name, data))
    except BaseException as error:  # noqa: BLE001 - the main thread waits for a sign, and tells
        signs.put(error)


def _limit_memory(size: int) -> None:
    try:
        resource = importlib.import_module("resource")
        resource.setrlimit(resource.RLIMIT_AS, (size, size))
    except (ImportError, OSError, ValueError):  # Windows, macOS, or a limit below ours
        return


def _start(work: Any) -> None:
    for size in STACKS:
        threading.stack_size(size)
        try:
            threading.Thread(target=work, daemon=True).start()
        except (RuntimeError, MemoryError):  # less memory may be had
            continue
        return
    raise MemoryError("no thread with a stack of 64 MB can be started")


def _size(path: str) -> int:
    try:
        return os.path.getsize(path)  # noqa: PTH202
    except OSError:
        return 0


if __name__ == "__main__":
    main(sys.argv[1])
