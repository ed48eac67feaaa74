"""The services of AWS and their operations, as botocore's wheel describes them."""

from __future__ import annotations

import gzip
import json
import re
import zipfile
from pathlib import Path
from typing import Any

# Of these the operations are kept; of all others that they exist.
SERVICES = """
    acm apigateway athena autoscaling bedrock bedrock-runtime cloudformation cloudfront cloudtrail cloudwatch
    cognito-idp dynamodb ec2 ecr ecs eks elbv2 events firehose iam kinesis kms lambda logs rds
    rekognition route53 s3 secretsmanager ses sesv2 sns sqs ssm stepfunctions sts textract
""".split()  # noqa: SIM905 - words as people read them


def pack_services(wheel: Path) -> str:
    """One line for each service; below it, indented by a tab, `operation required,optional=,...`."""
    lines: list[str] = []
    with zipfile.ZipFile(wheel) as archive:
        paths = sorted(
            n for n in archive.namelist() if re.fullmatch(r"botocore/data/[^/]+/[^/]+/service-2\.json(\.gz)?", n)
        )
        newest = {path.split("/")[2]: path for path in paths}
        for service, path in sorted(newest.items()):
            lines.append(service)
            if service in SERVICES:
                data = archive.read(path)
                model = json.loads(gzip.decompress(data) if path.endswith(".gz") else data)
                lines += [
                    f"\t{snake(name)} {_parameters(op, model)}" for name, op in sorted(model["operations"].items())
                ]
    return "\n".join(lines)


def snake(name: str) -> str:
    """An operation's name as botocore's clients spell it, but for a few irregular ones."""
    name = re.sub(
        r"(.)([A-Z][a-z]+)", r"\1_\2", re.sub(r"([A-Z]{2,})s$", lambda m: "_" + m[1].capitalize() + "s", name)
    )
    return re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name).lower().replace("__", "_")


def _parameters(operation: dict[str, Any], model: dict[str, Any]) -> str:
    shape = model["shapes"].get(operation.get("input", {}).get("shape", ""), {})
    required = set(shape.get("required", ()))
    automatic = {n for n, m in shape.get("members", {}).items() if m.get("idempotencyToken")}
    return ",".join(n if n in required - automatic else n + "=" for n in shape.get("members", {}))
