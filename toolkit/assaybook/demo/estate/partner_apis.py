"""What partners use: an API that grew in haste, a page widget, and the firewalls, domain names and roles beside them."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from ..emulator.clock import at
from .grants import live_arn
from .names import ACCOUNT, PRODUCTION, REGIONS, US, Builder, arn, secret

CLIENT_CERTIFICATE = "nw9k2c"
ORDER = {
    "$schema": "http://json-schema.org/draft-04/schema#",
    "title": "Order",
    "type": "object",
    "required": ["customer", "lines"],
    "properties": {"customer": {"type": "string", "maxLength": 40}, "lines": {"type": "array", "minItems": 1}},
}
FORMAT = json.dumps(
    {
        "requestId": "$context.requestId",
        "ip": "$context.identity.sourceIp",
        "caller": "$context.authorizer.principalId",
        "requestTime": "$context.requestTime",
        "route": "$context.httpMethod $context.resourcePath",
        "status": "$context.status",
    }
)
GUEST_ROLE, VISITOR_ROLE = "shop-visitors-guest", "shop-visitors-member"
MANAGED_RULES = ("NoUserAgent_HEADER", "UserAgent_BadBots_HEADER", "SizeRestrictions_BODY")


@dataclass
class Edges:
    """What the emulator loses, kept for its answers: the partners' API, authorizers by API, the whole web ACLs by name."""

    partner_api: str = ""
    authorizers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    web_acls: dict[str, dict[str, Any]] = field(default_factory=dict)


def build_partner_apis(builder: Builder) -> Edges:
    """Make them, after everything else, so that the ids of older things stay as they are."""
    made = Edges()
    with at("2026-05-19"):
        made.partner_api = partner = _partner_api(builder)
        watch = _counting_firewall(builder, "partner-watch", "REGIONAL")
        _counting_firewall(builder, "edge-trial", "CLOUDFRONT")
        stage = f"arn:aws:apigateway:{US}::/restapis/{partner}/stages/production"
        builder.client("wafv2").associate_web_acl(WebACLArn=watch, ResourceArn=stage)
        _widgets_api(builder)
        _domain(builder)
        _roles(builder)
    made.authorizers = _authorizers(builder)
    made.web_acls = {
        name: builder.client("wafv2").get_web_acl(Name=name, Scope="REGIONAL", Id=id)["WebACL"]
        for name, id in _acl_ids(builder)
    }
    return made


