"""Area A: an execution role is for its functions alone, and holds what they use."""

from __future__ import annotations

from datetime import datetime, timedelta

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..tables.identity import Role, RoleUse
from ..watched import Watched
from .role_trust import FUNCTIONS, assumers

MOST_NAMED = 4
# What the platform itself does under the role, as seldom as it happens.
PLATFORM = frozenset({"logs", "xray"})


@check("workload-role-trusts-others", over=Role)
def workload_role_trusts_others(role: Role, evidence: Watched) -> Verdict:
    """Only the function service may assume a role under which functions run."""
    if not role.workloads:
        return na(f"no function runs under {role.name}")
    found = assumers(role.trust.text, role.subject.account)
    strangers = [*(each for each in found.services if each not in FUNCTIONS), *found.others]
    if strangers:
        more = f" and {len(strangers) - MOST_NAMED} more" if len(strangers) > MOST_NAMED else ""
        return fail(
            f"role {role.name} runs functions and may also be assumed by {', '.join(strangers[:MOST_NAMED])}{more}, "
            "which then act with the functions' rights past all of their code"
        )
    if found.undecided:
        return review(
            f"role {role.name} runs functions, and who else may assume it cannot be told: {found.undecided[0]}"
        )
    return ok(f"role {role.name} may be assumed by {', '.join(found.services) or 'nobody'} only")


@check("permission-unused", over=RoleUse)
def permission_unused(role: RoleUse, evidence: Watched) -> Verdict:
    """An execution role has used each service and each sensitive action that it may use."""
    longest, created = evidence.parameter("unused_days"), role.created
    if created is not None and (evidence.as_of - created).days <= longest:
        return na(f"role {role.name} is {(evidence.as_of - created).days} days old, too young to tell what it needs")
    since = evidence.as_of - timedelta(days=longest)
    looked = [each for each in role.services if each.service not in PLATFORM]
    idle = [each for each in looked if each.last is None or each.last < since]
    services = [_said(each.service, each.last) for each in idle]
    actions = [
        _said(f"{each.service}:{one.name}", one.last)
        for each in looked
        if each not in idle
        for one in each.actions
        if (one.last is None or one.last < since) and not one.name.endswith("NetworkInterface")
    ]
    if not services and not actions:
        return ok(f"role {role.name} has used every service that it may use within {longest} days")
    found = [f"{kind} {_listed(names)}" for kind, names in (("services", services), ("actions", actions)) if names]
    return review(
        f"role {role.name} has not used within {longest} days: {'; '.join(found)}; whether the code needs them all the same, a person has to conclude"
    )


def _said(name: str, last: datetime | None) -> str:
    return f"{name} (last on {last:%Y-%m-%d})" if last else f"{name} (never)"


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more
