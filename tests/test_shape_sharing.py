"""Statements of the policies of stores, and accounts with which something is shared, become rows; further stores and ways in too."""

import json
from dataclasses import replace
from typing import Any

import pytest

from assaybook.capture import UNSUPPORTED
from assaybook.evidence import Gap, Hole
from assaybook.tables.data import DatabaseAddress, DatabaseProxy, PublicAccessBlock, Share, Store
from assaybook.tables.sharing import StoreGrant
from shaped_account import ACCOUNT, GLOBE, absent, answered, denied
from shaped_keeping import ABOUT_POINT, EXPORT, KEY, POINT, STREAM, VAULT
from shaped_stores import (
    BLOCK,
    REGION,
    SNAPSHOT,
    arn,
    blocking,
    bucket,
    database,
    document,
    having,
    lacking,
    queue,
    whole,
)

OTHER = "999988887777"
LET_IN = {"Effect": "Allow", "Principal": {"AWS": f"arn:aws:iam::{OTHER}:root"}, "Action": "*", "Resource": "*"}
KEEP_OUT = {"Effect": "Deny", "Principal": "*", "Action": "*", "Resource": "*", "Sid": "No"}


def of(kind: str, *new: Any) -> list[StoreGrant]:
    return [each for each in having(*new).rows(StoreGrant).values() if each.kind == kind]


def test_each_allow_statement_is_a_row_with_its_whole_policy() -> None:
    policy = document(KEEP_OUT, {**LET_IN, "Sid": "Agency"})
    (row,) = of("queue", queue(Policy=policy))
    assert (row.name, row.sid, row.statement, row.policy, row.own_account) == ("orders", "Agency", 1, policy, ACCOUNT)
    assert row.key.endswith(":orders/1")


def test_keys_streams_buses_vaults_and_file_systems_have_policies_too() -> None:
    policy = document(LET_IN)
    assert of("key", answered("kms:GetKeyPolicy", params={"KeyId": KEY, "PolicyName": "default"}, Policy=policy))
    assert of("stream", answered("kinesis:GetResourcePolicy", params={"ResourceARN": STREAM}, Policy=policy))
    assert not of("stream", answered("kinesis:GetResourcePolicy", params={"ResourceARN": STREAM}, Policy="{}"))
    assert of("event bus", answered("events:ListEventBuses", EventBuses=[{"Name": "default", "Policy": policy}]))
    vault = answered(
        "backup:ListBackupVaults", BackupVaultList=[{"BackupVaultArn": VAULT, "BackupVaultName": "nightly"}]
    )
    about = {"BackupVaultName": "nightly"}
    assert of("backup vault", vault, answered("backup:GetBackupVaultAccessPolicy", params=about, Policy=policy))
    assert of("file system", answered("efs:DescribeFileSystemPolicy", params={"FileSystemId": "fs-1"}, Policy=policy))


@pytest.mark.parametrize(
    "call",
    [
        "sqs:GetQueueAttributes",
        "sqs:ListQueues",
        "kms:GetKeyPolicy",
        "kms:ListKeys",
        "kinesis:GetResourcePolicy",
        "efs:DescribeFileSystems",
        "efs:DescribeFileSystemPolicy",
        "events:ListEventBuses",
        "backup:ListBackupVaults",
        "s3control:ListAccessPoints",
        "dynamodb:ListExports",
        "s3:GetBucketReplication",
    ],
)
def test_a_policy_that_was_not_read_is_a_hole(call: str) -> None:
    assert call in {each.gap.call for each in lacking(call).holes(StoreGrant)}


def test_a_snapshot_names_the_accounts_that_may_restore_it() -> None:
    shared = answered(
        "rds:DescribeDBSnapshotAttributes",
        params={"DBSnapshotIdentifier": "before"},
        DBSnapshotAttributesResult={
            "DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": [OTHER, "all"]}]
        },
    )
    (row,) = of("database snapshot", shared)
    assert (row.shared_with, row.policy, row.subject.native) == ((OTHER,), "", SNAPSHOT)
    (lost,) = of("database snapshot", denied(shared))
    assert isinstance(lost.shared_with, Gap)


def test_an_export_and_a_replica_name_the_account_that_they_go_to() -> None:
    listed = answered("dynamodb:ListExports", ExportSummaries=[{"ExportArn": EXPORT, "ExportStatus": "COMPLETED"}])
    about, where = {"ExportArn": EXPORT}, {"ExportArn": EXPORT, "S3Bucket": "lake"}
    away = answered("dynamodb:DescribeExport", params=about, ExportDescription={**where, "S3BucketOwner": OTHER})
    assert [each.shared_with for each in of("table export", listed, away)] == [(OTHER,)]
    here = answered("dynamodb:DescribeExport", params=about, ExportDescription=where)
    assert [each.shared_with for each in of("table export", listed, here)] == [()]
    rule = {"Status": "Enabled", "Destination": {"Bucket": "arn:aws:s3:::copy", "Account": OTHER}}
    replica = answered(
        "s3:GetBucketReplication", GLOBE, {"Bucket": "records"}, ReplicationConfiguration={"Rules": [rule]}
    )
    assert [each.shared_with for each in of("bucket replica", replica)] == [(OTHER,)]


