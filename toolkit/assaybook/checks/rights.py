"""What a principal may do, for the checks that ask: its policies within boundary and service control policies."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType

from ..policy.breadth import Breadth, broad_grants
from ..policy.held import held
from ..policy.request import RequestContext
from ..policy.truth import Truth
from ..tables.identity import Principal, Role

# What makes everybody who may do it to any role, user or policy an administrator in the end: the action and the kind of what it is done to.
# Source: AWS IAM user guide, "Permissions management access level".
ESCALATIONS = {
    "iam:AttachRolePolicy": "role",
    "iam:AttachUserPolicy": "user",
    "iam:CreateAccessKey": "user",
    "iam:CreateLoginProfile": "user",
    "iam:CreatePolicyVersion": "policy",
    "iam:PutRolePolicy": "role",
    "iam:PutUserPolicy": "user",
    "iam:UpdateAssumeRolePolicy": "role",
}
# IAM is answered in one region of each partition, which is what a condition on the region sees.
HOME_OF_IAM = "us-east-1"


def request_by(holder: Principal, region: str, further: Mapping[str, str] = MappingProxyType({})) -> RequestContext:
    """What is known of a request that a role or user makes in a region of its own account.

    A second factor is taken to be there: it is what a person can always bring, so a right that asks for one is a right.
    `further` are keys of the service that is asked.
    """
    account = holder.subject.account
    known = {
        "aws:PrincipalArn": holder.key,
        "aws:PrincipalAccount": account,
        "aws:ResourceAccount": account,
        "aws:RequestedRegion": region,
        "aws:MultiFactorAuthPresent": "true",
        "aws:MultiFactorAuthAge": "60",
        "aws:SecureTransport": "true",
        "aws:ViaAWSService": "false",
    }
    return RequestContext({**known, **further})


def privilege_of(holder: Principal) -> str:
    """Why a principal counts as privileged, in words; empty if it does not: (nearly) everything is allowed, or its own rights can be widened."""
    rights = held(holder)
    for grant in broad_grants(rights):
        if grant.breadth is not Breadth.SERVICE:
            return grant.because.rstrip(".")
    context = request_by(holder, HOME_OF_IAM)
    for action, kind in ESCALATIONS.items():
        answer = rights.allows(action, f"arn:aws:iam::{holder.subject.account}:{kind}/any", context)
        if answer.granted is Truth.TRUE:
            return f"{answer.statement} allows {action} on any {kind}"
    return ""


def unread_limits(holders: Iterable[Principal | Role]) -> str:
    """What to add where a right decides and the organisation's policies, which may take it away, could not all be read; else empty."""
    if all(each.service_control_known for each in holders):
        return ""
    return (
        "; the organisation's service control policies could not all be read (organizations:ListPoliciesForTarget and "
        "organizations:DescribePolicy, which its management account answers), and one of them may forbid it"
    )


def is_named(holder: Principal | Role, patterns: Iterable[str]) -> bool:
    """Whether a declaration names a principal, by its name or its ARN; `*` and `?` stand for what they do in file names."""
    return any(fnmatchcase(holder.name, each) or fnmatchcase(holder.key, each) for each in patterns)
