"""The challenge of data exposure: stores, copies and documents that are open to everyone."""

from __future__ import annotations

from ..check import check
from ..model import Verdict, fail, ok, review
from ..policy.exposure import Exposure
from ..tables.data import Share
from ..watched import Watched
from .openness import openness, sentence

# First words of actions that only read. A declared public asset may be read by everyone, and no more than that.
READS = ("get", "list", "describe", "head", "batchget", "batchcheck")


@check("public-store", over=Share)
def public_store(share: Share, evidence: Watched) -> Verdict:
    """Nothing that keeps data is open to everyone, but for assets that are declared public."""
    return _by_attribute(share, evidence) or _by_access_list(share, evidence) or _by_policy(share, evidence)


def _by_attribute(share: Share, evidence: Watched) -> Verdict | None:
    if not share.shared_with_everybody:
        return None
    if share.sharing_blocked_by:
        return ok(
            f"the {share.kind} {share.name} is shared with everybody, which {share.sharing_blocked_by} makes void"
        )
    if _declared(share, evidence):
        return ok(f"the {share.kind} {share.name} is shared with everybody and declared public")
    return fail(
        f"the {share.kind} {share.name} is shared with everybody: any AWS account can use it and read what is in it"
    )


def _by_access_list(share: Share, evidence: Watched) -> Verdict | None:
    if not share.access_list or share.access_list_blocked_by:
        return None
    if _declared(share, evidence) and all(each.startswith("READ ") for each in share.access_list):
        return None
    return fail(f"the access list of the {share.kind} {share.name} grants {' and '.join(share.access_list)}")


def _by_policy(share: Share, evidence: Watched) -> Verdict:
    found = openness(share.policy, share.subject, evidence)
    what = f"the {share.kind} {share.name}"
    if not share.policy:
        return ok(f"{what} is open to nobody beyond its account")
    if found.public or found.undecided or share.provider_view == "public":
        if share.policy_blocked_by:
            return ok(f"what the policy of {what} would open to everyone, {share.policy_blocked_by} makes void")
        if _declared(share, evidence) and all(_only_reads(each) for each in (*found.public, *found.undecided)):
            return ok(f"everyone may read {what}, which is declared public")
    if found.public:
        website = ", and serves it as a website" if share.website else ""
        if share.provider_view == "not public":
            return review(f"{what}: {sentence(found.public[0])}, while AWS itself counts the policy as not public")
        return fail(f"{what} is open to everyone{website}: {sentence(found.public[0])}")
    if share.provider_view == "public":
        return review(
            f"AWS counts the policy of {what} as public, though no statement in it lets everyone in without a condition"
        )
    if found.undecided and share.provider_view != "not public":
        return review(f"{what}: {sentence(found.undecided[0])}")
    if found.limited:
        return ok(f"{what} lets in only who comes from a limited origin: {sentence(found.limited[0])}")
    return ok(f"no statement in the policy of {what} lets everyone in")


def _declared(share: Share, evidence: Watched) -> bool:
    return share.name in (evidence.parameter("public_assets") or ())


def _only_reads(exposure: Exposure) -> bool:
    return all(each.partition(":")[2].lower().startswith(READS) for each in exposure.actions)
