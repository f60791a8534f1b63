"""Trails and event data stores of AWS CloudTrail to rows, with the buckets that trails write to."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.monitoring import EventDataStore, EventSelector, EvidenceStore, FieldSelector, Trail, TrailArchive
from ..records import Listing, Record, items, listing, part, shaped, text
from .buckets import Bucket, buckets
from .resources import sources

_OPERATORS = {
    "equals": "Equals",
    "starts_with": "StartsWith",
    "ends_with": "EndsWith",
    "not_equals": "NotEquals",
    "not_starts_with": "NotStartsWith",
    "not_ends_with": "NotEndsWith",
}
# Classes of storage out of which objects must be restored first. Source: Amazon S3 User Guide, "Understanding S3 Glacier storage classes".
NEED_RESTORE = ("GLACIER", "DEEP_ARCHIVE")


def shape_trails(captures: Captures) -> Iterator[Row | Hole]:
    """Trail, TrailArchive, EventDataStore and EvidenceStore (of trails and event data stores) rows."""
    held = {bucket.name: bucket for _, whole in buckets(captures) for bucket in whole}
    lists = [found for found, _ in buckets(captures)]
    unseen = next((found.gap for found in lists if found.gap is not None), None)
    seen: set[str] = set()
    for capture in captures.expect("cloudtrail:DescribeTrails", "aws"):
        found = listing(capture)
        yield from found.holes(Trail, TrailArchive, EvidenceStore)
        for record in found.records:
            yield from shaped(capture, Trail, partial(_trail, captures, capture, record))
            arn = record.get("TrailARN")
            if isinstance(arn, str) and arn not in seen:
                seen.add(arn)
                bucket = held.get(str(record.get("S3BucketName")))
                yield from shaped(capture, TrailArchive, partial(_archive, capture, record, bucket, unseen))
                yield from shaped(capture, EvidenceStore, partial(_kept_trail, capture, record, bucket, unseen))
    for capture in captures.expect("cloudtrail:ListEventDataStores", "aws"):
        yield from _event_data_stores(captures, listing(capture))


def _trail(captures: Captures, capture: Capture, record: Record) -> Trail:
    arn, name, target = text(record, "TrailARN"), text(record, "Name"), capture.target
    status = captures.about("cloudtrail:GetTrailStatus", target, Name=arn)
    selectors = captures.about("cloudtrail:GetEventSelectors", target, TrailName=arn)
    return Trail(
        key=f"{arn}@{target.region}",
        subject=Subject("aws", target.account, target.region, "trail", arn, name),
        sources=sources(capture, status, selectors),
        name=name,
        home_region=text(record, "HomeRegion"),
        all_regions=_flag(record, "IsMultiRegionTrail"),
        organisation=record.get("IsOrganizationTrail") is True,
        foreign=_account(arn) != target.account,
        logging=False if status.state == ABSENT else status.read(lambda answer: _flag(answer, "IsLogging")),
        delivery_error=status.read(_delivery_error),
        log_file_validation=_flag(record, "LogFileValidationEnabled"),
        selectors=selectors.read(_selectors),
        bucket=text(record, "S3BucketName"),
        log_group=text(record, "CloudWatchLogsLogGroupArn", ""),
    )


def _delivery_error(answer: Record) -> str:
    _flag(answer, "IsLogging")
    return text(answer, "LatestDeliveryError", "")


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _flag(record: Record, name: str) -> bool:
    value = record[name]
    if not isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value


# What a trail records for which nobody ever chose events. Source: AWS CloudTrail API Reference, "PutEventSelectors".
UNTOLD = EventSelector(advanced=False, reads_and_writes="All", management=True, resources=())


def _selectors(answer: Record) -> tuple[EventSelector, ...]:
    if "EventSelectors" not in answer and "AdvancedEventSelectors" not in answer:
        raise KeyError("EventSelectors")
    told = (*map(_classic, items(answer, "EventSelectors")), *map(_advanced, items(answer, "AdvancedEventSelectors")))
    return told or (UNTOLD,)


def _classic(record: Record) -> EventSelector:
    resources = [
        (text(each, "Type"), str(value)) for each in items(record, "DataResources") for value in items(each, "Values")
    ]
    return EventSelector(
        advanced=False,
        reads_and_writes=text(record, "ReadWriteType", "All"),
        management=record.get("IncludeManagementEvents") is not False,
        resources=tuple(resources),
    )


def _advanced(record: Record) -> EventSelector:
    return EventSelector(advanced=True, fields=tuple(map(_field, items(record, "FieldSelectors"))))


def _field(record: Record) -> FieldSelector:
    values = {name: tuple(map(str, items(record, member))) for name, member in _OPERATORS.items()}
    return FieldSelector(text(record, "Field"), **values)


def _archive(capture: Capture, record: Record, bucket: Bucket | None, unseen: Gap | None) -> TrailArchive:
    arn, name = text(record, "TrailARN"), text(record, "S3BucketName")
    versioning = bucket.about("GetBucketVersioning") if bucket else capture
    lock = bucket.about("GetObjectLockConfiguration") if bucket else capture
    away: Any = None if bucket else elsewhere(capture, name, unseen)
    return TrailArchive(
        key=arn,
        subject=_home(capture, record),
        sources=sources(capture, versioning, lock),
        trail=text(record, "Name"),
        bucket=name,
        log_file_validation=_flag(record, "LogFileValidationEnabled"),
        bucket_account=bucket.found.target.account if bucket else away,
        versioned=versioning.read(lambda answer: text(answer, "Status", "") == "Enabled") if bucket else away,
        delete_needs_mfa=versioning.read(lambda answer: text(answer, "MFADelete", "") == "Enabled") if bucket else away,
        key_id=text(record, "KmsKeyId", ""),
        lock=away or ("" if lock.state == ABSENT else lock.read(_lock)),
    )


def _home(capture: Capture, record: Record) -> Subject:
    """The trail in its own account and region, whichever region told of it."""
    arn = text(record, "TrailARN")
    return Subject("aws", capture.target.account, text(record, "HomeRegion"), "trail", arn, text(record, "Name"))


def elsewhere(capture: Capture, bucket: str, unseen: Gap | None) -> Gap:
    """Why nothing is known of a trail's bucket: buckets could not be listed, or it lies in an account that was not collected."""
    where = capture.target
    said = f"the bucket {bucket} is in no account that was collected"
    return unseen or Gap("s3:ListBuckets", "out_of_scope", said, "", where.account, "", capture.ref)


