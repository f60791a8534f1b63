"""APIs of all kinds, the firewall before some of them, and the distribution before the website."""

from __future__ import annotations

import json
from typing import Any

from ..emulator.clock import at
from .grants import live_arn
from .names import EU, PRODUCTION, US, Builder


def _rule(name: str, priority: int, *, managed: str = "", rate: int = 0, counts: bool = False) -> dict[str, Any]:
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    made: dict[str, Any] = {"Name": name, "Priority": priority, "VisibilityConfig": visibility}
    if managed:
        override: dict[str, Any] = {"Count": {}} if counts else {"None": {}}
        return {
            **made,
            "Statement": {"ManagedRuleGroupStatement": {"VendorName": "AWS", "Name": managed}},
            "OverrideAction": override,
        }
    statement = {"RateBasedStatement": {"Limit": rate, "AggregateKeyType": "IP"}}
    return {**made, "Statement": statement, "Action": {"Count": {}} if counts else {"Block": {}}}


# Name, region, scope, rules.
WEB_ACLS = (
    (
        "shop-front",
        US,
        "REGIONAL",
        [_rule("core", 0, managed="AWSManagedRulesCommonRuleSet"), _rule("flood", 1, rate=2000)],
    ),
    ("admin-watch", US, "REGIONAL", [_rule("core", 0, managed="AWSManagedRulesCommonRuleSet", counts=True)]),
    (
        "shop-edge",
        US,
        "CLOUDFRONT",
        [_rule("core", 0, managed="AWSManagedRulesCommonRuleSet"), _rule("flood", 1, rate=5000)],
    ),
    ("europe-front", EU, "REGIONAL", [_rule("core", 0, managed="AWSManagedRulesCommonRuleSet")]),
)


def build_web_acls(builder: Builder) -> dict[str, str]:
    """Make the web ACLs; gives their ARNs by name."""
    made: dict[str, str] = {}
    with at("2025-03-18"):
        for name, region, scope, rules in WEB_ACLS:
            visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
            made[name] = builder.client("wafv2", region).create_web_acl(
                Name=name,
                Scope=scope,
                DefaultAction={"Allow": {}},
                Rules=rules,
                VisibilityConfig=visibility,
                Description=f"Rules of {name}",
            )["Summary"]["ARN"]
    return made


def build_rest_apis(builder: Builder, acls: dict[str, str]) -> None:
    """Make the REST APIs: the shop's, an old one for administrators, and a private one."""
    with at("2025-03-18"):
        shop = _rest(builder, "shop", {"types": ["REGIONAL"]})
        authorizer = builder.client("apigateway").create_authorizer(
            restApiId=shop,
            name="customers",
            type="TOKEN",
            authorizerUri=_runs("auth-authorizer"),
            identitySource="method.request.header.Authorization",
        )["id"]
        custom = {"authorizationType": "CUSTOM", "authorizerId": authorizer}
        _method(builder, shop, "orders", "GET", "orders-api", "live", custom)
        _method(builder, shop, "orders", "POST", "orders-api", "live", custom)
        _method(builder, shop, "customer", "GET", "customer-profile", "", custom)
        _method(builder, shop, "customer", "OPTIONS", "", "", {"authorizationType": "NONE"})
        _method(builder, shop, "health", "GET", "", "", {"authorizationType": "NONE"})
        _method(builder, shop, "feedback", "POST", "customer-consent", "", {"authorizationType": "NONE"})
        _deploy(builder, shop, "production", rate=200.0)
        stage = f"arn:aws:apigateway:{US}::/restapis/{shop}/stages/production"
        builder.client("wafv2").associate_web_acl(WebACLArn=acls["shop-front"], ResourceArn=stage)
    with at("2022-11-07"):
        admin = _rest(builder, "admin-legacy", {"types": ["EDGE"]})
        _method(
            builder,
            admin,
            "invoice",
            "POST",
            "legacy-invoice",
            "",
            {"authorizationType": "NONE", "apiKeyRequired": True},
        )
        _method(builder, admin, "actions", "POST", "ops-admin", "", {"authorizationType": "AWS_IAM"})
        _deploy(builder, admin, "production", rate=None)
        stage = f"arn:aws:apigateway:{US}::/restapis/{admin}/stages/production"
        builder.client("wafv2").associate_web_acl(WebACLArn=acls["admin-watch"], ResourceArn=stage)
    with at("2024-02-12"):
        inside = {
            "Effect": "Allow",
            "Principal": "*",
            "Action": "execute-api:Invoke",
            "Resource": "execute-api:/*",
            "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-0a1b2c3d4e5f60718"}},
        }
        private = _rest(
            builder,
            "stock-internal",
            {"types": ["PRIVATE"]},
            json.dumps({"Version": "2012-10-17", "Statement": [inside]}),
        )
        _method(builder, private, "stock", "GET", "inventory-api", "", {"authorizationType": "NONE"})
        _deploy(builder, private, "production", rate=None)


def _rest(builder: Builder, name: str, endpoint: dict[str, Any], policy: str = "") -> str:
    extra = {"policy": policy} if policy else {}
    made = builder.client("apigateway").create_rest_api(
        name=name, endpointConfiguration=endpoint, tags=PRODUCTION, **extra
    )
    return str(made["id"])


def _runs(function: str, alias: str = "") -> str:
    return f"arn:aws:apigateway:{US}:lambda:path/2015-03-31/functions/{live_arn(function, alias)}/invocations"


