"""How events reach functions without a caller who waits: asynchronous invocation, queues, streams, rules, topics; and where failed ones go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from ...capture import ABSENT, NOT_ASKED, NOT_COLLECTED, Capture, Captures, Target
from ...evidence import Gap, Hole, Row, Setting
from ...model import Subject
from ...policy.document import ALLOW, parse_policy
from ...policy.sources import service_name
from ...tables.compute import Delivery
from ..records import MALFORMED, Listing, Record, hole, listing, part, shaped, text
from ..tags import TagWords
from .functions import LATEST, Function, functions, plain_arn, qualifier
from .permissions import plain_policy
from .resources import sources

# Services that invoke a function and do not wait. Source: AWS Lambda Developer Guide, "Invoking Lambda with events from other AWS services".
NEVER_WAIT = {
    "s3.amazonaws.com": "Amazon S3",
    "sns.amazonaws.com": "Amazon SNS",
    "ses.amazonaws.com": "Amazon SES",
    "events.amazonaws.com": "Amazon EventBridge",
    "logs.amazonaws.com": "CloudWatch Logs",
    "config.amazonaws.com": "AWS Config",
    "codecommit.amazonaws.com": "AWS CodeCommit",
    "codepipeline.amazonaws.com": "AWS CodePipeline",
    "iot.amazonaws.com": "AWS IoT",
    "iotevents.amazonaws.com": "AWS IoT Events",
    "cloudformation.amazonaws.com": "AWS CloudFormation",
}
UNNAMED = "callers who do not wait"
# What an event source mapping reads, by the service in the ARN of its source.
READS: Mapping[str, str] = {"sqs": "queue", "kinesis": "stream", "dynamodb": "stream", "mq": "broker"}
RETRIES_CAN_BE_BOUND = ("kinesis", "dynamodb")
SWITCHED_OFF = ("Disabled", "Disabling", "DISABLED")


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
    for _, function in sorted(estate.functions.items()):
        yield from _asynchronous(estate, function)


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


def _asynchronous(estate: _Estate, function: Function) -> Iterator[Row | Hole]:
    """One row for the function and each alias or version that something invokes without waiting."""
    ways, unseen = _ways(estate, function)
    configured = listing(function.about("lambda:ListFunctionEventInvokeConfigs"))
    destinations: dict[str, str] = {}
    for record in configured.records:
        try:
            name = qualifier(text(record, "FunctionArn"))
            destinations[name] = text(part(part(record, "DestinationConfig"), "OnFailure"), "Destination", "")
        except MALFORMED as problem:
            yield hole(Delivery, configured.capture.unexpected(str(problem)), function.subject)
            return
        ways.setdefault(name, set())
    if _dead_letters(function.record):
        ways.setdefault("", set())
    for name, senders in sorted(ways.items()):
        yield _asynchronous_row(function, configured, name, senders, destinations.get(name, ""))
    yield from unseen
    if not ways:
        yield from configured.holes(Delivery, about=function.subject)


def _ways(estate: _Estate, function: Function) -> tuple[defaultdict[str, set[str]], list[Hole]]:
    """Who invokes the function without waiting, by alias or version, and holes where that could not be read and nothing else tells."""
    ways: defaultdict[str, set[str]] = defaultdict(set)
    for name, senders in estate.started.get(function.arn, {}).items():
        ways[name] |= senders
    unseen: list[tuple[str, Hole]] = [("*", each) for each in function.aliases.holes(Delivery, about=function.subject)]
    asked = [("", function.about("lambda:GetPolicy"))]
    target = function.capture.target
    for alias in function.aliases.records:
        name = str(alias.get("Name"))
        about = function.captures.about("lambda:GetPolicy/alias", target, FunctionName=function.name, Qualifier=name)
        asked.append((name, about))
    for version in function.used:
        about = function.captures.about(
            "lambda:GetPolicy/version", target, FunctionName=function.name, Qualifier=version
        )
        asked.append((version, about))
    for name, about in asked:
        found: Any = frozenset() if about.state == ABSENT else about.read(_services)
        if isinstance(found, Gap):
            unseen.append((name, hole(Delivery, found, function.subject)))
        elif found:
            ways[name] |= found
    return ways, [each for name, each in unseen if name not in ways]


def _services(answer: Record) -> frozenset[str]:
    """The services that a policy allows to invoke and that do not wait."""
    return frozenset(
        NEVER_WAIT[name]
        for statement in parse_policy(plain_policy(text(answer, "Policy"))).statements
        if statement.effect == ALLOW
        for principal in statement.principals or ()
        if principal.kind == "Service" and (name := service_name(principal.name)) in NEVER_WAIT
    )


def _asynchronous_row(
    function: Function, configured: Listing, name: str, senders: set[str], destination: str
) -> Delivery:
    dead = [_dead_letters(record) for record in _versions(function, name)]
    kept: Any = destination or (dead[0] if dead and all(dead) else "") or configured.gap or ""
    return Delivery(
        key=f"{function.arn}:{name or LATEST}/asynchronous",
        subject=replace(function.subject, release=name),
        setting=function.setting,
        sources=function.sources(configured.capture, function.about("lambda:GetPolicy")),
        workload=function.arn,
        path="asynchronous",
        source=_callers(senders),
        failure_destination=kept,
        retries_bounded=True,
    )


def _callers(senders: set[str]) -> str:
    """Who hands over events, in words; a rule or topic that is known by name stands for its service."""
    named = {
        service
        for service, word in (("Amazon EventBridge", "rule "), ("Amazon SNS", "topic "))
        if any(each.startswith(word) for each in senders)
    }
    return " and ".join(sorted(senders - named)) or UNNAMED


def _versions(function: Function, name: str) -> list[Record]:
    """The records of what runs under an alias or version; those of the unpublished version under no name."""
    if not name:
        return [function.record]
    return [record for version, aliases, record in function.releases if name == version or name in aliases]


def _dead_letters(record: Record) -> str:
    found = record.get("DeadLetterConfig")
    target = found.get("TargetArn") if isinstance(found, Mapping) else ""
    return target if isinstance(target, str) else ""