def _partner_api(builder: Builder) -> str:
    client = builder.client("apigateway")
    api = str(
        client.create_rest_api(name="partner-intake", endpointConfiguration={"types": ["REGIONAL"]}, tags=PRODUCTION)[
            "id"
        ]
    )
    runs = f"arn:aws:apigateway:{US}:lambda:path/2015-03-31/functions/{{}}/invocations"
    authorizer = client.create_authorizer(
        restApiId=api,
        name="partners",
        type="REQUEST",
        authorizerUri=runs.format(live_arn("auth-authorizer", "")),
        identitySource="context.identity.sourceIp",
        authorizerResultTtlInSeconds=300,
    )["id"]
    client.create_model(restApiId=api, name="Order", contentType="application/json", schema=json.dumps(ORDER))
    validator = client.create_request_validator(
        restApiId=api, name="body", validateRequestBody=True, validateRequestParameters=False
    )["id"]
    custom = {"authorizationType": "CUSTOM", "authorizerId": authorizer}
    root = client.get_resources(restApiId=api)["items"][0]["id"]

    def add(path: str, verb: str, integration: dict[str, Any], **more: Any) -> dict[str, Any]:
        resource = client.create_resource(restApiId=api, parentId=root, pathPart=path)["id"]
        where = {"restApiId": api, "resourceId": resource, "httpMethod": verb}
        client.put_method(**where, **custom, **more)
        client.put_integration(**where, integrationHttpMethod="POST", **integration)
        return where

    orders = {"type": "AWS_PROXY", "uri": runs.format(live_arn("orders-api", "live"))}
    add("orders", "POST", orders, requestValidatorId=validator, requestModels={"application/json": "Order"})
    queue = f"arn:aws:apigateway:{US}:sqs:path/{ACCOUNT}/partner-events"
    sends = f"arn:aws:iam::{ACCOUNT}:role/orders-api-role"
    add("events", "POST", {"type": "AWS", "uri": queue, "credentials": sends})
    quote = add("quote", "POST", {"type": "AWS", "uri": runs.format(live_arn("partner-gateway", ""))})
    client.put_method_response(**quote, statusCode="200")
    client.put_integration_response(**quote, statusCode="200", selectionPattern="")
    add("rates", "GET", {"type": "HTTP_PROXY", "uri": "https://rates.example.net/v1/rates"})
    add("stock", "GET", {"type": "HTTP_PROXY", "uri": "http://legacy-stock.example.net/stock"})
    client.put_gateway_response(
        restApiId=api,
        responseType="DEFAULT_5XX",
        responseTemplates={"application/json": '{"message": "$context.integrationErrorMessage"}'},
    )
    client.create_deployment(restApiId=api)
    deployment = client.get_deployments(restApiId=api)["items"][0]["id"]
    client.create_stage(
        restApiId=api,
        stageName="production",
        deploymentId=deployment,
        cacheClusterEnabled=True,
        cacheClusterSize="0.5",
        tracingEnabled=True,
        variables={"partnerToken": secret("mail token"), "partnerTier": "gold"},
    )
    settings = (
        ("/*/*/logging/loglevel", "INFO"),
        ("/*/*/logging/dataTrace", "true"),
        ("/*/*/throttling/rateLimit", "50"),
        ("/*/*/throttling/burstLimit", "100"),
        ("/*/*/caching/enabled", "true"),
        ("/*/*/caching/dataEncrypted", "false"),
        ("/accessLogSettings/destinationArn", arn("logs", "log-group:/aws/apigateway/partner-intake")),
        ("/accessLogSettings/format", FORMAT),
    )
    changes = [{"op": "replace", "path": path, "value": value} for path, value in settings]
    client.update_stage(restApiId=api, stageName="production", patchOperations=changes)
    return api


def _counting_firewall(builder: Builder, name: str, scope: str) -> str:
    """A web ACL that does less than it seems: each rule of its groups is told to count."""
    client = builder.client("wafv2")
    visibility = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": name}
    own = client.create_rule_group(
        Name=f"{name}-addresses",
        Scope=scope,
        Capacity=10,
        Rules=[
            {
                "Name": "elsewhere",
                "Priority": 0,
                "Statement": {"GeoMatchStatement": {"CountryCodes": ["AQ"]}},
                "Action": {"Count": {}},
                "VisibilityConfig": visibility,
            }
        ],
        VisibilityConfig=visibility,
    )["Summary"]["ARN"]
    counted = [{"Name": each, "ActionToUse": {"Count": {}}} for each in MANAGED_RULES]
    managed = {"VendorName": "AWS", "Name": "AWSManagedRulesCommonRuleSet", "RuleActionOverrides": counted}
    rules = [
        {
            "Name": rule,
            "Priority": number,
            "Statement": statement,
            "OverrideAction": {"None": {}},
            "VisibilityConfig": visibility,
        }
        for number, (rule, statement) in enumerate(
            (
                ("core", {"ManagedRuleGroupStatement": managed}),
                ("addresses", {"RuleGroupReferenceStatement": {"ARN": own}}),
            )
        )
    ]
    return str(
        client.create_web_acl(
            Name=name,
            Scope=scope,
            DefaultAction={"Allow": {}},
            Rules=rules,
            VisibilityConfig=visibility,
            Description=f"Rules of {name}",
        )["Summary"]["ARN"]
    )


