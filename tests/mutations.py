"""Programs for fuzzing: the checks' own examples broken in many ways, and programs generated from a small grammar.

Everything is drawn from a `random.Random`, so that a seed names a program, and Hypothesis can shrink one.
"""

from __future__ import annotations

import random
from functools import cache

from codeguard.checks import load

TOKENS = (
    *(
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        ":",
        ",",
        ".",
        ";",
        "=",
        "==",
        ":=",
        "->",
        "@",
        "*",
        "**",
        "\\\n",
        "\n",
        "\r",
        "\r\n",
    ),
    *("\t", " ", "    ", "\f", "#", "'", '"', "'''", '"""', "f'", "f'{", "rb'", "t'", "0", "0x", "1e", "1_0", "9" * 50),
    *("def f(", "class C:", "lambda", "async ", "await ", "yield", "return", "import ", "from ", "as ", "if ", "elif "),
    *(
        "else:",
        "try:",
        "except*",
        "finally:",
        "with ",
        "match x:",
        "case _:",
        "for x in ",
        "while ",
        "del ",
        "global x",
    ),
    *("nonlocal x", "not ", "in ", "is ", "type X = ", "print 'x'", "exec 'x'", "```", "...", "eval(input())"),
    *("\ufeff", "\u2028", "\u202e", "\u200b", "\x00", "\x1a", "\U0001d41e", "\u0301", "# coding: latin-1\n", "# nosec"),
)
BYTES = (b"\xff", b"\xfe\xff", b"\xed\xa0\x80", b"\xc0\xaf", b"\xef\xbb\xbf", b"\x00", b"\x80", b"# coding: utf-7\n")
NAMES = (
    "x",
    "self",
    "os",
    "sys",
    "eval",
    "yaml",
    "subprocess",
    "request",
    "pickle",
    "__import__",
    "data",
    "ｅval",
    "print",
)
OPERATORS = ("+", "-", "*", "/", "//", "%", "@", "**", "&", "|", "^", "<<", ">>", "<", "==", "is", "in", "and", "or")


@cache
def seeds() -> tuple[str, ...]:
    """The examples of every check."""
    examples = (example for check in load() for example in (*check.bad, *check.good, *check.misses))
    return tuple(example.code for example in examples)


def program(draw: random.Random) -> bytes:
    """A broken example three times in four, else a generated program, broken or not."""
    if draw.random() < 0.75:
        return _as_bytes(draw, _broken(draw, draw.choice(seeds())))
    text = "".join(_statement(draw, 0, 3) for _ in range(draw.randint(1, 6)))
    return _as_bytes(draw, _broken(draw, text) if draw.random() < 0.3 else text)


def _broken(draw: random.Random, text: str) -> str:
    for _ in range(draw.randint(1, 4)):
        start = draw.randint(0, len(text))
        end = min(len(text), start + draw.randint(0, 30))
        way = draw.randint(0, 7)
        if way == 0:
            text = text[:start] + text[end:]
        elif way == 1:
            text = text[:end] + text[start:]
        elif way == 2:
            text = text[:start] + draw.choice(TOKENS) + text[start:]
        elif way == 3:
            text = text[:start] + draw.choice(TOKENS) * draw.randint(2, 250) + text[start:]
        elif way == 4:
            other = draw.choice(seeds())
            text = text[:start] + other[draw.randint(0, len(other)) :]
        elif way == 5:
            text = text[:start]
        elif way == 6:
            lines = text.split("\n")
            at = draw.randrange(len(lines))
            lines[at] = " " * draw.randint(0, 9) + lines[at].lstrip()
            text = "\n".join(lines)
        else:
            text = "\n".join(" " * draw.randint(1, 4) + line for line in text.split("\n"))
    return text


