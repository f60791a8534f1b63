"""What rules of event buses, schedules and state machines start."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ...capture import Capture, Captures, Target
from ...evidence import Hole, Row
from ...model import Subject
from ...tables.graph import OWN_ACCOUNT, Feed, SourcePolicy
from ..records import MALFORMED, Listing, Record, listing, loose_part, part, shaped, text
from .buckets import buckets
from .feeds import SWITCHED_OFF, feed, short
from .resources import partition_of, policy_text, sources

BY_TIMER = "a schedule of the own account starts it"


def shape_feed_rules(captures: Captures) -> Iterator[Row | Hole]:
    """Feed and SourcePolicy rows of rules, schedules and state machines."""
    for capture in captures.expect("events:ListEventBuses", "aws"):
        yield from _buses(captures, listing(capture))
    for capture in captures.expect("scheduler:ListSchedules", "aws"):
        yield from _each(listing(capture), _schedule)
    for capture in captures.expect("stepfunctions:ListStateMachines", "aws"):
        yield from _machines(captures, listing(capture))


def _each(found: Listing, make: Any) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        yield from shaped(found.capture, Feed, partial(make, found.capture, record))


def _buses(captures: Captures, buses: Listing) -> Iterator[Row | Hole]:
    yield from buses.holes(Feed, SourcePolicy)
    target = buses.capture.target
    for bus in buses.records:
        yield from shaped(buses.capture, SourcePolicy, partial(_bus, buses.capture, bus))
        rules = listing(captures.about("events:ListRules", target, EventBusName=bus.get("Name")))
        yield from rules.holes(Feed)
        for rule in rules.records:
            about = captures.about(
                "events:ListTargetsByRule", target, Rule=rule.get("Name"), EventBusName=rule.get("EventBusName")
            )
            found = listing(about)
            yield from found.holes(Feed)
            for record in found.records:
                yield from _rule_feeds(captures, rules.capture, about, bus, rule, record)


def _bus(capture: Capture, record: Record) -> SourcePolicy:
    arn, name = text(record, "Arn"), text(record, "Name")
    target = capture.target
    return SourcePolicy(
        key=arn,
        subject=Subject("aws", target.account, target.region, "event-bus", arn, name),
        sources=sources(capture),
        kind="bus",
        name=name,
        policy=policy_text(record, "Policy"),
    )


def _rule_feeds(
    captures: Captures, listed: Capture, about: Capture, bus: Record, rule: Record, record: Record
) -> Iterator[Row | Hole]:
    """One row for the bus, or, where the pattern waits for events of buckets, one for each bucket."""
    pattern = _pattern(str(rule.get("EventPattern") or ""))
    for bucket in _buckets(captures, about.target, pattern):
        yield from shaped(about, Feed, partial(_bucket_rule, listed, about, rule, record, pattern, bucket))
    if pattern.get("source") != ["aws.s3"]:
        yield from shaped(about, Feed, partial(_rule, listed, about, bus, rule, record, pattern))


def _rule(
    listed: Capture, about: Capture, bus: Record, rule: Record, record: Record, pattern: Mapping[str, Any]
) -> Feed:
    name, timed, to = text(rule, "Name"), text(rule, "ScheduleExpression", ""), text(record, "Arn")
    active, place = rule.get("State") not in SWITCHED_OFF, about.target
    if timed and not pattern:
        said = f"rule {name} ({timed})"
        return feed(
            place,
            "schedule",
            text(rule, "Arn"),
            said,
            to,
            listed,
            about,
            part=text(record, "Id"),
            active=active,
            origin=OWN_ACCOUNT,
            because=BY_TIMER,
        )
    return feed(
        place,
        "bus",
        text(bus, "Arn"),
        f"rule {name} on bus {text(bus, 'Name')}",
        to,
        listed,
        about,
        part=f"{name}/{text(record, 'Id')}",
        filters=_said(pattern),
        active=active,
        own_events_only=_own_events(pattern, place.account),
    )


def _bucket_rule(
    listed: Capture, about: Capture, rule: Record, record: Record, pattern: Mapping[str, Any], bucket: str
) -> Feed:
    name = text(rule, "Name")
    return feed(
        about.target,
        "bucket",
        f"arn:{partition_of(about.target.region)}:s3:::{bucket}",
        f"bucket {bucket} through rule {name}",
        text(record, "Arn"),
        listed,
        about,
        part=f"{name}/{text(record, 'Id')}",
        filters=_said(pattern),
        active=rule.get("State") not in SWITCHED_OFF,
    )


def _said(pattern: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(f"pattern on {each}" for each in sorted(pattern))


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


def _buckets(captures: Captures, place: Target, pattern: Mapping[str, Any]) -> list[str]:
    """The buckets whose events a pattern waits for: those that it names, else all of the region that tell EventBridge."""
    if pattern.get("source") != ["aws.s3"]:
        return []
    named = loose_part(loose_part(pattern, "detail"), "bucket").get("name")
    if isinstance(named, list):
        return [each for each in named if isinstance(each, str)]
    told = (
        bucket
        for _, found in buckets(captures)
        for bucket in found
        if "EventBridgeConfiguration" in bucket.about("GetBucketNotificationConfiguration").answer
    )
    return [each.name for each in told if (each.found.target.account, each.region) == (place.account, place.region)]


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


def _machines(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    yield from found.holes(Feed)
    for record in found.records:
        arn = str(record.get("stateMachineArn"))
        about = captures.about("stepfunctions:DescribeStateMachine", found.capture.target, stateMachineArn=arn)
        gap = about.gap()
        if gap is not None:
            yield from Listing(about, (), gap).holes(Feed)
            continue
        try:
            found_tasks = _tasks(text(about.answer, "definition"))
        except (*MALFORMED, RecursionError) as problem:
            yield from Listing(about, (), about.unexpected(f"definition: {type(problem).__name__}")).holes(Feed)
            continue
        for to in found_tasks:
            yield from shaped(about, Feed, partial(_task, about, arn, to))


def _tasks(definition: str) -> list[str]:
    """The functions that a state machine runs, each once: tasks that are a function, and those that invoke one by its ARN. Raises ValueError or RecursionError."""
    waiting: list[Any] = [json.loads(definition)]
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