def _widgets_api(builder: Builder) -> None:
    """An API for pages of partners, whose tokens may be meant for anybody."""
    client = builder.client("apigatewayv2")
    api = client.create_api(
        Name="widgets",
        ProtocolType="HTTP",
        Tags=PRODUCTION,
        CorsConfiguration={
            "AllowOrigins": ["https://*"],
            "AllowCredentials": True,
            "AllowMethods": ["GET"],
            "AllowHeaders": ["authorization"],
        },
    )["ApiId"]
    jwt = client.create_authorizer(
        ApiId=api,
        AuthorizerType="JWT",
        Name="any-token",
        IdentitySource=["$request.header.Authorization"],
        JwtConfiguration={"Audience": [], "Issuer": "https://login.example.com"},
    )["AuthorizerId"]
    integration = client.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=live_arn("catalog-search", ""),
        PayloadFormatVersion="2.0",
    )["IntegrationId"]
    client.create_route(
        ApiId=api,
        RouteKey="GET /widgets/{id}",
        Target=f"integrations/{integration}",
        AuthorizationType="JWT",
        AuthorizerId=jwt,
    )
    client.create_stage(
        ApiId=api,
        StageName="$default",
        AutoDeploy=True,
        DefaultRouteSettings={"ThrottlingRateLimit": 100.0, "ThrottlingBurstLimit": 200},
        AccessLogSettings={
            "DestinationArn": arn("logs", "log-group:/aws/apigateway/widgets"),
            "Format": "$context.requestTime $context.routeKey $context.status",
        },
    )


def _domain(builder: Builder) -> None:
    """The mobile API's own domain name."""
    client = builder.client("apigatewayv2")
    api = next(each["ApiId"] for each in client.get_apis()["Items"] if each["Name"] == "mobile")
    client.create_domain_name(
        DomainName="api.example.com",
        DomainNameConfigurations=[
            {
                "CertificateArn": arn("acm", "certificate/0a1b2c3d-0000-4000-8000-00000000000b"),
                "EndpointType": "REGIONAL",
                "SecurityPolicy": "TLS_1_2",
                "DomainNameStatus": "AVAILABLE",
            }
        ],
        Tags=PRODUCTION,
    )
    client.create_api_mapping(ApiId=api, DomainName="api.example.com", Stage="$default")


def _roles(builder: Builder) -> None:
    """The roles of an identity pool: that of guests may read every bucket."""
    iam = builder.client("iam")
    for name, state, action in (
        (GUEST_ROLE, "unauthenticated", "s3:*"),
        (VISITOR_ROLE, "authenticated", "mobiletargeting:PutEvents"),
    ):
        trust = {
            "Effect": "Allow",
            "Principal": {"Federated": "cognito-identity.amazonaws.com"},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {"cognito-identity.amazonaws.com:aud": f"{US}:5f0c1d2e-0000-4000-8000-00000000a001"},
                "ForAnyValue:StringLike": {"cognito-identity.amazonaws.com:amr": state},
            },
        }
        iam.create_role(
            RoleName=name,
            AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [trust]}),
        )
        allowed = {"Effect": "Allow", "Action": action, "Resource": "*"}
        iam.put_role_policy(
            RoleName=name,
            PolicyName="visitors",
            PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [allowed]}),
        )


def _authorizers(builder: Builder) -> dict[str, list[dict[str, Any]]]:
    """The authorizers of HTTP and WebSocket APIs, which the emulator knows one by one only."""
    made: dict[str, list[dict[str, Any]]] = {}
    for region in REGIONS:
        client = builder.client("apigatewayv2", region)
        for api in client.get_apis()["Items"]:
            used = {each.get("AuthorizerId") for each in client.get_routes(ApiId=api["ApiId"])["Items"]}
            found = [client.get_authorizer(ApiId=api["ApiId"], AuthorizerId=each) for each in sorted(used - {None, ""})]
            made[api["ApiId"]] = [
                {name: value for name, value in each.items() if name != "ResponseMetadata"} for each in found
            ]
    return made


def _acl_ids(builder: Builder) -> list[tuple[str, str]]:
    listed = builder.client("wafv2").list_web_acls(Scope="REGIONAL")["WebACLs"]
    return [(each["Name"], each["Id"]) for each in listed]
