"""Area C at the edge: authorizers, user pools and their applications, and guests."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from ..check import check
from ..model import Severity, Verdict, fail, na, ok, review
from ..policy.breadth import broad_grants
from ..policy.document import ALLOW, parse_policy
from ..policy.identity import permissions
from ..tables.sign_in import AppClient, Authorizer, IdentityPool, UserPool
from ..watched import Watched

INTERNET = frozenset({"internet"})
# What a caller sends and another cannot know, as against what many share.
SHARED_HEADERS = frozenset({"user-agent", "host", "accept", "origin", "referer", "x-forwarded-for"})
# What the gateway itself knows of one caller: the certificate that it showed, its API key, its IAM identity.
OF_ONE_CALLER = ("identity.clientcert.", "identity.apikey", "identity.user", "identity.caller")
PATHS = frozenset({"path", "resourcepath", "resourceid"})
# NIST SP 800-63B-4, 3.1.1.2: length is what counts, and rules of composition are not to be set; a long minimum does without them.
LONG_PASSWORD = 15
CLASSES = ("lowercase", "uppercase", "number", "symbol")
MOST_NAMED = 4


@check("authorizer-answer-shared", over=Authorizer)
def authorizer_answer_shared(authorizer: Authorizer, evidence: Watched) -> Verdict:
    """An answer of an authorizer that is kept is given again only to the same caller on the same route."""
    name = str(authorizer.subject)
    if authorizer.kind != "function":
        return na(f"{name} decides each request anew, from the token")
    if not authorizer.routes:
        return na(f"{name} is used by no route")
    kept = authorizer.cached_seconds
    if kept == 0:
        return ok(f"{name} is asked for each request")
    sources = authorizer.identity_sources
    if not any(_of_the_caller(each) for each in sources):
        return fail(
            f"{name} keeps its answer for {kept} seconds under {', '.join(sources) or 'nothing'}, "
            "which callers share, so that one caller's answer lets the next one in"
        )
    named = {each.partition(" ")[2].lower() for each in sources if each.startswith("context ")}
    by_route = "routekey" in named or ("httpmethod" in named and bool(named & PATHS))
    if len(authorizer.routes) > 1 and not by_route:
        return review(
            f"{name} keeps its answer for {kept} seconds for all {len(authorizer.routes)} routes; "
            "whether the policy that it returns is safe for each of them has to be read in its code"
        )
    return ok(f"{name} keeps its answer for {kept} seconds, for one caller and route each")


def _of_the_caller(source: str) -> bool:
    kind, _, name = source.partition(" ")
    if kind == "context":
        return name.lower().startswith(OF_ONE_CALLER)
    return kind in ("header", "query") and name.lower() not in SHARED_HEADERS


@check("jwt-authorizer-without-audience", over=Authorizer)
def jwt_authorizer_without_audience(authorizer: Authorizer, evidence: Watched) -> Verdict:
    """An authorizer takes only tokens that were issued for this API, by an issuer that is reached over TLS."""
    name = str(authorizer.subject)
    if authorizer.kind != "jwt":
        return na(f"{name} is no authorizer of tokens with settings of its own")
    issuer = authorizer.issuer
    if not issuer.startswith("https://"):
        return fail(f"{name} trusts the issuer {issuer or '(none)'}, whose keys are not fetched over TLS")
    if not authorizer.audiences:
        return fail(
            f"{name} names no audience, so that a token which {issuer} issued for any other application gets in"
        )
    return ok(f"{name} takes tokens of {issuer} for {', '.join(authorizer.audiences[:MOST_NAMED])}")


@check("sign-up-open-undeclared", over=UserPool)
def sign_up_open_undeclared(pool: UserPool, evidence: Watched) -> Verdict:
    """Where strangers may make accounts for themselves, somebody declared that they should."""
    if not pool.self_sign_up:
        return ok(f"only administrators make accounts in {pool.name}")
    declared = evidence.parameter("sign_up_pools")
    if declared is not None and (pool.name in declared or pool.id in declared):
        return ok(f"strangers may sign up in {pool.name}, as the configuration declares")
    decides = f" ({pool.decides_sign_up.rpartition(':')[2]} decides about each)" if pool.decides_sign_up else ""
    if declared is None:
        return review(f"strangers may sign up in {pool.name}{decides}, and no list of pools meant for that is declared")
    return fail(f"strangers may sign up in {pool.name}{decides}, which is not among the pools declared for that")


@check("user-pool-without-second-factor", over=UserPool)
def user_pool_without_second_factor(pool: UserPool, evidence: Watched) -> Verdict:
    """People can protect their accounts with a second factor."""
    if not pool.own_sign_in:
        return na(f"the applications of {pool.name} leave signing in to other identity providers")
    factor = pool.second_factor
    if factor == "OFF":
        return fail(
            f"{pool.name} offers no second factor, so that a password that was guessed or leaked is enough",
            severity=Severity.MEDIUM,
        )
    return ok(f"{pool.name} {'demands' if factor == 'ON' else 'offers'} a second factor")


@check("user-pool-password-weak", over=UserPool)
def user_pool_password_weak(pool: UserPool, evidence: Watched) -> Verdict:
    """Passwords are long, or long enough and mixed."""
    if not pool.own_sign_in:
        return na(f"the applications of {pool.name} leave signing in to other identity providers")
    length, least = pool.password_length, evidence.parameter("user_password_min_length")
    if length < least:
        return fail(
            f"{pool.name} takes passwords of {length} characters; at least {least} are demanded",
            severity=Severity.MEDIUM,
        )
    missing = [each for each in CLASSES if each not in pool.classes]
    if length < LONG_PASSWORD and missing:
        return fail(
            f"{pool.name} takes passwords of {length} characters without {' or '.join(missing)}, which are soon guessed",
            severity=Severity.LOW,
        )
    return ok(f"{pool.name} demands passwords of at least {length} characters")


@check("user-pool-without-threat-protection", over=UserPool)
def user_pool_without_threat_protection(pool: UserPool, evidence: Watched) -> Verdict:
    """Sign-ins with leaked passwords or from odd places are noticed."""
    if pool.production is False:
        return na(f"{pool.name} is tagged as not production")
    if not pool.own_sign_in:
        return na(f"the applications of {pool.name} leave signing in to other identity providers")
    state = pool.threat_protection
    if state == "OFF":
        return fail(
            f"nothing notices sign-ins to {pool.name} with leaked passwords or by robots", severity=Severity.LOW
        )
    effect = "stops" if state == "ENFORCED" else "records"
    return ok(f"threat protection of {pool.name} {effect} odd sign-ins")


@check("app-client-implicit-grant", over=AppClient)
def app_client_implicit_grant(client: AppClient, evidence: Watched) -> Verdict:
    """Tokens are exchanged for a code, and never travel in an address."""
    if "implicit" in client.grants:
        return fail(
            f"{client.name} uses the implicit grant, which puts tokens into addresses, where histories and logs keep them",
            severity=Severity.MEDIUM,
        )
    return ok(f"{client.name} does not use the implicit grant")


@check("app-client-insecure-callback", over=AppClient)
def app_client_insecure_callback(client: AppClient, evidence: Watched) -> Verdict:
    """Codes and tokens go to addresses with TLS only."""
    found = client.insecure_callbacks
    if not found:
        return ok(f"{client.name} sends codes and tokens to addresses with TLS only")
    if evidence.one(UserPool, client.pool).production is False:
        return ok(f"{client.name} sends codes to {found[0]}, outside production")
    said = f"{client.name} also sends codes and tokens to {', '.join(found[:MOST_NAMED])}; "
    plain = next((each for each in found if each.startswith("http://") and not _on_own_machine(each)), None)
    if plain is not None:
        return fail(f"{said}without TLS everybody on the way to {plain} can read them", severity=Severity.MEDIUM)
    return fail(
        f"{said}an address of a developer's machine in production lets any program there take them",
        severity=Severity.LOW,
    )


def _on_own_machine(address: str) -> bool:
    return urlsplit(address).hostname in ("localhost", "127.0.0.1", "::1")


@check("app-client-tokens-not-revocable", over=AppClient)
def app_client_tokens_not_revocable(client: AppClient, evidence: Watched) -> Verdict:
    """A token that was stolen can be made worthless."""
    if client.revocable:
        return ok(f"tokens of {client.name} can be revoked")
    return fail(
        f"tokens of {client.name} cannot be revoked, so that a stolen one works until it expires",
        severity=Severity.MEDIUM,
    )


@check("app-client-tokens-live-long", over=AppClient)
def app_client_tokens_live_long(client: AppClient, evidence: Watched) -> Verdict:
    """Tokens expire soon enough that a stolen one is of little use."""
    access, refresh = client.access_minutes, client.refresh_minutes
    most, days = evidence.parameter("access_token_max_minutes"), evidence.parameter("refresh_token_max_days")
    if access > most:
        return fail(
            f"access and id tokens of {client.name} live for {access} minutes; at most {most} are allowed",
            severity=Severity.MEDIUM,
        )
    if refresh > days * 24 * 60:
        return fail(
            f"refresh tokens of {client.name} live for {refresh // (24 * 60)} days; at most {days} are allowed",
            severity=Severity.MEDIUM,
        )
    return ok(
        f"tokens of {client.name} live for {access} minutes and are renewed for {refresh // (24 * 60)} days at most"
    )


@check("app-client-reveals-accounts", over=AppClient)
def app_client_reveals_accounts(client: AppClient, evidence: Watched) -> Verdict:
    """A failed sign-in does not tell whether the account exists."""
    if not client.own_sign_in:
        return na(f"nobody signs in to the pool itself through {client.name}")
    if client.hides_users:
        return ok(f"{client.name} answers alike whether an account exists or not")
    return fail(
        f"{client.name} tells whoever tries to sign in whether the account exists, so that lists of accounts can be made",
        severity=Severity.LOW,
    )


@check("guests-over-privileged", over=IdentityPool)
def guests_over_privileged(pool: IdentityPool, evidence: Watched) -> Verdict:
    """People who did not sign in get no credentials, or such as may do hardly anything."""
    if not pool.guests:
        return ok(f"{pool.name} gives credentials only to people who signed in")
    if not pool.guest_role:
        return ok(f"{pool.name} lets guests in, and has no role for them")
    documents: dict[str, str] = {}
    # An inline policy may bear the name of an attached one, and both count.
    for each in pool.guest_policies:
        documents[each.name if each.name not in documents else f"{each.name} ({len(documents) + 1})"] = each.text
    boundary = pool.guest_boundary
    role = pool.guest_role.rpartition("/")[2]
    broad = broad_grants(permissions(documents, boundary=boundary.text if boundary else None))
    if broad:
        said = "; ".join(grant.because.rstrip(".") for grant in broad[:MOST_NAMED])
        return fail(
            f"anybody in the world gets credentials of {role} from {pool.name}: {said}",
            severity=Severity.CRITICAL,
            used=INTERNET,
        )
    actions = list(dict.fromkeys(action for text in documents.values() for action in _actions(text)))
    more = f" and {len(actions) - MOST_NAMED} more" if len(actions) > MOST_NAMED else ""
    return review(
        f"anybody in the world gets credentials of {role} from {pool.name} and may "
        f"{', '.join(actions[:MOST_NAMED]) or 'do nothing'}{more}; whether guests should is for a person to say"
    )


def _actions(text: str) -> Iterator[str]:
    for statement in parse_policy(text).statements:
        if statement.effect == ALLOW:
            yield from statement.actions or ("everything but what it names",)


@check("identity-pool-classic-flow", over=IdentityPool)
def identity_pool_classic_flow(pool: IdentityPool, evidence: Watched) -> Verdict:
    """Credentials come by the enhanced flow, in which the pool and not the caller chooses the role."""
    if pool.classic_flow:
        return fail(
            f"{pool.name} allows the classic flow, in which callers choose the role themselves and guests escape the limits that AWS sets for them",
            severity=Severity.MEDIUM,
        )
    return ok(f"{pool.name} hands out credentials by the enhanced flow only")
