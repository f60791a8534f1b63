"""A small account as captures, from which tests take parts away or put others in."""

import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any, TypeVar

from assaybook.capture import ABSENT, DENIED, GLOBAL, OK, Capture, Captures, Target, numbered
from assaybook.catalogue import load_catalogue
from assaybook.config import load_config
from assaybook.evidence import Hole, Row
from assaybook.shape import shape

ACCOUNT, REGION = "111122223333", "us-east-1"
HERE, GLOBE = Target("aws", ACCOUNT, REGION), Target("aws", ACCOUNT, GLOBAL)
ORDERS = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders-api"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/orders-api-role"
LAYER = f"arn:aws:lambda:{REGION}:{ACCOUNT}:layer:shared:4"
METHODS = {"embed": ["methods"]}
# The calls that tell the tags of functions.
TAGS = ("lambda:GetFunction", "resourcegroupstaggingapi:GetResources")
SIGNING = f"arn:aws:lambda:{REGION}:{ACCOUNT}:code-signing-config:csc-0a1b2c3d4e5f60718"
PROFILE = f"arn:aws:signer:{REGION}:{ACCOUNT}:/signing-profiles/release/AbCdEf0123"
SPAN = {
    "StartTime": "2026-08-17T00:00:00+00:00",
    "EndTime": "2026-11-16T00:00:00+00:00",
    "ScanBy": "TimestampAscending",
}
R = TypeVar("R", bound=Row)


@cache
def parameters() -> Mapping[str, object]:
    """The parameters of a run without a configuration."""
    return {**load_catalogue().effective(), **load_config(None).declared()}


def answered(call: str, target: Target = HERE, params: Mapping[str, Any] | None = None, **answer: Any) -> Capture:
    """A call that was answered."""
    return Capture(call, target, params or {}, OK, answer, pages=1, permission=call)


def absent(call: str, target: Target = HERE, **params: Any) -> Capture:
    """A call that was answered with "there is none"."""
    return Capture(call, target, params, ABSENT, code="ResourceNotFoundException")


def denied(capture: Capture, message: str = "") -> Capture:
    """The same call, denied."""
    return replace(capture, state=DENIED, answer={}, pages=0, records=0, code="AccessDeniedException", message=message)


def function(name: str = "orders-api", version: str = "$LATEST", **more: Any) -> dict[str, Any]:
    """A record of ListFunctions."""
    arn = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
    return {
        "FunctionName": name,
        "FunctionArn": f"{arn}:{version}",
        "Version": version,
        "Runtime": "python3.13",
        "Role": ROLE,
        "PackageType": "Zip",
        "Timeout": 15,
        "MemorySize": 512,
        "CodeSha256": f"{name}=",
        "LastModified": "2026-01-20T09:00:00.000+0000",
        "TracingConfig": {"Mode": "Active"},
        "LoggingConfig": {"LogFormat": "JSON", "LogGroup": f"/aws/lambda/{name}"},
        **more,
    }


def variable(secret: str = "", length: int = 8, **more: Any) -> dict[str, Any]:
    """A value of an environment, as the recorder leaves it."""
    return {
        "redacted": True,
        "length": length,
        "secret": secret,
        "placeholder": False,
        "fingerprint": "00aa",
        "resource": "",
        **more,
    }


