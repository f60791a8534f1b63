"""What a principal may do, for the checks that ask: its policies within boundary and service control policies."""

from __future__ import annotations

from collections.abc import Iterable
from fnmatch import fnmatchcase
from functools import lru_cache

from ..policy.breadth import Breadth, broad_grants
from ..policy.held import held
from ..policy.identity import Permissions
from ..policy.request import RequestContext
from ..policy.truth import Truth
from ..tables.identity import Principal

# A second factor is what a person can always bring, so a right that asks for one is a right.
WITH_MFA = RequestContext({"aws:MultiFactorAuthPresent": "true", "aws:MultiFactorAuthAge": "60"})
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
    return _privilege(held(holder))


@lru_cache(maxsize=4096)
def _privilege(rights: Permissions) -> str:
    for grant in broad_grants(rights):
        if grant.breadth is not Breadth.SERVICE:
            return grant.because.rstrip(".")
    for action in ESCALATIONS:
        answer = rights.allows(action, "*", WITH_MFA)
        if answer.granted is Truth.TRUE:
            return f"{answer.statement} allows {action} on everything"
    return ""


def is_named(holder: Principal, patterns: Iterable[str]) -> bool:
    """Whether a declaration names a principal, by its name or its ARN; `*` and `?` stand for what they do in file names."""
    return any(fnmatchcase(holder.name, each) or fnmatchcase(holder.key, each) for each in patterns)