def point(blocked: bool = False, public: bool = True, origin: str = "Internet") -> list[Any]:
    record = {"Name": "reports", "NetworkOrigin": origin, "Bucket": "records", "AccessPointArn": POINT}
    block = blocking(**dict.fromkeys(BLOCK, blocked))
    return [
        answered("s3control:ListAccessPoints", params={"AccountId": ACCOUNT}, AccessPointList=[record]),
        answered("s3control:GetAccessPoint", params=ABOUT_POINT, PublicAccessBlockConfiguration=block),
        answered("s3control:GetAccessPointPolicy", params=ABOUT_POINT, Policy=document(LET_IN)),
        answered("s3control:GetAccessPointPolicyStatus", params=ABOUT_POINT, PolicyStatus={"IsPublic": public}),
    ]


OPEN_BUCKET = bucket("GetPublicAccessBlock", PublicAccessBlockConfiguration=blocking())


def test_an_access_point_is_closed_by_itself_or_by_what_is_around_it() -> None:
    row = having(OPEN_BUCKET, *point()).rows(Share)[POINT]
    assert (row.kind, row.policy_blocked_by, row.provider_view) == ("access point", "", "public")
    closed = "Block Public Access (RestrictPublicBuckets)"
    assert having(OPEN_BUCKET, *point(blocked=True)).rows(Share)[POINT].policy_blocked_by == closed
    assert having(*point(public=False)).rows(Share)[POINT].policy_blocked_by == closed
    assert POINT not in having(*point(origin="VPC")).rows(Share)


def test_an_access_point_that_was_not_read_is_a_gap() -> None:
    kept = [denied(each) if each.call.endswith("GetAccessPoint") else each for each in point()]
    assert isinstance(having(OPEN_BUCKET, *kept).rows(Share)[POINT].policy_blocked_by, Gap)
    gone = [absent(each.call, **ABOUT_POINT) if each.call.endswith("PolicyStatus") else each for each in point()]
    assert having(OPEN_BUCKET, *gone).rows(Share)[POINT].provider_view == "not public"


def stores(*new: Any) -> dict[str, Store]:
    return {each.name: each for each in having(*new).rows(Store).values()}


def test_further_caches_and_databases_are_stores() -> None:
    accelerator = {
        "ClusterName": "reads",
        "ClusterArn": arn("dax", "cache/reads"),
        "SSEDescription": {"Status": "DISABLED"},
    }
    memory = {"Name": "stock", "ARN": arn("memorydb", "cluster/stock"), "TLSEnabled": False}
    serverless = {
        "ServerlessCacheName": "baskets",
        "ARN": arn("elasticache", "serverlesscache:baskets"),
        "KmsKeyId": KEY,
    }
    found = stores(
        answered("dax:DescribeClusters", Clusters=[accelerator]),
        answered("memorydb:DescribeClusters", Clusters=[memory]),
        answered("elasticache:DescribeServerlessCaches", ServerlessCaches=[serverless]),
    )
    assert (found["reads"].encryption, found["reads"].transport) == ("", "accepts")
    assert (found["stock"].encryption, found["stock"].transport) == ("a key that MemoryDB owns", "accepts")
    assert (found["baskets"].by_service, found["baskets"].key_id, found["baskets"].transport) == (True, KEY, "refuses")
    odd = having(answered("dax:DescribeClusters", Clusters=[{"ClusterName": "reads"}]))
    assert odd.holes(Store)[0].gap.call == "dax:DescribeClusters"


def test_a_delivery_stream_is_encrypted_or_reads_from_what_is() -> None:
    about = {"DeliveryStreamName": "lake"}

    def lake(**more: Any) -> Store:
        described = {"DeliveryStreamName": "lake", "DeliveryStreamType": "DirectPut", **more}
        return stores(answered("firehose:DescribeDeliveryStream", params=about, DeliveryStreamDescription=described))[
            "lake"
        ]

    assert lake().encryption == ""
    assert lake(DeliveryStreamEncryptionConfiguration={"Status": "ENABLED", "KeyARN": KEY}).key_id == KEY
    assert lake(DeliveryStreamType="KinesisStreamAsSource").encryption == "the stream that it reads from"
    more = answered(
        "firehose:ListDeliveryStreams",
        params={"Limit": 10000},
        DeliveryStreamNames=["lake"],
        HasMoreDeliveryStreams=True,
    )
    assert "more delivery streams" in having(more).holes(Store)[0].gap.reason