def _as_bytes(draw: random.Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    if draw.random() < 0.1:
        at = draw.randint(0, len(data))
        data = data[:at] + draw.choice(BYTES) + data[at:]
    if draw.random() < 0.03:
        data = text.encode(draw.choice(("utf-16", "utf-16-le", "utf-32", "utf-8-sig")), "surrogatepass")
    return data


def _expression(draw: random.Random, depth: int) -> str:
    if depth == 0:
        return draw.choice((*NAMES, "1", "'a'", "b'a'", "None", "1.5j", "...", "f'{x!r:>{y}}'"))

    def inner() -> str:
        return _expression(draw, depth - 1)

    shapes = (
        lambda: f"{inner()}.{draw.choice(NAMES)}",
        lambda: f"{draw.choice(NAMES)}({', '.join(inner() for _ in range(draw.randint(0, 3)))})",
        lambda: f"{draw.choice(NAMES)}(*{inner()}, **{inner()}, k={inner()})",
        lambda: f"({inner()} {draw.choice(OPERATORS)} {inner()})",
        lambda: f"({inner()} not in {inner()} < {inner()})",
        lambda: f"{draw.choice(('-', '~', 'not ', 'await '))}{inner()}" if depth < 2 else f"(not {inner()})",
        lambda: f"[{inner()} for {draw.choice(NAMES[:2])} in {inner()} if {inner()}]",
        lambda: f"{{{inner()}: {inner()}, **{inner()}}}",
        lambda: f"({inner()} if {inner()} else {inner()})",
        lambda: f"(lambda a, /, b={inner()}, *c, d, **e: {inner()})",
        lambda: f"(y := {inner()})",
        lambda: f"({inner()})[{inner()}:{inner()}, ...]",
        lambda: f"f'{{{inner().translate({39: 34})}}}'" if depth == 1 else inner(),
    )
    return draw.choice(shapes)()


def _statement(draw: random.Random, indent: int, depth: int) -> str:
    margin = "    " * indent
    name = draw.choice(NAMES[:2])

    def value() -> str:
        return _expression(draw, draw.randint(0, 3))

    def body() -> str:
        return "".join(_statement(draw, indent + 1, depth - 1) for _ in range(draw.randint(1, 3)))

    simple = (
        lambda: f"{name} = {value()}",
        lambda: f"{name}: {value()} = {value()}",
        lambda: f"{name} += {value()}",
        value,
        lambda: f"import {draw.choice(NAMES[2:8])} as {name}",
        lambda: f"from {draw.choice(('.', 'os', '..a'))} import {draw.choice(NAMES[2:8])}",
        lambda: f"assert {value()}, {value()}",
        lambda: f"raise {value()} from {value()}",
        lambda: f"del {name}, {name}.a",
        lambda: draw.choice(("pass", "return", "break", "continue", "yield", "global x", "nonlocal x")),
        lambda: f"{name} = yield {value()}",
    )
    if depth == 0 or draw.random() < 0.5:
        return f"{margin}{draw.choice(simple)()}\n"
    compound = (
        lambda: f"{margin}if {value()}:\n{body()}{margin}elif {value()}:\n{body()}{margin}else:\n{body()}",
        lambda: (
            f"{margin}@{draw.choice(NAMES[:4])}\n{margin}async def f({name}, *, k={value()}) -> {value()}:\n{body()}"
        ),
        lambda: f"{margin}class C({draw.choice(NAMES[:4])}, metaclass={value()}):\n{body()}",
        lambda: f"{margin}for {name}, *_ in {value()}:\n{body()}{margin}else:\n{body()}",
        lambda: f"{margin}while {value()}:\n{body()}",
        lambda: f"{margin}try:\n{body()}{margin}except {name}.E as e:\n{body()}{margin}finally:\n{body()}",
        lambda: f"{margin}try:\n{body()}{margin}except* (A, B):\n{body()}",
        lambda: f"{margin}with {value()} as {name}, {value()}:\n{body()}",
        lambda: f"{margin}match {value()}:\n{margin}    case {{'a': [1, *_], **k}} if k:\n{margin}        pass\n",
    )
    return draw.choice(compound)()
