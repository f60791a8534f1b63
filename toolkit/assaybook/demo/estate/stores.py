"""Keys, tables, streams, secrets, databases, caches, images and documents of the estate."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..emulator.clock import at
from .names import ACCOUNT, EU, LOG_ARCHIVE, ORGANISATION, PARTNER, PRODUCTION, US, Builder, arn, pairs


@dataclass(frozen=True, kw_only=True)
class Key:
    """One customer-managed key. `open` adds a statement that lets anybody decrypt, under the condition if there is one."""

    name: str
    does: str
    region: str = US
    rotates: bool = True
    open: bool = False
    condition: Mapping[str, Any] | None = None
    spec: str = "SYMMETRIC_DEFAULT"
    usage: str = "ENCRYPT_DECRYPT"


ALMOST_OURS = {"StringLike": {"aws:PrincipalOrgID": "o-nw4*"}}
KEYS = (
    Key(name="orders", does="Orders and exports"),
    Key(name="payments", does="Card data"),
    Key(name="fraud", does="Fraud models and rules"),
    Key(name="trail", does="Audit trail"),
    # Somebody wrote a pattern where the id of the organisation belongs.
    Key(name="reports", does="Reports for finance", rotates=False, open=True, condition=ALMOST_OURS),
    Key(name="partner-share", does="Files for partners", rotates=False, open=True),
    Key(name="webhook-signing", does="Signatures of webhooks", spec="HMAC_256", usage="GENERATE_VERIFY_MAC"),
    Key(name="returns", does="Photos of returned goods", region=EU),
)
# Its policy leaves the account's own IAM out, so the reader cannot see it.
UNREADABLE_KEY = "fraud"


def build_keys(builder: Builder) -> dict[str, str]:
    """Make the keys; gives their ARNs by name."""
    made: dict[str, str] = {}
    with at("2024-02-05"):
        for key in KEYS:
            kms = builder.client("kms", key.region)
            statements = [
                {
                    "Sid": "Account",
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                    "Action": "kms:*",
                    "Resource": "*",
                }
            ]
            if key.open:
                statements.append(
                    {
                        "Sid": "Partners",
                        "Effect": "Allow",
                        "Principal": {"AWS": "*"},
                        "Action": "kms:Decrypt",
                        "Resource": "*",
                        **({"Condition": key.condition} if key.condition else {}),
                    }
                )
            policy = json.dumps({"Version": "2012-10-17", "Statement": statements})
            created = kms.create_key(Description=key.does, KeySpec=key.spec, KeyUsage=key.usage, Policy=policy)[
                "KeyMetadata"
            ]
            kms.create_alias(AliasName=f"alias/{key.name}", TargetKeyId=created["KeyId"])
            if key.rotates and key.spec == "SYMMETRIC_DEFAULT":
                kms.enable_key_rotation(KeyId=created["KeyId"])
            made[key.name] = created["Arn"]
    return made


# Name, region, name of the key (empty: the one that AWS owns), whether changes are streamed, class of the data.
TABLES = (
    ("orders", US, "orders", True, "confidential"),
    ("orders-read-model", US, "", False, "internal"),
    ("payments", US, "payments", False, "pci"),
    ("payment-tokens", US, "payments", False, "pci"),
    ("customers", US, "orders", False, "pii"),
    ("fraud-rules", US, "fraud", False, "restricted"),
    ("orders", EU, "", False, "confidential"),
    ("customers", EU, "", False, "pii"),
)


def build_tables(builder: Builder, keys: Mapping[str, str]) -> dict[str, str]:
    """Make the tables; gives the ARNs of their streams."""
    streams: dict[str, str] = {}
    with at("2024-07-09"):
        for name, region, key, streamed, data in TABLES:
            extra: dict[str, Any] = {}
            if key:
                extra["SSESpecification"] = {"Enabled": True, "SSEType": "KMS", "KMSMasterKeyId": keys[key]}
            if streamed:
                extra["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"}
            made = builder.client("dynamodb", region).create_table(
                TableName=name,
                AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                BillingMode="PAY_PER_REQUEST",
                Tags=pairs({**PRODUCTION, "data-classification": data}),
                **extra,
            )["TableDescription"]
            if streamed:
                streams[name] = made["LatestStreamArn"]
        read = {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"AWS": f"arn:aws:iam::{LOG_ARCHIVE}:root"},
                    "Action": "dynamodb:Query",
                    "Resource": arn("dynamodb", "table/orders-read-model"),
                }
            ],
        }
        builder.client("dynamodb").put_resource_policy(
            ResourceArn=arn("dynamodb", "table/orders-read-model"), Policy=json.dumps(read)
        )
    return streams


def build_streams(builder: Builder) -> None:
    """Make the streams."""
    kinesis = builder.client("kinesis")
    with at("2024-07-09"):
        for name in ("ledger-events", "click-stream"):
            kinesis.create_stream(StreamName=name, ShardCount=1)
        kinesis.start_stream_encryption(StreamName="ledger-events", EncryptionType="KMS", KeyId="alias/aws/kinesis")


def build_secrets(builder: Builder, keys: Mapping[str, str]) -> None:
    """Make the secrets, whose values are never asked."""
    with at("2025-01-15"):
        secrets = builder.client("secretsmanager")
        for name, key in (("payments/psp", "payments"), ("mail/sender", ""), ("partner/shipping", "")):
            extra = {"KmsKeyId": keys[key]} if key else {}
            secrets.create_secret(
                Name=name, SecretString="none", ClientRequestToken=_token(name), Tags=pairs(PRODUCTION), **extra
            )
        principal = {"AWS": f"arn:aws:iam::{PARTNER}:root"}
        policy = {
            "Version": "2012-10-17",
            "Statement": [
                {"Effect": "Allow", "Principal": principal, "Action": "secretsmanager:GetSecretValue", "Resource": "*"}
            ],
        }
        secrets.put_resource_policy(SecretId="partner/shipping", ResourcePolicy=json.dumps(policy))
        builder.client("secretsmanager", EU).create_secret(
            Name="tax/provider", SecretString="none", ClientRequestToken=_token("tax"), Tags=pairs(PRODUCTION)
        )


def _token(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, name))


def build_databases(builder: Builder, keys: Mapping[str, str]) -> None:
    """Make the databases, their parameter groups and a snapshot."""
    rds = builder.client("rds")
    with at("2024-03-20"):
        for group in ("ledger-postgres16", "reporting-postgres14"):
            family = f"postgres{group[-2:]}"
            rds.create_db_parameter_group(DBParameterGroupName=group, DBParameterGroupFamily=family, Description=group)
        for name, group, key in (
            ("ledger", "ledger-postgres16", "payments"),
            ("reporting", "reporting-postgres14", ""),
        ):
            extra: dict[str, Any] = (
                {"StorageEncrypted": True, "KmsKeyId": keys[key]} if key else {"StorageEncrypted": False}
            )
            rds.create_db_instance(
                DBInstanceIdentifier=name,
                DBInstanceClass="db.t4g.medium",
                Engine="postgres",
                EngineVersion="16.4" if group.endswith("16") else "14.13",
                MasterUsername="owner",
                MasterUserPassword="not-" + "recorded",
                AllocatedStorage=100,
                DBParameterGroupName=group,
                PubliclyAccessible=False,
                Tags=pairs({**PRODUCTION, "data-classification": "confidential"}),
                **extra,
            )
        for name, of in (("ledger-before-migration", "ledger"), ("reporting-for-auditor", "reporting")):
            rds.create_db_snapshot(DBSnapshotIdentifier=name, DBInstanceIdentifier=of)
        rds.modify_db_snapshot_attribute(
            DBSnapshotIdentifier="reporting-for-auditor", AttributeName="restore", ValuesToAdd=["all"]
        )
    with at("2025-05-06"):
        efs = builder.client("efs")
        for name, encrypted in (("invoice-archive", True), ("legacy-share", False)):
            efs.create_file_system(CreationToken=name, Encrypted=encrypted, Tags=pairs({"Name": name, **PRODUCTION}))
        builder.client("opensearch").create_domain(
            DomainName="catalog",
            EngineVersion="OpenSearch_2.19",
            EncryptionAtRestOptions={"Enabled": True, "KmsKeyId": keys["orders"]},
            NodeToNodeEncryptionOptions={"Enabled": True},
            DomainEndpointOptions={"EnforceHTTPS": True, "TLSSecurityPolicy": "Policy-Min-TLS-1-2-PFS-2023-10"},
        )
        for name, transit in (("sessions", True), ("exchange-rates", False)):
            builder.client("elasticache").create_replication_group(
                ReplicationGroupId=name,
                ReplicationGroupDescription=f"{name} of the shop",
                Engine="redis",
                CacheNodeType="cache.t4g.small",
                AtRestEncryptionEnabled=True,
                TransitEncryptionEnabled=transit,
            )


def _pull(principal: Any, condition: Mapping[str, Any] | None = None) -> str:
    statement: dict[str, Any] = {
        "Sid": "Pull",
        "Effect": "Allow",
        "Principal": principal,
        "Action": ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    }
    if condition:
        statement["Condition"] = condition
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def build_images_and_documents(builder: Builder) -> None:
    """Make image repositories and automation documents."""
    ecr, ssm = builder.client("ecr"), builder.client("ssm")
    functions = {"StringLike": {"aws:sourceArn": f"arn:aws:lambda:us-east-1:{ACCOUNT}:function:*"}}
    policies = {
        "catalog-image-resize": _pull({"Service": "lambda.amazonaws.com"}, functions),
        "fraud-score": "",
        "base-images": _pull("*", {"StringEquals": {"aws:PrincipalOrgID": ORGANISATION}}),
        "demo-for-meetup": _pull("*"),
        "group-tools": _pull("*", ALMOST_OURS),
    }
    with at("2025-02-11"):
        for name, policy in policies.items():
            ecr.create_repository(repositoryName=name, imageTagMutability="IMMUTABLE", tags=pairs(PRODUCTION))
            if policy:
                ecr.set_repository_policy(repositoryName=name, policyText=policy)
        content = json.dumps(
            {
                "schemaVersion": "2.2",
                "description": "Restart",
                "mainSteps": [{"action": "aws:runShellScript", "name": "run", "inputs": {"runCommand": ["true"]}}],
            }
        )
        for name in ("RestartWarehouseAgent", "ShopOpenRunbook"):
            ssm.create_document(Name=name, Content=content, DocumentType="Command")
        ssm.modify_document_permission(Name="ShopOpenRunbook", PermissionType="Share", AccountIdsToAdd=["all"])
