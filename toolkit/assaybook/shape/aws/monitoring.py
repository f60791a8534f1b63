"""Log groups and alarms of AWS to rows, and how long log groups keep what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial

from ...capture import Capture, Captures
from ...evidence import Hole, Row, Setting
from ...model import Subject
from ...tables.monitoring import Alarm, AlarmMetric, EvidenceStore, LogGroup
from ..records import MALFORMED, Listing, Record, hole, items, listing, part, place, shaped, text
from ..tags import TagWords
from .forwarding import surely_sent
from .resources import Tagging, Thing, arn_of, sources

# Groups of this class keep events for a time that AWS sets. Source: Amazon CloudWatch Logs User Guide, "Log classes".
DELIVERY = "DELIVERY"
EVERYTHING = "*"
# Source: Amazon CloudWatch User Guide, "Metrics Insights query components and syntax".
_KEYWORDS = re.compile(r"\b(SELECT|FROM|WHERE|GROUP\s+BY|ORDER\s+BY|LIMIT)\b", re.IGNORECASE)
_FUNCTION = re.compile(r"\s*\w+\(\s*\"?([^\"()]+)\"?\s*\)\s*")
_SOURCE = re.compile(r"\s*(?:SCHEMA\(\s*)?\"?([\w/]+)\"?[^()]*\)?\s*", re.IGNORECASE)
# Source: Amazon CloudWatch API Reference, "PutCompositeAlarm" (AlarmRule).
_IN_RULE = re.compile(r"\b(?:ALARM|OK|INSUFFICIENT_DATA)\s*\(([^)]*)\)")
_EQUALS = re.compile(r"\"?(\w+)\"?\s*=\s*'([^']*)'")


def shape_monitoring(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """LogGroup, EvidenceStore (of log groups), Alarm and AlarmMetric rows."""
    tagging = Tagging(captures, words)
    for capture in captures.expect("logs:DescribeLogGroups", "aws"):
        found = listing(capture)
        yield from found.holes(LogGroup, EvidenceStore)
        for record in found.records:
            yield from shaped(capture, LogGroup, partial(_log_group, captures, capture, record, tagging))
            yield from shaped(capture, EvidenceStore, partial(_kept_logs, captures, capture, record, tagging))
    for capture in captures.expect("cloudwatch:DescribeAlarms", "aws"):
        yield from _alarms(capture)


def _group(capture: Capture, record: Record, tagging: Tagging) -> Thing:
    name = text(record, "logGroupName")
    arn = arn_of(capture.target, "logs", f"log-group:{name}")
    tags = tagging.of(capture.target, arn)
    return Thing("log group", arn, name, capture.target, sources(capture), tags, tagging.words)


def _days(record: Record) -> int | None:
    days = record.get("retentionInDays")
    if days is not None and (not isinstance(days, int) or isinstance(days, bool)):
        raise TypeError(f"retentionInDays is a {type(days).__name__}")
    return days


def _log_group(captures: Captures, capture: Capture, record: Record, tagging: Tagging) -> LogGroup:
    thing = _group(capture, record, tagging)
    return LogGroup(
        **thing.row,
        name=thing.name,
        retention_days=_days(record),
        log_class=text(record, "logGroupClass", "STANDARD"),
        key_id=text(record, "kmsKeyId", ""),
        sent_to=surely_sent(captures, capture.target, thing.name),
    )


def _kept_logs(captures: Captures, capture: Capture, record: Record, tagging: Tagging) -> EvidenceStore:
    thing, days = _group(capture, record, tagging), _days(record)
    return EvidenceStore(
        **thing.row,
        kind="log group",
        name=thing.name,
        retention_days=days,
        sent_to=surely_sent(captures, capture.target, thing.name),
        because="no retention is set" if days is None else f"its retention is {days} days",
        searchable_days=None,
        archived_to="",
        fixed_by_provider=record.get("logGroupClass") == DELIVERY,
    )


def _alarms(capture: Capture) -> Iterator[Row | Hole]:
    single, composite = listing(capture), composites(capture)
    yield from single.holes(Alarm, AlarmMetric)
    for record in single.records:
        yield from shaped(capture, Alarm, partial(_alarm, capture, record, composite, False))
        yield from _watched(capture, record)
    if single.gap in (None, capture.rest()):
        yield from composite.holes(Alarm)
        for record in composite.records:
            yield from shaped(capture, Alarm, partial(_alarm, capture, record, composite, True))


def composites(capture: Capture) -> Listing:
    """Composite alarms, which an answer without any may leave out."""
    return listing(capture, "CompositeAlarms") if "CompositeAlarms" in capture.answer else Listing(capture, ())


def alarm_subject(capture: Capture, record: Record) -> Subject:
    """The subject of findings about an alarm; its native id is the key of the Alarm."""
    name, target = text(record, "AlarmName"), capture.target
    return Subject("aws", target.account, target.region, "alarm", arn_of(target, "cloudwatch", f"alarm:{name}"), name)


def _alarm(capture: Capture, record: Record, composites: Listing, composite: bool) -> Alarm:
    subject = alarm_subject(capture, record)
    return Alarm(
        key=subject.native,
        subject=subject,
        sources=sources(capture),
        setting=Setting(),
        name=subject.name,
        composite=composite,
        acts=bool(record.get("ActionsEnabled", True)) and bool(items(record, "AlarmActions")),
        enabled=bool(record.get("ActionsEnabled", True)),
        part_of=tuple(sorted(text(each, "AlarmName") for each in composites.records if refers_to(each, subject))),
    )


def refers_to(composite: Record, subject: Subject) -> bool:
    """Whether the rule of a composite alarm names an alarm, by its name or ARN, quoted or not."""
    named = {each.strip().strip("\"'") for each in _IN_RULE.findall(text(composite, "AlarmRule", ""))}
    return bool(named & {subject.name, subject.native})


def _watched(capture: Capture, record: Record) -> Iterator[Row | Hole]:
    try:
        subject = alarm_subject(capture, record)
        found = sorted(set(_metrics(record, capture.target.account)))
    except MALFORMED as problem:
        yield hole(AlarmMetric, capture.unexpected(f"{type(problem).__name__} {problem}"), place(capture.target))
        return
    for account, watches in found:
        yield AlarmMetric(
            key=f"{subject.native}/{account}/{watches}",
            subject=subject,
            sources=sources(capture),
            alarm=subject.name,
            watches=watches,
            account_watched=account,
        )


def _metrics(record: Record, account: str) -> Iterator[tuple[str, str]]:
    """Account and name of each metric that an alarm looks at: its own, those of an expression, or those of a query over many."""
    if record.get("MetricName"):
        yield account, _watches(record)
    for entry in items(record, "Metrics"):
        whose = text(entry, "AccountId", account)
        statistic = part(entry, "MetricStat")
        query = text(entry, "Expression", "")
        if statistic:
            yield whose, _watches(part(statistic, "Metric"))
        elif query.lstrip()[:6].upper() == "SELECT":
            yield from ((whose, watches) for watches in _queried(query))


def _watches(metric: Record) -> str:
    dimensions = {text(each, "Name"): text(each, "Value") for each in items(metric, "Dimensions")}
    return _name(text(metric, "Namespace"), text(metric, "MetricName"), dimensions)


def _name(space: str, metric: str, dimensions: Mapping[str, str]) -> str:
    things = [dimensions[name] for name in ("FunctionName", "QueueName") if name in dimensions]
    others = [f"{name}={value}" for name, value in sorted(dimensions.items())]
    return f"{space} {metric} {(things or [','.join(others)])[0] or EVERYTHING}"


def _queried(query: str) -> Iterator[str]:
    """The metric of a Metrics Insights query. One that filters in a way that is not understood watches nothing that could be relied on."""
    _, *parts = _KEYWORDS.split(query)
    clauses = {name.upper().split()[0]: body for name, body in zip(parts[::2], parts[1::2], strict=True)}
    metric, source = _FUNCTION.fullmatch(clauses.get("SELECT", "")), _SOURCE.fullmatch(clauses.get("FROM", ""))
    where = clauses.get("WHERE", "")
    rest = re.sub(r"\bAND\b", "", _EQUALS.sub("", where), flags=re.IGNORECASE)
    if metric and source and not rest.strip():
        yield _name(source[1], metric[1].strip(), dict(_EQUALS.findall(where)))
