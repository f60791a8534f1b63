"""What to ask about the organisation: which policies limit the account, from its root down. Most accounts of members are denied this."""

from typing import Any

from .. import Call

ABOVE: dict[str, Any] = {"each": ("organizations:ListParents", "organizations:ListParents/above")}
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
        over=UNITS,
        take={"ChildId": "Id"},
        why="the units above it, up to the root",
        **ABOVE,
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
        over="Parents",
        take={"TargetId": "Id"},
        why="service control policies on the units above it and on the root",
        **SERVICE,
        **LISTED,
        **ABOVE,
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
        over="Parents",
        take={"TargetId": "Id"},
        why="resource control policies on the units above it and on the root",
        **RESOURCE,
        **LISTED,
        **ABOVE,
    ),
    Call(
        "organizations:DescribePolicy",
        scope="global",
        each=(
            "organizations:ListPoliciesForTarget",
            "organizations:ListPoliciesForTarget/above",
            "organizations:ListPoliciesForTarget/resource",
            "organizations:ListPoliciesForTarget/resource-above",
        ),
        over="Policies",
        take={"PolicyId": "Id"},
        why="what the policies of the organisation allow and deny",
    ),
)
