"""A key or token that was generated, and then written into the source.

Everyone who can read the code, its history or its package has it, and changing it means a release.  Read it from the
environment or a secret store, and revoke this one.  See CWE-798 and CWE-321.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.checks.security._entropy import is_chosen, is_generated
from codeguard.checks.security._words import is_password, is_secret, listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

PUBLIC = listed("public pub id name cache hash etag version md5 sha sha1 sha256 checksum integrity sitekey site uuid")


def find(unit: Unit) -> Iterator[Hit]:
    """Report assignments and arguments that give a generated-looking literal to a name that says key or secret."""
    for literal in unit.nodes(cst.SimpleString):
        if len(literal.value) < 10 or "b" in literal.prefix.lower():
            continue
        text = literal.raw_value
        name = _name(unit, literal)
        generated = is_generated(text) if _says_key(name) else is_password(name) and is_chosen(text)
        if name and generated and not is_test(unit, literal):
            yield Hit(literal, f"`{name}` is written in the source, so everyone who can read the code has it")


def _name(unit: Unit, literal: cst.SimpleString) -> str:
    above = unit.parent(literal)
    if isinstance(above, cst.Assign) and len(above.targets) == 1:
        return last_word(above.targets[0].target)
    if isinstance(above, cst.AnnAssign):
        return last_word(above.target)
    if isinstance(above, cst.Arg) and above.keyword is not None:
        return above.keyword.value
    if isinstance(above, cst.DictElement) and above.value is literal and isinstance(above.key, cst.SimpleString):
        return above.key.raw_value
    if isinstance(above, cst.Param):
        return last_word(above.name)
    return ""


def _says_key(name: str) -> bool:
    parts = words(name)
    return ((is_secret(name) and not is_password(name)) or parts[-1:] == ("key",)) and not PUBLIC & set(parts)


CHECK = Check(
    id="CGS036",
    name="generated-secret-in-source",
    severity=Severity.HIGH,
    confidence=Confidence.MEDIUM,
    cwe=(798, 321),
    aliases=("bandit:B105", "bandit:B106", "bandit:B107", "ruff:S105", "ruff:S106", "ruff:S107"),
    hints=("key", "Key", "KEY", "secret", "SECRET", "Secret", "token", "TOKEN", "Token", "pass", "PASS"),
    find=find,
    fix="Read it from the environment or a secret store, and revoke this one.",
    bad=(
        Bad("MQTT_PASS = 'gw-s3nsor-9921'  # finding\n"),
        Bad("def client():\n    key = 'vQF6J15Kuh3Y6ut1Vh247dlVEIp'  # finding\n    return Client(key)\n"),
        Bad(
            "settings = {'api_key': 'taJyZN8QXqj2Dj8SNr6Z'}  # finding\nconnect(token='9f8e1c0b7a6d5e4f3a2b1c0d9e8f7a6b')  # finding\n"
        ),
    ),
    good=(
        Good("import os\n\nkey = os.environ['SERVICE_KEY']\n"),
        Good("key = 'user_settings_cache_entry'\ntoken = 'your-token-1234567890abc'\n"),
        Good("public_key = 'vQF6J15Kuh3Y6ut1Vh247dlVEIp'\netag = '9f8e1c0b7a6d5e4f3a2b1c0d9e8f7a6b'\n"),
        Good("def test_client():\n    key = 'vQF6J15Kuh3Y6ut1Vh247dlVEIp'\n    assert Client(key)\n"),
    ),
    misses=(
        Miss(
            "client = Client('vQF6J15Kuh3Y6ut1Vh247dlVEIp')  # finding\n",
            why="a positional argument says not what it is",
        ),
    ),
)