def _lock(answer: Record) -> str:
    configuration = part(answer, "ObjectLockConfiguration")
    if configuration.get("ObjectLockEnabled") != "Enabled":
        return ""
    return text(part(part(configuration, "Rule"), "DefaultRetention"), "Mode", "")


def _kept_trail(capture: Capture, record: Record, bucket: Bucket | None, unseen: Gap | None) -> EvidenceStore:
    arn, name = text(record, "TrailARN"), text(record, "S3BucketName")
    lifecycle = bucket.about("GetBucketLifecycleConfiguration") if bucket else capture
    prefix = f"{text(record, 'S3KeyPrefix', '').rstrip('/')}/AWSLogs/".lstrip("/")
    found: Any
    if bucket is None:
        found = elsewhere(capture, name, unseen)
    elif lifecycle.state == ABSENT:
        found = (None, "no rule deletes what is in it", None, "")
    else:
        found = lifecycle.read(partial(kept_by, prefix))
    kept: tuple[Any, ...] = (found,) * 4 if isinstance(found, Gap) else found
    return EvidenceStore(
        key=f"{arn}/bucket",
        subject=_home(capture, record),
        sources=sources(capture, lifecycle),
        kind="trail bucket",
        name=f"{name} of trail {text(record, 'Name')}",
        retention_days=kept[0],
        because=kept[1],
        searchable_days=kept[2],
        archived_to=kept[3],
    )


def kept_by(prefix: str, answer: Record) -> tuple[int | None, str, int | None, str]:
    """Days until a trail's records are deleted, the rule that does it, days until they need a restore, and the class they are then in.

    A transition deletes nothing. A rule that asks for tags or sizes does not concern the files of a trail as a whole.
    """
    deleted: list[tuple[int, str]] = []
    archived: list[tuple[int, str]] = []
    for rule in answer["Rules"]:
        if text(rule, "Status") != "Enabled" or not _concerns(rule, prefix):
            continue
        label = f"the lifecycle rule {text(rule, 'ID', '') or 'without a name'}"
        expiration = part(rule, "Expiration")
        if "Days" in expiration:
            deleted.append((int(expiration["Days"]), f"{label} deletes after {int(expiration['Days'])} days"))
        elif expiration.get("Date"):
            deleted.append((0, f"{label} deletes everything on a fixed date"))
        steps = [each for each in items(rule, "Transitions") if each["StorageClass"] in NEED_RESTORE]
        archived += [(int(each.get("Days", 0)), str(each["StorageClass"])) for each in steps]
    days, because = min(deleted, default=(None, "no rule deletes what is in it"))
    searchable, storage = min(archived, default=(None, ""))
    return days, because, searchable, storage


def _concerns(rule: Record, prefix: str) -> bool:
    chosen = part(rule, "Filter")
    both = part(chosen, "And")
    if any(
        name in each
        for each in (chosen, both)
        for name in ("Tag", "Tags", "ObjectSizeGreaterThan", "ObjectSizeLessThan")
    ):
        return False
    wanted = text(both, "Prefix", "") or text(chosen, "Prefix", "") or text(rule, "Prefix", "")
    return prefix.startswith(wanted) or wanted.startswith(prefix)


def _event_data_stores(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(EventDataStore, EvidenceStore)
    for record in found.records:
        arn = record.get("EventDataStoreArn")
        if not isinstance(arn, str):
            gap = found.capture.unexpected("an event data store without EventDataStoreArn")
            yield from Listing(found.capture, (), gap).holes(EventDataStore, EvidenceStore)
            continue
        detail = captures.about("cloudtrail:GetEventDataStore", found.capture.target, EventDataStore=arn)
        if detail.state == ABSENT:
            continue
        target = found.capture.target
        name = str(record.get("Name") or arn.rpartition("/")[2])
        subject = Subject("aws", target.account, target.region, "event-data-store", arn, name)
        days = detail.read(lambda answer: _number(answer, "RetentionPeriod"))
        yield EventDataStore(
            key=arn,
            subject=subject,
            sources=sources(found.capture, detail),
            name=name,
            status=detail.read(lambda answer: text(answer, "Status")),
            all_regions=detail.read(lambda answer: _flag(answer, "MultiRegionEnabled")),
            organisation=detail.read(lambda answer: _flag(answer, "OrganizationEnabled")),
            selectors=detail.read(lambda answer: tuple(map(_advanced, answer["AdvancedEventSelectors"]))),
            retention_days=days,
            deletion_protected=detail.read(lambda answer: _flag(answer, "TerminationProtectionEnabled")),
        )
        yield EvidenceStore(
            key=arn,
            subject=subject,
            sources=sources(found.capture, detail),
            kind="event data store",
            name=name,
            retention_days=days,
            because=days if isinstance(days, Gap) else f"its retention is {days} days",
            searchable_days=None,
            archived_to="",
        )


def _number(record: Record, name: str) -> int:
    value = record[name]
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{name} is a {type(value).__name__}")
    return value
