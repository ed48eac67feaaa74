"""An exception, or the environment, in the answer to a client.

Texts of exceptions name paths, statements and hosts, and the environment holds keys; they help whoever attacks and
nobody else.  Log them, and answer with a sentence of your own.  See CWE-209.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.security._bodies import body, last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

BROAD = frozenset({"Exception", "BaseException"})


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report `HTTPException(5xx, detail=...)` that holds the caught exception of a broad handler, or `os.environ`."""
    if last_word(call.func) != "HTTPException":
        return
    detail, status = unit.arg(call, 1, "detail"), unit.constant(unit.arg(call, 0, "status_code"))
    if detail is None or status is None or type(status.value) is not int or status.value < 500:
        return
    if any(unit.name(a) == "os.environ" for a in body(unit, detail).attributes):
        yield Hit(detail, "this answer tells every client the environment, keys included")
        return
    handler = next((a for a in unit.ancestors(call) if isinstance(a, cst.ExceptHandler)), None)
    if handler is None or handler.name is None or not isinstance(handler.name.name, cst.Name):
        return
    caught = handler.name.name.value
    if (handler.type is None or last_word(handler.type) in BROAD) and any(
        n.value == caught for n in body(unit, detail).names
    ):
        yield Hit(detail, f"this answer tells every client what `{caught}` says: paths, statements, hosts")


CHECK = Check(
    id="CGS054",
    name="error-detail-in-response",
    severity=Severity.LOW,
    confidence=Confidence.HIGH,
    cwe=(209, 200),
    hints=("HTTPException",),
    nodes=(cst.Call,),
    find=find,
    fix="Log the exception and answer with a sentence of your own.",
    bad=(
        Bad(
            "def run(job):\n    try:\n        return job()\n    except Exception as exc:\n        raise HTTPException(500, detail=f'{exc!r}')  # finding\n"
        ),
        Bad("import os\n\ndef fail():\n    raise HTTPException(status_code=503, detail=str(os.environ))  # finding\n"),
    ),
    good=(
        Good(
            "def run(job):\n    try:\n        return job()\n    except Exception as exc:\n        log.exception('job')\n        raise HTTPException(500, detail='the job failed') from exc\n"
        ),
        Good(
            "def run(job):\n    try:\n        return job()\n    except ValueError as exc:\n        raise HTTPException(400, detail=str(exc))\n"
        ),
        Good("def gone():\n    raise HTTPException(500, detail='gone')\n"),
    ),
    misses=(
        Miss(
            "def run(job):\n    try:\n        return job()\n    except Exception as exc:\n        return JSONResponse({'error': repr(exc)}, 500)  # finding\n",
            why="only `HTTPException` is looked at",
        ),
    ),
)
