"""Area A: secrets stay out of the environment, and each workload has a tight role of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..check import check
from ..code.secrets import is_secret_name
from ..evidence import Watched
from ..model import Severity, Verdict, fail, na, ok
from ..policy.breadth import Breadth, BroadGrant, broad_grants
from ..policy.document import PolicyError
from ..policy.identity import permissions
from ..policy.truth import Truth
from ..tables.compute import EnvironmentVariable, Workload
from ..tables.identity import Role

CLOUD_KEYS = frozenset({"aws-access-key-id", "azure-account-key", "azure-shared-access"})
# A secret access key has no format of its own; the name under which it stands tells.
_CLOUD_KEY_NAME = re.compile(r"aws_?secret|secret_?access_?key", re.IGNORECASE)
_SHORT = {
    "aws": "AWS",
    "jwt": "JWT",
    "api": "API",
    "github": "GitHub",
    "azure": "Azure",
    "google": "Google",
    "npm": "npm",
}
MOST_NAMED = 4


@check("plaintext-secret-in-environment", over=EnvironmentVariable)
def plaintext_secret_in_environment(variable: EnvironmentVariable, evidence: Watched) -> Verdict:
    """No environment variable holds a secret in plain text."""
    named = f"{variable.name} of {variable.subject}"
    if variable.placeholder and (variable.secret or is_secret_name(variable.name)):
        if evidence.one(Workload, variable.workload).production is False:
            return ok(f"{named} holds a placeholder, outside production")
        return fail(f"{named} holds a placeholder where a secret belongs; what everybody can guess protects nothing")
    if not variable.secret:
        return ok(f"{named} holds nothing that looks like a secret")
    return fail(
        f"{named} holds {kind_of(variable)} of {variable.length} characters in plain text; "
        "everyone who may read the function's configuration reads it",
        severity=Severity.CRITICAL if is_cloud_key(variable) or variable.secret == "private-key" else None,
    )


def kind_of(variable: EnvironmentVariable) -> str:
    """The kind of secret with its article: an AWS access key id, a password."""
    said = " ".join(_SHORT.get(word, word) for word in variable.secret.split("-"))
    return f"an {said}" if said[:1].lower() in "aeiou" else f"a {said}"


def is_cloud_key(variable: EnvironmentVariable) -> bool:
    """Whether a variable holds a long-lived key with which anybody can act in a cloud at once."""
    return variable.secret in CLOUD_KEYS or (bool(variable.secret) and bool(_CLOUD_KEY_NAME.search(variable.name)))


@check("admin-rights-on-workload-role", over=Role)
def admin_rights_on_workload_role(role: Role, evidence: Watched) -> Verdict:
    """No role of a workload is equal to an administrator."""
    return _broad(
        role, (Breadth.ADMIN, Breadth.NEAR_ADMIN), "no statement allows everything on everything", Severity.CRITICAL
    )


@check("service-wildcard-on-workload-role", over=Role)
def service_wildcard_on_workload_role(role: Role, evidence: Watched) -> Verdict:
    """No role of a workload may do everything of a service on all resources."""
    return _broad(role, (Breadth.SERVICE,), "no statement allows every action of a service on every resource")


def _broad(role: Role, breadths: tuple[Breadth, ...], otherwise: str, severity: Severity | None = None) -> Verdict:
    boundary = role.boundary
    try:
        held = permissions(
            {each.name: each.text for each in role.policies}, boundary=boundary.text if boundary else None
        )
    except PolicyError as problem:
        raise ValueError(f"a policy of {role.name} cannot be read: {problem}") from problem
    found = [each for each in broad_grants(held) if each.breadth in breadths]
    if any(each.certain is not Truth.UNKNOWN for each in found):
        return fail(
            f"{role.name}: {_said(each for each in found if each.certain is not Truth.UNKNOWN)}", severity=severity
        )
    if found:
        return fail(f"{role.name}, under conditions that do not narrow the actions: {_said(found)}", severity=severity)
    return ok(f"{role.name}: {otherwise}" + (" after its permissions boundary" if boundary else ""))


def _said(grants: Iterable[BroadGrant]) -> str:
    sentences = list(dict.fromkeys(each.because.rstrip(".") for each in grants))
    more = f"; and {len(sentences) - MOST_NAMED} more" if len(sentences) > MOST_NAMED else ""
    return "; ".join(sentences[:MOST_NAMED]) + more


@check("role-shared-by-workloads", over=Role)
def role_shared_by_workloads(role: Role, evidence: Watched) -> Verdict:
    """Each role belongs to one workload, or to a declared group of the same purpose."""
    seen = role.workloads
    names = sorted(key.rpartition(":")[2] for key in seen)
    if len(seen) > 1:
        if any(set(names) <= set(group) for group in evidence.parameter("role_groups")):
            return ok(f"{role.name} is shared by the declared group {', '.join(names)}")
        listed = ", ".join(names[:MOST_NAMED]) + (
            f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        )
        return fail(f"{role.name} is shared by {len(names)} functions ({listed}), so each holds what any of them needs")
    if not seen:
        return na(f"no function runs under {role.name}")
    evidence.all(Workload, role=role.key)
    return ok(f"{role.name} belongs to {names[0]} alone")
