"""A log line with a text that a secret was put into before.

The variable is called `url` or `message`, but a token or password stands in it, and everyone who reads, ships or keeps
the logs gets it.  Log the text without the secret, or mask it.  See CWE-532.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.checks.security._formatting import built
from codeguard.checks.security._words import is_secret, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

LEVELS = frozenset({"debug", "info", "warning", "warn", "error", "critical", "exception", "log"})
LOGGERS = frozenset({"log", "logger", "logging", "LOG", "LOGGER", "_log", "_logger"})
MASKED = frozenset({"masked", "redacted", "hidden", "public", "hashed", "encrypted"})


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a logging call with a local text that was built from a name that says secret."""
    func = call.func
    if not (isinstance(func, cst.Attribute) and func.attr.value in LEVELS and last_word(func.value) in LOGGERS):
        return
    for arg in call.args:
        value = arg.value
        if not isinstance(value, cst.Name):
            continue
        bindings = unit.scopes.look_up(value.value, value)
        text = built(unit, bindings[0].value) if len(bindings) == 1 and bindings[0].value is not None else None
        if text is None or bindings[0].kind != "assign":
            continue
        secret = next((n for v in text.values if (n := _direct(v)) and is_secret(n) and not MASKED & set(words(n))), "")
        if secret and not is_test(unit, call):
            yield Hit(value, f"`{value.value}` holds `{secret}`, which everyone who reads the log then has")
            return


def _direct(node: cst.BaseExpression) -> str:
    """The name of a value that is put in as it is; empty for what a call or a slice has changed."""
    return last_word(node) if isinstance(node, (cst.Name, cst.Attribute)) else ""


CHECK = Check(
    id="CGS059",
    name="secret-inside-logged-text",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(532, 312),
    hints=("log", "LOG"),
    nodes=(cst.Call,),
    find=find,
    fix="Log the text without the secret, or mask it.",
    bad=(
        Bad(
            "class Api:\n    def call(self, method):\n        url = f'https://example.invalid/bot{self.token}/{method}'\n        log.debug('POST %s', url)  # finding\n"
        ),
        Bad(
            "import logging\n\ndef connect(user, password):\n    dsn = 'db://%s:%s@example.invalid' % (user, password)\n    logging.info(dsn)  # finding\n"
        ),
    ),
    good=(
        Good(
            "class Api:\n    def call(self, method):\n        url = f'https://example.invalid/bot{self.token}/{method}'\n        log.debug('POST %s', method)\n        return get(url)\n"
        ),
        Good("def show(token):\n    text = f'{token[:4]}...'\n    log.info(text)\n"),
        Good("def show(token_count):\n    text = f'{token_count} tokens'\n    log.info(text)\n"),
    ),
    misses=(
        Miss(
            "def connect(password):\n    parts = ['db://', password]\n    log.info(''.join(parts))  # finding\n",
            why="lists are not followed",
        ),
    ),
)
