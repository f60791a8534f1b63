"""Stores, keys and what can be shared out of captures."""

from dataclasses import replace

import pytest

from assaybook.capture import Capture
from assaybook.evidence import Gap, Setting
from assaybook.tables.data import Key, Share, Store
from shaped_account import GLOBE, REGION, Shaped, absent, answered
from shaped_stores import (
    ACCOUNT,
    ALL,
    KEY,
    QUEUE,
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

PUBLIC = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}


def store(found: Shaped, name: str) -> Store:
    """The store of this name."""
    (row,) = [each for each in found.rows(Store).values() if each.name == name and each.kind != "log group"]
    return row


def share(found: Shaped, name: str) -> Share:
    """What can be shared, by name."""
    (row,) = [each for each in found.rows(Share).values() if each.name == name]
    return row


def test_each_kind_of_store_is_a_row_with_what_encrypts_it() -> None:
    found = {
        (each.kind, each.name): (each.encryption, each.by_service)
        for each in Shaped(whole()).rows(Store).values()
        if each.name != "orders-api"
    }
    assert found == {
        ("bucket", "records"): ("a KMS key", True),
        ("table", "orders"): ("a key that DynamoDB owns", True),
        ("queue", "orders"): ("keys that SQS manages", False),
        ("topic", "placed"): ("a KMS key", False),
        ("stream", "clicks"): ("", False),
        ("delivery stream", "lake"): ("a KMS key", False),
        ("log group", "/aws/lambda/orders-api"): ("CloudWatch Logs", True),
        ("database", "ledger"): ("a KMS key", False),
        ("file system", "fs-1"): ("", False),
        ("search domain", "search"): ("a KMS key", False),
        ("cache", "sessions"): ("a key that ElastiCache keeps", False),
    }


def test_each_thing_that_can_be_shared_is_a_row() -> None:
    found = {each.kind: each.name for each in Shaped(whole()).rows(Share).values()}
    assert found == {
        "bucket": "records",
        "table": "orders",
        "queue": "orders",
        "topic": "placed",
        "secret": "psp",
        "search domain": "search",
        "database snapshot": "before",
        "volume snapshot": "snap-1",
        "image repository": "images",
        "document": "Runbook",
        "event bus": "default",
        "stream": "clicks",
    }


LISTS = [
    "s3:ListBuckets",
    "dynamodb:ListTables",
    "sqs:ListQueues",
    "sns:ListTopics",
    "kinesis:ListStreams",
    "logs:DescribeLogGroups",
    "rds:DescribeDBInstances",
    "rds:DescribeDBClusters",
    "efs:DescribeFileSystems",
    "opensearch:ListDomainNames",
    "elasticache:DescribeReplicationGroups",
]


@pytest.mark.parametrize("call", LISTS)
def test_a_denied_list_of_stores_is_a_hole(call) -> None:
    assert [each.gap.call for each in lacking(call).holes(Store)] == [call]
    unasked = Shaped([each for each in whole() if each.call != call])
    assert [each.gap.reason for each in unasked.holes(Store)] == ["not_collected"]


@pytest.mark.parametrize(
    "call",
    [
        "s3:ListBuckets",
        "dynamodb:ListTables",
        "sqs:ListQueues",
        "sns:ListTopics",
        "secretsmanager:ListSecrets",
        "opensearch:ListDomainNames",
        "rds:DescribeDBSnapshots",
        "rds:DescribeDBClusterSnapshots",
        "ec2:DescribeSnapshots",
        "ecr:DescribeRepositories",
        "ssm:ListDocuments",
    ],
)
def test_a_denied_list_of_what_can_be_shared_is_a_hole(call) -> None:
    assert [each.gap.call for each in lacking(call).holes(Share)] == [call]


