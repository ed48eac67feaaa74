"""A secret from a generator that is seeded with the time.

Whoever knows roughly when it was made tries the few seeds of that minute and has it.  Use `secrets`, which needs no
seed.  See CWE-337 and CWE-338.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, function_around, is_test
from codeguard.checks.security._words import listed, words
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

CLOCK = ("time.", "datetime.", "os.getpid")
SECRET = listed(
    "token password passwd secret otp code session key login reset invite activation captcha pin nonce salt"
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report such a seed in a function that is called for a secret."""
    seed = unit.arg(call, 0)
    function = function_around(unit, call)
    if seed is None or function is None or not SECRET & set(words(function.name.value)) or is_test(unit, call):
        return
    if any((unit.name(c.func) or "").startswith(CLOCK) for c in body(unit, seed).calls):
        yield Hit(call, f"`{function.name.value}` seeds its generator with the time, so what it makes can be computed")


CHECK = Check(
    id="CGS056",
    name="secret-seeded-by-clock",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(337, 338, 335),
    hints=("random",),
    calls=("random.seed", "random.Random", "numpy.random.seed", "numpy.random.RandomState", "numpy.random.default_rng"),
    find=find,
    fix="Use `secrets`.",
    bad=(
        Bad(
            "import random\nimport time\n\ndef login_link(user):\n    rng = random.Random(int(time.time()))  # finding\n    return f'/login?t={user}-{rng.randrange(10**12)}'\n"
        ),
        Bad(
            "import random\nfrom datetime import datetime\n\ndef make_otp():\n    random.seed(datetime.now().timestamp())  # finding\n    return random.randint(0, 999999)\n"
        ),
    ),
    good=(
        Good("import secrets\n\ndef login_link(user):\n    return f'/login?t={secrets.token_urlsafe()}'\n"),
        Good(
            "import random\nimport time\n\ndef simulate():\n    random.seed(time.time())\n    return random.random()\n"
        ),
        Good("import random\n\ndef make_code(seed):\n    return random.Random(seed).random()\n"),
    ),
    misses=(
        Miss(
            "import random\nimport time\n\nrandom.seed(time.time())  # finding\n\ndef make_token():\n    return random.random()\n",
            why="a seed of the whole module may serve other things",
        ),
    ),
)
