"""Cross-origin requests with cookies, allowed from every origin by a pattern.

`allow_origin_regex=".*"` with `allow_credentials=True` lets the page of any site act as the visitor and read the
answers.  List the origins, or write a pattern of their host that ends with it.  See CWE-942.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

PROBES = ("https://one.invalid", "https://example.com.attacker.invalid")


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call with credentials whose pattern of origins matches hosts that nobody can have meant."""
    pattern = unit.arg(call, None, "allow_origin_regex")
    constant, credentials = unit.constant(pattern), unit.constant(unit.arg(call, None, "allow_credentials"))
    if pattern is None or constant is None or not isinstance(constant.value, str):
        return
    if credentials is None or credentials.value is not True or len(constant.value) > 20:
        return
    try:
        compiled = re.compile(constant.value)
    except re.error:
        return
    if all(compiled.fullmatch(probe) for probe in PROBES):
        yield Hit(pattern, "every origin matches this pattern, so the page of any site can act as the visitor")


CHECK = Check(
    id="CGS052",
    name="cors-pattern-of-any-origin",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(942, 346),
    hints=("allow_origin_regex",),
    nodes=(cst.Call,),
    find=find,
    fix="List the origins.",
    bad=(
        Bad("app.add_middleware(CORSMiddleware, allow_origin_regex='.*', allow_credentials=True)  # finding\n"),
        Bad(
            "ANY = r'https?://.*'\napp.add_middleware(\n    CORSMiddleware,\n    allow_origin_regex=ANY,  # finding\n    allow_credentials=True,\n)\n"
        ),
    ),
    good=(
        Good(
            "app.add_middleware(CORSMiddleware, allow_origin_regex=r'https://\\w+\\.example\\.com', allow_credentials=True)\n"
        ),
        Good("app.add_middleware(CORSMiddleware, allow_origin_regex='.*')\n"),
        Good("app.add_middleware(CORSMiddleware, allow_origins=['https://example.com'], allow_credentials=True)\n"),
    ),
    misses=(
        Miss(
            "OPTIONS = {'allow_origin_regex': '.*', 'allow_credentials': True}  # finding\napp.add_middleware(CORSMiddleware, **OPTIONS)\n",
            why="options in a dictionary are not looked at",
        ),
    ),
)
