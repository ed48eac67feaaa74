"""A text of random letters and digits from the `random` module.

Such texts become passwords, tokens, codes and file names that nobody is to guess, and `random` can be computed from a
few of its outputs.  `secrets.choice` costs the same and cannot.  See CWE-338, CWE-331 and the recipes in the
documentation of `secrets`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test
from codeguard.checks.security._randomness import random_calls
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

PICKS = frozenset({"choice", "choices", "sample"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report `"".join(random.choice(letters) ...)` outside of tests."""
    for call, name in random_calls(unit):
        if name.rpartition(".")[2] not in PICKS or not call.args or is_test(unit, call):
            continue
        if _of_letters(unit, call.args[0].value) and _joined(unit, call):
            yield Hit(call, f"`{name}` is predictable, so this random text can be guessed by who has seen others")


def _of_letters(unit: Unit, node: cst.BaseExpression, depth: int = 0) -> bool:
    """True for the alphabets of `string`, for sums of them, and for a constant of letters or digits."""
    if (unit.name(node) or "").startswith(("string.ascii_", "string.digits", "string.hexdigits", "string.printable")):
        return True
    constant = unit.constant(node)
    if constant is not None and isinstance(constant.value, str):
        return len(set(constant.value)) >= 10 and constant.value.isascii()
    if isinstance(node, cst.Name) and depth < 4:
        bindings = unit.scopes.look_up(node.value, node)
        value = bindings[0].value if len(bindings) == 1 and bindings[0].kind == "assign" else None
        return value is not None and _of_letters(unit, value, depth + 1)
    return any(
        (unit.name(part) or "").startswith("string.") for part in descend(node) if isinstance(part, cst.Attribute)
    )


def _joined(unit: Unit, call: cst.Call) -> bool:
    for above in unit.ancestors(call):
        if isinstance(above, cst.Call) and isinstance(above.func, cst.Attribute) and above.func.attr.value == "join":
            separator = unit.constant(above.func.value)
            return separator is not None and separator.value in {"", b"", "-", "_"}
        if isinstance(above, (cst.BaseSmallStatement, cst.BaseCompoundStatement)):
            return False
    return False


CHECK = Check(
    id="CGS032",
    name="random-text-of-letters",
    severity=Severity.MEDIUM,
    confidence=Confidence.LOW,
    cwe=(338, 331, 330),
    aliases=("bandit:B311", "ruff:S311"),
    hints=("random",),
    find=find,
    fix="Use `secrets.choice`, or `secrets.token_urlsafe()`.",
    bad=(
        Bad("""\
import random
import string

def random_text(length):
    return "".join(random.choice(string.ascii_letters) for _ in range(length))  # finding
"""),
        Bad("""\
import random
import string

def code(length):
    alphabet = string.ascii_uppercase + string.digits
    return "".join(random.choices(alphabet, k=length))  # finding
"""),
    ),
    good=(
        Good("""\
import secrets
import string

def random_text(length):
    return "".join(secrets.choice(string.ascii_letters) for _ in range(length))
"""),
        Good("import random\n\ndef pick(words):\n    return ' '.join(random.choice(words) for _ in range(3))\n"),
        Good(
            "import random\nimport string\n\ndef test_names():\n    assert ''.join(random.choices(string.digits, k=3))\n"
        ),
        Good("import random\nimport string\n\ndef letter():\n    return random.choice(string.ascii_letters)\n"),
    ),
    misses=(
        Miss(
            "import random\nimport string\n\ndef text(n):\n    out = ''\n    for _ in range(n):\n        out += random.choice(string.digits)  # finding\n    return out\n",
            why="only `join` is seen as building a text",
        ),
    ),
)
