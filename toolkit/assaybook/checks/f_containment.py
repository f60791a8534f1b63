"""Area F: whether responders may do what containing an attack takes."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.compare import operator_of
from ..policy.document import ALLOW, Condition, parse_policy
from ..policy.held import held
from ..policy.identity import Permissions
from ..policy.truth import Truth
from ..tables.identity import Principal
from ..tables.scope import Account, Region
from ..watched import Watched
from .rights import HOME_OF_IAM, is_named, request_by

# What stops a function, cuts its triggers and ends the sessions of its role: in words, the actions of which one is enough, and what they are done to.
MEANS = {
    "stop a function (lambda:PutFunctionConcurrency)": (("lambda:PutFunctionConcurrency",), "function:any"),
    "cut off a queue or stream (lambda:UpdateEventSourceMapping)": (
        ("lambda:UpdateEventSourceMapping", "lambda:DeleteEventSourceMapping"),
        "event-source-mapping:any",
    ),
    "take away a trigger's permission (lambda:RemovePermission)": (("lambda:RemovePermission",), "function:any"),
    "end the sessions of a role (iam:PutRolePolicy)": (("iam:PutRolePolicy",), "role/any"),
}


@check("responders-cannot-contain", over=Account)
def responders_cannot_contain(account: Account, evidence: Watched) -> Verdict:
    """A role for responders exists, asks for a second factor, and may stop a function, cut triggers and end sessions."""
    declared, whose = evidence.parameter("incident_response_roles"), f"account {account.account}"
    roles = evidence.all(
        Principal, lambda each: each.kind == "role" and not each.service_linked, account=account.account
    )
    regions = sorted(each.region for each in evidence.all(Region, account=account.account))
    if not account.whole:
        return na(f"{whose} is seen in part only")
    if declared is None:
        able = (
            ", ".join(
                each.name for each in roles if _asks_for_factor(each) and not _lacking(each, regions or [HOME_OF_IAM])
            )
            or "none"
        )
        return review(
            f"{whose}: no role for responders is declared (incident_response_roles); roles that demand a second factor and could contain an attack: {able}"
        )
    roles = tuple(each for each in roles if is_named(each, declared))
    if not roles:
        named = ", ".join(declared) or "the empty list of roles for responders"
        return fail(f"{whose} has no role of {named}, so responders have to ask for rights during an attack")
    lacking = {each.name: _lacking(each, regions or [HOME_OF_IAM]) for each in roles}
    best = min(roles, key=lambda each: (len(lacking[each.name]), each.name)).name
    if lacking[best]:
        return fail(f"role {best} for responders of {whose} {'; '.join(lacking[best])}")
    return ok(f"role {best} of {whose} demands a second factor and may stop functions, cut triggers and end sessions")


def _lacking(role: Principal, regions: list[str]) -> list[str]:
    rights = held(role)
    found = [
        f"cannot {what}"
        for what, (actions, on) in MEANS.items()
        if not all(any(_surely(role, rights, each, on, region) for each in actions) for region in regions)
    ]
    return found if _asks_for_factor(role) else ["can be assumed without a second factor", *found]


def _surely(role: Principal, rights: Permissions, action: str, on: str, region: str) -> bool:
    account = role.subject.account
    service, where = ("lambda", region) if action.startswith("lambda:") else ("iam", "")
    context = request_by(role, where or HOME_OF_IAM)
    return rights.allows(action, f"arn:aws:{service}:{where}:{account}:{on}", context).granted is Truth.TRUE


def _asks_for_factor(role: Principal) -> bool:
    """Whether people can assume the role, and each way in for principals of AWS accounts demands a second factor; a federation is taken to demand its own."""
    trust = role.trust
    if trust is None:
        return False
    allows = [each for each in parse_policy(trust.text).statements if each.effect == ALLOW]
    kinds = [{one.kind for one in each.principals or ()} for each in allows]
    asked = [
        any(_demands_factor(condition) for condition in each.conditions)
        for each, kind in zip(allows, kinds, strict=True)
        if "AWS" in kind
    ]
    return all(asked) and any(kind & {"AWS", "Federated"} for kind in kinds)


def _demands_factor(condition: Condition) -> bool:
    operator, key = operator_of(condition.operator), condition.key.lower()
    if operator is None or operator.if_exists or operator.quantifier:
        return False
    if key == "aws:multifactorauthpresent":
        return operator.family == "bool" and [each.lower() for each in condition.values] == ["true"]
    return key == "aws:multifactorauthage" and operator.name.startswith("numericlessthan")
