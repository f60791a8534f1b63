"""Area C: who may invoke what, and with which credentials."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.document import ALLOW, parse_policy
from ..policy.exposure import Exposure, resource_policy
from ..policy.reach import Reach
from ..policy.sources import service_name
from ..tables.compute import Endpoint, Route
from ..tables.identity import AccessKey, Grant, KeyHolder
from ..tables.scope import Account
from ..watched import Watched

# Services that tell for which resource they act; the others tell at most the account. Source: AWS Lambda developer guide, "Granting function access to AWS services".
TELL_SOURCE = frozenset(
    f"{name}.amazonaws.com" for name in ("apigateway", "cognito-idp", "events", "logs", "s3", "sns")
)
_NAMES_ORGANISATION = re.compile(r":(?:principal|source|vpce)org(?:id|paths)", re.IGNORECASE)
CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE", "ANY", "$default"})


def _exposure(grant: Grant, evidence: Watched) -> Exposure:
    """Who gets in through this statement, after the Deny statements of its policy."""
    return _judged(grant.policy, grant.own_account, _organisation(grant, evidence))[grant.statement]


@lru_cache(maxsize=4096)
def _judged(document: str, account: str, organisation: str | None) -> Mapping[int, Exposure]:
    """Who gets in through each Allow statement, by its place in the policy; kept, as several checks ask for the same policy."""
    policy = parse_policy(document)
    allows = [each.index for each in policy.statements if each.effect == ALLOW]
    return dict(zip(allows, resource_policy(policy, own_account=account, own_organisation=organisation), strict=True))


def _organisation(grant: Grant, evidence: Watched) -> str | None:
    """The account's organisation, which matters only to a policy that names one."""
    if not _NAMES_ORGANISATION.search(grant.policy):
        return None
    return evidence.one(Account, grant.own_account).organisation


def _resource(grant: Grant) -> str:
    kind = "layer version" if grant.resource_kind == "layer" else grant.resource_kind
    return f"{kind} {grant.subject}"


@check("invocation-open-to-anyone", over=Grant)
def invocation_open_to_anyone(grant: Grant, evidence: Watched) -> Verdict:
    """No statement lets anyone at all invoke a function or use a layer."""
    found = _exposure(grant, evidence)
    if found.public:
        what = "use" if grant.resource_kind == "layer" else "invoke"
        why = found.because.rstrip(".").partition(": ")[2]
        return fail(f"anyone in the world may {what} the {_resource(grant)}: {why}", used=frozenset({"internet"}))
    if found.reach is Reach.UNKNOWN or (found.reach is Reach.ANYONE and found.undecided):
        return review(
            f"{_resource(grant)}: {found.because.rstrip('.')}; whether that keeps strangers out hangs on {'; '.join(found.undecided)}"
        )
    return ok(f"{_resource(grant)}: {found.because.rstrip('.')}")


@check("public-endpoint-without-auth", over=Endpoint)
def public_endpoint_without_auth(endpoint: Endpoint, evidence: Watched) -> Verdict:
    """A public endpoint knows who is calling before it runs code."""
    if not endpoint.public:
        return na(f"{endpoint.url} is not reachable from the internet")
    if endpoint.auth == "none":
        return fail(
            f"{endpoint.url} runs {endpoint.subject} without asking who calls (AuthType NONE)",
            used=frozenset({"internet"}),
        )
    return ok(f"{endpoint.url} of {endpoint.subject} demands signed requests ({endpoint.auth})")


@check("service-grant-without-source", over=Grant)
def service_grant_without_source(grant: Grant, evidence: Watched) -> Verdict:
    """A grant to a service names the resource or account on whose behalf the service may act."""
    found = _exposure(grant, evidence)
    if not found.services:
        return na(f"{_resource(grant)}: the statement grants nothing to a service")
    named = ", ".join(found.services)
    if found.confused_deputy:
        lacking = f" ({' and '.join(found.missing)} missing)" if found.missing else ""
        return fail(
            f"{_resource(grant)}: {named} may act for anybody's resources{lacking}, so a stranger can send it here"
        )
    if found.missing and any(service_name(each) in TELL_SOURCE for each in found.services):
        lacking = " and ".join(found.missing)
        return fail(
            f"{_resource(grant)}: the grant to {named} lacks {lacking}, so every resource of the account may send it here",
            # Strangers are kept out; what is left is a mix-up among our own.
            severity=Severity.LOW,
            used=frozenset({"internet", "sensitive"}),
        )
    if found.reach is Reach.UNKNOWN:
        return review(f"{_resource(grant)}: whether {named} is bound to a source hangs on {'; '.join(found.undecided)}")
    if found.missing:
        return ok(f"{_resource(grant)}: {named} is held to an account ({'; '.join(found.conditions)})")
    return ok(f"{_resource(grant)}: {named} is bound to its source")


