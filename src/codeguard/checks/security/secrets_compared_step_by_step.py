"""Signatures or passwords that are compared in a time that depends on how much of them is right.

`==` between digests, and a loop that returns at the first wrong character, end sooner the earlier the difference is, so
the right value can be found piece by piece.  Compare with `hmac.compare_digest`.  See CWE-208 and CWE-385.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test, last_word
from codeguard.checks.security._words import is_password, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(node: cst.Comparison, unit: Unit) -> Iterator[Hit]:
    """Report `==` with a fresh HMAC, and a character-wise comparison of passwords."""
    if len(node.comparisons) != 1 or not isinstance(node.comparisons[0].operator, (cst.Equal, cst.NotEqual)):
        return
    left, right = node.left, node.comparisons[0].comparator
    if isinstance(left, cst.Subscript) and isinstance(right, cst.Subscript):
        names = last_word(left.value), last_word(right.value)
        if all(map(is_password, names)) and _leaves_early(unit, node):
            yield Hit(node, f"`{names[0]}` is compared character by character: the time tells how many are right")
        return
    for one, other in ((left, right), (right, left)):
        if _is_kept_secret(unit, one) and "request" in {n.value for n in body(unit, other).names}:
            yield Hit(node, "a secret is compared with what a request brings by `==`: the time tells how much is right")
            return
        if _is_fresh_hmac(unit, one) and unit.constant(other) is None and not is_test(unit, node):
            yield Hit(
                node,
                f"`{last_word(other) or 'it'}` is compared with the right HMAC by `==`: the time tells how much is right",
            )
            return


def _is_kept_secret(unit: Unit, node: cst.BaseExpression) -> bool:
    """True for a secret of the environment or of the settings: `os.environ["ADMIN_KEY"]`, `settings.API_TOKEN`."""
    name = unit.name(node) or ""
    kept = name.startswith(("os.environ", "os.getenv")) or ".settings." in f".{name}" or ".config" in f".{name}"
    return kept and bool({"key", "token", "secret"} & set(words(last_word(node))))


def _leaves_early(unit: Unit, node: cst.CSTNode) -> bool:
    for above in unit.ancestors(node):
        if isinstance(above, (cst.For, cst.While)):
            return bool(body(unit, above.body).returns)
        if isinstance(above, cst.FunctionDef):
            return False
    return False


def _is_fresh_hmac(unit: Unit, node: cst.BaseExpression) -> bool:
    """True for a call of a function of this file whose result is `hmac.new(...).digest()`, by a local name or not."""
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) != 1 or bindings[0].kind != "assign" or not isinstance(bindings[0].value, cst.Call):
            return False
        node = bindings[0].value
    if not (isinstance(node, cst.Call) and isinstance(node.func, cst.Name)):
        return False
    for binding in unit.scopes.look_up(node.func.value, node):
        if isinstance(binding.node, cst.FunctionDef):
            values = [r.value for r in body(unit, binding.node).returns if function_around(unit, r) is binding.node]
            return bool(values) and all(_is_hmac(unit, v) for v in values)
    return False


def _is_hmac(unit: Unit, node: cst.BaseExpression | None) -> bool:
    name = unit.name(node) or ""
    return name == "hmac.digest()" or (
        name.startswith(("hmac.new()", "hmac.HMAC()")) and name.endswith(("digest()", "hexdigest()"))
    )


CHECK = Check(
    id="CGS022",
    name="secrets-compared-step-by-step",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(208, 385),
    hints=("hmac", "pass", "pw", "Pass", "request"),
    nodes=(cst.Comparison,),
    find=find,
    fix="Compare with `hmac.compare_digest`.",
    bad=(
        Bad(
            "import os\n\ndef allowed(request):\n    return request.headers.get('X-Key') == os.environ['ADMIN_KEY']  # finding\n"
        ),
        Bad("""\
import hashlib
import hmac

def sign(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest()

def verify(key, message, signature):
    return signature == sign(key, message)  # finding
"""),
        Bad("""\
def check(password, typed_password):
    for i in range(len(password)):
        if password[i] != typed_password[i]:  # finding
            return False
    return True
"""),
    ),
    good=(
        Good(
            "import hmac\nimport os\n\ndef allowed(request):\n    return hmac.compare_digest(request.headers['X-Key'], os.environ['ADMIN_KEY'])\n"
        ),
        Good("""\
import hashlib
import hmac

def sign(key, message):
    return hmac.new(key, message, hashlib.sha256).hexdigest()

def verify(key, message, signature):
    return hmac.compare_digest(signature, sign(key, message))
"""),
        Good("def same(a, b):\n    return all(a[i] == b[i] for i in range(len(a)))\n"),
        Good("def name(key):\n    return key\n\ndef is_own(key, other):\n    return other == name(key)\n"),
    ),
    misses=(
        Miss(
            "from .signing import sign\n\ndef verify(key, message, signature):\n    return signature == sign(key, message)  # finding\n",
            why="functions of other files are not looked into",
        ),
    ),
)
