"""Area C: whom the policies of stores and keys let in from beyond the account."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ..check import check
from ..dated import service_account
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.document import ALLOW, parse_policy
from ..policy.exposure import Exposure, resource_policy
from ..policy.reach import Reach
from ..tables.scope import Account
from ..tables.sharing import StoreGrant
from ..watched import Watched

# What a service that delivers logs asks of a bucket before it writes.
LOOKS = {"s3:getbucketacl", "s3:getbucketlocation", "s3:listbucket"}
# Where the path in the statement is enough, as a load balancer's account always is the one in it.
# Source: Elastic Load Balancing User Guide for Application Load Balancers, "Enable access logs".
WRITES_BY_ACCOUNT = {"logdelivery.elasticloadbalancing.amazonaws.com", "logdelivery.elb.amazonaws.com"}
BUCKETS = "s3.amazonaws.com"
_NAMES_ORGANISATION = re.compile(r":(?:principal|source|vpce)org(?:id|paths)", re.IGNORECASE)


@lru_cache(maxsize=4096)
def _judged(document: str, account: str, organisation: str | None) -> Mapping[int, Exposure]:
    """Who gets in through each Allow statement, by its place in the policy; kept, as each statement of a policy asks."""
    policy = parse_policy(document)
    allows = [each.index for each in policy.statements if each.effect == ALLOW]
    return dict(zip(allows, resource_policy(policy, own_account=account, own_organisation=organisation), strict=True))


def _exposure(grant: StoreGrant, evidence: Watched) -> Exposure:
    organisation = None
    if _NAMES_ORGANISATION.search(grant.policy):
        organisation = evidence.one(Account, grant.own_account).organisation or None
    return _judged(grant.policy, grant.own_account, organisation)[grant.statement]


@check("store-grant-to-unlisted-account", over=StoreGrant)
def store_grant_to_unlisted_account(grant: StoreGrant, evidence: Watched) -> Verdict:
    """Every other account that a store or key lets in is declared with its owner."""
    what, how = f"the {grant.kind} {grant.name}", "is shared with or sent to another account"
    accounts = grant.shared_with
    if grant.policy:
        found = _exposure(grant, evidence)
        accounts, how = found.accounts, found.because.rstrip(".")
        if not accounts and found.reach is Reach.UNKNOWN:
            return review(f"{what}: {how}")
    if not accounts:
        return na(f"{what}: no other account is named")
    declared = evidence.parameter("trusted_accounts")
    strangers = [each for each in accounts if not _known(each, grant, evidence)]
    if not strangers:
        return ok(f"{what}: {', '.join(_said(each, declared or {}) for each in accounts)} gets in")
    named = ", ".join(strangers)
    if declared is None:
        return review(f"{what}: {named} gets in, and no list of trusted accounts is declared")
    return fail(f"{what}: {named} gets in and is not among the trusted accounts ({how[:1].lower()}{how[1:]})")


def _known(account: str, grant: StoreGrant, evidence: Watched) -> bool:
    """Whether an account is declared, assessed too, or one that AWS itself delivers logs from into buckets."""
    if account in (evidence.parameter("trusted_accounts") or ()):
        return True
    if grant.kind == "bucket" and service_account(account):
        return True
    return evidence.any(Account, lambda each: each.account == account) is not None


def _said(account: str, declared: Mapping[str, str]) -> str:
    if account in declared:
        return f"{account} ({declared[account] or 'trusted'})"
    return f"{account} ({service_account(account) or 'assessed too'})"


@check("store-grant-without-source", over=StoreGrant)
def store_grant_without_source(grant: StoreGrant, evidence: Watched) -> Verdict:
    """A store that lets a service in names the resource or account on whose behalf it may act."""
    what = f"the {grant.kind} {grant.name}"
    if not grant.policy:
        return na(f"{what}: an attribute grants nothing to a service")
    if grant.kind == "key":
        return na(f"{what}: what a service does with a key hangs on the resource that it encrypts")
    found = _exposure(grant, evidence)
    if not found.services:
        return na(f"{what}: the statement grants nothing to a service")
    named = ", ".join(found.services)
    if found.confused_deputy:
        return _unbound(grant, found, f"{what}: {named}")
    if found.reach is Reach.UNKNOWN:
        return review(f"{what}: whether {named} is bound to a source hangs on {'; '.join(found.undecided)}")
    return ok(f"{what}: {named} is bound to a source or an account")


def _unbound(grant: StoreGrant, found: Exposure, who: str) -> Verdict:
    """A service that names no source: what a stranger can make of it hangs on what the statement allows, and where."""
    if {each.lower() for each in found.actions} <= LOOKS:
        return ok(f"{who} may only look whether the bucket is there and whose it is")
    lacking = f" ({' and '.join(found.missing)} missing)" if found.missing else ""
    if grant.kind == "bucket" and all(f"/AWSLogs/{grant.own_account}/" in each for each in found.resources):
        if set(found.services) <= WRITES_BY_ACCOUNT:
            return ok(f"{who} writes below AWSLogs/{grant.own_account} what it logs of this account, and nothing else")
        return fail(
            f"{who} is held to AWSLogs/{grant.own_account}, and not to a source{lacking}, so a stranger who chooses that as prefix can have files written there",
            severity=Severity.MEDIUM,
        )
    if found.missing == ("aws:SourceAccount",) and BUCKETS in found.services:
        return fail(
            f"{who} is bound to a bucket by its name alone{lacking}, so whoever takes that name once the bucket is deleted can send it here"
        )
    return fail(f"{who} may act for anybody's resources{lacking}, so a stranger can send it here")
