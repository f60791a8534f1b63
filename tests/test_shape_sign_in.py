"""Authorizers, user pools with their applications, and identity pools, out of captures."""

import json

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap
from assaybook.shape.aws.authorizers import source
from assaybook.tables.compute import WebEntry
from assaybook.tables.sign_in import AppClient, Authorizer, IdentityPool, UserPool
from shaped_account import ACCOUNT, GLOBE, METHODS, REGION, ROLE, absent, account, answered, denied, having

REST, HTTP = {"restApiId": "rest1"}, {"ApiId": "http1"}
POOL = f"{REGION}_Pool00001"
POOL_ARN = f"arn:aws:cognito-idp:{REGION}:{ACCOUNT}:userpool/{POOL}"
PEOPLE = f"{REGION}:0000"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("method.request.header.Authorization", "header Authorization"),
        ("$request.header.X-Key", "header X-Key"),
        ("route.request.querystring.token", "query token"),
        (" context.identity.sourceIp", "context identity.sourceIp"),
        ("$context.routeKey", "context routeKey"),
        ("stageVariables.tenant", "variable tenant"),
    ],
)
def test_identity_sources_have_one_form(written: str, read: str) -> None:
    assert source(written) == read


def rest_authorizer(**more: object) -> list[Capture]:
    record = {"id": "a1", "name": "callers", "type": "REQUEST", "identitySource": "method.request.header.Key", **more}
    methods = {"GET": {"authorizerId": "a1"}, "POST": {"authorizerId": "other"}}
    resources = [{"path": "/orders", "resourceMethods": methods}]
    return [
        answered("apigateway:GetAuthorizers", params=REST, items=[record]),
        answered("apigateway:GetResources", params={**REST, **METHODS}, items=resources),
    ]


def test_an_authorizer_of_a_rest_api() -> None:
    row = having(*rest_authorizer(authorizerResultTtlInSeconds=60)).one(Authorizer)
    assert (row.kind, row.cached_seconds, row.identity_sources) == ("function", 60, ("header Key",))
    assert row.routes == ("GET /orders",)


def test_an_answer_is_kept_for_five_minutes_where_nothing_is_set() -> None:
    assert having(*rest_authorizer()).one(Authorizer).cached_seconds == 300
    assert having(*rest_authorizer(type="COGNITO_USER_POOLS")).one(Authorizer).kind == "cognito"


def test_authorizers_that_could_not_be_read_leave_holes_or_gaps() -> None:
    listed, resources = rest_authorizer()
    assert having(denied(listed), resources).holes(Authorizer)
    assert isinstance(having(listed, denied(resources)).one(Authorizer).routes, Gap)
    odd = having(*rest_authorizer(identitySource="nowhere"))
    assert not odd.rows(Authorizer)
    assert odd.holes(Authorizer)


def newer_authorizer(**more: object) -> list[Capture]:
    record = {"AuthorizerId": "a1", "Name": "callers", "AuthorizerType": "JWT", **more}
    routes = [{"RouteKey": "GET /a", "AuthorizerId": "a1"}, {"RouteKey": "GET /b"}]
    return [
        answered("apigatewayv2:GetAuthorizers", params=HTTP, Items=[record]),
        answered("apigatewayv2:GetRoutes", params=HTTP, Items=routes),
    ]


def test_an_authorizer_of_an_http_api() -> None:
    jwt = {"Issuer": "https://login.example.com", "Audience": ["app"]}
    row = having(*newer_authorizer(JwtConfiguration=jwt)).one(Authorizer)
    assert (row.kind, row.issuer, row.audiences) == ("jwt", "https://login.example.com", ("app",))
    assert (row.routes, row.cached_seconds) == (("GET /a",), 0)
    kept = newer_authorizer(
        AuthorizerType="REQUEST",
        AuthorizerResultTtlInSeconds=30,
        IdentitySource=["$request.header.A", "$context.routeKey"],
    )
    row = having(*kept).one(Authorizer)
    assert (row.kind, row.cached_seconds) == ("function", 30)
    assert row.identity_sources == ("header A", "context routeKey")


def graph(**more: object) -> Capture:
    return answered("appsync:ListGraphqlApis", graphqlApis=[{"apiId": "graph1", "name": "catalogue", **more}])


def test_authorizers_of_a_graphql_api() -> None:
    function = {"authenticationType": "AWS_LAMBDA", "lambdaAuthorizerConfig": {"authorizerResultTtlInSeconds": 0}}
    row = having(graph(**function)).one(Authorizer)
    assert (row.kind, row.cached_seconds, row.routes) == ("function", 0, ("/graphql",))
    tokens = {"authenticationType": "OPENID_CONNECT", "openIDConnectConfig": {"issuer": "https://login.example.com"}}
    row = having(graph(authenticationType="AWS_IAM", additionalAuthenticationProviders=[tokens])).one(Authorizer)
    assert (row.kind, row.audiences) == ("jwt", ())
    assert not having(graph(authenticationType="API_KEY")).rows(Authorizer)


