"""Ways of a role to more rights, as several checks ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..policy.bearers import workload
from ..policy.escalation import Escalation, escalations
from ..policy.truth import Truth
from ..tables.identity import Role
from ..watched import Watched
from .around import Around
from .rights import is_named

MOST_NAMED = 4


def ways_to_rights(role: Role, evidence: Watched) -> tuple[Escalation, ...]:
    """Every way, the sure ones first. Without a sure one, raises EvidenceGap for what could not be seen around the role."""
    around = Around(evidence, role.subject.account)
    found = escalations(workload(role), around)
    if not any(each.certain is Truth.TRUE for each in found):
        around.complete()
    return tuple(sorted(found, key=lambda each: each.certain is not Truth.TRUE))


def bounded_deploy_role(role: Role, evidence: Watched) -> bool:
    """Whether a role is declared to deploy and stays within a boundary."""
    return role.boundary is not None and is_named(role, evidence.parameter("deploy_roles") or ())


def said_ways(found: Sequence[Escalation]) -> str:
    """The ways in words, the first few of them."""
    return few([each.because for each in found], "; ")


def few(said: Iterable[str], between: str = ", ") -> str:
    """The first few of them, each once, and how many more there are."""
    once = list(dict.fromkeys(said))
    more = f" and {len(once) - MOST_NAMED} more" if len(once) > MOST_NAMED else ""
    return between.join(once[:MOST_NAMED]) + more
