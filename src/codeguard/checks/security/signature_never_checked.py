"""A function that is given a signature or a digest and never looks at it.

The caller believes that what the function returns has been verified, and it has not: any signature is accepted.
Compare it, with `hmac.compare_digest`, before anything of the data is used.  See CWE-347.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, is_test, parameters
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SIGNATURE = frozenset({"signature", "sig", "sign", "hmac", "mac", "checksum", "digest"})
# Something about a signature, or a signature in another sense (of a function, of a file format).
OTHER = listed("type types name alg algorithm size length len file path url key keys func method class date")


def find(function: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report a parameter that promises a check, in a function that returns something and never reads it."""
    promised = [
        p
        for p in parameters(function)
        if isinstance(p.name, cst.Name) and SIGNATURE & set(parts := words(p.name.value)) and not OTHER & set(parts)
    ]
    if not promised or not isinstance(function.body, cst.IndentedBlock) or is_test(unit, function):
        return
    owner = unit.class_of(function)
    if owner is not None and (owner.bases or owner.keywords):
        return  # the signature of an overridden method is not its own choice
    inside = body(unit, function)
    if not any(r.value is not None for r in inside.returns) or any(d.decorator for d in function.decorators):
        return
    read = {n.value for n in body(unit, function.body).names}
    if {"locals", "super", "NotImplementedError"} & read:
        return
    for param in promised:
        if param.name.value not in read:
            yield Hit(
                param,
                f"`{function.name.value}` takes `{param.name.value}` and never looks at it, so any signature is accepted",
            )


CHECK = Check(
    id="CGS009",
    name="signature-never-checked",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(347, 345),
    hints=("sig", "mac", "checksum", "digest"),
    nodes=(cst.FunctionDef,),
    find=find,
    fix="Compare the signature with `hmac.compare_digest` before the data is used.",
    bad=(
        Bad("""\
def accept(message, signature):  # finding
    try:
        return process(message)
    except KeyError:
        return None
"""),
        Bad("""\
class Webhook:
    def parse(self, body: bytes, hmac_header: str):  # finding
        return json.loads(body)
"""),
    ),
    good=(
        Good("""\
import hmac

def accept(message, signature):
    if not hmac.compare_digest(expected(message), signature):
        raise ValueError("bad signature")
    return process(message)
"""),
        Good("""\
class Backend(Base):
    def verify(self, message, signature):
        return True
"""),
        Good("def verify(message, signature):\n    raise NotImplementedError\n"),
        Good("def describe(function, signature_type):\n    return function.__name__\n"),
    ),
    misses=(
        Miss(
            "def accept(message, signature):  # finding\n    log(signature)\n    return process(message)\n",
            why="any use counts as a check",
        ),
    ),
)