def pools() -> Capture:
    listed = [{"Id": POOL, "Name": "customers"}]
    return answered("cognito-idp:ListUserPools", params={"MaxResults": 60}, UserPools=listed)


def pool(**more: object) -> Capture:
    passwords = {"MinimumLength": 8, "RequireLowercase": True, "RequireNumbers": True}
    record = {"Id": POOL, "Name": "customers", "Policies": {"PasswordPolicy": passwords}, **more}
    return answered("cognito-idp:DescribeUserPool", params={"UserPoolId": POOL}, UserPool=record)


def clients(*names: str) -> Capture:
    listed = [{"UserPoolId": POOL, "ClientId": each, "ClientName": each} for each in names]
    return answered(
        "cognito-idp:ListUserPoolClients", params={"UserPoolId": POOL, "MaxResults": 60}, UserPoolClients=listed
    )


def client(name: str = "web", **more: object) -> Capture:
    asked = {"UserPoolId": POOL, "ClientId": name}
    return answered("cognito-idp:DescribeUserPoolClient", params=asked, UserPoolClient={**asked, **more})


def test_a_user_pool_as_it_comes() -> None:
    row = having(pools(), pool(), clients()).one(UserPool)
    assert (row.self_sign_up, row.decides_sign_up) == (True, "")
    assert (row.second_factor, row.threat_protection) == ("OFF", "OFF")
    assert (row.password_length, row.classes, row.own_sign_in) == (8, ("lowercase", "number"), True)
    assert row.production is None


def test_a_user_pool_that_was_set_up_with_care() -> None:
    row = having(
        pools(),
        pool(
            AdminCreateUserConfig={"AllowAdminCreateUserOnly": True},
            LambdaConfig={"PreSignUp": "arn:guard"},
            MfaConfiguration="ON",
            UserPoolAddOns={"AdvancedSecurityMode": "ENFORCED"},
            UserPoolTags={"environment": "production"},
        ),
        clients(),
    ).one(UserPool)
    assert (row.self_sign_up, row.decides_sign_up) == (False, "arn:guard")
    assert (row.second_factor, row.threat_protection, row.production) == ("ON", "ENFORCED", True)


def test_a_user_pool_that_could_not_be_described_has_gaps() -> None:
    row = having(pools(), denied(pool()), clients()).one(UserPool)
    fields = ("self_sign_up", "second_factor", "password_length", "threat_protection", "production")
    assert all(isinstance(getattr(row, name), Gap) for name in fields)
    odd = having(pools(), pool(Policies={}), clients()).one(UserPool)
    assert isinstance(odd.password_length, Gap)
    assert odd.second_factor == "OFF"


def test_user_pools_that_could_not_be_listed_leave_holes() -> None:
    found = having(denied(pools()))
    assert all(found.holes(table) for table in (UserPool, AppClient, WebEntry))


@pytest.mark.parametrize(
    ("settings", "own"),
    [
        ({"SupportedIdentityProviders": ["COGNITO"]}, True),
        ({"SupportedIdentityProviders": ["Company"], "ExplicitAuthFlows": ["ALLOW_REFRESH_TOKEN_AUTH"]}, False),
        ({"SupportedIdentityProviders": ["Company"], "ExplicitAuthFlows": ["ALLOW_USER_SRP_AUTH"]}, True),
    ],
)
def test_whether_people_sign_in_to_the_pool_itself(settings: dict, own: bool) -> None:
    assert having(pools(), pool(), clients("web"), client(**settings)).one(UserPool).own_sign_in is own


def test_how_people_sign_in_is_not_known_while_a_client_is_not() -> None:
    elsewhere = client("a", SupportedIdentityProviders=["Company"])
    found = having(pools(), pool(), clients("a", "b"), elsewhere, denied(client("b")))
    assert isinstance(found.one(UserPool).own_sign_in, Gap)
    assert isinstance(having(pools(), pool(), denied(clients())).one(UserPool).own_sign_in, Gap)


def test_a_client_as_it_comes() -> None:
    row = having(pools(), pool(), clients("web"), client()).one(AppClient)
    assert (row.name, row.pool, row.grants) == ("customers/web", POOL_ARN, ())
    assert (row.access_minutes, row.refresh_minutes) == (60, 43200)
    assert (row.revocable, row.hides_users, row.own_sign_in) == (False, False, False)


