"""Text that is normalised after it was escaped.

Unicode normalisation turns the full-width less-than sign (U+FF1C) into `<`, which the escaping before has let pass.  Normalise first,
then escape.  See CWE-180 and CWE-176.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.scope import Binding
from codeguard.syntax.unit import Unit

ESCAPES = frozenset(
    f"{name}()"
    for name in (
        "html.escape",
        "markupsafe.escape",
        "flask.escape",
        "cgi.escape",
        "bleach.clean",
        "django.utils.html.escape",
    )
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `unicodedata.normalize` with a compatibility form of a value that was escaped."""
    form, text = unit.constant(unit.arg(call, 0)), unit.arg(call, 1)
    if text is None or (form is not None and form.value not in {"NFKC", "NFKD"}):
        return
    if unit.name(text) in ESCAPES or any(_escaped(unit, b.value) for b in _bindings(unit, text)):
        yield Hit(call, "normalisation makes `<` out of look-alikes that the escaping before has let pass")


def _bindings(unit: Unit, node: cst.BaseExpression) -> list[Binding]:
    return list(unit.scopes.look_up(node.value, node)) if isinstance(node, cst.Name) else []


def _escaped(unit: Unit, value: cst.BaseExpression | None) -> bool:
    return value is not None and unit.name(value) in ESCAPES


CHECK = Check(
    id="CGS038",
    name="normalised-after-escaping",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(180, 176, 79),
    hints=("normalize",),
    calls=("unicodedata.normalize",),
    find=find,
    fix="Normalise first, then escape.",
    bad=(
        Bad("""\
import html
import unicodedata

def show(text):
    text = html.escape(text)
    text = unicodedata.normalize("NFKC", text)  # finding
    return text
"""),
        Bad(
            "import html\nimport unicodedata\n\ndef show(text):\n    return unicodedata.normalize('NFKD', html.escape(text))  # finding\n"
        ),
    ),
    good=(
        Good(
            "import html\nimport unicodedata\n\ndef show(text):\n    return html.escape(unicodedata.normalize('NFKC', text))\n"
        ),
        Good(
            "import html\nimport unicodedata\n\ndef show(text):\n    return unicodedata.normalize('NFC', html.escape(text))\n"
        ),
        Good("import unicodedata\n\ndef key(name):\n    return unicodedata.normalize('NFKC', name)\n"),
    ),
    misses=(
        Miss(
            "import unicodedata\nfrom app import clean\n\ndef show(text):\n    return unicodedata.normalize('NFKC', clean(text))  # finding\n",
            why="escaping functions of one's own are not known",
        ),
    ),
)
