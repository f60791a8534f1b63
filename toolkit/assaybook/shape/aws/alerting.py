"""Where alarms lead, what watches for security events, and what looks at the bill: of AWS, to rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import Any

from ...capture import ABSENT, GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...model import Subject
from ...tables.alerting import GLOBAL_EVENTS, SECURITY_EVENTS, AlarmTarget, CostAlarm, EventWatch, SecurityEvent
from ..records import MALFORMED, Listing, Record, hole, items, listing, part, place, shaped, text
from .monitoring import alarm_subject, composites, refers_to
from .resources import partition_of, sources

# Actions that change capacity or a machine and tell nobody. Source: Amazon CloudWatch User Guide, "Alarm actions".
SCALING = ("autoscaling", "application-autoscaling", "automate", "swf", "ec2")
# A rule with one of these as its only target records what happens and tells nobody.
RECORDS_ONLY = ("logs",)
ENABLED = ("ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS")
# Kinds of budgets that cost or use moves; the others look at the use of reservations. Source: AWS Budgets API Reference, "Budget".
SPENDING = ("COST", "USAGE")
HOME = {"aws": "us-east-1", "aws-cn": "cn-north-1", "aws-us-gov": "us-gov-west-1"}


def shape_alerting(captures: Captures) -> Iterator[Row | Hole]:
    """AlarmTarget, EventWatch, SecurityEvent and CostAlarm rows."""
    for capture in captures.expect("cloudwatch:DescribeAlarms", "aws"):
        yield from _alarm_targets(captures, capture)
    for capture in captures.expect("events:ListEventBuses", "aws"):
        yield from _rules(captures, listing(capture))
    for capture in captures.expect("cloudtrail:DescribeTrails", "aws"):
        yield from _filters(captures, listing(capture))
    yield from _events(captures)
    for capture in captures.expect("budgets:DescribeBudgets", "aws", scope=GLOBAL):
        yield from _budgets(captures, listing(capture))
    for capture in captures.expect("ce:GetAnomalyMonitors", "aws", scope=GLOBAL):
        yield from _monitors(captures, listing(capture))


def _alarm_targets(captures: Captures, capture: Capture) -> Iterator[Row | Hole]:
    single = listing(capture)
    yield from single.holes(AlarmTarget)
    for record in (*single.records, *composites(capture).records):
        try:
            arns = sorted({str(each) for each in items(record, "AlarmActions")})
        except MALFORMED as problem:
            yield hole(AlarmTarget, capture.unexpected(f"{type(problem).__name__} {problem}"), place(capture.target))
            continue
        for arn in arns:
            yield from shaped(capture, AlarmTarget, partial(_alarm_target, captures, capture, record, arn))


def _alarm_target(captures: Captures, capture: Capture, record: Record, arn: str) -> AlarmTarget:
    subject = alarm_subject(capture, record)
    service = arn.split(":")[2]
    kind = "topic" if service == "sns" else "scaling" if service in SCALING else "other"
    about = captures.about("sns:ListSubscriptionsByTopic", capture.target, TopicArn=arn) if kind == "topic" else capture
    counted: Any = (0, 0) if kind != "topic" or about.state == ABSENT else about.read(_subscriptions)
    confirmed: Any = counted if isinstance(counted, Gap) else counted[0]
    pending: Any = counted if isinstance(counted, Gap) else counted[1]
    return AlarmTarget(
        key=f"{subject.native}/{arn}",
        subject=subject,
        sources=sources(capture, about),
        alarm=subject.native,
        kind=kind,
        target=arn,
        exists=about.state != ABSENT,
        confirmed=confirmed,
        pending=pending,
    )


def _subscriptions(answer: Record) -> tuple[int, int]:
    """How many subscriptions are confirmed, and how many await it; those that are deleted stay listed for some days and count as neither."""
    arns = [text(each, "SubscriptionArn") for each in answer["Subscriptions"]]
    return sum(each.startswith("arn:") for each in arns), arns.count("PendingConfirmation")


def _rules(captures: Captures, buses: Listing) -> Iterator[Row | Hole]:
    """The rules of the default bus, which alone carries the events of AWS itself. Rules that a service made for itself tell nobody of ours."""
    yield from buses.holes(EventWatch)
    target = buses.capture.target
    for bus in buses.records:
        if bus.get("Name") != "default":
            continue
        rules = listing(captures.about("events:ListRules", target, EventBusName="default"))
        yield from rules.holes(EventWatch)
        for rule in rules.records:
            if rule.get("EventPattern") and not rule.get("ManagedBy"):
                about = captures.about(
                    "events:ListTargetsByRule", target, Rule=rule.get("Name"), EventBusName="default"
                )
                yield from shaped(rules.capture, EventWatch, partial(_rule, rules.capture, about, rule))


def _rule(capture: Capture, about: Capture, rule: Record) -> EventWatch:
    target, arn, name = capture.target, text(rule, "Arn"), text(rule, "Name")
    return EventWatch(
        key=arn,
        subject=Subject("aws", target.account, target.region, "rule", arn, name),
        sources=sources(capture, about),
        kind="rule",
        name=name,
        pattern=text(rule, "EventPattern"),
        enabled=text(rule, "State") in ENABLED,
        told=() if about.state == ABSENT else about.read(_told),
    )


def _told(answer: Record) -> tuple[str, ...]:
    arns = sorted({text(each, "Arn") for each in answer["Targets"]})
    return tuple(each for each in arns if each.split(":")[2] not in RECORDS_ONLY)


def _filters(captures: Captures, trails: Listing) -> Iterator[Row | Hole]:
    """Filters over log groups to which the trails write that record a region, wherever the group lies."""
    yield from trails.holes(EventWatch)
    target = trails.capture.target
    for trail in trails.records:
        group = str(trail.get("CloudWatchLogsLogGroupArn") or "")
        parts = group.split(":")
        if len(parts) < 7:
            continue
        where = Target("aws", parts[4], parts[3])
        if where not in captures.targets("aws"):
            said = f"the trail {trail.get('Name')} writes to a log group in {parts[3]} of account {parts[4]}"
            gap = Gap("logs:DescribeMetricFilters", "out_of_scope", said, "", parts[4], parts[3])
            yield hole(EventWatch, gap, place(target))
            continue
        filters = listing(captures.about("logs:DescribeMetricFilters", where))
        yield from filters.holes(EventWatch, about=place(target))
        for record in filters.records:
            if record.get("logGroupName") == parts[6]:
                yield from shaped(
                    trails.capture, EventWatch, partial(_filter, captures, filters.capture, target, trail, record)
                )


def _filter(captures: Captures, capture: Capture, target: Target, trail: Record, record: Record) -> EventWatch:
    """A filter as the region of a target sees it, whose events a trail brings past it."""
    group, name = text(record, "logGroupName"), text(record, "filterName")
    status = captures.about("cloudtrail:GetTrailStatus", target, Name=text(trail, "TrailARN"))
    alarms = captures.about("cloudwatch:DescribeAlarms", capture.target, AlarmTypes=["MetricAlarm", "CompositeAlarm"])
    metrics = {
        (text(each, "metricNamespace"), text(each, "metricName")) for each in items(record, "metricTransformations")
    }
    native = f"{group}/{name}"
    return EventWatch(
        key=f"{target}/{native}/{text(trail, 'TrailARN')}",
        subject=Subject("aws", target.account, target.region, "metric-filter", native, name),
        sources=sources(capture, status, alarms),
        kind="filter",
        name=name,
        pattern=text(record, "filterPattern", ""),
        enabled=False if status.state == ABSENT else status.read(lambda answer: answer["IsLogging"] is True),
        told=alarms.read(lambda answer: _alarms_on(metrics, alarms, answer)),
    )


def _alarms_on(metrics: set[tuple[str, str]], capture: Capture, answer: Record) -> tuple[str, ...]:
    """The alarms on one of these metrics, alone or within an expression, that act themselves or through a composite alarm."""
    acting = [each for each in composites(capture).records if _acts(each)]
    found = []
    for alarm in answer["MetricAlarms"]:
        watched = [alarm, *(part(part(each, "MetricStat"), "Metric") for each in items(alarm, "Metrics"))]
        subject = alarm_subject(capture, alarm)
        if any((each.get("Namespace"), each.get("MetricName")) in metrics for each in watched) and (
            _acts(alarm) or any(refers_to(each, subject) for each in acting)
        ):
            found.append(subject.name)
    return tuple(sorted(found))


def _acts(alarm: Record) -> bool:
    return alarm.get("ActionsEnabled", True) is True and bool(items(alarm, "AlarmActions"))


def _events(captures: Captures) -> Iterator[Row | Hole]:
    """A row for each kind of event in each region; kinds of services without regions in the one region where they come past."""
    regions: defaultdict[str, set[str]] = defaultdict(set)
    for target in captures.targets("aws"):
        regions[target.account].add(target.region)
    for account, found in sorted(regions.items()):
        home = HOME[partition_of(min(found))]
        for kind, said in SECURITY_EVENTS.items():
            for region in sorted({home} if kind in GLOBAL_EVENTS else found):
                native = f"{account}/{region}/{kind}"
                subject = Subject("aws", account, region, "security-event", native, f"{said} in {region}")
                if region in found:
                    yield SecurityEvent(key=native, subject=subject, account=account, region=region, event=kind)
                else:
                    said_where = f"such events come past in {home} only, which is not in scope"
                    gap = Gap("events:ListRules", "out_of_scope", said_where, "", account, region)
                    yield Hole(SecurityEvent, gap, subject, native)


def _account(capture: Capture) -> Subject:
    account = capture.target.account
    return Subject("aws", account, GLOBAL, "account", account, account)


def _budgets(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    about = captures.about(
        "budgets:DescribeBudgetNotificationsForAccount", found.capture.target, AccountId=found.capture.target.account
    )
    yield from found.holes(CostAlarm, about=_account(found.capture))
    told: Any = frozenset() if about.state == ABSENT else about.read(_telling)
    for record in found.records:
        if record.get("BudgetType") in SPENDING:
            yield from shaped(found.capture, CostAlarm, partial(_budget, found.capture, about, record, told))


def _telling(answer: Record) -> frozenset[str]:
    budgets = items(answer, "BudgetNotificationsForAccount")
    return frozenset(text(each, "BudgetName") for each in budgets if items(each, "Notifications"))


def _budget(capture: Capture, about: Capture, record: Record, told: Any) -> CostAlarm:
    name, account = text(record, "BudgetName"), capture.target.account
    return CostAlarm(
        key=f"{account}/budget/{name}",
        subject=Subject("aws", account, GLOBAL, "budget", name, name),
        sources=sources(capture, about),
        account=account,
        kind="budget",
        name=name,
        told=_among(name, told),
    )


def _among(name: str, told: Any) -> Any:
    return told if isinstance(told, Gap) else name in told


def _monitors(captures: Captures, found: Listing) -> Iterator[Row | Hole]:
    about = captures.about("ce:GetAnomalySubscriptions", found.capture.target)
    yield from found.holes(CostAlarm, about=_account(found.capture))
    told: Any = about.read(_subscribed)
    for record in found.records:
        yield from shaped(found.capture, CostAlarm, partial(_monitor, found.capture, about, record, told))


def _subscribed(answer: Record) -> frozenset[str]:
    """The monitors of which somebody is told who did not decline."""
    return frozenset(
        str(arn)
        for each in answer["AnomalySubscriptions"]
        if any(whom.get("Status") != "DECLINED" for whom in items(each, "Subscribers"))
        for arn in items(each, "MonitorArnList")
    )


def _monitor(capture: Capture, about: Capture, record: Record, told: Any) -> CostAlarm:
    arn, name, account = text(record, "MonitorArn"), text(record, "MonitorName"), capture.target.account
    return CostAlarm(
        key=arn,
        subject=Subject("aws", account, GLOBAL, "cost-monitor", arn, name),
        sources=sources(capture, about),
        account=account,
        kind="cost anomaly monitor",
        name=name,
        told=_among(arn, told),
    )
