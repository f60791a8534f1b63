"""What else keeps data in the estate: queues and keys with a defect, a table for test, state machines, subscriptions; recovery and expiry of tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..emulator.clock import at
from .names import EU, PRODUCTION, STRANGER, US, Builder, arn, pairs, role_arn, secret

PCI = {**PRODUCTION, "data-classification": "pci"}
TEST = {"environment": "test", "team": "shop", "data-classification": "pii"}
RETIRED_KEY = "archive-2023"
# Tables that can go back to a point in time, and those whose items expire by themselves.
RECOVERABLE = (("orders", US), ("payments", US), ("payment-tokens", US), ("customers", US), ("orders", EU))
EXPIRING = (("payment-tokens", US, "expires_at"), ("orders-read-model", US, "ttl"))
PROTECTED = (("orders", US), ("payments", US), ("customers", US))
TEST_TABLE = "customers-test"


def build_keeping(builder: Builder) -> None:
    """Make all of it."""
    _queues(builder, _retired_key(builder))
    _tables(builder)
    _state_machines(builder)
    _subscriptions(builder)
    _borrowed_secret(builder)
    _trial_database(builder)


def _trial_database(builder: Builder) -> None:
    """A trial that was put into the internet so that the agency's laptops reach it."""
    with at("2026-09-21"):
        builder.client("rds").create_db_instance(
            DBInstanceIdentifier="analytics-trial",
            DBInstanceClass="db.t4g.medium",
            Engine="postgres",
            EngineVersion="16.4",
            MasterUsername="owner",
            MasterUserPassword="not-" + "recorded",
            AllocatedStorage=20,
            DBParameterGroupName="ledger-postgres16",
            PubliclyAccessible=True,
            StorageEncrypted=True,
            BackupRetentionPeriod=7,
            Tags=pairs(TEST),
        )


def _borrowed_secret(builder: Builder) -> None:
    """Somebody let the playground read the mail provider's secret, to try something out."""
    read = {
        "Effect": "Allow",
        "Action": "secretsmanager:GetSecretValue",
        "Resource": arn("secretsmanager", "secret:mail/sender-??????"),
    }
    with at("2026-08-03"):
        builder.client("iam").put_role_policy(
            RoleName="sandbox-playground", PolicyName="mail-for-now", PolicyDocument=_policy(read)
        )


def _retired_key(builder: Builder) -> str:
    kms = builder.client("kms")
    with at("2023-03-14"):
        made = kms.create_key(Description="Archive of 2023", Tags=[{"TagKey": "team", "TagValue": "shop"}])[
            "KeyMetadata"
        ]
        kms.create_alias(AliasName=f"alias/{RETIRED_KEY}", TargetKeyId=made["KeyId"])
    with at("2026-11-10"):
        kms.schedule_key_deletion(KeyId=made["KeyId"], PendingWindowInDays=30)
    return str(made["Arn"])


def _policy(*statements: Mapping[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


def _queues(builder: Builder, retired: str) -> None:
    carrier = {
        "Sid": "CarrierTopic",
        "Effect": "Allow",
        "Principal": {"Service": "sns.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": arn("sqs", "carrier-inbox"),
    }
    bound = {
        **carrier,
        "Sid": "ParcelTopic",
        "Resource": arn("sqs", "parcel-inbox"),
        "Condition": {"ArnEquals": {"aws:SourceArn": arn("sns", "parcel-events")}},
    }
    agency = {
        "Sid": "Agency",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{STRANGER}:root"},
        "Action": ["sqs:ReceiveMessage", "sqs:DeleteMessage"],
        "Resource": arn("sqs", "newsletter-jobs"),
    }
    managed = {"SqsManagedSseEnabled": "true"}
    queues: tuple[tuple[str, dict[str, str], dict[str, str]], ...] = (
        ("carrier-inbox", {**managed, "Policy": _policy(carrier)}, PRODUCTION),
        ("parcel-inbox", {**managed, "Policy": _policy(bound)}, PRODUCTION),
        ("newsletter-jobs", {**managed, "Policy": _policy(agency)}, PRODUCTION),
        ("card-batches", {"SqsManagedSseEnabled": "false"}, PCI),
        ("card-settlements", {"SqsManagedSseEnabled": "false", "KmsMasterKeyId": "alias/payments"}, PCI),
        ("returns-archive", {"SqsManagedSseEnabled": "false", "KmsMasterKeyId": retired}, PRODUCTION),
    )
    with at("2025-08-19"):
        for name, attributes, tags in queues:
            builder.client("sqs").create_queue(QueueName=name, Attributes=attributes, tags=tags)


def _tables(builder: Builder) -> None:
    with at("2026-10-05"):
        builder.client("dynamodb").create_table(
            TableName=TEST_TABLE,
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=pairs(TEST),
        )
        for name, region in RECOVERABLE:
            builder.client("dynamodb", region).update_continuous_backups(
                TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
            )
        for name, region, attribute in EXPIRING:
            builder.client("dynamodb", region).update_time_to_live(
                TableName=name, TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute}
            )
        for name, region in PROTECTED:
            builder.client("dynamodb", region).update_table(TableName=name, DeletionProtectionEnabled=True)


def _state_machines(builder: Builder) -> None:
    """Two that handle cards: one writes what it is given into its log and has a key in its definition, one does neither."""
    states = builder.client("stepfunctions")
    call = {
        "Type": "Task",
        "Resource": "arn:aws:states:::http:invoke",
        "Parameters": {
            "ApiEndpoint": "https://api.payments.example.com/v1/settlements",
            "Method": "POST",
            "Headers": {"Authorization": f"Bearer {secret('payment key')}"},
        },
        "End": True,
    }
    calling = json.dumps({"StartAt": "Settle", "States": {"Settle": call}})
    quiet = json.dumps({"StartAt": "Done", "States": {"Done": {"Type": "Succeed"}}})
    with at("2025-11-11"):
        for name, definition, data in (("card-settlement", calling, True), ("chargeback", quiet, False)):
            group = arn("logs", f"log-group:/aws/vendedlogs/states/{name}:*")
            states.create_state_machine(
                name=name,
                definition=definition,
                roleArn=role_arn("orders-validate"),
                tracingConfiguration={"enabled": True},
                tags=[{"key": key, "value": value} for key, value in PCI.items()],
                loggingConfiguration={
                    "level": "ALL" if data else "ERROR",
                    "includeExecutionData": data,
                    "destinations": [{"cloudWatchLogsLogGroup": {"logGroupArn": group}}],
                },
            )


def _subscriptions(builder: Builder) -> None:
    sns = builder.client("sns")
    with at("2025-08-19"):
        for topic, protocol, endpoint in (
            ("parcel-events", "http", "http://tracking.partner.example/hooks/parcels"),
            ("order-events", "https", "https://hooks.warehouse.example/orders"),
        ):
            sns.subscribe(TopicArn=arn("sns", topic), Protocol=protocol, Endpoint=endpoint)
