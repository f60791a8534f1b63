"""What hands its events to what: buckets, topics, queues, streams and pipes."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures, Target
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.graph import INTERNET_AUTHENTICATED, Feed, SourcePolicy
from ..records import MALFORMED, Listing, Record, items, listing, loose_items, loose_part, part, shaped, text
from .buckets import Bucket, buckets
from .functions import plain_arn, qualifier
from .resources import NAME, arn_of, names, policy_text, sources

# What an event source mapping or a pipe reads, by the service in the ARN of its source.
KINDS: Mapping[str, str] = {
    "s3": "bucket",
    "sns": "topic",
    "sqs": "queue",
    "kinesis": "stream",
    "dynamodb": "table",
    "mq": "broker",
    "kafka": "broker",
    "rds": "database",
    "events": "bus",
    "states": "state machine",
}
SWITCHED_OFF = ("Disabled", "Disabling", "DISABLED", "STOPPED", "STOPPING")
UNSEEN = "who can write to a cluster outside AWS is not visible in AWS"
# Whoever holds the credentials of a broker or database can write to it, from wherever it can be reached.
BY_CREDENTIALS = ("broker", "database")
HOLDERS = "whoever holds its credentials can send to it, in AWS or outside"


def shape_feeds(captures: Captures) -> Iterator[Row | Hole]:
    """Feed and SourcePolicy rows of stores and pipes."""
    for found, whole in buckets(captures):
        yield from found.holes(Feed)
        for bucket in whole:
            yield from _notifications(bucket)
    for capture in captures.expect("sns:ListSubscriptions", "aws"):
        yield from _subscriptions(captures, listing(capture))
    for capture in captures.expect("lambda:ListEventSourceMappings", "aws"):
        yield from _mappings(listing(capture))
    for capture in captures.expect("pipes:ListPipes", "aws"):
        yield from _pipes(captures, listing(capture))
    for capture in captures.expect("kinesis:ListStreams", "aws"):
        yield from _streams(captures, names(capture, "StreamNames"))


def _streams(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(SourcePolicy)
    target = found.capture.target
    for record in found.records:
        name = str(record[NAME])
        arn = arn_of(target, "kinesis", f"stream/{name}")
        about = captures.about("kinesis:GetResourcePolicy", target, ResourceARN=arn)
        yield SourcePolicy(
            key=arn,
            subject=Subject("aws", target.account, target.region, "stream", arn, name),
            sources=sources(found.capture, about),
            kind="stream",
            name=name,
            policy="" if about.state == ABSENT else about.read(_stream_policy),
        )


def _stream_policy(answer: Record) -> str:
    """The policy of a stream; one that has none answers with an empty text or an empty object."""
    return "" if text(answer, "Policy", "").strip() in ("", "{}") else policy_text(answer, "Policy")


def feed(
    target: Target,
    kind: str,
    source: str,
    name: str,
    to: str,
    *captures: Capture,
    part: str = "",
    filters: tuple[str, ...] = (),
    active: bool = True,
    origin: str = "",
    because: str = "",
    own_events_only: bool = False,
) -> Feed:
    """One Feed row. `part` tells apart several from one source to one target."""
    plain, release = plain_arn(to), qualifier(to)
    key = "|".join((kind, source, to, part))
    return Feed(
        key=key,
        subject=Subject("aws", target.account, target.region, "feed", key, f"{name} to {to.rpartition(':')[2]}"),
        sources=sources(*captures),
        kind=kind,
        source=source,
        source_name=name,
        target=plain,
        release=release,
        filters=filters,
        active=active,
        origin=origin,
        because=because,
        own_events_only=own_events_only,
    )


def kind_of(arn: str) -> str:
    """The kind of thing that an ARN names as the source of events; `stream` where it is none that is known."""
    return KINDS.get(arn.split(":")[2], "stream") if arn.count(":") > 4 else "broker"


def plain_source(arn: str) -> str:
    """The ARN of the thing that keeps the policy: the table of a stream, else the ARN itself."""
    return arn.partition("/stream/")[0] if ":dynamodb:" in arn else arn


def short(arn: str) -> str:
    """What a person calls the thing that an ARN names."""
    return plain_source(arn).rpartition(":")[2].rpartition("/")[2] or arn


def _notifications(bucket: Bucket) -> Iterator[Row | Hole]:
    about = bucket.about("GetBucketNotificationConfiguration")
    where = Target("aws", about.target.account, bucket.region)
    subject = Subject("aws", where.account, where.region, "bucket", bucket.arn, bucket.name)
    gap = about.gap()
    if gap is not None:
        yield from Listing(about, (), gap).holes(Feed, about=subject)
        return
    if about.state == ABSENT:
        return
    for member, name in (
        ("LambdaFunctionConfigurations", "LambdaFunctionArn"),
        ("QueueConfigurations", "QueueArn"),
        ("TopicConfigurations", "TopicArn"),
    ):
        try:
            told = items(about.answer, member)
        except MALFORMED as problem:
            yield from Listing(about, (), about.unexpected(str(problem))).holes(Feed, about=subject)
            continue
        for number, record in enumerate(told):
            yield from shaped(about, Feed, partial(_notification, bucket, where, about, record, name, number), subject)


def _notification(bucket: Bucket, where: Target, about: Capture, record: Record, name: str, number: int) -> Feed:
    rules = items(loose_part(loose_part(record, "Filter"), "Key"), "FilterRules")
    said = [f"{text(rule, 'Name').lower()} {text(rule, 'Value', '')}" for rule in rules if text(rule, "Value", "")]
    events = [str(each) for each in items(record, "Events")]
    return feed(
        where,
        "bucket",
        bucket.arn,
        f"bucket {bucket.name}",
        text(record, name),
        about,
        part=text(record, "Id", str(number)),
        filters=(*sorted(said), *(f"event {each}" for each in events)),
    )


def _subscriptions(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        confirmed = str(record.get("SubscriptionArn", "")).startswith("arn:")
        if confirmed and record.get("Protocol") in ("lambda", "sqs"):
            yield from shaped(found.capture, Feed, partial(_subscription, captures, found.capture, record))


def _subscription(captures: Captures, capture: Capture, record: Record) -> Feed:
    topic, name = text(record, "TopicArn"), text(record, "SubscriptionArn")
    about = captures.about("sns:GetSubscriptionAttributes", capture.target, SubscriptionArn=name)
    policy = str(loose_part(about.answer, "Attributes").get("FilterPolicy") or "")
    filters = (f"filter policy on {', '.join(_keys(policy))}",) if _keys(policy) else ()
    return feed(
        capture.target,
        "topic",
        topic,
        f"topic {short(topic)}",
        text(record, "Endpoint"),
        capture,
        part=name.rpartition(":")[2],
        filters=filters,
    )


def _keys(policy: str) -> list[str]:
    try:
        read = json.loads(policy) if policy else {}
    except (ValueError, RecursionError):
        return []
    return sorted(map(str, read)) if isinstance(read, dict) else []


def _mappings(found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        yield from shaped(found.capture, Feed, partial(_mapping, found.capture, record))


def _mapping(capture: Capture, record: Record) -> Feed:
    source = text(record, "EventSourceArn", "")
    kind = kind_of(source)
    patterns = items(part(record, "FilterCriteria"), "Filters")
    cluster = ", ".join(_servers(record))
    return feed(
        capture.target,
        kind,
        plain_source(source) or f"kafka:{cluster}",
        f"{kind} {short(source)}" if source else f"Kafka cluster {cluster or 'of its own'}",
        text(record, "FunctionArn"),
        capture,
        part=text(record, "UUID"),
        filters=(f"{len(patterns)} event filters",) if patterns else (),
        active=record.get("State") not in SWITCHED_OFF,
        origin=_origin(source, kind)[0],
        because=_origin(source, kind)[1],
    )


def _origin(source: str, kind: str) -> tuple[str, str]:
    """Who can send where no policy in AWS decides, and why; empty where one does."""
    if not source:
        return "unknown", UNSEEN
    return (INTERNET_AUTHENTICATED, HOLDERS) if kind in BY_CREDENTIALS else ("", "")


def _servers(record: Record) -> list[str]:
    endpoints = loose_part(loose_part(record, "SelfManagedEventSource"), "Endpoints")
    return [str(each) for each in loose_items(endpoints, "KAFKA_BOOTSTRAP_SERVERS")]


def _pipes(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        for member in ("Target", "Enrichment"):
            if record.get(member):
                yield from shaped(found.capture, Feed, partial(_pipe, captures, found.capture, record, member))


def _pipe(captures: Captures, capture: Capture, record: Record, member: str) -> Feed:
    name, source = text(record, "Name"), text(record, "Source")
    about = captures.about("pipes:DescribePipe", capture.target, Name=name)
    criteria: Any = loose_part(loose_part(about.answer, "SourceParameters"), "FilterCriteria")
    patterns = loose_items(criteria, "Filters")
    kind = kind_of(source)
    return feed(
        capture.target,
        kind,
        plain_source(source) if source.count(":") > 4 else source,
        f"{kind} {short(source)} through pipe {name}",
        text(record, member),
        capture,
        *([about] if about.ref else []),
        part=f"pipe {name} {member}",
        filters=(f"{len(patterns)} event filters",) if patterns else (),
        active=record.get("CurrentState") not in SWITCHED_OFF,
        origin=_origin(source if source.count(":") > 4 else "", kind)[0],
        because=_origin(source if source.count(":") > 4 else "", kind)[1],
    )


def queue_arn(target: Target, url: str) -> str:
    """The ARN of a queue of this place by its URL."""
    return arn_of(target, "sqs", url.rpartition("/")[2])
