"""Area A: secrets stay out of the environment, and each workload has a tight role of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..check import check
from ..code.secrets import is_secret_name
from ..model import Severity, Verdict, fail, na, ok
from ..policy.breadth import Breadth, BroadGrant, broad_grants
from ..policy.held import held
from ..policy.truth import Truth
from ..tables.compute import EnvironmentVariable, Workload
from ..tables.identity import Role
from ..watched import Watched

CLOUD_KEYS = frozenset({"aws-access-key-id", "azure-account-key", "azure-shared-access"})
# A secret access key has no format of its own; the name under which it stands tells.
_CLOUD_KEY_NAME = re.compile(r"aws_?secret|secret_?access_?key", re.IGNORECASE)
_NAMES = (
    "AWS API JWT GitHub GitLab SendGrid OpenAI PyPI DigitalOcean Azure Google Stripe Slack Discord Teams Twilio Mailgun Mailchimp Anthropic Docker "
    "Databricks Terraform Grafana Shopify Atlassian"
)
_SHORT = {word.lower(): word for word in _NAMES.split()}
MOST_NAMED = 4


@check("plaintext-secret-in-environment", over=EnvironmentVariable)
def plaintext_secret_in_environment(variable: EnvironmentVariable, evidence: Watched) -> Verdict:
    """No environment variable holds a secret in plain text."""
    named = f"{variable.name} of {variable.subject}"
    if variable.placeholder and variable.secret in CLOUD_KEYS:
        return ok(f"{named} holds an example key of the documentation, which opens nothing")
    if variable.placeholder and (variable.secret or is_secret_name(variable.name)):
        if evidence.one(Workload, variable.workload).production is False:
            return ok(f"{named} holds a placeholder, outside production")
        return fail(f"{named} holds a placeholder where a secret belongs; what everybody can guess protects nothing")
    if not variable.secret:
        return ok(f"{named} holds nothing that looks like a secret")
    if variable.resource:
        return ok(f"{named} holds only the name of {variable.resource}, which Secrets Manager keeps")
    length = f" of {variable.length} characters" if variable.length else ""
    return fail(
        f"{named} holds {kind_of(variable)}{length} in plain text; "
        "everyone who may read the function's configuration reads it",
        severity=Severity.CRITICAL if is_cloud_key(variable) or variable.secret == "private-key" else None,
    )


def kind_of(variable: EnvironmentVariable) -> str:
    """The kind of secret with its article: an AWS access key id, a password."""
    said = " ".join(_SHORT.get(word, word) for word in variable.secret.split("-"))
    return f"an {said}" if said[:1].lower() in "aeiou" else f"a {said}"


def is_cloud_key(variable: EnvironmentVariable) -> bool:
    """Whether a variable holds a long-lived key with which anybody can act in a cloud at once."""
    if variable.secret in CLOUD_KEYS:
        return True
    return bool(variable.secret) and bool(_CLOUD_KEY_NAME.search(variable.name)) and not variable.resource


@check("admin-rights-on-workload-role", over=Role)
def admin_rights_on_workload_role(role: Role, evidence: Watched) -> Verdict:
    """No role of a workload is equal to an administrator."""
    found = [each for each in broad_grants(held(role)) if each.breadth is not Breadth.SERVICE]
    return _judged(role, found, "no statement allows everything on everything", Severity.CRITICAL)


@check("service-wildcard-on-workload-role", over=Role)
def service_wildcard_on_workload_role(role: Role, evidence: Watched) -> Verdict:
    """No role of a workload may do everything of a service on all resources."""
    grants = broad_grants(held(role))
    found = [each for each in grants if each.breadth is Breadth.SERVICE]
    if len(found) < len(grants):
        return na(f"{role.name} may do everything, which has a check of its own")
    return _judged(role, found, "no statement allows every action of a service on every resource")


def _judged(role: Role, found: list[BroadGrant], otherwise: str, severity: Severity | None = None) -> Verdict:
    surely = [each for each in found if each.certain is Truth.TRUE]
    if surely:
        return fail(f"{role.name}: {_said(surely)}", severity=severity)
    if found:
        return fail(f"{role.name}, under conditions that do not narrow the actions: {_said(found)}", severity=severity)
    return ok(f"{role.name}: {otherwise}" + (" within its permissions boundary" if role.boundary else ""))


def _said(grants: Iterable[BroadGrant]) -> str:
    sentences = list(dict.fromkeys(each.because.rstrip(".") for each in grants))
    more = f"; and {len(sentences) - MOST_NAMED} more" if len(sentences) > MOST_NAMED else ""
    return "; ".join(sentences[:MOST_NAMED]) + more


@check("role-shared-by-workloads", over=Role)
def role_shared_by_workloads(role: Role, evidence: Watched) -> Verdict:
    """Each role belongs to one workload, or to a declared group of the same purpose."""
    # A function that is deployed in several regions is one function, and roles are global.
    names = sorted({key.rpartition(":")[2] for key in role.workloads})
    if len(names) > 1:
        if any(set(names) <= set(group) for group in evidence.parameter("role_groups")):
            return ok(f"{role.name} is shared by the declared group {', '.join(names)}")
        more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
        listed = ", ".join(names[:MOST_NAMED]) + more
        return fail(f"{role.name} is shared by {len(names)} functions ({listed}), so each holds what any of them needs")
    if not names:
        return na(f"no function runs under {role.name}")
    # Functions that nobody has seen might share it too.
    evidence.all(Workload, account=role.subject.account, role=role.key)
    return ok(f"{role.name} belongs to {names[0]} alone")
