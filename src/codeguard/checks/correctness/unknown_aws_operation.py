"""A boto3 client is asked for a service, an operation or a parameter that AWS does not have.

boto3 makes its clients at run time, so no type checker sees it: `boto3.client("s3").put_file()` raises AttributeError,
an unknown parameter ParamValidationError, an unknown service UnknownServiceError.  What exists is read from botocore's
service models.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.checks.correctness._apis import apis
from codeguard.knowledge.apis.aws import COMMON, services, spelt
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

MAKERS = frozenset(
    {
        "boto3.client",
        "boto3.Session().client",
        "boto3.session.Session().client",
        "boto3.DEFAULT_SESSION.client",
        "botocore.session.get_session().create_client",
    }
)


def find(call: cst.Call, unit: Unit) -> Iterator[Hit]:
    """Report an unknown service where a client is made, an unknown operation or parameter where one is called."""
    if unit.name(call.func) in MAKERS:
        service = _service(call, unit)
        if service and service not in services() and not unit.fact(apis).is_guarded(call):
            yield Hit(
                call, f"AWS has no service `{service}`, so this raises UnknownServiceError{_near(service, services())}"
            )
        return
    if not isinstance(call.func, cst.Attribute):
        return
    maker = _maker(call.func.value, unit)
    service = _service(maker, unit) if maker is not None else ""
    operations = services().get(service)
    name = call.func.attr.value
    if not operations or name in COMMON or name in unit.fact(apis).stored:
        return
    known = spelt(service).get(name.replace("_", ""))
    if known is None:
        if not unit.fact(apis).is_guarded(call):
            near = _near(name, operations)
            yield Hit(call.func, f"a boto3 `{service}` client has no `{name}`, so this raises AttributeError{near}")
        return
    yield from _parameters(call, service, known, operations[known], unit)


def _parameters(call: cst.Call, service: str, name: str, parameters: tuple[str, ...], unit: Unit) -> Iterator[Hit]:
    names = [p.removesuffix("=") for p in parameters]
    given = {arg.keyword.value for arg in call.args if arg.keyword is not None}
    for arg in call.args:
        if arg.keyword is not None and arg.keyword.value not in names:
            near = _near(arg.keyword.value, names)
            yield Hit(
                arg.keyword, f"`{service}.{name}` has no parameter `{arg.keyword.value}`{near}: ParamValidationError"
            )
    lost = [p for p in parameters if not p.endswith("=") and p not in given]
    if lost and not any(arg.star for arg in call.args) and given <= set(names) and not unit.fact(apis).is_guarded(call):
        if all(arg.keyword is not None for arg in call.args):
            yield Hit(call, f"`{service}.{name}` needs {', '.join(f'`{p}`' for p in lost)}: ParamValidationError")


def _maker(node: cst.BaseExpression, unit: Unit) -> cst.Call | None:
    """The call of `boto3.client` that made a client, where the text tells which."""
    if isinstance(node, cst.Call):
        return node if unit.name(node.func) in MAKERS else None
    values: list[cst.BaseExpression | None] = []
    if isinstance(node, cst.Name):
        bindings = unit.scopes.look_up(node.value, node)
        if len(bindings) == 1 and bindings[0].kind in {"assign", "walrus"}:
            values = [bindings[0].value]
    elif isinstance(node, cst.Attribute):
        values = unit.names.attribute_values(node)
    return _maker(values[0], unit) if len(values) == 1 and isinstance(values[0], cst.Call) else None


def _service(call: cst.Call, unit: Unit) -> str:
    """The service that a client is made for; empty where it is not told."""
    constant = unit.constant(unit.arg(call, 0, "service_name"))
    return constant.value if constant is not None and isinstance(constant.value, str) else ""


def _near(name: str, names: Iterable[str]) -> str:
    found = difflib.get_close_matches(name, list(names), 1, 0.6)
    return f"; there is `{found[0]}`" if found else ""


CHECK = Check(
    id="CGC097",
    name="unknown-aws-operation",
    severity=Severity.HIGH,
    confidence=Confidence.HIGH,
    cwe=(628,),
    hints=("boto",),
    nodes=(cst.Call,),
    find=find,
    fix="Use the service, operation and parameters that boto3 documents.",
    bad=(
        Bad("import boto3\nc = boto3.client('s4')  # finding\n"),
        Bad("import boto3\ns3 = boto3.client('s3')\ns3.put_file(Bucket='b', Key='k')  # finding\n"),
        Bad("import boto3\n\nq = boto3.Session().client('sqs')\nq.send_message(QueueUrl='q', Body='x')  # finding\n"),
        Bad("import boto3\n\nboto3.client('s3').get_object(Bucket='b')  # finding\n"),
    ),
    good=(
        Good(
            "import boto3\ns3 = boto3.client('s3')\ns3.put_object(Bucket='b', Key='k', Body=b'')\ns3.upload_file('a', 'b', 'c')\n"
        ),
        Good("import boto3\n\n\ndef make(name):\n    return boto3.client(name).anything()\n"),
        Good("import boto3\ntable = boto3.resource('dynamodb').Table('t')\ntable.put_item(Item={})\n"),
        Good("import boto3\ns3 = boto3.client('s3')\ns3.get_object(**options)\n"),
    ),
    misses=(
        Miss(
            "import boto3\n\n\ndef client():\n    return boto3.client('s3')\n\n\nclient().put_file()  # finding\n",
            why="what the file's own functions give is not followed",
        ),
    ),
)