def policy(*statements: Mapping[str, Any]) -> str:
    """A policy document as text."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def allow(principal: Any, sid: str = "", **condition: Any) -> dict[str, Any]:
    """A statement that lets somebody invoke."""
    made: dict[str, Any] = {
        "Effect": "Allow",
        "Principal": principal,
        "Action": "lambda:InvokeFunction",
        "Resource": "*",
    }
    return {**made, **({"Sid": sid} if sid else {}), **({"Condition": condition} if condition else {})}


def metric(kind: str, weeks: Mapping[str, tuple[float, ...]], status: str = "Complete") -> Capture:
    """A metric of some things, with its value in each of the first weeks of the window."""
    queries = [{"Id": f"q{place}", "Label": name} for place, name in enumerate(weeks)]
    results = [
        {
            "Id": f"q{place}",
            "Label": name,
            "Timestamps": [f"2026-08-{17 + 7 * week:02d}T00:00:00+00:00" for week in range(len(values))],
            "Values": list(values),
            "StatusCode": status,
        }
        for place, (name, values) in enumerate(weeks.items())
    ]
    params = {**SPAN, "MetricDataQueries": queries}
    return answered(f"cloudwatch:GetMetricData/{kind}", params=params, MetricDataResults=results)


def report(*lines: str) -> Capture:
    """A credential report: user, then for each key active, rotated, used; separated by spaces. Nobody but the root user has a second factor or a password."""
    head = "user,arn,password_enabled,password_last_used,mfa_active,"
    head += "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,"
    head += "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date"
    rows = []
    for line in lines:
        user, *rest = line.split()
        arn = f"arn:aws:iam::{ACCOUNT}:root" if user == "<root_account>" else f"arn:aws:iam::{ACCOUNT}:user/{user}"
        signs = ["not_supported", "no_information", "true"] if user == "<root_account>" else ["false", "N/A", "false"]
        rows.append(",".join([user, arn, *signs, *rest]))
    return answered("iam:GetCredentialReport", GLOBE, Content="\n".join([head, *rows]) + "\n", ReportFormat="text/csv")


def account() -> list[Capture]:
    """One function with an alias on a version, a layer, a URL; one API of each kind; a role; keys."""
    about = {"FunctionName": "orders-api"}
    rest, newer = {"restApiId": "rest1"}, {"ApiId": "http1"}
    return [
        answered(
            "lambda:ListFunctions",
            Functions=[
                function(Environment={"Variables": {"TABLE": variable(resource="orders")}}, Layers=[{"Arn": LAYER}]),
                function(version="6", Runtime="python3.8"),
                function(version="7", Runtime="python3.9", Environment={"Variables": {"OLD": variable("password")}}),
            ],
        ),
        answered("lambda:GetAccountSettings", AccountUsage={"FunctionCount": 1}),
        answered("lambda:ListLayers", Layers=[]),
        answered(
            "lambda:GetFunction",
            params=about,
            Configuration={},
            Tags={"criticality": "high", "environment": "prod", "data-classification": "pii"},
            Concurrency={"ReservedConcurrentExecutions": 20},
        ),
        answered(
            "lambda:GetPolicy",
            params=about,
            Policy=policy(
                allow(
                    {"Service": "sns.amazonaws.com"},
                    "topic",
                    ArnLike={"aws:SourceArn": f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"},
                )
            ),
        ),
        answered("lambda:ListAliases", params=about, Aliases=[{"Name": "live", "FunctionVersion": "7"}]),
        answered("lambda:GetPolicy/alias", params={**about, "Qualifier": "live"}, Policy=policy(allow("*", "open"))),
        absent("lambda:GetPolicy/version", FunctionName="orders-api", Qualifier="7"),
        answered(
            "lambda:ListFunctionUrlConfigs",
            params=about,
            FunctionUrlConfigs=[
                {
                    "FunctionUrl": "https://url1.lambda-url.us-east-1.on.aws/",
                    "FunctionArn": f"{ORDERS}:live",
                    "AuthType": "NONE",
                }
            ],
        ),
        answered("lambda:GetFunctionConcurrency", params=about, ReservedConcurrentExecutions=20),
        answered("lambda:GetFunctionRecursionConfig", params=about, RecursiveLoop="Terminate"),
        answered("lambda:GetRuntimeManagementConfig", params=about, UpdateRuntimeOn="Auto", FunctionArn=ORDERS),
        answered(
            "lambda:ListCodeSigningConfigs",
            CodeSigningConfigs=[
                {
                    "CodeSigningConfigArn": SIGNING,
                    "AllowedPublishers": {"SigningProfileVersionArns": [PROFILE]},
                    "CodeSigningPolicies": {"UntrustedArtifactOnDeployment": "Enforce"},
                }
            ],
        ),
        answered(
            "lambda:ListFunctionsByCodeSigningConfig", params={"CodeSigningConfigArn": SIGNING}, FunctionArns=[ORDERS]
        ),
        answered(
            "signer:ListSigningProfiles",
            params={"includeCanceled": True},
            profiles=[{"profileName": "release", "profileVersionArn": PROFILE, "status": "Active"}],
        ),
        metric("invocations", {"orders-api": (3, 0, 5)}),
        metric("log-events", {"/aws/lambda/orders-api": (12, 0, 20)}),
        answered("lambda:ListEventSourceMappings", EventSourceMappings=[]),
        answered("events:ListEventBuses", EventBuses=[]),
        answered("sns:ListSubscriptions", Subscriptions=[]),
        answered("pipes:ListPipes", Pipes=[]),
        answered("scheduler:ListSchedules", Schedules=[]),
        answered("s3:ListBuckets", GLOBE, Buckets=[]),
        answered("stepfunctions:ListStateMachines", stateMachines=[]),
        answered("lambda:GetLayerVersionByArn", params={"Arn": LAYER}, LayerArn=LAYER.rpartition(":")[0], Version=4),
        absent("lambda:GetLayerVersionPolicy", LayerName=LAYER.rpartition(":")[0], VersionNumber=4),
        answered(
            "apigateway:GetRestApis",
            items=[{"id": "rest1", "name": "shop", "endpointConfiguration": {"types": ["REGIONAL"]}}],
        ),
        answered(
            "apigateway:GetResources",
            params={**rest, **METHODS},
            items=[
                {
                    "path": "/orders",
                    "resourceMethods": {
                        "GET": {"authorizationType": "COGNITO_USER_POOLS"},
                        "POST": {
                            "authorizationType": "NONE",
                            "apiKeyRequired": True,
                            "methodIntegration": {
                                "uri": f"arn:aws:apigateway:{REGION}:lambda:path/2015-03-31/functions/{ORDERS}:live/invocations"
                            },
                        },
                    },
                }
            ],
        ),
        answered(
            "apigateway:GetStages",
            params=rest,
            item=[
                {
                    "stageName": "live",
                    "methodSettings": {"*/*": {"throttlingRateLimit": 100.0, "throttlingBurstLimit": 50}},
                }
            ],
        ),
        answered("apigateway:GetUsagePlans", items=[]),
        answered(
            "wafv2:GetWebACLForResource",
            params={"ResourceArn": f"arn:aws:apigateway:{REGION}::/restapis/rest1/stages/live"},
            WebACL={
                "Name": "shop-acl",
                "Rules": [
                    {"Name": "rate", "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 1000}}}
                ],
            },
        ),
        answered("apigatewayv2:GetApis", Items=[{"ApiId": "http1", "Name": "partners", "ProtocolType": "HTTP"}]),
        answered(
            "apigatewayv2:GetRoutes",
            params=newer,
            Items=[{"RouteKey": "GET /status", "AuthorizationType": "NONE", "Target": "integrations/int1"}],
        ),
        answered(
            "apigatewayv2:GetIntegrations", params=newer, Items=[{"IntegrationId": "int1", "IntegrationUri": ORDERS}]
        ),
        answered("apigatewayv2:GetStages", params=newer, Items=[{"StageName": "$default"}]),
        answered("apigatewayv2:GetDomainNames", Items=[]),
        answered("apigateway:GetDomainNames", items=[]),
        answered(
            "appsync:ListGraphqlApis",
            graphqlApis=[
                {
                    "apiId": "graph1",
                    "name": "catalogue",
                    "authenticationType": "AMAZON_COGNITO_USER_POOLS",
                    "additionalAuthenticationProviders": [{"authenticationType": "API_KEY"}],
                    "uris": {"GRAPHQL": f"https://graph1.appsync-api.{REGION}.amazonaws.com/graphql"},
                }
            ],
        ),
        answered("wafv2:ListWebACLs", params={"Scope": "REGIONAL"}, WebACLs=[]),
        answered("cloudfront:ListDistributions", GLOBE, DistributionList={"Items": []}),
        answered(
            "iam:GetAccountAuthorizationDetails",
            GLOBE,
            RoleDetailList=[
                {
                    "Arn": ROLE,
                    "RoleName": "orders-api-role",
                    "Path": "/",
                    "CreateDate": "2025-03-01T10:00:00+00:00",
                    "RoleLastUsed": {"LastUsedDate": "2026-11-15T08:00:00+00:00", "Region": REGION},
                    "AssumeRolePolicyDocument": {"Version": "2012-10-17", "Statement": []},
                    "RolePolicyList": [
                        {"PolicyName": "table", "PolicyDocument": json.loads(policy(_may("dynamodb:GetItem")))}
                    ],
                    "AttachedManagedPolicies": [
                        {"PolicyName": "logs", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/logs"}
                    ],
                    "Tags": [],
                }
            ],
            UserDetailList=[
                {
                    "Arn": f"arn:aws:iam::{ACCOUNT}:user/deploy",
                    "UserName": "deploy",
                    "Path": "/",
                    "CreateDate": "2025-03-01T10:00:00+00:00",
                    "UserPolicyList": [
                        {"PolicyName": "own", "PolicyDocument": json.loads(policy(_may("s3:PutObject")))}
                    ],
                    "GroupList": ["pipeline"],
                }
            ],
            GroupDetailList=[
                {
                    "GroupName": "pipeline",
                    "GroupPolicyList": [
                        {
                            "PolicyName": "update",
                            "PolicyDocument": json.loads(policy(_may("lambda:UpdateFunctionCode"))),
                        }
                    ],
                    "AttachedManagedPolicies": [
                        {"PolicyName": "logs", "PolicyArn": f"arn:aws:iam::{ACCOUNT}:policy/logs"}
                    ],
                }
            ],
            Policies=[
                {
                    "Arn": f"arn:aws:iam::{ACCOUNT}:policy/logs",
                    "PolicyName": "logs",
                    "PolicyVersionList": [
                        {"VersionId": "v1", "IsDefaultVersion": False, "Document": json.loads(policy(_may("*")))},
                        {
                            "VersionId": "v2",
                            "IsDefaultVersion": True,
                            "Document": json.loads(policy(_may("logs:PutLogEvents"))),
                        },
                    ],
                }
            ],
        ),
        answered("iam:GetAccountSummary", GLOBE, SummaryMap={"Roles": 1, "Users": 1}),
        report(
            "<root_account> false N/A N/A false N/A N/A",
            "deploy true 2026-08-01T00:00:00+00:00 2026-11-15T10:00:00+00:00 true 2026-11-01T00:00:00+00:00 N/A",
        ),
        answered(
            "organizations:DescribeOrganization",
            GLOBE,
            Organization={"Id": "o-exampleorg1", "MasterAccountId": ACCOUNT},
        ),
    ]


def _may(action: str) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": "*"}


class Shaped:
    """What shaping some captures gave."""

    def __init__(self, captures: list[Capture]) -> None:
        self.items = list(shape(Captures(numbered(captures)), parameters()))

    def rows(self, table: type[R]) -> dict[str, R]:
        """The rows of a table by key."""
        return {each.key: each for each in self.items if type(each) is table}

    def one(self, table: type[R]) -> R:
        """The only row of a table."""
        (row,) = self.rows(table).values()
        return row

    def holes(self, table: type[Row]) -> list[Hole]:
        """The holes of a table."""
        return [each for each in self.items if isinstance(each, Hole) and each.table is table]


def having(*new: Capture) -> Shaped:
    """The account, with these captures in place of those of the same call and parameters, or beside them."""
    replaced = {(each.call, each.target, str(each.params)) for each in new}
    kept = [each for each in account() if (each.call, each.target, str(each.params)) not in replaced]
    return Shaped([*kept, *new])


def lacking(call: str) -> Shaped:
    """The account, with every answer to this call denied."""
    return Shaped([denied(each) if each.call == call else each for each in account()])
