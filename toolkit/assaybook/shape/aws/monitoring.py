"""Log groups and alarms of AWS to rows, and how long log groups keep what they hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from ...capture import Capture, Captures
from ...evidence import Hole, Row, Setting
from ...model import Subject
from ...tables.monitoring import Alarm, EvidenceStore, LogGroup, Metric
from ..records import Listing, Record, items, listing, part, shaped, text
from ..tags import TagWords
from .resources import Tagging, Thing, arn_of, sources

# Groups of this class keep events for a time that AWS sets. Source: Amazon CloudWatch Logs User Guide, "Log classes".
DELIVERY = "DELIVERY"
# Source: Amazon CloudWatch User Guide, "Metrics Insights query components and syntax".
_KEYWORDS = re.compile(r"\b(SELECT|FROM|WHERE|GROUP\s+BY|ORDER\s+BY|LIMIT)\b", re.IGNORECASE)
_FUNCTION = re.compile(r"\s*\w+\(\s*\"?([^\"()]+)\"?\s*\)\s*")
_SOURCE = re.compile(r"\s*(?:SCHEMA\(\s*)?\"?([\w/]+)\"?[^()]*\)?\s*", re.IGNORECASE)
_EQUALS = re.compile(r"\"?(\w+)\"?\s*=\s*'([^']*)'")


def shape_monitoring(captures: Captures, words: TagWords) -> Iterator[Row | Hole]:
    """LogGroup, EvidenceStore (of log groups) and Alarm rows."""
    tagging = Tagging(captures, words)
    for capture in captures.expect("logs:DescribeLogGroups", "aws"):
        found = listing(capture)
        yield from found.holes(LogGroup, EvidenceStore)
        for record in found.records:
            yield from shaped(capture, LogGroup, partial(_log_group, capture, record, tagging))
            yield from shaped(capture, EvidenceStore, partial(_kept_logs, capture, record, tagging))
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


def _log_group(capture: Capture, record: Record, tagging: Tagging) -> LogGroup:
    thing = _group(capture, record, tagging)
    return LogGroup(
        **thing.row,
        name=thing.name,
        retention_days=_days(record),
        log_class=text(record, "logGroupClass", "STANDARD"),
        key_id=text(record, "kmsKeyId", ""),
    )


def _kept_logs(capture: Capture, record: Record, tagging: Tagging) -> EvidenceStore:
    thing, days = _group(capture, record, tagging), _days(record)
    return EvidenceStore(
        **thing.row,
        kind="log group",
        name=thing.name,
        retention_days=days,
        because="no retention is set" if days is None else f"its retention is {days} days",
        searchable_days=None,
        archived_to="",
        fixed_by_provider=record.get("logGroupClass") == DELIVERY,
    )


def _alarms(capture: Capture) -> Iterator[Row | Hole]:
    single, composite = listing(capture), _composites(capture)
    yield from single.holes(Alarm)
    for record in single.records:
        yield from shaped(capture, Alarm, partial(_alarm, capture, record, False))
    if single.gap is None:
        yield from composite.holes(Alarm)
        for record in composite.records:
            yield from shaped(capture, Alarm, partial(_alarm, capture, record, True))


def _composites(capture: Capture) -> Listing:
    """Composite alarms, which an answer without any may leave out."""
    return listing(capture, "CompositeAlarms") if "CompositeAlarms" in capture.answer else Listing(capture, ())


def _alarm(capture: Capture, record: Record, composite: bool) -> Alarm:
    name, target = text(record, "AlarmName"), capture.target
    arn = arn_of(target, "cloudwatch", f"alarm:{name}")
    return Alarm(
        key=arn,
        subject=Subject("aws", target.account, target.region, "alarm", arn, name),
        sources=sources(capture),
        setting=Setting(),
        name=name,
        composite=composite,
        metrics=() if composite else tuple(_metrics(record)),
        acts=bool(record.get("ActionsEnabled", True)) and bool(items(record, "AlarmActions")),
    )


def _metrics(record: Record) -> Iterator[Metric]:
    """The metrics that an alarm looks at: its own, those of an expression, or those of a query over many."""
    if record.get("MetricName"):
        yield _metric(record)
    for entry in items(record, "Metrics"):
        account = text(entry, "AccountId", "")
        statistic = part(entry, "MetricStat")
        if statistic:
            yield _metric(part(statistic, "Metric"), account)
        elif text(entry, "Expression", "").lstrip()[:6].upper() == "SELECT":
            yield from _queried(text(entry, "Expression"), account)


def _metric(record: Record, account: str = "") -> Metric:
    dimensions = sorted((text(each, "Name"), text(each, "Value")) for each in items(record, "Dimensions"))
    return Metric(text(record, "Namespace"), text(record, "MetricName"), tuple(dimensions), account)


def _queried(query: str, account: str) -> Iterator[Metric]:
    """The metric of a Metrics Insights query. One that filters in a way that is not understood watches nothing that could be relied on."""
    _, *parts = _KEYWORDS.split(query)
    clauses = {name.upper().split()[0]: body for name, body in zip(parts[::2], parts[1::2], strict=True)}
    metric, source = _FUNCTION.fullmatch(clauses.get("SELECT", "")), _SOURCE.fullmatch(clauses.get("FROM", ""))
    where = clauses.get("WHERE", "")
    rest = re.sub(r"\bAND\b", "", _EQUALS.sub("", where), flags=re.IGNORECASE)
    if metric and source and not rest.strip():
        yield Metric(source[1], metric[1].strip(), tuple(sorted(_EQUALS.findall(where))), account)
