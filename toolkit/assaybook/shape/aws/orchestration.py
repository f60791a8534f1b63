"""State machines, queues as passages of state, and subscriptions of AWS to rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from ...capture import ABSENT, Capture, Captures
from ...evidence import Hole, Row
from ...tables.data import Store
from ...tables.orchestration import Passage, StateMachine, Subscription
from ..open_values import known
from ..records import Record, listing, part, shaped, text
from .resources import Tagging, Thing, sources

# How the recorder marks what it masked in a text.
MASKED = re.compile(r"\[redacted ([a-z0-9-]+) length \d+ fingerprint [0-9a-f]+\]")


def shape_orchestration(captures: Captures, tagging: Tagging, rows: Iterable[Row | Hole]) -> Iterator[Row | Hole]:
    """StateMachine, Passage and Subscription rows; queues are taken from the `rows` of stores."""
    for capture in captures.expect("stepfunctions:ListStateMachines", "aws"):
        found = listing(capture)
        yield from found.holes(StateMachine, Passage)
        for record in found.records:
            yield from shaped(capture, StateMachine, partial(_machine, captures, tagging, capture, record))
            yield from shaped(capture, Passage, partial(_passage, captures, tagging, capture, record))
    for row in rows:
        if isinstance(row, Store) and row.kind == "queue":
            yield _queue(row)
        elif isinstance(row, Hole) and row.table is Store and row.gap.call.startswith("sqs:"):
            yield Hole(Passage, row.gap, row.subject, row.parent)
    for capture in captures.expect("sns:ListSubscriptions", "aws"):
        found = listing(capture)
        yield from found.holes(Subscription)
        for number, record in enumerate(found.records):
            yield from shaped(capture, Subscription, partial(_subscription, tagging, capture, record, number))


def _thing(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> tuple[Thing, Capture]:
    arn = text(record, "stateMachineArn")
    detail = captures.about("stepfunctions:DescribeStateMachine", capture.target, stateMachineArn=arn)
    tags = tagging.of(capture.target, arn)
    name = text(record, "name")
    return Thing("state machine", arn, name, capture.target, sources(capture, detail), tags, tagging.words), detail


def _machine(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> StateMachine:
    thing, detail = _thing(captures, tagging, capture, record)
    secrets: Any = () if detail.state == ABSENT else detail.read(_masked)
    return StateMachine(**thing.row, name=thing.name, kind=text(record, "type").lower(), secrets=secrets)


def _masked(answer: Record) -> tuple[str, ...]:
    return tuple(sorted(set(MASKED.findall(known(text(answer, "definition"))))))


def _passage(captures: Captures, tagging: Tagging, capture: Capture, record: Record) -> Passage:
    thing, detail = _thing(captures, tagging, capture, record)
    logs: Any = False if detail.state == ABSENT else detail.read(_logs_data)
    # What waits in a state machine is always encrypted. Source: AWS Step Functions Developer Guide, "Data at rest encryption".
    sensitive = thing.standing["sensitive"]
    return Passage(
        **thing.row, kind="state machine", name=thing.name, sensitive=sensitive, logs_data=logs, encrypted=True
    )


def _logs_data(answer: Record) -> bool:
    """Whether the log holds data; a level is always stated where a state machine logs at all."""
    text(answer, "stateMachineArn")
    logging = part(answer, "loggingConfiguration")
    return text(logging, "level", "OFF") != "OFF" and logging.get("includeExecutionData") is True


def _queue(row: Store) -> Passage:
    encryption: Any = row.encryption
    return Passage(
        key=row.key,
        subject=row.subject,
        sources=row.sources,
        setting=row.setting,
        kind="queue",
        name=row.name,
        sensitive=row.sensitive,
        logs_data=False,
        encrypted=bool(encryption) if isinstance(encryption, str) else encryption,
    )


def _subscription(tagging: Tagging, capture: Capture, record: Record, number: int) -> Subscription:
    topic, protocol, arn = text(record, "TopicArn"), text(record, "Protocol"), text(record, "SubscriptionArn")
    endpoint = text(record, "Endpoint", "")
    # One that waits for its confirmation has no ARN of its own yet.
    key = arn if arn.startswith("arn:") else f"{topic}/{arn}/{number}"
    name = topic.rpartition(":")[2]
    tags = tagging.of(capture.target, topic)
    thing = Thing("subscription", key, f"{protocol} of {name}", capture.target, sources(capture), tags, tagging.words)
    host = urlsplit(endpoint).hostname or "" if protocol in ("http", "https") else ""
    return Subscription(**thing.row, topic=name, protocol=protocol, host=host)