def test_times_of_a_client_have_units() -> None:
    row = having(
        pools(),
        pool(),
        clients("web"),
        client(
            AccessTokenValidity=2,
            IdTokenValidity=600,
            RefreshTokenValidity=1,
            TokenValidityUnits={"IdToken": "seconds"},
            EnableTokenRevocation=True,
            SupportedIdentityProviders=["COGNITO"],
            PreventUserExistenceErrors="ENABLED",
        ),
    ).one(AppClient)
    assert (row.access_minutes, row.refresh_minutes) == (120, 1440)
    assert (row.revocable, row.hides_users, row.own_sign_in) == (True, True, True)


def test_callbacks_matter_only_where_a_flow_uses_them() -> None:
    callbacks = {"CallbackURLs": ["https://a.example.com", "http://localhost:3000"], "AllowedOAuthFlows": ["implicit"]}
    unused = having(pools(), pool(), clients("web"), client(**callbacks)).one(AppClient)
    assert (unused.grants, unused.insecure_callbacks) == ((), ())
    used = client(**callbacks, AllowedOAuthFlowsUserPoolClient=True)
    row = having(pools(), pool(), clients("web"), used).one(AppClient)
    assert (row.grants, row.insecure_callbacks) == (("implicit",), ("http://localhost:3000",))


def test_clients_that_could_not_be_read_have_gaps_or_leave_holes() -> None:
    row = having(pools(), pool(), clients("web"), denied(client())).one(AppClient)
    assert all(isinstance(value, Gap) for value in (row.grants, row.revocable, row.access_minutes, row.hides_users))
    assert having(pools(), pool(), denied(clients())).holes(AppClient)
    gone = absent("cognito-idp:DescribeUserPoolClient", UserPoolId=POOL, ClientId="web")
    assert not having(pools(), pool(), clients("web"), gone).rows(AppClient)


def people(**more: object) -> list[Capture]:
    asked = {"IdentityPoolId": PEOPLE}
    listed = [{**asked, "IdentityPoolName": "visitors"}]
    return [
        answered("cognito-identity:ListIdentityPools", params={"MaxResults": 60}, IdentityPools=listed),
        answered(
            "cognito-identity:DescribeIdentityPool", params=asked, **asked, AllowUnauthenticatedIdentities=True, **more
        ),
    ]


def roles(**given: str) -> Capture:
    return answered("cognito-identity:GetIdentityPoolRoles", params={"IdentityPoolId": PEOPLE}, Roles=given)


def test_what_guests_may_do_comes_from_the_accounts_roles() -> None:
    row = having(*people(AllowClassicFlow=True), roles(unauthenticated=ROLE)).one(IdentityPool)
    assert (row.guests, row.classic_flow, row.guest_role) == (True, True, ROLE)
    assert [each.name for each in row.guest_policies] == ["table", "logs"]
    assert row.guest_boundary is None


def test_a_pool_without_a_role_for_guests() -> None:
    row = having(*people(), roles(authenticated=ROLE)).one(IdentityPool)
    assert (row.guest_role, row.guest_policies, row.classic_flow) == ("", (), False)


def test_rights_of_guests_that_could_not_be_read_are_gaps() -> None:
    stranger = roles(unauthenticated=f"arn:aws:iam::{ACCOUNT}:role/gone")
    assert isinstance(having(*people(), stranger).one(IdentityPool).guest_policies, Gap)
    assert isinstance(having(*people(), denied(roles())).one(IdentityPool).guest_policies, Gap)
    details = next(each for each in account() if each.call == "iam:GetAccountAuthorizationDetails")
    row = having(*people(), roles(unauthenticated=ROLE), denied(details)).one(IdentityPool)
    assert isinstance(row.guest_policies, Gap)


def test_the_boundary_of_guests_counts() -> None:
    limit = f"arn:aws:iam::{ACCOUNT}:policy/logs"
    details = next(each for each in account() if each.call == "iam:GetAccountAuthorizationDetails")
    bounded = json.loads(json.dumps(details.answer))
    bounded["RoleDetailList"][0]["PermissionsBoundary"] = {"PermissionsBoundaryArn": limit}
    whole = answered(details.call, GLOBE, **bounded)
    row = having(*people(), roles(unauthenticated=ROLE), whole).one(IdentityPool)
    assert row.guest_boundary is not None
    assert "logs:PutLogEvents" in row.guest_boundary.text


def test_identity_pools_that_could_not_be_read_leave_holes_or_gaps() -> None:
    listed, detail = people()
    assert having(denied(listed)).holes(IdentityPool)
    row = having(listed, denied(detail), roles()).one(IdentityPool)
    assert isinstance(row.guests, Gap)
    assert isinstance(row.classic_flow, Gap)
    odd = answered(detail.call, params=detail.params)
    assert isinstance(having(listed, odd, roles()).one(IdentityPool).classic_flow, Gap)
