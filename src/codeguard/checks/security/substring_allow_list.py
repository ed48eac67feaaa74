"""An allow-list that is tested with `in` the wrong way round: part of the text is enough.

`any(name in text for name in ALLOWED)` accepts every text that contains an allowed word somewhere, whatever stands
around it: `ls; rm -rf /` contains `ls`, and `https://attacker.invalid/?example.com` contains the allowed host.  Test
the whole value: `text in ALLOWED`.  See CWE-183 and CWE-184.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import function_around, last_word, parameters
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

ALLOW = listed("allow allowed allowlist whitelist trusted approved permitted safe authorized accepted legal")
TEXT = listed("""
    command cmd url uri link host hostname domain origin referer referrer path filename file input query text address
    email mail statement sql expression expr code target destination redirect program
    """)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `any(item in text for item in ALLOWED)` where `text` is one text, not a collection."""
    generator = call.args[0].value if len(call.args) == 1 else None
    if not isinstance(generator, (cst.GeneratorExp, cst.ListComp)) or generator.for_in.inner_for_in is not None:
        return
    test, item = generator.elt, generator.for_in.target
    if not isinstance(item, cst.Name) or generator.for_in.ifs:
        return
    if not (
        isinstance(test, cst.Comparison)
        and len(test.comparisons) == 1
        and isinstance(test.comparisons[0].operator, cst.In)
        and isinstance(test.left, cst.Name)
        and test.left.value == item.value
    ):
        return
    source = last_word(generator.for_in.iter)
    text = test.comparisons[0].comparator
    if ALLOW & set(words(source)) and _is_text(unit, text):
        name = last_word(text)
        yield Hit(
            call, f"`{name}` passes if it merely contains an entry of `{source}`: what stands around it is not tested"
        )


def _is_text(unit: Unit, node: cst.BaseExpression) -> bool:
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        return node.func.attr.value in {"lower", "upper", "strip", "casefold"} and _is_text(unit, node.func.value)
    function = function_around(unit, node)
    for param in parameters(function) if function and isinstance(node, cst.Name) else ():
        if param.name.value == node.value and param.annotation is not None:  # type: ignore[attr-defined]
            return last_word(param.annotation.annotation) == "str"
    parts = words(last_word(node))
    return bool(parts) and bool(TEXT & set(parts)) and not parts[-1].endswith("s")


CHECK = Check(
    id="CGS005",
    name="substring-allow-list",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(183, 74, 20),
    hints=("any(", "any ("),
    calls=("builtins.any",),
    find=find,
    fix="Test the whole value: `value in ALLOWED`.",
    bad=(
        Bad("""\
ALLOWED = ["ls", "date"]

def accept(command: str):
    if any(name in command for name in ALLOWED):  # finding
        return command
    return None
"""),
        Bad("""\
TRUSTED_HOSTS = {"example.invalid"}

def check(url):
    if not any(host in url.lower() for host in TRUSTED_HOSTS):  # finding
        raise ValueError(url)
"""),
    ),
    good=(
        Good("""\
ALLOWED = ["ls", "date"]

def accept(command: str):
    if command in ALLOWED:
        return command
    return None
"""),
        Good("""\
ALLOWED_ROLES = {"admin", "editor"}

def check(roles: list):
    return any(role in roles for role in ALLOWED_ROLES)
"""),
        Good("""\
BLOCKED = ["rm", "dd"]

def check(command: str):
    return not any(name in command for name in BLOCKED)
"""),
    ),
)