def _method(builder: Builder, api: str, path: str, verb: str, function: str, alias: str, auth: dict[str, Any]) -> None:
    client = builder.client("apigateway")
    found = {each["path"]: each["id"] for each in client.get_resources(restApiId=api)["items"]}
    resource = found.get(f"/{path}") or client.create_resource(restApiId=api, parentId=found["/"], pathPart=path)["id"]
    where = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
    client.put_method(**where, **auth)
    if function:
        client.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=_runs(function, alias))
    else:
        client.put_integration(**where, type="MOCK", requestTemplates={"application/json": '{"statusCode": 200}'})


def _deploy(builder: Builder, api: str, stage: str, *, rate: float | None) -> None:
    client = builder.client("apigateway")
    client.create_deployment(restApiId=api, stageName=stage)
    changes = [{"op": "replace", "path": "/*/*/logging/loglevel", "value": "ERROR"}]
    if rate is not None:
        changes += [
            {"op": "replace", "path": "/*/*/throttling/rateLimit", "value": str(rate)},
            {"op": "replace", "path": "/*/*/throttling/burstLimit", "value": str(int(rate * 2))},
        ]
    client.update_stage(restApiId=api, stageName=stage, patchOperations=changes)


def build_http_apis(builder: Builder) -> str:
    """Make the HTTP APIs and the WebSocket API; gives the id of the one whose stages the reader may not see."""
    with at("2025-08-26"):
        mobile = _api(builder, US, "mobile", "HTTP")
        jwt = builder.client("apigatewayv2").create_authorizer(
            ApiId=mobile,
            AuthorizerType="JWT",
            Name="customers",
            IdentitySource=["$request.header.Authorization"],
            JwtConfiguration={
                "Audience": ["mobile"],
                "Issuer": f"https://cognito-idp.{US}.amazonaws.com/us-east-1_NwShop001",
            },
        )["AuthorizerId"]
        _route(builder, US, mobile, "GET /orders", "orders-history", {"AuthorizationType": "JWT", "AuthorizerId": jwt})
        _route(builder, US, mobile, "GET /stock", "inventory-api", {"AuthorizationType": "AWS_IAM"})
        _route(builder, US, mobile, "GET /catalog", "catalog-search", {"AuthorizationType": "NONE"})
        _route(builder, US, mobile, "POST /partner/orders", "partner-gateway", {"AuthorizationType": "NONE"})
        _stage(builder, US, mobile, "$default", rate=300.0)
        chat = _api(builder, US, "support-chat", "WEBSOCKET")
        _route(builder, US, chat, "$connect", "chat-connect", {"AuthorizationType": "AWS_IAM"})
        _route(builder, US, chat, "sendMessage", "chat-message", {"AuthorizationType": "NONE"})
        _stage(builder, US, chat, "production", rate=None)
    with at("2026-02-10"):
        europe = _api(builder, EU, "europe", "HTTP")
        _route(builder, EU, europe, "POST /orders", "orders-api", {"AuthorizationType": "AWS_IAM"}, "live")
        _route(builder, EU, europe, "POST /returns", "returns-api", {"AuthorizationType": "NONE"})
        _stage(builder, EU, europe, "$default", rate=None)
        warehouse = _api(builder, EU, "warehouse", "HTTP")
        _route(builder, EU, warehouse, "GET /labels", "returns-label", {"AuthorizationType": "AWS_IAM"})
        _stage(builder, EU, warehouse, "$default", rate=50.0)
    return warehouse


def _api(builder: Builder, region: str, name: str, protocol: str) -> str:
    extra = {"RouteSelectionExpression": "$request.body.action"} if protocol == "WEBSOCKET" else {}
    return str(
        builder.client("apigatewayv2", region).create_api(Name=name, ProtocolType=protocol, Tags=PRODUCTION, **extra)[
            "ApiId"
        ]
    )


def _route(
    builder: Builder, region: str, api: str, key: str, function: str, auth: dict[str, Any], alias: str = ""
) -> None:
    client = builder.client("apigatewayv2", region)
    integration = client.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=live_arn(function, alias, region),
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    client.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration}", **auth)


def _stage(builder: Builder, region: str, api: str, stage: str, *, rate: float | None) -> None:
    settings = {"ThrottlingRateLimit": rate, "ThrottlingBurstLimit": int(rate * 2)} if rate else {}
    builder.client("apigatewayv2", region).create_stage(
        ApiId=api, StageName=stage, AutoDeploy=True, DefaultRouteSettings={"DetailedMetricsEnabled": True, **settings}
    )


def build_graphs(builder: Builder) -> dict[str, str]:
    """Make the GraphQL APIs; gives their names by id."""
    with at("2025-10-14"):
        appsync = builder.client("appsync")
        appsync.create_graphql_api(name="catalog", authenticationType="API_KEY", tags=PRODUCTION, xrayEnabled=True)
        pool = {"userPoolId": "us-east-1_NwShop001", "awsRegion": US, "defaultAction": "ALLOW"}
        appsync.create_graphql_api(
            name="account",
            authenticationType="AMAZON_COGNITO_USER_POOLS",
            userPoolConfig=pool,
            tags=PRODUCTION,
            xrayEnabled=True,
        )
        return {each["apiId"]: each["name"] for each in appsync.list_graphql_apis()["graphqlApis"]}


def usage_plan(builder: Builder) -> None:
    """A usage plan with a throttle on the old API of administrators is missing on purpose; the shop's partners have one."""
    with at("2025-03-18"):
        apis = {each["name"]: each["id"] for each in builder.client("apigateway").get_rest_apis()["items"]}
        builder.client("apigateway").create_usage_plan(
            name="partners",
            throttle={"rateLimit": 20.0, "burstLimit": 40},
            apiStages=[{"apiId": apis["shop"], "stage": "production"}],
        )
