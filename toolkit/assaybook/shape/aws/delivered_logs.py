"""How long the logs of firewalls and APIs that are delivered to buckets, or through streams, are kept: to rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.monitoring import EvidenceStore
from ..records import Record, items, listing, loose_items, loose_part, shaped, text
from .buckets import Bucket, buckets
from .resources import arn_of, sources
from .trails import elsewhere, kept_by


@dataclass(frozen=True)
class _Log:
    """The log of a thing, and where it is delivered. `under` is the path within a bucket below which the service writes it."""

    kind: str
    subject: Subject
    destination: str
    under: str
    capture: Capture


@dataclass(frozen=True)
class _Held:
    """The buckets that were collected, and the gap if some could not be listed."""

    buckets: dict[str, Bucket]
    unseen: Gap | None


def shape_delivered_logs(captures: Captures) -> Iterator[Row | Hole]:
    """EvidenceStore rows of logs that go to buckets and streams. Those that go to log groups are rows already."""
    held = _Held(
        {bucket.name: bucket for _, whole in buckets(captures) for bucket in whole},
        next((found.gap for found, _ in buckets(captures) if found.gap is not None), None),
    )
    for log in _logs(captures):
        if isinstance(log, Hole):
            yield log
        elif log.destination.startswith("arn:") and log.destination.split(":")[2:3] in (["s3"], ["firehose"]):
            yield from shaped(log.capture, EvidenceStore, partial(_kept, captures, held, log), log.subject)


def _logs(captures: Captures) -> Iterator[_Log | Hole]:
    asked = [*captures.expect("wafv2:ListLoggingConfigurations", "aws")]
    asked += captures.expect("wafv2:ListLoggingConfigurations/cloudfront", "aws", scope=GLOBAL)
    for capture in asked:
        found = listing(capture)
        yield from found.holes(EvidenceStore)
        for record in found.records:
            arn = str(record.get("ResourceArn"))
            name = arn.split("/")[-2] if arn.count("/") >= 2 else arn
            subject = Subject("aws", capture.target.account, capture.target.region, "web-acl", arn, name)
            for destination in loose_items(record, "LogDestinationConfigs"):
                yield _Log("firewall log", subject, str(destination), "AWSLogs/", capture)
    for call, name, setting, member in (
        ("apigateway:GetStages", "stageName", "accessLogSettings", "destinationArn"),
        ("apigatewayv2:GetStages", "StageName", "AccessLogSettings", "DestinationArn"),
    ):
        for capture in captures.of(call):
            found = listing(capture)
            yield from found.holes(EvidenceStore)
            api = str(capture.params.get("restApiId") or capture.params.get("ApiId"))
            for record in found.records:
                native = arn_of(capture.target, "apigateway", f"/apis/{api}/stages/{record.get(name)}")
                said = f"{api}/{record.get(name)}"
                subject = Subject("aws", capture.target.account, capture.target.region, "api-stage", native, said)
                destination = str(loose_part(record, setting).get(member) or "")
                yield _Log("API log", subject, destination, "", capture)


def _kept(captures: Captures, held: _Held, log: _Log) -> EvidenceStore:
    parts = log.destination.split(":", 5)
    if parts[2] == "s3":
        name, _, prefix = parts[5].partition("/")
        found: Any = _in_bucket(held, log.capture, name, f"{prefix.rstrip('/')}/{log.under}".lstrip("/"))
        where, through = name, log.capture
    else:
        stream = parts[5].rpartition("/")[2]
        target = Target("aws", parts[4], parts[3])
        through = captures.about("firehose:DescribeDeliveryStream/logs", target, DeliveryStreamName=stream)
        goes: Any = through.read(_bucket_of)
        where = f"the stream {stream}"
        found = goes if isinstance(goes, Gap) else _behind(held, through, stream, goes)
    kept: tuple[Any, ...] = (found,) * 4 if isinstance(found, Gap) else found
    return EvidenceStore(
        key=f"{log.subject.native}/{log.destination}",
        subject=log.subject,
        sources=sources(log.capture, through),
        kind=log.kind,
        name=f"{log.subject.name} in {where}",
        retention_days=kept[0],
        because=kept[1],
        searchable_days=kept[2],
        archived_to=kept[3],
    )


def _in_bucket(held: _Held, capture: Capture, name: str, prefix: str) -> Any:
    """Days until deletion, the rule that does it, days until a restore is needed, and the class then; the gap if that is not known."""
    bucket = held.buckets.get(name)
    if bucket is None:
        return elsewhere(capture, name, held.unseen)
    lifecycle = bucket.about("GetBucketLifecycleConfiguration")
    if lifecycle.state == ABSENT:
        return None, "no rule deletes what is in it", None, ""
    return lifecycle.read(partial(kept_by, prefix))


def _bucket_of(answer: Record) -> tuple[str, str, str]:
    """The bucket of a stream, the path within it, and, where it has none, the kind of what it carries to."""
    (destination, *_) = answer["DeliveryStreamDescription"]["Destinations"]
    bucket = text(destination, "Bucket", "")
    kinds = [str(each).removesuffix("DestinationDescription") for each in items(destination, "Members")]
    other = next((each for each in sorted(kinds) if each not in ("DestinationId", "S3", "ExtendedS3")), "another place")
    return bucket.rpartition(":::")[2], text(destination, "Prefix", "").partition("!{")[0], other


def _behind(held: _Held, capture: Capture, stream: str, goes: tuple[str, str, str]) -> Any:
    bucket, prefix, other = goes
    if bucket:
        return _in_bucket(held, capture, bucket, prefix)
    said = f"the stream {stream} carries them to {other}, whose retention was not read"
    return Gap(
        "firehose:DescribeDeliveryStream", "out_of_scope", said, "", capture.target.account, capture.target.region
    )
