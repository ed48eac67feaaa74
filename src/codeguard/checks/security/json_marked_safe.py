"""JSON that is put into a page as safe HTML.

`json.dumps` leaves `<`, `>` and `&` as they are, so a text with `</script><script>` in it ends the script and starts
one of the attacker's.  Use Django's `json_script`, or replace these characters by `\\u003C` and so on before.  See
CWE-79.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

JSON = frozenset({"json.dumps()", "simplejson.dumps()", "django.core.serializers.serialize()", "serialize()"})


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `mark_safe` and `Markup` of a value that JSON gave, directly or through a name."""
    value = unit.arg(call, 0, "s")
    if value is None:
        return
    if unit.name(value) in JSON:
        yield Hit(call, "JSON keeps `<` as it is, so `</script>` in a text ends the script that this stands in")
        return
    for binding in unit.scopes.look_up(value.value, value) if isinstance(value, cst.Name) else ():
        if binding.value is not None and unit.name(binding.value) in JSON:
            yield Hit(call, "JSON keeps `<` as it is, so `</script>` in a text ends the script that this stands in")
            return


CHECK = Check(
    id="CGS061",
    name="json-marked-safe",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(79,),
    aliases=("bandit:B308", "bandit:B703", "bandit:B704", "ruff:S308", "ruff:S704"),
    hints=("dumps", "serialize"),
    calls=("django.utils.safestring.mark_safe", "mark_safe", "markupsafe.Markup", "django.utils.safestring.SafeString"),
    find=find,
    fix="Use Django's `json_script`, or escape `<`, `>` and `&` as `\\u003C` and so on.",
    bad=(
        Bad(
            "import json\nfrom django.utils.safestring import mark_safe\n\ndef dump(value):\n    return mark_safe(json.dumps(value))  # finding\n"
        ),
        Bad(
            "import json\nfrom markupsafe import Markup\n\ndef dump(value):\n    text = json.dumps(value)\n    return Markup(text)  # finding\n"
        ),
    ),
    good=(
        Good("from django.utils.html import json_script\n\ndef dump(value):\n    return json_script(value, 'data')\n"),
        Good(
            "import json\nfrom django.utils.safestring import mark_safe\n\ndef dump(value):\n    return mark_safe(json.dumps(value).translate(ESCAPES))\n"
        ),
        Good("import json\n\ndef dump(value):\n    return json.dumps(value)\n"),
    ),
    misses=(
        Miss(
            "import json\nfrom django.utils.safestring import mark_safe\n\ndef dump(value):\n    return mark_safe('x = ' + json.dumps(value))  # finding\n",
            why="sums are not taken apart",
        ),
    ),
)
