"""What AWS would answer about ways into the estate's stores and copies of them where moto lacks the call: access points, policies, exports, backups."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from ..emulator.account import Answer, Fill
from ..emulator.exchange import Exchange, Refusal
from .keeping import TEST_TABLE
from .names import ACCOUNT, EU, LOG_ARCHIVE, PARTNER, STRANGER, US, arn

EXPORT = f"{arn('dynamodb', 'table/orders')}/export/01760000000000-5f3b2a1c"
SENT_AWAY = f"{arn('dynamodb', 'table/orders-read-model')}/export/01761000000000-7d2c4e9a"
POINTS = {"exports-for-finance": "northwind-shop-exports", "campaign-assets": "northwind-old-campaign"}
Keys = Mapping[str, str]


def answers(keys: Callable[[], Keys]) -> dict[tuple[str, str], Fill]:
    """What answers each operation; `keys` gives the ARNs of keys by name once they are made."""
    return {
        ("kinesis", "GetResourcePolicy"): _stream_policy,
        ("efs", "DescribeFileSystemPolicy"): _file_system_policy,
        ("s3control", "ListAccessPoints"): _access_points,
        ("s3control", "GetAccessPoint"): _access_point,
        ("s3control", "GetAccessPointPolicy"): _access_point_policy,
        ("s3control", "GetAccessPointPolicyStatus"): _access_point_status,
        ("dynamodb", "DescribeTable"): _table,
        ("dynamodb", "ListExports"): _exports,
        ("dynamodb", "DescribeExport"): lambda asked: {"ExportDescription": _export(str(asked.params["ExportArn"]))},
        ("s3", "GetBucketReplication"): _replication,
        ("ec2", "DescribeSnapshots"): lambda asked: {"Snapshots": _volumes(asked, keys())},
        ("backup", "ListBackupVaults"): lambda asked: {"BackupVaultList": _vaults(asked.region, keys())},
        ("backup", "GetBackupVaultAccessPolicy"): _vault_policy,
        ("backup", "ListProtectedResources"): lambda asked: {"Results": _protected(asked.region)},
    }


def _allow(sid: str, account: str, action: str | list[str], resource: str, **more: Any) -> str:
    statement = {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
        "Action": action,
        "Resource": resource,
        **more,
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def _stream_policy(asked: Exchange) -> Answer:
    wanted = arn("kinesis", "stream/ledger-events")
    if asked.params["ResourceARN"] == wanted:
        return {"Policy": _allow("Archive", LOG_ARCHIVE, ["kinesis:GetRecords", "kinesis:GetShardIterator"], wanted)}
    return {"Policy": "{}"}


def _file_system_policy(asked: Exchange) -> Answer:
    return Refusal("PolicyNotFound", f"No policy is attached to {asked.params['FileSystemId']}.", 404)


def _access_points(asked: Exchange) -> Answer:
    if asked.region != US:
        return {"AccessPointList": []}
    return {
        "AccessPointList": [
            {
                "Name": name,
                "NetworkOrigin": "Internet",
                "Bucket": bucket,
                "AccessPointArn": arn("s3", f"accesspoint/{name}"),
                "Alias": f"{name}-demo-s3alias",
                "BucketAccountId": ACCOUNT,
            }
            for name, bucket in POINTS.items()
        ]
    }


def _access_point(asked: Exchange) -> Answer:
    name = str(asked.params["Name"])
    closed = name == "exports-for-finance"
    names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
    return {
        "Name": name,
        "Bucket": POINTS[name],
        "NetworkOrigin": "Internet",
        "PublicAccessBlockConfiguration": dict.fromkeys(names, closed),
        "CreationDate": "2025-02-03T10:00:00Z",
        "AccessPointArn": arn("s3", f"accesspoint/{name}"),
        "BucketAccountId": ACCOUNT,
    }


def _access_point_policy(asked: Exchange) -> Answer:
    name = str(asked.params["Name"])
    objects = f"{arn('s3', f'accesspoint/{name}')}/object/*"
    if name == "exports-for-finance":
        return {"Policy": _allow("Finance", ACCOUNT, "s3:GetObject", objects)}
    everybody = {"Sid": "Campaign", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": objects}
    return {"Policy": json.dumps({"Version": "2012-10-17", "Statement": [everybody]})}


def _access_point_status(asked: Exchange) -> Answer:
    return {"PolicyStatus": {"IsPublic": asked.params["Name"] != "exports-for-finance"}}


def _table(asked: Exchange) -> Answer:
    answer = asked.answer_of_moto()
    if asked.params["TableName"] == TEST_TABLE:
        answer["Table"]["RestoreSummary"] = {
            "SourceBackupArn": f"{arn('dynamodb', 'table/customers')}/backup/01759000000000-3a1b2c4d",
            "SourceTableArn": arn("dynamodb", "table/customers"),
            "RestoreDateTime": "2026-10-05T07:00:00Z",
            "RestoreInProgress": False,
        }
    return answer


def _exports(asked: Exchange) -> Answer:
    arns = (EXPORT, SENT_AWAY) if asked.region == US else ()
    usual = {"ExportStatus": "COMPLETED", "ExportType": "FULL_EXPORT"}
    return {"ExportSummaries": [{"ExportArn": each, **usual} for each in arns]}


def _export(of: str) -> dict[str, Any]:
    where = (
        {"S3Bucket": "northwind-shop-exports"}
        if of == EXPORT
        else {"S3Bucket": "agency-lake", "S3BucketOwner": STRANGER}
    )
    return {
        "ExportArn": of,
        "ExportStatus": "COMPLETED",
        "TableArn": of.partition("/export/")[0],
        "ExportTime": "2026-10-09T02:00:00Z",
        "S3SseAlgorithm": "AES256",
        "ExportFormat": "DYNAMODB_JSON",
        "ExportType": "FULL_EXPORT",
        **where,
    }


def _replication(asked: Exchange) -> Answer:
    if asked.params["Bucket"] != "northwind-trail":
        return Refusal("ReplicationConfigurationNotFoundError", "The replication configuration was not found", 404)
    destination = {
        "Bucket": "arn:aws:s3:::group-audit-archive",
        "Account": LOG_ARCHIVE,
        "EncryptionConfiguration": {
            "ReplicaKmsKeyID": f"arn:aws:kms:{EU}:{LOG_ARCHIVE}:key/0000eeee-0000-4000-8000-00000000000a"
        },
    }
    rule = {
        "ID": "archive",
        "Priority": 1,
        "Filter": {"Prefix": ""},
        "Status": "Enabled",
        "Destination": destination,
        "DeleteMarkerReplication": {"Status": "Disabled"},
    }
    return {"ReplicationConfiguration": {"Role": f"arn:aws:iam::{ACCOUNT}:role/trail-replication", "Rules": [rule]}}


def _volumes(asked: Exchange, keys: Keys) -> list[dict[str, Any]]:
    """None is open to everybody; of the account's own, one was made before volumes were encrypted."""
    if asked.params.get("RestorableByUserIds") or asked.region != US:
        return []
    usual = {"OwnerId": ACCOUNT, "State": "completed", "Progress": "100%", "VolumeSize": 40}
    return [
        {
            "SnapshotId": f"snap-{number:017x}",
            "VolumeId": f"vol-{number:017x}",
            "StartTime": "2024-04-02T05:00:00Z",
            "Encrypted": encrypted,
            **({"KmsKeyId": keys["orders"]} if encrypted else {}),
            **usual,
        }
        for number, encrypted in ((1, True), (2, False))
    ]


