"""What to ask about further stores and about who may reach them: delivery streams, serverless caches, accelerators, access points, policies."""

from typing import Any

from .. import Call

# All that a quota allows at once, as this list has no pages in the usual sense. Source: Amazon Data Firehose API Reference, ListDeliveryStreams.
ALL_STREAMS = 10000
ACCESS_POINT: dict[str, Any] = {
    "each": "s3control:ListAccessPoints",
    "over": "AccessPointList[?NetworkOrigin=='Internet']",
    "take": {"AccountId": "$account", "Name": "Name"},
}
# The role that a service makes for itself with the first cluster: without it there is none.
NEVER_USED = ("ServiceLinkedRoleNotFoundFault",)
NO_ACCESS_POINT = ("NoSuchAccessPoint", "NoSuchAccessPointPolicy")

# Of a destination its bucket, and the names of the members that tell others; their settings are not kept.
STREAM = (
    "{DeliveryStreamDescription: DeliveryStreamDescription.{DeliveryStreamName: DeliveryStreamName, DeliveryStreamARN: DeliveryStreamARN, "
    "DeliveryStreamType: DeliveryStreamType, DeliveryStreamEncryptionConfiguration: DeliveryStreamEncryptionConfiguration, Destinations: Destinations[]"
    ".{Bucket: ExtendedS3DestinationDescription.BucketARN, Prefix: ExtendedS3DestinationDescription.Prefix, Members: keys(@)}}}"
)

CALLS = (
    Call(
        "firehose:ListDeliveryStreams",
        items="DeliveryStreamNames",
        give={"Limit": ALL_STREAMS},
        why="delivery streams",
    ),
    Call(
        "firehose:DescribeDeliveryStream",
        each="firehose:ListDeliveryStreams",
        take={"DeliveryStreamName": "@"},
        absent=("ResourceNotFoundException",),
        keep=STREAM,
        why="encryption of the delivery stream, and the bucket to which it carries what it gets",
    ),
    Call("elasticache:DescribeServerlessCaches", items="ServerlessCaches", why="serverless caches and their keys"),
    Call(
        "dax:DescribeClusters",
        items="Clusters",
        absent=NEVER_USED,
        why="accelerators of tables: encryption at rest and in transit",
    ),
    Call(
        "memorydb:DescribeClusters",
        items="Clusters",
        absent=NEVER_USED,
        why="in-memory databases: their keys, and whether they ask for TLS",
    ),
    Call(
        "rds:DescribeDBProxies",
        items="DBProxies",
        why="proxies between functions and databases: whether they ask for TLS",
    ),
    Call(
        "kinesis:GetResourcePolicy",
        each="kinesis:DescribeStreamSummary",
        over="[StreamDescriptionSummary]",
        take={"ResourceARN": "StreamARN"},
        absent=("ResourceNotFoundException",),
        why="who may reach the stream",
    ),
    Call(
        "efs:DescribeFileSystemPolicy",
        each="efs:DescribeFileSystems",
        take={"FileSystemId": "FileSystemId"},
        absent=("PolicyNotFound", "FileSystemNotFound"),
        why="who may mount the file system",
    ),
    Call(
        "s3control:ListAccessPoints",
        items="AccessPointList",
        may_omit=True,
        take={"AccountId": "$account"},
        why="access points: further ways into buckets, with policies of their own",
    ),
    Call(
        "s3control:GetAccessPoint",
        absent=NO_ACCESS_POINT,
        why="Block Public Access of the access point",
        **ACCESS_POINT,
    ),
    Call(
        "s3control:GetAccessPointPolicy",
        absent=NO_ACCESS_POINT,
        why="who may reach the bucket through the access point",
        **ACCESS_POINT,
    ),
    Call(
        "s3control:GetAccessPointPolicyStatus",
        absent=NO_ACCESS_POINT,
        why="AWS's own view of whether the access point's policy is public",
        **ACCESS_POINT,
    ),
)
