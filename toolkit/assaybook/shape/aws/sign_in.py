"""User pools with the applications that use them, and identity pools with what guests may do."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.sign_in import AppClient, IdentityPool, UserPool
from ..records import Listing, Record, items, listing, part, shaped, text
from ..tags import TagWords, tag_map
from .policy_texts import rights_of_role
from .resources import Thing, arn_of

# Source: Amazon Cognito API reference, "PasswordPolicyType" and "CreateUserPoolClient".
CLASSES = {
    "lowercase": "RequireLowercase",
    "uppercase": "RequireUppercase",
    "number": "RequireNumbers",
    "symbol": "RequireSymbols",
}
MINUTES = {"seconds": 1 / 60, "minutes": 1, "hours": 60, "days": 24 * 60}
USUAL_UNIT = {"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"}
USUAL_MINUTES = {"AccessToken": 60, "IdToken": 60, "RefreshToken": 30 * 24 * 60}
OWN_FLOWS = ("PASSWORD", "SRP", "CUSTOM", "USER_AUTH")


def shape_sign_in(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """UserPool, AppClient and IdentityPool rows."""
    for capture in captures.expect("cognito-idp:ListUserPools", "aws"):
        found = listing(capture)
        yield from found.holes(UserPool, AppClient)
        for record in found.records:
            yield from shaped(capture, UserPool, partial(_user_pool, captures, words, capture, record))
            yield from _clients(captures, capture, record)
    for capture in captures.expect("cognito-identity:ListIdentityPools", "aws"):
        found = listing(capture)
        yield from found.holes(IdentityPool)
        for record in found.records:
            yield from shaped(capture, IdentityPool, partial(_identity_pool, captures, words, capture, record))


def _user_pool(captures: Captures, words: TagWords, capture: Capture, record: Record) -> UserPool:
    id, name, target = text(record, "Id"), text(record, "Name"), capture.target
    detail = captures.about("cognito-idp:DescribeUserPool", target, UserPoolId=id)
    clients = _listed_clients(captures, capture, id)
    tags: Any = detail.read(lambda answer: tag_map(answer["UserPool"].get("UserPoolTags")))
    thing = Thing("user pool", arn_of(target, "cognito-idp", f"userpool/{id}"), name, target, (), tags, words)
    passwords = "PasswordPolicy"
    production: Any = tags if isinstance(tags, Gap) else words.production(tags)
    return UserPool(
        **{
            **thing.row,
            "sources": tuple(each for each in (capture.ref, detail.ref, clients.capture.ref) if each),
        },
        name=name,
        id=id,
        self_sign_up=detail.read(
            lambda answer: part(answer["UserPool"], "AdminCreateUserConfig").get("AllowAdminCreateUserOnly") is not True
        ),
        decides_sign_up=detail.read(lambda answer: text(part(answer["UserPool"], "LambdaConfig"), "PreSignUp", "")),
        second_factor=detail.read(lambda answer: text(answer["UserPool"], "MfaConfiguration", "OFF")),
        password_length=detail.read(
            lambda answer: int(part(part(answer["UserPool"], "Policies"), passwords)["MinimumLength"])
        ),
        classes=detail.read(lambda answer: _classes(part(part(answer["UserPool"], "Policies"), passwords))),
        threat_protection=detail.read(
            lambda answer: text(part(answer["UserPool"], "UserPoolAddOns"), "AdvancedSecurityMode", "OFF")
        ),
        own_sign_in=_own_sign_in(captures, clients),
        production=production,
    )


def _classes(policy: Record) -> tuple[str, ...]:
    return tuple(name for name, member in CLASSES.items() if policy.get(member) is True)


def _listed_clients(captures: Captures, capture: Capture, pool: str) -> Listing:
    given = {"UserPoolId": pool, "MaxResults": 60}
    return listing(captures.about("cognito-idp:ListUserPoolClients", capture.target, **given))


def _own_sign_in(captures: Captures, clients: Listing) -> Any:
    """Whether people sign in to the pool itself through one of its applications; so it is where there is none."""
    found: list[Any] = [_signs_in(_client(captures, clients, record)) for record in clients.records]
    if True in found or (not found and clients.gap is None):
        return True
    return next((each for each in (clients.gap, *found) if isinstance(each, Gap)), False)


def _client(captures: Captures, clients: Listing, record: Record) -> Capture:
    asked = {"UserPoolId": record.get("UserPoolId"), "ClientId": record.get("ClientId")}
    return captures.about("cognito-idp:DescribeUserPoolClient", clients.capture.target, **asked)


def _signs_in(detail: Capture) -> Any:
    return detail.read(lambda answer: _to_the_pool(answer["UserPoolClient"]))


def _to_the_pool(client: Record) -> bool:
    if "COGNITO" in items(client, "SupportedIdentityProviders"):
        return True
    return any(kind in str(flow) for flow in items(client, "ExplicitAuthFlows") for kind in OWN_FLOWS)


def _clients(captures: Captures, capture: Capture, pool: Record) -> Iterator[AppClient | Hole]:
    id = str(pool.get("Id"))
    clients = _listed_clients(captures, capture, id)
    arn = arn_of(capture.target, "cognito-idp", f"userpool/{id}")
    about = Subject("aws", capture.target.account, capture.target.region, "user-pool", arn, str(pool.get("Name") or id))
    yield from clients.holes(AppClient, about=about)
    for record in clients.records:
        detail = _client(captures, clients, record)
        if detail.state != ABSENT:
            yield from shaped(clients.capture, AppClient, partial(_app_client, about, record, clients, detail), about)


def _app_client(pool: Subject, record: Record, clients: Listing, detail: Capture) -> AppClient:
    id, name = text(record, "ClientId"), text(record, "ClientName", "") or text(record, "ClientId")
    native = f"{pool.native}/client/{id}"
    return AppClient(
        key=native,
        subject=Subject("aws", pool.account, pool.region, "app-client", native, f"{pool.name}/{name}"),
        sources=tuple(each for each in (clients.capture.ref, detail.ref) if each),
        name=f"{pool.name}/{name}",
        pool=pool.native,
        grants=detail.read(lambda answer: _grants(answer["UserPoolClient"])),
        insecure_callbacks=detail.read(lambda answer: _insecure(answer["UserPoolClient"])),
        # Without the member, revocation is off: it is on by default only in clients made since there is such a thing.
        revocable=detail.read(lambda answer: answer["UserPoolClient"].get("EnableTokenRevocation") is True),
        access_minutes=detail.read(
            lambda answer: max(_minutes(answer["UserPoolClient"], each) for each in ("AccessToken", "IdToken"))
        ),
        refresh_minutes=detail.read(lambda answer: _minutes(answer["UserPoolClient"], "RefreshToken")),
        hides_users=detail.read(
            lambda answer: text(answer["UserPoolClient"], "PreventUserExistenceErrors", "LEGACY") == "ENABLED"
        ),
        own_sign_in=_signs_in(detail),
    )


def _grants(client: Record) -> tuple[str, ...]:
    if client.get("AllowedOAuthFlowsUserPoolClient") is not True:
        return ()
    return tuple(str(each) for each in items(client, "AllowedOAuthFlows"))


def _insecure(client: Record) -> tuple[str, ...]:
    """Addresses without TLS among the callbacks of a client whose flows use them."""
    if not _grants(client):
        return ()
    return tuple(each for each in map(str, items(client, "CallbackURLs")) if each.lower().startswith("http://"))


def _minutes(client: Record, token: str) -> int:
    value = client.get(f"{token}Validity")
    if not value:
        return USUAL_MINUTES[token]
    unit = text(part(client, "TokenValidityUnits"), token, USUAL_UNIT[token])
    return int(value * MINUTES[unit])


def _identity_pool(captures: Captures, words: TagWords, capture: Capture, record: Record) -> IdentityPool:
    id, name, target = text(record, "IdentityPoolId"), text(record, "IdentityPoolName"), capture.target
    detail = captures.about("cognito-identity:DescribeIdentityPool", target, IdentityPoolId=id)
    roles = captures.about("cognito-identity:GetIdentityPoolRoles", target, IdentityPoolId=id)
    tags: Any = detail.read(lambda answer: tag_map(answer.get("IdentityPoolTags")))
    thing = Thing(
        "identity pool", arn_of(target, "cognito-identity", f"identitypool/{id}"), name, target, (), tags, words
    )
    role: Any = roles.read(lambda answer: text(part(answer, "Roles"), "unauthenticated", ""))
    policies, boundary, source = ((), None, "") if not role else _rights(captures, target.account, role)
    return IdentityPool(
        **{**thing.row, "sources": tuple(each for each in (capture.ref, detail.ref, roles.ref, source) if each)},
        name=name,
        guests=detail.read(lambda answer: _flag(answer, "AllowUnauthenticatedIdentities")),
        classic_flow=detail.read(lambda answer: _named(answer).get("AllowClassicFlow") is True),
        guest_role=role,
        guest_policies=policies,
        guest_boundary=boundary,
    )


def _rights(captures: Captures, account: str, role: Any) -> tuple[Any, Any, str]:
    if isinstance(role, Gap):
        return role, role, ""
    for capture in captures.expect("iam:GetAccountAuthorizationDetails", "aws", scope=GLOBAL):
        if capture.target.account == account:
            return (*rights_of_role(capture, role), capture.ref)
    gap = Gap("iam:GetAccountAuthorizationDetails", "out_of_scope", f"the role {role} was not collected", "", account)
    return gap, gap, ""


def _flag(answer: Record, name: str) -> bool:
    value = answer[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


def _named(answer: Record) -> Record:
    """The answer, if it speaks of a pool at all: a member that it leaves out is off, and one that was lost is not."""
    text(answer, "IdentityPoolId")
    return answer
