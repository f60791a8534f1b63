"""Snapshots, image repositories and automation documents of AWS to rows: what an attribute or a policy can open to everyone."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row
from ...tables.data import Share
from ..records import Record, items, listing, shaped, text
from ..tags import tag_map
from .resources import Tagging, Thing, arn_of, offered, policy_of, policy_text, sources
from .stores import share

EVERYBODY = "all"
# States of Block Public Access for volume snapshots. Source: Amazon EC2 User Guide, "Block public access for snapshots".
CLOSES_SHARED = "block-all-sharing"


def shape_shared(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    """Share rows of snapshots, image repositories and documents."""
    makers = (
        ("rds:DescribeDBSnapshots", partial(_database_snapshot, captures, tagging)),
        ("rds:DescribeDBClusterSnapshots", partial(_cluster_snapshot, captures, tagging)),
        ("ec2:DescribeSnapshots", partial(_volume_snapshot, captures, tagging)),
        ("ecr:DescribeRepositories", partial(_repository, captures, tagging)),
        ("ssm:ListDocuments", partial(_document, captures, tagging)),
        ("events:ListEventBuses", partial(_bus, tagging)),
        ("backup:ListBackupVaults", partial(_vault, captures, tagging)),
    )
    for call, make in makers:
        for capture in offered(captures.expect(call, "aws")):
            found = listing(capture)
            yield from found.holes(Share)
            for record in found.records:
                yield from shaped(capture, Share, partial(make, capture, record))


def _database_snapshot(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name = text(record, "DBSnapshotIdentifier")
    about = captures.about("rds:DescribeDBSnapshotAttributes", capture.target, DBSnapshotIdentifier=name)
    thing = Thing(
        "database snapshot",
        text(record, "DBSnapshotArn"),
        name,
        capture.target,
        sources(capture, about),
        tag_map(record.get("TagList")),
        tagging.words,
    )
    return share(thing, shared_with_everybody=_restorable(about, "DBSnapshotAttributesResult", "DBSnapshotAttributes"))


def _cluster_snapshot(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name = text(record, "DBClusterSnapshotIdentifier")
    about = captures.about("rds:DescribeDBClusterSnapshotAttributes", capture.target, DBClusterSnapshotIdentifier=name)
    thing = Thing(
        "database snapshot",
        text(record, "DBClusterSnapshotArn"),
        name,
        capture.target,
        sources(capture, about),
        tag_map(record.get("TagList")),
        tagging.words,
    )
    return share(
        thing,
        shared_with_everybody=_restorable(about, "DBClusterSnapshotAttributesResult", "DBClusterSnapshotAttributes"),
    )


def _restorable(capture: Capture, result: str, attributes: str) -> Any:
    """Whether everybody may restore a snapshot; one that is gone is nobody's."""
    if capture.state == ABSENT:
        return False
    return capture.read(
        lambda answer: any(
            text(each, "AttributeName") == "restore" and EVERYBODY in items(each, "AttributeValues")
            for each in answer[result][attributes]
        )
    )


def _volume_snapshot(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    """The list is asked for those that are shared with everybody, which an encrypted one cannot be. Source: Amazon EBS User Guide, "Share an Amazon EBS snapshot"."""
    name = text(record, "SnapshotId")
    block = captures.about("ec2:GetSnapshotBlockPublicAccessState", capture.target)
    thing = Thing(
        "volume snapshot",
        arn_of(capture.target, "ec2", f"snapshot/{name}"),
        name,
        capture.target,
        sources(capture, block),
        tag_map(record.get("Tags")),
        tagging.words,
    )
    neutral = block.read(
        lambda answer: f"Block Public Access of the region ({CLOSES_SHARED})" if _closes(answer) else ""
    )
    return share(thing, shared_with_everybody=record.get("Encrypted") is not True, sharing_blocked_by=neutral)


def _closes(answer: Record) -> bool:
    return text(answer, "State") == CLOSES_SHARED


def _repository(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name, arn = text(record, "repositoryName"), text(record, "repositoryArn")
    about = captures.about("ecr:GetRepositoryPolicy", capture.target, repositoryName=name)
    tags = tagging.of(capture.target, arn)
    thing = Thing("image repository", arn, name, capture.target, sources(capture, about), tags, tagging.words)
    return share(thing, policy=policy_of(about, "policyText"))


def _bus(tagging: Tagging, capture: Capture, record: Record) -> Share:
    name = text(record, "Name")
    arn = arn_of(capture.target, "events", f"event-bus/{name}")
    thing = Thing(
        "event bus", arn, name, capture.target, sources(capture), tagging.of(capture.target, arn), tagging.words
    )
    return share(thing, policy=policy_text(record, "Policy"))


def _vault(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name, arn = text(record, "BackupVaultName"), text(record, "BackupVaultArn")
    about = captures.about("backup:GetBackupVaultAccessPolicy", capture.target, BackupVaultName=name)
    tags = tagging.of(capture.target, arn)
    thing = Thing("backup vault", arn, name, capture.target, sources(capture, about), tags, tagging.words)
    return share(thing, policy=policy_of(about))


def _document(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Share:
    name = text(record, "Name")
    about = captures.about("ssm:DescribeDocumentPermission", capture.target, Name=name, PermissionType="Share")
    thing = Thing(
        "document",
        arn_of(capture.target, "ssm", f"document/{name}"),
        name,
        capture.target,
        sources(capture, about),
        tag_map(record.get("Tags")),
        tagging.words,
    )
    everybody = False if about.state == ABSENT else about.read(_open)
    return share(thing, shared_with_everybody=everybody)


def _open(answer: Record) -> bool:
    ids = answer["AccountIds"]
    if not isinstance(ids, list):
        raise TypeError(f"AccountIds is a {type(ids).__name__}")
    return EVERYBODY in [str(each).lower() for each in ids]
