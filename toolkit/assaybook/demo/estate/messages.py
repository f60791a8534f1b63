"""Queues, topics, buses, rules, mappings and state machines: how events reach functions, and what happens to those that fail."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..emulator.clock import at
from .names import ACCOUNT, EU, LOG_ARCHIVE, PRODUCTION, US, Builder, arn, function_arn, pairs, role_arn

# Name, region, key (managed: SQS's own encryption; none: off), dead-letter queue, whether plaintext is refused.
QUEUES = (
    ("refunds-dead", US, "managed", "", True),
    ("refunds", US, "managed", "refunds-dead", True),
    ("payments-failed", US, "alias/payments", "", True),
    ("orders-export-failed", US, "managed", "", False),
    ("rules-failed", US, "managed", "", True),
    ("stock-levels", US, "none", "", False),
    ("returns-dead", EU, "managed", "", True),
    ("returns", EU, "managed", "returns-dead", True),
    ("label-jobs", EU, "managed", "", False),
)


def build_queues(builder: Builder) -> None:
    """Make the queues."""
    with at("2024-09-03"):
        for name, region, key, dead, tls in QUEUES:
            attributes: dict[str, str] = {"SqsManagedSseEnabled": "true" if key == "managed" else "false"}
            if key.startswith("alias/"):
                attributes["KmsMasterKeyId"] = key
            if dead:
                attributes["RedrivePolicy"] = json.dumps(
                    {"deadLetterTargetArn": arn("sqs", dead, region), "maxReceiveCount": 5}
                )
            if tls:
                attributes["Policy"] = _tls_only("sqs:*", arn("sqs", name, region))
            builder.client("sqs", region).create_queue(QueueName=name, Attributes=attributes, tags=PRODUCTION)


def _tls_only(action: str, resource: str, *more: Mapping[str, Any]) -> str:
    refuse = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": "*",
        "Action": action,
        "Resource": resource,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [refuse, *more]})


def build_topics(builder: Builder) -> None:
    """Make topics and subscriptions."""
    sns = builder.client("sns")
    publish = {
        "Sid": "Shop",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "sns:Publish",
        "Resource": arn("sns", "order-events"),
    }
    anybody = {
        "Sid": "Anybody",
        "Effect": "Allow",
        "Principal": "*",
        "Action": ["sns:Publish", "sns:Subscribe"],
        "Resource": arn("sns", "carrier-status"),
    }
    topics: tuple[tuple[str, str, dict[str, str]], ...] = (
        (
            "order-events",
            US,
            {"KmsMasterKeyId": "alias/orders", "Policy": _tls_only("sns:Publish", arn("sns", "order-events"), publish)},
        ),
        ("parcel-events", US, {}),
        ("carrier-status", US, {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [anybody]})}),
        ("alarms", US, {"KmsMasterKeyId": "alias/orders"}),
        ("alarms", EU, {"KmsMasterKeyId": "alias/aws/sns"}),
    )
    with at("2024-09-03"):
        for name, region, attributes in topics:
            builder.client("sns", region).create_topic(Name=name, Attributes=attributes, Tags=pairs(PRODUCTION))
        kept = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": arn("sqs", "rules-failed")})}
        for topic, function, extra in (("order-events", "notify-email", kept), ("parcel-events", "notify-sms", {})):
            sns.subscribe(
                TopicArn=arn("sns", topic), Protocol="lambda", Endpoint=function_arn(function), Attributes=extra
            )
        sns.subscribe(TopicArn=arn("sns", "alarms"), Protocol="email", Endpoint="on-call@example.com")


# Rule, bus, schedule or pattern, target, dead-letter queue.
RULES = (
    ("orders-archive-nightly", "default", "rate(1 day)", "orders-archiver", "rules-failed"),
    ("orders-export-daily", "default", "cron(15 2 * * ? *)", "orders-export", "rules-failed"),
    ("payments-reconcile-daily", "default", "cron(0 5 * * ? *)", "payments-reconcile", ""),
    ("cleanup-weekly", "default", "rate(7 days)", "ops-cleanup", "rules-failed"),
    ("order-placed-to-fraud", "shop-events", "OrderPlaced", "fraud-score", "rules-failed"),
    ("every-event-to-lake", "shop-events", "", "data-lake-ingest", ""),
)


def build_rules(builder: Builder) -> None:
    """Make buses, rules and targets."""
    events = builder.client("events")
    with at("2024-10-22"):
        events.create_event_bus(Name="shop-events", Tags=pairs(PRODUCTION))
        events.put_permission(
            EventBusName="shop-events", Action="events:PutEvents", Principal=LOG_ARCHIVE, StatementId="archive"
        )
        for name, bus, what, function, dead in RULES:
            timed = (
                {"ScheduleExpression": what}
                if "(" in what
                else {"EventPattern": json.dumps({"detail-type": [what]} if what else {"account": [ACCOUNT]})}
            )
            events.put_rule(Name=name, EventBusName=bus, State="ENABLED", **timed)
            target: dict[str, Any] = {"Id": "function", "Arn": function_arn(function)}
            if dead:
                target["DeadLetterConfig"] = {"Arn": arn("sqs", dead)}
            events.put_targets(Rule=name, EventBusName=bus, Targets=[target])


def build_mappings(builder: Builder, streams: Mapping[str, str]) -> None:
    """Make event source mappings and say where failed asynchronous events go."""
    functions, europe = builder.client("lambda"), builder.client("lambda", EU)
    kept = {"OnFailure": {"Destination": arn("sqs", "payments-failed")}}
    with at("2025-06-12"):
        functions.create_event_source_mapping(
            FunctionName="payments-refund",
            EventSourceArn=arn("sqs", "refunds"),
            BatchSize=1,
            ScalingConfig={"MaximumConcurrency": 10},
        )
        functions.create_event_source_mapping(
            FunctionName="inventory-sync", EventSourceArn=arn("sqs", "stock-levels"), BatchSize=10
        )
        # The warehouse still speaks through a broker, which keeps or drops messages by its own rules.
        functions.create_event_source_mapping(
            FunctionName="inventory-import",
            EventSourceArn=arn("mq", "broker:warehouse:b-0a1b2c3d-0000-4000-8000-00000000000f"),
            BatchSize=10,
            Queues=["goods-in"],
            SourceAccessConfigurations=[
                {"Type": "BASIC_AUTH", "URI": arn("secretsmanager", "secret:warehouse/broker-Ab1cD2")}
            ],
        )
        functions.create_event_source_mapping(
            FunctionName="payments-ledger",
            EventSourceArn=arn("kinesis", "stream/ledger-events"),
            BatchSize=100,
            StartingPosition="TRIM_HORIZON",
            DestinationConfig=kept,
            MaximumRetryAttempts=5,
            BisectBatchOnFunctionError=True,
        )
        functions.create_event_source_mapping(
            FunctionName="orders-projector",
            EventSourceArn=streams["orders"],
            BatchSize=100,
            StartingPosition="LATEST",
            MaximumRetryAttempts=-1,
        )
        europe.create_event_source_mapping(
            FunctionName="returns-api", EventSourceArn=arn("sqs", "returns", EU), BatchSize=5
        )
        europe.create_event_source_mapping(
            FunctionName="returns-label", EventSourceArn=arn("sqs", "label-jobs", EU), BatchSize=5
        )
        functions.put_function_event_invoke_config(
            FunctionName="partner-shipment", MaximumRetryAttempts=2, DestinationConfig=kept
        )
        functions.put_function_event_invoke_config(
            FunctionName="orders-archiver", MaximumRetryAttempts=1, DestinationConfig=kept
        )


def build_state_machines(builder: Builder) -> None:
    """Make the state machines."""
    states = builder.client("stepfunctions")
    done = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    with at("2025-03-04"):
        for name, traced, level in (("order-fulfilment", True, "ERROR"), ("refund-approval", False, "OFF")):
            extra: dict[str, Any] = {"loggingConfiguration": {"level": level, "includeExecutionData": False}}
            if level != "OFF":
                group = arn("logs", f"log-group:/aws/vendedlogs/states/{name}:*")
                extra["loggingConfiguration"]["destinations"] = [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}]
            states.create_state_machine(
                name=name,
                definition=done,
                roleArn=role_arn("orders-validate"),
                tracingConfiguration={"enabled": traced},
                **extra,
            )
