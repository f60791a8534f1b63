"""Roles, users, groups and policies of a stack, as IAM's details of an account hold them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....capture import NOT_TOLD
from ..resources import Resource
from .answers import Answers, Stack, entries, number, place_of, policy_answer, tag_list, untold, word
from .managed_policies import managed_policy

ROLE, USER, GROUP = "AWS::IAM::Role", "AWS::IAM::User", "AWS::IAM::Group"
MANAGED, INLINE = "AWS::IAM::ManagedPolicy", "AWS::IAM::Policy"
# Policies that stand by themselves beside the identity that bears them, with the member that names it.
BESIDE = (
    ("AWS::IAM::RolePolicy", "RoleName"),
    ("AWS::IAM::UserPolicy", "UserName"),
    ("AWS::IAM::GroupPolicy", "GroupName"),
)
# Where it is not set. Source: AWS CloudFormation Template Reference, "AWS::IAM::Role", MaxSessionDuration.
SESSION = 3600

ANSWERED = (
    "iam:GetAccountAuthorizationDetails",
    "iam:ListRoles",
    "iam:ListOpenIDConnectProviders",
    "iam:ListSAMLProviders",
)
DETAILS = "iam:GetAccountAuthorizationDetails"


def make(stack: Stack, answers: Answers) -> None:
    """Answers of IAM about what the stack makes."""
    also: dict[str, list[Any]] = {"UserDetailList": [], "GroupDetailList": [], "Policies": []}
    roles = []
    for resource in stack.of(ROLE):
        roles.append(_role(stack, resource))
        session = number(resource.properties.get("MaxSessionDuration"), SESSION)
        record = {"Arn": resource.arn, "RoleName": resource.name, "MaxSessionDuration": session}
        answers.listed("iam:ListRoles", record, where=place_of(resource, "MaxSessionDuration"))
    for resource in stack.of(USER):
        also["UserDetailList"].append(_user(stack, resource))
    for resource in stack.of(GROUP):
        also["GroupDetailList"].append(_group(stack, resource))
    named = dict.fromkeys(
        each["PolicyArn"]
        for record in (*roles, *also["UserDetailList"], *also["GroupDetailList"])
        for each in record["AttachedManagedPolicies"]
        if isinstance(each["PolicyArn"], str)
    )
    boundaries = [word(each.properties.get("PermissionsBoundary")) for each in stack.of(ROLE, USER)]
    also["Policies"] = [_managed(each) for each in stack.of(MANAGED)]
    also["Policies"] += [found for arn in dict.fromkeys((*named, *boundaries)) if (found := managed_policy(arn))]
    answers.listed(DETAILS, *roles, also=also)
    for resource in stack.of("AWS::IAM::OIDCProvider"):
        answers.listed("iam:ListOpenIDConnectProviders", {"Arn": resource.arn}, where=resource.where)
    for resource in stack.of("AWS::IAM::SAMLProvider"):
        answers.listed("iam:ListSAMLProviders", {"Arn": resource.arn}, where=resource.where)


def _role(stack: Stack, resource: Resource) -> dict[str, Any]:
    properties = resource.properties
    return {
        **_identity(stack, resource, "Role"),
        "RoleId": resource.id,
        "AssumeRolePolicyDocument": policy_answer(properties.get("AssumeRolePolicyDocument")),
        "RolePolicyList": _inline(stack, resource, "Roles", "RoleName"),
        "RoleLastUsed": {NOT_TOLD: "when it was last used"},
        "InstanceProfileList": [
            {"InstanceProfileName": each.name, "Arn": each.arn}
            for each in stack.of("AWS::IAM::InstanceProfile")
            if _names(stack, each.properties.get("Roles"), resource)
        ],
    }


def _user(stack: Stack, resource: Resource) -> dict[str, Any]:
    groups = [word(each) for each in entries(resource.properties.get("Groups"))]
    groups += [
        word(each.properties.get("GroupName"))
        for each in stack.of("AWS::IAM::UserToGroupAddition")
        if _names(stack, each.properties.get("Users"), resource)
    ]
    found = [group.name for each in groups if (group := stack.named(each, GROUP))]
    foreign = [each for each in groups if stack.named(each, GROUP) is None]
    return {
        **_identity(stack, resource, "User"),
        "UserId": resource.id,
        "UserPolicyList": _inline(stack, resource, "Users", "UserName"),
        "GroupList": [*found, *foreign],
    }


def _group(stack: Stack, resource: Resource) -> dict[str, Any]:
    return {
        **_identity(stack, resource, "Group"),
        "GroupId": resource.id,
        "GroupPolicyList": _inline(stack, resource, "Groups", "GroupName"),
    }


def _identity(stack: Stack, resource: Resource, kind: str) -> dict[str, Any]:
    """What roles, users and groups have in common."""
    properties = resource.properties
    made: dict[str, Any] = {
        "Path": word(properties.get("Path"), "/") or "/",
        f"{kind}Name": resource.name,
        "Arn": resource.arn,
        "AttachedManagedPolicies": _attached(stack, resource, f"{kind}s"),
    }
    if kind != "Group":
        made["Tags"] = tag_list(properties.get("Tags"))
        boundary = properties.get("PermissionsBoundary")
        if boundary is not None:
            found = stack.named(boundary, MANAGED)
            arn = found.arn if found else word(boundary)
            made["PermissionsBoundary"] = {"PermissionsBoundaryType": "Policy", "PermissionsBoundaryArn": arn}
    return made


def _inline(stack: Stack, resource: Resource, member: str, single: str) -> Any:
    """The policies inside an identity, and those beside it that name it."""
    own = resource.properties.get("Policies")
    if untold(own):
        return own
    made = [_entry(each, f"policy {place}") for place, each in enumerate(entries(own), 1)]
    beside = [(INLINE, member), *((kind, name) for kind, name in BESIDE if name == single)]
    made += [
        _entry(each.properties, each.name or each.id)
        for kind, name in beside
        for each in stack.of(kind)
        if _names(stack, each.properties.get(name), resource)
    ]
    return made


def _entry(value: Any, name: str) -> Any:
    if not isinstance(value, Mapping) or untold(value):
        return value
    return {
        "PolicyName": word(value.get("PolicyName"), name) or name,
        "PolicyDocument": policy_answer(value.get("PolicyDocument")),
    }


def _attached(stack: Stack, resource: Resource, member: str) -> Any:
    given = resource.properties.get("ManagedPolicyArns")
    if untold(given):
        return [{"PolicyName": "", "PolicyArn": given}]
    made = []
    for each in entries(given):
        found = stack.named(each, MANAGED)
        if found is None and untold(each):
            made.append({"PolicyName": "", "PolicyArn": each})
            continue
        arn = found.arn if found else word(each)
        made.append({"PolicyName": arn.rpartition("/")[2], "PolicyArn": arn})
    made += [
        {"PolicyName": policy.name, "PolicyArn": policy.arn}
        for policy in stack.of(MANAGED)
        if _names(stack, policy.properties.get(member), resource)
    ]
    return list({str(each["PolicyArn"]): each for each in made}.values())


def _names(stack: Stack, value: Any, resource: Resource) -> bool:
    """Whether a property names an identity, alone or among others."""
    return any(stack.named(each, resource.type) is resource for each in entries(value))


def _managed(resource: Resource) -> dict[str, Any]:
    document = policy_answer(resource.properties.get("PolicyDocument"))
    return {
        "PolicyName": resource.name,
        "Arn": resource.arn,
        "Path": word(resource.properties.get("Path"), "/") or "/",
        "DefaultVersionId": "v1",
        "PolicyVersionList": [{"VersionId": "v1", "IsDefaultVersion": True, "Document": document}],
    }
