"""What Amazon SQS and SNS would answer about the queues, topics and subscriptions of a stack."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ....capture import NOT_TOLD
from ..resources import Resource
from .answers import Answers, Record, Stack, entries, members, plain, policy, switch, symbolic, untold, word
from .attached import attached, in_words

QUEUE, TOPIC, SUBSCRIPTION = "AWS::SQS::Queue", "AWS::SNS::Topic", "AWS::SNS::Subscription"
QUEUE_POLICIES = ("AWS::SQS::QueuePolicy", "AWS::SQS::QueueInlinePolicy")
TOPIC_POLICIES = ("AWS::SNS::TopicPolicy", "AWS::SNS::TopicInlinePolicy")
ANSWERED = (
    "sqs:ListQueues",
    "sqs:GetQueueAttributes",
    "sns:ListTopics",
    "sns:GetTopicAttributes",
    "sns:ListSubscriptions",
    "sns:GetSubscriptionAttributes",
    "sns:ListSubscriptionsByTopic",
)
# Subscriptions that count without anybody's confirmation when the account of the topic makes them. Source: Amazon SNS Developer Guide, "Subscribe".
SELF_CONFIRMED = ("lambda", "sqs", "firehose", "sms", "application")


def make(stack: Stack, answers: Answers) -> None:
    """Answers about every queue, topic and subscription."""
    for queue in stack.of(QUEUE):
        _queue(stack, answers, queue)
    for topic in stack.of(TOPIC):
        _topic(stack, answers, topic)
    for told in _subscriptions(stack):
        _subscription(stack, answers, *told)
    _told_by_alarms(stack, answers)


def queue_url(stack: Stack, name: str) -> str:
    """The address of a queue of the stack."""
    suffix = "amazonaws.com.cn" if stack.partition == "aws-cn" else "amazonaws.com"
    return f"https://sqs.{stack.region}.{suffix}/{stack.account}/{name}"


def _names_queue(stack: Stack, value: Any, queue: Resource) -> bool:
    """Whether a property names a queue, by its address, name or ARN."""
    said = word(value)
    return said.rpartition("/")[2] == queue.name or stack.named(said, QUEUE) is queue


def _queue(stack: Stack, answers: Answers, queue: Resource) -> None:
    """SQS encrypts with keys of its own where nothing is said. Source: AWS CloudFormation Template Reference, "AWS::SQS::Queue" (SqsManagedSseEnabled)."""
    name, said = queue.name or queue.id, queue.properties
    arn, url = stack.arn("sqs", name), queue_url(stack, name)
    answers.place(arn, queue.where, queue.conditional)
    answers.listed("sqs:ListQueues", url, where=queue.where)
    found = attached(stack, queue, QUEUE_POLICIES, ("Queues", "Queue"), lambda value: _names_queue(stack, value, queue))
    declared, where = in_words(found, "PolicyDocument", NOT_TOLD)
    key, own = said.get("KmsMasterKeyId"), switch(said.get("SqsManagedSseEnabled"), True)
    attributes: dict[str, Any] = {"QueueArn": arn}
    if key not in (None, ""):
        attributes["KmsMasterKeyId"] = plain(key)
    else:
        attributes["SqsManagedSseEnabled"] = str(own).lower() if isinstance(own, bool) else own
    if declared is not None:
        attributes["Policy"] = declared
    attributes |= _redrive(said.get("RedrivePolicy"))
    answers.told("sqs:GetQueueAttributes", {"Attributes": attributes}, where or queue.where, QueueUrl=url)


def _redrive(value: Any) -> Record:
    """A redrive policy as the text in which both services answer it."""
    if value is None:
        return {}
    if untold(value):
        return {"RedrivePolicy": plain(value)}
    return {"RedrivePolicy": value if isinstance(value, str) else json.dumps(symbolic(value), sort_keys=True)}


def _topic(stack: Stack, answers: Answers, topic: Resource) -> None:
    name, said = topic.name or topic.id, topic.properties
    arn = stack.arn("sns", name)
    answers.place(arn, topic.where, topic.conditional)
    answers.listed("sns:ListTopics", {"TopicArn": arn}, where=topic.where)
    found = attached(
        stack, topic, TOPIC_POLICIES, ("Topics", "TopicArn"), lambda value: stack.named(value, TOPIC) is topic
    )
    declared, where = in_words(found, "PolicyDocument", NOT_TOLD)
    attributes: dict[str, Any] = {
        "TopicArn": arn,
        "Policy": default_policy(stack, arn) if declared is None else declared,
    }
    if said.get("KmsMasterKeyId") not in (None, ""):
        attributes["KmsMasterKeyId"] = plain(said["KmsMasterKeyId"])
    answers.told("sns:GetTopicAttributes", {"Attributes": attributes}, where or topic.where, TopicArn=arn)


def default_policy(stack: Stack, arn: str) -> str:
    """The policy of a topic for which nobody set one. Source: Amazon SNS API Reference, "GetTopicAttributes"."""
    actions = (
        "GetTopicAttributes",
        "SetTopicAttributes",
        "AddPermission",
        "RemovePermission",
        "DeleteTopic",
        "Subscribe",
    )
    statement = {
        "Sid": "__default_statement_ID",
        "Effect": "Allow",
        "Principal": {"AWS": "*"},
        "Action": [f"SNS:{each}" for each in (*actions, "ListSubscriptionsByTopic", "Publish")],
        "Resource": arn,
        "Condition": {"StringEquals": {"AWS:SourceOwner": stack.account}},
    }
    return policy({"Version": "2008-10-17", "Id": "__default_policy_ID", "Statement": [statement]})


def _subscriptions(stack: Stack) -> Iterator[tuple[str, str, Record, Resource]]:
    """Topic, ARN and properties of each subscription, with the resource that says so: its own, or the topic."""
    for each in stack.of(SUBSCRIPTION):
        topic = word(each.properties.get("TopicArn"))
        yield topic, each.arn if each.arn.startswith("arn:") else f"{topic}:{each.id}", each.properties, each
    for each in stack.of(TOPIC):
        topic = stack.arn("sns", each.name or each.id)
        for place, said in enumerate(entries(each.properties.get("Subscription"))):
            yield topic, f"{topic}:{each.id}-{place}", members(said), each


def _subscription(stack: Stack, answers: Answers, topic: str, arn: str, said: Record, owner: Resource) -> None:
    topic = topic if topic.startswith("arn:") else stack.arn("sns", topic)
    record = {
        "SubscriptionArn": arn,
        "Owner": stack.account,
        "Protocol": plain(said.get("Protocol")),
        "Endpoint": word(said.get("Endpoint")),
        "TopicArn": topic,
    }
    answers.place(arn, owner.where, owner.conditional)
    answers.listed("sns:ListSubscriptions", record, where=owner.where)
    if said.get("Protocol") == "lambda":
        attributes: dict[str, Any] = {"SubscriptionArn": arn, "TopicArn": topic, **_redrive(said.get("RedrivePolicy"))}
        if said.get("FilterPolicy") is not None:
            attributes["FilterPolicy"] = policy(said["FilterPolicy"])
        if said.get("FilterPolicyScope") is not None:
            attributes["FilterPolicyScope"] = plain(said["FilterPolicyScope"])
        answers.told("sns:GetSubscriptionAttributes", {"Attributes": attributes}, owner.where, SubscriptionArn=arn)


def _told_by_alarms(stack: Stack, answers: Answers) -> None:
    """Whom the topics of alarms tell, where a template can say it: a person confirms later, or subscribes by hand."""
    heard: dict[str, list[Record]] = {}
    waiting: dict[str, str] = {}
    for topic, arn, said, owner in _subscriptions(stack):
        if said.get("Protocol") in SELF_CONFIRMED and not owner.conditional:
            record = {"SubscriptionArn": arn, "Protocol": said["Protocol"], "TopicArn": topic}
            heard.setdefault(topic, []).append(record)
        else:
            waiting.setdefault(topic, owner.where)
    for topic, records in heard.items():
        answers.listed("sns:ListSubscriptionsByTopic", *records, TopicArn=topic)
    for each in stack.of(TOPIC):
        arn = stack.arn("sns", each.name or each.id)
        if arn not in heard:
            why = "whether somebody confirmed the subscription" if arn in waiting else "who subscribed by hand"
            answers.untold("sns:ListSubscriptionsByTopic", why, waiting.get(arn, each.where), TopicArn=arn)
