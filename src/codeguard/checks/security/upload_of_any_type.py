"""An upload that is stored under a name of the client's, whatever it is.

A `.html`, `.svg` or `.py` file in a folder that is served, or run, becomes a page or a program of the attacker's.  Test
the extension against a list of those wanted, and store it under a name of your own.  See CWE-434.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import Body, body, is_test, last_word
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

TESTS = listed(
    "allowed allow extension extensions ext splitext endswith suffix suffixes mimetype mimetypes content_type magic "
    "imghdr rpartition rsplit valid validate validator Image verify check is_safe sniff uuid4 token_hex token_urlsafe "
    "type filetype guess"
)
UPLOADS = frozenset({"files", "FILES"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report the saving of an upload in a function that takes its name and tests nothing of it."""
    for function in unit.nodes(cst.FunctionDef):
        inside = body(unit, function)
        if not _takes_upload(inside) or is_test(unit, function) or _tests(inside):
            continue
        for call in inside.calls:
            if _saves(unit, call):
                yield Hit(call, "an upload of any type is stored under the client's name: a page or a program, say")
                break


def _takes_upload(inside: Body) -> bool:
    """True where the function reads `request.files`, and a name that the client gave."""
    names = {n.value for n in inside.names}
    return (
        "request" in names
        and bool(UPLOADS & names)
        and bool({"filename", "name"} & {a.attr.value for a in inside.attributes})
    )


def _tests(inside: Body) -> bool:
    return any(TESTS & {n.value, *words(n.value)} for n in inside.names)


def _saves(unit: Unit, call: cst.Call) -> bool:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value == "save" and call.args:
        return "model" not in last_word(call.func.value)
    if unit.name(call.func) != "builtins.open":
        return False
    mode = unit.constant(unit.arg(call, 1, "mode"))
    return mode is not None and isinstance(mode.value, str) and "w" in mode.value


CHECK = Check(
    id="CGS051",
    name="upload-of-any-type",
    severity=Severity.MEDIUM,
    confidence=Confidence.MEDIUM,
    cwe=(434,),
    hints=(".files", ".FILES"),
    find=find,
    fix="Test the extension against a list of those wanted, and store it under a name of your own.",
    bad=(
        Bad("""\
import os
from flask import request
from werkzeug.utils import secure_filename

def upload():
    file = request.files["file"]
    file.save(os.path.join("static", secure_filename(file.filename)))  # finding
    return "ok"
"""),
        Bad("""\
def upload(request):
    image = request.FILES["image"]
    with open("media/" + image.name, "wb") as out:  # finding
        out.write(image.read())
"""),
    ),
    good=(
        Good("""\
import os
from flask import request
from werkzeug.utils import secure_filename

ALLOWED = {".png", ".jpg"}

def upload():
    file = request.files["file"]
    if os.path.splitext(file.filename)[1] not in ALLOWED:
        return "no", 400
    file.save(os.path.join("static", secure_filename(file.filename)))
    return "ok"
"""),
        Good("from flask import request\n\ndef upload():\n    request.files['file'].save('/srv/inbox/latest')\n"),
        Good("def save(model, name):\n    model.save(name)\n"),
    ),
    misses=(
        Miss(
            "async def upload(file: UploadFile):\n    with open(file.filename, 'wb') as out:  # finding\n        out.write(await file.read())\n",
            why="only `request.files` is known as a place of uploads",
        ),
    ),
)
