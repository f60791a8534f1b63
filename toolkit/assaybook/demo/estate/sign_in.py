"""How people sign in: a pool of customers as it should be, one of partners as it grew, and pools of identities."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange
from .names import PRODUCTION, US, arn, role_arn
from .partner_apis import GUEST_ROLE, VISITOR_ROLE

CUSTOMERS, PARTNERS = f"{US}_NwShop001", f"{US}_NwPartn02"
VISITORS, STAFF = f"{US}:5f0c1d2e-0000-4000-8000-00000000a001", f"{US}:5f0c1d2e-0000-4000-8000-00000000a002"
MADE = datetime(2025, 3, 18, 9, tzinfo=UTC)


def _pool(id: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "Id": id,
        "Name": name,
        "Arn": arn("cognito-idp", f"userpool/{id}"),
        "DeletionProtection": "ACTIVE",
        "LambdaConfig": {},
        "CreationDate": MADE,
        "LastModifiedDate": MADE,
        "UserPoolTags": PRODUCTION,
        **more,
    }


def _passwords(length: int, *, mixed: bool) -> dict[str, Any]:
    wanted = dict.fromkeys(("RequireUppercase", "RequireLowercase", "RequireNumbers", "RequireSymbols"), mixed)
    return {"PasswordPolicy": {"MinimumLength": length, **wanted, "TemporaryPasswordValidityDays": 7}}


POOLS = {
    CUSTOMERS: _pool(
        CUSTOMERS,
        "customers",
        Policies=_passwords(12, mixed=True),
        MfaConfiguration="OPTIONAL",
        AutoVerifiedAttributes=["email"],
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": False},
        UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
    ),
    PARTNERS: _pool(
        PARTNERS,
        "partners",
        Policies=_passwords(6, mixed=False),
        MfaConfiguration="OFF",
        AdminCreateUserConfig={"AllowAdminCreateUserOnly": False},
    ),
}


def _client(pool: str, id: str, name: str, **more: Any) -> dict[str, Any]:
    return {
        "UserPoolId": pool,
        "ClientId": id,
        "ClientName": name,
        "CreationDate": MADE,
        "LastModifiedDate": MADE,
        "SupportedIdentityProviders": ["COGNITO"],
        "AllowedOAuthFlowsUserPoolClient": True,
        "AllowedOAuthScopes": ["openid"],
        **more,
    }


CLIENTS = (
    _client(
        CUSTOMERS,
        "3nwmobile0000000000000000a",
        "mobile",
        RefreshTokenValidity=30,
        AccessTokenValidity=60,
        IdTokenValidity=60,
        TokenValidityUnits={"AccessToken": "minutes", "IdToken": "minutes", "RefreshToken": "days"},
        ExplicitAuthFlows=["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        CallbackURLs=["northwind://signed-in"],
        AllowedOAuthFlows=["code"],
        PreventUserExistenceErrors="ENABLED",
        EnableTokenRevocation=True,
    ),
    _client(
        PARTNERS,
        "5nwportal0000000000000000b",
        "portal",
        RefreshTokenValidity=3650,
        AccessTokenValidity=24,
        IdTokenValidity=24,
        TokenValidityUnits={"AccessToken": "hours", "IdToken": "hours", "RefreshToken": "days"},
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        CallbackURLs=["https://partners.example.com/signed-in", "http://localhost:3000/signed-in"],
        AllowedOAuthFlows=["implicit"],
        EnableTokenRevocation=False,
    ),
)


def _identities(id: str, name: str, *, guests: bool, classic: bool) -> dict[str, Any]:
    return {
        "IdentityPoolId": id,
        "IdentityPoolName": name,
        "AllowUnauthenticatedIdentities": guests,
        "AllowClassicFlow": classic,
        "CognitoIdentityProviders": [
            {"ProviderName": f"cognito-idp.{US}.amazonaws.com/{CUSTOMERS}", "ClientId": CLIENTS[0]["ClientId"]}
        ],
        "IdentityPoolTags": PRODUCTION,
    }


IDENTITY_POOLS = {
    VISITORS: _identities(VISITORS, "shop-visitors", guests=True, classic=True),
    STAFF: _identities(STAFF, "staff-dashboard", guests=False, classic=False),
}


def _listed_pools(asked: Exchange) -> Answer:
    names = ("Id", "Name", "LambdaConfig", "CreationDate", "LastModifiedDate")
    pools = POOLS.values() if asked.region == US else ()
    return {"UserPools": [{name: each[name] for name in names} for each in pools]}


def _listed_clients(asked: Exchange) -> Answer:
    names = ("UserPoolId", "ClientId", "ClientName")
    found = [each for each in CLIENTS if each["UserPoolId"] == asked.params["UserPoolId"]]
    return {"UserPoolClients": [{name: each[name] for name in names} for each in found]}


def _listed_identity_pools(asked: Exchange) -> Answer:
    names = ("IdentityPoolId", "IdentityPoolName")
    pools = IDENTITY_POOLS.values() if asked.region == US else ()
    return {"IdentityPools": [{name: each[name] for name in names} for each in pools]}


def _roles(asked: Exchange) -> Answer:
    id = str(asked.params["IdentityPoolId"])
    roles = {"authenticated": role_arn(VISITOR_ROLE)}
    if id == VISITORS:
        roles["unauthenticated"] = role_arn(GUEST_ROLE)
    return {"IdentityPoolId": id, "Roles": roles}


def sign_in_fills() -> dict[tuple[str, str], Fill]:
    """What answers each operation of Cognito."""
    return {
        ("cognito-idp", "ListUserPools"): _listed_pools,
        ("cognito-idp", "DescribeUserPool"): lambda asked: {"UserPool": POOLS[str(asked.params["UserPoolId"])]},
        ("cognito-idp", "ListUserPoolClients"): _listed_clients,
        ("cognito-idp", "DescribeUserPoolClient"): lambda asked: {
            "UserPoolClient": next(each for each in CLIENTS if each["ClientId"] == asked.params["ClientId"])
        },
        ("cognito-identity", "ListIdentityPools"): _listed_identity_pools,
        ("cognito-identity", "DescribeIdentityPool"): lambda asked: IDENTITY_POOLS[str(asked.params["IdentityPoolId"])],
        ("cognito-identity", "GetIdentityPoolRoles"): _roles,
    }
