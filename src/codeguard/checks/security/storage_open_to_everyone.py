"""An object or a bucket of a cloud store that everyone may read or write.

The canned access lists `public-read` and `public-read-write` of S3 let anybody in who knows or guesses the name, with
no login.  Leave the list out and hand out signed addresses that end (`generate_presigned_url`).
See CWE-732 and the documentation of S3's canned ACLs.
"""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from codeguard.checks._api import Bad, Check, Good, Hit, Miss
from codeguard.model import Confidence, Severity
from codeguard.syntax.unit import Unit

PUBLIC = frozenset({"public-read", "public-read-write", "authenticated-read"})


def find(unit: Unit) -> Iterator[Hit]:
    """Report the keyword `ACL`, and the key of that name, with an access list that lets everyone in."""
    for arg in unit.nodes(cst.Arg):
        if arg.keyword is not None and arg.keyword.value == "ACL" and (who := _public(unit, arg.value)):
            yield Hit(arg.value, f"`{who}` lets everyone have what is stored there")
    for element in unit.nodes(cst.DictElement):
        if isinstance(element.key, cst.SimpleString) and element.key.raw_value == "ACL":
            who = _public(unit, element.value)
            if who:
                yield Hit(element.value, f"`{who}` lets everyone have what is stored there")


def _public(unit: Unit, node: cst.BaseExpression) -> str:
    known = unit.constant(node)
    return str(known.value) if known is not None and known.value in PUBLIC else ""


CHECK = Check(
    id="CGS063",
    name="storage-open-to-everyone",
    severity=Severity.MEDIUM,
    confidence=Confidence.HIGH,
    cwe=(732,),
    hints=("ACL",),
    find=find,
    fix="Leave the access list out, and hand out signed addresses.",
    bad=(
        Bad("""\
import boto3

boto3.client("s3").put_object(Bucket="b", Key="k", Body=b"", ACL="public-read")  # finding
"""),
        Bad("""\
def upload(client, path):
    client.upload_file(path, "b", "k", ExtraArgs={"ACL": "public-read"})  # finding
"""),
    ),
    good=(
        Good("def upload(client, path):\n    client.upload_file(path, 'b', 'k', ExtraArgs={'ACL': 'private'})\n"),
        Good("def upload(client, path):\n    client.upload_file(path, 'b', 'k')\n"),
        Good("def upload(client, path, acl):\n    client.put_object(Bucket='b', Key=path, ACL=acl)\n"),
    ),
    misses=(
        Miss(
            """\
def share(client, name):
    client.put_bucket_policy(Bucket=name, Policy='{"Principal": "*", "Effect": "Allow"}')  # finding
""",
            why="policies are texts of a language of their own",
        ),
    ),
)