def _vaults(region: str, keys: Keys) -> list[dict[str, Any]]:
    named = ("nightly", "for-carrier") if region == US else ()
    return [
        {
            "BackupVaultName": name,
            "BackupVaultArn": arn("backup", f"backup-vault:{name}"),
            "VaultType": "BACKUP_VAULT",
            "VaultState": "AVAILABLE",
            "CreationDate": "2025-01-20T09:00:00Z",
            "EncryptionKeyArn": keys["orders"],
            "NumberOfRecoveryPoints": 12,
            "Locked": name == "nightly",
        }
        for name in named
    ]


def _vault_policy(asked: Exchange) -> Answer:
    name = str(asked.params["BackupVaultName"])
    if name == "nightly":
        return Refusal("ResourceNotFoundException", f"Policy of backup vault {name} was not found", 404)
    policy = _allow("Carrier", PARTNER, "backup:CopyIntoBackupVault", "*")
    return {"BackupVaultName": name, "BackupVaultArn": arn("backup", f"backup-vault:{name}"), "Policy": policy}


def _protected(region: str) -> list[dict[str, Any]]:
    if region != US:
        return []
    return [
        {
            "ResourceArn": arn("dynamodb", "table/fraud-rules"),
            "ResourceType": "DynamoDB",
            "LastBackupTime": "2026-11-16T02:10:00Z",
            "ResourceName": "fraud-rules",
            "LastBackupVaultArn": arn("backup", "backup-vault:nightly"),
        }
    ]
