"""Copies, ways back, lifetimes and origins become rows; a call that was not answered is a gap, never "no backup"."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from assaybook.capture import UNSUPPORTED
from assaybook.evidence import Gap
from assaybook.tables.copies import Copy, Origin, Recovery, Retention
from shaped_account import ACCOUNT, GLOBE, absent, answered
from shaped_keeping import EXPORT, KEY, TABLE, VAULT
from shaped_stores import REGION, SNAPSHOT, Shaped, arn, database, having, lacking, lifecycle, whole

BUCKET = "arn:aws:s3:::records"
LEDGER = arn("rds", "db:ledger")


def copies(*new: Any) -> dict[str, Copy]:
    return having(*new).rows(Copy)


def test_snapshots_say_whether_they_are_encrypted() -> None:
    row = copies()[SNAPSHOT]
    assert (row.kind, row.name, row.encrypted) == ("database snapshot", "before", True)
    volumes = [
        {"SnapshotId": "snap-9", "VolumeId": "vol-9", "Encrypted": False},
        {"SnapshotId": "snap-8", "VolumeId": "vol-8", "Encrypted": True, "KmsKeyId": KEY},
    ]
    found = copies(answered("ec2:DescribeSnapshots/own", params={"OwnerIds": ["self"]}, Snapshots=volumes))
    assert [
        (each.name, each.of, each.encrypted, each.how) for each in found.values() if each.kind == "volume snapshot"
    ] == [
        ("snap-9", "vol-9", False, ""),
        ("snap-8", "vol-8", True, KEY),
    ]


def test_a_snapshot_of_a_cluster() -> None:
    record = {
        "DBClusterSnapshotArn": arn("rds", "cluster-snapshot:c"),
        "DBClusterSnapshotIdentifier": "c",
        "StorageEncrypted": False,
    }
    found = copies(
        answered("rds:DescribeDBClusterSnapshots", DBClusterSnapshots=[record]),
        answered(
            "rds:DescribeDBClusterSnapshotAttributes",
            params={"DBClusterSnapshotIdentifier": "c"},
            DBClusterSnapshotAttributesResult={"DBClusterSnapshotAttributes": []},
        ),
    )
    assert found[arn("rds", "cluster-snapshot:c")].encrypted is False


def test_exports_replicas_and_vaults_are_encrypted_with_something() -> None:
    exported = {"ExportArn": EXPORT, "S3SseKmsKeyId": KEY}
    rule = {
        "Status": "Enabled",
        "Destination": {"Bucket": "arn:aws:s3:::copy", "EncryptionConfiguration": {"ReplicaKmsKeyID": KEY}},
    }
    off = {"Status": "Disabled", "Destination": {"Bucket": "arn:aws:s3:::old"}}
    found = copies(
        answered("dynamodb:ListExports", ExportSummaries=[{"ExportArn": EXPORT, "ExportStatus": "COMPLETED"}]),
        answered("dynamodb:DescribeExport", params={"ExportArn": EXPORT}, ExportDescription=exported),
        answered(
            "s3:GetBucketReplication", GLOBE, {"Bucket": "records"}, ReplicationConfiguration={"Rules": [rule, off]}
        ),
        answered("backup:ListBackupVaults", BackupVaultList=[{"BackupVaultArn": VAULT, "BackupVaultName": "nightly"}]),
        absent("backup:GetBackupVaultAccessPolicy", BackupVaultName="nightly"),
    )
    said = {each.kind: (each.name, each.of, each.encrypted, each.how) for each in found.values()}
    assert said["table export"] == ("orders/01700000000000-a1b2c3d4", "orders", True, KEY)
    assert said["bucket replica"] == ("records in copy", "records", True, KEY)
    assert said["backup vault"] == ("nightly", "", True, "a key that AWS Backup manages")


def test_an_export_that_failed_is_no_copy_and_one_that_was_not_read_is_a_gap() -> None:
    failed = answered("dynamodb:ListExports", ExportSummaries=[{"ExportArn": EXPORT, "ExportStatus": "FAILED"}])
    assert not [each for each in copies(failed).values() if each.kind == "table export"]
    listed = answered("dynamodb:ListExports", ExportSummaries=[{"ExportArn": EXPORT, "ExportStatus": "COMPLETED"}])
    (row,) = (each for each in copies(listed).values() if each.kind == "table export")
    assert isinstance(row.encrypted, Gap)
    assert having(answered("dynamodb:ListExports", ExportSummaries=[{"ExportStatus": "COMPLETED"}])).holes(Copy)


@pytest.mark.parametrize(
    "call",
    [
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBClusterSnapshots",
        "ec2:DescribeSnapshots/own",
        "backup:ListBackupVaults",
        "dynamodb:ListExports",
        "s3:ListBuckets",
        "s3:GetBucketReplication",
    ],
)
def test_copies_that_could_not_be_listed_are_a_hole(call: str) -> None:
    assert call in {each.gap.call for each in lacking(call).holes(Copy)}


def test_a_table_says_how_it_can_be_restored() -> None:
    row = Shaped(whole()).rows(Recovery)[TABLE]
    assert (row.kind, row.by, row.backed_up, row.deletion_protected) == (
        "table",
        ("point-in-time recovery",),
        None,
        True,
    )
    off = answered(
        "dynamodb:DescribeContinuousBackups",
        params={"TableName": "orders"},
        ContinuousBackupsDescription={"ContinuousBackupsStatus": "ENABLED"},
    )
    backed = answered(
        "backup:ListProtectedResources",
        Results=[
            {"ResourceArn": TABLE, "LastBackupTime": "2026-11-01T02:00:00+00:00"},
            {"ResourceArn": TABLE, "LastBackupTime": "2026-11-14T02:00:00+00:00"},
            {"ResourceArn": LEDGER},
        ],
    )
    found = having(off, backed).rows(Recovery)
    assert (found[TABLE].by, found[TABLE].backed_up) == ((), datetime(2026, 11, 14, 2, tzinfo=UTC))
    assert found[LEDGER].backed_up is None


def test_what_is_not_known_of_recovery_is_a_gap() -> None:
    for call, field in (
        ("dynamodb:DescribeContinuousBackups", "by"),
        ("backup:ListProtectedResources", "backed_up"),
        ("dynamodb:DescribeTable", "deletion_protected"),
    ):
        assert isinstance(getattr(lacking(call).rows(Recovery)[TABLE], field), Gap), call


def test_where_there_is_no_backup_service_nothing_was_backed_up() -> None:
    (listed,) = (each for each in whole() if each.call == "backup:ListProtectedResources")
    gone = replace(listed, state=UNSUPPORTED, answer={}, reason="not_in_region")
    assert having(gone).rows(Recovery)[TABLE].backed_up is None


def test_databases_have_automatic_backups_but_for_replicas() -> None:
    row = Shaped(whole()).rows(Recovery)[LEDGER]
    assert (row.by, row.deletion_protected) == (("automatic backups that are kept 14 days",), True)
    assert having(database(BackupRetentionPeriod=0)).rows(Recovery)[LEDGER].by == ()
    replica = having(database(ReadReplicaSourceDBInstanceIdentifier="main"))
    assert LEDGER not in replica.rows(Recovery)
    assert replica.rows(Origin)[LEDGER].source == "main"
    assert having(database(BackupRetentionPeriod="many")).holes(Recovery)
    assert LEDGER not in having(database(DBClusterIdentifier="c")).rows(Recovery)


def test_a_lifecycle_counts_where_it_deletes_the_whole_bucket() -> None:
    row = Shaped(whole()).rows(Retention)[BUCKET]
    assert (row.rule, row.days, row.classified) == ("the lifecycle rule old deletes after 400 days", 400, False)
    part = {"ID": "part", "Status": "Enabled", "Filter": {"Prefix": "tmp/"}, "Expiration": {"Days": 1}}
    off = {"ID": "off", "Status": "Disabled", "Filter": {}, "Expiration": {"Days": 1}}
    assert having(lifecycle(part, off)).rows(Retention)[BUCKET].rule == ""
    soon = {"ID": "soon", "Status": "Enabled", "Expiration": {"Days": 7}}
    assert having(lifecycle(part, soon)).rows(Retention)[BUCKET].days == 7
    none = having(absent("s3:GetBucketLifecycleConfiguration", GLOBE, Bucket="records"))
    assert (none.rows(Retention)[BUCKET].rule, none.rows(Retention)[BUCKET].days) == ("", None)


def test_tables_and_log_groups_expire_too() -> None:
    found = Shaped(whole()).rows(Retention)
    assert (found[TABLE].rule, found[TABLE].days) == ("items expire by their attribute expires", None)
    group = found[arn("logs", "log-group:/aws/lambda/orders-api")]
    assert (group.rule, group.days) == ("its retention is 400 days", 400)
    off = answered(
        "dynamodb:DescribeTimeToLive",
        params={"TableName": "orders"},
        TimeToLiveDescription={"TimeToLiveStatus": "DISABLED"},
    )
    assert having(off).rows(Retention)[TABLE].rule == ""


@pytest.mark.parametrize(
    ("call", "key"), [("dynamodb:DescribeTimeToLive", TABLE), ("s3:GetBucketLifecycleConfiguration", BUCKET)]
)
def test_a_lifetime_that_was_not_read_is_a_gap(call: str, key: str) -> None:
    assert isinstance(lacking(call).rows(Retention)[key].rule, Gap)


def test_a_table_tells_where_it_was_restored_from() -> None:
    source = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/customers"
    record = {"TableName": "orders", "DeletionProtectionEnabled": False, "RestoreSummary": {"SourceTableArn": source}}
    found = having(answered("dynamodb:DescribeTable", params={"TableName": "orders"}, Table=record))
    assert found.rows(Origin)[TABLE].source == source
    assert Shaped(whole()).rows(Origin)[TABLE].source == ""
    assert isinstance(lacking("dynamodb:DescribeTable").rows(Origin)[TABLE].source, Gap)


def test_a_bucket_can_go_back_to_the_versions_that_it_keeps() -> None:
    row = Shaped(whole()).rows(Recovery)[BUCKET]
    assert (row.kind, row.by, row.backed_up, row.production) == ("bucket", ("the versions that it keeps",), None, False)
    off = answered("s3:GetBucketVersioning", GLOBE, {"Bucket": "records"}, Status="Suspended")
    assert having(off).rows(Recovery)[BUCKET].by == ()
    never = answered("s3:GetBucketVersioning", GLOBE, {"Bucket": "records"})
    assert having(never).rows(Recovery)[BUCKET].by == ()
    assert isinstance(lacking("s3:GetBucketVersioning").rows(Recovery)[BUCKET].by, Gap)
