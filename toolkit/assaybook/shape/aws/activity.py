"""How often functions were invoked and how much they logged, out of the metrics that were asked for in batches."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from ...capture import Capture, Captures, Target, not_collected
from ...evidence import Gap, Hole, Row
from ...tables.functions import FunctionActivity
from ..records import MALFORMED, Listing, Record, listing, part, shaped, text
from .functions import Function
from .settings import about, listed_holes

INVOCATIONS, LOG_EVENTS = "cloudwatch:GetMetricData/invocations", "cloudwatch:GetMetricData/log-events"
WEEK = timedelta(days=7)
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
    series: dict[str, Series] = field(default_factory=dict)
    gap: Gap | None = None

    def read(self, label: str, take: Any) -> Any:
        """What `take` finds in the series of a thing, or the gap."""
        found = self.series.get(label)
        if found is None or found.capture is None:
            return self.gap or not_collected(self.captures[0].call, self.captures[0].target).gap()
        if found.status not in WHOLE:
            return found.capture.unexpected(f"the series of {label} is {found.status or 'without a status'}")
        return take(found)

    def capture(self, label: str) -> Capture:
        """The capture that holds a series, or the first one where none does."""
        found = self.series.get(label)
        return (found.capture if found else None) or self.captures[0]


def metric(captures: Captures, call: str, target: Target) -> Metric:
    """A metric of a target, out of however many requests it took."""
    asked = captures.of(call, target) or (captures.unmade(call, target),)
    made = Metric(asked)
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
    for function in whole:
        make = partial(_activity, function, invoked, logged)
        yield from shaped(function.capture, FunctionActivity, make, function.subject)


def _activity(function: Function, invoked: Metric, logged: Metric) -> FunctionActivity:
    group = text(part(function.record, "LoggingConfig"), "LogGroup", f"/aws/lambda/{function.name}")
    source = invoked.capture(function.name)
    since, until = _bound(source, "StartTime"), _bound(source, "EndTime")
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
        changed=_time(text(function.record, "LastModified")),
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


def _time(said: str) -> datetime:
    return datetime.fromisoformat(said).astimezone(UTC)