@check("grant-to-unlisted-account", over=Grant)
def grant_to_unlisted_account(grant: Grant, evidence: Watched) -> Verdict:
    """Every other account that gets in is declared with its owner."""
    found = _exposure(grant, evidence)
    if not found.accounts:
        if found.reach is Reach.UNKNOWN:
            return review(f"{_resource(grant)}: {found.because.rstrip('.')}")
        return na(f"{_resource(grant)}: no other account is named")
    declared = evidence.parameter("trusted_accounts")
    strangers = [each for each in found.accounts if each not in (declared or ()) and not _assessed(each, evidence)]
    if not strangers:
        return ok(f"{_resource(grant)}: {', '.join(_known(each, declared or {}) for each in found.accounts)} gets in")
    named = ", ".join(strangers)
    if declared is None:
        return review(f"{_resource(grant)}: {named} gets in, and no list of trusted accounts is declared")
    return fail(f"{_resource(grant)}: {named} gets in and is not among the trusted accounts")


def _assessed(account: str, evidence: Watched) -> bool:
    """Whether an account belongs to this assessment and so is known."""
    return evidence.any(Account, lambda each: each.account == account) is not None


def _known(account: str, declared: Mapping[str, str]) -> str:
    return f"{account} ({declared.get(account) or 'trusted'})" if account in declared else f"{account} (assessed too)"


@check("route-without-authorizer", over=Route)
def route_without_authorizer(route: Route, evidence: Watched) -> Verdict:
    """Every route of a public API authenticates its callers."""
    if route.method == "OPTIONS":
        return na("a preflight request carries no credentials")
    if route.kind == "websocket" and route.method != "$connect":
        return na("a WebSocket API authenticates when it connects, on $connect")
    if route.auth not in ("none", "key"):
        return ok(f"{route.subject} asks for {route.auth} authorization")
    if not route.public:
        return na(f"{route.api_name} is not reachable from the internet")
    said = f"{route.method} {route.path}".strip()
    declared = evidence.parameter("public_routes")
    for name in (f"{route.api_name} {said}", said):
        if name in declared:
            return ok(f"{route.subject} is declared public: {declared[name]}")
    if route.guarded:
        return ok(f"{route.subject} has no authorizer of its own; {route.guarded} lets only some callers in")
    if route.kind == "graphql" and route.method != "default":
        return review(
            f"{route.subject}: an API key is accepted beside the default; only the schema says for which fields"
        )
    changes = route.method in CHANGES or route.kind in ("websocket", "graphql")
    severity = Severity.CRITICAL if changes else None
    how = "an API key alone, which identifies no caller" if route.auth == "key" else "no authorization at all"
    return fail(f"{route.subject} is public and asks for {how}", severity=severity, used=frozenset({"internet"}))


@check("root-access-key", over=KeyHolder)
def root_access_key(holder: KeyHolder, evidence: Watched) -> Verdict:
    """The root user has no access key."""
    if not holder.root:
        return na("not the root user")
    if holder.active_keys:
        keys = "an active access key" if holder.active_keys == 1 else f"{holder.active_keys} active access keys"
        return fail(
            f"the root user of {holder.subject.account} has {keys}, which nothing can limit", severity=Severity.CRITICAL
        )
    return ok("the root user has no active access key")


@check("access-key-too-old", over=AccessKey)
def access_key_too_old(key: AccessKey, evidence: Watched) -> Verdict:
    """An active access key is young."""
    if not key.active or key.root:
        return na("the key is not active" if not key.active else "the root user's keys have a check of their own")
    longest = evidence.parameter("key_max_age_days")
    rotated = key.rotated
    if rotated is None:
        return fail(f"access key {key.slot} of {key.user} is active and was never rotated")
    age = (evidence.as_of - rotated).days
    if age > longest:
        return fail(f"access key {key.slot} of {key.user} is {age} days old, more than {longest}")
    return ok(f"access key {key.slot} of {key.user} is {age} days old, at most {longest}")


@check("access-key-unused", over=AccessKey)
def access_key_unused(key: AccessKey, evidence: Watched) -> Verdict:
    """An active access key is in use."""
    if not key.active or key.root:
        return na("the key is not active" if not key.active else "the root user's keys have a check of their own")
    longest = evidence.parameter("key_unused_days")
    last = key.last_used or key.rotated
    if last is None:
        return fail(f"access key {key.slot} of {key.user} is active and was never used")
    idle = (evidence.as_of - last).days
    never = "was never used since it was made" if key.last_used is None else "was last used"
    if idle > longest:
        return fail(f"access key {key.slot} of {key.user} is active and {never} {idle} days ago, more than {longest}")
    return ok(f"access key {key.slot} of {key.user} {never} {idle} days ago, at most {longest}")


@check("second-active-access-key", over=KeyHolder)
def second_active_access_key(holder: KeyHolder, evidence: Watched) -> Verdict:
    """No user has two active access keys."""
    if holder.root:
        return na("the root user's keys have a check of their own")
    if not holder.active_keys:
        return na(f"{holder.user} has no active access key")
    if holder.active_keys > 1:
        return fail(
            f"{holder.user} has {holder.active_keys} active access keys; the second outlives every rotation of the first"
        )
    return ok(f"{holder.user} has one active access key")
