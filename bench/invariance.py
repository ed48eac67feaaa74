"""Whether malicious findings survive what costs an attacker nothing: other hosts, other names.

Usage: python bench/invariance.py SAMPLES.jsonl

Each line holds `id`, `code`, `filename` and `malicious` (true or false).  Every host and address in the code is
replaced by another reserved one, every name that the code itself binds by a meaningless one, and both; what our own
checks find is counted for each.  Nothing is run.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import io
import json
import random
import re
import tokenize
from collections.abc import Callable
from pathlib import Path

from codeguard.checks import load
from codeguard.engines.native import analyse
from codeguard.model import Category
from codeguard.source.decode import decode
from codeguard.source.read import source_from_text

HOST = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9-]+\.)+(?:invalid|example|test|com|net|org|io|dev|app)(?![\w-])", re.IGNORECASE
)
ADDRESS = re.compile(r"\b(?!127\.|0\.|169\.254|255\.)\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b")
INSIDE = re.compile(r"\{([^{}]*)\}")  # of a formatted string
WORD = re.compile(r"\b[A-Za-z_]\w*\b")


def other_hosts(code: str) -> str:
    """The code with every host name and address replaced by another one, the same by the same."""
    names = ("cdn", "files", "docs", "updates", "static")
    code = HOST.sub(lambda m: f"{random.Random(m.group()).choice(names)}.example.invalid", code)
    return ADDRESS.sub(lambda m: f"198.51.100.{random.Random(m.group()).randint(2, 250)}", code)


def other_names(code: str) -> str:
    """The code with every name that it binds itself replaced; what does not parse is left as it is."""
    try:
        tree = ast.parse(code)
        tokens = list(tokenize.generate_tokens(io.StringIO(code).readline))
    except (SyntaxError, ValueError, tokenize.TokenError):
        return code
    new = {name: f"n{number}" for number, name in enumerate(sorted(_own_names(tree)))}

    def renamed(match: re.Match[str]) -> str:
        return new.get(match.group(), match.group())

    starts = [0]
    for line in code.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    out, at = [], 0
    for token in tokens:
        text = token.string
        if token.type == tokenize.NAME:
            text = new.get(text, text)
        elif token.type == tokenize.STRING and "f" in text[:2].lower():
            text = INSIDE.sub(lambda m: "{" + WORD.sub(renamed, m.group(1)) + "}", text)
        start, end = (starts[row - 1] + column for row, column in (token.start, token.end))
        if text != token.string:
            out += [code[at:start], text]
            at = end
    return "".join([*out, code[at:]])


def _own_names(tree: ast.AST) -> set[str]:
    """Names that the code binds and that nothing outside of it can refer to."""
    bound: set[str] = set()
    others: set[str] = {"_", *dir(builtins)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            bound.add(node.id)
        elif isinstance(node, ast.arg):
            bound.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Attribute):
            others.add(node.attr)
        elif isinstance(node, ast.keyword) and node.arg:
            others.add(node.arg)
        elif isinstance(node, ast.alias):
            others.add((node.asname or node.name).partition(".")[0])
    return {name for name in bound - others if not name.startswith("__")}


def main() -> None:
    """Print recall and false alarms for the samples as they are, and for each change."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("samples", type=Path)
    rows = [json.loads(line) for line in parser.parse_args().samples.read_text("utf-8").splitlines() if line.strip()]
    checks = [check for check in load() if check.category is Category.MALICIOUS]
    changes: dict[str, Callable[[str], str]] = {
        "as they are": lambda code: code,
        "other hosts": other_hosts,
        "other names": other_names,
        "both": lambda code: other_names(other_hosts(code)),
    }
    for title, change in changes.items():
        counts = {True: [0, 0], False: [0, 0]}
        lost = []
        for row in rows:
            text = change(decode(row["code"].encode("utf-8", "surrogatepass")).text)
            source = source_from_text(row["filename"], text).source
            found = source is not None and bool(analyse(source, checks).findings)
            counts[row["malicious"]][0] += found
            counts[row["malicious"]][1] += 1
            if row["malicious"] and not found:
                lost.append(row["id"])
        (hits, positives), (alarms, negatives) = counts[True], counts[False]
        print(f"{title:12} found {hits} of {positives}, false alarms {alarms} of {negatives}  {' '.join(lost)}")


if __name__ == "__main__":
    main()
