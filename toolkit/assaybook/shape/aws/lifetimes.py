"""How stores of AWS can be recovered, how long they keep what they hold, and where that came from, to rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.copies import Origin, Recovery, Retention
from ..records import Record, flag, items, listing, part, shaped, text
from ..tags import TagWords, tag_map
from .buckets import Bucket, buckets
from .resources import NAME, Tagging, Thing, absent_from_region, arn_of, names, sources
from .secrets import moment


def shape_lifetimes(captures: Captures, words: TagWords, tagging: Tagging) -> Iterator[Row | Hole]:
    """Recovery, Retention and Origin rows."""
    yield from _tables(captures, tagging)
    for call, make in (
        ("rds:DescribeDBInstances", partial(_instance, captures, tagging)),
        ("rds:DescribeDBClusters", partial(_cluster, captures, tagging)),
    ):
        for capture in captures.expect(call, "aws"):
            found = listing(capture)
            yield from found.holes(Recovery, Origin)
            for record in found.records:
                if call == "rds:DescribeDBClusters" or not record.get("DBClusterIdentifier"):
                    yield from make(capture, record)
    for found, whole in buckets(captures):
        yield from found.holes(Retention, Recovery)
        for bucket in whole:
            if bucket.about("GetBucketEncryption").code != "NoSuchBucket":
                yield from _bucket(captures, bucket, words)
    for capture in captures.expect("logs:DescribeLogGroups", "aws"):
        found = listing(capture)
        yield from found.holes(Retention)
        for record in found.records:
            yield from shaped(capture, Retention, partial(_log_group, tagging, capture, record))


def _classes(thing: Thing) -> dict[str, Any]:
    """Whether the tags name a class, and whether it is sensitive."""
    if isinstance(thing.tags, Gap):
        return {"classified": thing.tags, "sensitive": thing.tags}
    return {"classified": thing.words.classified(thing.tags), "sensitive": thing.words.sensitive(thing.tags)}


def _retention(thing: Thing, rule: Any, days: Any) -> Retention:
    return Retention(**thing.row, kind=thing.kind, name=thing.name, rule=rule, days=days, **_classes(thing))


def _recovery(thing: Thing, by: Any, backed_up: Any, protected: Any) -> Recovery:
    return Recovery(
        **thing.row,
        kind=thing.kind,
        name=thing.name,
        production=thing.standing["production"],
        by=by,
        backed_up=backed_up,
        deletion_protected=protected,
    )


def _origin(thing: Thing, source: Any, how: str) -> Origin:
    production = thing.standing["production"]
    return Origin(**thing.row, kind=thing.kind, name=thing.name, production=production, source=source, how=how)


def _backed_up(captures: Captures, target: Target, arn: str) -> Any:
    """When AWS Backup copied a resource last; None if never."""
    protected = captures.about("backup:ListProtectedResources", target)
    return None if absent_from_region(protected) else protected.read(partial(_last, arn))


def _last(arn: str, answer: Record) -> Any:
    times = [moment(each, "LastBackupTime") for each in items(answer, "Results") if text(each, "ResourceArn") == arn]
    return max((each for each in times if each is not None), default=None)


def _tables(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("dynamodb:ListTables", "aws"):
        found, target = names(capture, "TableNames"), capture.target
        yield from found.holes(Recovery, Retention, Origin)
        for record in found.records:
            name = record[NAME]
            detail, kept, expiry = (
                captures.about(f"dynamodb:{call}", target, TableName=name)
                for call in ("DescribeTable", "DescribeContinuousBackups", "DescribeTimeToLive")
            )
            if detail.state == ABSENT:
                continue
            arn = arn_of(target, "dynamodb", f"table/{name}")
            thing = Thing("table", arn, name, target, sources(capture, detail), tagging.of(target, arn), tagging.words)
            by: Any = () if kept.state == ABSENT else kept.read(_point_in_time)
            protected = detail.read(lambda answer: flag(answer["Table"], "DeletionProtectionEnabled"))
            copied = replace(thing, sources=sources(capture, detail, kept))
            yield _recovery(copied, by, _backed_up(captures, target, arn), protected)
            rule: Any = "" if expiry.state == ABSENT else expiry.read(_expiry)
            yield _retention(replace(thing, sources=sources(capture, expiry)), rule, None)
            yield _origin(thing, detail.read(_restored), "was restored from a backup")


def _point_in_time(answer: Record) -> tuple[str, ...]:
    described = part(answer, "ContinuousBackupsDescription")
    text(described, "ContinuousBackupsStatus")
    status = text(part(described, "PointInTimeRecoveryDescription"), "PointInTimeRecoveryStatus", "DISABLED")
    return ("point-in-time recovery",) if status == "ENABLED" else ()


def _expiry(answer: Record) -> str:
    described = part(answer, "TimeToLiveDescription")
    on = text(described, "TimeToLiveStatus") in ("ENABLED", "ENABLING")
    return f"items expire by their attribute {text(described, 'AttributeName')}" if on else ""


def _restored(answer: Record) -> str:
    summary = part(answer["Table"], "RestoreSummary")
    return text(summary, "SourceTableArn", "") or text(summary, "SourceBackupArn", "")


def _instance(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Iterator[Row | Hole]:
    make = partial(_database, "database", "DBInstance", captures, tagging, capture, record)
    source = "ReadReplicaSourceDBInstanceIdentifier"
    yield from _database_rows(capture, record, source, make)


def _cluster(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Iterator[Row | Hole]:
    make = partial(_database, "database cluster", "DBCluster", captures, tagging, capture, record)
    yield from _database_rows(capture, record, "ReplicationSourceIdentifier", make)


def _database_rows(
    capture: Capture, record: Record, source: str, make: Callable[[], tuple[Thing, Any]]
) -> Iterator[Row | Hole]:
    if not record.get(source):
        yield from shaped(capture, Recovery, lambda: _recovered(record, *make()))
    yield from shaped(capture, Origin, lambda: _origin(make()[0], text(record, source, ""), "is a replica"))


def _database(
    kind: str, word: str, captures: Captures, tagging: Tagging, capture: Capture, record: Record
) -> tuple[Thing, Any]:
    arn, target = text(record, f"{word}Arn"), capture.target
    tags = tag_map(record.get("TagList"))
    thing = Thing(kind, arn, text(record, f"{word}Identifier"), target, sources(capture), tags, tagging.words)
    return thing, _backed_up(captures, target, arn)


def _recovered(record: Record, thing: Thing, backed_up: Any) -> Recovery:
    days = record["BackupRetentionPeriod"]
    if not isinstance(days, int) or isinstance(days, bool):
        raise TypeError(f"BackupRetentionPeriod is a {type(days).__name__}")
    by = (f"automatic backups that are kept {days} days",) if days else ()
    return _recovery(thing, by, backed_up, flag(record, "DeletionProtection"))


def _bucket(captures: Captures, bucket: Bucket, words: TagWords) -> Iterator[Row]:
    rules, tags, versions = (
        bucket.about(each) for each in ("GetBucketLifecycleConfiguration", "GetBucketTagging", "GetBucketVersioning")
    )
    target = Target("aws", bucket.found.target.account, bucket.region)
    said = {} if tags.state == ABSENT else tags.read(lambda answer: tag_map(answer["TagSet"]))
    thing = Thing("bucket", bucket.arn, bucket.name, target, sources(bucket.found, rules, tags), said, words)
    found: Any = ("", None) if rules.state == ABSENT else rules.read(_lifecycle)
    rule, days = (found, found) if isinstance(found, Gap) else found
    yield _retention(thing, rule, days)
    by: Any = () if versions.state == ABSENT else versions.read(_versioned)
    kept = replace(thing, sources=sources(bucket.found, versions, tags))
    # S3 deletes only buckets that are empty, so that there is nothing to protect against.
    yield _recovery(kept, by, _backed_up(captures, target, bucket.arn), True)


def _versioned(answer: Record) -> tuple[str, ...]:
    return ("the versions that it keeps",) if text(answer, "Status", "") == "Enabled" else ()


def _lifecycle(answer: Record) -> tuple[str, int | None]:
    """The rule that deletes everything in the bucket, with its days; of several the first to come. A rule for a part of the bucket deletes not everything."""
    found: list[tuple[int, str]] = []
    for rule in answer["Rules"]:
        expiration = part(rule, "Expiration")
        if text(rule, "Status") == "Enabled" and _whole(rule) and "Days" in expiration:
            days = int(expiration["Days"])
            found.append(
                (days, f"the lifecycle rule {text(rule, 'ID', '') or 'without a name'} deletes after {days} days")
            )
    if not found:
        return "", None
    days, label = min(found)
    return label, days


def _whole(rule: Record) -> bool:
    chosen = part(rule, "Filter")
    return not text(rule, "Prefix", "") and not any(value for value in chosen.values())


def _log_group(tagging: Tagging, capture: Capture, record: Record) -> Retention:
    name = text(record, "logGroupName")
    arn = arn_of(capture.target, "logs", f"log-group:{name}")
    tags = tagging.of(capture.target, arn)
    thing = Thing("log group", arn, name, capture.target, sources(capture), tags, tagging.words)
    days = record.get("retentionInDays")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise TypeError(f"retentionInDays is a {type(days).__name__}")
    return _retention(thing, f"its retention is {days} days" if days else "", days)
