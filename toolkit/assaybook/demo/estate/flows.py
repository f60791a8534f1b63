"""How events flow through the estate beside queues and rules: notifications, a pipe, schedules, devices, mail, resolvers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..emulator.account import Answer
from ..emulator.clock import at
from ..emulator.exchange import Exchange
from .names import ACCOUNT, EU, PRODUCTION, US, Builder, arn, function_arn, role_arn

# Bucket, its region, function, prefix and suffix of the names that it tells of.
NOTIFICATIONS = (
    ("northwind-supplier-imports", US, "inventory-import", "incoming/", ".csv"),
    ("northwind-carrier-drop", US, "partner-shipment", "", ""),
    # Pages are turned into PDF files that land beside them, and every file starts it again.
    ("northwind-legacy-invoices", US, "legacy-pdf", "", ""),
    # A request that is dropped under its own prefix starts an export, whose role may write anywhere in the bucket.
    ("northwind-shop-exports", US, "orders-export", "requests/", ".json"),
    ("northwind-returns-photos", EU, "returns-label", "photos/", ""),
)
# Function, region, service that may invoke it, ARN or account that it is bound to.
GRANTS = (
    ("legacy-pdf", US, "s3", "arn:aws:s3:::northwind-legacy-invoices"),
    ("orders-export", US, "s3", "arn:aws:s3:::northwind-shop-exports"),
    ("returns-label", EU, "s3", "arn:aws:s3:::northwind-returns-photos"),
    ("inventory-sync", US, "iot", arn("iot", "rule/warehouse_scales")),
    ("ops-admin", US, "ses", ""),
    ("gdpr-export", EU, "ses", ""),
)
# Rule set, region, rule, address, function that gets the mail.
MAIL = (
    ("inbound", US, "operations", "operations@example.com", "ops-admin"),
    ("inbound", EU, "data-requests", "privacy@example.com", "gdpr-export"),
)
SCHEDULES = (
    ("stock-count-hourly", US, "rate(1 hours)", "inventory-sync"),
    ("gdpr-deadlines", EU, "cron(0 6 * * ? *)", "gdpr-export"),
)


def build_flows(builder: Builder) -> Mapping[str, str]:
    """Make what starts functions beside queues, rules and APIs; gives the names of the GraphQL APIs by their ids."""
    with at("2025-11-25"):
        for function, region, service, source in GRANTS:
            bound = {"SourceArn": source} if source else {}
            builder.client("lambda", region).add_permission(
                FunctionName=function,
                StatementId=f"{service}-events",
                Action="lambda:InvokeFunction",
                Principal=f"{service}.amazonaws.com",
                SourceAccount=ACCOUNT,
                **bound,
            )
        for bucket, region, function, prefix, suffix in NOTIFICATIONS:
            _notify(builder, bucket, region, function, prefix, suffix)
        for name, region, expression, function in SCHEDULES:
            builder.client("scheduler", region).create_schedule(
                Name=name,
                ScheduleExpression=expression,
                FlexibleTimeWindow={"Mode": "OFF"},
                Target={
                    "Arn": function_arn(function, region),
                    "RoleArn": role_arn("orders-validate"),
                    "Input": json.dumps({"job": name}),
                    "DeadLetterConfig": {"Arn": arn("sqs", "rules-failed" if region == US else "returns-dead", region)},
                },
            )
        _devices(builder)
        _pipe(builder)
    found = builder.client("appsync").list_graphql_apis()["graphqlApis"]
    return {str(each["apiId"]): str(each["name"]) for each in found}


def _notify(builder: Builder, bucket: str, region: str, function: str, prefix: str, suffix: str) -> None:
    given = {"prefix": prefix, "suffix": suffix}
    rules = [{"Name": name, "Value": value} for name, value in given.items() if value]
    one: dict[str, Any] = {
        "Id": f"{function}-objects",
        "LambdaFunctionArn": function_arn(function, region),
        "Events": ["s3:ObjectCreated:*"],
    }
    if rules:
        one["Filter"] = {"Key": {"FilterRules": rules}}
    builder.client("s3", region).put_bucket_notification_configuration(
        Bucket=bucket, NotificationConfiguration={"LambdaFunctionConfigurations": [one]}
    )


def _devices(builder: Builder) -> None:
    action = {"lambda": {"functionArn": function_arn("inventory-sync")}}
    builder.client("iot").create_topic_rule(
        ruleName="warehouse_scales",
        topicRulePayload={
            "sql": "SELECT * FROM 'warehouse/+/scales'",
            "description": "Weights of pallets",
            "actions": [action],
            "ruleDisabled": False,
            "awsIotSqlVersion": "2016-03-23",
        },
    )


def incoming_mail(asked: Exchange) -> Answer:
    """What becomes of mail to the shop; moto knows no functions that are not its own."""
    made = [_receipt_rule(*each[2:], region=each[1]) for each in MAIL if each[1] == asked.region]
    return {"Metadata": {"Name": MAIL[0][0], "CreatedTimestamp": "2025-11-25T09:00:00Z"}, "Rules": made}


def _receipt_rule(name: str, address: str, function: str, *, region: str) -> dict[str, Any]:
    run = {"FunctionArn": function_arn(function, region), "InvocationType": "Event"}
    return {
        "Name": name,
        "Enabled": True,
        "TlsPolicy": "Require",
        "Recipients": [address],
        "Actions": [{"LambdaAction": run}],
        "ScanEnabled": True,
    }


def _pipe(builder: Builder) -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True}
    definition = {
        "StartAt": "Check",
        "States": {
            "Check": {
                "Type": "Task",
                "Resource": function_arn("orders-validate"),
                "Next": "Book",
            },
            "Book": {**task, "Parameters": {"FunctionName": function_arn("inventory-sync"), "Payload.$": "$"}},
        },
    }
    group = arn("logs", "log-group:/aws/vendedlogs/states/goods-receipt:*")
    made = builder.client("stepfunctions").create_state_machine(
        name="goods-receipt",
        definition=json.dumps(definition),
        roleArn=role_arn("orders-validate"),
        tracingConfiguration={"enabled": True},
        loggingConfiguration={
            "level": "ERROR",
            "includeExecutionData": False,
            "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
        },
    )
    builder.client("pipes").create_pipe(
        Name="clicks-to-receipt",
        RoleArn=role_arn("orders-validate"),
        Source=arn("kinesis", "stream/click-stream"),
        SourceParameters={"KinesisStreamParameters": {"StartingPosition": "LATEST", "MaximumRetryAttempts": 3}},
        Enrichment=function_arn("fraud-rules"),
        Target=made["stateMachineArn"],
        Tags=PRODUCTION,
    )


def data_sources(asked: Exchange, names: Mapping[str, str]) -> Answer:
    """What the fields of a GraphQL API read; moto keeps no data sources."""
    name = names.get(str(asked.params["apiId"]), "")
    if name != "catalog":
        return {"dataSources": []}
    source = {
        "dataSourceArn": arn("appsync", f"apis/{asked.params['apiId']}/datasources/search"),
        "name": "search",
        "type": "AWS_LAMBDA",
        "serviceRoleArn": role_arn("orders-validate"),
        "lambdaConfig": {"lambdaFunctionArn": function_arn("catalog-search")},
    }
    return {"dataSources": [source]}