@pytest.mark.parametrize(
    ("call", "name", "field"),
    [
        ("sqs:GetQueueAttributes", "orders", "policy"),
        ("sns:GetTopicAttributes", "placed", "encryption"),
        ("kinesis:DescribeStreamSummary", "clicks", "encryption"),
        ("opensearch:DescribeDomain", "search", "encryption"),
        ("s3:GetBucketPolicy", "records", "policy"),
        ("s3:GetBucketEncryption", "records", "encryption"),
        ("s3:GetBucketTagging", "records", "sensitive"),
        ("rds:DescribeDBParameters", "ledger", "transport"),
    ],
)
def test_a_denied_detail_is_a_gap_in_the_row(call, name, field) -> None:
    rows = [each for each in lacking(call).rows(Store).values() if each.name == name and each.kind != "table"]
    assert [isinstance(getattr(each, field), Gap) for each in rows] == [True]


@pytest.mark.parametrize(
    ("call", "name", "field"),
    [
        ("dynamodb:GetResourcePolicy", "orders", "policy"),
        ("secretsmanager:GetResourcePolicy", "psp", "policy"),
        ("ecr:GetRepositoryPolicy", "images", "policy"),
        ("ssm:DescribeDocumentPermission", "Runbook", "shared_with_everybody"),
        ("rds:DescribeDBSnapshotAttributes", "before", "shared_with_everybody"),
        ("ec2:GetSnapshotBlockPublicAccessState", "snap-1", "sharing_blocked_by"),
        ("s3:GetBucketAcl", "records", "access_list"),
        ("s3:GetBucketPolicyStatus", "records", "provider_view"),
        ("s3:GetBucketWebsite", "records", "website"),
    ],
)
def test_a_denied_sharing_is_a_gap_in_the_row(call, name, field) -> None:
    rows = [each for each in lacking(call).rows(Share).values() if each.name == name and each.kind != "queue"]
    assert [isinstance(getattr(each, field), Gap) for each in rows] == [True]


@pytest.mark.parametrize(
    ("attributes", "encryption"),
    [
        ({"SqsManagedSseEnabled": "false"}, ""),
        ({"SqsManagedSseEnabled": "false", "KmsMasterKeyId": "alias/aws/sqs"}, "a KMS key"),
    ],
)
def test_what_encrypts_a_queue(attributes, encryption) -> None:
    (row,) = [each for each in having(queue(**attributes)).rows(Store).values() if each.kind == "queue"]
    assert row.encryption == encryption


def test_a_queue_without_attributes_is_a_gap_and_not_unencrypted() -> None:
    bare = answered("sqs:GetQueueAttributes", params={"QueueUrl": QUEUE, **ALL})
    (row,) = [each for each in having(bare).rows(Store).values() if each.kind == "queue"]
    assert isinstance(row.encryption, Gap)
    assert isinstance(row.policy, Gap)


def test_a_queue_that_is_gone_is_no_row() -> None:
    found = having(absent("sqs:GetQueueAttributes", QueueUrl=QUEUE, **ALL))
    assert not [each for each in found.rows(Store).values() if each.kind == "queue"]


def test_a_policy_that_is_no_policy_is_a_gap() -> None:
    (row,) = [each for each in having(queue(Policy='{"Statement": 7}')).rows(Share).values() if each.kind == "queue"]
    assert isinstance(row.policy, Gap)


def test_tags_say_where_a_store_stands() -> None:
    found = Shaped(whole())
    rows = {each.kind: each.setting for each in found.rows(Store).values() if each.kind in ("queue", "bucket", "topic")}
    assert rows == {
        "queue": Setting(internet=False, sensitive=True, production=None),
        "bucket": Setting(internet=False, sensitive=False, production=False),
        "topic": Setting(internet=False, sensitive=False, production=None),
    }
    assert store(found, "ledger").sensitive is True


def test_tags_that_could_not_be_read_leave_the_setting_open() -> None:
    row = store(lacking("resourcegroupstaggingapi:GetResources"), "placed")
    assert row.setting == Setting(internet=False, sensitive=None, production=None)
    assert isinstance(row.tags, Gap)


