"""Script tags that a regular expression is to remove from HTML.

Browsers run far more than `<script>...</script>`: `</script foo>`, event handlers, `javascript:` links, tags that come
together when an inner one is cut out.  No pattern keeps up with them.  Escape the text (`html.escape`), or clean it
with an allow-list of tags (nh3).  See CWE-116 and CWE-184.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._patterns import patterns
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

SCRIPT = re.compile(r"<[\\s*()?:/]*(script|iframe|style)", re.IGNORECASE)


def find(unit: Unit) -> Iterator[Hit]:
    """Report `re.sub` with a pattern for script tags and an empty replacement."""
    for written in patterns(unit):
        if not isinstance(written.pattern, str) or not SCRIPT.search(written.pattern):
            continue
        if written.function in {"re.sub", "re.subn"}:
            replacement = unit.constant(unit.arg(written.call, 1, "repl"))
            if replacement is not None and isinstance(replacement.value, str) and not replacement.value.strip():
                yield Hit(
                    written.call, "a pattern that removes script tags is easily got round, so scripts stay in the page"
                )


CHECK = Check(
    id="CGS010",
    name="script-tags-removed-by-pattern",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(116, 184, 79),
    hints=("script", "SCRIPT"),
    find=find,
    fix="Escape the text with `html.escape`, or clean it with an allow-list of tags.",
    bad=(
        Bad("import re\n\ndef clean(text):\n    return re.sub(r'<script.*?>.*?</script>', '', text)  # finding\n"),
        Bad(
            "import re\n\nPATTERN = '<script[^>]*>'\n\ndef clean(text):\n    return re.sub(PATTERN, ' ', text, flags=re.I)  # finding\n"
        ),
    ),
    good=(
        Good("import html\n\ndef clean(text):\n    return html.escape(text)\n"),
        Good("import re\n\ndef has_script(text):\n    return bool(re.search(r'<script', text))\n"),
        Good("import re\n\ndef spaces(text):\n    return re.sub(r'\\s+', '', text)\n"),
    ),
)
