"""Area F: whether detection was tried, and whether queries are ready."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, na, review
from ..policy.truth import Truth
from ..tables.audit import SavedQueries
from ..tables.posture import FindingRouting
from ..tables.scope import Account
from ..watched import Watched
from .d_alerting import route


@check("detection-never-tried", over=FindingRouting)
def detection_never_tried(routing: FindingRouting, evidence: Watched) -> Verdict:
    """A simulated finding has gone the whole way from detection to the person on call."""
    where = f"{routing.region} of account {routing.subject.account}"
    if not routing.threat_detection:
        return na(f"GuardDuty is off in {where}, so that there is no chain of detection to try")
    if routing.samples:
        return review(
            f"{routing.samples} sample findings of the last 90 days show that detection in {where} was tried; "
            "whether and when the person on call learnt of them is for a person to find"
        )
    known = evidence.parameter("declared_siem") or routing.administrators or routing.published
    if known or route(routing, Truth.TRUE, evidence) or route(routing, Truth.UNKNOWN, evidence):
        return review(
            f"GuardDuty in {where} has no sample finding of the last 90 days; an older trial needs its record"
        )
    return fail(
        f"no trial of detection in {where} can have reached anybody: there is no sample finding, and nothing carries findings on"
    )


@check("no-saved-query", over=Account)
def no_saved_query(account: Account, evidence: Watched) -> Verdict:
    """The questions of the first hour of an incident stand ready as saved queries."""
    saved = evidence.any(SavedQueries, lambda each: each.count > 0, account=account.account)
    if saved is not None:
        return review(
            f"{saved.count} queries are saved in {saved.place}; whether they answer the questions of the playbooks and ran in the last drill is for a person to find"
        )
    return fail(
        f"account {account.account} has no saved query over its logs and trails, so that the first one is written during the incident"
    )
