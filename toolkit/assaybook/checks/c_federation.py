"""Areas C and G: trust in issuers outside the account names who may come."""

from __future__ import annotations

import re

from ..check import check
from ..dated import token_issuer
from ..dated_entries import TokenIssuer
from ..model import Outcome, Severity, Verdict, fail, na, ok, review
from ..policy.claims import Demand, Demands, demands
from ..policy.document import parse_policy
from ..tables.federation import FederatedTrust
from ..watched import Watched

COGNITO = "cognito-identity.amazonaws.com"
PODS, CERTIFICATES = "pods.eks.amazonaws.com", "rolesanywhere.amazonaws.com"
# Issuers that AWS knows by itself, to which everybody can sign up. Source: IAM user guide, "OIDC federation".
PEOPLE = {"accounts.google.com": "aud", "graph.facebook.com": "app_id", "www.amazon.com": "app_id"}
GUARDS = {"aws:sourcearn", "aws:principaltag/x509subject/cn", "aws:principaltag/x509subject/ou"}


@check("pipeline-trust-too-wide", over=FederatedTrust)
def pipeline_trust_too_wide(trust: FederatedTrust, evidence: Watched) -> Verdict:
    """A role for pipelines trusts one repository, and tokens that were made for AWS."""
    issuer = token_issuer(trust.issuer)
    if issuer is None or issuer.kind != "pipeline":
        return na(f"{trust.issuer}, which role {trust.role_name} trusts, is no issuer for pipelines that is known")
    asked = demands(parse_policy(trust.policy), trust.statement)
    return _if_registered(trust, _pipeline(trust, issuer, asked))


def _pipeline(trust: FederatedTrust, issuer: TokenIssuer, asked: Demands) -> Verdict:
    role = f"role {trust.role_name}"
    if asked.nobody:
        return ok(f"{role} lets nobody in from {issuer.product}, as its own policy denies it")
    wide = _too_wide(trust, issuer, asked)
    if wide is not None:
        return wide
    if not asked.on(f"{trust.issuer}:aud"):
        why = asked.why_open(f"{trust.issuer}:aud") or "no condition on aud"
        return fail(
            f"{role} takes tokens of {issuer.product} that were made for any audience of the provider ({why})",
            severity=Severity.MEDIUM,
        )
    subjects = _values(asked.on(f"{trust.issuer}:sub"))
    if issuer.product == "GitHub Actions" and any(each.endswith(":pull_request") for each in subjects):
        return review(
            f"{role} lets in pull requests ({', '.join(subjects)}), so code that nobody has merged runs with it; "
            "whether its rights suit that is for a person to say"
        )
    return ok(f"{role} lets in {', '.join(subjects) or 'what further claims name'} of {issuer.product} only")


@check("workload-federation-too-wide", over=FederatedTrust)
def workload_federation_too_wide(trust: FederatedTrust, evidence: Watched) -> Verdict:
    """Trust in an outside issuer of identities names the workloads that may come."""
    issuer = token_issuer(trust.issuer)
    role = f"role {trust.role_name}"
    if issuer is not None and issuer.kind == "pipeline":
        return na(f"{role} trusts {issuer.product}, which control C3-03 looks at")
    if trust.issuer.startswith("saml-provider/"):
        return na(f"{role} is for people, who sign in through {trust.issuer}; their directory says who gets it")
    asked = demands(parse_policy(trust.policy), trust.statement)
    if asked.nobody:
        return ok(f"{role} lets nobody in from {trust.issuer}, as its own policy denies it")
    if trust.issuer == PODS:
        return ok(
            f"{role} is given to pods by associations of this account's clusters only, each for one service account"
        )
    if trust.issuer == CERTIFICATES:
        return _certificates(role, asked)
    if trust.issuer == COGNITO:
        return _cognito(role, asked)
    return _if_registered(trust, _tokens(trust, issuer, asked))


