"""A decision depends on an attribute that law or ethics protects.

Generated business logic happily branches on gender, race, religion or the like, because its training data does.  Where
such a value decides about price, credit, hiring or access, that is unlawful in many places (EU Charter of Fundamental
Rights, article 21; US Civil Rights Act).  Where it is needed (forms of address, medicine), say so in a suppression.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

PROTECTED = re.compile(
    r"(?:^|_)(gender|sex|race|ethnicity|ethnic_group|religion|nationality|sexual_orientation|disability|"
    r"disabled|marital_status|pregnant|pregnancy|skin_color|caste)(?:$|_)",
    re.IGNORECASE,
)


def find(node: cst.If | cst.IfExp, unit: Unit) -> Iterator[Hit]:
    """Report a condition that compares a protected attribute with something (a test for None is about presence)."""
    for part in descend(node.test):
        if isinstance(part, cst.Comparison):
            operand = part.comparisons[0]
            if isinstance(operand.operator, (cst.Is, cst.IsNot)):
                continue
            for side in (part.left, operand.comparator):
                attribute = _attribute(side)
                if attribute is not None:
                    message = (
                        f"What happens next depends on `{attribute}`, an attribute that must not decide about people"
                    )
                    yield Hit(part, message)
                    return


def _attribute(node: cst.BaseExpression) -> str | None:
    """The protected attribute that an expression reads from a person: `x.gender`, `x["gender"]`, `gender`."""
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute):
        if node.func.attr.value in {"lower", "upper", "strip", "casefold"}:
            return _attribute(node.func.value)
        if node.func.attr.value == "get" and node.args:
            return _protected(string_value(node.args[0].value))
        return None
    if isinstance(node, cst.Attribute):
        return _protected(node.attr.value)
    if isinstance(node, cst.Name):
        return _protected(node.value)
    if isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        return _protected(string_value(node.slice[0].slice.value))
    return None


def _protected(name: str | bytes | None) -> str | None:
    return name if isinstance(name, str) and PROTECTED.search(name) else None


CHECK = Check(
    id="CGT001",
    name="decision-on-protected-attribute",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    nodes=(cst.If, cst.IfExp),
    find=find,
    profile=Profile.STRICT,
    fix="Decide by what the decision is about, and leave the attribute out of it.",
    bad=(
        Bad(
            "def price(customer, total):\n    if customer.gender == 'female':  # finding\n        return total * 0.9\n    return total\n"
        ),
        Bad("score = 10 if applicant['race'] == 'white' else 5  # finding\n"),
        Bad(
            "def ok(p):\n    if p.get('religion').lower() in BLOCKED:  # finding\n        return False\n    return True\n"
        ),
    ),
    good=(
        Good(
            "def price(customer, total):\n    if customer.orders > 10:\n        return total * 0.9\n    return total\n"
        ),
        Good("if person.gender is None:\n    ask(person)\n"),
        Good("if trace == 'on':\n    start()\n"),
    ),
)