@pytest.mark.parametrize(
    ("endpoint", "inside", "transport"), [(True, True, "refuses"), (False, True, "accepts"), (True, False, "accepts")]
)
def test_a_search_domain_refuses_plaintext_before_and_behind_its_endpoint(
    endpoint: bool, inside: bool, transport: str
) -> None:
    status = {
        "ARN": arn("es", "domain/search"),
        "EncryptionAtRestOptions": {"Enabled": True},
        "DomainEndpointOptions": {"EnforceHTTPS": endpoint},
        "NodeToNodeEncryptionOptions": {"Enabled": inside},
    }
    found = stores(answered("opensearch:DescribeDomain", params={"DomainName": "search"}, DomainStatus=status))
    assert found["search"].transport == transport


def test_a_proxy_says_whether_it_demands_tls() -> None:
    record = {"DBProxyArn": arn("rds", "db-proxy:p"), "DBProxyName": "p", "EngineFamily": "MYSQL", "RequireTLS": False}
    row = having(answered("rds:DescribeDBProxies", DBProxies=[record])).one(DatabaseProxy)
    assert (row.name, row.engine, row.demands_tls) == ("p", "MYSQL", False)
    assert having(answered("rds:DescribeDBProxies", DBProxies=[{**record, "RequireTLS": "yes"}])).holes(DatabaseProxy)
    assert lacking("rds:DescribeDBProxies").holes(DatabaseProxy)[0].gap.region == REGION


def test_a_policy_is_read_as_it_was_sent() -> None:
    spaced = json.dumps(json.loads(document(LET_IN)), indent=1)
    (row,) = of("queue", queue(Policy=spaced))
    assert row.policy == spaced


def blocks(*new: Any) -> dict[str, PublicAccessBlock]:
    return {each.kind: each for each in having(*new).rows(PublicAccessBlock).values()}


def test_a_bucket_is_as_open_as_account_and_bucket_leave_it() -> None:
    ways = {kind: each.open_ways for kind, each in blocks().items()}
    assert ways == {"account": BLOCK, "bucket": ()}
    half = blocking(BlockPublicAcls=True, IgnorePublicAcls=True)
    account = answered(
        "s3control:GetPublicAccessBlock", GLOBE, {"AccountId": ACCOUNT}, PublicAccessBlockConfiguration=half
    )
    found = blocks(account, OPEN_BUCKET)
    assert found["bucket"].open_ways == ("BlockPublicPolicy", "RestrictPublicBuckets")
    none = absent("s3control:GetPublicAccessBlock", GLOBE, AccountId=ACCOUNT)
    assert blocks(none)["account"].open_ways == BLOCK


def test_a_block_that_was_not_read_is_a_gap() -> None:
    found = {each.kind: each for each in lacking("s3control:GetPublicAccessBlock").rows(PublicAccessBlock).values()}
    assert isinstance(found["account"].open_ways, Gap)
    # The bucket blocks everything by itself, whatever the account does.
    assert found["bucket"].open_ways == ()
    lost = {each.kind: each for each in lacking("s3:GetPublicAccessBlock").rows(PublicAccessBlock).values()}
    assert isinstance(lost["bucket"].open_ways, Gap)
    assert lacking("s3:ListBuckets").holes(PublicAccessBlock)


def test_a_database_says_whether_it_has_an_address_in_the_internet() -> None:
    assert having(database(PubliclyAccessible=True)).one(DatabaseAddress).public is True
    assert having(database()).one(DatabaseAddress).public is False
    assert having(database(PubliclyAccessible=None)).holes(DatabaseAddress)
    assert lacking("rds:DescribeDBInstances").holes(DatabaseAddress)
    cluster = {"DBClusterArn": arn("rds", "cluster:c"), "DBClusterIdentifier": "c", "Engine": "aurora-mysql"}
    rows = having(answered("rds:DescribeDBClusters", DBClusters=[cluster])).rows(DatabaseAddress)
    assert (rows[arn("rds", "cluster:c")].kind, rows[arn("rds", "cluster:c")].public) == ("database cluster", False)


def test_a_document_names_the_accounts_that_may_use_it() -> None:
    about = {"Name": "Runbook", "PermissionType": "Share"}
    shared = answered("ssm:DescribeDocumentPermission", params=about, AccountIds=[OTHER, "All"])
    assert [each.shared_with for each in of("document", shared)] == [(OTHER,)]
    assert isinstance(of("document", denied(shared))[0].shared_with, Gap)


def test_a_service_that_a_region_does_not_have_keeps_nothing_there() -> None:
    for call in ("dax:DescribeClusters", "memorydb:DescribeClusters", "backup:ListBackupVaults"):
        (listed,) = (each for each in whole() if each.call == call)
        elsewhere = replace(listed, state=UNSUPPORTED, answer={}, reason="not_in_region")
        assert call not in {each.gap.call for each in having(elsewhere).items if isinstance(each, Hole)}
        unknown = replace(elsewhere, reason="emulator_gap")
        assert call in {each.gap.call for each in having(unknown).items if isinstance(each, Hole)}
