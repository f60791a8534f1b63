"""Event buses with their rules, schedules and pipes of a stack."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..resources import Resource
from .answers import Answers, Stack, entries, members, plain, policy_answer, symbolic, untold, word

BUS, RULE, BUS_POLICY = "AWS::Events::EventBus", "AWS::Events::Rule", "AWS::Events::EventBusPolicy"
SCHEDULE, PIPE = "AWS::Scheduler::Schedule", "AWS::Pipes::Pipe"
# Every account has it in each region. Source: Amazon EventBridge User Guide, "Event buses in Amazon EventBridge".
DEFAULT = "default"
# What is kept of a target; what a rule puts into the event is not.
TARGET = (
    "RoleArn",
    "DeadLetterConfig",
    "RetryPolicy",
    "SqsParameters",
    "KinesisParameters",
    "HttpParameters",
    "EcsParameters",
)

ANSWERED = (
    "events:ListEventBuses",
    "events:ListRules",
    "events:ListTargetsByRule",
    "scheduler:ListSchedules",
    "scheduler:GetSchedule",
    "pipes:ListPipes",
    "pipes:DescribePipe",
)


def make(stack: Stack, answers: Answers) -> None:
    """Answers of Amazon EventBridge."""
    buses = {DEFAULT: None, **{each.name: each for each in stack.of(BUS)}}
    for name in dict.fromkeys((*buses, *(bus_of(stack, each) for each in stack.of(RULE)))):
        _bus(stack, answers, name, buses.get(name))
    for each in stack.of(RULE):
        _rule(stack, answers, each)
    for each in stack.of(SCHEDULE):
        _schedule(stack, answers, each)
    for each in stack.of(PIPE):
        _pipe(stack, answers, each)


def bus_of(stack: Stack, resource: Resource) -> str:
    """The name of the bus that a rule or policy is on."""
    said = word(resource.properties.get("EventBusName"), DEFAULT) or DEFAULT
    found = stack.named(said, BUS)
    return found.name if found else said.rpartition("/")[2]


def _bus(stack: Stack, answers: Answers, name: str, bus: Resource | None) -> None:
    arn = bus.arn if bus else stack.arn("events", f"event-bus/{name}")
    record: dict[str, Any] = {"Name": name, "Arn": arn}
    policy = bus.properties.get("Policy") if bus else None
    statements = []
    for each in stack.of(BUS_POLICY):
        if bus_of(stack, each) == name:
            statements += _statements(each, arn)
    if policy is not None and not statements:
        record["Policy"] = policy_answer(policy)
    elif statements:
        own = entries(members(policy).get("Statement"))
        record["Policy"] = policy_answer({"Version": "2012-10-17", "Statement": [*own, *statements]})
    answers.listed("events:ListEventBuses", record, where=bus.where if bus else "")
    answers.listed("events:ListRules", EventBusName=name)


def _statements(policy: Resource, arn: str) -> list[Any]:
    properties = policy.properties
    statement = properties.get("Statement")
    if statement is not None:
        return [
            {"Sid": word(properties.get("StatementId"), policy.id), **each}
            if isinstance(each, Mapping) and not untold(each)
            else each
            for each in entries(statement)
        ]
    principal = properties.get("Principal")
    made: dict[str, Any] = {
        "Sid": word(properties.get("StatementId"), policy.id),
        "Effect": "Allow",
        "Principal": "*" if principal == "*" else {"AWS": principal},
        "Action": properties.get("Action", "events:PutEvents"),
        "Resource": arn,
    }
    condition = members(properties.get("Condition"))
    if condition:
        made["Condition"] = {word(condition.get("Type")): {word(condition.get("Key")): condition.get("Value")}}
    return [made]


def _json(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(symbolic(plain(value)), sort_keys=True, ensure_ascii=False)


def _rule(stack: Stack, answers: Answers, rule: Resource) -> None:
    properties, bus = rule.properties, bus_of(stack, rule)
    record: dict[str, Any] = {
        "Name": rule.name,
        "Arn": rule.arn,
        "EventBusName": bus,
        "State": properties.get("State", "ENABLED"),
    }
    pattern = properties.get("EventPattern")
    if pattern is not None:
        record["EventPattern"] = pattern if untold(pattern) else _json(pattern)
    if properties.get("ScheduleExpression") is not None:
        record["ScheduleExpression"] = word(properties["ScheduleExpression"])
    answers.listed("events:ListRules", record, where=rule.where, EventBusName=bus)
    targets = []
    for place, each in enumerate(entries(properties.get("Targets")), 1):
        given = members(each)
        made: dict[str, Any] = {"Id": word(given.get("Id"), str(place)), "Arn": word(given.get("Arn"))}
        made |= {name: given[name] for name in TARGET if given.get(name) is not None}
        targets.append(made)
        answers.place(f"{rule.arn}/{made['Id']}", rule.where, rule.conditional)
    answers.listed("events:ListTargetsByRule", *targets, where=rule.where, Rule=rule.name, EventBusName=bus)


def _schedule(stack: Stack, answers: Answers, schedule: Resource) -> None:
    properties = schedule.properties
    group = word(properties.get("GroupName"), DEFAULT) or DEFAULT
    target = members(properties.get("Target"))
    common = {
        "Name": schedule.name,
        "Arn": schedule.arn,
        "GroupName": group,
        "State": properties.get("State", "ENABLED"),
    }
    answers.listed(
        "scheduler:ListSchedules", {**common, "Target": {"Arn": word(target.get("Arn"))}}, where=schedule.where
    )
    kept = {
        name: target[name] for name in ("RoleArn", "DeadLetterConfig", "RetryPolicy") if target.get(name) is not None
    }
    detail = {**common, "Target": {"Arn": word(target.get("Arn")), **kept}}
    if properties.get("ScheduleExpression") is not None:
        detail["ScheduleExpression"] = word(properties["ScheduleExpression"])
    if properties.get("KmsKeyArn") is not None:
        detail["KmsKeyArn"] = word(properties["KmsKeyArn"])
    answers.told("scheduler:GetSchedule", detail, schedule.where, Name=schedule.name, GroupName=group)


def _pipe(stack: Stack, answers: Answers, pipe: Resource) -> None:
    properties = pipe.properties
    stopped = properties.get("DesiredState") == "STOPPED"
    record: dict[str, Any] = {
        "Name": pipe.name,
        "Arn": pipe.arn,
        "Source": word(properties.get("Source")),
        "Target": word(properties.get("Target")),
        "DesiredState": properties.get("DesiredState", "RUNNING"),
        "CurrentState": "STOPPED" if stopped else "RUNNING",
    }
    if properties.get("Enrichment") is not None:
        record["Enrichment"] = word(properties["Enrichment"])
    answers.listed("pipes:ListPipes", record, where=pipe.where)
    detail = dict(record)
    for name in ("RoleArn", "SourceParameters", "TargetParameters", "LogConfiguration", "KmsKeyIdentifier"):
        if properties.get(name) is not None:
            detail[name] = word(properties[name]) if name == "RoleArn" else properties[name]
    answers.told("pipes:DescribePipe", detail, pipe.where, Name=pipe.name)
