"""A pattern for a host name whose dots match any character, or that matches anywhere in the text.

In `(www|beta).example.com/` each dot stands for any character, and without an anchor the host may stand anywhere:
`https://attacker.invalid/www-example.com/` passes.  Escape the dots and match from the beginning, or compare the parsed
host.  See CWE-20 and CWE-625.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.security._patterns import patterns
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

DOTTED = re.compile(
    r"(?<![\\\[.*+?{^\w])?(\w|\))\.(\w[\w-]*)(\\?\.\w+)*\\?\.?(com|org|net|io|gov|edu|invalid)\b(?!\\?@)"
)
WORDS_AND_DOTS = re.compile(r"(\[a-zA-Z\]\+|\[a-z\]\+|\\w\+)\.(?=\1)")


def find(unit: Unit) -> Iterator[Hit]:
    """Report a constant pattern that names a domain with a bare dot before a letter."""
    for written in patterns(unit):
        text = written.pattern
        if not isinstance(text, str) or "@" in text:
            continue
        if _bare_dot_in_domain(text) or WORDS_AND_DOTS.search(text):
            yield Hit(
                written.node, "a bare dot in this pattern matches any character, so other hosts and texts match too"
            )


def _bare_dot_in_domain(text: str) -> bool:
    return any("\\." not in match.group() for match in DOTTED.finditer(text))


CHECK = Check(
    id="CGS012",
    name="bare-dot-in-host-pattern",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(20, 625, 777),
    hints=("re.", "import re", "from re "),
    find=find,
    fix="Write `\\.`, and match from the beginning of the host.",
    bad=(
        Bad("import re\n\nHOST = re.compile('(www|beta).example.com/')  # finding\n"),
        Bad("import re\n\ndef dotted(text):\n    return re.match('[a-zA-Z]+.[a-zA-Z]+.[a-zA-Z]+', text)  # finding\n"),
    ),
    good=(
        Good("import re\n\nHOST = re.compile(r'^(www|beta)\\.example\\.com/')\n"),
        Good("import re\n\nANY = re.compile(r'name=.*com')\n"),
        Good("import re\n\nWORD = re.compile(r'[a-zA-Z]+\\.[a-zA-Z]+')\n"),
    ),
)
