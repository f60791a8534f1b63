"""Snapshots, exports, replicas and vaults of AWS to rows: what a copy is encrypted with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.copies import Copy
from ..records import Listing, Record, flag, items, listing, part, shaped, text
from ..tags import TagWords, tag_map
from .buckets import Bucket, buckets
from .resources import Tagging, Thing, arn_of, offered, sources

Make = Callable[[Capture, Record], Copy]


def shape_copies(captures: Captures, words: TagWords, tagging: Tagging) -> Iterator[Row | Hole]:
    """Copy rows."""
    makers: tuple[tuple[str, Make], ...] = (
        ("rds:DescribeDBSnapshots", partial(_snapshot, tagging, "DBSnapshot", "DBInstanceIdentifier", "Encrypted")),
        (
            "rds:DescribeDBClusterSnapshots",
            partial(_snapshot, tagging, "DBClusterSnapshot", "DBClusterIdentifier", "StorageEncrypted"),
        ),
        ("ec2:DescribeSnapshots/own", partial(_volume, tagging)),
        ("backup:ListBackupVaults", partial(_vault, tagging)),
    )
    for call, make in makers:
        for capture in offered(captures.expect(call, "aws")):
            found = listing(capture)
            yield from found.holes(Copy)
            for record in found.records:
                yield from shaped(capture, Copy, partial(make, capture, record))
    yield from _exports(captures, tagging)
    for found, whole in buckets(captures):
        yield from found.holes(Copy)
        for bucket in whole:
            yield from _replicas(bucket, words)


def _thing(kind: str, arn: str, name: str, capture: Capture, tags: Any, tagging: Tagging) -> Thing:
    return Thing(kind, arn, name, capture.target, sources(capture), tags, tagging.words)


def _copy(thing: Thing, of: Any, encrypted: Any, how: Any) -> Copy:
    return Copy(**thing.row, kind=thing.kind, name=thing.name, of=of, encrypted=encrypted, how=how)


def _snapshot(tagging: Tagging, word: str, of: str, switch: str, capture: Capture, record: Record) -> Copy:
    arn, name = text(record, f"{word}Arn"), text(record, f"{word}Identifier")
    thing = _thing("database snapshot", arn, name, capture, tag_map(record.get("TagList")), tagging)
    return _copy(thing, text(record, of, ""), flag(record, switch), text(record, "KmsKeyId", ""))


def _volume(tagging: Tagging, capture: Capture, record: Record) -> Copy:
    name = text(record, "SnapshotId")
    arn = arn_of(capture.target, "ec2", f"snapshot/{name}")
    thing = _thing("volume snapshot", arn, name, capture, tag_map(record.get("Tags")), tagging)
    return _copy(thing, text(record, "VolumeId", ""), flag(record, "Encrypted"), text(record, "KmsKeyId", ""))


def _vault(tagging: Tagging, capture: Capture, record: Record) -> Copy:
    """A vault always encrypts what lies in it. Source: AWS Backup Developer Guide, "Encryption for backups in AWS Backup"."""
    arn, name = text(record, "BackupVaultArn"), text(record, "BackupVaultName")
    thing = _thing("backup vault", arn, name, capture, tagging.of(capture.target, arn), tagging)
    return _copy(thing, "", True, text(record, "EncryptionKeyArn", "") or "a key that AWS Backup manages")


def exports(captures: Captures) -> Iterator[tuple[Listing, Record, Capture]]:
    """Each export of a table, with the listing that it comes from and the capture of its details."""
    for capture in captures.expect("dynamodb:ListExports", "aws"):
        found = listing(capture)
        for record in found.records:
            arn = record.get("ExportArn")
            if isinstance(arn, str) and record.get("ExportStatus") != "FAILED":
                yield found, record, captures.about("dynamodb:DescribeExport", capture.target, ExportArn=arn)


def _exports(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("dynamodb:ListExports", "aws"):
        found = listing(capture)
        yield from found.holes(Copy)
        if any(not isinstance(each.get("ExportArn"), str) for each in found.records):
            yield from Listing(capture, (), capture.unexpected("an export without ExportArn")).holes(Copy)
    for found, record, detail in exports(captures):
        if detail.state != ABSENT:
            arn = text(record, "ExportArn")
            of = table_of(arn)
            tags = tagging.of(found.capture.target, arn.partition("/export/")[0])
            thing = Thing(
                "table export",
                arn,
                f"{of}/{arn.rpartition('/')[2]}",
                detail.target,
                sources(detail),
                tags,
                tagging.words,
            )
            how = detail.read(_export_encryption)
            yield _copy(thing, of, how if isinstance(how, Gap) else bool(how), how)


def table_of(export: str) -> str:
    """The name of the table that an export was made of."""
    return export.partition(":table/")[2].partition("/")[0]


def _export_encryption(answer: Record) -> str:
    """What the export's objects are encrypted with; where the export names nothing, S3 does it with keys of its own."""
    described = part(answer, "ExportDescription")
    text(described, "ExportArn")
    return text(described, "S3SseKmsKeyId", "") or text(described, "S3SseAlgorithm", "") or "keys that S3 manages"


def destinations(bucket: Bucket) -> Listing:
    """The destinations of a bucket's replication, each once; none if the bucket is not replicated."""
    capture = bucket.about("GetBucketReplication")
    gap = capture.gap()
    if gap is not None or capture.state == ABSENT:
        return Listing(capture, (), gap)
    read: Any = capture.read(_destinations)
    return Listing(capture, (), read) if isinstance(read, Gap) else Listing(capture, read)


def _destinations(answer: Record) -> tuple[Mapping[str, Any], ...]:
    rules = items(answer["ReplicationConfiguration"], "Rules")
    enabled = [part(each, "Destination") for each in rules if text(each, "Status") == "Enabled"]
    for each in enabled:
        text(each, "Account", ""), text(part(each, "EncryptionConfiguration"), "ReplicaKmsKeyID", "")
    return tuple({text(each, "Bucket"): each for each in enabled}.values())


def replicas(bucket: Bucket, words: TagWords) -> Iterator[tuple[Thing, Record]]:
    """Each bucket that a bucket is copied to: the copy as a thing, and what the rule says of its destination."""
    found, tags = destinations(bucket), bucket.about("GetBucketTagging")
    said: Any = {} if tags.state == ABSENT else tags.read(lambda answer: tag_map(answer["TagSet"]))
    target = Target("aws", bucket.found.target.account, bucket.region)
    for record in found.records:
        name = text(record, "Bucket").rpartition(":")[2]
        arn, label = f"{bucket.arn}/replica/{name}", f"{bucket.name} in {name}"
        yield Thing("bucket replica", arn, label, target, sources(found.capture, tags), said, words), record


def _replicas(bucket: Bucket, words: TagWords) -> Iterator[Row | Hole]:
    target = Target("aws", bucket.found.target.account, bucket.region)
    about = Thing("bucket", bucket.arn, bucket.name, target, (), {}, words)
    yield from destinations(bucket).holes(Copy, about=about.subject)
    for thing, record in replicas(bucket, words):
        key = text(part(record, "EncryptionConfiguration"), "ReplicaKmsKeyID", "")
        yield _copy(thing, bucket.name, True, key or "the keys of the bucket that it goes to")
