"""Accounts, regions, and how completely each population was read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures
from ...evidence import Hole, Row
from ...model import Subject
from ...plan.aws.functions import COUNT_BY_TYPE
from ...tables.scope import Account, Population, Region
from ..records import Record, items, listing, place

Count = Callable[[Record], int]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A population: its name, the call that lists it, how to count its records, and what else counts the same.

    `apart` tells one that is counted a further time from the others; `asked` are the parameters of the second source; its count is None where it keeps no count of this population.
    """

    name: str
    call: str
    apart: str = ""
    scope: str = "regional"
    counts: Count | None = None
    second: str = ""
    second_counts: Callable[[Record], int | None] | None = None
    asked: Mapping[str, str] = field(default_factory=dict)


def _recorded(kind: str) -> Callable[[Record], int | None]:
    """What AWS Config counts of a type; None where it does not record it, or holds none."""

    def count(answer: Record) -> int | None:
        lines = [json.loads(each) for each in items(answer, "Results")]
        return next((int(each["COUNT(*)"]) for each in lines if each["resourceType"] == kind), None)

    return count


def _in_config(name: str, call: str, kind: str, counts: Count | None = None) -> _Counted:
    return _Counted(
        name,
        call,
        apart="/AWS Config",
        counts=counts,
        second="config:SelectResourceConfig",
        second_counts=_recorded(kind),
        asked={"Expression": COUNT_BY_TYPE},
    )


def _latest(answer: Record) -> int:
    return sum(each["Version"] == "$LATEST" for each in answer["Functions"])


_POPULATIONS = (
    _Counted(
        "functions",
        "lambda:ListFunctions",
        counts=_latest,
        second="lambda:GetAccountSettings",
        second_counts=lambda answer: int(answer["AccountUsage"]["FunctionCount"]),
    ),
    _Counted(
        "roles",
        "iam:GetAccountAuthorizationDetails",
        scope=GLOBAL,
        counts=lambda answer: len(answer["RoleDetailList"]),
        second="iam:GetAccountSummary",
        second_counts=lambda answer: int(answer["SummaryMap"]["Roles"]),
    ),
    _in_config("functions", "lambda:ListFunctions", "AWS::Lambda::Function", _latest),
    _in_config("REST APIs", "apigateway:GetRestApis", "AWS::ApiGateway::RestApi"),
    _in_config("HTTP and WebSocket APIs", "apigatewayv2:GetApis", "AWS::ApiGatewayV2::Api"),
    _Counted("event source mappings", "lambda:ListEventSourceMappings"),
    _Counted("REST APIs", "apigateway:GetRestApis"),
    _Counted("HTTP and WebSocket APIs", "apigatewayv2:GetApis"),
    _Counted("GraphQL APIs", "appsync:ListGraphqlApis"),
    _Counted("buckets", "s3:ListBuckets", scope=GLOBAL),
    _Counted("tables", "dynamodb:ListTables", counts=lambda answer: len(answer["TableNames"])),
    _Counted("queues", "sqs:ListQueues", counts=lambda answer: len(answer.get("QueueUrls", ()))),
    _Counted("topics", "sns:ListTopics"),
    _Counted("keys", "kms:ListKeys"),
    _Counted("log groups", "logs:DescribeLogGroups"),
    _Counted("alarms", "cloudwatch:DescribeAlarms"),
    _Counted("trails", "cloudtrail:DescribeTrails"),
)


def shape_scope(captures: Captures) -> Iterator[Row | Hole]:
    """Account, Region and Population rows."""
    for target in captures.targets("aws", scope=GLOBAL):
        about = captures.about("organizations:DescribeOrganization", target)
        yield Account(
            key=target.account,
            subject=Subject("aws", target.account, GLOBAL, "account", target.account, target.account),
            sources=_sources(about),
            account=target.account,
            organisation=about.read(lambda answer: _organisation(answer, "Id")) if about.state != ABSENT else "",
            management_account=about.read(lambda answer: _organisation(answer, "MasterAccountId"))
            if about.state != ABSENT
            else "",
        )
    for capture in captures.expect("lambda:ListFunctions", "aws"):
        target = capture.target
        yield Region(
            key=f"{target.account}/{target.region}",
            subject=place(target),
            sources=_sources(capture),
            account=target.account,
            region=target.region,
            workloads=capture.read(_latest),
        )
    for each in _POPULATIONS:
        for capture in captures.expect(each.call, "aws", scope=each.scope):
            row = _population(captures, each, capture)
            # A further count that was not asked for, or that AWS Config does not keep, takes nothing away from the others.
            if not each.asked or (row.second_source and captures.of(each.second, capture.target)):
                yield row


def _organisation(answer: Record, name: str) -> str:
    return str(answer["Organization"][name])


def _population(captures: Captures, counted: _Counted, capture: Capture) -> Population:
    target = capture.target
    second = captures.about(counted.second, target, **counted.asked) if counted.second else None
    count: Any = second.read(counted.second_counts) if second and counted.second_counts else None
    found = listing(capture)
    key = f"{target}/{counted.name}{counted.apart}"
    return Population(
        key=key,
        subject=Subject("aws", target.account, target.region, "population", key, counted.name),
        sources=_sources(capture, *([second] if second else [])),
        population=counted.name,
        call=counted.call,
        pages=capture.pages,
        records=capture.read(counted.counts) if counted.counts else _or_gap(found.gap, len(found.records)),
        second_source="" if count is None else counted.second,
        second_count=0 if count is None else count,
    )


def _or_gap(gap: Any, value: int) -> Any:
    return value if gap is None else gap


def _sources(*captures: Capture) -> tuple[str, ...]:
    return tuple(each.ref for each in captures if each.ref)
