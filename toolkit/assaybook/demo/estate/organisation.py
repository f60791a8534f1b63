"""What the organisation lets its shop account read: the units above it, and the policies that limit it."""

from __future__ import annotations

import json
from typing import Any

from ..emulator.account import Answer
from ..emulator.exchange import Exchange, Refusal
from .names import ACCOUNT, LOG_ARCHIVE, ORGANISATION

ROOT, UNIT = "r-nw4s", "ou-nw4s-shop0001"
PARENTS = {ACCOUNT: (UNIT, "ORGANIZATIONAL_UNIT"), UNIT: (ROOT, "ROOT")}
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}
# Id, name, kind, AWS's own, statements.
POLICIES: dict[str, tuple[str, str, bool, tuple[dict[str, Any], ...]]] = {
    "p-FullAWSAccess": ("FullAWSAccess", "SERVICE_CONTROL_POLICY", True, (EVERYTHING,)),
    "p-RCPFullAWSAccess": ("RCPFullAWSAccess", "RESOURCE_CONTROL_POLICY", True, ({**EVERYTHING, "Principal": "*"},)),
    "p-nwstay0001": (
        "stay-in-the-organisation",
        "SERVICE_CONTROL_POLICY",
        False,
        ({"Sid": "Stay", "Effect": "Deny", "Action": "organizations:LeaveOrganization", "Resource": "*"},),
    ),
    "p-nwregion01": (
        "no-unknown-regions",
        "SERVICE_CONTROL_POLICY",
        False,
        (
            {
                "Sid": "Regions",
                "Effect": "Deny",
                "NotAction": ["iam:*", "organizations:*", "sts:*", "cloudfront:*", "route53:*", "support:*"],
                "Resource": "*",
                "Condition": {"StringNotEquals": {"aws:RequestedRegion": ["us-east-1", "eu-west-1"]}},
            },
        ),
    ),
}
ATTACHED = {
    ACCOUNT: ("p-FullAWSAccess", "p-RCPFullAWSAccess"),
    UNIT: ("p-FullAWSAccess", "p-RCPFullAWSAccess", "p-nwregion01"),
    ROOT: ("p-FullAWSAccess", "p-RCPFullAWSAccess", "p-nwstay0001"),
}


def parents(asked: Exchange) -> Answer:
    """The unit of an account, or what stands above a unit."""
    unit, kind = PARENTS[str(asked.params["ChildId"])]
    return {"Parents": [{"Id": unit, "Type": kind}]}


def policies_for_target(asked: Exchange) -> Answer:
    """The policies of one kind on an account, a unit or the root."""
    wanted = str(asked.params["Filter"])
    found = [each for each in ATTACHED[str(asked.params["TargetId"])] if POLICIES[each][1] == wanted]
    return {"Policies": [_summary(each) for each in found]}


def policy(asked: Exchange) -> Answer:
    """A policy with its document."""
    name = str(asked.params["PolicyId"])
    if name not in POLICIES:
        return Refusal("PolicyNotFoundException", f"You specified a policy that doesn't exist: {name}")
    content = json.dumps({"Version": "2012-10-17", "Statement": POLICIES[name][3]})
    return {"Policy": {"PolicySummary": _summary(name), "Content": content}}


def _summary(policy: str) -> dict[str, Any]:
    name, kind, own, _ = POLICIES[policy]
    owner = "aws" if own else f"{LOG_ARCHIVE}"
    place = f"policy/{kind.lower()}/{policy}" if own else f"policy/{ORGANISATION}/{kind.lower()}/{policy}"
    return {
        "Id": policy,
        "Arn": f"arn:aws:organizations::{owner}:{place}",
        "Name": name,
        "Description": "Allows access to every operation" if own else f"Northwind guardrail {name}",
        "Type": kind,
        "AwsManaged": own,
    }
