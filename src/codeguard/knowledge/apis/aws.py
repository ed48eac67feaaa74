"""The services of AWS, their operations and parameters, as boto3's clients have them.

Source: the service models in botocore's wheel (Apache-2.0); `tools/build_apis.py` writes `aws.zlib`.  A line without
an indent is a service; the lines below it, if there are any, are its operations: `name Required,Optional=,...`.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

# What every client has, and what boto3 adds to some.
COMMON = frozenset(
    {
        "can_paginate",
        "close",
        "exceptions",
        "generate_presigned_post",
        "generate_presigned_url",
        "get_paginator",
        "get_waiter",
        "meta",
        "waiter_names",
        "upload_file",
        "upload_fileobj",
        "download_file",
        "download_fileobj",
        "copy",
    }
)
Operations = Mapping[str, tuple[str, ...]]


@cache
def services() -> Mapping[str, Operations]:
    """Operations by service, and of each the parameters, `=` after those that may be left out.

    A service whose operations were not read has none.  Operations are spelt without underscores, since botocore sets
    them by rules with exceptions.
    """
    text = zlib.decompress(Path(__file__).with_name("aws.zlib").read_bytes()).decode()
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    own: dict[str, tuple[str, ...]] = {}
    for line in text.split("\n"):
        if line.startswith("\t"):
            name, _, parameters = line[1:].partition(" ")
            own[name] = tuple(part for part in parameters.split(",") if part)
        else:
            own = found[line] = {}
    return found


@cache
def spelt(service: str) -> Mapping[str, str]:
    """The operations of a service by their spelling without underscores."""
    return {name.replace("_", ""): name for name in services().get(service, {})}
