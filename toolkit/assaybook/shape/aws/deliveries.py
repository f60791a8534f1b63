"""How events reach functions without a caller who waits: asynchronous invocation, queues, streams, rules, topics; and where failed ones go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ...capture import NOT_ASKED, NOT_COLLECTED, Capture, Captures, Target
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...tables.compute import Delivery
from ..records import Listing, Record, listing, loose_part, part, shaped, text
from ..tags import TagWords
from .asynchronous import asynchronous
from .functions import Function, functions, plain_arn, qualifier
from .resources import sources

# What an event source mapping reads, by the service in the ARN of its source.
READS: Mapping[str, str] = {"sqs": "queue", "kinesis": "stream", "dynamodb": "stream", "mq": "broker"}
RETRIES_CAN_BE_BOUND = ("kinesis", "dynamodb")
SWITCHED_OFF = ("Disabled", "Disabling", "DISABLED", "STOPPED", "STOPPING")


@dataclass
class _Estate:
    """The functions of all targets, and which of them rules and topics start, by ARN and qualifier."""

    captures: Captures
    functions: dict[str, Function] = field(default_factory=dict)
    whole: set[tuple[str, str]] = field(default_factory=set)
    started: defaultdict[str, defaultdict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )

    def gone(self, arn: str) -> bool:
        """Whether a function certainly does not exist: its region was listed completely, without it."""
        parts = arn.split(":")
        return arn not in self.functions and tuple(parts[3:5][::-1]) in self.whole

    def common(self, arn: str) -> dict[str, Any]:
        """The members that every row about a function has."""
        plain, release = plain_arn(arn), qualifier(arn)
        function = self.functions.get(plain)
        if function is not None:
            return {"subject": replace(function.subject, release=release), "setting": function.setting}
        parts = plain.split(":")
        subject = Subject("aws", parts[4], parts[3], "function", plain, parts[6], release=release)
        return {"subject": subject, "setting": Setting(internet=None, sensitive=None)}


def shape_deliveries(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """Delivery rows."""
    estate = _Estate(captures)
    for found, whole in functions(captures, words):
        yield from found.holes(Delivery)
        target = found.capture.target
        if found.gap is None:
            estate.whole.add((target.account, target.region))
        estate.functions.update({function.arn: function for function in whole})
    for capture in captures.expect("lambda:ListEventSourceMappings", "aws"):
        yield from _mappings(estate, listing(capture))
    for capture in captures.expect("events:ListEventBuses", "aws"):
        yield from _rules(estate, listing(capture))
    for capture in captures.expect("sns:ListSubscriptions", "aws"):
        yield from _subscriptions(estate, listing(capture))
    for capture in captures.expect("scheduler:ListSchedules", "aws"):
        yield from _schedules(estate, listing(capture))
    for capture in captures.expect("pipes:ListPipes", "aws"):
        yield from _pipes(estate, listing(capture))
    for _, function in sorted(estate.functions.items()):
        yield from asynchronous(estate.started, function)


def _mappings(estate: _Estate, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Delivery)
    for record in found.records:
        if not estate.gone(plain_arn(str(record.get("FunctionArn")))):
            yield from shaped(found.capture, Delivery, partial(_mapping, estate, found.capture, record))


def _mapping(estate: _Estate, capture: Capture, record: Record) -> Delivery:
    arn, source = text(record, "FunctionArn"), text(record, "EventSourceArn", "")
    service = source.split(":")[2] if source else "kafka"
    path = READS.get(service, "stream")
    attributes = _queue(estate.captures, capture.target, source) if path == "queue" else capture
    kept: Any = text(part(part(record, "DestinationConfig"), "OnFailure"), "Destination", "")
    if path == "queue":
        kept = attributes if isinstance(attributes, Gap) else attributes.read(_redrive)
    return Delivery(
        key=text(record, "UUID"),
        **estate.common(arn),
        sources=sources(capture, *([attributes] if isinstance(attributes, Capture) else [])),
        workload=plain_arn(arn),
        path=path,
        source=source or "self-managed Kafka",
        failure_destination=kept,
        retries_bounded=service not in RETRIES_CAN_BE_BOUND or _bounded(record),
        active=record.get("State") not in SWITCHED_OFF,
    )


def _bounded(record: Record) -> bool:
    """Whether a bad record is given up at some time: a number of tries, an age, or the splitting of batches."""
    tries, age = record.get("MaximumRetryAttempts"), record.get("MaximumRecordAgeInSeconds")
    return any(isinstance(each, int) and each >= 0 for each in (tries, age)) or (
        record.get("BisectBatchOnFunctionError") is True
    )


def _queue(captures: Captures, near: Target, arn: str) -> Any:
    """The capture of the attributes of a queue, or the gap if no such queue was collected."""
    _, _, _, region, account, name = arn.split(":", 5)
    target = Target("aws", account, region)
    for capture in captures.of("sqs:GetQueueAttributes", target):
        if str(capture.params.get("QueueUrl", "")).rpartition("/")[2] == name:
            return capture
    for listed in captures.of("sqs:ListQueues", target) or (captures.unmade("sqs:ListQueues", target),):
        gap = listed.gap()
        if gap is not None and (gap.state == NOT_ASKED or listed.reason != NOT_COLLECTED):
            return gap
    return Gap("sqs:GetQueueAttributes", "out_of_scope", f"the queue {name} was not collected", "", account, region)


def _redrive(answer: Record) -> str:
    """Where the redrive policy of a queue or subscription sends what failed; empty if there is no such policy."""
    attributes = answer["Attributes"]
    if not any(name in attributes for name in ("QueueArn", "SubscriptionArn")):
        raise KeyError("the attribute that names it")
    policy = text(attributes, "RedrivePolicy", "")
    return text(json.loads(policy), "deadLetterTargetArn", "") if policy else ""


def _rules(estate: _Estate, buses: Listing) -> Iterator[Row | Hole]:
    yield from buses.holes(Delivery)
    target = buses.capture.target
    for bus in buses.records:
        rules = listing(estate.captures.about("events:ListRules", target, EventBusName=bus.get("Name")))
        yield from rules.holes(Delivery)
        for rule in rules.records:
            about = estate.captures.about(
                "events:ListTargetsByRule", target, Rule=rule.get("Name"), EventBusName=rule.get("EventBusName")
            )
            found = listing(about)
            yield from found.holes(Delivery)
            for record in found.records:
                arn = str(record.get("Arn", ""))
                if _is_function(arn) and not estate.gone(plain_arn(arn)):
                    estate.started[plain_arn(arn)][qualifier(arn)].add(f"rule {rule.get('Name')}")
                    yield from shaped(about, Delivery, partial(_rule, estate, rules.capture, about, rule, record))


def _is_function(arn: str) -> bool:
    parts = arn.split(":")
    return len(parts) >= 7 and parts[2] == "lambda" and parts[5] == "function"


def _rule(estate: _Estate, listed: Capture, about: Capture, rule: Record, record: Record) -> Delivery:
    arn = text(record, "Arn")
    return Delivery(
        key=f"{text(rule, 'Arn')}/{text(record, 'Id')}",
        **estate.common(arn),
        sources=sources(listed, about),
        workload=plain_arn(arn),
        path="rule",
        source=f"rule {text(rule, 'Name')}",
        failure_destination=text(part(record, "DeadLetterConfig"), "Arn", ""),
        retries_bounded=True,
        active=rule.get("State") not in SWITCHED_OFF,
    )


def _subscriptions(estate: _Estate, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Delivery)
    for record in found.records:
        arn = str(record.get("Endpoint", ""))
        confirmed = str(record.get("SubscriptionArn", "")).startswith("arn:")
        if record.get("Protocol") == "lambda" and confirmed and _is_function(arn) and not estate.gone(plain_arn(arn)):
            estate.started[plain_arn(arn)][qualifier(arn)].add(
                f"topic {str(record.get('TopicArn')).rpartition(':')[2]}"
            )
            yield from shaped(found.capture, Delivery, partial(_subscription, estate, found.capture, record))


def _subscription(estate: _Estate, capture: Capture, record: Record) -> Delivery:
    arn, name = text(record, "Endpoint"), text(record, "SubscriptionArn")
    about = estate.captures.about("sns:GetSubscriptionAttributes", capture.target, SubscriptionArn=name)
    return Delivery(
        key=name,
        **estate.common(arn),
        sources=sources(capture, about),
        workload=plain_arn(arn),
        path="subscription",
        source=f"topic {text(record, 'TopicArn').rpartition(':')[2]}",
        failure_destination=about.read(_redrive),
        retries_bounded=True,
    )


def _schedules(estate: _Estate, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Delivery)
    for record in found.records:
        arn, name = str(loose_part(record, "Target").get("Arn", "")), record.get("Name")
        if _is_function(arn) and not estate.gone(plain_arn(arn)):
            estate.started[plain_arn(arn)][qualifier(arn)].add(f"schedule {name}")
            about = estate.captures.about(
                "scheduler:GetSchedule", found.capture.target, Name=name, GroupName=record.get("GroupName")
            )
            make = partial(_handed, estate, found.capture, about, arn, record, "schedule", _schedule_queue)
            yield from shaped(found.capture, Delivery, make)


def _schedule_queue(answer: Record) -> str:
    return text(part(part(answer, "Target"), "DeadLetterConfig"), "Arn", "")


def _pipes(estate: _Estate, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Delivery)
    for record in found.records:
        arn = str(record.get("Target", ""))
        if _is_function(arn) and not estate.gone(plain_arn(arn)):
            about = estate.captures.about("pipes:DescribePipe", found.capture.target, Name=record.get("Name"))
            source = str(record.get("Source", ""))
            queue = _queue(estate.captures, found.capture.target, source) if ":sqs:" in source else None
            if queue is None:
                make = partial(_handed, estate, found.capture, about, arn, record, "pipe", _pipe_queue)
            else:
                # What a pipe cannot hand on stays in its queue, which has a redrive policy or has none.
                held = queue if isinstance(queue, Capture) else about
                make = partial(_handed, estate, found.capture, held, arn, record, "pipe", _redrive, queue)
            yield from shaped(found.capture, Delivery, make)


def _pipe_queue(answer: Record) -> str:
    """The dead-letter queue of the stream that a pipe reads."""
    for settings in part(answer, "SourceParameters").values():
        if isinstance(settings, Mapping) and "DeadLetterConfig" in settings:
            return text(part(settings, "DeadLetterConfig"), "Arn", "")
    return ""


def _handed(
    estate: _Estate,
    listed: Capture,
    about: Capture,
    arn: str,
    record: Record,
    path: str,
    take: Callable[[Record], str],
    queue: Any = None,
) -> Delivery:
    """A row about a schedule or a pipe; `take` finds its dead-letter queue in what was asked about it."""
    kept: Any = queue if isinstance(queue, Gap) else about.read(take)
    states = (record.get("State"), record.get("CurrentState"))
    return Delivery(
        key=text(record, "Arn"),
        **estate.common(arn),
        sources=sources(listed, about),
        workload=plain_arn(arn),
        path=path,
        source=f"{path} {text(record, 'Name')}",
        failure_destination=kept,
        retries_bounded=True,
        active=not any(state in SWITCHED_OFF for state in states),
    )
