"""Who gets in through each statement of a workload's policy, judged once for each policy."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ..policy.document import ALLOW, PolicyError, parse_policy
from ..policy.exposure import Exposure, resource_policy
from ..tables.identity import Grant


@dataclass(frozen=True, slots=True)
class Placed:
    """Who gets in through the Allow statement at this place of a policy."""

    index: int
    exposure: Exposure


@lru_cache(maxsize=16384)
def exposures(document: str, account: str, organisation: str | None) -> tuple[Placed, ...]:
    """Who gets in through each Allow statement of a policy; nobody through one that cannot be read, which has a hole of its own."""
    try:
        policy = parse_policy(document)
        allows = [each.index for each in policy.statements if each.effect == ALLOW]
        found = resource_policy(policy, own_account=account, own_organisation=organisation)
    except PolicyError:
        return ()
    return tuple(Placed(index, each) for index, each in zip(allows, found, strict=True))


def services_of(row: Grant) -> tuple[str, ...]:
    """The services that a statement lets invoke the workload."""
    if row.resource_kind == "layer":
        return ()
    found = exposures(row.policy, row.own_account, None)
    return tuple(name for each in found if each.index == row.statement for name in each.exposure.services)
