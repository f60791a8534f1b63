"""Area D: alarms, failed events, logs and trails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..check import check
from ..model import Verdict, fail, na, ok, review
from ..policy.truth import Truth
from ..tables.compute import Delivery, Workload
from ..tables.monitoring import AlarmMetric, EventDataStore, LogGroup, Trail
from ..tables.scope import Region
from ..watched import Watched
from .trail_events import records_invocations, records_management

LAMBDA, SQS = "AWS/Lambda", "AWS/SQS"
# What shows that events are lost or late, by the path on which they come.
# Source: AWS Lambda Developer Guide, "Types of metrics for Lambda functions".
SIGNALS = {
    "asynchronous": ("DeadLetterErrors", "DestinationDeliveryFailures", "AsyncEventAge", "AsyncEventsDropped"),
    "stream": ("IteratorAge", "OffsetLag"),
}
QUEUE_AGE = "ApproximateAgeOfOldestMessage"
DELIVERY = "DELIVERY"


@check("critical-workload-without-alarm", over=Workload)
def critical_workload_without_alarm(workload: Workload, evidence: Watched) -> Verdict:
    """A critical function raises an alarm when it fails, is throttled or falls behind."""
    account = workload.subject.account
    if not workload.critical:
        if evidence.any(Workload, account=account, critical=True) is not None:
            return na(f"{workload.name} is not tagged critical, and other functions of the account are")
        if workload.production is False:
            return na(f"{workload.name} is tagged as not production, and no function of the account is tagged critical")
    missing = [name for name in ("Errors", "Throttles") if not _watched(workload, (name,), evidence)]
    missing += _unwatched_paths(workload, evidence)
    if not missing:
        return ok(f"alarms watch errors and throttles of {workload.name}, and how its events arrive")
    monitor = evidence.parameter("declared_monitor")
    if monitor:
        return ok(
            f"{workload.name} is watched by {monitor}, as the configuration declares; no alarm of its own watches {_listed(missing)}"
        )
    why = "is critical" if workload.critical else "counts as critical, since no function of the account is tagged so"
    return fail(f"{workload.name} {why}, and no alarm watches {_listed(missing)}")


def _watched(workload: Workload, metrics: tuple[str, ...], evidence: Watched) -> bool:
    """Whether an alarm watches one of these metrics of the function, or of all functions together."""
    account, region = workload.subject.account, workload.subject.region
    return any(_alarmed(f"{LAMBDA} {metric}", workload.name, account, region, evidence) for metric in metrics)


def _alarmed(metric: str, thing: str, account: str, region: str, evidence: Watched) -> bool:
    """Whether an alarm watches a metric of a thing; one on all things of the account counts for each."""
    return any(
        evidence.any(AlarmMetric, region=region, watches=f"{metric} {each}", account_watched=account) is not None
        for each in (thing, "*")
    )


def _unwatched_paths(workload: Workload, evidence: Watched) -> list[str]:
    missing: list[str] = []
    subject = workload.subject
    for delivery in evidence.all(Delivery, workload=workload.key, account=subject.account, region=subject.region):
        if not delivery.active:
            continue
        if delivery.path in SIGNALS and not _watched(workload, SIGNALS[delivery.path], evidence):
            missing.append(" or ".join(SIGNALS[delivery.path][:3]))
        if delivery.path == "queue" and not _age_watched(delivery, evidence):
            missing.append(f"{QUEUE_AGE} of {_named(delivery.source)}")
    return list(dict.fromkeys(missing))


def _age_watched(delivery: Delivery, evidence: Watched) -> bool:
    _, _, _, region, account, name = delivery.source.split(":", 5)
    return _alarmed(f"{SQS} {QUEUE_AGE}", name, account, region, evidence)


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _named(source: str) -> str:
    """An event source in words: its ARN says what it is; other texts stay as they are."""
    parts = source.split(":", 5)
    if len(parts) < 6:
        return source
    if parts[2] == "mq":
        # The resource reads broker:NAME:ID.
        return f"the broker {parts[5].removeprefix('broker:').partition(':')[0]}"
    names = parts[5].split("/")
    kinds = {"sqs": "the queue", "sns": "the topic", "kinesis": "the stream", "dynamodb": "the table"}
    return f"{kinds.get(parts[2], parts[2])} {names[1] if len(names) > 1 else names[0]}"


@check("failed-events-lost", over=Delivery)
def failed_events_lost(delivery: Delivery, evidence: Watched) -> Verdict:
    """An event that a function could not process goes to a place from which it can be replayed."""
    name, source = str(delivery.subject), _named(delivery.source)
    if not delivery.active:
        return na(f"the way from {source} to {name} is switched off")
    if delivery.path == "broker":
        return review(f"{source} itself keeps or drops what {name} could not process; its settings were not read")
    lost = _LOST[delivery.path]
    events = lost.events.format(name=name, source=source)
    if not delivery.failure_destination:
        return fail(f"{events} are lost{lost.because}")
    if not delivery.retries_bounded:
        return fail(
            f"{name} tries a bad record of {source} until it expires, since the mapping bounds neither tries nor age; "
            "until then nothing behind it is processed"
        )
    return ok(f"{events} go to {_named(delivery.failure_destination)}")


@dataclass(frozen=True, slots=True)
class _Lost:
    """Which events a path may lose, and why it loses them."""

    events: str
    because: str


_LOST = {
    "asynchronous": _Lost(
        "events from {source} that {name} fails on",
        " after the last try: the function has neither a failure destination nor a dead-letter queue",
    ),
    "queue": _Lost("messages of {source} that {name} fails on", " when they expire: the queue has no redrive policy"),
    "stream": _Lost("records of {source} that {name} fails on", ": the mapping has no failure destination"),
    "rule": _Lost("events that {source} cannot hand to {name}", ": the rule's target has no dead-letter queue"),
    "schedule": _Lost("events that {source} cannot hand to {name}", ": the schedule has no dead-letter queue"),
    "pipe": _Lost(
        "records that {source} cannot hand to {name}",
        ": neither the pipe nor the queue that it reads has a dead-letter queue",
    ),
    "subscription": _Lost(
        "messages that {source} cannot hand to {name}", ": the subscription has no dead-letter queue"
    ),
}


@check("log-retention-outside-limits", over=LogGroup)
def log_retention_outside_limits(group: LogGroup, evidence: Watched) -> Verdict:
    """A log group keeps its events for the set time, and not longer than allowed."""
    if group.log_class == DELIVERY:
        return na(f"AWS sets how long {group.name} keeps events, since its class is {DELIVERY}")
    shortest, longest = evidence.parameter("log_retention_min_days"), evidence.parameter("log_retention_max_days")
    if group.retention_days is None:
        if longest is not None:
            return fail(f"{group.name} keeps events without end; at most {longest} days are allowed")
        return ok(
            f"{group.name} keeps events without end, which meets the minimum of {shortest} days and costs more with each year"
        )
    if group.retention_days < shortest and group.sent_to:
        return review(
            f"{group.name} keeps events for {group.retention_days} days and sends all of them to {group.sent_to}; "
            f"whether they are kept there for {shortest} days is not known"
        )
    if group.retention_days < shortest:
        return fail(f"{group.name} keeps events for {group.retention_days} days; at least {shortest} are demanded")
    if longest is not None and group.retention_days > longest:
        return fail(f"{group.name} keeps events for {group.retention_days} days; at most {longest} are allowed")
    return ok(f"{group.name} keeps events for {group.retention_days} days")


@check("no-active-audit-trail", over=Region)
def no_active_audit_trail(region: Region, evidence: Watched) -> Verdict:
    """A trail of all regions or of the organisation records what happens in the account, without gaps and with digests."""
    where = f"{region.region} of account {region.account}"
    account, name = region.account, region.region
    # The account may have other trails; what is wrong with all that a template declares can be said all the same.
    written = [each for each in evidence.seen(Trail, account=account, region=name)[0] if each.where]
    wrong = [f"{each.name} {fault}" for each in written if (fault := next(_shortcomings(each), ""))]
    if wrong and len(wrong) == len(written):
        return review(
            f"the trail {'; the trail '.join(wrong)}; whether another records {where}, only the account tells"
        )
    good = evidence.any(Trail, lambda trail: next(_shortcomings(trail), "") == "", account=account, region=name)
    if good is not None:
        return ok(f"the trail {good.name} records {where}")
    trails = evidence.all(Trail, account=account, region=name)
    perhaps = next((each for each in trails if next(_shortcomings(each, sure=True), "") == ""), None)
    if perhaps is not None:
        return review(
            f"whether the trail {perhaps.name} records all changes in {where} hangs on fields of its selectors that narrow them"
        )
    if not trails:
        return fail(f"no trail records {where}")
    said = "; ".join(f"{each.name} {next(_shortcomings(each))}" for each in trails)
    return fail(f"no trail records {where} as it should: {said}")


def _shortcomings(trail: Trail, *, sure: bool = False) -> Iterator[str]:
    """What keeps a trail from being the account's audit trail, one by one: the first decides, whether or not the rest could be read.

    `sure` leaves out what cannot be told.
    """
    if not trail.logging:
        yield "exists but is not logging"
    if not (trail.all_regions or trail.organisation):
        yield f"covers only {trail.home_region}"
    if not trail.log_file_validation:
        yield "makes no digests of its log files"
    if trail.delivery_error:
        yield f"could not deliver ({trail.delivery_error})"
    manages = records_management(trail.selectors)
    if manages is Truth.FALSE or (manages is Truth.UNKNOWN and not sure):
        yield "does not record all management events"


@check("critical-workload-without-data-events", over=Workload)
def critical_workload_without_data_events(workload: Workload, evidence: Watched) -> Verdict:
    """A trail or event data store records who invoked each critical function."""
    if not workload.critical:
        return na(f"{workload.name} is not tagged critical, and data events cost")
    account, region = workload.subject.account, workload.subject.region

    def by_trail(answer: Truth) -> Trail | None:
        return evidence.any(
            Trail,
            lambda each: each.logging and records_invocations(each.selectors, workload.key) is answer,
            account=account,
            region=region,
        )

    def by_store(answer: Truth) -> EventDataStore | None:
        return evidence.any(
            EventDataStore,
            lambda each: (
                each.status == "ENABLED"
                and (each.all_regions or each.subject.region == region)
                and records_invocations(each.selectors, workload.key) is answer
            ),
            account=account,
        )

    sure = by_trail(Truth.TRUE) or by_store(Truth.TRUE)
    if sure is not None:
        return ok(f"invocations of {workload.name} are recorded by {sure.name}")
    perhaps = by_trail(Truth.UNKNOWN) or by_store(Truth.UNKNOWN)
    if perhaps is not None:
        return review(f"{perhaps.name} records some invocations of {workload.name}: its selectors narrow them further")
    return fail(f"{workload.name} is critical, and no trail that is logging records who invokes it")
