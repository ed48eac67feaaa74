"""A URL's host that is tested by looking for text somewhere in the URL.

`"example.com" in url` is true of `https://attacker.invalid/?example.com`, `url.startswith("https://example.com")` of
`https://example.com.attacker.invalid`, and `url.endswith("example.com/")` of `https://attacker.invalid/example.com/`.
Parse it and compare the whole host: `urllib.parse.urlsplit(url).hostname == "example.com"`.  See CWE-20 and CWE-601.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._bodies import is_test, last_word
from codeguard.checks.security._words import words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

URL = frozenset(
    {"url", "uri", "link", "origin", "referer", "referrer", "redirect", "target", "location", "next", "href"}
)
NOT_URL = frozenset({"urls", "uris", "links", "origins", "hosts", "path", "name", "id", "type", "file", "targets"})
HOST = frozenset({"host", "hostname", "netloc", "domain"})
DOMAIN = r"[\w-]+(\.[\w-]+)*\.(com|org|net|io|dev|gov|edu|invalid|test|example|local|co|uk|de|eu|ai|app|cloud|internal)"
ANYWHERE = re.compile(rf"(https?://)?{DOMAIN}", re.IGNORECASE)
START = re.compile(rf"https?://{DOMAIN}", re.IGNORECASE)
END = re.compile(rf"({DOMAIN}|\.(com|org|net|io|gov|edu))/?", re.IGNORECASE)


def find(unit: Unit) -> Iterator[Hit]:
    """Report tests of a URL against a domain that other URLs pass as well."""
    for comparison in unit.nodes(cst.Comparison):
        if len(comparison.comparisons) == 1 and isinstance(comparison.comparisons[0].operator, (cst.In, cst.NotIn)):
            text = unit.constant(comparison.left)
            url = comparison.comparisons[0].comparator
            if (
                text is not None
                and isinstance(text.value, str)
                and ANYWHERE.fullmatch(text.value)
                and _is_url(unit, url)
            ):
                yield _hit(unit, comparison, url, text.value, "contains")
    for call in unit.nodes(cst.Call):
        func = call.func
        if not (isinstance(func, cst.Attribute) and func.attr.value in {"startswith", "endswith"} and call.args):
            continue
        text = unit.constant(call.args[0].value)
        if text is None or not isinstance(text.value, str):
            continue
        if func.attr.value == "startswith":
            flawed = bool(START.fullmatch(text.value)) and _is_url(unit, func.value)
        else:
            flawed = bool(END.fullmatch(text.value)) and (
                _is_url(unit, func.value) or (not text.value.startswith(".") and _is_host(func.value))
            )
        if flawed and not is_test(unit, call):
            yield _hit(unit, call, func.value, text.value, func.attr.value.replace("swith", "s with"))


def _hit(_: Unit, node: cst.CSTNode, url: cst.BaseExpression, text: str, how: str) -> Hit:
    return Hit(node, f"an attacker's address passes too if `{last_word(url)}` only {how} `{text}`")


def _is_url(unit: Unit, node: cst.BaseExpression) -> bool:
    if (
        isinstance(node, cst.Call)
        and isinstance(node.func, cst.Attribute)
        and node.func.attr.value in {"lower", "strip"}
    ):
        return _is_url(unit, node.func.value)
    if isinstance(node, (cst.List, cst.Tuple, cst.Set, cst.Dict)):
        return False
    parts = set(words(last_word(node)))
    return (
        bool(URL & parts) and not (NOT_URL | HOST) & parts and not (unit.name(node) or "").startswith("builtins.list")
    )


def _is_host(node: cst.BaseExpression) -> bool:
    return bool(HOST & set(words(last_word(node))))


CHECK = Check(
    id="CGS011",
    name="host-tested-by-part-of-url",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(20, 601),
    hints=(" in ", "startswith", "endswith"),
    find=find,
    fix="Compare the whole host: `urllib.parse.urlsplit(url).hostname`.",
    bad=(
        Bad("def allowed(url):\n    return 'example.com' in url  # finding\n"),
        Bad("""\
def allowed(target_url, host):
    if target_url.endswith(".com/"):  # finding
        return True
    return target_url.startswith("https://example.com") or host.endswith("example.com")  # finding
"""),
    ),
    good=(
        Good(
            "from urllib.parse import urlsplit\n\ndef allowed(url):\n    return urlsplit(url).hostname == 'example.com'\n"
        ),
        Good(
            "def allowed(url, host):\n    return url.startswith('https://example.com/') or host.endswith('.example.com')\n"
        ),
        Good("def known(urls):\n    return 'example.com' in urls\n"),
        Good("def is_image(url):\n    return url.endswith('.png') or 'page=' in url\n"),
    ),
)
