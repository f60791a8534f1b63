"""How code deals with identities: tokens that it checks, objects that it hands out, keys and credentials in its hands."""

from __future__ import annotations

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..tables.code import ObjectAccess, PassedCredential, StaticKey, TokenCheck
from ..watched import Watched
from .code_facts import free_of, nothing, told

_TOKENS = {
    "not-verified": ", so that anybody can write a token for anybody",
    "algorithm-none": ", so that anybody can write a token for anybody",
    "claim-not-checked": ", so that a token that was once stolen works for ever or elsewhere",
    "audience-not-checked": ", so that a token made for another application works here",
    "allows-everyone": ", so that it guards nothing",
    "allows-every-route": ", so that a cached answer opens routes that the caller may not use",
    "fixed-token": ", so that everybody who has the code comes in",
    "compare-not-constant-time": "",
}


@check("token-not-verified", over=TokenCheck)
def token_not_verified(fact: TokenCheck, evidence: Watched) -> Verdict:
    """Code verifies signature, algorithm, expiry and audience of a token, and its authorizers refuse who has none."""
    if not fact.kind:
        return na(nothing(fact, "no check of a token that is switched off or left out"))
    said = told(fact, _TOKENS.get(fact.kind, ""))
    return (
        fail(said)
        if fact.certain
        else review(f"{said}; whether another place makes up for it, a person has to conclude")
    )


@check("object-owner-not-checked", over=ObjectAccess)
def object_owner_not_checked(fact: ObjectAccess, evidence: Watched) -> Verdict:
    """A handler that takes an object's id checks that its caller may have the object."""
    if not fact.kind:
        return na(nothing(fact, "no handler that takes an object's id and never looks at its caller"))
    # That anybody may ask is what makes the question; it does not make the answer worse.
    return review(
        f"{told(fact, '')}; whether any caller may have any object, a person has to conclude",
        severity=Severity.MEDIUM,
        used=frozenset({"internet"}),
    )


@check("client-built-with-static-key", over=StaticKey)
def client_built_with_static_key(fact: StaticKey, evidence: Watched) -> Verdict:
    """Code builds its clients with the function's own identity and not with a long-lived key."""
    if not fact.kind:
        return free_of(fact, "no client that is built with a key of its own")
    said = told(fact, "; such a key works outside the function too and does not expire")
    return fail(said) if fact.certain else review(said)


@check("credential-passed-on", over=PassedCredential)
def credential_passed_on(fact: PassedCredential, evidence: Watched) -> Verdict:
    """Code neither logs nor answers credentials, and the presigned URLs that it gives are short-lived."""
    if not fact.kind:
        return free_of(fact, "no credential that is logged or answered, and no presigned URL")
    if fact.kind == "presigned":
        longest = evidence.parameter("presigned_url_max_seconds")
        if fact.seconds is None:
            return review(f"{told(fact, '')}; more than {longest} seconds are too many")
        if fact.seconds > longest:
            return fail(told(fact, f", more than {longest}; whoever has it acts with the function's rights until then"))
        return ok(f"{told(fact, '')}, at most {longest}")
    said = told(fact, ", and its rights with it")
    return fail(said) if fact.certain else review(said)
