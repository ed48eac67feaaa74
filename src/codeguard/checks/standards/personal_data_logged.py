"""Data about a person goes into a log.

Logs are kept long, copied far and read by many; what is in them cannot be corrected or erased when the person asks for
it.  Log an internal number instead.  See CWE-532, CWE-359 and the GDPR, articles 5 (1) c and 17.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Profile, Severity
from codeguard.syntax.unit import Unit
from codeguard.syntax.values import string_value
from codeguard.syntax.walk import descend

METHODS = {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "fatal"}
LOGGER = re.compile(r"(?:^|[._])(?:log|logger|logging|_log|_logger|structlog|loguru|audit)(?:\(\))?$", re.IGNORECASE)
PERSONAL = re.compile(
    r"(?:^|_)(?:e?mail(?:_address)?|phone(?:_number)?|mobile_number|ssn|social_security(?:_number)?|passport(?:_number|_no)?|"
    r"national_id|tax_id|birth_?date|date_of_birth|dob|home_address|street_address|postal_address|iban|card_number|"
    r"credit_card(?:_number)?|diagnos[ei]s|medical_record|health_record|driver_?s?_licen[cs]e|maiden_name)$",
    re.IGNORECASE,
)
HIDERS = re.compile(r"mask|redact|hash|anonymi[sz]e|pseudonymi[sz]e|obfuscate|scrub|hmac|len$|bool$", re.IGNORECASE)


def find(node: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call of a logger with a value whose name says that it is personal."""
    if not isinstance(node.func, cst.Attribute) or node.func.attr.value not in METHODS:
        return
    if not LOGGER.search(unit.name(node.func.value) or "") and not LOGGER.search(_last(node.func.value)):
        return
    for arg in node.args:
        shown = descend(arg.value, into=_is_shown) if _is_shown(arg.value) else ()
        name = next(filter(None, map(_personal, shown)), None)
        if name:
            yield Hit(node, f"`{name}` goes into the log, where it is kept and read by many")
            return


def _is_shown(node: cst.CSTNode) -> bool:
    """False for what a function hides before it is logged, and for a comparison, of which only the outcome is."""
    if isinstance(node, cst.Call):
        return not HIDERS.search(_last(node.func))
    return not isinstance(node, (cst.Comparison, cst.Lambda))


def _last(node: cst.BaseExpression) -> str:
    if isinstance(node, cst.Attribute):
        return node.attr.value
    return node.value if isinstance(node, cst.Name) else ""


def _personal(node: cst.CSTNode) -> str | None:
    name: str | bytes | None = None
    if isinstance(node, (cst.Name, cst.Attribute)):
        name = _last(node)
    elif isinstance(node, cst.Subscript) and len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index):
        name = string_value(node.slice[0].slice.value)
    return name if isinstance(name, str) and PERSONAL.search(name) else None


CHECK = Check(
    id="CGT005",
    name="personal-data-logged",
    severity=Severity.LOW,
    confidence=Confidence.MEDIUM,
    cwe=(532, 359),
    nodes=(cst.Call,),
    hints=("log", "Log"),
    find=find,
    profile=Profile.AUDIT,
    fix="Log an internal number of the person, or a masked form.",
    bad=(
        Bad("import logging\n\ndef register(user):\n    logging.info('registered %s', user.email)  # finding\n"),
        Bad(
            "import logging\nlogger = logging.getLogger(__name__)\n\ndef pay(order):\n    logger.warning(f\"card {order['card_number']} declined\")  # finding\n"
        ),
        Bad("class Api:\n    def call(self, ssn):\n        self.log.debug('looking up ' + ssn)  # finding\n"),
    ),
    good=(
        Good("import logging\n\ndef register(user):\n    logging.info('registered user %s', user.id)\n"),
        Good("import logging\n\ndef register(user):\n    logging.info('registered %s', mask(user.email))\n"),
        Good("import logging\n\ndef send(email_queue, email):\n    logging.info('%d waiting', len(email_queue))\n"),
        Good("import math\n\ndef f(phone):\n    return math.log(phone)\n"),
        Good("import logging\n\ndef f(user):\n    logging.info('has address: %s', user.email is not None)\n"),
    ),
    misses=(
        Miss(
            "import logging\n\ndef register(user):\n    logging.info('registered %r', user)  # finding\n",
            why="what the text of an object shows is not known",
        ),
    ),
)
