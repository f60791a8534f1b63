"""Tables, queues, topics, streams and secrets of AWS to rows, and what other modules read of stores."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row
from ...tables.data import Share, Store
from ..records import Listing, Record, listing, part, shaped, text
from ..tags import TagWords, tag_map
from .access_points import shape_access_points
from .buckets import shape_buckets
from .caches import shape_caches
from .copies import shape_copies
from .databases import shape_databases
from .keys import shape_keys
from .lifetimes import shape_lifetimes
from .orchestration import shape_orchestration
from .privacy import shape_privacy
from .resources import NAME, Tagging, Thing, arn_of, names, policy_of, policy_text, sources
from .secrets import shape_secrets
from .shared import shape_shared
from .sharing import shape_sharing
from .stores import BY_POLICY, share, store


def shape_data(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Rows of stores, of the keys that encrypt them, of who may reach both, and of what else is known about the data."""
    tagging = Tagging(captures, words)
    rows = (*_stores(captures, words, tagging), *shape_secrets(captures, words, tagging))
    keys = tuple(shape_keys(captures, tagging, rows))
    yield from rows
    yield from keys
    yield from shape_sharing(captures, tagging, (*rows, *keys))
    yield from shape_orchestration(captures, tagging, rows)
    yield from shape_copies(captures, words, tagging)
    yield from shape_lifetimes(captures, words, tagging)
    yield from shape_privacy(captures, tagging)


def _stores(captures: Captures, words: TagWords, tagging: Tagging) -> Iterator[Row | Hole]:
    yield from shape_buckets(captures, words)
    yield from _tables(captures, tagging)
    yield from _queues(captures, tagging)
    yield from _topics(captures, tagging)
    yield from _streams(captures, tagging)
    yield from _delivery_streams(captures, tagging)
    yield from _log_groups(captures, tagging)
    yield from _secrets(captures, words)
    yield from shape_databases(captures, tagging)
    yield from shape_caches(captures, tagging)
    yield from shape_shared(captures, tagging)
    yield from shape_access_points(captures, tagging)


def _thing(kind: str, arn: str, name: str, found: Listing, tagging: Tagging, *captures: Capture) -> Thing:
    target = found.capture.target
    return Thing(kind, arn, name, target, sources(found.capture, *captures), tagging.of(target, arn), tagging.words)


