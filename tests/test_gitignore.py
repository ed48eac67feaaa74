"""Ignore patterns mean what they mean to Git, and hostile ones cost no time."""

from __future__ import annotations

import os
import random
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import pytest

from codeguard.source.gitignore import MAX_BYTES, MAX_WILDCARDS, IgnoreRules, load_rules

GIT = shutil.which("git")

# pattern file, path (a folder if it ends in /), is it ignored (None: no pattern matches)
PATTERNS = [
    ("a.py", "sub/a.py", True),
    ("/a.py", "sub/a.py", None),
    ("/a.py", "a.py", True),
    ("sub/a.py", "sub/a.py", True),
    ("sub/a.py", "x/sub/a.py", None),
    ("a/", "a", None),
    ("a/", "x/a/", True),
    ("*.py", "x/a.py", True),
    ("x/*.py", "x/y/a.py", None),
    ("x/**/*.py", "x/y/z/a.py", True),
    ("x/**/a.py", "x/a.py", True),
    ("**/y/a.py", "y/a.py", True),
    ("x/**", "x/", None),
    ("x/**", "x/a.py", True),
    ("a?.py", "ab.py", True),
    ("a?b", "a/b", None),
    ("[ab].py", "b.py", True),
    ("[!ab].py", "b.py", None),
    ("[^ab].py", "c.py", True),
    ("[a-c].py", "b.py", True),
    ("[]-].py", "-.py", True),
    ("[[:digit:]_].py", "7.py", True),
    ("[[:wrong:]].py", "w.py", None),
    ("[ab.py", "[ab.py", None),
    ("[z-a].py", "z.py", None),
    ("a\\*.py", "a*.py", True),
    ("a\\*.py", "ab.py", None),
    ("\\!a.py", "!a.py", True),
    ("\\#a.py", "#a.py", True),
    ("#a.py", "#a.py", None),
    ("a.py ", "a.py", True),
    ("a.py\\ ", "a.py ", True),
    (" a.py", " a.py", True),
    ("a.py\r", "a.py", True),
    ("a.py\n!a.py", "a.py", False),
    ("!a.py\na.py", "a.py", True),
    ("!*.py\n/sub/a.py\n!b.py", "sub/a.py", True),
    ("\ufeffa.py", "a.py", None),
    ("\n/\n!\n//\n\\\n", "a.py", None),
    ("*" * 200 + "a", "a", True),
    ("日*.py", "日本.py", True),
    ("x" * 1001, "x" * 1001, None),
]


@pytest.mark.parametrize(("text", "path", "ignored"), PATTERNS)
def test_a_pattern_matches_as_gitignore_says(text, path, ignored):
    rules = IgnoreRules("/top", text)
    bare = path.rstrip("/")
    assert rules.ignores(f"/top/{bare}", bare.rpartition("/")[2], folder=path.endswith("/")) is ignored


def test_hostile_patterns_cost_no_time():
    rules = IgnoreRules("/", "*a" * 400 + "b\n" + "**/a/" * 100 + "b\n" + "**/*a*a*a/" * 20 + "b\n")
    start = time.monotonic()
    for path in ("a" * 255, "/".join("a" * 2000), "/".join(["a" * 200] * 15)):
        assert rules.ignores(f"/{path}", path.rpartition("/")[2], folder=False) is None
    assert time.monotonic() - start < 5


def test_a_gitignore_that_git_would_not_read_or_that_is_too_long_is_not_obeyed(tmp_path):
    file = tmp_path / ".gitignore"
    for text in ("*.py\n", "*.py\n" * MAX_WILDCARDS):
        file.write_text(text)
        assert load_rules(str(file), str(tmp_path)) is not None
    for text in ("*.py\n" * (MAX_WILDCARDS + 1), "a.py\n" * (MAX_BYTES // 5 + 1)):
        file.write_text(text)
        assert load_rules(str(file), str(tmp_path)) is None
    file.write_bytes(b"\xef\xbb\xbfa.py\n\xff.py\n")
    rules = load_rules(str(file), "/top")
    assert rules.ignores("/top/a.py", "a.py", folder=False)
    assert rules.ignores("/top/\udcff.py", "\udcff.py", folder=False)
    file.rename(tmp_path / "elsewhere")
    file.symlink_to("elsewhere")
    assert load_rules(str(file), str(tmp_path)) is None
    file.unlink()
    os.mkfifo(file)
    assert load_rules(str(file), str(tmp_path)) is None


ATOMS = ["a", "b", "ab", ".py", "*", "*", "?", "[ab]", "[!a]", "[a-]", "[]a]", "[[:alpha:]]", "\\*", "/", "!", "#", " ", "[z-a]", "/**", "**/", "/**/", "[a/b]"]  # fmt: skip


@pytest.mark.skipif(GIT is None, reason="compares with Git")
def test_what_is_ignored_is_what_git_ignores():
    chance = random.Random(7)
    entries = ["a", "b.py", "ab", "[a]", "*", "d/a", "d/b/a.py", "d/b/ab", "a.py/b", "b/b/b/a", "a /b"]
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PATH": os.environ["PATH"], "HOME": folder, "GIT_CONFIG_NOSYSTEM": "1"}
        subprocess.run([GIT, "init", "-q", folder], check=True, env=environment)
        for entry in entries:
            (Path(folder) / entry).parent.mkdir(parents=True, exist_ok=True)
            (Path(folder) / entry).touch()
        for _ in range(60):
            patterns = ["".join(chance.choices(ATOMS, k=chance.randint(1, 4))) for _ in range(3)]
            (Path(folder) / ".git/info/exclude").write_text("\n".join(patterns))
            command = [GIT, "check-ignore", "-z", "--stdin", "--no-index"]
            answer = subprocess.run(
                command,
                cwd=folder,
                env=environment,
                input="\0".join(entries),
                capture_output=True,
                text=True,
                check=False,
            )
            rules = IgnoreRules(folder, "\n".join(patterns))
            assert {entry for entry in entries if ignored_on_the_way(rules, folder, entry)} == set(
                answer.stdout.split("\0")
            ) - {""}, patterns


def ignored_on_the_way(rules: IgnoreRules, base: str, entry: str) -> bool:
    parts = entry.split("/")
    ways = ["/".join(parts[:end]) for end in range(1, len(parts) + 1)]
    return any(rules.ignores(f"{base}/{way}", way.rpartition("/")[2], folder=way != entry) for way in ways)
