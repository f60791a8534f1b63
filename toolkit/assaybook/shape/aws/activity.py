"""How often functions were invoked and how much they logged, out of the metrics that were asked for in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ...capture import GLOBAL, Capture, Captures, Target
from ...evidence import Gap, Hole, Row
from ...tables.functions import FunctionActivity
from ..records import MALFORMED, Listing, Record, listing, loose_items, loose_part, part, shaped, text
from .functions import Function, plain_arn
from .settings import about, listed_holes

INVOCATIONS, LOG_EVENTS = "cloudwatch:GetMetricData/invocations", "cloudwatch:GetMetricData/log-events"
WEEK = timedelta(days=7)
# Where functions that run at the edge are kept. Source: Amazon CloudFront Developer Guide, "Restrictions on Lambda@Edge".
EDGE_REGION = "us-east-1"
WHOLE = ("Complete", "PartialData")


@dataclass
class Series:
    """One metric of one thing: its sum, the start of the last period in which it was not zero, and the gap if CloudWatch did not give it."""

    total: int = 0
    last: datetime | None = None
    status: str = ""
    capture: Capture | None = None

    def add(self, record: Record) -> None:
        """Take in a part of the series. Raises one of MALFORMED for a record of another shape."""
        values, times = record["Values"], record["Timestamps"]
        for value, at in zip(values, times, strict=True):
            self.total += round(float(value))
            moment = datetime.fromisoformat(at).astimezone(UTC)
            if value > 0 and (self.last is None or moment > self.last):
                self.last = moment
        self.status = text(record, "StatusCode")


@dataclass
class Metric:
    """One metric of all things of a target, by the label with which it was asked for."""

    captures: tuple[Capture, ...]
    unmade: Capture
    series: dict[str, Series] = field(default_factory=dict)
    gap: Gap | None = None

    def read(self, label: str, take: Any) -> Any:
        """What `take` finds in the series of a thing, or the gap."""
        found = self.series.get(label)
        if found is None or found.capture is None:
            return self.gap or self.unmade.gap()
        if found.status not in WHOLE:
            return found.capture.unexpected(f"the series of {label} is {found.status or 'without a status'}")
        return take(found)

    def capture(self, label: str) -> Capture:
        """The capture that holds a series, or the first one where none does."""
        found = self.series.get(label)
        return (found.capture if found else None) or self.captures[0]


def metric(captures: Captures, call: str, target: Target) -> Metric:
    """A metric of a target, out of however many requests it took."""
    unmade = captures.unmade(call, target)
    asked = captures.of(call, target) or (unmade,)
    made = Metric(asked, unmade)
    for capture in asked:
        try:
            labels = {text(each, "Id"): text(each, "Label") for each in capture.params.get("MetricDataQueries", ())}
        except MALFORMED as problem:
            made.gap = made.gap or capture.unexpected(f"{type(problem).__name__} {problem}")
            continue
        found = listing(capture)
        made.gap = made.gap or found.gap
        _take(made, capture, labels, found)
    return made


def _take(made: Metric, capture: Capture, labels: Mapping[str, str], found: Listing) -> None:
    seen: defaultdict[str, Series] = defaultdict(Series)
    for record in found.records:
        try:
            seen[labels[text(record, "Id")]].add(record)
        except MALFORMED as problem:
            made.gap = made.gap or capture.unexpected(f"{type(problem).__name__} {problem}")
    for label, series in seen.items():
        series.capture = capture
        made.series.setdefault(label, series)


def shape_activity(found: Listing, whole: tuple[Function, ...], captures: Captures) -> Iterator[Row | Hole]:
    """FunctionActivity rows of a target."""
    yield from listed_holes(found, whole, FunctionActivity)
    target = found.capture.target
    invoked, logged = metric(captures, INVOCATIONS, target), metric(captures, LOG_EVENTS, target)
    edge = _at_edge(captures, target)
    for function in whole:
        at_edge: Any = edge if isinstance(edge, Gap) else function.arn in edge
        make = partial(_activity, function, invoked, logged, at_edge)
        yield from shaped(function.capture, FunctionActivity, make, function.subject)


def _at_edge(captures: Captures, target: Target) -> frozenset[str] | Gap:
    """The functions of a region that distributions run, by ARN; or the gap. Only those of one region can be."""
    if target.region != EDGE_REGION:
        return frozenset()
    found = listing(captures.about("cloudfront:ListDistributions", replace(target, region=GLOBAL)))
    if found.gap is not None:
        return found.gap
    behaviors = [
        behavior
        for each in found.records
        for behavior in (each.get("DefaultCacheBehavior"), *loose_items(loose_part(each, "CacheBehaviors"), "Items"))
        if isinstance(behavior, Mapping)
    ]
    return frozenset(
        plain_arn(str(each.get("LambdaFunctionARN", "")))
        for behavior in behaviors
        for each in loose_items(loose_part(behavior, "LambdaFunctionAssociations"), "Items")
        if isinstance(each, Mapping)
    )


def _activity(function: Function, invoked: Metric, logged: Metric, at_edge: bool) -> FunctionActivity:
    group = text(part(function.record, "LoggingConfig"), "LogGroup", f"/aws/lambda/{function.name}")
    source = invoked.capture(function.name)
    since, until = _bound(source, "StartTime"), _bound(source, "EndTime")
    changed: Any = function.capture.not_told(function.record, "LastModified") or _changed(function)
    existed: Any = since if isinstance(since, Gap) else _published_before(function, since)
    return FunctionActivity(
        **about(function, source, logged.capture(group)),
        role=text(function.record, "Role"),
        log_group=group,
        since=since,
        until=until,
        invocations=invoked.read(function.name, lambda series: series.total),
        last_invoked=invoked.read(function.name, _end),
        log_events=logged.read(group, lambda series: series.total),
        existed=existed,
        changed=changed,
        at_edge=at_edge,
    )


def _end(series: Series) -> datetime | None:
    return series.last + WEEK if series.last else None


def _bound(capture: Capture, name: str) -> Any:
    """A bound of the window that was asked for."""
    gap = capture.gap()
    if gap is not None:
        return gap
    try:
        return datetime.fromisoformat(text(capture.params, name)).astimezone(UTC)
    except MALFORMED as problem:
        return capture.unexpected(f"{name}: {problem}")


def _published_before(function: Function, since: datetime) -> bool:
    return any(_time(text(each, "LastModified")) < since for each in function.published.values())


def _changed(function: Function) -> datetime:
    return _time(text(function.record, "LastModified"))


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)
