"""A default such as `datetime.now()` or `uuid4()` is computed once, and not for each call or object.

Defaults of functions and fields of classes are evaluated when the module is loaded: every call and every row then
gets the time, or the id, of that moment.  Use `None` and compute the value in the body, `default_factory`, or pass
the function itself (`default=datetime.utcnow`).
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._shape import last_word
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

VARYING = (
    "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "time.time",
    "time.monotonic", "time.perf_counter", "uuid.uuid4", "uuid.uuid1", "random.random", "random.randint",
    "random.choice", "secrets.token_hex", "secrets.token_urlsafe", "os.urandom", "django.utils.timezone.now",
    "timezone.now", "datetime.now", "datetime.utcnow", "uuid4",
)  # fmt: skip
FIELDS = {
    "Column",
    "mapped_column",
    "Field",
    "DateTimeField",
    "DateField",
    "TimeField",
    "UUIDField",
    "CharField",
    "IntegerField",
    "FloatField",
}


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report the call where its value becomes a default."""
    holder: cst.CSTNode = call
    above = unit.parent(call)
    while isinstance(above, (cst.Call, cst.Attribute, cst.Arg, cst.BinaryOperation)) and not _is_default_argument(
        above, unit
    ):
        if (
            isinstance(above, cst.Call)
            and holder is not above.func
            and last_word(above.func) not in {"str", "int", "float", "round", "hex"}
        ):
            return
        holder, above = above, unit.parent(above)
    name = (unit.name(call.func) or "").rpartition(".")[2]
    if isinstance(above, cst.Param):
        function = unit.parent(unit.parent(above) or above)
        if above.default is holder and isinstance(function, cst.FunctionDef):
            yield Hit(
                call,
                f"`{name}()` is called once, when `{function.name.value}` is defined: every call gets the same `{above.name.value}`",
            )
    elif isinstance(above, cst.Arg):
        yield Hit(call, f"`{name}()` is called once, when the class is made: every row gets the same default")
    elif isinstance(above, cst.AnnAssign) and _is_field(above, unit):
        yield Hit(call, f"`{name}()` is called once, when the class is made: every object gets the same value")


def _is_default_argument(node: cst.CSTNode, unit: Unit) -> bool:
    """Whether `node` is `default=...` of a column or field that stands in a class body."""
    if (
        not isinstance(node, cst.Arg)
        or node.keyword is None
        or node.keyword.value not in {"default", "server_default", "onupdate"}
    ):
        return False
    call = unit.parent(node)
    return isinstance(call, cst.Call) and last_word(call.func) in FIELDS and unit.scopes.at(node).is_class


def _is_field(node: cst.AnnAssign, unit: Unit) -> bool:
    """Whether an annotated assignment is a field that a dataclass or model gives to each object."""
    owner = unit.scopes.at(node).node
    if not isinstance(owner, cst.ClassDef) or last_word(node.annotation.annotation) in {"ClassVar", "Final"}:
        return False
    made = any(last_word(d.decorator) in {"dataclass", "define", "attrs", "frozen"} for d in owner.decorators)
    return made or any(
        last_word(b.value) in {"BaseModel", "SQLModel", "NamedTuple", "BaseSettings"} for b in owner.bases
    )


CHECK = Check(
    id="CGC050",
    name="default-evaluated-once",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    aliases=("ruff:B008", "ruff:RUF009"),
    calls=VARYING,
    find=find,
    fix="Compute the value in the body or by a factory, or pass the function without calling it.",
    bad=(
        Bad("from datetime import datetime\n\ndef log(text, at=datetime.now()):  # finding\n    print(at, text)\n"),
        Bad("import time\n\ndef job(name=str(time.time())):  # finding\n    return name\n"),
        Bad(
            "from dataclasses import dataclass\nfrom uuid import uuid4\n\n@dataclass\nclass Job:\n    id: str = str(uuid4())  # finding\n"
        ),
        Bad(
            "import datetime\nfrom sqlalchemy import Column, DateTime\n\nclass Post(Base):\n    at = Column(DateTime, default=datetime.datetime.utcnow())  # finding\n"
        ),
    ),
    good=(
        Good("from datetime import datetime\n\ndef log(text, at=None):\n    print(at or datetime.now(), text)\n"),
        Good(
            "from datetime import datetime\n\nclass Post(Base):\n    at = Column(DateTime, default=datetime.utcnow)\n"
        ),
        Good(
            "from dataclasses import dataclass, field\nfrom uuid import uuid4\n\n@dataclass\nclass Job:\n    id: str = field(default_factory=lambda: str(uuid4()))\n"
        ),
        Good("import time\n\nSTARTED = time.time()\nf = lambda start=time.time(): start\n"),
        Good("import time\n\nclass Run:\n    started: float = time.time()\n"),
    ),
    misses=(
        Miss(
            "import time\n\ndef job(at=[time.time()]):  # finding\n    return at\n",
            why="values in containers are not followed",
        ),
    ),
)
