"""Who is told: rules and filters on security events, their alarms, budgets and cost monitors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.clock import at
from ..emulator.exchange import Exchange
from .names import ACCOUNT, EU, Builder, arn, role_arn

TRAIL_GROUP = "/aws/cloudtrail/northwind-all"
SPACE = "Northwind/Security"
CALL = "AWS API Call via CloudTrail"
# Rule on the default bus, its pattern, its targets.
RULES: tuple[tuple[str, Mapping[str, Any], tuple[str, ...]], ...] = (
    (
        "security-function-changed",
        {
            "source": ["aws.lambda"],
            "detail-type": [CALL],
            "detail": {
                "eventName": [
                    {"prefix": "UpdateFunctionCode"},
                    {"prefix": "UpdateFunctionConfiguration"},
                    {"prefix": "AddPermission"},
                ]
            },
        },
        (arn("sns", "alarms"),),
    ),
    (
        "security-trail-touched",
        {
            "source": ["aws.cloudtrail"],
            "detail-type": [CALL],
            "detail": {"eventName": ["StopLogging", "DeleteTrail", "UpdateTrail", "PutEventSelectors"]},
        },
        (arn("sns", "alarms"),),
    ),
    (
        "security-grave-findings",
        {
            "source": ["aws.guardduty"],
            "detail-type": ["GuardDuty Finding"],
            "detail": {"severity": [{"numeric": [">=", 7]}]},
        },
        (arn("sns", "alarms"),),
    ),
    # Written to a log group for later, which tells nobody.
    (
        "security-bucket-policies",
        {"source": ["aws.s3"], "detail-type": [CALL]},
        (arn("logs", "log-group:/aws/events/s3"),),
    ),
)
IDENTITY_CALLS = (
    *(f"{verb}{whose}Policy" for verb in ("Put", "Delete", "Attach", "Detach") for whose in ("Group", "Role", "User")),
    *(f"{verb}Policy{what}" for verb in ("Create", "Delete") for what in ("", "Version")),
)
# Filter over the trail's log group, its pattern, and whether an alarm watches its metric.
FILTERS: tuple[tuple[str, str, bool], ...] = (
    ("identity-changes", "{ " + " || ".join(f"($.eventName={each})" for each in IDENTITY_CALLS) + " }", True),
    (
        "keys-lost",
        "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }",
        True,
    ),
    (
        "root-used",
        '{ $.userIdentity.type = "Root" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != "AwsServiceEvent" }',
        False,
    ),
    (
        "recorder-stopped",
        '{ ($.eventSource = config.amazonaws.com) && ($.userIdentity.arn != "*deploy-pipeline*") }',
        True,
    ),
)


def build_alerting(builder: Builder) -> None:
    """Make rules on security events, and filters over the log of the trail with their alarms."""
    trail, logs, events = (builder.client(each) for each in ("cloudtrail", "logs", "events"))
    metrics = builder.client("cloudwatch")
    with at("2025-02-17"):
        logs.create_log_group(logGroupName=TRAIL_GROUP)
        logs.put_retention_policy(logGroupName=TRAIL_GROUP, retentionInDays=400)
        trail.update_trail(
            Name="northwind-all",
            CloudWatchLogsLogGroupArn=arn("logs", f"log-group:{TRAIL_GROUP}:*"),
            CloudWatchLogsRoleArn=role_arn("assaybook-reader"),
        )
        for name, pattern, targets in RULES:
            events.put_rule(Name=name, EventPattern=json.dumps(pattern), State="ENABLED")
            events.put_targets(
                Rule=name, Targets=[{"Id": f"to-{at_}", "Arn": each} for at_, each in enumerate(targets)]
            )
        for name, looked_for, alarmed in FILTERS:
            made = {"metricName": name, "metricNamespace": SPACE, "metricValue": "1"}
            logs.put_metric_filter(
                logGroupName=TRAIL_GROUP, filterName=name, filterPattern=looked_for, metricTransformations=[made]
            )
            if alarmed:
                metrics.put_metric_alarm(
                    AlarmName=f"security-{name}",
                    Namespace=SPACE,
                    MetricName=name,
                    Statistic="Sum",
                    Period=300,
                    EvaluationPeriods=1,
                    Threshold=1.0,
                    ComparisonOperator="GreaterThanOrEqualToThreshold",
                    ActionsEnabled=True,
                    AlarmActions=[arn("sns", "alarms")],
                    TreatMissingData="notBreaching",
                )
        # Silenced during a migration and never switched on again.
        metrics.put_metric_alarm(
            AlarmName="stock-levels-age",
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": "stock-levels"}],
            Statistic="Maximum",
            Period=300,
            EvaluationPeriods=1,
            Threshold=900.0,
            ComparisonOperator="GreaterThanThreshold",
            ActionsEnabled=False,
            AlarmActions=[arn("sns", "alarms")],
        )


def alerting_fills() -> dict[tuple[str, str], Fill]:
    """What an emulator does not know of subscriptions, budgets and cost monitors."""
    return {
        ("sns", "ListSubscriptionsByTopic"): _subscriptions,
        ("budgets", "DescribeBudgets"): lambda _: {
            "Budgets": [_budget("functions-month", "COST"), _budget("plans", "SAVINGS_PLANS_UTILIZATION")]
        },
        ("budgets", "DescribeBudgetNotificationsForAccount"): lambda _: {"BudgetNotificationsForAccount": []},
        ("ce", "GetAnomalyMonitors"): lambda _: {"AnomalyMonitors": [_MONITOR]},
        ("ce", "GetAnomalySubscriptions"): lambda _: {"AnomalySubscriptions": [_SUBSCRIPTION]},
    }


def _subscriptions(asked: Exchange) -> Answer | None:
    """In Europe nobody followed the link in the mail."""
    if asked.region != EU:
        return None
    one = {
        "SubscriptionArn": "PendingConfirmation",
        "Owner": ACCOUNT,
        "Protocol": "email",
        "Endpoint": "operations-eu@example.com",
        "TopicArn": asked.params["TopicArn"],
    }
    return {"Subscriptions": [one]}


def _budget(name: str, kind: str) -> dict[str, Any]:
    limit = {"Amount": "5000", "Unit": "USD"} if kind == "COST" else {"Amount": "90", "Unit": "PERCENTAGE"}
    return {"BudgetName": name, "BudgetType": kind, "TimeUnit": "MONTHLY", "BudgetLimit": limit}


_MONITOR_ARN = f"arn:aws:ce::{ACCOUNT}:anomalymonitor/0a1b2c3d-0000-4000-8000-0000000000c1"
_MONITOR = {
    "MonitorArn": _MONITOR_ARN,
    "MonitorName": "by-service",
    "CreationDate": "2025-03-03",
    "MonitorType": "DIMENSIONAL",
    "MonitorDimension": "SERVICE",
}
_SUBSCRIPTION = {
    "SubscriptionArn": f"arn:aws:ce::{ACCOUNT}:anomalysubscription/0a1b2c3d-0000-4000-8000-0000000000c2",
    "AccountId": ACCOUNT,
    "MonitorArnList": [_MONITOR_ARN],
    "Subscribers": [{"Address": "finance@example.com", "Type": "EMAIL", "Status": "CONFIRMED"}],
    "Frequency": "DAILY",
    "SubscriptionName": "finance-daily",
}
