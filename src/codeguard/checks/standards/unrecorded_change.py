"""Money or access changes, and nothing records who changed it, or when.

When an account is emptied or a right is granted by mistake, or by a model that acts on its own, the record is all that
tells what happened and what to undo.  Write it in the same transaction.  See CWE-778 and OWASP A09:2021.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.walk import descend

MONEY = re.compile(r"(?:^|_)balance$")
ACCESS = re.compile(
    r"^(?:is_admin|is_superuser|is_staff|is_owner|role|roles|user_role|permissions|access_level|privileges|scopes)$"
)
RECORDS = re.compile(
    r"log|audit|record|ledger|journal|event|emit|notify|publish|history|transaction|trail|track|print|message|signal",
    re.IGNORECASE,
)
MAKERS = ("__init__", "__new__", "__post_init__", "__setstate__", "setup", "setUp", "create")


def find(node: cst.FunctionDef, unit: Unit) -> Iterator[Hit]:
    """Report the first change of an object's balance or rights in a function that records nothing."""
    if node.name.value.startswith((*MAKERS, "test")) or RECORDS.search(node.name.value):
        return
    changed: tuple[cst.CSTNode, str] | None = None
    for part in descend(node.body, into=lambda n: not isinstance(n, (cst.FunctionDef, cst.ClassDef, cst.Lambda))):
        if isinstance(part, cst.Call) and RECORDS.search(_name(part.func)):
            return
        if isinstance(part, (cst.Name, cst.Attribute)) and RECORDS.search(_name(part)):
            return
        if changed is None:
            changed = _change(part)
    if changed is not None and not any(RECORDS.search(_name(d.decorator)) for d in node.decorators):
        place, what = changed
        yield Hit(place, f"`{what}` changes here, and `{node.name.value}` keeps no record of it")


def _change(node: cst.CSTNode) -> tuple[cst.CSTNode, str] | None:
    """A statement that changes an object's money or rights, and what it changes."""
    if isinstance(node, cst.AugAssign) and isinstance(node.target, cst.Attribute):
        name = node.target.attr.value
        return (node, name) if MONEY.search(name) else None
    if isinstance(node, cst.Assign):
        for target in node.targets:
            if isinstance(target.target, cst.Attribute):
                name = target.target.attr.value
                if ACCESS.match(name) and not (
                    isinstance(target.target.value, cst.Name) and target.target.value.value in {"self", "cls"}
                ):
                    return node, name
    return None


def _name(node: cst.BaseExpression) -> str:
    """The words of a dotted name: `self.audit.write` is `self.audit.write`."""
    parts = []
    step: cst.BaseExpression = node
    while True:
        if isinstance(step, cst.Call):
            step = step.func
        elif isinstance(step, cst.Attribute):
            parts.append(step.attr.value)
            step = step.value
        else:
            break
    if isinstance(step, cst.Name):
        parts.append(step.value)
    return ".".join(reversed(parts))


CHECK = Check(
    id="CGT006",
    name="unrecorded-change-of-money-or-access",
    severity=Severity.LOW,
    confidence=Confidence.LOW,
    cwe=(778,),
    nodes=(cst.FunctionDef,),
    hints=(
        "balance",
        "admin",
        "superuser",
        "staff",
        "owner",
        "role",
        "permissions",
        "access_level",
        "privileges",
        "scopes",
    ),
    find=find,
    profile=Profile.AUDIT,
    fix="Write who changed what, from what to what, and when, together with the change.",
    bad=(
        Bad(
            "def transfer(source, target, amount):\n    source.balance -= amount  # finding\n    target.balance += amount\n"
        ),
        Bad("def promote(session, user):\n    user.is_admin = True  # finding\n    session.commit()\n"),
    ),
    good=(
        Good(
            "def transfer(ledger, source, target, amount):\n    source.balance -= amount\n    target.balance += amount\n    ledger.append((source.id, target.id, amount))\n"
        ),
        Good(
            "import logging\n\ndef promote(session, user, by):\n    user.is_admin = True\n    logging.getLogger('audit').info('%s made %s an admin', by.id, user.id)\n"
        ),
        Good(
            "class User:\n    def __init__(self, role):\n        self.role = role\n\n    def reset(self):\n        self.role = None\n"
        ),
        Good("def rebalance(tree):\n    tree.balance = 0\n"),
    ),
    misses=(
        Miss(
            "def promote(db, user_id):\n    db.execute('UPDATE users SET is_admin = 1 WHERE id = ?', (user_id,))  # finding\n",
            why="what an SQL statement changes is not looked at",
        ),
    ),
)