def test_block_public_access_counts_from_account_and_bucket() -> None:
    account_wide = answered(
        "s3control:GetPublicAccessBlock",
        GLOBE,
        {"AccountId": ACCOUNT},
        PublicAccessBlockConfiguration=blocking(RestrictPublicBuckets=True),
    )
    open_bucket = bucket("GetPublicAccessBlock", PublicAccessBlockConfiguration=blocking())
    assert share(having(open_bucket), "records").policy_blocked_by == ""
    found = having(open_bucket, account_wide)
    assert share(found, "records").policy_blocked_by == "Block Public Access (RestrictPublicBuckets)"
    assert share(found, "records").access_list_blocked_by == ""
    assert store(found, "records").closed is False
    assert store(Shaped(whole()), "records").closed is True


def test_one_known_block_is_enough_and_one_unknown_is_not_none() -> None:
    assert share(lacking("s3control:GetPublicAccessBlock"), "records").policy_blocked_by != ""
    found = lacking("s3:GetPublicAccessBlock")
    assert isinstance(share(found, "records").policy_blocked_by, Gap)
    assert store(found, "records").closed is None


def test_no_block_at_all_is_an_answer() -> None:
    gone = [
        absent("s3control:GetPublicAccessBlock", GLOBE, AccountId=ACCOUNT),
        absent("s3:GetPublicAccessBlock", GLOBE, Bucket="records"),
    ]
    assert share(having(*gone), "records").policy_blocked_by == ""


@pytest.mark.parametrize(
    ("group", "granted"),
    [
        ("http://acs.amazonaws.com/groups/global/AllUsers", ("READ for everybody",)),
        ("http://acs.amazonaws.com/groups/global/AuthenticatedUsers", ("READ for every AWS user",)),
        ("http://acs.amazonaws.com/groups/s3/LogDelivery", ()),
    ],
)
def test_grants_of_an_access_list(group, granted) -> None:
    grants = [{"Grantee": {"Type": "Group", "URI": group}, "Permission": "READ"}]
    found = having(bucket("GetBucketAcl", Owner={"ID": "00"}, Grants=grants))
    assert share(found, "records").access_list == granted


