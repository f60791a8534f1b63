"""What rules, schedules, devices, mail and state machines start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.graph import INTERNET_ANONYMOUS, INTERNET_AUTHENTICATED, OWN_ACCOUNT, EventBus, Feed
from ..records import Listing, Record, listing, loose_items, loose_part, part, shaped, text
from .feeds import SWITCHED_OFF, feed, queue_arn, short
from .resources import arn_of, policy_text, sources

BY_TIMER = "a schedule of the own account starts it"
DEVICES = "devices that connect to AWS IoT with a certificate or credentials publish what it gets"
MAIL = "anybody can send mail to the address"
# Actions of a rule of AWS IoT, with how the ARN of what they feed is made of their value.
_DEVICE_TARGETS: Mapping[str, str] = {
    "lambda": "",
    "sns": "",
    "kinesis": "stream/",
    "sqs": "",
    "stepFunctions": "",
    "s3": "",
}


def shape_feed_rules(captures: Captures) -> Iterator[Row | Hole]:
    """Feed and EventBus rows of rules, schedules, devices, mail and state machines."""
    for capture in captures.expect("events:ListEventBuses", "aws"):
        yield from _buses(captures, listing(capture))
    for capture in captures.expect("scheduler:ListSchedules", "aws"):
        yield from _each(listing(capture), _schedule)
    for capture in captures.expect("iot:ListTopicRules", "aws"):
        yield from _device_rules(captures, listing(capture))
    for capture in captures.expect("ses:DescribeActiveReceiptRuleSet", "aws"):
        yield from _mail(listing(capture))
    for capture in captures.expect("stepfunctions:ListStateMachines", "aws"):
        yield from _machines(captures, listing(capture))


def _each(found: Listing, make: Any) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        yield from shaped(found.capture, Feed, partial(make, found.capture, record))


def _buses(captures: Captures, buses: Listing) -> Iterator[Row | Hole]:
    yield from buses.holes(Feed, EventBus)
    target = buses.capture.target
    for bus in buses.records:
        yield from shaped(buses.capture, EventBus, partial(_bus, buses.capture, bus))
        rules = listing(captures.about("events:ListRules", target, EventBusName=bus.get("Name")))
        yield from rules.holes(Feed)
        for rule in rules.records:
            about = captures.about(
                "events:ListTargetsByRule", target, Rule=rule.get("Name"), EventBusName=rule.get("EventBusName")
            )
            found = listing(about)
            yield from found.holes(Feed)
            for record in found.records:
                yield from shaped(about, Feed, partial(_rule, rules.capture, about, bus, rule, record))


def _bus(capture: Capture, record: Record) -> EventBus:
    arn, name = text(record, "Arn"), text(record, "Name")
    target = capture.target
    return EventBus(
        key=arn,
        subject=Subject("aws", target.account, target.region, "event-bus", arn, name),
        sources=sources(capture),
        name=name,
        policy=policy_text(record, "Policy"),
    )


def _rule(listed: Capture, about: Capture, bus: Record, rule: Record, record: Record) -> Feed:
    name, timed = text(rule, "Name"), text(rule, "ScheduleExpression", "")
    pattern = _pattern(text(rule, "EventPattern", ""))
    buckets = _buckets(pattern)
    on = text(bus, "Name")
    place = about.target
    source, kind, named = text(bus, "Arn"), "bus", f"rule {name} on bus {on}"
    if timed and not pattern:
        return feed(
            place,
            "schedule",
            text(rule, "Arn"),
            f"rule {name} ({timed})",
            text(record, "Arn"),
            listed,
            about,
            part=text(record, "Id"),
            active=rule.get("State") not in SWITCHED_OFF,
            origin=OWN_ACCOUNT,
            because=BY_TIMER,
        )
    if len(buckets) == 1:
        source, kind, named = f"arn:aws:s3:::{buckets[0]}", "bucket", f"bucket {buckets[0]} through rule {name}"
    return feed(
        place,
        kind,
        source,
        named,
        text(record, "Arn"),
        listed,
        about,
        part=f"{name}/{text(record, 'Id')}",
        filters=tuple(f"pattern on {each}" for each in sorted(pattern)),
        active=rule.get("State") not in SWITCHED_OFF,
        own_events_only=kind == "bus" and _own_events(pattern, place.account),
    )


def _pattern(said: str) -> Mapping[str, Any]:
    """An event pattern; empty for one that cannot be read, which lets everything pass."""
    try:
        found = json.loads(said) if said else {}
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _own_events(pattern: Mapping[str, Any], account: str) -> bool:
    """Whether only events of the own account, or of AWS itself, pass: nobody may put events in the name of AWS.

    Source: Amazon EventBridge API Reference, PutEventsRequestEntry (a source must not begin with `aws.`).
    """
    accounts, origins = pattern.get("account"), pattern.get("source")
    if isinstance(accounts, list) and accounts and all(each == account for each in accounts):
        return True
    return (
        isinstance(origins, list)
        and bool(origins)
        and all(isinstance(each, str) and each.startswith("aws.") for each in origins)
    )


def _buckets(pattern: Mapping[str, Any]) -> list[str]:
    if pattern.get("source") != ["aws.s3"]:
        return []
    named = loose_part(loose_part(pattern, "detail"), "bucket").get("name")
    return [each for each in named if isinstance(each, str)] if isinstance(named, list) else []


def _schedule(capture: Capture, record: Record) -> Feed:
    name = text(record, "Name")
    return feed(
        capture.target,
        "schedule",
        text(record, "Arn"),
        f"schedule {name}",
        text(part(record, "Target"), "Arn"),
        capture,
        active=record.get("State") not in SWITCHED_OFF,
        origin=OWN_ACCOUNT,
        because=BY_TIMER,
    )


def _device_rules(captures: Captures, rules: Listing) -> Iterator[Row | Hole]:
    yield from rules.holes(Feed)
    target = rules.capture.target
    for rule in rules.records:
        about = captures.about("iot:GetTopicRule", target, ruleName=rule.get("ruleName"))
        gap = about.gap()
        if gap is not None:
            yield from Listing(about, (), gap).holes(Feed)
            continue
        for number, action in enumerate(loose_items(loose_part(about.answer, "rule"), "actions")):
            for member in _DEVICE_TARGETS:
                if isinstance(action, Mapping) and isinstance(action.get(member), str):
                    yield from shaped(about, Feed, partial(_device, about, rule, member, action[member], number))


def _device(about: Capture, rule: Record, member: str, value: str, number: int) -> Feed:
    name, target = text(rule, "ruleName"), about.target
    to = {
        "sqs": lambda: queue_arn(target, value),
        "kinesis": lambda: arn_of(target, "kinesis", f"stream/{value}"),
        "stepFunctions": lambda: arn_of(target, "states", f"stateMachine:{value}"),
        "s3": lambda: f"arn:aws:s3:::{value}",
    }.get(member, lambda: value)()
    return feed(
        target,
        "device rule",
        text(rule, "ruleArn"),
        f"device rule {name}",
        to,
        about,
        part=str(number),
        active=rule.get("ruleDisabled") is not True,
        origin=INTERNET_AUTHENTICATED,
        because=DEVICES,
    )


def _mail(rules: Listing) -> Iterator[Row | Hole]:
    yield from rules.holes(Feed)
    for rule in rules.records:
        for number, action in enumerate(loose_items(rule, "Actions")):
            for to in _mail_targets(action) if isinstance(action, Mapping) else ():
                yield from shaped(rules.capture, Feed, partial(_mail_rule, rules.capture, rule, to, number))


def _mail_targets(action: Record) -> Iterator[str]:
    """What a rule for incoming mail gives the mail to: functions, buckets, topics (also those that only notify)."""
    for member, value in sorted(action.items()):
        if isinstance(value, Mapping):
            for name in ("FunctionArn", "TopicArn"):
                if isinstance(value.get(name), str):
                    yield value[name]
            if member == "S3Action" and isinstance(value.get("BucketName"), str):
                yield f"arn:aws:s3:::{value['BucketName']}"


def _mail_rule(capture: Capture, rule: Record, to: str, number: int) -> Feed:
    name, target = text(rule, "Name"), capture.target
    return feed(
        target,
        "mail",
        arn_of(target, "ses", f"receipt-rule/{name}"),
        f"mail rule {name}",
        to,
        capture,
        part=str(number),
        active=rule.get("Enabled") is not False,
        origin=INTERNET_ANONYMOUS,
        because=MAIL,
    )


def _machines(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        arn = str(record.get("stateMachineArn"))
        about = captures.about("stepfunctions:DescribeStateMachine", found.capture.target, stateMachineArn=arn)
        gap = about.gap()
        if gap is not None:
            yield from Listing(about, (), gap).holes(Feed)
            continue
        for to in _tasks(str(about.answer.get("definition", ""))):
            yield from shaped(about, Feed, partial(_task, about, arn, to))


def _tasks(definition: str) -> list[str]:
    """The functions that a state machine runs, each once: tasks that are a function, and those that invoke one by name or ARN."""
    try:
        waiting: list[Any] = [json.loads(definition)] if definition else []
    except (ValueError, RecursionError):
        return []
    found: set[str] = set()
    while waiting:
        each = waiting.pop()
        if isinstance(each, list):
            waiting += each
        elif isinstance(each, dict):
            waiting += each.values()
            named = (
                each.get("Resource"),
                loose_part(each, "Parameters").get("FunctionName"),
                loose_part(each, "Arguments").get("FunctionName"),
            )
            found.update(one for one in named if isinstance(one, str) and ":lambda:" in one and ":function:" in one)
    return sorted(found)


def _task(about: Capture, arn: str, to: str) -> Feed:
    return feed(about.target, "state machine", arn, f"state machine {short(arn)}", to, about)
