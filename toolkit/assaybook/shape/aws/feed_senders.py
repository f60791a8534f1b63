"""What devices and mail start: events that come from outside of AWS through a rule."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial

from ...capture import Capture, Captures
from ...evidence import Hole, Row
from ...tables.graph import INTERNET_ANONYMOUS, INTERNET_AUTHENTICATED, Feed
from ..records import Listing, Record, listing, loose_items, loose_part, shaped, text
from .feeds import feed, queue_arn
from .resources import arn_of

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


def shape_feed_senders(captures: Captures) -> Iterator[Row | Hole]:
    """Feed rows of rules for devices and for incoming mail."""
    for capture in captures.expect("iot:ListTopicRules", "aws"):
        yield from _device_rules(captures, listing(capture))
    for capture in captures.expect("ses:DescribeActiveReceiptRuleSet", "aws"):
        yield from _mail(listing(capture))


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