def _tables(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("dynamodb:ListTables", "aws"):
        found = names(capture, "TableNames")
        yield from found.holes(Store, Share)
        for record in found.records:
            name, target = record[NAME], capture.target
            detail = captures.about("dynamodb:DescribeTable", target, TableName=name)
            if detail.state == ABSENT:
                continue
            arn = arn_of(target, "dynamodb", f"table/{name}")
            about = captures.about("dynamodb:GetResourcePolicy", target, ResourceArn=arn)
            thing = _thing("table", arn, name, found, tagging, detail, about)
            policy = policy_of(about)
            key = detail.read(lambda answer: text(part(answer["Table"], "SSEDescription"), "KMSMasterKeyArn", ""))
            yield store(
                thing,
                encryption=detail.read(_table_encryption),
                by_service=True,
                key_id=key,
                policy=policy,
            )
            yield share(thing, policy=policy)


def _table_encryption(answer: Record) -> str:
    described = part(answer["Table"], "SSEDescription")
    return "a KMS key" if described.get("Status") in ("ENABLED", "UPDATING") else "a key that DynamoDB owns"


def _queues(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("sqs:ListQueues", "aws"):
        found = names(capture, "QueueUrls")
        yield from found.holes(Store, Share)
        for record in found.records:
            url, target = record[NAME], capture.target
            detail = captures.about("sqs:GetQueueAttributes", target, QueueUrl=url, AttributeNames=["All"])
            if detail.state == ABSENT:
                continue
            name = url.rpartition("/")[2]
            thing = _thing("queue", arn_of(target, "sqs", name), name, found, tagging, detail)
            policy = detail.read(lambda answer: policy_text(_attributes(answer, "QueueArn"), "Policy"))
            yield store(
                thing,
                encryption=detail.read(_queue_encryption),
                key_id=detail.read(lambda answer: text(_attributes(answer, "QueueArn"), "KmsMasterKeyId", "")),
                policy=policy,
                transport=BY_POLICY,
            )
            yield share(thing, policy=policy)


def _attributes(answer: Record, must_have: str) -> Record:
    found = part(answer, "Attributes")
    text(found, must_have)
    return found


def _queue_encryption(answer: Record) -> str:
    attributes = _attributes(answer, "QueueArn")
    if attributes.get("KmsMasterKeyId"):
        return "a KMS key"
    return "keys that SQS manages" if attributes.get("SqsManagedSseEnabled") == "true" else ""


def _topics(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("sns:ListTopics", "aws"):
        found = listing(capture)
        yield from found.holes(Store, Share)
        for record in found.records:
            arn = record.get("TopicArn")
            if not isinstance(arn, str):
                gap = capture.unexpected("a topic without TopicArn")
                yield from Listing(capture, (), gap).holes(Store, Share)
                continue
            detail = captures.about("sns:GetTopicAttributes", capture.target, TopicArn=arn)
            if detail.state == ABSENT:
                continue
            thing = _thing("topic", arn, arn.rpartition(":")[2], found, tagging, detail)
            policy = detail.read(lambda answer: policy_text(_attributes(answer, "TopicArn"), "Policy"))
            key = detail.read(lambda answer: text(_attributes(answer, "TopicArn"), "KmsMasterKeyId", ""))
            encryption = detail.read(
                lambda answer: "a KMS key" if _attributes(answer, "TopicArn").get("KmsMasterKeyId") else ""
            )
            yield store(thing, encryption=encryption, key_id=key, policy=policy, transport=BY_POLICY)
            yield share(thing, policy=policy)


def _streams(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("kinesis:ListStreams", "aws"):
        found = names(capture, "StreamNames")
        yield from found.holes(Store, Share)
        for record in found.records:
            name, target = record[NAME], capture.target
            detail = captures.about("kinesis:DescribeStreamSummary", target, StreamName=name)
            if detail.state == ABSENT:
                continue
            arn = arn_of(target, "kinesis", f"stream/{name}")
            about = captures.about("kinesis:GetResourcePolicy", target, ResourceARN=arn)
            thing = _thing("stream", arn, name, found, tagging, detail, about)
            yield store(
                thing,
                encryption=detail.read(_stream_encryption),
                key_id=detail.read(lambda answer: text(answer["StreamDescriptionSummary"], "KeyId", "")),
            )
            yield share(thing, policy=policy_of(about))


def _stream_encryption(answer: Record) -> str:
    return {"KMS": "a KMS key", "NONE": ""}[text(answer["StreamDescriptionSummary"], "EncryptionType")]


def _delivery_streams(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("firehose:ListDeliveryStreams", "aws"):
        found = names(capture, "DeliveryStreamNames")
        yield from found.holes(Store)
        if capture.answer.get("HasMoreDeliveryStreams") is True:
            yield from Listing(
                capture, (), capture.unexpected("there are more delivery streams than were listed")
            ).holes(Store)
        for record in found.records:
            name, target = record[NAME], capture.target
            detail = captures.about("firehose:DescribeDeliveryStream", target, DeliveryStreamName=name)
            if detail.state != ABSENT:
                arn = arn_of(target, "firehose", f"deliverystream/{name}")
                thing = _thing("delivery stream", arn, name, found, tagging, detail)
                yield store(thing, encryption=detail.read(_delivered), key_id=detail.read(_delivery_key))


def _delivered(answer: Record) -> str:
    """What encrypts a delivery stream; one that reads from a stream keeps nothing of its own. Source: Amazon Data Firehose Developer Guide, "Data protection"."""
    described = answer["DeliveryStreamDescription"]
    if text(described, "DeliveryStreamType") != "DirectPut":
        return "the stream that it reads from"
    status = text(part(described, "DeliveryStreamEncryptionConfiguration"), "Status", "DISABLED")
    return "a KMS key" if status in ("ENABLED", "ENABLING") else ""


def _delivery_key(answer: Record) -> str:
    return text(part(answer["DeliveryStreamDescription"], "DeliveryStreamEncryptionConfiguration"), "KeyARN", "")


def log_group_arn(capture: Capture, record: Record) -> str:
    """The ARN of a log group, without the pattern for its streams. Raises KeyError or TypeError if the record has no name."""
    return arn_of(capture.target, "logs", f"log-group:{text(record, 'logGroupName')}")


def _log_groups(captures: Captures, tagging: Tagging) -> Iterator[Row | Hole]:
    for capture in captures.expect("logs:DescribeLogGroups", "aws"):
        found = listing(capture)
        yield from found.holes(Store)
        for record in found.records:
            yield from shaped(capture, Store, partial(_log_group, found, record, tagging))


def _log_group(found: Listing, record: Record, tagging: Tagging) -> Store:
    key = text(record, "kmsKeyId", "")
    thing = _thing("log group", log_group_arn(found.capture, record), text(record, "logGroupName"), found, tagging)
    return store(thing, encryption="a KMS key" if key else "CloudWatch Logs", by_service=True, key_id=key)


def _secrets(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    for capture in captures.expect("secretsmanager:ListSecrets", "aws"):
        found = listing(capture)
        yield from found.holes(Share)
        for record in found.records:
            yield from shaped(capture, Share, partial(_secret, captures, capture, record, words))


def _secret(captures: Captures, capture: Capture, record: Record, words: TagWords) -> Share:
    arn = text(record, "ARN")
    about = captures.about("secretsmanager:GetResourcePolicy", capture.target, SecretId=arn)
    tags: Any = tag_map(record.get("Tags"))
    thing = Thing("secret", arn, text(record, "Name"), capture.target, sources(capture, about), tags, words)
    return share(thing, policy=policy_of(about, "ResourcePolicy"))


__all__ = ["log_group_arn", "shape_data"]
