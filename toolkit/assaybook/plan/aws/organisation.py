"""What to ask about the organisation: which policies limit the account, from its root down. Most accounts of members are denied this."""

from typing import Any

from .. import Call, Lead

UNITS = "Parents[?Type=='ORGANIZATIONAL_UNIT']"
ALONE = ("AWSOrganizationsNotInUseException",)
SERVICE: dict[str, Any] = {"give": {"Filter": "SERVICE_CONTROL_POLICY"}}
RESOURCE: dict[str, Any] = {"give": {"Filter": "RESOURCE_CONTROL_POLICY"}}
LISTED: dict[str, Any] = {
    "items": "Policies",
    "scope": "global",
    "bucket": "organizations:ListPoliciesForTarget",
    "not_enabled": ALONE,
}


def _above(over: str, parameter: str) -> dict[str, Any]:
    """Over the parents of the account, and over theirs in turn up to the root."""
    take = {parameter: "Id"}
    further = Lead("organizations:ListParents/above", over=over, take=take)
    return {"each": "organizations:ListParents", "over": over, "take": take, "also": (further,)}


POLICIES = (
    "organizations:ListPoliciesForTarget",
    "organizations:ListPoliciesForTarget/above",
    "organizations:ListPoliciesForTarget/resource",
    "organizations:ListPoliciesForTarget/resource-above",
)
EACH_POLICY: dict[str, Any] = {"over": "Policies", "take": {"PolicyId": "Id"}}

CALLS = (
    Call(
        "organizations:ListParents",
        items="Parents",
        scope="global",
        take={"ChildId": "$account"},
        not_enabled=ALONE,
        why="the unit in which the account lies",
    ),
    Call(
        "organizations:ListParents",
        id="organizations:ListParents/above",
        items="Parents",
        scope="global",
        why="the units above it, up to the root",
        **_above(UNITS, "ChildId"),
    ),
    Call(
        "organizations:ListPoliciesForTarget",
        take={"TargetId": "$account"},
        why="service control policies on the account itself",
        **SERVICE,
        **LISTED,
    ),
    Call(
        "organizations:ListPoliciesForTarget",
        id="organizations:ListPoliciesForTarget/above",
        why="service control policies on the units above it and on the root",
        **SERVICE,
        **LISTED,
        **_above("Parents", "TargetId"),
    ),
    Call(
        "organizations:ListPoliciesForTarget",
        id="organizations:ListPoliciesForTarget/resource",
        take={"TargetId": "$account"},
        why="resource control policies on the account itself",
        **RESOURCE,
        **LISTED,
    ),
    Call(
        "organizations:ListPoliciesForTarget",
        id="organizations:ListPoliciesForTarget/resource-above",
        why="resource control policies on the units above it and on the root",
        **RESOURCE,
        **LISTED,
        **_above("Parents", "TargetId"),
    ),
    Call(
        "organizations:DescribePolicy",
        scope="global",
        each=POLICIES[0],
        also=tuple(Lead(each, **EACH_POLICY) for each in POLICIES[1:]),
        why="what the policies of the organisation allow and deny",
        **EACH_POLICY,
    ),
)
