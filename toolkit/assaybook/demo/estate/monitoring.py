"""Logs, alarms, trails and scanners."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from ..emulator.clock import at
from .names import ACCOUNT, EU, US, Builder, arn, function_arn
from .workloads import FUNCTIONS

# Days that logs are kept, where they differ from the usual 400; 0: for ever. Without an entry of its own each function has the usual.
USUAL_DAYS = 400
RETENTION: Mapping[tuple[str, str], int] = {
    (US, "payments-webhook"): 30,
    (US, "legacy-invoice"): 0,
    (US, "legacy-pdf"): 0,
    (US, "catalog-feed"): 7,
    (US, "notify-sms"): 90,
    (US, "sandbox-playground"): 3,
    (EU, "tax-calculate"): 14,
}
DELIVERED = ("/aws/vendedlogs/export/shop-front",)
OTHER_GROUPS = (
    "/aws/vendedlogs/states/order-fulfilment",
    "/aws/apigateway/shop",
    "aws-waf-logs-shop-front",
    *DELIVERED,
)


def build_logs(builder: Builder) -> None:
    """Make the log groups."""
    with at("2024-11-05"):
        groups = [
            (each.region, f"/aws/lambda/{each.name}", RETENTION.get((each.region, each.name), USUAL_DAYS))
            for each in FUNCTIONS
        ]
        groups += [(US, name, USUAL_DAYS) for name in OTHER_GROUPS]
        for region, name, days in sorted(groups):
            logs = builder.client("logs", region)
            if name in DELIVERED:
                # Of this class AWS itself sets how long events are kept.
                logs.create_log_group(logGroupName=name, logGroupClass="DELIVERY")
                continue
            logs.create_log_group(logGroupName=name)
            if days:
                logs.put_retention_policy(logGroupName=name, retentionInDays=days)


# Function, region, metrics of Lambda that have an alarm.
ALARMS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("orders-api", US, ("Errors", "Throttles")),
    ("orders-projector", US, ("Errors", "Throttles", "IteratorAge")),
    ("payments-capture", US, ("Errors", "Throttles", "DeadLetterErrors")),
    ("payments-refund", US, ("Errors",)),
    ("payments-ledger", US, ("Errors", "Throttles")),
    ("customer-profile", US, ("Errors", "Throttles")),
    ("orders-api", EU, ("Errors", "Throttles")),
)


def build_alarms(builder: Builder) -> None:
    """Make the alarms on metrics."""
    with at("2025-04-29"):
        for name, region, metrics in ALARMS:
            for metric in metrics:
                _alarm(builder, region, f"{name}-{metric}", "AWS/Lambda", metric, {"FunctionName": name})
        _alarm(builder, US, "refunds-age", "AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": "refunds"})
        _alarm(builder, US, "auth-authorizer-trouble", "AWS/Lambda", "Errors", {"FunctionName": "auth-authorizer"})


def _alarm(builder: Builder, region: str, name: str, space: str, metric: str, dimensions: Mapping[str, str]) -> None:
    builder.client("cloudwatch", region).put_metric_alarm(
        AlarmName=name,
        Namespace=space,
        MetricName=metric,
        Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
        Statistic="Sum",
        Period=300,
        EvaluationPeriods=1,
        Threshold=1.0,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        ActionsEnabled=True,
        AlarmActions=[arn("sns", "alarms", region)],
        TreatMissingData="notBreaching",
    )


def build_trails(builder: Builder, key: str) -> dict[str, dict[str, Any]]:
    """Make the trails: one for all regions with data events of some functions, one of Europe for writes. Gives their selectors by ARN."""
    with at("2024-06-19"):
        trail = builder.client("cloudtrail")
        trail.create_trail(
            Name="northwind-all",
            S3BucketName="northwind-trail",
            IsMultiRegionTrail=True,
            IncludeGlobalServiceEvents=True,
            EnableLogFileValidation=True,
            KmsKeyId=key,
        )
        trail.start_logging(Name="northwind-all")
        watched = [
            function_arn(each.name, each.region)
            for each in FUNCTIONS
            if each.region == US and each.tags.get("criticality") == "critical"
        ]
        watched += [function_arn("orders-api")]
        trail.put_event_selectors(
            TrailName="northwind-all",
            AdvancedEventSelectors=[
                {"Name": "Management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]},
                {
                    "Name": "Money",
                    "FieldSelectors": [
                        {"Field": "eventCategory", "Equals": ["Data"]},
                        {"Field": "resources.type", "Equals": ["AWS::Lambda::Function"]},
                        {"Field": "resources.ARN", "Equals": sorted(watched)},
                    ],
                },
                {
                    "Name": "Exports",
                    "FieldSelectors": [
                        {"Field": "eventCategory", "Equals": ["Data"]},
                        {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
                        {"Field": "resources.ARN", "StartsWith": ["arn:aws:s3:::northwind-shop-exports/"]},
                    ],
                },
            ],
        )
        europe = builder.client("cloudtrail", EU)
        europe.create_trail(
            Name="europe-writes",
            S3BucketName="northwind-trail-europe",
            IsMultiRegionTrail=False,
            EnableLogFileValidation=False,
        )
        europe.put_event_selectors(
            TrailName="europe-writes",
            EventSelectors=[{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}],
        )
        europe.start_logging(Name="europe-writes")
    selectors: dict[str, dict[str, Any]] = {}
    for client, name in ((trail, "northwind-all"), (europe, "europe-writes")):
        answer = client.get_event_selectors(TrailName=name)
        answer.pop("ResponseMetadata")
        selectors[answer["TrailARN"]] = answer
    return selectors


def build_detection(builder: Builder) -> None:
    """Turn on threat detection in one region; in the other it was forgotten."""
    with at("2024-01-30"):
        builder.client("guardduty").create_detector(
            Enable=True,
            FindingPublishingFrequency="FIFTEEN_MINUTES",
            DataSources={"S3Logs": {"Enable": True}},
            Features=[
                {"Name": name, "Status": "ENABLED"}
                for name in ("S3_DATA_EVENTS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS")
            ],
        )


def event_data_stores() -> list[dict[str, Any]]:
    """The event data store of security; CloudTrail Lake is not emulated, so it is written out."""
    made = datetime(2025, 1, 9, 9, 0, tzinfo=UTC)
    selectors = [{"Name": "Management", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}]
    return [
        {
            "EventDataStoreArn": arn("cloudtrail", "eventdatastore/0a1b2c3d-0000-4000-8000-00000000000e"),
            "Name": "security-lake",
            "Status": "ENABLED",
            "AdvancedEventSelectors": selectors,
            "MultiRegionEnabled": True,
            "OrganizationEnabled": False,
            "RetentionPeriod": 730,
            "TerminationProtectionEnabled": True,
            "CreatedTimestamp": made,
            "UpdatedTimestamp": made,
        }
    ]


def composite_alarms(region: str) -> list[dict[str, Any]]:
    """A composite alarm on the authorizer, which counts as its own."""
    if region != US:
        return []
    return [
        {
            "AlarmName": "auth-authorizer",
            "AlarmArn": arn("cloudwatch", "alarm:auth-authorizer"),
            "AlarmRule": 'ALARM("auth-authorizer-trouble")',
            "ActionsEnabled": True,
            "AlarmActions": [arn("sns", "alarms")],
            "OKActions": [],
            "InsufficientDataActions": [],
            "StateValue": "OK",
            "StateReason": "auth-authorizer-trouble is OK",
            "StateUpdatedTimestamp": datetime(2026, 11, 2, 7, 30, tzinfo=UTC),
        }
    ]


# Scanned by Inspector are the functions whose runtimes it knows, less those that somebody excluded.
NOT_SCANNED = (
    "legacy-invoice",
    "legacy-pdf",
    "sandbox-playground",
    "ops-cleanup",
    "inventory-import",
    "partner-gateway",
)


def scan_coverage() -> list[dict[str, Any]]:
    """Inspector's coverage of functions in the first region."""
    covered = []
    for function in FUNCTIONS:
        if function.region != US or function.image:
            continue
        excluded = function.name in NOT_SCANNED
        reason = "EXCLUDED_BY_TAG" if function.name == "partner-gateway" else "UNSUPPORTED_RUNTIME"
        covered.append(
            {
                "resourceType": "AWS_LAMBDA_FUNCTION",
                "resourceId": f"{function_arn(function.name)}:$LATEST",
                "accountId": ACCOUNT,
                "scanType": "PACKAGE",
                "scanStatus": {"statusCode": "INACTIVE", "reason": reason}
                if excluded
                else {"statusCode": "ACTIVE", "reason": "SUCCESSFUL"},
                "resourceMetadata": {"lambdaFunction": {"functionName": function.name}},
            }
        )
    return covered