def test_ownership_makes_access_lists_void() -> None:
    rules = {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    found = having(
        bucket("GetBucketOwnershipControls", OwnershipControls=rules),
        bucket("GetPublicAccessBlock", PublicAccessBlockConfiguration=blocking()),
    )
    assert share(found, "records").access_list_blocked_by == "ownership enforced by the bucket"


def test_a_bucket_without_region_lies_in_the_first() -> None:
    found = having(answered("s3:ListBuckets", GLOBE, Buckets=[{"Name": "records"}]))
    assert store(found, "records").subject.region == "us-east-1"


def test_a_bucket_that_is_gone_is_no_row() -> None:
    gone = replace(absent("s3:GetBucketEncryption", GLOBE, Bucket="records"), code="NoSuchBucket")
    assert not [each for each in having(gone).rows(Store).values() if each.kind == "bucket"]


@pytest.mark.parametrize(
    ("engine", "parameters", "transport"),
    [
        ("postgres", [("rds.force_ssl", "1")], "refuses"),
        ("postgres", [("rds.force_ssl", "0")], "accepts"),
        ("mysql", [("require_secure_transport", "ON")], "refuses"),
        ("mysql", [("require_secure_transport", "OFF")], "accepts"),
        ("mysql", [], "undecided"),
        ("sqlserver-se", [("rds.force_ssl", "1")], "refuses"),
        ("oracle-ee", [], "undecided"),
    ],
)
def test_whether_a_database_refuses_plaintext(engine, parameters, transport) -> None:
    listed = [{"ParameterName": name, "ParameterValue": value} for name, value in parameters]
    group = answered("rds:DescribeDBParameters", params={"DBParameterGroupName": "own"}, Parameters=listed)
    assert store(having(database(Engine=engine), group), "ledger").transport == transport


def test_an_instance_of_a_cluster_is_the_clusters() -> None:
    cluster = {
        "DBClusterIdentifier": "shop",
        "DBClusterArn": arn("rds", "cluster:shop"),
        "Engine": "aurora-postgresql",
        "StorageEncrypted": False,
        "DBClusterParameterGroup": "shared",
    }
    found = having(
        database(DBClusterIdentifier="shop"),
        answered("rds:DescribeDBClusters", DBClusters=[cluster]),
        answered(
            "rds:DescribeDBClusterParameters",
            params={"DBClusterParameterGroupName": "shared"},
            Parameters=[{"ParameterName": "rds.force_ssl", "ParameterValue": "0"}],
        ),
    )
    assert [each.name for each in found.rows(Store).values() if each.kind.startswith("database")] == ["shop"]
    assert (store(found, "shop").encryption, store(found, "shop").transport) == ("", "accepts")


@pytest.mark.parametrize(
    ("on", "mode", "transport"),
    [(True, "required", "refuses"), (True, "preferred", "accepts"), (True, "", "refuses"), (False, "", "accepts")],
)
def test_whether_a_cache_refuses_plaintext(on, mode, transport) -> None:
    record = {
        "ReplicationGroupId": "sessions",
        "ARN": arn("elasticache", "replicationgroup:sessions"),
        "AtRestEncryptionEnabled": False,
        "TransitEncryptionEnabled": on,
        **({"TransitEncryptionMode": mode} if mode else {}),
    }
    row = store(having(answered("elasticache:DescribeReplicationGroups", ReplicationGroups=[record])), "sessions")
    assert (row.transport, row.encryption) == (transport, "")


@pytest.mark.parametrize(
    "capture",
    [
        answered("rds:DescribeDBInstances", DBInstances=[{"DBInstanceIdentifier": "ledger"}]),
        answered("rds:DescribeDBInstances", DBInstances=["ledger"]),
        answered("rds:DescribeDBInstances", DBInstances=7),
        answered("efs:DescribeFileSystems", FileSystems=[{"FileSystemArn": "a", "FileSystemId": "b"}]),
        answered("sns:ListTopics", Topics=[{}]),
        answered("dynamodb:ListTables", TableNames=[7]),
        answered("dynamodb:ListTables"),
        answered("s3:ListBuckets", GLOBE, Buckets=[{"BucketRegion": REGION}]),
        answered("opensearch:ListDomainNames", DomainNames=[{}]),
    ],
)
def test_records_of_another_shape_are_holes(capture: Capture) -> None:
    holes = having(capture).holes(Store)
    assert [each.gap.call for each in holes] == [capture.call]
    assert "unexpected answer" in holes[0].gap.reason


@pytest.mark.parametrize(("ids", "open_to_all"), [(["all"], True), (["All"], True), (["444455556666"], False)])
def test_who_may_use_a_document(ids, open_to_all) -> None:
    params = {"Name": "Runbook", "PermissionType": "Share"}
    found = having(answered("ssm:DescribeDocumentPermission", params=params, AccountIds=ids))
    assert share(found, "Runbook").shared_with_everybody is open_to_all


def test_a_snapshot_that_everybody_may_restore() -> None:
    attributes = {"DBSnapshotAttributes": [{"AttributeName": "restore", "AttributeValues": ["all"]}]}
    params = {"DBSnapshotIdentifier": "before"}
    found = having(answered("rds:DescribeDBSnapshotAttributes", params=params, DBSnapshotAttributesResult=attributes))
    assert share(found, "before").shared_with_everybody is True


@pytest.mark.parametrize(
    ("state", "blocked"), [("block-all-sharing", True), ("block-new-sharing", False), ("unblocked", False)]
)
def test_a_region_may_close_shared_volume_snapshots(state, blocked) -> None:
    found = having(answered("ec2:GetSnapshotBlockPublicAccessState", State=state))
    assert bool(share(found, "snap-1").sharing_blocked_by) is blocked


def test_a_domain_in_a_network_of_its_own_is_closed() -> None:
    status = {
        "ARN": arn("es", "domain/search"),
        "EncryptionAtRestOptions": {"Enabled": False},
        "AccessPolicies": document(PUBLIC),
        "VPCOptions": {"VPCId": "vpc-1"},
    }
    found = having(answered("opensearch:DescribeDomain", params={"DomainName": "search"}, DomainStatus=status))
    assert share(found, "search").policy_blocked_by == "a network of its own"
    assert store(found, "search").encryption == ""


def test_a_key_goes_by_its_alias_and_knows_what_it_encrypts() -> None:
    row = Shaped(whole()).one(Key)
    assert (row.name, row.managed_by, row.rotatable, row.rotation) == ("orders", "customer", True, True)
    assert row.used_by == ("lake", "ledger", "placed", "records", "search")


def test_without_aliases_a_key_goes_by_its_id() -> None:
    row = lacking("kms:ListAliases").one(Key)
    assert row.name == KEY.rpartition("/")[2]
    assert row.rotation is True


@pytest.mark.parametrize(
    ("call", "field"),
    [
        ("kms:DescribeKey", "managed_by"),
        ("kms:DescribeKey", "rotatable"),
        ("kms:GetKeyPolicy", "policy"),
        ("kms:GetKeyRotationStatus", "rotation"),
    ],
)
def test_a_denied_detail_of_a_key_is_a_gap(call, field) -> None:
    assert isinstance(getattr(lacking(call).one(Key), field), Gap)


@pytest.mark.parametrize(
    ("more", "rotatable"),
    [({"KeySpec": "HMAC_256"}, False), ({"Origin": "EXTERNAL"}, False), ({"KeyState": "PendingDeletion"}, True)],
)
def test_what_was_not_asked_of_a_key_is_no_gap(more, rotatable) -> None:
    metadata = {
        "KeyManager": "CUSTOMER",
        "KeyState": "Enabled",
        "KeySpec": "SYMMETRIC_DEFAULT",
        "Origin": "AWS_KMS",
        **more,
    }
    described = answered("kms:DescribeKey", params={"KeyId": KEY}, KeyMetadata=metadata)
    kept = [each for each in having(described).items if isinstance(each, Key)]
    assert [each.rotatable for each in kept] == [rotatable]
    without = Shaped(
        [described, *(each for each in whole() if each.call not in ("kms:DescribeKey", "kms:GetKeyRotationStatus"))]
    )
    assert without.one(Key).rotation is False


def test_denied_keys_are_a_hole() -> None:
    assert [each.gap.call for each in lacking("kms:ListKeys").holes(Key)] == ["kms:ListKeys"]


def test_the_key_of_a_queue_is_kept_as_it_is_named() -> None:
    found = having(queue(KmsMasterKeyId="alias/orders"))
    assert found.one(Key).used_by == ("lake", "ledger", "orders", "placed", "records", "search")


def test_a_key_has_all_of_its_names_and_without_their_list_none_is_known() -> None:
    id = KEY.rpartition("/")[2]
    named = [{"AliasName": f"alias/{each}", "TargetKeyId": id} for each in ("orders", "new-orders")]
    row = having(answered("kms:ListAliases", Aliases=named)).one(Key)
    assert (row.name, row.aliases) == ("new-orders", ("new-orders", "orders"))
    assert "placed" in row.used_by
    lost = lacking("kms:ListAliases").one(Key)
    assert lost.name == id
    assert isinstance(lost.aliases, Gap)


def test_a_key_with_a_name_that_only_aws_gives_is_not_the_customers() -> None:
    named = [{"AliasName": "alias/aws/ebs", "TargetKeyId": KEY.rpartition("/")[2]}]
    row = having(answered("kms:ListAliases", Aliases=named)).one(Key)
    assert (row.name, row.managed_by) == ("aws/ebs", "provider")


@pytest.mark.parametrize(
    ("named", "known"),
    [
        (KEY, True),
        ("alias/orders", True),
        ("0000aaaa-0000-4000-8000-000000000001", True),
        ("mrk-0000aaaa00004000800000000001", True),
        ("default_kms_key_id", False),
    ],
)
def test_what_names_no_key_is_a_gap_and_not_a_key_that_is_gone(named, known) -> None:
    found = store(having(database(KmsKeyId=named)), "ledger").key_id
    assert found == named if known else isinstance(found, Gap)


@pytest.mark.parametrize(("encrypted", "shared"), [(True, False), (False, True)])
def test_an_encrypted_volume_snapshot_is_never_shared_with_everybody(encrypted, shared) -> None:
    found = having(answered("ec2:DescribeSnapshots", Snapshots=[{"SnapshotId": "snap-1", "Encrypted": encrypted}]))
    assert share(found, "snap-1").shared_with_everybody is shared
