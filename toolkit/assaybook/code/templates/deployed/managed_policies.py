"""What policies of AWS allow, for roles of templates that name them; `data/aws_managed_policies.yaml` says when they were read and from where."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

BY_AWS = ":iam::aws:policy/"


@cache
def _documents() -> Mapping[str, Any]:
    packed = (files("assaybook") / "data" / "aws_managed_policies.json.gz").read_bytes()
    found: Mapping[str, Any] = json.loads(gzip.decompress(packed))
    return found


def managed_policy(arn: str) -> dict[str, Any] | None:
    """The policy with that ARN as IAM's details of an account hold it; None if it is none of AWS, or none that is known."""
    prefix, found, name = arn.partition(BY_AWS)
    document = _documents().get(name) if found and prefix.startswith("arn:aws") else None
    if document is None:
        return None
    version = {"VersionId": "v1", "IsDefaultVersion": True, "Document": document}
    return {"PolicyName": name.rpartition("/")[2], "Arn": arn, "DefaultVersionId": "v1", "PolicyVersionList": [version]}
