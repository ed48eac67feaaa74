"""A call of a library's function leaves out an argument that it needs, or gives more than it takes.

The call raises TypeError.  What the function takes is read from the library's sources and stubs, in several versions;
only a call that none of them can take is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit
from codeguard.checks.correctness._api_calls import callee, fits, missing, refused, surplus
from codeguard.checks.correctness._apis import apis
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report a call whose number of arguments no signature takes."""
    if not isinstance(call.func, (cst.Name, cst.Attribute)):
        return
    what = callee(call, unit)
    if what is None or any(fits(call, one) for one in what.signatures):
        return
    if refused(call, what.signatures) or unit.fact(apis).is_guarded(call, call=True):
        return
    if all(missing(call, one) for one in what.signatures):
        lost = missing(call, what.signatures[-1])
        names = ", ".join(f"`{name}`" for name in lost)
        yield Hit(call, f"`{what.name}` needs {names}, which this call does not give: TypeError")
    elif all(surplus(call, one) for one in what.signatures):
        most = max(len(one.positional) for one in what.signatures)
        given = sum(arg.keyword is None for arg in call.args)
        yield Hit(
            call, f"`{what.name}` takes at most {most} positional arguments, and this call gives {given}: TypeError"
        )


CHECK = Check(
    id="CGC096",
    name="wrong-library-call",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628,),
    aliases=("ty:missing-argument", "ty:too-many-positional-arguments", "ty:no-matching-overload"),
    nodes=(cst.Call,),
    find=find,
    fix="Pass what the function's documentation asks for.",
    bad=(
        Bad("n = len()  # finding\n"),
        Bad("import os\nos.path.isabs()  # finding\n"),
        Bad("import logging\nlog = logging.getLogger('a', 'b')  # finding\n"),
        Bad("import numpy as np\nx = np.empty()  # finding\n"),
        Bad("import hashlib\n\nh = hashlib.sha256()\nh.hexdigest(16)  # finding\n"),
    ),
    good=(
        Good("n = len([])\nprint()\nx = dict()\ny = int()\n"),
        Good("import os\nos.path.join('a', 'b', 'c')\nargs = ['a']\nos.path.isabs(*args)\n"),
        Good("import logging\nlog = logging.getLogger()\nlog.info('%s', 1)\n"),
        Good("import numpy as np\nx = np.empty((2, 2))\n"),
        Good("import pytest\n\n\ndef test():\n    with pytest.raises(TypeError):\n        len()\n"),
        Good("import os\n\n\ndef check(f=os.path.isabs):\n    return f('a')\n"),
    ),
)
