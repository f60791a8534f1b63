"""What CloudWatch, CloudTrail, AWS Backup and the account's other watchers would answer, as far as a stack declares them.

Of log groups a stack is the population. Alarms, filters, trails, budgets and detectors are often made elsewhere: what a stack declares is there, and what it does not declare is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ....capture import NOT_TOLD
from ..resources import Resource
from .answers import (
    Answers,
    Record,
    Stack,
    entries,
    members,
    number,
    place_of,
    plain,
    switch,
    symbolic,
    untold,
    word,
)
from .attached import called, own_policy

GROUP, FUNCTION = "AWS::Logs::LogGroup", "AWS::Lambda::Function"
ALARM, COMPOSITE = "AWS::CloudWatch::Alarm", "AWS::CloudWatch::CompositeAlarm"
FILTER, SENT = "AWS::Logs::MetricFilter", "AWS::Logs::SubscriptionFilter"
# With this the AWS CDK sets how long the logs of a function are kept. Source: AWS CDK API Reference, class LogRetention.
CDK_RETENTION = "Custom::LogRetention"
QUERY, VAULT = "AWS::Logs::QueryDefinition", "AWS::Backup::BackupVault"
ANSWERED = ("logs:DescribeLogGroups", "backup:ListBackupVaults", "backup:GetBackupVaultAccessPolicy")
# Listings that a template answers as far as it declares something, and why what it leaves out may be there.
AS_DECLARED: Mapping[str, str] = {
    "cloudwatch:DescribeAlarms": "alarms are often made by another stack or by hand",
    "logs:DescribeMetricFilters": "filters over a log are often made by another stack",
    "logs:DescribeQueryDefinitions": "queries are often saved by hand",
}
# Calls about one thing that are answered only where the template says something of it.
WHERE_DECLARED: Mapping[str, str] = {
    "logs:DescribeSubscriptionFilters": "where a log group is sent may be said by another stack or by the account",
}
NOT_FROM_TEMPLATES: Mapping[str, str] = {
    "backup:ListProtectedResources": "plans of the account choose by tag or kind what they copy, and copies are made while a store is in use",
    "ec2:DescribeSnapshots": "snapshots are made while a volume is in use",
    "ec2:DescribeSnapshots/own": "snapshots are made while a volume is in use",
    "ec2:GetSnapshotBlockPublicAccessState": "no stack sets this for a region",
    "logs:DescribeAccountPolicies": "policies over all log groups are mostly set for the account as a whole",
    "logs:DescribeSubscriptionFilters/all": "where a log group is sent may be said by another stack or by the account",
}

MASKED = "whether a policy of the account masks its logs"


def make(stack: Stack, answers: Answers) -> None:
    """Answers about log groups, alarms, filters, saved queries and vaults."""
    for group in stack.of(GROUP):
        _group(stack, answers, group)
    for function in stack.of(FUNCTION):
        _made_by_lambda(stack, answers, function)
    _alarms(stack, answers)
    for each in stack.of(FILTER):
        record = {
            "filterName": called(each, "FilterName"),
            "filterPattern": word(each.properties.get("FilterPattern")),
            "logGroupName": _group_name(stack, each.properties.get("LogGroupName")),
            "metricTransformations": [
                {
                    "metricName": word(members(one).get("MetricName")),
                    "metricNamespace": word(members(one).get("MetricNamespace")),
                }
                for one in entries(each.properties.get("MetricTransformations"))
            ],
        }
        answers.listed("logs:DescribeMetricFilters", record, where=each.where)
    sent: dict[str, list[Record]] = {}
    for each in stack.of(SENT):
        if not each.conditional:
            record = {
                "filterName": called(each, "FilterName"),
                "filterPattern": symbolic(each.properties.get("FilterPattern", "")),
                "destinationArn": word(each.properties.get("DestinationArn")),
                "logGroupName": _group_name(stack, each.properties.get("LogGroupName")),
            }
            sent.setdefault(word(record["logGroupName"]), []).append(record)
    for name, records in sent.items():
        answers.listed("logs:DescribeSubscriptionFilters", *records, logGroupName=name)
    for each in stack.of(QUERY):
        answers.listed("logs:DescribeQueryDefinitions", {"name": word(each.properties.get("Name"))}, where=each.where)
    for vault in stack.of(VAULT):
        _vault(stack, answers, vault)


def _group_name(stack: Stack, value: Any) -> str:
    found = stack.named(value, GROUP)
    return (found.name or found.id) if found else word(value)


def _group(stack: Stack, answers: Answers, group: Resource) -> None:
    name, said = group.name or group.id, group.properties
    arn = stack.arn("logs", f"log-group:{name}")
    answers.place(arn, place_of(group, "RetentionInDays"), group.conditional)
    masked = said.get("DataProtectionPolicy")
    record: dict[str, Any] = {
        "logGroupName": name,
        "arn": f"{arn}:*",
        "logGroupClass": plain(said.get("LogGroupClass", "STANDARD")),
        **({"dataProtectionStatus": plain(masked) if untold(masked) else "ACTIVATED"} if masked is not None else {}),
    }
    if masked is None:
        record["inheritedProperties"] = {NOT_TOLD: MASKED}
    if said.get("RetentionInDays") is not None:
        record["retentionInDays"] = number(said["RetentionInDays"])
    if said.get("KmsKeyId") not in (None, ""):
        record["kmsKeyId"] = plain(said["KmsKeyId"])
    answers.listed("logs:DescribeLogGroups", record, where=group.where)


def _made_by_lambda(stack: Stack, answers: Answers, function: Resource) -> None:
    """Lambda makes a group for a function at its first run, which keeps events without end. Source: AWS Lambda Developer Guide, "Sending Lambda function logs to CloudWatch Logs"."""
    chosen = function.properties.get("LoggingConfig")
    named = members(chosen).get("LogGroup")
    if untold(chosen) or untold(named):
        return
    name = f"/aws/lambda/{function.name}" if named is None else word(named)
    if named is not None and stack.named(named, GROUP) is not None:
        return
    if name in [each.name or each.id for each in stack.of(GROUP)]:
        return
    record: dict[str, Any] = {
        "logGroupName": name,
        "logGroupClass": "STANDARD",
        "inheritedProperties": {NOT_TOLD: MASKED},
    }
    kept = next((each for each in stack.of(CDK_RETENTION) if word(each.properties.get("LogGroupName")) == name), None)
    if kept is not None and kept.properties.get("RetentionInDays") is not None:
        record["retentionInDays"] = number(kept.properties["RetentionInDays"])
    answers.place(stack.arn("logs", f"log-group:{name}"), (kept or function).where, function.conditional)
    answers.listed("logs:DescribeLogGroups", record, where=function.where)


def _alarms(stack: Stack, answers: Answers) -> None:
    composites = [
        {**_alarm(stack, answers, each), "AlarmRule": plain(each.properties.get("AlarmRule", ""))}
        for each in stack.of(COMPOSITE)
    ]
    records = [{**_alarm(stack, answers, each), **_watches(each.properties)} for each in stack.of(ALARM)]
    if records or composites:
        answers.listed("cloudwatch:DescribeAlarms", *records, also={"CompositeAlarms": composites})


def _alarm(stack: Stack, answers: Answers, alarm: Resource) -> Record:
    name, actions = alarm.name or alarm.id, alarm.properties.get("AlarmActions")
    answers.place(stack.arn("cloudwatch", f"alarm:{name}"), alarm.where, alarm.conditional)
    return {
        "AlarmName": name,
        "ActionsEnabled": switch(alarm.properties.get("ActionsEnabled"), True),
        "AlarmActions": plain(actions) if untold(actions) else [word(each) for each in entries(actions)],
    }


def _watches(said: Mapping[str, Any]) -> Record:
    made: dict[str, Any] = {
        name: word(said[name]) for name in ("MetricName", "Namespace") if said.get(name) is not None
    }
    made["Dimensions"] = _dimensions(said.get("Dimensions"))
    metrics = said.get("Metrics")
    if untold(metrics):
        made["Metrics"] = plain(metrics)
    elif metrics is not None:
        made["Metrics"] = [_metric(members(each)) for each in entries(metrics)]
    return made


def _dimensions(value: Any) -> Any:
    if untold(value):
        return plain(value)
    return [
        {"Name": word(members(each).get("Name")), "Value": word(members(each).get("Value"))} for each in entries(value)
    ]


def _metric(entry: Record) -> Record:
    made = {name: word(entry[name]) for name in ("Id", "Expression", "AccountId") if entry.get(name) is not None}
    if entry.get("MetricStat") is None:
        return made
    metric = members(members(entry["MetricStat"]).get("Metric"))
    watched = {name: word(metric[name]) for name in ("MetricName", "Namespace") if metric.get(name) is not None}
    return {**made, "MetricStat": {"Metric": {**watched, "Dimensions": _dimensions(metric.get("Dimensions"))}}}


def _vault(stack: Stack, answers: Answers, vault: Resource) -> None:
    name, said = vault.name or vault.id, vault.properties
    arn = stack.arn("backup", f"backup-vault:{name}")
    answers.place(arn, vault.where, vault.conditional)
    record = {"BackupVaultName": name, "BackupVaultArn": arn}
    if said.get("EncryptionKeyArn") is not None:
        record["EncryptionKeyArn"] = word(said["EncryptionKeyArn"])
    answers.listed("backup:ListBackupVaults", record, where=vault.where)
    call = "backup:GetBackupVaultAccessPolicy"
    own_policy(answers, call, "Policy", vault, "AccessPolicy", BackupVaultName=name)
