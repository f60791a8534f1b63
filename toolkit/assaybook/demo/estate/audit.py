"""Who changed functions, where logs go, which queries are ready, and what runs where nobody looks."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from .names import ACCOUNT, EU, LOG_ARCHIVE, READER, REGIONS, US, arn, function_arn

PIPELINE = ("AssumedRole", "deploy-pipeline", "build-4711", "Boto3/1.40.4 md/Botocore#1.40.4 lang/python#3.13")
CONSOLE = (
    "AssumedRole",
    "AWSReservedSSO_PowerUser_0a1b2c3d4e5f6a7b",
    "kim@example.com",
    "Mozilla/5.0 (X11; Linux x86_64)",
)
TERMINAL = ("AssumedRole", "AWSReservedSSO_PowerUser_0a1b2c3d4e5f6a7b", "sam@example.com", "aws-cli/2.31.2")
# Region, event, function, who, day.
CHANGES = (
    (US, "UpdateFunctionCode20150331v2", "orders-api", PIPELINE, "2026-11-12"),
    (US, "UpdateFunctionCode20150331v2", "orders-api", PIPELINE, "2026-10-29"),
    (US, "UpdateFunctionCode20150331v2", "payments-capture", PIPELINE, "2026-11-03"),
    (US, "UpdateFunctionCode20150331v2", "legacy-invoice", CONSOLE, "2026-09-30"),
    (US, "UpdateFunctionCode20150331v2", "sandbox-playground", CONSOLE, "2026-11-10"),
    (US, "UpdateFunctionConfiguration20150331v2", "payments-refund", TERMINAL, "2026-10-17"),
    (US, "UpdateFunctionConfiguration20150331v2", "orders-api", PIPELINE, "2026-11-12"),
    (US, "AddPermission20150331v2", "payments-webhook", PIPELINE, "2026-08-26"),
    (EU, "UpdateFunctionCode20150331v2", "returns-api", PIPELINE, "2026-10-02"),
    (EU, "AddPermission20150331v2", "tax-calculate", CONSOLE, "2026-09-08"),
)
CENTRAL = f"arn:aws:logs:{{region}}:{LOG_ARCHIVE}:destination:central"
LAKE = arn("firehose", "deliverystream/lake")
# Groups of functions with a filter: its pattern and where it sends events.
FORWARDED = {
    (US, "/aws/lambda/payments-capture"): ("", CENTRAL),
    (US, "/aws/lambda/payments-refund"): ("", CENTRAL),
    (US, "/aws/lambda/payments-ledger"): ("", CENTRAL),
    (US, "/aws/lambda/orders-api"): ("", LAKE),
    (US, "/aws/lambda/auth-authorizer"): ("ERROR", CENTRAL),
    (EU, "/aws/lambda/payments-webhook"): ("", CENTRAL),
}
QUERIES = ("Who called a function", "Refused requests by address")
# A region that a policy of the organisation closes, and one in which something was left behind.
CLOSED, FORGOTTEN = "sa-east-1", "ap-south-1"
# The regions that every account has from the start.
ENABLED = (
    *(
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        FORGOTTEN,
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
    ),
    *("eu-central-1", "eu-north-1", EU, "eu-west-2", "eu-west-3", CLOSED, US, "us-east-2", "us-west-1", "us-west-2"),
)


def audit_fills(functions: Callable[[Exchange], Answer | None]) -> dict[tuple[str, str], Fill]:
    """What an emulator does not know. `functions` lists functions in the regions of the estate."""
    return {
        ("cloudtrail", "LookupEvents"): _events,
        ("logs", "DescribeAccountPolicies"): lambda _: {"accountPolicies": []},
        ("logs", "DescribeSubscriptionFilters"): _filters,
        ("logs", "DescribeQueryDefinitions"): _queries,
        ("athena", "ListWorkGroups"): _workgroups,
        ("athena", "ListNamedQueries"): lambda _: {"NamedQueryIds": []},
        ("wafv2", "ListLoggingConfigurations"): _firewall_logs,
        ("ec2", "DescribeRegions"): lambda _: {"Regions": [_region(each) for each in ENABLED]},
        ("lambda", "ListFunctions"): lambda asked: _elsewhere(asked) or functions(asked),
    }


def _events(asked: Exchange) -> Answer:
    wanted = asked.params["LookupAttributes"][0]["AttributeValue"]
    found = [each for each in CHANGES if each[0] == asked.region and each[1] == wanted]
    return {"Events": [_event(*each) for each in sorted(found, key=lambda each: each[4], reverse=True)]}


def _event(region: str, event: str, function: str, who: tuple[str, str, str, str], day: str) -> dict[str, Any]:
    kind, role, session, agent = who
    detail: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": kind,
            "principalId": f"AROADEMODEMODEMODEMO1:{session}",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
            "accountId": ACCOUNT,
            "sessionContext": {
                "sessionIssuer": {"type": "Role", "arn": f"arn:aws:iam::{ACCOUNT}:role/{role}", "userName": role},
                "attributes": {"creationDate": f"{day}T10:02:11Z", "mfaAuthenticated": "false"},
            },
        },
        "eventTime": f"{day}T10:14:52Z",
        "eventSource": "lambda.amazonaws.com",
        "eventName": event,
        "awsRegion": region,
        "sourceIPAddress": "203.0.113.17",
        "userAgent": agent,
        "requestParameters": {"functionName": function_arn(function, region) if who is CONSOLE else function},
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }
    if who is CONSOLE:
        detail["sessionCredentialFromConsole"] = "true"
    return {
        "EventId": f"0a1b2c3d-0000-4000-8000-{abs(hash_of(event, function, day)):012d}",
        "EventName": event,
        "ReadOnly": "false",
        "EventTime": datetime.fromisoformat(f"{day}T10:14:52+00:00").astimezone(UTC),
        "EventSource": "lambda.amazonaws.com",
        "Username": session,
        "Resources": [{"ResourceType": "AWS::Lambda::Function", "ResourceName": function}],
        "CloudTrailEvent": json.dumps(detail),
    }


def hash_of(*parts: str) -> int:
    """A number that depends on these texts alone."""
    return sum(ord(letter) * (place + 1) for place, letter in enumerate("/".join(parts)))


def _filters(asked: Exchange) -> Answer:
    group = str(asked.params["logGroupName"])
    found = FORWARDED.get((asked.region, group))
    if found is None:
        return {"subscriptionFilters": []}
    one = {
        "filterName": "forward",
        "logGroupName": group,
        "filterPattern": found[0],
        "destinationArn": found[1].format(region=asked.region),
        "distribution": "ByLogStream",
        "creationTime": 1740992400000,
    }
    return {"subscriptionFilters": [one]}


def _queries(asked: Exchange) -> Answer:
    if asked.region != US:
        return {"queryDefinitions": []}
    return {
        "queryDefinitions": [
            {
                "queryDefinitionId": f"0a1b2c3d-0000-4000-8000-0000000000d{number}",
                "name": name,
                "queryString": "fields @timestamp, @message | limit 100",
                "lastModified": 1741856400000,
            }
            for number, name in enumerate(QUERIES)
        ]
    }


def _workgroups(asked: Exchange) -> Answer:
    return {
        "WorkGroups": [{"Name": "primary", "State": "ENABLED", "CreationTime": datetime(2023, 5, 2, 9, tzinfo=UTC)}]
    }


def _firewall_logs(asked: Exchange) -> Answer:
    """The regional one writes to a log group, that of the distribution to a bucket of the log archive."""
    if asked.region != US:
        return {"LoggingConfigurations": []}
    regional = asked.params["Scope"] == "REGIONAL"
    kind, name = ("regional", "shop-front") if regional else ("global", "shop-edge")
    group = arn("logs", "log-group:aws-waf-logs-shop-front")
    return {
        "LoggingConfigurations": [
            {
                "ResourceArn": arn("wafv2", f"{kind}/webacl/{name}/0a1b2c3d-0000-4000-8000-0000000000f1"),
                "LogDestinationConfigs": [group if regional else "arn:aws:s3:::aws-waf-logs-northwind-archive"],
                "ManagedByFirewallManager": False,
            }
        ]
    }


def _region(name: str) -> dict[str, str]:
    return {"RegionName": name, "Endpoint": f"ec2.{name}.amazonaws.com", "OptInStatus": "opt-in-not-required"}


def _elsewhere(asked: Exchange) -> Answer | None:
    """What is found in regions outside the estate."""
    if asked.region in REGIONS:
        return None
    if asked.region == CLOSED:
        said = f"User: {READER} is not authorized to perform: lambda:ListFunctions on resource: * with an explicit deny in a service control policy"
        return Refusal("AccessDeniedException", said, 403)
    if asked.region != FORGOTTEN:
        return {"Functions": []}
    one = {
        "FunctionName": "img-resize-tmp",
        "FunctionArn": function_arn("img-resize-tmp", FORGOTTEN),
        "Runtime": "python3.9",
        "Role": f"arn:aws:iam::{ACCOUNT}:role/legacy-shared",
        "Handler": "app.handler",
        "Version": "$LATEST",
        "PackageType": "Zip",
        "LastModified": "2023-07-02T21:40:11.000+0000",
    }
    return {"Functions": [one]}
