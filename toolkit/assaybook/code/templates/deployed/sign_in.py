"""User pools, their applications and identity pools of a stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, id_of, members, number, place_of, switch, tags_of, untold, word

POOL, CLIENT = "AWS::Cognito::UserPool", "AWS::Cognito::UserPoolClient"
IDENTITIES, ROLES = "AWS::Cognito::IdentityPool", "AWS::Cognito::IdentityPoolRoleAttachment"
# Where a template sets nothing. Source: Amazon Cognito API Reference, "PasswordPolicyType", "CreateUserPool" and "CreateUserPoolClient".
LENGTH = 8
CLASSES = ("RequireLowercase", "RequireUppercase", "RequireNumbers", "RequireSymbols")
FLOWS = ["ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_SRP_AUTH", "ALLOW_CUSTOM_AUTH"]
MOST = {"MaxResults": 60}

ANSWERED = (
    "cognito-idp:ListUserPools",
    "cognito-idp:DescribeUserPool",
    "cognito-idp:ListUserPoolClients",
    "cognito-idp:DescribeUserPoolClient",
    "cognito-identity:ListIdentityPools",
    "cognito-identity:DescribeIdentityPool",
    "cognito-identity:GetIdentityPoolRoles",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers of Amazon Cognito."""
    for pool in stack.of(POOL):
        id, name = pool_id(pool), word(pool.properties.get("UserPoolName"), pool.name) or pool.name
        answers.listed("cognito-idp:ListUserPools", {"Id": id, "Name": name}, where=pool.where)
        answers.told("cognito-idp:DescribeUserPool", {"UserPool": _pool(stack, pool, name)}, pool.where, UserPoolId=id)
        answers.place(stack.arn("cognito-idp", f"userpool/{id}"), pool.where, pool.conditional)
        clients = [each for each in stack.of(CLIENT) if stack.named(each.properties.get("UserPoolId"), POOL) is pool]
        records = [{"ClientId": id_of(each), "UserPoolId": id, "ClientName": each.name} for each in clients]
        answers.listed("cognito-idp:ListUserPoolClients", *records, where=pool.where, UserPoolId=id)
        for each in clients:
            answers.told(
                "cognito-idp:DescribeUserPoolClient",
                {"UserPoolClient": {**_client(each), "UserPoolId": id, "ClientId": id_of(each)}},
                each.where,
                UserPoolId=id,
                ClientId=id_of(each),
            )
            answers.place(
                f"{stack.arn('cognito-idp', f'userpool/{id}')}/client/{id_of(each)}", each.where, each.conditional
            )
    for pool in stack.of(IDENTITIES):
        _identities(stack, answers, pool)


def pool_id(pool: Resource) -> str:
    """The id of a user pool: the last part of its ARN."""
    return pool.arn.rpartition("/")[2] or id_of(pool)


def _pool(stack: Stack, pool: Resource, name: str) -> dict[str, Any]:
    properties = pool.properties
    record: dict[str, Any] = {
        "Id": pool_id(pool),
        "Name": name,
        "Arn": stack.arn("cognito-idp", f"userpool/{pool_id(pool)}"),
        "MfaConfiguration": properties.get("MfaConfiguration", "OFF"),
        "Policies": _policies(properties.get("Policies")),
        "UserPoolTags": tags_of(properties.get("UserPoolTags")),
        "AdminCreateUserConfig": _switched(properties.get("AdminCreateUserConfig"), "AllowAdminCreateUserOnly"),
    }
    for each in (
        "UserPoolAddOns",
        "LambdaConfig",
        "DeletionProtection",
        "AccountRecoverySetting",
        "UsernameAttributes",
    ):
        if properties.get(each) is not None:
            record[each] = properties[each]
    triggers = record.get("LambdaConfig")
    if isinstance(triggers, Mapping) and not untold(triggers):
        record["LambdaConfig"] = {
            step: each if isinstance(each, Mapping) and not untold(each) else word(each)
            for step, each in triggers.items()
        }
    return record


def _switched(value: Any, name: str) -> Any:
    if untold(value):
        return value
    return {**members(value), name: switch(members(value).get(name), False)}


def _policies(value: Any) -> Any:
    """The password policy: without one, all four kinds of characters are demanded; a kind that one leaves out is not."""
    if untold(value):
        return value
    given = members(value).get("PasswordPolicy")
    if untold(given):
        return {"PasswordPolicy": given}
    if given is None:
        return {"PasswordPolicy": {"MinimumLength": LENGTH, **dict.fromkeys(CLASSES, True)}}
    made = {name: switch(members(given).get(name), False) for name in CLASSES}
    return {
        "PasswordPolicy": {
            **members(given),
            **made,
            "MinimumLength": number(members(given).get("MinimumLength"), LENGTH),
        }
    }


def _client(client: Resource) -> dict[str, Any]:
    properties = client.properties
    record = {name: value for name, value in properties.items() if name not in ("UserPoolId", "GenerateSecret")}
    record["ClientName"] = word(properties.get("ClientName"), client.name) or client.name
    record["AllowedOAuthFlowsUserPoolClient"] = switch(properties.get("AllowedOAuthFlowsUserPoolClient"), False)
    record["EnableTokenRevocation"] = switch(properties.get("EnableTokenRevocation"), True)
    record.setdefault("ExplicitAuthFlows", FLOWS)
    record.setdefault("PreventUserExistenceErrors", "LEGACY")
    for name in ("AccessTokenValidity", "IdTokenValidity", "RefreshTokenValidity"):
        if name in record:
            record[name] = number(record[name])
    callbacks = record.get("CallbackURLs")
    if isinstance(callbacks, (list, tuple)):
        record["CallbackURLs"] = [word(each) for each in callbacks]
    return record


def _identities(stack: Stack, answers: Answers, pool: Resource) -> None:
    properties, id = pool.properties, id_of(pool) if pool.ref else pool.arn.rpartition("/")[2]
    name = word(properties.get("IdentityPoolName"), pool.name) or pool.name
    where = place_of(pool, "AllowUnauthenticatedIdentities")
    answers.listed(
        "cognito-identity:ListIdentityPools", {"IdentityPoolId": id, "IdentityPoolName": name}, where=pool.where
    )
    detail = {
        "IdentityPoolId": id,
        "IdentityPoolName": name,
        "AllowUnauthenticatedIdentities": switch(properties.get("AllowUnauthenticatedIdentities"), False),
        "AllowClassicFlow": switch(properties.get("AllowClassicFlow"), False),
        "IdentityPoolTags": tags_of(properties.get("IdentityPoolTags")),
    }
    answers.told("cognito-identity:DescribeIdentityPool", detail, where, IdentityPoolId=id)
    answers.place(stack.arn("cognito-identity", f"identitypool/{id}"), where, pool.conditional)
    attached = [
        each for each in stack.of(ROLES) if stack.named(each.properties.get("IdentityPoolId"), IDENTITIES) is pool
    ]
    given = attached[0].properties.get("Roles") if attached else None
    roles = given if untold(given) else {kind: word(each) for kind, each in members(given).items()}
    answers.told(
        "cognito-identity:GetIdentityPoolRoles",
        {"IdentityPoolId": id, "Roles": roles},
        attached[0].where if attached else where,
        IdentityPoolId=id,
    )
