"""Area A: an execution role is for its functions alone, and holds what they use."""

from __future__ import annotations

from ..check import check
from ..evidence import Watched
from ..model import Verdict, fail, na, ok, review
from ..tables.identity import Role
from .role_trust import FUNCTIONS, assumers

MOST_NAMED = 4


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
