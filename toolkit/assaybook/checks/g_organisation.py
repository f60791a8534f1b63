"""Area G: what the organisation forbids its accounts."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.identity import permissions
from ..policy.request import RequestContext
from ..policy.truth import Truth, some
from ..tables.identity import PolicyText
from ..tables.monitoring import Trail
from ..tables.organisation import Guardrails
from ..watched import Watched

LEAVING = "organizations:LeaveOrganization"
TRAIL = ("cloudtrail:StopLogging", "cloudtrail:DeleteTrail", "cloudtrail:UpdateTrail")
EVERYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}


@check("organisation-guardrail-missing", over=Guardrails)
def organisation_guardrail_missing(account: Guardrails, evidence: Watched) -> Verdict:
    """Policies of the organisation deny its accounts to leave it and to stop their audit trail."""
    if not account.organisation:
        return na(f"account {account.account} belongs to no organisation")
    if account.management:
        return na(
            f"account {account.account} manages the organisation, which service control policies do not limit; keep workloads out of it"
        )
    answers = {LEAVING: _allowed(LEAVING, "*", account)}
    answers |= {each: some(_allowed(each, trail, account) for trail in _trails(account, evidence)) for each in TRAIL}
    free = [each for each, truth in answers.items() if truth is Truth.TRUE]
    if free:
        return fail(
            f"no policy of the organisation {account.organisation} keeps administrators of account {account.account} from "
            f"{' and '.join(_said(free))}"
        )
    perhaps = [each for each, truth in answers.items() if truth is Truth.UNKNOWN]
    if perhaps:
        return review(
            f"account {account.account}: policies of the organisation {account.organisation} deny {', '.join(perhaps)} to some only; "
            "whether those whom they spare are meant to be spared, a person has to say"
        )
    return ok(
        f"policies of the organisation {account.organisation} deny account {account.account} to leave it and to stop its trail"
    )


def _said(actions: list[str]) -> list[str]:
    said = ["leaving it"] if LEAVING in actions else []
    names = [each.partition(":")[2] for each in actions if each != LEAVING]
    return said + ([f"changing the audit trail ({', '.join(names)})"] if names else [])


def _trails(account: Guardrails, evidence: Watched) -> tuple[str, ...]:
    """The ARNs of the trails that somebody in the account could stop: none if the organisation's own trail records it, which no member can change."""
    if evidence.any(Trail, lambda each: each.organisation and each.foreign and each.logging, account=account.account):
        return ()
    own = evidence.all(Trail, lambda each: not each.foreign, account=account.account)
    found = {f"arn:aws:cloudtrail:{each.home_region}:{account.account}:trail/{each.name}" for each in own}
    return tuple(sorted(found)) or (f"arn:aws:cloudtrail:us-east-1:{account.account}:trail/any",)


def _allowed(action: str, resource: str, account: Guardrails) -> Truth:
    """Whether an administrator of the account may do it within the organisation's policies; a policy that spares a role by name does not spare this one."""
    held = permissions({"administrator": EVERYTHING}, scps=[_texts(level) for level in account.service_control])
    somebody = f"arn:aws:iam::{account.account}:role/somebody-with-every-right"
    region = resource.split(":")[3] if resource != "*" else "us-east-1"
    context = RequestContext(
        {"aws:PrincipalAccount": account.account, "aws:PrincipalArn": somebody, "aws:RequestedRegion": region}
    )
    return held.allows(action, resource, context).granted


def _texts(level: tuple[PolicyText, ...]) -> dict[str, str]:
    return {f"{each.name} ({place})": each.text for place, each in enumerate(level, 1)}
