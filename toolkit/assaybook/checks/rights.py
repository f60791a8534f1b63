"""What a principal may do, for the checks that ask: its policies within boundary and service control policies."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from ..policy.breadth import Breadth, broad_grants
from ..policy.identity import Permissions, permissions
from ..policy.request import RequestContext
from ..policy.truth import Truth
from ..tables.identity import PolicyText, Principal, Role

# A second factor is what a person can always bring, so a right that asks for one is a right.
WITH_MFA = RequestContext({"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"})
Texts = tuple[PolicyText, ...]


def rights_of(holder: Principal | Role) -> Permissions:
    """What a role or user may do. Kept, as several checks ask for the same one."""
    return _rights(holder.policies, holder.boundary, holder.service_control)


@lru_cache(maxsize=4096)
def _rights(policies: Texts, boundary: PolicyText | None, limits: tuple[Texts, ...]) -> Permissions:
    return permissions(
        _named(policies), boundary=boundary.text if boundary else None, scps=[_named(each) for each in limits]
    )


def _named(policies: Texts) -> dict[str, str]:
    # An inline policy may bear the name of an attached one, and both count.
    found: dict[str, str] = {}
    for each in policies:
        found[each.name if each.name not in found else f"{each.name} ({len(found) + 1})"] = each.text
    return found


# What makes everybody who may do it an administrator in the end. Source: AWS IAM user guide, "Permissions management access level".
ESCALATIONS = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:CreatePolicyVersion",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:UpdateAssumeRolePolicy",
)


def privilege_of(holder: Principal) -> str:
    """Why a principal counts as privileged, in words; empty if it does not: (nearly) everything is allowed, or its own rights can be widened."""
    return _privilege(rights_of(holder))


@lru_cache(maxsize=4096)
def _privilege(held: Permissions) -> str:
    for grant in broad_grants(held):
        if grant.breadth is not Breadth.SERVICE:
            return grant.because.rstrip(".")
    for action in ESCALATIONS:
        answer = held.allows(action, "*", WITH_MFA)
        if answer.granted is Truth.TRUE:
            return f"{answer.statement} allows {action} on everything"
    return ""


def is_named(holder: Principal, patterns: Iterable[str]) -> bool:
    """Whether a declaration names a principal, by its name or its ARN; `*` and `?` stand for what they do in file names."""
    return any(fnmatchcase(holder.name, each) or fnmatchcase(holder.key, each) for each in patterns)