def _tokens(trust: FederatedTrust, issuer: TokenIssuer | None, asked: Demands) -> Verdict:
    role = f"role {trust.role_name}"
    wide = _too_wide(trust, issuer, asked)
    if wide is not None:
        return wide
    demand = asked.on(f"{trust.issuer}:sub")
    if issuer is None and not any(each.exact and not each.patterns for each in demand):
        return review(
            f"{role} lets in {', '.join(_values(demand))} of {trust.issuer}; whether that is one customer's workload, "
            "only somebody who knows the issuer can say"
        )
    said = f"{role} lets in {', '.join(_values(demand))} of {trust.issuer} only"
    return ok(said if asked.on(f"{trust.issuer}:aud") else f"{said}; the provider's own list limits the audience")


def _if_registered(trust: FederatedTrust, found: Verdict) -> Verdict:
    """A trust in a provider that the account no longer has lets nobody in."""
    if found.outcome is Outcome.PASS:
        return found
    # A template that trusts a provider counts on it; who made it in the account is not the template's to say.
    if not trust.where and not trust.registered:
        return na(f"role {trust.role_name} trusts {trust.issuer}, which is no provider of this account any more")
    return found


def _too_wide(trust: FederatedTrust, issuer: TokenIssuer | None, asked: Demands) -> Verdict | None:
    """The failure if the subject does not name one of the customer's things, else None."""
    key, role = f"{trust.issuer}:sub", f"role {trust.role_name}"
    demand = asked.on(key)
    who = issuer.product if issuer else trust.issuer
    further = any(asked.on(f"{trust.issuer}:{claim}") for claim in (issuer.claims if issuer else ()))
    if not demand:
        if further:
            return None
        client = PEOPLE.get(trust.issuer)
        if client and asked.on(f"{trust.issuer}:{client}"):
            return review(
                f"{role} lets in every user of one application at {trust.issuer}; whether that is meant, a person has to say"
            )
        why = asked.why_open(key) or "no condition on sub"
        return fail(f"{role} lets in every token of {who} ({why}), also those of strangers", severity=_worst(issuer))
    if further or issuer is None:
        return None
    # Demands hold together, so one that is narrow is enough.
    wide = [[each for each in one.patterns if not re.match(issuer.subject, each)] for one in demand]
    if not all(wide):
        return None
    pattern = wide[0][0]
    stranger = bool(issuer.owner) and not re.match(issuer.owner, pattern)
    whose = "of strangers too" if stranger else f"of more than one {issuer.names}"
    return fail(
        f"{role} lets in tokens of {issuer.product} {whose}: its subject is {pattern}",
        severity=Severity.CRITICAL if stranger else None,
    )


def _worst(issuer: TokenIssuer | None) -> Severity | None:
    return Severity.CRITICAL if issuer is not None and issuer.owner else None


def _values(demand: tuple[Demand, ...]) -> tuple[str, ...]:
    """The values of the demand with the fewest wildcards."""
    if not demand:
        return ()
    best = min(demand, key=lambda each: len(each.patterns))
    return (*best.exact, *best.patterns)


def _certificates(role: str, asked: Demands) -> Verdict:
    if not any(asked.on(each) for each in GUARDS):
        return fail(
            f"{role} takes certificates of every trust anchor of the account, as no condition on aws:SourceArn or on the "
            "certificate's subject names one"
        )
    return ok(
        f"{role} takes certificates of {', '.join(_values(asked.on('aws:SourceArn'))) or 'the subjects that it names'} only"
    )


def _cognito(role: str, asked: Demands) -> Verdict:
    pools = asked.on(f"{COGNITO}:aud")
    if not any(each.exact and not each.patterns for each in pools):
        why = asked.why_open(f"{COGNITO}:aud") or "no condition on aud that names one pool"
        return fail(f"{role} lets in users of every identity pool of every account ({why})", severity=Severity.CRITICAL)
    if not asked.on(f"{COGNITO}:amr"):
        return fail(
            f"{role} lets in guests of {', '.join(_values(pools))} who never signed in, as no condition on amr keeps them out"
        )
    return ok(
        f"{role} lets in {', '.join(_values(asked.on(f'{COGNITO}:amr')))} users of {', '.join(_values(pools))} only"
    )
