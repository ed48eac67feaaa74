"""A call of a library's function passes a keyword that the function does not take.

The call raises TypeError.  What the function takes is read from the library's sources and stubs, in several versions;
only a keyword that none of them takes is reported, and nothing where any takes `**kwargs`.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_calls import Callee, callee, refused
from codeguard.checks.correctness._api_names import asked
from codeguard.checks.correctness._apis import apis
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

LONG = 160  # characters of parameters that a message can do with


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report each keyword that no signature takes."""
    if not any(arg.keyword is not None for arg in call.args) or not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    what = callee(call, unit)
    if what is None:
        return
    library = what.library
    never = refused(call, what.signatures)
    for arg in refused(call, what.within(asked(library, unit) or library.newest | library.newest >> 1)):
        if arg.keyword is None or unit.fact(apis).is_guarded(call, call=True):
            continue
        name = arg.keyword.value
        lost = f"`{what.name}` has no parameter `{name}`"
        if arg in never:
            yield Hit(arg.keyword, f"{lost} ({_taken(what)}): TypeError")
        elif last := what.last(name):
            product = "Python" if library.is_stdlib else library.root
            yield Hit(arg.keyword, f"{lost} any more (it was there in {product} {last}): TypeError")


def _taken(what: Callee) -> str:
    """What a function takes, in words."""
    known = ", ".join(f"`{name}`" for name in dict.fromkeys(k for s in what.signatures for k in s.keywords))
    if len(known) > LONG:
        return "see its documentation"
    return f"it takes {known}" if known else "it takes no keywords"


CHECK = Check(
    id="CGC095",
    name="unknown-library-keyword",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628,),
    aliases=("ty:unknown-argument", "ty:no-matching-overload"),
    hints=("=",),
    nodes=(cst.Call,),
    find=find,
    fix="Use the name that the library gives the parameter.",
    bad=(
        Bad("import time\ntime.sleep(seconds=1)  # finding\n"),
        Bad("n = len([], default=0)  # finding\n"),
        Bad("import shutil\nshutil.copytree('a', 'b', overwrite=True)  # finding\n"),
        Bad("import pandas as pd\npd.read_csv('a.csv', seperator=';')  # finding\n"),
        Bad(
            "import paramiko\nc = paramiko.SSHClient()\ns = c.open_sftp()\ns.put('a', 'b', recursive=True)  # finding\n"
        ),
    ),
    good=(
        Good("import shutil\nshutil.copytree('a', 'b', dirs_exist_ok=True)\n"),
        Good("import json\njson.dumps({}, indent=2)\n"),
        Good("import pandas as pd\npd.read_csv('a.csv', sep=';')\n"),
        Good("import requests\nrequests.get('https://example.invalid', timeout=3)\n"),
        Good("def len(x, default=None):\n    return x\n\n\nlen([], default=0)\n"),
        Good("import logging\nlogging.info('a', extra={}, stacklevel=2)\n"),
    ),
)
