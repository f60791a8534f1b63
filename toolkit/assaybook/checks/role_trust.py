"""What several checks need to know of a trust policy: who may assume the role, read once for each policy."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from ..policy.claims import demands
from ..policy.document import ALLOW, Policy, Statement, parse_policy
from ..policy.exposure import Exposure, resource_policy
from ..policy.reach import Reach
from ..policy.sources import service_name

FUNCTIONS = frozenset({"lambda.amazonaws.com", "edgelambda.amazonaws.com"})


@dataclass(frozen=True, slots=True)
class Assumers:
    """Who may assume a role: `services` by their principals, `others` in words, `undecided` what cannot be told."""

    services: tuple[str, ...]
    others: tuple[str, ...]
    undecided: tuple[str, ...]


@lru_cache(maxsize=4096)
def assumers(trust: str, account: str) -> Assumers:
    """Who may assume a role with this trust policy in this account. Raises PolicyError if it is malformed."""
    policy = parse_policy(trust)
    judged = resource_policy(policy, own_account=account)
    services: set[str] = set()
    others: list[str] = []
    undecided: list[str] = []
    allows = [each for each in policy.statements if each.effect == ALLOW]
    for statement, found in zip(allows, judged, strict=True):
        if found.reach is Reach.NOBODY:
            continue
        named = statement.principals or ()
        services.update(service_name(each.name) for each in named if each.kind == "Service")
        people = [each.name for each in named if each.kind != "Service"]
        if statement.not_principals is not None or (found.reach is Reach.ANYONE and "*" in people):
            others.append("anyone" if found.public else found.because.rstrip("."))
        elif people and found.reach is Reach.UNKNOWN and not any(each.startswith("arn:") for each in people):
            undecided.append(found.because.rstrip("."))
        else:
            others += people
    return Assumers(tuple(sorted(services)), tuple(dict.fromkeys(others)), tuple(undecided))


@lru_cache(maxsize=4096)
def people_in(trust: str, account: str, organisation: str | None) -> tuple[Exposure, ...]:
    """What each Allow statement comes to for principals of AWS accounts; services and issuers of tokens are left out."""
    return resource_policy(_of_accounts(parse_policy(trust)), own_account=account, own_organisation=organisation)


def _of_accounts(policy: Policy) -> Policy:
    kept = []
    for each in policy.statements:
        if each.effect == ALLOW and each.principals is not None:
            each = replace(each, principals=tuple(one for one in each.principals if one.kind == "AWS"))
        kept.append(each)
    return replace(policy, statements=tuple(kept))


def external_id_demanded(trust: str) -> bool:
    """Whether every Allow statement for another AWS account, of which there is at least one, demands an external id."""
    policy = parse_policy(trust)
    foreign = [each for each in policy.statements if each.effect == ALLOW and _names_accounts(each)]
    return all(demands(policy, each.index).on("sts:ExternalId") for each in foreign)


def _names_accounts(statement: Statement) -> bool:
    return any(one.kind == "AWS" for one in statement.principals or ())
